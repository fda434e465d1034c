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
    return tell_caption("tiers", "cumulated_potential", language=language, **_gather_tiers(tier_summary, language))


def tell_tier_table(tier_summary: pd.DataFrame, *, language: Language) -> Caption:
    """Return how much of what it could buy each tier buys from us."""
    return tell_caption("tiers", "tier_table", language=language, **_gather_tiers(tier_summary, language))


def _gather_tiers(tier_summary: pd.DataFrame, language: Language) -> dict[str, object]:
    tiers = list_tiers(tier_summary)
    levels = [tiers[tier] for tier in language.levels]
    return {"levels": levels, "first": levels[0], "second": levels[1], "last": levels[-1],
            "n_below": int(sum(row["n_accounts"] for row in levels[1:])),
            "n_unknown": tiers["unknown"]["n_accounts"] if "unknown" in tiers else 0,
            "n_accounts": int(tier_summary["n_accounts"].sum()),
            "hours_known": bool(tier_summary["present_hours_per_year"].notna().any())}


def tell_gold_accounts(account_tiers: pd.DataFrame, *, language: Language) -> Caption:
    """Return who is gold, by name, and what they could still buy."""
    is_gold = account_tiers["tier"].eq(language.levels[0])
    gold = account_tiers[is_gold].sort_values("score", ascending=False, kind="stable")
    open_amount = (gold["potential_per_year"] - gold["sales_per_year"]).clip(lower=0).sum(min_count=1)
    return tell_caption("tiers", "gold_accounts", language=language, n_gold=len(gold), names=gold["name"].tolist(),
                        open_amount=open_amount, n_prospects=int(gold["sales_per_year"].eq(0).sum()))


def measure_height(tier: pd.Series) -> pd.Series:
    """Return how high a tier stands: the higher the better, unknown 0."""
    return tier.astype(object).map(_HEIGHT).astype(float).fillna(0)


def tell_overrides(account_tiers: pd.DataFrame, *, language: Language) -> Caption:
    """Return how many tiers the room decided otherwise than the rule."""
    decided = account_tiers[account_tiers["override_reason"].notna() | account_tiers["override_by"].notna()]
    step = measure_height(decided["tier"]) - measure_height(decided["tier_by_rule"])
    return tell_caption("tiers", "overrides", language=language, n_overrides=len(decided),
                        n_up=int((step > 0).sum()), n_down=int((step < 0).sum()),
                        people=sorted(decided["override_by"].dropna().unique()))


def tell_moves(account_tiers: pd.DataFrame, *, rerun: bool = False, language: Language) -> Caption:
    """Return how many accounts changed tier since the last model; ``rerun``: it is evaluated again."""
    known = account_tiers.dropna(subset=["tier", "previous_tier"])
    step = measure_height(known["tier"]) - measure_height(known["previous_tier"])
    return tell_caption("tiers", "moves", language=language, n_known=len(known), n_accounts=len(account_tiers),
                        rerun=rerun, n_moved=int((step != 0).sum()),
                        n_up=int((step > 0).sum()), n_down=int((step < 0).sum()))


def tell_move_list(tier_moves: pd.DataFrame, *, causes_known: bool, language: Language) -> Caption:
    """Return what moved the accounts that changed tier; those without a tier in one model are said apart.

    Parameters
    ----------
    tier_moves : DataFrame
        Table ``tier_moves``.
    causes_known : bool
        False where only the tiers of the last model are known.
    language : Language
        The reader's language.
    """
    is_there = ~tier_moves["cause"].isin(["new", "gone"])
    has_left, has_entered = (is_there & tier_moves[name].isna() for name in ("tier_after", "tier_before"))
    changed = tier_moves[is_there & ~has_left & ~has_entered]
    causes = [{"cause": cause, "n": int(n)} for cause, n in changed["cause"].value_counts().items()]
    n_untold = int((~changed["cause"].eq("override")).sum())
    return tell_caption("tiers", "move_list", language=language, n_moves=len(tier_moves),
                        n_new=int(tier_moves["cause"].eq("new").sum()), n_left=int(has_left.sum()),
                        n_gone=int(tier_moves["cause"].eq("gone").sum()), n_entered=int(has_entered.sum()),
                        n_changed=len(changed), causes=causes, causes_known=causes_known, n_untold=n_untold)


def tell_held(account_tiers: pd.DataFrame, *, margin: float, language: Language) -> Caption:
    """Return how many accounts the margin keeps in their previous tier."""
    held = account_tiers["tier_source"].eq("held")
    n_between = int((held & account_tiers["tier"].ne(account_tiers["previous_tier"])).sum())
    by_rule = account_tiers[account_tiers["tier_source"].isin(["rule", "held"])]
    n_tiers = by_rule.groupby("score")["tier"].transform("nunique")
    return tell_caption("tiers", "held", language=language, n_held=int(held.sum()), margin=margin, n_between=n_between,
                        n_previous=int(account_tiers["previous_tier"].notna().sum()), n_equal=int((n_tiers > 1).sum()))


def tell_kept_out(account_tiers: pd.DataFrame, *, language: Language) -> tuple[Markup, Markup]:
    """Return the title and the text of what stands in the place of the best tier's list, which is empty."""
    facts = count_kept_out(account_tiers, language=language)
    return tuple(tell("tiers", name, language=language, **facts)
                 for name in ("gold_accounts_missing_title", "gold_accounts_missing"))


def count_kept_out(account_tiers: pd.DataFrame, *, language: Language) -> dict[str, int]:
    """Return how many accounts reach the best tier by the rule and are elsewhere, by what keeps them out."""
    best = language.levels[0]
    out = account_tiers[account_tiers["tier_by_rule"].eq(best) & account_tiers["tier"].ne(best)]
    decided = out["tier_source"].eq("override")
    vetoed = out["veto"].notna() & ~decided
    return {"n_kept_out": len(out), "n_vetoed": int(vetoed.sum()), "n_decided": int(decided.sum()),
            "n_held_out": int((~decided & ~vetoed).sum())}


def tell_tier_decisions(
    tier_summary: pd.DataFrame, account_tiers: pd.DataFrame, *, language: Language,
) -> Markup:
    """Return what the room decides on tiers, as list items."""
    return tell("tiers", "decide", language=language,
                n_overrides=int(account_tiers["override_by"].notna().sum()), **_gather_tiers(tier_summary, language))
