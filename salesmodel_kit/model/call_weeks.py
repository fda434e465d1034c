"""Calls of one salesperson laid out over weeks: evenly, by area, within the hours of each week.

Even means even in working time: a call falls due when the same number of working
days has passed again, so that weeks without a working day hold no call and short
weeks few.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

#: An hour beyond the week's hours weighs as much as so many kilometers when phases are chosen.
_KM_PER_HOUR_OVER, _KM_PER_LOAD = 1000.0, 1.0
_PHASES_A_WEEK, _MOST_PHASES, _PASSES = 3, 16, 3
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
class _Board:
    """Hours so far by week, and visits by area and week."""

    weeks: Week
    load: list[float] = field(default_factory=list)
    area_load: list[list[float]] = field(default_factory=list)

    def add(self, week: int, hours: float, area: int) -> None:
        self.load[week] += hours
        if area >= 0:
            self.area_load[area][week] += 1 if hours >= 0 else -1

    def has_room(self, week: int, hours: float) -> bool:
        return self.weeks.days[week] > 0 and self.load[week] + hours <= self.weeks.hours[week] + _TINY

    def count_trips(self, area: int, week: int, change: float) -> int:
        """Return the journeys that an area's visits in a week take more with ``change``, or fewer."""
        full, now = self.weeks.visits_a_journey, self.area_load[area][week]
        return int(-(-(now + change - _TINY) // full)) - int(-(-(now - _TINY) // full))


def lay_out(due: Due, weeks: Week, *, tolerance: float) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Return the week of every call, and the week in which it would stand if nothing else counted.

    Accounts of one area that are due equally often get the same phase, a journey of them at a time, and
    phases are chosen so that weeks stay within their hours. A call that finds its week full moves to the nearest
    with room. Then calls move within ``tolerance`` of their spacing where that saves a journey.

    Parameters
    ----------
    due : Due
        Accounts, the first ones first served.
    weeks : Week
        Of the rep.
    tolerance : float
        Share of the spacing that a call may be off for the sake of a journey, 0-1.

    Returns
    -------
    list of ndarray of int
        By account, the week of each call; -1: there is no room for it.
    list of ndarray of int
        By account, the even week of each call.
    """
    n_areas = int(due.area.max(initial=-1)) + 1
    board = _Board(weeks, [0.0] * len(weeks.days), [[0.0] * len(weeks.days) for _ in range(n_areas)])
    placed = [np.full(count, -1) for count in due.n_calls]
    even = [np.full(count, -1) if held is None else held for count, held in zip(due.n_calls, due.held, strict=True)]
    _keep_held(due, board, placed)
    for at, targets in _choose_phases(due, weeks, board).items():
        even[at] = targets
    for at in range(len(due.n_calls)):
        _place(due, board, at, even[at], placed[at])
    for _ in range(_PASSES):
        if not _save_journeys(due, board, (even, placed), tolerance):
            break
    return placed, even


def _keep_held(due: Due, board: _Board, placed: list[np.ndarray]) -> None:
    """Put the calls of a former plan where they were, as far as the weeks still have the hours."""
    for at, held in enumerate(due.held):
        for order, week in enumerate(() if held is None else held.tolist()):
            if not due.added[at][order] and board.has_room(week, due.hours[at]):
                placed[at][order] = week
                board.add(week, due.hours[at], int(due.area[at]))


def _choose_phases(due: Due, weeks: Week, board: _Board) -> dict[int, np.ndarray]:
    """Return the even weeks of the accounts that are planned afresh, the most frequent first."""
    load, area_load = np.array(board.load), np.array(board.area_load).reshape(-1, len(weeks.days))
    found: dict[int, np.ndarray] = {}
    for group in _bundle(due, weeks.visits_a_journey):
        n_calls, hours, area = due.n_calls[group[0]], float(due.hours[group].sum()), int(due.area[group[0]])
        step = weeks.elapsed[-1] / n_calls
        first = _list_phases(due.first[group[0]], step, weeks)
        options = weeks.find_week(first[:, None] + step * np.arange(n_calls))
        over = np.maximum(load[options] + hours - weeks.hours[options], 0)
        cost = _KM_PER_HOUR_OVER * over + _KM_PER_LOAD * load[options] / np.maximum(weeks.hours[options], _TINY)
        if area >= 0:
            now = area_load[area][options]
            full = weeks.visits_a_journey
            trips = np.ceil((now + len(group) - _TINY) / full) - np.ceil((now - _TINY) / full)
            cost = cost + due.km[group[0]] * trips
        chosen = options[cost.sum(axis=1).argmin()]
        np.add.at(load, chosen, hours)
        if area >= 0:
            np.add.at(area_load[area], chosen, len(group))
        found |= dict.fromkeys(group, chosen)
    return found


def _list_phases(first: float, step: float, weeks: Week) -> np.ndarray:
    """Return the moments at which the first call may be: the one that is due, else some in each week of a spacing."""
    if not np.isnan(first):
        return np.array([min(first, step * (1 - 1e-6))])
    n_phases = int(np.clip(round(_PHASES_A_WEEK * step / max(weeks.days.mean(), _TINY)), 1, _MOST_PHASES))
    return step * (np.arange(n_phases) + 0.5) / n_phases


def _bundle(due: Due, full: float) -> list[list[int]]:
    """Return the accounts planned afresh, bundled by area and frequency to a journey, most frequent first."""
    fresh = [at for at, held in enumerate(due.held) if held is None]
    fresh.sort(key=lambda at: (-due.n_calls[at], -due.km[at], due.area[at], not np.isnan(due.first[at]), at))
    groups: list[list[int]] = []
    for at in fresh:
        last = groups[-1] if groups else None
        if last is not None and due.area[at] >= 0 and due.area[at] == due.area[last[0]] and (
                due.n_calls[at] == due.n_calls[last[0]] and np.isnan(due.first[[at, last[0]]]).all()
                and len(last) + 1 <= full):
            last.append(at)
        else:
            groups.append([at])
    return groups


def _place(due: Due, board: _Board, at: int, even: np.ndarray, placed: np.ndarray) -> None:
    """Fill in the weeks of an account's calls that have none yet: the nearest to the even week that has room."""
    n_weeks, hours, area = len(board.weeks.days), float(due.hours[at]), int(due.area[at])
    apart = int(due.n_calls[at] <= (board.weeks.days > 0).sum())
    for order in np.flatnonzero(placed < 0):
        target = int(even[order])
        before = placed[:order][placed[:order] >= 0].max(initial=-1)
        after = min([*placed[order + 1:][placed[order + 1:] >= 0], *even[order + 1:order + 2], n_weeks])
        taken = set(placed.tolist()) if apart else set()
        for week in _list_near(target, n_weeks, between=(before + apart, after - apart)):
            if week not in taken and board.has_room(week, hours):
                placed[order] = week
                board.add(week, hours, area)
                break
    placed.sort()
    if (placed < 0).any():
        placed[:] = np.concatenate([placed[placed >= 0], placed[placed < 0]])


def _list_near(target: int, n_weeks: int, *, between: tuple[int, int]) -> Iterator[int]:
    """Yield weeks from the nearest to the farthest: those between the neighboring calls, then all."""
    if between[0] <= target <= between[1]:
        yield target
    near = sorted(range(n_weeks), key=lambda week: (abs(week - target), week))
    yield from (week for week in near if between[0] <= week <= between[1])
    yield from near


def _save_journeys(due: Due, board: _Board, weeks: tuple[list[np.ndarray], list[np.ndarray]], tolerance: float) -> int:
    """Move calls within the tolerance to a week in which somebody is on the way to their area; return how many."""
    n_moved = 0
    for at, (even, placed) in enumerate(zip(*weeks, strict=True)):
        area, hours = int(due.area[at]), float(due.hours[at])
        reach = int(tolerance * len(board.weeks.days) / due.n_calls[at])
        if area < 0 or reach < 1 or due.held[at] is not None or (placed < 0).any():
            continue
        for order, week in enumerate(placed.tolist()):
            if board.count_trips(area, week, -1) == 0:
                continue
            before = placed[order - 1] if order else -1
            after = placed[order + 1] if order + 1 < len(placed) else len(board.weeks.days)
            target = int(even[order])
            near = [other for other in range(max(target - reach, before + 1), min(target + reach + 1, after))
                    if other != week and board.has_room(other, hours)
                    and board.count_trips(area, other, 1) == 0]
            if near:
                other = min(near, key=lambda choice: (abs(choice - target), choice))
                board.add(week, -hours, area)
                board.add(other, hours, area)
                placed[order] = other
                n_moved += 1
    return n_moved
