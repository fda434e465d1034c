"""Places for new centers among many: least cost to the nearest center, then within what each center can take.

Without limits it is the p-median problem: greedy choice, interchange, and a
bound by prices of the places. With limits every choice is a small transport
problem, whose prices tell how much any other place could save at most.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_MOST_STEPS, _SMALL_GAP, _MOST_SWAPS = 600, 1e-3, 200
#: Transport problems solved in search of one center, least and most, and their cells together.
_TRIES, _MOST_CELLS = (8, 60), 400_000


@dataclass(frozen=True)
class Flow:
    """Who serves which place.

    Parameters
    ----------
    share : ndarray (n_places, n_centers)
        Shares of a place, sum 1.
    cost : float
        Of all of them.
    price : ndarray (n_places,)
        What serving a place costs at the margin.
    """

    share: np.ndarray
    cost: float
    price: np.ndarray


@dataclass(frozen=True)
class Centers:
    """Places chosen for new centers.

    Parameters
    ----------
    chosen : ndarray of int (n_new,)
        Rows of the places.
    flow : Flow
        With the new centers first, those that are there after them.
    bound : float
        No choice of places costs less.
    """

    chosen: np.ndarray
    flow: Flow
    bound: float


def choose_centers(
    cost: np.ndarray, load: np.ndarray, *, there: np.ndarray, room: np.ndarray, new_room: Sequence[float]
) -> Centers:
    """Return the places where new centers save most, within what each center can take.

    Parameters
    ----------
    cost : ndarray (n_places, n_places)
        Of serving the place of the row from the place of the column.
    load : ndarray (n_places,)
        What a place takes of a center's room, > 0.
    there : ndarray (n_places, n_there)
        The same cost from the centers that are there; may have no column.
    room : ndarray (n_there,)
        What each can take; all are stretched alike where together they cannot take everything.
    new_room : sequence of float (n_new,)
        What each new center can take, > 0.

    Returns
    -------
    Centers
        Found by greedy choice and interchange without limits, then by interchange within them.

    Notes
    -----
    Source: Hakimi (1964), p-median; Teitz & Bart (1968), interchange; Cornuejols, Fisher & Nemhauser (1977), bound by
    Lagrangian relaxation. With the prices of the transport problem, a new center saves at most what it earns
    where it takes the places that pay best (a continuous knapsack).

    Examples
    --------
    >>> line = np.abs(np.subtract.outer([0.0, 1.0, 9.0], [0.0, 1.0, 9.0]))
    >>> found = choose_centers(line, np.ones(3), there=line[:, :1], room=np.array([3.0]), new_room=[3.0])
    >>> found.chosen.tolist(), found.flow.cost, round(found.bound, 9)
    ([2], 1.0, 1.0)
    """
    chosen, bound = _choose_nearest(cost, there.min(axis=1, initial=np.inf), len(new_room))
    flow = transport(np.hstack([cost[:, chosen], there]), load, np.r_[new_room, room])
    if there.shape[1]:
        before = transport(there, load, room)
        most = np.sort(bound_savings(before.price, cost, load, room=max(new_room)))[-len(chosen):]
        bound = max(bound, before.cost - float(most.sum()))
    elif len(chosen) == 1:
        return Centers(chosen, flow, flow.cost)
    problem = _Problem(cost, load, there, np.r_[new_room, room])
    for turn in range(2 * len(chosen)):
        at = turn % len(chosen)
        chosen, flow, left = problem.move(chosen, at, flow)
        bound = max(bound, left) if len(chosen) == 1 else bound
    return Centers(chosen, flow, min(bound, flow.cost))


@dataclass(frozen=True)
class _Problem:
    """The problem with all its centers, of which one may move."""

    cost: np.ndarray
    load: np.ndarray
    there: np.ndarray
    room: np.ndarray

    def move(self, chosen: np.ndarray, at: int, flow: Flow) -> tuple[np.ndarray, Flow, float]:
        """Return the choice with one center where it saves most, its flow, and what other places cost at least."""
        rest = np.delete(chosen, at)
        base = self._serve(rest, np.delete(self.room, at))
        most = bound_savings(base.price, self.cost, self.load, room=self.room[at])
        order, n_tries = np.argsort(-most, kind="stable"), _count_tries(flow)
        for place in order[:n_tries]:
            if base.cost - most[place] >= flow.cost * (1 - 1e-9):
                break
            tried = np.insert(rest, at, place)
            other = self._serve(tried, self.room)
            if other.cost < flow.cost * (1 - 1e-9):
                chosen, flow = tried, other
        return chosen, flow, base.cost - float(most[order[n_tries:]].max(initial=-np.inf))

    def _serve(self, chosen: np.ndarray, room: np.ndarray) -> Flow:
        return transport(np.hstack([self.cost[:, chosen], self.there]), self.load, room)


def _count_tries(flow: Flow) -> int:
    """Return how many places are tried for one center: fewer where a transport problem is large."""
    return int(np.clip(_MOST_CELLS // max(flow.share.size, 1), *_TRIES))


def bound_savings(price: np.ndarray, cost: np.ndarray, load: np.ndarray, *, room: float) -> np.ndarray:
    """Return what a new center could save at most in each place, at the prices of serving without it.

    Parameters
    ----------
    price : ndarray (n_places,)
        From :class:`Flow`.
    cost : ndarray (n_places, n_centers)
        Of serving each place from each possible center.
    load : ndarray (n_places,)
        Room that a place takes.
    room : float
        What the new center can take.

    Returns
    -------
    ndarray (n_centers,)

    Examples
    --------
    >>> bound_savings(np.array([5.0, 3.0]), np.array([[1.0], [2.0]]), np.array([2.0, 1.0]), room=2.5)
    array([4.5])
    """
    gain = np.maximum(price[:, None] - cost, 0.0)
    order = np.argsort(-gain / load[:, None], axis=0, kind="stable")
    sorted_load = load[order]
    before = np.cumsum(sorted_load, axis=0) - sorted_load
    part = np.clip((room - before) / sorted_load, 0.0, 1.0)
    return (np.take_along_axis(gain, order, axis=0) * part).sum(axis=0)


def transport(cost: np.ndarray, load: np.ndarray, room: np.ndarray) -> Flow:
    """Return the cheapest way to serve all places within the room of the centers, all stretched alike if need be.

    Parameters
    ----------
    cost : ndarray (n_places, n_centers)
        Of serving the whole of a place.
    load : ndarray (n_places,)
        Room that it takes, > 0.
    room : ndarray (n_centers,)
        Of each center, >= 0.

    Returns
    -------
    Flow
    """
    from scipy.optimize import linprog
    from scipy.sparse import csr_array, vstack

    n_places, n_centers = cost.shape
    room = room * max(1.0, (1 + 1e-9) * load.sum() / max(room.sum(), 1e-12))
    nearest = cost.argmin(axis=1)
    if (np.bincount(nearest, load, minlength=n_centers) <= room).all():
        return Flow((np.arange(n_centers) == nearest[:, None]).astype(float), float(cost.min(axis=1).sum()),
                    cost.min(axis=1))
    cells = np.arange(cost.size)
    whole = csr_array((np.ones(cost.size), (cells // n_centers, cells)), shape=(n_places, cost.size))
    taken = csr_array((np.repeat(load, n_centers), (cells % n_centers, cells)), shape=(n_centers, cost.size))
    solved = linprog(cost.ravel(), A_eq=whole, b_eq=np.ones(n_places), A_ub=vstack([taken]), b_ub=room,
                     bounds=(0, None), method="highs")
    return Flow(solved.x.reshape(cost.shape), float(solved.fun), solved.eqlin.marginals)


def _choose_nearest(cost: np.ndarray, fixed: np.ndarray, n_new: int) -> tuple[np.ndarray, float]:
    """Return the places for new centers that take whatever is near them, and the least that any places cost."""
    chosen = _interchange(cost, fixed, _choose_greedily(cost, fixed, n_new))
    return chosen, _bound_by_prices(cost, fixed, chosen, reached=_sum_nearest(cost, fixed, chosen))


def _sum_nearest(cost: np.ndarray, fixed: np.ndarray, chosen: np.ndarray) -> float:
    return float(np.minimum(fixed, cost[:, chosen].min(axis=1)).sum())


def _choose_greedily(cost: np.ndarray, fixed: np.ndarray, n_homes: int) -> np.ndarray:
    nearest, chosen = fixed, []
    for _ in range(n_homes):
        chosen.append(int(np.minimum(nearest[:, None], cost).sum(axis=0).argmin()))
        nearest = np.minimum(nearest, cost[:, chosen[-1]])
    return np.array(chosen)


def _interchange(cost: np.ndarray, fixed: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """Return the homes after every exchange of one for another town that saves travel."""
    chosen, best = chosen.copy(), _sum_nearest(cost, fixed, chosen)
    n_since = 0
    for number in range(_MOST_SWAPS * len(chosen)):
        if n_since >= len(chosen):
            break
        out = number % len(chosen)
        rest = np.minimum(fixed, np.delete(cost[:, chosen], out, axis=1).min(axis=1, initial=np.inf))
        totals = np.minimum(rest[:, None], cost).sum(axis=0)
        town = int(totals.argmin())
        n_since += 1
        if totals[town] < best * (1 - 1e-12):
            chosen[out], best, n_since = town, float(totals[town]), 0
    return chosen


def _bound_by_prices(cost: np.ndarray, fixed: np.ndarray, chosen: np.ndarray, *, reached: float) -> float:
    """Return the best bound that prices of the places give: no homes in these towns drive less.

    A place that pays its price is served; each town earns what the places nearer than their price save.
    """
    n_open = min(len(chosen), cost.shape[1])
    limit = np.where(np.isfinite(fixed), fixed, cost.max(axis=1))
    price = np.minimum(limit, 2 * cost[:, chosen].min(axis=1))
    best, share, n_since = 0.0, 1.0, 0
    for _ in range(_MOST_STEPS):
        below = np.minimum(cost - price[:, None], 0.0)
        earned = below.sum(axis=0)
        opened = np.argpartition(earned, n_open - 1)[:n_open]
        value = float(price.sum() + earned[opened].sum())
        n_since = 0 if value > best else n_since + 1
        best = max(best, value)
        slope = 1.0 - (below[:, opened] < 0).sum(axis=1)
        slope = np.where((price >= limit) & (slope > 0), 0.0, slope)
        if reached - best <= _SMALL_GAP * reached or not slope.any():
            break
        if n_since >= 15:
            share, n_since = 0.7 * share, 0
        price = np.clip(price + share * (reached - value) / float(slope @ slope) * slope, 0.0, limit)
    return min(best, reached)
