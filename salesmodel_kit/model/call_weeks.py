"""Calls of one salesperson laid out over weeks: evenly, by area, within the hours of each week.

Even means even in working time: a call falls due when the same number of working
days has passed again, so that weeks without a working day hold no call and short
weeks few. Declared seasons stretch that time.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from salesmodel_kit.model.call_board import Board, Due, Week
from salesmodel_kit.model.call_phases import choose_phases, find_reach

#: Passes over all calls in search of journeys to save; calls in vain for which room is sought by an exchange.
_PASSES, _MOST_TRIES = 3, 30
_TINY = 1e-9


def lay_out(due: Due, weeks: Week, *, tolerance: float) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Return the week of every call, and the week in which it would stand if nothing else counted.

    Phases are chosen with the journeys in view (:func:`choose_phases`). A call that finds its week full moves to
    the nearest with room; where those with room have one on the account already, it changes places with a call that
    may go there. Then calls move within ``tolerance`` of their spacing where that saves a journey.

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
    board = Board(weeks, [0.0] * len(weeks.days), [[0.0] * len(weeks.days) for _ in range(n_areas)])
    placed = [np.full(count, -1) for count in due.n_calls]
    even = [np.full(count, -1) if held is None else held for count, held in zip(due.n_calls, due.held, strict=True)]
    _keep_held(due, board, placed)
    wanted = list(even)
    for at, (targets, near) in choose_phases(due, board, tolerance=tolerance).items():
        even[at], wanted[at] = targets, near
    for at in range(len(due.n_calls)):
        _place(due, board, at, wanted[at], placed[at])
    _exchange(due, board, placed)
    for _ in range(_PASSES):
        if not _save_journeys(due, board, (even, placed), tolerance):
            break
    return placed, even


def _keep_held(due: Due, board: Board, placed: list[np.ndarray]) -> None:
    """Put the calls of a former plan where they were, as far as the weeks still have the hours."""
    for at, held in enumerate(due.held):
        for order, week in enumerate(() if held is None else held.tolist()):
            if not due.added[at][order] and board.has_room(week, due.hours[at]):
                placed[at][order] = week
                board.add(week, due.hours[at], int(due.area[at]))


def _place(due: Due, board: Board, at: int, even: np.ndarray, placed: np.ndarray) -> None:
    """Fill in the weeks of an account's calls that have none yet: the nearest to the even week that has room."""
    n_weeks, hours, area = len(board.weeks.days), float(due.hours[at]), int(due.area[at])
    apart = int(due.n_calls[at] <= np.count_nonzero(board.weeks.days))
    weeks, targets = placed.tolist(), [*even.tolist(), n_weeks]
    for order in (order for order, week in enumerate(weeks) if week < 0):
        before = max(weeks[:order], default=-1)
        after = min([targets[order + 1], n_weeks, *(week for week in weeks[order + 1:] if week >= 0)])
        taken = set(weeks) if apart else set()
        for week in _list_near(targets[order], n_weeks, between=(before + apart, after - apart)):
            if week not in taken and board.has_room(week, hours):
                weeks[order] = week
                board.add(week, hours, area)
                break
    placed[:] = weeks
    _order(placed)


def _order(placed: np.ndarray) -> None:
    """Sort the weeks of an account in place, those without one last."""
    placed.sort()
    placed[:] = np.roll(placed, -int((placed < 0).sum()))


def _exchange(due: Due, board: Board, placed: list[np.ndarray]) -> None:
    """Put calls without a week where another account's call goes on to a week that has room for it alone."""
    short = [at for at in range(len(placed)) if (placed[at] < 0).any()]
    there: list[set[int]] = [{at for at, weeks in enumerate(placed) if week in weeks} if short else set()
                             for week in range(len(board.load))]
    failures = 0
    for at in short:
        for order in np.flatnonzero(placed[at] < 0):
            found = _find_exchange(due, board, there, at) if failures < _MOST_TRIES else None
            if found is None:
                failures += 1
                break
            other, week, free = found
            placed[other][np.flatnonzero(placed[other] == week)[0]] = free
            placed[at][order] = week
            for who, where, sign in ((other, week, -1), (other, free, 1), (at, week, 1)):
                board.add(where, sign * float(due.hours[who]), int(due.area[who]))
                there[where].add(who)
            if week not in placed[other]:
                there[week].remove(other)
            _order(placed[other])
        _order(placed[at])


def _find_exchange(due: Due, board: Board, there: list[set[int]], at: int) -> tuple[int, int, int] | None:
    """Return whose call makes room for an account's, in which week, and the nearest week to which it can go."""
    hours, least = float(due.hours[at]), float(due.hours.min())
    free = [week for week in range(len(there)) if board.has_room(week, least)]
    full = [week for week in range(len(there)) if at not in there[week] and board.weeks.days[week] > 0]
    for week, to in sorted(((week, to) for week in full for to in free), key=lambda pair: abs(pair[0] - pair[1])):
        for other in sorted(there[week] - there[to]):
            fits = board.load[week] - due.hours[other] + hours <= board.weeks.hours[week] + _TINY
            if fits and due.held[other] is None and board.has_room(to, float(due.hours[other])):
                return other, week, to
    return None


def _list_near(target: int, n_weeks: int, *, between: tuple[int, int]) -> Iterator[int]:
    """Yield weeks from the nearest to the farthest: those between the neighboring calls, then all."""
    if between[0] <= target <= between[1]:
        yield target
    near = sorted(range(n_weeks), key=lambda week: (abs(week - target), week))
    yield from (week for week in near if between[0] <= week <= between[1])
    yield from near


def _save_journeys(due: Due, board: Board, weeks: tuple[list[np.ndarray], list[np.ndarray]], tolerance: float) -> int:
    """Move calls within the tolerance to a week in which somebody is on the way to their area; return how many."""
    n_moved = 0
    for at, (even, placed) in enumerate(zip(*weeks, strict=True)):
        area, hours = int(due.area[at]), float(due.hours[at])
        reach = find_reach(len(board.weeks.days), int(due.n_calls[at]), tolerance)
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
