"""Calls: how often who calls on whom. The last stop of the chain."""

from __future__ import annotations

import pandas as pd

from salesmodel_kit.tables import TIERS

WEEKS_PER_YEAR = 52


def plan_calls(
    tiers: pd.DataFrame, effort: pd.DataFrame, territories: pd.DataFrame, *, rep_names: pd.Series
) -> pd.DataFrame:
    """Return the call frequency of every account, gold first.

    ``weeks_between_calls = 52 / calls_per_year``.

    Parameters
    ----------
    tiers, effort, territories : DataFrame (n_accounts, ...)
        Tables ``account_tiers``, ``account_effort`` and ``territories``, in the same order.
    rep_names : Series (n_reps,)
        Name of each rep, indexed by rep.

    Returns
    -------
    DataFrame (n_accounts, ...)
        Table ``calls``, sorted by tier, then by score.
    """
    calls = effort["calls_per_year"]
    order = {tier: place for place, tier in enumerate(TIERS)}
    table = tiers[["account", "name", "segment", "tier"]].assign(
        channel=effort["channel"].to_numpy(),
        rep=territories["rep"].to_numpy(),
        rep_name=territories["rep"].map(rep_names).astype("str").to_numpy(),
        calls_per_year=calls.to_numpy(),
        weeks_between_calls=(WEEKS_PER_YEAR / calls.where(calls > 0)).to_numpy(),
        hours_per_year=effort["hours_per_year"].to_numpy(),
        place=tiers["tier"].map(order).astype(float),
        score=tiers["score"],
    )
    ranked = table.sort_values(["place", "score"], ascending=[True, False], kind="stable", na_position="last")
    return ranked.drop(columns=["place", "score"]).reset_index(drop=True)
