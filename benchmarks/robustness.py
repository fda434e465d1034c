"""How sure a tier is, against the bare matrix products that it contains."""

from __future__ import annotations

import numpy as np

from benchmarks.measure import Result, bound, compare
from salesmodel_kit.model.acceptability import ScoreTerms, accept_shares, accept_tiers

N_ACCOUNTS, N_CRITERIA, N_DRAWS = 100_000, 12, 10_000
CUTOFFS = (0.6, 0.45)
_BLOCK_DRAWS, _BLOCK_ACCOUNTS = 128, 8192


def measure_smaa() -> Result:
    """Compare tiers under 10,000 weightings with the bare float32 product, in blocks that stay in the cache."""
    terms, weights = _make_terms(N_ACCOUNTS, np.float32), _draw_weights(N_DRAWS)
    values, single = np.ascontiguousarray(terms.values.T), weights.astype(np.float32)
    return compare(
        "smaa",
        lambda: accept_tiers(terms, weights, cutoffs=CUTOFFS),
        peer=lambda: _multiply(single, values),
        against="the bare float32 product in blocks, its result thrown away",
        limit=3.0,
        size=f"{N_DRAWS:,} draws x {N_ACCOUNTS:,} accounts x {N_CRITERIA} criteria",
        n_pairs=3,
    )


def measure_robustness() -> Result:
    """Hold tiers under 2,000 weightings, cut anew by share of potential in each, to 2 seconds."""
    terms, weights = _make_terms(20_000, np.float64), _draw_weights(2_000)
    potential = np.random.default_rng(2).lognormal(9, 1, size=20_000)
    return bound(
        "robustness",
        lambda: accept_shares(terms, weights, shares=(0.45, 0.8), sizes=potential),
        seconds=2.0,
        size="20,000 accounts x 12 criteria, 5 % of the values missing",
        n_runs=3,
    )


def _make_terms(n_accounts: int, dtype: type) -> ScoreTerms:
    rng = np.random.default_rng(1)
    values = rng.random((n_accounts, N_CRITERIA)).astype(dtype)
    if dtype is np.float64:
        values[rng.random(values.shape) < 0.05] = np.nan
    return ScoreTerms(values, np.repeat([0, 1], N_CRITERIA // 2), np.array([0.5, 0.5]))


def _draw_weights(n_draws: int) -> np.ndarray:
    rng = np.random.default_rng(3)
    return np.hstack([rng.dirichlet(np.ones(N_CRITERIA // 2), n_draws) for _ in range(2)])


def _multiply(weights: np.ndarray, values: np.ndarray) -> None:
    buffer = np.empty((_BLOCK_DRAWS, _BLOCK_ACCOUNTS), dtype=np.float32)
    for left in range(0, values.shape[1], _BLOCK_ACCOUNTS):
        part = values[:, left : left + _BLOCK_ACCOUNTS]
        for start in range(0, len(weights), _BLOCK_DRAWS):
            drawn = weights[start : start + _BLOCK_DRAWS]
            np.matmul(drawn, part, out=buffer[: len(drawn), : part.shape[1]])
