"""Text cells to values, a column at a time.

Missing, in any case: an empty cell, ``-``, ``–``, ``—``, ``n/a``, ``n.a.``,
``n.c.``, ``n.d.``, ``n/c``, ``n/d``, and, except in texts and ids where they can
be words, ``na``, ``nc``, ``nd``, ``null``. ``0`` is zero.

Numbers: decimal point or decimal comma; thousands by space (any width),
apostrophe, or the other mark. The right-most mark of two is the decimal mark
(``1.234,5`` and ``1,234.5``). A single mark before exactly three digits
(``1,234``) is read as the other cells of its column are, else as the other
columns of its file are; else it is decimal where the separator lets expect it
(a point in a comma-separated file, a comma in a semicolon-separated one), else
the cell is refused.

Dates: ``YYYY-MM-DD`` or ``DD/MM/YYYY`` (also with ``.`` or ``-``), never
``MM/DD``; a time of day is left aside.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
import pandas as pd

from salesmodel_kit.tables import Column

MISSING: frozenset[str] = frozenset({"", "-", "–", "—", "n/a", "n.a.", "n.c.", "n.d.", "n/c", "n/d"})
#: Missing where a cell cannot be a word.
MISSING_VALUES: frozenset[str] = MISSING | {"na", "nc", "nd", "null"}
#: How spreadsheets write true and false.
FLAGS: Mapping[str, bool] = MappingProxyType({"true": True, "vrai": True, "false": False, "faux": False})
#: Signs that may stand beside an amount in this currency.
CURRENCY_SIGNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"EUR": ("€",), "USD": ("$", "US$"), "GBP": ("£",), "CHF": ("Fr.",)})

_GROUP = "[ \u00a0\u202f\u2009\u2007'’]"
_DATES = ("^(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})([T ][0-9]{1,2}:[0-9]{2}.*)?$",
          "^(?P<day>[0-9]{1,2})[/.-](?P<month>[0-9]{1,2})[/.-](?P<year>[0-9]{4})( [0-9]{1,2}:[0-9]{2}.*)?$")


def fold(text: str) -> str:
    """Return a name without case, accents and punctuation, so that spellings of one name meet.

    Examples
    --------
    >>> fold("Clôturée_le"), fold("N° client"), fold("-")
    ('cloturee le', 'no client', '-')
    """
    bare = unicodedata.normalize("NFKD", text.casefold().replace("°", "o"))
    bare = "".join(sign for sign in bare if not unicodedata.combining(sign))
    words = " ".join("".join(sign if sign.isalnum() or sign in "+%" else " " for sign in bare).split())
    return words or text.strip()


def is_missing(cells: pd.Series, *, is_word: bool) -> pd.Series:
    """Return where cells say that nothing is known."""
    words = MISSING if is_word else MISSING_VALUES
    return pd.Series([isinstance(cell, str) and cell.lower() in words for cell in cells.tolist()], index=cells.index,
                     dtype="bool")


@dataclass(frozen=True)
class Numbers:
    """A column of text cells sorted by how its numbers are written.

    Parameters
    ----------
    cells : pandas.Series
        Cells that are not missing, without currency sign; index: row.
    forms : pandas.Series
        Per cell: ``exact`` (a whole number, or a cell that a workbook holds as
        a number), ``point`` or ``comma`` (the decimal mark that it can only
        have), ``unclear`` (a mark that could be either), ``other`` (no number).
    """

    cells: pd.Series
    forms: pd.Series

    @property
    def marks(self) -> frozenset[str]:
        """Return the decimal marks that the column shows beyond doubt."""
        return frozenset(mark for form, mark in (("point", "."), ("comma", ",")) if (self.forms == form).any())


def sort_numbers(cells: pd.Series, *, exact: pd.Series | None = None, currency: str | None = None) -> Numbers:
    """Return a column's cells sorted by how their numbers are written.

    Parameters
    ----------
    cells : pandas.Series
        Text cells that are not missing.
    exact : pandas.Series of bool, optional
        Cells that a workbook holds as numbers, written with a decimal point.
    currency : str, optional
        ISO 4217 code; its sign or code beside a number is left aside.
    """
    bare = pd.Series([cell.replace("−", "-") for cell in cells.tolist()], index=cells.index, dtype="str")
    if currency is not None:
        signs = "|".join(_escape(sign) for sign in (*CURRENCY_SIGNS.get(currency, ()), currency))
        beside = re.compile(rf"^({signs}){_GROUP}*|{_GROUP}*({signs})$")
        bare = pd.Series([beside.sub("", cell) for cell in bare.tolist()], index=cells.index, dtype="str")
    found = (_FORM.fullmatch(cell) for cell in bare.tolist())
    forms = pd.Series([match.lastgroup if match else "other" for match in found], index=cells.index, dtype="object")
    return Numbers(bare, forms if exact is None else forms.mask(exact, "exact"))


def _escape(sign: str) -> str:
    return "".join(rf"\{letter}" if letter in "$." else letter for letter in sign)


def _decided(mark: str, other: str) -> str:
    """Return the pattern of numbers whose decimal mark can only be ``mark``."""
    plain = rf"\d*{mark}(\d{{1,2}}|\d{{4,}})|(0\d*|\d{{4,}})?{mark}\d{{3}}|\d+{mark}\d+[eE][+-]?\d+"
    grouped = (rf"\d{{1,3}}({_GROUP}\d{{3}})+{mark}\d+|\d{{1,3}}({other}\d{{3}})+{mark}\d+"
               rf"|\d{{1,3}}({other}\d{{3}}){{2,}}")
    return rf"[+-]?({plain}|{grouped})"


#: The forms of a number as one pattern; the first that fits gives the group's name.
_FORM = re.compile("|".join(
    f"(?P<{form}>" + pattern.replace("(", "(?:").replace(r"\d", "[0-9]") + ")" for form, pattern in (
        ("exact", rf"[+-]?(\d+([eE][+-]?\d+)?|\d{{1,3}}({_GROUP}\d{{3}})+)"),
        ("point", _decided(r"\.", ",")), ("comma", _decided(",", r"\.")), ("unclear", r"[+-]?[1-9]\d{0,2}[.,]\d{3}"))))
#: Decimal mark -> what becomes of the signs of a number.
_BARE = {mark: str.maketrans(mark, ".", f"{_GROUP[1:-1]}{other}") for mark, other in ((".", ","), (",", "."))}


def expect_mark(numbers: Numbers, mark: str | None) -> Numbers:
    """Return the numbers with every unclear cell that has this mark taken as one with decimals.

    Parameters
    ----------
    numbers : Numbers
        From :func:`sort_numbers`.
    mark : {".", ",", None}
        Decimal mark that the file lets expect; None expects none.
    """
    if mark is None or not (numbers.forms == "unclear").any():
        return numbers
    is_expected = (numbers.forms == "unclear") & numbers.cells.str.contains(mark, regex=False).astype(bool)
    return replace(numbers, forms=numbers.forms.mask(is_expected, "point" if mark == "." else "comma"))


def read_numbers(numbers: Numbers, *, mark: str | None) -> pd.Series:
    """Return the numbers of a column; NaN where a cell is none, is not finite, or stays unclear.

    Parameters
    ----------
    numbers : Numbers
        From :func:`sort_numbers`.
    mark : {".", ",", None}
        Decimal mark of the cells that could be read either way; None leaves them unclear.
    """
    signs = {"exact": _BARE["."], "point": _BARE["."], "comma": _BARE[","], "unclear": _BARE.get(mark or "")}
    known = zip(numbers.cells.tolist(), map(signs.get, numbers.forms.tolist()), strict=True)
    values = np.array([np.nan if sign is None else float(cell.translate(sign)) for cell, sign in known], dtype=float)
    return pd.Series(np.where(np.isfinite(values), values, np.nan), index=numbers.cells.index)


def read_dates(cells: pd.Series) -> pd.Series:
    """Return dates; NaT where a cell is none between 1900 and 2100.

    Examples
    --------
    >>> list(read_dates(pd.Series(["2026-02-01", "01/02/2026", "02/30/2026"])).dt.strftime("%d %m %Y"))
    ['01 02 2026', '01 02 2026', nan]
    """
    dates = pd.Series(pd.NaT, index=cells.index, dtype="datetime64[s]")
    for pattern in _DATES:
        parts = cells.str.extract(pattern)[["year", "month", "day"]].dropna()
        iso = parts["year"] + "-" + parts["month"].str.zfill(2) + "-" + parts["day"].str.zfill(2)
        found = pd.to_datetime(iso, format="%Y-%m-%d", errors="coerce").astype("datetime64[s]")
        dates.loc[parts.index] = found
    return dates.where((dates.dt.year >= 1900) & (dates.dt.year <= 2100))


def read_flags(cells: pd.Series) -> pd.Series:
    """Return true and false as a spreadsheet writes them in English and French; missing where a cell is neither.

    Examples
    --------
    >>> read_flags(pd.Series(["VRAI", "false", "maybe"])).tolist()
    [True, False, <NA>]
    """
    return cells.str.lower().map(FLAGS).astype("boolean")


def read_choices(cells: pd.Series, column: Column) -> pd.Series:
    """Return the declared values that cells stand for; None where a cell stands for none.

    Any case, with or without accents, by value or by another accepted spelling;
    a code such as ``01`` also without its leading zeros.
    """
    spellings = {fold(choice): choice for choice in column.choices}
    for choice, others in column.choices.items():
        bare = (choice.lstrip("0") or "0") if choice.isdigit() else choice
        for other in (*others, bare):
            spellings.setdefault(fold(other), choice)
    found = {cell: spellings.get(fold(cell)) for cell in cells.unique()}
    return cells.map(found).astype("object")
