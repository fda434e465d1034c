"""Segments proposed from the accounts: how many, who belongs, what makes them, how stable they are.

Accounts that are like one another on sector, size, place, sales, potential and
criteria are put together, without looking at the declared segments. A proposal
carries its own frozen rule, by which an account that comes later finds its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salesmodel_kit.model.account_features import Feature, list_features, read_bands
from salesmodel_kit.model.agreement import (
    INTERVAL,
    count_pairs,
    find_adjusted_rand,
    find_best_jaccards,
    find_rand_interval,
)
from salesmodel_kit.model.latent_groups import Mixture, choose_mixture, find_memberships, fit_mixture, spread_bands

if TYPE_CHECKING:
    from scipy import sparse

#: Fewest accounts that can show groups, and most that groups are sought in; the others are assigned.
LEAST_ACCOUNTS, MOST_FITTED = 30, 2_000
#: Times that the accounts are drawn again, with replacement, to see whether the same groups come back.
N_RESAMPLES = 30
#: Hennig (2007): a group is stable from the upper bound on; below the lower one it is not to be trusted.
STABLE_FROM, DOUBTFUL_FROM = 0.75, 0.6
#: A feature makes a group where it is this much more frequent than in the portfolio, and not rare in the group.
LEAST_LIFT, LEAST_GROUP_SHARE, MOST_MARKS = 1.25, 0.3, 5
_CHUNK = 100_000


@dataclass(frozen=True)
class GroupRule:
    """The frozen rule of a proposal: an account's most probable group.

    Parameters
    ----------
    features : tuple of Feature
        With their bands.
    mixture : Mixture
        Shares and probabilities of the groups.
    """

    features: tuple[Feature, ...]
    mixture: Mixture

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the groups, the largest first."""
        return tuple(f"G{number}" for number in range(1, self.mixture.n_groups + 1))


@dataclass(frozen=True)
class AccountGroups:
    """Groups of accounts that are like one another.

    Parameters
    ----------
    rule : GroupRule
        Of one group only where the accounts show no structure.
    accounts : DataFrame (n_accounts, ...)
        Table ``account_groups``.
    choice : DataFrame (n_tried, ...)
        Table ``group_choice``: what each number of groups says and costs.
    stability : DataFrame (n_groups, ...)
        ``group``, ``jaccard``, ``jaccard_low``, ``jaccard_high``, ``stability``.
    rand : tuple of float
        Mean adjusted Rand index between the groups and those of accounts drawn again, low, high.
    seed : int
        Of every draw.
    """

    rule: GroupRule
    accounts: pd.DataFrame
    choice: pd.DataFrame
    stability: pd.DataFrame
    rand: tuple[float, float, float]
    seed: int

    @property
    def n_groups(self) -> int:
        """Return the number of groups; 1 where the accounts show no structure."""
        return self.rule.mixture.n_groups

    @cached_property
    def agreement(self) -> tuple[float, float, float]:
        """Return the adjusted Rand index of declared segments and groups, with its 95 % interval."""
        counts = count_pairs(self.accounts["segment"], self.accounts["group"])
        return find_adjusted_rand(counts), *find_rand_interval(counts, seed=self.seed)


def group_accounts(accounts: pd.DataFrame, criteria: pd.DataFrame, *, seed: int = 1) -> AccountGroups | None:
    """Return the groups that the accounts show.

    Parameters
    ----------
    accounts : DataFrame (n_accounts, ...)
        Table ``accounts``; its declared segments are not looked at.
    criteria : DataFrame (n_criteria, ...)
        Table ``criteria``, for the performances that accounts have.
    seed : int
        Of the sample, the starts and the resampling.

    Returns
    -------
    AccountGroups or None
        None with fewer than ``LEAST_ACCOUNTS`` accounts, or where fewer than two features tell them apart.

    Notes
    -----
    Source: latent class analysis (Goodman 1974), number of groups by the Bayesian
    information criterion (Schwarz 1978), stability by resampling (Hennig 2007).
    With more than ``MOST_FITTED`` accounts the groups are sought in a sample of
    that many and the others are assigned.
    """
    features = list_features(accounts, criteria)
    if len(accounts) < LEAST_ACCOUNTS or len(features) < 2:
        return None
    rng = np.random.default_rng(seed)
    n_fitted = min(len(accounts), MOST_FITTED)
    rows = np.sort(rng.choice(len(accounts), n_fitted, replace=False)) if n_fitted < len(accounts) else slice(None)
    n_bands = [feature.n_bands for feature in features]
    spread = spread_bands(read_bands(accounts.iloc[rows], features), n_bands)
    best, tried = choose_mixture(spread, n_bands, seed=seed)
    rule = GroupRule(features, best)
    choice = pd.DataFrame({
        "n_groups": pd.array([mixture.n_groups for mixture in tried], dtype="Int64"),
        "log_likelihood": [mixture.log_likelihood for mixture in tried],
        "n_parameters": pd.array([mixture.n_parameters for mixture in tried], dtype="Int64"),
        "bic": [mixture.bic for mixture in tried]})
    stability, rand = _resample(spread, n_bands, rule, rng)
    table = accounts[["account", "name", "segment"]].reset_index(drop=True)
    return AccountGroups(rule, table.join(place_accounts(accounts, rule)), choice, stability, rand, seed)


def place_accounts(accounts: pd.DataFrame, rule: GroupRule) -> pd.DataFrame:
    """Return the most probable group of each account by a frozen rule.

    Parameters
    ----------
    accounts : DataFrame (n_accounts, ...)
        Table ``accounts``; an account's place does not depend on the others.
    rule : GroupRule
        From a proposal.

    Returns
    -------
    DataFrame (n_accounts, 2)
        ``group`` and ``group_probability``, 0-1; both missing where no feature of the account is known.
        Index from 0, in the order of the accounts.
    """
    n_bands = [feature.n_bands for feature in rule.features]
    group = np.empty(len(accounts), dtype=np.int64)
    probability = np.empty(len(accounts))
    for start in range(0, len(accounts), _CHUNK):
        codes = read_bands(accounts.iloc[start : start + _CHUNK], rule.features)
        members = find_memberships(spread_bands(codes, n_bands), rule.mixture)
        part = slice(start, start + len(codes))
        group[part] = np.where((codes >= 0).any(axis=1), members.argmax(axis=1), -1)
        probability[part] = np.where(group[part] >= 0, members.max(axis=1), np.nan)
    names = pd.Categorical.from_codes(group, categories=rule.names)
    return pd.DataFrame({"group": pd.Series(names).astype("str"), "group_probability": probability})


def _resample(
    spread: sparse.csr_array, n_bands: list[int], rule: GroupRule, rng: np.random.Generator,
) -> tuple[pd.DataFrame, tuple[float, float, float]]:
    """Return how like each group is to what accounts drawn again show, and the adjusted Rand index of it all."""
    n_groups = rule.mixture.n_groups
    mine = find_memberships(spread, rule.mixture).argmax(axis=1)
    jaccards, rands = np.ones((N_RESAMPLES, n_groups)), np.ones(N_RESAMPLES)
    for draw in range(N_RESAMPLES if n_groups > 1 else 0):
        rows = rng.integers(spread.shape[0], size=spread.shape[0])
        again = fit_mixture(spread[rows], n_bands, n_groups=n_groups, seed=int(rng.integers(2**31)))
        theirs = find_memberships(spread, again).argmax(axis=1)
        counts = np.bincount(mine * n_groups + theirs, minlength=n_groups**2).reshape(n_groups, n_groups)
        jaccards[draw], rands[draw] = find_best_jaccards(counts), find_adjusted_rand(counts)
    low, high = np.quantile(jaccards, INTERVAL, axis=0)
    mean = jaccards.mean(axis=0)
    words = np.select([mean >= STABLE_FROM, mean >= DOUBTFUL_FROM], ["stable", "doubtful"], "not_stable")
    table = pd.DataFrame({"group": list(rule.names), "jaccard": mean, "jaccard_low": low, "jaccard_high": high,
                          "stability": pd.Series(words, dtype="str")})
    return table, (float(rands.mean()), *(float(end) for end in np.quantile(rands, INTERVAL)))
