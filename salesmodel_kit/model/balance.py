"""How even hours have to be: within a tolerance of an equal load, and not at all below a low load."""

from __future__ import annotations

import numpy as np


def widen_tolerance(role: str, tolerance: float, *, hours: float, capacity: float, balance_from: float) -> float:
    """Return the tolerance of a team: as it is, or as wide as a low load leaves it.

    ``max(tolerance, balance_from x capacity / hours - 1)``: no rep is too full for the balance
    before the share ``balance_from`` of the own hours is planned, and as much is allowed below an
    equal load as above it. A team that is as full as that keeps to the tolerance itself, and so
    does who does not drive: a far account costs nothing there.

    Parameters
    ----------
    role : str
        Of the team; only ``field`` drives.
    tolerance : float
        Deviation from an equal load, 0-1.
    hours : float
        Planned for all accounts of the team, >= 0.
    capacity : float
        Hours of the team, >= 0.
    balance_from : float
        Share of a rep's hours from which balance counts, 0-1; 0: always.

    Returns
    -------
    float
        ``tolerance`` at least; itself where no hours are planned.

    Examples
    --------
    >>> widen_tolerance("field", 0.1, hours=800.0, capacity=1000.0, balance_from=0.5)
    0.1
    >>> widen_tolerance("field", 0.1, hours=100.0, capacity=1000.0, balance_from=0.5)
    4.0
    """
    if role != "field" or not (np.isfinite(hours) and hours > 0):
        return tolerance
    return max(tolerance, balance_from * capacity / hours - 1)
