"""From the rows of an export to the tables of a client's folder."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from salesmodel_kit.client.derive import Derivation
from salesmodel_kit.client.mapping import CriterionRow, Expression, MappingFile, TableMap
from salesmodel_kit.client.operations import as_text, say
from salesmodel_kit.errors import Message
from salesmodel_kit.tables import CRITERIA, INPUT_TABLES, LEVELS, Table

TABLES: Mapping[str, Table] = {table.name: table for table in INPUT_TABLES}
#: Criteria that the chain derives -> what it needs: (table, columns of which one must be known).
DERIVED: Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "wallet_share": (("accounts", ("sales_per_year",)), ("accounts", ("potential_per_year",))),
    "untapped_potential_per_year": (("accounts", ("sales_per_year",)), ("accounts", ("potential_per_year",))),
    "employees_at_least": (("accounts", ("employees", "size_band")),),
    "open_opportunities_amount": (("opportunities", ("amount",)),),
    "n_open_opportunities": (("opportunities", ("status",)),),
    "n_won_opportunities": (("opportunities", ("status",)),),
}


@dataclass(frozen=True)
class BuiltTable:
    """A table of the client's folder and where each of its rows comes from.

    Parameters
    ----------
    frame : pandas.DataFrame
        Text or float64 columns, named as declared; wholly unknown columns that are not needed are gone.
    origin : pandas.DataFrame
        ``_table`` and ``_row`` of each row.
    notes : tuple of Message
        What was changed or left aside, counted.
    """

    frame: pd.DataFrame
    origin: pd.DataFrame
    notes: tuple[Message, ...] = ()


def find_data_until(derivation: Derivation) -> dt.date | None:
    """Return the day up to which the export knows what happened: declared, or the last day in declared columns.

    Parameters
    ----------
    derivation : Derivation
        The rows that were read.

    Returns
    -------
    datetime.date or None
        Never after today; None where no day is known.
    """
    declared = derivation.mapping.profile.data_until
    if isinstance(declared, dt.date):
        return declared
    days: list[str] = []
    for place in declared:
        source, _, column = place.partition(".")
        if source in derivation.frames:
            days += derivation.column(source, column).dropna().tolist()
    return min(dt.date.fromisoformat(max(days)), dt.date.today()) if days else None


def build_tables(derivation: Derivation) -> dict[str, BuiltTable]:
    """Return the tables that the given files can fill, in the order of the folder.

    Parameters
    ----------
    derivation : Derivation
        The rows that were read, ``data_until`` known.

    Returns
    -------
    dict of str to BuiltTable
        Without the tables none of whose sources was given. What could not be
        read is in ``derivation.problems``.
    """
    built = {}
    for name in TABLES:
        table_map = derivation.mapping.tables.get(name)
        given = [source for source in table_map.source if source in derivation.frames] if table_map else []
        if table_map and given:
            built[name] = _build_table(derivation, TABLES[name], table_map, given)
    return built


def _build_table(derivation: Derivation, table: Table, table_map: TableMap, sources: Iterable[str]) -> BuiltTable:
    parts, origins = [], []
    for source in sources:
        columns = {name: _derive_column(derivation, expression, source, name=name, kind=_find_kind(table, name))
                   for name, expression in table_map.columns.items()}
        parts.append(pd.DataFrame(columns, index=derivation.frames[source].index))
        origins.append(derivation.frames[source][["_table", "_row"]])
    frame, origin = pd.concat(parts, ignore_index=True), pd.concat(origins, ignore_index=True)
    if table_map.distinct:
        keys = frame[list(table.key)]
        kept = keys.notna().all(axis=1) & ~keys.apply(as_text).duplicated()
        frame, origin = frame[kept].reset_index(drop=True), origin[kept].reset_index(drop=True)
    needed = {column.name for column in table.columns if column.needed}
    empty = [name for name in frame.columns if name not in needed and frame[name].isna().all()]
    return BuiltTable(frame.drop(columns=empty), origin)


def _find_kind(table: Table, name: str) -> str:
    return table.column(name).kind if name in table.names else "number"


def _derive_column(derivation: Derivation, expression: Expression, source: str, *, name: str, kind: str) -> pd.Series:
    """Return a column read as the export writes it, so that it cannot be read otherwise later."""
    values = derivation.evaluate(expression, source, place=name)
    if kind == "number":
        return derivation.read_numbers(values, source, name)
    return derivation.read_days(values, source, name) if kind == "date" else values


def settle_deals(deals: BuiltTable, accounts: Iterable[str]) -> BuiltTable:
    """Return the deals with what cannot be true made unknown, and counted.

    An account that is not in the folder is taken off its deal; so is the day on
    which a deal was opened where that is after the day on which it was closed.

    Parameters
    ----------
    deals : BuiltTable
        The table ``opportunities``.
    accounts : iterable of str
        Identifiers of the folder's accounts.
    """
    frame, notes = deals.frame, []
    if "account" not in frame.columns:
        notes.append(Message("opportunities.csv: no deal names its account, so nothing can be said of deals by "
                             "account."))
    else:
        named = as_text(frame["account"])
        is_foreign = named.notna() & ~named.isin(set(accounts))
        notes += _tell_accounts(named, is_foreign)
        frame = frame.assign(account=named.mask(is_foreign))
    if {"created_on", "closed_on"} <= set(frame.columns):
        is_late = frame["created_on"] > frame["closed_on"]
        frame = frame.assign(created_on=frame["created_on"].mask(is_late))
        if is_late.any():
            notes.append(Message("opportunities.csv: deals entered after they were closed, whose opening day is taken "
                                 "as unknown: {n_rows}.", {"n_rows": int(is_late.sum())}))
    return replace(deals, frame=frame, notes=(*deals.notes, *notes))


def _tell_accounts(named: pd.Series, is_foreign: pd.Series) -> list[Message]:
    notes = []
    if named.isna().any():
        facts = {"n_rows": int(named.isna().sum()), "n_all": len(named)}
        notes.append(Message("opportunities.csv: deals that name no account, kept without one: {n_rows} of "
                             "{n_all}.", facts))
    if is_foreign.any():
        facts = {"n_rows": int(is_foreign.sum()), "accounts": ", ".join(named[is_foreign].unique()[:5])}
        notes.append(Message("opportunities.csv: deals that name an account that is not there ({accounts}), "
                             "kept without it: {n_rows}.", facts))
    return notes


def build_criteria(mapping: MappingFile, built: Mapping[str, BuiltTable], language: str) -> BuiltTable:
    """Return the table ``criteria`` with what the data can support; its notes name what was left out.

    Criteria of potential and chance need their performances in the export;
    those of segments stay, for the room to rate.

    Parameters
    ----------
    mapping : MappingFile
        The declared criteria.
    built : mapping of str to BuiltTable
        The tables of the folder.
    language : {"en", "fr"}
        Language of labels.
    """
    kept = [row for row in mapping.criteria
            if row.axis not in ("potential", "chance") or _is_supported(row.criterion, built)]
    notes = tuple(Message("criteria.csv: {label} is left out: the export holds nothing to measure it by.",
                          {"label": say(row.label, language)}) for row in mapping.criteria if row not in kept)
    frame = pd.DataFrame([_write_criterion(row, language) for row in kept], columns=list(CRITERIA.names))
    return BuiltTable(frame.dropna(axis="columns", how="all"), pd.DataFrame(), notes)


def _is_supported(criterion: str, built: Mapping[str, BuiltTable]) -> bool:
    if "accounts" in built and criterion in built["accounts"].frame.columns:
        return True
    needs = DERIVED.get(criterion, ())
    return bool(needs) and all(table in built and any(column in built[table].frame.columns for column in columns)
                               for table, columns in needs)


def _write_criterion(row: CriterionRow, language: str) -> dict[str, object]:
    plain = ("criterion", "axis", "direction", "worst", "best", "weight", "serves")
    levels = {f"level_{level}": say(words, language) for level, words in zip(LEVELS, row.levels, strict=False)}
    unit = None if row.unit is None else say(row.unit, language)
    return {**{name: getattr(row, name) for name in plain}, "label": say(row.label, language), "unit": unit, **levels}
