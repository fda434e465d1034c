"""The room's decisions on the team: hours of reps, reps who come and go, accounts locked to a rep."""

from __future__ import annotations

import pandas as pd

from salesmodel_kit.client.decision import Decision
from salesmodel_kit.client.demands import describe_lacking
from salesmodel_kit.client.replay_ground import Refusal, Tables, check_range, choose
from salesmodel_kit.errors import Message
from salesmodel_kit.tables import REPS, Column


def set_selling_hours(tables: Tables, decision: Decision) -> None:
    """Put the hours that a rep has for accounts in a year; those of a rep who leaves are refused.

    Parameters
    ----------
    tables : Tables
        The client's tables; ``reps`` is changed.
    decision : Decision
        Of this kind.
    """
    row = tables.find_row("reps", decision.subject)
    check_range(decision.new, REPS.column("selling_hours_per_year"))
    _refuse_leaving(tables, decision.subject, "subject")
    tables.put("reps", row, "selling_hours_per_year", decision.new)


def add_rep(tables: Tables, decision: Decision) -> None:
    """Add a rep; one who was to leave stays, with what is said anew.

    Parameters
    ----------
    tables : Tables
        The client's tables; ``reps`` grows by a row.
    decision : Decision
        Of this kind.
    """
    cells = {name: value for name, value in decision.new.items() if value is not None}
    for name, value in cells.items():
        choose(name, REPS.names[1:], message=Message("The table {table} has no column {name}.",
                                                     {"table": REPS.name, "name": name}))
        _check_cell(value, REPS.column(name))
    if ("latitude" in cells) != ("longitude" in cells):
        raise Refusal(Message("Latitude and longitude are needed together; fill in both, or neither."), "new",
                      decision.subject)
    reps = tables.frames["reps"]
    known = reps.index[reps["rep"] == decision.subject]
    if len(known) and not _is_leaving(tables, decision.subject):
        raise Refusal(Message("There is a rep with this id already; choose another one."), "subject", decision.subject)
    absent = [column.name for column in REPS.columns[1:] if column.needed and column.name not in cells]
    if absent and not len(known):
        raise Refusal(Message("A new rep needs {name}; add it.", {"name": absent[0]}), "new", decision.subject)
    if not len(known):
        row = reps.iloc[:0].reindex([0]).assign(rep=decision.subject)
        tables.frames["reps"] = pd.concat([reps, row.astype(reps.dtypes)], ignore_index=True) if len(reps) else row
    at = len(reps) if not len(known) else known[0]
    for name, value in ({"leaving": None} | cells).items():
        tables.put("reps", at, name, value)


def _check_cell(value: object, column: Column) -> None:
    """Refuse a cell that the table would not take."""
    if column.kind == "number":
        if isinstance(value, bool | str):
            raise Refusal(Message("A number with a decimal point is expected, as 0.41."), "new", value)
        check_range(float(value), column)  # type: ignore[arg-type]
    elif column.kind == "flag" and not isinstance(value, bool):
        raise Refusal(Message("true or false is expected."), "new", value)
    elif column.kind in ("text", "id", "choice") and not (isinstance(value, str) and value.strip()):
        raise Refusal(Message("A text is expected."), "new", value)
    elif column.choices and value not in column.choices:
        raise Refusal(Message("One of these is expected: {choices}.", {"choices": ", ".join(column.choices)}), "new",
                      value)


def remove_rep(tables: Tables, decision: Decision) -> None:
    """Let a rep leave: all accounts are handed over; wishes for this rep are void, locks to this rep are refused.

    Parameters
    ----------
    tables : Tables
        The client's tables; ``reps`` and ``accounts`` are changed.
    decision : Decision
        Of this kind.
    """
    row, accounts = tables.find_row("reps", decision.subject), tables.frames["accounts"]
    locked = accounts.loc[accounts["locked_rep"] == decision.subject, "account"]
    if len(locked):
        message = Message("Accounts are locked to this rep ({accounts}); lift the locks first.",
                          {"accounts": ", ".join(locked[:5])})
        raise Refusal(message, "subject", decision.subject)
    tables.put("reps", row, "leaving", True)
    tables.own("accounts").loc[accounts["wished_rep"] == decision.subject, "wished_rep"] = None


def lock_account(tables: Tables, decision: Decision) -> None:
    """Lock an account to a rep who stays and has what the account asks for, or lift its lock.

    Parameters
    ----------
    tables : Tables
        The client's tables; ``accounts`` is changed.
    decision : Decision
        Of this kind.
    """
    row = tables.find_row("accounts", decision.subject)
    if not decision.new:
        tables.put("accounts", row, "locked_rep", None)
        return
    reps, accounts = tables.frames["reps"], tables.frames["accounts"]
    choose(decision.new, reps["rep"].array, message=Message("There is no such rep: {name}.", {"name": decision.new}))
    _refuse_leaving(tables, decision.new, "new")
    rep = tables.find_row("reps", decision.new)
    for asked, offered in (("required_skill", "skills"), ("required_language", "languages")):
        message = describe_lacking(decision.new, reps.at[rep, offered], accounts.at[row, asked], column=offered)
        if message is not None:
            raise Refusal(message, "new", decision.new)
    tables.put("accounts", row, "locked_rep", decision.new)


def _is_leaving(tables: Tables, rep: str) -> bool:
    leaving = tables.frames["reps"].at[tables.find_row("reps", rep), "leaving"]
    return not pd.isna(leaving) and bool(leaving)


def _refuse_leaving(tables: Tables, rep: str, column: str) -> None:
    if _is_leaving(tables, rep):
        raise Refusal(Message("This rep leaves; name one who stays, or leave the cell empty."), column, rep)
