"""What the report says of the dated call plan."""

from __future__ import annotations

import dataclasses
from functools import cache

import pandas as pd
import pytest
from small_client import fill_table, make_client

from salesmodel_kit import tables
from salesmodel_kit.chain import build_model
from salesmodel_kit.chain.model import SalesModel
from salesmodel_kit.language import Language
from salesmodel_kit.narrative.call_plan import gather_call_plan, tell_call_decision, tell_call_weeks
from salesmodel_kit.narrative.telling import strip_markup
from salesmodel_kit.reports.exhibits.allocation import decide_allocation
from salesmodel_kit.reports.exhibits.call_plan import show_call_weeks, show_next_calls

LEAVE = fill_table(tables.LEAVE, {"rep": ["anna"], "first_day": [pd.Timestamp("2026-12-24")],
                                  "last_day": [pd.Timestamp("2026-12-31")]})
MADE = fill_table(tables.CALLS_MADE, {"account": ["001"], "made_on": [pd.Timestamp("2026-09-15")]})


def make_model(language: str = "en", **changes: object) -> SalesModel:
    return build_model(dataclasses.replace(make_client(profile={"language": language}), **changes))


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("changes", [{}, {"leave": LEAVE, "calls_made": MADE}], ids=["bare", "with diary"])
def test_show_call_weeks_speaks_both_languages(language: str, changes: dict) -> None:
    exhibit = show_call_weeks(make_model(language, **changes))

    words = strip_markup(exhibit.html)
    assert ("leave.csv" in words or "conges.csv" in words) == (not changes)
    assert "nan" not in words.casefold()
    assert "<img" in exhibit.html


def test_show_call_weeks_says_what_is_missing_without_reps() -> None:
    exhibit = show_call_weeks(make_model(reps=make_client().reps.head(0)))

    assert "missing" in exhibit.html
    assert "missing" in show_next_calls(make_model(reps=make_client().reps.head(0))).html


def test_show_next_calls_escapes_names() -> None:
    accounts = make_client().accounts.assign(name="<b>Atlas</b>")

    exhibit = show_next_calls(make_model(accounts=accounts))

    assert "<b>Atlas" not in exhibit.html
    assert "&lt;b&gt;Atlas" in exhibit.html


def test_show_next_calls_holds_four_weeks_of_one_rep() -> None:
    model = make_model()

    exhibit = show_next_calls(model)

    busiest = model.call_summary.set_index("rep")["mean_load"].idxmax()
    own = model.call_plan[model.call_plan["rep"].eq(busiest)].dropna(subset=["week"])
    four = [model.call_weeks["week"].min() + pd.Timedelta(weeks=week) for week in range(4)]
    assert exhibit.html.count("<tr>") == 1 + own["week"].isin(four).sum()


def test_decide_allocation_asks_for_the_leave_until_it_is_there() -> None:
    assert "Enter the team's leave" in decide_allocation(make_model()).html.replace("&#39;", "'")
    assert "check the first four weeks" in decide_allocation(make_model(leave=LEAVE)).html


@cache
def gather_facts() -> dict[str, object]:
    model = make_model()
    return gather_call_plan(model.call_plan, model.call_weeks, model.call_summary, names={})


def make_facts(**changes: object) -> dict[str, object]:
    return gather_facts() | changes


@pytest.mark.parametrize(("code", "said"), [
    ("en", "3 of 1,003\u00a0calls find no week with room"),
    ("fr", "3 contacts sur 1\u202f003 ne trouvent aucune semaine libre")])
def test_tell_call_weeks_counts_and_names_what_finds_no_week(code: str, said: str) -> None:
    facts = make_facts(n_planned=1000, n_no_room=3, no_room=["Alvane", "Brisso"])

    caption = tell_call_weeks(facts, has_leave=True, n_made=None, language=Language(code))

    assert strip_markup(caption.title) == said
    assert "Alvane" in caption.subtitle
    assert "Brisso" in caption.subtitle


@pytest.mark.parametrize(("code", "said"), [("en", "90 calls stay where they were, 2 are moved or new"),
                                            ("fr", "90 contacts restent à leur place, 2 sont déplacés ou nouveaux")])
def test_tell_call_weeks_counts_what_a_former_plan_keeps(code: str, said: str) -> None:
    facts = make_facts(has_former=True, n_kept=90, n_moved=2)

    subtitle = strip_markup(tell_call_weeks(facts, has_leave=True, n_made=1, language=Language(code)).subtitle)

    assert said in subtitle.replace("\u00a0", " ")


@pytest.mark.parametrize("code", ["en", "fr"])
def test_tell_call_weeks_is_true_of_one_call(code: str) -> None:
    facts = make_facts(n_planned=1, n_no_room=0, spacing=float("nan"), spacing_alone=float("nan"), travel_alone=0.0)

    caption = tell_call_weeks(facts, has_leave=True, n_made=None, language=Language(code))

    assert ("The one call" if code == "en" else "Le seul contact") in caption.title
    assert "km" not in caption.subtitle


def test_tell_call_decision_says_what_to_do_with_calls_without_a_week() -> None:
    items = tell_call_decision(make_facts(n_no_room=1), has_leave=True, language=Language("en"))

    assert "1\u00a0call finds no week with room: lower a norm, hand the account over" in items


@pytest.mark.parametrize(("code", "said"), [
    ("en", "1 of 40 days with calls takes more than a working day of 8 h, way included, the longest 11 h"),
    ("fr", "Sur 40 journées de contacts, 1 prend plus qu’une journée de travail de 8 h, trajet compris")])
def test_tell_call_weeks_counts_the_days_that_ask_for_a_night_away(code: str, said: str) -> None:
    facts = make_facts(n_days=40, n_long_days=1, day_hours=8.0, longest_day=11.0)

    subtitle = strip_markup(tell_call_weeks(facts, has_leave=True, n_made=1, language=Language(code)).subtitle)

    assert said in subtitle.replace("\u00a0", " ").replace("\u202f", " ")


def test_gather_call_plan_measures_how_far_the_months_are_from_the_seasons() -> None:
    """Two calls in January, two in July; the seasons ask for three quarters in January: one call stands elsewhere."""
    days = pd.to_datetime(["2027-01-04", "2027-01-05", "2027-07-05", "2027-07-06"])
    plan = pd.DataFrame({"week": days, "day": days, "rep": "r", "hours": [5.0, 2.0, 3.0, 9.0], "reason": "even",
                         "calls": 1, "name": "A"})
    year = pd.date_range("2027-01-04", periods=52, freq="7D")
    weeks = pd.DataFrame({"rep": "r", "week": year, "hours": 1.0})
    summary = fill_table(tables.CALL_SUMMARY, {"rep": ["r"], "n_planned": [4], "n_calls": [4]})

    facts = gather_call_plan(plan, weeks, summary, names={}, day_hours=8.0, season=[0.75, *[0.0] * 5, 0.25, *[0.0] * 5])

    assert facts["off_season"] == 0.25
    assert (facts["n_days"], facts["n_long_days"], facts["longest_day"]) == (4, 1, 9.0)
    said = strip_markup(tell_call_weeks(facts, has_leave=True, n_made=1, language=Language("en")).subtitle)
    assert "25% of them stand in another month than the seasons ask for" in said
