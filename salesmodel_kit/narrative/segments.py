"""Sentences of chapter 1: market segments."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from salesmodel_kit.language import Language
from salesmodel_kit.narrative.telling import Caption, tell, tell_caption

#: Two scores closer than this are a close call: no clear winner.
CLOSE_CALL = 0.1
#: Closed deals below which segments are not tested against chance.
LEAST_DEALS = 10


def tell_portfolio_matrix(
    segment_scores: pd.DataFrame, dispersion: pd.DataFrame | None = None, *, language: Language,
) -> Caption:
    """Return what the portfolio matrix says: how much lies in the segments to invest in, and what is drawn."""
    return tell_caption("segments", "portfolio_matrix", language=language, **gather_postures(segment_scores),
                        **gather_moves(segment_scores, dispersion))


def gather_moves(segment_scores: pd.DataFrame, dispersion: pd.DataFrame | None) -> dict[str, object]:
    """Return how many placed segments have a past, a target and an ellipse of raters, and which raters lie apart."""
    placed = segment_scores[segment_scores["posture"].notna()]
    known = {when: placed.reindex(
        columns=[f"{when}_attractiveness", f"{when}_competitive_strength"]).notna().all(axis=1)
        for when in ("past", "target")}
    ellipses = pd.DataFrame({"segment": [], "ellipse_length": [], "n_raters": []}) if dispersion is None else dispersion
    drawn = ellipses[ellipses["segment"].isin(placed["segment"]) & (ellipses["ellipse_length"] > 0)]
    widest = drawn.sort_values("ellipse_length", ascending=False, kind="stable").head(1)
    labels = placed.set_index("segment")["label"]
    return {"n_past": int(known["past"].sum()), "n_targets": int(known["target"].sum()), "n_ellipses": len(drawn),
            "fewest_raters": int(drawn["n_raters"].min()) if len(drawn) else 0,
            "most_raters": int(drawn["n_raters"].max()) if len(drawn) else 0,
            "widest": labels[widest["segment"].iloc[0]] if len(drawn) > 1 else ""}


def tell_postures(segment_scores: pd.DataFrame, *, language: Language) -> Caption:
    """Return what the table of postures says."""
    return tell_caption("segments", "postures", language=language, **gather_postures(segment_scores))


def gather_postures(segment_scores: pd.DataFrame) -> dict[str, object]:
    """Return the facts of the matrix: labels by posture, and what the segments to invest in hold.

    A share of the whole is not a number where one of the parts is unknown.
    """
    placed = segment_scores[segment_scores["posture"].notna()].sort_values(
        "attractiveness", ascending=False, kind="stable")
    to_invest = placed["posture"].eq("invest")
    named = {posture: placed.loc[placed["posture"].eq(posture), "label"].tolist()
             for posture in ("invest", "select", "harvest")}
    return {
        **named,
        "n_segments": len(segment_scores), "n_placed": len(placed),
        "not_placed": segment_scores.loc[segment_scores["posture"].isna(), "label"].tolist(),
        "n_accounts": int(segment_scores["n_accounts"].fillna(0).sum()),
        "market_share_of_invest": share_of_total(placed["size_per_year"], to_invest),
        "sales_share_of_invest": share_of_total(placed["sales_per_year"], to_invest),
    }


def share_of_total(amounts: pd.Series, chosen: pd.Series) -> float:
    """Return the chosen part of a sum, 0-1; not a number where a part is unknown or all is zero."""
    total = amounts.sum(skipna=False)
    return float(amounts[chosen].sum() / total) if total > 0 else float("nan")


def tell_segment_contributions(
    segment_scores: pd.DataFrame, segment_contributions: pd.DataFrame, *, language: Language,
) -> Caption:
    """Return what makes the most attractive segment so, or that there is no clear winner."""
    ranked = segment_scores.dropna(subset=["attractiveness"]).sort_values(
        "attractiveness", ascending=False, kind="stable")
    first = ranked.iloc[0]
    close = ranked[ranked["attractiveness"] > first["attractiveness"] - CLOSE_CALL]
    parts = segment_contributions[segment_contributions["segment"].eq(first["segment"])
                                  & segment_contributions["axis"].eq("attractiveness")]
    main = parts.sort_values("contribution", ascending=False, kind="stable").iloc[0]
    return tell_caption(
        "segments", "segment_contributions", language=language,
        close=close["label"].tolist(), n_segments=len(ranked),
        first=first["label"], best=first["attractiveness"], lowest=ranked["attractiveness"].iloc[-1],
        last=ranked["label"].iloc[-1], criterion=main["label"], contribution=main["contribution"],
        n_criteria=int(segment_contributions["criterion"].nunique()))


def is_tested(win_rates: pd.DataFrame) -> bool:
    """Return whether there are enough closed deals to test segments against chance."""
    return int(win_rates[["n_won", "n_lost"]].sum().sum()) >= LEAST_DEALS


def tell_win_rates(
    win_rates: pd.DataFrame, *, test: tuple[float, int, float], can_tell: bool, language: Language,
) -> Caption:
    """Return whether segments differ in their chance to win, and how; no best segment where chance alone could do it.

    Parameters
    ----------
    win_rates : DataFrame
        ``WIN_RATES``, a row per segment.
    test : tuple
        Chi-square, degrees of freedom, p-value.
    can_tell : bool
        Whether the differences are more than chance alone would give.
    language : Language
        The reader's language.
    """
    known = win_rates.dropna(subset=["win_rate"]).sort_values("win_rate", ascending=False, kind="stable")
    n_won, n_lost = int(win_rates["n_won"].sum()), int(win_rates["n_lost"].sum())
    chi_square, degrees_of_freedom, p_value = test
    can_tell = can_tell and is_tested(win_rates)
    return tell_caption(
        "segments", "win_rates", language=language, can_tell=can_tell, is_tested=is_tested(win_rates),
        least_deals=LEAST_DEALS, n_groups=len(known),
        n_deals=n_won + n_lost, n_won=n_won,
        win_rate=n_won / (n_won + n_lost) if n_won + n_lost else float("nan"),
        chi_square=chi_square, degrees_of_freedom=degrees_of_freedom, p_value=p_value,
        best=known["group"].iloc[0] if can_tell else "", best_rate=known["win_rate"].max(),
        worst=known["group"].iloc[-1] if can_tell else "", worst_rate=known["win_rate"].min())


def tell_segment_decisions(segment_scores: pd.DataFrame, *, language: Language) -> Markup:
    """Return what the room decides on segments, as list items."""
    ranked = segment_scores.dropna(subset=["attractiveness"]).sort_values(
        "attractiveness", ascending=False, kind="stable")
    near = ranked[ranked["attractiveness"] > ranked["attractiveness"].max() - CLOSE_CALL]
    return tell("segments", "decide", language=language, close=near["label"].tolist(),
                **gather_postures(segment_scores))
