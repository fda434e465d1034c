"""Territories: which rep looks after which account.

Travel and broken relations are kept low within a tolerance of balanced load; no
rep is planned beyond the selling hours there are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from salesmodel_kit.model.balance import widen_tolerance
from salesmodel_kit.model.demands import find_eligible
from salesmodel_kit.model.teams import Team, assign_team

EARTH_RADIUS_KM = 6371.0088


def measure_distance(
    latitude: np.ndarray, longitude: np.ndarray, to_latitude: np.ndarray, to_longitude: np.ndarray
) -> np.ndarray:
    """Return great-circle distances in km (haversine).

    Parameters
    ----------
    latitude, longitude, to_latitude, to_longitude : ndarray
        Degrees, WGS 84, of shapes that broadcast; missing gives missing.

    Returns
    -------
    ndarray
        Kilometers on a sphere of mean radius 6,371.0088 km.

    Examples
    --------
    >>> equator_to_pole = measure_distance(np.array(0.0), np.array(0.0), np.array(90.0), np.array(0.0))
    >>> round(float(equator_to_pole))
    10008
    """
    phi, to_phi = np.radians(latitude), np.radians(to_latitude)
    half_lambda = np.radians(to_longitude - longitude) / 2
    chord = np.sin((to_phi - phi) / 2) ** 2 + np.cos(phi) * np.cos(to_phi) * np.sin(half_lambda) ** 2
    return 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(chord, 0, 1)))


@dataclass(frozen=True)
class TerritoryRules:
    """What a plan of territories weighs and keeps to.

    Parameters
    ----------
    detour_factor : float
        Road distance / great-circle distance, >= 1.
    balance_tolerance : float
        Allowed deviation from an equal load of hours, 0-1.
    relation_km : float
        Kilometers a call that a present relation is worth.
    potential_tolerance : float, optional
        Allowed deviation from an equal share of the potential; None: potential is not balanced.
    speed_kmh : float, optional
        On the road; None: not declared, hours do not depend on the rep.
    balance_from : float
        Share of a field rep's hours from which balance counts; below, travel and relations decide.
    """

    detour_factor: float
    balance_tolerance: float
    relation_km: float
    potential_tolerance: float | None = None
    speed_kmh: float | None = None
    balance_from: float = 0.0


@dataclass(frozen=True)
class TerritoryPlan:
    """Who looks after whom, how near that is to the best possible, and what could not be met.

    Parameters
    ----------
    table : DataFrame
        Table ``territories``.
    conditions : DataFrame
        Table ``territory_conditions``: the smallest set of conditions to give up, empty where all hold.
    cost_km : float
        Kilometers per year, to and fro, and those that broken relations are worth.
    bound_km : float
        No plan within the conditions has less; missing where some could not be held.
    per_journey : ndarray (n_accounts,), optional
        Visits that shared a journey when the kilometers were weighed.
    """

    table: pd.DataFrame
    conditions: pd.DataFrame
    cost_km: float
    bound_km: float
    per_journey: np.ndarray | None = None

    @property
    def gap(self) -> float:
        """Return ``(cost_km - bound_km) / bound_km``; missing where there is no bound."""
        if self.cost_km <= self.bound_km:
            return 0.0
        return (self.cost_km - self.bound_km) / self.bound_km if self.bound_km > 0 else float("nan")


def assign_accounts(
    accounts: pd.DataFrame, effort: pd.DataFrame, reps: pd.DataFrame, *, rules: TerritoryRules,
    per_journey: np.ndarray | None = None, settled: TerritoryPlan | None = None,
) -> TerritoryPlan:
    """Return the rep of every account, near, known, able and within balanced hours.

    Within each role: minimize ``visits x 2 x distance x detour_factor / per_journey + calls x
    relation_km where the rep is new`` subject to one rep an account, one rep a
    family, skills, languages and locks, hours (and potential, where asked) of a rep within the
    tolerance of an equal load, and hours never above the selling hours.

    Parameters
    ----------
    accounts : DataFrame (n_accounts, ...)
        Table ``accounts``: place, present ``owner``, ``family``, ``required_skill``,
        ``required_language``, ``locked_rep``, potential. An account without a place
        costs no travel to anybody.
    effort : DataFrame (n_accounts, ...)
        Table ``account_effort``, same order.
    reps : DataFrame (n_reps, ...)
        Table ``reps`` with ``selling_hours_per_year`` filled; who has 0, because of leaving, gets nobody.
    rules : TerritoryRules
        Tolerances, and what a relation is worth.
    per_journey : ndarray (n_accounts,), optional
        Visits that share a journey to the account's area, >= 1; each takes its own where not given. With
        a declared speed hours on the way are those from the rep's home.
    settled : TerritoryPlan, optional
        A plan in which those who visit stay as they are, some accounts less: only the other roles are planned.

    Returns
    -------
    TerritoryPlan
        ``rep`` is missing where no call in person or by phone is planned, where no rep of
        the role meets the conditions, and where none has room.

    Notes
    -----
    Source: Hess & Samuels (1971), balanced assignment; Zoltners & Sinha (2005); Skiera & Albers
    (1998): do not balance for its own sake, hence the tolerance. Families and balance hold within a role.
    """
    distance = measure_distances(accounts, reps, detour_factor=rules.detour_factor)
    shared = distance / (1.0 if per_journey is None else per_journey[:, None])
    travel_cost = weigh_visits(accounts, effort, reps, distance=shared, relation_km=rules.relation_km)
    eligible, capacity = find_eligible(accounts, reps), reps["selling_hours_per_year"].to_numpy(float)
    rep = np.full(len(accounts), -1)
    found: list[dict[str, object]] = []
    total = bound = 0.0
    role = reps["role"].to_numpy(dtype=object)
    channel, hours = effort["channel"].to_numpy(), effort["hours_per_year"].to_numpy(float)
    grid = measure_hours(effort, distance=shared, speed_kmh=rules.speed_kmh)
    for channel_role in pd.unique(role):
        rows = np.flatnonzero((channel == channel_role) & (hours > 0))
        team = Team(channel_role, rows, np.flatnonzero(role == channel_role))
        is_settled = settled is not None and channel_role == "field"
        if is_settled:  # told even where all whom they keep away have left
            found += settled.conditions[settled.conditions["role"] == "field"].to_dict("records")
        if not len(rows):
            continue
        if is_settled:
            rep[rows] = pd.Index(reps["rep"]).get_indexer(settled.table["rep"].iloc[rows].astype(object))
            has_rep = rows[rep[rows] >= 0]
            is_whole = len(has_rep) == settled.table["rep"].notna().sum()
            total += travel_cost[has_rep, rep[has_rep]].sum()
            bound += settled.bound_km if is_whole else np.nan
            continue
        tolerance = widen_tolerance(
            channel_role, rules.balance_tolerance, hours=hours[rows].sum(), capacity=capacity[team.reps].sum(),
            balance_from=rules.balance_from)
        plan = assign_team(team, accounts, hours if grid is None or channel_role != "field" else grid, capacity,
                           cost=travel_cost[np.ix_(rows, team.reps)], eligible=eligible,
                           tolerances=(tolerance, rules.potential_tolerance))
        rep[rows] = np.where(plan.chosen >= 0, team.reps[plan.chosen], -1)
        total, bound = total + plan.cost, bound + plan.bound
        found += plan.conditions
    names = np.append(reps["rep"].to_numpy(dtype=object), None)[rep]
    table = _describe_territories(accounts, effort, reps, rep=names, distance=distance)
    return TerritoryPlan(table, _list_conditions(found), total, bound, per_journey)


def weigh_visits(
    accounts: pd.DataFrame, effort: pd.DataFrame, reps: pd.DataFrame, *, distance: np.ndarray, relation_km: float
) -> np.ndarray:
    """Return the kilometers per year of each rep for each account, and those that a broken relation is worth.

    Parameters
    ----------
    accounts, effort, reps : DataFrame
        As for :func:`assign_accounts`.
    distance : ndarray (n_accounts, n_reps)
        From :func:`measure_distances`; missing costs nothing.
    relation_km : float
        Kilometers a call that a present relation is worth.

    Returns
    -------
    ndarray (n_accounts, n_reps)
        ``calls x (2 x distance + relation_km where the rep is new)``; no travel but for visits.
    """
    owner, name = accounts["owner"].astype(object).to_numpy(), reps["rep"].to_numpy(dtype=object)
    is_new = (owner[:, None] != name[None, :]) & pd.notna(owner)[:, None]
    travel = np.where(find_visited(effort)[:, None], np.nan_to_num(distance), 0.0)
    calls = effort["calls_per_year"].fillna(0).to_numpy(float)
    return count_visits(effort)[:, None] * 2 * travel + calls[:, None] * relation_km * is_new


def measure_hours(effort: pd.DataFrame, *, distance: np.ndarray, speed_kmh: float | None) -> np.ndarray | None:
    """Return the hours per year that each rep would take for each account, the way from the rep's home included.

    Parameters
    ----------
    effort : DataFrame (n_accounts, ...)
        Table ``account_effort``.
    distance : ndarray (n_accounts, n_reps)
        One way by road / visits that share it; missing: the hours on the way of ``effort`` hold.
    speed_kmh : float or None
        On the road; None: not declared.

    Returns
    -------
    ndarray (n_accounts, n_reps) or None
        None where hours are the same for everybody.
    """
    if speed_kmh is None:
        return None
    planned = effort["hours_per_year"].to_numpy(float)
    contact = np.nan_to_num(effort["calls_per_year"] * effort["hours_per_call"])
    way = count_visits(effort)[:, None] * 2 * distance / speed_kmh
    is_driven = find_visited(effort)[:, None] & ~np.isnan(distance)
    return np.where(is_driven, contact[:, None] + way, planned[:, None])


def count_visits(effort: pd.DataFrame) -> np.ndarray:
    """Return the calls per year of each account that take the way.

    Parameters
    ----------
    effort : DataFrame (n_accounts, ...)
        Table ``account_effort``; without ``visits_per_year`` every call is a visit.

    Returns
    -------
    ndarray (n_accounts,)
        Visits per year; missing counts 0.
    """
    return effort.get("visits_per_year", effort["calls_per_year"]).fillna(0).to_numpy(float)


def find_visited(effort: pd.DataFrame) -> np.ndarray:
    """Return which accounts the plan visits: those of the field.

    Parameters
    ----------
    effort : DataFrame (n_accounts, ...)
        Table ``account_effort``.

    Returns
    -------
    ndarray of bool (n_accounts,)
    """
    return (effort["channel"] == "field").to_numpy(bool, na_value=False)


def measure_distances(accounts: pd.DataFrame, reps: pd.DataFrame, *, detour_factor: float) -> np.ndarray:
    """Return the kilometers by road from each rep's place to each account.

    Parameters
    ----------
    accounts, reps : DataFrame
        With ``latitude`` and ``longitude`` in degrees.
    detour_factor : float
        Road distance / great-circle distance, >= 1.

    Returns
    -------
    ndarray (n_accounts, n_reps)
        Missing where either place is.
    """
    place, home = (table[["latitude", "longitude"]].to_numpy(float) for table in (accounts, reps))
    return detour_factor * measure_distance(place[:, 0, None], place[:, 1, None], home[None, :, 0], home[None, :, 1])


def _list_conditions(found: list[dict[str, object]]) -> pd.DataFrame:
    """Return the table ``territory_conditions``: accounts that need the same counted together."""
    columns = {"condition": "str", "role": "str", "subject": "str", "account": "str", "n_accounts": "Int64",
               "hours_per_year": float, "asked": float, "reached": float, "instead": "str"}
    table = pd.DataFrame(found, columns=list(columns)).astype(columns)
    keys = ["condition", "role", "subject"]
    first = dict.fromkeys(("account", "asked", "reached", "instead"), "first")
    grouped = table.groupby(keys, sort=False, dropna=False).agg({**first, "n_accounts": "sum", "hours_per_year": "sum"})
    return grouped.reset_index()[list(columns)].astype(columns)


def _describe_territories(
    accounts: pd.DataFrame, effort: pd.DataFrame, reps: pd.DataFrame, *, rep: np.ndarray, distance: np.ndarray
) -> pd.DataFrame:
    column = pd.Index(reps["rep"].to_numpy(dtype=object)).get_indexer(rep)
    has_rep = column >= 0
    is_visited = has_rep & find_visited(effort)
    owner = accounts["owner"]
    kept = pd.Series(rep == owner.astype(object).to_numpy(), index=accounts.index, dtype="boolean").mask(
        owner.isna() | ~has_rep
    )
    return pd.DataFrame(
        {
            "account": accounts["account"],
            "rep": pd.Series(rep, index=accounts.index).astype("str"),
            "owner": owner,
            "kept": kept,
            "distance_km": np.where(is_visited, distance[np.arange(len(accounts)), column], np.nan)
            if len(reps)
            else np.nan,
            "channel": effort["channel"].to_numpy(),
            "hours_per_year": effort["hours_per_year"].to_numpy(),
        }
    )


def summarize_reps(
    territories: pd.DataFrame, reps: pd.DataFrame, tiers: pd.DataFrame, *, best_tier: str = "gold"
) -> pd.DataFrame:
    """Return the load of each rep.

    Parameters
    ----------
    territories : DataFrame (n_accounts, ...)
        Table ``territories``.
    reps : DataFrame (n_reps, ...)
        Table ``reps`` with ``selling_hours_per_year`` filled; ``is_proposed`` marks homes that are proposed.
    tiers : DataFrame (n_accounts, ...)
        Table ``account_tiers``, same order as ``territories``.
    best_tier : str
        The client's best tier, counted in ``n_gold``.

    Returns
    -------
    DataFrame (n_reps, ...)
        Table ``rep_summary``.
    """
    joined = territories.assign(
        tier=tiers["tier"].to_numpy(), potential_per_year=tiers["potential_per_year"].to_numpy()
    )
    group = joined.groupby("rep")
    table = reps[["rep", "name", "role", "selling_hours_per_year"]].copy()

    def count(column: pd.Series) -> pd.Series:
        return table["rep"].map(column).astype(float).fillna(0).astype("Int64")

    table["hours_per_year"] = table["rep"].map(group["hours_per_year"].sum()).astype(float).fillna(0.0)
    table["load"] = table["hours_per_year"] / table["selling_hours_per_year"].where(table["selling_hours_per_year"] > 0)
    table["n_accounts"] = count(group.size())
    present = count(territories["owner"].value_counts())
    table["n_present_accounts"] = present if territories["owner"].notna().any() else pd.NA
    table["n_present_accounts"] = table["n_present_accounts"].astype("Int64")
    table["n_gold"] = count(joined[joined["tier"] == best_tier].groupby("rep").size())
    table["n_kept"] = count(joined[joined["kept"].fillna(False)].groupby("rep").size())
    table["mean_distance_km"] = table["rep"].map(group["distance_km"].mean()).astype(float)
    table["potential_per_year"] = table["rep"].map(group["potential_per_year"].sum(min_count=1)).astype(float)
    is_proposed = reps.get("is_proposed", pd.Series(False, index=reps.index)).astype("boolean")
    return table.assign(latitude=reps["latitude"].to_numpy(), longitude=reps["longitude"].to_numpy(),
                        is_proposed=is_proposed.array)
