import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.model.acceptability import (
    ScoreTerms,
    accept_ranks,
    accept_shares,
    accept_tiers,
    find_central_weights,
    find_share_cuts,
    place_in_tiers,
)
from salesmodel_kit.model.draws import draw_weights
from salesmodel_kit.model.scores import sum_values
from salesmodel_kit.model.tiers import find_cutoffs

#: A thousand weights of the first of two criteria, evenly spread: shares come out exact.
EVEN = np.column_stack([(np.arange(1000) + 0.5) / 1000, 1 - (np.arange(1000) + 0.5) / 1000])


def on_one_axis(*rows):
    values = np.array(rows, dtype=float)
    return ScoreTerms(values, np.zeros(values.shape[1], dtype=int), np.array([1.0]))


def draw_any(n_criteria, n_draws, seed=1):
    criteria = pd.DataFrame({"axis": "a", "criterion": range(n_criteria), "effective_weight": 1 / n_criteria})
    return draw_weights(criteria, kind="any", n_draws=n_draws, seed=seed)


def test_accept_ranks_reproduces_two_criteria_and_three_accounts():
    shares = accept_ranks(on_one_axis([1, 0], [0, 1], [0.6, 0.6]), EVEN, last_ranks=[1, 2, 3])

    assert shares[:, :3] == pytest.approx(np.array([[0.4, 0.1, 0.5], [0.4, 0.1, 0.5], [0.2, 0.8, 0.0]]))


def test_find_central_weights_reproduces_two_criteria_and_three_accounts():
    central, first = find_central_weights(on_one_axis([1, 0], [0, 1], [0.6, 0.6]), EVEN)

    assert central == pytest.approx(np.array([[0.8, 0.2], [0.2, 0.8], [0.5, 0.5]]))
    assert first == pytest.approx([0.4, 0.4, 0.2])


def test_find_central_weights_reproduces_three_unit_vectors():
    n_draws = 20_000
    central, first = find_central_weights(on_one_axis(*np.eye(3)), draw_any(3, n_draws))

    # a share of 1/3 has the standard error sqrt(2/9 / n); a weight in [0, 1] one of at most 1/2 / sqrt(n / 3)
    assert first == pytest.approx([1 / 3] * 3, abs=4 * np.sqrt(2 / 9 / n_draws))
    expected = np.full((3, 3), 7 / 36) + np.eye(3) * (11 / 18 - 7 / 36)
    assert central == pytest.approx(expected, abs=4 * 0.5 / np.sqrt(n_draws / 3))


def test_find_central_weights_is_missing_for_an_account_that_is_never_first():
    central, first = find_central_weights(on_one_axis([0.9, 0.9], [0.1, 0.1]), EVEN)

    assert np.isnan(central[1]).all()
    assert first.tolist() == [1.0, 0.0]


def test_accept_tiers_counts_by_cutoff_with_missing_values_left_out():
    # account 1 scores w1, account 2 always 0.7, account 3 knows only the second criterion
    terms = on_one_axis([1, 0], [0.7, 0.7], [np.nan, 0.5])

    shares = accept_tiers(terms, EVEN, cutoffs=[0.7, 0.4])

    assert shares == pytest.approx(np.array([[0.3, 0.3, 0.4], [1, 0, 0], [0, 1, 0]]))


def test_accept_tiers_joins_two_axes():
    terms = ScoreTerms(np.array([[1.0, 0.0, 0.5]]), np.array([0, 0, 1]), np.array([0.6, 0.4]))
    weights = np.column_stack([EVEN, np.ones(1000)])

    # 0.6 w1 + 0.2 >= 0.5 where w1 >= 1/2
    assert accept_tiers(terms, weights, cutoffs=[0.5]) == pytest.approx(np.array([[0.5, 0.5]]))


def test_accept_tiers_is_missing_for_an_account_of_which_nothing_is_known():
    assert np.isnan(accept_tiers(on_one_axis([np.nan, np.nan], [1, 1]), EVEN, cutoffs=[0.5])[0]).all()


def test_accept_tiers_leaves_a_tier_without_cutoff_empty():
    terms = on_one_axis([1, 0])

    assert accept_tiers(terms, EVEN, cutoffs=[np.nan, 0.5]) == pytest.approx(np.array([[0.0, 0.5, 0.5]]))
    assert accept_tiers(terms, EVEN, cutoffs=[0.5, np.nan]) == pytest.approx(np.array([[0.5, 0.0, 0.5]]))


def test_accept_tiers_counts_a_score_on_the_cut_in_both_precisions():
    terms, weights = on_one_axis([0.1, 0.7], [0.3, 0.3]), np.tile([1 / 3, 2 / 3], (300, 1))

    for dtype in (np.float32, np.float64):
        exact = ScoreTerms(terms.values.astype(dtype), terms.axes, terms.axis_shares)
        assert accept_tiers(exact, weights, cutoffs=[0.5, 0.3]).tolist() == [[1, 0, 0], [0, 1, 0]]


def test_accept_shares_cuts_anew_in_each_weighting():
    terms = on_one_axis([1, 0], [0, 1], [0.6, 0.6])

    shares = accept_shares(terms, EVEN, shares=[1 / 3, 2 / 3], sizes=np.ones(3))

    assert shares == pytest.approx(np.array([[0.4, 0.1, 0.5], [0.4, 0.1, 0.5], [0.2, 0.8, 0.0]]))


def test_accept_shares_refuses_sizes_that_nobody_has():
    with pytest.raises(SalesModelError, match="potential_per_year"):
        accept_shares(on_one_axis([1, 0]), EVEN, shares=[0.5], sizes=np.array([np.nan]))


def test_accept_ranks_gives_ties_the_best_rank():
    assert accept_ranks(on_one_axis([1, 1], [1, 1], [0, 0]), EVEN, last_ranks=[1, 2])[:, 0].tolist() == [1, 1, 0]


def test_acceptability_of_no_account_is_an_empty_table():
    nobody = ScoreTerms(np.empty((0, 2)), np.array([0, 0]), np.array([1.0]))

    assert accept_tiers(nobody, EVEN, cutoffs=[0.5]).shape == (0, 2)
    assert accept_shares(nobody, EVEN, shares=[0.5], sizes=np.empty(0)).shape == (0, 2)
    assert accept_ranks(nobody, EVEN, last_ranks=[1]).shape == (0, 2)


LEVELS = st.sampled_from([0.0, 0.1, 0.25, 0.3, 0.5, 0.7, 0.9, 1.0])


@st.composite
def portfolios(draw):
    n_accounts, n_criteria = draw(st.integers(1, 30)), draw(st.integers(1, 4))
    cells = st.one_of(LEVELS, st.just(np.nan))
    values = np.array(draw(st.lists(st.lists(cells, min_size=n_criteria, max_size=n_criteria),
                                    min_size=n_accounts, max_size=n_accounts)))
    sizes = np.array(draw(st.lists(st.sampled_from([0.0, 1.0, 3.0, 50.0]), min_size=n_accounts, max_size=n_accounts)))
    return values, sizes, draw(st.integers(0, 99))


@given(portfolios(), st.sampled_from([0.0, 0.1, 0.45, 1.0]), st.sampled_from([0.0, 0.25]))
@settings(deadline=None)
def test_accept_shares_does_as_find_cutoffs_does_in_each_weighting(portfolio, gold, silver):
    values, sizes, seed = portfolio
    sizes[0] += 1
    silver = min(silver, 1 - gold)
    weights = np.random.default_rng(seed).dirichlet(np.ones(values.shape[1]), size=7)
    terms = on_one_axis(*values)

    shares = accept_shares(terms, weights, shares=[gold, gold + silver], sizes=sizes)

    expected = np.zeros((len(values), 3))
    scores = np.array([sum_values(values, weight)[0] for weight in weights]).round(9)
    if sizes[np.isfinite(scores[0])].sum() == 0:
        return
    for score in scores:
        table = pd.DataFrame({"score": score, "potential_per_year": sizes})
        cuts = find_cutoffs(table, rule="potential_share", gold=gold, silver=silver)
        place = np.select([score >= cuts["gold"], score >= cuts["silver"]], [0, 1], 2)
        expected[np.arange(len(score)), place] += 1 / 7
    known = np.isfinite(scores[0])
    assert shares[known] == pytest.approx(expected[known])
    assert np.isnan(shares[~known]).all()


@given(portfolios())
@settings(deadline=None)
def test_accept_tiers_does_as_sum_values_does_in_each_weighting(portfolio):
    values, _, seed = portfolio
    weights = np.random.default_rng(seed).dirichlet(np.ones(values.shape[1]), size=200)

    shares = accept_tiers(on_one_axis(*values), weights, cutoffs=[0.6, 0.3])

    scores = np.array([sum_values(values, weight)[0] for weight in weights])
    known = np.isfinite(scores[0])
    assert shares[known, 0] == pytest.approx((scores >= 0.6 - 1e-12).mean(axis=0)[known])
    assert shares[known].sum(axis=1) == pytest.approx(np.ones(known.sum()))


@given(portfolios(), st.randoms())
@settings(deadline=None)
def test_accept_tiers_does_not_depend_on_the_order_of_accounts_and_rises_with_a_value(portfolio, random):
    values, _, seed = portfolio
    weights = np.random.default_rng(seed).dirichlet(np.ones(values.shape[1]), size=50)
    order = list(range(len(values)))
    random.shuffle(order)

    shares = accept_tiers(on_one_axis(*values), weights, cutoffs=[0.6, 0.3])
    raised = accept_tiers(on_one_axis(*np.minimum(values + 0.1, 1)), weights, cutoffs=[0.6, 0.3])

    assert accept_tiers(on_one_axis(*values[order]), weights, cutoffs=[0.6, 0.3]) == pytest.approx(
        shares[order], nan_ok=True)
    assert not (raised[:, 0] < shares[:, 0] - 1e-12).any()


def test_place_in_tiers_gives_each_weighting_its_tiers():
    terms = on_one_axis([1, 0], [np.nan, 0.5])

    assert place_in_tiers(terms, np.array([[0.9, 0.1], [0.2, 0.8]]), cutoffs=[0.8, 0.4]).tolist() == [[0, 1], [2, 1]]


def test_find_share_cuts_of_many_accounts_agrees_with_a_sort():
    rng = np.random.default_rng(3)
    scores, sizes = rng.random((5, 5000)).round(3), rng.lognormal(size=5000)

    cuts = find_share_cuts(scores, shares=[0.2, 0.7], sizes=sizes)

    for row, found in zip(scores, cuts.T, strict=True):
        for share, cut in zip((0.2, 0.7), found, strict=True):
            assert sizes[row > cut].sum() < share * sizes.sum()
            assert sizes[row >= cut].sum() >= share * sizes.sum() * (1 - 1e-9)


def test_acceptability_leaves_its_input_alone():
    values, weights = np.array([[0.2, np.nan], [1.0, 0.5]]), EVEN.copy()

    accept_tiers(ScoreTerms(values, np.array([0, 0]), np.array([1.0])), weights, cutoffs=[0.5])
    accept_shares(ScoreTerms(values, np.array([0, 0]), np.array([1.0])), weights, shares=[0.5], sizes=np.ones(2))

    assert values.tolist()[1] == [1.0, 0.5]
    assert np.isnan(values[0, 1])
    assert (weights == EVEN).all()
