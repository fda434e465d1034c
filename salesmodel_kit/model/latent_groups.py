"""Groups that data show: a mixture over bands (latent class analysis).

Every group has its own probability of each band of each feature; within a
group, features are independent. What is not known is left out of an account's
likelihood: nothing is filled in. The number of groups is the one with the least
Bayesian information criterion, and one group is a possible answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scipy import sparse

#: Starts of the search for each number of groups, their first steps, and the most steps of the best one.
N_STARTS, N_FIRST_STEPS, MOST_STEPS = 8, 12, 200
#: Most groups that are tried.
MOST_GROUPS = 8
#: Weight of the portfolio's own shares in each group's, in accounts: no band is impossible in a group.
PSEUDO_ACCOUNTS = 1.0
_LEAST_GAIN = 1e-6


@dataclass(frozen=True)
class Mixture:
    """A fitted mixture of groups.

    Parameters
    ----------
    shares : ndarray (n_groups,)
        Share of the accounts in each group; sums to 1, largest first.
    probabilities : tuple of ndarray (n_groups, n_bands)
        For each feature, probability of each band in each group; rows sum to 1.
    log_likelihood : float
        Of the accounts it was fitted to.
    n_accounts : int
        How many these were.
    """

    shares: np.ndarray
    probabilities: tuple[np.ndarray, ...]
    log_likelihood: float
    n_accounts: int

    @property
    def n_groups(self) -> int:
        """Return the number of groups."""
        return len(self.shares)

    @property
    def n_parameters(self) -> int:
        """Return the number of free parameters."""
        return self.n_groups - 1 + sum(self.n_groups * (part.shape[1] - 1) for part in self.probabilities)

    @property
    def bic(self) -> float:
        """Return the Bayesian information criterion, ``n_parameters x log(n) - 2 log_likelihood``; less is better."""
        return self.n_parameters * np.log(self.n_accounts) - 2 * self.log_likelihood


def spread_bands(codes: np.ndarray, n_bands: Sequence[int]) -> sparse.csr_array:
    """Return one column of zeros and ones per band; a missing feature has zeros in all its columns.

    Parameters
    ----------
    codes : ndarray of int (n_accounts, n_features)
        Bands from 0; -1: not known.
    n_bands : sequence of int
        Bands of each feature.

    Returns
    -------
    csr_array of float64 (n_accounts, sum of n_bands)
        Columns in the order of features and bands. Sparse: an account has one band a feature, so that
        products cost ``n_accounts x n_features``, and on one core, with the same bits on every machine.
    """
    from scipy import sparse

    first = np.concatenate([[0], np.cumsum(n_bands)])
    is_known = codes >= 0
    columns = (first[:-1] + codes)[is_known]
    ends = np.concatenate([[0], np.cumsum(is_known.sum(axis=1))])
    return sparse.csr_array((np.ones(len(columns)), columns, ends), shape=(len(codes), int(first[-1])))


def fit_mixture(
    spread: sparse.csr_array, n_bands: Sequence[int], *, n_groups: int, seed: int,
    pseudo_accounts: float = PSEUDO_ACCOUNTS,
) -> Mixture:
    """Return the mixture of a number of groups that makes the accounts most likely, of several starts.

    Expectation and maximization in turn (Dempster, Laird & Rubin 1977) from
    ``N_STARTS`` random starts, a few steps each; the best one goes on to its end.

    Parameters
    ----------
    spread : csr_array (n_accounts, n_columns)
        From :func:`spread_bands`.
    n_bands : sequence of int
        Bands of each feature.
    n_groups : int
        How many groups, 1 or more.
    seed : int
        Of the random starts.
    pseudo_accounts : float
        Weight of the portfolio's own shares in each group's; 0: maximum likelihood.

    Returns
    -------
    Mixture
        Groups by size, the largest first.

    Notes
    -----
    Source: Goodman (1974), latent structure analysis. Assumption: within a group,
    knowing one feature says nothing about another.
    """
    rng = np.random.default_rng(seed)
    search = _Search(spread, tuple(n_bands), pseudo_accounts)
    starts = np.stack([search.draw_start(rng, n_groups) for _ in range(N_STARTS if n_groups > 1 else 1)])
    levels, memberships = search.climb(starts, steps=N_FIRST_STEPS)
    best = int(levels.argmax())
    return search.settle(*search.climb(memberships[[best]], steps=MOST_STEPS))


def find_memberships(spread: sparse.csr_array, mixture: Mixture) -> np.ndarray:
    """Return the probability of each group for each account.

    Parameters
    ----------
    spread : csr_array (n_accounts, n_columns)
        From :func:`spread_bands`, with the bands that the mixture was fitted on.
    mixture : Mixture
        Fitted; it is not fitted again, so that an account's place does not depend on the others.

    Returns
    -------
    ndarray (n_accounts, n_groups)
        Rows sum to 1; where no feature is known, the shares of the groups.
    """
    logs = spread @ np.log(np.hstack(mixture.probabilities)).T + np.log(mixture.shares)
    return _normalise(logs.T)[0].T


def choose_mixture(
    spread: sparse.csr_array, n_bands: Sequence[int], *, seed: int, most_groups: int = MOST_GROUPS,
) -> tuple[Mixture, tuple[Mixture, ...]]:
    """Return the mixture with the least Bayesian information criterion, and all that were tried.

    Parameters
    ----------
    spread : csr_array (n_accounts, n_columns)
        From :func:`spread_bands`.
    n_bands : sequence of int
        Bands of each feature.
    seed : int
        Of the random starts.
    most_groups : int
        Where to stop; the search also stops after two numbers without a gain.

    Returns
    -------
    best : Mixture
        One group where no number of groups says more than it costs.
    tried : tuple of Mixture
        With 1, 2, ... groups.
    """
    tried: list[Mixture] = []
    for n_groups in range(1, most_groups + 1):
        tried.append(fit_mixture(spread, n_bands, n_groups=n_groups, seed=seed + n_groups))
        if n_groups - 1 - int(np.argmin([mixture.bic for mixture in tried])) >= 2:
            break
    return min(tried, key=lambda mixture: mixture.bic), tuple(tried)


@dataclass(frozen=True)
class _Search:
    spread: sparse.csr_array
    n_bands: tuple[int, ...]
    pseudo_accounts: float

    @cached_property
    def turned(self) -> sparse.csr_array:
        """Return the columns as rows."""
        return self.spread.T.tocsr()

    @cached_property
    def prior(self) -> np.ndarray:
        """Return what the portfolio's own shares add to the counts of every group."""
        counts = self.spread.sum(axis=0) + 1.0
        return self.pseudo_accounts * counts / self.add_up(counts)

    def draw_start(self, rng: np.random.Generator, n_groups: int) -> np.ndarray:
        """Return memberships (n_groups, n_accounts) that lean to the nearest of a few accounts drawn at random."""
        n_accounts = self.spread.shape[0]
        chosen = rng.choice(n_accounts, size=n_groups, replace=n_accounts < n_groups)
        common = self.spread @ self.spread[chosen].toarray().T
        weights = np.exp(common - common.max(axis=1, keepdims=True)) * rng.uniform(0.8, 1.2, common.shape)
        return (weights / weights.sum(axis=1, keepdims=True)).T

    def climb(self, memberships: np.ndarray, *, steps: int) -> tuple[np.ndarray, np.ndarray]:
        """Return log-likelihoods and memberships (n_starts, n_groups, n_accounts) after some steps side by side.

        They end earlier where no start gains any more.
        """
        levels = np.full(len(memberships), -np.inf)
        for _ in range(steps):
            shares, table = self.estimate(memberships)
            joined = np.ascontiguousarray((self.spread @ np.log(table).reshape(-1, table.shape[-1]).T).T)
            memberships, totals = _normalise(joined.reshape(memberships.shape) + np.log(shares)[..., None])
            before, levels = levels, totals.sum(axis=-1)
            if (levels - before < _LEAST_GAIN * np.maximum(np.abs(levels), 1.0)).all():
                break
        return levels, memberships

    def estimate(self, memberships: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return each start's shares of the groups and probability of every band, features side by side."""
        n_starts, n_groups, n_accounts = memberships.shape
        shares = np.maximum(memberships.mean(axis=-1), 1e-12)
        counts = (self.turned @ memberships.reshape(-1, n_accounts).T).T.reshape(n_starts, n_groups, -1)
        counts = np.maximum(counts + self.prior, 1e-12)
        table = counts / self.add_up(counts)
        return shares / shares.sum(axis=-1, keepdims=True), np.maximum(table, 1e-12)

    def add_up(self, columns: np.ndarray) -> np.ndarray:
        """Return, in the place of every band, the sum over the bands of its feature."""
        first = np.cumsum((0, *self.n_bands[:-1]))
        return np.repeat(np.add.reduceat(columns, first, axis=-1), self.n_bands, axis=-1)

    def settle(self, levels: np.ndarray, memberships: np.ndarray) -> Mixture:
        """Return the mixture of the one start that is left, its groups by size."""
        shares, table = (part[0] for part in self.estimate(memberships))
        order = np.argsort(-shares, kind="stable")
        parts = np.split(table[order], np.cumsum(self.n_bands)[:-1], axis=1)
        return Mixture(shares[order], tuple(parts), float(levels[0]), self.spread.shape[0])


def _normalise(logs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return what sums to 1 over the groups, the last axis but one, and the logarithm of what each summed to."""
    top = logs.max(axis=-2, keepdims=True)
    raised = np.exp(logs - top)
    sums = raised.sum(axis=-2, keepdims=True)
    return raised / sums, (top + np.log(sums))[..., 0, :]
