import pandas as pd
import pytest
from small_client import fill_table, make_client, make_tables

from salesmodel_kit import tables
from salesmodel_kit.chain import build_model
from salesmodel_kit.client.folder import open_client
from salesmodel_kit.model.driven import settle_plan
from salesmodel_kit.model.norms import count_wanted_visits, match_norms
from salesmodel_kit.model.territories import TerritoryRules
from salesmodel_kit.model.travel import TravelRules, estimate_travel
from salesmodel_kit.model.workload import plan_effort
from salesmodel_kit.reports.exhibits.allocation import decide_allocation
from salesmodel_kit.reports.exhibits.call_plan import show_call_weeks
from salesmodel_kit.reports.exhibits.territories import show_plan_comparison


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


def settle(accounts, reps, tiers, *, norms, channels, way):
    """Return the plan of a team that nobody looks after today, from the norms of its tiers."""
    def plan_hours(hours, is_left):
        asked, room = tiers.assign(travel_hours_per_call=hours), reps["selling_hours_per_year"].sum()
        return plan_effort(asked if is_left is None else asked.assign(is_left=is_left), norms=norms, channels=channels,
                           capacity={"field": room if is_left is None else float("inf")},
                           present_hours=pd.Series(0.0, tiers.index))

    first = estimate_travel(accounts, reps, fixed=accounts["locked_rep"], rules=way,
                            visits=count_wanted_visits(match_norms(tiers, norms)))
    return settle_plan(accounts, reps, (first, plan_hours(first["travel_hours_per_call"], None)),
                       plan_hours=plan_hours, rules=(TerritoryRules(1.0, 0.1, 100, speed_kmh=way.speed_kmh), way))


def test_settle_plan_leaves_accounts_until_those_that_stay_fit_with_their_longer_ways():
    # 24 journeys a year hold 50 accounts, 0.1 h each visit: 24 x way + n x 2.4 h. With 33.75 h of way 810 h of the
    # 900 h go, so (900 - 810) / 2.4 = 37 accounts fit; each round that leaves some lengthens the way of the others.
    n, speed = 50, 2 * 111.19508 / 33.75
    names = [f"{number:02}" for number in range(n)]
    accounts = fill_table(tables.ACCOUNTS, {"account": names, "name": names, "latitude": [1.0] * n,
                                            "longitude": [0.0] * n})
    reps = fill_table(tables.REPS, {"rep": ["r"], "name": ["R"], "role": ["field"], "latitude": [0.0],
                                    "longitude": [0.0], "selling_hours_per_year": [900.0]})
    tiers = pd.DataFrame({"account": names, "tier": "gold", "posture": "invest", "score": 0.5})
    norms = pd.DataFrame({"tier": ["gold"], "channel": ["field"], "calls_per_year": [24.0]})
    channels = pd.DataFrame({"channel": ["field"], "hours_per_call": [0.1], "travel_hours_per_call": [0.5],
                             "next_channel": [None]})
    way = TravelRules(1.0, 50.0, 40.0, speed)

    plan = settle(accounts, reps, tiers, norms=norms, channels=channels, way=way)

    assert plan.effort["hours_per_year"].sum() == pytest.approx(24 * 33.75 + 37 * 2.4, abs=0.01)
    assert plan.territories.table["rep"].notna().sum() == 37
    assert plan.effort["travel_hours_per_call"].head(37).tolist() == pytest.approx([33.75 / 37] * 37, abs=1e-4)


@pytest.mark.parametrize(("call_hours", "n_visited"), [(5.0, 2), (15.0, 0)])
def test_settle_plan_counts_no_hours_that_nobody_has_and_says_whom_nobody_takes(call_hours, n_visited):
    # Three accounts of 60 h next door to two reps of 100 h: the team's 200 h hold 180 h, but no rep holds two; of
    # 180 h the team's hours hold one, and no rep does.
    names, channels = ["a", "b", "c"], pd.DataFrame({"channel": ["field"], "hours_per_call": [call_hours],
                                                     "travel_hours_per_call": [0.0], "next_channel": [None]})
    accounts = fill_table(tables.ACCOUNTS, {"account": names, "name": names, "latitude": [0.0] * 3,
                                            "longitude": [0.0] * 3})
    reps = fill_table(tables.REPS, {"rep": ["r", "s"], "name": ["R", "S"], "role": ["field"] * 2,
                                    "latitude": [0.0] * 2, "longitude": [0.0] * 2,
                                    "selling_hours_per_year": [100.0] * 2})
    tiers = pd.DataFrame({"account": names, "tier": "gold", "posture": "invest", "score": [0.9, 0.8, 0.7]})
    norms = pd.DataFrame({"tier": ["gold"], "channel": ["field"], "calls_per_year": [12.0]})
    way = TravelRules(1.0, 1.0, 40.0, 60.0)

    plan = settle(accounts, reps, tiers, norms=norms, channels=channels, way=way)

    assert plan.territories.table["rep"].notna().sum() == n_visited
    assert plan.effort["hours_per_year"].sum() == n_visited * 60
    assert plan.territories.conditions[["condition", "n_accounts"]].values.tolist() == [["room", 1]]


def test_call_plan_visits_next_door_and_drives_no_kilometers_from_the_home_of_another():
    # Anna lives where 001 is; Bruno's home is not known, his ways are taken from Anna's.
    given = make_tables()
    reps = given["reps"].assign(latitude=[48.85, None, None], longitude=[2.35, None, None])
    accounts = given["accounts"].assign(locked_rep=["anna", "bruno", None, None, None, None])
    speed = {name: {"value": value, "unit": "-", "basis": "judged", "source": "room"}
             for name, value in (("travel_speed_kmh", 60.0), ("calls_per_tour_day", 2.0))}
    model = build_model(make_client(accounts=accounts, reps=reps, profile={"assumptions": speed}))
    first = model.call_plan.drop_duplicates("account").set_index("account")
    summary = model.call_summary.set_index("rep")

    assert model.account_effort.set_index("account")["channel"].loc[["001", "002"]].tolist() == ["field", "field"]
    assert first["kind"].loc[["001", "002"]].tolist() == ["visit", "visit"]
    assert summary.loc["bruno", "n_planned"] > 0
    assert summary.loc["bruno", ["travel_km", "travel_km_full", "travel_km_alone"]].tolist() == [0, 0, 0]


def make_team(hours):
    return make_tables()["reps"].assign(selling_hours_per_year=pd.array(hours, dtype="Float64").astype(float))


def test_first_travel_begins_at_no_home_of_somebody_who_does_not_sell():
    model = build_model(make_client(reps=make_team([900, 0, 700])))

    assert set(model.first_travel["home_of"]) == {"anna"}


@pytest.mark.parametrize(("hours", "title"), [
    ([1, 1, 1], "No account fits into the hours of the team"),
    ([0, 0, 0], "The sales team has no selling hours to plan with"),
])
def test_who_has_hours_is_not_told_to_have_none(hours, title):
    model = build_model(make_client(reps=make_team(hours)))

    assert (show_plan_comparison(model).title, show_call_weeks(model).title) == (title, title)
    assert title in decide_allocation(model).html


def test_call_weeks_say_that_no_week_holds_what_the_plan_does():
    # 24 visits of 30 h on the way, in a plan of 900 h: no week of a rep has 30 h to sell.
    one = make_tables()["accounts"].head(1).assign(latitude=43.30, longitude=5.37)
    speed = {name: {"value": value, "unit": "-", "basis": "judged", "source": "room"}
             for name, value in (("travel_speed_kmh", 56.0), ("calls_per_tour_day", 1.0))}
    model = build_model(make_client(accounts=one, reps=make_team([900, 0, 0]).head(1), profile={"assumptions": speed}))

    assert model.account_effort["hours_per_year"].sum() > 0
    assert show_call_weeks(model).title == "No contact of the plan has a week"
