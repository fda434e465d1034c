"""Sentences of chapter 3 on certainty: how sure a tier is, and what would change it."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from markupsafe import Markup

from salesmodel_kit.language import Language
from salesmodel_kit.narrative.telling import Caption, strip_markup, tell, tell_caption
from salesmodel_kit.tables import TIERS

#: A tier found in this share of the weightings, or more, is sure.
SURE = 0.9
#: An account that is among the best ten in a smaller share of the weightings is left to the file.
LEAST_SHARE = 0.01
#: A smaller change of weight is told as "less than", in points of 100.
_LEAST_POINTS = 0.1


def list_levels(robustness: pd.DataFrame) -> list[str]:
    """Return the tiers of the client, best first."""
    return [tier for tier in TIERS if f"{tier}_acceptability" in robustness]


def describe_weightings(
    n_draws: int, kinds: Mapping[str, str], n_voters: int, *, potential_weight: float,
) -> dict[str, object]:
    """Return what a template says of the weightings: how many, and what they fit.

    Parameters
    ----------
    n_draws : int
        How many.
    kinds : mapping of str to str
        Axis -> ``votes`` or ``ordinal``.
    n_voters : int
        How many people's votes they are drawn from.
    potential_weight : float
        How much development potential counts, 0-1; it is not drawn.
    """
    voted = [axis for axis, kind in kinds.items() if kind == "votes"]
    return {"n_draws": n_draws, "n_voters": n_voters, "voted_axes": voted,
            "is_all_voted": len(voted) == len(kinds), "potential_weight": potential_weight}


def tell_certainty(robustness: pd.DataFrame, *, weightings: Mapping[str, object], is_cut_anew: bool,
                   are_weights_declared: bool, language: Language) -> Caption:
    """Return how many accounts of the best tier keep it whatever the weights.

    Parameters
    ----------
    robustness : DataFrame
        Step table ``robustness``.
    weightings : mapping
        As :func:`describe_weightings` returns it.
    is_cut_anew : bool
        Whether tiers are cut anew in each weighting; else the cutoffs of today hold.
    are_weights_declared : bool
        Whether the tiers of today rest on declared weights, not on the votes.
    language : Language
        The reader's language.
    """
    placed = robustness[robustness["tier_acceptability"].notna()]
    tier = list_levels(robustness)[0]
    best = placed[placed["tier"].eq(tier)]
    return tell_caption(
        "robustness", "certainty", language=language, best=tier, n_best=len(best),
        n_sure=int((best["tier_acceptability"] >= SURE).sum()), n_accounts=len(placed),
        n_sure_of_all=int((placed["tier_acceptability"] >= SURE).sum()), is_cut_anew=is_cut_anew,
        are_weights_declared=are_weights_declared,
        n_close=int(placed["is_close_call"].sum()), **weightings)


def tell_close_calls(close_calls: pd.DataFrame, *, share: float, n_accounts: int, language: Language) -> Caption:
    """Return who sits between two tiers.

    Parameters
    ----------
    close_calls : DataFrame
        Rows of ``robustness``, the most important first.
    share : float
        Share of the weightings, 0-1, below which a tier is a close call.
    n_accounts : int
        Accounts with a tier.
    language : Language
        The reader's language.
    """
    return tell_caption("robustness", "close_calls", language=language, n_close=len(close_calls), share=share,
                        n_accounts=n_accounts, names=close_calls["name"].tolist())


def tell_flip(row: Mapping[str, object], labels: Mapping[str, str], *, language: Language) -> str:
    """Return in words what smallest change of weights moves an account, as plain text.

    Parameters
    ----------
    row : mapping
        A row of ``robustness``.
    labels : mapping of str to str
        Criterion -> name in the client's words.
    language : Language
        The reader's language.
    """
    if pd.isna(row["flip_distance"]):
        return strip_markup(tell("robustness", "no_flip", language=language))
    is_there = isinstance(row["flip_less"], str)
    return strip_markup(tell(
        "robustness", "flip", language=language, to=row["flip_to"],
        less=labels.get(row["flip_less"], "") if is_there else "", more=labels.get(row["flip_more"], ""),
        less_points=_round_points(row["flip_less_by"]), more_points=_round_points(row["flip_more_by"]),
        n_less=int(row["n_flip_less"]), least=_LEAST_POINTS))


def _round_points(share: float) -> float:
    points = 100 * share
    return round(points, 1 if points < 10 else 0)


def tell_influence(influence: pd.DataFrame, *, n_accounts: int, weightings: Mapping[str, object],
                   language: Language) -> Caption:
    """Return which criterion moves most accounts to another tier.

    Parameters
    ----------
    influence : DataFrame
        Step table ``criterion_influence``.
    n_accounts : int
        Accounts with a score.
    weightings : mapping
        As :func:`describe_weightings` returns it.
    language : Language
        The reader's language.
    """
    leaders, n_most = _find_leaders(influence)
    n_without = influence["n_changed_without"].max()
    without = influence.loc[influence["n_changed_without"].eq(n_without), "label"].head(1).tolist()
    return tell_caption(
        "robustness", "influence", language=language, leaders=leaders, n_most=n_most, n_accounts=n_accounts,
        n_criteria=len(influence), without=without, n_without=0 if pd.isna(n_without) else int(n_without),
        **weightings)


def _find_leaders(influence: pd.DataFrame) -> tuple[list[str], int]:
    """Return the criteria whose weight moves most accounts, and how many each of them moves."""
    known = influence.dropna(subset=["n_changed_by_spread"])
    n_most = int(known["n_changed_by_spread"].max()) if len(known) else 0
    return known.loc[known["n_changed_by_spread"].eq(n_most), "label"].tolist() if n_most else [], n_most


def keep_likely(ranks: pd.DataFrame) -> pd.DataFrame:
    """Return the accounts that are among the best ten under at least ``LEAST_SHARE`` of the weightings."""
    return ranks[ranks["best_10_acceptability"] >= LEAST_SHARE]


def tell_best_ten(
    ranks: pd.DataFrame, *, n_accounts: int, weightings: Mapping[str, object], language: Language, n_vetoed: int = 0,
) -> Caption:
    """Return how sure the ten best accounts are.

    Parameters
    ----------
    ranks : DataFrame
        Step table ``rank_robustness``, the surest first.
    n_accounts : int
        Accounts with a score.
    weightings : mapping
        As :func:`describe_weightings` returns it.
    language : Language
        The reader's language.
    n_vetoed : int
        Accounts of the table that a veto keeps out of the best tier.
    """
    first = ranks.sort_values("best_1_acceptability", ascending=False, kind="stable").iloc[0]
    return tell_caption(
        "robustness", "best_ten", language=language, n_ever=len(ranks), n_accounts=n_accounts, first=first["name"],
        first_share=first["best_1_acceptability"], n_shown=len(keep_likely(ranks)), least_share=LEAST_SHARE,
        n_vetoed=n_vetoed, n_sure=int((ranks["best_10_acceptability"] >= SURE).sum()),
        **weightings)


def tell_close_call_decision(
    close_calls: pd.DataFrame, influence: pd.DataFrame, *, language: Language,
) -> Markup:
    """Return what the room decides on close calls, as list items; nothing where there is none."""
    leaders, n_most = _find_leaders(influence)
    return tell("robustness", "decide", language=language, n_close=len(close_calls),
                names=close_calls["name"].tolist(), n_most=n_most, leaders=leaders)
