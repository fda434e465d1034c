"""How far two partitions of the same accounts agree."""

from __future__ import annotations

import numpy as np
import pandas as pd

#: Draws of the interval of an agreement, and its ends.
N_DRAWS, INTERVAL = 400, (0.025, 0.975)


def count_pairs(one: pd.Series, other: pd.Series) -> np.ndarray:
    """Return how many accounts lie in each part of the one and each part of the other partition.

    Parameters
    ----------
    one, other : Series (n_accounts,)
        Part of each account; an account without a part in one of them is left out.

    Returns
    -------
    ndarray of int (n_parts_of_one, n_parts_of_other)
        Parts in the order of their names.
    """
    known = (one.notna() & other.notna()).to_numpy()
    rows, row_names = pd.factorize(one.to_numpy(object)[known], sort=True)
    columns, column_names = pd.factorize(other.to_numpy(object)[known], sort=True)
    shape = (len(row_names), len(column_names))
    return np.bincount(rows * shape[1] + columns, minlength=shape[0] * shape[1]).reshape(shape)


def find_adjusted_rand(counts: np.ndarray) -> float:
    """Return the adjusted Rand index of two partitions: 1 the same, 0 what chance alone would give.

    Parameters
    ----------
    counts : ndarray (n_parts, n_parts)
        Accounts by part of the one and part of the other partition.

    Returns
    -------
    float
        Not a number with fewer than two accounts; 1 where both partitions are trivial in the same way.

    Notes
    -----
    Source: Hubert & Arabie (1985).

    Examples
    --------
    >>> [round(find_adjusted_rand(np.array(table)), 6) for table in ([[2, 0], [0, 2]], [[1, 1], [1, 1]])]
    [1.0, -0.5]
    """
    counts = np.asarray(counts, dtype=float)
    pairs = _pairs(counts.sum())
    if pairs == 0:
        return float("nan")
    both = _pairs(counts).sum()
    rows, columns = _pairs(counts.sum(axis=1)).sum(), _pairs(counts.sum(axis=0)).sum()
    expected, most = rows * columns / pairs, (rows + columns) / 2
    return 1.0 if most == expected else float((both - expected) / (most - expected))


def _pairs(counts: np.ndarray | float) -> np.ndarray:
    return np.asarray(counts) * (np.asarray(counts) - 1) / 2


def find_rand_interval(counts: np.ndarray, *, seed: int) -> tuple[float, float]:
    """Return the 95 % interval of the adjusted Rand index when accounts are drawn again, with replacement.

    Parameters
    ----------
    counts : ndarray (n_parts, n_parts)
        As for :func:`find_adjusted_rand`.
    seed : int
        Of the draws.

    Returns
    -------
    low, high : float
        Percentile bootstrap (Efron 1979); not a number with fewer than two accounts.
    """
    counts = np.asarray(counts)
    total = int(counts.sum())
    if total < 2:
        return float("nan"), float("nan")
    draws = np.random.default_rng(seed).multinomial(total, counts.ravel() / total, size=N_DRAWS)
    found = [find_adjusted_rand(draw.reshape(counts.shape)) for draw in draws]
    low, high = np.quantile(found, INTERVAL)
    return float(low), float(high)


def find_best_jaccards(counts: np.ndarray) -> np.ndarray:
    """Return, for each part of the one partition, its likeness to the part of the other that is most like it.

    Parameters
    ----------
    counts : ndarray (n_parts, n_other_parts)
        As for :func:`find_adjusted_rand`.

    Returns
    -------
    ndarray (n_parts,)
        Jaccard coefficient 0-1: accounts in both, divided by accounts in either.

    Notes
    -----
    Source: Hennig (2007), cluster-wise assessment of stability.

    Examples
    --------
    >>> find_best_jaccards(np.array([[3, 1], [0, 4]])).tolist()
    [0.75, 0.8]
    """
    counts = np.asarray(counts, dtype=float)
    either = counts.sum(axis=1)[:, None] + counts.sum(axis=0)[None, :] - counts
    return np.max(np.divide(counts, either, out=np.zeros_like(counts), where=either > 0), axis=1)
