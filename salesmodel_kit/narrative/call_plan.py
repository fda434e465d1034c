"""Sentences on the dated call plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from markupsafe import Markup

from salesmodel_kit.language import Language
from salesmodel_kit.narrative.telling import Caption, tell, tell_caption

#: Kilometers an hour where none are declared, and the part of planned hours above which journeys are called impossible.
USUAL_KMH, MOST_ON_THE_WAY = 70.0, 0.5
#: Part of planned hours that dated journeys may take beyond the way in them before it is called too much.
MOST_BEYOND = 0.15
#: Weeks of a whole year; hours that do not count.
_YEAR, _MINUTE = 52, 0.01


def gather_call_plan(
    call_plan: pd.DataFrame, call_weeks: pd.DataFrame, call_summary: pd.DataFrame, *, names: Mapping[str, str],
    speed: float | None = None, n_later: int = 0, day_hours: float | None = None,
    season: Sequence[float] | None = None,
) -> dict[str, object]:
    """Return the facts of the dated call plan: what has a week, what has none, how even, how full, how far.

    Parameters
    ----------
    call_plan, call_weeks, call_summary : DataFrame
        Tables of the chain.
    names : mapping of str to str
        Rep -> name.
    speed : float, optional
        On the road, km/h; where it is not declared, ``USUAL_KMH``.
    n_later : int
        Accounts due less than once a year whose turn is another year.
    day_hours : float, optional
        Hours of a working day.
    season : sequence of float (12,), optional
        Share of the year's work that falls into each month, January first.
    """
    without = call_plan[call_plan["week"].isna()]
    is_nobody = without["reason"].eq("nobody")
    no_room, nobody = without[~is_nobody], without[is_nobody]
    called = call_summary[call_summary["n_planned"] > 0]
    weight = called["n_planned"].astype(float)
    at = called["peak_load"].idxmax() if called["peak_load"].notna().any() else None
    return {
        "n_later": n_later, "n_planned": int(call_plan["calls"].sum() - without["calls"].sum()),
        "n_no_room": int(no_room["calls"].sum()), "n_nobody": int(nobody["calls"].sum()),
        "no_room": no_room["name"].tolist(), "n_reps": len(called),
        "first": call_weeks["week"].min().date() if len(call_weeks) else None, "n_weeks": call_weeks["week"].nunique(),
        "peak": called["peak_load"].max(), "fullest": names.get(called.loc[at, "rep"], "") if at is not None else "",
        "peak_alone": called["peak_load_alone"].max(),
        "spacing": _average(called["spacing_deviation"], weight),
        "spacing_alone": _average(called["spacing_deviation_alone"], weight),
        "travel": _round(called["travel_km"].sum()), "travel_alone": _round(called["travel_km_alone"].sum()),
        "beyond": MOST_BEYOND, "travel_full": _round(called["travel_km_full"].sum()), "is_driven": speed is not None,
        **_find_longest_way(called, call_weeks, names, speed=speed or USUAL_KMH, is_driven=speed is not None),
        "has_former": bool(called["n_kept"].notna().any()), "n_kept": int(called["n_kept"].sum()),
        "n_moved": int(called["n_moved"].sum()), **_count_days(call_plan, day_hours),
        "has_season": season is not None,
        "off_season": None if season is None or call_weeks["week"].nunique() < _YEAR else _measure_season(
            call_plan, season),
    }


def _count_days(call_plan: pd.DataFrame, day_hours: float | None) -> dict[str, object]:
    """Return the days with calls, and those whose calls and ways take longer than a working day."""
    days = call_plan.dropna(subset=["rep", "day"]).groupby(["rep", "day"])["hours"].sum()
    is_long = days > (float("inf") if day_hours is None else day_hours) + _MINUTE
    return {"n_days": len(days), "n_long_days": int(is_long.sum()), "day_hours": day_hours,
            "longest_day": float(days.max()) if len(days) else 0.0}


def _measure_season(call_plan: pd.DataFrame, season: Sequence[float]) -> float:
    """Return the share of the calls that would have to stand in another month for the seasons to be met."""
    calls = call_plan.dropna(subset=["day"])
    found = calls.groupby(calls["day"].dt.month)["calls"].sum().reindex(range(1, 13), fill_value=0).astype(float)
    return float((found / found.sum() - list(season)).abs().sum() / 2) if found.sum() else 0.0


def _find_longest_way(
    called: pd.DataFrame, call_weeks: pd.DataFrame, names: Mapping[str, str], *, speed: float, is_driven: bool,
) -> dict[str, object]:
    """Return whose hours the dated journeys overrun most: by all of their way, or by what the hours lack of it."""
    hours = call_weeks.groupby("rep")["hours"].sum()
    own = called.set_index("rep")
    more = own["travel_km"] - (own["travel_km_full"] if is_driven else 0.0)
    share = (more / speed / hours.where(hours > 0)).dropna()
    if share.empty:
        return {"is_far": False}
    rep = share.idxmax()
    most = MOST_BEYOND if is_driven else MOST_ON_THE_WAY
    return {"is_far": bool(share[rep] > most), "far_share": float(share[rep]),
            "far_name": names.get(rep, rep), "far_speed": speed, "n_far": int((share > most).sum())}


def _round(value: float) -> float:
    """Return a number to three digits that mean something."""
    return float(f"{value:.3g}")


def _average(values: pd.Series, weight: pd.Series) -> float:
    is_there = values.notna()
    total = weight[is_there].sum()
    return float((values * weight)[is_there].sum() / total) if total else float("nan")


def tell_call_weeks(facts: Mapping[str, object], *, has_leave: bool, n_made: int | None, language: Language) -> Caption:
    """Return whether every call has its week, and how even, full and far the plan is.

    Parameters
    ----------
    facts : mapping
        As :func:`gather_call_plan` returns them.
    has_leave : bool
        Whether the client declares any leave.
    n_made : int or None
        Calls already made; None: not recorded.
    language : Language
        The reader's language.
    """
    return tell_caption("call_plan", "call_weeks", language=language, has_leave=has_leave, n_made=n_made, **facts)


def tell_next_calls(next_calls: pd.DataFrame, *, name: str, language: Language) -> Caption:
    """Return what the next weeks of one rep hold.

    Parameters
    ----------
    next_calls : DataFrame
        Rows of the table ``call_plan``.
    name : str
        Of the rep.
    language : Language
        The reader's language.
    """
    return tell_caption(
        "call_plan", "next_calls", language=language, name=name, n_calls=int(next_calls["calls"].sum()),
        hours=next_calls["hours"].sum(), n_weeks=next_calls["week"].nunique(),
        first=next_calls["week"].min().date(), areas=next_calls["area"].dropna().unique().tolist())


def tell_call_decision(facts: Mapping[str, object], *, has_leave: bool, language: Language) -> Markup:
    """Return what the room decides on the call plan, as list items; empty where no call is planned.

    Parameters
    ----------
    facts : mapping
        As :func:`gather_call_plan` returns them.
    has_leave : bool
        Whether the client declares any leave.
    language : Language
        The reader's language.
    """
    return tell("call_plan", "decide", language=language, has_leave=has_leave, **facts)
