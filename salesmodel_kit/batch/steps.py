"""What a worker does for one client beside the notebooks: the model, its tables, and the report that gathers all.

The model is computed once and kept in the run's private folder for the client's other steps.

A client's results are made in a folder of their own and moved into place when complete.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from salesmodel_kit.batch.beside import compute_beside
from salesmodel_kit.batch.results import ClientResult, read_client
from salesmodel_kit.batch.state import hash_outputs, sign_outputs
from salesmodel_kit.batch.target import RUN_FILE, write_whole
from salesmodel_kit.client.kept import find_kept, keep
from salesmodel_kit.client.sources import read_fingerprint
from salesmodel_kit.errors import InputProblems, SalesModelError

if TYPE_CHECKING:  # the caller, who only hands these functions to workers, loads no chain
    from salesmodel_kit.chain import SalesModel
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
    state : str
        Hash of everything that the results depend on.
    folder : pathlib.Path
        Where the results are made.
    kept : pathlib.Path
        The client's private folder of this run, for what has been computed.
    """

    source: Path
    client_id: str
    name: str
    language: str
    fingerprint: str
    state: str
    folder: Path
    kept: Path


def kit_version() -> str:
    """Return the version of the installed kit."""
    return version("salesmodel-kit")


def make_model(
    result: ClientResult, *, language: str | None, kept: Path, has_core_to_spare: bool = False
) -> ClientResult:
    """Open a client, compute its whole chain, and keep that for the client's other steps.

    Parameters
    ----------
    result : ClientResult
        As ``locate_client`` returns it.
    language : {"en", "fr"}, optional
        Instead of the client's own.
    kept : pathlib.Path
        The client's private folder of this run.
    has_core_to_spare : bool
        Fewer clients wait than there are workers: some steps may be computed beside the others.

    Returns
    -------
    ClientResult
        ``accepted`` with what the index says of it, or ``refused``.
    """
    from salesmodel_kit.chain import build_model

    checked, client = read_client(result, language=language)
    if client is None:
        return checked
    try:
        model = build_model(client)
    except InputProblems as error:  # the input is only then seen to be incomplete
        return result.refused(error)
    kept.mkdir(mode=0o700, parents=True, exist_ok=True)
    model.settle(partial(compute_beside, folder=kept) if has_core_to_spare and sys.platform == "linux" else None)
    keep(model, kept, fingerprint=client.fingerprint, language=checked.language)
    tiers = model.account_tiers["tier"]
    return replace(checked, facts={"n_accounts": len(tiers), "n_gold": int((tiers == model.language.levels[0]).sum())})


def open_for_run(run: ClientRun) -> SalesModel:
    """Return the model of the client in the language of the run.

    Raises
    ------
    SalesModelError
        The input is no longer the one that was checked.
    """
    from salesmodel_kit.chain import SalesModel, build_model
    from salesmodel_kit.client.folder import open_client

    if read_fingerprint(run.source) != run.fingerprint:
        raise SalesModelError("{client} changed during the run; run it again.", client=run.source.name)
    kept = find_kept(run.source, language=run.language, folder=run.kept)
    return kept if isinstance(kept, SalesModel) else build_model(open_client(run.source, language=run.language))


def make_tables(run: ClientRun) -> None:
    """Keep the input beside the results and write the tables of the chain."""
    from salesmodel_kit.client.runs import keep_input
    from salesmodel_kit.reports.step_tables import write_step_tables

    model = open_for_run(run)
    keep_input(run.source, run.folder)
    write_step_tables(model, folder=run.folder / "tables")


def make_report(run: ClientRun, *, seconds: Mapping[str, float], facts: Mapping[str, float]) -> None:
    """Gather the executed notebooks into the report, write the pictures and ``run.json``.

    Parameters
    ----------
    run : ClientRun
        Its notebooks lie executed in ``run.folder / "notebooks"``.
    seconds : mapping of str to float
        Step to wall clock.
    facts : mapping of str to float
        What the index says of the client, now and after later batches.

    Raises
    ------
    SalesModelError
        The input changed meanwhile, or the notebooks hold no picture.
    """
    import nbformat

    from salesmodel_kit.reports.figures import write_figures
    from salesmodel_kit.reports.html import write_report

    client = open_for_run(run).client
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
        "state": run.state,
        "kit_version": kit_version(),
        "ended": dt.datetime.now().astimezone().isoformat(timespec="seconds"),
        "facts": dict(facts),
        "seconds": {name: round(value, 2) for name, value in seconds.items()},
        "outputs": hash_outputs(run.folder),
        "signed": sign_outputs(run.folder),
    }
    write_whole(run.folder / RUN_FILE, json.dumps(record, ensure_ascii=False, indent=2) + "\n")


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
