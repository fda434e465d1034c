"""Effort: where the hours earn most, and how many hours are worth their cost.

The split of a budget over tiers, segments or accounts is the global optimum on
a grid of hours, also for S-shaped responses, where one hour at a time and local
solvers stay at zero.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from salesmodel_kit.errors import SalesModelError

_N_BISECTIONS = 60


@dataclass(frozen=True)
class Split:
    """The best split of a budget of steps over units, with the proof that it is the best.

    Parameters
    ----------
    steps : ndarray (n_units,)
        Steps of effort each unit gets, whole numbers.
    gain : float
        Sum of what the units return.
    bound : float
        No split of the same steps, minima and maxima returns more (Lagrangian bound).
    price : float
        What the last step is worth: the multiplier of the budget.
    """

    steps: np.ndarray
    gain: float
    bound: float
    price: float


def split_effort(returns: np.ndarray, *, budget: int, low: np.ndarray, high: np.ndarray) -> Split:
    """Return the split of a budget that returns most; exact on the grid of steps.

    Maximizes ``sum_i returns[i, steps_i]`` with ``sum steps <= budget`` and
    ``low <= steps <= high``. A bisection on the price of a step gives a bound and a
    first split; every level that loses more against that price than the gap between
    the two is out of any optimum, and a dynamic programme settles the few that remain.

    Parameters
    ----------
    returns : ndarray (n_units, n_levels)
        What a unit returns with 0, 1, 2, ... steps; any shape of curve.
    budget : int
        Steps to be given, 0 or more.
    low, high : ndarray (n_units,)
        Fewest and most steps of each unit, within 0 and ``n_levels - 1``.

    Returns
    -------
    Split
        The optimum of the grid.

    Raises
    ------
    SalesModelError
        A return is not finite, a minimum lies above its maximum, or the minima need
        more than the budget.

    Notes
    -----
    Source: Everett (1963), generalized Lagrange multipliers; Fox (1966) for the
    concave case, where the first split is the optimum already. Work:
    O(n_units x n_levels) per price and O(n_units x levels left x hours in doubt).

    Examples
    --------
    >>> returns = np.array([[0.0, 1.0, 2.0, 9.0], [0.0, 4.0, 6.0, 7.0]])
    >>> split_effort(returns, budget=3, low=np.array([0, 0]), high=np.array([3, 3])).steps.tolist()
    [3, 0]
    """
    high, levels = _check_demand(returns, budget=budget, low=low, high=high)
    price, steps = _find_price(returns, budget, levels)
    steps = _spend_rest(returns, steps, budget, high)
    reduced = np.where(levels, returns - price * np.arange(returns.shape[1]), -np.inf)
    best = reduced.max(axis=1)
    units = np.arange(len(returns))
    bound, gain = float(best.sum() + price * budget), float(returns[units, steps].sum())
    gap = bound - gain
    tolerance = 1e-12 * max(abs(bound), 1.0)
    if gap > tolerance:
        steps = _settle(returns, reduced >= (best - gap - tolerance)[:, None], steps, budget=budget)
        gain = float(returns[units, steps].sum())
    return Split(steps, gain, max(bound, gain), price)


def _check_demand(
    returns: np.ndarray, *, budget: int, low: np.ndarray, high: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    low, high = np.asarray(low, dtype=np.int64), np.minimum(np.asarray(high, dtype=np.int64), returns.shape[1] - 1)
    if not np.isfinite(returns).all():
        row = int(np.argmin(np.isfinite(returns).all(axis=1)))
        raise SalesModelError("Effort: unit {unit} has a return that is not a finite number.", unit=row + 1)
    if (low > high).any() or (low < 0).any():
        row = int(np.argmax((low > high) | (low < 0)))
        raise SalesModelError(
            "Effort: unit {unit} asks for at least {low} and at most {high} steps; lower the one or raise the other.",
            unit=row + 1, low=low[row], high=high[row],
        )
    if low.sum() > budget:
        raise SalesModelError(
            "Effort: what is promised takes {promised} steps, and there are {budget}; promise less or add hours.",
            promised=int(low.sum()), budget=budget,
        )
    place = np.arange(returns.shape[1])
    return high, (place >= low[:, None]) & (place <= high[:, None])


def _find_price(returns: np.ndarray, budget: int, levels: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the lowest price of a step at which the units ask for no more than the budget, and what they ask for."""
    allowed, place = np.where(levels, returns, -np.inf), np.arange(returns.shape[1])

    def ask(price: float) -> np.ndarray:
        return (allowed - price * place).argmax(axis=1)

    steps = ask(0.0)
    if steps.sum() <= budget:
        return 0.0, steps
    below, above = 0.0, float(max(np.ptp(returns, axis=1).max(), 1e-300)) * 2 + 1e-300
    steps = ask(above)
    for _ in range(_N_BISECTIONS):
        middle = (below + above) / 2
        asked = ask(middle)
        if asked.sum() > budget:
            below = middle
        else:
            above, steps = middle, asked
        if above - below <= 1e-13 * above:
            break
    return above, steps


def _spend_rest(returns: np.ndarray, steps: np.ndarray, budget: int, high: np.ndarray) -> np.ndarray:
    """Return the split with the steps that are left given to whoever gains most from some of them, in turn."""
    steps = steps.copy()
    for _ in range(len(steps)):
        rest = budget - int(steps.sum())
        if rest <= 0:
            break
        more = np.clip(steps[:, None] + np.arange(min(rest, returns.shape[1] - 1) + 1), 0, high[:, None])
        gains = np.take_along_axis(returns, more, axis=1) - returns[np.arange(len(steps)), steps][:, None]
        unit, taken = np.unravel_index(int(gains.argmax()), gains.shape)
        if gains[unit, taken] <= 0:
            break
        steps[unit] = more[unit, taken]
    return steps


def _settle(returns: np.ndarray, in_doubt: np.ndarray, steps: np.ndarray, *, budget: int) -> np.ndarray:
    """Return the best split over the levels in doubt, by dynamic programming over the steps spent."""
    units = [np.flatnonzero(row) for row in in_doubt]
    fewest = np.cumsum([places[0] for places in units])
    rest = np.concatenate([np.cumsum([places[0] for places in units][::-1])[::-1][1:], [0]])
    value, start, choices = np.zeros(1), 0, []
    for number, places in enumerate(units):
        last = min(start + len(value) - 1 + int(places[-1]), budget - int(rest[number]))
        first = int(fewest[number])
        new, chosen = np.full(last - first + 1, -np.inf), np.zeros(last - first + 1, dtype=np.int32)
        for level in places:
            begin, end = max(start + level, first), min(start + len(value) - 1 + level, last)
            if begin > end:
                continue
            candidate = value[begin - level - start : end - level - start + 1] + returns[number, level]
            window = new[begin - first : end - first + 1]
            is_better = candidate > window
            window[is_better] = candidate[is_better]
            chosen[begin - first : end - first + 1][is_better] = level
        choices.append((first, chosen))
        value, start = new, first
    spent = start + int(value.argmax())
    best = steps.copy()
    for number in range(len(units) - 1, -1, -1):
        first, chosen = choices[number]
        best[number] = chosen[spent - first]
        spent -= int(best[number])
    return best
