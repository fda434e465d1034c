import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.model.judgements import (
    weigh_by_points,
    weigh_by_rank_order_centroid,
    weigh_by_rank_sum,
    weigh_by_swing,
)

METHODS = (weigh_by_points, weigh_by_swing, weigh_by_rank_sum, weigh_by_rank_order_centroid)


def test_weigh_by_rank_order_centroid_reproduces_the_published_weights():
    weights = weigh_by_rank_order_centroid(np.array([1, 2, 3, 4]))

    assert weights == pytest.approx([0.5208, 0.2708, 0.1458, 0.0625], abs=5e-5)


def test_weigh_by_rank_sum_reproduces_the_published_weights():
    assert weigh_by_rank_sum(np.arange(1, 6)) == pytest.approx([0.333, 0.267, 0.2, 0.133, 0.067], abs=5e-4)


def test_weigh_by_rank_sum_lets_equals_share_their_places():
    # Places 2 and 3 of 3 are worth 2/6 and 1/6.
    assert weigh_by_rank_sum(np.array([2, 1, 2])) == pytest.approx([0.25, 0.5, 0.25])
    assert weigh_by_rank_sum(np.array([3, 1, 3])) == pytest.approx([0.25, 0.5, 0.25])


def test_weigh_by_swing_divides_by_the_sum():
    assert weigh_by_swing(np.array([100, 60, 40])) == pytest.approx([0.5, 0.3, 0.2])


@pytest.mark.parametrize("points", [[0, 0], [-1, 2], [np.nan, 1], [np.inf, 1], []])
def test_weigh_by_points_refuses_what_gives_no_weights(points):
    with pytest.raises(SalesModelError, match="at least one above 0"):
        weigh_by_points(np.array(points, dtype=float))


@pytest.mark.parametrize("ranks", [[1, np.nan], [np.inf, 1], []])
@pytest.mark.parametrize("method", METHODS[2:])
def test_ranks_that_are_missing_are_refused(method, ranks):
    with pytest.raises(SalesModelError, match="needs a rank"):
        method(np.array(ranks, dtype=float))


@given(st.lists(st.floats(), max_size=8))
def test_judgements_give_weights_or_a_refusal(numbers):
    for method in METHODS:
        try:
            weights = method(np.array(numbers))
        except SalesModelError:
            continue
        assert weights.sum() == pytest.approx(1.0)
        assert (weights >= 0).all()


@given(st.permutations(range(1, 7)))
def test_ranks_do_not_depend_on_the_order_of_the_criteria(ranks):
    for method in METHODS[2:]:
        in_order = method(np.arange(1, 7))

        assert method(np.array(ranks)) == pytest.approx(in_order[np.array(ranks) - 1])
