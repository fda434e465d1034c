"""Territories: which rep looks after which account.

Travel and broken relations are kept low within a tolerance of balanced load; no
rep is planned beyond the selling hours there are.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack

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


def assign_accounts(
    accounts: pd.DataFrame,
    effort: pd.DataFrame,
    reps: pd.DataFrame,
    *,
    detour_factor: float,
    balance_tolerance: float,
    relation_km: float,
) -> pd.DataFrame:
    """Return the rep of every account, near, known and within balanced hours.

    Within each role: minimize ``calls x (2 x distance x detour_factor +
    relation_km where the rep is new)`` subject to one rep an account, hours of a
    rep within ``balance_tolerance`` of an equal load and never above the selling
    hours. The linear relaxation is solved; the few accounts it splits go to
    their cheapest rep that has room.

    Parameters
    ----------
    accounts : DataFrame (n_accounts, ...)
        Table ``accounts``: place and present ``owner``. An account without a place
        costs no travel to anybody.
    effort : DataFrame (n_accounts, ...)
        Table ``account_effort``, same order.
    reps : DataFrame (n_reps, ...)
        Table ``reps`` with ``selling_hours_per_year`` filled.
    detour_factor : float
        Road distance / great-circle distance, >= 1.
    balance_tolerance : float
        Allowed deviation from an equal load, 0-1.
    relation_km : float
        Kilometers a call that a present relation is worth.

    Returns
    -------
    DataFrame (n_accounts, ...)
        Table ``territories``; ``rep`` is missing where no call in person or by phone is
        planned, and where no rep of the role has room.

    Notes
    -----
    Source: Hess & Samuels (1971), balanced assignment; Skiera & Albers (1998): do
    not balance for its own sake, hence the tolerance.
    """
    rep = np.full(len(accounts), None, dtype=object)
    distance = _measure_distances(accounts, reps, detour_factor)
    owner = accounts["owner"].astype(object).to_numpy()
    channel = effort["channel"].astype(object).to_numpy()
    hours, calls = effort["hours_per_year"].to_numpy(float), effort["calls_per_year"].to_numpy(float)
    role, name = reps["role"].to_numpy(), reps["rep"].to_numpy(dtype=object)
    for channel_role in pd.unique(role):
        rows = np.flatnonzero((channel == channel_role) & (hours > 0))
        columns = np.flatnonzero(role == channel_role)
        if not len(rows):
            continue
        travel = (
            np.nan_to_num(distance[np.ix_(rows, columns)])
            if channel_role == "field"
            else np.zeros((len(rows), len(columns)))
        )
        is_new = (owner[rows, None] != name[None, columns]) & pd.notna(owner[rows])[:, None]
        cost = calls[rows, None] * (2 * travel + relation_km * is_new)
        chosen = assign_within_capacity(
            cost, hours[rows], reps["selling_hours_per_year"].to_numpy(float)[columns], tolerance=balance_tolerance
        )
        rep[rows[chosen >= 0]] = name[columns[chosen[chosen >= 0]]]
    return _describe_territories(accounts, effort, reps, rep=rep, distance=distance)


def assign_within_capacity(
    cost: np.ndarray, hours: np.ndarray, capacity: np.ndarray, *, tolerance: float
) -> np.ndarray:
    """Return the column chosen for each row, near the least cost within balanced capacity.

    Parameters
    ----------
    cost : ndarray (n_accounts, n_reps)
        Cost of giving the account to the rep, finite.
    hours : ndarray (n_accounts,)
        Hours an account takes, > 0.
    capacity : ndarray (n_reps,)
        Hours a rep has, >= 0.
    tolerance : float
        Allowed deviation from an equal load, 0-1.

    Returns
    -------
    ndarray of int (n_accounts,)
        Index of the rep; -1 where nobody has room.
    """
    n_reps = len(capacity)
    target = hours.sum() * capacity / max(capacity.sum(), np.finfo(float).tiny)
    upper = np.minimum(capacity, (1 + tolerance) * target)
    lower = np.minimum((1 - tolerance) * target, upper)
    share = _relax(cost, hours, lower, upper)
    chosen = np.where(share.max(axis=1) > 1 - 1e-6, share.argmax(axis=1), -1)
    load = np.bincount(chosen[chosen >= 0], weights=hours[chosen >= 0], minlength=n_reps).astype(float)
    for row in sorted(np.flatnonzero(chosen < 0), key=lambda row: -hours[row]):
        for limit in (upper, capacity):
            room = np.flatnonzero(load + hours[row] <= limit + 1e-9)
            if len(room):
                chosen[row] = room[np.lexsort((-share[row, room], cost[row, room]))[0]]
                load[chosen[row]] += hours[row]
                break
    return chosen


def _relax(cost: np.ndarray, hours: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> np.ndarray:
    """Return the linear relaxation: shares of each account per rep, zeros when the hours do not fit."""
    n_accounts, n_reps = cost.shape
    cells = np.arange(n_accounts * n_reps)
    ones = np.ones(len(cells))
    one_rep = csr_array((ones, (cells // n_reps, cells)), shape=(n_accounts, len(cells)))
    load = csr_array((np.repeat(hours, n_reps), (cells % n_reps, cells)), shape=(n_reps, len(cells)))
    scale = max(float(np.abs(cost).max(initial=0)), 1.0)
    solved = linprog(
        (cost / scale).ravel(),
        A_ub=vstack([load, -load]),
        b_ub=np.concatenate([upper, -lower]),
        A_eq=one_rep,
        b_eq=np.ones(n_accounts),
        bounds=(0, 1),
        method="highs",
    )
    return solved.x.reshape(cost.shape) if solved.status == 0 else np.zeros_like(cost)


def _measure_distances(accounts: pd.DataFrame, reps: pd.DataFrame, detour_factor: float) -> np.ndarray:
    place, home = (table[["latitude", "longitude"]].to_numpy(float) for table in (accounts, reps))
    return detour_factor * measure_distance(place[:, 0, None], place[:, 1, None], home[None, :, 0], home[None, :, 1])


def _describe_territories(
    accounts: pd.DataFrame, effort: pd.DataFrame, reps: pd.DataFrame, *, rep: np.ndarray, distance: np.ndarray
) -> pd.DataFrame:
    column = pd.Index(reps["rep"].to_numpy(dtype=object)).get_indexer(rep)
    has_rep = column >= 0
    is_visited = has_rep & (effort["channel"] == "field").to_numpy()
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
        Table ``reps`` with ``selling_hours_per_year`` filled.
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
    return table.assign(latitude=reps["latitude"].to_numpy(), longitude=reps["longitude"].to_numpy())
