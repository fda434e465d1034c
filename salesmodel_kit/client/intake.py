"""A client's files to its profile and its checked tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

from salesmodel_kit.client.assumptions import find_assumption_problems
from salesmodel_kit.client.calendar import check_leave, check_plan_days, check_subdivision
from salesmodel_kit.client.cells import fold
from salesmodel_kit.client.checks import (
    CheckedTable,
    check_answers,
    check_criteria,
    check_dates,
    check_places,
    check_table,
    check_together,
)
from salesmodel_kit.client.criteria_checks import check_categories, check_value_functions
from salesmodel_kit.client.demands import check_demands, check_homes
from salesmodel_kit.client.personas import check_moves, check_personas
from salesmodel_kit.client.places import check_positions
from salesmodel_kit.client.plan import check_plan
from salesmodel_kit.client.profile import Profile
from salesmodel_kit.client.reading import match_headers, parse_table
from salesmodel_kit.client.settings import Settings, add_assumptions, read_sheet, read_yaml
from salesmodel_kit.client.sources import PROFILE_FILE, WORKBOOK_FILE, Sources
from salesmodel_kit.client.texts import Place, TextTable
from salesmodel_kit.client.validation import validate_settings
from salesmodel_kit.client.votes import check_participants, check_votes
from salesmodel_kit.errors import Message, Problem
from salesmodel_kit.tables import ACCOUNTS, INPUT_TABLES, TIERS, Table


def read_profile(sources: Sources) -> tuple[Settings, Profile | None, tuple[Problem, ...]]:
    """Return the keys of the profile, the profile where they are sound, and what is wrong with them.

    Parameters
    ----------
    sources : Sources
        The client's files.
    """
    content, sheet = sources.files.get(PROFILE_FILE), sources.tables.get("client")
    if content is not None and sheet is not None:
        message = Message("The profile is there twice, here and in {other}; keep one.", {"other": PROFILE_FILE})
        return Settings(sheet.place), None, (sheet.place.problem(message),)
    if content is None and sheet is None:
        has_workbook = any(name.lower().endswith(".xlsx") for name in sources.files)
        message = Message("The client's profile is missing; “salesmodel new” writes one to fill in.")
        if has_workbook:
            message = Message("The client's profile is missing; add a sheet named client with the columns key and "
                              "value, or the file client.yaml.")
        settings = Settings(Place(WORKBOOK_FILE if has_workbook else PROFILE_FILE))
        return settings, None, (settings.place.problem(message),)
    settings = read_yaml(content, PROFILE_FILE) if content is not None else read_sheet(sheet)
    if "assumptions" in sources.tables:
        settings = add_assumptions(settings, sources.tables["assumptions"])
    profile, problems = validate_settings(settings, Profile)
    if profile is not None:
        problems = (*find_assumption_problems(profile, settings), *check_subdivision(profile, settings),
                    *check_plan_days(profile, settings))
    return settings, None if problems else profile, problems


def read_tables(sources: Sources, settings: Settings, *, needs_segments: bool) -> dict[str, CheckedTable]:
    """Return the tables that are there, criteria first because they name columns of the others.

    Parameters
    ----------
    sources : Sources
        The client's files; an optional table without rows is as if it were not there.
    settings : Settings
        For the currency, whose sign may stand beside amounts.
    needs_segments : bool
        Whether every account must declare its segment.
    """
    code = settings.values.get("currency")
    currency = code if isinstance(code, str) and re.fullmatch("[A-Z]{3}", code) else None
    tables: dict[str, CheckedTable] = {}
    for table in INPUT_TABLES:
        text_table = sources.tables.get(table.name)
        if text_table is not None and (table.needed or len(text_table.frame) or text_table.problems):
            criteria = tables["criteria"].frame if "criteria" in tables else None
            declared = table if needs_segments or table is not ACCOUNTS else _OPEN_ACCOUNTS
            declared = accept_tier_names(declared, settings)
            tables[table.name] = _read_table(text_table, declared, criteria=criteria, currency=currency)
    return tables


#: Accounts that need not declare their segment, because a rule gives it to them.
_OPEN_ACCOUNTS = replace(ACCOUNTS, columns=tuple(
    replace(column, needed=column.needed and column.name != "segment") for column in ACCOUNTS.columns))


def accept_tier_names(table: Table, settings: Settings) -> Table:
    """Return a table whose columns of tiers also take the names that ``client.yaml`` gives to the client's tiers.

    Parameters
    ----------
    table : Table
        Its declaration.
    settings : Settings
        With ``strategy_changes.tiers.names``, if there are any; what is wrong there is said elsewhere.
    """
    names: object = settings.values
    for key in ("strategy_changes", "tiers", "names"):
        names = names.get(key) if isinstance(names, Mapping) else None
    if not isinstance(names, Mapping):
        return table
    own = {tier: tuple(str(word) for word in words.values()) for tier, words in names.items()
           if isinstance(words, Mapping)}
    columns = tuple(
        replace(column, choices={tier: (*others, *own.get(tier, ())) for tier, others in column.choices.items()})
        if set(column.choices) == set(TIERS) else column for column in table.columns)
    return replace(table, columns=columns)


def _read_table(text_table: TextTable, table: Table, *, criteria: pd.DataFrame | None,
                currency: str | None) -> CheckedTable:
    frame, problems = parse_table(text_table, table, criteria=criteria, currency=currency)
    place, _ = match_headers(text_table, table, criteria=criteria)
    return CheckedTable(table, frame, place, text_table, problems)


def check_tables(sources: Sources, tables: Mapping[str, CheckedTable]) -> list[Problem]:
    """Return what is wrong with the tables, each in itself and with one another, and those that are missing.

    Parameters
    ----------
    sources : Sources
        The client's files.
    tables : mapping of str to CheckedTable
        From :func:`read_tables`.
    """
    problems: list[Problem] = []
    for table in INPUT_TABLES:
        checked = tables.get(table.name)
        if checked is None:
            problems += _describe_absent(table, sources)
            continue
        problems += [*checked.problems, *check_table(checked)]
        problems += check_places(checked)
        problems += check_positions(checked)
    if "criteria" in tables:
        problems += [*check_criteria(tables["criteria"]), *check_value_functions(tables["criteria"])]
    if "segments" in tables:
        problems += check_moves(tables["segments"])
    if "opportunities" in tables:
        problems += check_dates(tables["opportunities"])
    if "response" in tables:
        problems += check_answers(tables["response"])
    if "reps" in tables:
        problems += check_homes(tables["reps"])
    if "participants" in tables:
        problems += check_participants(tables["participants"])
    return [*problems, *check_together(tables), *check_categories(tables), *check_votes(tables),
            *check_personas(tables), *check_demands(tables), *check_leave(tables), *check_plan(tables)]


def _describe_absent(table: Table, sources: Sources) -> list[Problem]:
    if not table.needed or sources.lies_unread(table.name):
        return []
    workbook = next((name for name in sources.files if name.lower().endswith(".xlsx")), None)
    if workbook is not None:
        message = Message("The sheet {name} is missing; “salesmodel new --workbook” writes one to fill in.",
                          {"name": table.name})
        return [Problem(message, file=workbook, sheet=table.name)]
    message = Message("The file is missing; “salesmodel new” writes one to fill in.")
    return [Problem(message, file=f"{_name_like_others(table, sources)}.csv")]


def _name_like_others(table: Table, sources: Sources) -> str:
    """Return the table's name for its file: French where the client named another table's file so."""
    files = {name: fold(Path(found.file).stem) for name, found in sources.tables.items()}
    is_french = any(fold(name) != stem for name, stem in files.items())
    return fold(table.sheets[0]).replace(" ", "_") if is_french and table.sheets else table.name
