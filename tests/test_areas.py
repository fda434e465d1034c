"""Accounts that lie near one another."""

from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
import pandas as pd
from hypothesis import given, settings

from salesmodel_kit.model.areas import find_areas, name_areas

LYON, VILLEURBANNE, PARIS = (45.76, 4.84), (45.77, 4.88), (48.86, 2.35)


def make_places(*rows: tuple[str | None, float | None, float | None]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["rep", "latitude", "longitude"]).astype({"latitude": float, "longitude": float})


def test_find_areas_puts_neighbors_together_and_far_places_apart() -> None:
    areas = find_areas(make_places(("r", *LYON), ("r", *PARIS), ("r", *VILLEURBANNE)), max_km=20)

    assert areas.tolist() == [0.0, 1.0, 0.0]


def test_find_areas_keeps_reps_apart() -> None:
    areas = find_areas(make_places(("r", *LYON), ("s", *LYON), (None, *LYON)), max_km=20)

    assert areas[:2].tolist() == [0.0, 1.0]
    assert np.isnan(areas[2])


def test_find_areas_gives_none_without_a_place() -> None:
    areas = find_areas(make_places(("r", *LYON), ("r", None, None), ("r", 45.0, None)), max_km=20)

    assert areas.notna().tolist() == [True, False, False]


@settings(max_examples=40, deadline=None)
@given(spots=st.lists(st.tuples(st.floats(44, 46), st.floats(3, 5)), min_size=1, max_size=30),
       max_km=st.floats(5, 150))
def test_find_areas_holds_the_largest_distance(spots: list[tuple[float, float]], max_km: float) -> None:
    places = make_places(*(("r", *spot) for spot in spots))

    areas = find_areas(places, max_km=max_km)

    scale = 111.195 * np.array([1, np.cos(np.radians(places["latitude"].mean()))])
    for _, own in places.groupby(areas):
        plane = own[["latitude", "longitude"]].to_numpy() * scale
        assert np.hypot(*(plane[:, None] - plane[None]).T).max() <= max_km + 1e-6


def test_find_areas_draws_very_many_places_together_first() -> None:
    rng = np.random.default_rng(1)
    places = pd.DataFrame({"rep": "r", "latitude": rng.uniform(43, 49, 3000), "longitude": rng.uniform(0, 7, 3000)})

    areas = find_areas(places, max_km=60)

    assert areas.notna().all()
    assert 30 < areas.nunique() < 600


def test_name_areas_takes_the_most_frequent_town_then_the_postal_code() -> None:
    areas = pd.Series([0.0, 0.0, 0.0, 1.0, 2.0, np.nan])
    accounts = pd.DataFrame({"city": ["Lyon", "Bron", "Bron", None, None, "Paris"],
                             "postal_code": [None, None, None, "69003", None, None]}, dtype="str")

    names = name_areas(areas, accounts)

    assert names[:4].tolist() == ["Bron", "Bron", "Bron", "69003"]
    assert names[4:].isna().all()
