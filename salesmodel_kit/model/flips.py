"""Flips: the smallest change of weights that moves an account to another tier.

Weights still sum to 1 within each axis and none is negative; cutoffs stay where
they are, and so does how much an axis counts. Weight that lies on what is not
known of an account stays there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from salesmodel_kit.model.acceptability import ScoreTerms

_CHUNK = 1 << 16
_ROUNDING = 1e-12


@dataclass(frozen=True)
class Flips:
    """The smallest change for each account, a row an account.

    Parameters
    ----------
    distance : ndarray (n_accounts,)
        Sum of absolute changes of weight (L1); NaN where no change moves the account.
    tier : ndarray of int (n_accounts,)
        The tier that it moves to, 0 for the best; -1 for none.
    less, more : ndarray of int (n_accounts,)
        The criterion that loses most weight, and the one that gains most; -1 for none.
    less_by, more_by : ndarray (n_accounts,)
        How much they lose and gain, as a share of the weight of their axis.
    n_less : ndarray of int (n_accounts,)
        How many criteria lose weight.
    """

    distance: np.ndarray
    tier: np.ndarray
    less: np.ndarray
    more: np.ndarray
    less_by: np.ndarray
    more_by: np.ndarray
    n_less: np.ndarray


def find_flips(terms: ScoreTerms, weights: np.ndarray, *, cutoffs: Sequence[float] | np.ndarray) -> Flips:
    """Return the smallest change of weights that moves each account to a neighbouring tier.

    Moving weight ``x`` from a criterion to the best known one of its axis raises the
    score by ``x`` times a rate: ``axis share / known share x (best value - its value)``.
    The smallest change takes from the criteria with the highest rate, all they have,
    until the gap to the cutoff is closed: a fractional knapsack, so a sort solves the
    linear programme. Down likewise, towards the criterion with the worst value.

    Parameters
    ----------
    terms : ScoreTerms
        The accounts' values.
    weights : ndarray (n_criteria,)
        0-1, summing to 1 per axis.
    cutoffs : sequence of float, or ndarray (n_accounts, n_cutoffs)
        Lowest scores, best tier first, without the last tier's; NaN for a tier that nobody
        reaches. As an array: each account's own.

    Returns
    -------
    Flips
        The smaller of the ways up and down. Down, the distance is the one at which the
        account stands on the cutoff; anything more moves it.

    Notes
    -----
    Source: Dantzig (1957), fractional knapsack; sensitivity of additive weights as in
    Triantaphyllou & Sanchez (1997). L1 = twice the weight that is moved.

    Examples
    --------
    >>> terms = ScoreTerms(np.array([[1.0, 0.0]]), np.array([0, 0]), np.array([1.0]))
    >>> flips = find_flips(terms, np.array([0.5, 0.5]), cutoffs=[0.6])
    >>> float(flips.distance[0].round(9)), int(flips.tier[0]), int(flips.less[0]), int(flips.more[0])
    (0.2, 0, 1, 0)
    """
    cuts = np.fmin.accumulate(np.asarray(cutoffs, dtype=float), axis=-1)
    cuts = np.broadcast_to(cuts, (len(terms.values), cuts.shape[-1]))
    parts = [
        _flip_rows(terms.take(slice(start, start + _CHUNK)), weights, cuts=cuts[start : start + _CHUNK])
        for start in range(0, max(len(terms.values), 1), _CHUNK)
    ]
    return Flips(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _flip_rows(terms: ScoreTerms, weights: np.ndarray, *, cuts: np.ndarray) -> tuple[np.ndarray, ...]:
    known = ~np.isnan(terms.values)
    slope = _find_slopes(terms, weights, known)
    values = np.where(known, terms.values, 0.0).astype(float)
    score = np.where(known, slope * values * weights, 0.0).sum(axis=1)
    score[np.isnan(slope).any(axis=1)] = np.nan
    place = (~(score[:, None] >= cuts - _ROUNDING)).sum(axis=1)
    end = np.full((len(cuts), 1), np.nan)
    rung, rows = np.hstack([end, cuts, end]), np.arange(len(cuts))
    above, below = rung[rows, place], rung[rows, place + 1]
    up = _close_gap(terms, weights, slope, known=known, gap=above - score)
    down = _close_gap(terms, weights, -slope, known=known, gap=score - below)
    is_down = np.isnan(up[0]) | (down[0] < up[0])
    distance, *others = (np.where(is_down, lower, upper) for upper, lower in zip(up, down, strict=True))
    higher, lower = ~(cuts <= above[:, None]), ~(cuts < below[:, None])
    tier = np.where(np.isnan(distance), -1, np.where(is_down, lower.sum(axis=1), higher.sum(axis=1)))
    return distance, tier, *others


def _find_slopes(terms: ScoreTerms, weights: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Return by how much the score rises per unit of weighted value (n_accounts, n_criteria); NaN where none weighs."""
    slope = np.empty(terms.values.shape)
    for axis, share in enumerate(terms.axis_shares):
        columns = terms.axes == axis
        total = known[:, columns] @ weights[columns]
        slope[:, columns] = (share / np.where(total > 0, total, np.nan))[:, None]
    return slope


def _close_gap(
    terms: ScoreTerms, weights: np.ndarray, slope: np.ndarray, *, known: np.ndarray, gap: np.ndarray
) -> tuple[np.ndarray, ...]:
    """Return distance, less, more, less_by, more_by and n_less of the smallest change that closes a gap.

    A negative slope closes it downwards: there the worst value is the one to move towards.
    """
    signed = np.where(known, slope * terms.values, np.nan)
    rate, target = np.zeros(signed.shape), np.zeros((len(signed), len(terms.axis_shares)), dtype=np.int64)
    for axis in range(len(terms.axis_shares)):
        columns = np.flatnonzero(terms.axes == axis)
        part = np.where(np.isnan(signed[:, columns]), -np.inf, signed[:, columns])
        best = part.argmax(axis=1)
        target[:, axis] = columns[best]
        with np.errstate(invalid="ignore"):
            rate[:, columns] = np.nan_to_num(part[np.arange(len(part)), best][:, None] - part, posinf=0.0)
    taken = _take_from_best(rate, np.where(known, weights, 0.0), gap)
    gained = np.column_stack([taken[:, terms.axes == axis].sum(axis=1) for axis in range(len(terms.axis_shares))])
    moved, rows = gained.sum(axis=1), np.arange(len(taken))
    less, most = np.nan_to_num(taken).argmax(axis=1), np.nan_to_num(gained).argmax(axis=1)
    is_moved = moved > _ROUNDING
    return (
        2 * moved,
        np.where(is_moved, less, -1),
        np.where(is_moved, target[rows, most], -1),
        taken[rows, less],
        gained[rows, most],
        (taken > _ROUNDING).sum(axis=1),
    )


def _take_from_best(rate: np.ndarray, capacity: np.ndarray, gap: np.ndarray) -> np.ndarray:
    """Return what is taken from each criterion, highest rate first, until the gap is closed; NaN where it cannot be."""
    order = np.argsort(-rate, axis=1, kind="stable")
    rate, capacity = np.take_along_axis(rate, order, axis=1), np.take_along_axis(capacity, order, axis=1)
    gain = rate * capacity
    closed = np.cumsum(gain, axis=1)
    rest = np.clip(gap[:, None] - (closed - gain), 0.0, None)
    part = np.minimum(capacity, np.divide(rest, rate, out=np.where(rest > 0, capacity, 0.0), where=rate > 0))
    part[rate <= 0] = 0.0
    part[~(closed[:, -1] >= gap - _ROUNDING)] = np.nan
    taken = np.empty_like(part)
    np.put_along_axis(taken, order, part, axis=1)
    return taken
