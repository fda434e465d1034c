import pytest

from salesmodel_kit.chain import build_model
from salesmodel_kit.client.folder import open_client


@pytest.fixture(scope="module")
def model():
    return build_model(open_client("demo:industrial-services"))


def test_settle_plan_gives_nobody_more_hours_than_there_are(model):
    loads = model.rep_summary.groupby("role")["load"].max()

    assert (loads <= 1 + 1e-6).all()
    assert loads["field"] > 0.9


def test_settle_plan_measures_every_visit_from_the_rep_who_makes_it(model):
    visited = model.account_effort["channel"].eq("field") & model.account_travel["distance_km"].notna()
    visited &= model.territories["rep"].notna()

    assert model.account_travel["home_of"][visited].equals(model.territories["rep"][visited])
    assert model.account_travel["distance_km"][visited].tolist() == pytest.approx(
        model.territories["distance_km"][visited].tolist())


def test_settle_plan_leaves_one_number_of_kilometers_and_of_hours(model):
    plans, effort = model.plan_comparison.set_index("plan"), model.account_effort
    by_account = effort["visits_per_year"] * model.account_travel["travel_km_per_call"]

    assert model.tier_costs["travel_km_per_year"].sum() == pytest.approx(plans.loc["proposed", "travel_km_per_year"])
    assert by_account[effort["channel"] == "field"].sum() == pytest.approx(plans.loc["proposed", "travel_km_per_year"])
    assert model.rep_summary["hours_per_year"].sum() == pytest.approx(effort["hours_per_year"].sum())


def test_dated_journeys_are_never_fewer_than_full_ones(model):
    summary = model.call_summary

    assert (summary["travel_km"] >= 0.98 * summary["travel_km_full"]).all()
    assert summary["travel_km"].sum() > summary["travel_km_full"].sum()
