"""Homes that are not there yet: where they are proposed, for whom, and what is said where nothing can be."""

import numpy as np
import pandas as pd
import pytest
from client_files import check_client, show, write_client
from small_client import make_client

from salesmodel_kit.chain import build_model
from salesmodel_kit.model.homes import MOST_PLACES, find_unplaced, place_homes, settle_homes
from salesmodel_kit.reports.exhibits.homes import show_homes
from salesmodel_kit.tables import HOME_PROPOSALS, REP_SUMMARY, make_schema


def make_towns():
    return pd.DataFrame({
        "latitude": [48.85, 48.86, 45.76, 43.3, np.nan], "longitude": [2.35, 2.34, 4.84, 5.37, np.nan],
        "city": ["Paris", "Paris", "Lyon", None, "Nice"], "name": ["a", "b", "c", "d", "e"]})


def make_need(visits):
    return pd.DataFrame({"visits_per_year": visits, "hours_per_year": [2.0 * each for each in visits]})


def make_homes(*places, hours=1000.0):
    latitude, longitude = zip(*places, strict=True) if places else ((), ())
    return pd.DataFrame({"latitude": latitude, "longitude": longitude, "selling_hours_per_year": hours}, dtype=float)


def test_place_homes_adds_the_town_that_saves_most_beside_the_homes_that_are_there():
    found = place_homes(make_towns(), make_need([9, 9, 4, 2, 5]), make_homes((48.855, 2.345)), hours=[1000.0],
                        detour_factor=1.0)

    # By hand: from Lyon, 4 visits need no way and 2 go 277 km instead of 660; from Marseille, 4 go 277 km.
    assert found.homes["city"].tolist() == ["Lyon"]
    assert found.km_per_year == pytest.approx(2 * 2 * 277, rel=0.02)
    assert found.km_before == pytest.approx(2 * (4 * 392 + 2 * 660), rel=0.02)
    assert found.n_without_place == 1
    assert found.gap == pytest.approx(0)


def test_place_homes_names_the_account_with_most_visits_where_no_town_is_known():
    found = place_homes(make_towns(), make_need([1, 1, 1, 9, 5]), make_homes(), hours=[1000.0], detour_factor=1.0)

    assert found.homes["city"].isna().all()
    assert found.homes["near"].tolist() == ["d"]
    assert np.isnan(found.km_before)


@pytest.mark.parametrize("visits", [[0, 0, 0, 0, 5], [0, 0, 0, 0, 0]])
def test_place_homes_invents_nothing_without_a_place_to_visit(visits):
    assert place_homes(make_towns(), make_need(visits), make_homes(), hours=[9.0], detour_factor=1.0) is None


def test_place_homes_refuses_to_place_nobody():
    with pytest.raises(ValueError, match="hours"):
        place_homes(make_towns(), make_need([1] * 5), make_homes(), hours=[], detour_factor=1.0)


def test_place_homes_draws_many_accounts_together():
    rng = np.random.default_rng(5)
    many = pd.DataFrame({"latitude": rng.uniform(43, 50, 3000), "longitude": rng.uniform(-3, 7, 3000), "city": None,
                         "name": "x"})

    found = place_homes(many, make_need([1.0] * 3000), make_homes((46.5, 2.0), hours=5000.0), hours=[1000.0],
                        detour_factor=1.3)

    assert len(many) > MOST_PLACES
    assert found.km_per_year < found.km_before
    assert found.homes["visits_per_year"].sum() <= 500 + 1e-6


def test_place_homes_does_not_depend_on_the_order_of_accounts():
    towns, need = make_towns(), make_need([3, 5, 4, 2, 5])
    turned = place_homes(towns[::-1].reset_index(drop=True), need[::-1].reset_index(drop=True), make_homes(),
                         hours=[50.0], detour_factor=1.0)

    assert turned.homes["city"].tolist() == place_homes(towns, need, make_homes(), hours=[50.0],
                                                        detour_factor=1.0).homes["city"].tolist()


def make_waiting(**changes):
    """Return the small client with Bruno, who has no home yet."""
    reps = make_client().reps.copy()
    at = reps.index[reps["rep"] == "bruno"]
    reps.loc[at, ["latitude", "longitude"]] = np.nan
    reps.loc[at, "place_home"] = True
    return make_client(reps=reps, **changes)


def test_find_unplaced_takes_only_who_drives_stays_and_has_hours():
    reps = make_waiting().reps.assign(selling_hours_per_year=100.0)

    assert find_unplaced(reps).tolist() == [False, True, False]
    assert not find_unplaced(reps.assign(selling_hours_per_year=0.0)).any()
    assert not find_unplaced(reps.assign(leaving=pd.Series([True] * 3, dtype="boolean"))).any()


def test_model_plans_territories_with_the_proposed_home_and_marks_it():
    model = build_model(make_waiting())

    assert model.home_proposals["city"].tolist() == ["Lyon"]
    bruno = model.rep_summary.set_index("rep").loc["bruno"]
    assert bruno["is_proposed"]
    assert bruno["mean_distance_km"] < 20
    assert model.reps.set_index("rep")["latitude"].isna()["bruno"]
    make_schema(HOME_PROPOSALS).validate(model.home_proposals)
    make_schema(REP_SUMMARY).validate(model.rep_summary)


def test_settle_homes_leaves_a_team_without_proposals_as_it_is():
    reps = make_client().reps

    pd.testing.assert_frame_equal(settle_homes(reps, None).drop(columns="is_proposed"), reps)


@pytest.mark.parametrize(("language", "says"), [("en", "would sit best in Lyon"), ("fr", "serait Lyon")])
def test_show_homes_says_where_and_what_it_saves(language, says):
    html = show_homes(build_model(make_waiting(profile={"language": language})))

    assert says in html


def test_show_homes_says_that_no_place_is_known_and_nothing_where_nobody_waits():
    accounts = make_client().accounts.assign(latitude=np.nan, longitude=np.nan)

    assert "missing" in show_homes(build_model(make_waiting(accounts=accounts)))
    assert show_homes(build_model(make_client())) == ""


def test_open_client_refuses_a_home_to_be_placed_that_is_there_or_that_nobody_needs(tmp_path):
    reps = ("rep,name,role,latitude,longitude,place_home\nR1,Ann,field,48.8,2.3,true\nR2,Bob,inside,,,true\n"
            "R3,Cid,field,,,true\n")
    folder = write_client(tmp_path / "acme", reps_csv=reps)

    problems = check_client(folder)

    assert show(problems) == [("reps.csv", 2, "place_home", "true"), ("reps.csv", 3, "place_home", "true")]
    assert "already" in str(problems[0].message)
