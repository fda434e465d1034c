"""Accepted anchors, written into the client's criteria: two cells a criterion change, the rest of the file does not."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
from collections.abc import Mapping
from pathlib import Path

from salesmodel_kit.client.merging import FORMER_FOLDER
from salesmodel_kit.client.publish import publish, stage_folder, write_cell
from salesmodel_kit.client.reading import match_headers, parse_table
from salesmodel_kit.client.sources import find_client, read_sources
from salesmodel_kit.client.texts import TextTable
from salesmodel_kit.errors import SalesModelError, describe_os_error
from salesmodel_kit.tables import CRITERIA

#: (axis, criterion) -> worst and best.
Anchors = Mapping[tuple[str, str], tuple[float, float]]

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def accept_anchors(source: str | Path, anchors: Anchors) -> Path:
    """Write anchors into the client's criteria and return where the former file is kept.

    Parameters
    ----------
    source : str or Path
        The client's folder.
    anchors : mapping of (axis, criterion) to (worst, best)
        Finite and different; other criteria stay as they are.

    Returns
    -------
    Path
        A copy of the file as it was, in the folder ``former``.

    Raises
    ------
    SalesModelError
        A demo client, a workbook, anchors that are equal or not finite, or a folder that cannot be written.
    """
    if isinstance(source, str) and source.startswith("demo:"):
        raise SalesModelError("{source} is a demo client and is not changed; copy it first: salesmodel new FOLDER "
                              "--example {name}", source=source, name=source.removeprefix("demo:"))
    folder = find_client(source)
    sources = read_sources(folder)
    table = sources.tables.get("criteria")
    if table is None or table.sheet is not None or table.file not in sources.files:
        raise SalesModelError("{source} keeps its criteria in a workbook; enter the proposed worst and best there.",
                              source=str(source))
    for (_, criterion), (worst, best) in anchors.items():
        if not (abs(worst) < float("inf") and abs(best) < float("inf") and worst != best):
            raise SalesModelError("Criterion {criterion}: worst ({worst}) and best ({best}) must be two different "
                                  "finite numbers.", criterion=criterion, worst=worst, best=best)
    content = sources.files[table.file]
    former = f"{FORMER_FOLDER}/{hashlib.sha256(content).hexdigest()[:8]}-{table.file}"
    files = {former: content, table.file: replace_anchors(content, table, anchors)}
    try:
        with stage_folder(folder, files) as staged:
            publish(staged, folder, files)
    except OSError as error:
        raise SalesModelError("{target} cannot be written ({detail}).", target=str(folder),
                              detail=describe_os_error(error)) from error
    return folder / former


def replace_anchors(content: bytes, table: TextTable, anchors: Anchors) -> bytes:
    """Return the file with other anchors; rows without one keep every byte.

    Parameters
    ----------
    content : bytes
        The criteria as the file holds them.
    table : TextTable
        The same, read.
    anchors : mapping of (axis, criterion) to (worst, best)
        What to write.

    Returns
    -------
    bytes
        Same encoding, separator, line ends and decimal mark.
    """
    mark, encoding, body = _split_encoding(content)
    lines = body.splitlines(keepends=True)
    separator = table.separator or ","
    has_hint = bool(lines) and lines[0].startswith("sep=")
    frame, _ = parse_table(table, CRITERIA)
    place, _ = match_headers(table, CRITERIA)
    keys = zip(frame.index, zip(frame["axis"], frame["criterion"], strict=True), strict=True)
    wanted = {int(row): anchors[key] for row, key in keys if key in anchors}
    decimal = _find_decimal_mark(table, separator)
    start, header = int(has_hint), None
    reader = csv.reader(io.StringIO("".join(lines[start:]), newline=""), delimiter=separator, strict=True)
    written, last = lines[:start], start
    for number, record in enumerate(reader, start=1):
        here = lines[last : start + reader.line_num]
        last = start + reader.line_num
        if header is None and any(cell.strip() for cell in record):
            header = [cell.strip() for cell in record]
        elif header is not None and number in wanted:
            for name, anchor in zip(("worst", "best"), wanted[number], strict=True):
                record[header.index(place.headers[name])] = write_cell(float(anchor), decimal)
            here = [_write_record(record, separator, line=here[-1])]
        written += here
    return mark + "".join(written).encode(encoding)


def _split_encoding(content: bytes) -> tuple[bytes, str, str]:
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return mark, encoding, content[len(mark):].decode(encoding)
    try:
        return b"", "utf-8", content.decode("utf-8")
    except UnicodeDecodeError:
        return b"", "cp1252", content.decode("cp1252")


def _find_decimal_mark(table: TextTable, separator: str) -> str:
    place, _ = match_headers(table, CRITERIA)
    headers = [place.headers[name] for name in ("worst", "best", "weight") if name in place.headers]
    cells = "".join("".join(table.frame[header]) for header in headers)
    return "," if "," in cells or (separator == ";" and "." not in cells) else "."


def _write_record(record: list[str], separator: str, *, line: str) -> str:
    ending = line[len(line.rstrip("\r\n")):]
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=separator, lineterminator=ending).writerow(record)
    return stream.getvalue()
