"""Sentences of chapter 2: account scores."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from salesmodel_kit.language import Language
from salesmodel_kit.narrative.segments import CLOSE_CALL, share_of_total
from salesmodel_kit.narrative.telling import Caption, tell, tell_caption


def tell_criteria(
    criteria: pd.DataFrame, *, strategy: str, potential_weight: float, language: Language,
) -> Caption:
    """Return which criteria of account value weigh most.

    Parameters
    ----------
    criteria : DataFrame
        With ``axis``, ``label`` and ``effective_weight``.
    strategy : str
        Name of the strategy in the reader's language.
    potential_weight : float
        How much development potential counts, 0-1; the chance to win is the rest.
    language : Language
        The reader's language.
    """
    rows = criteria[criteria["axis"].isin(["potential", "chance"])]
    heaviest = {axis: _name_heaviest(rows[rows["axis"].eq(axis)]) for axis in ("potential", "chance")}
    return tell_caption("scores", "criteria", language=language, strategy=strategy, n_criteria=len(rows),
                        potential_weight=potential_weight, chance_weight=1 - potential_weight, **heaviest)


def _name_heaviest(criteria: pd.DataFrame) -> dict[str, object]:
    weight = criteria["effective_weight"].max()
    labels = criteria.loc[criteria["effective_weight"] > weight - 1e-9, "label"].tolist()
    return {"labels": labels, "weight": weight}


def tell_value_map(account_scores: pd.DataFrame, *, language: Language) -> Caption:
    """Return how many accounts join high potential and a good chance, and what they hold."""
    scored = account_scores[account_scores["score"].notna()]
    is_high = (scored["potential_score"] >= 0.5) & (scored["win_score"] >= 0.5)
    return tell_caption(
        "scores", "value_map", language=language,
        n_accounts=len(account_scores), n_scored=len(scored), n_unknown=len(account_scores) - len(scored),
        has_potential=bool(scored["potential_per_year"].notna().any()), n_high=int(is_high.sum()),
        account_share=is_high.mean() if len(scored) else float("nan"),
        potential_share=share_of_known(scored["potential_per_year"], is_high))


def share_of_known(amounts: pd.Series, chosen: pd.Series) -> float:
    """Return the chosen part of what is known of a sum, 0-1; not a number where nothing is known."""
    return share_of_total(amounts.dropna(), chosen[amounts.notna()])


def compare_ranks(account_scores: pd.DataFrame) -> pd.DataFrame:
    """Return the scores with both ranks among the accounts of which score and sales are known; missing elsewhere.

    A rank among more accounts than the other ranks would make accounts rise and
    fall that only have other neighbours.
    """
    both = account_scores["score"].notna() & account_scores["sales_per_year"].notna()
    ranks = {f"rank_by_{name}": account_scores[column].where(both).rank(method="min", ascending=False).astype("Int64")
             for name, column in (("sales", "sales_per_year"), ("value", "score"))}
    return account_scores.assign(**ranks, rank_change=ranks["rank_by_sales"] - ranks["rank_by_value"])


def tell_rank_changes(account_scores: pd.DataFrame, *, language: Language, n_shown: int = 10) -> Caption:
    """Return how many of the best accounts by value are not among the biggest buyers.

    Parameters
    ----------
    account_scores : DataFrame
        As :func:`compare_ranks` returns them.
    language : Language
        The reader's language.
    n_shown : int
        Accounts drawn that rise most, and that fall most, at most.
    """
    ranked = account_scores.dropna(subset=["rank_by_sales", "rank_by_value"])
    top = 50 if len(ranked) >= 200 else max(1, min(10, len(ranked) // 2))
    best = ranked[ranked["rank_by_value"] <= top]
    n_rise, n_fall = int((ranked["rank_change"] > 0).sum()), int((ranked["rank_change"] < 0).sum())
    return tell_caption(
        "scores", "rank_changes", language=language,
        n_ranked=len(ranked), n_top=top, n_best=len(best),
        n_not_buying_most=int((best["rank_by_sales"] > top).sum()), n_rise=n_rise, n_fall=n_fall,
        n_rise_shown=min(n_rise, n_shown), n_fall_shown=min(n_fall, n_shown))


def tell_top_accounts(
    account_scores: pd.DataFrame, account_contributions: pd.DataFrame, labels: pd.Series, *, language: Language,
) -> Caption:
    """Return what carries the best accounts, and whether they can be told apart.

    Parameters
    ----------
    account_scores : DataFrame
        The accounts shown, best first.
    account_contributions : DataFrame
        The same accounts: ``account`` and one column per criterion.
    labels : Series
        Criterion -> name in the client's words.
    language : Language
        The reader's language.
    """
    parts = account_contributions.drop(columns="account").mean().sort_values(ascending=False, kind="stable")
    score = account_scores["score"]
    return tell_caption(
        "scores", "top_accounts", language=language, n_shown=len(account_scores),
        first=account_scores["name"].iloc[0], best=score.iloc[0], lowest=score.iloc[-1],
        gap=score.iloc[0] - score.iloc[-1], is_close=len(score) > 1 and score.iloc[0] - score.iloc[-1] < CLOSE_CALL,
        criterion=labels[parts.index[0]], contribution=parts.iloc[0])


def tell_score_decisions(
    account_scores: pd.DataFrame, *, strategy: str, potential_weight: float, language: Language,
) -> Markup:
    """Return what the room decides on account value, as list items."""
    return tell("scores", "decide", language=language, strategy=strategy, potential_weight=potential_weight,
                n_unknown=int(account_scores["score"].isna().sum()),
                n_moving=int(compare_ranks(account_scores)["rank_change"].fillna(0).ne(0).sum()),
                n_without_potential=int(account_scores["potential_per_year"].isna().sum()),
                n_accounts=len(account_scores))
