"""Travel: the way from a rep's home to an account, in kilometers and hours of a visit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from salesmodel_kit.model.territories import measure_distance


@dataclass(frozen=True)
class TravelRules:
    """What a visit's share of a day on the road rests on.

    Parameters
    ----------
    detour_factor : float
        Road distance / great-circle distance, >= 1.
    calls_per_tour : float, optional
        Visits that share one way from home and back; None: not declared.
    speed_kmh : float, optional
        Kilometers per hour on the road; None: not declared.
    """

    detour_factor: float
    calls_per_tour: float | None = None
    speed_kmh: float | None = None


def estimate_travel(
    accounts: pd.DataFrame, reps: pd.DataFrame, *, fixed: pd.Series, rules: TravelRules
) -> pd.DataFrame:
    """Return the way to each account from the home of the rep who is fixed, else of the nearest field rep.

    ``travel_km_per_call = 2 x distance_km / calls_per_tour``,
    ``travel_hours_per_call = travel_km_per_call / speed_kmh``.
    Time ``n_accounts x log(n_reps)``.

    Parameters
    ----------
    accounts : DataFrame (n_accounts, ...)
        Table ``accounts``: place.
    reps : DataFrame (n_reps, ...)
        Table ``reps``: role, place, ``leaving``.
    fixed : Series (n_accounts,)
        The rep from whom the way is measured, if a field rep with a place: the one who is locked for a
        plan, the present one for today; missing: the nearest.
    rules : TravelRules
        Detour, visits a tour, speed.

    Returns
    -------
    DataFrame (n_accounts, ...)
        Table ``account_travel``. Distances are missing without a place of the account or of any
        field rep, kilometers without ``calls_per_tour``, hours without ``speed_kmh`` too.

    Notes
    -----
    A tour goes out, calls on ``calls_per_tour`` accounts that lie together, and comes back: the way
    between them is left out. A plan that gives an account to a rep farther off takes more.
    """
    homes = list_homes(reps)
    nearest, _ = find_nearest_home(accounts, homes)
    given = pd.Index(homes["rep"]).get_indexer(fixed.astype(object))
    column = np.where(given >= 0, given, nearest)
    place, home = accounts[["latitude", "longitude"]].to_numpy(float), homes[["latitude", "longitude"]].to_numpy(float)
    home = np.vstack([home, [np.nan, np.nan]])[column]
    distance = rules.detour_factor * measure_distance(place[:, 0], place[:, 1], home[:, 0], home[:, 1])
    per_call = 2 * distance / (rules.calls_per_tour or np.nan)
    names = np.append(homes["rep"].to_numpy(dtype=object), None)
    return pd.DataFrame({
        "account": accounts["account"],
        "home_of": pd.Series(np.where(np.isnan(distance), None, names[column]), accounts.index).astype("str"),
        "distance_km": distance,
        "travel_km_per_call": per_call,
        "travel_hours_per_call": per_call / (rules.speed_kmh or np.nan),
    })


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
