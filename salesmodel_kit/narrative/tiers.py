"""Sentences of chapter 3: the tiers of the portfolio."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from salesmodel_kit.language import Language
from salesmodel_kit.narrative.telling import Caption, tell, tell_caption
from salesmodel_kit.tables import TIERS

_HEIGHT = {tier: len(TIERS) - place for place, tier in enumerate(TIERS)}


def list_tiers(tier_summary: pd.DataFrame) -> dict[str, dict[str, object]]:
    """Return tier -> row of the summary as plain values, ready for a template."""
    rows = tier_summary.to_dict(orient="records")
    return {row["tier"]: row for row in rows}


def tell_cumulated_potential(tier_summary: pd.DataFrame, *, language: Language) -> Caption:
    """Return what share of the potential the gold accounts hold."""
    return tell_caption("tiers", "cumulated_potential", language=language, **_gather_tiers(tier_summary))


def tell_tier_table(tier_summary: pd.DataFrame, *, language: Language) -> Caption:
    """Return how much of what it could buy each tier buys from us."""
    return tell_caption("tiers", "tier_table", language=language, **_gather_tiers(tier_summary))


def _gather_tiers(tier_summary: pd.DataFrame) -> dict[str, object]:
    tiers = list_tiers(tier_summary)
    return {**{tier: tiers[tier] for tier in TIERS},
            "n_unknown": tiers["unknown"]["n_accounts"] if "unknown" in tiers else 0,
            "n_accounts": int(tier_summary["n_accounts"].sum()),
            "hours_known": bool(tier_summary["present_hours_per_year"].notna().any())}


def tell_gold_accounts(account_tiers: pd.DataFrame, *, language: Language) -> Caption:
    """Return who is gold, by name, and what they could still buy."""
    gold = account_tiers[account_tiers["tier"].eq("gold")].sort_values("score", ascending=False, kind="stable")
    open_amount = (gold["potential_per_year"] - gold["sales_per_year"]).clip(lower=0).sum(min_count=1)
    return tell_caption("tiers", "gold_accounts", language=language, n_gold=len(gold), names=gold["name"].tolist(),
                        open_amount=open_amount, n_prospects=int(gold["sales_per_year"].eq(0).sum()))


def measure_height(tier: pd.Series) -> pd.Series:
    """Return how high a tier stands: gold 3, silver 2, bronze 1, unknown 0."""
    return tier.astype(object).map(_HEIGHT).astype(float).fillna(0)


def tell_overrides(account_tiers: pd.DataFrame, *, language: Language) -> Caption:
    """Return how many tiers the room decided otherwise than the rule."""
    decided = account_tiers[account_tiers["override_reason"].notna() | account_tiers["override_by"].notna()]
    step = measure_height(decided["tier"]) - measure_height(decided["tier_by_rule"])
    return tell_caption("tiers", "overrides", language=language, n_overrides=len(decided),
                        n_up=int((step > 0).sum()), n_down=int((step < 0).sum()),
                        people=sorted(decided["override_by"].dropna().unique()))


def tell_moves(account_tiers: pd.DataFrame, *, language: Language) -> Caption:
    """Return how many accounts changed tier since the last model."""
    known = account_tiers.dropna(subset=["tier", "previous_tier"])
    step = measure_height(known["tier"]) - measure_height(known["previous_tier"])
    return tell_caption("tiers", "moves", language=language, n_known=len(known), n_accounts=len(account_tiers),
                        n_moved=int((step != 0).sum()), n_up=int((step > 0).sum()), n_down=int((step < 0).sum()))


def tell_tier_decisions(
    tier_summary: pd.DataFrame, account_tiers: pd.DataFrame, *, language: Language,
) -> Markup:
    """Return what the room decides on tiers, as list items."""
    return tell("tiers", "decide", language=language,
                n_overrides=int(account_tiers["override_by"].notna().sum()), **_gather_tiers(tier_summary))
