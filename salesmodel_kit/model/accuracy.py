"""How well probabilities told won from lost deals, with intervals that know that deals of an account are alike.

Every number is computed on deals that the probability had not seen (cross-validation).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from salesmodel_kit.model.outcomes import bound_share

_Z = 1.959963984540054


@dataclass(frozen=True)
class Estimate:
    """A number with its 95 % interval; not a number where nothing could be estimated."""

    value: float
    low: float
    high: float


def measure_auc(probability: np.ndarray, won: np.ndarray, *, fold: np.ndarray, group: np.ndarray) -> Estimate:
    """Return the share of pairs of a won and a lost deal in which the won deal had the higher probability.

    The area under the ROC curve within each fold, averaged over folds and repeats;
    0.5 is what chance gives.

    Parameters
    ----------
    probability : ndarray (n_repeats, n_deals)
        Probability to win, from a model that had not seen the deal.
    won : ndarray of bool (n_deals,)
        How the deals ended.
    fold : ndarray of int (n_repeats, n_deals)
        The fold that each deal was held out with.
    group : ndarray of int (n_deals,)
        Account of each deal, numbered from 0; deals of one account are not independent.

    Returns
    -------
    Estimate
        Not a number where no fold has both a won and a lost deal.

    Notes
    -----
    Source: LeDell, Petersen & van der Laan (2015), interval of a cross-validated AUC
    from its influence curve; here summed by account (Obuchowski 1997), with the factor
    ``n_accounts / (n_accounts - 1)``. Assumes that accounts are independent of each
    other; the spread that comes from which deals trained the model is not in it.
    """
    areas, influence = [], np.zeros(len(won))
    share = np.array([1 - won.mean(), won.mean()])[won.astype(int)]
    for scored, held_out in zip(probability, fold, strict=True):
        for number in np.unique(held_out):
            rows = np.flatnonzero(held_out == number)
            part = _place(scored[rows], won[rows])
            if part is not None:
                areas.append(part[won[rows]].mean())
                influence[rows] += (part - areas[-1]) / share[rows]
    if not areas:
        return Estimate(np.nan, np.nan, np.nan)
    return _bound(float(np.mean(areas)), influence / len(probability), group)


def _place(score: np.ndarray, won: np.ndarray) -> np.ndarray | None:
    """Return for each deal the share of the others, of the other outcome, that lie on the right side of it."""
    if won.all() or not won.any():
        return None
    part = np.empty(len(score))
    for outcome in (True, False):
        others = np.sort(score[won != outcome])
        below = (np.searchsorted(others, score[won == outcome], "left")
                 + np.searchsorted(others, score[won == outcome], "right")) / (2 * len(others))
        part[won == outcome] = below if outcome else 1 - below
    return part


def measure_brier(probability: np.ndarray, won: np.ndarray, *, group: np.ndarray) -> Estimate:
    """Return the mean squared distance between probability and outcome, 0 at best.

    Parameters
    ----------
    probability, won, group
        As for :func:`measure_auc`; a repeat more counts as a mean.

    Returns
    -------
    Estimate
        Interval: normal, deviations summed by account.

    Notes
    -----
    Source: Brier (1950).

    Examples
    --------
    >>> probability = np.array([[0.9, 0.2, 0.4, 0.5]])
    >>> round(measure_brier(probability, np.array([True, False, True, False]), group=np.arange(4)).value, 4)
    0.165
    """
    distance = ((probability - won) ** 2).mean(axis=0)
    mean = float(distance.mean())
    return _bound(mean, distance - mean, group)


def _bound(value: float, influence: np.ndarray, group: np.ndarray) -> Estimate:
    sums = np.bincount(group, weights=influence)
    n_groups = len(sums)
    variance = (sums**2).sum() / len(influence) ** 2 * n_groups / max(n_groups - 1, 1)
    half = _Z * float(np.sqrt(variance))
    return Estimate(value, max(value - half, 0.0), min(value + half, 1.0))


def group_by_probability(probability: np.ndarray, won: np.ndarray, *, n_groups: int) -> pd.DataFrame:
    """Return predicted beside observed win rates, of deals in groups of equal number by probability.

    Parameters
    ----------
    probability : ndarray (n_deals,)
        Probability to win, from a model that had not seen the deal.
    won : ndarray of bool (n_deals,)
        How the deals ended.
    n_groups : int
        Number of groups, at most as many as deals.

    Returns
    -------
    DataFrame (n_groups, ...)
        Table ``calibration``; intervals as in :func:`bound_share`.
    """
    order = np.argsort(probability, kind="stable")
    parts = [part for part in np.array_split(order, n_groups) if len(part)]
    n_won, n_deals = (np.array(list(count), dtype=int) for count in (
        (won[part].sum() for part in parts), (len(part) for part in parts)))
    low, high = bound_share(n_won, n_deals)
    return pd.DataFrame({
        "group": range(1, len(parts) + 1), "n_deals": n_deals,
        "win_probability": [probability[part].mean() for part in parts], "win_rate": n_won / n_deals,
        "low": low, "high": high,
    }).astype({"group": "Int64", "n_deals": "Int64", "win_probability": float})
