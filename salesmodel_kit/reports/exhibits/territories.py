"""Exhibits on plans of territories: compared, and what of the demands cannot be met."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from salesmodel_kit.chain import SalesModel
from salesmodel_kit.language import N_
from salesmodel_kit.narrative.telling import strip_markup
from salesmodel_kit.narrative.territories import tell_plan_comparison, tell_territory_conditions
from salesmodel_kit.reports.exhibits.allocation import find_plan_gap, report_no_plan
from salesmodel_kit.reports.exhibits.grid import Field, render_comparison, render_grid
from salesmodel_kit.reports.exhibits.page import Exhibit, fold_grid, make_missing, make_table, state_basis

_PLANS = (Field("plan", N_("Plan"), "plan"), Field("n_accounts", N_("Accounts with a rep"), "count"),
          Field("n_changed", N_("Change rep"), "count"),
          Field("changed_sales_share", N_("Their share of sales"), "share"),
          Field("travel_km_per_year", N_("Travel per year"), "km"),
          Field("hours_deviation", N_("Largest deviation of hours"), "share"),
          Field("potential_deviation", N_("Largest deviation of potential"), "share"),
          Field("n_outside", N_("Reps beyond the tolerance"), "count"),
          Field("n_over", N_("Reps beyond their hours"), "count"),
          Field("n_unmet", N_("Demands not met"), "count"),
          Field("n_other_rep", N_("Differ from the proposed plan"), "count", is_told=False),
          Field("gap", N_("Above the bound, at most"), "fine_share", is_told=False))
_DIFFERENCES = (Field("name", N_("Account")), Field("present_rep", N_("Rep today")),
                Field("proposed_rep", N_("Rep proposed")), Field("wished_rep", N_("Rep by hand")),
                Field("hours_per_year", N_("Hours in the plan"), "hours"),
                Field("proposed_km_per_year", N_("Travel proposed"), "km", is_told=False),
                Field("wished_km_per_year", N_("Travel by hand"), "km", is_told=False))


def show_plan_comparison(model: SalesModel) -> Exhibit:
    """Return the plans side by side, and the conditions that cannot be met together, or what it lacks."""
    if find_plan_gap(model):
        return report_no_plan(model, name="plan_comparison")
    language, comparison = model.language, model.plan_comparison
    shown = comparison if "wished" in set(comparison["plan"]) else comparison.assign(n_other_rep=pd.NA)
    caption = tell_plan_comparison(comparison, rules=model.territory_rules, language=language,
                                   is_driven=model.travel_rules.speed_kmh is not None)
    exhibit = make_table(
        "plan_comparison", caption,
        grid=render_comparison(shown, _PLANS, label=strip_markup(caption.title), language=language)
        + _fold_differences(model),
        basis=state_basis(model, "owner", "places", "sales_per_year", "selling_hours_per_year", "call_norms"))
    if model.territory_conditions.empty:
        return exhibit
    title, text = tell_territory_conditions(model.territory_conditions, language=language)
    missing = make_missing("territory_conditions", title=title, text=text)
    return Exhibit(exhibit.name, exhibit.title, exhibit.html + missing.html)


def _fold_differences(model: SalesModel) -> Markup:
    """Return the accounts that a plan edited by hand gives to another rep than the proposed one, folded; or nothing."""
    by_hand = model.plan_differences[model.plan_differences["wished_rep"].notna()]
    if by_hand.empty:
        return Markup("")
    names = model.reps.set_index("rep")["name"]
    columns = ("present_rep", "proposed_rep", "wished_rep")
    named = by_hand.assign(**{name: by_hand[name].map(names).astype("str") for name in columns})
    label = model.language.text("Accounts that the plan edited by hand gives to somebody else")
    return fold_grid(render_grid(named, _DIFFERENCES, label=label, language=model.language, file="plan_differences"),
                     summary=label)
