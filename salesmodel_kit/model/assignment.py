"""Generalized assignment: each account to one rep, loads within their limits, at least cost.

One price per rep and load turns the problem into "each account to its cheapest
rep"; the prices are raised where a load is above its limits and lowered where it
is below (Lagrangian dual). Any prices give a lower bound of the cost, so every
answer carries its gap. What the prices leave torn is settled by chains of moves
(``settling.py``), small problems exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from salesmodel_kit.model.settling import Load, measure_violation, settle_loads

#: Up to so many cells (accounts x reps) the problem is solved to its proven optimum.
EXACT_CELLS = 240
MOST_NODES = 2_000
#: Above this gap, and up to so many cells, a second way is tried and the better answer kept.
_SMALL_GAP, _SECOND_CELLS = 0.0012, 1_000_000
#: Cells of one pass that stay in the processor's cache.
_BLOCK_CELLS = 1 << 14
_FEW_STEPS = 40
#: Accounts of the sample on which the prices of larger problems begin.
SAMPLE = 12_500


@dataclass(frozen=True)
class Assignment:
    """Who was given to whom, what it costs and how far that is from the best possible.

    Parameters
    ----------
    chosen : ndarray of int (n_accounts,)
        Column of the rep.
    cost : float
        Sum of the costs of the cells chosen.
    bound : float
        No assignment within the limits costs less.
    violation : float
        Amount by which loads are outside their limits, summed; 0 when they hold.
    """

    chosen: np.ndarray
    cost: float
    bound: float
    violation: float

    @property
    def gap(self) -> float:
        """Return ``(cost - bound) / |bound|``; not a number where the limits do not hold."""
        if self.violation > 0:
            return float("nan")
        return max(self.cost - self.bound, 0.0) / max(abs(self.bound), np.finfo(float).tiny) if self.cost else 0.0


def assign_by_prices(
    cost: np.ndarray,
    hours: np.ndarray,
    *,
    low: np.ndarray,
    high: np.ndarray,
    also: Sequence[Load] = (),
) -> Assignment:
    """Return an assignment of least cost within limits of each rep's load, with a bound.

    Minimizes ``sum cost[i, chosen[i]]`` subject to
    ``low[j] <= sum of hours over the accounts of j <= high[j]``. Up to
    ``EXACT_CELLS`` cells the optimum is proven; beyond, the gap to ``bound`` says how near it is.

    Parameters
    ----------
    cost : ndarray (n_accounts, n_reps)
        Cost of giving the account to the rep; ``inf`` where it must not be. For profits, their negatives.
    hours : ndarray (n_accounts,) or (n_accounts, n_reps)
        Hours that an account takes, of anybody or of each rep, >= 0.
    low, high : ndarray (n_reps,)
        Least and most hours of a rep, 0 <= low <= high.
    also : sequence of Load
        Further loads to keep within limits, as potential.

    Returns
    -------
    Assignment
        Where no assignment within the limits was found, the nearest one, its ``violation`` above 0.

    Raises
    ------
    ValueError
        An account has no rep of finite cost.

    Notes
    -----
    Source: Fisher (1981), Lagrangian relaxation; Held, Wolfe & Crowder (1974),
    subgradient steps; Hess & Samuels (1971), balanced assignment. It takes
    O(n_accounts x n_reps) per step and about 300 steps; memory beyond the input
    is O(n_accounts).

    Examples
    --------
    >>> near = np.array([[1.0, 5.0], [2.0, 3.0], [1.0, 9.0]])
    >>> found = assign_by_prices(near, np.ones(3), low=np.zeros(2), high=np.array([2.0, 2.0]))
    >>> found.chosen.tolist(), found.cost, found.gap
    ([0, 1, 0], 5.0, 0.0)
    """
    loads = [Load(np.asarray(hours, dtype=float), low, high), *also]
    if cost.shape[1] == 0 or (len(cost) and np.isinf(cost.min(axis=1)).any()):
        raise ValueError("An account has no rep of finite cost.")
    if not len(cost):
        return Assignment(np.zeros(0, dtype=int), 0.0, 0.0, 0.0)
    bound, prices = find_prices(cost, loads)
    found = _measure(cost, loads, settle_loads(cost, loads, prices), bound=bound)
    if not found.gap <= _SMALL_GAP and cost.size <= _SECOND_CELLS:
        found = min(found, _try_again(cost, loads, bound), key=lambda one: (one.violation, one.cost))
    return _prove(cost, loads, found) if cost.size <= EXACT_CELLS and found.gap != 0 else found


def _try_again(cost: np.ndarray, loads: Sequence[Load], bound: float) -> Assignment:
    """Return the answer that begins with the prices of tighter limits; the bound stays that of the true ones."""
    margins = [0.15 * (load.high - load.low) for load in loads]
    tighter = [Load(load.amount, load.low + margin, load.high - margin)
               for load, margin in zip(loads, margins, strict=True)]
    return _measure(cost, loads, settle_loads(cost, loads, find_prices(cost, tighter)[1]), bound=bound)


def _measure(cost: np.ndarray, loads: Sequence[Load], chosen: np.ndarray, *, bound: float) -> Assignment:
    total = float(cost[np.arange(len(chosen)), chosen].sum())
    return Assignment(chosen, total, bound, measure_violation(loads, chosen))


def find_prices(cost: np.ndarray, loads: Sequence[Load]) -> tuple[float, np.ndarray]:
    """Return the best bound found and its prices.

    Parameters
    ----------
    cost : ndarray (n_accounts, n_reps)
        As for :func:`assign_by_prices`.
    loads : sequence of Load
        At least one.

    Returns
    -------
    float
        No assignment within the limits costs less.
    ndarray (n_loads, n_reps)
        Cost per unit of load; negative where a rep should have more.
    """
    n_part = len(cost) // SAMPLE
    if n_part < 2:
        return _climb(cost, loads, np.zeros((len(loads), cost.shape[1])), step=0.5)
    share = len(cost[::n_part]) / len(cost)
    sampled = [Load(load.amount[::n_part], share * load.low, share * load.high) for load in loads]
    start = _climb(cost[::n_part], sampled, np.zeros((len(loads), cost.shape[1])), step=0.5)[1]
    return _climb(cost, loads, start, step=0.02)


def assign_roughly(cost: np.ndarray, hours: np.ndarray, *, high: np.ndarray) -> np.ndarray:
    """Return a column for each row whose loads are about within what each may have: a first look, cheap.

    Parameters
    ----------
    cost : ndarray (n_accounts, n_reps)
        As for :func:`assign_by_prices`.
    hours : ndarray (n_accounts,) or (n_accounts, n_reps)
        Hours that an account takes.
    high : ndarray (n_reps,)
        Most hours of a rep.

    Returns
    -------
    ndarray of int (n_accounts,)
        The cheapest column at prices that a few steps found; a load may be beyond ``high``.
    """
    load = Load(np.asarray(hours, dtype=float), np.zeros(len(high)), high)
    prices = _climb(cost, [load], np.zeros((1, len(high))), step=0.5, most=_FEW_STEPS)[1]
    return (cost + load.grid * prices[0]).argmin(axis=1)


def _climb(
    cost: np.ndarray, loads: Sequence[Load], prices: np.ndarray, *, step: float, most: int = 400
) -> tuple[float, np.ndarray]:
    """Return the best bound and its prices, from given prices on by steps of shrinking length."""
    low, high = np.stack([load.low for load in loads]), np.stack([load.high for load in loads])
    scale = _scale_prices(cost, loads)
    best, best_prices, heading = -np.inf, prices, np.zeros_like(low)
    step, n_since, mark = step * np.sqrt(low.shape[1]), 0, -np.inf
    for number in range(most):
        least, sums = _evaluate_prices(cost, loads, prices)
        value = least - np.maximum(prices * high, prices * low).sum()
        n_since = 0 if value > best else n_since + 1
        if value > best:
            best, best_prices = value, prices
        excess = _measure_excess(sums, prices, low, high) * scale
        norm = float(np.linalg.norm(excess))
        if norm == 0 or (number % 20 == 19 and best - mark <= 1e-5 * abs(best)):
            break
        mark = best if number % 20 == 19 else mark
        heading = 0.7 * heading + 0.3 * excess / norm
        step *= 0.97 if n_since else 1.0
        if n_since >= 8:
            prices, step, n_since = best_prices, 0.7 * step, 0
        prices = prices + step * scale * heading / max(float(np.linalg.norm(heading)), 1e-12)
    return float(best), best_prices


def _measure_excess(sums: np.ndarray, prices: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Return the supergradient of the bound: what is above the limit that the price stands for, or below it."""
    at_zero = np.maximum(sums - high, 0) + np.minimum(sums - low, 0)
    return np.where(prices > 0, sums - high, np.where(prices < 0, sums - low, at_zero))


def _scale_prices(cost: np.ndarray, loads: Sequence[Load]) -> np.ndarray:
    """Return a first guess of what a unit of each load is worth, shape (n_loads, 1)."""
    some = cost[:: max(1, len(cost) // 2000)]
    spread = np.where(np.isfinite(some), some, np.nan) - some.min(axis=1, keepdims=True)
    worth = 0.3 * float(np.nanmedian(spread)) + 1e-3 * float(np.nanmax(spread, initial=0.0)) + 1e-12
    amounts = [float(load.amount.mean()) for load in loads]
    return np.array([[worth / amount if amount > 0 else 0.0] for amount in amounts])


def _evaluate_prices(cost: np.ndarray, loads: Sequence[Load], prices: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the cost of every account at its cheapest rep, prices included, and the loads that follow."""
    n_accounts, n_reps = cost.shape
    size = max(1, _BLOCK_CELLS // n_reps)
    least, sums = 0.0, np.zeros_like(prices)
    room, more = np.empty((size, n_reps)), np.empty((size, n_reps))
    for first in range(0, n_accounts, size):
        part = slice(first, min(first + size, n_accounts))
        here, added = room[: part.stop - first], more[: part.stop - first]
        np.multiply(loads[0].grid[part], prices[0], out=here)
        for load, price in zip(loads[1:], prices[1:], strict=True):
            here += np.multiply(load.grid[part], price, out=added)
        here += cost[part]
        chosen = here.argmin(axis=1)
        least += float(here[np.arange(len(chosen)), chosen].sum())
        for number, load in enumerate(loads):
            amount = load.amount[part]
            amount = amount if amount.ndim == 1 else amount[np.arange(len(chosen)), chosen]
            sums[number] += np.bincount(chosen, weights=amount, minlength=n_reps)
    return least, sums


def _prove(cost: np.ndarray, loads: Sequence[Load], found: Assignment) -> Assignment:
    """Return the optimum by branch and bound (HiGHS), or what was found where that is no worse."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array, vstack

    n_accounts, n_reps = cost.shape
    cells = np.arange(cost.size)
    allowed = np.isfinite(cost).ravel()
    one_rep = csr_array((np.ones(cost.size), (cells // n_reps, cells)), shape=(n_accounts, cost.size))
    sums = [csr_array((np.broadcast_to(load.grid, cost.shape).ravel(), (cells % n_reps, cells)),
                      shape=(n_reps, cost.size)) for load in loads]
    solved = milp(
        np.where(allowed, cost.ravel(), 0.0),
        constraints=LinearConstraint(vstack([one_rep, *sums], format="csr"),
                                     np.concatenate([np.ones(n_accounts), *(load.low for load in loads)]),
                                     np.concatenate([np.ones(n_accounts), *(load.high for load in loads)])),
        integrality=np.ones(cost.size),
        bounds=Bounds(0, allowed.astype(float)),
        options={"mip_rel_gap": 0.0, "node_limit": MOST_NODES},
    )
    if solved.x is None:
        return found
    bound = max(found.bound, float(solved.mip_dual_bound))
    exact = _measure(cost, loads, solved.x.reshape(cost.shape).argmax(axis=1), bound=bound)
    is_better = found.violation > 0 or exact.cost < found.cost
    return exact if is_better and exact.violation == 0 else replace(found, bound=min(bound, found.cost))
