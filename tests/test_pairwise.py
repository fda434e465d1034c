import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.model.pairwise import RANDOM_INDEX, weigh_by_best_worst, weigh_by_comparisons

NAN = np.nan
#: Experience, education, charisma, age.
LEADER = np.array([[1, 4, 3, 7], [1 / 4, 1, 1 / 3, 3], [1 / 3, 3, 1, 5], [1 / 7, 1 / 3, 1 / 5, 1]])
DRINKS = np.array([
    [1, 9, 5, 2, 1, 1, 1 / 2], [1 / 9, 1, 1 / 3, 1 / 9, 1 / 9, 1 / 9, 1 / 9], [1 / 5, 3, 1, 1 / 3, 1 / 4, 1 / 3, 1 / 9],
    [1 / 2, 9, 3, 1, 1 / 2, 1, 1 / 3], [1, 9, 4, 2, 1, 2, 1 / 2], [1, 9, 3, 1, 1 / 2, 1, 1 / 3], [2, 9, 9, 3, 2, 3, 1]])


@pytest.mark.parametrize(("matrix", "weights", "ratio"), [
    (DRINKS, [0.177, 0.019, 0.042, 0.116, 0.190, 0.129, 0.327], 0.022),
    (LEADER, [0.548, 0.127, 0.270, 0.056], 0.044),
], ids=["drinks", "leader"])
def test_weigh_by_comparisons_reproduces_published_matrices(matrix, weights, ratio):
    found = weigh_by_comparisons(matrix)

    assert found.weights == pytest.approx(weights, abs=1e-3)
    assert found.consistency_ratio == pytest.approx(ratio, abs=5e-4)


def test_weigh_by_comparisons_takes_one_place_of_each_pair():
    upper = np.where(np.triu(np.ones((4, 4))), LEADER, NAN)

    assert weigh_by_comparisons(upper).weights == pytest.approx(weigh_by_comparisons(LEADER).weights)


def test_weigh_by_comparisons_fills_what_is_missing_so_that_the_largest_eigenvalue_is_smallest():
    missing = LEADER.copy()
    missing[0, 3] = missing[3, 0] = NAN

    found = weigh_by_comparisons(missing)

    def largest(value):
        full = LEADER.copy()
        full[0, 3], full[3, 0] = value, 1 / value
        return np.linalg.eigvals(full).real.max()

    best = min(largest(value) for value in np.linspace(5, 30, 5001))
    assert 3 * found.consistency_index + 4 == pytest.approx(best, abs=1e-6)
    # Random index with one of three free comparisons missing: 2/3 of it.
    assert found.consistency_ratio == pytest.approx(found.consistency_index / (RANDOM_INDEX[4] * 2 / 3))


def test_weigh_by_comparisons_cannot_contradict_on_a_tree():
    # A = 2 B, B = 3 C.
    found = weigh_by_comparisons(np.array([[1, 2, NAN], [NAN, 1, 3], [NAN, NAN, 1]]))

    assert found.weights == pytest.approx([0.6, 0.3, 0.1])
    assert np.isnan(found.consistency_ratio)
    assert found.contradiction is None


def test_weigh_by_comparisons_names_the_comparison_that_contradicts():
    # Consistent weights 8 4 2 1, but the last pair is turned round.
    weights = np.array([8.0, 4.0, 2.0, 1.0])
    matrix = weights[:, None] / weights
    matrix[2, 3], matrix[3, 2] = 1 / 4, 4

    found = weigh_by_comparisons(matrix)

    assert found.consistency_ratio > 0.10
    assert (found.contradiction.criterion, found.contradiction.against, found.contradiction.said) == (3, 2, 4)
    assert found.contradiction.implied < 4


@pytest.mark.parametrize(("matrix", "message"), [
    ([[1, 0], [NAN, 1]], "between 1/1000 and 1000"),
    ([[1, np.inf], [NAN, 1]], "between 1/1000 and 1000"),
    ([[1, 3], [3, 1]], "not reciprocals"),
    ([[1, NAN, NAN], [NAN, 1, 2], [NAN, NAN, 1]], "do not connect"),
    ([[1, 2]], "square"),
])
def test_weigh_by_comparisons_refuses_what_gives_no_weights(matrix, message):
    with pytest.raises(SalesModelError, match=message):
        weigh_by_comparisons(np.array(matrix, dtype=float))


@given(st.lists(st.floats(0.2, 5.0), min_size=1, max_size=6))
def test_weigh_by_comparisons_finds_weights_back_from_their_ratios(numbers):
    weights = np.array(numbers) / sum(numbers)

    found = weigh_by_comparisons(weights[:, None] / weights)

    assert found.weights == pytest.approx(weights)
    assert found.consistency_index == pytest.approx(0.0, abs=1e-9)


@given(st.lists(st.floats(), min_size=9, max_size=9))
def test_weigh_by_comparisons_gives_weights_or_a_refusal(numbers):
    try:
        found = weigh_by_comparisons(np.array(numbers).reshape(3, 3))
    except SalesModelError:
        return
    assert found.weights.sum() == pytest.approx(1.0)


def test_weigh_by_best_worst_reproduces_the_published_car():
    found = weigh_by_best_worst(np.array([2, 1, 4, 3, 8]), np.array([4, 8, 2, 3, 1]), best=1, worst=4)

    assert found.weights == pytest.approx([0.22950820, 0.44808743, 0.11475410, 0.15300546, 0.05464481], abs=1e-8)
    # |w_best - 3 w_safety| is what no weights can make smaller.
    assert found.gap == pytest.approx(3 * 0.15300546 - 0.44808743, abs=1e-7)


def test_weigh_by_best_worst_refuses_a_comparison_under_one():
    with pytest.raises(SalesModelError, match="1 or more"):
        weigh_by_best_worst(np.array([1, 0.5]), np.array([2, 1]), best=0, worst=1)
