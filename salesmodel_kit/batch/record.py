"""The index page and the manifest of a batch."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from salesmodel_kit.batch.results import ClientResult
from salesmodel_kit.batch.steps import kit_version
from salesmodel_kit.batch.target import write_whole
from salesmodel_kit.language import Language
from salesmodel_kit.reports.index import IndexRow, write_index


def write_record(results: Sequence[ClientResult], *, out: Path, language: str | None) -> None:
    """Write ``index.html`` and ``manifest.jsonl`` of a batch.

    Parameters
    ----------
    results : sequence of ClientResult
        In the order of the batch.
    out : pathlib.Path
        The batch's folder.
    language : {"en", "fr"}, optional
        Of the page; by default the one that all clients share, else English.
    """
    spoken = {result.language for result in results if result.language}
    page = Language(language or (spoken.pop() if len(spoken) == 1 else "en"))
    rows = [_make_row(result, out=out, language=page) for result in results]
    write_whole(out / "index.html", write_index(rows, language=page, kit_version=kit_version()))
    write_whole(out / "manifest.jsonl", "".join(_make_line(result, page) + "\n" for result in results))


def _make_row(result: ClientResult, *, out: Path, language: Language) -> IndexRow:
    is_done = result.status == "done"
    picture = f"{result.client_id}/figures/portfolio_matrix.svg"
    return IndexRow(
        client_id=result.client_id or Path(result.client).name,
        name=result.name or Path(result.client).name,
        status="done" if is_done else "failed",
        report=f"{result.client_id}/report.html" if is_done else None,
        figure=picture if is_done and (out / picture).is_file() else None,
        facts=_say_facts(result, language),
        sentence=None if result.sentence is None else language.say(result.sentence),
    )


def _say_facts(result: ClientResult, language: Language) -> tuple[tuple[str, str], ...]:
    labels = {"n_accounts": language.text("Accounts"), "n_gold": language.text("Accounts of the best tier")}
    return tuple((label, language.number(result.facts[name])) for name, label in labels.items() if name in result.facts)


def _make_line(result: ClientResult, language: Language) -> str:
    record = {
        "client": result.client_id or result.client,
        "status": result.status,
        "fingerprint": result.fingerprint,
        "kit_version": kit_version(),
        "seconds": round(result.seconds, 2),
        "report": quote(f"{result.client_id}/report.html") if result.status == "done" else None,
        "sentence": None if result.sentence is None else language.say(result.sentence),
    }
    return json.dumps(record, ensure_ascii=False)
