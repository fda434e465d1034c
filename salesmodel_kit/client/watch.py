"""Whether a client's files changed on the disk since they were read, whoever changed them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from salesmodel_kit.client.decision import Decision
from salesmodel_kit.client.decisions import find_journal, parse_journal
from salesmodel_kit.client.sources import list_used


@dataclass(frozen=True)
class FileStamp:
    """How a file was when it was looked at.

    Parameters
    ----------
    stat : tuple of int
        Size, moments of change and inode: while these hold the content is not read again.
    digest : str
        SHA-256 of its content.
    """

    stat: tuple[int, ...]
    digest: str


@dataclass(frozen=True)
class News:
    """What happened to a client's files since they were read.

    Parameters
    ----------
    changed, added, removed : tuple of str
        Names of files, the journal left out.
    decisions : tuple of Decision
        Lines that the journal has more.
    """

    changed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    decisions: tuple[Decision, ...] = ()

    @property
    def files(self) -> tuple[str, ...]:
        """Return every file that is other than it was, by name."""
        return tuple(sorted((*self.changed, *self.added, *self.removed)))

    def __bool__(self) -> bool:
        return bool(self.files or self.decisions)


def take_stock(source: Path, before: Mapping[str, FileStamp] | None = None) -> dict[str, FileStamp]:
    """Return how each file of a client's input is now; a file that nobody touched is not read again.

    Parameters
    ----------
    source : Path
        The client's folder or workbook.
    before : mapping of str to FileStamp, optional
        From an earlier call.

    Returns
    -------
    dict of str to FileStamp
        By name inside the folder. A file that vanishes meanwhile is left out.
    """
    root = source if source.is_dir() else source.parent
    stock: dict[str, FileStamp] = {}
    for name in list_used(source):
        try:
            found = (root / name).stat()
            stat = (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
            known = None if before is None else before.get(name)
            if known is None or known.stat != stat:
                known = FileStamp(stat, hashlib.sha256((root / name).read_bytes()).hexdigest())
            stock[name] = known
        except OSError:
            continue
    return stock


def compare_stocks(before: Mapping[str, FileStamp], after: Mapping[str, FileStamp]) -> News:
    """Return which files changed, came or went; one written again with the same content did not change.

    Parameters
    ----------
    before, after : mapping of str to FileStamp
        From :func:`take_stock`.
    """
    both = before.keys() & after.keys()
    return News(tuple(sorted(name for name in both if before[name].digest != after[name].digest)),
                tuple(sorted(after.keys() - before.keys())), tuple(sorted(before.keys() - after.keys())))


@dataclass
class InputWatch:
    """Notices that a client's files are other than when they were read.

    Parameters
    ----------
    source : Path
        The client's folder or workbook.
    known : tuple of Decision
        The decisions that were read (``client.decisions``).
    """

    source: Path
    known: tuple[Decision, ...] = ()
    _opened: dict[str, FileStamp] = field(default_factory=dict)
    _last: dict[str, FileStamp] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._opened = self._last = take_stock(self.source)

    def look(self) -> News:
        """Return what is new since the watch began, or since :meth:`accept`."""
        self._last = take_stock(self.source, self._last)
        news, journal = compare_stocks(self._opened, self._last), find_journal(self.source)
        other = {name: tuple(file for file in getattr(news, name) if file != journal.name)
                 for name in ("changed", "added", "removed")}
        return News(**other, decisions=self._read_new(journal) if journal.name in news.files else ())

    def accept(self, known: tuple[Decision, ...]) -> None:
        """Take these decisions for known, and the journal as it was at the last look for read; no other file."""
        journal = find_journal(self.source).name
        self.known = known
        if journal in self._last:
            self._opened = {**self._opened, journal: self._last[journal]}

    def _read_new(self, journal: Path) -> tuple[Decision, ...]:
        try:
            content = journal.read_bytes()
        except OSError:
            return ()
        seen = {decision.id for decision in self.known}
        return tuple(decision for decision in parse_journal(content, journal.name).decisions
                     if decision.id not in seen)
