"""How sure a tier is: under many weightings that fit what the group judged, and against the smallest change.

Which accounts are known well enough for a score is decided by the weights in
force, once. How much development potential counts against the chance to win is
the strategy's choice and stays as it is.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from salesmodel_kit.model.acceptability import (
    ScoreTerms,
    accept_ranks,
    accept_shares,
    accept_tiers,
    find_central_weights,
    place_in_tiers,
)
from salesmodel_kit.model.criteria import compute_values
from salesmodel_kit.model.draws import Weightings
from salesmodel_kit.model.flips import Flips, find_flips
from salesmodel_kit.model.margins import shift_cuts

#: Last rank of each band of ``rank_robustness``.
RANK_BANDS: tuple[int, ...] = (1, 3, 10)
#: A criterion is named when its mean weight, where an account comes first, is so many standard deviations above usual.
LEAST_LEAN = 0.2


@dataclass(frozen=True)
class TierCuts:
    """How tiers are cut when weights change.

    Parameters
    ----------
    cutoffs : mapping of str to float
        Tier, best first -> lowest score under the weights in force, as the rule found it.
    shares : tuple of float, optional
        Cumulated shares of size, best tier first, without the last tier's: tiers are
        cut anew in each weighting. None: the cutoffs stay where they are.
    sizes : ndarray (n_accounts,), optional
        What is shared out; needed with ``shares``.
    vetoed : ndarray of bool (n_accounts,), optional
        Accounts that a veto keeps out of the best tier, whatever they score. None: nobody.
    shifts : ndarray (n_accounts, n_tiers - 1), optional
        By how much a cut lies higher for an account, because it had a tier before. None: no margin.
    is_declared : bool
        The cutoffs were declared; otherwise they are scores of accounts, and the cut lies in
        the middle to the next lower score.
    """

    cutoffs: Mapping[str, float]
    shares: tuple[float, ...] | None = None
    sizes: np.ndarray | None = None
    vetoed: np.ndarray | None = None
    shifts: np.ndarray | None = None
    is_declared: bool = True

    @property
    def is_cut(self) -> bool:
        """Return whether there is a cut at all; by share of potential there is none while no potential is known."""
        return not math.isnan(list(self.cutoffs.values())[-1])

    @property
    def tiers(self) -> list[str]:
        """Return the tiers, best first."""
        return list(self.cutoffs)

    @property
    def levels(self) -> list[float]:
        """Return the cutoffs without the last tier's, which takes the rest."""
        return list(self.cutoffs.values())[:-1]

    def find_vetoed(self, rows: np.ndarray) -> np.ndarray:
        """Return the places within ``rows`` of the accounts under a veto."""
        return np.flatnonzero(self.vetoed[rows]) if self.vetoed is not None else np.empty(0, dtype=np.intp)

    def take_shifts(self, rows: np.ndarray) -> np.ndarray | None:
        """Return the shifts of these accounts; None where nobody has any."""
        return None if self.shifts is None else self.shifts[rows]


def make_terms(performances: pd.DataFrame, criteria: pd.DataFrame, *, potential_weight: float) -> ScoreTerms:
    """Return what the scores of accounts are made of, but for the weights.

    Parameters
    ----------
    performances : DataFrame (n_accounts, ...)
        As ``derive_performances`` returns it.
    criteria : DataFrame (n_criteria, ...)
        The criteria of potential and chance, and no others.
    potential_weight : float
        Weight of the axis potential, 0-1.

    Returns
    -------
    ScoreTerms
        Values in float64, columns in the order of ``criteria``.
    """
    values = np.full((len(performances), len(criteria)), np.nan)
    for axis in ("potential", "chance"):
        is_on_axis = (criteria["axis"] == axis).to_numpy()
        values[:, is_on_axis] = compute_values(performances, criteria[is_on_axis]).to_numpy()
    axes = (criteria["axis"] == "chance").to_numpy(dtype=np.int64)
    return ScoreTerms(values, axes, np.array([potential_weight, 1 - potential_weight]))


def assess_robustness(
    account_tiers: pd.DataFrame,
    terms: ScoreTerms,
    weightings: Weightings,
    *,
    cuts: TierCuts,
    close_call_share: float,
) -> pd.DataFrame:
    """Return how sure the tier of every account is, and what would change it.

    Parameters
    ----------
    account_tiers : DataFrame (n_accounts, ...)
        Table ``account_tiers``.
    terms : ScoreTerms
        The accounts' values, in the same order.
    weightings : Weightings
        The weightings to try, and the weights in force.
    cuts : TierCuts
        How tiers are cut. The smallest change of weights is against the cutoffs of today.
    close_call_share : float
        A tier that an account has in a smaller share of the weightings is a close call, 0-1.

    Returns
    -------
    DataFrame (n_accounts, ...)
        Table ``robustness``; a tier that the room decided is no close call, and no weight moves it. An
        account under a veto has the second tier wherever its score would give it the best.

    Notes
    -----
    Source: Lahdelma & Salminen (2001), SMAA-2; Tervonen et al. (2009), SMAA-TRI.
    """
    scored = np.flatnonzero(account_tiers["score"].notna() & cuts.is_cut)
    part = terms.take(scored)
    shares = _spread(_accept(part, weightings.draws, cuts=cuts, rows=scored), scored, len(account_tiers))
    weights = weightings.criteria["effective_weight"].to_numpy(float)
    borders = _find_borders(account_tiers["score"].to_numpy(float), cuts)
    flips = _find_flips(part, weights, cuts=replace(cuts, cutoffs=borders), rows=scored)
    is_decided = (account_tiers["override_by"].notna() | account_tiers["override_reason"].notna()).to_numpy()
    place = pd.Index(cuts.tiers).get_indexer(account_tiers["tier"])
    certainty = np.where(place >= 0, shares[np.arange(len(shares)), place], np.nan)
    table = account_tiers[["account", "name", "tier"]].assign(
        **{f"{tier}_acceptability": shares[:, number] for number, tier in enumerate(cuts.tiers)},
        tier_acceptability=certainty,
    )
    told = _tell_flips(flips, scored, cuts=cuts, weightings=weightings, index=account_tiers.index)
    told.loc[is_decided] = told.iloc[:0].reindex(told.index[is_decided])
    return pd.concat([table, told], axis=1).assign(
        is_close_call=pd.array((certainty < close_call_share) & ~is_decided, dtype="boolean")
    )


def _accept(terms: ScoreTerms, draws: np.ndarray, *, cuts: TierCuts, rows: np.ndarray) -> np.ndarray:
    if cuts.shares is None:
        shares = accept_tiers(terms, draws, cutoffs=cuts.levels, shifts=cuts.take_shifts(rows))
    else:
        shares = accept_shares(terms, draws, shares=cuts.shares, sizes=cuts.sizes[rows], shifts=cuts.take_shifts(rows))
    vetoed = cuts.find_vetoed(rows)
    shares[vetoed, 1] += shares[vetoed, 0]
    shares[vetoed, 0] *= 0.0
    return shares


def _find_borders(score: np.ndarray, cuts: TierCuts) -> dict[str, float]:
    """Return where the cuts lie between accounts: an account whose score made the cut does not stand on it."""
    if cuts.is_declared:
        return dict(cuts.cutoffs)
    below = {tier: score[score < cut] for tier, cut in cuts.cutoffs.items()}
    return {tier: (cut + below[tier].max()) / 2 if len(below[tier]) and math.isfinite(cut) else cut
            for tier, cut in cuts.cutoffs.items()}


def _find_flips(terms: ScoreTerms, weights: np.ndarray, *, cuts: TierCuts, rows: np.ndarray) -> Flips:
    """Return the smallest changes; for an account under a veto there is no cut between the two best tiers."""
    levels = np.fmin.accumulate(np.array(cuts.levels, dtype=float))
    own = np.broadcast_to(levels, (len(rows), len(levels))).copy()
    if cuts.shifts is not None:
        own = shift_cuts(own, cuts.shifts[rows])
    own[cuts.find_vetoed(rows), 0] = np.nan
    return find_flips(terms, weights, cutoffs=own)


def _spread(shares: np.ndarray, rows: np.ndarray, n_rows: int) -> np.ndarray:
    spread = np.full((n_rows, shares.shape[1]), np.nan)
    spread[rows] = shares
    return spread


def _tell_flips(
    flips: Flips, rows: np.ndarray, *, cuts: TierCuts, weightings: Weightings, index: pd.Index
) -> pd.DataFrame:
    names = weightings.criteria["criterion"].reset_index(drop=True)
    table = pd.DataFrame(
        {
            "flip_distance": flips.distance,
            "flip_to": _take(pd.Series(cuts.tiers), flips.tier),
            "flip_less": _take(names, flips.less),
            "flip_less_by": flips.less_by,
            "flip_more": _take(names, flips.more),
            "flip_more_by": flips.more_by,
            "n_flip_less": pd.array(np.where(np.isnan(flips.distance), 0, flips.n_less), dtype="Int64"),
        },
        index=index[rows],
    )
    return table.mask(table["flip_distance"].isna()).reindex(index).astype({"n_flip_less": "Int64"})


def _take(words: pd.Series, place: np.ndarray) -> np.ndarray:
    """Return the words at these places, missing at -1."""
    return words.astype("str").array.take(place, allow_fill=True)


def rank_robustness(account_tiers: pd.DataFrame, terms: ScoreTerms, weightings: Weightings) -> pd.DataFrame:
    """Return how sure it is that an account is the best, among the best three, among the best ten.

    Parameters
    ----------
    account_tiers, terms, weightings
        As for :func:`assess_robustness`.

    Returns
    -------
    DataFrame (n_accounts ever among the best ten, ...)
        Table ``rank_robustness``, the surest first.
    """
    scored = np.flatnonzero(account_tiers["score"].notna())
    part = terms.take(scored)
    upto = np.cumsum(accept_ranks(part, weightings.draws, last_ranks=RANK_BANDS)[:, :-1], axis=1)
    central, _ = find_central_weights(part, weightings.draws)
    spread = weightings.draws.std(axis=0)
    lean = np.nan_to_num((central - weightings.draws.mean(axis=0)) / np.where(spread > 1e-9, spread, np.inf))
    most = np.where(lean.max(axis=1, initial=0.0) < LEAST_LEAN, -1, lean.argmax(axis=1))
    names = weightings.criteria["criterion"].reset_index(drop=True)
    table = account_tiers.iloc[scored][["account", "name", "score"]].assign(
        **{f"best_{last}_acceptability": upto[:, number] for number, last in enumerate(RANK_BANDS)},
        central_criterion=_take(names, most),
    )
    ever = table[table[f"best_{RANK_BANDS[-1]}_acceptability"] > 0]
    by = [f"best_{last}_acceptability" for last in reversed(RANK_BANDS)]
    return ever.sort_values([*by, "score"], ascending=False, kind="stable").reset_index(drop=True)


def measure_influence(
    account_tiers: pd.DataFrame, terms: ScoreTerms, weightings: Weightings, *, cuts: TierCuts
) -> pd.DataFrame:
    """Return how many accounts change tier with the weight of each criterion.

    Three questions: what if the criterion did not count at all (the others of its axis
    rescaled), what if its weight rose or fell by its interquartile range over the
    weightings, whichever moves more accounts.

    Parameters
    ----------
    account_tiers, terms, weightings, cuts
        As for :func:`assess_robustness`.

    Returns
    -------
    DataFrame (n_criteria, ...)
        Table ``criterion_influence``, the criterion that moves most accounts by its interquartile range first.

    Notes
    -----
    Source: one-at-a-time sensitivity of weights, Triantaphyllou & Sanchez (1997). Counts tiers by the
    rule with its vetoes, before overrides.
    """
    criteria, scored = weightings.criteria, np.flatnonzero(account_tiers["score"].notna() & cuts.is_cut)
    weights = criteria["effective_weight"].to_numpy(float)
    low, high = np.quantile(weightings.draws, [0.25, 0.75], axis=0)
    targets = np.concatenate([np.zeros(len(weights)), weights + (high - low), weights - (high - low)])
    tried = _set_weights(weights, terms.axes, np.clip(targets, 0.0, 1.0))
    sizes = None if cuts.sizes is None else cuts.sizes[scored]
    place = place_in_tiers(
        terms.take(scored), np.vstack([weights, tried]), cutoffs=cuts.levels, shares=cuts.shares, sizes=sizes,
        shifts=cuts.take_shifts(scored),
    )
    vetoed = cuts.find_vetoed(scored)
    place[:, vetoed] = np.where(place[:, vetoed] == 0, 1, place[:, vetoed])
    n_changed = (place[1:] != place[0]).sum(axis=1).reshape(3, -1).astype(float)
    n_changed[np.isnan(tried).any(axis=1).reshape(3, -1)] = np.nan
    table = criteria[["axis", "criterion", "label"]].assign(
        weight=weights,
        weight_low=low,
        weight_high=high,
        n_changed_without=pd.array(n_changed[0], dtype="Int64"),
        n_changed_by_spread=pd.array(np.fmax(n_changed[1], n_changed[2]), dtype="Int64"),
    )
    order = ["n_changed_by_spread", "n_changed_without", "weight"]
    return table.sort_values(order, ascending=False, kind="stable").reset_index(drop=True)


def _set_weights(weights: np.ndarray, axes: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """Return weightings (n_targets, n_criteria), each with one criterion's weight set and its axis rescaled to 1.

    NaN where the criterion is alone on its axis: nothing can be rescaled.
    """
    n_criteria = len(weights)
    tried = np.tile(weights, (len(targets), 1))
    criterion = np.tile(np.arange(n_criteria), len(targets) // max(n_criteria, 1))
    others = np.array([weights[axes == axis].sum() for axis in axes]) - weights
    factor = (1 - targets) / np.where(others > 1e-12, others, np.nan)[criterion]
    is_same_axis = axes[None, :] == axes[criterion][:, None]
    tried = np.where(is_same_axis, tried * factor[:, None], tried)
    rows = np.arange(len(targets))
    tried[rows, criterion] = np.where(np.isnan(factor), np.nan, targets)
    return tried
