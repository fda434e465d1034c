"""Sentences that say why: an account's place, what it lacks, what keeps it out of gold."""

from __future__ import annotations

import pandas as pd

from salesmodel_kit.language import Language
from salesmodel_kit.narrative.telling import Caption, tell_caption


def tell_account_reasons(
    account_scores: pd.DataFrame, steps: pd.DataFrame, *, mean_score: float, n_scored: int, language: Language,
) -> Caption:
    """Return what takes the best account above the portfolio's mean.

    Parameters
    ----------
    account_scores : DataFrame
        The accounts shown, best first.
    steps : DataFrame
        ``account``, ``label``, ``difference`` and ``is_known`` of every criterion of theirs.
    mean_score : float
        Mean score of the portfolio, 0-1.
    n_scored : int
        Accounts that have a score.
    language : Language
        The reader's language.
    """
    first = account_scores.iloc[0]
    own = steps[steps["account"] == first["account"]].sort_values("difference", ascending=False, kind="stable")
    best = own.iloc[0] if len(own) else None
    is_lifted = best is not None and round(best["difference"], 2) > 0
    return tell_caption(
        "reasons", "account_reasons", language=language, n_shown=len(account_scores), n_scored=n_scored,
        first=first["name"], score=first["score"], mean=mean_score,
        is_lifted=is_lifted, criterion=best["label"] if is_lifted else "",
        difference=best["difference"] if is_lifted else 0.0,
        n_unknown=int((~steps["is_known"].astype(bool)).sum()),
        has_money=bool(account_scores["expected_value_per_year"].notna().any()))


def tell_unknown_accounts(unknown: pd.DataFrame, *, minimum_known_share: float, n_accounts: int,
                          language: Language) -> Caption:
    """Return how many accounts cannot be scored, and what to ask for first.

    Parameters
    ----------
    unknown : DataFrame
        The accounts without a score: ``potential_per_year``, ``sales_per_year``,
        ``first`` (label of the most valuable missing datum) and ``n_needed``.
    minimum_known_share : float
        Share of weight from which an account is known enough.
    n_accounts : int
        Accounts of the portfolio.
    language : Language
        The reader's language.
    """
    asked = unknown["first"].value_counts()
    return tell_caption(
        "reasons", "unknown_accounts", language=language, n_unknown=len(unknown), n_accounts=n_accounts,
        minimum=minimum_known_share, n_by_one=int((unknown["n_needed"] == 1).sum()),
        criterion=asked.index[0] if len(asked) else "", n_asked=int(asked.iloc[0]) if len(asked) else 0,
        sales=unknown["sales_per_year"].sum(min_count=1))


def tell_vetoes(
    criteria: pd.DataFrame, vetoes: pd.DataFrame, account_tiers: pd.DataFrame, *, language: Language,
) -> Caption:
    """Return which criteria have a veto, and whom it keeps out of gold.

    Parameters
    ----------
    criteria : DataFrame
        With ``axis``, ``label`` and ``veto``.
    vetoes : DataFrame
        Table ``vetoes``.
    account_tiers : DataFrame
        Table ``account_tiers``.
    language : Language
        The reader's language.
    """
    with_veto = criteria[criteria["veto"].notna()]
    kept_out = account_tiers[account_tiers["veto"].notna()]
    return tell_caption(
        "reasons", "vetoes", language=language, labels=with_veto["label"].tolist(),
        n_hit=int(vetoes["account"].nunique()), n_out=len(kept_out),
        names=kept_out.sort_values("score", ascending=False, kind="stable")["name"].tolist(),
        potential=kept_out["potential_per_year"].sum(min_count=1),
        n_overridden=int((kept_out["tier"] == language.levels[0]).sum()))
