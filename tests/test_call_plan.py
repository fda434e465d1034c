"""The dated call plan, from tables to tables."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_client import fill_table, make_client

from salesmodel_kit import tables
from salesmodel_kit.chain import build_model
from salesmodel_kit.model.calendar import WorkRules
from salesmodel_kit.model.call_plan import CallRules, list_call_needs, plan_call_weeks, spread_calls
from salesmodel_kit.model.travel import TravelRules, share_journeys

RULES = CallRules(dt.date(2027, 1, 1), dt.date(2027, 1, 4), WorkRules(), week_tolerance=0.1, spacing_tolerance=0.25,
                  visits_a_journey=3)
REPS = fill_table(tables.REPS, {"rep": ["anna", "bruno"], "name": ["Anna", "Bruno"], "role": ["field", "field"],
                                "selling_hours_per_year": [520.0, 520.0]})
PLACES = {"paris": (48.86, 2.35), "lyon": (45.76, 4.84)}


def make_needs(*rows: tuple[str, str | None, str, float, str], calls_made: pd.DataFrame | None = None,
               rules: CallRules = RULES) -> pd.DataFrame:
    """Return needs from rows of account, rep, tier, calls a year and place."""
    account, rep, tier, calls, place = (list(column) for column in zip(*rows, strict=True))
    accounts = fill_table(tables.ACCOUNTS, {
        "account": account, "name": [f"The {name}" for name in account], "city": place,
        "latitude": [PLACES.get(name, (None, None))[0] for name in place],
        "longitude": [PLACES.get(name, (None, None))[1] for name in place]})
    effort = pd.DataFrame({"account": account, "tier": tier, "channel": "field", "calls_per_year": calls,
                           "hours_per_call": 1.5, "travel_hours_per_call": 0.5})
    territories = pd.DataFrame({"account": account, "rep": pd.Series(rep, dtype="str")})
    km = pd.Series(100.0, accounts.index)
    shared = share_journeys(accounts, rep=territories["rep"], distance_km=km, visits=effort["calls_per_year"],
                            rules=TravelRules(1.3, 3.0, 40.0))
    travel = shared.assign(distance_km=km, home_of=territories["rep"])
    return list_call_needs(accounts, effort, territories, calls_made, travel=travel, rules=rules)


def make_calls_made(*rows: tuple[str, str]) -> pd.DataFrame:
    account, day = (list(column) for column in zip(*rows, strict=True))
    return fill_table(tables.CALLS_MADE, {"account": account, "made_on": pd.to_datetime(day)})


def weeks_of(plan: pd.DataFrame, account: str) -> list[str]:
    weeks = plan.loc[plan["account"] == account, "week"]
    return [week.date().isoformat() if pd.notna(week) else "" for week in weeks]


def test_list_call_needs_counts_what_is_left_of_the_year() -> None:
    made = make_calls_made(("a", "2027-02-01"), ("a", "2027-03-01"), ("b", "2026-12-20"))
    rules = dataclasses.replace(RULES, plan_from=dt.date(2027, 7, 1))

    needs = make_needs(("a", "anna", "gold", 12.0, "paris"), ("b", "anna", "gold", 6.0, "lyon"), calls_made=made,
                       rules=rules)

    assert needs["n_calls"].tolist() == [10, 6]
    assert needs["n_made"].tolist() == [2, 0]
    assert needs["last_call"].dt.strftime("%Y-%m-%d").tolist() == ["2027-03-01", "2026-12-20"]


def test_list_call_needs_takes_the_share_of_the_year_where_no_calls_are_recorded() -> None:
    needs = make_needs(("a", "anna", "gold", 12.0, "paris"), ("b", "anna", "gold", 1.0, "lyon"),
                       rules=dataclasses.replace(RULES, plan_from=dt.date(2027, 7, 5)))

    assert needs["n_calls"].tolist() == [6, 1]  # half of 52 weeks are left; half a call is rounded up


def test_list_call_needs_spreads_less_than_a_call_a_year_over_accounts_and_years() -> None:
    rows = [(name, "anna", "bronze", 0.25, "paris") for name in "abcdefgh"]

    years = [make_needs(*rows, rules=dataclasses.replace(
        RULES, year_from=dt.date(year, 1, 1), plan_from=dt.date(year, 1, 1)))["n_calls"] for year in range(2027, 2031)]

    assert [calls.sum() for calls in years] == [2, 2, 2, 2]
    assert sum(years).tolist() == [1] * 8


@given(st.lists(st.sampled_from([0.0, 0.3, 0.5, 1.0, 4.5]), min_size=1, max_size=30), st.integers(2020, 2040))
def test_spread_calls_gives_the_norm_within_a_call(calls: list[float], year: int) -> None:
    effort = pd.DataFrame({"account": [f"a{at}" for at in range(len(calls))], "tier": "silver"})
    wanted = pd.Series(calls)

    found = spread_calls(effort, wanted, year=year)

    assert ((found - wanted).abs() < 1).all()
    assert ((found - wanted).groupby(wanted % 1).sum().abs() < 1).all()


def test_list_call_needs_forms_areas_by_rep() -> None:
    needs = make_needs(("a", "anna", "gold", 1.0, "paris"), ("b", "anna", "gold", 1.0, "paris"),
                       ("c", "anna", "gold", 1.0, "lyon"), ("d", "bruno", "gold", 1.0, "paris"),
                       ("e", "bruno", "gold", 1.0, "nowhere"))

    assert needs["area"].tolist()[:4] == [0.0, 0.0, 1.0, 2.0]
    assert needs["area_name"].tolist()[:4] == ["paris", "paris", "lyon", "paris"]
    assert needs["area"].isna().tolist() == [False] * 4 + [True]
    assert needs["km"].tolist()[:4] == [200.0] * 4


def test_plan_call_weeks_meets_frequencies_evenly() -> None:
    plan = plan_call_weeks(make_needs(("a", "anna", "gold", 4.0, "paris")), REPS, None, rules=RULES)

    weeks = pd.to_datetime(weeks_of(plan.table, "a"))
    assert np.diff(weeks).astype("timedelta64[D]").astype(int).tolist() == [91, 91, 91]
    assert plan.table["number"].tolist() == [1, 2, 3, 4]
    assert plan.summary.set_index("rep").loc["anna", "spacing_deviation"] == 0


def test_plan_call_weeks_goes_on_from_the_last_call() -> None:
    """Four a year, the last one on 28 December: the next is due 13 weeks later, on 29 March."""
    made = make_calls_made(("a", "2026-12-28"))

    plan = plan_call_weeks(make_needs(("a", "anna", "gold", 4.0, "paris"), calls_made=made), REPS, None, rules=RULES)

    assert weeks_of(plan.table, "a")[0] == "2027-03-29"


def test_plan_call_weeks_avoids_leave_and_a_week_of_holidays() -> None:
    leave = fill_table(tables.LEAVE, {"rep": ["anna"], "first_day": [pd.Timestamp("2027-08-02")],
                                      "last_day": [pd.Timestamp("2027-08-27")]})
    week = {dt.date(2027, 5, 3) + dt.timedelta(days=at) for at in range(5)}
    rules = dataclasses.replace(RULES, work=WorkRules(week))

    plan = plan_call_weeks(make_needs(("a", "anna", "gold", 48.0, "paris")), REPS, leave, rules=rules)

    closed = {"2027-05-03", "2027-08-02", "2027-08-09", "2027-08-16", "2027-08-23"}
    assert closed.isdisjoint(weeks_of(plan.table, "a"))
    assert plan.table["calls"].sum() == plan.summary["n_planned"].sum() == 48  # in 47 weeks, one of them twice


def test_plan_call_weeks_shares_selling_hours_by_working_days() -> None:
    """520 hours over 260 days are 2 a day: 10 in a week of five days, and 8 with a holiday on Good Friday."""
    rules = dataclasses.replace(RULES, work=WorkRules({dt.date(2027, 3, 26)}))

    weeks = plan_call_weeks(make_needs(("a", "anna", "gold", 1.0, "paris")), REPS, None, rules=rules).weeks

    own = weeks[weeks["rep"] == "anna"].set_index("week")
    per_day = 520 / 259
    assert own["selling_hours"].sum() == pytest.approx(520)
    assert own.loc["2027-03-22", "selling_hours"] == pytest.approx(4 * per_day)
    assert own.loc["2027-03-22", "n_holidays"] == 1


def test_plan_call_weeks_names_what_finds_no_week_and_who_has_no_rep() -> None:
    """A week of 10 hours, 11 with the tolerance, holds five calls of 2 hours: 52 x 5 of 300; gold before bronze."""
    rows = [(f"b{at}", "anna", "bronze", 50.0, "paris") for at in range(3)]
    needs = make_needs(*rows, *((f"g{at}", "anna", "gold", 50.0, "paris") for at in range(3)),
                       ("x", None, "gold", 2.0, "lyon"))

    plan = plan_call_weeks(needs, REPS, None, rules=RULES)

    without = plan.table[plan.table["week"].isna()]
    assert without.set_index("account")["reason"].to_dict()["x"] == "nobody"
    no_room = without[without["reason"] == "no_room"]
    assert 40 <= no_room["calls"].sum() <= 50  # 300 - 52 x 5 have no hours; a few more would double up in a week
    assert set(no_room["tier"]) == {"bronze"}
    assert plan.table["calls"].sum() == 302


def test_plan_call_weeks_saves_journeys_against_each_account_for_itself() -> None:
    rows = [(f"{place}{at}", "anna", "silver", 6.0, place) for place in PLACES for at in range(6)]

    summary = plan_call_weeks(make_needs(*rows), REPS, None, rules=RULES).summary.set_index("rep").loc["anna"]

    assert summary["travel_km"] <= 0.6 * summary["travel_km_alone"]
    assert summary["peak_load"] <= 1.1


def test_plan_call_weeks_moves_nothing_where_nothing_has_changed() -> None:
    rows = [(f"a{at}", "anna", "gold", 10.0, place) for at, place in enumerate([*PLACES] * 4)]
    needs = make_needs(*rows)
    first = plan_call_weeks(needs, REPS, None, rules=RULES)

    again = plan_call_weeks(needs, REPS, None, rules=RULES, previous=first.table)

    pd.testing.assert_frame_equal(again.table.drop(columns="reason"), first.table.drop(columns="reason"))
    assert set(again.table["reason"]) == {"kept"}
    assert again.summary.set_index("rep").loc["anna", ["n_kept", "n_moved"]].tolist() == [80, 0]


def test_plan_call_weeks_moves_only_the_calls_of_a_week_that_closes() -> None:
    rows = [(f"a{at}", "anna", "gold", 10.0, place) for at, place in enumerate([*PLACES] * 4)]
    needs = make_needs(*rows)
    first = plan_call_weeks(needs, REPS, None, rules=RULES)
    week = first.table["week"].mode()[0]
    leave = fill_table(tables.LEAVE, {"rep": ["anna"], "first_day": [week], "last_day": [week + pd.Timedelta(days=6)]})

    again = plan_call_weeks(needs, REPS, leave, rules=RULES, previous=first.table)

    n_closed = int(first.table["week"].eq(week).sum())
    assert n_closed > 0
    assert again.summary.set_index("rep").loc["anna", ["n_kept", "n_moved"]].tolist() == [80 - n_closed, n_closed]


def test_plan_call_weeks_moves_fewer_calls_than_a_plan_afresh_when_an_account_is_added() -> None:
    rows = [(f"a{at}", "anna", "gold", 10.0, place) for at, place in enumerate([*PLACES] * 4)]
    first = plan_call_weeks(make_needs(*rows), REPS, None, rules=RULES)
    more = make_needs(("new", "anna", "gold", 24.0, "lyon"), *rows)

    again = plan_call_weeks(more, REPS, None, rules=RULES, previous=first.table).table
    afresh = plan_call_weeks(more, REPS, None, rules=RULES).table

    def count_moved(table: pd.DataFrame) -> int:
        both = first.table[["account", "week"]].merge(table[["account", "week"]])
        return len(first.table) - len(both)

    assert count_moved(again) == 0
    assert count_moved(afresh) > 0
    assert again["account"].eq("new").sum() == 24


def test_plan_call_weeks_takes_up_a_lower_and_a_higher_frequency() -> None:
    first = plan_call_weeks(make_needs(("a", "anna", "gold", 6.0, "paris"), ("b", "anna", "gold", 4.0, "lyon")), REPS,
                            None, rules=RULES)

    again = plan_call_weeks(make_needs(("a", "anna", "gold", 3.0, "paris"), ("b", "anna", "gold", 5.0, "lyon")), REPS,
                            None, rules=RULES, previous=first.table)

    assert set(weeks_of(again.table, "a")) < set(weeks_of(first.table, "a"))
    assert set(weeks_of(again.table, "b")) > set(weeks_of(first.table, "b"))
    assert again.summary.set_index("rep").loc["anna", ["n_kept", "n_moved"]].tolist() == [7, 1]


def test_plan_call_weeks_plans_afresh_for_an_account_that_changes_rep() -> None:
    first = plan_call_weeks(make_needs(("a", "anna", "gold", 6.0, "paris")), REPS, None, rules=RULES)

    again = plan_call_weeks(make_needs(("a", "bruno", "gold", 6.0, "paris")), REPS, None, rules=RULES,
                            previous=first.table)

    assert set(again.table["rep"]) == {"bruno"}
    assert "kept" not in set(again.table["reason"])


def test_plan_call_weeks_plans_nothing_without_calls() -> None:
    plan = plan_call_weeks(make_needs(("a", "anna", "gold", 0.0, "paris")), REPS, None, rules=RULES)

    assert plan.table.empty
    assert plan.weeks["hours"].sum() == 0
    tables.make_schema(tables.CALL_PLAN).validate(plan.table)


def test_plan_call_weeks_does_without_selling_hours() -> None:
    reps = REPS.assign(selling_hours_per_year=0.0)

    plan = plan_call_weeks(make_needs(("a", "anna", "gold", 6.0, "paris")), reps, None, rules=RULES)

    assert plan.table[["reason", "calls"]].to_numpy().tolist() == [["no_room", 6]]


@pytest.mark.parametrize("replaced", [{}, {"reps": pd.DataFrame()}, {"accounts": pd.DataFrame()}])
def test_tables_of_the_plan_keep_to_their_schemas(replaced: dict) -> None:
    client = make_client()
    if "reps" in replaced:
        client = dataclasses.replace(client, reps=client.reps.head(0))
    if "accounts" in replaced:
        client = dataclasses.replace(client, accounts=client.accounts.head(1))

    model = build_model(client)

    for table in (tables.CALL_PLAN, tables.CALL_WEEKS, tables.CALL_SUMMARY):
        tables.make_schema(table).validate(getattr(model, table.name))


def test_plan_call_weeks_follows_seasons_and_leaves_plans_without_them_alone() -> None:
    """Half of the year's work in the first quarter: six of twelve calls by March."""
    season = dataclasses.replace(RULES, season=(1 / 6,) * 3 + (1 / 18,) * 9)
    needs = make_needs(("a", "anna", "gold", 12.0, "paris"))

    found = plan_call_weeks(needs, REPS, None, rules=season).table

    even = plan_call_weeks(needs, REPS, None, rules=RULES).table
    flat = plan_call_weeks(needs, REPS, None, rules=dataclasses.replace(RULES, season=(1 / 12,) * 12)).table
    assert (found["week"] < "2027-03-29").sum() == 6
    assert (even["week"] < "2027-03-29").sum() == 3
    assert abs(flat["week"] - even["week"]).max() <= pd.Timedelta(days=7)


def test_plan_call_weeks_keeps_calls_apart_where_a_full_rep_cannot_follow_the_seasons() -> None:
    """Ten accounts of 12 calls take 80 % of the hours: calls stand two weeks apart at least, half a spacing."""
    needs = make_needs(*((f"a{at}", "anna", "gold", 12.0, "paris") for at in range(10)))
    hours = (needs["n_calls"] * needs["hours"]).sum() / 0.8
    reps = REPS.assign(selling_hours_per_year=REPS["selling_hours_per_year"].mask(REPS["rep"] == "anna", hours))
    season = dataclasses.replace(RULES, season=(1 / 6,) * 3 + (1 / 18,) * 9)

    found = plan_call_weeks(needs, reps, None, rules=season).table.sort_values(["account", "week"])

    assert found["week"].notna().all()
    assert found.groupby("account")["week"].diff().min() >= pd.Timedelta(days=14)


def test_list_call_needs_takes_the_share_that_the_seasons_leave() -> None:
    """From 5 April on half of the year's work is left, less two of April's 22 days: 200 x (1/2 - 1/198) = 98.99."""
    rules = dataclasses.replace(RULES, plan_from=dt.date(2027, 4, 5), season=(1 / 6,) * 3 + (1 / 18,) * 9)

    assert make_needs(("a", "anna", "gold", 200.0, "paris"), rules=rules)["n_calls"].item() in (98, 99)


def test_plan_call_weeks_dates_calls_in_their_weeks_on_days_at_work() -> None:
    rows = [(f"{place}{at}", "anna", "silver", 8.0, place) for place in PLACES for at in range(5)]
    leave = fill_table(tables.LEAVE, {"rep": ["anna"], "first_day": [pd.Timestamp("2027-03-01")],
                                      "last_day": [pd.Timestamp("2027-03-03")]})
    rules = dataclasses.replace(RULES, work=WorkRules({dt.date(2027, 5, 6)}))

    table = plan_call_weeks(make_needs(*rows), REPS, leave, rules=rules).table

    off = (table["day"] - table["week"]) / pd.Timedelta(days=1)
    assert off.between(0, 4).all()
    assert not table["day"].between("2027-03-01", "2027-03-03").any()
    assert not table["day"].eq("2027-05-06").any()
    assert table.groupby("day")["area"].nunique().max() == 1


def test_plan_call_weeks_holds_days_of_the_former_plan_where_they_are_still_worked() -> None:
    rows = [(f"a{at}", "anna", "gold", 10.0, place) for at, place in enumerate([*PLACES] * 4)]
    first = plan_call_weeks(make_needs(*rows), REPS, None, rules=RULES).table
    was = first.assign(day=first["week"] + pd.Timedelta(days=4))

    again = plan_call_weeks(make_needs(*rows), REPS, None, rules=RULES, previous=was).table

    assert ((again["day"] - again["week"]) == pd.Timedelta(days=4)).all()
