"""The index page and the manifest of a batch."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from salesmodel_kit.batch.manifest import read_manifest, write_manifest
from salesmodel_kit.batch.results import ClientResult
from salesmodel_kit.batch.steps import kit_version
from salesmodel_kit.batch.target import RUN_FILE, write_whole
from salesmodel_kit.language import LANGUAGES, Language, is_known
from salesmodel_kit.reports.index import IndexRow, write_index


def write_record(results: Sequence[ClientResult], *, out: Path, language: str | None) -> None:
    """Write ``index.html`` and ``manifest.jsonl``: the clients of a batch, then those that ``out`` held before.

    Parameters
    ----------
    results : sequence of ClientResult
        In the order of the batch.
    out : pathlib.Path
        The batch's folder.
    language : {"en", "fr"}, optional
        Of the page; by default the one that all clients share, else English.
    """
    runs = read_runs(out)
    ours = {result.client_id for result in results if result.client_id}
    earlier = [run for name, run in runs.items() if name not in ours]
    spoken = {result.language for result in results if result.language} | {str(run["language"]) for run in earlier}
    page = Language(language or (spoken.pop() if len(spoken) == 1 else "en"))
    rows = [_make_row(result, out=out, language=page, run=runs.get(result.client_id)) for result in results]
    rows += [_make_earlier_row(run, out=out, language=page) for run in earlier]
    noted = read_manifest(out)
    records = [_make_record(result, page, run=runs.get(result.client_id)) for result in results]
    records += [_make_earlier_record(run) for run in earlier]
    known = {record["client"] for record in records}
    records += [line for client, line in noted.items() if client not in known and line.get("status") == "failed"]
    write_whole(out / "index.html", write_index(rows, language=page, kit_version=kit_version()))
    write_manifest(out, records)


def make_record(result: ClientResult, *, out: Path, language: str | None) -> dict[str, object]:
    """Return what the manifest says of a client as soon as it has come to its end.

    Parameters
    ----------
    result : ClientResult
        Done or failed.
    out : pathlib.Path
        The batch's folder.
    language : {"en", "fr"}, optional
        Of sentences; by default the client's.
    """
    run = _read_run(out / result.client_id / RUN_FILE) if result.is_complete else None
    return _make_record(result, Language(language or result.language or "en"), run=run)


def read_runs(out: Path) -> dict[str, dict[str, object]]:
    """Return folder -> ``run.json`` of every client whose results lie in a folder; others are left aside.

    Parameters
    ----------
    out : pathlib.Path
        A batch's folder.
    """
    found = ((path, _read_run(path)) for path in sorted(out.glob(f"*/{RUN_FILE}"))
             if not path.parent.name.startswith(".") and (path.parent / "report.html").is_file())
    return {path.parent.name: run for path, run in found if run is not None}


def _read_run(path: Path) -> dict[str, object] | None:
    try:
        run = json.loads(path.read_text(encoding="utf-8"))
        ended = run.get("ended") or dt.datetime.fromtimestamp(path.stat().st_mtime).astimezone().isoformat()
        day = dt.datetime.fromisoformat(str(ended)).date()
    except (OSError, ValueError, AttributeError):
        return None
    known = run.get("language") if run.get("language") in LANGUAGES else "en"
    return {**run, "client": path.parent.name, "language": known, "ended": ended, "day": day}


def _make_row(
    result: ClientResult, *, out: Path, language: Language, run: Mapping[str, object] | None
) -> IndexRow:
    is_done = result.is_complete
    name = result.client_id or Path(result.client).name
    facts = result.facts if is_done else {}
    return IndexRow(
        client_id=name,
        name=result.name or Path(result.client).name,
        status=result.status if is_done else "failed",
        report=None if run is None else f"{name}/report.html",
        figure=_find_picture(name, out) if is_done else None,
        facts=_say_facts(facts, language, day=None if is_done or run is None else run["day"]),
        sentence=None if result.sentence is None else language.say(result.sentence),
    )


def _make_earlier_row(run: Mapping[str, object], *, out: Path, language: Language) -> IndexRow:
    name = str(run["client"])
    facts = run.get("facts")
    return IndexRow(
        client_id=name,
        name=str(run.get("name") or name),
        status="earlier",
        report=f"{name}/report.html",
        figure=_find_picture(name, out),
        facts=_say_facts(facts if isinstance(facts, Mapping) else {}, language, day=run["day"]),
        sentence=None,
    )


def _find_picture(client_id: str, out: Path) -> str | None:
    picture = f"{client_id}/figures/portfolio_matrix.svg"
    return picture if (out / picture).is_file() else None


def _say_facts(
    facts: Mapping[str, float], language: Language, *, day: object = None
) -> tuple[tuple[str, str], ...]:
    """Return what is worth a glance; of an earlier report its day too."""
    labels = {"n_accounts": language.text("Accounts"), "n_gold": language.text("Accounts of the best tier")}
    said = [(label, language.number(facts[name])) for name, label in labels.items() if is_known(facts.get(name))]
    return tuple(said if day is None else [*said, (language.text("Report of"), language.date(day))])


def _make_record(
    result: ClientResult, language: Language, *, run: Mapping[str, object] | None
) -> dict[str, object]:
    is_done = result.is_complete
    return {
        "client": result.client_id or result.client,
        "status": result.status,
        "fingerprint": result.fingerprint,
        "state": run.get("state", "") if is_done and run else "",
        "kit_version": kit_version(),
        "ended": run["ended"] if is_done and run else None,
        "seconds": round(result.seconds, 2),
        "attempts": result.attempts,
        "outputs": run.get("outputs", {}) if is_done and run else {},
        "report": quote(f"{result.client_id}/report.html") if is_done else None,
        "sentence": None if result.sentence is None else language.say(result.sentence),
    }


def _make_earlier_record(run: Mapping[str, object]) -> dict[str, object]:
    seconds = run.get("seconds")
    spent = sum(value for value in seconds.values() if is_known(value)) if isinstance(seconds, Mapping) else 0.0
    return {
        "client": run["client"],
        "status": "earlier",
        "fingerprint": run.get("fingerprint", ""),
        "state": run.get("state", ""),
        "kit_version": run.get("kit_version", ""),
        "ended": run["ended"],
        "seconds": round(spent, 2),
        "outputs": run.get("outputs", {}),
        "report": quote(f"{run['client']}/report.html"),
        "sentence": None,
    }
