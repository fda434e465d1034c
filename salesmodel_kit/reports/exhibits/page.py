"""The pieces of HTML that notebooks show: figures, tables, prose, what is missing, what to decide.

Everything that comes from data is escaped here; pictures are SVG inside the
page, with their numbers as a table beside them.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd
from markupsafe import Markup

from salesmodel_kit.chain import SalesModel
from salesmodel_kit.charts.style import save_svg
from salesmodel_kit.client.kept import make_once
from salesmodel_kit.language import Language
from salesmodel_kit.model.grounds import find_weakest_basis
from salesmodel_kit.narrative.telling import COLUMN_OF, QUANTITIES, Caption, strip_markup, tell, tell_basis

_HEAD = Markup(
    '<figcaption><p class="exhibit-title">{title}</p><p class="exhibit-subtitle">{subtitle}</p></figcaption>')
_FIGURE = Markup(
    '<figure class="exhibit" id="{name}">{head}<img src="data:image/svg+xml;base64,{picture}" alt="{alt}">'
    '<p class="exhibit-basis">{basis}</p>'
    '{data}</figure>')
_TABLE = Markup(
    '<figure class="exhibit exhibit-table" id="{name}">{head}{grid}{basis}</figure>')
_CARDS = Markup(
    '<figure class="exhibit exhibit-cards" id="{name}">{head}<div class="persona-deck">{deck}</div>'
    '<p class="exhibit-basis">{basis}</p>'
    '{data}</figure>')
_FOLDED = Markup('<details class="exhibit-data"><summary>{summary}</summary>{grid}</details>')
_BASIS = Markup('<p class="exhibit-basis">{}</p>')
_MISSING = Markup('<aside class="missing" id="{name}"><p class="exhibit-title">{title}</p><p>{text}</p></aside>')
_DECIDE = Markup('<section class="decide"><h3>{heading}</h3><ul>{items}</ul></section>')
_PROSE = Markup('<div class="prose">{paragraphs}</div>')

#: Recorded quantity -> what stands in for it where it is not recorded.
_ESTIMATED = {"present_hours_per_year": "estimated_hours", "selling_hours_per_year": "estimated_selling_hours"}


@dataclass(frozen=True, repr=False)
class Exhibit:
    """One piece of a notebook: HTML for people, one stable line of text for machines.

    Parameters
    ----------
    name : str
        Identifier within the report.
    title : str
        Its message as plain text.
    html : Markup
        The piece; everything from data is escaped.
    """

    name: str
    title: str
    html: Markup

    def _repr_html_(self) -> str:
        return str(self.html)

    def __repr__(self) -> str:
        return f"{self.name}: {self.title}"


def make_figure(
    name: str, caption: Caption, *, picture: bytes, grid: Markup, basis: Markup, language: Language,
) -> Exhibit:
    """Return a picture with its message, what it rests on and its numbers as a table."""
    html = _FIGURE.format(
        name=name, head=_make_head(caption), picture=base64.b64encode(picture).decode("ascii"), alt=caption.alt,
        basis=basis, data=fold_grid(grid, summary=language.text("Data")))
    return Exhibit(name, strip_markup(caption.title), html)


def fold_grid(grid: Markup, *, summary: str) -> Markup:
    """Return a table that opens under a line of words."""
    return _FOLDED.format(summary=summary, grid=grid)


def draw_once(draw: Callable[..., Any], *tables: pd.DataFrame, language: Language) -> bytes:
    """Return a chart as SVG; one that two notebooks of a run show is drawn in the first of them."""
    key = (draw.__module__, draw.__qualname__, tables, language)
    return make_once(lambda: save_svg(draw(*tables, language=language)), key=key)


def make_table(name: str, caption: Caption, *, grid: Markup, basis: Markup) -> Exhibit:
    """Return a table with its message and what it rests on, where there is something to say."""
    html = _TABLE.format(name=name, head=_make_head(caption), grid=grid, basis=_BASIS.format(basis) if basis else "")
    return Exhibit(name, strip_markup(caption.title), html)


def make_cards(
    name: str, caption: Caption, *, deck: Markup, grid: Markup, basis: Markup, language: Language,
) -> Exhibit:
    """Return cards with their message, what they rest on and all of them as a table."""
    html = _CARDS.format(name=name, head=_make_head(caption), deck=deck, basis=basis,
                         data=fold_grid(grid, summary=language.text("Data")))
    return Exhibit(name, strip_markup(caption.title), html)


def make_missing(name: str, *, title: Markup, text: Markup) -> Exhibit:
    """Return what stands in a place that cannot be filled: what is missing and how to get it."""
    return Exhibit(name, strip_markup(title), _MISSING.format(name=name, title=title, text=text))


def make_decisions(name: str, *, items: Markup, language: Language) -> Exhibit:
    """Return what the room decides now, from list items."""
    heading = language.text("What to decide now")
    return Exhibit(name, heading, _DECIDE.format(heading=heading, items=items))


def make_prose(name: str, *, title: str, paragraphs: Markup) -> Exhibit:
    """Return paragraphs."""
    return Exhibit(name, title, _PROSE.format(paragraphs=paragraphs))


def _make_head(caption: Caption) -> Markup:
    return _HEAD.format(title=caption.title, subtitle=caption.subtitle)


def state_basis(model: SalesModel, *quantities: str) -> Markup:
    """Return the line that says what an exhibit rests on, by the client's own declarations.

    A quantity that the client's data hold nowhere is left out: nothing rests on it.
    Hours that were estimated in place of recorded ones are named beside them.
    """
    named = [part for quantity in quantities for part in (quantity, _ESTIMATED.get(quantity)) if part]
    details = _describe_grounds(model)
    there = [part for part in named if (part in details if part in _ESTIMATED.values() else _is_there(model, part))]
    declared = {**model.profile.assumptions, **model.data_basis}
    return tell_basis(there, data_basis=declared, language=model.language, details=details)


def state_quantity(model: SalesModel, quantity: str) -> tuple[str, str]:
    """Return basis and source of a quantity or column: the client's declaration, else what it is by nature."""
    declared = model.data_basis.get(quantity)
    if declared is not None:
        return declared.basis, declared.source
    return QUANTITIES.get(quantity, ("", "measured"))[1], ""


def _describe_grounds(model: SalesModel) -> dict[str, tuple[str, str]]:
    """Return basis and note of what the model estimated, and of call norms."""
    language, present = model.language, model.present_hours
    basis = model.norm_sources["call_norms"][0]
    grounds = {"call_norms": (basis, language.text("changed for this client") if basis == "judged" else "")}
    if present.n_estimated:
        grounds["estimated_hours"] = ("assumed", _count_part(present.n_estimated, len(model.client.accounts), language,
                                                             accounts=language.hours(present.hours_estimated)))
    if "win_probability_at_worst" in model.known_assumptions:
        ends = [model.known_assumptions[f"win_probability_at_{end}"] for end in ("worst", "best")
                if f"win_probability_at_{end}" in model.known_assumptions]
        grounds["win_probability"] = (find_weakest_basis([entry.basis for entry in ends]), "")
    if model.win_probability_basis == "measured":
        grounds["win_probability"] = ("measured", language.text("from closed deals"))
    n_without = int(model.client.reps["selling_hours_per_year"].isna().sum())
    if n_without:
        grounds["estimated_selling_hours"] = (model.default_hours_basis, _count_part(
            n_without, len(model.client.reps), language))
    return grounds


def _count_part(n_part: int, n_all: int, language: Language, *, accounts: str = "") -> str:
    """Return ``77 of 1,500 accounts, 688 h`` or ``1 of 13 reps``."""
    facts = {"count": language.number(n_part), "total": language.number(n_all)}
    if not accounts:
        return language.text("{count} of {total} reps", **facts)
    return language.text("{count} of {total} accounts: {hours}", **facts, hours=accounts)


def _is_there(model: SalesModel, quantity: str) -> bool:
    if quantity == "selling_hours_per_year":
        return bool(model.client.reps[quantity].notna().any())
    column = COLUMN_OF.get(quantity, quantity)
    tables = [table for table in (model.client.accounts, model.client.segments) if column in table]
    return not tables or any(table[column].notna().any() for table in tables)


def report_missing(chapter: str, reason: str, *, model: SalesModel, name: str | None = None) -> Exhibit:
    """Return the aside that says what is missing and how to get it."""
    return make_missing(name or reason, title=tell(chapter, f"{reason}_missing_title", language=model.language),
                        text=tell(chapter, f"{reason}_missing", language=model.language))
