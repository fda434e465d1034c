"""Sentences on places, costs, visits, working days and months, in both languages."""

import datetime as dt

import pandas as pd
import pytest

from salesmodel_kit.language import Language
from salesmodel_kit.model.costs import BreakEven, CostRules
from salesmodel_kit.narrative.telling import strip_markup
from salesmodel_kit.narrative.workload import (
    tell_break_even,
    tell_costs,
    tell_months,
    tell_places,
    tell_selling_days,
)

ENGLISH, FRENCH = Language("en", "EUR"), Language("fr", "EUR")
NAN = float("nan")
RULES = CostRules({"field": 94.0, "inside": 45.0}, margin_rate=0.4, visit_gain_share=0.3)
YEAR = dt.date(2026, 10, 1), dt.date(2027, 10, 1)


def plain(sentence):
    return strip_markup(sentence).replace("\xa0", " ").replace("\u202f", " ")


def make_places(*rows):
    return pd.DataFrame(rows, columns=["place", "n_reps", "n_reps_needed"]).assign(
        n_reps_gap=lambda table: table["n_reps_needed"] - table["n_reps"], n_accounts=10
    )


def say_places(places, language=ENGLISH):
    return tell_places(places, place_km=60.0, n_travel=12, n_usual=3, language=language)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("Lyon", 1.0, 1.0)], "Around Lyon the call norms ask for 1 field rep; 1 lives there"),
        (
            [("Paris", 2.0, 3.7), ("Lyon", 1.0, 1.0), ("Metz", 1.0, 0.4)],
            "Around Paris the call norms ask for 3.7 field reps where there are 2, "
            "around Metz for 0.4 where there is 1",
        ),
        (
            [("Paris", 2.0, 3.7), ("Lyon", 1.0, 1.1)],
            "Around Paris the call norms ask for 3.7 field reps where there are 2",
        ),
        (
            [("Paris", 2.0, 2.1), ("Metz", 1.0, 0.4)],
            "Around Metz the call norms ask for 0.4 field reps where there is 1; nowhere are people short",
        ),
        (
            [("Paris", 2.0, 2.1), ("Metz", 1.0, 0.9)],
            "At each of 2 places the call norms ask for about the people who live there",
        ),
    ],
)
def test_tell_places_names_where_people_are_short_and_where_free(rows, said):
    assert plain(say_places(make_places(*rows)).title) == said


def test_tell_places_counts_accounts_without_a_place_and_ways_by_the_norm():
    caption = say_places(make_places(("Paris", 2.0, 3.7), (None, 0.0, 0.3)))

    assert "Each of 20 accounts" in plain(caption.subtitle)
    assert "10 accounts without a place stand apart" in plain(caption.subtitle)
    assert "to the nearest, for 12 accounts, from the channel's norm for 3" in plain(caption.subtitle)


def test_tell_places_speaks_french():
    said = plain(say_places(make_places(("Paris", 2.0, 3.7), ("Metz", 1.0, 0.4)), FRENCH).title)

    assert said == (
        "Autour de Paris, le rythme des contacts demande 3,7 commerciaux terrain pour 2 en place, "
        "autour de Metz, 0,4 pour 1"
    )


def make_costs(**columns):
    return pd.DataFrame(
        {
            "tier": ["gold", "silver"],
            "cost_per_account": [5_000.0, 1_000.0],
            "cost_to_serve_per_year": [50_000.0, 20_000.0],
            "cost_share_of_sales": [0.1, 0.2],
            "cost_share_of_contribution": [0.25, 0.5],
            "n_unprofitable": pd.array([0, 3], dtype="Int64"),
        }
    ).assign(**columns)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({}, "Serving silver takes 50% of its margin: €1,000 an account and year"),
        ({"cost_share_of_contribution": NAN}, "Serving silver takes 20% of its sales: €1,000 an account and year"),
        (
            {"cost_share_of_contribution": NAN, "cost_share_of_sales": NAN},
            "Serving gold costs €5,000 an account and year",
        ),
        (  # the accounts whose sales are known are not served, those that are have none known
            {"cost_share_of_contribution": NAN, "cost_share_of_sales": 0.0},
            "Serving gold costs €5,000 an account and year",
        ),
    ],
)
def test_tell_costs_holds_the_cost_against_the_best_that_is_known(columns, said):
    assert plain(tell_costs(make_costs(**columns), prices=RULES, language=ENGLISH).title) == said


def test_tell_costs_says_nothing_of_losses_that_nobody_can_know():
    costs = make_costs(n_unprofitable=pd.array([None, None], dtype="Int64"))

    said = plain(tell_costs(costs, prices=RULES, language=ENGLISH).subtitle)

    assert "more to serve" not in said
    assert "the way counts in hours, not in kilometres" in said


@pytest.mark.parametrize(("language", "nearest", "proposed"), [
    (ENGLISH, "The way to 1 account counts from the nearest home that is known", "to 3 accounts counts from a home"),
    (FRENCH, "Le trajet vers 1 compte part du domicile connu le plus proche", "vers 3 comptes part d’un domicile")])
def test_tell_costs_says_which_ways_begin_at_a_home_that_stands_in(language, nearest, proposed):
    said = plain(tell_costs(make_costs(), prices=RULES, language=language, n_nearest=1, n_proposed=3).subtitle)

    assert nearest in said
    assert proposed in said


def make_choice(*rows):
    return pd.DataFrame(rows, columns=["wanted_channel", "advised_channel"], dtype="str")


def say_visits(choice, line=None, language=ENGLISH):
    return tell_break_even(choice, line=line, prices=RULES, language=language)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            [("field", "inside"), ("field", "field"), ("inside", "field")],
            "1 of 2 accounts that the norms visit does not repay its visits; 1 of 1 that they phone would",
        ),
        ([("inside", "field"), ("inside", "inside")], "1 of 2 accounts that the norms phone would repay visits"),
        ([("field", "field")], "The norms already visit the accounts that repay it, and no others"),
        ([("field", None)], "Whether visits pay cannot be said: no sales, and no potential known"),
    ],
)
def test_tell_break_even_counts_what_would_change(rows, said):
    assert plain(say_visits(make_choice(*rows)).title) == said


def test_tell_break_even_says_the_line_only_where_there_is_one():
    choice = make_choice(("field", "field"), ("field", None))

    with_line = plain(say_visits(choice, BreakEven(395.0, 4.0)).subtitle)

    assert "from €395 a contact next door and €400 more for each 100 km" in with_line
    assert "divided by 30%" in with_line
    assert "1 account is left open" in with_line
    assert "next door" not in plain(say_visits(choice).subtitle)
    assert "395 € par contact" in plain(say_visits(choice, BreakEven(395.0, 0.0), FRENCH).subtitle)


def make_days(given, calendar, source):
    return pd.DataFrame(
        {
            "role": ["field", "inside"],
            "weekdays": 261.0,
            "public_holidays": [7.0, 8.0],
            "working_days": [218.0, 217.0],
            "given_hours_per_year": given,
            "calendar_hours_per_year": calendar,
            "hours_from": source,
        }
    )


def say_days(days, language=ENGLISH):
    return tell_selling_days(days, year=YEAR, hours_per_day=7.5, language=language)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (
            make_days([900.0, 1_200.0], [890.0, 1_000.0], ["given", "given"]),
            "The selling hours given for inside reps are 20% above what the calendar leaves: 1,200 h against 1,000 h",
        ),
        (
            make_days([900.0, NAN], [890.0, 1_000.0], ["given", "calendar"]),
            "The selling hours given agree with the calendar: 900 h against 890 h",
        ),
        (
            make_days([NAN, NAN], [890.0, 1_000.0], ["calendar", "calendar"]),
            "The calendar leaves 217.5 working days a rep: 1,890 h to sell in a year",
        ),
        (
            make_days([900.0, NAN], [NAN, NAN], ["given", "assumption"]),
            "Public holidays leave 253.5 of 261 weekdays; leave is not declared",
        ),
    ],
)
def test_tell_selling_days_compares_what_was_given_with_the_calendar(days, said):
    assert plain(say_days(days).title) == said


def test_tell_selling_days_says_whose_hours_are_used():
    said = plain(say_days(make_days([900.0, NAN], [NAN, NAN], ["given", "assumption"])).subtitle)

    assert said.startswith("Year from 1 October 2026 to 30 September 2027")
    assert "times 7.5 h a day" in said
    assert "1 of 2 reps keeps the hours given, 1 those of the assumed working days" in said


@pytest.mark.parametrize(("source", "english", "french"), [
    (["calendar", "calendar"], "2 of 2 reps have the hours of the calendar.",
     "2 personnes sur 2 prennent les heures du calendrier."),
    (["calendar", "assumption"], "1 of 2 reps has the hours of the calendar, 1 those of the assumed",
     "1 personne sur 2"),
    (["assumption", "assumption"], "All 2 reps have the hours of the assumed", "Les 2 personnes ont les heures"),
    (["given"], "The one rep has the hours given.", "La seule personne a les heures indiquées."),
    (["calendar"], "The one rep has the hours of the calendar.", "La seule personne a les heures du calendrier."),
    (["assumption"], "The one rep has those of the assumed working days", "La seule personne a celles des jours")])
def test_tell_selling_days_is_true_of_one_source_and_of_one_rep(source, english, french):
    days = make_days([900.0, 900.0], [NAN, NAN], ["given", "given"]).head(len(source)).assign(hours_from=source)

    assert english in plain(say_days(days).subtitle)
    assert french in plain(say_days(days, FRENCH).subtitle)


@pytest.mark.parametrize(
    ("load", "said"),
    [
        (1.2, "In March the plan asks for 120% of the hours of field reps"),
        (0.9, "The busiest month, March, asks for 90% of the hours of field reps"),
    ],
)
def test_tell_months_names_the_peak(load, said):
    months = pd.DataFrame({"role": ["inside", "field", "field"], "month": [1, 2, 3], "load": [0.5, NAN, load],
                           "hours": 100.0, "selling_hours": 150.0})

    assert plain(tell_months(months, language=ENGLISH).title) == said
    assert "mars" in plain(tell_months(months, language=FRENCH).title)
