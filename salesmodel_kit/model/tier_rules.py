"""Rules that cut the portfolio into tiers, and the margin that keeps accounts from flapping.

A rule turns scores into the lowest score of each tier, best tier first; a tier
that nobody reaches has the cutoff NaN, and the last tier takes the rest. Equal
scores share a tier. Only the margin (:func:`hold_places`) may put equal scores
into two tiers, because it remembers where an account was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Literal

import numpy as np
import pandas as pd

from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.model.margins import shift_cuts
from salesmodel_kit.model.natural_breaks import find_natural_breaks
from salesmodel_kit.model.ordering import order_numbers

Rule = Literal["cutoff", "account_share", "potential_share", "natural_breaks", "capacity"]
RULES: tuple[str, ...] = ("cutoff", "account_share", "potential_share", "natural_breaks", "capacity")
_ROUNDING = 1e-9


def find_level_cutoffs(
    scores: pd.DataFrame, *, rule: Rule, levels: Sequence[str], cuts: Mapping[str, float],
    hours: pd.DataFrame | None = None,
) -> dict[str, float]:
    """Return the lowest score of each tier of a client, whatever its rule and its number of tiers.

    Parameters
    ----------
    scores : DataFrame (n_accounts, ...)
        With ``score`` (0-1, missing: not enough known), ``potential_per_year`` for
        ``potential_share`` and ``posture`` for ``capacity``.
    rule : {"cutoff", "account_share", "potential_share", "natural_breaks", "capacity"}
        How tiers are cut.
    levels : sequence of str
        The tiers, best first; the last takes the rest.
    cuts : mapping of str to float
        Tier -> lowest score, share of the accounts, of the potential or of the team's
        hours, 0-1. ``natural_breaks`` needs none; under ``capacity`` a tier without one
        may take all the hours that are left.
    hours : DataFrame, optional
        Under ``capacity``: see :func:`find_capacity_cutoffs`.

    Returns
    -------
    dict of str to float
        Tier -> lowest score, best tier first, the last 0; NaN for a tier that nobody
        reaches. All NaN where ``potential_share`` finds no potential to share.

    Raises
    ------
    SalesModelError
        Cuts that contradict each other, or one that the rule needs is missing.

    Examples
    --------
    >>> scores = pd.DataFrame({"score": [0.9, 0.8, 0.3, 0.1], "potential_per_year": [50.0, 10.0, 30.0, 10.0]})
    >>> find_level_cutoffs(scores, rule="account_share", levels=["platinum", "gold", "silver", "bronze"],
    ...                    cuts={"platinum": 0.25, "gold": 0.25, "silver": 0.25})
    {'platinum': 0.9, 'gold': 0.8, 'silver': 0.3, 'bronze': 0.0}
    """
    check_cuts(rule, levels, cuts)
    upper = levels[:-1]
    if rule == "cutoff":
        return {**{name: float(cuts[name]) for name in upper}, levels[-1]: 0.0}
    known = scores[scores["score"].notna()] if scores["score"].hasnans else scores
    score = known["score"].to_numpy(float)
    if rule == "natural_breaks":
        lowest = find_natural_breaks(score, n_classes=len(levels)).lowest[::-1]
        lowest = [*lowest, *[np.inf] * len(levels)][: len(upper)]
    elif rule == "capacity":
        lowest = find_capacity_cutoffs(known, levels=levels, shares=cuts, hours=hours)
    else:
        shares = np.cumsum([cuts[name] for name in upper])
        if rule == "potential_share":
            size = known["potential_per_year"].fillna(0).to_numpy(float)
            if len(known) and size.sum() == 0:
                return dict.fromkeys(levels, np.nan)
            lowest = find_lowest_by_size(score, size, shares)
        else:
            lowest = find_lowest_by_count(score, shares)
    return {**_drop_unreached(upper, lowest), levels[-1]: 0.0}


def check_cuts(rule: Rule, levels: Sequence[str], cuts: Mapping[str, float]) -> None:
    """Raise where the cuts of a rule are missing or contradict each other.

    Parameters
    ----------
    rule : {"cutoff", "account_share", "potential_share", "natural_breaks", "capacity"}
        How tiers are cut.
    levels : sequence of str
        The tiers, best first.
    cuts : mapping of str to float
        As for :func:`find_level_cutoffs`.

    Raises
    ------
    SalesModelError
        They do; the sentence names the tier.
    """
    upper = list(levels[:-1])
    if rule in ("cutoff", "account_share", "potential_share"):
        for name in upper:
            if name not in cuts:
                raise SalesModelError("The tier rule {rule} needs a number for the tier {tier}; add it.", rule=rule,
                                      tier=name)
    given = [cuts[name] for name in upper if name in cuts]
    if rule == "cutoff":
        for higher, lower in pairwise(upper):
            if not cuts[lower] < cuts[higher]:
                raise SalesModelError("Tier cutoffs: {lower} ({low}) must be below {higher} ({high}).",
                                      lower=lower, low=cuts[lower], higher=higher, high=cuts[higher])
        if not all(0 <= value <= 1 for value in given):
            raise SalesModelError("Tier cutoffs must lie between 0 and 1.")
    elif rule != "natural_breaks" and (min(given, default=0) < 0 or sum(given) > 1 + _ROUNDING):
        raise SalesModelError("The shares of the tiers must not be negative nor sum to more than 1; they sum to "
                              "{total}.", total=f"{sum(given):g}")


def _drop_unreached(upper: Sequence[str], lowest: Sequence[float]) -> dict[str, float]:
    """Return tier -> lowest score; NaN where the tiers above it hold everybody already."""
    found: dict[str, float] = {}
    above = np.inf
    for name, value in zip(upper, lowest, strict=True):
        found[name] = float(value) if value < above else np.nan
        above = min(above, value)
    return found


def find_lowest_by_count(score: np.ndarray, shares: Sequence[float]) -> list[float]:
    """Return the score of the account that crosses each share of the number of accounts; inf for a share of 0.

    Parameters
    ----------
    score : ndarray (n_accounts,)
        0-1, none missing.
    shares : sequence of float
        Cumulated from the best tier down, 0-1.

    Returns
    -------
    list of float
        One score per share. A partition, not a sort.
    """
    last = [min(int(np.ceil((share - _ROUNDING) * len(score))), len(score)) for share in shares]
    places = [len(score) - max(number, 0) for number in last]
    cuts = [place for place in places if place < len(score)]
    ordered = np.partition(score, cuts) if cuts else score
    return [float(ordered[place]) if place < len(score) else np.inf for place in places]


def find_lowest_by_size(score: np.ndarray, size: np.ndarray, shares: Sequence[float]) -> list[float]:
    """Return the lowest score below which accounts with a better one hold the share of the size already.

    Parameters
    ----------
    score, size : ndarray (n_accounts,)
        Scores, and what is shared out; none missing.
    shares : sequence of float
        Cumulated from the best tier down, 0-1.

    Returns
    -------
    list of float
        One score per share; inf for a share of 0.
    """
    order, ordered = (part[::-1] for part in order_numbers(score))
    held = np.cumsum(size[order])
    starts = _find_starts(ordered)
    above = np.concatenate([[0.0], held])[starts] / max(float(held[-1]) if len(held) else 0.0, np.finfo(float).tiny)
    levels = ordered[starts]
    return [float(levels[above < share - _ROUNDING].min(initial=np.inf)) for share in shares]


def _find_starts(ordered: np.ndarray) -> np.ndarray:
    """Return the places at which a new score begins."""
    return np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]])[: len(ordered)])


def find_capacity_cutoffs(
    scores: pd.DataFrame, *, levels: Sequence[str], shares: Mapping[str, float], hours: pd.DataFrame | None
) -> list[float]:
    """Return the lowest score of each tier but the last, so that the team can serve them at the call norms.

    From the best score down an account joins the best tier as long as the hours of
    its channel last; then the next tier begins with what is left. The tier before
    the last ends where the hours do; the last takes the rest, whatever its own norm.

    Parameters
    ----------
    scores : DataFrame (n_accounts, ...)
        ``score`` (none missing) and ``posture`` of the account's segment (missing: ``any``).
    levels : sequence of str
        The tiers, best first.
    shares : mapping of str to float
        Tier -> share of each role's hours that it may take beside the tiers above it, 0-1;
        a tier without one: all that is left.
    hours : DataFrame (n_norms, ...)
        ``tier``, ``posture``, ``channel``, ``hours_per_year`` that one account asks for, and
        ``capacity`` of the channel in hours per year (inf: takes no selling hours).

    Returns
    -------
    list of float
        One score per tier but the last; inf for a tier that nobody fits into.

    Raises
    ------
    SalesModelError
        No hours are given, or a tier has no call norm for any posture.

    Notes
    -----
    Source: Talley (1961), read backwards: there the tiers give the hours, here the
    hours give the tiers. Hours come from the norms and the reps, never from the tiers,
    so there is no circle.
    """
    if hours is None:
        raise SalesModelError("Tiers by capacity need the call norms and the hours of the team.")
    score = scores["score"].to_numpy(float)
    order = np.argsort(score, kind="stable")[::-1]
    ordered, posture = score[order], scores["posture"].astype("category")
    codes = posture.cat.codes.to_numpy()[order]
    names = [*posture.cat.categories, "any"]
    left = hours.drop_duplicates("channel").set_index("channel")["capacity"].to_dict()
    used, first, allowed, lowest = dict.fromkeys(left, 0.0), 0, 0.0, []
    for tier in levels[:-1]:
        allowed = min(1.0, allowed + shares[tier]) if tier in shares else 1.0
        asked = _list_asked(hours[hours["tier"] == tier], names, tier)
        room = {channel: allowed * limit - used[channel] for channel, limit in left.items()}
        end = _fill(codes[first:], asked, room) + first
        end = _end_of_whole_scores(ordered, end)
        for channel in used:
            used[channel] += float(asked[channel][codes[first:end]].sum())
        lowest.append(float(ordered[end - 1]) if end > first else np.inf)
        first = max(end, first)
    return lowest


def _list_asked(hours: pd.DataFrame, postures: Sequence[str], tier: str) -> dict[str, np.ndarray]:
    """Return channel -> hours that an account of each posture asks of it; the last entry is for no posture."""
    norms = hours.drop_duplicates("posture").set_index("posture")
    asked: dict[str, np.ndarray] = {}
    for place, posture in enumerate(postures):
        key = posture if posture in norms.index else "any"
        if key not in norms.index:
            raise SalesModelError("Tier {tier} has no call norm for posture 'any'; add one under call_norms.",
                                  tier=tier)
        channel = norms.at[key, "channel"]
        asked.setdefault(channel, np.zeros(len(postures)))[place] = norms.at[key, "hours_per_year"]
    return _Asked(len(postures), asked)


class _Asked(dict):
    """Hours asked of a channel by posture; nothing of a channel that no norm names."""

    def __init__(self, n_postures: int, asked: dict[str, np.ndarray]) -> None:
        super().__init__(asked)
        self._nothing = np.zeros(n_postures)

    def __missing__(self, channel: str) -> np.ndarray:
        return self._nothing


def _fill(codes: np.ndarray, asked: Mapping[str, np.ndarray], room: Mapping[str, float]) -> int:
    """Return how many accounts, in this order, fit before the first that does not."""
    fitting = len(codes)
    for channel, by_posture in asked.items():
        limit = room.get(channel, 0.0)
        if np.isfinite(limit):
            fitting = min(fitting, int(np.searchsorted(np.cumsum(by_posture[codes[:fitting]]), limit + _ROUNDING,
                                                       side="right")))
    return fitting


def _end_of_whole_scores(ordered: np.ndarray, end: int) -> int:
    """Return the last place at or before ``end`` that does not part equal scores."""
    if end <= 0 or end >= len(ordered) or ordered[end] != ordered[end - 1]:
        return end
    return int(np.searchsorted(-ordered, -ordered[end], side="left"))


def place_accounts(score: np.ndarray, cutoffs: Mapping[str, float]) -> np.ndarray:
    """Return the place of each account's tier by the cutoffs: 0 the best, -1 not enough known or no cut.

    Parameters
    ----------
    score : ndarray (n_accounts,)
        0-1, NaN: not enough known.
    cutoffs : mapping of str to float
        Tier -> lowest score, best tier first, as :func:`find_level_cutoffs` returns it.

    Returns
    -------
    ndarray (n_accounts,)
        Integers.
    """
    bounds = np.array(list(cutoffs.values()), dtype=float)
    reachable = np.flatnonzero(~np.isnan(bounds))
    if np.isnan(bounds[-1]):
        return np.full(len(score), -1, dtype=np.int8)
    missed = np.zeros(len(score), dtype=np.int8)  # of the cutoffs, from the top
    for bound in bounds[reachable].tolist():
        missed += ~(score >= bound)
    if len(reachable) < len(bounds):
        return np.append(reachable, -1).astype(np.int8)[missed]
    missed[missed == len(bounds)] = -1
    return missed


def hold_places(score: np.ndarray, *, cutoffs: Mapping[str, float], previous: np.ndarray, margin: float) -> np.ndarray:
    """Return the place of each account's tier when a tier is left only by passing its cut by a margin.

    An account rises to the best tier whose cutoff its score reaches by ``margin``, falls
    to the tier that its score would have with ``margin`` more, and otherwise stays.
    Accounts with equal scores that were in two tiers may therefore stay in two.

    Parameters
    ----------
    score : ndarray (n_accounts,)
        0-1, NaN: not enough known.
    cutoffs : mapping of str to float
        As for :func:`place_accounts`.
    previous : ndarray (n_accounts,)
        Place of the tier of the last model; -1: none, then the rule alone decides.
    margin : float
        Of the score, 0 or more; 0: the rule alone decides.

    Returns
    -------
    ndarray (n_accounts,)
        Places, -1 where not enough is known.

    Examples
    --------
    >>> cutoffs = {"gold": 0.6, "silver": 0.3, "bronze": 0.0}
    >>> hold_places(np.array([0.61, 0.61, 0.59, 0.64]), cutoffs=cutoffs, previous=np.array([0, 1, 0, 1]), margin=0.03)
    array([0, 1, 0, 0])
    """
    by_rule = place_accounts(score, cutoffs)
    if margin <= 0:
        return by_rule
    reachable = {name: float(shift_cuts(bound, margin)) for name, bound in cutoffs.items()} | {list(cutoffs)[-1]: 0.0}
    lowest, highest = place_accounts(score, reachable), place_accounts(score + margin, cutoffs)
    held = np.clip(previous, highest, lowest)
    return np.where((previous >= 0) & (by_rule >= 0), held, by_rule)
