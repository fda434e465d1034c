"""The index page and the manifest of a batch."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from salesmodel_kit.batch.manifest import list_parts, read_manifest, write_manifest
from salesmodel_kit.batch.results import ClientResult
from salesmodel_kit.batch.shards import Shard
from salesmodel_kit.batch.steps import kit_version
from salesmodel_kit.batch.target import RUN_FILE, VERSION, write_whole
from salesmodel_kit.language import LANGUAGES, Language, find_user_language, is_known
from salesmodel_kit.reports.index import IndexRow, write_index


def write_record(
    results: Sequence[ClientResult], *, out: Path, language: str | None, kept: Sequence[str] = ("failed",)
) -> None:
    """Write ``index.html`` and ``manifest.jsonl``: the clients of a batch, then those that ``out`` held before.

    What parts of a batch have written goes into the manifest, and then away.

    Parameters
    ----------
    results : sequence of ClientResult
        In the order of the batch.
    out : pathlib.Path
        The batch's folder.
    language : {"en", "fr"}, optional
        Of the page; by default the one that all clients share, else the system's.
    kept : sequence of str
        Which statuses stay of clients without results that earlier batches have noted.
    """
    runs = read_runs(out)
    ours = {result.client_id for result in results if result.client_id}
    earlier = [run for name, run in runs.items() if name not in ours]
    spoken = {result.language for result in results if result.language} | {str(run["language"]) for run in earlier}
    page = Language(language or (spoken.pop() if len(spoken) == 1 else find_user_language().code))
    rows = [_make_row(result, language=page, run=runs.get(result.client_id)) for result in results]
    parts = list_parts(out)
    said = {result.client_id or result.client for result in results}
    failed = {client: line for client, line in read_manifest(out).items()
              if client not in said and line.get("status") in kept}
    rows += [_make_earlier_row(run, language=page, failed=failed.get(str(run["client"]))) for run in earlier]
    rows += [_make_failed_row(line) for client, line in failed.items() if client not in runs]
    records = [_make_record(result, page, run=runs.get(result.client_id)) for result in results]
    records += [_make_earlier_record(run) for run in earlier if run["client"] not in failed]
    records += failed.values()
    write_whole(out / "index.html", write_index(rows, language=page, kit_version=kit_version()))
    write_manifest(out, records)
    for part in parts:
        part.unlink(missing_ok=True)


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


def write_part(results: Sequence[ClientResult], *, out: Path, language: str | None, shard: Shard) -> None:
    """Write the manifest of one part of a batch; the index page is for when all parts have run.

    Parameters
    ----------
    results : sequence of ClientResult
        Of the part.
    out : pathlib.Path
        The batch's folder.
    language : {"en", "fr"}, optional
        Of sentences; by default each client's.
    shard : Shard
        The part.
    """
    write_manifest(out, [make_record(result, out=out, language=language) for result in results], shard=shard)


def read_runs(out: Path) -> dict[str, dict[str, object]]:
    """Return folder -> ``run.json`` of every client whose results lie in a folder; others are left aside.

    Parameters
    ----------
    out : pathlib.Path
        A batch's folder.
    """
    found = ((path, _read_run(path)) for path in sorted(out.glob(f"*/{RUN_FILE}"))
             if not path.parent.name.startswith("."))
    return {path.parent.name: run for path, run in found
            if run is not None and ("version" in run or (path.parent / "report.html").is_file())}


def list_named(out: Path) -> set[str]:
    """Return ``<client>/<version>`` of everything that a ``run.json`` or the manifest beside the page names.

    Parameters
    ----------
    out : pathlib.Path
        What is here of a batch's folder that lies elsewhere.
    """
    reports = [str(line.get("report")) for line in read_manifest(out, with_parts=False).values()]
    return {_find_place(run) for run in read_runs(out).values()} | {report.rpartition("/")[0] for report in reports}


def read_run(out: Path, client_id: str) -> dict[str, object]:
    """Return ``run.json`` of one client whose results are there."""
    return _read_run(out / client_id / RUN_FILE) or {}


def _read_run(path: Path) -> dict[str, object] | None:
    try:
        run = json.loads(path.read_text(encoding="utf-8"))
        ended = run.get("ended") or dt.datetime.fromtimestamp(path.stat().st_mtime).astimezone().isoformat()
        day = dt.datetime.fromisoformat(str(ended)).date()
    except (OSError, ValueError, AttributeError):
        return None
    if not VERSION.fullmatch(str(run.get("version"))):
        run.pop("version", None)
    if not isinstance(run.get("outputs"), Mapping):
        run.pop("outputs", None)
    known = run.get("language") if run.get("language") in LANGUAGES else "en"
    return {**run, "client": path.parent.name, "language": known, "ended": ended, "day": day}


def _make_row(result: ClientResult, *, language: Language, run: Mapping[str, object] | None) -> IndexRow:
    is_done = result.is_complete
    name = result.client_id or Path(result.client).name
    facts = result.facts if is_done else {}
    return IndexRow(
        client_id=name,
        name=result.name or Path(result.client).name,
        status=result.status if is_done else "failed",
        report=None if run is None else f"{_find_place(run)}/report.html",
        figure=_find_picture(run) if is_done else None,
        facts=_say_facts(facts, language, day=None if is_done or run is None else run["day"]),
        sentence=None if result.sentence is None else language.say(result.sentence),
    )


def _make_earlier_row(
    run: Mapping[str, object], *, language: Language, failed: Mapping[str, object] | None
) -> IndexRow:
    name = str(run["client"])
    facts = run.get("facts")
    return IndexRow(
        client_id=name,
        name=str(run.get("name") or name),
        status="earlier" if failed is None else "failed",
        report=f"{_find_place(run)}/report.html",
        figure=_find_picture(run),
        facts=_say_facts(facts if isinstance(facts, Mapping) else {}, language, day=run["day"]),
        sentence=None if failed is None else str(failed.get("sentence") or ""),
    )


def _make_failed_row(line: Mapping[str, object]) -> IndexRow:
    name = str(line["client"])
    return IndexRow(client_id=name, name=name, status="failed", report=None, figure=None, facts=(),
                    sentence=str(line.get("sentence") or ""))


def _find_place(run: Mapping[str, object]) -> str:
    """Return where a client's results are, seen from the index page."""
    return f"{run['client']}/{run['version']}" if "version" in run else str(run["client"])


def _find_picture(run: Mapping[str, object] | None) -> str | None:
    picture = "figures/portfolio_matrix.svg"
    return f"{_find_place(run)}/{picture}" if run is not None and picture in run.get("outputs", ()) else None


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
        "report": quote(f"{_find_place(run)}/report.html") if is_done and run else None,
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
        "report": quote(f"{_find_place(run)}/report.html"),
        "sentence": None,
    }
