"""The heart of the chain against the bare matrix product that it contains."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.measure import Result, compare, measure_memory
from salesmodel_kit.model.scores import score_accounts, sum_values
from salesmodel_kit.model.tiers import assign_tiers, find_cutoffs
from salesmodel_kit.model.weights import weigh_criteria

N_ACCOUNTS, N_CRITERIA = 1_000_000, 12


def measure_sum_against_product() -> Result:
    """Compare weighted sums, missing values watched for, with the bare product."""
    values, weights = _make_values()
    return compare(
        "sum-values",
        lambda: sum_values(values, weights),
        peer=lambda: values @ weights,
        against="the bare numpy product values @ weights",
        limit=4.0,
        size=f"{N_ACCOUNTS:,} accounts x {N_CRITERIA} criteria",
    )


def measure_scikit_criteria() -> Result:
    """Compare weighted sums with scikit-criteria's weighted sum model on the same values."""
    from skcriteria import mkdm
    from skcriteria.agg.simple import WeightedSumModel

    values, weights = _make_values(100_000)
    model = WeightedSumModel()
    return compare(
        "sum-values-against-scikit-criteria",
        lambda: sum_values(values, weights),
        peer=lambda: model.evaluate(mkdm(values, [max] * N_CRITERIA, weights=weights)),
        against="skcriteria WeightedSumModel",
        limit=1.0,
        size=f"100,000 accounts x {N_CRITERIA} criteria",
    )


def measure_scores_and_tiers() -> Result:
    """Compare scores, ranks and tiers of every account with the bare product and a partition at the two cuts."""
    accounts, criteria = _make_accounts()
    previous = pd.Series([None] * len(accounts), dtype="str", index=accounts.index)
    values = accounts[list(criteria["criterion"])].to_numpy()
    return compare(
        "scores-and-tiers",
        lambda: _score_and_tier(accounts, criteria, previous),
        peer=lambda: _multiply_and_partition(values),
        against="the bare numpy product and partition, nothing named, ranked or missing",
        limit=4.0,
        size=f"{N_ACCOUNTS:,} accounts x {N_CRITERIA} criteria",
        n_pairs=3,
    )


def measure_scores_and_tiers_memory() -> Result:
    """Measure the peak memory of scores, ranks and tiers of every account, as finished tables."""
    accounts, criteria = _make_accounts()
    previous = pd.Series([None] * len(accounts), dtype="str", index=accounts.index)
    return measure_memory(
        "scores-and-tiers-memory",
        lambda: _score_and_tier(accounts, criteria, previous),
        n_bytes=int(accounts.memory_usage(index=True).sum()),
        limit=3.0,
        size=f"{N_ACCOUNTS:,} accounts x {N_CRITERIA} criteria",
    )


def _score_and_tier(accounts: pd.DataFrame, criteria: pd.DataFrame, previous: pd.Series) -> pd.DataFrame:
    scores = score_accounts(accounts, criteria, potential_weight=0.5, minimum_known_share=0.5)
    cutoffs = find_cutoffs(scores, rule="account_share", gold=0.1, silver=0.3)
    overrides = pd.DataFrame(columns=["account", "tier", "reason", "by", "at"], dtype="str")
    return assign_tiers(scores, cutoffs=cutoffs, overrides=overrides, previous=previous)


def _multiply_and_partition(values: np.ndarray) -> None:
    score = np.clip(values, 0.0, 1.0) @ np.full(N_CRITERIA, 1 / N_CRITERIA)
    cuts = [len(score) - 3 * len(score) // 10, len(score) - len(score) // 10]
    np.digitize(score, np.partition(score, cuts)[cuts])


def _make_accounts() -> tuple[pd.DataFrame, pd.DataFrame]:
    names = [f"criterion_{number}" for number in range(N_CRITERIA)]
    sales, potential = np.random.default_rng(2).lognormal(9, 1, size=(2, N_ACCOUNTS))
    ids = pd.Series(np.arange(N_ACCOUNTS)).astype("str")
    accounts = pd.DataFrame(
        {"account": ids, "name": ids, "segment": "s", "sales_per_year": sales, "potential_per_year": potential}
    ).assign(wallet_share=sales / potential)
    values = pd.DataFrame(_make_values()[0], columns=names)
    criteria = pd.DataFrame({"criterion": names, "label": names, "axis": ["potential", "chance"] * (N_CRITERIA // 2)})
    criteria = criteria.assign(direction="benefit", worst=0.0, best=1.0, weight=1.0, serves=None)
    return pd.concat([accounts, values], axis=1), weigh_criteria(criteria.astype({"serves": "str"}), emphasis={})


def _make_values(n_accounts: int = N_ACCOUNTS) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(1)
    return generator.random((n_accounts, N_CRITERIA)), generator.dirichlet(np.ones(N_CRITERIA))
