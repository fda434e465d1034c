"""The split of effort is the optimum of the grid, whatever the curves look like."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.model.effort import split_effort
from salesmodel_kit.model.response import AdbudgCurve


def try_all(returns, budget, low, high):
    """Return the largest sum over every split there is."""
    ranges = [range(first, last + 1) for first, last in zip(low, high, strict=True)]
    return max(
        sum(returns[unit, level] for unit, level in enumerate(levels))
        for levels in itertools.product(*ranges)
        if sum(levels) <= budget
    )


@given(
    returns=arrays(float, st.tuples(st.integers(1, 4), st.integers(1, 6)), elements=st.floats(-9, 9)),
    budget=st.integers(0, 18),
    rising=st.booleans(),
)
def test_split_effort_is_what_trying_all_splits_finds(returns, budget, rising):
    returns = np.cumsum(np.abs(returns), axis=1) if rising else returns
    low, high = np.zeros(len(returns), int), np.full(len(returns), returns.shape[1] - 1)

    split = split_effort(returns, budget=budget, low=low, high=high)

    assert split.gain == pytest.approx(try_all(returns, budget, low, high), abs=1e-9)
    assert split.gain == pytest.approx(returns[np.arange(len(returns)), split.steps].sum())
    assert split.steps.sum() <= budget
    assert split.bound >= split.gain - 1e-9


@given(
    returns=arrays(float, st.tuples(st.just(3), st.just(5)), elements=st.floats(0, 9)),
    low=arrays(int, 3, elements=st.integers(0, 2)),
    room=arrays(int, 3, elements=st.integers(0, 2)),
    spare=st.integers(0, 6),
)
def test_split_effort_keeps_minima_and_maxima(returns, low, room, spare):
    high, budget = low + room, int(low.sum()) + spare

    split = split_effort(returns, budget=budget, low=low, high=high)

    assert (split.steps >= low).all()
    assert (split.steps <= high).all()
    assert split.gain == pytest.approx(try_all(returns, budget, low, high), abs=1e-9)


def test_split_effort_solves_the_square_root_problem():
    # one product, 1,000,000 sqrt(x) of return at a cost of 100,000 x: x = 25, profit 2,500,000
    steps = np.arange(101)
    profit = 1_000_000 * np.sqrt(steps) - 100_000 * steps

    split = split_effort(profit[None, :], budget=100, low=np.array([0]), high=np.array([100]))

    assert split.steps.tolist() == [25]
    assert split.gain == pytest.approx(2_500_000)


def test_split_effort_gives_enough_to_one_where_a_little_for_each_is_wasted():
    # two equal S-shaped curves and effort for one: one hour at a time would stay at zero or share
    curve = AdbudgCurve(low=0.0, high=1.05, shape=6.0)
    returns = np.tile(curve.find_sales(np.arange(11) / 10), (2, 1))

    split = split_effort(returns, budget=10, low=np.zeros(2, int), high=np.full(2, 10))

    assert sorted(split.steps.tolist()) == [0, 10]


def test_split_effort_equals_the_full_dynamic_programme_on_a_larger_case():
    rng = np.random.default_rng(5)
    returns = np.array([
        rng.lognormal(3, 1) * AdbudgCurve(rng.uniform(0, 0.8), rng.uniform(1.1, 2.5), rng.uniform(0.5, 5)).find_sales(
            np.arange(201) / rng.uniform(10, 60))
        for _ in range(8)
    ])
    best = np.zeros(201)
    for row in returns:
        best = np.array([max(best[spent - level] + row[level] for level in range(spent + 1)) for spent in range(201)])

    split = split_effort(returns, budget=200, low=np.zeros(8, int), high=np.full(8, 200))

    assert split.gain == pytest.approx(best[200])


@pytest.mark.parametrize(
    ("returns", "budget", "low", "high", "words"),
    [
        ([[0.0, 1.0]], 1, [2], [1], "lower the one"),
        ([[0.0, 1.0], [0.0, 1.0]], 1, [1, 1], [1, 1], "promised takes 2 steps"),
        ([[0.0, np.inf]], 1, [0], [1], "not a finite number"),
        ([[0.0, np.nan]], 1, [0], [1], "not a finite number"),
    ],
)
def test_split_effort_says_what_cannot_be(returns, budget, low, high, words):
    with pytest.raises(SalesModelError, match=words):
        split_effort(np.array(returns), budget=budget, low=np.array(low), high=np.array(high))
