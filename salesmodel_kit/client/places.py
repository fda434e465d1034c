"""Places that cannot be: latitude and longitude swapped, or in the open sea."""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesmodel_kit.client.checks import CheckedTable
from salesmodel_kit.errors import Message, Problem

#: Open water without an island: south, north, west, east, in degrees. Coarse, and well off every coast.
_SEAS: tuple[tuple[float, float, float, float], ...] = (
    (44.0, 46.0, -8.0, -2.5),  # Bay of Biscay
    (40.5, 42.7, 4.0, 8.3),  # western Mediterranean
    (38.9, 40.7, 10.2, 12.8),  # Tyrrhenian Sea
    (33.5, 36.0, 16.0, 22.5),  # Ionian Sea
    (49.0, 49.7, -8.0, -3.0),  # English Channel, western part
    (54.0, 58.0, 1.5, 6.0),  # North Sea
    (55.2, 56.7, 17.4, 20.0),  # Baltic Sea
    (42.5, 44.0, 30.0, 37.0),  # Black Sea
    (40.0, 50.0, -45.0, -11.0),  # North Atlantic
    (18.0, 36.0, -60.0, -20.0),  # Atlantic, south of the Azores
    (-5.0, 3.5, -10.0, 5.0),  # Gulf of Guinea, with 0, 0
    (-4.0, 2.5, 47.0, 54.5),  # Indian Ocean, where Paris lies with latitude and longitude swapped
)
#: A place is taken for swapped when it lies so far from most others, and so near them once swapped back, in degrees.
_FAR, _NEAR = 15.0, 8.0


def check_positions(checked: CheckedTable) -> list[Problem]:
    """Return a problem for each place whose latitude and longitude are swapped, or that lies in the open sea.

    Parameters
    ----------
    checked : CheckedTable
        ``accounts`` or ``reps``.
    """
    if not {"latitude", "longitude"} <= set(checked.place.headers):
        return []
    frame = checked.frame
    latitude, longitude = (frame[name].to_numpy(float) for name in ("latitude", "longitude"))
    is_swapped = _find_swapped(latitude, longitude)
    in_sea = is_in_sea(latitude, longitude) & ~is_swapped
    swapped = Message("Latitude and longitude seem to be swapped: the place lies far from all others, and among them "
                      "the other way round. Exchange the two.")
    sea = Message("This place lies in the open sea; correct latitude and longitude, or leave both empty.")
    return [*checked.blame(swapped, "latitude", frame.index[is_swapped]),
            *checked.blame(sea, "latitude", frame.index[in_sea])]


def is_in_sea(latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
    """Return which places surely lie in open water; False does not say that a place is on land.

    Examples
    --------
    >>> is_in_sea(np.array([0.0, 48.86]), np.array([0.0, 2.35])).tolist()
    [True, False]
    """
    found = np.zeros(len(latitude), dtype=bool)
    for south, north, west, east in _SEAS:
        found |= (latitude >= south) & (latitude <= north) & (longitude >= west) & (longitude <= east)
    return found


def _find_swapped(latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
    """Return which places are far from the middle of all, and near it with latitude and longitude exchanged."""
    known = np.isfinite(latitude) & np.isfinite(longitude)
    if known.sum() < 3:
        return np.zeros(len(latitude), dtype=bool)
    middle = float(pd.Series(latitude[known]).median()), float(pd.Series(longitude[known]).median())

    def measure(one: np.ndarray, other: np.ndarray) -> np.ndarray:
        return np.maximum(np.abs(one - middle[0]), np.abs(other - middle[1]))

    with np.errstate(invalid="ignore"):
        return (measure(latitude, longitude) > _FAR) & (measure(longitude, latitude) < _NEAR)
