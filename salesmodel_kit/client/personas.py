"""What makes the table of personas, and the moves of the segments, sound."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from salesmodel_kit.client.checks import CheckedTable, check_reference
from salesmodel_kit.errors import Message, Problem

_TYPED = ("who_decides", "how_to_reach", "notes")
_AXES = ("attractiveness", "competitive_strength")


def check_personas(tables: Mapping[str, CheckedTable]) -> list[Problem]:
    """Return what is wrong with the personas: unknown segments, a cell twice, a row that says nothing.

    Parameters
    ----------
    tables : mapping of str to CheckedTable
        By table name.
    """
    checked = tables.get("personas")
    if checked is None:
        return []
    frame, headers = checked.frame, checked.place.headers
    problems: list[Problem] = []
    if "segments" in tables and "segment" in headers:
        message = Message("There is no such segment in the table segments; leave the cell empty for every segment.")
        segments = tables["segments"].frame
        names = pd.Series(segments["label"].to_numpy(), index=segments["segment"])
        problems += check_reference(checked, "segment", names, message=message)
    shown = next((name for name in ("segment", "tier", *_TYPED) if name in headers), None)
    if shown is None:
        return problems
    says_nothing = frame[list(_TYPED)].isna().all(axis="columns")
    message = Message("This row says nothing; fill in who_decides, how_to_reach or notes, or delete the row.")
    problems += checked.blame(message, shown, frame.index[says_nothing])
    problems += _find_doubles(checked, shown)
    return problems


def _find_doubles(checked: CheckedTable, shown: str) -> list[Problem]:
    """Return a problem for every row whose cell, with a tier or segment left open, stands in an earlier row."""
    cells = checked.frame[["tier", "segment"]]
    open_cells = cells[cells.isna().any(axis="columns")].astype(object).where(cells.notna(), "")
    again = open_cells.index[open_cells.duplicated()]
    message = Message("The same tier and segment are already in an earlier row; keep one.")
    return checked.blame(message, shown, again)


def check_moves(checked: CheckedTable) -> list[Problem]:
    """Return a problem for each segment whose past or target position has one score without the other.

    Parameters
    ----------
    checked : CheckedTable
        The table ``segments``.
    """
    frame, place = checked.frame, checked.place
    failed = {(problem.row, problem.column) for problem in checked.problems}
    problems: list[Problem] = []
    for when in ("past", "target"):
        names = [f"{when}_{axis}" for axis in _AXES]
        for name, other in zip(names, reversed(names), strict=True):
            alone = frame.index[frame[name].isna() & frame[other].notna()]
            message = Message("A position on the matrix needs both scores; fill in {name} too, or leave {other} empty.",
                              {"name": name, "other": other})
            if name in place.headers:
                rows = pd.Index([row for row in alone if (row, place.headers[name]) not in failed], dtype="int64")
                problems += checked.blame(message, name, rows)
            elif len(alone):
                problems += checked.blame(message, other, alone)
    return problems
