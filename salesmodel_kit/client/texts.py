"""A file as text cells: encoding, separator and rows, before any meaning is read.

Accepted: UTF-8 with or without byte order mark, UTF-16 with one, Windows-1252;
comma, semicolon or tab; cells in double quotes. Text is put into Unicode form
NFC, so that an id typed on a Mac equals the same id typed on Windows. Wholly
empty rows and columns without header are left aside; so are columns whose
header begins with ``#`` (remarks).
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from salesmodel_kit.errors import Message, Problem, SalesModelError, describe_os_error

#: Largest text file, in bytes; most rows and columns of a table.
MAX_BYTES, MAX_ROWS, MAX_COLUMNS = 500_000_000, 1_200_000, 400
#: Problems of one kind that are listed for one column; the rest is counted.
MAX_PROBLEMS = 20

#: A title is looked for in so many rows; headers below it have at least so many cells.
_N_TITLE_ROWS, _N_TITLE_CELLS = 6, 3

_SEPARATORS = (";", "\t", ",")
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_ERRORS = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#NOM?", "#VALEUR!",
           "#NOMBRE!", "#NUL!")
_QUOTED_FORMULA = re.compile(r'^="(.*)"$')


@dataclass(frozen=True)
class Place:
    """Where a table comes from, to say where a problem is.

    Parameters
    ----------
    file : str
        File name as the user knows it.
    sheet : str, optional
        Sheet of a workbook.
    headers : mapping of str to str
        Column name -> header as written.
    """

    file: str
    sheet: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def problem(self, message: Message, *, row: int | None = None, column: str | None = None,
                value: str | None = None) -> Problem:
        """Return a problem at this place; ``column`` is a column name."""
        header = None if column is None else self.headers.get(column, column)
        return Problem(message, file=self.file, sheet=self.sheet, row=row, column=header, value=value)

    def problems(self, message: Message, column: str, cells: pd.Series) -> list[Problem]:
        """Return one problem per cell (index: row), at most ``MAX_PROBLEMS``, then one that counts the rest."""
        found = [self.problem(message, row=int(row), column=column, value=None if pd.isna(value) else str(value))
                 for row, value in cells.iloc[:MAX_PROBLEMS].items()]
        n_more = len(cells) - len(found)
        if n_more > 0:
            found.append(self.problem(Message("And {n_more} more of the same kind in this column.", {"n_more": n_more}),
                                      column=column))
        return found


@dataclass(frozen=True)
class TextTable:
    """A table as it was written: text cells below the original header.

    Parameters
    ----------
    frame : pandas.DataFrame
        Text cells, stripped; an empty cell is ``""``. Columns are the headers
        as written (two may be equal), the index is the row as a spreadsheet
        shows it (the header is usually row 1).
    file : str
        File name as the user knows it.
    sheet : str, optional
        Sheet of a workbook.
    separator : str, optional
        What separated the cells; None for a workbook.
    kinds : pandas.DataFrame, optional
        Same shape: ``"n"`` where a workbook's cell held a number, ``"d"`` a
        date, ``""`` text. None for a text file.
    problems : tuple of Problem
        What could not be read.
    """

    frame: pd.DataFrame
    file: str
    sheet: str | None = None
    separator: str | None = None
    kinds: pd.DataFrame | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def place(self) -> Place:
        """Return where the table comes from."""
        return Place(self.file, self.sheet)


def read_bytes(path: Path, *, limit: int = MAX_BYTES) -> bytes:
    """Return a file's content.

    Raises
    ------
    SalesModelError
        There is no such file, it cannot be read, or it is larger than ``limit`` bytes.
    """
    try:
        if not path.is_file():
            raise SalesModelError("{file}: there is no such file.", file=path.name)
        if path.stat().st_size > limit:
            raise SalesModelError("{file} is larger than {limit} MB; leave out what the model does not need.",
                                  file=path.name, limit=limit // 1_000_000)
        return path.read_bytes()
    except OSError as error:
        raise SalesModelError("{file} cannot be read ({detail}); close it elsewhere, or check its permissions.",
                              file=path.name, detail=describe_os_error(error)) from error


def decode_text(content: bytes) -> str | None:
    """Return a file's text in Unicode form NFC; None when it is in none of the accepted encodings.

    Examples
    --------
    >>> decode_text("Équipe".encode("cp1252"))
    'Équipe'
    """
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return _decode(content[len(mark):], encoding)
    text = _decode(content, "utf-8")
    return _decode(content, "cp1252") if text is None else text


def _decode(content: bytes, encoding: str) -> str | None:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else unicodedata.normalize("NFC", text)


def read_delimited(content: bytes, file: str) -> TextTable:
    """Return the table in a comma-, semicolon- or tab-separated file.

    Parameters
    ----------
    content : bytes
        The file.
    file : str
        Its name, for problems.

    Returns
    -------
    TextTable
        Without rows where the file cannot be read; its problems say why.
    """
    text = decode_text(content)
    if text is None:
        return _unreadable(file, Message("The file is not text that can be read; save it as “CSV UTF-8”."))
    declared = re.match(r"sep=(.)\r?\n", text)
    body = text[declared.end():] if declared else text
    separator = declared[1] if declared else find_separator(body)
    records: list[list[str]] = []
    try:
        for record in csv.reader(io.StringIO(body, newline=""), delimiter=separator, strict=True):
            records.append(record)
            if len(records) > MAX_ROWS:
                return _unreadable(file, Message("More than {limit} rows; leave out what the model does not need.",
                                                 {"limit": MAX_ROWS}))
    except csv.Error:
        return _unreadable(file, Message("A double quote is not closed, or stands inside a quoted cell without "
                                         "being doubled."), row=len(records) + 1)
    return make_text_table(records, Place(file), separator=separator)


def _unreadable(file: str, message: Message, row: int | None = None) -> TextTable:
    return TextTable(pd.DataFrame(), file, problems=(Problem(message, file=file, row=row),))


def find_separator(text: str) -> str:
    r"""Return the separator under which the first rows have as many cells as the header, and at least two.

    Examples
    --------
    >>> find_separator("account;sales_per_year\nA1;1,5\n")
    ';'
    """
    return max(_SEPARATORS, key=lambda separator: _count_regular(text, separator))


def _count_regular(text: str, separator: str) -> tuple[bool, float, int]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    widths = [len(record) for record in _take_filled(reader, 50)]
    if not widths or widths[0] < 2:
        return False, 0.0, 0
    return True, sum(width == widths[0] for width in widths) / len(widths), widths[0]


def _take_filled(reader: Iterator[list[str]], count: int) -> Iterator[list[str]]:
    try:
        for record in reader:
            if any(record):
                yield record
                count -= 1
            if count == 0:
                return
    except csv.Error:
        return


def make_text_table(records: Sequence[Sequence[str]], place: Place, *, separator: str | None = None,
                    kinds: Sequence[Sequence[str]] | None = None) -> TextTable:
    """Return a text table from rows of cells; the first row that is not empty is the header.

    Parameters
    ----------
    records : sequence of sequence of str
        Every row of the file, empty ones too, so that rows keep their numbers.
    place : Place
        File and sheet.
    separator : str, optional
        What separated the cells.
    kinds : sequence of sequence of str, optional
        Per cell ``"n"``, ``"d"`` or ``""``, for a workbook.
    """
    filled = [number for number, record in enumerate(records) if any(cell.strip() for cell in record)]
    if not filled:
        problem = place.problem(Message("The table is empty; its first row must hold the names of the columns."))
        return TextTable(pd.DataFrame(), place.file, place.sheet, separator, problems=(problem,))
    below = _find_headers_below(records, filled)
    if below is not None:
        problem = place.problem(Message("The first row looks like a title and row {row} like the names of the columns; "
                                        "delete what stands above it.", {"row": below + 1}), row=filled[0] + 1)
        return TextTable(pd.DataFrame(), place.file, place.sheet, separator, problems=(problem,))
    header = [cell.strip() for cell in records[filled[0]]][:MAX_COLUMNS]
    kept = [position for position, name in enumerate(header) if name and not name.startswith("#")]
    rows, problems = _find_rows(records, filled[1:], header, place)
    cells = _frame([[_clean(cell) for cell in record] for record in records], rows, kept)
    wrong = cells.isin(_ERRORS)
    message = Message("The cell holds an error of the spreadsheet; mend its formula, or empty the cell.")
    for at in [at for at in cells if wrong[at].any()]:
        problems += place.problems(message, header[kept[at]], cells.loc[wrong[at], at])
    headers = [header[at] for at in kept]
    sound = cells.mask(wrong, "") if problems else cells
    return TextTable(sound.set_axis(headers, axis="columns"), place.file, place.sheet, separator,
                     None if kinds is None else _frame(kinds, rows, kept).set_axis(headers, axis="columns"),
                     tuple(problems))


def _find_headers_below(records: Sequence[Sequence[str]], filled: list[int]) -> int | None:
    """Return the row that looks like headers where a title of one cell stands above; None where the first does."""
    widths = [sum(1 for cell in records[number] if cell.strip()) for number in filled[:_N_TITLE_ROWS]]
    if widths[0] > 1 or max(widths) < _N_TITLE_CELLS:
        return None
    return next(number for number, width in zip(filled, widths, strict=False) if width >= _N_TITLE_CELLS)


def _clean(cell: str) -> str:
    bare = cell.strip()
    return _QUOTED_FORMULA.sub(r"\1", bare) if bare.startswith("=") else bare


def _frame(records: Sequence[Sequence[str]], rows: list[int], kept: list[int]) -> pd.DataFrame:
    cells = {number: [records[row][at] if at < len(records[row]) else "" for row in rows]
             for number, at in enumerate(kept)}
    return pd.DataFrame(cells, index=pd.Index([row + 1 for row in rows], name="row", dtype="int64"), dtype="str")


def _find_rows(records: Sequence[Sequence[str]], filled: list[int], header: list[str],
               place: Place) -> tuple[list[int], list[Problem]]:
    rows, problems = [], []
    for number in filled:
        surplus = [cell for cell in records[number][len(header):] if cell.strip()]
        if surplus:
            problems.append(place.problem(Message(
                "The row has more cells than the header has names; put a text that holds the separator in double "
                "quotes."), row=number + 1, value=surplus[0]))
        rows.append(number)
    return rows, problems[:MAX_PROBLEMS]
