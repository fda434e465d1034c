import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesmodel_kit.model.agreement import count_pairs, find_adjusted_rand
from salesmodel_kit.model.latent_groups import choose_mixture, find_memberships, fit_mixture, spread_bands

#: Stouffer & Toby (1951): 216 people, four situations, + as 0 and - as 1; counts of the 16 patterns, ++++ first.
ROLE_CONFLICT = (42, 23, 6, 25, 6, 24, 7, 38, 1, 4, 1, 6, 2, 9, 2, 20)


def make_patterns():
    patterns = np.array([[(at >> shift) & 1 for shift in (3, 2, 1, 0)] for at in range(16)])
    return np.repeat(patterns, ROLE_CONFLICT, axis=0)


def draw_accounts(rng, n, *, means, missing=0.0):
    """Return bands drawn from groups that prefer one band of four each, and the true groups."""
    group = rng.integers(len(means), size=n)
    codes = np.array([[mean[group_of] for mean in np.transpose(means)] for group_of in group])
    codes = np.where(rng.random(codes.shape) < 0.12, rng.integers(4, size=codes.shape), codes)
    return np.where(rng.random(codes.shape) < missing, -1, codes), group


@pytest.mark.parametrize(("n_groups", "log_likelihood"), [(1, -543.6498), (2, -504.4677)])
def test_fit_mixture_gives_the_published_likelihood(n_groups, log_likelihood):
    """Goodman (2002), tables 5b and 5c, as the documentation of poLCA 1.3.1 (``values``) states them."""
    spread = spread_bands(make_patterns(), [2] * 4)

    mixture = fit_mixture(spread, [2] * 4, n_groups=n_groups, seed=1, pseudo_accounts=0.0)

    assert mixture.log_likelihood == pytest.approx(log_likelihood, abs=0.005)


def test_one_group_has_the_shares_of_the_portfolio():
    codes = np.array([[0], [0], [1], [-1]])

    mixture = fit_mixture(spread_bands(codes, [2]), [2], n_groups=1, seed=1, pseudo_accounts=0.0)

    assert mixture.probabilities[0].tolist() == [[pytest.approx(2 / 3), pytest.approx(1 / 3)]]
    assert mixture.log_likelihood == pytest.approx(2 * np.log(2 / 3) + np.log(1 / 3))
    assert (mixture.n_parameters, mixture.n_accounts) == (1, 4)
    assert mixture.bic == pytest.approx(np.log(4) - 2 * mixture.log_likelihood)


def test_choose_mixture_finds_three_planted_groups():
    rng = np.random.default_rng(5)
    codes, group = draw_accounts(rng, 400, means=[[0] * 6, [2] * 6, [3] * 6])
    spread = spread_bands(codes, [4] * 6)

    best, tried = choose_mixture(spread, [4] * 6, seed=1)

    found = find_memberships(spread, best).argmax(axis=1)
    assert best.n_groups == 3
    assert find_adjusted_rand(count_pairs(pd.Series(found), pd.Series(group))) > 0.98
    assert [mixture.n_groups for mixture in tried] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("seed", range(5))
def test_choose_mixture_finds_one_group_where_features_are_independent(seed):
    rng = np.random.default_rng(seed)
    spread = spread_bands(rng.integers(4, size=(500, 8)), [4] * 8)

    assert choose_mixture(spread, [4] * 8, seed=1)[0].n_groups == 1


def test_choose_mixture_copes_with_missing_bands():
    rng = np.random.default_rng(5)
    codes, group = draw_accounts(rng, 500, means=[[0] * 8, [3] * 8], missing=0.4)
    spread = spread_bands(codes, [4] * 8)

    best, _ = choose_mixture(spread, [4] * 8, seed=1)

    found = find_memberships(spread, best).argmax(axis=1)
    agrees = (found == group).mean()
    assert best.n_groups == 2
    assert max(agrees, 1 - agrees) > 0.97


def test_find_memberships_of_an_account_without_anything_known_are_the_shares():
    rng = np.random.default_rng(5)
    codes, _ = draw_accounts(rng, 100, means=[[0] * 4, [3] * 4])
    mixture = fit_mixture(spread_bands(codes, [4] * 4), [4] * 4, n_groups=2, seed=1)

    members = find_memberships(spread_bands(np.array([[-1] * 4]), [4] * 4), mixture)

    assert members[0] == pytest.approx(mixture.shares)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 4), st.integers(1, 60), st.integers(0, 1000))
def test_fit_mixture_gives_probabilities_for_any_accounts(n_groups, n_accounts, seed):
    codes = np.random.default_rng(seed).integers(-1, 3, size=(n_accounts, 3))
    spread = spread_bands(codes, [3] * 3)

    mixture = fit_mixture(spread, [3] * 3, n_groups=n_groups, seed=seed)

    members = find_memberships(spread, mixture)
    assert members.sum(axis=1) == pytest.approx(np.ones(n_accounts))
    assert mixture.shares.sum() == pytest.approx(1)
    assert all(part.sum(axis=1) == pytest.approx(np.ones(n_groups)) for part in mixture.probabilities)
    assert (np.diff(mixture.shares) <= 1e-12).all()
