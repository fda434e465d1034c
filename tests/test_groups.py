import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.model.groups import (
    choose_weights,
    compare_departments,
    compare_rounds,
    find_interval,
    join_judgements,
    join_priorities,
    measure_agreement,
    measure_concordance,
    weigh_group,
)
from salesmodel_kit.model.pairwise import weigh_by_comparisons
from salesmodel_kit.tables import AGREEMENT, GROUP_WEIGHTS, ROUND_CHANGES, make_schema

CRITERIA = pd.DataFrame({"axis": ["chance"] * 2, "criterion": ["trust", "fit"], "label": ["Trust", "Fit"],
                         "weight": [3.0, 1.0]})


def make_votes(*trust, round_=1, weight_set=None, departments=None):
    """Return weight votes of one axis: what each participant gives to trust, the rest to fit."""
    rows = [(round_, weight_set, f"P{at}", departments[at] if departments else None, 1.0, "chance", name, weight)
            for at, share in enumerate(trust) for name, weight in (("trust", share), ("fit", 1 - share))]
    columns = ["round", "weight_set", "participant", "department", "voting_power", "axis", "criterion", "weight"]
    return pd.DataFrame(rows, columns=columns).astype(
        {"round": "Int64", "weight_set": "str", "department": "str", "participant": "str"})


def test_join_priorities_is_the_geometric_mean():
    # sqrt(.8 x .5) : sqrt(.2 x .5) = 2 : 1.
    joined = join_priorities(np.array([[0.8, 0.2], [0.5, 0.5]]), np.ones(2))

    assert joined == pytest.approx([2 / 3, 1 / 3])


def test_join_priorities_counts_voting_power_like_so_many_people():
    weights = np.array([[0.8, 0.2], [0.5, 0.5]])

    assert join_priorities(weights, np.array([1, 2])) == pytest.approx(
        join_priorities(weights[[0, 1, 1]], np.ones(3)))


def test_join_priorities_lets_nobody_strike_a_criterion_out_alone():
    joined = join_priorities(np.array([[1.0, 0.0], [0.5, 0.5]]), np.ones(2))

    assert joined[1] == pytest.approx(np.sqrt(0.005 * 0.5) / (np.sqrt(0.005 * 0.5) + np.sqrt(0.5)))
    assert join_priorities(np.array([[1.0, 0.0], [1.0, 0.0]]), np.ones(2)).tolist() == [1.0, 0.0]


def test_join_judgements_keeps_reciprocals_and_leaves_out_who_did_not_compare():
    two = np.array([[[1, 4], [1 / 4, 1]], [[1, 9], [1 / 9, 1]], [[1, np.nan], [np.nan, 1]]])

    joined = join_judgements(two, np.ones(3))

    assert joined == pytest.approx(np.array([[1, 6], [1 / 6, 1]]))
    assert weigh_by_comparisons(joined).weights == pytest.approx([6 / 7, 1 / 7])


@pytest.mark.parametrize("power", [[], [1, 0], [1, -1], [1, np.nan]])
def test_groups_without_sound_voting_power_are_refused(power):
    with pytest.raises(SalesModelError, match="voting power above 0"):
        join_priorities(np.full((len(power), 2), 0.5), np.array(power, dtype=float))


def test_join_priorities_refuses_a_missing_weight():
    with pytest.raises(SalesModelError, match="weight of 0 or more"):
        join_priorities(np.array([[np.nan, 1.0]]), np.ones(1))


def test_measure_concordance_reproduces_a_published_case():
    # Sums of ranks 7, 9, 8: S = 2, W = 12 x 2 / (16 x 24).
    assert measure_concordance(np.array([[1, 3, 2], [1, 2, 3], [2, 3, 1], [3, 1, 2]])) == pytest.approx(1 / 16)


def test_measure_concordance_corrects_for_ties():
    # Sums of ranks 2, 4.5, 5.5, 8; squares 118.5; one tie of two: 222 / 228.
    assert measure_concordance(np.array([[1, 2, 2, 4], [1, 2, 3, 4]])) == pytest.approx(222 / 228)


@pytest.mark.parametrize("weights", [[[0.5, 0.5], [0.5, 0.5]], [[0.8, 0.2]], [[1.0], [1.0]]])
def test_measure_concordance_is_unknown_where_nobody_can_disagree(weights):
    assert np.isnan(measure_concordance(np.array(weights)))


@given(st.lists(st.lists(st.floats(0, 1), min_size=4, max_size=4), min_size=2, max_size=6))
def test_measure_concordance_lies_between_none_and_full(weights):
    concordance = measure_concordance(np.array(weights))

    assert np.isnan(concordance) or -1e-9 <= concordance <= 1 + 1e-9


def test_find_interval_holds_the_group_and_needs_three():
    weights = np.array([[0.6, 0.4], [0.5, 0.5], [0.7, 0.3], [0.6, 0.4]])

    low, high = find_interval(weights, np.ones(4))

    joined = join_priorities(weights, np.ones(4))
    assert (low < joined).all()
    assert (joined < high).all()
    assert np.isnan(find_interval(weights[:2], np.ones(2))[0]).all()


def test_find_interval_has_no_width_where_all_agree():
    low, high = find_interval(np.tile([1.0, 0.0], (4, 1)), np.ones(4))

    assert low == pytest.approx([1.0, 0.0], abs=1e-4)
    assert high == pytest.approx([1.0, 0.0], abs=1e-4)


def test_weigh_group_names_what_to_talk_about():
    # Quartiles of .2 .2 .8 .8: .2 and .8, a range of .6 against half of 1/2.
    table = weigh_group(make_votes(0.2, 0.2, 0.8, 0.8), CRITERIA)

    assert table["quartile_range"].tolist() == pytest.approx([0.6, 0.6])
    assert table["to_discuss"].tolist() == [True, True]
    assert table["group_weight"].tolist() == pytest.approx([0.5, 0.5])
    assert table["declared_weight"].tolist() == [0.75, 0.25]
    make_schema(GROUP_WEIGHTS).validate(table)


def test_weigh_group_does_not_talk_about_what_lies_within_half_an_equal_share():
    table = weigh_group(make_votes(0.5, 0.5, 0.75, 0.75), CRITERIA)

    assert table["quartile_range"].tolist() == pytest.approx([0.25, 0.25])
    assert not table["to_discuss"].any()


def test_weigh_group_counts_the_latest_round_of_each_set():
    votes = pd.concat([make_votes(0.2, 0.2), make_votes(0.6, round_=2), make_votes(0.9, weight_set="long")])

    table = weigh_group(votes, CRITERIA)

    trust = table[table["criterion"] == "trust"]
    assert trust["group_weight"].tolist() == pytest.approx([0.6, 0.9])
    assert trust["round"].tolist() == [2, 1]
    assert trust["n_participants"].tolist() == [1, 1]


def test_measure_agreement_has_a_row_a_round():
    table = measure_agreement(pd.concat([make_votes(0.2, 0.8), make_votes(0.7, 0.8, round_=2)]))

    assert table["concordance"].tolist() == [0.0, 1.0]
    make_schema(AGREEMENT).validate(table)


def test_compare_rounds_says_what_changed():
    votes = pd.concat([make_votes(0.2, 0.8), make_votes(0.6, 0.6, round_=3)])

    changes = compare_rounds(votes, CRITERIA)

    trust = changes.iloc[0]
    assert (trust["round_before"], trust["round"]) == (1, 3)
    assert trust["weight_change"] == pytest.approx(0.1)
    assert (trust["to_discuss_before"], trust["to_discuss"]) == (True, False)
    make_schema(ROUND_CHANGES).validate(changes)
    assert compare_rounds(make_votes(0.2, 0.8), CRITERIA) is None


def test_compare_departments_leaves_out_who_would_be_known():
    votes = make_votes(0.5, 0.5, 0.9, 0.3, departments=["Sales", "Sales", "Marketing", None])

    assert compare_departments(votes)["department"].unique().tolist() == ["Sales"]


def test_choose_weights_leaves_an_axis_alone_that_nobody_voted_on():
    criteria = pd.concat([CRITERIA, CRITERIA.assign(axis="potential")], ignore_index=True)
    group = weigh_group(make_votes(0.6), criteria)

    chosen = choose_weights(criteria, group, None)

    assert chosen["weight"].tolist() == pytest.approx([0.6, 0.4, 3.0, 1.0])
    assert choose_weights(criteria, group, "other")["weight"].tolist() == [3.0, 1.0, 3.0, 1.0]
