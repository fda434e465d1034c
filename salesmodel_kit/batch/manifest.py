"""The record of a batch, a line of JSON per client: appended and forced to the disk as clients end, then compacted.

A run that is killed leaves the lines of the clients that had ended, and perhaps a part
of one more; that part is dropped when the file is next read or written. Each part of a batch
writes a file of its own.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from salesmodel_kit.batch.shards import Shard
from salesmodel_kit.batch.target import write_whole

MANIFEST_FILE = "manifest.jsonl"
Record = Mapping[str, object]


def read_manifest(out: Path, *, with_parts: bool = True) -> dict[str, dict[str, object]]:
    """Return client -> its latest line, those of parts with them; lines that are torn or no record are left aside."""
    lines = []
    for path in (out / MANIFEST_FILE, *(list_parts(out) if with_parts else ())):
        with suppress(OSError):
            lines += path.read_text(encoding="utf-8", errors="replace").splitlines()
    records = {}
    for line in lines:
        try:
            record = json.loads(line)
        except ValueError:
            continue
        if isinstance(record, dict) and isinstance(record.get("client"), str):
            records[record["client"]] = record
    return records


def list_parts(out: Path) -> list[Path]:
    """Return what the parts of a batch have written, the latest last."""
    return sorted(out.glob("manifest.*-of-*.jsonl"), key=lambda path: (path.stat().st_mtime_ns, path.name))


def name_manifest(shard: Shard | None) -> str:
    """Return the name of the record of a batch, or of one part of it."""
    return MANIFEST_FILE if shard is None else f"manifest.{shard.label}.jsonl"


def append_record(out: Path, record: Record, *, shard: Shard | None = None) -> None:
    """Add a line and force it to the disk; a torn last line is cut off before."""
    line = json.dumps(record, ensure_ascii=False) + "\n"
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    number = os.open(out / name_manifest(shard), flags, 0o666)
    with os.fdopen(number, "r+b") as stream:
        _cut_torn_line(stream.fileno())
        stream.seek(0, os.SEEK_END)
        stream.write(line.encode("utf-8", "replace"))
        stream.flush()
        os.fsync(stream.fileno())


def _cut_torn_line(number: int) -> None:
    size = os.fstat(number).st_size
    end = size
    while end > 0:
        start = max(0, end - 65_536)
        os.lseek(number, start, os.SEEK_SET)
        found = os.read(number, end - start).rfind(b"\n")
        if found >= 0:
            end = start + found + 1
            break
        end = start
    if end < size:
        os.ftruncate(number, end)


def write_manifest(out: Path, records: Iterable[Record], *, shard: Shard | None = None) -> None:
    """Replace the manifest, or that of a part, by these records, whole or not at all."""
    write_whole(out / name_manifest(shard), "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in records))
