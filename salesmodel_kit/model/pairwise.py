"""Comparisons in pairs to weights: the eigenvector of AHP, and best-worst.

Comparisons ask less of a participant than numbers out of the air, and they can
contradict one another, which says how much to trust them. A comparison of
criterion ``i`` with ``j`` says how many times ``i`` counts against ``j``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from salesmodel_kit.errors import SalesModelError

#: Mean consistency index of random matrices by number of criteria (Saaty 1980). The ratio moves with the table.
RANDOM_INDEX: Mapping[int, float] = MappingProxyType(
    {3: 0.58, 4: 0.90, 5: 1.12, 6: 1.24, 7: 1.32, 8: 1.41, 9: 1.45, 10: 1.49}
)
RANDOM_INDEX_TABLE = "Saaty 1980"
#: Consistency ratio above which comparisons contradict one another too much to be taken as they are.
TOLERATED_RATIO = 0.10
#: Saaty's scale ends at 9; beyond this a number is a mistake.
_LARGEST = 1000


@dataclass(frozen=True)
class Contradiction:
    """The comparison that contradicts the others most.

    Parameters
    ----------
    criterion, against : int
        Positions of the two criteria; ``criterion`` was said to count more, or as much.
    said : float
        How many times, as compared.
    implied : float
        How many times, by the weights that all comparisons give together.
    """

    criterion: int
    against: int
    said: float
    implied: float


@dataclass(frozen=True)
class PairwiseWeights:
    """Weights from comparisons, and how far these agree.

    Parameters
    ----------
    weights : ndarray (n_criteria,)
        0-1, summing to 1.
    consistency_index : float
        ``(largest eigenvalue - n) / (n - 1)``; 0: no contradiction.
    consistency_ratio : float
        ``consistency_index`` / random index; NaN where nothing can contradict
        (two criteria, or just enough comparisons) or the table ends (beyond 10).
    contradiction : Contradiction or None
        None where no comparison contradicts the others.
    """

    weights: np.ndarray
    consistency_index: float
    consistency_ratio: float
    contradiction: Contradiction | None


def weigh_by_comparisons(comparisons: np.ndarray) -> PairwiseWeights:
    """Return the weights of the principal eigenvector of a matrix of comparisons.

    ``comparisons @ weights = largest eigenvalue x weights``. What was not
    compared is chosen so that the largest eigenvalue is smallest, that is, so
    that it contradicts nothing.

    Parameters
    ----------
    comparisons : ndarray (n_criteria, n_criteria)
        ``comparisons[i, j]``: how many times ``i`` counts against ``j``, above 0;
        NaN where the pair was not compared. One of the two places of a pair
        is enough; where both are given they must be reciprocals within 2 %.

    Returns
    -------
    PairwiseWeights
        With missing comparisons the random index shrinks with their share.

    Raises
    ------
    SalesModelError
        A number is not between 1/1000 and 1000, a pair disagrees with its reciprocal, or
        the comparisons do not connect all criteria.

    Notes
    -----
    Source: Saaty (1980); missing comparisons: Bozóki, Fülöp & Rónyai (2010); random
    index with m of them missing: 1 - 2 m / ((n - 1) (n - 2)) of the full one
    (Ágoston & Csató 2022). The consistency ratio should stay under 0.10.

    Examples
    --------
    >>> weigh_by_comparisons(np.array([[1.0, 3.0], [np.nan, 1.0]])).weights.tolist()
    [0.75, 0.25]
    """
    matrix = _complete_reciprocals(np.asarray(comparisons, dtype=float))
    missing = [(i, j) for i, j in zip(*np.triu_indices(len(matrix), 1), strict=True) if np.isnan(matrix[i, j])]
    full = _fill(matrix, missing)
    largest, weights = _find_eigenvector(full)
    n = len(matrix)
    index = max((largest - n) / (n - 1), 0.0) if n > 1 else 0.0
    return PairwiseWeights(weights, index, _divide_by_random(index, n, len(missing)), _contradict(matrix, weights))


def _complete_reciprocals(matrix: np.ndarray) -> np.ndarray:
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not len(matrix):
        raise SalesModelError("Comparisons need a square matrix, a row and a column per criterion.")
    if ((matrix < 1 / _LARGEST) | (matrix > _LARGEST)).any():
        raise SalesModelError(
            "A comparison must be a number between 1/{largest} and {largest}; leave out what was not compared.",
            largest=_LARGEST,
        )
    matrix = matrix.copy()
    np.fill_diagonal(matrix, 1.0)
    product = matrix * matrix.T
    wrong = np.argwhere(np.maximum(product, 1 / product) > 1.02)
    if len(wrong):
        i, j = wrong[0]
        raise SalesModelError(
            "Comparisons {i} with {j} and {j} with {i} disagree: {one} and {other} are not reciprocals.",
            i=int(i) + 1,
            j=int(j) + 1,
            one=matrix[i, j],
            other=matrix[j, i],
        )
    return np.where(np.isnan(matrix), 1 / matrix.T, matrix)


def _fill(matrix: np.ndarray, missing: list[tuple[int, int]]) -> np.ndarray:
    """Return the matrix with the missing comparisons that make its largest eigenvalue smallest."""
    if not missing:
        return matrix
    places = np.array(missing)

    def put(logs: np.ndarray) -> np.ndarray:
        full = matrix.copy()
        full[places[:, 0], places[:, 1]], full[places[:, 1], places[:, 0]] = np.exp(logs), np.exp(-logs)
        return full

    from scipy.optimize import minimize

    def measure(logs: np.ndarray) -> tuple[float, np.ndarray]:
        full = put(logs)
        largest, right = _find_eigenvector(full)
        _, left = _find_eigenvector(full.T)
        i, j = places.T
        slope = left[i] * full[i, j] * right[j] - left[j] * full[j, i] * right[i]
        return largest, slope / (left @ right)

    start = _solve_logarithmic(matrix)
    found = minimize(measure, start[places[:, 0]] - start[places[:, 1]], jac=True, method="BFGS",
                     options={"gtol": 1e-9})  # fmt: skip
    return put(found.x)


def _solve_logarithmic(matrix: np.ndarray) -> np.ndarray:
    """Return logarithms of weights by least squares over the comparisons that are there."""
    known = ~np.isnan(matrix)
    np.fill_diagonal(known, False)
    laplacian = np.diag(known.sum(axis=1)) - known
    if np.linalg.matrix_rank(laplacian) < len(matrix) - 1:
        raise SalesModelError("The comparisons do not connect all criteria; add one between those that stand apart.")
    sums = np.where(known, np.log(np.where(known, matrix, 1.0)), 0.0).sum(axis=1)
    return np.linalg.pinv(laplacian) @ sums


def _find_eigenvector(matrix: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the largest eigenvalue and its vector, summing to 1."""
    values, vectors = np.linalg.eig(matrix)
    at = int(np.argmax(values.real))
    vector = np.abs(vectors[:, at].real)
    return float(values[at].real), vector / vector.sum()


def _divide_by_random(index: float, n: int, n_missing: int) -> float:
    n_free = (n - 1) * (n - 2) / 2 - n_missing
    if n not in RANDOM_INDEX or n_free <= 0:
        return float("nan")
    return index / (RANDOM_INDEX[n] * 2 * n_free / ((n - 1) * (n - 2)))


def _contradict(matrix: np.ndarray, weights: np.ndarray) -> Contradiction | None:
    """Return the comparison farthest, as a factor, from what the weights imply."""
    implied = weights[:, None] / weights
    with np.errstate(invalid="ignore"):
        distance = np.nan_to_num(np.abs(np.log(matrix / implied)))
    i, j = np.unravel_index(int(np.argmax(distance)), distance.shape)
    if distance[i, j] < 1e-6:
        return None
    if matrix[i, j] < 1 or (matrix[i, j] == 1 and implied[i, j] < 1):
        i, j = j, i
    return Contradiction(int(i), int(j), float(matrix[i, j]), float(implied[i, j]))


@dataclass(frozen=True)
class BestWorstWeights:
    """Weights from a best and a worst criterion.

    Parameters
    ----------
    weights : ndarray (n_criteria,)
        0-1, summing to 1.
    gap : float
        Largest distance, in weight, that any comparison keeps; 0: no contradiction.
    """

    weights: np.ndarray
    gap: float


def weigh_by_best_worst(best_to: np.ndarray, to_worst: np.ndarray, *, best: int, worst: int) -> BestWorstWeights:
    """Return the weights that keep nearest to comparisons with the best and with the worst criterion.

    Minimize ``gap`` with ``|w_best - best_to_j w_j| <= gap`` and
    ``|w_j - to_worst_j w_worst| <= gap`` for every ``j``, weights summing to 1.

    Parameters
    ----------
    best_to : ndarray (n_criteria,)
        How many times the best counts against each criterion, 1 to 9.
    to_worst : ndarray (n_criteria,)
        How many times each criterion counts against the worst, 1 to 9.
    best, worst : int
        Positions of the two.

    Returns
    -------
    BestWorstWeights
        Weights and the gap that is left.

    Raises
    ------
    SalesModelError
        A comparison is missing or under 1.

    Notes
    -----
    Source: Rezaei (2015), linear model of 2016. Fewer comparisons than AHP, so
    fewer checks on them.

    Examples
    --------
    >>> found = weigh_by_best_worst(np.array([1, 2, 4]), np.array([4, 2, 1]), best=0, worst=2)
    >>> found.weights.round(3).tolist(), round(found.gap, 3)
    ([0.571, 0.286, 0.143], 0.0)
    """
    from scipy.optimize import linprog

    best_to, to_worst = np.asarray(best_to, dtype=float), np.asarray(to_worst, dtype=float)
    if not (np.isfinite(best_to) & np.isfinite(to_worst) & (best_to >= 1) & (to_worst >= 1)).all():
        raise SalesModelError("Every criterion needs a number of 1 or more against the best and against the worst.")
    n = len(best_to)
    from_best = np.eye(n)[best] - np.diag(best_to)
    from_worst = np.eye(n) - np.outer(to_worst, np.eye(n)[worst])
    distances = np.vstack([from_best, -from_best, from_worst, -from_worst])
    limits = np.hstack([distances, -np.ones((4 * n, 1))])
    found = linprog(np.r_[np.zeros(n), 1.0], A_ub=limits, b_ub=np.zeros(4 * n),
                    A_eq=np.r_[np.ones(n), 0.0][None], b_eq=[1.0])  # fmt: skip
    weights = np.clip(found.x[:n], 0.0, 1.0)
    return BestWorstWeights(weights / weights.sum(), float(found.x[n]))
