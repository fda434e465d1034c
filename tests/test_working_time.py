"""Working time, seasons, call norms and ways as a client writes them, and what the chain makes of them."""

from pathlib import Path

import pytest
from client_files import ACCOUNTS, PROFILE, check_client, write_client

from salesmodel_kit.chain import open_model
from salesmodel_kit.client.folder import open_client

NORMS = """\
strategy_changes:
  call_norms:
  - {tier: gold, channel: field, calls_per_year: 24}
  - {tier: silver, channel: field, calls_per_year: 10}
  - {tier: bronze, channel: inside, calls_per_year: 4}
"""
MONTHS = "seasonality: [0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0, 0]\n"


def assume(**values):
    return "assumptions:\n" + "".join(
        f"  {name}: {{value: {value}, unit: x, source: us}}\n" for name, value in values.items())


@pytest.mark.parametrize(("text", "column", "said"), [
    ("seasonality: [0.5, 0.5]\n", "seasonality", "Twelve shares are expected, January first; there are 2."),
    (MONTHS.replace("0, 0]", "0.1, 0]"), "seasonality", "add up to 1.1; they must make 1"),
    (MONTHS.replace("0, 0]", "-0.1, 0.1]"), "seasonality.11", "at least 0"),
    (NORMS + "  - {tier: gold, segment: Industry, channel: field, calls_per_year: 1}\n", "strategy_changes.call_norms",
     "names the segment Industry, which is not there"),
    (NORMS + "  - {tier: gold, segment: S1, channel: field, calls_per_year: 1}\n" * 2, "strategy_changes.call_norms",
     "two call norms for the posture any, the segment S1 and the standing any"),
    (NORMS + "  - {tier: gold, standing: lead, channel: field, calls_per_year: 1}\n",
     "strategy_changes.call_norms.4.standing", "One of these is expected: any, customer, prospect."),
    (NORMS + "  - {tier: gold, standing: prospect, channel: field, calls_per_year: 1, remote_share: 50}\n",
     "strategy_changes.call_norms.4.remote_share", "at most 1"),
    (assume(travel_speed_kmh=60), "assumptions.travel_speed_kmh", "calls_per_tour_day is needed as well"),
    (assume(travel_cost_per_km=0.4), "assumptions.travel_cost_per_km", "calls_per_tour_day is needed as well"),
    (assume(travel_speed_kmh=0, calls_per_tour_day=3), "assumptions.travel_speed_kmh.value", "from 1 to 200"),
    (assume(visit_gain_share=0), "assumptions.visit_gain_share.value", "from 0.001 to 1"),
])
def test_open_client_refuses_in_one_sentence(tmp_path: Path, text: str, column: str, said: str) -> None:
    problems = check_client(write_client(tmp_path, client_yaml=PROFILE + text))

    assert [problem.column for problem in problems] == [column]
    assert said in str(problems[0].message)


@pytest.mark.parametrize(("cell", "column"), [("-1,,", "leave_days_per_year"), ("25,400,", "training_days_per_year"),
                                              ("25,,Elsass", "holiday_part")])
def test_open_client_refuses_working_time_that_cannot_be(tmp_path: Path, cell: str, column: str) -> None:
    reps = f"rep,name,role,leave_days_per_year,training_days_per_year,holiday_part\nR1,Ann,field,{cell}\n"

    problems = check_client(write_client(tmp_path, reps_csv=reps))

    assert [(problem.file, problem.row, problem.column) for problem in problems] == [("reps.csv", 2, column)]


def test_open_client_takes_norms_by_segment_and_standing(tmp_path: Path) -> None:
    more = "  - {tier: gold, segment: S1, standing: prospect, channel: field, calls_per_year: 30, hours_per_call: 3}\n"

    client = open_client(write_client(tmp_path, client_yaml=PROFILE + NORMS + more))

    assert client.strategy.call_norms[-1].hours_per_call == 3


def test_selling_days_take_the_calendar_where_leave_is_declared(tmp_path: Path) -> None:
    reps = "rep,name,role,leave_days_per_year,holiday_part\nR1,Ann,field,30,57\nR2,Ben,field,,\n"
    profile = PROFILE + assume(working_days_per_year=200, working_hours_per_day=7, selling_time_share=0.4,
                               travel_time_share=0.1)

    model = open_model(write_client(tmp_path, reps_csv=reps, client_yaml=profile))

    # October 2026 to September 2027, 261 weekdays: 11 Nov, 25 Dec, 1 Jan, 29 Mar, 6 and 17 May, 14 Jul; Moselle 26 Mar
    assert model.selling_days["working_days"].tolist()[0] == 261 - 8 - 30
    assert model.reps["selling_hours_per_year"].tolist() == pytest.approx([223 * 7 * 0.5, 200 * 7 * 0.5])


def test_month_loads_are_there_where_seasons_are_declared(tmp_path: Path) -> None:
    without = open_model(write_client(tmp_path / "without"))
    model = open_model(write_client(tmp_path / "with", client_yaml=PROFILE + MONTHS))

    assert without.month_loads is None
    roles = model.month_loads.groupby("role")
    assert [own["season_share"].tolist() for _, own in roles] == [[*[0.1] * 10, 0, 0]] * roles.ngroups
    planned = model.account_effort.groupby("channel")["hours_per_year"].sum()
    assert roles["hours"].sum().to_dict() == pytest.approx(planned[planned > 0].to_dict())
    assert model.month_loads["hours"].sum() == pytest.approx(model.account_effort["hours_per_year"].sum())


def test_account_effort_takes_the_way_from_the_distance(tmp_path: Path) -> None:
    lines = ACCOUNTS.splitlines()
    accounts = "\n".join(
        [lines[0] + ",latitude,longitude", lines[1] + ",45.0,4.0", lines[1].replace("007", "008") + ",,"]) + "\n"
    reps = "rep,name,role,latitude,longitude\nR1,Ann,field,46.0,4.0\n"
    way = assume(travel_speed_kmh=50, calls_per_tour_day=2, detour_factor=1.2)

    model = open_model(write_client(
        tmp_path, accounts_csv=accounts, reps_csv=reps,
        client_yaml=PROFILE + NORMS.replace("inside", "field") + way))

    # one degree of latitude is 111.195 km; each visit goes there and back;
    # the other has no place: the norm of the channel
    hours = model.account_effort["travel_hours_per_call"].tolist()
    assert hours == pytest.approx([2 * 111.195 * 1.2 / 50, 0.75], abs=1e-3)
