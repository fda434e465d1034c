"""The index of a batch: one page with every client, what came of it, and where its report is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.language import Language
from salesmodel_kit.reports.page import render_page

_DATA_PICTURE = re.compile(r"data:image/(png|svg\+xml);base64,[A-Za-z0-9+/=]+\Z")


@dataclass(frozen=True)
class IndexRow:
    """One client of a batch.

    Parameters
    ----------
    client_id : str
        The client's id.
    name : str
        The client's name.
    status : {"done", "unchanged", "failed", "earlier"}
        What came of the run; ``unchanged``: the report was there and is up to date;
        ``earlier``: the report is of a former batch.
    report : str or None
        Path of the report, relative to the index page; of a client that failed, its former one.
    figure : str or None
        Picture to recognise the report by: a relative path, or base64 data.
    facts : tuple of (label, value)
        What is worth a glance, in the page's language.
    sentence : str or None
        Why the run failed.
    """

    client_id: str
    name: str
    status: Literal["done", "unchanged", "failed", "earlier"]
    report: str | None
    figure: str | None
    facts: tuple[tuple[str, str], ...]
    sentence: str | None


def write_index(rows: Sequence[IndexRow], *, language: Language, kit_version: str) -> str:
    """Return the index page of a batch.

    Parameters
    ----------
    rows : sequence of IndexRow
        The clients in the order of the batch.
    language : Language
        The page's language.
    kit_version : str
        Version of the kit that made the batch.

    Returns
    -------
    str
        HTML page with its style; pictures given as paths and reports are links.

    Raises
    ------
    SalesModelError
        A link does not stay below the index page's folder.
    """
    text = language.text
    counts = Counter(row.status for row in rows)
    clients = [
        {"row": row, "report": _link(row.report), "figure": _picture(row.figure)}
        for row in rows
    ]
    content = {
        "clients": clients,
        "summary": _summary(counts, language),
        "status": {"done": text("Done"), "unchanged": text("Unchanged"), "failed": text("Failed"),
                   "earlier": text("Earlier run")},
        "picture": text("Figure from the report of {client}"),
        "kit": text("Sales model workshop kit {version}", version=kit_version),
    }
    return render_page("batch.html.j2", title=text("Reports"), language=language, content=content,
                       pictures="'self' data:")


def _summary(counts: Mapping[str, int], language: Language) -> str:
    text = language.text
    sentences = {
        "done": (text("{n} report is done"), text("{n} reports are done")),
        "unchanged": (text("{n} report was up to date already"), text("{n} reports were up to date already")),
        "failed": (text("{n} client failed"), text("{n} clients failed")),
        "earlier": (text("{n} report is of an earlier run"), text("{n} reports are of earlier runs")),
    }
    parts = [_count(counts[status], one, many, language) for status, (one, many) in sentences.items()
             if counts.get(status)]
    return ", ".join(parts or [text("There is no report")]) + "."


def _count(number: int, one: str, many: str, language: Language) -> str:
    return language.plural(number, one, many).format(n=language.number(number))


def _picture(figure: str | None) -> str | None:
    return figure if figure is not None and _DATA_PICTURE.match(figure) else _link(figure)


def _link(path: str | None) -> str | None:
    """Return a relative path as a link; one that leads elsewhere is refused."""
    if path is None:
        return None
    parts = path.replace("\\", "/").split("/")
    if ":" in parts[0] or ".." in parts or parts[0] == "":
        raise SalesModelError("The link {path!r} must stay below the folder of the index page.", path=path)
    return quote("/".join(parts))
