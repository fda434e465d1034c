"""Exhibits on the dated call plan: the year of every rep, and the first weeks of one."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from salesmodel_kit.chain import SalesModel
from salesmodel_kit.charts.call_weeks import draw_call_weeks
from salesmodel_kit.charts.style import save_svg
from salesmodel_kit.language import N_
from salesmodel_kit.narrative.call_plan import tell_call_weeks, tell_next_calls
from salesmodel_kit.narrative.telling import strip_markup
from salesmodel_kit.reports.exhibits.allocation import gather_calls, report_no_plan
from salesmodel_kit.reports.exhibits.grid import Field, render_grid
from salesmodel_kit.reports.exhibits.page import Exhibit, make_figure, make_table, state_basis

#: Weeks of the plan that are shown call by call.
NEXT_WEEKS = 4
_SUMMARY = (Field("name", N_("Rep")), Field("n_planned", N_("Calls with a week"), "count"),
            Field("n_unplanned", N_("Calls without"), "count"), Field("mean_load", N_("Load"), "share"),
            Field("peak_load", N_("Fullest week"), "share"),
            Field("spacing_deviation", N_("Weeks off even spacing"), "decimal"),
            Field("spacing_deviation_alone", N_("The same, each account for itself"), "decimal"),
            Field("travel_km", N_("Travel by the weeks"), "km"),
            Field("travel_km_full", N_("Travel, journeys full"), "km"),
            Field("travel_km_alone", N_("Travel, each account for itself"), "km"),
            Field("n_kept", N_("As in the former plan"), "count", is_told=False),
            Field("n_moved", N_("Moved or new"), "count", is_told=False))
_NEXT = (Field("day", N_("Day")), Field("name", N_("Account")), Field("tier", N_("Tier"), "tier"),
         Field("area", N_("Area")), Field("kind", N_("Kind"), "call"), Field("calls", N_("Calls"), "count"),
         Field("hours", N_("Hours"), "decimal"))


def show_call_weeks(model: SalesModel) -> Exhibit:
    """Return every rep's year week by week, or what it lacks."""
    if not _has_calls(model):
        return report_no_plan(model, name="call_weeks", otherwise="no_weeks")
    language, names = model.language, model.reps.set_index("rep")["name"]
    summary = model.call_summary[model.call_summary["n_planned"] > 0]
    weeks = model.call_weeks[model.call_weeks["rep"].isin(summary["rep"])]
    caption = tell_call_weeks(gather_calls(model), has_leave=model.client.leave is not None, n_made=_count_made(model),
                              language=language)
    return make_figure(
        "call_weeks", caption, language=language,
        picture=save_svg(draw_call_weeks(weeks, names[names.index.isin(summary["rep"])], language=language)),
        grid=render_grid(summary.assign(name=summary["rep"].map(names)), _SUMMARY,
                         label=strip_markup(caption.title), language=language),
        basis=_state_basis(model))


def show_next_calls(model: SalesModel) -> Exhibit:
    """Return the first weeks of the rep with the fullest year, call by call, or what it lacks."""
    if not _has_calls(model):
        return report_no_plan(model, name="next_calls", otherwise="no_weeks")
    language, names = model.language, model.reps.set_index("rep")["name"]
    load = model.call_summary.set_index("rep")["mean_load"]
    busiest = load.idxmax()
    own = model.call_plan[model.call_plan["rep"].eq(busiest) & model.call_plan["week"].notna()]
    rows = own[own["week"] < model.call_weeks["week"].min() + pd.Timedelta(weeks=NEXT_WEEKS)]
    rows = rows.sort_values(["day", "area", "name"], kind="stable", na_position="last")
    caption = tell_next_calls(rows, name=names[busiest], language=language)
    grid = render_grid(rows.assign(day=[language.date(day.date()) for day in rows["day"]]), _NEXT,
                       label=strip_markup(caption.title), language=language, file="call_plan")
    return make_table("next_calls", caption, grid=grid, basis=_state_basis(model))


def _has_calls(model: SalesModel) -> bool:
    return bool(model.call_summary["n_planned"].sum() > 0)


def _count_made(model: SalesModel) -> int | None:
    made: pd.DataFrame | None = model.client.calls_made
    return None if made is None else len(made)


def _state_basis(model: SalesModel) -> Markup:
    optional = {"public_holidays": bool(model.call_rules.work.holidays), "leave": model.client.leave is not None,
                "calls_made": model.client.calls_made is not None, "seasonality": model.profile.seasonality is not None}
    there = [name for name, is_there in optional.items() if is_there]
    return state_basis(model, "selling_hours_per_year", "call_norms", "places", *there, "call_rules")
