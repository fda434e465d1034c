"""Home offices to be placed: the towns from which new reps would drive least, homes that are there kept.

The p-median problem: each account is visited from the nearest home. Hours do not
limit whom a home serves, so this says where a home lies well, not who gets whom;
the plan of territories decides that afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from salesmodel_kit.model.territories import measure_distance
from salesmodel_kit.tables import HOME_PROPOSALS, dtype_of

#: Accounts are drawn together in at most so many places, by town, else on a grid of degrees.
MOST_PLACES = 800
_FINEST_GRID = 0.1
_MOST_STEPS, _SMALL_GAP, _MOST_SWAPS = 600, 1e-3, 200


@dataclass(frozen=True)
class HomePlan:
    """Homes proposed, and the kilometers with and without them.

    Parameters
    ----------
    homes : DataFrame (n_homes, ...)
        ``city`` (missing: no town is known there), ``latitude``, ``longitude``, ``near`` (the
        account there with most visits), ``n_accounts`` and ``visits_per_year`` of the accounts
        nearest to this home, ``travel_km_per_year`` to them and back; most visits first.
    km_per_year : float
        To every account with a place and back from the nearest home, at one visit a journey.
    km_before : float
        The same without the new homes; missing where no home is there.
    km_middle : float
        The same with all new homes in the town that lies best for all accounts together.
    bound_km : float
        No homes in these towns drive less.
    n_without_place : int
        Accounts to be visited whose place is not known; they have no say.
    """

    homes: pd.DataFrame
    km_per_year: float
    km_before: float
    km_middle: float
    bound_km: float
    n_without_place: int

    @property
    def gap(self) -> float:
        """Return ``(km_per_year - bound_km) / bound_km``; missing where the bound is 0 and the kilometers are not."""
        above = max(self.km_per_year - self.bound_km, 0.0)
        return above / self.bound_km if self.bound_km > 0 else (0.0 if above == 0 else float("nan"))


def place_homes(
    accounts: pd.DataFrame, visits: np.ndarray, homes: pd.DataFrame, *, n_homes: int, detour_factor: float
) -> HomePlan | None:
    """Return the towns of the accounts where new homes save most travel.

    Minimizes ``sum of 2 x visits x distance to the nearest home x detour_factor``
    over ``n_homes`` new homes among the towns of the accounts, beside the homes that are there.

    Parameters
    ----------
    accounts : DataFrame (n_accounts, ...)
        ``latitude``, ``longitude``, degrees, missing: no place; ``city``, ``name``.
    visits : ndarray (n_accounts,)
        Visits per year, or any other weight; missing or 0: the account has no say.
    homes : DataFrame (n_present, ...)
        ``latitude``, ``longitude`` of the homes that stay; may have no row.
    n_homes : int
        New homes, >= 1.
    detour_factor : float
        Road distance / great-circle distance, >= 1.

    Returns
    -------
    HomePlan or None
        None where no account to be visited has a place. One home is the best of all towns; more are
        found by greedy choice and interchange and carry a bound.

    Raises
    ------
    ValueError
        ``n_homes`` is below 1.

    Notes
    -----
    Source: Hakimi (1964), p-median; Teitz & Bart (1968), interchange; Cornuejols, Fisher &
    Nemhauser (1977), bound by Lagrangian relaxation. Time ``n_places^2 x n_homes`` per round, at
    most 800 places whatever the number of accounts; kilometers are then measured for every account.

    Examples
    --------
    >>> towns = pd.DataFrame({"latitude": [48.0, 48.0, 44.0], "longitude": [2.0, 2.1, 5.0],
    ...                       "city": ["A", "B", "C"], "name": ["a", "b", "c"]})
    >>> found = place_homes(towns, np.array([1.0, 1.0, 5.0]), towns.iloc[:1], n_homes=1, detour_factor=1.0)
    >>> found.homes["city"].tolist(), found.gap
    (['C'], 0.0)
    """
    if n_homes < 1:
        raise ValueError("n_homes must be 1 or more")
    weight = np.nan_to_num(np.asarray(visits, dtype=float))
    is_placed = (accounts["latitude"].notna() & accounts["longitude"].notna()).to_numpy()
    at = np.flatnonzero(is_placed & (weight > 0))
    if not len(at):
        return None
    visited = accounts.iloc[at].assign(weight=2 * detour_factor * weight[at]).reset_index(drop=True)
    places = _list_places(visited)
    cost = places["weight"].to_numpy()[:, None] * _measure(places, places)
    fixed = (places["weight"].to_numpy()[:, None] * _measure(places, homes)).min(axis=1, initial=np.inf)
    chosen = _interchange(cost, fixed, _choose_greedily(cost, fixed, n_homes))
    rough = _sum_nearest(cost, fixed, chosen)
    bound = rough if len(chosen) == 1 else _bound(cost, fixed, chosen, reached=rough)
    middle = places.iloc[[int(cost.sum(axis=0).argmin())]]
    table, total = _describe(visited, places.iloc[chosen], homes, per_visit=2 * detour_factor)
    return HomePlan(
        table, total, _sum_km(visited, homes) if len(homes) else float("nan"),
        _sum_km(visited, pd.concat([homes[["latitude", "longitude"]], middle[["latitude", "longitude"]]])),
        total * (bound / rough if rough > 0 else 1.0), int(((weight > 0) & ~is_placed).sum()))


def find_unplaced(reps: pd.DataFrame) -> np.ndarray:
    """Return which reps wait for a home: in the field, staying, without a place, and to be placed.

    Parameters
    ----------
    reps : DataFrame (n_reps, ...)
        Table ``reps``.

    Returns
    -------
    ndarray of bool (n_reps,)
    """
    is_asked, leaves = (reps[name].fillna(False).to_numpy(bool) for name in ("place_home", "leaving"))
    has_place = (reps["latitude"].notna() & reps["longitude"].notna()).to_numpy()
    return is_asked & ~leaves & ~has_place & (reps["role"] == "field").to_numpy()


def share_homes(reps: pd.DataFrame, plan: HomePlan) -> pd.DataFrame:
    """Return whose home each proposed one is: the one with most visits goes to who has most hours.

    Parameters
    ----------
    reps : DataFrame (n_reps, ...)
        Table ``reps`` with ``selling_hours_per_year`` filled.
    plan : HomePlan
        As many homes as :func:`find_unplaced` finds reps.

    Returns
    -------
    DataFrame (n_homes, ...)
        Table ``home_proposals``, in the order of the reps.
    """
    waiting = reps[find_unplaced(reps)].sort_values("selling_hours_per_year", ascending=False, kind="stable")
    table = plan.homes.assign(rep=waiting["rep"].to_numpy(), name=waiting["name"].to_numpy(), row=waiting.index)
    table = table.sort_values("row", ignore_index=True)[list(HOME_PROPOSALS.names)]
    return table.astype({column.name: dtype_of(column) for column in HOME_PROPOSALS.columns})


def settle_homes(reps: pd.DataFrame, proposals: pd.DataFrame | None) -> pd.DataFrame:
    """Return the reps with the proposed homes as theirs, marked in ``is_proposed``.

    Parameters
    ----------
    reps : DataFrame (n_reps, ...)
        Table ``reps``.
    proposals : DataFrame or None
        Table ``home_proposals``; None: nothing is proposed.

    Returns
    -------
    DataFrame (n_reps, ...)
        Every other column, and the homes of all others, as they were.
    """
    if proposals is None:
        return reps.assign(is_proposed=pd.Series(False, index=reps.index, dtype="boolean"))
    at = proposals.set_index("rep")
    is_new = reps["rep"].isin(at.index)
    moved = {name: reps[name].mask(is_new, reps["rep"].map(at[name])).astype(reps[name].dtype)
             for name in ("city", "latitude", "longitude")}
    return reps.assign(**moved, is_proposed=is_new.astype("boolean"))


def _list_places(visited: pd.DataFrame) -> pd.DataFrame:
    """Return the towns of accounts, or cells of a grid where there are too many, with their weight."""
    cell = _number_cells(visited, _FINEST_GRID)
    town = pd.factorize(visited["city"].astype(object).fillna(""))[0]
    group = pd.factorize(pd.MultiIndex.from_arrays([town, cell]))[0]
    size = _FINEST_GRID
    while group.max() >= MOST_PLACES:
        group, size = pd.factorize(_number_cells(visited, size))[0], 1.5 * size
    weight = visited.assign(group=group, city=visited["city"].astype(object).fillna(""))
    towns = weight.groupby(["group", "city"], sort=False).agg(
        weight=("weight", "sum"), latitude=("latitude", "mean"), longitude=("longitude", "mean")).reset_index()
    main = towns.sort_values("weight", ascending=False, kind="stable").drop_duplicates("group").set_index("group")
    whole = towns.groupby("group")["weight"].sum()
    main = main.sort_index().assign(weight=whole, city=main["city"].mask(main["city"] == ""))
    return main.reset_index(drop=True)


def _number_cells(visited: pd.DataFrame, size: float) -> np.ndarray:
    """Return the cell of each account on a grid of degrees."""
    row, column = (np.floor(visited[name].to_numpy(float) / size).astype(np.int64)
                   for name in ("latitude", "longitude"))
    return row * 100_000 + column


def _measure(places: pd.DataFrame, homes: pd.DataFrame) -> np.ndarray:
    place, home = (table[["latitude", "longitude"]].to_numpy(float) for table in (places, homes))
    return measure_distance(place[:, 0, None], place[:, 1, None], home[None, :, 0], home[None, :, 1])


def _sum_km(visited: pd.DataFrame, homes: pd.DataFrame) -> float:
    return float((visited["weight"].to_numpy() * _measure(visited, homes).min(axis=1)).sum())


def _sum_nearest(cost: np.ndarray, fixed: np.ndarray, chosen: np.ndarray) -> float:
    return float(np.minimum(fixed, cost[:, chosen].min(axis=1)).sum())


def _choose_greedily(cost: np.ndarray, fixed: np.ndarray, n_homes: int) -> np.ndarray:
    nearest, chosen = fixed, []
    for _ in range(n_homes):
        chosen.append(int(np.minimum(nearest[:, None], cost).sum(axis=0).argmin()))
        nearest = np.minimum(nearest, cost[:, chosen[-1]])
    return np.array(chosen)


def _interchange(cost: np.ndarray, fixed: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """Return the homes after every exchange of one for another town that saves travel."""
    chosen, best = chosen.copy(), _sum_nearest(cost, fixed, chosen)
    n_since = 0
    for number in range(_MOST_SWAPS * len(chosen)):
        if n_since >= len(chosen):
            break
        out = number % len(chosen)
        rest = np.minimum(fixed, np.delete(cost[:, chosen], out, axis=1).min(axis=1, initial=np.inf))
        totals = np.minimum(rest[:, None], cost).sum(axis=0)
        town = int(totals.argmin())
        n_since += 1
        if totals[town] < best * (1 - 1e-12):
            chosen[out], best, n_since = town, float(totals[town]), 0
    return chosen


def _bound(cost: np.ndarray, fixed: np.ndarray, chosen: np.ndarray, *, reached: float) -> float:
    """Return the best bound that prices of the places give: no homes in these towns drive less.

    A place that pays its price is served; each town earns what the places nearer than their price save.
    """
    n_open = min(len(chosen), cost.shape[1])
    limit = np.where(np.isfinite(fixed), fixed, cost.max(axis=1))
    price = np.minimum(limit, 2 * cost[:, chosen].min(axis=1))
    best, share, n_since = 0.0, 1.0, 0
    for _ in range(_MOST_STEPS):
        below = np.minimum(cost - price[:, None], 0.0)
        earned = below.sum(axis=0)
        opened = np.argpartition(earned, n_open - 1)[:n_open]
        value = float(price.sum() + earned[opened].sum())
        n_since = 0 if value > best else n_since + 1
        best = max(best, value)
        slope = 1.0 - (below[:, opened] < 0).sum(axis=1)
        slope = np.where((price >= limit) & (slope > 0), 0.0, slope)
        if reached - best <= _SMALL_GAP * reached or not slope.any():
            break
        if n_since >= 15:
            share, n_since = 0.7 * share, 0
        price = np.clip(price + share * (reached - value) / float(slope @ slope) * slope, 0.0, limit)
    return min(best, reached)


def _describe(
    visited: pd.DataFrame, found: pd.DataFrame, homes: pd.DataFrame, *, per_visit: float
) -> tuple[pd.DataFrame, float]:
    """Return the table of the homes, most visits first, and the kilometers of all accounts."""
    distance = np.hstack([_measure(visited, found), _measure(visited, homes)])
    nearest = distance.argmin(axis=1)
    weight = visited["weight"].to_numpy()
    km = weight * distance[np.arange(len(visited)), nearest]
    n_homes = len(found)
    sums = [np.bincount(nearest, amount, minlength=distance.shape[1])[:n_homes] for amount in (None, weight, km)]
    near = [visited["name"].iloc[int(np.lexsort((-weight, distance[:, home].round(3)))[0])] for home in range(n_homes)]
    table = pd.DataFrame({
        "city": found["city"].to_numpy(dtype=object), "latitude": found["latitude"].to_numpy(),
        "longitude": found["longitude"].to_numpy(), "near": near, "n_accounts": sums[0],
        "visits_per_year": sums[1] / per_visit, "travel_km_per_year": sums[2]})
    return table.sort_values("visits_per_year", ascending=False, kind="stable", ignore_index=True), float(km.sum())
