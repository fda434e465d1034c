"""Exhibits of chapter 4 on what effort brings and how large the team should be."""

from __future__ import annotations

from salesmodel_kit.chain import SalesModel
from salesmodel_kit.charts.size_curve import draw_size_curve
from salesmodel_kit.charts.style import save_svg
from salesmodel_kit.language import N_
from salesmodel_kit.narrative.response_history import tell_response_history
from salesmodel_kit.narrative.sizes import tell_responses, tell_sizes
from salesmodel_kit.narrative.telling import strip_markup
from salesmodel_kit.reports.exhibits.grid import Field, render_grid
from salesmodel_kit.reports.exhibits.page import Exhibit, make_figure, make_table, report_missing, state_basis

_RESPONSES = (Field("tier", N_("Tier"), "tier"), Field("nothing", N_("No effort"), "score"),
              Field("half", N_("Half of today's"), "score"), Field("half_more", N_("Half more"), "score"),
              Field("most", N_("As much as one could"), "score"),
              Field("sales_per_hour_now", N_("Sales of the next hour"), "money"),
              Field("sales_per_hour_low", N_("by one participant, at least"), "money"),
              Field("sales_per_hour_high", N_("by one participant, at most"), "money"),
              Field("present_hours_per_year", N_("Hours today"), "hours"),
              Field("best_hours_per_year", N_("Hours that would sell most"), "hours"))
_SIZES = (Field("n_reps", N_("People"), "decimal"), Field("hours_per_year", N_("Hours per year"), "hours"),
          Field("sales_per_year", N_("Sales per year"), "money"),
          Field("contribution_per_year", N_("Margin per year"), "money"),
          Field("cost_per_year", N_("Cost of the team"), "money"),
          Field("profit_per_year", N_("Margin less cost"), "money"))


_HISTORY = (Field("label", N_("Segment")), Field("n_accounts", N_("Customers"), "count"),
            Field("nothing", N_("No effort"), "score"), Field("half", N_("Half of today's"), "score"),
            Field("half_more", N_("Half more"), "score"),
            Field("sales_per_hour_now", N_("Sales of the next hour"), "money"),
            Field("sales_per_hour_low", N_("At least"), "money"), Field("sales_per_hour_high", N_("At most"), "money"))


def show_response_history(model: SalesModel) -> Exhibit:
    """Return what hours went with so far, segment by segment, or what it takes to say so."""
    table = model.response_history
    if table is None:
        return report_missing("response_history", "response_history", model=model)
    labels = model.client.segments.set_index("segment")["label"]
    caption = tell_response_history(table, labels=labels, language=model.language)
    shown = table.assign(label=table["segment"].map(labels))
    return make_table(
        "response_history", caption,
        grid=render_grid(shown, _HISTORY, label=strip_markup(caption.title), language=model.language),
        basis=state_basis(model, "sales_per_year", "potential_per_year", "present_hours_per_year"))


def show_responses(model: SalesModel) -> Exhibit:
    """Return what effort brings in each tier by the room's answers, or how to ask for them."""
    table = model.response_summary
    if table is None:
        return report_missing("sizes", "responses", model=model)
    n_participants = int(model.client.response["participant"].nunique())
    caption = tell_responses(table, n_participants=max(n_participants, 1), language=model.language,
                             tier_summary=model.tier_summary)
    return make_table(
        "responses", caption,
        grid=render_grid(table, _RESPONSES, label=strip_markup(caption.title), language=model.language),
        basis=state_basis(model, "responses", "sales_per_year", "present_hours_per_year"))


def show_sizes(model: SalesModel) -> Exhibit:
    """Return the curve of profit by size of the team, or what it takes to draw it."""
    if model.team_sizes is None:
        return report_missing("sizes", "sizes", model=model)
    table, answer = model.team_sizes
    n_reps = float(len(model.client.reps))
    caption = tell_sizes(table, answer, n_reps=n_reps, language=model.language)
    figure = draw_size_curve(table, n_reps=n_reps, low=answer.low, high=answer.high, language=model.language)
    return make_figure(
        "sizes", caption, language=model.language, picture=save_svg(figure),
        grid=render_grid(table, _SIZES, label=strip_markup(caption.title), language=model.language),
        basis=state_basis(model, "responses", "cost_per_year", "contribution_margin_rate", "sales_per_year"))
