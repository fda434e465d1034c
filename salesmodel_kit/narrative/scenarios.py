"""Sentences on scenarios, on hiring, and on what another size returns."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Protocol

import pandas as pd

from salesmodel_kit.language import Language, is_known
from salesmodel_kit.narrative.telling import Caption, tell_caption

#: Differences that are told as none.
_SAME_SALES_SHARE, _SAME_PEOPLE = 0.005, 0.05


class SizeRange(Protocol):
    """The sizes within 1 % of the best, as the model gives them."""

    low: float
    high: float


class Terms(Protocol):
    """What was declared on hiring, as the model gives it."""

    carry_over: tuple[float, float]
    hiring_cost: float
    ramp_up_months: float


def tell_scenarios(
    scenarios: pd.DataFrame, *, sales_today: float = math.nan, homes: Sequence[Mapping[str, object]] = (),
    language: Language,
) -> Caption:
    """Return what the scenarios change against the client as it is.

    Parameters
    ----------
    scenarios : DataFrame
        Table ``scenarios``: the client as it is first, then at least one scenario.
    sales_today : float
        Sales a year of the accounts that have a tier; missing: not known.
    homes : sequence of mapping
        Homes proposed in scenarios: ``label``, ``name`` of the rep, ``city`` or None, account ``near``.
    language : Language
        The reader's language.
    """
    rows = [{name: value if isinstance(value, str) or is_known(value) else None for name, value in row.items()}
            for row in scenarios.to_dict(orient="records")]
    present, others = rows[0], rows[1:]
    return tell_caption(
        "scenarios", "scenarios", language=language, present=present, others=others,
        best=_find_best(present, others), relief=_find_relief(present, others),
        short=_find_worse(present, others, "n_reps_missing", least=_SAME_PEOPLE),
        bare=_find_worse(present, others, "n_nobody", least=0),
        knows_sales=present["expected_sales_per_year"] is not None, sales_today=sales_today,
        sells_less=1 - (present["expected_sales_per_year"] or math.inf) / sales_today > _SAME_SALES_SHARE,
        without_cost=present["cost_per_year"] is None, homes=list(homes),
        uncovered=[row for row in rows if row["n_nobody"]])


def _find_best(present: dict[str, object], others: list[dict[str, object]]) -> dict[str, object] | None:
    """Return the scenario that is expected to sell most, where that is more than today by half a percent."""
    known = [row for row in others if row["expected_sales_per_year"] is not None]
    now = present["expected_sales_per_year"]
    if now is None or not known:
        return None
    best = max(known, key=lambda row: row["expected_sales_per_year"])
    more = best["expected_sales_per_year"] - now
    if not more > _SAME_SALES_SHARE * now:
        return None
    costs = None not in (best["cost_per_year"], present["cost_per_year"])
    return {**best, "more": more, "dearer": best["cost_per_year"] - present["cost_per_year"] if costs else None}


def _find_worse(
    present: dict[str, object], others: list[dict[str, object]], measure: str, *, least: float
) -> dict[str, object] | None:
    """Return the scenario with the most people missing or accounts with nobody, where that is more than today."""
    worst = max(others, key=lambda row: row[measure])
    more = worst[measure] - present[measure]
    return {**worst, "more": more} if more > least else None


def _find_relief(present: dict[str, object], others: list[dict[str, object]]) -> dict[str, object] | None:
    """Return the scenario with the fewest people missing, where that is fewer than today."""
    least = min(others, key=lambda row: row["n_reps_missing"])
    return least if least["n_reps_missing"] < present["n_reps_missing"] - _SAME_PEOPLE else None


def tell_size_return(
    size_return: pd.DataFrame, hiring_plan: pd.DataFrame | None, *, answer: SizeRange, terms: Terms, n_reps: float,
    language: Language,
) -> Caption:
    """Return what one more person brings, and what the change to the best range costs and returns.

    Parameters
    ----------
    size_return : DataFrame
        Table ``size_return``.
    hiring_plan : DataFrame or None
        Table ``hiring_plan``.
    answer : SizeRange
        The range of sizes within 1 % of the best.
    terms : Terms
        What was declared on hiring.
    n_reps : float
        People today.
    language : Language
        The reader's language.
    """
    rows = size_return.set_index("step", drop=False).to_dict(orient="index")
    second, third = terms.carry_over
    return tell_caption(
        "scenarios", "size_return", language=language, next=rows["next"], change=rows.get("change"), n_reps=n_reps,
        low=answer.low, high=answer.high, second=second, third=third, hiring_cost=terms.hiring_cost,
        months=terms.ramp_up_months, **_read_plan(hiring_plan))


def _read_plan(hiring_plan: pd.DataFrame | None) -> dict[str, object]:
    """Return the share of their cost that hires return over three years, and the quarter from which they have paid."""
    if hiring_plan is None:
        return {"returned": None, "paid": None}
    is_under = hiring_plan["balance"] < 0
    paid = 1 if not is_under.any() else int(hiring_plan.loc[is_under, "quarter"].max()) + 1
    return {"returned": hiring_plan["contribution"].sum() / hiring_plan["cost"].sum() - 1,
            "paid": paid if paid <= len(hiring_plan) else None}
