"""From a file to a table of declared columns: headers are matched, cells are read.

A header is a column's name, or another header that its declaration accepts, or
a criterion's id or label, in any case, with or without accents. An unknown
header is a problem that names the nearest known one. How cells are read is
stated in :mod:`salesmodel_kit.client.cells`, what files are accepted in
:mod:`salesmodel_kit.client.texts` and :mod:`salesmodel_kit.client.workbook`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pandas as pd

from salesmodel_kit.client.cells import (
    Numbers,
    expect_mark,
    fold,
    is_missing,
    read_choices,
    read_dates,
    read_flags,
    read_numbers,
    sort_numbers,
)
from salesmodel_kit.client.texts import Place, TextTable, read_bytes, read_delimited
from salesmodel_kit.client.workbook import read_workbook
from salesmodel_kit.errors import Message, Problem
from salesmodel_kit.tables import Column, Table, dtype_of

TEXT_ENDINGS: tuple[str, ...] = (".csv", ".tsv", ".txt")

_MANY = 1000
_EXPECTED_MARK = {",": ".", ";": ","}
_NUMBER_KINDS = ("number", "integer")
_LARGEST_WHOLE = 10**9


def read_text_table(path: Path, sheet: str | None = None) -> TextTable:
    """Return a file's table as text cells.

    Parameters
    ----------
    path : Path
        A comma-, semicolon- or tab-separated file, or an ``.xlsx`` workbook.
    sheet : str, optional
        Sheet of a workbook, in any case; needed where it has several.

    Returns
    -------
    TextTable
        ``frame`` holds the cells under the headers as written, its index is
        the row as a spreadsheet shows it. ``problems`` says what could not be
        read; the frame may then be empty.

    Raises
    ------
    SalesModelError
        There is no such file, or it is too large.
    """
    content = read_bytes(Path(path))
    if Path(path).suffix.lower() in TEXT_ENDINGS:
        return read_delimited(content, Path(path).name)
    tables = read_workbook(content, Path(path).name)
    found = [table for table in tables if sheet is None or (table.sheet and fold(table.sheet) == fold(sheet))]
    if len(found) == 1:
        return found[0]
    names = ", ".join(table.sheet or "" for table in tables)
    message = Message("Say which sheet to read; the workbook has: {sheets}.", {"sheets": names or "–"})
    problem = Problem(message, file=Path(path).name, sheet=sheet)
    return TextTable(pd.DataFrame(), Path(path).name, sheet, problems=(problem,))


_LEADING_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")


def find_nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that is nearest to a misspelt one; None when none is near.

    Zeros before a number do not matter. Among many names only those are compared that begin alike.

    Examples
    --------
    >>> find_nearest("7", ["007", "071"]), find_nearest("r1", ["R10", "R01"])
    ('007', 'R01')
    >>> find_nearest("Comptse", ["comptes", "segments"])
    'comptes'
    """
    folded = {fold(candidate): candidate for candidate in known}
    wanted = fold(name)
    for spelling, candidate in folded.items():
        if _LEADING_ZEROS.sub("", spelling) == _LEADING_ZEROS.sub("", wanted):
            return candidate
    if len(folded) > _MANY:
        folded = {spelling: folded[spelling] for spelling in folded if spelling[:2] == wanted[:2]}
    near = difflib.get_close_matches(wanted, list(folded)[:_MANY], n=1, cutoff=0.6)
    return folded[near[0]] if near else None


def parse_table(text_table: TextTable, table: Table, *, criteria: pd.DataFrame | None = None,
                currency: str | None = None) -> tuple[pd.DataFrame, tuple[Problem, ...]]:
    """Return a table of declared columns from text cells.

    Parameters
    ----------
    text_table : TextTable
        From :func:`read_text_table`.
    table : Table
        What the table should be.
    criteria : pandas.DataFrame, optional
        The client's criteria (``criterion``, ``label``, ``axis``); those of the
        table's axes are allowed as further number columns.
    currency : str, optional
        ISO 4217 code; its sign beside an amount is left aside.

    Returns
    -------
    pandas.DataFrame
        Every declared column with its dtype, absent ones and cells that cannot
        be read are missing; then the criteria that the file has, float64, or
        text where the criterion is measured in categories.
        The index is the row as a spreadsheet shows it.
    tuple of Problem
        Headers and cells that cannot be read, those of ``text_table`` included.
    """
    place, problems = match_headers(text_table, table, criteria=criteria)
    positions = {header: at for at, header in reversed(tuple(enumerate(text_table.frame.columns)))}
    cells = {name: text_table.frame.iloc[:, positions[header]] for name, header in place.headers.items()}
    kinds = {} if text_table.kinds is None else {
        name: text_table.kinds.iloc[:, positions[header]] for name, header in place.headers.items()}
    columns = {name: _declare(table, name, criteria) for name in cells}
    found = _parse_number_columns(cells, columns, kinds=kinds, separator=text_table.separator, place=place,
                                  currency=currency)
    for name, column in columns.items():
        if column.kind not in _NUMBER_KINDS:
            found[name] = _parse_column(cells[name], column, kinds.get(name), place)
    frame = pd.DataFrame({name: values.round().astype("Int64") if columns[name].kind == "integer" else values
                          for name, (values, _) in found.items()}, index=text_table.frame.index)
    cell_problems = [problem for name in cells for problem in found[name][1]]
    return _complete(frame, table), (*text_table.problems, *problems, *cell_problems)


def make_empty_table(table: Table) -> pd.DataFrame:
    """Return a table of declared columns without rows, for one that a client does not have."""
    return _complete(pd.DataFrame(index=pd.RangeIndex(0)), table)


def match_headers(text_table: TextTable, table: Table, *,
                  criteria: pd.DataFrame | None = None) -> tuple[Place, list[Problem]]:
    """Return the place of a table, with the header of each column that it has, and what is wrong with the headers.

    Parameters
    ----------
    text_table : TextTable
        From :func:`read_text_table`.
    table : Table
        What the table should be.
    criteria : pandas.DataFrame, optional
        The client's criteria.
    """
    names = _list_names(table, criteria)
    place, problems = Place(text_table.file, text_table.sheet), []
    headers: dict[str, str] = {}
    for header in text_table.frame.columns:
        name = names.get(fold(header))
        if name is None:
            problems.append(place.problem(_describe_unknown(header, names), row=1, column=header))
        elif name in headers:
            message = Message("This column and “{other}” both mean {name}; keep one, or begin the header of the other "
                              "with #.", {"other": headers[name], "name": name})
            problems.append(place.problem(message, column=header))
        else:
            headers[name] = header
    if not text_table.problems or len(text_table.frame.columns):
        message = Message("The table needs this column; add it, with a value in every row.")
        problems += [place.problem(message, row=1, column=column.name)
                     for column in table.columns if column.needed and column.name not in headers]
    return replace(place, headers=headers), problems


def _list_names(table: Table, criteria: pd.DataFrame | None) -> dict[str, str]:
    """Return folded header -> column name; where two want the same header, declared names come first."""
    names = {fold(column.name): column.name for column in table.columns}
    for column in table.columns:
        for header in column.headers:
            names.setdefault(fold(header), column.name)
    if criteria is None:
        return names
    own = criteria[criteria["axis"].isin(table.axes)].drop_duplicates("criterion")
    ids = {fold(name): name for name in own["criterion"].dropna()}
    labels = own["label"].dropna().map(fold)
    unclear = set(labels[labels.duplicated(keep=False)])
    by_label = {label: own.at[at, "criterion"] for at, label in labels.items() if label not in unclear}
    return {**by_label, **names, **{header: name for header, name in ids.items() if header not in names}}


def _describe_unknown(header: str, names: dict[str, str]) -> Message:
    near = find_nearest(header, names)
    if near is None:
        return Message("There is no such column; mend its name, declare it in the criteria, or begin the header with # "
                       "to leave it aside.")
    return Message("There is no such column; did you mean {near}? Otherwise declare it in the criteria, or begin the "
                   "header with # to leave it aside.", {"near": names[near]})


def _declare(table: Table, name: str, criteria: pd.DataFrame | None) -> Column:
    """Return the column's declaration; a criterion's is text where it is measured in categories."""
    if name in table.names:
        return table.column(name)
    own = criteria["criterion"] == name if criteria is not None else pd.Series(dtype=bool)
    is_category = bool(own.any()) and "category_values" in criteria and bool(criteria.loc[
        own & criteria["axis"].isin(table.axes), "category_values"].notna().any())
    return Column(name, "text" if is_category else "number", "performance on a criterion")


def _complete(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Return the frame with every declared column in order, absent ones missing, then the criteria."""
    absent = {column.name: pd.Series(None, index=frame.index, dtype=dtype_of(column))
              for column in table.columns if column.name not in frame}
    extra = [name for name in frame if name not in table.names]
    return pd.concat([frame, pd.DataFrame(absent, index=frame.index)], axis="columns")[[*table.names, *extra]]


def _parse_number_columns(cells: dict[str, pd.Series], columns: dict[str, Column], *, kinds: dict[str, pd.Series],
                          separator: str | None, place: Place,
                          currency: str | None) -> dict[str, tuple[pd.Series, list[Problem]]]:
    """Return numbers and problems per column; the decimal mark of unclear cells is found over all columns."""
    sorted_columns: dict[str, Numbers] = {}
    for name, column in columns.items():
        if column.kind in _NUMBER_KINDS:
            known = cells[name][~is_missing(cells[name], is_word=False)]
            exact = (kinds[name].loc[known.index] == "n") if name in kinds else None
            money = currency if column.unit.startswith("currency") else None
            sorted_columns[name] = sort_numbers(known, exact=exact, currency=money)
    in_file = frozenset().union(*(numbers.marks for numbers in sorted_columns.values()))
    expected = None if in_file else _EXPECTED_MARK.get(separator or "")
    parsed = {name: _parse_numbers(cells[name], expect_mark(numbers, expected), _find_mark(numbers.marks or in_file),
                                   name, place) for name, numbers in sorted_columns.items()}
    return {name: _make_whole(found, cells[name], name, place) if columns[name].kind == "integer" else found
            for name, found in parsed.items()}


def _make_whole(found: tuple[pd.Series, list[Problem]], cells: pd.Series, name: str,
                place: Place) -> tuple[pd.Series, list[Problem]]:
    values, problems = found
    broken = values.notna() & ((values % 1 != 0) | (values.abs() > _LARGEST_WHOLE))
    more = place.problems(Message("A whole number is expected, as 1 or 2."), name, cells[broken])
    return values.mask(broken).astype("Int64"), [*problems, *more]


def _find_mark(marks: frozenset[str]) -> str | None:
    return next(iter(marks)) if len(marks) == 1 else None


def _parse_numbers(cells: pd.Series, numbers: Numbers, mark: str | None, name: str,
                   place: Place) -> tuple[pd.Series, list[Problem]]:
    values = read_numbers(numbers, mark=mark)
    wrong = values.isna()
    if not wrong.any():
        return values.reindex(cells.index), []
    unclear = wrong & (numbers.forms == "unclear")
    percent = wrong & cells.loc[values.index].str.contains("%", regex=False)
    messages = (
        (unclear, Message("The mark could separate thousands or decimals; write the number without it, or with one "
                          "or two decimals, as 1234 or 1.2.")),
        (percent, Message("A number without % is expected; shares are written between 0 and 1, as 0.62.")),
        (wrong & ~unclear & ~percent, Message("A number is expected, without unit or currency; leave the cell empty "
                                              "where it is not known.")),
    )
    problems = [problem for mask, message in messages
                for problem in place.problems(message, name, cells.loc[mask.index[mask]])]
    return values.reindex(cells.index), problems


def _parse_column(cells: pd.Series, column: Column, kinds: pd.Series | None,
                  place: Place) -> tuple[pd.Series, list[Problem]]:
    missing = is_missing(cells, is_word=column.kind in ("id", "text"))
    known = cells[~missing]
    if column.kind == "date":
        values = read_dates(known)
        message = Message("A date is expected, as 2026-09-30 or 30/09/2026: the day before the month, never MM/DD.")
    elif column.kind == "flag":
        values, message = read_flags(known), Message("true or false is expected.")
    elif column.kind == "choice":
        known = cells[~missing | cells.map(fold).isin([fold(name) for name in _list_spellings(column)])]
        values = read_choices(known, column)
        message = _describe_choices(column, is_own=place.headers.get(column.name) == column.name)
    else:
        return cells.mask(missing), _find_spoilt_ids(cells, column, kinds, place)
    problems = place.problems(message, column.name, known[values.isna()])
    return values.reindex(cells.index).astype(dtype_of(column)), problems


def _list_spellings(column: Column) -> list[str]:
    return [name for choice, others in column.choices.items() for name in (choice, *others)]


def _describe_choices(column: Column, *, is_own: bool) -> Message:
    """Return the choices as the client's headers are written: the kit's own, or French."""
    words = [choice if is_own or not others else others[0] for choice, others in column.choices.items()]
    return Message("One of these is expected: {choices}.", {"choices": ", ".join(words)})


def _find_spoilt_ids(cells: pd.Series, column: Column, kinds: pd.Series | None, place: Place) -> list[Problem]:
    if column.kind != "id":
        return []
    is_short = cells.str.contains(r"^\d[.,]\d+E\+\d+$", regex=True).astype(bool)
    is_date = (kinds == "d") if kinds is not None else pd.Series(False, index=cells.index)
    return [
        *place.problems(Message("The spreadsheet has shortened this id; format the column as text and enter the id "
                                "again."), column.name, cells[is_short]),
        *place.problems(Message("The spreadsheet has turned this id into a date; format the column as text and enter "
                                "the id again."), column.name, cells[is_date]),
    ]
