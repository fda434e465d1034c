"""The day of every call: a week's calls laid over the days that a salesperson works, an area a day."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

_TINY = 1e-9


@dataclass(frozen=True)
class _Visit:
    """A call in its week: place in the table, account, area (-1: none), hours, day held (-1: none)."""

    at: int
    account: int
    area: int
    hours: float
    held: int


@dataclass
class _Diary:
    """A rep's week: hours by day, who is called on when, and the visits of each journey."""

    open_days: list[int]
    full: float
    load: Counter[int] = field(default_factory=Counter)
    seen: set[tuple[int, int]] = field(default_factory=set)
    journeys: Counter[tuple[int, int]] = field(default_factory=Counter)
    days: dict[int, int] = field(default_factory=dict)

    def put(self, visit: _Visit, day: int) -> None:
        self.days[visit.at] = day
        self.load[day] += visit.hours
        self.seen.add((visit.account, day))
        self.journeys[visit.area, day] += 1

    def join(self, visit: _Visit) -> int:
        """Return the first day on which a journey to the area has a place left; -1 where there is none."""
        open_to = (day for day in self.open_days if self.journeys[visit.area, day] % self.full
                   and self.journeys[visit.area, day] % self.full <= self.full - 1 + _TINY
                   and (visit.account, day) not in self.seen)
        return next(open_to, -1) if visit.area >= 0 else -1

    def find_lightest(self, unit: list[_Visit]) -> int:
        """Return the day with the fewest hours, rather one on which none of the accounts has a call yet."""
        return min(self.open_days, key=lambda day: (sum((visit.account, day) in self.seen for visit in unit),
                                                    round(self.load[day], 6), day))


def count_journeys(n_visits: np.ndarray, most: np.ndarray, full: float) -> np.ndarray:
    """Return the journeys that visits to an area take: ``max(most visits to one account, n_visits / full)``, whole.

    Parameters
    ----------
    n_visits, most : ndarray
        Visits to the area, and to the account with the most of them.
    full : float
        Visits that share a journey at most.

    Returns
    -------
    ndarray of float

    Examples
    --------
    >>> count_journeys(np.array([4, 4, 0]), np.array([1, 4, 0]), 3.0).tolist()
    [2.0, 4.0, 0.0]
    """
    return np.maximum(np.ceil(n_visits / full - _TINY), most)


def set_days(calls: pd.DataFrame, works: np.ndarray, *, visits_a_journey: float) -> np.ndarray:
    """Return the day of the week of every call.

    Calls on one area in a week are dealt into as few journeys as they fill, no account twice in one; a journey
    takes one day. The longest journeys come first, each on the day with the fewest hours so far, and then the calls
    without a journey: days end up as level as journeys allow (longest processing time first). A call whose day is
    held stays there as long as the rep works on it, and others join its journey first.

    Parameters
    ----------
    calls : DataFrame (n_calls, ...)
        ``rep`` (place in ``works``), ``at`` (place of the week; -1: none), ``account_row``, ``area`` (missing: no
        journey), ``hours``, ``held`` (day of the week in a former plan, 0 Monday; -1: none).
    works : ndarray of bool (n_reps, n_weeks, 7)
        Who works when.
    visits_a_journey : float
        Visits that share a journey at most, >= 1.

    Returns
    -------
    ndarray of int (n_calls,)
        0 Monday to 6 Sunday; -1 where a call has no week, or its rep works on none of the week's days.

    Notes
    -----
    Source: Graham (1969): the fullest day holds at most 4/3 of what the best packing of the same journeys would.
    """
    days = np.full(len(calls), -1)
    table = pd.DataFrame({"rep": calls["rep"], "at": calls["at"], "row": calls["account_row"],
                          "area": calls["area"].fillna(-1).astype(int), "hours": calls["hours"],
                          "held": calls["held"]}).reset_index(drop=True)
    dated = table[(table["at"] >= 0) & (table["rep"] >= 0)].sort_values(["rep", "at", "area", "row"], kind="stable")
    key = dated[["rep", "at"]].to_numpy()
    ends = np.flatnonzero((key[1:] != key[:-1]).any(axis=1)) + 1
    columns = [dated.index.to_numpy(), *(dated[name].to_numpy() for name in ("row", "area", "hours", "held"))]
    for start, stop in zip([0, *ends], [*ends, len(dated)], strict=True):
        if start == stop:
            break
        open_days = np.flatnonzero(works[key[start][0], key[start][1]]).tolist()
        week = [_Visit(*own) for own in zip(*(column[start:stop].tolist() for column in columns), strict=True)]
        for at, day in (_fill_week(week, open_days, visits_a_journey) if open_days else {}).items():
            days[at] = day
    return days


def _fill_week(week: list[_Visit], open_days: list[int], full: float) -> dict[int, int]:
    """Return the day of each call of a rep's week, by its place in the table."""
    diary = _Diary(open_days, full)
    left: dict[int, list[_Visit]] = {}
    for visit in week:
        if visit.held in open_days:
            diary.put(visit, visit.held)
        else:
            left.setdefault(visit.area, []).append(visit)
    units: list[list[_Visit]] = []
    for area, visits in left.items():
        fresh = []
        for visit in visits:
            day = diary.join(visit)
            if day >= 0:
                diary.put(visit, day)
            else:
                fresh.append(visit)
        units += [[visit] for visit in fresh] if area < 0 else _deal(fresh, full)
    for unit in sorted(units, key=lambda unit: (unit[0].area < 0, -sum(visit.hours for visit in unit), unit[0].at)):
        day = diary.find_lightest(unit)
        for visit in unit:
            diary.put(visit, day)
    return diary.days


def _deal(visits: list[_Visit], full: float) -> list[list[_Visit]]:
    """Return the visits to an area, in the order of their accounts, dealt into journeys, no account twice in one."""
    if not visits:
        return []
    most = max(Counter(visit.account for visit in visits).values())
    n_journeys = int(count_journeys(np.array(len(visits)), np.array(most), full))
    return [visits[at::n_journeys] for at in range(n_journeys)]
