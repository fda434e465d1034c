"""Sentences of chapter 2: what the room voted, how far it agrees, what other weights would change."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from salesmodel_kit.language import Language
from salesmodel_kit.narrative.telling import Caption, tell, tell_caption

#: Kendall's W from which a common order is strong.
STRONG_AGREEMENT = 0.7
#: A change of a weight that shows in whole percents.
LEAST_CHANGE = 0.005


def tell_group_weights(
    group_weights: pd.DataFrame, agreement: pd.DataFrame, *, language: Language, criteria: pd.DataFrame | None = None,
) -> Caption:
    """Return where the room agrees and what it is to talk about.

    Parameters
    ----------
    group_weights : DataFrame
        Table ``group_weights``.
    agreement : DataFrame
        Table ``agreement``.
    language : Language
        The reader's language.
    criteria : DataFrame, optional
        The criteria in force, to say where the strategy's emphasis changes a weight most.
    """
    to_discuss = group_weights[group_weights["to_discuss"]]
    to_discuss = to_discuss.sort_values("quartile_range", ascending=False, kind="stable")
    shift = (group_weights["group_weight"] - group_weights["declared_weight"]).abs()
    return tell_caption(
        "votes", "group_weights", language=language, bent=find_bent(criteria),
        n_criteria=len(group_weights), n_to_discuss=len(to_discuss),
        to_discuss=to_discuss["label"].drop_duplicates().tolist(), n_participants=group_weights["n_participants"].max(),
        widest=100 * to_discuss["quartile_range"].max(), rounds=_name_rounds(group_weights),
        n_sets=group_weights["weight_set"].nunique(dropna=False), shift=100 * shift.max(),
        shifted=group_weights.loc[shift.idxmax(), "label"], **_describe_agreement(group_weights, agreement))


def find_bent(criteria: pd.DataFrame | None) -> dict[str, object] | None:
    """Return the criterion whose weight the strategy's emphasis changes most, None where it changes none.

    Parameters
    ----------
    criteria : DataFrame or None
        With ``axis``, ``label``, ``weight`` and ``effective_weight``.

    Returns
    -------
    dict or None
        ``label``, ``before`` and ``after``, shares of the axis.
    """
    if criteria is None:
        return None
    before = criteria["weight"] / criteria.groupby("axis")["weight"].transform("sum")
    change = (criteria["effective_weight"] - before).abs()
    if not (change > LEAST_CHANGE).any():
        return None
    most = change.idxmax()
    return {"label": criteria.at[most, "label"], "before": before[most], "after": criteria.at[most, "effective_weight"]}


def _name_rounds(table: pd.DataFrame) -> list[int]:
    return sorted({int(number) for number in table["round"]})


def _describe_agreement(group_weights: pd.DataFrame, agreement: pd.DataFrame) -> dict[str, object]:
    """Return the lowest and highest Kendall's W of the rounds that count; missing where nobody could disagree."""
    latest = agreement.merge(group_weights[["weight_set", "axis", "round"]].drop_duplicates(),
                             on=["weight_set", "axis", "round"])["concordance"]
    return {"lowest": latest.min(), "highest": latest.max(), "is_strong": bool(latest.min() >= STRONG_AGREEMENT)}


def tell_departments(departments: pd.DataFrame, group_weights: pd.DataFrame, *, language: Language) -> Markup:
    """Return which departments lie farthest apart, and on what; empty where fewer than two have two voters.

    Parameters
    ----------
    departments : DataFrame
        ``weight_set``, ``axis``, ``criterion``, ``department`` and ``group_weight``.
    group_weights : DataFrame
        Table ``group_weights``, for the labels.
    language : Language
        The reader's language.
    """
    key = ["weight_set", "axis", "criterion"]
    if departments["department"].nunique() < 2:
        return Markup("")
    ordered = departments.sort_values("group_weight", kind="stable").groupby(key, sort=False, dropna=False)
    ends = ordered.agg(low=("group_weight", "first"), high=("group_weight", "last"), least=("department", "first"),
                       most=("department", "last")).reset_index().merge(group_weights[[*key, "label"]], on=key)
    widest = ends.loc[(ends["high"] - ends["low"]).idxmax(), ["label", "low", "high", "least", "most"]]
    return tell("votes", "departments", language=language, **widest.to_dict())


def tell_round_changes(round_changes: pd.DataFrame, *, language: Language) -> Caption:
    """Return whether the room came closer between its last two rounds.

    Parameters
    ----------
    round_changes : DataFrame
        Table ``round_changes``.
    language : Language
        The reader's language.
    """
    before, now = (100 * round_changes[name].mean() for name in ("quartile_range_before", "quartile_range"))
    moved = round_changes.loc[round_changes["weight_change"].abs().idxmax()]
    return tell_caption(
        "votes", "round_changes", language=language, before=before, now=now, n_criteria=len(round_changes),
        is_same=abs(before - now) < 0.05, rounds=_name_rounds(round_changes),
        n_to_discuss_before=int(round_changes["to_discuss_before"].sum()),
        n_to_discuss=int(round_changes["to_discuss"].sum()), label=moved["label"],
        weight_before=moved["group_weight_before"], weight=moved["group_weight"],
        n_participants_before=round_changes["n_participants_before"].max(),
        n_participants=round_changes["n_participants"].max())


def tell_weight_sets(weight_sets: pd.DataFrame, tier_changes: pd.DataFrame, *, language: Language) -> Caption:
    """Return how many accounts owe their tier to the choice of weights.

    Parameters
    ----------
    weight_sets : DataFrame
        Table ``weight_sets``, the set in force first.
    tier_changes : DataFrame
        Table ``tier_changes``.
    language : Language
        The reader's language.
    """
    others = weight_sets[~weight_sets["in_force"]]
    most = others.loc[others["n_changed"].astype(float).idxmax()]
    return tell_caption(
        "votes", "weight_sets", language=language, in_force=weight_sets["set_name"].iloc[0], n_others=len(others),
        n_changed=tier_changes["account"].nunique(), set_name=most["set_name"], n_most=most["n_changed"],
        n_up=most["n_up"], n_down=most["n_down"], others=others["set_name"].tolist())


def tell_best_by_set(ranks: pd.DataFrame, set_names: list[str], *, language: Language) -> Caption:
    """Return how many of the best accounts are among the best whichever weights count.

    Parameters
    ----------
    ranks : DataFrame
        ``name``, and ``rank_1``, ``rank_2``, ... in the order of ``set_names``.
    set_names : list of str
        The sets, the one in force first.
    language : Language
        The reader's language.
    """
    columns = [f"rank_{at}" for at in range(1, len(set_names) + 1)]
    best = ranks[columns].astype(float)
    n_best = int((best["rank_1"] <= 10).sum())
    return tell_caption(
        "votes", "best_by_set", language=language, n_best=n_best, n_stable=int((best <= 10).all(axis=1).sum()),
        n_shown=len(ranks), sets=set_names, first=ranks.loc[best["rank_1"].idxmin(), "name"],
        is_first=bool((best.loc[best["rank_1"].idxmin()] == best.min()).all()))


def tell_tier_changes(tier_changes: pd.DataFrame, *, in_force: str, language: Language) -> Caption:
    """Return who would change tier under another set of weights.

    Parameters
    ----------
    tier_changes : DataFrame
        Table ``tier_changes``.
    in_force : str
        The set that counts.
    language : Language
        The reader's language.
    """
    best = language.levels[0]
    gained = tier_changes.loc[tier_changes["other_tier"].eq(best), "account"].nunique()
    lost = tier_changes.loc[tier_changes["tier"].eq(best), "account"].nunique()
    first = tier_changes.iloc[0]["name"] if len(tier_changes) else ""
    return tell_caption("votes", "tier_changes", language=language, n_changed=tier_changes["account"].nunique(),
                        n_gained=gained, n_lost=lost, in_force=in_force, first=first)


def tell_contradictions(consistency: pd.DataFrame, *, language: Language) -> Caption:
    """Return how many sets of comparisons contradict themselves.

    Parameters
    ----------
    consistency : DataFrame
        Table ``vote_consistency``.
    language : Language
        The reader's language.
    """
    return tell_caption("votes", "contradictions", language=language, n_ballots=len(consistency),
                        n_contradicting=int(consistency["contradicts"].sum()),
                        n_participants=consistency["participant"].nunique())
