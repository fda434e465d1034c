"""Sentences on what one more hour brings and how large the team should be."""

from __future__ import annotations

from typing import Protocol

import pandas as pd
from markupsafe import Markup

from salesmodel_kit.language import Language
from salesmodel_kit.narrative.allocation import RIGHT_SIZE, gather_people
from salesmodel_kit.narrative.telling import Caption, tell, tell_caption


class SizeFacts(Protocol):
    """What the curve of sizes says, as the model gives it."""

    best: float
    low: float
    high: float
    best_low: float
    best_high: float
    reallocation_gain: float
    size_gain: float


def tell_responses(
    response_summary: pd.DataFrame, *, n_participants: int, language: Language,
    tier_summary: pd.DataFrame | None = None,
) -> Caption:
    """Return where the next hour brings most today, and what moving hours alone would bring.

    Parameters
    ----------
    response_summary : DataFrame
        Table ``response_summary``.
    n_participants : int
        Who answered.
    language : Language
        The reader's language.
    tier_summary : DataFrame, optional
        Table ``tier_summary``: the hours of the plan, to say where they depart most from the best split.
    """
    table = response_summary.sort_values("sales_per_hour_now", ascending=False, kind="stable")
    rows = table.to_dict(orient="records")
    gain = response_summary["best_sales_per_year"].sum() - response_summary["sales_per_year"].sum()
    return tell_caption("sizes", "responses", language=language, first=rows[0], last=rows[-1], n_tiers=len(rows),
                        departure=_find_departure(response_summary, tier_summary),
                        n_participants=n_participants, gain=gain, share=gain / response_summary["sales_per_year"].sum(),
                        emptied=[row["tier"] for row in rows if row["best_hours_per_year"] == 0],
                        wasted=[row["tier"] for row in rows if row["shape"] > 1])


def _find_departure(response_summary: pd.DataFrame, tier_summary: pd.DataFrame | None) -> dict[str, object] | None:
    """Return the tier whose hours in the plan lie farthest from the hours that would sell most."""
    if tier_summary is None:
        return None
    both = response_summary.merge(tier_summary[["tier", "recommended_hours_per_year"]], on="tier")
    far = (both["recommended_hours_per_year"] - both["best_hours_per_year"]).abs().round()
    return both.loc[far.idxmax()].to_dict() if far.gt(0).any() else None


def tell_sizes(sizes: pd.DataFrame, answer: SizeFacts, *, n_reps: float, language: Language) -> Caption:
    """Return the range of sizes that earn as much as the best, and what size and hours each bring."""
    return tell_caption("sizes", "sizes", language=language, n_reps=n_reps, low=answer.low, high=answer.high,
                        best=answer.best, best_low=answer.best_low, best_high=answer.best_high,
                        moved=answer.reallocation_gain, resized=answer.size_gain,
                        is_edge=answer.best in (sizes["n_reps"].min(), sizes["n_reps"].max()),
                        smallest=sizes["n_reps"].min(), largest=sizes["n_reps"].max())


def tell_size_verdict(role_summary: pd.DataFrame, answer: SizeFacts | None, *, language: Language) -> Markup:
    """Return the people that the call norms ask for beside those who earn most; empty where either is not known.

    Parameters
    ----------
    role_summary : DataFrame
        Table ``role_summary``.
    answer : SizeFacts or None
        What the curve of sizes says.
    language : Language
        The reader's language.
    """
    people = gather_people(role_summary)
    if answer is None or not people["size_known"]:
        return Markup("")
    needed = people["n_team_needed"]
    return tell("sizes", "verdict", language=language, needed=needed, low=answer.low, high=answer.high,
                asks_more=needed > answer.high + RIGHT_SIZE, asks_less=needed < answer.low - RIGHT_SIZE)
