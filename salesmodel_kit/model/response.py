"""Response: what one more call brings, as a curve that the room can draw.

Effort and sales are multiples of today's: ``x = 1`` and ``r = 1`` are today.
The curve may be S-shaped (little effort is wasted, enough effort pays).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from salesmodel_kit.errors import SalesModelError

#: Bounds of the exponent that a calibration may find; beyond 20 a curve is a step.
_SHAPES = (0.05, 20.0)


@dataclass(frozen=True)
class AdbudgCurve:
    """Sales as a function of effort, both as multiples of today's.

    ``r(x) = low + (high - low) x^shape / (d + x^shape)`` with
    ``d = (high - 1) / (1 - low)``, so that ``r(1) = 1``.

    Parameters
    ----------
    low : float
        Sales without any effort, 0 to below 1.
    high : float
        Sales with as much effort as one could, above 1.
    shape : float
        Exponent, > 0; above 1 the curve is S-shaped.

    Raises
    ------
    SalesModelError
        ``low`` not below 1, ``high`` not above 1, or ``shape`` not above 0.

    Notes
    -----
    Source: Little (1970), ADBUDG; Lodish (1971), CALLPLAN. Assumes that the effect
    comes within the year and that accounts respond apart from each other.

    Examples
    --------
    >>> curve = AdbudgCurve(low=0.5, high=1.5, shape=1.0)
    >>> [float(curve.find_sales(x)) for x in (0.0, 1.0, 3.0)]
    [0.5, 1.0, 1.25]
    """

    low: float
    high: float
    shape: float

    def __post_init__(self) -> None:
        if not (0 <= self.low < 1 < self.high < np.inf):
            raise SalesModelError(
                "Response: sales without effort ({low}) must lie below today's (1), sales with as much effort as one "
                "could ({high}) above; correct the answers.",
                low=self.low,
                high=self.high,
            )
        if not 0 < self.shape < np.inf:
            raise SalesModelError("Response: the shape is {shape}; it must be above 0.", shape=self.shape)

    @property
    def half_way(self) -> float:
        """Return d: the effort, to the power of ``shape``, that brings half of ``high - low``."""
        return (self.high - 1) / (1 - self.low)

    def find_sales(self, effort: ArrayLike) -> np.ndarray:
        """Return sales at this effort, both as multiples of today's.

        Parameters
        ----------
        effort : array_like
            0 or more; any shape.

        Returns
        -------
        ndarray
            Same shape, between ``low`` and ``high``.
        """
        power = np.asarray(effort, dtype=float) ** self.shape
        with np.errstate(invalid="ignore"):
            part = np.where(np.isinf(power), 1.0, power / (self.half_way + power))
        return self.low + (self.high - self.low) * part

    def find_slope(self, effort: ArrayLike) -> np.ndarray:
        """Return what the next unit of effort brings, in multiples of today's sales per multiple of today's effort.

        Parameters
        ----------
        effort : array_like
            Above 0 (at 0 the slope is infinite where ``shape`` is below 1); any shape.

        Returns
        -------
        ndarray
            Same shape, 0 or more.
        """
        effort = np.asarray(effort, dtype=float)
        with np.errstate(divide="ignore", invalid="ignore"):
            rise = self.shape * self.half_way * effort ** (self.shape - 1)
            return (self.high - self.low) * rise / (self.half_way + effort**self.shape) ** 2


def calibrate_curve(*, nothing: float, half: float, half_more: float, most: float) -> AdbudgCurve:
    """Return the curve through the room's answers, today being 1.

    ``nothing`` and ``most`` are taken as they are; the shape fits ``half`` and
    ``half_more`` by least squares.

    Parameters
    ----------
    nothing, half, half_more, most : float
        Sales as multiples of today's with no effort, half of today's, half more, and
        as much as one could.

    Returns
    -------
    AdbudgCurve
        With the exponent between 0.05 and 20.

    Raises
    ------
    SalesModelError
        The answers fall somewhere, or are not numbers.

    Notes
    -----
    Source: Little (1970); Lodish (1971). The fit is the mean of two errors: with four
    answers and one exponent the curve need not pass through ``half`` and ``half_more``.

    Examples
    --------
    >>> curve = calibrate_curve(nothing=0.5, half=0.8333333, half_more=1.1, most=1.5)
    >>> round(curve.shape, 2)
    1.0
    """
    answers = {"nothing": nothing, "half": half, "today": 1.0, "half more": half_more, "as much as one could": most}
    names, levels = list(answers), np.array(list(answers.values()), dtype=float)
    if not np.isfinite(levels).all():
        raise SalesModelError(
            "Response: the answer to {question} is not a number; enter sales as a multiple of today's.",
            question=names[int(np.argmin(np.isfinite(levels)))],
        )
    falls = np.flatnonzero(np.diff(levels) < 0)
    if len(falls):
        raise SalesModelError(
            "Response: sales fall from {before} ({low}) to {after} ({high}); more effort cannot bring less, correct "
            "one of the two answers.",
            before=names[falls[0]],
            low=levels[falls[0]],
            after=names[falls[0] + 1],
            high=levels[falls[0] + 1],
        )
    from scipy.optimize import minimize_scalar

    AdbudgCurve(nothing, most, 1.0)

    def measure_error(log_shape: float) -> float:
        curve = AdbudgCurve(nothing, most, float(np.exp(log_shape)))
        return float(((curve.find_sales([0.5, 1.5]) - [half, half_more]) ** 2).sum())

    grid = np.linspace(*np.log(_SHAPES), 61)
    best = int(np.argmin([measure_error(place) for place in grid]))
    bounds = grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)]
    found = minimize_scalar(measure_error, bounds=bounds, method="bounded", options={"xatol": 1e-9})
    return AdbudgCurve(nothing, most, float(np.exp(found.x)))
