"""Value functions: what they give, that nobody's arrival reorders the others, that bad input is refused in words."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.model.criteria import compute_values
from salesmodel_kit.model.criteria_tree import select_leaves, weigh_tree
from salesmodel_kit.model.explanations import explain_distances, list_missing_data
from salesmodel_kit.model.scores import score_accounts
from salesmodel_kit.model.tiers import assign_tiers, find_cutoffs
from salesmodel_kit.model.value_functions import list_shapes, measure_performances, straighten
from salesmodel_kit.model.vetoes import apply_vetoes, find_vetoes
from salesmodel_kit.model.weights import weigh_criteria
from tools.verification.value_functions import list_cases

NAN = float("nan")
WORDS = ("tender", "group", "free")
#: One criterion of each kind of value function.
LEVELS = ("gold", "silver", "bronze")
CRITERIA = pd.DataFrame({
    "axis": ["potential", "potential", "chance", "chance", "chance"],
    "criterion": ["size", "age", "purchase", "rating", "competitor"],
    "label": ["Size", "Age", "Purchase", "Rating", "Competitor"],
    "worst": [0.0, 0.0, 0.0, 1.0, 5.0], "best": [200.0, 25.0, 1.0, 5.0, 1.0],
    "value_points": [None, "0:0; 8:0.1; 15:0.8; 25:1", None, "1:0; 2:0.1; 3:0.5; 4:0.9; 5:1", None],
    "category_values": [None, None, "tender:0; group:0.5; free:1", None, None],
    "veto": [NAN, NAN, 0.2, NAN, 4.5], "effective_weight": [0.6, 0.4, 0.5, 0.3, 0.2],
})


def make_accounts(rows):
    columns = ("size", "age", "purchase", "rating", "competitor", "sales_per_year", "potential_per_year")
    table = pd.DataFrame(rows, columns=columns).astype({name: float for name in columns if name != "purchase"})
    ids = pd.Series([f"A{number}" for number in range(len(table))], dtype="str")
    return table.assign(account=ids, name=ids, segment="S", wallet_share=NAN, purchase=table["purchase"].astype("str"))


def number(low, high):
    return st.one_of(st.none(), st.floats(low, high, allow_subnormal=False))


ROWS = st.tuples(number(-50, 300), number(0, 40), st.sampled_from([*WORDS, None]), number(1, 5), number(1, 5),
                 number(0, 1e6), number(0, 1e6))


@pytest.mark.parametrize("case", list_cases(), ids=lambda case: case.name)
def test_cases_of_value_functions_hold(case):
    assert case.holds, case


def test_compute_values_leaves_what_is_missing_missing():
    accounts = make_accounts([(100, None, None, 2, None, 0, 0)])

    values = compute_values(accounts, CRITERIA)

    assert values.iloc[0].tolist() == pytest.approx([0.5, NAN, NAN, 0.1, NAN], nan_ok=True)
    assert accounts["purchase"].isna().all()


def test_compute_values_takes_a_star_for_every_other_category():
    criteria = pd.DataFrame({"criterion": ["sector"], "worst": [0.0], "best": [1.0],
                             "category_values": ["hospital:0.2; *:0.7"]})

    values = compute_values(pd.DataFrame({"sector": ["Hospital", "bakery", None]}), criteria)

    assert values["sector"].tolist() == pytest.approx([0.2, 0.7, NAN], nan_ok=True)


def test_measure_performances_gives_a_category_by_its_value():
    accounts = make_accounts([(1, 2, "free", 3, 4, 0, 0)])

    assert measure_performances(accounts, CRITERIA).tolist() == [[1, 2, 1, 3, 4]]


def test_list_shapes_runs_from_the_lowest_performance_up():
    assert [shape[0] for shape in list_shapes(CRITERIA)] == [(0, 0), (0, 0), (0, 0), (1, 0), (1, 1)]


@pytest.mark.parametrize(
    ("changes", "performance", "match"),
    [
        ({"value_points": "0:0"}, 1.0, "at least two pairs"),
        ({"value_points": "0:0; 0:1"}, 1.0, "must increase"),
        ({"value_points": "5:0; 1:1"}, 1.0, "must increase"),
        ({"value_points": "0:0; 5:1.2"}, 1.0, "outside 0 to 1"),
        ({"value_points": "0:0; nan:1"}, 1.0, "not a number"),
        ({"value_points": "gibberish"}, 1.0, "cannot be read"),
        ({"value_points": "0:0; 5:1"}, np.inf, "infinite"),
        ({"value_points": "0:0; 5:1"}, "five", "holds text"),
        ({}, "five", "holds text"),
        ({"category_values": "a:0; a:1"}, "a", "stand once"),
        ({"category_values": "a:0; b:1"}, "c", "category “c” has no value"),
        ({"value_points": "0:0; 5:1", "category_values": "a:0"}, "a", "keep one"),
    ],
)
def test_compute_values_refuses(changes, performance, match):
    criteria = pd.DataFrame([{"criterion": "x", "worst": 0.0, "best": 1.0, **changes}])

    with pytest.raises(SalesModelError, match=match):
        compute_values(pd.DataFrame({"x": [performance]}), criteria)


def test_straighten_refuses_a_criterion_that_stands_twice():
    twice = pd.concat([CRITERIA.iloc[[1]]] * 2)

    with pytest.raises(SalesModelError, match="age stands twice"):
        straighten(pd.DataFrame({"age": [1.0]}), twice)


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=30), st.sampled_from(["value_points", "category_values"]),
       st.one_of(st.floats(), st.none(), st.text(max_size=5)))
def test_any_cell_gives_values_or_a_refusal_in_words(cell, name, performance):
    criteria = pd.DataFrame([{"criterion": "x", "worst": 0.0, "best": 1.0, name: cell}])
    try:
        values = compute_values(pd.DataFrame({"x": pd.Series([performance], dtype=object)}), criteria)["x"]
    except SalesModelError:
        return
    assert values.isna().all() or values.between(0, 1).all()


@settings(deadline=None, max_examples=50)
@given(st.lists(st.floats(), min_size=2, max_size=2), st.floats())
def test_any_anchors_give_values_or_a_refusal_in_words(anchors, performance):
    criteria = pd.DataFrame({"criterion": ["x"], "worst": [anchors[0]], "best": [anchors[1]]})
    try:
        value = compute_values(pd.DataFrame({"x": [performance]}), criteria)["x"].iloc[0]
    except SalesModelError:
        return
    assert np.isnan(value) == np.isnan(performance)
    assert np.isnan(value) or 0 <= value <= 1


def run(accounts):
    scores = score_accounts(accounts, CRITERIA, potential_weight=0.5, minimum_known_share=0.3)
    cutoffs = find_cutoffs(scores, rule="cutoff", gold=0.6, silver=0.3)
    overrides = pd.DataFrame(columns=["account", "tier", "reason", "by", "at"], dtype="str")
    previous = pd.Series([None] * len(accounts), dtype="str")
    tiers = assign_tiers(scores, cutoffs=cutoffs, overrides=overrides, previous=previous)
    return scores, apply_vetoes(tiers, find_vetoes(accounts, CRITERIA), levels=LEVELS)


@settings(deadline=None, max_examples=50)
@given(st.lists(ROWS, min_size=2, max_size=8), st.integers(0, 7))
def test_an_account_that_leaves_reorders_nobody(rows, leaver):
    accounts = make_accounts(rows)
    stay = np.arange(len(rows)) != leaver % len(rows)

    scores, tiers = run(accounts)
    others, other_tiers = run(accounts[stay].reset_index(drop=True))

    assert others["score"].tolist() == pytest.approx(scores["score"][stay].tolist(), nan_ok=True)
    order = scores.loc[stay, "score"].rank(method="min").tolist()
    assert others["score"].rank(method="min").tolist() == pytest.approx(order, nan_ok=True)
    assert other_tiers["tier"].fillna("").tolist() == tiers.loc[stay, "tier"].fillna("").tolist()


@settings(deadline=None, max_examples=50)
@given(st.lists(ROWS, min_size=1, max_size=8))
def test_explain_distances_adds_up_to_the_distance_from_the_mean(rows):
    accounts = make_accounts(rows)
    scores, _ = run(accounts)

    table = explain_distances(accounts, CRITERIA, scores=scores, potential_weight=0.5)

    distance = scores["score"] - scores["score"].mean()
    total = table[CRITERIA["criterion"].tolist()].sum(axis=1, skipna=False)
    assert total.tolist() == pytest.approx(distance.tolist(), abs=1e-12, nan_ok=True)


@settings(deadline=None, max_examples=50)
@given(st.lists(ROWS, min_size=1, max_size=8))
def test_list_missing_data_names_enough_to_be_scored(rows):
    accounts = make_accounts(rows)
    scores, _ = run(accounts)

    gaps = list_missing_data(accounts, CRITERIA, scores=scores, potential_weight=0.5, minimum_known_share=0.3)
    filled = accounts.copy()
    for account, criterion in gaps.loc[gaps["is_needed"], ["account", "criterion"]].itertuples(index=False):
        filled.loc[filled["account"] == account, criterion] = "free" if criterion == "purchase" else 3.0

    assert set(gaps["account"]) == set(scores.loc[scores["score"].isna(), "account"])
    assert run(filled)[0]["score"].notna().all()


def test_list_missing_data_puts_an_empty_axis_and_the_heaviest_datum_first():
    # Known: age (0.5 x 0.4 = 0.2 of the weight); nothing on chance, so its heaviest, purchase, comes first.
    accounts = make_accounts([(None, 5, None, None, None, 0, 0)])
    scores, _ = run(accounts)

    gaps = list_missing_data(accounts, CRITERIA, scores=scores, potential_weight=0.5, minimum_known_share=0.6)

    assert gaps["criterion"].tolist() == ["purchase", "size", "rating", "competitor"]
    assert gaps["weight"].tolist() == pytest.approx([0.25, 0.3, 0.15, 0.1])
    assert gaps["is_needed"].tolist() == [True, True, False, False]


def test_a_veto_keeps_an_account_out_of_gold_and_its_score_as_it_is():
    # 0 and 1 are alike but for the competitor (5 is beyond 4.5); 2 is beyond both vetoes and silver anyway.
    accounts = make_accounts([(200, 25, "free", 5, 1, 0, 0), (200, 25, "free", 5, 5, 0, 0),
                              (200, 25, "tender", 1, 5, 0, 0)])

    scores, tiers = run(accounts)

    assert scores["score"].tolist() == pytest.approx([1.0, 0.9, 0.5])
    assert tiers["tier"].tolist() == ["gold", "silver", "silver"]
    assert tiers["veto"].fillna("").tolist() == ["", "competitor", ""]
    assert find_vetoes(accounts, CRITERIA)[["account", "criterion"]].to_numpy().tolist() == [
        ["A2", "purchase"], ["A1", "competitor"], ["A2", "competitor"]]


def test_apply_vetoes_leaves_the_last_word_to_the_room():
    tiers = pd.DataFrame({"account": ["1"], "tier": ["gold"], "tier_by_rule": ["gold"], "override_reason": ["plant"],
                          "override_by": ["Anna"]})

    decided = apply_vetoes(tiers, pd.DataFrame({"account": ["1"], "criterion": ["competitor"]}), levels=LEVELS)

    assert decided[["tier", "tier_by_rule", "veto"]].iloc[0].tolist() == ["gold", "silver", "competitor"]


TREE = pd.DataFrame({
    "axis": "chance", "criterion": ["trust", "relation", "access", "fit"], "label": list("traf"),
    "weight": [30.0, 1.0, 2.0, 10.0], "serves": ["retention", None, "conquest", None],
    "parent": [None, "trust", "trust", None],
})


def test_weigh_tree_gives_local_and_global_weights_that_sum():
    leaves = weigh_criteria(select_leaves(TREE), emphasis={})

    tree = weigh_tree(TREE, leaves)

    assert leaves["serves"].fillna("").tolist() == ["retention", "conquest", ""]
    assert tree["criterion"].tolist() == ["trust", "access", "relation", "fit"]
    assert tree["global_weight"].tolist() == pytest.approx([0.75, 0.5, 0.25, 0.25])
    assert tree["local_weight"].tolist() == pytest.approx([0.75, 2 / 3, 1 / 3, 0.25])
    assert tree["depth"].tolist() == [0, 1, 1, 0]


def test_select_leaves_reaches_through_several_levels():
    deep = TREE.assign(parent=[None, "trust", "relation", None])

    leaves = select_leaves(deep)

    assert leaves["criterion"].tolist() == ["access", "fit"]
    assert leaves["weight"].tolist() == pytest.approx([0.75, 0.25])


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"parent": [None, "trus", "trust", None]}, "parent trus"),
        ({"parent": ["access", None, "trust", None]}, "stands above itself"),
        ({"parent": [None, "relation", None, None]}, "stands above itself"),
        ({"weight": [1.0, 0.0, 0.0, 1.0]}, "not all 0"),
        ({"weight": [1.0, -1.0, 2.0, 1.0]}, "numbers of 0 or more"),
    ],
)
def test_select_leaves_refuses(changes, match):
    with pytest.raises(SalesModelError, match=match):
        select_leaves(TREE.assign(**changes))


@settings(deadline=None, max_examples=50)
@given(st.lists(st.sampled_from([None, "a", "b", "c", "d"]), min_size=4, max_size=4),
       st.lists(st.floats(0, 10), min_size=4, max_size=4))
def test_any_tree_gives_weights_that_sum_to_1_or_a_refusal_in_words(parents, weights):
    criteria = pd.DataFrame({"axis": "chance", "criterion": list("abcd"), "weight": weights, "serves": None,
                             "parent": parents})
    try:
        leaves = weigh_criteria(select_leaves(criteria), emphasis={})
    except SalesModelError:
        return
    assert leaves["effective_weight"].sum() == pytest.approx(1.0)
    assert weigh_tree(criteria, leaves)["global_weight"].between(0, 1 + 1e-9).all()
