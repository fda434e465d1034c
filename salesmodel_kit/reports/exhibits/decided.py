"""What the room decided, in the report: each decision that is in force, with its author, day and reason."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from salesmodel_kit.chain import SalesModel
from salesmodel_kit.language import N_
from salesmodel_kit.narrative.board import tell_decided
from salesmodel_kit.narrative.telling import strip_markup
from salesmodel_kit.reports.exhibits.grid import Field, render_grid
from salesmodel_kit.reports.exhibits.page import Exhibit, make_table, report_missing
from salesmodel_kit.reports.minutes import list_in_force

_FIELDS = (Field("matter", N_("Decision")), Field("value", N_("In force")), Field("by", N_("Who")),
           Field("day", N_("Date")), Field("reason", N_("Reason")))


def show_decided(model: SalesModel) -> Exhibit:
    """Return the decisions of the workshop that are in force, or how to take some."""
    rows = pd.DataFrame(list_in_force(model))
    if rows.empty:
        return report_missing("board", "decided", model=model)
    caption = tell_decided(rows, language=model.language)
    return make_table("decided", caption, basis=Markup(""), grid=render_grid(
        rows, _FIELDS, label=strip_markup(caption.title), language=model.language))
