"""Exhibits of chapter 4 on the need for people by place, what serving costs, and which accounts repay visits."""

from __future__ import annotations

import pandas as pd

from salesmodel_kit.chain import SalesModel
from salesmodel_kit.charts.break_even import draw_break_even
from salesmodel_kit.charts.place_needs import draw_place_needs
from salesmodel_kit.charts.style import save_svg
from salesmodel_kit.language import N_
from salesmodel_kit.model.costs import find_break_even
from salesmodel_kit.model.places import PLACE_KM
from salesmodel_kit.narrative.telling import strip_markup
from salesmodel_kit.narrative.workload import (
    tell_break_even,
    tell_costs,
    tell_months,
    tell_places,
    tell_selling_days,
)
from salesmodel_kit.reports.exhibits.grid import Field, render_grid
from salesmodel_kit.reports.exhibits.page import Exhibit, make_figure, make_table, report_missing, state_basis

_PLACES = (Field("place", N_("Place")), Field("n_accounts", N_("Accounts"), "count"),
           Field("n_reps", N_("People today"), "decimal"), Field("n_reps_needed", N_("People needed"), "decimal"),
           Field("n_reps_gap", N_("Gap"), "decimal"), Field("selling_hours_per_year", N_("Selling hours"), "hours"),
           Field("workload_hours_per_year", N_("Hours asked for by the norms"), "hours"))
_COSTS = (Field("tier", N_("Tier"), "tier"), Field("n_accounts", N_("Accounts"), "count"),
          Field("hours_per_year", N_("Hours in the plan"), "hours"),
          Field("travel_km_per_year", N_("Travel per year"), "km", is_told=False),
          Field("cost_to_serve_per_year", N_("Cost to serve per year"), "money"),
          Field("cost_per_account", N_("Cost per account"), "money"),
          Field("cost_share_of_sales", N_("Share of sales"), "fine_share"),
          Field("cost_share_of_contribution", N_("Share of margin"), "fine_share", is_told=False),
          Field("n_unprofitable", N_("Accounts that cost more than their margin"), "count", is_told=False))
_CHOICES = (Field("name", N_("Account")), Field("tier", N_("Tier"), "tier"),
            Field("wanted_channel", N_("Channel of the norms"), "channel"),
            Field("advised_channel", N_("Channel that pays"), "channel"),
            Field("wanted_calls_per_year", N_("Contacts per year"), "exact"), Field("distance_km", N_("Way"), "km"),
            Field("contribution_per_year", N_("Margin per year, expected"), "money"),
            Field("break_even_per_year", N_("Break-even per year"), "money"))

_DAYS = (Field("name", N_("Rep")), Field("role", N_("Role"), "role"), Field("weekdays", N_("Weekdays"), "count"),
         Field("public_holidays", N_("Public holidays"), "count"), Field("leave_days", N_("Leave"), "exact"),
         Field("training_days", N_("Training"), "exact"), Field("working_days", N_("Working days"), "exact"),
         Field("calendar_hours_per_year", N_("Selling hours by the calendar"), "hours"),
         Field("given_hours_per_year", N_("Selling hours given"), "hours"),
         Field("selling_hours_per_year", N_("Selling hours used"), "hours"))
_MONTHS = (Field("role", N_("Role"), "role"), Field("month", N_("Month")),
           Field("season_share", N_("Share of the year"), "fine_share"),
           Field("hours", N_("Hours in the plan"), "hours"), Field("selling_hours", N_("Selling hours"), "hours"),
           Field("load", N_("Load"), "share"))


def show_places(model: SalesModel) -> Exhibit:
    """Return field reps needed and present by place, or what it lacks."""
    language, places = model.language, model.place_summary
    if places["place"].isna().all() or not places["workload_hours_per_year"].sum() > 0:
        return report_missing("workload", "places", model=model)
    is_asked = model.account_effort["wanted_channel"] == "field"
    is_measured = model.account_travel["travel_hours_per_call"].notna()
    n_travel = int((is_asked & is_measured).sum())
    caption = tell_places(places, place_km=PLACE_KM, n_travel=n_travel, n_usual=int(is_asked.sum()) - n_travel,
                          language=language)
    declared = _list_declared(model, "travel_speed_kmh", "calls_per_tour_day") if n_travel else ()
    return make_figure(
        "places", caption, language=language, picture=save_svg(draw_place_needs(places, language=language)),
        grid=render_grid(places, _PLACES, label=strip_markup(caption.title), language=language),
        basis=state_basis(model, "places", "selling_hours_per_year", "call_norms", *declared))


def _list_declared(model: SalesModel, *names: str) -> tuple[str, ...]:
    """Return those of some assumptions that are in force."""
    return tuple(name for name in names if name in model.known_assumptions)


def show_costs(model: SalesModel) -> Exhibit:
    """Return what serving each tier costs, or what it lacks."""
    table = model.tier_costs
    if table is None or table["cost_per_account"].isna().all():
        return report_missing("workload", "costs", model=model)
    caption = tell_costs(table, prices=model.cost_rules, language=model.language, **_count_stand_ins(model))
    declared = _list_declared(model, "travel_cost_per_km", "calls_per_tour_day", "contribution_margin_rate")
    return make_table(
        "costs", caption, grid=render_grid(table, _COSTS, label=strip_markup(caption.title), language=model.language),
        basis=state_basis(model, "cost_per_year", "selling_hours_per_year", "sales_per_year", "call_norms", *declared))


def _count_stand_ins(model: SalesModel) -> dict[str, int]:
    """Return the accounts whose way counts from a home that is not the rep's, or only proposed."""
    if model.cost_rules.cost_per_km is None and model.travel_rules.speed_kmh is None:
        return {"n_nearest": 0, "n_proposed": 0}
    is_driven = model.account_costs["travel_km_per_year"].gt(0)
    rep, home_of = (table[name][is_driven] for table, name in ((model.territories, "rep"),
                                                              (model.account_travel, "home_of")))
    proposed = [] if model.home_proposals is None else model.home_proposals["rep"].tolist()
    return {"n_nearest": int((home_of.notna() & home_of.ne(rep)).sum()),
            "n_proposed": int(home_of.isin(proposed).sum())}


def show_break_even(model: SalesModel) -> Exhibit:
    """Return which accounts repay visits and from which contribution on, or what it lacks."""
    language, choice = model.language, model.channel_choice
    if choice is None:
        return report_missing("workload", "break_even", model=model)
    line = find_break_even(choice)
    caption = tell_break_even(choice, line=line, prices=model.cost_rules, language=language)
    grid = render_grid(_list_changes(choice, model), _CHOICES, label=strip_markup(caption.title), language=language,
                       file="channel_choice")
    declared = _list_declared(model, "visit_gain_share", "contribution_margin_rate", "travel_speed_kmh",
                              "calls_per_tour_day", "travel_cost_per_km")
    basis = state_basis(model, "cost_per_year", "sales_per_year", "potential_per_year", "win_probability", "call_norms",
                        *declared)
    if line is None or (choice["distance_km"].isna() | choice["contribution_per_year"].isna()).all():
        return make_table("break_even", caption, grid=grid, basis=basis)
    picture = save_svg(draw_break_even(choice, line=line, language=language))
    return make_figure("break_even", caption, language=language, picture=picture, grid=grid, basis=basis)


def _list_changes(choice: pd.DataFrame, model: SalesModel) -> pd.DataFrame:
    """Return the accounts whose channel would change, what is at stake first; all of them where none would."""
    names = model.client.accounts.set_index("account")["name"]
    changed = choice["advised_channel"].notna() & (choice["advised_channel"] != choice["wanted_channel"])
    shown = choice[changed] if changed.any() else choice
    stake = (shown["contribution_per_year"] - shown["break_even_per_year"]).abs()
    return shown.assign(name=shown["account"].map(names), stake=stake).sort_values(
        "stake", ascending=False, kind="stable")


def show_selling_days(model: SalesModel) -> Exhibit:
    """Return what the calendar leaves each rep and, where seasons are declared, each month; or what it lacks."""
    days, months = _show_days(model), _show_months(model)
    return days if months is None else Exhibit(days.name, days.title, days.html + months.html)


def _show_days(model: SalesModel) -> Exhibit:
    language, table = model.language, model.selling_days
    if table.empty:
        return report_missing("allocation", "reps", model=model, name="selling_days")
    caption = tell_selling_days(table, year=model.plan_year, hours_per_day=model.assume("working_hours_per_day"),
                                language=language)
    declared = _list_declared(model, "leave_days_per_year", "training_days_per_year")
    return make_table(
        "selling_days", caption, grid=render_grid(table, _DAYS, label=strip_markup(caption.title), language=language),
        basis=state_basis(model, "selling_hours_per_year", *declared))


def _show_months(model: SalesModel) -> Exhibit | None:
    table, language = model.month_loads, model.language
    if table is None or table["load"].isna().all():
        return None
    caption = tell_months(table, language=language)
    named = table.assign(month=[language.month(int(month)) for month in table["month"]])
    return make_table(
        "months", caption, grid=render_grid(named, _MONTHS, label=strip_markup(caption.title), language=language),
        basis=state_basis(model, "seasonality", "selling_hours_per_year", "call_norms"))
