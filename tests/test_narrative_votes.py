"""Sentences on votes; every number here is worked out by hand."""

import pandas as pd
import pytest

from salesmodel_kit.language import Language
from salesmodel_kit.narrative.telling import strip_markup
from salesmodel_kit.narrative.votes import (
    tell_best_by_set,
    tell_contradictions,
    tell_departments,
    tell_group_weights,
    tell_round_changes,
    tell_tier_changes,
    tell_weight_sets,
)

ENGLISH, FRENCH = Language("en"), Language("fr")


def plain(sentence):
    return strip_markup(sentence).replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'")


def make_group(**changes):
    rows = {"weight_set": [None] * 3, "axis": ["chance"] * 3, "round": [1] * 3, "label": ["Trust", "Fit", "Price"],
            "criterion": ["t", "f", "p"], "n_participants": [4] * 3, "group_weight": [0.5, 0.3, 0.2],
            "declared_weight": [0.4, 0.36, 0.24], "quartile_range": [0.2, 0.1, 0.05],
            "to_discuss": [True, False, False]}
    return pd.DataFrame(rows | changes).astype({"weight_set": "str"})


def make_agreement(concordance=0.62):
    rows = {"weight_set": [None], "axis": ["chance"], "round": [1], "concordance": [concordance]}
    return pd.DataFrame(rows).astype({"weight_set": "str"})


@pytest.mark.parametrize(("changes", "english", "french"), [
    ({}, "The room agrees on 2 of 3 weights; to be talked about: “Trust”, where the middle half of the votes spreads "
         "over 20.0 points",
     "Le groupe s'accorde sur 2 des 3 poids ; à discuter : « Trust », où la moitié centrale des votes s'étale sur "
     "20,0 points"),
    ({"to_discuss": [False] * 3},
     "The room agrees on all 3 weights; the largest step from a declared weight is 10.0 points, for “Trust”",
     "Le groupe s'accorde sur les 3 poids ; le plus grand écart avec un poids déclaré est de 10,0 points, pour "
     "« Trust »"),
    ({"to_discuss": [True] * 3},
     "The room agrees on no weight; to be talked about first: “Trust”, “Fit” and “Price”, where the middle half of "
     "the votes spreads over 20.0 points at most",
     "Le groupe ne s'accorde sur aucun poids ; à discuter d'abord : « Trust », « Fit » et « Price », où la moitié "
     "centrale des votes s'étale sur 20,0 points au plus"),
    ({"n_participants": [1] * 3},
     "One participant has voted: the weights are one opinion, and there is nothing yet to agree on",
     "Une seule personne a voté : les poids sont l'avis d'une personne, il n'y a pas encore d'accord à mesurer"),
])
def test_tell_group_weights_says_where_the_room_agrees(changes, english, french):
    group = make_group(**changes)

    for language, title in ((ENGLISH, english), (FRENCH, french)):
        assert plain(tell_group_weights(group, make_agreement(), language=language).title) == title


@pytest.mark.parametrize(("concordance", "said"), [
    (0.62, "Common order of the criteria (Kendall's W, 0 none, 1 the same for all): 0.62."),
    (0.7, "(Kendall's W, 0 none, 1 the same for all): 0.70, strong agreement."),
])
def test_tell_group_weights_says_how_far_the_order_is_common(concordance, said):
    caption = tell_group_weights(make_group(), make_agreement(concordance), language=ENGLISH)

    assert plain(caption.subtitle).endswith(said)


def test_tell_group_weights_says_nothing_of_an_order_that_nobody_could_disagree_on():
    caption = tell_group_weights(make_group(), make_agreement(float("nan")), language=FRENCH)

    assert plain(caption.subtitle) == (
        "Poids donnés en privé par 4 participants, tour de vote 1 ; les poids font 100 % sur chaque axe.")


def test_tell_departments_names_those_farthest_apart():
    rows = pd.DataFrame({"weight_set": [None] * 4, "axis": ["chance"] * 4, "criterion": ["t", "t", "p", "p"],
                         "department": ["Sales", "Marketing"] * 2, "group_weight": [0.5, 0.4, 0.1, 0.31]}).astype(
                             {"weight_set": "str"})

    assert plain(tell_departments(rows, make_group(), language=ENGLISH)) == (
        "Farthest apart, among departments with at least two voters: Marketing (31%) and Sales (10%) on “Price”.")
    assert tell_departments(rows.iloc[[0]], make_group(), language=ENGLISH) == ""


def make_changes(before, now, to_discuss=False):
    return pd.DataFrame({"quartile_range_before": [before], "quartile_range": [now], "weight_change": [0.1],
                         "to_discuss_before": [True], "to_discuss": [to_discuss], "label": ["Trust"], "round": [2],
                         "group_weight_before": [0.3], "group_weight": [0.4], "n_participants_before": [4],
                         "n_participants": [3]})


@pytest.mark.parametrize(("changes", "title"), [
    (make_changes(0.2, 0.1), "After talking, the middle half of the votes narrows from 20.0 to 10.0 points on average; "
                             "nothing remains to be talked about"),
    (make_changes(0.2, 0.1, True), "After talking, the middle half of the votes narrows from 20.0 to 10.0 points on "
                                   "average; 1 of 1 weight remains to be talked about"),
    (make_changes(0.1, 0.1), "The room stands as far apart after talking as before: 10.0 points on average"),
    (make_changes(0.1, 0.2), "After talking, the middle half of the votes widens from 10.0 to 20.0 points on average: "
                             "ask what was understood differently"),
])
def test_tell_round_changes_says_whether_the_room_came_closer(changes, title):
    caption = tell_round_changes(changes, language=ENGLISH)

    assert plain(caption.title) == title
    assert "Largest step: “Trust”, from 30% to 40%" in plain(caption.subtitle)


def make_sets(*n_changed):
    n_others = len(n_changed)
    return pd.DataFrame({
        "set_name": ["Declared", *(f"Set {at}" for at in range(n_others))], "in_force": [True] + [False] * n_others,
        "n_changed": [0, *n_changed], "n_up": [0, *n_changed], "n_down": [0] * (n_others + 1)}).astype(
            {"in_force": "boolean"})


def make_moves(*accounts):
    return pd.DataFrame({"account": accounts, "name": accounts, "tier": ["silver"] * len(accounts),
                         "other_tier": ["gold"] * len(accounts)}, dtype="str")


@pytest.mark.parametrize(("sets", "moves", "english", "french"), [
    (make_sets(0), make_moves(), "No account changes tier, whichever of the 2 sets of weights counts",
     "Aucun compte ne change de niveau, quel que soit le jeu de poids retenu (2 jeux)"),
    (make_sets(1), make_moves("a"), "Under “Set 0”, 1 account would change tier: 1 up, 0 down",
     "Avec « Set 0 », 1 compte changerait de niveau : 1 vers le haut, 0 vers le bas"),
    (make_sets(1, 2), make_moves("a", "a", "b"),
     "The choice of weights decides the tier of 2 accounts; it changes most under “Set 1”: 2 up, 0 down",
     "Le choix des poids décide du niveau de 2 comptes ; il change le plus avec « Set 1 » : 2 vers le haut, 0 vers le "
     "bas"),
])
def test_tell_weight_sets_counts_accounts_once(sets, moves, english, french):
    assert plain(tell_weight_sets(sets, moves, language=ENGLISH).title) == english
    assert plain(tell_weight_sets(sets, moves, language=FRENCH).title) == french


@pytest.mark.parametrize(("first", "second", "title"), [
    ([1], [1], "Alder is first under every set of weights"),
    ([1, 2], [2, 1], "The 2 best accounts are the best under every set of weights"),
    ([1, 2], [1, 11], "1 of the 2 best accounts is among the best under every set of weights"),
    ([1, 2], [12, 11], "No account is among the 2 best under every set of weights"),
])
def test_tell_best_by_set_says_who_stays(first, second, title):
    ranks = pd.DataFrame({"name": ["Alder", "Birch"][: len(first)], "rank_1": first, "rank_2": second})

    assert plain(tell_best_by_set(ranks, ["Declared", "Votes"], language=ENGLISH).title) == title


def test_tell_tier_changes_counts_gold_won_and_lost():
    caption = tell_tier_changes(make_moves("a"), in_force="Declared", language=FRENCH)

    assert plain(caption.title) == "1 compte doit son niveau au choix des poids : 1 deviendrait or, 0 quitterait l'or"


@pytest.mark.parametrize(("contradicts", "english", "french"), [
    ([False], "The one set of comparisons does not contradict itself too much",
     "La seule série de comparaisons ne se contredit pas trop"),
    ([False, False], "None of the 2 sets of comparisons contradicts itself too much",
     "Aucune des 2 séries de comparaisons ne se contredit trop"),
    ([True, False], "1 of 2 sets of comparisons contradicts itself: ask again for the one comparison that is named",
     "1 des 2 séries de comparaisons se contredit : redemandez la comparaison qui est nommée"),
])
def test_tell_contradictions_counts_sets_of_comparisons(contradicts, english, french):
    table = pd.DataFrame({"contradicts": contradicts, "participant": "P1"})

    assert plain(tell_contradictions(table, language=ENGLISH).title) == english
    assert plain(tell_contradictions(table, language=FRENCH).title) == french


def test_tell_group_weights_says_that_the_strategy_bends_weights():
    # 35 and 65 of 100 on the axis; the emphasis makes it 0.40 and 0.60
    criteria = pd.DataFrame({"axis": ["chance"] * 2, "label": ["Trust", "Fit"], "weight": [35.0, 65.0],
                             "effective_weight": [0.40, 0.60]})

    caption = tell_group_weights(make_group(), make_agreement(), language=ENGLISH, criteria=criteria)

    assert "before the strategy's emphasis; in force it changes “Trust” most, from 35% to 40%." in plain(
        caption.subtitle)
    level = criteria.assign(effective_weight=[0.35, 0.65])
    assert "emphasis" not in tell_group_weights(make_group(), make_agreement(), language=ENGLISH,
                                                criteria=level).subtitle
