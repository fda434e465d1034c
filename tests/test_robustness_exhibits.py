import re

import numpy as np
import pandas as pd
import pytest
from demo_models import demo_model

from salesmodel_kit.chain import build_model
from salesmodel_kit.language import Language
from salesmodel_kit.narrative.robustness import (
    describe_weightings,
    tell_best_ten,
    tell_certainty,
    tell_close_call_decision,
    tell_close_calls,
    tell_flip,
    tell_influence,
)
from salesmodel_kit.reports.exhibits.robustness import (
    decide_close_calls,
    show_best_ten,
    show_certainty,
    show_close_calls,
    show_influence,
)

ENGLISH, FRENCH = Language("en"), Language("fr")
EXHIBITS = (show_certainty, show_close_calls, show_influence, show_best_ten)
WEIGHTINGS = describe_weightings(2000, {"potential": "ordinal", "chance": "votes"}, 4, potential_weight=0.5)


def make_rows(n, *, tier="gold", certainty=0.95):
    return pd.DataFrame({"account": range(n), "name": [f"Alpha {i}" for i in range(n)], "tier": tier,
                         "gold_acceptability": certainty, "silver_acceptability": 1 - certainty,
                         "bronze_acceptability": 0.0, "tier_acceptability": certainty,
                         "is_close_call": pd.array([certainty < 0.7] * n, dtype="boolean")})


def say_certainty(rows, language):
    return tell_certainty(rows, weightings=WEIGHTINGS, is_cut_anew=True, are_weights_declared=False, language=language)


@pytest.mark.parametrize(("n", "language", "title"), [
    (1, ENGLISH, "The one gold account is gold under at least 9 of 10 weightings"),
    (3, ENGLISH, "3 of 3 gold accounts are gold under at least 9 of 10 weightings"),
    (1, FRENCH, "Le seul compte or l’est dans au moins 9 pondérations sur 10"),
    (3, FRENCH, "3 comptes or sur 3 le sont dans au moins 9 pondérations sur 10"),
])
def test_tell_certainty_counts_the_sure_accounts_of_the_best_tier(n, language, title):
    assert str(say_certainty(make_rows(n), language).title).replace("\u00a0", " ") == title


def test_tell_certainty_speaks_of_all_tiers_where_none_is_of_the_best():
    title = str(say_certainty(make_rows(2, tier="bronze"), ENGLISH).title)

    assert title.replace("\u00a0", " ") == "2 of 2 accounts have their tier under at least 9 of 10 weightings"


def test_tell_certainty_says_what_the_weightings_rest_on():
    subtitle = str(say_certainty(make_rows(2), ENGLISH).subtitle).replace("\u00a0", " ")

    assert "votes of 4 people for chance to win, and keep the order of the weights elsewhere" in subtitle


@pytest.mark.parametrize("language", [ENGLISH, FRENCH])
@pytest.mark.parametrize("n", [0, 1, 2, 9])
def test_tell_close_calls_speaks_of_none_one_and_many(n, language):
    caption = tell_close_calls(make_rows(n, certainty=0.6), share=0.7, n_accounts=20, language=language)

    assert ("Alpha 0" in caption.title) == (n == 1)
    assert caption.subtitle


def make_flip(**changed):
    return {"flip_distance": 0.08, "flip_to": "silver", "flip_less": "a", "flip_less_by": 0.04, "flip_more": "b",
            "flip_more_by": 0.04, "n_flip_less": 1} | changed


LABELS = {"a": "Detected projects", "b": "Fit"}


@pytest.mark.parametrize(("row", "english", "french"), [
    (make_flip(), "silver if “Detected projects” weighed 4 points less and “Fit” as much more",
     "argent si « Detected projects » pesait 4 points de moins et « Fit » autant de plus"),
    (make_flip(flip_less_by=0.0004), "silver if “Detected projects” weighed a touch less (under 0.1 points) and "
     "“Fit” as much more",
     "argent si « Detected projects » pesait à peine moins (pas même 0,1 point) et « Fit » autant de plus"),
    (make_flip(n_flip_less=2, flip_more_by=0.13), "silver if “Fit” weighed 13 points more, at the expense of “Detected "
     "projects” and 1 other", "argent si « Fit » pesait 13 points de plus, aux dépens de « Detected projects » et de 1 "
     "autre critère"),
    (make_flip(flip_less=None, flip_more=None, flip_distance=0.0),
     "silver with the slightest change: it stands on the cut",
     "argent au moindre changement : le compte est sur le seuil"),
    (make_flip(flip_distance=np.nan), "no change of weights moves it", "aucun changement de poids ne le déplace"),
])  # fmt: skip
def test_tell_flip_says_what_would_move_an_account(row, english, french):
    for language, expected in ((ENGLISH, english), (FRENCH, french)):
        assert tell_flip(row, LABELS, language=language).replace("\u00a0", " ") == expected


def make_influence(*changed):
    return pd.DataFrame({"label": [f"C{i}" for i in range(len(changed))],
                         "n_changed_by_spread": pd.array(changed, dtype="Int64"),
                         "n_changed_without": pd.array(changed, dtype="Int64")})


@pytest.mark.parametrize("language", [ENGLISH, FRENCH])
@pytest.mark.parametrize("changed", [(5, 2), (5, 5), (1,), (0, 0), (None,)])
def test_tell_influence_names_the_leaders(changed, language):
    caption = tell_influence(make_influence(*changed), n_accounts=9, weightings=WEIGHTINGS, language=language)

    assert ("C0" in caption.title) == bool(changed[0])
    assert ("C1" in caption.title) == (changed == (5, 5))


@pytest.mark.parametrize(("changed", "said"), [
    ((5, 2), "Agree on the weight of “C0” before any other: 5 accounts change tier as it"),
    ((5, 5), "Agree on the weights of “C0” and “C1” before any other: 5 accounts change tier as any one of them"),
    ((1, 1, 1, 1, 1), "Agree on the weights of “C0”, “C1”, “C2” and 2 others before any other: 1 account changes tier "
     "as any one of them"),
])  # fmt: skip
def test_tell_close_call_decision_names_all_that_move_most(changed, said):
    items = tell_close_call_decision(make_rows(0), make_influence(*changed), language=ENGLISH)

    assert str(items).replace("\u00a0", " ") == f"<li>{said} moves.</li>"


@pytest.mark.parametrize("language", [ENGLISH, FRENCH])
def test_captions_speak_of_what_the_group_judged_only_where_somebody_voted(language):
    nobody = describe_weightings(2000, {"potential": "ordinal", "chance": "ordinal"}, 0, potential_weight=0.5)
    said = []
    for weightings in (WEIGHTINGS, nobody):
        caption = tell_influence(make_influence(5, 2), n_accounts=9, weightings=weightings, language=language)
        said.append(str(caption.subtitle))

    group, order = (("what the group judged", "keep the order of the weights") if language is ENGLISH else
                    ("ce que le groupe a jugé", "qui gardent l’ordre des poids"))
    assert [group in subtitle for subtitle in said] == [True, False]
    assert [order in subtitle for subtitle in said] == [False, True]


def test_tell_best_ten_says_how_many_the_table_holds_and_that_ranks_know_no_veto():
    ranks = pd.DataFrame({"name": ["A", "B", "C"], "best_1_acceptability": [0.2, 0.8, 0.0],
                          "best_10_acceptability": [1.0, 0.9, 0.004]})

    caption = tell_best_ten(ranks, n_accounts=40, weightings=WEIGHTINGS, language=ENGLISH, n_vetoed=1)

    assert "The table holds the 2 that are there under at least 1% of them." in caption.subtitle
    assert "a veto keeps 1 account of the table out of gold" in str(caption.subtitle).replace("\u00a0", " ")


def test_tell_best_ten_names_who_comes_first_most_often():
    ranks = pd.DataFrame({"name": ["A", "B"], "best_1_acceptability": [0.2, 0.8], "best_10_acceptability": [1.0, 0.9]})

    caption = tell_best_ten(ranks, n_accounts=40, weightings=WEIGHTINGS, language=ENGLISH)

    assert "“B” comes first most often, under 80%" in caption.subtitle
    assert str(caption.title).startswith("2\u00a0accounts are")


def test_tell_close_call_decision_is_empty_where_nothing_is_to_decide():
    assert str(tell_close_call_decision(make_rows(0), make_influence(0), language=ENGLISH)) == ""


@pytest.mark.parametrize("show", EXHIBITS)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_exhibits_of_a_demo_client_stand_in_both_languages(show, language):
    exhibit = show(demo_model("software-publisher", language))

    assert exhibit.html.startswith("<figure")
    assert not re.search(r"(?i)>[^<]*\b(none|nan|<na>)\b", exhibit.html)


@pytest.mark.parametrize("show", [*EXHIBITS, decide_close_calls])
@pytest.mark.parametrize("n_accounts", [0, 1, 2])
def test_exhibits_stand_for_small_clients(show, n_accounts, client_factory):
    accounts = client_factory().accounts.iloc[:n_accounts]

    assert show(build_model(client_factory(accounts=accounts))) is not None


def test_exhibits_say_what_is_missing_where_nothing_is_cut(client_factory):
    model = build_model(client_factory(accounts=client_factory().accounts.assign(potential_per_year=np.nan)))

    assert all("missing" in show(model).html for show in (show_certainty, show_close_calls, show_influence))


def test_exhibits_escape_what_the_client_wrote(client_factory):
    criteria = client_factory().criteria
    accounts = client_factory().accounts.assign(name="<b>Atlas</b>")
    model = build_model(client_factory(accounts=accounts, criteria=criteria.assign(label="<i>Fit</i>")))

    for show in EXHIBITS:
        assert "<b>Atlas" not in show(model).html
        assert "<i>Fit" not in show(model).html
