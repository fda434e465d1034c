"""The decision journal: what the room decided, who decided it and when.

``decisions.jsonl`` holds one decision a line; lines are appended, never edited.
Later lines win. A last line that a crash cut off is left aside with a note; any
other line that cannot be read is a problem.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
from pydantic import ValidationError

from salesmodel_kit.client.decision import Decision, contradict, find_in_force
from salesmodel_kit.client.decision_faults import find_fault
from salesmodel_kit.client.hires import refuse_named_hires
from salesmodel_kit.client.journal_lock import READ_ONLY, hold_journal, sync_folder
from salesmodel_kit.client.profile import CallNorm, TierRule
from salesmodel_kit.client.sources import JOURNAL_FILE
from salesmodel_kit.errors import Message, Problem, SalesModelError, describe_os_error

OVERRIDE_COLUMNS: tuple[str, ...] = ("account", "tier", "reason", "by", "at")

_TORN = b" #torn"


class Conflict(SalesModelError):
    """Two sessions decided otherwise on one matter; the later one was not recorded.

    Parameters
    ----------
    mine : Decision
        What was to be recorded.
    theirs : Decision
        What the journal holds since the writer looked.
    """

    def __init__(self, mine: Decision, theirs: Decision) -> None:
        self.mine, self.theirs = mine, theirs
        super().__init__("{by} has decided otherwise on this matter at {at}; your decision was not recorded. "
                         "Reload to see theirs, then decide again if need be.",
                         by=theirs.by, at=theirs.at.strftime("%Y-%m-%d %H:%M UTC"))


@dataclass(frozen=True)
class Journal:
    """A decision journal as read.

    Parameters
    ----------
    file : str
        Its name.
    decisions : tuple of Decision
        In the order of lines.
    lines : tuple of int
        The line of each decision.
    problems : tuple of Problem
        Lines that cannot be read.
    notes : tuple of Problem
        Lines that a crash cut off, left aside.
    """

    file: str
    decisions: tuple[Decision, ...] = ()
    lines: tuple[int, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()

    def first(self, n_decisions: int | None) -> Journal:
        """Return the journal with its first decisions only; None: all of them."""
        return replace(self, decisions=self.decisions[:n_decisions], lines=self.lines[:n_decisions])

    def follow_with(self, decisions: Collection[Decision]) -> Journal:
        """Return the journal with more decisions after its last line."""
        start = max(self.lines, default=0) + 1
        return replace(self, decisions=(*self.decisions, *decisions),
                       lines=(*self.lines, *range(start, start + len(decisions))))

    @property
    def in_force(self) -> Journal:
        """Return the journal with only the decisions that count, on their lines."""
        kept = set(map(id, find_in_force(self.decisions)))
        pairs = [(decision, line) for decision, line in zip(self.decisions, self.lines, strict=True)
                 if id(decision) in kept]
        return replace(self, decisions=tuple(pair[0] for pair in pairs), lines=tuple(pair[1] for pair in pairs))


def find_journal(source: Path) -> Path:
    """Return the path of the journal of a client's folder, or beside its workbook."""
    return source / JOURNAL_FILE if source.is_dir() else source.with_name(f"{source.stem}.{JOURNAL_FILE}")


def parse_journal(content: bytes, file: str) -> Journal:
    """Return the journal in a file's content.

    Parameters
    ----------
    content : bytes
        The file.
    file : str
        Its name, for problems.
    """
    decisions: list[tuple[int, Decision]] = []
    problems: list[Problem] = []
    notes: list[Problem] = []
    *whole, last = content.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    for number, line in enumerate((*whole, last), start=1):
        decision = _parse_line(line)
        is_torn = line.rstrip().endswith(_TORN) or (number == len(whole) + 1 and line.strip() != b"")
        if decision is not None:
            decisions.append((number, decision))
        elif is_torn:
            message = Message("The line was cut off while it was written; the decision is left aside.")
            notes.append(Problem(message, file=file, row=number))
        elif line.strip():
            problems.append(_explain_line(line, file=file, number=number))
    return Journal(file, tuple(decision for _, decision in decisions), tuple(number for number, _ in decisions),
                   tuple(problems), tuple(notes))


def read_journal(source: Path) -> Journal:
    """Return the journal of a client's folder or workbook as it is on the disk now; empty where there is none."""
    path = find_journal(source)
    try:
        return parse_journal(path.read_bytes() if path.is_file() else b"", path.name)
    except OSError as error:
        raise SalesModelError("{file} cannot be read ({detail}).", file=path.name,
                              detail=describe_os_error(error)) from error


def _parse_line(line: bytes) -> Decision | None:
    try:
        return Decision.model_validate(json.loads(line))
    except (ValidationError, ValueError, RecursionError, TypeError):
        return None


def _explain_line(line: bytes, *, file: str, number: int) -> Problem:
    """Return why a whole line is no decision: the part that cannot be, its value, and what was expected."""
    try:
        Decision.model_validate(json.loads(line))
    except ValidationError as error:
        fault = find_fault(error)
        return Problem(fault.message, file=file, row=number, column=fault.place, value=fault.value)
    except (ValueError, RecursionError, TypeError):
        pass
    message = Message("This is not a decision that can be read; restore the line as it was, or delete it.")
    return Problem(message, file=file, row=number, value=_show(line))


def _show(line: bytes) -> str:
    text = line.decode("utf-8", errors="replace").strip()
    return text if len(text) <= 80 else f"{text[:79]}…"


def append_decision(source: Path, decision: Decision, *, known: Collection[Decision] | None = None) -> Journal:
    """Append a decision to a client's journal and wait until it is on the disk.

    Parameters
    ----------
    source : Path
        The client's folder or workbook.
    decision : Decision
        What was decided.
    known : collection of Decision, optional
        The decisions that the writer has seen (``client.decisions``); None: no question is asked.

    Returns
    -------
    Journal
        As it is now, with what others appended meanwhile.

    Raises
    ------
    Conflict
        Another session decided otherwise on the same matter; nothing was written.
    SalesModelError
        The journal cannot be written, or a scenario names a rep whose hire would be withdrawn; it is as it was.
    """
    return append_decisions(source, [decision], known=known)


def append_decisions(source: Path, decisions: Iterable[Decision], *,
                     known: Collection[Decision] | None = None) -> Journal:
    """Append decisions to a client's journal, all or none; as :func:`append_decision`.

    Parameters
    ----------
    source : Path
        The client's folder or workbook.
    decisions : iterable of Decision
        In order.
    known : collection of Decision, optional
        The decisions that the writer has seen.

    Returns
    -------
    Journal
        As it is now.
    """
    refuse_read_only()
    if not source.exists():  # a folder that has gone would be taken for a workbook
        raise SalesModelError("{client} is not there; the decision was not recorded. Put it back, then record it "
                              "again.", client=source)
    path, taken = find_journal(source), tuple(decisions)
    lines = b"".join(json.dumps(decision.model_dump(mode="json"), ensure_ascii=False).encode() + b"\n"
                     for decision in taken)
    try:
        with hold_journal(path):
            content = path.read_bytes() if path.is_file() else b""
            written = parse_journal(content, path.name).decisions
            if known is not None:
                _refuse_conflicts(written, taken, known)
            refuse_named_hires(source, before=written, added=taken)
            _append(path, _end_last_line(content) + lines, n_bytes=len(content))
            return parse_journal(path.read_bytes(), path.name)
    except OSError as error:
        raise SalesModelError("{file} cannot be written ({detail}); the decision was not recorded.", file=path.name,
                              detail=describe_os_error(error)) from error


def refuse_read_only() -> None:
    """Refuse where this process may only read, as ``workshop --read-only`` starts it.

    Raises
    ------
    SalesModelError
        The environment holds ``SALESMODEL_READ_ONLY``.
    """
    if os.environ.get(READ_ONLY):
        raise SalesModelError("This workshop is open to look at only; nothing is recorded.")


def _append(path: Path, added: bytes, *, n_bytes: int) -> None:
    """Write to the end of the journal and to the disk; after a failure the file is as long as it was."""
    is_new = not path.exists()
    with path.open("ab", buffering=0) as stream:
        try:
            view = memoryview(added)
            while view:
                view = view[stream.write(view):]
            os.fsync(stream.fileno())
        except OSError:
            with suppress(OSError):
                os.ftruncate(stream.fileno(), n_bytes)
            raise
    if is_new:
        sync_folder(path.parent)


def _refuse_conflicts(written: Collection[Decision], ours: Collection[Decision], known: Collection[Decision]) -> None:
    """Raise where somebody decided otherwise on the matter of one of our decisions since we looked."""
    seen = {decision.id for decision in known}
    by_id = {decision.id: decision for decision in written}
    news = [decision for decision in written if decision.id not in seen]
    for mine in ours:
        for theirs in reversed(news):
            if contradict(_find_matter(mine, by_id), _find_matter(theirs, by_id)):
                raise Conflict(mine, theirs)


def _find_matter(decision: Decision, by_id: Mapping[str, Decision]) -> Decision:
    """Return what a withdrawal speaks of: the decision that it withdraws."""
    while decision.kind == "withdraw" and decision.subject in by_id:
        decision = by_id[decision.subject]
    return decision


def _end_last_line(content: bytes) -> bytes:
    """Return what ends an unfinished last line: marked as torn where it is no decision."""
    last = content.rsplit(b"\n", 1)[-1]
    if not last.strip():
        return b""
    return b"\n" if _parse_line(last) is not None else _TORN + b"\n"


def replay_overrides(decisions: Iterable[Decision]) -> pd.DataFrame:
    """Return the overrides in force: the latest of each account, lifted ones left out.

    Parameters
    ----------
    decisions : iterable of Decision
        In the order in which they were taken.

    Returns
    -------
    pandas.DataFrame
        ``account``, ``tier``, ``reason``, ``by``, ``at`` (ISO 8601), all text; a row an account.
    """
    latest = {decision.subject: decision for decision in decisions if decision.kind == "override_tier"}
    rows = [(account, decision.new, decision.reason, decision.by, decision.at.isoformat())
            for account, decision in latest.items() if decision.new]
    return pd.DataFrame(rows, columns=list(OVERRIDE_COLUMNS), dtype="str")


def replay_strategy(decisions: Iterable[Decision]) -> tuple[str | None, TierRule | None]:
    """Return the strategy and the tier rule that were decided last; None where none was.

    A tier rule holds for the strategy under which it was set: choosing another
    strategy afterwards brings that strategy's own rule back.
    """
    name: str | None = None
    rule: TierRule | None = None
    for decision in decisions:
        if decision.kind == "choose_strategy":
            name, rule = str(decision.new), None
        elif decision.kind == "set_tier_rule":
            rule = decision.new
    return name, rule


def replay_call_norms(decisions: Iterable[Decision]) -> dict[str, tuple[CallNorm, ...]]:
    """Return tier -> its call norms as decided last; like a tier rule they hold for the strategy of that moment."""
    norms: dict[str, tuple[CallNorm, ...]] = {}
    for decision in decisions:
        if decision.kind == "choose_strategy":
            norms = {}
        elif decision.kind == "set_call_norms":
            norms[decision.subject] = decision.new
    return norms
