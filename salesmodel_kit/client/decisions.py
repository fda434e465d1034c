"""The decision journal: what the room decided, who decided it and when.

``decisions.jsonl`` holds one decision a line; lines are appended, never edited.
Later lines win. A last line that a crash cut off is left aside with a note; any
other line that cannot be read is a problem.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import pandas as pd
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from salesmodel_kit.client.profile import TierRule
from salesmodel_kit.client.reading import find_nearest
from salesmodel_kit.client.sources import JOURNAL_FILE
from salesmodel_kit.errors import Message, Problem, SalesModelError, describe_os_error
from salesmodel_kit.tables import TIERS

OVERRIDE_COLUMNS: tuple[str, ...] = ("account", "tier", "reason", "by", "at")

_TORN = b" #torn"


def _read_moment(value: object) -> object:
    if isinstance(value, str):
        return dt.datetime.fromisoformat(value)
    if isinstance(value, dt.datetime):
        return value
    raise ValueError("not a moment")


class Decision(BaseModel):
    """One decision of the room.

    Parameters
    ----------
    at : datetime
        When, ISO 8601.
    by : str
        Who.
    kind : {"override_tier", "choose_strategy", "set_tier_rule"}
        What was decided.
    subject : str
        The account of an override; ``strategy`` or ``tiers`` otherwise.
    old, new : str or TierRule
        A tier, the name of a strategy, or a tier rule; ``new`` empty lifts an override.
    reason : str
        Why.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    at: Annotated[dt.datetime, BeforeValidator(_read_moment)]
    by: Annotated[str, Field(min_length=1)]
    kind: Literal["override_tier", "choose_strategy", "set_tier_rule"]
    subject: Annotated[str, Field(min_length=1)]
    old: TierRule | str = ""
    new: TierRule | str
    reason: Annotated[str, Field(min_length=1)]

    @model_validator(mode="after")
    def _check_new(self) -> Decision:
        if (self.kind == "set_tier_rule") != isinstance(self.new, TierRule):
            raise ValueError("new does not go with kind")
        if self.kind == "override_tier" and self.new not in ("", *TIERS):
            raise ValueError("new is not a tier")
        return self


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
            message = Message("This is not a decision that can be read; restore the line as it was, or delete it.")
            problems.append(Problem(message, file=file, row=number, value=_show(line)))
    return Journal(file, tuple(decision for _, decision in decisions), tuple(number for number, _ in decisions),
                   tuple(problems), tuple(notes))


def _parse_line(line: bytes) -> Decision | None:
    try:
        return Decision.model_validate(json.loads(line))
    except (ValidationError, ValueError, RecursionError, TypeError):
        return None


def _show(line: bytes) -> str:
    text = line.decode("utf-8", errors="replace").strip()
    return text if len(text) <= 80 else f"{text[:79]}…"


def append_decision(source: Path, decision: Decision) -> None:
    """Append a decision to a client's journal and wait until it is on the disk.

    Parameters
    ----------
    source : Path
        The client's folder or workbook.
    decision : Decision
        What was decided.

    Raises
    ------
    SalesModelError
        The journal cannot be written; it is as it was.
    """
    path = find_journal(source)
    line = json.dumps(decision.model_dump(mode="json"), ensure_ascii=False).encode() + b"\n"
    try:
        with path.open("ab", buffering=0) as stream:
            stream.write(_end_last_line(path) + line)
            os.fsync(stream.fileno())
    except OSError as error:
        raise SalesModelError("{file} cannot be written ({detail}); the decision was not recorded.", file=path.name,
                              detail=describe_os_error(error)) from error


def _end_last_line(path: Path) -> bytes:
    """Return what ends an unfinished last line: marked as torn where it is no decision."""
    last = path.read_bytes().rsplit(b"\n", 1)[-1]
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
        elif isinstance(decision.new, TierRule):
            rule = decision.new
    return name, rule


def check_overrides(journal: Journal, accounts: Collection[str]) -> list[Problem]:
    """Return a problem for each override of an account that the client does not have.

    Parameters
    ----------
    journal : Journal
        The decisions with their lines.
    accounts : collection of str
        The ids of the client's accounts.
    """
    known = set(accounts)
    problems = []
    for line, decision in zip(journal.lines, journal.decisions, strict=True):
        if decision.kind == "override_tier" and decision.subject not in known:
            near = find_nearest(decision.subject, known)
            message = Message("There is no such account; a later line with an empty “new” lifts the override.")
            if near is not None:
                message = Message("There is no such account; did you mean {near}?", {"near": near})
            problems.append(Problem(message, file=journal.file, row=line, column="subject", value=decision.subject))
    return problems


def check_override_tiers(journal: Journal, levels: Collection[str]) -> list[Problem]:
    """Return a problem for each override in force that puts an account into a tier that the client does not have.

    Parameters
    ----------
    journal : Journal
        The decisions with their lines.
    levels : collection of str
        The client's tiers.
    """
    last = {decision.subject: (line, decision)
            for line, decision in zip(journal.lines, journal.decisions, strict=True)
            if decision.kind == "override_tier"}
    message = Message("The client has no such tier now ({known}); a later line decides anew.",
                      {"known": ", ".join(levels)})
    return [Problem(message, file=journal.file, row=line, column="new", value=str(decision.new))
            for line, decision in last.values() if decision.new and decision.new not in levels]
