"""The accounts of one role shared out among its team, and what of their demands cannot be met."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from salesmodel_kit.model.assignment import Assignment, assign_by_prices
from salesmodel_kit.model.demands import CONDITIONS, combine_eligible, find_units, find_way_out
from salesmodel_kit.model.settling import Load

#: Kind of condition -> column of the accounts that says what is asked for.
_ASKED: Mapping[str, str] = {"lock": "locked_rep", "language": "required_language", "skill": "required_skill",
                             "family": "family"}
_TINY = 1e-6


@dataclass(frozen=True)
class Team:
    """The accounts and the reps of a role, as places in their tables."""

    role: str
    rows: np.ndarray
    reps: np.ndarray


@dataclass(frozen=True)
class Shares:
    """Accounts shared out within capacity.

    Parameters
    ----------
    chosen : ndarray of int (n_accounts,)
        Column of the rep; -1 where nobody may or has room.
    cost : float
        Of those who have a rep.
    bound : float
        No way to share them within the limits costs less; missing where the limits could not be held.
    deviation : tuple of float
        Largest deviation from an equal load: of the hours, then of each further quantity.
    """

    chosen: np.ndarray
    cost: float
    bound: float
    deviation: tuple[float, ...]


def assign_within_capacity(
    cost: np.ndarray, hours: np.ndarray, capacity: np.ndarray, *, tolerance: float,
    also: Sequence[tuple[np.ndarray, float]] = (),
) -> Shares:
    """Return the column chosen for each row, near the least cost within balanced capacity.

    Parameters
    ----------
    cost : ndarray (n_accounts, n_reps)
        Cost of giving the account to the rep; ``inf`` where it must not be.
    hours : ndarray (n_accounts,) or (n_accounts, n_reps)
        Hours an account takes, of anybody or of each rep, > 0.
    capacity : ndarray (n_reps,)
        Hours a rep has, >= 0; an equal load is in proportion to them.
    tolerance : float
        Allowed deviation from an equal load; from 1 on a rep may have nothing.
    also : sequence of (ndarray (n_accounts,), float)
        Further quantities to balance, each with its tolerance.

    Returns
    -------
    Shares
        Where the tolerance cannot be held, the loads nearest to it that were found; capacity always holds.
    """
    grid = hours[:, None] if hours.ndim == 1 else hours
    allowed = np.isfinite(cost) & (grid <= capacity + 1e-9) & (capacity > 0)
    usual = find_usual(hours, cost)
    placed = np.flatnonzero(allowed.any(axis=1))
    open_cost = np.where(allowed, cost, np.inf)[placed]
    part = capacity / max(capacity.sum(), np.finfo(float).tiny)
    target = usual[placed].sum() * part
    upper = np.minimum(capacity, (1 + tolerance) * target)
    further = [Load(amount[placed], np.maximum(1 - width, 0) * amount[placed].sum() * part,
                    (1 + width) * amount[placed].sum() * part) for amount, width in also]
    found = _assign_or_nobody(open_cost, hours[placed], low=np.minimum(max(1 - tolerance, 0) * target, upper),
                              high=upper, also=further)
    chosen = np.full(len(hours), -1)
    chosen[placed] = _fit(found.chosen, open_cost, hours[placed], capacity)
    has_rep = np.flatnonzero(chosen >= 0)
    total = float(cost[has_rep, chosen[has_rep]].sum())
    is_whole = found.violation == 0 and len(has_rep) == len(placed)
    deviation = tuple(_measure_deviation(chosen, amount, part) for amount in (hours, *(entry[0] for entry in also)))
    return Shares(chosen, total, found.bound if is_whole else float("nan"), deviation)


def find_usual(hours: np.ndarray, cost: np.ndarray) -> np.ndarray:
    """Return one number of hours an account: where they depend on the rep, those of the cheapest.

    Parameters
    ----------
    hours : ndarray (n_accounts,) or (n_accounts, n_reps)
        Hours of an account.
    cost : ndarray (n_accounts, n_reps)
        ``inf`` where it must not be.

    Returns
    -------
    ndarray (n_accounts,)

    Examples
    --------
    >>> find_usual(np.array([[3.0, 5.0]]), np.array([[9.0, 1.0]])).tolist()
    [5.0]
    """
    if hours.ndim == 1 or not hours.shape[1]:
        return hours if hours.ndim == 1 else np.zeros(len(hours))
    return hours[np.arange(len(hours)), cost.argmin(axis=1)]


def _assign_or_nobody(cost: np.ndarray, hours: np.ndarray, *, low: np.ndarray, high: np.ndarray,
                      also: Sequence[Load]) -> Assignment:
    if not cost.size:
        return Assignment(np.full(len(cost), -1), 0.0, 0.0, 0.0)
    return assign_by_prices(cost, hours, low=low, high=high, also=also)


def _fit(chosen: np.ndarray, cost: np.ndarray, hours: np.ndarray, capacity: np.ndarray) -> np.ndarray:
    """Return the choice with capacity kept: the smallest accounts that make room leave, and go where there is some."""
    chosen = chosen.copy()
    grid = np.broadcast_to(hours[:, None] if hours.ndim == 1 else hours, cost.shape)
    own_hours = grid[np.arange(len(chosen)), chosen]
    load = np.bincount(chosen, weights=own_hours, minlength=len(capacity)) if len(chosen) else np.zeros(len(capacity))
    for rep in np.flatnonzero(load > capacity + 1e-9):
        while load[rep] > capacity[rep] + 1e-9:
            own = np.flatnonzero(chosen == rep)
            excess = load[rep] - capacity[rep]
            enough = own[grid[own, rep] >= excess - 1e-9]
            leaves = enough[grid[enough, rep].argmin()] if len(enough) else own[grid[own, rep].argmax()]
            load[rep] -= grid[leaves, rep]
            chosen[leaves] = -1
    for row in sorted(np.flatnonzero(chosen < 0), key=lambda row: -grid[row].min()):
        room = np.flatnonzero((load + grid[row] <= capacity + 1e-9) & np.isfinite(cost[row]))
        if len(room):
            chosen[row] = room[cost[row, room].argmin()]
            load[chosen[row]] += grid[row, chosen[row]]
    return chosen


def _measure_deviation(chosen: np.ndarray, amount: np.ndarray, part: np.ndarray) -> float:
    """Return the largest ``|load - equal load| / equal load`` over the reps who have hours."""
    at = np.flatnonzero(chosen >= 0)
    own = amount[at] if amount.ndim == 1 else amount[at, chosen[at]]
    load = np.bincount(chosen[at], weights=own, minlength=len(part))
    target = load.sum() * part
    is_open = target > 0
    return float((np.abs(load - target)[is_open] / target[is_open]).max(initial=0.0))


@dataclass(frozen=True)
class TeamPlan:
    """Which rep of a team has which of its accounts, and the conditions that cannot all be met."""

    chosen: np.ndarray
    cost: float
    bound: float
    conditions: list[dict[str, object]]


def assign_team(
    team: Team, accounts: pd.DataFrame, hours: np.ndarray, capacity: np.ndarray, *, cost: np.ndarray,
    eligible: Mapping[str, np.ndarray], tolerances: tuple[float, float | None],
) -> TeamPlan:
    """Return the rep of each of a team's accounts, families together.

    Parameters
    ----------
    team : Team
        Accounts and reps of one role.
    accounts : DataFrame
        Table ``accounts``, whole.
    hours : ndarray (n_accounts,) or (n_accounts, n_reps)
        Hours of every account, of anybody or of every rep.
    capacity : ndarray (n_reps,)
        Hours of every rep.
    cost : ndarray (n_accounts of the team, n_reps of the team)
        Kilometers per year.
    eligible : mapping of str to ndarray of bool
        From ``find_eligible``, for the whole tables.
    tolerances : tuple of float
        Of hours, and of potential or None.

    Returns
    -------
    TeamPlan
        Columns of the team's reps, -1 for nobody.
    """
    grid = np.ix_(team.rows, team.reps)
    met = {kind: who[grid] for kind, who in eligible.items()}
    open_cost = np.where(combine_eligible(met, cost.shape), cost, np.inf)
    unit = find_units(accounts["family"].iloc[team.rows])
    n_units, room = int(unit.max()) + 1, capacity[team.reps]
    together = np.zeros((n_units, len(team.reps)))
    np.add.at(together, unit, open_cost)
    potential = accounts["potential_per_year"].fillna(0).to_numpy(float)[team.rows]
    also = [(np.bincount(unit, potential), tolerances[1])] if tolerances[1] is not None and potential.any() else []
    unit_hours = _add_up(hours[team.rows] if hours.ndim == 1 else hours[grid], unit)
    shares = assign_within_capacity(together, unit_hours, room, tolerance=tolerances[0], also=also)
    chosen = shares.chosen[unit]
    usual, unit_usual = (find_usual(amount, sums) for amount, sums in (
        (hours[team.rows] if hours.ndim == 1 else hours[grid], open_cost), (unit_hours, together)))
    found = [*_explain_nobody(team, accounts, usual, chosen, unit=unit, met=met, room=room),
             *_explain_balance(team, shares, tolerances, unit_hours=unit_usual, met=met, unit=unit, room=room)]
    return TeamPlan(chosen, shares.cost, shares.bound, found)


def _add_up(amount: np.ndarray, unit: np.ndarray) -> np.ndarray:
    """Return the sums by unit, of a column or of each column."""
    sums = np.zeros((int(unit.max()) + 1, *amount.shape[1:]))
    np.add.at(sums, unit, amount)
    return sums


def _explain_nobody(
    team: Team, accounts: pd.DataFrame, hours: np.ndarray, chosen: np.ndarray, *, unit: np.ndarray,
    met: Mapping[str, np.ndarray], room: np.ndarray,
) -> list[dict[str, object]]:
    """Return for the accounts without a rep what would have to give way, alike ones in one row."""
    rows: list[dict[str, object]] = []
    left = room - np.bincount(chosen[chosen >= 0], hours[chosen >= 0], minlength=len(room))
    for number in np.unique(unit[chosen < 0]):
        members = np.flatnonzero(unit == number)
        ways = find_way_out(met, room > 0, members)
        if (combine_eligible({kind: who[members] for kind, who in met.items()}, (len(members), len(room))).all(axis=0)
                & (room > 0)).any() or not ways:
            ways = ("room",)
        at = team.rows[members]
        for kind in ways:
            asked = accounts[_ASKED[kind]].iloc[at].dropna() if kind in _ASKED else pd.Series(dtype="str")
            rows.append({"condition": kind, "role": team.role, "subject": asked.iloc[0] if len(asked) else None,
                         "account": accounts["account"].iloc[at[0]], "n_accounts": len(members),
                         "instead": _find_room(met, members, left >= hours[members].sum()) if kind == "room" else None,
                         "hours_per_year": hours[members].sum()})
    return rows


def _find_room(met: Mapping[str, np.ndarray], members: np.ndarray, has_room: np.ndarray) -> str | None:
    """Return the first kind of condition without which somebody could take the accounts who has room for them."""
    parts, shape = {kind: met[kind][members] for kind in CONDITIONS if kind in met}, (len(members), len(has_room))
    return next((kind for kind in parts
                 if (combine_eligible(parts, shape, without=(kind,)).all(axis=0) & has_room).any()), None)


def _explain_balance(
    team: Team, shares: Shares, tolerances: tuple[float, float | None], *, unit_hours: np.ndarray,
    met: Mapping[str, np.ndarray], unit: np.ndarray, room: np.ndarray,
) -> list[dict[str, object]]:
    """Return the tolerances that were not held, and the kind of condition that could give way instead."""
    found = []
    for name, reached, asked in zip(("balance", "potential"), shares.deviation, tolerances, strict=False):
        if asked is None or reached <= asked + _TINY:
            continue
        instead = _find_instead(met, unit, unit_hours, room, tolerance=asked) if name == "balance" else None
        found.append({"condition": name, "role": team.role, "asked": asked, "reached": reached, "instead": instead,
                      "n_accounts": int((shares.chosen >= 0).sum())})
    return found


def _find_instead(
    met: Mapping[str, np.ndarray], unit: np.ndarray, unit_hours: np.ndarray, room: np.ndarray, *, tolerance: float
) -> str | None:
    """Return the first kind of condition without which hours could be balanced, where with it they cannot."""
    def measure(without: tuple[str, ...]) -> float:
        allowed = combine_eligible(met, (len(unit), len(room)), without=without)
        together = np.ones((len(unit_hours), len(room)), dtype=bool)
        np.logical_and.at(together, unit, allowed)
        return find_least_deviation(together & (room > 0), unit_hours, room)

    if not met or measure(()) <= tolerance + _TINY:
        return None
    return next((kind for kind in met if measure((kind,)) <= tolerance + _TINY), None)


def find_least_deviation(allowed: np.ndarray, hours: np.ndarray, capacity: np.ndarray) -> float:
    """Return the least possible largest deviation from an equal load, were hours divisible.

    Accounts open to the same reps count as one, so that the linear programme is
    small; with whole accounts the deviation can only be larger.

    Parameters
    ----------
    allowed : ndarray of bool (n_accounts, n_reps)
        Who may have whom.
    hours : ndarray (n_accounts,)
        Hours of each account.
    capacity : ndarray (n_reps,)
        Hours a rep has; who has none is left out.

    Returns
    -------
    float
        0 where no one may have anybody.

    Examples
    --------
    >>> only_first = np.array([[True, False], [True, True]])
    >>> round(find_least_deviation(only_first, np.array([30.0, 10.0]), np.array([20.0, 20.0])), 9)
    0.5
    """
    from scipy.optimize import linprog

    reps = np.flatnonzero(capacity > 0)
    has_rep = allowed[:, reps].any(axis=1)
    patterns, which = np.unique(allowed[has_rep][:, reps], axis=0, return_inverse=True)
    supply = np.bincount(which.ravel(), hours[has_rep], minlength=len(patterns))
    target = supply.sum() * capacity[reps] / max(capacity[reps].sum(), np.finfo(float).tiny)
    row, column = np.nonzero(patterns)
    if not len(row) or not supply.sum() > 0:
        return 0.0
    sums = (column[None, :] == np.arange(len(reps))[:, None]).astype(float)
    limits = np.vstack([np.c_[sums, -target], np.c_[-sums, -target]])
    spent = np.c_[(row[None, :] == np.arange(len(patterns))[:, None]).astype(float), np.zeros(len(patterns))]
    solved = linprog(np.r_[np.zeros(len(row)), 1.0], A_ub=limits, b_ub=np.r_[target, -target], A_eq=spent, b_eq=supply,
                     bounds=(0, None), method="highs")
    return float(solved.x[-1]) if solved.status == 0 else float("inf")
