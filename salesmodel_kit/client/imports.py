"""``salesmodel import``: a client's folder from the exports of a CRM, or from any tables with a mapping file.

The input is never changed. Nothing is written before everything has been read
and the whole folder has been checked as ``salesmodel check`` checks it. Rows
and columns that are not taken are counted and said, with the reason.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from salesmodel_kit.client.build import BuiltTable, build_tables, find_data_until
from salesmodel_kit.client.exports import Exports, read_exports
from salesmodel_kit.client.folder import Client, open_client
from salesmodel_kit.client.gaps import list_gaps
from salesmodel_kit.client.mapping import MappingFile
from salesmodel_kit.client.mapping_reader import load_mapping
from salesmodel_kit.client.merging import EXPORTED, Plan, fill_data_until, find_language, look_at, plan_tables
from salesmodel_kit.client.operations import say
from salesmodel_kit.client.publish import publish, stage_folder, write_profile, write_table
from salesmodel_kit.client.sources import PROFILE_FILE
from salesmodel_kit.client.starter import make_id
from salesmodel_kit.client.texts import Place
from salesmodel_kit.errors import InputProblems, Message, Problem, SalesModelError, describe_os_error

KINDS: tuple[str, ...] = ("salesforce", "hubspot", "table")


@dataclass(frozen=True)
class ImportSummary:
    """What an import read, wrote and left out.

    Parameters
    ----------
    target : pathlib.Path
        The client's folder.
    n_rows : mapping of str to int
        File written -> rows.
    read : tuple of Message
        Each table that was read, what it was taken for, its rows.
    written : tuple of Message
        Each file that was written or kept.
    left_out : tuple of Message
        Rows and columns that were not taken or were changed, counted, with the reason.
    to_confirm : tuple of str
        What the import had to assume, in the client's language.
    lacking : tuple of Message
        What a full report needs and the folder does not have, and how to get it.
    """

    target: Path
    n_rows: Mapping[str, int]
    read: tuple[Message, ...]
    written: tuple[Message, ...]
    left_out: tuple[Message, ...]
    to_confirm: tuple[str, ...]
    lacking: tuple[Message, ...]

    @property
    def sentences(self) -> tuple[Message, ...]:
        """Return everything in the order in which it is said."""
        confirm = tuple(Message("To confirm: {what}.", {"what": what}) for what in self.to_confirm)
        return (*self.read, *self.written, *self.left_out, *confirm, *self.lacking)


def import_files(kind: str, files: Sequence[Path], target: Path, *, mapping: Path | None = None,
                 language: str = "en") -> ImportSummary:
    """Make a client's folder from exports, or add the tables that it does not have yet.

    Parameters
    ----------
    kind : {"salesforce", "hubspot", "table"}
        What the files are; ``table`` needs a mapping.
    files : sequence of pathlib.Path
        CSV files or workbooks in any order, recognised by their headers.
    target : pathlib.Path
        The client's folder; new, empty, or a client's folder without these tables.
    mapping : pathlib.Path, optional
        A mapping file, or the name of one that ships with the kit; replaces the one of the kind.
    language : {"en", "fr"}
        Language of a new folder where the mapping does not say.

    Returns
    -------
    ImportSummary
        What was read, written, left out, and what is lacking.

    Raises
    ------
    InputProblems
        Everything that is wrong with the mapping, the files or the folder, at once; nothing is written then.
    SalesModelError
        The folder already has a table of the export, or is not a client's folder.
    """
    return _run(_Request(kind, _list_once(files), Path(target).resolve(), mapping, language, ()))


def refresh_files(kind: str, files: Sequence[Path], target: Path, *, mapping: Path | None = None) -> ImportSummary:
    """Replace the accounts and opportunities of a client's folder by those of a newer export.

    Columns of the folder that the export does not fill (potential, ratings,
    calls) are carried over, account by account. Profile, criteria, segments and
    reps stay as they are.

    Parameters
    ----------
    kind, files, target, mapping
        As for :func:`import_files`.

    Returns
    -------
    ImportSummary
        As for :func:`import_files`; accounts that come and go are counted.

    Raises
    ------
    InputProblems
        As for :func:`import_files`; a rep or segment that the folder does not have is one.
    """
    return _run(_Request(kind, _list_once(files), Path(target).resolve(), mapping, "en", EXPORTED))


def _list_once(files: Sequence[Path]) -> tuple[Path, ...]:
    return tuple({Path(file).resolve(): Path(file) for file in reversed(files)}.values())[::-1]


@dataclass(frozen=True)
class _Request:
    kind: str
    files: tuple[Path, ...]
    target: Path
    mapping: Path | None
    language: str
    may_replace: tuple[str, ...]


def _run(request: _Request) -> ImportSummary:
    try:
        return _take_in(request)
    except InputProblems as error:
        raise InputProblems(str(request.target), error.problems) from None


def _take_in(request: _Request) -> ImportSummary:
    mapping = _choose_mapping(request)
    present = look_at(request.target)
    language = find_language(present) or mapping.profile.language or request.language
    exports = read_exports(request.files, mapping, language=language)
    _stop_at(request, exports.sources.problems)
    day = find_data_until(exports.sources)
    exports.sources.data_until = day or dt.date.today()
    built = build_tables(exports.sources)
    _stop_at(request, exports.sources.problems)
    plan = plan_tables(built, present, mapping=mapping, language=language, may_replace=request.may_replace)
    files = {plan.file(name): write_table(table.frame, language) for name, table in plan.built.items()}
    files |= plan.former
    if present is None or PROFILE_FILE not in present.files:
        files[PROFILE_FILE] = _write_profile(request, mapping, exports, plan, language=language)
        confirm = tuple(say(words, language) for words in mapping.profile.to_confirm)
        return _finish(request, exports, plan, files, confirm=confirm)
    changed, told = ({}, ()) if day is None else fill_data_until(present, day)
    plan = replace(plan, kept=(*plan.kept, *told))
    return _finish(request, exports, plan, {**files, **changed}, confirm=())


def _finish(request: _Request, exports: Exports, plan: Plan, files: Mapping[str, bytes], *,
            confirm: tuple[str, ...]) -> ImportSummary:
    client = _check_and_publish(request, files, plan, exports)
    mapping, language = exports.sources.mapping, exports.sources.language
    read = tuple(Message("{file}: read as {source}; rows: {n_rows}.",
                         {"file": _name(table.place), "source": table.source, "n_rows": table.n_rows})
                 for table in exports.sources.tables)
    n_rows = {plan.file(name): len(table.frame) for name, table in plan.built.items()}
    written = tuple(Message("{file}: written; rows: {n_rows}.", {"file": file, "n_rows": count})
                    for file, count in n_rows.items())
    aside = tuple(Message("Left aside: {what}.", {"what": say(words, language)}) for words in mapping.left_aside)
    left_out = (*exports.left_out, *_count_several(exports), *plan.notes, *aside)
    return ImportSummary(request.target, n_rows, read, (*written, *plan.kept), left_out, confirm, list_gaps(client))


def _choose_mapping(request: _Request) -> MappingFile:
    if request.kind not in KINDS:
        raise SalesModelError("{kind} is not a kind of import; choose one of: {kinds}.",
                              kind=request.kind, kinds=", ".join(KINDS))
    if request.kind == "table" and request.mapping is None:
        raise SalesModelError("Tables need a mapping file (--mapping) that says which column is what; the kit's own "
                              "ones are examples to copy.")
    if not request.files:
        raise SalesModelError("Name at least one file to import.")
    return load_mapping(Path(request.kind) if request.mapping is None else Path(request.mapping))


def _stop_at(request: _Request, problems: Sequence[Problem]) -> None:
    order = {file.name: number for number, file in enumerate(request.files)}
    if problems:
        raise InputProblems(str(request.target), sorted(
            problems, key=lambda problem: (order.get(problem.file, -1), problem.sheet or "", problem.row or 0)))


def _write_profile(request: _Request, mapping: MappingFile, exports: Exports, plan: Plan, *, language: str) -> bytes:
    if len(exports.currencies) > 1:
        message = Message("The amounts are in several currencies ({currencies}), which cannot be added up; export "
                          "them in one.", {"currencies": ", ".join(exports.currencies)})
        raise InputProblems(str(request.target), [Problem(message, exports.sources.tables[0].place.file)])
    profile, folder = mapping.profile, request.target.name
    filled = {column for table in plan.built.values() for column in table.frame.columns} | set(plan.built)
    filled |= set(plan.built["criteria"].frame["criterion"]) if "criteria" in plan.built else set()
    changes = profile.strategy_changes.model_dump(mode="json", exclude_none=True)
    basis = {name: {"basis": entry.basis, "source": say(entry.source, language)}
             for name, entry in profile.data_basis.items() if name in filled}
    values = {
        "id": profile.id or make_id(folder), "name": profile.name or folder, "language": language,
        "currency": next(iter(exports.currencies), profile.currency), "country": profile.country,
        "data_until": exports.sources.data_until, "strategy": profile.strategy, "strategy_changes": changes,
        "assumptions": {name: entry.model_dump(mode="json", exclude_none=True)
                        for name, entry in profile.assumptions.items()},
        "data_basis": basis,
    }
    return write_profile(values, [say(words, language) for words in profile.to_confirm], language)


def _check_and_publish(request: _Request, files: Mapping[str, bytes], plan: Plan, exports: Exports) -> Client:
    """Return the checked client, its files in their place; a problem is said where the user's export has it."""
    present = {} if plan.present is None else plan.present.files
    try:
        with stage_folder(request.target, {**present, **files}) as staged:
            try:
                client = open_client(staged)
            except InputProblems as error:
                names = {plan.file(name): table for name, table in plan.built.items()}
                traced = [_trace(problem, names, exports) for problem in error.problems]
                raise InputProblems(str(request.target), traced) from None
            publish(staged, request.target, files)
    except OSError as error:
        raise SalesModelError("{target} cannot be written ({detail}); check its permissions.",
                              target=str(request.target), detail=describe_os_error(error)) from error
    return replace(client, source=request.target)


def _trace(problem: Problem, built: Mapping[str, BuiltTable], exports: Exports) -> Problem:
    """Return the problem at the row of the export that it comes from."""
    table = built.get(problem.file)
    if table is None or problem.row is None or not 0 <= problem.row - 2 < len(table.origin):
        return problem
    number, row = (int(value) for value in table.origin.iloc[problem.row - 2])
    place = exports.sources.tables[number].place
    return replace(problem, file=place.file, sheet=place.sheet, row=row)


def _count_several(exports: Exports) -> tuple[Message, ...]:
    return tuple(Message("{place}: rows with several values, of which the first is taken: {n_rows}.",
                         {"place": place, "n_rows": count}) for place, count in sorted(exports.sources.several.items()))


def _name(place: Place) -> str:
    return place.file if place.sheet is None else f"{place.file}, {place.sheet}"
