"""Areas: the accounts of a salesperson that lie near one another, for one journey."""

from __future__ import annotations

import numpy as np
import pandas as pd

#: Kilometers of a degree of latitude on a sphere of mean radius.
_KM_PER_DEGREE = 111.195
#: With more places than this they are first drawn together on a grid of a tenth of a degree.
_MANY = 2000


def find_areas(places: pd.DataFrame, *, max_km: float) -> pd.Series:
    """Return the area of each account: those of one rep of which no two lie further apart than ``max_km``.

    Parameters
    ----------
    places : DataFrame (n_accounts, ...)
        ``rep``, ``latitude``, ``longitude``; any of them missing: no area.
    max_km : float
        Largest distance within an area, as the crow flies.

    Returns
    -------
    Series of float (n_accounts,)
        Number of the area, from 0, in the order in which reps and their accounts stand; missing: none.

    Notes
    -----
    Complete linkage on a plane tangent to each rep's middle, whose distances are within 1 % of the sphere's up
    to some 300 km from it.

    Examples
    --------
    >>> places = pd.DataFrame({"rep": ["r"] * 3, "latitude": [45.7, 45.8, 48.9], "longitude": [4.8, 4.9, 2.3]})
    >>> find_areas(places, max_km=50).tolist()
    [0.0, 0.0, 1.0]
    """
    place = places[["latitude", "longitude"]].to_numpy(float)
    rep = pd.factorize(places["rep"])[0]
    known = np.flatnonzero((rep >= 0) & ~np.isnan(place).any(axis=1))
    order = known[np.argsort(rep[known], kind="stable")]
    areas, n_areas = np.full(len(places), np.nan), 0
    for own in np.split(order, np.flatnonzero(np.diff(rep[order])) + 1) if len(order) else ():
        numbers = _cluster(place[own, 0], place[own, 1], max_km)
        areas[own] = n_areas + numbers
        n_areas += int(numbers.max()) + 1
    return pd.Series(areas, index=places.index)


def _cluster(latitude: np.ndarray, longitude: np.ndarray, max_km: float) -> np.ndarray:
    from scipy.cluster.hierarchy import fcluster, linkage

    plane = np.column_stack([latitude, longitude * np.cos(np.radians(latitude.mean()))]) * _KM_PER_DEGREE
    _, first, at = np.unique(plane @ [1.0, 1.0j], return_index=True, return_inverse=True)
    places = plane[first]
    if len(places) > _MANY:
        places, at = np.unique(np.round(plane / (_KM_PER_DEGREE / 10)), axis=0, return_inverse=True)
        places = places * (_KM_PER_DEGREE / 10)
    if len(places) == 1:
        return np.zeros(len(latitude), dtype=int)
    found = fcluster(linkage(places, "complete"), max_km, criterion="distance")[at.ravel()]
    return pd.factorize(found)[0]


def name_areas(areas: pd.Series, accounts: pd.DataFrame) -> pd.Series:
    """Return a name for each area: the town that most of its accounts are in, else their postal code.

    Parameters
    ----------
    areas : Series (n_accounts,)
        As :func:`find_areas` returns them.
    accounts : DataFrame (n_accounts, ...)
        ``city`` and ``postal_code``, in the same order.

    Returns
    -------
    Series of str (n_accounts,)
        Missing where there is no area, or neither is known. Two areas may bear the same name.
    """
    said = accounts["city"].fillna(accounts["postal_code"])
    table = pd.DataFrame({"area": areas.to_numpy(), "said": said.to_numpy()}).dropna()
    counts = table.groupby(["area", "said"], sort=True).size().reset_index(name="n_accounts")
    first = counts.sort_values(["area", "n_accounts"], ascending=[True, False], kind="stable").drop_duplicates("area")
    return areas.map(first.set_index("area")["said"]).astype("str")
