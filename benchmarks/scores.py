"""The heart of the chain against the bare matrix product that it contains."""

from __future__ import annotations

import numpy as np

from benchmarks.measure import Result, compare
from salesmodel_kit.model.scores import sum_values

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


def _make_values(n_accounts: int = N_ACCOUNTS) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(1)
    return generator.random((n_accounts, N_CRITERIA)), generator.dirichlet(np.ones(N_CRITERIA))
