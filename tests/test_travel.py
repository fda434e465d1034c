import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesmodel_kit.model.territories import measure_distance
from salesmodel_kit.model.travel import TravelRules, estimate_travel, fill_journey, find_nearest_home, share_journeys
from salesmodel_kit.tables import ACCOUNT_TRAVEL, make_schema

DEGREE = 2 * np.pi * 6371.0088 / 360  # kilometers of one degree of latitude
RULES = TravelRules(1.25, visits_a_journey=4, area_km=40, speed_kmh=50)


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


def visits(*numbers):
    return pd.Series(numbers, dtype=float)


def share(rules, rep, *numbers):
    km = pd.Series(100.0, range(len(numbers)))
    return share_journeys(make_accounts(*[(1.0, 0.0)] * len(numbers)), rep=pd.Series(rep, dtype="str"), distance_km=km,
                          visits=visits(*numbers), rules=rules)


def test_estimate_travel_shares_one_way_over_the_visits_of_an_area():
    places = [(1.0, 0.0)] * 8

    table = estimate_travel(make_accounts(*places), make_reps((0.0, 0.0)), fixed=fixed(*[None] * 8),
                            visits=visits(*[6] * 8), rules=RULES)

    assert table["distance_km"].tolist() == pytest.approx([1.25 * DEGREE] * 8)
    assert table["travel_km_per_call"].tolist() == pytest.approx([2 * 1.25 * DEGREE / 4] * 8)
    assert table["travel_hours_per_call"].tolist() == pytest.approx([2 * 1.25 * DEGREE / 4 / 50] * 8)
    make_schema(ACCOUNT_TRAVEL).validate(table)


def test_share_journeys_takes_as_many_as_the_account_that_is_visited_most():
    # 12 + 6 visits, 4 to a journey, would fit into 4.5 journeys; the first account takes 12.
    table = share(RULES, ["r1", "r1"], 12, 6)

    assert table["visits_per_journey"].tolist() == pytest.approx([18 / 12] * 2)
    assert table["travel_km_per_call"].tolist() == pytest.approx([200 * 12 / 18] * 2)


def test_share_journeys_of_two_reps_are_not_shared():
    assert share(RULES, ["r1", "r2"], 6, 6)["travel_km_per_call"].tolist() == [200.0, 200.0]


def test_share_journeys_leaves_who_is_not_visited_out_of_the_area():
    table = share(RULES, ["r1", "r1", None], 6, 0, 6)

    assert table["area"].isna().tolist() == [False, True, True]
    assert table["visits_per_journey"].isna().tolist() == [False, True, True]


@given(st.lists(st.integers(1, 52), min_size=1, max_size=9), st.floats(1, 6))
def test_share_journeys_are_never_fewer_than_visits_fill(numbers, full):
    table = share(TravelRules(1.3, full, 40), ["r1"] * len(numbers), *numbers)

    journeys = (np.array(numbers) / table["visits_per_journey"]).sum()

    assert journeys == pytest.approx(max(max(numbers), sum(numbers) / full))


def test_fill_journey_is_one_visit_where_a_day_holds_less():
    assert fill_journey(None, day_hours=8, hours_per_visit=9) == 1.0


def test_estimate_travel_measures_from_the_fixed_rep_else_from_the_nearest():
    reps, accounts = make_reps((0.0, 0.0), (3.0, 0.0)), make_accounts((1.0, 0.0), (1.0, 0.0), (2.9, 0.0))

    table = estimate_travel(accounts, reps, fixed=fixed("r2", None, "r9"), visits=visits(1, 1, 1), rules=RULES)

    assert table["home_of"].tolist() == ["r2", "r1", "r2"]
    assert table["distance_km"].tolist() == pytest.approx([1.25 * DEGREE * degrees for degrees in (2, 1, 0.1)])


def test_estimate_travel_passes_over_who_leaves_or_does_not_visit():
    reps = make_reps((0.0, 0.0), (3.0, 0.0), (1.0, 0.0)).assign(
        role=["field", "field", "inside"], leaving=pd.array([True, None, None], dtype="boolean")
    )

    table = estimate_travel(make_accounts((1.0, 0.0)), reps, fixed=fixed("r1"), visits=visits(1), rules=RULES)

    assert table["home_of"].tolist() == ["r2"]


def test_estimate_travel_leaves_hours_open_where_nobody_declared_a_speed():
    table = estimate_travel(make_accounts((1.0, 0.0)), make_reps((0.0, 0.0)), fixed=fixed(None),
        visits=visits(1),
                            rules=TravelRules(1.2, 3.0, 40.0))

    assert table["travel_km_per_call"].notna().all()
    assert table["travel_hours_per_call"].isna().all()


def test_estimate_travel_leaves_an_account_without_a_place_open():
    nowhere = float("nan")
    table = estimate_travel(
        make_accounts((nowhere, nowhere), (1.0, 0.0)), make_reps((0.0, 0.0)), fixed=fixed("r1", None),
        visits=visits(1, 1),
        rules=RULES
    )

    assert table["distance_km"].isna().tolist() == [True, False]
    assert table["home_of"].isna().tolist() == [True, False]


def test_estimate_travel_without_any_home_knows_no_way():
    table = estimate_travel(
        make_accounts((1.0, 0.0)), make_reps().astype(float, errors="ignore"), fixed=fixed(None),
        visits=visits(1),
        rules=RULES
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
