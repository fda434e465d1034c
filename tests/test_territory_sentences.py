"""Sentences on plans of territories are true for none, one and many, in both languages."""

import pandas as pd
import pytest

from salesmodel_kit.language import Language
from salesmodel_kit.model.homes import HomePlan
from salesmodel_kit.model.territories import TerritoryRules
from salesmodel_kit.narrative.telling import strip_markup
from salesmodel_kit.narrative.territories import tell_homes, tell_plan_comparison, tell_territory_conditions

PLAN = {
    "n_accounts": 10, "n_nobody": 0, "n_reps": 2, "hours_deviation": 0.08, "potential_deviation": 0.3, "n_outside": 0,
    "n_changed": 0, "changed_share": 0.0, "changed_sales_share": 0.0, "travel_km_per_year": 1000.0,
    "n_without_place": 0, "n_unmet": 0, "n_other_role": 0, "cost_km": 1000.0, "gap": 0.0, "hours_tolerance": 0.1,
    "n_over": 0, "n_other_rep": 0,
}  # fmt: skip


def make_plans(**plans):
    return pd.DataFrame([{**PLAN, "plan": name, **changes} for name, changes in plans.items()])


def tell_title(comparison, code):
    rules = TerritoryRules(1.3, 0.1, 100)
    return strip_markup(tell_plan_comparison(comparison, rules=rules, language=Language(code)).title)


def test_the_title_names_the_kilometers_saved_and_the_accounts_that_change():
    plans = make_plans(present={"travel_km_per_year": 1250.0}, proposed={"n_changed": 1, "changed_share": 0.1})

    assert tell_title(plans, "en") == (
        "The proposed plan drives 20% less than today's for 1\u00a0account that changes rep"
    )
    assert "20\u202f%" in tell_title(plans, "fr") or "20\u00a0%" in tell_title(plans, "fr")


def test_the_title_speaks_of_balance_where_no_kilometer_is_saved():
    plans = make_plans(present={"hours_deviation": 0.5}, proposed={"n_changed": 2, "changed_share": 0.2})

    assert "50% if nobody changed" in tell_title(plans, "en")


def test_the_title_claims_no_present_plan_where_no_owner_is_known():
    plans = make_plans(proposed={"changed_share": float("nan")})

    assert tell_title(plans, "en") == "The proposed plan keeps each rep's hours within 8% of an equal load"


def test_the_title_says_that_kilometers_decide_where_few_hours_are_planned():
    plans = make_plans(proposed={"changed_share": float("nan"), "hours_tolerance": 4.0, "hours_deviation": 1.2})

    assert tell_title(plans, "en") == (
        "Kilometres decide the proposed plan, because few of the hours in the field are planned")
    assert tell_title(plans, "fr").startswith("Les kilomètres décident")


def test_the_title_claims_no_balance_where_the_tolerance_asks_for_none():
    plans = make_plans(proposed={"changed_share": float("nan"), "hours_tolerance": 1.0, "hours_deviation": 1.0})
    rules = TerritoryRules(1.3, 1.0, 100)
    said = [strip_markup(tell_plan_comparison(plans, rules=rules, language=Language(code)).title)
            for code in ("en", "fr")]

    assert said[0] == ("Kilometres decide the proposed plan: a tolerance of 100% asks for no balance, and hours "
                       "deviate by up to 100% from an equal load")
    assert said[1].startswith("Les kilomètres décident du plan proposé")


def test_the_title_sets_no_kilometers_against_those_of_other_distances():
    plans = make_plans(present={"travel_km_per_year": 1250.0},
                       proposed={"n_changed": 1, "changed_share": 0.1, "n_without_place": 3})

    assert "drives" not in tell_title(plans, "en")


@pytest.mark.parametrize(("code", "said"), [("en", "In it 2 accounts are with a rep of another role"),
                                            ("fr", "Il confie 2 comptes à un commercial d’un autre métier")])
def test_the_plan_by_hand_says_who_is_with_another_role(code, said):
    plans = make_plans(proposed={}, wished={"n_other_rep": 2, "n_other_role": 2, "gap": float("nan")})

    caption = tell_plan_comparison(plans, rules=TerritoryRules(1.3, 0.1, 100), language=Language(code))

    assert said in strip_markup(caption.subtitle).replace("\u00a0", " ").replace("\u202f", " ")


HOME = {"rep": "n", "name": "Open post", "city": "Lyon", "near": "A & B"}


def tell_home(code, homes, **numbers):
    numbers = {"km_per_year": 900.0, "km_before": 1000.0, "km_middle": 950.0, "bound_km": 900.0, "n_without_place": 0,
               **numbers}
    table = pd.DataFrame([{**HOME, **home} for home in homes])
    caption = tell_homes(table, plan=HomePlan(table, **numbers), language=Language(code))
    return strip_markup(caption.title), strip_markup(caption.subtitle).replace("\u00a0", " ").replace("\u202f", " ")


def test_homes_are_told_with_what_they_save_and_the_bound():
    title, text = tell_home("en", [{}], km_before=1200.0, bound_km=891.0, n_without_place=1)

    assert title == "Open post would sit best in Lyon"
    assert "25% less than without this home (300 km)" in text
    assert "5.3% less than in the town in the middle" in text
    assert "at most 1.0% above" in text
    assert "1 account to be visited has no known place" in text


def test_homes_are_told_without_what_is_not_known():
    title, text = tell_home("en", [{"city": None}], km_before=float("nan"), km_middle=900.0)

    assert title == "Open post would sit best near A & B"
    assert "less than" not in text
    assert "No other town of the accounts saves more." in text


def test_homes_that_save_nothing_are_told_so():
    text = tell_home("fr", [{}, {"city": "Nantes"}], km_before=900.0, km_middle=900.0)[1]

    assert "pas moins que sans ces domiciles" in text


def test_several_homes_are_listed():
    assert tell_home("en", [{}, {"city": "Nantes"}])[0].endswith("without a home would sit best in Lyon and in Nantes")
    assert tell_home("fr", [{}, {"city": "Nantes"}])[0].endswith("sans domicile seraient Lyon et Nantes")


@pytest.mark.parametrize(("code", "said"), [
    ("en", "or ask for fewer skills, for others may have room."),
    ("fr", "ou demander moins de compétences, car d’autres ont peut-être de la place.")])
def test_accounts_without_room_name_the_demand_that_keeps_them_from_others(code, said):
    row = {"condition": "room", "role": "field", "subject": None, "account": "1", "n_accounts": 2,
           "hours_per_year": 40.0, "asked": None, "reached": None, "instead": "skill"}  # fmt: skip

    assert said in strip_markup(tell_territory_conditions(pd.DataFrame([row]), language=Language(code))[1])


@pytest.mark.parametrize("code", ["en", "fr"])
@pytest.mark.parametrize("condition", ["skill", "language", "lock", "family", "room", "balance", "potential"])
def test_every_condition_has_a_sentence(condition, code):
    row = {"condition": condition, "role": "field", "subject": "X < Y", "account": "1", "n_accounts": 2,
           "hours_per_year": 40.0, "asked": 0.05, "reached": 0.09, "instead": None}  # fmt: skip

    title, text = tell_territory_conditions(pd.DataFrame([row]), language=Language(code))

    assert strip_markup(title)
    assert str(text).endswith(".")
    assert "X < Y" not in str(text)
