"""Exhibit on homes that are not there yet: where reps would sit best."""

from __future__ import annotations

from markupsafe import Markup

from salesmodel_kit.chain import SalesModel
from salesmodel_kit.language import N_
from salesmodel_kit.model.homes import find_unplaced
from salesmodel_kit.narrative.telling import strip_markup
from salesmodel_kit.narrative.territories import tell_homes
from salesmodel_kit.reports.exhibits.grid import Field, render_grid
from salesmodel_kit.reports.exhibits.page import make_table, report_missing, state_basis

_HOMES = (Field("name", N_("Rep")), Field("city", N_("Town"), is_told=False), Field("near", N_("Near")),
          Field("n_accounts", N_("Accounts that it serves"), "count"),
          Field("visits_per_year", N_("Visits per year"), "count"),
          Field("travel_km_per_year", N_("Travel per year"), "km"))


def show_homes(model: SalesModel) -> Markup:
    """Return where reps without a home would sit best, what that lacks, or nothing where nobody is to be placed."""
    if not find_unplaced(model.reps).any():
        return Markup("")
    if model.home_plan is None:
        return report_missing("territories", "homes", model=model).html
    caption = tell_homes(model.home_proposals, plan=model.home_plan, language=model.language)
    return make_table(
        "homes", caption, basis=state_basis(model, "places", "selling_hours_per_year", "call_norms"),
        grid=render_grid(model.home_proposals, _HOMES, label=strip_markup(caption.title), language=model.language)).html
