"""Draws: many weightings that fit what is known of the weights.

Three kinds of knowledge, from much to none: the group's votes, the order of the
criteria, nothing. Every draw sums to 1 within each axis; a criterion whose weight
is 0 stays at 0. How the two axes count against each other is a choice of the
strategy, not a judgement of the group: it is not drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.model.groups import LEAST_WEIGHT

Kind = Literal["votes", "ordinal", "any"]


def draw_weights(
    criteria: pd.DataFrame, votes: pd.DataFrame | None = None, *, kind: Kind, n_draws: int, seed: int
) -> np.ndarray:
    """Return weightings that fit what is known, one a row.

    ``votes``: the group is drawn anew each time (Bayesian bootstrap): participants
    count by ``Dirichlet(n x voting power)`` shares, their weights are joined by the
    geometric mean, as the group's are, and bent by the strategy. On an axis where fewer than two people
    voted the group's dispersion is not known; the order of the criteria is used.
    ``ordinal``: uniform over all weights in the order of ``effective_weight``; equal
    weights stay equal. ``any``: uniform over all weights.

    Parameters
    ----------
    criteria : DataFrame (n_criteria, ...)
        A row is a criterion, with ``axis``, ``criterion``, ``effective_weight`` (0-1,
        sum 1 per axis) and, where the strategy bends voted weights, ``emphasis``
        (factor, 0 or more; 1 where the column is absent).
    votes : DataFrame (n_votes, ...), optional
        Columns ``participant``, ``voting_power``, ``axis``, ``criterion``, ``weight``,
        summing to 1 per participant and axis; a criterion not voted on weighs 0.
    kind : {"votes", "ordinal", "any"}
        What is known of the weights.
    n_draws : int
        How many; a share found by n draws is sure to ``1 / sqrt(n)`` (95 %).
    seed : int
        The same seed gives the same draws.

    Returns
    -------
    ndarray (n_draws, n_criteria)
        0-1, summing to 1 per axis, columns in the order of ``criteria``.

    Raises
    ------
    SalesModelError
        An unknown kind, or no draw is asked for.

    Notes
    -----
    Source: Lahdelma & Salminen (2001), SMAA-2, for uniform weights; Rubin (1981), the
    Bayesian bootstrap, for the dispersion of a group. Assumes that the people who
    voted stand for those whose judgement counts.

    Examples
    --------
    >>> criteria = pd.DataFrame({"axis": ["chance"] * 2, "criterion": ["trust", "fit"],
    ...                          "effective_weight": [0.7, 0.3]})
    >>> draws = draw_weights(criteria, kind="ordinal", n_draws=100, seed=1)
    >>> bool((draws[:, 0] >= 0.5).all())
    True
    """
    if kind not in ("votes", "ordinal", "any"):
        raise SalesModelError("There is no kind of weight draws called {kind}; use votes, ordinal or any.", kind=kind)
    if n_draws < 1:
        raise SalesModelError("The number of weight draws is {n_draws}; it must be 1 or more.", n_draws=n_draws)
    draws = np.zeros((n_draws, len(criteria)))
    for number, axis in enumerate(dict.fromkeys(criteria["axis"])):
        rng = np.random.default_rng([seed, number])
        columns = np.flatnonzero(criteria["axis"] == axis)
        rows = criteria.iloc[columns]
        ballots = list_ballots(votes, rows) if kind == "votes" else None
        if ballots is not None:
            draws[:, columns] = _draw_voted(*ballots, _find_emphasis(rows), n_draws=n_draws, rng=rng)
        else:
            weight = rows["effective_weight"].to_numpy(float)
            draws[:, columns] = _draw_within(weight, keep_order=kind != "any", n_draws=n_draws, rng=rng)
    return draws


def list_ballots(votes: pd.DataFrame | None, criteria: pd.DataFrame) -> tuple[np.ndarray, np.ndarray] | None:
    """Return the weights and the voting power of those who voted on an axis; None with fewer than two.

    Parameters
    ----------
    votes : DataFrame or None
        As for :func:`draw_weights`.
    criteria : DataFrame (n_criteria, ...)
        The criteria of one axis.

    Returns
    -------
    tuple of ndarray (n_participants, n_criteria) and ndarray (n_participants,), or None
        Weights 0-1, a row a participant; voting power, summing to 1.
    """
    if votes is None or criteria.empty:
        return None
    cast = votes[(votes["axis"] == criteria["axis"].iloc[0]) & (votes["voting_power"] > 0)]
    table = cast.pivot_table(index="participant", columns="criterion", values="weight", aggfunc="mean", sort=True)
    table = table.reindex(columns=criteria["criterion"]).fillna(0.0)
    table = table[table.sum(axis=1) > 0]
    if len(table) < 2:
        return None
    power = cast.groupby("participant")["voting_power"].first().reindex(table.index).to_numpy(float)
    return table.to_numpy(float), power / power.sum()


def _find_emphasis(criteria: pd.DataFrame) -> np.ndarray:
    return criteria["emphasis"].to_numpy(float) if "emphasis" in criteria else np.ones(len(criteria))


def _draw_voted(
    ballots: np.ndarray, power: np.ndarray, emphasis: np.ndarray, *, n_draws: int, rng: np.random.Generator
) -> np.ndarray:
    shares = rng.dirichlet(len(power) * power, size=n_draws)
    drawn = np.exp(shares @ np.log(np.maximum(ballots, LEAST_WEIGHT))) * emphasis
    drawn[:, (ballots == 0).all(axis=0)] = 0.0
    return drawn / drawn.sum(axis=1, keepdims=True)


def _draw_within(weight: np.ndarray, *, keep_order: bool, n_draws: int, rng: np.random.Generator) -> np.ndarray:
    """Return uniform draws from the simplex, or from its part in the order of these weights, ties kept."""
    used = np.flatnonzero(weight > 0)
    drawn = np.zeros((n_draws, len(weight)))
    if not keep_order:
        drawn[:, used] = rng.dirichlet(np.ones(len(used)), size=n_draws)
        return drawn
    level = np.unique(-np.round(weight[used], 9), return_inverse=True)[1]
    n_up_to = np.cumsum(np.bincount(level))
    parts = rng.dirichlet(np.ones(len(n_up_to)), size=n_draws) / n_up_to
    drawn[:, used] = np.cumsum(parts[:, ::-1], axis=1)[:, ::-1][:, level]
    return drawn


@dataclass(frozen=True)
class Weightings:
    """Weightings that fit what the group judged, and what they rest on.

    Parameters
    ----------
    criteria : DataFrame (n_criteria, ...)
        With ``effective_weight``; a row is a column of ``draws``.
    draws : ndarray (n_draws, n_criteria)
        As :func:`draw_weights` returns them.
    kinds : mapping of str to str
        Axis -> ``votes`` or ``ordinal``.
    n_voters : int
        How many people's votes are drawn from.
    """

    criteria: pd.DataFrame
    draws: np.ndarray
    kinds: Mapping[str, str]
    n_voters: int

    @property
    def differ(self) -> bool:
        """Return whether there is more than one weighting; where all weights are equal, only one keeps their order."""
        return bool((np.ptp(self.draws, axis=0) > 1e-9).any())


def draw_weightings(
    criteria: pd.DataFrame, votes: pd.DataFrame | None = None, *, n_draws: int, seed: int
) -> Weightings:
    """Return weightings by the votes on each axis where at least two people voted, by the order of weights elsewhere.

    Parameters
    ----------
    criteria, votes, n_draws, seed
        As for :func:`draw_weights`.

    Returns
    -------
    Weightings
        The draws with what they rest on.
    """
    kinds, voters = {}, set()
    for axis in dict.fromkeys(criteria["axis"]):
        has_votes = list_ballots(votes, criteria[criteria["axis"] == axis]) is not None
        kinds[axis] = "votes" if has_votes else "ordinal"
        if has_votes:
            voters |= set(votes.loc[votes["axis"] == axis, "participant"])
    draws = draw_weights(criteria, votes, kind="votes", n_draws=n_draws, seed=seed)
    return Weightings(criteria, draws, kinds, len(voters))
