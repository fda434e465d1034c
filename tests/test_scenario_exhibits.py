"""What is shown of scenarios and of another size: facts of the chart, sentences in both languages, what is missing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from chart_facts import HARD_NAMES, assert_texts_apart, texts_of
from matplotlib.colors import to_rgba

from salesmodel_kit.charts.scenario_differences import draw_scenario_differences
from salesmodel_kit.charts.style import ACCENT, MID_GREY
from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.language import Language
from salesmodel_kit.model.returns import HiringTerms, plan_hires
from salesmodel_kit.model.sizes import SizeAnswer
from salesmodel_kit.narrative.scenarios import tell_scenarios, tell_size_return
from salesmodel_kit.narrative.telling import strip_markup

NAN = float("nan")
ROW = {"n_accounts": 100, "n_best": 10, "workload_hours_per_year": 1000.0, "selling_hours_per_year": 900.0,
       "n_reps": 10.0, "n_reps_missing": 2.0, "n_reps_spare": 0.0, "best_coverage": 0.9, "coverage": 0.8,
       "cost_per_year": 900_000.0, "expected_sales_per_year": 5_000_000.0, "n_changed": 40, "n_nobody": 0,
       "travel_km_per_year": 120_000.0}  # fmt: skip
TERMS = HiringTerms(80_000, 0.5, (0.5, 0.25), ramp_up_months=6, hiring_cost=10_000)


def make_table(*changes, **everywhere):
    rows = [{"scenario": "present", "label": "As it is", **ROW}]
    rows += [{"scenario": f"s{at}", "label": f"Scenario {at}", **ROW, **change} for at, change in enumerate(changes)]
    return pd.DataFrame([row | everywhere for row in rows])


def tell_title(table, code="en"):
    said = strip_markup(tell_scenarios(table, language=Language(code, "EUR")).title)
    return said.replace("\u00a0", " ").replace("\u202f", " ")


def test_draw_scenario_differences_draws_what_changes_and_says_the_rest_is_equal():
    figure = draw_scenario_differences(make_table({"cost_per_year": 800_000.0, "n_reps_missing": 3.0}),
                                       language=Language("en", "EUR"))

    words = texts_of(figure)
    assert {"−€100k", "+1.0", "="} <= set(words)
    assert "now €900k" in words
    bars = [patch.get_width() for axes in figure.axes for patch in axes.patches if patch.get_gid() == "difference"]
    assert sorted(round(width, 6) for width in bars) == [-100_000, 0, 0, 0, 0, 1]


def test_draw_scenario_differences_shows_a_loss_as_one_and_the_accounts_that_it_leaves_to_nobody():
    table = make_table({"cost_per_year": 800_000.0, "best_coverage": 0.5, "n_nobody": 7}, n_changed=NAN)

    figure = draw_scenario_differences(table, language=Language("en", "EUR"))

    drawn = {patch.get_width(): patch.get_facecolor() for axes in figure.axes for patch in axes.patches
             if patch.get_gid() == "difference" and patch.get_width()}
    assert drawn == {-100_000: to_rgba(ACCENT), -0.4: to_rgba(MID_GREY), 7: to_rgba(MID_GREY)}
    assert "+7" in texts_of(figure)


@pytest.mark.parametrize("code", ["en", "fr"])
def test_draw_scenario_differences_keeps_long_names_apart(code):
    changed = {"n_changed": 41, "n_nobody": 1_234}
    table = make_table(*[{"label": name, "travel_km_per_year": 1_234_567.0, **changed} for name in HARD_NAMES])

    assert_texts_apart(draw_scenario_differences(table, language=Language(code, "EUR")))


def test_draw_scenario_differences_leaves_out_what_is_not_known_today():
    table = make_table({"travel_km_per_year": NAN}, {}, expected_sales_per_year=NAN)

    words = texts_of(draw_scenario_differences(table, language=Language("en")))

    assert not any("Expected" in word for word in words)
    assert "not known" in words


def test_draw_scenario_differences_refuses_the_client_alone():
    with pytest.raises(SalesModelError, match="Nothing to draw"):
        draw_scenario_differences(make_table(), language=Language("en"))


@pytest.mark.parametrize(("changes", "title"), [
    ([{"expected_sales_per_year": 5_500_000.0}],
     "“Scenario 0” is expected to sell €500k a year more than the plan as it stands with the same team cost"),
    ([{}, {"expected_sales_per_year": 5_500_000.0, "cost_per_year": 1_000_000.0}],
     "“Scenario 1” is expected to sell €500k a year more than the plan as it stands for €100k more of team"),
    ([{"expected_sales_per_year": 5_500_000.0, "cost_per_year": NAN}],
     "“Scenario 0” is expected to sell €500k a year more than the plan as it stands"),
    ([{"expected_sales_per_year": 5_001_000.0}],
     "“Scenario 0” is not expected to sell more than today's team and rules"),
    ([{}, {}], "None of the 2 scenarios is expected to sell more than today's team and rules"),
])  # fmt: skip
def test_tell_scenarios_says_which_sells_most(changes, title):
    assert tell_title(make_table(*changes)) == title


@pytest.mark.parametrize(("changes", "title"), [
    ([{"n_reps_missing": 0.0}], "With “Scenario 0”, nobody is missing, with today's rules 2"),
    ([{"n_reps_missing": 1.0}, {}], "With “Scenario 0”, 1 person is missing, with today's rules 2"),
    ([{}], "In “Scenario 0” as many people are missing as with today's rules: 2"),
    ([{}, {}], "In all 2 scenarios as many people are missing as with today's rules: 2"),
    ([{}, {"n_reps_missing": 4.0}], "With “Scenario 1”, 4 people are missing, with today's rules 2"),
    ([{"n_nobody": 3, "n_reps_missing": 4.0}],
     "“Scenario 0” leaves 3 more accounts without the person that the call norms ask for"),
])  # fmt: skip
def test_tell_scenarios_speaks_of_people_where_sales_are_not_known(changes, title):
    assert tell_title(make_table(*changes, expected_sales_per_year=NAN)) == title


@pytest.mark.parametrize("code", ["en", "fr"])
def test_tell_scenarios_escapes_the_client_s_words_and_counts_accounts_without_a_rep(code):
    caption = tell_scenarios(make_table({"label": "<b>&", "n_nobody": 7}), language=Language(code, "EUR"))

    assert "<b>&" not in str(caption.subtitle)
    assert {"en": "7 with", "fr": "7 avec"}[code] in strip_markup(caption.subtitle)


@pytest.mark.parametrize(("code", "title"), [
    ("en", "Nobody is missing, with “Scenario 0” as with today's rules"),
    ("fr", "Il ne manque personne, ni avec « Scenario 0 » ni avec les règles d’aujourd’hui")])  # fmt: skip
def test_tell_scenarios_says_so_where_nobody_is_missing(code, title):
    assert tell_title(make_table({}, n_reps_missing=0.0, expected_sales_per_year=NAN), code) == title


@pytest.mark.parametrize(("ratio", "says"), [
    (2.0, "too small"), (1.0, "size is right"), (0.7, "no reason to hire"), (0.3, "does not pay back")])  # fmt: skip
def test_tell_size_return_judges_by_the_return_over_three_years(ratio, says):
    caption = tell_return(ratio)

    assert says in strip_markup(caption.title)
    assert "nobody is to be hired" in strip_markup(caption.subtitle)


def tell_return(ratio, plan=None, change=None, code="en"):
    rows = [{"step": "next", "n_reps_added": 1.0, "added_sales_per_year": ratio * 160_000, "cost_per_year": 80_000,
             "break_even_sales_per_year": 160_000, "ratio": ratio, "return_over_three_years": ratio * 1.75 - 1}]
    rows += [] if change is None else [{**rows[0], "step": "change", "n_reps_added": change,
                                        "added_sales_per_year": np.sign(change) * 400_000}]
    answer = SizeAnswer(10, 9, 11, 9, 11, 0, 0)
    return tell_size_return(pd.DataFrame(rows), plan, answer=answer, terms=TERMS, n_reps=10,
                            language=Language(code, "EUR"))


@pytest.mark.parametrize("code", ["en", "fr"])
@pytest.mark.parametrize("change", [3.0, 1.0, -2.0])
def test_tell_size_return_tells_hires_with_the_quarter_that_pays_or_how_many_fewer(change, code):
    plan = plan_hires(int(change), added_sales_per_year=400_000 * change, terms=TERMS) if change > 0 else None

    said = strip_markup(tell_return(1.0, plan, change, code).subtitle)

    assert {"en": "quarter", "fr": "trimestre"}[code] in said or change < 0
    assert ("fewer" if code == "en" else "de moins") in said or change > 0


def test_tell_size_return_says_so_where_hires_do_not_pay():
    plan = plan_hires(2, added_sales_per_year=10_000, terms=TERMS)

    assert "have not paid for themselves" in strip_markup(tell_return(1.0, plan, 2.0).subtitle)
