"""What an import writes into a folder that may already hold a client: what is new, what is refreshed, what is kept."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from salesmodel_kit.client.build import TABLES, BuiltTable, build_criteria, settle_deals
from salesmodel_kit.client.mapping import MappingFile
from salesmodel_kit.client.operations import as_text
from salesmodel_kit.client.reading import match_headers, parse_table
from salesmodel_kit.client.settings import read_yaml
from salesmodel_kit.client.sources import PROFILE_FILE, WORKBOOK_FILE, Sources, read_sources
from salesmodel_kit.client.texts import TextTable
from salesmodel_kit.errors import InputProblems, Message, Problem, SalesModelError
from salesmodel_kit.tables import Table

#: Tables that an export holds anew each time; the others are worked on by hand and never replaced.
EXPORTED: tuple[str, ...] = ("accounts", "opportunities")
#: Where a refresh keeps the files that it replaces; subfolders are not read.
FORMER_FOLDER = "former"

_EMPTY_DAY = re.compile(rb"^(data_until:)[ \t]*(?=\r?$)", re.MULTILINE)


@dataclass(frozen=True)
class Plan:
    """The tables to write and what is said of them.

    Parameters
    ----------
    built : mapping of str to BuiltTable
        By table name, in the order of the folder.
    present : Sources or None
        What the folder holds already.
    former : mapping of str to bytes
        Copies of the files that are replaced, by name inside the folder.
    notes : tuple of Message
        What was left out or changed, counted.
    kept : tuple of Message
        Files of the folder that stay as they are.
    """

    built: Mapping[str, BuiltTable]
    present: Sources | None
    former: Mapping[str, bytes]
    notes: tuple[Message, ...]
    kept: tuple[Message, ...]

    def file(self, name: str) -> str:
        """Return the file of a table, under the name that it has in the folder."""
        return self.present.tables[name].file if self.present and name in self.present.tables else f"{name}.csv"


def find_language(present: Sources | None) -> str | None:
    """Return the language of the folder's profile; None where it does not say."""
    if present is None or PROFILE_FILE not in present.files:
        return None
    language = read_yaml(present.files[PROFILE_FILE], PROFILE_FILE).values.get("language")
    return language if language in ("en", "fr") else None


def fill_data_until(present: Sources, day: dt.date) -> tuple[dict[str, bytes], tuple[Message, ...]]:
    """Return the profile with its empty ``data_until`` filled in, where it is, and what is said of the day.

    Parameters
    ----------
    present : Sources
        The folder, with its profile.
    day : datetime.date
        The last day that the export knows.
    """
    content = present.files[PROFILE_FILE]
    facts = {"file": PROFILE_FILE, "day": day.isoformat()}
    written = read_yaml(content, PROFILE_FILE).values.get("data_until")
    if written is None and _EMPTY_DAY.search(content):
        filled = _EMPTY_DAY.sub(rb"\g<1> " + day.isoformat().encode(), content, count=1)
        return {PROFILE_FILE: filled}, (Message("{file}: data_until was empty and is now {day}.", facts),)
    if written is not None and written != day.isoformat():
        return {}, (Message("{file} says that the data go until {written}; the export goes until {day}. Change "
                            "data_until if that is right.", {**facts, "written": written}),)
    return {}, ()


def look_at(target: Path) -> Sources | None:
    """Return what the folder holds; None where there is no folder, or an empty one."""
    if target.is_file():
        raise SalesModelError("{target} is a file; name the client's folder.", target=str(target))
    if not target.is_dir() or not any(target.iterdir()):
        return None
    present = read_sources(target)
    if WORKBOOK_FILE in present.files:
        raise SalesModelError("{target} keeps its tables in {workbook}; import into a new folder and copy the sheets "
                              "over.", target=str(target), workbook=WORKBOOK_FILE)
    if not present.files:
        raise SalesModelError("{target} holds other files and is not a client's folder; name a new folder.",
                              target=str(target))
    return present


def plan_tables(built: Mapping[str, BuiltTable], present: Sources | None, *, mapping: MappingFile, language: str,
                may_replace: Sequence[str]) -> Plan:
    """Return what is to be written: what the folder keeps is gone, what is refreshed carries its own columns over.

    Parameters
    ----------
    built : mapping of str to BuiltTable
        What the export can fill.
    present : Sources or None
        What the folder holds already.
    mapping : MappingFile
        Its criteria are proposed where the folder has none.
    language : {"en", "fr"}
        Language of labels.
    may_replace : sequence of str
        Tables that may be refreshed; those without a row always may.

    Raises
    ------
    SalesModelError
        The folder already has a table that may not be replaced, or nobody has accounts.
    InputProblems
        The export leaves a needed table without rows.
    """
    here = {} if present is None else present.tables
    may_replace = (*may_replace, *(name for name, table in here.items() if table.frame.empty))
    _refuse_clash(built, here, may_replace)
    tables, notes = _drop_empty(built, here)
    if "opportunities" in tables:
        tables["opportunities"] = settle_deals(tables["opportunities"], _list_accounts(tables, here))
    criteria = parse_table(here["criteria"], TABLES["criteria"])[0] if "criteria" in here else None
    if criteria is None:
        tables["criteria"] = build_criteria(mapping, tables, language)
    kept = [name for name in tables if name in here and name not in may_replace]
    for name in [name for name in TABLES if name in tables and name not in kept]:
        if name in here:
            tables[name] = _carry_over(tables[name], here[name], TABLES[name], criteria)
        notes += tables[name].notes
    told = tuple(Message("{file}: kept as it is.", {"file": here[name].file}) for name in kept)
    written = {name: tables[name] for name in TABLES if name in tables and name not in kept}
    replaced = [here[name].file for name in written if name in here and not here[name].frame.empty]
    contents = {} if present is None else present.files
    former = {_name_former(file, contents[file]): contents[file] for file in replaced}
    return Plan(written, present, former, tuple(notes), told)


def _name_former(file: str, content: bytes) -> str:
    return f"{FORMER_FOLDER}/{hashlib.sha256(content).hexdigest()[:8]}-{file}"


def _refuse_clash(built: Mapping[str, BuiltTable], here: Mapping[str, TextTable], may_replace: Sequence[str]) -> None:
    clash = [here[name].file for name in EXPORTED if name in here and name in built and name not in may_replace]
    if clash:
        raise SalesModelError("The folder already has {files}; import into a new folder, or refresh them (--replace), "
                              "which keeps the columns that the export does not fill.", files=", ".join(clash))
    if "accounts" not in built and "accounts" not in here:
        raise SalesModelError("A client's folder needs accounts, and none of the files holds them; add the export of "
                              "accounts.")


def _drop_empty(built: Mapping[str, BuiltTable],
                here: Mapping[str, TextTable]) -> tuple[dict[str, BuiltTable], list[Message]]:
    """Return the tables that have rows; a needed one without is a problem unless the folder has it."""
    empty = [name for name, table in built.items() if table.frame.empty]
    message = Message("No row of the export fills this table. Export the columns that it is made from, or put this "
                      "file into the client's folder first.")
    problems = [Problem(message, f"{name}.csv", column=TABLES[name].key[0]) for name in empty
                if TABLES[name].needed and (name not in here or here[name].frame.empty)]
    if problems:
        raise InputProblems("import", problems)
    notes = [Message("{file}: not written, the export has no row for it.", {"file": f"{name}.csv"}) for name in empty]
    return {name: table for name, table in built.items() if name not in empty}, notes


def _list_accounts(built: Mapping[str, BuiltTable], here: Mapping[str, TextTable]) -> list[str]:
    if "accounts" in built:
        return as_text(built["accounts"].frame["account"]).dropna().tolist()
    place, _ = match_headers(here["accounts"], TABLES["accounts"])
    return here["accounts"].frame[place.headers["account"]].tolist() if "account" in place.headers else []


def _carry_over(new: BuiltTable, old: TextTable, table: Table, criteria: pd.DataFrame | None) -> BuiltTable:
    """Return a refreshed table under the folder's own headers, with the columns that only the folder has, by key.

    A new column that the folder's criteria do not declare gets a header that begins with #, so that it is left aside.
    """
    place, _ = match_headers(old, table, criteria=criteria)
    cells = _read_former(old, table, criteria)
    known = set(table.names) | set(cells.columns) | (set() if criteria is None else set(criteria["criterion"].dropna()))
    frame = new.frame.rename(columns={name: f"# {name}" for name in new.frame.columns if name not in known})
    key = table.key[0]
    own = [name for name in cells.columns if name not in frame.columns]
    keys = as_text(frame[key])
    former = cells.drop_duplicates(key).set_index(key) if key in cells.columns else cells.iloc[:0]
    frame = frame.assign(**{name: keys.map(former[name].to_dict()) for name in own})
    order = [*cells.columns, *(name for name in frame.columns if name not in cells.columns)]
    notes = () if cells.empty else (_tell_change(old.file, keys, former.index, [*own]),)
    return replace(new, frame=frame[order].rename(columns=dict(place.headers)), notes=(*new.notes, *notes))


def _read_former(old: TextTable, table: Table, criteria: pd.DataFrame | None) -> pd.DataFrame:
    """Return the folder's table with its numbers read, so that they can be written anew; other cells are text."""
    values, problems = parse_table(old, table, criteria=criteria)
    if problems and not old.frame.empty:
        raise InputProblems(old.file, problems)
    place, _ = match_headers(old, table, criteria=criteria)
    headers = {header: name for name, header in place.headers.items()}
    cells = old.frame.loc[:, ~old.frame.columns.duplicated()].rename(columns=headers)
    cells = cells.mask(cells == "")
    return cells.assign(**{name: values[name] for name in cells.columns
                           if name in values and pd.api.types.is_float_dtype(values[name])})


def _tell_change(file: str, keys: pd.Series, former: pd.Index, own: Sequence[str]) -> Message:
    facts = {"file": file, "n_new": int((~keys.isin(former)).sum()), "n_gone": int((~former.isin(keys)).sum()),
             "columns": ", ".join(own) or "–", "folder": FORMER_FOLDER}
    return Message("{file}: new rows: {n_new}, rows gone: {n_gone}; columns kept from the folder: {columns}. The "
                   "former file is in {folder}.", facts)
