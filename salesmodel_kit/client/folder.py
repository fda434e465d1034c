"""A client: everything known, assumed or decided about it, read from a folder or a workbook and checked.

A folder holds ``client.yaml`` and a file per table, or one ``client.xlsx`` with
the same tables as sheets (``client`` with keys and values, ``assumptions``).
Nothing outside is read, nothing inside is changed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from salesmodel_kit.client.assumptions import find_assumption_problems, find_basis_problems
from salesmodel_kit.client.checks import (
    CheckedTable,
    check_criteria,
    check_dates,
    check_places,
    check_table,
    check_together,
)
from salesmodel_kit.client.decisions import Decision, Journal, parse_journal, replay_overrides, replay_strategy
from salesmodel_kit.client.profile import Profile, Strategy
from salesmodel_kit.client.reading import find_nearest, match_headers, parse_table
from salesmodel_kit.client.settings import Settings, add_assumptions, read_sheet, read_yaml
from salesmodel_kit.client.sources import PROFILE_FILE, WORKBOOK_FILE, Sources, find_client, read_sources
from salesmodel_kit.client.strategies import (
    StrategyBook,
    describe_tier_rule,
    find_strategy_problems,
    merge_strategy,
)
from salesmodel_kit.client.texts import Place, TextTable
from salesmodel_kit.client.validation import validate_settings
from salesmodel_kit.errors import InputProblems, Message, Problem, SalesModelError
from salesmodel_kit.language import LANGUAGES
from salesmodel_kit.tables import INPUT_TABLES, Table


@dataclass(frozen=True)
class Client:
    """A client's checked input.

    Parameters
    ----------
    profile : Profile
        Who the client is.
    strategy : Strategy
        Template, with the client's changes and the room's decisions.
    criteria, segments, accounts, reps : pandas.DataFrame
        Declared columns with their dtypes, absent ones missing; then one
        float64 column per criterion of the table's axes that the file has.
    opportunities : pandas.DataFrame or None
        None where the client has no such table.
    overrides : pandas.DataFrame
        ``account``, ``tier``, ``reason``, ``by``, ``at``; the latest of each account.
    decisions : tuple of Decision
        The journal.
    source : Path
        Folder or workbook.
    fingerprint : str
        SHA-256 of the names and contents of the files that were read.
    notes : tuple of Problem
        What was left aside and stops nothing.
    """

    profile: Profile
    strategy: Strategy
    criteria: pd.DataFrame
    segments: pd.DataFrame
    accounts: pd.DataFrame
    reps: pd.DataFrame
    opportunities: pd.DataFrame | None
    overrides: pd.DataFrame
    decisions: tuple[Decision, ...]
    source: Path
    fingerprint: str
    notes: tuple[Problem, ...] = field(default=())


def open_client(source: str | Path, *, language: str | None = None) -> Client:
    """Return a client, read from its folder or workbook and checked.

    Parameters
    ----------
    source : str or Path
        Path of a folder or of an ``.xlsx`` workbook, or ``demo:`` and the id of a demo client.
    language : {"en", "fr"}, optional
        Instead of the profile's own language.

    Returns
    -------
    Client
        Frozen; a missing cell is missing, never zero.

    Raises
    ------
    InputProblems
        Anything is wrong with the input; it holds every problem.
    SalesModelError
        There is no such client, or no such language.
    """
    if language is not None and language not in LANGUAGES:
        raise SalesModelError("Language {code!r} is not available; choose one of: {known}.", code=language,
                              known=", ".join(LANGUAGES))
    client, problems = _read_client(find_client(source))
    if client is None:
        raise InputProblems(str(source), problems)
    return client if language is None else replace(
        client, profile=client.profile.model_copy(update={"language": language}))


def check_client(source: str | Path) -> tuple[Problem, ...]:
    """Return everything that is wrong with a client's input, in the order of files, rows and columns.

    Parameters
    ----------
    source : str or Path
        As for :func:`open_client`.

    Raises
    ------
    SalesModelError
        There is no such client.
    """
    return _read_client(find_client(source))[1]


def _read_client(path: Path) -> tuple[Client | None, tuple[Problem, ...]]:
    sources = read_sources(path)
    problems = list(sources.problems)
    settings, profile, profile_problems = _read_profile(sources)
    tables = _read_tables(sources, settings)
    problems += [*profile_problems, *_check_tables(sources, tables)]
    journal = parse_journal(sources.files.get(sources.journal, b""), sources.journal)
    problems += [*journal.problems, *_check_overrides(journal, tables.get("accounts"))]
    strategy, strategy_problems = _find_strategy(sources, settings, profile, journal)
    problems += strategy_problems
    if profile is not None and "criteria" in tables:
        problems += find_basis_problems(profile, settings, criteria=set(tables["criteria"].frame["criterion"].dropna()))
    if problems or profile is None or strategy is None:
        return None, _sort(problems, sources)
    frames = {name: checked.frame.reset_index(drop=True) for name, checked in tables.items()}
    return Client(profile, strategy, frames["criteria"], frames["segments"], frames["accounts"], frames["reps"],
                  frames.get("opportunities"), replay_overrides(journal.decisions), journal.decisions, path,
                  sources.fingerprint, journal.notes), ()


def _sort(problems: list[Problem], sources: Sources) -> tuple[Problem, ...]:
    """Return problems in the order of files, sheets and rows; the count of the rest stays at the end of its column."""
    files = [PROFILE_FILE, *sources.files]
    order = [f"{name}.csv" for name in ("client", *(table.name for table in INPUT_TABLES))]
    tables = {(table.file, table.sheet): at for at, table in enumerate(
        sources.tables[name] for name in ("client", "assumptions", *(t.name for t in INPUT_TABLES))
        if name in sources.tables)}

    def rank(problem: Problem) -> tuple[float, ...]:
        at = -1.0 if problem.file == PROFILE_FILE else tables.get((problem.file, problem.sheet), len(tables) + 1.0)
        if problem.file in order and (problem.file, problem.sheet) not in tables:
            at = order.index(problem.file)
        return (at, files.index(problem.file) if problem.file in files else len(files),
                float("inf") if problem.row is None else problem.row)

    return tuple(sorted(problems, key=rank))


def _read_profile(sources: Sources) -> tuple[Settings, Profile | None, tuple[Problem, ...]]:
    """Return the keys of the profile, the profile where they are sound, and what is wrong with them."""
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
        problems = tuple(find_assumption_problems(profile, settings))
    return settings, None if problems else profile, problems


def _read_tables(sources: Sources, settings: Settings) -> dict[str, CheckedTable]:
    """Return the tables that are there, criteria first because they name columns of the others."""
    code = settings.values.get("currency")
    currency = code if isinstance(code, str) and re.fullmatch("[A-Z]{3}", code) else None
    tables: dict[str, CheckedTable] = {}
    for table in INPUT_TABLES:
        text_table = sources.tables.get(table.name)
        if text_table is not None:
            criteria = tables["criteria"].frame if "criteria" in tables else None
            tables[table.name] = _read_table(text_table, table, criteria=criteria, currency=currency)
    return tables


def _read_table(text_table: TextTable, table: Table, *, criteria: pd.DataFrame | None,
                currency: str | None) -> CheckedTable:
    frame, problems = parse_table(text_table, table, criteria=criteria, currency=currency)
    place, _ = match_headers(text_table, table, criteria=criteria)
    return CheckedTable(table, frame, place, problems)


def _check_tables(sources: Sources, tables: Mapping[str, CheckedTable]) -> list[Problem]:
    problems: list[Problem] = []
    for table in INPUT_TABLES:
        checked = tables.get(table.name)
        if checked is None:
            problems += _describe_absent(table, sources)
            continue
        problems += [*checked.problems, *check_table(checked)]
        if "latitude" in checked.place.headers and "longitude" in checked.place.headers:
            problems += check_places(checked)
    if "criteria" in tables:
        problems += check_criteria(tables["criteria"])
    if "opportunities" in tables:
        problems += check_dates(tables["opportunities"])
    return problems + check_together(tables)


def _describe_absent(table: Table, sources: Sources) -> list[Problem]:
    if not table.needed:
        return []
    workbook = next((name for name in sources.files if name.lower().endswith(".xlsx")), None)
    if workbook is not None:
        message = Message("The sheet {name} is missing; “salesmodel new --workbook” writes one to fill in.",
                          {"name": table.name})
        return [Problem(message, file=workbook, sheet=table.name)]
    return [Problem(Message("The file is missing; “salesmodel new” writes one to fill in."), file=f"{table.name}.csv")]


def _check_overrides(journal: Journal, accounts: CheckedTable | None) -> list[Problem]:
    if accounts is None:
        return []
    known = set(accounts.frame["account"].dropna())
    problems = []
    for line, decision in zip(journal.lines, journal.decisions, strict=True):
        if decision.kind == "override_tier" and decision.subject not in known:
            near = find_nearest(decision.subject, known)
            message = Message("There is no such account; a later line with an empty “new” lifts the override.")
            if near is not None:
                message = Message("There is no such account; did you mean {near}?", {"near": near})
            problems.append(Problem(message, file=journal.file, row=line, column="subject", value=decision.subject))
    return problems


def _find_strategy(sources: Sources, settings: Settings, profile: Profile | None,
                   journal: Journal) -> tuple[Strategy | None, list[Problem]]:
    """Return the strategy in force, and what is wrong with its name, its file, its changes or its decisions."""
    if profile is None:
        return None, []
    book = StrategyBook.from_files(sources.files)
    problems = _check_decided(journal, book)
    unknown = book.describe_unknown(profile.strategy)
    if unknown is not None:
        problems.append(settings.problem(unknown, "strategy", profile.strategy))
    decided, rule = replay_strategy(journal.decisions)
    if problems:
        return None, problems
    strategy, found = book.read(decided or profile.strategy)
    if strategy is None or found:
        return None, list(found)
    merged = merge_strategy(strategy, profile.strategy_changes)
    found = find_strategy_problems(merged, settings, prefix="strategy_changes.")
    return (merged if rule is None else merged.model_copy(update={"tiers": rule})), list(found)


def _check_decided(journal: Journal, book: StrategyBook) -> list[Problem]:
    problems: list[Problem] = []
    for line, decision in zip(journal.lines, journal.decisions, strict=True):
        message = None
        if decision.kind == "choose_strategy":
            message = book.describe_unknown(str(decision.new))
        elif not isinstance(decision.new, str):
            message = describe_tier_rule(decision.new)
        if message is not None:
            problems.append(Problem(message, file=journal.file, row=line, column="new", value=str(decision.new)))
    return problems
