"""Acceptability: in what share of many weightings an account has a tier, or a rank.

A value that is missing is left out and the rest rescaled, as for scores. Accounts
that know the same criteria share their rescaled weights, so that a block of
scores is one matrix product. Sums are as exact as the values given: float64 for
a client, float32 where speed counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.model.margins import shift_cuts

#: Draws and accounts whose scores are held at a time; counts of a block fit one byte.
_MOST_DRAWS, _MOST_ACCOUNTS, _MOST_SCORES = 128, 8192, 1 << 21
#: Two scores that differ by less are equal: rounding of a sum.
_ROUNDING = {"float32": 1e-6, "float64": 1e-12}
_MOST_BINS = 4096
#: A product of so many multiplications is left to one core by OpenBLAS: its threads cost more than they bring when
#: cores are busy. Only where there are very many scores all cores are used.
_ONE_CORE, _TILE_ROWS, _MANY_SCORES = 1 << 18, 64, 1 << 28


@dataclass(frozen=True)
class ScoreTerms:
    """What scores are made of, but for the weights.

    ``score = sum over axes of axis_share x (sum w v known / sum w known)``.

    Parameters
    ----------
    values : ndarray (n_accounts, n_criteria)
        Values 0-1, missing as NaN, float32 or float64.
    axes : ndarray of int (n_criteria,)
        Which axis a criterion belongs to, from 0.
    axis_shares : ndarray (n_axes,)
        How much an axis counts, summing to 1.
    """

    values: np.ndarray
    axes: np.ndarray
    axis_shares: np.ndarray

    def take(self, rows: np.ndarray) -> ScoreTerms:
        """Return the terms of some accounts."""
        return ScoreTerms(self.values[rows], self.axes, self.axis_shares)

    def rescale(self, weights: np.ndarray, known: np.ndarray) -> np.ndarray:
        """Return weights (n_draws, n_criteria) over the known criteria, axis shares within; NaN where none weighs."""
        rescaled = np.where(known, weights, 0.0)
        for axis, share in enumerate(self.axis_shares):
            columns = self.axes == axis
            total = rescaled[:, columns].sum(axis=1, keepdims=True)
            rescaled[:, columns] *= share / np.where(total > 0, total, np.nan)
            rescaled[total[:, 0] <= 0] = np.nan
        return rescaled.astype(self.values.dtype)


def accept_tiers(
    terms: ScoreTerms, weights: np.ndarray, *, cutoffs: Sequence[float], shifts: np.ndarray | None = None
) -> np.ndarray:
    """Return in what share of weightings an account reaches each tier, cutoffs held.

    Parameters
    ----------
    terms : ScoreTerms
        The accounts' values.
    weights : ndarray (n_draws, n_criteria)
        As ``draw_weights`` returns them.
    cutoffs : sequence of float
        Lowest scores, best tier first, without the last tier's; NaN for a tier that nobody reaches.
    shifts : ndarray (n_accounts, n_cutoffs), optional
        By how much a cut lies higher for an account, as ``margins.find_shifts`` returns them.

    Returns
    -------
    ndarray (n_accounts, n_cutoffs + 1)
        Shares 0-1, summing to 1; NaN for an account that no weighting gives a score.

    Notes
    -----
    Source: Lahdelma & Salminen (2001), SMAA-2; for tiers Tervonen et al. (2009), SMAA-TRI.

    Examples
    --------
    >>> terms = ScoreTerms(np.array([[1.0, 0.0], [0.6, 0.6]]), np.array([0, 0]), np.array([1.0]))
    >>> accept_tiers(terms, np.array([[0.7, 0.3], [0.2, 0.8]]), cutoffs=[0.5]).tolist()
    [[0.5, 0.5], [1.0, 0.0]]
    """
    cuts = np.fmin.accumulate(np.asarray(cutoffs, dtype=float))
    reached = np.zeros((len(cuts), len(terms.values)), dtype=np.int64)
    n_scored = np.zeros(len(terms.values), dtype=np.int64)
    is_large = len(weights) * len(terms.values) >= _MANY_SCORES
    for rows, known in _group_by_known(terms.values):
        rescaled = terms.rescale(weights, known)
        n_scored[rows] = np.isfinite(rescaled).all(axis=1).sum()
        for start in range(0, len(rows), _MOST_ACCOUNTS):
            part = rows[start : start + _MOST_ACCOUNTS]
            values = _transpose(terms.values[part], known)
            for scores in _multiply_blocks(rescaled, values, use_all_cores=is_large):
                _count_reached(scores, np.broadcast_to(cuts[:, None], (len(cuts), len(scores))), reached, part,
                               shifts=shifts)
    return _share_out(reached, n_scored)


def accept_shares(
    terms: ScoreTerms, weights: np.ndarray, *, shares: Sequence[float], sizes: np.ndarray,
    shifts: np.ndarray | None = None,
) -> np.ndarray:
    """Return in what share of weightings an account reaches each tier, tiers cut anew in each weighting.

    Accounts are taken from the best down, as ``find_cutoffs`` does: an account is in
    as long as those with a better score hold less than the share.

    Parameters
    ----------
    terms, weights
        As for :func:`accept_tiers`.
    shares : sequence of float
        Cumulated shares of size, best tier first, without the last tier's, 0-1, not falling.
    sizes : ndarray (n_accounts,)
        What is shared out, 0 or more: 1 for shares of accounts, potential for shares of potential.
    shifts
        As for :func:`accept_tiers`.

    Returns
    -------
    ndarray (n_accounts, n_shares + 1)
        As for :func:`accept_tiers`.

    Raises
    ------
    SalesModelError
        No account has a size.
    """
    if len(sizes) and not np.nansum(sizes) > 0:
        raise SalesModelError("Tiers by share need a size that is known: fill in potential_per_year.")
    reached = np.zeros((len(shares), len(terms.values)), dtype=np.int64)
    n_scored = np.zeros(len(terms.values), dtype=np.int64)
    groups = list(_group_by_known(terms.values))
    order = _join_rows(groups)
    size = np.nan_to_num(np.asarray(sizes, dtype=float))[order]
    for scores in _score_blocks(terms, weights, groups):
        _count_reached(scores, find_share_cuts(scores, shares=shares, sizes=size), reached, order, shifts=shifts)
        n_scored[order] += np.isfinite(scores).sum(axis=0)
    return _share_out(reached, n_scored)


def accept_ranks(terms: ScoreTerms, weights: np.ndarray, *, last_ranks: Sequence[int]) -> np.ndarray:
    """Return in what share of weightings an account has a rank within each band.

    Parameters
    ----------
    terms, weights
        As for :func:`accept_tiers`.
    last_ranks : sequence of int
        Last rank of each band, rising: ``[1, 2, 3]`` for single ranks, ``[10, 50]`` for the best
        ten and the next forty; what comes after is the last band. Ties share the best rank.

    Returns
    -------
    ndarray (n_accounts, n_bands + 1)
        Shares 0-1, summing to 1; NaN for an account that no weighting gives a score.

    Notes
    -----
    Source: Lahdelma & Salminen (2001), rank acceptability index.
    """
    n_accounts = len(terms.values)
    shares = [min(rank / max(n_accounts, 1), 2.0) for rank in last_ranks]
    return accept_shares(terms, weights, shares=shares, sizes=np.ones(n_accounts))


def find_central_weights(terms: ScoreTerms, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the mean of the weightings that put an account first, and their share.

    Parameters
    ----------
    terms, weights
        As for :func:`accept_tiers`.

    Returns
    -------
    central : ndarray (n_accounts, n_criteria)
        The typical judgement of somebody for whom the account comes first; NaN where nobody is one.
    first : ndarray (n_accounts,)
        Share of the weightings that put it first, 0-1.

    Notes
    -----
    Source: Lahdelma & Salminen (2001), central weight vector and acceptability index.
    """
    n_accounts, n_draws = len(terms.values), len(weights)
    if not n_accounts:
        return np.empty((0, weights.shape[1])), np.empty(0)
    groups = list(_group_by_known(terms.values))
    blocks = _score_blocks(terms, weights, groups)
    best = _join_rows(groups)[np.concatenate([np.argmax(np.nan_to_num(block, nan=-1.0), axis=1) for block in blocks])]
    count = np.bincount(best, minlength=n_accounts)
    sums = np.column_stack([np.bincount(best, weights=column, minlength=n_accounts) for column in weights.T])
    with np.errstate(invalid="ignore"):
        return sums / count[:, None], count / n_draws


def place_in_tiers(
    terms: ScoreTerms, weights: np.ndarray, *, cutoffs: Sequence[float], shares: Sequence[float] | None = None,
    sizes: np.ndarray | None = None, shifts: np.ndarray | None = None,
) -> np.ndarray:
    """Return the tier of every account under each of a few weightings.

    Parameters
    ----------
    terms, weights, cutoffs
        As for :func:`accept_tiers`.
    shares, sizes, shifts
        As for :func:`accept_shares`; without shares the cutoffs hold.

    Returns
    -------
    ndarray of int8 (n_draws, n_accounts)
        0 for the best tier; -1 where no known criterion weighs.
    """
    groups = list(_group_by_known(terms.values))
    order, start = _join_rows(groups), 0
    places = np.empty((len(weights), len(terms.values)), dtype=np.int8)
    for scores in _score_blocks(terms, weights, groups):
        if shares is None:
            cuts = np.repeat(np.fmin.accumulate(np.asarray(cutoffs, dtype=float))[:, None], len(scores), axis=1)
        else:
            cuts = find_share_cuts(scores, shares=shares, sizes=np.nan_to_num(np.asarray(sizes, dtype=float))[order])
        bounds = (cuts - _ROUNDING[scores.dtype.name])[:, :, None]
        if shifts is not None:
            bounds = shift_cuts(bounds, shifts[order].T[:, None, :])
        place = len(cuts) - (scores >= bounds).sum(axis=0, dtype=np.int8)
        places[start : start + len(scores), order] = np.where(np.isfinite(scores), place, -1)
        start += len(scores)
    return places


def _score_blocks(
    terms: ScoreTerms, weights: np.ndarray, groups: Sequence[tuple[np.ndarray, np.ndarray]]
) -> Iterator[np.ndarray]:
    """Yield the scores (n_draws of a block, n_accounts), accounts group by group; the array is used again."""
    n_accounts = len(terms.values)
    n_block = int(np.clip(_MOST_SCORES // max(n_accounts, 1), 1, _MOST_DRAWS))
    parts = [(known, _transpose(terms.values[rows], known)) for rows, known in groups]
    buffer = np.empty((min(n_block, len(weights)), n_accounts), dtype=terms.values.dtype)
    for start in range(0, len(weights), n_block):
        drawn, end = weights[start : start + n_block], 0
        scores = buffer[: len(drawn)]
        for known, values in parts:
            begin, end = end, end + values.shape[1]
            _multiply_tiles(terms.rescale(drawn, known), values, out=scores[:, begin:end])
        yield scores


def _join_rows(groups: Sequence[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    return np.concatenate([np.empty(0, dtype=np.intp), *(rows for rows, _ in groups)])


def find_share_cuts(scores: np.ndarray, *, shares: Sequence[float], sizes: np.ndarray) -> np.ndarray:
    """Return the lowest score within each share of size, by weighting.

    Parameters
    ----------
    scores : ndarray (n_draws, n_accounts)
        0-1; NaN is in no share.
    shares : sequence of float
        Cumulated shares, 0-1, not falling.
    sizes : ndarray (n_accounts,)
        0 or more, no NaN.

    Returns
    -------
    ndarray (n_shares, n_draws)
        Infinite where a share holds nobody.

    Examples
    --------
    >>> scores = np.array([[0.9, 0.8, 0.3, 0.1]])
    >>> find_share_cuts(scores, shares=[0.5, 0.8], sizes=np.array([50.0, 10.0, 30.0, 10.0])).tolist()
    [[0.9], [0.3]]
    """
    cuts = np.full((len(shares), len(scores)), np.inf)
    n_bins = int(np.clip(scores.shape[1] // 8, 1, _MOST_BINS))
    for draw, row in enumerate(scores):
        is_scored = np.isfinite(row)
        part = (row, sizes) if is_scored.all() else (row[is_scored], sizes[is_scored])
        if len(part[0]):
            cuts[:, draw] = _cut_row(*part, shares=shares, n_bins=n_bins)
    return cuts


def _cut_row(row: np.ndarray, sizes: np.ndarray, *, shares: Sequence[float], n_bins: int) -> list[float]:
    """Sort scores into bins, then only the bin that holds the cut: a pass instead of a sort."""
    bins = np.minimum((row * n_bins).astype(np.int32), n_bins - 1)
    held = np.cumsum(np.bincount(bins, weights=sizes, minlength=n_bins)[::-1])[::-1]
    above = np.append(held[1:], 0.0)
    cuts = []
    for share in shares:
        target = held[0] * share - 1e-12 * held[0]
        fitting = np.flatnonzero(above < target)
        cuts.append(_cut_bin(row, sizes, bins, fitting[0], above=above, target=target) if len(fitting) else np.inf)
    return cuts


def _cut_bin(
    row: np.ndarray, sizes: np.ndarray, bins: np.ndarray, chosen: int, *, above: np.ndarray, target: float
) -> float:
    members = np.flatnonzero(bins == chosen)
    if not len(members):
        better = row[bins > chosen]
        return float(better.min()) if len(better) else np.inf
    order = members[np.argsort(-row[members], kind="stable")]
    size = sizes[order]
    before = above[chosen] + np.cumsum(size) - size
    return float(row[order[np.flatnonzero(before < target)[-1]]])


def _group_by_known(values: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield the rows that know the same criteria, and which criteria these are."""
    known = ~np.isnan(values)
    if known.all():
        if len(values):
            yield np.arange(len(values)), np.ones(values.shape[1], dtype=bool)
        return
    packed = np.ascontiguousarray(np.packbits(known, axis=1))
    patterns = packed.view([("", f"V{packed.shape[1]}")]).ravel()
    group = np.unique(patterns, return_inverse=True)[1]
    order = np.argsort(group, kind="stable")
    for rows in np.split(order, np.cumsum(np.bincount(group))[:-1]):
        yield rows, known[rows[0]]


def _transpose(values: np.ndarray, known: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(np.where(known, values, values.dtype.type(0)).T)


def _multiply_blocks(weights: np.ndarray, values: np.ndarray, *, use_all_cores: bool) -> Iterator[np.ndarray]:
    """Yield ``weights @ values`` some rows at a time; the array is used again."""
    buffer = np.empty((min(_MOST_DRAWS, len(weights)), values.shape[1]), dtype=values.dtype)
    for start in range(0, len(weights), _MOST_DRAWS):
        part = weights[start : start + _MOST_DRAWS]
        scores = buffer[: len(part)]
        if use_all_cores:
            np.matmul(part, values, out=scores)
        else:
            _multiply_tiles(part, values, out=scores)
        yield scores


def _multiply_tiles(weights: np.ndarray, values: np.ndarray, *, out: np.ndarray) -> None:
    """Write ``weights @ values`` to ``out`` in tiles small enough for one core."""
    width = max(1, _ONE_CORE // (_TILE_ROWS * max(values.shape[0], 1)))
    for top in range(0, len(weights), _TILE_ROWS):
        rows = weights[top : top + _TILE_ROWS]
        for left in range(0, values.shape[1], width):
            np.matmul(rows, values[:, left : left + width], out=out[top : top + _TILE_ROWS, left : left + width])


def _count_reached(
    scores: np.ndarray, cuts: np.ndarray, reached: np.ndarray, rows: np.ndarray, *, shifts: np.ndarray | None = None
) -> None:
    """Add to ``reached[:, rows]`` in how many of a block's draws a score is at its cut or above."""
    bounds = (cuts - _ROUNDING[scores.dtype.name]).astype(scores.dtype)
    is_in = np.empty(scores.shape, dtype=bool)
    for place, bound in enumerate(bounds):
        own = bound[:, None] if shifts is None else shift_cuts(bound[:, None], shifts[rows, place])
        np.greater_equal(scores, own, out=is_in)
        reached[place, rows] += np.add.reduce(is_in.view(np.uint8), axis=0, dtype=np.uint8)


def _share_out(reached: np.ndarray, n_scored: np.ndarray) -> np.ndarray:
    """Return shares by tier from how often each cut, and so every later one, is reached."""
    upto = np.vstack([np.maximum.accumulate(reached, axis=0), n_scored])
    with np.errstate(invalid="ignore"):
        return (np.diff(upto, axis=0, prepend=0) / n_scored).T
