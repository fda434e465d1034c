"""Exhibits on plans of territories: compared, and what of the demands cannot be met."""

from __future__ import annotations

from salesmodel_kit.chain import SalesModel
from salesmodel_kit.language import N_
from salesmodel_kit.narrative.telling import strip_markup
from salesmodel_kit.narrative.territories import tell_plan_comparison, tell_territory_conditions
from salesmodel_kit.reports.exhibits.allocation import find_plan_gap, report_no_plan
from salesmodel_kit.reports.exhibits.grid import Field, render_grid
from salesmodel_kit.reports.exhibits.page import Exhibit, make_missing, make_table, state_basis

_PLANS = (Field("plan", N_("Plan"), "plan"), Field("n_accounts", N_("Accounts with a rep"), "count"),
          Field("n_changed", N_("Change rep"), "count"),
          Field("changed_sales_share", N_("Their share of sales"), "share"),
          Field("travel_km_per_year", N_("Travel per year"), "km"),
          Field("hours_deviation", N_("Largest deviation of hours"), "share"),
          Field("potential_deviation", N_("Largest deviation of potential"), "share"),
          Field("n_outside", N_("Reps beyond the tolerance"), "count"),
          Field("n_unmet", N_("Demands not met"), "count"),
          Field("gap", N_("Above the bound, at most"), "fine_share", is_told=False))


def show_plan_comparison(model: SalesModel) -> Exhibit:
    """Return the plans side by side, and the conditions that cannot be met together, or what it lacks."""
    if find_plan_gap(model):
        return report_no_plan(model, name="plan_comparison")
    language, comparison = model.language, model.plan_comparison
    caption = tell_plan_comparison(comparison, relation_km=model.territory_rules.relation_km, language=language,
                                   is_driven=model.travel_rules.speed_kmh is not None)
    exhibit = make_table(
        "plan_comparison", caption,
        grid=render_grid(comparison, _PLANS, label=strip_markup(caption.title), language=language),
        basis=state_basis(model, "owner", "places", "sales_per_year", "selling_hours_per_year", "call_norms"))
    if model.territory_conditions.empty:
        return exhibit
    title, text = tell_territory_conditions(model.territory_conditions, language=language)
    missing = make_missing("territory_conditions", title=title, text=text)
    return Exhibit(exhibit.name, exhibit.title, exhibit.html + missing.html)
