"""Travel: the way from a rep's home to an account, in kilometers and hours of a visit.

There is one definition of it. Visits to accounts of one rep that lie in one area share
journeys; a journey takes ``visits_a_journey`` of them at most, and no account twice:

``journeys = max(most visits to one account, visits of the area / visits_a_journey)``,
``travel_km_per_call = 2 x distance_km x journeys / visits of the area``.

So a lone account takes the whole way for each of its visits. These are journeys as full
as they can be; journeys of a dated plan are as many or more, because visits are spread evenly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from salesmodel_kit.model.areas import find_areas
from salesmodel_kit.model.territories import measure_distance


@dataclass(frozen=True)
class TravelRules:
    """What a visit's share of a journey rests on.

    Parameters
    ----------
    detour_factor : float
        Road distance / great-circle distance, >= 1.
    visits_a_journey : float
        Visits that share one way from home and back at most, >= 1.
    area_km : float
        Largest distance between two accounts that one journey links, as the crow flies.
    speed_kmh : float, optional
        Kilometers per hour on the road; None: not declared, hours on the way are those of the norms.
    """

    detour_factor: float
    visits_a_journey: float = 1.0
    area_km: float = 0.0
    speed_kmh: float | None = None


def fill_journey(calls_per_tour: float | None, *, day_hours: float, hours_per_visit: float) -> float:
    """Return how many visits share a journey at most: those declared, else those that fill a day.

    Parameters
    ----------
    calls_per_tour : float or None
        Visits a tour, as declared; None: not declared.
    day_hours : float
        Hours of a working day.
    hours_per_visit : float
        Usual hours of a visit, way included.

    Returns
    -------
    float
        1 or more.

    Examples
    --------
    >>> fill_journey(None, day_hours=8, hours_per_visit=2.25), fill_journey(4, day_hours=8, hours_per_visit=2.25)
    (3.0, 4.0)
    """
    if calls_per_tour is None:
        calls_per_tour = float(np.floor(day_hours / hours_per_visit)) if hours_per_visit > 0 else 1.0
    return max(float(calls_per_tour), 1.0)


def share_journeys(
    places: pd.DataFrame, *, rep: pd.Series, distance_km: pd.Series, visits: pd.Series, rules: TravelRules
) -> pd.DataFrame:
    """Return the area of each account, and the way that one of its visits takes.

    Parameters
    ----------
    places : DataFrame (n_accounts, ...)
        ``latitude`` and ``longitude``.
    rep : Series (n_accounts,)
        Who visits; missing: nobody.
    distance_km : Series (n_accounts,)
        One way by road from the rep's home; missing: not known.
    visits : Series (n_accounts,)
        Visits per year; 0 or missing: none, the account is in no area.
    rules : TravelRules
        How full a journey is, how large an area, how fast.

    Returns
    -------
    DataFrame (n_accounts, 4)
        ``area`` (number), ``visits_per_journey``, ``travel_km_per_call`` and
        ``travel_hours_per_call`` (missing without a declared speed). An account that nobody visits yet
        takes a whole journey for itself.

    Notes
    -----
    Source: McNaughton (1959): jobs that may be interrupted, none on two machines at once, take
    ``max(longest, sum / n_machines)`` of time; here jobs are accounts, time is journeys, and machines are the
    places in a journey. The way between the accounts of an area is left out.

    Examples
    --------
    >>> places = pd.DataFrame({"latitude": [45.0, 45.0, 48.0], "longitude": [4.0, 4.0, 2.0]})
    >>> rep, km, visits = pd.Series(["r"] * 3), pd.Series([30.0, 30.0, 90.0]), pd.Series([6.0, 6.0, 6.0])
    >>> share_journeys(places, rep=rep, distance_km=km, visits=visits,
    ...                rules=TravelRules(1.3, 3.0, 40.0))["travel_km_per_call"].tolist()
    [30.0, 30.0, 180.0]
    """
    count = visits.fillna(0.0).astype(float)
    is_visited = (count > 0) & distance_km.notna()
    areas = find_areas(places[["latitude", "longitude"]].assign(rep=rep.where(is_visited)), max_km=rules.area_km)
    per_journey = np.ones(len(places))
    at = np.flatnonzero(areas.notna())
    if len(at):
        number = areas.to_numpy()[at].astype(int)
        own = count.to_numpy()[at]
        total = np.bincount(number, own)
        most = np.zeros(len(total))
        np.maximum.at(most, number, own)
        per_journey[at] = (total / np.maximum(most, total / rules.visits_a_journey))[number]
    km = 2 * distance_km.to_numpy(float) / per_journey
    return pd.DataFrame({
        "area": areas.to_numpy(), "visits_per_journey": np.where(areas.notna(), per_journey, np.nan),
        "travel_km_per_call": km, "travel_hours_per_call": km / (rules.speed_kmh or np.nan),
    }, index=places.index)


def estimate_travel(
    accounts: pd.DataFrame, reps: pd.DataFrame, *, fixed: pd.Series, visits: pd.Series, rules: TravelRules
) -> pd.DataFrame:
    """Return the way to each account from the home of the rep who is fixed, else of the nearest field rep.

    Time ``n_accounts x log(n_reps)`` and that of :func:`find_areas`.

    Parameters
    ----------
    accounts : DataFrame (n_accounts, ...)
        Table ``accounts``: place.
    reps : DataFrame (n_reps, ...)
        Table ``reps``: role, place, ``leaving``.
    fixed : Series (n_accounts,)
        Who looks after the account, by the plan or today; missing: the nearest. The way is measured from
        the own home, else from the nearest; journeys are shared with nobody else's visits.
    visits : Series (n_accounts,)
        Visits per year, in the order of the accounts.
    rules : TravelRules
        As for :func:`share_journeys`.

    Returns
    -------
    DataFrame (n_accounts, ...)
        Table ``account_travel``. Distances are missing without a place of the account or of any
        field rep, hours without a declared speed too.
    """
    ways = measure_ways(accounts, reps, fixed=fixed, detour_factor=rules.detour_factor)
    return share_ways(accounts, ways, fixed=fixed, visits=visits, rules=rules)


def measure_ways(
    accounts: pd.DataFrame, reps: pd.DataFrame, *, fixed: pd.Series, detour_factor: float
) -> pd.DataFrame:
    """Return from whose home the way to each account is measured, and how long it is: what visits do not change.

    Parameters
    ----------
    accounts, reps, fixed
        As for :func:`estimate_travel`.
    detour_factor : float
        Road distance / great-circle distance, >= 1.

    Returns
    -------
    DataFrame (n_accounts, 3)
        ``account``, ``home_of``, ``distance_km``; missing without a place or a home.
    """
    homes = list_homes(reps)
    given = pd.Index(homes["rep"]).get_indexer(fixed.astype(object))
    column = given
    if (given < 0).any():
        column = np.where(given >= 0, given, find_nearest_home(accounts, homes)[0])
    place, home = accounts[["latitude", "longitude"]].to_numpy(float), homes[["latitude", "longitude"]].to_numpy(float)
    home = np.vstack([home, [np.nan, np.nan]])[column]
    distance = detour_factor * measure_distance(place[:, 0], place[:, 1], home[:, 0], home[:, 1])
    names = np.append(homes["rep"].to_numpy(dtype=object), None)
    home_of = pd.Series(np.where(np.isnan(distance), None, names[column]), accounts.index, dtype="str")
    return pd.DataFrame({"account": accounts["account"], "home_of": home_of, "distance_km": distance})


def share_ways(
    accounts: pd.DataFrame, ways: pd.DataFrame, *, fixed: pd.Series, visits: pd.Series, rules: TravelRules
) -> pd.DataFrame:
    """Return the table ``account_travel`` for ways that have been measured.

    Parameters
    ----------
    accounts, fixed, visits, rules
        As for :func:`estimate_travel`.
    ways : DataFrame (n_accounts, 3)
        From :func:`measure_ways`, with the same ``fixed``.

    Returns
    -------
    DataFrame (n_accounts, ...)
        Table ``account_travel``.
    """
    visitor = fixed.astype("str").fillna(ways["home_of"])
    return ways.join(share_journeys(accounts, rep=visitor, distance_km=ways["distance_km"], visits=visits, rules=rules))


def list_homes(reps: pd.DataFrame) -> pd.DataFrame:
    """Return the field reps who stay and have a place, numbered from 0.

    Parameters
    ----------
    reps : DataFrame (n_reps, ...)
        Table ``reps``.

    Returns
    -------
    DataFrame (n_homes, ...)
        Their rows.
    """
    leaves = reps["leaving"].fillna(False).astype(bool) if "leaving" in reps else False
    has_place = reps["latitude"].notna() & reps["longitude"].notna()
    return reps[(reps["role"] == "field") & has_place & ~leaves].reset_index(drop=True)


def find_nearest_home(accounts: pd.DataFrame, homes: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return the home nearest to each account.

    Parameters
    ----------
    accounts : DataFrame (n_accounts, ...)
        ``latitude`` and ``longitude``, degrees; missing: no place.
    homes : DataFrame (n_homes, ...)
        From :func:`list_homes`.

    Returns
    -------
    tuple of ndarray (n_accounts,)
        Row of the home, -1 without a place; and the chord to it on a sphere of radius 1, missing without one.
    """
    from scipy.spatial import cKDTree

    row, chord = np.full(len(accounts), -1), np.full(len(accounts), np.nan)
    is_placed = (accounts["latitude"].notna() & accounts["longitude"].notna()).to_numpy()
    if len(homes) and is_placed.any():
        chord[is_placed], row[is_placed] = cKDTree(_put_on_sphere(homes)).query(_put_on_sphere(accounts[is_placed]))
    return row, chord


def _put_on_sphere(table: pd.DataFrame) -> np.ndarray:
    phi, theta = np.radians(table["latitude"].to_numpy(float)), np.radians(table["longitude"].to_numpy(float))
    return np.column_stack([np.cos(phi) * np.cos(theta), np.cos(phi) * np.sin(theta), np.sin(phi)])
