import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score

from salesmodel_kit.model.agreement import (
    count_pairs,
    find_adjusted_rand,
    find_best_jaccards,
    find_rand_interval,
)

LABELS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=40)


def test_find_adjusted_rand_gives_the_published_example():
    """Yeung & Ruzzo (2001), details of the adjusted Rand index: 0.313."""
    counts = np.array([[1, 1, 0], [1, 2, 1], [0, 0, 4]])

    assert find_adjusted_rand(counts) == pytest.approx(0.313, abs=5e-4)


@given(LABELS)
def test_find_adjusted_rand_is_that_of_scikit_learn(pairs):
    one, other = (pd.Series([pair[at] for pair in pairs]) for at in (0, 1))

    assert find_adjusted_rand(count_pairs(one, other)) == pytest.approx(adjusted_rand_score(one, other), abs=1e-12)


def test_find_adjusted_rand_is_not_a_number_of_one_account():
    assert np.isnan(find_adjusted_rand(np.array([[1]])))


def test_count_pairs_leaves_out_accounts_without_a_part():
    one = pd.Series(["A", "A", None, "B"], dtype="str")
    other = pd.Series(["x", "y", "x", None], dtype="str")

    assert count_pairs(one, other).tolist() == [[1, 1]]


def test_find_rand_interval_holds_the_index_and_is_the_same_twice():
    counts = np.array([[40, 5], [10, 45]])

    low, high = find_rand_interval(counts, seed=1)

    assert low < find_adjusted_rand(counts) < high
    assert find_rand_interval(counts, seed=1) == (low, high)


def test_find_best_jaccards_divides_what_is_in_both_by_what_is_in_either():
    counts = np.array([[6, 2], [0, 4], [0, 0]])

    assert find_best_jaccards(counts) == pytest.approx([6 / 8, 4 / 6, 0.0])
