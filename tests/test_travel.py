import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesmodel_kit.model.territories import measure_distance
from salesmodel_kit.model.travel import TravelRules, estimate_travel, find_nearest_home
from salesmodel_kit.tables import ACCOUNT_TRAVEL, make_schema

DEGREE = 2 * np.pi * 6371.0088 / 360  # kilometers of one degree of latitude
RULES = TravelRules(1.25, calls_per_tour=4, speed_kmh=50)


def make_reps(*places, role="field"):
    return pd.DataFrame(
        {
            "rep": [f"r{number}" for number in range(1, len(places) + 1)],
            "role": role,
            "latitude": [place[0] for place in places],
            "longitude": [place[1] for place in places],
            "leaving": pd.array([None] * len(places), dtype="boolean"),
        }
    )


def make_accounts(*places):
    return pd.DataFrame(
        {
            "account": [str(number) for number in range(len(places))],
            "latitude": [place[0] for place in places],
            "longitude": [place[1] for place in places],
        }
    )


def fixed(*reps):
    return pd.Series(reps, dtype="str")


def test_estimate_travel_shares_one_way_over_the_visits_of_a_tour():
    table = estimate_travel(make_accounts((1.0, 0.0)), make_reps((0.0, 0.0)), fixed=fixed(None), rules=RULES)

    assert table["distance_km"].tolist() == pytest.approx([1.25 * DEGREE])
    assert table["travel_km_per_call"].tolist() == pytest.approx([2 * 1.25 * DEGREE / 4])
    assert table["travel_hours_per_call"].tolist() == pytest.approx([2 * 1.25 * DEGREE / 4 / 50])
    make_schema(ACCOUNT_TRAVEL).validate(table)


def test_estimate_travel_measures_from_the_fixed_rep_else_from_the_nearest():
    reps, accounts = make_reps((0.0, 0.0), (3.0, 0.0)), make_accounts((1.0, 0.0), (1.0, 0.0), (2.9, 0.0))

    table = estimate_travel(accounts, reps, fixed=fixed("r2", None, "r9"), rules=RULES)

    assert table["home_of"].tolist() == ["r2", "r1", "r2"]
    assert table["distance_km"].tolist() == pytest.approx([1.25 * DEGREE * degrees for degrees in (2, 1, 0.1)])


def test_estimate_travel_passes_over_who_leaves_or_does_not_visit():
    reps = make_reps((0.0, 0.0), (3.0, 0.0), (1.0, 0.0)).assign(
        role=["field", "field", "inside"], leaving=pd.array([True, None, None], dtype="boolean")
    )

    table = estimate_travel(make_accounts((1.0, 0.0)), reps, fixed=fixed("r1"), rules=RULES)

    assert table["home_of"].tolist() == ["r2"]


@pytest.mark.parametrize("rules", [TravelRules(1.2), TravelRules(1.2, calls_per_tour=3)])
def test_estimate_travel_leaves_hours_open_that_nobody_declared(rules):
    table = estimate_travel(make_accounts((1.0, 0.0)), make_reps((0.0, 0.0)), fixed=fixed(None), rules=rules)

    assert table["distance_km"].notna().all()
    assert table["travel_km_per_call"].notna().tolist() == [rules.calls_per_tour is not None]
    assert table["travel_hours_per_call"].isna().all()


def test_estimate_travel_leaves_an_account_without_a_place_open():
    nowhere = float("nan")
    table = estimate_travel(
        make_accounts((nowhere, nowhere), (1.0, 0.0)), make_reps((0.0, 0.0)), fixed=fixed("r1", None), rules=RULES
    )

    assert table["distance_km"].isna().tolist() == [True, False]
    assert table["home_of"].isna().tolist() == [True, False]


def test_estimate_travel_without_any_home_knows_no_way():
    table = estimate_travel(
        make_accounts((1.0, 0.0)), make_reps().astype(float, errors="ignore"), fixed=fixed(None), rules=RULES
    )

    assert table["distance_km"].isna().all()


@given(
    st.lists(st.tuples(st.floats(-80, 80), st.floats(-180, 180)), min_size=1, max_size=6),
    st.tuples(st.floats(-80, 80), st.floats(-180, 180)),
)
def test_find_nearest_home_is_the_nearest_by_the_great_circle(homes, place):
    reps, account = make_reps(*homes), make_accounts(place)

    row, _ = find_nearest_home(account, reps)

    distance = measure_distance(
        *account[["latitude", "longitude"]].to_numpy()[0], *reps[["latitude", "longitude"]].to_numpy().T
    )
    assert distance[row[0]] == pytest.approx(distance.min(), abs=1e-3)
