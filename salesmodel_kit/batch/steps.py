"""What a worker does for one client beside the notebooks: the tables, and the report that gathers all.

A client's results are made in a folder of their own and moved into place when complete.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from salesmodel_kit.batch.target import RUN_FILE
from salesmodel_kit.errors import SalesModelError

if TYPE_CHECKING:
    from salesmodel_kit.client.folder import Client

#: The folders of a client's results.
FOLDERS: tuple[str, ...] = ("notebooks", "tables", "figures")


@dataclass(frozen=True)
class ClientRun:
    """One client of a batch, checked, with the folder that its results are made in.

    Parameters
    ----------
    source : pathlib.Path
        The client's folder or workbook.
    client_id, name : str
        As in its profile.
    language : {"en", "fr"}
        Language of this run.
    fingerprint : str
        Hash of the input when it was checked.
    folder : pathlib.Path
        Where the results are made.
    """

    source: Path
    client_id: str
    name: str
    language: str
    fingerprint: str
    folder: Path


def kit_version() -> str:
    """Return the version of the installed kit."""
    return version("salesmodel-kit")


def open_for_run(run: ClientRun) -> Client:
    """Return the client in the language of the run.

    Raises
    ------
    SalesModelError
        The input is no longer the one that was checked.
    """
    from salesmodel_kit.client.folder import open_client

    client = open_client(run.source, language=run.language)
    if client.fingerprint != run.fingerprint:
        raise SalesModelError("{client} changed during the run; run it again.", client=run.source.name)
    return client


def make_tables(run: ClientRun) -> Mapping[str, float]:
    """Keep the input, write the tables of the chain and return what the index of the batch says of them."""
    from salesmodel_kit.client.runs import keep_input
    from salesmodel_kit.reports.step_tables import write_step_tables

    client = open_for_run(run)
    keep_input(run.source, run.folder)
    return write_step_tables(client, folder=run.folder / "tables")


def make_report(run: ClientRun, *, seconds: Mapping[str, float], facts: Mapping[str, float]) -> None:
    """Gather the executed notebooks into the report, write the pictures and ``run.json``.

    Parameters
    ----------
    run : ClientRun
        Its notebooks lie executed in ``run.folder / "notebooks"``.
    seconds : mapping of str to float
        Step to wall clock.
    facts : mapping of str to float
        As :func:`make_tables` returns them; the index of a later batch says them too.

    Raises
    ------
    SalesModelError
        The input changed meanwhile, or the notebooks hold no picture.
    """
    import nbformat

    from salesmodel_kit.reports.figures import write_figures
    from salesmodel_kit.reports.html import write_report

    client = open_for_run(run)
    notebooks = [nbformat.read(path, as_version=4) for path in sorted((run.folder / "notebooks").glob("*.ipynb"))]
    if not write_figures(notebooks, folder=run.folder / "figures"):
        raise SalesModelError("The notebooks of {client} ran, but no figure came out.", client=run.client_id)
    report = write_report(notebooks, facts=_report_facts(client))
    (run.folder / "report.html").write_text(report, encoding="utf-8", newline="\n")
    record = {
        "client": run.client_id,
        "name": run.name,
        "status": "done",
        "language": run.language,
        "fingerprint": run.fingerprint,
        "kit_version": kit_version(),
        "ended": dt.datetime.now().astimezone().isoformat(timespec="seconds"),
        "facts": dict(facts),
        "seconds": {name: round(value, 2) for name, value in seconds.items()},
    }
    (run.folder / RUN_FILE).write_text(json.dumps(record, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _report_facts(client: Client) -> object:
    from salesmodel_kit.language import Language
    from salesmodel_kit.reports.html import ReportFacts

    profile = client.profile
    language = Language(profile.language, profile.currency)
    return ReportFacts(
        title=language.text("Sales model"),
        client_name=profile.name,
        language=language,
        data_until=profile.data_until,
        strategy=client.strategy.label[profile.language],
        kit_version=kit_version(),
        fingerprint=client.fingerprint,
    )
