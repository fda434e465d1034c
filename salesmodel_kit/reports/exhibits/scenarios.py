"""Exhibits on what would be otherwise: scenarios side by side, and what one more person returns."""

from __future__ import annotations

from markupsafe import Markup

from salesmodel_kit.chain import SalesModel
from salesmodel_kit.chain.futures import HIRING_TERMS
from salesmodel_kit.charts.scenario_differences import draw_scenario_differences
from salesmodel_kit.charts.style import save_svg
from salesmodel_kit.language import N_
from salesmodel_kit.narrative.scenarios import tell_scenarios, tell_size_return
from salesmodel_kit.narrative.telling import strip_markup, tell
from salesmodel_kit.narrative.territories import list_homes
from salesmodel_kit.reports.exhibits.allocation import find_plan_gap, report_no_plan
from salesmodel_kit.reports.exhibits.grid import Field, render_comparison, render_grid
from salesmodel_kit.reports.exhibits.page import (
    Exhibit,
    make_figure,
    make_missing,
    make_table,
    report_missing,
    state_basis,
)

_SCENARIOS = (Field("label", N_("Scenario")), Field("n_best", N_("Accounts of the best tier"), "count"),
              Field("workload_hours_per_year", N_("Hours asked for by the norms"), "hours"),
              Field("selling_hours_per_year", N_("Selling hours"), "hours"),
              Field("n_reps", N_("People"), "decimal"), Field("n_reps_missing", N_("People missing"), "decimal"),
              Field("n_reps_spare", N_("People to spare"), "decimal"),
              Field("best_coverage", N_("Best tier served as the norms ask"), "share"),
              Field("coverage", N_("All accounts served as the norms ask"), "share"),
              Field("cost_per_year", N_("Cost of the team"), "money"),
              Field("expected_sales_per_year", N_("Expected sales per year"), "money"),
              Field("n_changed", N_("Accounts that change rep"), "count"),
              Field("n_nobody", N_("Accounts with nobody"), "count"),
              Field("travel_km_per_year", N_("Travel per year"), "km"))
_ROLES = (Field("label", N_("Scenario")), Field("role", N_("Role"), "role"),
          Field("n_reps", N_("People"), "decimal"), Field("n_reps_needed", N_("People needed"), "decimal"),
          Field("n_reps_gap", N_("Gap"), "decimal"), Field("selling_hours_per_year", N_("Selling hours"), "hours"),
          Field("workload_hours_per_year", N_("Hours asked for by the norms"), "hours"))
_TIERS = (Field("label", N_("Scenario")), Field("tier", N_("Tier"), "tier"),
          Field("n_accounts", N_("Accounts"), "count"),
          Field("workload_hours_per_year", N_("Hours asked for by the norms"), "hours"),
          Field("recommended_hours_per_year", N_("Hours in the plan"), "hours"),
          Field("coverage", N_("Served as the norms ask"), "share"))
_RETURN = (Field("n_reps_added", N_("People more or fewer"), "decimal"),
           Field("added_sales_per_year", N_("Sales of the first year"), "money"),
           Field("cost_per_year", N_("Cost per year"), "money"),
           Field("break_even_sales_per_year", N_("Sales that pay for them"), "money"),
           Field("return_over_three_years", N_("Return over three years"), "share", is_told=False))
_QUARTERS = (Field("quarter", N_("Quarter"), "count"), Field("n_hired", N_("Hired"), "count"),
             Field("n_there", N_("There"), "count"), Field("n_productive", N_("At full output"), "decimal"),
             Field("added_sales", N_("Added sales"), "money"), Field("contribution", N_("Margin"), "money"),
             Field("cost", N_("Cost"), "money"), Field("balance", N_("Balance since the start"), "money"))


def show_scenarios(model: SalesModel) -> Exhibit:
    """Return the client's scenarios against the client as it is, or how to write one."""
    if find_plan_gap(model):
        return report_no_plan(model, name="scenarios")
    compared = model.scenario_comparison
    if compared is None:
        return report_missing("scenarios", "scenarios", model=model)
    language, table = model.language, compared.table
    known = model.tier_summary["tier"].isin(model.strategy.tiers.levels)
    sales = model.tier_summary.loc[known, "sales_per_year"].sum(min_count=1)
    caption = tell_scenarios(table, sales_today=sales, homes=_list_homes(model), language=language)
    label, words = strip_markup(caption.title), table.set_index("scenario")["label"]
    there = [name for name, column in (("cost_per_year", "cost_per_year"), ("responses", "expected_sales_per_year"))
             if table[column].notna().any()]
    details = [render_grid(part.assign(label=part["scenario"].map(words)), fields, label=label, language=language)
               for part, fields in ((compared.roles, _ROLES), (compared.tiers, _TIERS))]
    return make_figure(
        "scenarios", caption, language=language,
        picture=save_svg(draw_scenario_differences(table, language=language)),
        grid=render_comparison(table, _SCENARIOS, label=label, language=language) + Markup("").join(details),
        basis=state_basis(model, "selling_hours_per_year", "call_norms", *there, "owner", "places"))


def _list_homes(model: SalesModel) -> list[dict[str, object]]:
    """Return the homes that scenarios propose, with the scenario's label."""
    labels = {one.name: one.find_label(model.language.code) for one in model.client.scenarios}
    return [{"label": labels[name], **home} for name, homes in model.scenario_homes.items()
            for home in list_homes(homes)]


def show_size_return(model: SalesModel) -> Exhibit:
    """Return what one more person returns and the hires by quarter, or what has to be declared for it."""
    table = model.size_return
    if table is None:
        return _report_no_return(model)
    language, plan = model.language, model.hiring_plan
    caption = tell_size_return(table, plan, answer=model.team_sizes[1], terms=model.hiring_terms,
                               n_reps=float(len(model.client.reps)), language=language)
    label = strip_markup(caption.title)
    grid = render_grid(table, _RETURN, label=label, language=language)
    if plan is not None:
        grid += render_grid(plan, _QUARTERS, label=label, language=language)
    return make_table("size_return", caption, grid=grid,
                      basis=state_basis(model, "responses", "cost_per_year", *HIRING_TERMS, "sales_per_year"))


def _report_no_return(model: SalesModel) -> Exhibit:
    lacking = [name for name in HIRING_TERMS if name not in model.known_assumptions]
    return make_missing("size_return",
                        title=tell("scenarios", "size_return_missing_title", language=model.language),
                        text=tell("scenarios", "size_return_missing", language=model.language, lacking=lacking))
