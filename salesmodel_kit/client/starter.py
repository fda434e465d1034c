"""A new client's files, to fill in: from ``templates/client``, in the client's language.

They are written complete or not at all, and never over anything.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import unicodedata
import uuid
from collections.abc import Mapping
from pathlib import Path

import openpyxl
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from salesmodel_kit.client.reading import match_headers, parse_table
from salesmodel_kit.client.settings import Settings, read_yaml
from salesmodel_kit.client.sources import PROFILE_FILE, WORKBOOK_FILE, Sources, read_sources
from salesmodel_kit.client.texts import TextTable
from salesmodel_kit.errors import SalesModelError, describe_os_error
from salesmodel_kit.resources import find_resource
from salesmodel_kit.tables import CRITERIA, INPUT_TABLES, Table

#: Rows of a new workbook whose cells are formatted and offer their choices.
_N_PREPARED_ROWS = 2000
_HEADINGS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "client": {"en": ("key", "value"), "fr": ("clé", "valeur")},
    "assumptions": {"en": ("name", "value", "unit", "basis", "source", "low", "high"),
                    "fr": ("nom", "valeur", "unité", "base", "source", "bas", "haut")},
}
_SHEETS_FR = {"criteria": "critères", "accounts": "comptes", "reps": "commerciaux", "opportunities": "opportunités",
              "assumptions": "hypothèses", "leave": "congés", "calls_made": "visites faites"}


def write_starter(language: str, name: str, *, is_workbook: bool = False) -> dict[str, bytes]:
    """Return the files of a new client, by name.

    Parameters
    ----------
    language : {"en", "fr"}
        Of headers, remarks and the proposed criteria.
    name : str
        The client's name; its id is made from it.
    is_workbook : bool
        One ``client.xlsx`` instead of a file per table.
    """
    folder = find_resource("templates", "client", language)
    files = {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
    profile = files[PROFILE_FILE].decode("utf-8")
    quoted = json.dumps(name, ensure_ascii=False)
    profile = profile.replace("CLIENT_ID", make_id(name)).replace("CLIENT_NAME", quoted)
    files[PROFILE_FILE] = profile.encode("utf-8")
    if is_workbook:
        settings = read_yaml(files[PROFILE_FILE], PROFILE_FILE)
        return {WORKBOOK_FILE: _write_workbook(read_sources(folder), settings, language)}
    return files


def make_id(name: str) -> str:
    """Return a client id made from a name.

    Examples
    --------
    >>> make_id("Société Générale d'Échelles & Cie")
    'societe-generale-d-echelles-cie'
    """
    bare = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", bare).strip("-")[:64].rstrip("-") or "client"


def copy_example(files: Mapping[str, bytes], name: str) -> dict[str, bytes]:
    """Return the files of a demo client with another id: its results have a folder of their own.

    Parameters
    ----------
    files : mapping of str to bytes
        By name inside the folder.
    name : str
        What the id is made from.
    """
    profile = files[PROFILE_FILE].decode("utf-8")
    return {**files, PROFILE_FILE: re.sub(r"(?m)^id:.*$", f"id: {make_id(name)}", profile, count=1).encode("utf-8")}


def make_folder(target: Path, files: Mapping[str, bytes]) -> Path:
    """Write files as a new folder: beside it under another name first, then renamed.

    Parameters
    ----------
    target : Path
        A folder that is not there yet, or is empty.
    files : mapping of str to bytes
        By name inside the folder.

    Raises
    ------
    SalesModelError
        The target is not an empty folder, or cannot be written.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise SalesModelError("{target} is there already and not an empty folder; nothing was written.",
                              target=str(target))
    made = target.absolute().with_name(f".{target.absolute().name}-{uuid.uuid4().hex}")
    try:
        made.mkdir(parents=True)
        for name, content in files.items():
            (made / name).parent.mkdir(exist_ok=True)
            (made / name).write_bytes(content)
        if target.exists():
            target.rmdir()
        made.rename(target)
    except OSError as error:
        shutil.rmtree(made, ignore_errors=True)
        raise _cannot_write(target, error) from error
    return target


def make_workbook(target: Path, *, language: str, name: str) -> Path:
    """Write a new client as one workbook: beside it under another name first, then renamed.

    Parameters
    ----------
    target : Path
        A file that is not there yet.
    language : {"en", "fr"}
        Of sheets, headers and the proposed criteria.
    name : str
        The client's name.

    Raises
    ------
    SalesModelError
        The target is there, or cannot be written.
    """
    if target.exists():
        raise SalesModelError("{target} is there already; nothing was written.", target=str(target))
    made = target.absolute().with_name(f".{target.name}-{uuid.uuid4().hex}")
    try:
        made.parent.mkdir(parents=True, exist_ok=True)
        made.write_bytes(write_starter(language, name, is_workbook=True)[WORKBOOK_FILE])
        os.replace(made, target)
    except OSError as error:
        made.unlink(missing_ok=True)
        raise _cannot_write(target, error) from error
    return target


def _cannot_write(target: Path, error: OSError) -> SalesModelError:
    return SalesModelError("{target} cannot be written ({detail}).", target=str(target),
                           detail=describe_os_error(error))


def _write_workbook(sources: Sources, settings: Settings, language: str) -> bytes:
    book = openpyxl.Workbook()
    profile = {**settings.values, "data_until": ""}
    assumptions = dict(profile.pop("assumptions"))
    _fill_sheet(book.active, "client", _HEADINGS["client"][language], list(profile.items()), language=language)
    keys = _HEADINGS["assumptions"]["en"]
    rows = [[name, *(entry.get(key, "") for key in keys[1:])] for name, entry in assumptions.items()]
    _fill_sheet(book.create_sheet(), "assumptions", _HEADINGS["assumptions"][language], rows, language=language)
    for table in INPUT_TABLES:
        _fill_table(book.create_sheet(), table, sources.tables[table.name], language=language)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _fill_sheet(sheet: Worksheet, name: str, headings: tuple[str, ...], rows: list, *, language: str) -> None:
    sheet.title = _SHEETS_FR.get(name, name) if language == "fr" else name
    sheet.freeze_panes = "A2"
    for number, row in enumerate([headings, *rows], start=1):
        for at, value in enumerate(row, start=1):
            _write_cell(sheet, number, at, value)
    for at, heading in enumerate(headings, start=1):
        sheet.cell(1, at).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(at)].width = max(12, min(40, len(str(heading)) + 3))


def _write_cell(sheet: Worksheet, row: int, column: int, value: object) -> None:
    """Write a number as a number, anything else as a text that is never a formula."""
    if value is None or value == "":
        return
    cell = sheet.cell(row, column)
    is_number = isinstance(value, float) or re.fullmatch(r"-?\d+(\.\d+)?", str(value))
    cell.value = float(str(value)) if is_number else str(value)
    if not is_number:
        cell.data_type = "s"


def _fill_table(sheet: Worksheet, table: Table, text_table: TextTable, *, language: str) -> None:
    frame, _ = parse_table(text_table, table)
    place, _ = match_headers(text_table, table)
    headings = tuple(str(header) for header in text_table.frame.columns)
    names = {header: name for name, header in place.headers.items()}
    rows = [[frame.loc[row, names[header]] if names.get(header) in _NUMBERS else text_table.frame.loc[row, header]
             for header in headings] for row in text_table.frame.index]
    _fill_sheet(sheet, table.name, headings, rows, language=language)
    for at, header in enumerate(headings, start=1):
        name = names.get(header)
        if name is not None:
            _prepare_column(sheet, at, table, name, language=language)


_NUMBERS = frozenset(column.name for column in CRITERIA.columns if column.kind == "number")


def _prepare_column(sheet: Worksheet, at: int, table: Table, name: str, *, language: str) -> None:
    """Make ids stay text when they are typed, and offer the choices of a column."""
    column, letter = table.column(name), get_column_letter(at)
    if column.kind == "id" or name == "size_band":
        for row in range(2, _N_PREPARED_ROWS + 2):
            sheet.cell(row, at).number_format = "@"
    if column.choices:
        words = [(others or (choice,))[0] if language == "fr" else choice for choice, others in column.choices.items()]
        offer = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True, showErrorMessage=False)
        offer.add(f"{letter}2:{letter}{_N_PREPARED_ROWS + 1}")
        sheet.add_data_validation(offer)
