"""Tiers: gold, silver, bronze, by a rule that is declared, with the room's overrides.

A cutoff belongs to the upper tier; equal scores share a tier; raising an
account's score never lowers its tier.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
import pandas as pd

from salesmodel_kit.model.tier_rules import find_level_cutoffs, hold_places, place_accounts
from salesmodel_kit.tables import DEFAULT_TIERS, TIER_SUMMARY

Rule = Literal["cutoff", "account_share", "potential_share"]


def find_cutoffs(scores: pd.DataFrame, *, rule: Rule, gold: float, silver: float) -> dict[str, float]:
    """Return the lowest score of gold, silver and bronze: :func:`find_level_cutoffs` for the three usual tiers.

    ``cutoff``: ``gold`` and ``silver`` are the lowest scores themselves. With a
    share rule accounts are taken from the best down: an account is gold as long
    as the accounts with a better score hold less than the share ``gold`` of the
    accounts (``account_share``) or of the known potential (``potential_share``);
    silver likewise up to ``gold + silver``. The account that crosses is in.

    Parameters
    ----------
    scores : DataFrame (n_accounts, ...)
        With ``score`` (0-1, missing: not enough known) and ``potential_per_year``
        (missing counts as nothing in ``potential_share``).
    rule : {"cutoff", "account_share", "potential_share"}
        How tiers are cut.
    gold, silver : float
        Lowest scores, or shares, 0-1.

    Returns
    -------
    dict of str to float
        ``gold``, ``silver``, ``bronze`` (0) -> lowest score of the tier, 0-1; NaN
        for a tier that nobody reaches. All three are NaN where ``potential_share``
        finds no potential above 0 to share: there is no cut.

    Raises
    ------
    SalesModelError
        Values that contradict each other.

    Examples
    --------
    >>> scores = pd.DataFrame({"score": [0.9, 0.8, 0.3, 0.1], "potential_per_year": [50.0, 10.0, 30.0, 10.0]})
    >>> find_cutoffs(scores, rule="potential_share", gold=0.5, silver=0.3)
    {'gold': 0.9, 'silver': 0.3, 'bronze': 0.0}
    """
    return find_level_cutoffs(scores, rule=rule, levels=DEFAULT_TIERS, cuts={"gold": gold, "silver": silver})


def assign_tiers(
    scores: pd.DataFrame,
    *,
    cutoffs: Mapping[str, float],
    overrides: pd.DataFrame,
    previous: pd.Series,
    margin: float = 0.0,
) -> pd.DataFrame:
    """Return the tier of every account, by rule and as the room decided.

    Parameters
    ----------
    scores : DataFrame (n_accounts, ...)
        Table ``account_scores``.
    cutoffs : mapping of str to float
        Best tier first, as :func:`find_cutoffs` or ``find_level_cutoffs`` returns them.
    overrides : DataFrame (n_overrides, ...)
        Columns ``account``, ``tier``, ``reason``, ``by``; one row an account.
    previous : Series (n_accounts,)
        Tier of the last model, in the order of ``scores``; missing: none.
    margin : float
        Of the score: an account leaves its previous tier only by passing a cut by so
        much (see :func:`salesmodel_kit.model.tier_rules.hold_places`).

    Returns
    -------
    DataFrame (n_accounts, ...)
        Table ``account_tiers``; ``tier`` is missing where not enough is known, or
        where there is no cut, and nobody decided otherwise.
    """
    score, levels = scores["score"].to_numpy(float), list(cutoffs)
    place = kept = place_accounts(score, cutoffs)
    if margin > 0 and previous.notna().any():
        kept = hold_places(score, cutoffs=cutoffs, previous=pd.Index(levels).get_indexer(previous), margin=margin)
    names = levels + [tier for tier in overrides["tier"].astype("str") if tier not in levels]
    decided, row = pd.Series(names, dtype="str"), kept
    by_rule = _take(decided, place, scores.index)
    chosen = _find_overridden(scores["account"], overrides["account"])
    reason = by = _take(overrides["reason"].astype("str"), chosen, scores.index)
    if len(overrides):
        of_override = np.array([*map(names.index, overrides["tier"]), -1])
        row = np.where(chosen >= 0, of_override[chosen], kept)
        by = _take(overrides["by"].astype("str"), chosen, scores.index)
    source = np.select([chosen >= 0, place < 0, kept != place], np.array([2, -1, 1], np.int8), np.int8(0))
    columns = {
        "tier": by_rule if row is place else _take(decided, row, scores.index),
        "tier_by_rule": by_rule, "override_reason": reason, "override_by": by,
        "previous_tier": pd.Series(previous.array, index=scores.index),
        "tier_source": _take(pd.Series(["rule", "held", "override"], dtype="str"), source, scores.index),
    }
    return pd.DataFrame({name: scores[name] for name in _KEPT} | columns, copy=False)


#: What the table of tiers takes over from that of scores.
_KEPT = ("account", "name", "segment", "score", "potential_per_year", "sales_per_year")


def _find_overridden(account: pd.Series, decided: pd.Series) -> np.ndarray:
    """Return the row of each account's override, -1 for none; only the few that have one are looked up."""
    chosen = np.full(len(account), -1, dtype=np.int32)
    if len(decided):
        rows = np.flatnonzero(account.isin(decided))
        chosen[rows] = pd.Index(decided).get_indexer(account.iloc[rows])
    return chosen


def _take(words: pd.Series, place: np.ndarray, index: pd.Index) -> pd.Series:
    """Return the words at these places, missing at -1."""
    return pd.Series(words.array.take(place, allow_fill=True), index=index)


def summarize_tiers(tiers: pd.DataFrame, effort: pd.DataFrame, *, cutoffs: Mapping[str, float]) -> pd.DataFrame:
    """Return what each tier holds, what it gets and what it should get.

    Parameters
    ----------
    tiers : DataFrame (n_accounts, ...)
        Table ``account_tiers``.
    effort : DataFrame (n_accounts, ...)
        Table ``account_effort``, same order.
    cutoffs : mapping of str to float
        Best tier first, as :func:`find_cutoffs` or ``find_level_cutoffs`` returns them.

    Returns
    -------
    DataFrame (n_tiers, ...)
        Table ``tier_summary``: the tiers of ``cutoffs`` and, where some account is not
        enough known, ``unknown``. Sums leave missing cells out; a sum of nothing
        known is missing.
    """
    place, words = pd.factorize(tiers["tier"])
    names = [*cutoffs, *(["unknown"] if (place < 0).any() else [])]
    order = {name: at for at, name in enumerate(cutoffs)}
    place = np.array([*(order.get(word, len(cutoffs)) for word in words), len(cutoffs)], dtype=np.intp)[place]
    count = np.bincount(place, minlength=len(names))[: len(names)]
    sums = _sum_by_tier(_list_amounts(tiers, effort), place, n_tiers=len(names))
    columns = {
        "tier": pd.Series(names, dtype="str"), "cutoff": np.array([cutoffs.get(name, np.nan) for name in names]),
        "n_accounts": pd.array(count, dtype="Int64"), "account_share": count / max(len(tiers), 1),
        "wallet_share": _divide(sums["sales_where_both"], sums["potential_where_both"]),
    }
    for name, share in _SHARES.items():
        amount = columns[name] = np.where(count == 0, 0.0, sums[name]) if _is_known(sums[name]) else sums[name]
        columns[share] = _divide(amount, np.full(len(names), np.nansum(amount)))
    return pd.DataFrame({name: columns[name] for name in TIER_SUMMARY.names})


#: What is summed over a tier -> its share of the whole.
_SHARES = {
    "potential_per_year": "potential_share",
    "sales_per_year": "sales_share",
    "present_hours_per_year": "present_hours_share",
    "workload_hours_per_year": "workload_hours_share",
    "recommended_hours_per_year": "recommended_hours_share",
}


def _list_amounts(tiers: pd.DataFrame, effort: pd.DataFrame) -> dict[str, np.ndarray]:
    """Return what is summed over a tier, a number an account, missing as NaN."""
    sales, potential = (tiers[name].to_numpy(float) for name in ("sales_per_year", "potential_per_year"))
    return {
        "potential_per_year": potential, "sales_per_year": sales,
        "sales_where_both": np.where(np.isnan(potential), np.nan, sales),
        "potential_where_both": np.where(np.isnan(sales), np.nan, potential),
        "present_hours_per_year": effort["present_hours_per_year"].to_numpy(float),
        "workload_hours_per_year": effort["workload_hours_per_year"].to_numpy(float),
        "recommended_hours_per_year": effort["hours_per_year"].to_numpy(float),
    }


def _sum_by_tier(amounts: dict[str, np.ndarray], place: np.ndarray, *, n_tiers: int) -> dict[str, np.ndarray]:
    """Return the sums of the known amounts of each tier; missing where none is known."""
    found = pd.DataFrame(np.column_stack(list(amounts.values()))).groupby(place).sum(min_count=1)
    sums = np.full((len(amounts), n_tiers), np.nan)
    sums[:, found.index] = found.to_numpy().T
    return dict(zip(amounts, sums, strict=True))


def _divide(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Return part / whole; missing where the whole is not above 0."""
    return np.divide(part, whole, out=np.full(len(part), np.nan), where=whole > 0)


def _is_known(amount: np.ndarray) -> bool:
    return bool((~np.isnan(amount)).any())
