"""A plan of territories edited by hand: the table ``plan``, held against accounts and reps."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from salesmodel_kit.client.checks import CheckedTable, check_reference, list_names, name_place
from salesmodel_kit.client.demands import find_lacking
from salesmodel_kit.errors import Message, Problem


def check_plan(tables: Mapping[str, CheckedTable]) -> list[Problem]:
    """Return what in a plan edited by hand cannot be: accounts and reps who are not there, or who do not go together.

    Parameters
    ----------
    tables : mapping of str to CheckedTable
        By table name; without ``plan`` or ``accounts`` nothing is checked.
    """
    if not {"plan", "accounts"} <= set(tables):
        return []
    if "reps" not in tables:
        return [tables["plan"].place.problem(Message("There are no reps whom a plan could name; enter them first, or "
                                                     "take the plan away."))]
    plan, accounts, reps = tables["plan"], tables["accounts"], tables["reps"]
    message = Message("There is no such account in {file}; correct it, or delete the row.",
                      {"file": name_place(accounts)})
    problems = check_reference(plan, "account", list_names(accounts, "name"), message=message)
    if "rep" not in plan.place.headers:
        return [*problems, plan.place.problem(Message("The plan has no column {column}; add it.", {"column": "rep"}))]
    message = Message("There is no such rep in {file}; correct it, or leave the cell empty.",
                      {"file": name_place(reps)})
    problems += check_reference(plan, "rep", list_names(reps, "name"), message=message)
    return problems + _check_pairs(plan, accounts, reps)


def _check_pairs(plan: CheckedTable, accounts: CheckedTable, reps: CheckedTable) -> list[Problem]:
    """Return a problem for each rep who leaves, lacks what the account asks for, or is not the one it has elsewhere."""
    asked = accounts.frame.dropna(subset=["account"]).drop_duplicates("account").set_index("account")
    team = reps.frame.dropna(subset=["rep"]).drop_duplicates("rep").set_index("rep")
    frame = plan.frame.dropna(subset=["account", "rep"])
    frame = frame[frame["account"].isin(asked.index) & frame["rep"].isin(team.index)]
    problems: list[Problem] = []
    leaving = team.index[team["leaving"].fillna(False).astype(bool)]
    problems += plan.blame(Message("This rep leaves; name one who stays, or leave the cell empty."), "rep",
                           frame.index[frame["rep"].isin(leaving)])
    for row, account, rep in frame.loc[~frame["rep"].isin(leaving), ["account", "rep"]].itertuples(name=None):
        message = _describe_clash(asked.loc[account], rep, team.loc[rep], name_place(accounts))
        if message is not None:
            problems += plan.blame(message, "rep", pd.Index([row]))
    return problems


def _describe_clash(account: pd.Series, rep: str, has: pd.Series, file: str) -> Message | None:
    for wanted, offered in (("required_skill", "skills"), ("required_language", "languages")):
        lacking = find_lacking(has[offered], account[wanted])
        if lacking:
            return Message("{rep} lacks {word}, which this account asks for; give the account to somebody else, or add "
                           "it to {column} of the rep.", {"rep": rep, "word": lacking[0], "column": offered})
    if pd.notna(account["locked_rep"]) and account["locked_rep"] != rep:
        return Message("In {file} this account is locked to {rep}; lift the lock there, or name {rep} here.",
                       {"file": file, "rep": account["locked_rep"]})
    if pd.notna(account["wished_rep"]) and account["wished_rep"] != rep:
        return Message("In {file} {rep} is wished for this account; keep one of the two.",
                       {"file": file, "rep": account["wished_rep"]})
    return None


def merge_plan(frames: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the tables with the plan edited by hand in the accounts, as ``wished_rep``, and without ``plan``.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        Sound tables by name; they are left as they are.
    """
    merged = dict(frames)
    plan = merged.pop("plan", None)
    if plan is not None:
        accounts = merged["accounts"]
        wished = accounts["account"].map(plan.dropna(subset=["rep"]).set_index("account")["rep"])
        merged["accounts"] = accounts.assign(wished_rep=wished.astype("str").fillna(accounts["wished_rep"]))
    return merged
