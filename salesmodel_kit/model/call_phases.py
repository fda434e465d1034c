"""When a year's calls on an account begin, and the weeks wanted near that: few journeys, no week over its hours."""

from __future__ import annotations

import numpy as np

from salesmodel_kit.model.call_board import Board, Due, Week

#: What an hour beyond a week's hours, a week filled, and a week off even spacing weigh, in kilometers.
_KM_PER_HOUR_OVER, _KM_PER_LOAD, _KM_PER_WEEK_OFF = 1000.0, 1.0, 1.0
_PHASES_A_WEEK, _MOST_PHASES, _ROUNDS = 3, 16, 3
_NEVER, _TINY = 1e12, 1e-9


def choose_phases(due: Due, board: Board, *, tolerance: float) -> dict[int, tuple[np.ndarray, np.ndarray]]:
    """Return when the accounts that are planned afresh are due, and in which weeks near it they are wanted.

    Accounts of one area that are due equally often go together, a journey of them at a time. Of the moments at
    which a year's calls may begin, the one is taken whose calls cost least when each may stand in any week within
    :func:`find_reach` of its own: hours over the week's limit first, journeys second, load third. The most
    frequent begin; then each chooses again, twice, beside what all others have chosen.

    Parameters
    ----------
    due : Due
        Of a rep.
    board : Board
        With the calls that are held.
    tolerance : float
        Share of its spacing that a call may be off for the sake of a journey, 0-1.

    Returns
    -------
    dict of int to tuple of ndarray of int
        By account, the even week of each call, and the week wanted.
    """
    load, area_load = np.array(board.load), np.array(board.area_load).reshape(-1, len(board.load))
    groups = _bundle(due, board.weeks.visits_a_journey)
    chosen: dict[int, tuple[np.ndarray, np.ndarray]] = {}
    for _ in range(_ROUNDS):
        for group in groups:
            if group[0] in chosen:
                if due.area[group[0]] < 0:
                    continue
                _book(due, group, chosen[group[0]][1], load, area_load, sign=-1)
            found = _choose(due, group, board.weeks, _weigh_weeks(due, group, board.weeks, load, area_load), tolerance)
            _book(due, group, found[1], load, area_load, sign=1)
            chosen |= dict.fromkeys(group, found)
    return chosen


def find_reach(n_weeks: int, n_calls: int, tolerance: float) -> int:
    """Return how many weeks a call may be off: ``tolerance x n_weeks / n_calls``, rounded.

    Parameters
    ----------
    n_weeks, n_calls : int
        Of the plan; of the account, >= 1.
    tolerance : float
        Share of its spacing, 0-1.

    Returns
    -------
    int

    Examples
    --------
    >>> [find_reach(52, n_calls, 0.25) for n_calls in (52, 18, 12, 6)]
    [0, 1, 1, 2]
    """
    return int(tolerance * n_weeks / n_calls + 0.5 + _TINY)


def _book(due: Due, group: list[int], weeks: np.ndarray, load: np.ndarray, area_load: np.ndarray, *, sign: int) -> None:
    np.add.at(load, weeks, sign * float(due.hours[group].sum()))
    if due.area[group[0]] >= 0:
        np.add.at(area_load[due.area[group[0]]], weeks, sign * len(group))


def _weigh_weeks(due: Due, group: list[int], weeks: Week, load: np.ndarray, area_load: np.ndarray) -> np.ndarray:
    """Return what a visit of the group costs in each week, in kilometers (n_weeks,)."""
    hours, area, full = float(due.hours[group].sum()), int(due.area[group[0]]), weeks.visits_a_journey
    cost = _KM_PER_HOUR_OVER * np.maximum(load + hours - weeks.hours, 0)
    cost += _KM_PER_LOAD * load / np.maximum(weeks.hours, _TINY)
    if area >= 0:
        now = area_load[area]
        cost += due.km[group[0]] * (np.ceil((now + len(group) - _TINY) / full) - np.ceil((now - _TINY) / full))
    return np.where(weeks.days > 0, cost, _NEVER)


def _choose(
    due: Due, group: list[int], weeks: Week, cost: np.ndarray, tolerance: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return the even weeks of the cheapest phase, and the cheapest weeks within reach of them, one after another."""
    n_calls, n_weeks = int(due.n_calls[group[0]]), len(weeks.days)
    reach = find_reach(n_weeks, n_calls, tolerance) if due.area[group[0]] >= 0 else 0
    step = weeks.elapsed[-1] / n_calls
    even = weeks.find_week(_list_phases(due.first[group[0]], step, weeks)[:, None] + step * np.arange(n_calls))
    off = np.arange(-reach, reach + 1)
    padded = np.concatenate([np.full(reach, _NEVER), cost, np.full(reach, _NEVER)])
    near = padded[even[:, :, None] + off + reach] + _KM_PER_WEEK_OFF * np.abs(off)
    best = int(near.min(axis=2).sum(axis=1).argmin())
    apart = int(n_calls <= np.count_nonzero(weeks.days))
    return even[best], np.array(_pick_weeks(even[best].tolist(), near[best].tolist(), n_weeks=n_weeks, apart=apart))


def _pick_weeks(even: list[int], costs: list[list[float]], *, n_weeks: int, apart: int) -> list[int]:
    """Return the cheapest week near each even one that lies ``apart`` after the one before; else the last near."""
    reach, last, picked = len(costs[0]) // 2, -1, []
    for target, near in zip(even, costs, strict=True):
        from_week = max(last + apart, target - reach)
        start = min(from_week - target + reach, 2 * reach)
        place = min(range(start, 2 * reach + 1), key=near.__getitem__)
        last = min(max(target - reach + place, 0), n_weeks - 1)
        picked.append(last)
    return picked


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
