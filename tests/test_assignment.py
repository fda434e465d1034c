"""Generalized assignment: published optima, brute force on small cases, a bound that holds, limits that hold."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesmodel_kit.model.assignment import Load, assign_by_prices, find_prices
from tools.verification.territories import list_cases


def make_region(seed, n_accounts, n_reps):
    """Return kilometers per year and hours of accounts and reps scattered over a square."""
    generator = np.random.default_rng(seed)
    place, home = generator.random((n_accounts, 2)) * 500, generator.random((n_reps, 2)) * 500
    calls = generator.choice([2.0, 6.0, 12.0, 24.0], n_accounts)
    distance = np.sqrt(((place[:, None] - home[None]) ** 2).sum(axis=2))
    return 2 * calls[:, None] * distance, calls * generator.uniform(1, 3, n_accounts)


def find_best(cost, loads):
    """Return the least cost of all assignments within limits; None where there is none."""
    n_accounts, n_reps = cost.shape
    best = None
    for plan in itertools.product(range(n_reps), repeat=n_accounts):
        rows = np.arange(n_accounts)
        total = cost[rows, list(plan)].sum()
        sums = [np.bincount(plan, weights=load.pick(np.array(plan)), minlength=n_reps) for load in loads]
        holds = all(((load.low - 1e-9 <= had) & (had <= load.high + 1e-9)).all()
                    for load, had in zip(loads, sums, strict=True))
        if holds and np.isfinite(total) and (best is None or total < best):
            best = total
    return best


@pytest.mark.parametrize("case", list_cases(), ids=lambda case: case.name)
def test_published_cases_are_reproduced(case):
    assert case.computed == pytest.approx(case.expected, abs=case.tolerance)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 100_000), st.integers(1, 6), st.integers(1, 3), st.floats(0.1, 1.0))
def test_assign_by_prices_equals_brute_force_on_small_cases(seed, n_accounts, n_reps, tolerance):
    generator = np.random.default_rng(seed)
    cost = generator.integers(1, 50, (n_accounts, n_reps)).astype(float)
    cost[generator.random(cost.shape) < 0.15] = np.inf
    cost[np.isinf(cost).all(axis=1), 0] = 7.0
    hours, worth = generator.integers(1, 9, (2, n_accounts)).astype(float)
    equal = hours.sum() / n_reps
    potential = Load(worth, np.zeros(n_reps), np.full(n_reps, 1.5 * worth.sum() / n_reps))
    load = Load(hours, np.full(n_reps, (1 - tolerance) * equal), np.full(n_reps, (1 + tolerance) * equal))

    found = assign_by_prices(cost, hours, low=load.low, high=load.high, also=[potential])

    best = find_best(cost, [load, potential])
    assert (found.violation == 0) == (best is not None)
    if best is not None:
        assert found.cost == pytest.approx(best)
        assert found.bound == pytest.approx(best)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 100_000))
def test_assign_by_prices_keeps_limits_and_a_small_gap_where_nothing_is_proven(seed):
    cost, hours = make_region(seed, 600, 8)
    equal = hours.sum() / 8

    found = assign_by_prices(cost, hours, low=np.full(8, 0.95 * equal), high=np.full(8, 1.05 * equal))

    load = np.bincount(found.chosen, weights=hours, minlength=8)
    assert (np.abs(load / equal - 1) <= 0.05 + 1e-6).all()
    assert found.bound <= found.cost
    assert found.gap < 0.02


def test_find_prices_bounds_the_linear_relaxation_from_below_and_nearly_meets_it():
    from scipy.optimize import linprog

    cost, hours = make_region(3, 60, 4)
    high = np.full(4, 1.05 * hours.sum() / 4)
    cells = np.arange(cost.size)
    one_rep, sums = np.zeros((60, cost.size)), np.zeros((4, cost.size))
    one_rep[cells // 4, cells] = 1
    sums[cells % 4, cells] = np.repeat(hours, 4)

    bound, _ = find_prices(cost, [Load(hours, np.zeros(4), high)])

    relaxed = linprog(cost.ravel(), A_ub=sums, b_ub=high, A_eq=one_rep, b_eq=np.ones(60), bounds=(0, 1)).fun
    assert bound <= relaxed + 1e-6
    assert bound == pytest.approx(relaxed, rel=1e-3)


def test_assign_by_prices_does_not_depend_on_the_order_of_reps():
    cost, hours = make_region(5, 30, 4)
    limits = {"low": np.zeros(4), "high": np.full(4, hours.sum() / 3)}
    order = np.array([2, 0, 3, 1])

    one, other = (assign_by_prices(grid, hours, **limits) for grid in (cost, cost[:, order]))

    assert other.cost == pytest.approx(one.cost)


def test_assign_by_prices_refuses_an_account_that_nobody_may_have():
    with pytest.raises(ValueError, match="no rep of finite cost"):
        assign_by_prices(np.array([[np.inf, np.inf]]), np.ones(1), low=np.zeros(2), high=np.ones(2))


def test_assign_by_prices_leaves_its_input_alone():
    cost, hours = make_region(7, 300, 5)
    kept = cost.copy(), hours.copy()

    assign_by_prices(cost, hours, low=np.zeros(5), high=np.full(5, hours.sum() / 4))

    assert (cost == kept[0]).all()
    assert (hours == kept[1]).all()
