"""A client: everything known, assumed or decided about it, read from a folder or a workbook and checked.

A folder holds ``client.yaml`` and a file per table, or one ``client.xlsx`` with
the same tables as sheets (``client`` with keys and values, ``assumptions``).
Nothing outside is read, nothing inside is changed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from salesmodel_kit.client.assumptions import find_basis_problems, find_undeclared
from salesmodel_kit.client.calendar import check_calls_made, note_holidays
from salesmodel_kit.client.checks import CheckedTable, check_levels
from salesmodel_kit.client.criteria_checks import find_unmeasured
from salesmodel_kit.client.decision import Decision
from salesmodel_kit.client.decision_checks import check_override_tiers, check_overrides, check_withdrawals
from salesmodel_kit.client.decisions import Journal, parse_journal, replay_overrides
from salesmodel_kit.client.intake import check_tables, read_profile, read_tables
from salesmodel_kit.client.plan import merge_plan
from salesmodel_kit.client.profile import Profile, Strategy
from salesmodel_kit.client.reading import make_empty_table
from salesmodel_kit.client.replay import replay_tables
from salesmodel_kit.client.scenario_checks import check_scenarios, read_scenarios
from salesmodel_kit.client.scenarios import Scenario
from salesmodel_kit.client.segment_rule import SegmentRule, read_rule
from salesmodel_kit.client.settings import Settings
from salesmodel_kit.client.sources import PROFILE_FILE, Sources, find_client, find_previous, read_sources
from salesmodel_kit.client.strategies import StrategyBook, find_norm_problems, find_strategy
from salesmodel_kit.client.votes import check_weight_choice
from salesmodel_kit.client.working_time import check_holiday_parts, find_season_problems
from salesmodel_kit.errors import InputProblems, Message, Problem, SalesModelError
from salesmodel_kit.language import LANGUAGES
from salesmodel_kit.tables import INPUT_TABLES, REPS


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
        ``reps`` has no row where the client has none. Declared columns with their dtypes, absent ones missing; then one
        float64 column per criterion of the table's axes that the file has, or a
        text column where the criterion is measured in categories.
    opportunities : pandas.DataFrame or None
        None where the client has no such table.
    overrides : pandas.DataFrame
        ``account``, ``tier``, ``reason``, ``by``, ``at``; the latest of each account.
    decisions : tuple of Decision
        The journal, with what was withdrawn; the tables above hold what is in force.
    source : Path
        Folder or workbook.
    fingerprint : str
        SHA-256 of the names and contents of the files that were read.
    notes : tuple of Problem
        What was left aside and stops nothing.
    participants, votes, response, personas : pandas.DataFrame or None
        Who votes, the votes, the answers on what effort brings, and what the room knows of people; None where the
        client has no such table.
    segment_rule : SegmentRule or None
        The rule that gives a segment to accounts which declare none.
    previous : Client, optional
        The input of the client's previous run, kept in its folder as ``previous_run``.
    leave, calls_made : pandas.DataFrame or None
        Who is away when, and the calls that the plan goes on from; None where the client has no such table.
    planned_calls : pandas.DataFrame or None
        The table ``call_plan`` of the run that the input was read from; None where it was read from no run.
    scenarios : tuple of Scenario
        What-ifs on top of this client, by name.
    strategies : StrategyBook
        What the client can choose from: the kit's strategies and its own.
    files : tuple of (str, str)
        The kit's name of a table's file, ``accounts.csv``, and the client's own where it is another.
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
    participants: pd.DataFrame | None = None
    votes: pd.DataFrame | None = None
    response: pd.DataFrame | None = None
    personas: pd.DataFrame | None = None
    segment_rule: SegmentRule | None = None
    previous: Client | None = None
    leave: pd.DataFrame | None = None
    calls_made: pd.DataFrame | None = None
    planned_calls: pd.DataFrame | None = None
    scenarios: tuple[Scenario, ...] = ()
    strategies: StrategyBook = field(default_factory=lambda: StrategyBook({}))
    files: tuple[tuple[str, str], ...] = ()


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
    return _open(source, language=language)


def open_earlier(source: str | Path, *, n_decisions: int, language: str | None = None) -> Client:
    """Return a client as :func:`open_client` does, after the first decisions of its journal only.

    Parameters
    ----------
    source : str or Path
        As for :func:`open_client`.
    n_decisions : int
        How many decisions count; those withdrawn among them count not.
    language : {"en", "fr"}, optional
        Instead of the profile's own language.

    Returns
    -------
    Client
        Of the files as they are today.

    Raises
    ------
    InputProblems
        Anything is wrong with the input.
    """
    return _open(source, edit=lambda journal: journal.first(n_decisions), language=language)


def open_after(source: str | Path, decisions: Sequence[Decision], *, language: str | None = None) -> Client:
    """Return a client as :func:`open_client` would once its journal held more decisions; nothing is written.

    Parameters
    ----------
    source : str or Path
        As for :func:`open_client`.
    decisions : sequence of Decision
        What is to be appended to the journal as it is on the disk.
    language : {"en", "fr"}, optional
        Instead of the profile's own language.

    Returns
    -------
    Client
        Its fingerprint is that of the files as they are.

    Raises
    ------
    InputProblems
        The client could not be opened with them.
    """
    return _open(source, edit=lambda journal: journal.follow_with(decisions), language=language)


def open_without_segments(source: str | Path) -> Client:
    """Return a client as :func:`open_client` does, its accounts free to declare no segment.

    Parameters
    ----------
    source : str or Path
        As for :func:`open_client`.

    Returns
    -------
    Client
        To propose segments for; a model needs the segments.

    Raises
    ------
    InputProblems
        Anything else is wrong with the input.
    """
    return _open(source, needs_segments=False)


def _open(source: str | Path, *, language: str | None = None, **how: object) -> Client:
    client, problems = _read_client(find_client(source), **how)
    if client is None:
        raise InputProblems(str(source), problems)
    return client if language is None else replace(
        client, profile=client.profile.model_copy(update={"language": language}))


def _read_client(
    path: Path, *, needs_segments: bool = True, edit: Callable[[Journal], Journal] = lambda journal: journal
) -> tuple[Client | None, tuple[Problem, ...]]:
    sources = read_sources(path)
    settings, profile, found = read_profile(sources)
    is_placed = not needs_segments or sources.rule_file is not None
    tables = read_tables(sources, settings, needs_segments=not is_placed)
    whole = edit(parse_journal(sources.files.get(sources.journal, b""), sources.journal))
    journal = whole.in_force
    rule, rule_problems = read_rule(sources, tables["segments"].frame["segment"] if "segments" in tables else None,
                                    tables["accounts"].frame if "accounts" in tables else None)
    problems = [*sources.problems, *found, *check_tables(sources, tables), *journal.problems, *rule_problems]
    problems += [*check_withdrawals(whole), *check_calls_made(tables, profile=profile)]
    if "accounts" in tables:
        problems += check_overrides(journal, tables["accounts"].frame["account"].dropna())
    strategy, found = None, []
    if profile is not None:
        strategy, found = _check_profile(profile, settings, sources, tables=tables, journal=journal)
    problems += found
    previous, found = _read_previous(path, sources, profile)
    problems += [*found, *read_scenarios(sources)[1]]
    frames = {name: checked.frame.reset_index(drop=True) for name, checked in tables.items()}
    frames = frames if problems else merge_plan(frames)
    if not problems and strategy is not None:
        frames, problems = replay_tables(frames, journal, levels=strategy.tiers.levels)
    if problems or profile is None or strategy is None:
        return None, _sort(problems, sources)
    reps, notes = frames.get("reps"), journal.notes
    if reps is None:
        reps, notes = make_empty_table(REPS), (*notes, _note_no_reps(sources))
    notes = (*notes, *find_unmeasured(_show_decided(tables, frames)),
             *find_undeclared(profile, settings, tables=frames), *note_holidays(profile, settings))
    return _add_scenarios(Client(
        profile, strategy, frames["criteria"], frames["segments"], frames["accounts"], reps,
        frames.get("opportunities"), replay_overrides(journal.decisions), whole.decisions, path,
        sources.fingerprint, notes, frames.get("participants"), frames.get("votes"), frames.get("response"),
        frames.get("personas"), rule, previous, frames.get("leave"), frames.get("calls_made")), sources, journal)


def _check_profile(
    profile: Profile, settings: Settings, sources: Sources, *, tables: Mapping[str, CheckedTable], journal: Journal
) -> tuple[Strategy | None, list[Problem]]:
    """Return the strategy in force, and what in profile, strategy and decisions does not go with the tables."""
    strategy, found = find_strategy(profile, StrategyBook.from_files(sources.files), journal, settings=settings)
    ids = set(tables["criteria"].frame["criterion"].dropna()) if "criteria" in tables else set()
    problems = [*found, *find_basis_problems(profile, settings, criteria=ids)]
    problems += [*check_holiday_parts(tables, profile), *find_season_problems(profile, settings)]
    problems += check_weight_choice(profile, settings, tables["votes"].frame if "votes" in tables else None)
    if strategy is not None:
        problems += check_override_tiers(journal, strategy.tiers.levels)
        problems += check_levels(tables, strategy.tiers.levels)
        problems += find_norm_problems(strategy, settings, segments=_list_segments(tables))
    return strategy, problems


def _add_scenarios(client: Client, sources: Sources, journal: Journal) -> tuple[Client | None, tuple[Problem, ...]]:
    """Return a client with its scenarios, or everything that is wrong with them."""
    book = StrategyBook.from_files(sources.files)
    scenarios, problems = check_scenarios(read_scenarios(sources)[0], client, book=book, journal=journal)
    if problems:
        return None, tuple(problems)
    return replace(client, scenarios=scenarios, strategies=book, files=sources.own_names), ()


def _list_segments(tables: Mapping[str, CheckedTable]) -> list[str] | None:
    """Return the ids of the client's segments; None: the folder has no such table."""
    return tables["segments"].frame["segment"].dropna().tolist() if "segments" in tables else None


def _show_decided(tables: Mapping[str, CheckedTable], frames: Mapping[str, pd.DataFrame]) -> dict[str, CheckedTable]:
    """Return the tables as the room decided them, at their places in the files; rows that it added stay out."""
    return {name: checked if len(frames.get(name, ())) != len(checked.frame) else replace(
        checked, frame=frames[name].set_axis(checked.frame.index)) for name, checked in tables.items()}


def _read_previous(path: Path, sources: Sources, profile: Profile | None) -> tuple[Client | None, list[Problem]]:
    """Return the client of the previous run that is kept beside the input, and what is wrong with it."""
    if not sources.previous:
        return None, []
    from salesmodel_kit.client.runs import open_run

    folder = find_previous(path)
    try:
        previous = open_run(folder).client
    except SalesModelError as error:
        return None, [Problem(error.message, file=folder.name)]
    if profile is not None and previous.profile.id != profile.id:
        message = Message("This is a run of another client, {client}; put a run of this one there.",
                          {"client": previous.profile.id})
        return None, [Problem(message, file=folder.name)]
    return previous, []


def _note_no_reps(sources: Sources) -> Problem:
    there = sources.tables.get("reps")
    message = Message("There are no reps: tiers are computed, but no hours are planned and no account is given to "
                      "anyone. Enter one row per salesperson.")
    return Problem(message, file="reps.csv") if there is None else there.place.problem(message)


def _sort(problems: list[Problem], sources: Sources) -> tuple[Problem, ...]:
    """Return problems by table, in the order of the tables, and by row; then those of other files."""
    names = ("client", "assumptions", *(table.name for table in INPUT_TABLES))
    ranks: dict[tuple[str, str | None], int] = {(PROFILE_FILE, None): 0, (sources.journal, None): len(names) + 1}
    for at, name in enumerate(names):
        ranks[f"{name}.csv", None] = at
        ranks |= {(file, name): at for file in sources.files if file.lower().endswith(".xlsx")}
    for at, name in enumerate(names):
        if name in sources.tables:
            ranks[sources.tables[name].file, sources.tables[name].sheet] = at

    def rank(problem: Problem) -> tuple[float, float]:
        row = float("inf") if problem.row is None else problem.row
        return ranks.get((problem.file, problem.sheet), len(names)), row

    return tuple(sorted(problems, key=rank))


def new_client(target: str | Path, *, language: str = "en", name: str | None = None, workbook: bool = False,
               example: str | None = None) -> Path:
    """Write a client's folder or workbook to fill in, or a copy of a demo client.

    Parameters
    ----------
    target : str or Path
        A folder that is not there yet or is empty; or, for a workbook, a path that ends in ``.xlsx``.
    language : {"en", "fr"}
        Of headers, remarks and the proposed criteria.
    name : str, optional
        The client's name; the folder's name where it is not given.
    workbook : bool
        One ``client.xlsx`` in the folder instead of a file per table.
    example : str, optional
        Id of a demo client to copy in its own language; the copy has an id of its own.

    Returns
    -------
    Path
        What was written, complete or not at all.

    Raises
    ------
    SalesModelError
        The target is there and not empty, or cannot be written; no such
        language or demo client.
    """
    from salesmodel_kit.client.starter import copy_example, make_folder, make_workbook, write_starter

    path = Path(target)
    is_file = path.suffix.lower() == ".xlsx"
    if language not in LANGUAGES:
        raise SalesModelError("Language {code!r} is not available; choose one of: {known}.", code=language,
                              known=", ".join(LANGUAGES))
    if example is not None:
        if workbook or is_file:
            raise SalesModelError("A demo client is copied as a folder; name a folder, and leave out the workbook.")
        return make_folder(path, copy_example(read_sources(find_client(f"demo:{example}")).files, path.resolve().name))
    label = name or (path.stem if is_file else path.resolve().name)
    if is_file:
        return make_workbook(path, language=language, name=label)
    return make_folder(path, write_starter(language, label, is_workbook=workbook))
