"""What accounts ask of their rep, held against the team: locks that cannot be kept are refused."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from salesmodel_kit.client.checks import CheckedTable, check_reference
from salesmodel_kit.errors import Message, Problem


def check_demands(tables: Mapping[str, CheckedTable]) -> list[Problem]:
    """Return what is wrong with locked and wished reps: not there, leaving, or without what the account asks for.

    Parameters
    ----------
    tables : mapping of str to CheckedTable
        By table name; without ``accounts`` or ``reps`` nothing is checked.
    """
    if "accounts" not in tables or "reps" not in tables:
        return []
    accounts, reps = tables["accounts"], tables["reps"]
    file = reps.place.sheet or reps.place.file
    names = reps.frame.dropna(subset=["rep"]).drop_duplicates("rep").set_index("rep")
    problems: list[Problem] = []
    for column in ("locked_rep", "wished_rep"):
        if column in accounts.place.headers:
            message = Message("There is no such rep in {file}; correct it, or leave the cell empty.", {"file": file})
            problems += check_reference(accounts, column, names["name"], message=message)
            problems += _check_leaving(accounts, names, column)
    return problems + _check_locks(accounts, names)


def _check_leaving(accounts: CheckedTable, reps: pd.DataFrame, column: str) -> list[Problem]:
    if "leaving" not in reps:
        return []
    leaving = reps.index[reps["leaving"].fillna(False).astype(bool)]
    rows = accounts.frame.index[accounts.frame[column].isin(leaving)]
    return accounts.blame(Message("This rep leaves; name one who stays, or leave the cell empty."), column, rows)


def _check_locks(accounts: CheckedTable, reps: pd.DataFrame) -> list[Problem]:
    """Return a problem for each lock to a rep who lacks a skill or language that the account asks for."""
    problems: list[Problem] = []
    for asked, offered in (("required_skill", "skills"), ("required_language", "languages")):
        if not {"locked_rep", asked} <= set(accounts.place.headers):
            continue
        frame = accounts.frame.dropna(subset=["locked_rep", asked])
        frame = frame[frame["locked_rep"].isin(reps.index)]
        for row, rep, cell in frame[["locked_rep", asked]].itertuples(name=None):
            message = describe_lacking(rep, reps[offered].get(rep) if offered in reps else None, cell, column=offered)
            if message is not None:
                problems += accounts.blame(message, "locked_rep", pd.Index([row]))
    return problems


def describe_lacking(rep: str, offered: object, asked: object, *, column: str) -> Message | None:
    """Return what a rep who is locked to an account lacks of what the account asks for; None where nothing.

    Parameters
    ----------
    rep : str
        Whose skills or languages these are.
    offered, asked : str or missing
        Words separated by commas, of the rep and of the account.
    column : {"skills", "languages"}
        Where the rep's words stand.
    """
    lacking = find_lacking(offered, asked)
    if not lacking:
        return None
    return Message("{rep} is locked to this account and lacks {word}, which it asks for; lift the lock "
                   "or the demand, or add it to {column} of the rep.",
                   {"rep": rep, "word": lacking[0], "column": column})


def find_lacking(offered: object, asked: object) -> list[str]:
    """Return the words asked for that are not offered; upper and lower case do not matter.

    Examples
    --------
    >>> find_lacking("Cold chain", "GMP, cold chain")
    ['GMP']
    """
    has = {word.casefold() for word in _split(offered)}
    return [word for word in _split(asked) if word.casefold() not in has]


def check_homes(reps: CheckedTable) -> list[Problem]:
    """Return a problem for each rep whose home is to be placed and who has one, or does not drive.

    Parameters
    ----------
    reps : CheckedTable
        Table ``reps``.
    """
    frame = reps.frame
    is_asked = frame["place_home"].fillna(False).astype(bool)
    if "place_home" not in reps.place.headers or not is_asked.any():
        return []
    placed = Message("This rep has a place already; leave this cell empty, or latitude and longitude.")
    inside = Message("Only reps of the field drive to their accounts; leave this cell empty, or give the role field.")
    has_place = is_asked & frame["latitude"].notna()
    stays_in = is_asked & ~has_place & frame["role"].notna() & (frame["role"] != "field")
    return [*reps.blame(placed, "place_home", frame.index[has_place]),
            *reps.blame(inside, "place_home", frame.index[stays_in])]


def _split(cell: object) -> list[str]:
    parts = cell.replace(";", ",").split(",") if isinstance(cell, str) else []
    return [part.strip() for part in parts if part.strip()]
