"""Recognise the files of an export by their headers, whatever they are called and in whatever order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from salesmodel_kit.client.cells import fold, is_missing
from salesmodel_kit.client.derive import Derivation, ReadTable
from salesmodel_kit.client.mapping import MappingFile, Source
from salesmodel_kit.client.operations import say
from salesmodel_kit.client.reading import TEXT_ENDINGS, find_nearest, read_text_table
from salesmodel_kit.client.texts import TextTable, read_bytes
from salesmodel_kit.client.workbook import read_workbook
from salesmodel_kit.errors import Message, Problem, SalesModelError

_DECIMAL_MARKS: Mapping[str | None, str] = {";": ",", ",": ".", None: "."}


@dataclass(frozen=True)
class Exports:
    """What the given files hold.

    Parameters
    ----------
    sources : Derivation
        The rows of each source, those left out gone.
    left_out : tuple of Message
        Rows and columns that are not used, counted, with the reason.
    currencies : tuple of str
        Currencies named by the rows.
    """

    sources: Derivation
    left_out: tuple[Message, ...]
    currencies: tuple[str, ...]


def read_exports(files: Sequence[Path], mapping: MappingFile, *, language: str) -> Exports:
    """Return the sources that are found in files.

    Parameters
    ----------
    files : sequence of pathlib.Path
        CSV files or workbooks; every sheet of a workbook is looked at.
    mapping : MappingFile
        The sources to look for.
    language : {"en", "fr"}
        Language of reasons and constants.

    Returns
    -------
    Exports
        ``sources.problems`` holds what could not be read or recognised.
    """
    problems: list[Problem] = []
    left_out: list[Message] = []
    tables: list[ReadTable] = []
    parts: dict[str, list[pd.DataFrame]] = {}
    for text_table in _read_all(files, problems):
        name = recognize(text_table, mapping.sources)
        if name is None:
            problems.append(_explain_unknown(text_table, mapping.sources))
            continue
        columns = _match_columns(text_table, mapping.sources[name])
        left_out += _list_unused(text_table, mapping.sources[name], columns, language)
        frame, notes = _pick(text_table, columns, number=len(tables))
        left_out += notes
        parts.setdefault(name, []).append(frame)
        mark = _DECIMAL_MARKS.get(text_table.separator)
        tables.append(ReadTable(text_table.place, name, len(text_table.frame), mark))
    frames = {name: pd.concat(found, ignore_index=True) for name, found in parts.items()}
    sources = Derivation(mapping, frames, tables, language, problems=problems)
    left_out += _leave_out(sources)
    return Exports(sources, tuple(left_out), _list_currencies(sources))


def recognize(text_table: TextTable, sources: Mapping[str, Source]) -> str | None:
    """Return the source whose needed columns are all there; of several, the one that needs most, then knows most."""
    scores = {}
    for name, source in sources.items():
        found = _match_columns(text_table, source)
        if all(column in found for column in source.needed):
            scores[name] = (len(source.needed), len(found))
    return max(scores, key=lambda name: scores[name]) if scores else None


def _read_all(files: Sequence[Path], problems: list[Problem]) -> list[TextTable]:
    found: list[TextTable] = []
    for file in files:
        try:
            is_text = file.suffix.lower() in TEXT_ENDINGS
            tables = (read_text_table(file),) if is_text else read_workbook(read_bytes(file), file.name)
        except SalesModelError as error:
            problems.append(Problem(error.message, file.name))
            continue
        problems += [problem for table in tables for problem in table.problems]
        found += [table for table in tables if len(table.frame.columns)]
    return found


def _compact(header: str) -> str:
    return fold(header).replace(" ", "")


def _match_columns(text_table: TextTable, source: Source) -> dict[str, int]:
    """Return column identifier -> position in the table."""
    at = {_compact(header): position for position, header in reversed(list(enumerate(text_table.frame.columns)))}
    found = {}
    for name, headers in source.headers.items():
        position = next((at[_compact(header)] for header in (name, *headers) if _compact(header) in at), None)
        if position is not None:
            found[name] = position
    return found


def _pick(text_table: TextTable, columns: Mapping[str, int], *, number: int) -> tuple[pd.DataFrame, list[Message]]:
    cells = text_table.frame
    notes = _count_notes(cells)
    cells = cells.iloc[:len(cells) - notes]
    frame = pd.DataFrame({name: cells.iloc[:, position] for name, position in columns.items()})
    frame = frame.apply(lambda column: column.mask(is_missing(column, is_word=True)))
    frame = frame.assign(_table=number, _row=cells.index)
    if not notes:
        return frame, []
    return frame, [Message("{file}: rows below the table with one cell only, taken as remarks: {n_rows}.",
                           {"file": text_table.file, "n_rows": notes})]


def _count_notes(cells: pd.DataFrame) -> int:
    """Return how many rows at the end hold nothing but their first cell, as below a printed report."""
    if len(cells.columns) < 3:
        return 0
    is_note = cells.iloc[:, 1:].eq("").all(axis=1).to_numpy()[::-1]
    return len(is_note) if is_note.all() else int(is_note.argmin())


def _leave_out(sources: Derivation) -> list[Message]:
    told = []
    for name, source in sources.mapping.sources.items():
        for exclusion in source.leave_out if name in sources.frames else ():
            frame = sources.frames[name]
            goes = sources.holds((exclusion,), name)
            sources.frames[name] = frame[~goes]
            if goes.any():
                facts = {"source": name, "n_rows": int(goes.sum()), "reason": say(exclusion.reason, sources.language)}
                told.append(Message("{source}: rows left out ({reason}): {n_rows}.", facts))
    return told


def _list_unused(text_table: TextTable, source: Source, columns: Mapping[str, int], language: str) -> list[Message]:
    if source.not_used is not None:
        facts = {"file": text_table.file, "reason": say(source.not_used, language)}
        return [Message("{file}: nothing is taken from it: {reason}.", facts)]
    unused = [header for position, header in enumerate(text_table.frame.columns) if position not in columns.values()]
    if not unused:
        return []
    return [Message("{file}: columns not used: {columns}.", {"file": text_table.file, "columns": ", ".join(unused)})]


def _list_currencies(sources: Derivation) -> tuple[str, ...]:
    found: set[str] = set()
    for name, frame in sources.frames.items():
        column = sources.mapping.sources[name].currency_column
        if column in frame.columns:
            found |= set(frame[column].dropna().str.upper())
    return tuple(sorted(found))


def _explain_unknown(text_table: TextTable, sources: Mapping[str, Source]) -> Problem:
    """Return a sentence that names the source that comes nearest, what it lacks and what may be meant."""
    headers = list(text_table.frame.columns)
    lacking = {name: [column for column in source.needed if column not in _match_columns(text_table, source)]
               for name, source in sources.items()}
    nearest = min(lacking, key=lambda name: len(lacking[name]) / len(sources[name].needed))
    hints = []
    for column in lacking[nearest]:
        near = find_nearest(column, headers)
        hints.append(f"{column} (~ {near}?)" if near else column)
    facts = {"sources": ", ".join(sources), "nearest": nearest, "missing": ", ".join(hints)}
    message = Message("This file is none of: {sources}. Nearest is {nearest}, where these columns are needed and not "
                      "there: {missing}.", facts)
    return Problem(message, text_table.file, sheet=text_table.sheet, value=", ".join(headers)[:200])
