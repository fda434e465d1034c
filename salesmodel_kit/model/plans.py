"""Plans of territories side by side: present, proposed, and as edited by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesmodel_kit.model.balance import widen_tolerance
from salesmodel_kit.model.demands import combine_eligible, find_eligible
from salesmodel_kit.model.territories import (
    TerritoryPlan,
    TerritoryRules,
    count_visits,
    find_visited,
    measure_distances,
    weigh_visits,
)
from salesmodel_kit.model.travel import TravelRules, share_journeys
from salesmodel_kit.tables import PLAN_DIFFERENCES, dtype_of


def compare_plans(
    accounts: pd.DataFrame, effort: pd.DataFrame, reps: pd.DataFrame, *, proposed: TerritoryPlan, rules: TerritoryRules,
    way: TravelRules,
) -> pd.DataFrame:
    """Return the same measures for each plan, on the hours and calls planned from now on.

    Parameters
    ----------
    accounts : DataFrame (n_accounts, ...)
        Table ``accounts``: present ``owner``; ``wished_rep`` where somebody edited the plan by
        hand, the proposed rep stands where it is missing.
    effort : DataFrame (n_accounts, ...)
        Table ``account_effort``, same order.
    reps : DataFrame (n_reps, ...)
        Table ``reps`` with ``selling_hours_per_year`` filled.
    proposed : TerritoryPlan
        From ``assign_accounts``.
    rules : TerritoryRules
        Those that it keeps to.
    way : TravelRules
        What a journey is: kilometers, and with a declared speed hours, are those of each plan's own journeys.

    Returns
    -------
    DataFrame
        Table ``plan_comparison``: ``present`` where an owner is known, ``proposed``,
        ``wished`` where a rep is wished. Only accounts with planned hours count.
    """
    accounts, effort = accounts.reset_index(drop=True), effort.reset_index(drop=True)
    distance = measure_distances(accounts, reps, detour_factor=rules.detour_factor)
    fill = np.ones(len(accounts)) if proposed.per_journey is None else proposed.per_journey
    cost = weigh_visits(accounts, effort, reps, distance=distance / fill[:, None], relation_km=rules.relation_km)
    grids = {"cost": cost, "distance": distance, "met": _meet_all(accounts, reps)}
    plans = _list_plans(accounts, effort, reps, proposed=proposed)
    rows = [{"plan": name, **_measure_plan(chosen, accounts, effort, reps, grids=grids, rules=(rules, way))}
            for name, chosen in plans.items()]
    table = pd.DataFrame(rows).assign(
        n_other_rep=[int((chosen != plans["proposed"]).sum()) for chosen in plans.values()])
    return _add_gap(table, proposed).astype({"plan": "str", **dict.fromkeys(_COUNTS, "Int64")})


_COUNTS = ("n_accounts", "n_nobody", "n_reps", "n_changed", "n_without_place", "n_outside", "n_over", "n_unmet",
           "n_other_role", "n_other_rep")


def _list_plans(
    accounts: pd.DataFrame, effort: pd.DataFrame, reps: pd.DataFrame, *, proposed: TerritoryPlan
) -> dict[str, np.ndarray]:
    """Return the plans that there are, each as the row of every account's rep; -1: nobody, or nothing is planned."""
    names = pd.Index(reps["rep"].to_numpy(dtype=object))
    is_planned = _find_planned(effort)
    owner, rep = (column.astype(object).to_numpy() for column in (accounts["owner"], proposed.table["rep"]))
    wished = accounts["wished_rep"].astype(object).to_numpy()
    plans = {"present": owner, "proposed": rep, "wished": np.where(pd.notna(wished), wished, rep)}
    there = {"present": pd.notna(owner).any(), "proposed": True, "wished": pd.notna(wished).any()}
    return {name: np.where(is_planned, names.get_indexer(who), -1) for name, who in plans.items() if there[name]}


def _find_planned(effort: pd.DataFrame) -> np.ndarray:
    return ((effort["hours_per_year"] > 0) & (effort["channel"] != "marketing")).to_numpy()


def list_differences(
    accounts: pd.DataFrame, effort: pd.DataFrame, reps: pd.DataFrame, *, proposed: TerritoryPlan, way: TravelRules
) -> pd.DataFrame:
    """Return the accounts on which the plans do not agree, those edited by hand first, then by planned hours.

    Parameters
    ----------
    accounts, effort, reps : DataFrame
        As for :func:`compare_plans`.
    proposed : TerritoryPlan
        From ``assign_accounts``.
    way : TravelRules
        What a journey is: kilometers are those of each plan's own journeys.

    Returns
    -------
    DataFrame (n_differences, ...)
        Table ``plan_differences``; only accounts with planned hours.
    """
    accounts, effort = accounts.reset_index(drop=True), effort.reset_index(drop=True)
    plans = _list_plans(accounts, effort, reps, proposed=proposed)
    columns = np.stack(list(plans.values()))
    at = np.flatnonzero((columns != columns[0]).any(axis=0))
    distance = measure_distances(accounts, reps, detour_factor=way.detour_factor)
    driven = {name: _drive(chosen, accounts, effort, distance, way=way)[0] for name, chosen in plans.items()}
    is_visited = find_visited(effort)[at]
    driven = {name: np.where(is_visited & (plans[name][at] >= 0), km[at], np.nan) for name, km in driven.items()}
    plans = {name: chosen[at] for name, chosen in plans.items()}
    names = np.append(reps["rep"].to_numpy(dtype=object), None)
    nobody, hours = np.full(len(at), -1), effort["hours_per_year"].to_numpy(float)[at]
    table = {"account": accounts["account"].to_numpy()[at], "name": accounts["name"].to_numpy()[at]}
    by_hand = plans.get("wished", plans["proposed"]) != plans["proposed"]
    shown = {"present": plans.get("present", nobody), "proposed": plans["proposed"],
             "wished": np.where(by_hand, plans.get("wished", nobody), -1)}
    table |= {f"{name}_rep": names[chosen] for name, chosen in shown.items()} | {"hours_per_year": hours}
    table |= {f"{name}_km_per_year": np.where(chosen >= 0, driven.get(name, np.nan), np.nan)
              for name, chosen in shown.items()}
    order = np.lexsort((-hours, ~by_hand))
    return pd.DataFrame(table).iloc[order].reset_index(drop=True).astype(
        {column.name: dtype_of(column) for column in PLAN_DIFFERENCES.columns})


def _meet_all(accounts: pd.DataFrame, reps: pd.DataFrame) -> np.ndarray:
    """Return who has the skills, the languages and the lock that an account asks for."""
    return combine_eligible(find_eligible(accounts, reps), (len(accounts), len(reps)))


def _measure_plan(
    chosen: np.ndarray, accounts: pd.DataFrame, effort: pd.DataFrame, reps: pd.DataFrame, *,
    grids: dict[str, np.ndarray], rules: tuple[TerritoryRules, TravelRules],
) -> dict[str, object]:
    at = np.flatnonzero(chosen >= 0)
    cells = at, chosen[at]
    is_visited = find_visited(effort)[at]
    distance = grids["distance"][cells]
    km, hours = _drive(chosen, accounts, effort, grids["distance"], way=rules[1])
    travel = km[at]
    roles = reps["role"].to_numpy(dtype=object)[chosen[at]]
    is_new = _find_new(accounts["owner"].iloc[at], reps["rep"].to_numpy(dtype=object)[chosen[at]])
    sales = accounts["sales_per_year"].to_numpy(float)[at]
    has_owner = accounts["owner"].notna().to_numpy()[at]
    n_owned, owned_sales = int(has_owner.sum()), float(np.nansum(sales[has_owner]))
    return {
        "n_accounts": len(at), "n_nobody": int(_find_planned(effort).sum()) - len(at),
        "n_reps": len(np.unique(chosen[at])),
        "n_changed": int(is_new.sum()), "changed_share": is_new.sum() / n_owned if n_owned else np.nan,
        "changed_sales_share": float(np.nansum(sales[is_new])) / owned_sales if owned_sales > 0 else np.nan,
        "travel_km_per_year": float(np.nansum(travel)) if np.isfinite(travel[is_visited]).any() else np.nan,
        "n_without_place": int((is_visited & np.isnan(distance)).sum()),
        "n_unmet": int((~grids["met"][cells]).sum()) + _count_parted(accounts["family"].iloc[at], chosen[at]),
        "n_other_role": int((effort["channel"].astype(object).to_numpy()[at] != roles).sum()),
        "cost_km": float(grids["cost"][cells].sum()),
        **_measure_balance(chosen, accounts, hours, reps, tolerance=_find_tolerances(effort, reps, rules[0])),
    }


def _drive(
    chosen: np.ndarray, accounts: pd.DataFrame, effort: pd.DataFrame, distance: np.ndarray, *, way: TravelRules
) -> tuple[np.ndarray, np.ndarray]:
    """Return the kilometers and the hours per year of each account, by the journeys of a plan."""
    is_visited = find_visited(effort) & (chosen >= 0)
    visits = np.where(is_visited, count_visits(effort), 0.0)
    own = distance[np.arange(len(chosen)), chosen] if distance.shape[1] else np.full(len(chosen), np.nan)
    shared = share_journeys(
        accounts, rep=pd.Series(chosen, accounts.index).where(is_visited), visits=pd.Series(visits, accounts.index),
        distance_km=pd.Series(own, accounts.index), rules=way)
    contact = (effort["calls_per_year"] * effort["hours_per_call"]).to_numpy(float)
    driven = np.where(is_visited, contact + visits * shared["travel_hours_per_call"].to_numpy(), np.nan)
    hours = np.where(np.isnan(driven), effort["hours_per_year"].to_numpy(float), driven)
    return np.where(is_visited, visits * shared["travel_km_per_call"].to_numpy(), 0.0), hours


def _find_new(owner: pd.Series, rep: np.ndarray) -> np.ndarray:
    present = owner.astype(object).to_numpy()
    return pd.notna(present) & (present != rep)


def _count_parted(family: pd.Series, chosen: np.ndarray) -> int:
    """Return the accounts of families that do not all have one rep."""
    known = family.notna().to_numpy()
    n_reps = pd.Series(chosen[known]).groupby(family[known].to_numpy()).transform("nunique")
    return int((n_reps > 1).sum())


def _measure_balance(
    chosen: np.ndarray, accounts: pd.DataFrame, hours: np.ndarray, reps: pd.DataFrame, *, tolerance: np.ndarray
) -> dict[str, object]:
    """Return the largest deviations from an equal load within a role, and how many reps are beyond the tolerance."""
    at = np.flatnonzero(chosen >= 0)
    capacity, role = reps["selling_hours_per_year"].to_numpy(float), reps["role"].to_numpy(dtype=object)
    worst: dict[str, float] = {}
    is_outside = is_over = np.zeros(len(reps), dtype=bool)
    for name, column in (("hours", hours), ("potential", accounts["potential_per_year"].to_numpy(float))):
        amount = np.nan_to_num(column)
        load = np.bincount(chosen[at], weights=amount[at], minlength=len(reps)).astype(float)
        off = np.zeros(len(reps))
        for team in (role == one for one in pd.unique(role)):
            equal = load[team].sum() * capacity[team] / max(capacity[team].sum(), np.finfo(float).tiny)
            off[team] = np.abs(load[team] - equal) / np.where(equal > 0, equal, np.nan)
        worst[f"{name}_deviation"] = float(np.nanmax(off)) if np.isfinite(off).any() else np.nan
        if name == "hours":
            is_over = load > capacity + 1e-6
            is_outside = (off > tolerance + 1e-6) | is_over
    known = accounts["potential_per_year"].notna().any()
    return worst | {"potential_deviation": worst["potential_deviation"] if known else np.nan,
                    "hours_tolerance": float(tolerance[capacity > 0].max(initial=0.0)),
                    "n_outside": int(is_outside.sum()), "n_over": int(is_over.sum())}


def _find_tolerances(effort: pd.DataFrame, reps: pd.DataFrame, rules: TerritoryRules) -> np.ndarray:
    """Return the tolerance of hours that holds for the role of each rep."""
    hours = effort["hours_per_year"].groupby(effort["channel"].astype(object)).sum()
    capacity = reps["selling_hours_per_year"].groupby(reps["role"].astype(object)).sum()
    held = {role: widen_tolerance(role, rules.balance_tolerance, hours=float(hours.get(role, 0.0)),
                                  capacity=float(room), balance_from=rules.balance_from)
            for role, room in capacity.items()}
    return reps["role"].astype(object).map(held).to_numpy(float)


def _add_gap(table: pd.DataFrame, proposed: TerritoryPlan) -> pd.DataFrame:
    """Return the table with the gap to the bound, for plans that keep to all conditions and serve as many."""
    n_served = table.loc[table["plan"] == "proposed", "n_accounts"].iloc[0]
    holds = (table[["n_outside", "n_unmet", "n_other_role"]] == 0).all(axis=1) & (table["n_accounts"] == n_served)
    bound = proposed.bound_km
    gap = (table["cost_km"] - bound).clip(lower=0) / bound if bound > 0 else table["cost_km"] * np.nan
    return table.assign(gap=gap.where(holds | (table["plan"] == "proposed")))
