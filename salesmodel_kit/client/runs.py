"""What a run keeps of its client, and a client opened again from it.

A run keeps the client's input as it was, under ``input/``, so that it can be
evaluated again beside another run. The tiers that it started from are in its
table ``account_tiers``; a run kept inside a client's folder as ``previous_run``
is that client's previous model.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from salesmodel_kit.client.decisions import find_journal
from salesmodel_kit.client.folder import Client, open_client
from salesmodel_kit.client.reading import parse_table, read_text_table
from salesmodel_kit.client.sources import JOURNAL_FILE, WORKBOOK_FILE, read_content, read_sources
from salesmodel_kit.errors import InputProblems, SalesModelError
from salesmodel_kit.tables import CALL_PLAN

INPUT_FOLDER, RECORD_FILE, TIERS_FILE = "input", "run.json", "tables/account_tiers.csv"
CALLS_FILE = "tables/call_plan.csv"


@dataclass(frozen=True)
class Run:
    """A finished run, opened again.

    Parameters
    ----------
    folder : Path
        Where its results are.
    client : Client
        Its input; ``previous_tier`` of the accounts is what the run started from.
    kit_version : str
        The version that made it.
    ended : str
        When it was made, ISO 8601; empty: not noted.
    """

    folder: Path
    client: Client
    kit_version: str
    ended: str = ""


def keep_input(source: Path, folder: Path) -> None:
    """Copy the files that a client was read from; a workbook becomes ``client.xlsx``.

    Parameters
    ----------
    source : Path
        The client's folder or workbook.
    folder : Path
        Of the run; ``input`` is made in it.
    """
    renamed = {} if source.is_dir() else {source.name: WORKBOOK_FILE, find_journal(source).name: JOURNAL_FILE}
    found = read_content(source)
    for name, content in (read_sources(source).files if found is None else found[0]).items():
        path = folder / INPUT_FOLDER / renamed.get(name, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def open_run(folder: str | Path) -> Run:
    """Return a finished run with the client that it was made from.

    Parameters
    ----------
    folder : str or Path
        The folder of one client in the results of ``salesmodel run``.

    Raises
    ------
    SalesModelError
        It is no finished run, or one that kept no input.
    """
    path = Path(folder)
    record = _read_record(path)
    if not (path / INPUT_FOLDER).is_dir():
        raise SalesModelError("{run} kept no input to compare with; run the client again with this version.", run=path)
    try:
        client = open_client(path / INPUT_FOLDER)
    except InputProblems as error:
        raise SalesModelError("The input that {run} kept cannot be read by this version ({n_problems} problem(s)); "
                              "run the client again.", run=path, n_problems=len(error.problems)) from error
    client = replace(start_from(client, path / TIERS_FILE), planned_calls=read_call_plan(path))
    return Run(path, client, str(record.get("kit_version", "")), str(record.get("ended") or ""))


def read_call_plan(folder: Path) -> pd.DataFrame | None:
    """Return the table ``call_plan`` as a run wrote it; None where the run is older than the table.

    Parameters
    ----------
    folder : Path
        Of the run.

    Raises
    ------
    SalesModelError
        The table was changed so that it cannot be read.
    """
    path = folder / CALLS_FILE
    if not path.is_file():
        return None
    table, problems = parse_table(read_text_table(path), CALL_PLAN)
    if problems:
        raise SalesModelError("{file} cannot be read as a call plan; run the client again.", file=path)
    texts = ["account", "name", "rep", "area"]
    return table.assign(**{name: table[name].str.removeprefix("'") for name in texts}).reset_index(drop=True)


def _read_record(path: Path) -> dict[str, object]:
    try:
        record = json.loads((path / RECORD_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        record = None
    if not isinstance(record, dict) or record.get("status") != "done":
        raise SalesModelError("{run} is not a finished run; name the folder of one client in the results of "
                              "salesmodel run.", run=path)
    return record


def start_from(client: Client, tiers_file: Path) -> Client:
    """Return a client whose previous tiers are those that its run started from.

    Parameters
    ----------
    client : Client
        The input that a run kept.
    tiers_file : Path
        The run's table ``account_tiers``; where it is not there, the client's own column stays.
    """
    if not tiers_file.is_file():
        return client
    try:
        with tiers_file.open(encoding="utf-8-sig") as stream:
            mark = ";" if ";" in stream.readline() else ","
        table = pd.read_csv(tiers_file, dtype="str", encoding="utf-8-sig", sep=mark)[["account", "previous_tier"]]
    except (ValueError, KeyError, OSError) as error:
        raise SalesModelError("{file} cannot be read as a table of accounts and tiers.", file=tiers_file) from error
    known = table.assign(account=table["account"].str.removeprefix("'")).drop_duplicates("account")
    written = client.accounts["account"].str.removeprefix("'")
    previous = written.map(known.set_index("account")["previous_tier"]).astype("str")
    return replace(client, accounts=client.accounts.assign(previous_tier=previous))
