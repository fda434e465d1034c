"""What lies in a client's folder or workbook, read once, and nothing outside it.

Files whose name begins with ``~$`` or a dot are left aside, so are subfolders
other than ``strategies`` and ``scenarios`` and files that are neither a table nor a workbook.
A finished run kept as ``previous_run``
is the client's previous model. A table's file or sheet may carry its English or French name, in any case.
"""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from salesmodel_kit.client.cells import fold
from salesmodel_kit.client.reading import TEXT_ENDINGS, find_nearest
from salesmodel_kit.client.texts import TextTable, read_bytes, read_delimited
from salesmodel_kit.client.workbook import read_workbook
from salesmodel_kit.errors import Message, Problem, SalesModelError
from salesmodel_kit.resources import find_resource
from salesmodel_kit.tables import INPUT_TABLES

PROFILE_FILE, WORKBOOK_FILE, JOURNAL_FILE = "client.yaml", "client.xlsx", "decisions.jsonl"
#: The reviewed rule by which accounts find their segment; beside a workbook, after its name and a point.
RULE_FILE = "segments_from_accounts.yaml"
STRATEGY_FOLDER = "strategies"
#: What-ifs on top of a client's folder, one file each; a workbook has none.
SCENARIO_FOLDER = "scenarios"
#: A finished run of the client, kept in its folder (beside a workbook: ``NAME.previous_run``).
PREVIOUS_FOLDER = "previous_run"
#: What is used of it.
PREVIOUS_FILES: tuple[str, ...] = (
    "run.json", "tables/account_tiers.csv", "tables/call_plan.csv", "input/*", f"input/{STRATEGY_FOLDER}/*.yaml")
#: Other accepted names of the two sheets that stand for ``client.yaml``.
SETTING_SHEETS: Mapping[str, tuple[str, ...]] = {
    "client": ("profil", "profile", "fiche client"), "assumptions": ("hypothèses",)}

_WORKBOOK_ENDINGS = (".xlsx", ".xlsm", ".xls", ".ods")
_STRATEGY_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


@dataclass(frozen=True)
class Sources:
    """The content of a client's input.

    Parameters
    ----------
    files : mapping of str to bytes
        Name inside the folder -> content of every file that is used.
    tables : mapping of str to TextTable
        By table name; ``client`` and ``assumptions`` are the profile's sheets.
    journal : str
        Name of the decision journal, whether or not it is there.
    problems : tuple of Problem
        Files and sheets that are unknown, twice there, or cannot be read.
    previous : mapping of str to bytes
        What is used of the previous run: name inside its folder -> content.
    """

    files: Mapping[str, bytes]
    tables: Mapping[str, TextTable]
    journal: str
    problems: tuple[Problem, ...]
    previous: Mapping[str, bytes] = field(default_factory=dict)

    def lies_unread(self, table: str) -> bool:
        """Return whether a file that would hold a table is there and could not be read; its problem says why."""
        unread = [problem.file for problem in self.problems if problem.file and problem.file not in self.files]
        is_whole = any(name == WORKBOOK_FILE or (name.lower().endswith(".xlsx") and PROFILE_FILE not in self.files)
                       for name in unread)
        return is_whole or any(_find_table(Path(name).stem) == table for name in unread)

    @property
    def rule_file(self) -> str | None:
        """Return the name of the file with the rule that gives accounts their segment; None without one."""
        return next((name for name in self.files if name == RULE_FILE or name.endswith(f".{RULE_FILE}")), None)

    @property
    def own_names(self) -> tuple[tuple[str, str], ...]:
        """Return what the client calls a table's file where that is not the kit's name: ``accounts.csv``, its own."""
        found = ((f"{name}.csv", table.file if table.sheet is None else f"{table.sheet} ({table.file})")
                 for name, table in sorted(self.tables.items()))
        return tuple((ours, own) for ours, own in found if ours != own)

    @property
    def fingerprint(self) -> str:
        """Return the SHA-256 of names and contents, in the order of names."""
        return hash_files(self.files, self.previous)


def hash_files(files: Mapping[str, bytes], previous: Mapping[str, bytes]) -> str:
    """Return the SHA-256 of names and contents, those of the previous run with them, in the order of names."""
    digest = hashlib.sha256()
    kept = {f"{PREVIOUS_FOLDER}/{name}": content for name, content in previous.items()}
    for name, content in sorted({**files, **kept}.items()):
        digest.update(f"{len(name.encode())} {name} {len(content)} ".encode())
        digest.update(content)
    return digest.hexdigest()


def find_client(source: str | Path) -> Path:
    """Return the folder or workbook that a source names.

    Parameters
    ----------
    source : str or Path
        Path of a folder or of an ``.xlsx`` workbook, or ``demo:`` and the id of a demo client.

    Raises
    ------
    SalesModelError
        There is no such client.
    """
    if isinstance(source, str) and source.startswith("demo:"):
        return _find_demo(source.removeprefix("demo:"))
    path = Path(source)
    if path.is_dir() or (path.is_file() and path.suffix.lower() == ".xlsx"):
        return path
    if path.is_file():
        raise SalesModelError("{client} is neither a client's folder nor an .xlsx workbook; name the folder that it "
                              "lies in.", client=str(source))
    raise SalesModelError("{client}: there is no such folder or workbook.", client=str(source))


def _find_demo(name: str) -> Path:
    known = sorted(path.parent.name for path in find_resource("data").glob(f"*/{PROFILE_FILE}"))
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1) or known
        raise SalesModelError("There is no demo client {name}; did you mean {near}?", name=name,
                              near=" / ".join(near) or "–")
    return find_resource("data", name)


def read_sources(path: Path) -> Sources:
    """Return the content of a client's folder or workbook, each file read once.

    Parameters
    ----------
    path : Path
        From :func:`find_client`.
    """
    files, problems = _read_files(path)
    tables, table_problems = _read_tables(files)
    previous = _read_previous(find_previous(path))
    return Sources(files, tables, _name_journal(path), (*problems, *table_problems), previous)


def read_fingerprint(path: Path) -> str | None:
    """Return the fingerprint of a client's input, its files read and none of them opened as a table.

    Parameters
    ----------
    path : Path
        From :func:`find_client`.

    Returns
    -------
    str or None
        As :attr:`Sources.fingerprint`; None where a file is there that does not belong, or cannot be read.
    """
    found = read_content(path)
    return None if found is None else hash_files(*found)


def read_content(path: Path) -> tuple[dict[str, bytes], dict[str, bytes]] | None:
    """Return a client's files and those of its previous run, none of them opened as a table.

    Parameters
    ----------
    path : Path
        From :func:`find_client`.

    Returns
    -------
    tuple of dict of str to bytes, or None
        Name -> content; None where a file is there that does not belong, or cannot be read.
    """
    files, problems = _read_files(path)
    return None if problems else (files, _read_previous(find_previous(path)))


def _name_journal(path: Path) -> str:
    return JOURNAL_FILE if path.is_dir() else f"{path.stem}.{JOURNAL_FILE}"


def list_used(path: Path) -> tuple[str, ...]:
    """Return the names of the files that a client's input is read from, the previous run left out.

    Parameters
    ----------
    path : Path
        From :func:`find_client`.
    """
    journal = _name_journal(path)
    return tuple(name for name in _list_names(path) if judge_file(name, journal, is_workbook=not path.is_dir())[0])


def _list_names(path: Path) -> list[str]:
    if path.is_dir():
        inner = [name for folder in (STRATEGY_FOLDER, SCENARIO_FOLDER) for name in _list_inner(path, folder)]
        return [*_list_files(path), *inner]
    beside = (_name_journal(path), f"{path.stem}.{RULE_FILE}")
    return [path.name, *(found for name in beside for found in _present(path.parent / name))]


def _read_files(path: Path) -> tuple[dict[str, bytes], list[Problem]]:
    root = path if path.is_dir() else path.parent
    journal, names = _name_journal(path), _list_names(path)
    files: dict[str, bytes] = {}
    problems: list[Problem] = []
    for name in names:
        is_used, problem = judge_file(name, journal, is_workbook=not path.is_dir())
        if is_used:
            try:
                files[name] = _read_inside(root, name)
            except SalesModelError as error:
                problem = Problem(error.message, file=name)
        if problem is not None:
            problems.append(problem)
    return files, [*problems, *_refuse_links(find_previous(path), root)]


def find_previous(path: Path) -> Path:
    """Return where the previous run of a client lies, whether or not there is one.

    Parameters
    ----------
    path : Path
        The client's folder or workbook.
    """
    return path / PREVIOUS_FOLDER if path.is_dir() else path.with_name(f"{path.stem}.{PREVIOUS_FOLDER}")


def _read_previous(folder: Path) -> dict[str, bytes]:
    root = folder.parent.resolve()
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in _list_previous(folder)
            if path.resolve().is_relative_to(root)}


def _list_previous(folder: Path) -> list[Path]:
    return sorted(path for name in PREVIOUS_FILES for path in folder.glob(name)
                  if path.is_file() and not path.name.startswith(("~$", ".")))


def _refuse_links(previous: Path, root: Path) -> list[Problem]:
    """Return a problem for a previous run, or each file of one, that is a link to somewhere outside."""
    outside = [path for path in (previous, *_list_previous(previous))
               if not path.resolve().is_relative_to(root.resolve())]
    if previous in outside:
        outside = [previous]
    names = [path.relative_to(previous.parent).as_posix() for path in outside]
    return [Problem(Message("{file} points outside the client's folder; put a copy of the file there.",
                            {"file": name}), file=name) for name in names]


def _present(path: Path) -> list[str]:
    return [path.name] if path.exists() else []


def _list_files(root: Path) -> list[str]:
    return sorted(entry.name for entry in root.iterdir()
                  if not entry.is_dir() and not entry.name.startswith(("~$", ".")))


def _list_inner(root: Path, folder: str) -> list[str]:
    if not (root / folder).is_dir():
        return []
    names = sorted(entry.name for entry in (root / folder).glob("*.yaml") if not entry.name.startswith("."))
    return [f"{folder}/{name}" for name in names]


def _read_inside(root: Path, name: str) -> bytes:
    if not (root / name).resolve().is_relative_to(root.resolve()):
        raise SalesModelError("{file} points outside the client's folder; put a copy of the file there.", file=name)
    return read_bytes(root / name)


def judge_file(name: str, journal: str, *, is_workbook: bool) -> tuple[bool, Problem | None]:
    """Return whether a file is used, and what is wrong with it being there.

    Parameters
    ----------
    name : str
        Seen from the folder.
    journal : str
        Name of the decision journal.
    is_workbook : bool
        The client is a workbook, the file one that lies beside it.
    """
    path = Path(name)
    if is_workbook or name in (PROFILE_FILE, WORKBOOK_FILE, RULE_FILE, journal):
        return True, None
    if name.startswith((f"{STRATEGY_FOLDER}/", f"{SCENARIO_FOLDER}/")):
        is_named = bool(_STRATEGY_NAME.fullmatch(path.stem))
        message = Message("Name the strategy's file with letters, digits, - and _ only.")
        if name.startswith(SCENARIO_FOLDER):
            message = Message("Name the scenario's file with letters, digits, - and _ only.")
        return is_named, None if is_named else Problem(message, file=name)
    ending = path.suffix.lower()
    if ending in TEXT_ENDINGS and _find_table(path.stem) is not None:
        return True, None
    if ending in (".csv", ".tsv", *_WORKBOOK_ENDINGS, ".yaml", ".yml"):
        return False, Problem(_describe_unknown_file(name), file=name)
    return False, None


def _find_table(stem: str) -> str | None:
    names = {fold(name): table.name for table in INPUT_TABLES for name in (table.name, *table.sheets)}
    return names.get(fold(stem))


def _describe_unknown_file(name: str) -> Message:
    known = [*(f"{table.name}.csv" for table in INPUT_TABLES), PROFILE_FILE, WORKBOOK_FILE, RULE_FILE]
    near = find_nearest(name, known) or find_nearest(f"{Path(name).stem}.csv", known)
    if near is None:
        return Message("This file is none of the client's tables; move it into a subfolder.")
    return Message("This file is none of the client's tables; rename it {near} if that is what it is, or move it "
                   "into a subfolder.", {"near": near})


def _read_tables(files: Mapping[str, bytes]) -> tuple[dict[str, TextTable], list[Problem]]:
    tables: dict[str, TextTable] = {}
    problems: list[Problem] = []
    for name, content in files.items():
        ending = Path(name).suffix.lower()
        if ending in TEXT_ENDINGS:
            found = ((_find_table(Path(name).stem), read_delimited(content, name)),)
        elif ending == ".xlsx":
            found = tuple((_find_sheet(table.sheet), table) for table in read_workbook(content, name))
        else:
            continue
        for table_name, table in found:
            problems += _take_table(tables, table_name, table)
    return tables, problems


def _find_sheet(sheet: str | None) -> str | None:
    for name, others in SETTING_SHEETS.items():
        if fold(sheet or "") in {fold(other) for other in (name, *others)}:
            return name
    return _find_table(sheet or "")


def _take_table(tables: dict[str, TextTable], name: str | None, table: TextTable) -> list[Problem]:
    """Put a table in its place, or return what is wrong with it."""
    if table.sheet is not None and table.sheet.startswith("#"):
        return []
    if name is None:
        near = find_nearest(table.sheet or "", [*(known.name for known in INPUT_TABLES), *SETTING_SHEETS])
        message = Message("This sheet is none of the client's tables; begin its name with # to leave it aside.")
        if near is not None:
            message = Message("This sheet is none of the client's tables; did you mean {near}? Otherwise begin its "
                              "name with # to leave it aside.", {"near": near})
        return list(table.problems) if table.sheet is None else [table.place.problem(message)]
    if name in tables:
        other = tables[name].sheet or tables[name].file
        return [table.place.problem(Message("The table {name} is there twice, here and in {other}; keep one.",
                                            {"name": name, "other": other}))]
    tables[name] = table
    return []
