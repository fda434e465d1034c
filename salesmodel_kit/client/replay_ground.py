"""What replaying a decision works on: the client's tables, rows found by their id, and refusals with their column."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from salesmodel_kit.client.reading import find_nearest
from salesmodel_kit.errors import Message, SalesModelError
from salesmodel_kit.tables import Column


class Refusal(SalesModelError):
    """A decision that cannot be followed.

    Parameters
    ----------
    message : Message
        What was expected, with the remedy.
    column : {"subject", "new"}
        The part of the decision that is wrong.
    value : object
        What was found there.
    """

    def __init__(self, message: Message, column: str, value: object) -> None:
        self.column, self.value = column, value
        super().__init__(message.template, **message.facts)


@dataclass
class Tables:
    """A client's tables while decisions are replayed on them.

    Parameters
    ----------
    frames : dict of str to pandas.DataFrame
        By table name, index from 0, to be read and replaced; one that is to be changed is asked of :meth:`own`.
    levels : tuple of str
        The client's tiers, best first.
    """

    frames: dict[str, pd.DataFrame]
    levels: tuple[str, ...]
    _rows: dict[str, dict[str, int]] = field(default_factory=dict)
    _owned: set[str] = field(default_factory=set)

    def own(self, table: str) -> pd.DataFrame:
        """Return a table that may be changed: copied once, so that the client's stays as it is."""
        if table not in self._owned:
            self.frames[table] = self.frames[table].copy()
            self._owned.add(table)
        return self.frames[table]

    def find_row(self, table: str, subject: str) -> int:
        """Return the row of an id in the first column of a table; refuse an unknown one."""
        rows = self._rows.get(table)
        if rows is None or len(rows) != len(self.frames[table]):
            rows = {name: row for row, name in enumerate(self.frames[table].iloc[:, 0])}
            self._rows[table] = rows
        if subject in rows:
            return rows[subject]
        near = find_nearest(subject, rows)
        message = Message("The table {table} has no such row; restore it there, or withdraw this decision.",
                          {"table": table})
        if near is not None:
            message = Message("The table {table} has no such row; did you mean {near}?",
                              {"table": table, "near": near})
        raise Refusal(message, "subject", subject)

    def put(self, table: str, row: int, column: str, value: object) -> None:
        """Write one cell; None is missing."""
        self.own(table).at[row, column] = value


def choose(name: str, known: object, *, message: Message) -> None:
    """Refuse a name that is not known.

    Parameters
    ----------
    name : str
        In the mapping of a decision.
    known : collection of str
        Those that can be there.
    message : Message
        Where no known one is near.
    """
    if name in known:  # type: ignore[operator]
        return
    near = find_nearest(name, known)  # type: ignore[arg-type]
    if near is not None:
        message = Message("“{name}” is not known here; did you mean {near}?", {"name": name, "near": near})
    raise Refusal(message, "new", name)


def check_range(value: float, column: Column) -> None:
    """Refuse a number outside the range of its column.

    Parameters
    ----------
    value : float
        A finite number.
    column : Column
        Its declaration.
    """
    if column.low is not None and value < column.low:
        raise Refusal(Message("A number of at least {limit} is expected.", {"limit": f"{column.low:g}"}), "new",
                      f"{value:g}")
    if column.high is not None and value > column.high:
        raise Refusal(Message("A number of at most {limit} is expected.", {"limit": f"{column.high:g}"}), "new",
                      f"{value:g}")
