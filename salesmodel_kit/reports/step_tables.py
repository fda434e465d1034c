"""The tables of the chain as CSV files that open well in a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import pandas as pd

from salesmodel_kit.chain import SalesModel
from salesmodel_kit.client.publish import CSV_FORMATS
from salesmodel_kit.comparison import compare_with_previous
from salesmodel_kit.tables import STEP_TABLES

#: Unit -> decimals that mean something: cents, minutes, 100 m, a few metres of place.
DIGITS: Mapping[str, int] = {
    "currency/year": 2,
    "hours/year": 2,
    "hours": 2,
    "km": 1,
    "weeks": 2,
    "days": 2,
    "1/year": 2,
    "degrees": 5,
    "full-time equivalents": 2,
    "0-1": 4,
}
#: Of numbers whose unit is their own; one that is smaller keeps its first digits.
OTHER_DIGITS = 4

#: Decimal mark -> false and true as a spreadsheet writes them.
_FLAGS: Mapping[str, tuple[str, str]] = {".": ("FALSE", "TRUE"), ",": ("FAUX", "VRAI")}
#: A cell that starts so would be taken for a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write_step_tables(model: SalesModel, *, folder: Path) -> None:
    """Write every table of a client's chain.

    Parameters
    ----------
    model : SalesModel
        The chain.
    folder : pathlib.Path
        An existing folder; see :func:`write_tables`.
    """
    comparison = compare_with_previous(model)
    moves = {} if comparison is None else {"tier_moves": comparison.moves, "tier_flows": comparison.flows}
    write_tables(model.tables() | moves, folder=folder, language=model.profile.language)


def write_tables(
    tables: Mapping[str, pd.DataFrame], *, folder: Path, language: Literal["en", "fr"] = "en"
) -> tuple[Path, ...]:
    """Write each table as ``<name>.csv`` in UTF-8 with its mark, as a spreadsheet in this language opens it.

    English: commas and decimal points; French: semicolons and decimal commas.
    Numbers are rounded by their unit, see :data:`DIGITS`.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Name to table; they are left as they are. A missing cell stays empty.
    folder : pathlib.Path
        An existing folder.
    language : {"en", "fr"}
        The client's.

    Returns
    -------
    tuple of pathlib.Path
        The files, in the order of the tables. Same tables, same bytes.
    """
    separator, mark = CSV_FORMATS[language]
    declared = {table.name: table for table in STEP_TABLES}
    paths = []
    for name, table in tables.items():
        units = {column.name: column.unit for column in declared[name].columns} if name in declared else {}
        if name == "assumptions":  # a table for people, its values kept as text
            table = table.assign(value=pd.to_numeric(table["value"], errors="coerce"))
        cells = {header: _write_column(column, units.get(header, ""), mark=mark) for header, column in table.items()}
        safe = {neutralise_text(header): column for header, column in cells.items()}
        path = folder / f"{name}.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as stream:
            writer = csv.writer(stream, delimiter=separator, lineterminator="\n")
            writer.writerow(safe)
            writer.writerows(zip(*safe.values(), strict=True))
        paths.append(path)
    return tuple(paths)


def _write_column(column: pd.Series, unit: str, *, mark: str) -> list[str]:
    """Return the cells of a column as text."""
    if pd.api.types.is_datetime64_any_dtype(column):
        column = column.dt.strftime("%Y-%m-%d")
    is_number = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
    known = column.notna().tolist()
    cells = [cell for cell, is_known in zip(column.tolist(), known, strict=True) if is_known]
    if is_number:
        texts = _write_numbers(cells, DIGITS.get(unit), mark=mark)
    else:
        texts = [_write_text(cell, _FLAGS[mark]) for cell in cells]
    if len(texts) == len(known):
        return texts
    rest = iter(texts)
    return [next(rest) if is_known else "" for is_known in known]


def _write_numbers(values: list[float], digits: int | None, *, mark: str) -> list[str]:
    least = 10**-OTHER_DIGITS if digits is None else 0.0
    places = OTHER_DIGITS if digits is None else digits
    texts = [f"{value:.{places}f}" if value == 0 or abs(value) >= least else f"{value:.3e}" for value in values]
    if places:
        texts = [text if "e" in text else text.rstrip("0").rstrip(".") for text in texts]
    return [("0" if text == "-0" else text).replace(".", mark) for text in texts]


def _write_text(cell: object, words: tuple[str, str]) -> str:
    return words[cell] if isinstance(cell, bool) else str(neutralise_text(str(cell)))


def neutralise_text(cell: object) -> object:
    """Return a cell, with an apostrophe before it when it is text that starts like a formula and is no number.

    Examples
    --------
    >>> neutralise_text("=1+1"), neutralise_text("-5"), neutralise_text("Dupont"), neutralise_text(-2)
    ("'=1+1", '-5', 'Dupont', -2)
    """
    if not isinstance(cell, str) or not cell.lstrip(" ").startswith(_FORMULA_STARTS) or _is_number(cell):
        return cell
    return f"'{cell}"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
