"""Judgements of one participant to weights: points, ranks and swings.

First stop of the votes: each function takes what one participant says of the
criteria of one axis and returns weights that sum to 1. Comparisons in pairs are
in ``pairwise``; several participants meet in ``groups``.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesmodel_kit.errors import SalesModelError


def weigh_by_points(points: np.ndarray) -> np.ndarray:
    """Return weights in proportion to points given directly.

    ``weight_k = points_k / sum of points``.

    Parameters
    ----------
    points : ndarray (n_criteria,)
        Finite, 0 or more, not all 0.

    Returns
    -------
    ndarray (n_criteria,)
        Weights 0-1, summing to 1.

    Raises
    ------
    SalesModelError
        A number is missing, negative or infinite, or all are 0.

    Notes
    -----
    Source: direct rating (von Winterfeldt & Edwards 1986). People tend to give
    points without thinking of the step from worst to best; swing asks for it.

    Examples
    --------
    >>> weigh_by_points(np.array([30.0, 10.0])).tolist()
    [0.75, 0.25]
    """
    points = np.asarray(points, dtype=float)
    if not (np.isfinite(points) & (points >= 0)).all() or points.max(initial=0.0) == 0:
        raise SalesModelError(
            "Points must be numbers of 0 or more, at least one above 0; given: {points}.", points=points.tolist()
        )
    shares = points / points.max()
    return shares / shares.sum()


def weigh_by_swing(swings: np.ndarray) -> np.ndarray:
    """Return weights in proportion to what the step from worst to best of each criterion is worth.

    ``weight_k = swing_k / sum of swings``: the same sum as points, another
    question, so the anchors belong to the answer.

    Parameters
    ----------
    swings : ndarray (n_criteria,)
        Points for the step from worst to best, usually 100 for the most
        welcome; finite, 0 or more, not all 0.

    Returns
    -------
    ndarray (n_criteria,)
        Weights 0-1, summing to 1.

    Raises
    ------
    SalesModelError
        A number is missing, negative or infinite, or all are 0.

    Notes
    -----
    Source: swing weighting (von Winterfeldt & Edwards 1986).

    Examples
    --------
    >>> weigh_by_swing(np.array([100.0, 60.0, 40.0])).tolist()
    [0.5, 0.3, 0.2]
    """
    return weigh_by_points(swings)


def weigh_by_rank_sum(ranks: np.ndarray) -> np.ndarray:
    """Return rank-sum weights.

    ``weight_k = 2 (n + 1 - k) / (n (n + 1))`` for rank ``k`` of ``n``; equals
    share the mean of the ranks that they take.

    Parameters
    ----------
    ranks : ndarray (n_criteria,)
        1 for the criterion that counts most; the same number for equals.

    Returns
    -------
    ndarray (n_criteria,)
        Weights 0-1, summing to 1.

    Raises
    ------
    SalesModelError
        A rank is missing or infinite.

    Notes
    -----
    Source: Stillwell, Seaver & Edwards (1981); Roberts & Goodwin (2002) find it
    near to direct rating.

    Examples
    --------
    >>> weigh_by_rank_sum(np.array([2, 1])).round(3).tolist()
    [0.333, 0.667]
    """
    n = len(ranks)
    return _weigh_ranks(ranks, 2 * (n - np.arange(n)) / (n * (n + 1)))


def weigh_by_rank_order_centroid(ranks: np.ndarray) -> np.ndarray:
    """Return rank-order-centroid weights: the mean of all weights in that order.

    ``weight_k = (1 / n) sum of 1 / i for i from k to n``; equals share the mean
    of the weights of the ranks that they take.

    Parameters
    ----------
    ranks : ndarray (n_criteria,)
        1 for the criterion that counts most; the same number for equals.

    Returns
    -------
    ndarray (n_criteria,)
        Weights 0-1, summing to 1.

    Raises
    ------
    SalesModelError
        A rank is missing or infinite.

    Notes
    -----
    Source: Barron & Barrett (1996); Roberts & Goodwin (2002) find it near to
    the allocation of points.

    Examples
    --------
    >>> weigh_by_rank_order_centroid(np.array([1, 2])).tolist()
    [0.75, 0.25]
    """
    n = len(ranks)
    return _weigh_ranks(ranks, np.cumsum(1 / np.arange(n, 0, -1))[::-1] / n)


def _weigh_ranks(ranks: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the weights by rank; equals share the mean of the places that they take."""
    ranks = np.asarray(ranks, dtype=float)
    if not len(ranks) or not np.isfinite(ranks).all():
        raise SalesModelError("Every criterion needs a rank; given: {ranks}.", ranks=ranks.tolist())
    first, last = (pd.Series(ranks).rank(method=method).to_numpy(dtype=int) for method in ("min", "max"))
    sums = np.concatenate([[0.0], np.cumsum(weights)])
    return (sums[last] - sums[first - 1]) / (last - first + 1)
