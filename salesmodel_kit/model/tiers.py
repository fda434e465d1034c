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
    score, levels = scores["score"].to_numpy(float), pd.Index(list(cutoffs))
    place = place_accounts(score, cutoffs)
    by_rule = held = _take(pd.Series(list(cutoffs), dtype="str"), place, scores.index)
    kept = place
    if margin > 0 and previous.notna().any():
        kept = hold_places(score, cutoffs=cutoffs, previous=levels.get_indexer(previous), margin=margin)
        held = _take(pd.Series(list(cutoffs), dtype="str"), kept, scores.index)
    decided = overrides.set_index("account").astype("str")
    chosen = _find_overridden(scores["account"], decided.index)
    tier = _take(decided["tier"], chosen, scores.index).fillna(held) if len(decided) else held
    source = np.select([chosen >= 0, place < 0, kept != place], np.array([2, -1, 1], np.int8), np.int8(0))
    reason = _take(decided["reason"], chosen, scores.index)
    return scores[["account", "name", "segment", "score", "potential_per_year", "sales_per_year"]].assign(
        tier=tier,
        tier_by_rule=by_rule,
        override_reason=reason,
        override_by=_take(decided["by"], chosen, scores.index) if len(decided) else reason,
        previous_tier=previous.array,
        tier_source=_take(pd.Series(["rule", "held", "override"], dtype="str"), source, scores.index),
    )


def _find_overridden(account: pd.Series, decided: pd.Index) -> np.ndarray:
    """Return the row of each account's override, -1 for none; only the few that have one are looked up."""
    chosen = np.full(len(account), -1, dtype=np.int32)
    rows = np.flatnonzero(account.isin(decided))
    chosen[rows] = decided.get_indexer(account.iloc[rows])
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
    tier = tiers["tier"].to_numpy(object)
    names = [*cutoffs, *(["unknown"] if tiers["tier"].isna().any() else [])]
    place = np.select([tier == name for name in cutoffs], range(len(cutoffs)), len(cutoffs))
    count = np.bincount(place, minlength=len(names))[: len(names)]
    sums = _sum_by_tier(tiers, effort, place).reindex(range(len(names))).set_axis(names)
    for name in _SHARES:
        if sums[name].notna().any():
            sums.loc[count == 0, name] = 0.0
    table = sums.assign(
        cutoff=[cutoffs.get(name, np.nan) for name in names],
        n_accounts=pd.array(count, dtype="Int64"),
        account_share=count / max(len(tiers), 1),
        wallet_share=sums["sales_where_both"] / sums["potential_where_both"].where(sums["potential_where_both"] > 0),
    )
    for name, share in _SHARES.items():
        total = table[name].sum()
        table[share] = table[name] / (total if total > 0 else np.nan)
    return table.rename_axis("tier").reset_index().astype({"tier": "str"})[list(TIER_SUMMARY.names)]


#: What is summed over a tier -> its share of the whole.
_SHARES = {
    "potential_per_year": "potential_share",
    "sales_per_year": "sales_share",
    "present_hours_per_year": "present_hours_share",
    "workload_hours_per_year": "workload_hours_share",
    "recommended_hours_per_year": "recommended_hours_share",
}


def _sum_by_tier(tiers: pd.DataFrame, effort: pd.DataFrame, place: np.ndarray) -> pd.DataFrame:
    both = tiers["sales_per_year"].notna() & tiers["potential_per_year"].notna()
    amounts = pd.DataFrame(
        {
            "potential_per_year": tiers["potential_per_year"],
            "sales_per_year": tiers["sales_per_year"],
            "sales_where_both": tiers["sales_per_year"].where(both),
            "potential_where_both": tiers["potential_per_year"].where(both),
            "present_hours_per_year": effort["present_hours_per_year"].to_numpy(),
            "workload_hours_per_year": effort["workload_hours_per_year"].to_numpy(),
            "recommended_hours_per_year": effort["hours_per_year"].to_numpy(),
        }
    )
    return amounts.groupby(place).sum(min_count=1)
