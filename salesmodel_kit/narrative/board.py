"""Sentences of chapter 5: the board page, what is not known, what each number rests on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import pandas as pd
from markupsafe import Markup

from salesmodel_kit.language import Language, is_known
from salesmodel_kit.narrative.allocation import gather_hours, gather_people, gather_relations
from salesmodel_kit.narrative.segments import gather_postures
from salesmodel_kit.narrative.telling import Caption, tell, tell_caption
from salesmodel_kit.narrative.tiers import count_kept_out, list_tiers


class PresentHoursFacts(Protocol):
    """What a template says of the hours of today: ``PresentHours`` of the chain is one."""

    recorded_basis: str
    source: str
    n_recorded: int
    n_estimated: int
    hours_estimated: float
    hours: float


#: An account is near the cut within this difference of scores.
NEAR_CUT = 0.02
#: The first 90 days, as a share of the year.
FIRST_DAYS = 90 / 365


def tell_board_value(
    segment_scores: pd.DataFrame, account_tiers: pd.DataFrame, tier_summary: pd.DataFrame, *, language: Language,
) -> dict[str, Markup]:
    """Return the first decision of the board page: where the value is.

    Returns
    -------
    dict of str to Markup
        ``heading``, ``decision``, ``sure``, ``change``.
    """
    tiers = list_tiers(tier_summary)
    best = language.levels[0]
    gold = account_tiers[account_tiers["tier"].eq(best)].sort_values("score", ascending=False, kind="stable")
    border = _find_border(account_tiers["score"], tiers[best]["cutoff"])
    near = (account_tiers["score"] - border).abs() < NEAR_CUT
    return _tell_piece(
        "value", language, invest=gather_postures(segment_scores)["invest"], gold_names=gold["name"].tolist(),
        n_gold=len(gold), potential_share=tiers[best]["potential_share"], has_border=is_known(border),
        n_near=int(near.sum()), near_cut=NEAR_CUT, n_unknown=int(account_tiers["score"].isna().sum()),
        n_scored=int(account_tiers["score"].notna().sum()),
        n_kept_out=count_kept_out(account_tiers, language=language)["n_kept_out"])


def _find_border(score: pd.Series, cutoff: float) -> float:
    """Return the cut of gold; not a number where nobody lies below it.

    Where it is an account's own score, as share rules make it, it is the middle to the next score.
    """
    below = score[score < cutoff]
    if below.empty:
        return float("nan")
    return (cutoff + below.max()) / 2 if score.eq(cutoff).any() else cutoff


def tell_board_effort(
    tier_summary: pd.DataFrame, *, present: PresentHoursFacts, capacity: float, language: Language,
) -> dict[str, Markup]:
    """Return the second decision of the board page: where the effort goes and should go.

    Parameters
    ----------
    tier_summary : DataFrame
        Table ``tier_summary``.
    present : PresentHoursFacts
        What the hours of today rest on.
    capacity : float
        Selling hours of the team, hours/year.
    language : Language
        The reader's language.
    """
    hours = gather_hours(tier_summary)
    names = ("hours_known", "gold_now", "gold_now_known", "gold_plan", "gold_share", "by_potential", "moved",
             "share_rises", "hours_rise", "hours_fall", "n_gold", "hours_now", "hours_plan")
    return _tell_piece("effort", language, present=present, capacity=capacity,
                       exceeds=is_known(hours["hours_now"]) and 0 < capacity < hours["hours_now"],
                       n_accounts=hours["n_accounts"], **{name: hours[name] for name in names})


def tell_board_people(
    role_summary: pd.DataFrame, calls: pd.DataFrame, territories: pd.DataFrame, *, language: Language,
    bases: Mapping[str, str], n_without: int, n_reps: int,
) -> dict[str, Markup]:
    """Return the third decision of the board page: what it takes, and the first 90 days.

    Parameters
    ----------
    role_summary, calls, territories : DataFrame
        Tables of the chain; ``territories`` as for ``gather_relations``.
    language : Language
        The reader's language.
    bases : mapping of str to str
        What ``call_norms`` rest on, selling hours that are ``given``, and those that are ``filled``.
    n_without, n_reps : int
        Reps whose selling hours are filled from working time, and all reps.
    """
    gold = calls[calls["tier"].eq(language.levels[0])]
    handed_over = territories["kept"].eq(False).fillna(False)
    people, relations = gather_people(role_summary), gather_relations(territories)
    facts = {name: people[name] for name in ("short", "spare", "size_known", "n_team_needed")}
    facts["idle"] = [row for row in people["spare"] if -row["n_reps_gap"] > row["n_reps"] / 2]
    facts |= {name: relations[name] for name in ("n_changed", "n_released", "released_hours")}
    return _tell_piece(
        "people", language, gold_calls=gold["calls_per_year"].sum() * FIRST_DAYS, n_gold=len(gold),
        n_gold_handed_over=int((handed_over & territories["account"].isin(gold["account"])).sum()),
        need_step=0.1 * people["n_team_needed"],
        bases=bases, n_without=n_without, n_reps=n_reps, **facts)


def _tell_piece(piece: str, language: Language, **facts: object) -> dict[str, Markup]:
    return {part: tell("board", f"{piece}_{part}", language=language, **facts)
            for part in ("heading", "decision", "sure", "change")}


def tell_unknowns(account_scores: pd.DataFrame, territories: pd.DataFrame, *, absent: Mapping[str, bool],
                  language: Language) -> dict[str, Markup]:
    """Return what is not known, and what each gap keeps the model from saying.

    Parameters
    ----------
    account_scores, territories : DataFrame
        Tables of the chain.
    absent : mapping of str to bool
        ``hours``, ``deals``, ``deals_few``, ``deals_cannot_tell``, ``previous_tiers``: whether it is so.
    language : Language
        The reader's language.

    Returns
    -------
    dict of str to Markup
        ``heading``, ``items`` (list items; empty when nothing is missing) and ``nothing``.
    """
    facts = {
        **{name: bool(is_so) for name, is_so in absent.items()}, "n_accounts": len(account_scores),
        "n_no_score": int(account_scores["score"].isna().sum()),
        "n_no_potential": int(account_scores["potential_per_year"].isna().sum()),
        "n_no_sales": int(account_scores["sales_per_year"].isna().sum()),
        "n_no_distance": int((territories["distance_km"].isna() & territories["channel"].eq("field")).sum()),
        "n_no_owner": int(territories["owner"].isna().sum()),
    }
    return {part: tell("board", f"unknowns_{part}", language=language, **(facts if part == "items" else {}))
            for part in ("heading", "items", "nothing")}


def tell_assumptions(assumptions: pd.DataFrame, *, language: Language) -> Caption:
    """Return how many numbers of the model are measured, judged and assumed."""
    counts = assumptions["basis"].value_counts()
    return tell_caption("board", "assumptions", language=language, n_all=len(assumptions),
                        **{f"n_{basis}": int(counts.get(basis, 0)) for basis in ("measured", "judged", "assumed")})


def tell_decided(decided: pd.DataFrame, *, language: Language) -> Caption:
    """Return how many decisions of the room are in force, and whose they are."""
    return tell_caption("board", "decided", language=language, n_decisions=len(decided),
                        authors=list(decided["by"].unique()), last_day=decided["day"].iloc[-1])


def tell_method(
    *, rule: str, cuts: Mapping[str, float], margin: float, potential_weight: float, language: Language,
) -> Markup:
    """Return the method in brief, as paragraphs.

    Parameters
    ----------
    rule : {"cutoff", "account_share", "potential_share", "natural_breaks", "capacity"}
        How tiers are cut.
    cuts : mapping of str to float
        Tier -> number of the rule, 0-1, best tier first.
    margin : float
        By which a score must pass a cut before an account leaves its tier; 0: none.
    potential_weight : float
        How much development potential counts, 0-1.
    language : Language
        The reader's language.
    """
    return tell("board", "method", language=language, rule=rule, margin=margin,
                cuts=[{"tier": tier, "value": value} for tier, value in cuts.items()],
                potential_weight=potential_weight, chance_weight=1 - potential_weight)
