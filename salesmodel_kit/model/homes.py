"""Home offices to be placed: the towns from which new reps would drive least, homes that are there kept.

Accounts are visited from the nearest home that has hours for them; relations are
left aside, so this says where a home lies well, not who gets whom: the plan of
territories decides that afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from salesmodel_kit.model.medians import Centers, choose_centers, transport
from salesmodel_kit.model.territories import measure_distance
from salesmodel_kit.tables import HOME_PROPOSALS, dtype_of

#: Accounts are drawn together in at most so many places, by town, else on a grid of degrees.
MOST_PLACES = 400
_FINEST_GRID = 0.1


@dataclass(frozen=True)
class HomePlan:
    """Homes proposed, and the kilometers with and without them.

    Parameters
    ----------
    homes : DataFrame (n_homes, ...)
        ``city`` (missing: no town is known there), ``latitude``, ``longitude``, ``near`` (the
        account there with most visits), ``n_accounts`` and ``visits_per_year`` that this home serves,
        ``travel_km_per_year`` to them and back.
    km_per_year : float
        To every account with a place and back, at one visit a journey, each home within its hours.
    km_before : float
        The same from the homes that are there, stretched alike where their hours do not do; missing without any.
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
    accounts: pd.DataFrame, need: pd.DataFrame, homes: pd.DataFrame, *, hours: Sequence[float], detour_factor: float
) -> HomePlan | None:
    """Return the towns of the accounts where new homes save most travel.

    Minimizes ``sum of 2 x visits x distance x detour_factor`` over new homes among the towns of the
    accounts and over who serves whom, each home within its hours; relations are left aside.

    Parameters
    ----------
    accounts : DataFrame (n_accounts, ...)
        ``latitude``, ``longitude``, degrees, missing: no place; ``city``, ``name``.
    need : DataFrame (n_accounts, ...)
        ``visits_per_year`` and ``hours_per_year``, same order; without visits an account has no say.
    homes : DataFrame (n_present, ...)
        ``latitude``, ``longitude``, ``selling_hours_per_year`` of who stays; may have no row.
    hours : sequence of float (n_homes,)
        Selling hours of each new home, > 0.
    detour_factor : float
        Road distance / great-circle distance, >= 1.

    Returns
    -------
    HomePlan or None
        None where no account to be visited has a place. The homes stand in the order of ``hours``.

    Raises
    ------
    ValueError
        ``hours`` is empty.

    Notes
    -----
    See ``medians.choose_centers``. Accounts are drawn together in at most 400 places, so that time does not
    grow with their number; a place may be shared between homes.

    Examples
    --------
    >>> towns = pd.DataFrame({"latitude": [48.0, 48.0, 44.0], "longitude": [2.0, 2.1, 5.0],
    ...                       "city": ["A", "B", "C"], "name": ["a", "b", "c"]})
    >>> need = pd.DataFrame({"visits_per_year": [1.0, 1.0, 5.0], "hours_per_year": [2.0, 2.0, 10.0]})
    >>> there = towns.iloc[:1].assign(selling_hours_per_year=20.0)
    >>> found = place_homes(towns, need, there, hours=[20.0], detour_factor=1.0)
    >>> found.homes["city"].tolist(), round(found.gap, 9)
    (['C'], 0.0)
    """
    if not len(hours):
        raise ValueError("hours names no home to be placed")
    visits, busy = (need[name].fillna(0).to_numpy(float) for name in ("visits_per_year", "hours_per_year"))
    is_placed = (accounts["latitude"].notna() & accounts["longitude"].notna()).to_numpy()
    at = np.flatnonzero(is_placed & (visits > 0) & (busy > 0))
    if not len(at):
        return None
    visited = accounts.iloc[at].assign(visits=visits[at], hours=busy[at]).reset_index(drop=True)
    places = _list_places(visited)
    per_km = 2 * detour_factor * places["visits"].to_numpy()[:, None]
    cost, there, load = per_km * _measure(places, places), per_km * _measure(places, homes), places["hours"].to_numpy()
    room = homes["selling_hours_per_year"].to_numpy(float)
    found = choose_centers(cost, load, there=there, room=room, new_room=list(hours))
    middle = cost[:, [int(cost.sum(axis=0).argmin())]]
    together = transport(np.hstack([middle, there]), load, np.r_[sum(hours), room])
    return HomePlan(
        _describe(visited, places, found, cost), found.flow.cost,
        transport(there, load, room).cost if len(homes) else float("nan"), together.cost, found.bound,
        int(((visits > 0) & ~is_placed).sum()))


def find_unplaced(reps: pd.DataFrame) -> np.ndarray:
    """Return which reps wait for a home: in the field, staying, with hours, without a place, and to be placed.

    Parameters
    ----------
    reps : DataFrame (n_reps, ...)
        Table ``reps`` with ``selling_hours_per_year`` filled.

    Returns
    -------
    ndarray of bool (n_reps,)
    """
    is_asked, leaves = (reps[name].fillna(False).to_numpy(bool) for name in ("place_home", "leaving"))
    has_place = (reps["latitude"].notna() & reps["longitude"].notna()).to_numpy()
    has_hours = (reps["selling_hours_per_year"] > 0).to_numpy()
    return is_asked & ~leaves & ~has_place & has_hours & (reps["role"] == "field").to_numpy()


def share_homes(reps: pd.DataFrame, plan: HomePlan) -> pd.DataFrame:
    """Return whose home each proposed one is.

    Parameters
    ----------
    reps : DataFrame (n_reps, ...)
        Table ``reps`` with ``selling_hours_per_year`` filled.
    plan : HomePlan
        For the reps that :func:`find_unplaced` finds, in their order.

    Returns
    -------
    DataFrame (n_homes, ...)
        Table ``home_proposals``, in the order of the reps.
    """
    waiting = reps[find_unplaced(reps)]
    table = plan.homes.assign(rep=waiting["rep"].to_numpy(), name=waiting["name"].to_numpy())
    return table.astype({column.name: dtype_of(column) for column in HOME_PROPOSALS.columns})[
        list(HOME_PROPOSALS.names)]


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
    """Return the towns of accounts, or cells of a grid where there are too many, with visits, hours and accounts."""
    town = visited["city"].astype(object).fillna("")
    group = pd.factorize(pd.MultiIndex.from_arrays([pd.factorize(town)[0], _number_cells(visited, _FINEST_GRID)]))[0]
    size = _FINEST_GRID
    while group.max() >= MOST_PLACES:
        group, size = pd.factorize(_number_cells(visited, size))[0], 1.5 * size
    visited["place"] = group
    towns = visited.assign(city=town).groupby(["place", "city"], sort=False).agg(
        visits=("visits", "sum"), latitude=("latitude", "mean"), longitude=("longitude", "mean")).reset_index()
    main = towns.sort_values("visits", ascending=False, kind="stable").drop_duplicates("place").set_index("place")
    sums = visited.groupby("place").agg(visits=("visits", "sum"), hours=("hours", "sum"), n_accounts=("name", "size"))
    return sums.join(main[["city", "latitude", "longitude"]]).replace({"city": {"": None}})


def _number_cells(visited: pd.DataFrame, size: float) -> np.ndarray:
    """Return the cell of each account on a grid of degrees."""
    row, column = (np.floor(visited[name].to_numpy(float) / size).astype(np.int64)
                   for name in ("latitude", "longitude"))
    return row * 100_000 + column


def _measure(places: pd.DataFrame, homes: pd.DataFrame) -> np.ndarray:
    place, home = (table[["latitude", "longitude"]].to_numpy(float) for table in (places, homes))
    return measure_distance(place[:, 0, None], place[:, 1, None], home[None, :, 0], home[None, :, 1])


def _describe(visited: pd.DataFrame, places: pd.DataFrame, found: Centers, cost: np.ndarray) -> pd.DataFrame:
    """Return the table of the new homes."""
    homes = places.iloc[found.chosen]
    share = found.flow.share[:, : len(homes)]
    leading = visited.sort_values("visits", ascending=False, kind="stable").drop_duplicates("place")
    return pd.DataFrame({
        "city": homes["city"].to_numpy(dtype=object), "latitude": homes["latitude"].to_numpy(),
        "longitude": homes["longitude"].to_numpy(),
        "near": leading.set_index("place")["name"].loc[homes.index].to_numpy(dtype=object),
        "n_accounts": np.rint(share.T @ places["n_accounts"].to_numpy(float)).astype(int),
        "visits_per_year": share.T @ places["visits"].to_numpy(),
        "travel_km_per_year": (share * cost[:, found.chosen]).sum(axis=0)})
