import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from salesmodel_kit.model.acceptability import ScoreTerms
from salesmodel_kit.model.flips import find_flips

AXES, SHARES = np.array([0, 0, 0, 1, 1, 1, 1]), np.array([0.4, 0.6])


def on_one_axis(*rows):
    values = np.array(rows, dtype=float)
    return ScoreTerms(values, np.zeros(values.shape[1], dtype=int), np.array([1.0]))


def test_find_flips_moves_weight_to_the_best_criterion():
    # score 0.5; to reach 0.6, 0.1 of weight goes from the second criterion to the first
    flips = find_flips(on_one_axis([1.0, 0.0]), np.array([0.5, 0.5]), cutoffs=[0.6])

    assert flips.distance == pytest.approx([0.2])
    assert (flips.tier[0], flips.less[0], flips.more[0], flips.n_less[0]) == (0, 1, 0, 1)
    assert (flips.less_by[0], flips.more_by[0]) == pytest.approx((0.1, 0.1))


def test_find_flips_takes_from_the_worst_criterion_first():
    # score 0.5 x 0 + 0.25 x 0.6 + 0.25 x 1 = 0.4; to 0.95: 0.5 x 1 and then 0.05 / 0.4 from the second
    flips = find_flips(on_one_axis([0.0, 0.6, 1.0]), np.array([0.5, 0.25, 0.25]), cutoffs=[0.95])

    assert flips.distance == pytest.approx([2 * (0.5 + 0.05 / 0.4)])
    assert (flips.less[0], flips.more[0], flips.n_less[0]) == (0, 2, 2)


def test_find_flips_chooses_the_nearer_of_two_cuts():
    flips = find_flips(on_one_axis([1.0, 0.0], [1.0, 0.0]), np.array([0.5, 0.5]), cutoffs=[0.8, 0.45])

    assert flips.tier.tolist() == [2, 2]
    assert flips.distance == pytest.approx([0.1, 0.1])
    assert flips.more.tolist() == [1, 1]


def test_find_flips_says_that_an_account_on_the_cut_needs_no_change():
    flips = find_flips(on_one_axis([1.0, 0.0]), np.array([0.5, 0.5]), cutoffs=[0.5])

    assert (flips.distance[0], flips.tier[0], flips.less[0]) == (0.0, 1, -1)


def test_find_flips_knows_no_way_where_all_values_are_equal_or_unknown():
    flips = find_flips(on_one_axis([0.5, 0.5], [np.nan, 0.5], [np.nan, np.nan]), np.array([0.5, 0.5]), cutoffs=[0.6])

    assert np.isnan(flips.distance).all()
    assert flips.tier.tolist() == [-1, -1, -1]


def test_find_flips_skips_a_tier_that_nobody_reaches():
    terms, weights = on_one_axis([1.0, 0.0], [0.0, 1.0]), np.array([0.6, 0.4])

    assert find_flips(terms, weights, cutoffs=[0.5, np.nan]).tier.tolist() == [2, 0]
    assert find_flips(terms, weights, cutoffs=[np.nan, 0.5]).tier.tolist() == [2, 1]


@st.composite
def accounts(draw):
    cell = st.one_of(st.floats(0, 1).map(lambda value: round(value, 3)), st.just(np.nan))
    values = draw(st.lists(cell, min_size=7, max_size=7))
    points = draw(st.lists(st.integers(0, 5), min_size=7, max_size=7))
    weights = np.array(points, dtype=float) + np.array([1, 0, 0, 1, 0, 0, 0])
    return np.array(values), weights / np.array([weights[axis == AXES].sum() for axis in AXES])


@given(accounts())
@settings(deadline=None, max_examples=60)
def test_find_flips_agrees_with_the_linear_programme(account):
    values, weights = account
    cutoffs = [0.7, 0.45]

    flips = find_flips(ScoreTerms(values[None], AXES, SHARES), weights, cutoffs=cutoffs)

    best = solve_programmes(values, weights, cutoffs)
    assert flips.distance[0] == pytest.approx(best, abs=1e-7, nan_ok=True)


def solve_programmes(values, weights, cutoffs):
    known = ~np.isnan(values)
    total = np.array([weights[known & (axis == AXES)].sum() for axis in (0, 1)])
    if (total == 0).any():
        return np.nan
    slope = (SHARES / total)[AXES] * np.where(known, values, 0.0)
    score = float(slope @ weights)
    place = sum(score < cutoff - 1e-12 for cutoff in cutoffs)
    ways = [(cutoffs[place - 1] - score, slope)] if place else []
    ways += [(score - cutoffs[place], -slope)] if place < len(cutoffs) else []
    found = [solve_programme(gap, rise, known, weights) for gap, rise in ways]
    return min((distance for distance in found if distance is not None), default=np.nan)


def solve_programme(gap, rise, known, weights):
    """Minimise the sum of what is added and what is taken away, axis by axis in balance."""
    sums = np.array([np.concatenate([axis == AXES, -1.0 * (axis == AXES)]) for axis in (0, 1)])
    bounds = [(0, None if is_known else 0) for is_known in known]
    bounds += [(0, weight if is_known else 0) for weight, is_known in zip(weights, known, strict=True)]
    rises = [np.concatenate([-rise, rise])]
    solved = linprog(np.ones(14), A_ub=rises, b_ub=[-gap], A_eq=sums, b_eq=[0, 0], bounds=bounds)
    return solved.fun if solved.status == 0 else None


@given(accounts())
@settings(deadline=None, max_examples=60)
def test_find_flips_gives_a_change_that_moves_the_account(account):
    values, weights = account
    terms = ScoreTerms(values[None], AXES, SHARES)

    flips = find_flips(terms, weights, cutoffs=[0.7, 0.45])

    if flips.n_less[0] == 1 and flips.distance[0] > 1e-6:
        changed = weights.copy()
        changed[flips.less[0]] -= flips.less_by[0]
        changed[flips.more[0]] += flips.more_by[0]
        known = ~np.isnan(values)
        total = np.array([weights[known & (axis == AXES)].sum() for axis in (0, 1)])
        score = ((SHARES / total)[AXES] * np.where(known, values, 0) * changed).sum()
        assert min(abs(score - cut) for cut in (0.7, 0.45)) < 1e-9


def test_find_flips_of_nobody_is_empty():
    assert len(find_flips(ScoreTerms(np.empty((0, 2)), np.array([0, 0]), np.array([1.0])), np.array([0.5, 0.5]),
                          cutoffs=[0.5]).distance) == 0
