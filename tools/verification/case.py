"""A published case with a known answer, and what the kit makes of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """A published case, computed again.

    Parameters
    ----------
    subject : str
        The part of the kit, the heading of its table.
    name : str
        What is computed.
    source : str
        Where the answer was published, or how it follows by hand.
    expected : tuple of float
        The published values.
    computed : tuple of float
        The kit's values, in the same order.
    tolerance : float
        Largest difference that the rounding of the source explains.
    """

    subject: str
    name: str
    source: str
    expected: tuple[float, ...]
    computed: tuple[float, ...]
    tolerance: float

    @property
    def difference(self) -> float:
        """Return the largest difference; infinite where the values are not as many."""
        if len(self.expected) != len(self.computed):
            return float("inf")
        return max((abs(known - found) for known, found in zip(self.expected, self.computed, strict=True)), default=0.0)

    @property
    def holds(self) -> bool:
        """Return whether no value differs by more than the tolerance."""
        return self.difference <= self.tolerance
