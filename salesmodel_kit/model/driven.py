"""Hours and territories together: hours on the way are those from the home of the rep who is given the account.

Which accounts fit into the field depends on the way to them, the way on who visits them, and
that on the hours. The circle is cut in a fixed order: ways from the nearest home,
a rough plan and its ways, the plan, its ways; what is then beyond a rep's hours goes to the next channel,
and what that leaves beyond them, until nothing is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from salesmodel_kit.model.assignment import assign_roughly
from salesmodel_kit.model.demands import combine_eligible, find_eligible
from salesmodel_kit.model.territories import (
    TerritoryPlan,
    TerritoryRules,
    assign_accounts,
    count_visits,
    find_visited,
    measure_distances,
    measure_hours,
    weigh_visits,
)
from salesmodel_kit.model.travel import TravelRules, estimate_travel
from salesmodel_kit.tables import TIERS


@dataclass(frozen=True)
class DrivenPlan:
    """Ways, hours and territories that agree.

    Parameters
    ----------
    travel : DataFrame (n_accounts, ...)
        Table ``account_travel``.
    effort : DataFrame (n_accounts, ...)
        Table ``account_effort``.
    territories : TerritoryPlan
        Who looks after whom.
    """

    travel: pd.DataFrame
    effort: pd.DataFrame
    territories: TerritoryPlan


#: Way hours of a visit, accounts that the field leaves -> effort.
PlanHours = Callable[[pd.Series, np.ndarray | None], pd.DataFrame]


def settle_plan(
    accounts: pd.DataFrame, reps: pd.DataFrame, first: tuple[pd.DataFrame, pd.DataFrame], *, plan_hours: PlanHours,
    rules: tuple[TerritoryRules, TravelRules],
) -> DrivenPlan:
    """Return hours and territories with the ways that they take together.

    Parameters
    ----------
    accounts, reps : DataFrame
        As for :func:`assign_accounts`.
    first : tuple of DataFrame (n_accounts, ...)
        Table ``account_travel`` from the nearest homes, for all accounts that the norms visit (it stays the
        way of those that the plan does not visit), and table ``account_effort`` by it.
    plan_hours : callable
        Hours on the way of a visit (n_accounts,) and which accounts the field leaves (bool; None: it leaves what is
        beyond the team's hours) -> table ``account_effort``.
    rules : tuple of TerritoryRules and TravelRules
        Tolerances, and what a journey is.

    Returns
    -------
    DrivenPlan
        No rep has more hours than there are; the same for the same input.
    """
    territory, way = rules
    first, effort = first
    if territory.speed_kmh is None:
        plan = assign_accounts(accounts, effort, reps, rules=territory, per_journey=_fill(first))
        return DrivenPlan(_follow(accounts, effort, reps, rep=plan.table["rep"], first=first, way=way), effort, plan)
    rough = _share_roughly(accounts, effort, reps, travel=first, rules=territory)
    travel = _follow(accounts, effort, reps, rep=rough, first=first, way=way)
    effort = plan_hours(travel["travel_hours_per_call"], None)
    visited = effort.assign(hours_per_year=effort["hours_per_year"].where(find_visited(effort), 0.0))
    plan = assign_accounts(accounts, visited, reps, rules=territory, per_journey=_fill(travel))
    travel = _follow(accounts, effort, reps, rep=plan.table["rep"], first=first, way=way)
    found = _leave_excess(accounts, effort, reps, travel=travel, plan=plan, first=first, plan_hours=plan_hours, way=way)
    settled = assign_accounts(accounts, found.effort, reps, rules=territory, per_journey=plan.per_journey, settled=plan)
    return replace(found, territories=settled)


def _share_roughly(
    accounts: pd.DataFrame, effort: pd.DataFrame, reps: pd.DataFrame, *, travel: pd.DataFrame, rules: TerritoryRules
) -> pd.Series:
    """Return about who visits whom: near and within hours, families and balance left aside."""
    rows = np.flatnonzero(find_visited(effort) & (effort["hours_per_year"] > 0).to_numpy())
    team = reps[(reps["role"] == "field") & (reps["selling_hours_per_year"] > 0)]
    rep = pd.Series(None, accounts.index, dtype=object)
    own = accounts.iloc[rows]
    is_open = combine_eligible(find_eligible(own, team), (len(own), len(team)))
    keeps = is_open.any(axis=1) if len(team) else np.zeros(len(own), dtype=bool)
    rows, own, is_open = rows[keeps], own[keeps], is_open[keeps]
    if len(rows):
        wanted = effort.iloc[rows]
        shared = measure_distances(own, team, detour_factor=rules.detour_factor) / _fill(travel)[rows, None]
        cost = weigh_visits(own, wanted, team, distance=shared, relation_km=rules.relation_km)
        hours = measure_hours(wanted, distance=shared, speed_kmh=rules.speed_kmh)
        room = team["selling_hours_per_year"].to_numpy(float)
        found = assign_roughly(np.where(is_open, cost, np.inf), hours, high=room)
        rep.iloc[rows] = team["rep"].to_numpy(dtype=object)[found]
    return rep.astype("str")


def _follow(
    accounts: pd.DataFrame, effort: pd.DataFrame, reps: pd.DataFrame, *, rep: pd.Series, first: pd.DataFrame,
    way: TravelRules,
) -> pd.DataFrame:
    """Return the ways from the homes of those who visit, and the first ways of the accounts that nobody visits."""
    is_visited = find_visited(effort) & rep.notna().to_numpy()
    at = np.flatnonzero(is_visited)
    visits = pd.Series(count_visits(effort), effort.index).iloc[at]
    sellers = reps[reps["selling_hours_per_year"] > 0]
    own = estimate_travel(accounts.iloc[at], sellers, fixed=rep.iloc[at], visits=visits, rules=way)
    found = {"account": first["account"]}
    for name in first.columns.drop("account"):
        values = first[name].to_numpy(dtype=object if name == "home_of" else float, copy=True)
        if name == "area":
            values[:] = np.nan
        values[at] = own[name].to_numpy(dtype=values.dtype)
        found[name] = pd.Series(values, first.index, dtype=first[name].dtype)
    return pd.DataFrame(found)


def _fill(travel: pd.DataFrame) -> np.ndarray:
    """Return the visits that share a journey; 1 where it is not known."""
    return travel["visits_per_journey"].fillna(1.0).to_numpy(float)


def _leave_excess(
    accounts: pd.DataFrame, effort: pd.DataFrame, reps: pd.DataFrame, *, travel: pd.DataFrame, plan: TerritoryPlan,
    first: pd.DataFrame, plan_hours: PlanHours, way: TravelRules,
) -> DrivenPlan:
    """Return the plan without the accounts, last in value first, that are beyond their rep's hours by its true ways.

    An account that nobody took leaves the field too: hours that nobody has are in no plan. Who stays behind shares
    journeys with fewer, so ways are measured anew until nobody is beyond; every round leaves an account at least,
    hence it ends.
    """
    rep = plan.table["rep"]
    is_left = ~find_visited(effort) | (rep.isna() & (effort["hours_per_year"] > 0)).to_numpy()
    capacity = rep.map(reps.set_index("rep")["selling_hours_per_year"]).astype(float)
    while True:
        effort = plan_hours(travel["travel_hours_per_call"], is_left)
        beyond = _find_beyond(effort, rep, capacity, is_locked=accounts["locked_rep"].notna().to_numpy())
        if not beyond.any():
            break
        is_left = is_left | beyond
        travel = _follow(accounts, effort.assign(channel=effort["channel"].mask(is_left)), reps, rep=rep.mask(is_left),
                         first=first, way=way)
    return DrivenPlan(travel, effort, plan)


def _find_beyond(effort: pd.DataFrame, rep: pd.Series, capacity: pd.Series, *, is_locked: np.ndarray) -> np.ndarray:
    """Return the accounts beyond their rep's hours: the locked stay longest, then best tiers, then short ways."""
    at = np.flatnonzero(find_visited(effort) & rep.notna().to_numpy())
    own, who = effort.iloc[at], pd.factorize(rep.iloc[at])[0]
    tier = pd.Index(TIERS).get_indexer(own["tier"].astype(object))
    order = np.lexsort((own["travel_hours_per_call"].fillna(0.0).to_numpy(), tier, ~is_locked[at], who))
    hours, room = own["hours_per_year"].to_numpy(float)[order], capacity.to_numpy(float)[at[order]] + 1e-6
    used = np.where(hours > room, 0.0, hours).cumsum()
    first = np.flatnonzero(np.r_[True, who[order][1:] != who[order][:-1]]) if len(at) else np.empty(0, dtype=int)
    before = np.repeat(np.r_[0.0, used][first], np.diff(np.r_[first, len(at)]))
    beyond = np.zeros(len(effort), dtype=bool)
    beyond[at[order]] = (hours > room) | (used - before > room)
    return beyond
