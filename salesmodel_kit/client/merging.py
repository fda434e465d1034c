"""What an import writes into a folder that may already hold a client: what is new, what is refreshed, what is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from salesmodel_kit.client.build import TABLES, BuiltTable, build_criteria, settle_deals
from salesmodel_kit.client.mapping import MappingFile
from salesmodel_kit.client.operations import as_text
from salesmodel_kit.client.reading import match_headers
from salesmodel_kit.client.sources import WORKBOOK_FILE, Sources, read_sources
from salesmodel_kit.client.texts import TextTable
from salesmodel_kit.errors import Message, SalesModelError

#: Tables that an export holds anew each time; the others are worked on by hand and never replaced.
EXPORTED: tuple[str, ...] = ("accounts", "opportunities")


@dataclass(frozen=True)
class Plan:
    """The tables to write and what is said of them.

    Parameters
    ----------
    built : mapping of str to BuiltTable
        By table name, in the order of the folder.
    present : Sources or None
        What the folder holds already.
    notes : tuple of Message
        What was left out or changed, counted.
    kept : tuple of Message
        Files of the folder that stay as they are.
    """

    built: Mapping[str, BuiltTable]
    present: Sources | None
    notes: tuple[Message, ...]
    kept: tuple[Message, ...]

    def file(self, name: str) -> str:
        """Return the file of a table, under the name that it has in the folder."""
        return self.present.tables[name].file if self.present and name in self.present.tables else f"{name}.csv"


def look_at(target: Path) -> Sources | None:
    """Return what the folder holds; None where there is no folder, or an empty one."""
    if target.is_file():
        raise SalesModelError("{target} is a file; name the client's folder.", target=str(target))
    if not target.is_dir() or not any(target.iterdir()):
        return None
    present = read_sources(target)
    if WORKBOOK_FILE in present.files:
        raise SalesModelError("{target} keeps its tables in {workbook}; import into a new folder and copy the sheets "
                              "over.",
                              target=str(target), workbook=WORKBOOK_FILE)
    if not present.files:
        raise SalesModelError("{target} holds other files and is not a client's folder; name a new "
                              "folder.", target=str(target))
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
        Tables that may be refreshed.

    Raises
    ------
    SalesModelError
        The folder already has a table that may not be replaced, or nobody has accounts.
    """
    here = {} if present is None else present.tables
    _refuse_clash(built, here, may_replace)
    tables = dict(built)
    notes: list[Message] = []
    if "opportunities" in tables:
        tables["opportunities"] = settle_deals(tables["opportunities"], _list_accounts(tables, here))
    if "criteria" not in here:
        tables["criteria"] = build_criteria(mapping, tables, language)
    kept = [name for name in tables if name in here and name not in may_replace]
    for name in [name for name in TABLES if name in tables and name not in kept]:
        table = _carry_over(tables[name], here[name], name) if name in here else tables[name]
        tables[name] = table
        notes += table.notes
    told = tuple(Message("{file}: kept as it is.", {"file": here[name].file}) for name in kept)
    written = {name: tables[name] for name in TABLES if name in tables and name not in kept}
    return Plan(written, present, tuple(notes), told)


def _refuse_clash(built: Mapping[str, BuiltTable], here: Mapping[str, TextTable], may_replace: Sequence[str]) -> None:
    clash = [here[name].file for name in EXPORTED if name in here and name in built and name not in may_replace]
    if clash:
        raise SalesModelError("The folder already has {files}; import into a new folder, or refresh them (--replace), "
                              "which keeps the columns that the export does not fill.", files=", ".join(clash))
    if "accounts" not in built and "accounts" not in here:
        raise SalesModelError("A client's folder needs accounts, and none of the files holds them; add the export of "
                              "accounts.")


def _list_accounts(built: Mapping[str, BuiltTable], here: Mapping[str, TextTable]) -> list[str]:
    if "accounts" in built:
        return as_text(built["accounts"].frame["account"]).dropna().tolist()
    place, _ = match_headers(here["accounts"], TABLES["accounts"])
    return here["accounts"].frame[place.headers["account"]].tolist() if "account" in place.headers else []


def _carry_over(new: BuiltTable, old: TextTable, name: str) -> BuiltTable:
    """Return a refreshed table with the columns that only the folder's own table has, matched by its key."""
    key = TABLES[name].key[0]
    place, _ = match_headers(old, TABLES[name])
    known = {header: column for column, header in place.headers.items()}
    cells = old.frame.rename(columns=known)
    cells = cells.loc[:, ~cells.columns.duplicated()]
    if key not in cells.columns:
        return new
    cells = cells.drop_duplicates(key).set_index(key)
    own = [column for column in cells.columns if column not in new.frame.columns]
    keys = as_text(new.frame[key])
    frame = new.frame.assign(**{column: keys.map(cells[column].mask(cells[column] == "")) for column in own})
    n_new, n_gone = int((~keys.isin(cells.index)).sum()), int((~cells.index.isin(keys)).sum())
    note = Message("{file}: {n_new} row(s) are new, {n_gone} are gone; columns kept from the folder: {columns}.",
                   {"file": old.file, "n_new": n_new, "n_gone": n_gone, "columns": ", ".join(own) or "–"})
    return replace(new, frame=frame, notes=(*new.notes, note))
