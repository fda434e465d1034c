"""What the calls of one salesperson are laid out on: the weeks, what is due, and what stands where so far."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

_TINY = 1e-9


@dataclass(frozen=True)
class Week:
    """What the weeks of one rep hold.

    Parameters
    ----------
    days : ndarray (n_weeks,)
        Working days.
    hours : ndarray (n_weeks,)
        Hours that calls may take, tolerance included.
    visits_a_journey : float
        Visits that share a journey to an area at most; one more journey begins with the next.
    pace : ndarray (n_weeks,), optional
        Share of the year's calls that falls due in each week, in working days; None: the working days.
    """

    days: np.ndarray
    hours: np.ndarray
    visits_a_journey: float
    pace: np.ndarray | None = None

    @property
    def elapsed(self) -> np.ndarray:
        """Return the working days, by the seasons' pace, before each week and at the end (n_weeks + 1,)."""
        return np.concatenate([[0.0], np.cumsum(self.days if self.pace is None else self.pace)])

    def find_week(self, at: np.ndarray) -> np.ndarray:
        """Return the week of moments in working days."""
        return np.minimum(np.searchsorted(self.elapsed[1:], at, side="right"), len(self.days) - 1)


@dataclass(frozen=True)
class Due:
    """What is due: one entry an account, in order of precedence.

    Parameters
    ----------
    n_calls : ndarray of int (n_accounts,)
        Calls to plan, >= 1.
    hours : ndarray (n_accounts,)
        Hours of one call, travel included.
    first : ndarray (n_accounts,)
        Moment of the first call in working days; missing: free.
    area : ndarray of int (n_accounts,)
        Area; -1: none, each call for itself.
    km : ndarray (n_accounts,)
        Kilometers of a journey to the area and back.
    held : tuple of (ndarray of int or None)
        Weeks of a former plan to keep to, as many as ``n_calls``; None: plan afresh.
    added : tuple of (ndarray of bool or None)
        Which of these weeks the former plan did not have.
    """

    n_calls: np.ndarray
    hours: np.ndarray
    first: np.ndarray
    area: np.ndarray
    km: np.ndarray
    held: tuple[np.ndarray | None, ...]
    added: tuple[np.ndarray | None, ...]


@dataclass
class Board:
    """Hours so far by week, and visits by area and week.

    Parameters
    ----------
    weeks : Week
        Of the rep.
    load : list of float (n_weeks,)
        Hours.
    area_load : list of list of float (n_areas, n_weeks)
        Visits.
    """

    weeks: Week
    load: list[float] = field(default_factory=list)
    area_load: list[list[float]] = field(default_factory=list)

    def add(self, week: int, hours: float, area: int) -> None:
        """Put in a call, or with negative hours take one out."""
        self.load[week] += hours
        if area >= 0:
            self.area_load[area][week] += math.copysign(1, hours)  # a call of 0 hours is taken out as -0.0

    def has_room(self, week: int, hours: float) -> bool:
        """Return whether the rep works in a week and has so many hours left in it."""
        return self.weeks.days[week] > 0 and self.load[week] + hours <= self.weeks.hours[week] + _TINY

    def count_trips(self, area: int, week: int, change: float) -> int:
        """Return the journeys that an area's visits in a week take more with ``change``, or fewer."""
        full, now = self.weeks.visits_a_journey, self.area_load[area][week]
        return int(-(-(now + change - _TINY) // full)) - int(-(-(now - _TINY) // full))
