"""The files of ``scenarios``, read and held against the client that they change."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from salesmodel_kit.client.assumptions import ASSUMPTION_BOUNDS, find_assumption_problems
from salesmodel_kit.client.cells import fold
from salesmodel_kit.client.checks import CheckedTable, check_places, check_table
from salesmodel_kit.client.decisions import Journal, replay_strategy
from salesmodel_kit.client.demands import check_homes
from salesmodel_kit.client.places import check_positions
from salesmodel_kit.client.reading import find_nearest, match_headers, parse_table
from salesmodel_kit.client.scenarios import Scenario, ScenarioFile, apply_scenario, assume_otherwise
from salesmodel_kit.client.settings import Settings, read_yaml
from salesmodel_kit.client.sources import SCENARIO_FOLDER, Sources
from salesmodel_kit.client.strategies import StrategyBook, find_norm_problems, find_strategy_problems, merge_strategy
from salesmodel_kit.client.texts import TextTable
from salesmodel_kit.client.validation import validate_settings
from salesmodel_kit.errors import Message, Problem
from salesmodel_kit.tables import ACCOUNTS, REPS, SEGMENTS, Table

if TYPE_CHECKING:
    from salesmodel_kit.client.folder import Client

#: What the client as it is goes by among its scenarios.
PRESENT = "present"
#: Key of the file -> the table to which it adds rows.
_ADDED: Mapping[str, Table] = {"add_reps": REPS, "add_segments": SEGMENTS, "add_accounts": ACCOUNTS}


@dataclass(frozen=True)
class ReadScenario:
    """A scenario's file that could be read, before it is held against its client.

    Parameters
    ----------
    name : str
        Of the file, without ending.
    file : ScenarioFile
        What it says.
    settings : Settings
        Where each key was written.
    """

    name: str
    file: ScenarioFile
    settings: Settings


def read_scenarios(sources: Sources) -> tuple[tuple[ReadScenario, ...], list[Problem]]:
    """Return the scenarios of a client's folder, by name, and what is wrong with their files.

    Parameters
    ----------
    sources : Sources
        The client's files.
    """
    found: list[ReadScenario] = []
    problems: list[Problem] = []
    for name, content in sorted(sources.files.items()):
        if name.startswith(f"{SCENARIO_FOLDER}/"):
            settings = read_yaml(content, name)
            file, wrong = validate_settings(settings, ScenarioFile)
            problems += wrong
            if file is not None:
                stem = name.removeprefix(f"{SCENARIO_FOLDER}/").removesuffix(".yaml")
                found.append(ReadScenario(stem, file, settings))
    return tuple(found), problems


def check_scenarios(
    read: Iterable[ReadScenario], client: Client, *, book: StrategyBook, journal: Journal
) -> tuple[tuple[Scenario, ...], list[Problem]]:
    """Return the scenarios that hold on a client, and everything that does not.

    Parameters
    ----------
    read : iterable of ReadScenario
        From :func:`read_scenarios`.
    client : Client
        Sound in itself.
    book : StrategyBook
        The strategies to choose from.
    journal : Journal
        A tier rule that the room decided holds in every strategy.
    """
    scenarios: list[Scenario] = []
    read = list(read)
    problems = _check_labels(read)
    for one in read:
        tables, found = _read_added(one, client)
        if one.name == PRESENT:
            message = Message("This name stands for the client as it is; rename the file.")
            found.append(one.settings.problem(message, ""))
        found += [*_check_names(one, client, tables, journal), *_check_assumptions(one, client), *_check_changes(one)]
        strategy, wrong = _find_strategy(one, client, book, journal)
        found += wrong
        scenario = Scenario(one.name, one.file, {name: table.frame.reset_index(drop=True)
                                                 for name, table in tables.items()}, strategy)
        if not found:
            changed = apply_scenario(client, scenario)
            found += find_strategy_problems(changed.strategy, one.settings, prefix="strategy_changes.")
            found += find_norm_problems(changed.strategy, one.settings, segments=list(changed.segments["segment"]))
            found += _check_levels(one, client)
        problems += found
        scenarios.append(scenario)
    return tuple(scenarios), problems


def _check_labels(read: Iterable[ReadScenario]) -> list[Problem]:
    """Return a problem for each label that an earlier scenario has in the same language."""
    first: dict[tuple[str, str], str] = {}
    problems = []
    for one in read:
        for language, label in one.file.label.items():
            other = first.setdefault((language, fold(label)), one.name)
            if other != one.name:
                message = Message("The scenario {other} has the same label; nobody could tell the two apart. Call this "
                                  "one something else.", {"other": other})
                problems.append(one.settings.problem(message, f"label.{language}", label))
    return problems


def _check_changes(one: ReadScenario) -> list[Problem]:
    """Return a problem for each rep who is changed and removed at once."""
    message = Message("This rep is removed in the same scenario; take the name out of remove_reps or of change_reps.")
    return [one.settings.problem(message, f"change_reps.{rep}", rep) for rep in one.file.change_reps
            if rep in one.file.remove_reps]


def _read_added(one: ReadScenario, client: Client) -> tuple[dict[str, CheckedTable], list[Problem]]:
    """Return the rows that a scenario adds, as tables, and what is wrong with each in itself."""
    tables: dict[str, CheckedTable] = {}
    problems: list[Problem] = []
    for key, table in _ADDED.items():
        rows = getattr(one.file, key)
        if not rows:
            continue
        index = pd.Index([one.settings.rows.get(f"{key}.{at + 1}", 1) for at in range(len(rows))], name="row")
        frame = pd.DataFrame(list(rows), index=index).fillna("").astype("str")
        text = TextTable(frame, one.settings.place.file)
        parsed, found = parse_table(text, table, criteria=client.criteria, currency=client.profile.currency)
        place, _ = match_headers(text, table, criteria=client.criteria)
        tables[table.name] = checked = CheckedTable(table, parsed, place, text, found)
        wrong = [*found, *check_table(checked), *check_places(checked), *check_positions(checked)]
        wrong += check_homes(checked) if table is REPS else []
        first = int(index[0])  # headers have no line of their own here
        problems += [replace(problem, row=first) if (problem.row or 0) < first else problem for problem in wrong]
    return tables, problems


def _check_names(one: ReadScenario, client: Client, tables: Mapping[str, CheckedTable],
                 journal: Journal) -> list[Problem]:
    """Return a problem for each rep, segment, account or criterion that is not there, or is there already.

    A rep whom the room added meanwhile is no problem: the scenario was adopted, and adds nobody more.
    """
    file, reps = one.file, list(client.reps["rep"])
    new = {name: list(table.frame[name.removesuffix("s")].dropna()) for name, table in tables.items()}
    segments = [*client.segments["segment"], *new.get("segments", ())]
    problems = _name_unknown(one, "remove_reps", file.remove_reps, known=reps)
    problems += _name_unknown(one, "change_reps", file.change_reps, known=reps)
    problems += _name_unknown(one, "weights", file.weights, known=client.criteria["criterion"])
    problems += _name_unknown(one, "channel_by_tier", file.channel_by_tier, known=client.strategy.tiers.levels)
    hired = {decision.subject for decision in journal.decisions if decision.kind == "add_rep"}
    known = {"reps": [rep for rep in reps if rep not in hired], "segments": list(client.segments["segment"]),
             "accounts": list(client.accounts["account"])}
    for name, table in tables.items():
        column = name.removesuffix("s")
        again = table.frame.index[table.frame[column].isin(known[name])]
        problems += table.blame(Message("The client has it already; give the new one another id."), column, again)
    if "accounts" in tables:
        staying = [rep for rep in (*reps, *new.get("reps", ())) if rep not in file.remove_reps]
        problems += _refer(tables["accounts"], "segment", segments)
        for column in ("owner", "locked_rep", "wished_rep"):
            problems += _refer(tables["accounts"], column, staying)
    if file.weights and client.profile.weights_from == "votes":
        message = Message("The weights of this client come from votes; leave them out of the scenario, or set "
                          "weights_from to declared in client.yaml.")
        problems.append(one.settings.problem(message, "weights"))
    return problems


def _name_unknown(one: ReadScenario, key: str, names: Collection[str], *, known: Iterable[str]) -> list[Problem]:
    """Return a problem for each name that the client does not know, with the nearest that it knows."""
    there = list(known)
    problems = []
    for at, name in enumerate(names):
        if name in there:
            continue
        near = find_nearest(name, there)
        message = Message("The client has no such name; leave it out.") if near is None else Message(
            "The client has no such name; did you mean {near}?", {"near": near})
        place = f"{key}.{at + 1}" if key == "remove_reps" else f"{key}.{name}"
        problems.append(one.settings.problem(message, place, name))
    return problems


def _refer(table: CheckedTable, column: str, known: Iterable[str]) -> list[Problem]:
    """Return a problem for each cell of a column that names nobody of this scenario."""
    if column not in table.place.headers:
        return []
    wrong = table.frame[column].notna() & ~table.frame[column].isin(list(known))
    return table.blame(Message("There is no such name in this scenario; correct it, or leave the cell empty."), column,
                       table.frame.index[wrong])


def _check_assumptions(one: ReadScenario, client: Client) -> list[Problem]:
    found = find_assumption_problems(assume_otherwise(client.profile, one.file.assumptions), one.settings)
    known = {*ASSUMPTION_BOUNDS, *client.profile.assumptions}
    message = Message("The model has no assumption of this name, so that the scenario would change nothing; known are: "
                      "{known}.", {"known": ", ".join(sorted(known))})
    told = {problem.column for problem in found}
    return found + [one.settings.problem(message, key) for name in one.file.assumptions or ()
                    if name not in known and (key := f"assumptions.{name}") not in told]


def _find_strategy(
    one: ReadScenario, client: Client, book: StrategyBook, journal: Journal
) -> tuple[object | None, list[Problem]]:
    """Return the other strategy with the client's changes and the room's tier rule, and what is wrong with it."""
    if one.file.strategy is None:
        return None, []
    unknown = book.describe_unknown(one.file.strategy)
    if unknown is not None:
        return None, [one.settings.problem(unknown, "strategy", one.file.strategy)]
    strategy, found = book.read(one.file.strategy)
    if strategy is None or found:
        return None, list(found)
    _, rule = replay_strategy(journal.decisions)
    merged = merge_strategy(strategy, client.profile.strategy_changes)
    return (merged if rule is None else merged.model_copy(update={"tiers": rule})), []


def _check_levels(one: ReadScenario, client: Client) -> list[Problem]:
    rule = one.file.strategy_changes.tiers
    if rule is None or "levels" not in rule.model_fields_set or rule.levels == client.strategy.tiers.levels:
        return []
    message = Message("A scenario keeps the client's tiers; leave levels out.")
    return [one.settings.problem(message, "strategy_changes.tiers.levels")]
