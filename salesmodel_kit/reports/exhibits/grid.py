"""Finished tables as HTML in the client's language: words translated, numbers formatted and aligned right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from salesmodel_kit.language import N_, UNKNOWN, WORDS, Language, is_known
from salesmodel_kit.tables import TIERS

#: Rows of accounts that stand in a report; the rest is in the file of the table.
ROW_CAP = 30

_TIER_WORDS = {"platinum": N_("Platinum"), "gold": N_("Gold"), "silver": N_("Silver"), "bronze": N_("Bronze"),
               "iron": N_("Iron")}
_NUMBERS = {"count": 0, "decimal": 1, "score": 2}
_GRID = Markup('<div class="table-scroll" tabindex="0" role="region" aria-label="{label}"><table><thead><tr>{head}</tr>'
               "</thead><tbody>{body}</tbody></table></div>{notes}")


@dataclass(frozen=True)
class Field:
    """One column of a shown table.

    Parameters
    ----------
    column : str
        Column of the DataFrame.
    heading : str
        English heading, a key of the catalogue, or the client's own words.
    style : str
        ``text``, ``count``, ``decimal``, ``score``, ``money``, ``share``, ``fine_share`` (tenths below 10 %),
        ``hours``,
        ``frequency`` (a share that is not 0 is never told as 0%), ``km``, ``exact``
        (as many digits as the value has), ``picture`` (Markup of the kit's own), or a kind of ``language.WORDS``.
    is_told : bool
        Whether a note names the column where it is unknown in every row.
    """

    column: str
    heading: str
    style: str = "text"
    is_told: bool = True

    @property
    def is_number(self) -> bool:
        """Return whether cells are aligned right."""
        return self.style not in ("text", "picture") and self.style not in WORDS


def head_tier(tier: str, language: Language) -> str:
    """Return the heading of a column on one tier: the client's own name, else a key of the catalogue."""
    return dict(language.tiers).get(tier) or _TIER_WORDS[tier]


def format_cell(value: object, *, style: str, language: Language) -> str:
    r"""Return a cell as text in the reader's language; unknown gives a dash.

    Examples
    --------
    >>> format_cell(0.62, style="share", language=Language("en"))
    '62%'
    >>> format_cell(float("nan"), style="money", language=Language("en"))
    '–'
    >>> format_cell(0.002, style="frequency", language=Language("en"))
    '<\xa01%'
    """
    if style in WORDS:
        return language.word(style, value)
    if style == "picture":
        return value if isinstance(value, Markup) else UNKNOWN
    if style == "text":
        return UNKNOWN if pd.isna(value) or value == "" else str(value)
    if not is_known(value):
        return UNKNOWN
    if style in _NUMBERS:
        return language.number(value, _NUMBERS[style])
    if style == "exact":
        return language.number(value, len(f"{value:g}".partition(".")[2]))
    if style == "fine_share":
        return language.share(value, 1 if value < 0.1 else 0)
    if style == "frequency":
        return f"<\u00a0{language.share(0.01)}" if 0 < value < 0.005 else language.share(value)
    if style == "km":
        return f"{language.number(value)}\u00a0km"
    return {"money": language.money, "share": language.share, "hours": language.hours}[style](value)


def render_grid(
    table: pd.DataFrame, fields: Sequence[Field], *, label: str, language: Language, file: str | None = None,
) -> Markup:
    """Return a table as HTML that scrolls on a narrow screen.

    Parameters
    ----------
    table : DataFrame
        Rows in the order in which they are shown.
    fields : sequence of Field
        Columns; the first names the row. One that is unknown in every row is left out and named below.
    label : str
        What the table holds, for who does not see it.
    language : Language
        The reader's language.
    file : str, optional
        Name of the full table in the run's folder; with it, rows beyond ``ROW_CAP`` are left to that file.

    Returns
    -------
    Markup
        Everything from data escaped.
    """
    shown = table.head(ROW_CAP) if file else table
    kept = [field for place, field in enumerate(fields) if place == 0 or shown[field.column].notna().any()]
    left_out = [field for field in fields if field.is_told and field not in kept]
    head = Markup("").join(_render_heading(field, language) for field in kept)
    records = shown[[field.column for field in kept]].itertuples(index=False, name=None)
    body = Markup("").join(_render_row(record, kept, language) for record in records)
    notes = _render_notes(len(table) - len(shown), left_out, file=file, language=language)
    return _GRID.format(label=label, head=head, body=body, notes=notes)


def render_comparison(table: pd.DataFrame, fields: Sequence[Field], *, label: str, language: Language) -> Markup:
    """Return a few rows with many measures as an HTML table on its side: a column each, a row a measure.

    Parameters
    ----------
    table : DataFrame
        What is compared, in order.
    fields : sequence of Field
        The first names what is compared and heads its column. A measure that is unknown
        everywhere is left out and named below.
    label : str
        What the table holds, for who does not see it.
    language : Language
        The reader's language.

    Returns
    -------
    Markup
        Everything from data escaped.
    """
    name, *measures = fields
    kept = [field for field in measures if table[field.column].notna().any()]
    left_out = [field for field in measures if field.is_told and field not in kept]
    head = Markup("<td></td>") + Markup("").join(
        Markup('<th scope="col" class="number">{}</th>').format(format_cell(value, style=name.style, language=language))
        for value in table[name.column])
    body = Markup("").join(
        Markup('<tr><th scope="row">{}</th>{}</tr>').format(language.text(field.heading), Markup("").join(
            Markup('<td class="number">{}</td>').format(_render_cell(value, field, language))
            for value in table[field.column])) for field in kept)
    return _GRID.format(label=label, head=head, body=body,
                        notes=_render_notes(0, left_out, file=None, language=language))


def _render_heading(field: Field, language: Language) -> Markup:
    kind = Markup(' class="number"') if field.is_number else ""
    return Markup('<th scope="col"{}>{}</th>').format(kind, language.text(field.heading))


def _render_row(record: tuple[object, ...], fields: Sequence[Field], language: Language) -> Markup:
    cells = [_render_cell(value, field, language) for value, field in zip(record, fields, strict=True)]
    first = Markup('<th scope="row">{}</th>').format(cells[0])
    rest = (Markup('<td class="number">{}</td>' if field.is_number else "<td>{}</td>").format(cell)
            for cell, field in zip(cells[1:], fields[1:], strict=True))
    return Markup("<tr>{}{}</tr>").format(first, Markup("").join(rest))


def _render_cell(value: object, field: Field, language: Language) -> str:
    word = format_cell(value, style=field.style, language=language)
    if field.style == "tier" and value in TIERS:
        return Markup('<span class="tier tier-{}">{}</span>').format(value, word)
    return word


def _render_notes(n_more: int, left_out: Sequence[Field], *, file: str | None, language: Language) -> Markup:
    notes = []
    if n_more:
        sentence = language.plural(n_more, language.text("{n_more} more row is in the file {file}."),
                                   language.text("{n_more} more rows are in the file {file}."))
        notes.append(sentence.format(n_more=language.number(n_more), file=f"tables/{file}.csv"))
    if left_out:
        names = language.enumerate(language.text(field.heading) for field in left_out)
        notes.append(language.text("Not known for any row: {names}.", names=names))
    return Markup('<p class="exhibit-basis exhibit-note">{}</p>').format(" ".join(notes)) if notes else Markup("")
