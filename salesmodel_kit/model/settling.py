"""Settle what prices leave torn: chains of moves that bring loads within limits and then lower the cost.

At the right prices nearly every account has one cheapest rep; the cost of an
answer above the bound is what the others pay beyond their cheapest. Only
accounts that pay little to move are looked at, singly and in chains of two
(``j`` to ``k``, ``k`` to ``l``, a swap where ``l`` is ``j``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

#: Accounts looked at for each rep, the cells of each, and the moves out of each rep in one round.
_PER_REP, _WIDTH, _MOVES = 60, 5, 28
#: Moves tried again in one round, for each rep, after others have changed its load.
_CHECKS = 4
_MOST_ROUNDS, _MOST_LOOKS = 200, 7
_TINY = 1e-9


@dataclass(frozen=True)
class Load:
    """A quantity that is summed per rep and has to stay within limits.

    Parameters
    ----------
    amount : ndarray (n_accounts,) or (n_accounts, n_reps)
        What an account adds to its rep, >= 0.
    low, high : ndarray (n_reps,)
        Least and most that a rep may have.
    """

    amount: np.ndarray
    low: np.ndarray
    high: np.ndarray

    @property
    def grid(self) -> np.ndarray:
        """Return the amounts with two dimensions, the second of length 1 or ``n_reps``."""
        return self.amount[:, None] if self.amount.ndim == 1 else self.amount

    def pick(self, chosen: np.ndarray) -> np.ndarray:
        """Return what each account adds where it was given."""
        return self.amount if self.amount.ndim == 1 else self.amount[np.arange(len(chosen)), chosen]


@dataclass
class _State:
    """The assignment in hand and its loads."""

    chosen: np.ndarray
    sums: np.ndarray
    low: np.ndarray
    high: np.ndarray
    weight: np.ndarray

    def charge(self, sums: np.ndarray, rep: np.ndarray) -> np.ndarray:
        """Return the charge for being outside the limits, loads shape (n_loads, n_moves), summed over the loads.

        It grows faster than the excess, so that excess spreads to neighbors until it meets room.
        """
        high = self.high[:, rep]
        over = np.maximum(sums - high, self.low[:, rep] - sums)
        over[over <= _TINY * high] = 0.0
        return self.weight @ (over * (1 + 20 * over / np.maximum(high, 1e-12)))


def measure_violation(loads: Sequence[Load], chosen: np.ndarray) -> float:
    """Return by how much the loads are outside their limits, summed.

    Parameters
    ----------
    loads : sequence of Load
        With their limits.
    chosen : ndarray of int (n_accounts,)
        Column of the rep.

    Returns
    -------
    float
        0 where they hold but for rounding.
    """
    total = 0.0
    for load in loads:
        sums = np.bincount(chosen, weights=load.pick(chosen), minlength=len(load.low))
        over = np.maximum(sums - load.high, 0) + np.maximum(load.low - sums, 0)
        total += float(over[over > _TINY * np.maximum(load.high, 1)].sum())
    return total


def settle_loads(cost: np.ndarray, loads: Sequence[Load], prices: np.ndarray) -> np.ndarray:
    """Return an assignment near that of the prices, loads within limits where moves can bring them there.

    Parameters
    ----------
    cost : ndarray (n_accounts, n_reps)
        ``inf`` where an account must not go.
    loads : sequence of Load
        What has to stay within limits.
    prices : ndarray (n_loads, n_reps)
        Price of a unit of load.

    Returns
    -------
    ndarray of int (n_accounts,)
        Column of the rep.
    """
    chosen = _choose_cheapest(cost, loads, prices)
    weight = _weigh_violation(cost, loads)
    n_reps = cost.shape[1]
    sums = np.stack([np.bincount(chosen, weights=load.pick(chosen), minlength=n_reps) for load in loads])
    low, high = np.stack([load.low for load in loads]), np.stack([load.high for load in loads])
    for look in range(_MOST_LOOKS):
        is_over = bool(_State(chosen, sums, low, high, weight).charge(sums, np.arange(n_reps)).any())
        if look % 2 and not is_over:
            break
        # Every other look aims within tighter limits; the later ones at reps who have room, however far.
        margin = (look % 2) * 0.05 * (look + 2) * (high - low)
        fullness = ((sums - low) / np.maximum(high - low, _TINY)).max(axis=0)
        far = weight[0] * loads[0].amount.mean() * (look % 2)
        is_needy = (sums < low - _TINY * high).any(axis=0)
        avoided = np.where(is_needy, -far, np.where((fullness > 0.9) & (look > 1), far, 0.0))
        state = _State(chosen, sums, low + margin, high - margin, weight)
        _settle_once(state, _find_torn(cost, loads, prices, chosen, avoided=avoided))
    for _ in range(look):  # what was moved far in need comes back where it can
        _settle_once(_State(chosen, sums, low, high, weight),
                     _find_torn(cost, loads, prices, chosen, avoided=np.zeros(n_reps)))
    return chosen


def _settle_once(state: _State, torn: _Torn) -> None:
    for _ in range(_MOST_ROUNDS):
        if not _improve(state, torn):
            break


def _choose_cheapest(cost: np.ndarray, loads: Sequence[Load], prices: np.ndarray) -> np.ndarray:
    parts = (slice(first, first + 4096) for first in range(0, len(cost), 4096))
    return np.concatenate([_price(cost, loads, prices, part).argmin(axis=1) for part in parts])


@dataclass(frozen=True)
class _Torn:
    """The accounts that may move: rows, the reps open to each with cost, price and loads there."""

    rows: np.ndarray
    reps: np.ndarray
    cost: np.ndarray
    priced: np.ndarray
    amounts: np.ndarray


def _find_torn(
    cost: np.ndarray, loads: Sequence[Load], prices: np.ndarray, chosen: np.ndarray, *, avoided: np.ndarray
) -> _Torn:
    """Return of each rep the accounts that pay least to leave it."""
    n_accounts, n_reps = cost.shape
    regret = np.empty(n_accounts)
    for first in range(0, n_accounts, 4096):
        part = slice(first, first + 4096)
        priced = _price(cost, loads, prices, part) + avoided
        here = np.arange(len(priced)), chosen[part]
        present = priced[here]
        priced[here] = np.inf
        regret[part] = priced.min(axis=1) - present
    order = np.lexsort((regret, chosen))
    rows = np.sort(order[_rank_within(chosen[order]) < max(_PER_REP, n_accounts // (8 * n_reps))])
    priced = _price(cost, loads, prices, rows) + avoided
    width = min(_WIDTH, n_reps)
    priced_here = priced.copy()
    priced_here[np.arange(len(rows)), chosen[rows]] = -np.inf
    reps = np.argpartition(priced_here, width - 1, axis=1)[:, :width]
    amounts = np.stack([np.take_along_axis(np.broadcast_to(load.grid[rows], priced.shape), reps, axis=1)
                        for load in loads])
    return _Torn(rows, reps, np.take_along_axis(cost[rows], reps, axis=1),
                 np.take_along_axis(priced, reps, axis=1), amounts)


def _price(cost: np.ndarray, loads: Sequence[Load], prices: np.ndarray, part: slice | np.ndarray) -> np.ndarray:
    return cost[part] + sum(load.grid[part] * price for load, price in zip(loads, prices, strict=True))


def _rank_within(group: np.ndarray) -> np.ndarray:
    """Return the place of each entry within its run of equal groups, from 0."""
    places = np.arange(len(group))
    starts = np.flatnonzero(np.r_[True, group[1:] != group[:-1]]) if len(group) else places
    return places - np.repeat(starts, np.diff(np.r_[starts, len(group)]))


def _weigh_violation(cost: np.ndarray, loads: Sequence[Load]) -> np.ndarray:
    """Return the charge for a unit outside the limits of each load: more than any move could save."""
    some = cost[:: max(1, len(cost) // 2000)]
    spread = float(np.where(np.isfinite(some), some, 0.0).max() - min(some.min(), 0.0)) + 1.0
    amounts = [float(load.amount.mean()) for load in loads]
    return np.array([10 * spread / amount if amount > 0 else 0.0 for amount in amounts])


@dataclass(frozen=True)
class _Moves:
    """Moves of one account each, by rep that is left."""

    row: np.ndarray
    source: np.ndarray
    target: np.ndarray
    cost: np.ndarray
    out: np.ndarray
    into: np.ndarray


def _list_moves(state: _State, torn: _Torn) -> _Moves:
    """Return for each rep the moves out of it that cost least at the prices."""
    source = state.chosen[torn.rows]
    is_here = torn.reps == source[:, None]
    at = is_here.argmax(axis=1)
    is_known = is_here.any(axis=1)
    row, cell = np.nonzero(~is_here & np.isfinite(torn.cost) & is_known[:, None])
    price = torn.priced[row, cell] - torn.priced[row, at[row]]
    order = np.lexsort((price, source[row]))
    most = max(_MOVES, len(state.chosen) // (20 * len(state.low[0])))
    order = order[_rank_within(source[row][order]) < most]
    row, cell = row[order], cell[order]
    return _Moves(row, source[row], torn.reps[row, cell], torn.cost[row, cell] - torn.cost[row, at[row]],
                  torn.amounts[:, row, at[row]], torn.amounts[:, row, cell])


def _improve(state: _State, torn: _Torn) -> bool:
    """Make the moves and chains of two that save most, no two at the same rep; return whether there was any."""
    moves = _list_moves(state, torn)
    every = np.arange(len(state.low[0]))
    now = state.charge(state.sums, every)
    one, two = _pair_moves(moves, len(every))
    gains = np.concatenate([_value_single(state, moves, now), _value_chains(state, moves, now, one=one, two=two)])
    n_moves = len(moves.row)
    saving = np.flatnonzero(gains < -1e-9 * (1 + np.abs(moves.cost).max(initial=0)))
    order = saving[np.argsort(gains[saving], kind="stable")][: _CHECKS * len(every)]
    touched, moved = np.zeros(len(every), dtype=bool), set()
    for number in order:
        pair = np.array([number] if number < n_moves else [one[number - n_moves], two[number - n_moves]])
        reps = np.concatenate([moves.source[pair], moves.target[pair]])
        if not moved.isdisjoint(moves.row[pair].tolist()):
            continue
        if touched[reps].any() and not _is_still_saving(state, moves, pair):
            continue
        touched[reps] = True
        moved.update(moves.row[pair].tolist())
        _apply(state, torn, moves, pair)
    return bool(moved)


def _is_still_saving(state: _State, moves: _Moves, pair: np.ndarray) -> bool:
    now = np.zeros(state.sums.shape[1])
    reps = np.concatenate([moves.source[pair], moves.target[pair]])
    now[reps] = state.charge(state.sums[:, reps], reps)
    gain = (_value_single(state, moves, now, chosen=pair) if len(pair) == 1
            else _value_chains(state, moves, now, one=pair[:1], two=pair[1:]))
    return bool(gain[0] < -1e-9 * (1 + np.abs(moves.cost[pair]).max()))


def _apply(state: _State, torn: _Torn, moves: _Moves, pair: np.ndarray) -> None:
    for move in pair:
        state.sums[:, moves.source[move]] -= moves.out[:, move]
        state.sums[:, moves.target[move]] += moves.into[:, move]
        state.chosen[torn.rows[moves.row[move]]] = moves.target[move]


def _pair_moves(moves: _Moves, n_reps: int) -> tuple[np.ndarray, np.ndarray]:
    """Return all pairs of moves where the second leaves the rep that the first goes to."""
    counts = np.bincount(moves.source, minlength=n_reps)
    starts = np.cumsum(counts) - counts
    repeats = counts[moves.target]
    one = np.repeat(np.arange(len(moves.row)), repeats)
    return one, starts[moves.target[one]] + np.arange(len(one)) - np.repeat(np.cumsum(repeats) - repeats, repeats)


def _value_single(
    state: _State, moves: _Moves, now: np.ndarray, *, chosen: np.ndarray | slice = slice(None)
) -> np.ndarray:
    source, target = moves.source[chosen], moves.target[chosen]
    left = state.charge(state.sums[:, source] - moves.out[:, chosen], source)
    joined = state.charge(state.sums[:, target] + moves.into[:, chosen], target)
    return moves.cost[chosen] + left + joined - now[source] - now[target]


def _value_chains(
    state: _State, moves: _Moves, now: np.ndarray, *, one: np.ndarray, two: np.ndarray
) -> np.ndarray:
    first, middle, last = moves.source[one], moves.target[one], moves.target[two]
    is_swap = first == last
    back = np.where(is_swap, moves.into[:, two], 0.0)
    left = state.charge(state.sums[:, first] - moves.out[:, one] + back, first)
    through = state.charge(state.sums[:, middle] + moves.into[:, one] - moves.out[:, two], middle)
    joined = state.charge(state.sums[:, last] + moves.into[:, two], last) - now[last]
    return (moves.cost[one] + moves.cost[two] + left + through - now[first] - now[middle]
            + np.where(is_swap, 0.0, joined))
