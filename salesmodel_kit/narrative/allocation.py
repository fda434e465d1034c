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


def tell_hours_by_tier(tier_summary: pd.DataFrame, *, language: Language) -> Caption:
    """Return which tiers get more hours today than their share of the potential, and what the plan gives gold."""
    return tell_caption("allocation", "hours_by_tier", language=language, **gather_hours(tier_summary))


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
    return {
        "over": tiers.loc[over, "tier"].tolist() if hours_known else [],
        "over_hours_share": tiers.loc[over, "present_hours_share"].sum(), "over_share": share[over].sum(),
        "by_potential": by_potential, "hours_known": hours_known,
        "n_accounts": int(tier_summary["n_accounts"].sum()),
        "gold_share": gold["potential_share" if by_potential else "account_share"],
        "gold_now": gold["present_hours_share"], "gold_plan": gold["recommended_hours_share"],
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
    """Return the facts of territories: who keeps a rep, who has none, how far they drive."""
    kept = territories["kept"].dropna()
    return {"n_assigned": int(territories["rep"].notna().sum()), "n_nobody": int(territories["rep"].isna().sum()),
            "n_owned": len(kept), "n_kept": int(kept.sum()), "mean_distance": territories["distance_km"].mean()}


def tell_call_ladder(calls: pd.DataFrame, *, language: Language) -> Caption:
    """Return the ladder from the most frequent visits to remote contact."""
    steps = [_describe_step(tier, calls[calls["tier"].eq(tier)]) for tier in language.levels]
    return tell_caption("allocation", "call_ladder", language=language,
                        steps=[step for step in steps if step is not None], n_accounts=len(calls))


def _describe_step(tier: str, calls: pd.DataFrame) -> dict[str, object] | None:
    if calls.empty or calls["calls_per_year"].isna().all():
        return None
    channel = calls["channel"].mode()
    return {"tier": tier, "n_accounts": len(calls), "calls": calls["calls_per_year"].median(),
            "channel": channel.iloc[0] if len(channel) else None}


def tell_call_plan(calls: pd.DataFrame, *, language: Language) -> Caption:
    """Return how many contacts the plan holds, on how many accounts."""
    is_called = calls["calls_per_year"] > 0
    return tell_caption(
        "allocation", "call_plan", language=language, n_calls=calls["calls_per_year"].sum(),
        n_called=int(is_called.sum()), n_accounts=len(calls), n_not_called=int((~is_called).sum()),
        n_nobody=int((is_called & calls["rep"].isna()).sum()), hours=calls["hours_per_year"].sum())


def tell_allocation_decisions(
    tier_summary: pd.DataFrame, role_summary: pd.DataFrame, territories: pd.DataFrame, *, language: Language,
) -> Markup:
    """Return what the room decides on hours, people and territories, as list items."""
    hours = gather_hours(tier_summary)
    return tell("allocation", "decide", language=language, gold_moves=is_known(hours["gold_now"]),
                **gather_people(role_summary), **gather_relations(territories),
                **{name: hours[name] for name in ("gold_now", "gold_plan")})
