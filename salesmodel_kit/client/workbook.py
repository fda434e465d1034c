"""A workbook as text tables, one per sheet.

Whole numbers are written without ``.0`` (a numeric 7 is ``7``), with the leading
zeros that a format such as ``00000`` shows; dates as ``YYYY-MM-DD``. Of a
formula the value is read that the spreadsheet last computed. An Excel error, or
a formula without a value, is a problem.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import unicodedata
import warnings
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import pandas as pd

from salesmodel_kit.client.texts import MAX_COLUMNS, MAX_PROBLEMS, Place, TextTable, make_text_table
from salesmodel_kit.errors import Message, Problem

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

#: Largest content of a workbook once unpacked, in bytes.
MAX_UNPACKED = 256_000_000
#: A sheet with more rows is refused: a text file holds more, and is read faster.
MAX_SHEET_ROWS = 300_000


def read_workbook(content: bytes, file: str) -> tuple[TextTable, ...]:
    """Return the sheets of an ``.xlsx`` workbook, hidden ones and empty ones left aside.

    Parameters
    ----------
    content : bytes
        The file.
    file : str
        Its name, for problems.

    Returns
    -------
    tuple of TextTable
        In the order of the sheets; one without sheet and rows, whose problem
        says why, where the workbook cannot be read.
    """
    refusal = find_refusal(content)
    if refusal is None:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return _read_sheets(content, file)
        except Exception:  # openpyxl raises whatever a damaged file makes it stumble over
            refusal = Message("The workbook cannot be read; open it, save it again as .xlsx without a password, and "
                              "retry.")
    return (TextTable(pd.DataFrame(), file, problems=(Problem(refusal, file=file),)),)


def find_refusal(content: bytes) -> Message | None:
    """Return why a file is not opened as a workbook; None where it may be.

    Parameters
    ----------
    content : bytes
        The file.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return Message("This is not an .xlsx workbook; save it as .xlsx without a password, and retry.")
    if size > MAX_UNPACKED:
        return Message("The workbook holds more than {limit} MB once unpacked; leave out what the model does not need.",
                       {"limit": MAX_UNPACKED // 1_000_000})
    return None


def _read_sheets(content: bytes, file: str) -> tuple[TextTable, ...]:
    import openpyxl  # a folder of text files is read without it

    values = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    formulas = openpyxl.load_workbook(io.BytesIO(content), read_only=True) if _has_formulas(content) else None
    tables = []
    for sheet in values.worksheets:
        if sheet.sheet_state != "visible":
            continue
        table = _read_sheet(sheet, Place(file, sheet.title), None if formulas is None else formulas[sheet.title])
        if table is not None:
            tables.append(table)
    return tuple(tables)


def _has_formulas(content: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return any(re.search(rb"<f[ >/]", archive.read(name)) for name in archive.namelist()
                   if PurePosixPath(name).match("xl/worksheets/*.xml"))


def _read_sheet(sheet: Worksheet, place: Place, formulas: Worksheet | None) -> TextTable | None:
    sheet.reset_dimensions()
    records: list[Sequence[str]] = []
    kinds: list[Sequence[str]] = []
    for row in sheet.iter_rows(max_col=MAX_COLUMNS):
        pairs = [_read_cell(cell) for cell in row]
        if len(records) >= MAX_SHEET_ROWS:
            if any(text for text, _ in pairs):
                message = Message("More than {limit} rows; make a folder of the client and save this sheet in it as "
                                  "CSV.", {"limit": MAX_SHEET_ROWS})
                return TextTable(pd.DataFrame(), place.file, place.sheet, problems=(place.problem(message),))
            continue
        records.append([text for text, _ in pairs])
        kinds.append([kind for _, kind in pairs])
    if not any(any(record) for record in records):
        return None
    table = make_text_table(records, place, kinds=kinds)
    problems = () if formulas is None else _find_empty_formulas(formulas, records, kinds, place=place)
    return replace(table, problems=(*table.problems, *problems))


def _read_cell(cell: Cell) -> tuple[str, str]:
    """Return a cell's text and kind: ``n`` number, ``d`` date, ``f`` formula that gives no text, else empty."""
    value = cell.value
    if value is None:
        return "", "f" if cell.data_type == "str" else ""
    if isinstance(value, str):
        return (value if value.isascii() else unicodedata.normalize("NFC", value)), ""
    if isinstance(value, bool):
        return ("true" if value else "false"), ""
    if isinstance(value, int | float):
        return _write_number(value, cell.number_format), "n"
    if isinstance(value, dt.datetime):
        return (value.date() if value.time() == dt.time(0) else value).isoformat(), "d"
    return str(value), "d" if isinstance(value, dt.date | dt.time) else ""


def _write_number(value: float, number_format: str) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    text = repr(value)
    return text.zfill(len(number_format)) if isinstance(value, int) and set(number_format) == {"0"} else text


def _find_empty_formulas(formulas: Worksheet, records: Sequence[Sequence[str]], kinds: Sequence[Sequence[str]], *,
                         place: Place) -> list[Problem]:
    formulas.reset_dimensions()
    problems: list[Problem] = []
    message = Message("The formula has no computed value; open the workbook in a spreadsheet, save it, and retry.")
    header = next(record for record in records if any(record))
    rows = formulas.iter_rows(max_row=len(records), max_col=MAX_COLUMNS)
    for number, (row, record, kind) in enumerate(zip(rows, records, kinds, strict=False), start=1):
        for name, cell, text, is_empty in zip(header, row, record, kind, strict=False):
            if cell.data_type == "f" and text == is_empty == "" and name and not name.startswith("#"):
                problems.append(place.problem(message, row=number, column=name, value=str(cell.value)))
    return problems[:MAX_PROBLEMS]
