"""Sentences of chapter 4: the hours, the people and the calls."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from salesmodel_kit.language import Language, is_known
from salesmodel_kit.narrative.telling import Caption, tell, tell_caption
from salesmodel_kit.narrative.tiers import list_tiers

#: A tier gets more than its share of the hours from this difference of shares on.
WORTH_SAYING = 0.03
#: A role is the right size within half a person.
RIGHT_SIZE = 0.5
#: A rep is full, or has room, from these loads on.
FULL, ROOM = 0.95, 0.8


def tell_hours_by_tier(
    tier_summary: pd.DataFrame, *, language: Language, n_estimated: int = 0, hours_estimated: float = 0.0,
) -> Caption:
    """Return which tiers get more hours today than their share of the potential, and what the plan gives gold.

    Parameters
    ----------
    tier_summary : DataFrame
        Table ``tier_summary``.
    language : Language
        The reader's language.
    n_estimated, hours_estimated : int, float
        Accounts whose hours today are estimated from calls, and these hours.
    """
    return tell_caption("allocation", "hours_by_tier", language=language, n_estimated=n_estimated,
                        hours_estimated=hours_estimated, **gather_hours(tier_summary))


def gather_hours(tier_summary: pd.DataFrame) -> dict[str, object]:
    """Return the facts of hours by tier: the tiers that get too much, and gold now and in the plan.

    Where the potential is not known, hours are held against the share of accounts.
    """
    tiers = tier_summary[tier_summary["n_accounts"] > 0]
    by_potential = bool(tiers["potential_share"].notna().any())
    share = tiers["potential_share" if by_potential else "account_share"].fillna(0)
    hours_known = bool(tiers["present_hours_share"].notna().any())
    excess = tiers["present_hours_share"].fillna(0) - share
    over = excess > WORTH_SAYING
    gold = next(iter(list_tiers(tier_summary).values()))
    now, plan = gold["present_hours_share"], gold["recommended_hours_share"]
    moved = gold["recommended_hours_per_year"] - gold["present_hours_per_year"]
    return {
        "over": tiers.loc[over, "tier"].tolist() if hours_known else [],
        "over_hours_share": tiers.loc[over, "present_hours_share"].sum(), "over_share": share[over].sum(),
        "by_potential": by_potential, "hours_known": hours_known,
        "n_accounts": int(tier_summary["n_accounts"].sum()),
        "gold_share": gold["potential_share" if by_potential else "account_share"],
        "n_gold": int(gold["n_accounts"]), "gold_now": now, "gold_plan": plan, "moved": moved,
        "gold_now_known": is_known(now), "share_rises": is_known(now) and is_known(plan) and plan > now,
        "hours_rise": is_known(moved) and moved > 0, "hours_fall": is_known(moved) and moved < 0,
        "plan_departs": is_known(now) and is_known(plan) and abs(plan - now) > WORTH_SAYING,
        "hours_now": tier_summary["present_hours_per_year"].sum(min_count=1),
        "hours_plan": tier_summary["recommended_hours_per_year"].sum(min_count=1),
    }


def tell_reps_needed(role_summary: pd.DataFrame, *, language: Language) -> Caption:
    """Return how many people the call norms ask for, against those there are."""
    return tell_caption("allocation", "reps_needed", language=language, **gather_people(role_summary))


def gather_people(role_summary: pd.DataFrame) -> dict[str, object]:
    """Return the facts of team size: roles that are short, roles that have hours to spare, and the whole team."""
    known = role_summary.dropna(subset=["n_reps_gap"]).sort_values("n_reps_gap", ascending=False, kind="stable")
    rows = known[["role", "n_reps", "n_reps_needed", "n_reps_gap"]].to_dict(orient="records")
    return {
        "short": [row for row in rows if row["n_reps_gap"] >= RIGHT_SIZE],
        "spare": [row for row in rows[::-1] if row["n_reps_gap"] <= -RIGHT_SIZE],
        "size_known": bool(rows), "n_team": known["n_reps"].sum(), "n_team_needed": known["n_reps_needed"].sum(),
        "workload": role_summary["workload_hours_per_year"].sum(),
        "capacity": role_summary["selling_hours_per_year"].sum(),
    }


def tell_rep_loads(rep_summary: pd.DataFrame, *, language: Language) -> Caption:
    """Return how evenly the planned hours load the reps."""
    load, present = rep_summary["load"].dropna(), rep_summary["n_present_accounts"].dropna()
    return tell_caption(
        "allocation", "rep_loads", language=language, n_reps=len(rep_summary), n_full=int((load >= FULL).sum()),
        n_over=int((load > 1.005).sum()), n_room=int((load < ROOM).sum()),
        lowest=load.min(), highest=load.max(), least=rep_summary.loc[load.idxmin(), "name"] if len(load) else "",
        most=rep_summary.loc[load.idxmax(), "name"] if len(load) else "",
        n_accounts=int(rep_summary["n_accounts"].sum()),
        fewest_now=int(present.min()) if len(present) else 0, most_now=int(present.max()) if len(present) else 0)


def tell_territory_map(territories: pd.DataFrame, *, n_on_map: int, language: Language) -> Caption:
    """Return how many accounts keep their rep, and how far they lie.

    Parameters
    ----------
    territories : DataFrame
        Table ``territories``.
    n_on_map : int
        Accounts with a known place and a rep.
    language : Language
        The reader's language.
    """
    return tell_caption("allocation", "territory_map", language=language, n_on_map=n_on_map,
                        **gather_relations(territories))


def gather_relations(territories: pd.DataFrame) -> dict[str, object]:
    """Return the facts of territories: who keeps a rep, who changes, who loses one, who has none, how far they drive.

    Parameters
    ----------
    territories : DataFrame
        Table ``territories``; with ``present_hours_per_year`` the hours today of who loses a rep are summed.
    """
    kept = territories["kept"].dropna()
    is_released = territories["owner"].notna() & territories["rep"].isna()
    hours = territories.get("present_hours_per_year", pd.Series(float("nan"), index=territories.index))
    return {"n_assigned": int(territories["rep"].notna().sum()), "n_nobody": int(territories["rep"].isna().sum()),
            "n_owned": int(territories["owner"].notna().sum()), "n_kept": int(kept.sum()),
            "n_changed": int((~kept.astype(bool)).sum()), "n_released": int(is_released.sum()),
            "released_hours": hours[is_released].sum(min_count=1), "mean_distance": territories["distance_km"].mean()}


def tell_call_ladder(calls: pd.DataFrame, *, language: Language) -> Caption:
    """Return the ladder from the most frequent visits to remote contact, with the range within each tier."""
    steps = [_describe_step(tier, calls[calls["tier"].eq(tier)]) for tier in language.levels]
    return tell_caption("allocation", "call_ladder", language=language,
                        steps=[step for step in steps if step is not None], n_accounts=len(calls))


def _describe_step(tier: str, calls: pd.DataFrame) -> dict[str, object] | None:
    if calls.empty or calls["calls_per_year"].isna().all():
        return None
    channel = calls["channel"].value_counts()
    return {"tier": tier, "n_accounts": len(calls), "fewest": calls["calls_per_year"].min(),
            "most": calls["calls_per_year"].max(), "channel": channel.index[0] if len(channel) else None,
            "is_mixed": len(channel) > 1}


def tell_call_plan(calls: pd.DataFrame, *, language: Language) -> Caption:
    """Return how many contacts the plan holds, on how many accounts."""
    is_called = calls["calls_per_year"] > 0
    return tell_caption(
        "allocation", "call_plan", language=language, n_calls=calls["calls_per_year"].sum(),
        n_called=int(is_called.sum()), n_accounts=len(calls), n_not_called=int((~is_called).sum()),
        n_nobody=int((is_called & calls["rep"].isna()).sum()), hours=calls["hours_per_year"].sum())


def tell_allocation_decisions(
    tier_summary: pd.DataFrame, role_summary: pd.DataFrame, territories: pd.DataFrame, *, language: Language,
    gap: str | None = None,
) -> Markup:
    """Return what the room decides on hours, people and territories, as list items.

    Parameters
    ----------
    tier_summary, role_summary, territories : DataFrame
        Tables of the chain; ``territories`` as for :func:`gather_relations`.
    language : Language
        The reader's language.
    gap : {"reps", "no_hours", "no_room", "cut", "no_tiers", "no_norms"}, optional
        What the plan lacks to hold hours at all.
    """
    return tell("allocation", "decide", language=language, gap=tell_gap(gap, language=language),
                **gather_hours(tier_summary), **gather_people(role_summary), **gather_relations(territories))


def tell_gap(gap: str | None, *, language: Language) -> Markup:
    """Return what keeps the plan from holding hours, as a clause; empty where nothing does."""
    chapter = "tiers" if gap == "cut" else "allocation"
    return tell(chapter, f"{gap}_missing_title", language=language) if gap else Markup("")
