"""Natural breaks: the classes of a list of numbers whose members differ least (Fisher 1958, Jenks 1967)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

#: Up to so many distinct values the optimum is exact; above, values are first gathered into so many bins.
MOST_POINTS = 1024


@dataclass(frozen=True)
class NaturalBreaks:
    """The best classes of a list of numbers.

    Parameters
    ----------
    lowest : tuple of float
        Lowest value of each class, rising; fewer classes where there are fewer distinct values.
    fit : float
        Goodness of variance fit, 0-1: the share of the squared deviations that the classes explain.
    error : float
        How far ``fit`` may at most be below the best one; 0: it is the best.
    """

    lowest: tuple[float, ...]
    fit: float
    error: float


def find_natural_breaks(values: np.ndarray, *, n_classes: int) -> NaturalBreaks:
    """Return the classes with the least sum of squared deviations from their means.

    Exact, by dynamic programming over the distinct values, up to ``MOST_POINTS`` of
    them. With more, values are gathered into ``MOST_POINTS`` bins of equal width and the
    best borders of bins are taken, then moved value by value as long as that helps. A
    best cut lies halfway between two means, so moving it to a border of its bin costs
    at most ``2 x width x range`` for each value in that bin: that is the error stated.

    Parameters
    ----------
    values : ndarray (n_values,)
        None missing.
    n_classes : int
        Classes wanted, 1 or more.

    Returns
    -------
    NaturalBreaks
        No class where there is no value. Equal values share a class.

    Notes
    -----
    Source: Fisher (1958), On grouping for maximum homogeneity; Jenks (1967). Time
    ``n log n`` for the sort and ``n_classes x MOST_POINTS^2`` for the optimum.

    Examples
    --------
    >>> find_natural_breaks(np.array([1.0, 2.0, 10.0, 11.0, 50.0]), n_classes=3).lowest
    (1.0, 10.0, 50.0)
    """
    points, counts = np.unique(np.asarray(values, dtype=float), return_counts=True)
    if not len(points):
        return NaturalBreaks((), 1.0, 0.0)
    sums = _Sums.of(points - points.mean(), counts)
    firsts, error = np.arange(len(points)), 0.0
    if len(points) > MOST_POINTS:
        bins = np.floor((points - points[0]) / (points[-1] - points[0]) * MOST_POINTS).clip(max=MOST_POINTS - 1)
        firsts = np.flatnonzero(np.concatenate([[True], bins[1:] != bins[:-1]]))
        largest = np.add.reduceat(counts, firsts).max()
        error = 2.0 * (points[-1] - points[0]) ** 2 / MOST_POINTS * largest
    starts = _find_best_starts(sums, firsts, n_classes)
    if error:
        starts = _settle(sums, points - points.mean(), starts)
    total = float(sums.deviation(0, len(points)))
    within = max(float(sums.deviation(starts, [*starts[1:], len(points)]).sum()), 0.0)
    return NaturalBreaks(tuple(float(value) for value in points[starts]), 1.0 - within / total if total > 0 else 1.0,
                         min(float(error) / total, 1.0) if error else 0.0)


@dataclass(frozen=True)
class _Sums:
    """Running sums, so that the squared deviations of any run of values cost one subtraction."""

    count: np.ndarray
    value: np.ndarray
    square: np.ndarray

    @classmethod
    def of(cls, points: np.ndarray, counts: np.ndarray) -> _Sums:
        return cls(*(np.concatenate([[0.0], np.cumsum(counts * points**power)]) for power in range(3)))

    def deviation(self, first: object, end: object) -> np.ndarray:
        """Return the squared deviations of the values from ``first`` up to, and without, ``end``."""
        count = self.count[end] - self.count[first]
        value = self.value[end] - self.value[first]
        return self.square[end] - self.square[first] - value**2 / np.maximum(count, 1)


def _find_best_starts(sums: _Sums, firsts: np.ndarray, n_classes: int) -> np.ndarray:
    """Return the first place of each class, among ``firsts``, with the least sum of squared deviations."""
    edges = np.concatenate([firsts, [len(sums.count) - 1]])
    n_points = len(firsts)
    cost = sums.deviation(edges[:-1, None], edges[None, 1:])
    cost[np.tril_indices(n_points, -1)] = np.inf
    best, chosen = cost[0], []
    for _ in range(min(n_classes, n_points) - 1):
        joined = np.concatenate([[np.inf], best[:-1]])[:, None] + cost
        chosen.append(joined.argmin(axis=0))
        best = joined[chosen[-1], np.arange(n_points)]
    starts, end = [], n_points - 1
    for start_of in reversed(chosen):
        starts.append(int(start_of[end]))
        end = starts[-1] - 1
    return firsts[[0, *reversed(starts)]]


def _settle(sums: _Sums, points: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Return the classes after moving every cut halfway between its two means, until none moves."""
    for _ in range(100):
        ends = np.concatenate([starts[1:], [len(points)]])
        means = (sums.value[ends] - sums.value[starts]) / (sums.count[ends] - sums.count[starts])
        moved = np.concatenate([[0], np.searchsorted(points, (means[1:] + means[:-1]) / 2, side="right")])
        if (moved == starts).all() or (np.diff([*moved, len(points)]) <= 0).any():
            return starts
        starts = moved
    return starts
