"""Sentences on plans of territories: today's, the proposed one, one edited by hand, and what cannot be met."""

from __future__ import annotations

from typing import Protocol

import pandas as pd
from markupsafe import Markup

from salesmodel_kit.language import Language, is_known
from salesmodel_kit.narrative.telling import Caption, tell, tell_caption


class Rules(Protocol):
    """What the plan weighs and keeps to, as the model gives it."""

    balance_tolerance: float
    relation_km: float
    balance_from: float


class Homes(Protocol):
    """Homes proposed and their kilometers, as the model gives them."""

    homes: pd.DataFrame
    km_per_year: float
    km_before: float
    km_middle: float
    n_without_place: int
    gap: float


def tell_plan_comparison(
    comparison: pd.DataFrame, *, rules: Rules, language: Language, is_driven: bool = False
) -> Caption:
    """Return what the proposed plan gains over today's, how many change rep for it, and how near the best it is.

    Parameters
    ----------
    comparison : DataFrame
        Table ``plan_comparison``.
    rules : Rules
        What a present relation is worth, and from which load hours are balanced.
    language : Language
        The reader's language.
    is_driven : bool
        Whether hours on the way follow from the rep's home.
    """
    return tell_caption("territories", "plan_comparison", language=language, relation_km=rules.relation_km,
                        balance_from=rules.balance_from, is_loose=_is_loose(comparison, rules), is_driven=is_driven,
                        **gather_plans(comparison))


def _is_loose(comparison: pd.DataFrame, rules: Rules) -> bool:
    """Return whether the field has so few hours that travel decides, and not an equal load."""
    return bool((comparison["hours_tolerance"] > rules.balance_tolerance + 1e-9).any())


def tell_homes(proposals: pd.DataFrame, *, plan: Homes, language: Language) -> Caption:
    """Return where reps without a home would sit best, and what that saves.

    Parameters
    ----------
    proposals : DataFrame
        Table ``home_proposals``.
    plan : Homes
        With the kilometers beside it.
    language : Language
        The reader's language.
    """
    def save(other: float) -> float:
        return 1 - plan.km_per_year / other if other > 0 else float("nan")

    return tell_caption(
        "territories", "homes", language=language, homes=list_homes(proposals), km=plan.km_per_year,
        saved=save(plan.km_before), saved_km=plan.km_before - plan.km_per_year, saved_middle=save(plan.km_middle),
        gap=plan.gap, n_without_place=plan.n_without_place)


def list_homes(proposals: pd.DataFrame) -> list[dict[str, object]]:
    """Return the homes proposed: name of the rep, town (None: not known), account nearby."""
    return [{"name": row.name, "city": row.city if isinstance(row.city, str) else None, "near": row.near}
            for row in proposals[["name", "city", "near"]].itertuples(index=False)]


def gather_plans(comparison: pd.DataFrame) -> dict[str, object]:
    """Return the facts of the plans: each by name (None: not there), and the kilometers saved as a share of today's."""
    plans = {row["plan"]: row for row in comparison.to_dict(orient="records")}
    present, proposed, wished = (plans.get(name) for name in ("present", "proposed", "wished"))
    return {
        "present": present, "proposed": proposed, "wished": wished,
        "n_owned": _count_owned(proposed), "saved_share": _compare_travel(proposed, present),
        "wished_share": _compare_travel(wished, proposed) if wished else float("nan"),
    }


def _count_owned(proposed: dict[str, object]) -> int:
    share = proposed["changed_share"]
    if not is_known(share):
        return 0
    return round(proposed["n_changed"] / share) if share > 0 else -1


def _compare_travel(plan: dict[str, object], other: dict[str, object] | None) -> float:
    """Return the share of the other plan's kilometers that a plan saves; not a number where it cannot be told.

    Two plans are told apart by their kilometers only where they serve about the same accounts.
    """
    if other is None or not is_known(other["travel_km_per_year"]) or not other["travel_km_per_year"] > 0:
        return float("nan")
    if not is_known(plan["travel_km_per_year"]):
        return float("nan")
    return 1 - plan["travel_km_per_year"] / other["travel_km_per_year"]


def tell_territory_conditions(conditions: pd.DataFrame, *, language: Language) -> tuple[Markup, Markup]:
    """Return title and sentences, one for each condition that would have to give way.

    Parameters
    ----------
    conditions : DataFrame
        Table ``territory_conditions``, not empty.
    language : Language
        The reader's language.
    """
    rows = conditions.to_dict(orient="records")
    rows = [{name: value if isinstance(value, str) or is_known(value) else None for name, value in row.items()}
            for row in rows]
    return (tell("territories", "conditions_missing_title", language=language, n_conditions=len(rows)),
            tell("territories", "conditions_missing", language=language, conditions=rows))
