"""What makes a client's tables sound, each in itself and with one another.

Ranges, choices, keys and needed cells are checked by the pandera schemas of
``tables``; what is said about them, and what concerns several columns or
tables, is here. Every function takes frames whose index is the row as a
spreadsheet shows it, and returns problems.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from salesmodel_kit.client.cells import fold
from salesmodel_kit.client.reading import find_nearest
from salesmodel_kit.client.texts import MAX_PROBLEMS, Place, TextTable
from salesmodel_kit.errors import Message, Problem
from salesmodel_kit.tables import INPUT_TABLES, LEVELS, Table, make_schema


@dataclass(frozen=True)
class CheckedTable:
    """A parsed table on its way through the checks.

    Parameters
    ----------
    table : Table
        Its declaration.
    frame : pandas.DataFrame
        From ``parse_table``.
    place : Place
        File, sheet and headers as written.
    text_table : TextTable
        What it was read from, to show values as they were written.
    problems : tuple of Problem
        What reading it found.
    """

    table: Table
    frame: pd.DataFrame
    place: Place
    text_table: TextTable
    problems: tuple[Problem, ...] = ()

    def blame(self, message: Message, name: str, rows: pd.Index) -> list[Problem]:
        """Return a problem for each row of a column, with the value as written; an empty cell has none."""
        if rows.empty:
            return []
        at = list(self.text_table.frame.columns).index(self.place.headers[name])
        cells = self.text_table.frame.iloc[:, at].loc[rows]
        return self.place.problems(message, name, cells.mask(cells == ""))


def check_table(checked: CheckedTable) -> list[Problem]:
    """Return what is wrong with a table in itself; cells that could not be read are not named again."""
    table, frame, place = checked.table, checked.frame, checked.place
    known = {(problem.row, problem.column) for problem in checked.problems}
    failures = _find_failures(table, frame)
    problems: list[Problem] = []
    for (name, check), group in failures.groupby(["column", "check"], sort=False, dropna=False):
        header = place.headers.get(name, name)
        if name not in place.headers:
            continue
        rows = pd.Index([row for row in group["index"] if (row, header) not in known], dtype="int64")
        problems += checked.blame(_describe_failure(str(check)), name, rows)
    if not len(frame) and not checked.problems:
        problems.append(place.problem(Message("The table has no row yet; fill it in, one row each.")))
    return problems + _find_doubles(checked)


def _find_failures(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    import pandera.pandas as pa

    extra = [name for name in frame if name not in table.names]
    frame = frame.drop(columns=[name for name in extra if not pd.api.types.is_float_dtype(frame[name])])
    schema = make_schema(table, criteria=tuple(extra))
    schema.unique = None
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as error:
        return error.failure_cases[["column", "check", "index"]].dropna(subset=["index"])
    return pd.DataFrame({"column": [], "check": [], "index": []})


def _describe_failure(check: str) -> Message:
    name, _, limit = check.partition("(")
    if name == "greater_than_or_equal_to":
        return Message("A number of at least {limit} is expected.", {"limit": limit.rstrip(")")})
    if name == "less_than_or_equal_to":
        return Message("A number of at most {limit} is expected.", {"limit": limit.rstrip(")")})
    return Message("A value is needed in every row.")


def _find_doubles(checked: CheckedTable) -> list[Problem]:
    """Return a problem for every row whose key stands in an earlier row."""
    frame, key = checked.frame, list(checked.table.key)
    keys = frame[key].dropna()
    again = keys[keys.duplicated()]
    if again.empty:
        return []
    first = keys.reset_index().groupby(key, sort=False)["row"].first()
    problems = [checked.place.problem(
        Message("The same {column} is already in row {first}; each may be there once.",
                {"column": key[-1], "first": int(first[tuple(values) if len(key) > 1 else values[0]])}),
        row=int(row), column=key[-1], value=str(values[-1]))
        for row, values in zip(again.index[:MAX_PROBLEMS], again.to_numpy()[:MAX_PROBLEMS], strict=True)]
    return problems + _count_rest(len(again), checked.place, key[-1])


def _count_rest(n_found: int, place: Place, column: str) -> list[Problem]:
    n_more = n_found - MAX_PROBLEMS
    if n_more <= 0:
        return []
    message = Message("And {n_more} more of the same kind in this column.", {"n_more": n_more})
    return [place.problem(message, column=column)]


def check_criteria(checked: CheckedTable) -> list[Problem]:
    """Return what is wrong with the criteria: anchors, weights, ratings, and ids that cannot be columns."""
    frame, place = checked.frame, checked.place
    worst, best, benefit = frame["worst"], frame["best"], frame["direction"] == "benefit"
    is_known = worst.notna() & best.notna() & frame["direction"].notna()
    wrong = (
        (is_known & (worst == best), "best", Message("The best performance must differ from the worst.")),
        (is_known & benefit & (best < worst), "best",
         Message("More is better for this criterion (benefit), so best must be above worst; or is it a cost?")),
        (is_known & ~benefit & (best > worst), "best",
         Message("Less is better for this criterion (cost), so best must be below worst; or is it a benefit?")),
        (find_rated(frame) & ((np.minimum(worst, best) < LEVELS[0]) | (np.maximum(worst, best) > LEVELS[-1])), "best",
         Message("A criterion with meanings of the ratings 1 to 5 must have its worst and best between 1 and 5.")),
    )
    problems = [problem for mask, name, message in wrong
                for problem in checked.blame(message, name, frame.index[mask])]
    return problems + _check_weights(frame, place) + _check_ids(frame, place)


def find_rated(frame: pd.DataFrame) -> pd.Series:
    """Return which criteria are rated from 1 to 5: those with meanings of the ratings.

    Parameters
    ----------
    frame : pandas.DataFrame
        Table ``criteria``.
    """
    return frame[[f"level_{level}" for level in LEVELS]].notna().any(axis="columns")


def _check_weights(frame: pd.DataFrame, place: Place) -> list[Problem]:
    known = frame.dropna(subset=["axis", "weight"])
    totals = known.groupby("axis")["weight"].sum()
    return [place.problem(Message("All weights of the axis {axis} are 0; give one of its criteria a weight.",
                                  {"axis": axis}), column="weight") for axis in totals.index[totals == 0]]


def _check_ids(frame: pd.DataFrame, place: Place) -> list[Problem]:
    problems: list[Problem] = []
    ids = frame["criterion"].dropna()
    message = Message("An id of letters, digits and _ is expected, beginning with a letter; it names a column.")
    problems += place.problems(message, "criterion", ids[~ids.map(str.isidentifier).astype(bool)])
    for table in INPUT_TABLES:
        own = ids[frame.loc[ids.index, "axis"].isin(table.axes)]
        taken = {fold(header): column for column in table.columns for header in (column.name, *column.headers)}
        kinds = frame.loc[own.index, "category_values"].notna().map({True: _WORDS, False: ("number",)})
        clash = [_is_taken(name, taken.get(fold(name)), kind) for name, kind in zip(own, kinds, strict=True)]
        message = Message("This name already stands for another column of {table}; choose another id.",
                          {"table": table.name})
        problems += place.problems(message, "criterion", own[clash])
    return problems


#: Kinds of column whose cells can be categories.
_WORDS = ("text", "choice", "id")


def _is_taken(name: str, column: object, kinds: tuple[str, ...]) -> bool:
    return column is not None and not (column.kind in kinds and column.name == name)


def check_performances(checked: CheckedTable, criteria: pd.DataFrame) -> list[Problem]:
    """Return a problem for each performance outside 1 to 5 on a criterion that is rated."""
    rated = set(criteria.loc[find_rated(criteria) & criteria["axis"].isin(checked.table.axes), "criterion"].dropna())
    message = Message("A rating from 1 to 5 is expected; leave the cell empty where it is not known.")
    problems: list[Problem] = []
    for name in (name for name in checked.frame if name in rated and name in checked.place.headers):
        values = checked.frame[name]
        wrong = values.notna() & ~values.between(LEVELS[0], LEVELS[-1])
        problems += checked.blame(message, name, values.index[wrong])
    return problems


def check_reference(checked: CheckedTable, column: str, known: pd.Series, *, message: Message) -> list[Problem]:
    """Return a problem for each cell that names a row that another table does not have.

    Parameters
    ----------
    checked : CheckedTable
        The table that refers.
    column : str
        Its column.
    known : pandas.Series of str
        Name in words of each row of the other table; the index holds the ids.
    message : Message
        What is expected; the nearest known id is said in a message of its own.
    """
    cells = checked.frame[column].dropna()
    wrong = cells[~cells.isin(known.index)]
    by_name = {fold(words): (id_, words) for id_, words in known.dropna().items()} if len(wrong) else {}
    near = {name: _describe_nearest(name, known.index.dropna(), by_name) for name in wrong.unique()[:MAX_PROBLEMS]}
    problems = [checked.place.problem(near.get(name) or message, row=int(row), column=column, value=name)
                for row, name in wrong.iloc[:MAX_PROBLEMS].items()]
    return problems + _count_rest(len(wrong), checked.place, column)


def _describe_nearest(name: str, ids: pd.Index, by_name: Mapping[str, tuple[str, str]]) -> Message | None:
    """Return which id may be meant: that of the row whose name was written, else the nearest, else by the name."""
    meant = by_name.get(fold(name))
    if meant is not None:
        return Message("The id is expected here, not the name; did you mean {near} ({name})?",
                       {"near": meant[0], "name": meant[1]})
    near = find_nearest(name, ids)
    alike = find_nearest(name, [words for _, words in by_name.values()]) if near is None else None
    if alike is not None:
        return Message("The id is expected here, not the name; did you mean {near} ({name})?",
                       {"near": by_name[fold(alike)][0], "name": alike})
    return None if near is None else Message(
        "There is no {name} in the table it points to; did you mean {near}?", {"name": name, "near": near})


def check_places(checked: CheckedTable) -> list[Problem]:
    """Return a problem for each row that has a latitude without longitude, or the other way round."""
    frame, place = checked.frame, checked.place
    message = Message("Latitude and longitude are needed together; fill in both, or neither.")
    failed = {(problem.row, problem.column) for problem in checked.problems}
    problems: list[Problem] = []
    for name, other in (("latitude", "longitude"), ("longitude", "latitude")):
        if other not in place.headers:
            continue
        alone = frame.index[frame[name].isna() & frame[other].notna()]
        if name not in place.headers:
            problems += [place.problem(message, row=1, column=name)] if len(alone) else []
            continue
        rows = [row for row in alone if (row, place.headers[name]) not in failed]
        problems += checked.blame(message, name, pd.Index(rows, dtype="int64"))
    return problems


def check_dates(checked: CheckedTable) -> list[Problem]:
    """Return a problem for each deal that was closed before it was opened."""
    frame = checked.frame
    message = Message("The deal is closed before the day on which it was opened.")
    return checked.blame(message, "closed_on", frame.index[frame["closed_on"] < frame["created_on"]])


def check_answers(checked: CheckedTable) -> list[Problem]:
    """Return a problem for each answer on the response to effort that lies below the answer for less effort."""
    frame, problems = checked.frame, []
    steps = ((None, "nothing"), ("nothing", "half"), ("half", None), (None, "half_more"), ("half_more", "most"))
    message = Message("Sales fall with more effort; today counts 1, and the answers must rise from nothing over half, "
                      "today and half more to most.")
    for before, after in steps:
        low = frame[before] if before else pd.Series(0.0 if after == "nothing" else 1.0, index=frame.index)
        high = frame[after] if after else pd.Series(1.0, index=frame.index)
        problems += checked.blame(message, after or before, frame.index[high < low])
    flat = Message("More or less effort must change something: nothing is below 1 and most above 1.")
    problems += checked.blame(flat, "nothing", frame.index[frame["nothing"] >= 1])
    is_flat = (frame["most"] <= 1) & (frame["most"] >= frame["half_more"])
    return problems + checked.blame(flat, "most", frame.index[is_flat])


def check_together(tables: Mapping[str, CheckedTable]) -> list[Problem]:
    """Return what is wrong between the tables of a client, absent ones left out.

    Parameters
    ----------
    tables : mapping of str to CheckedTable
        By table name.
    """
    accounts, deals = tables.get("accounts"), tables.get("opportunities")
    problems: list[Problem] = []
    if accounts is not None and "segments" in tables:
        message = Message("There is no such segment in {file}; add it there, or correct it here.",
                          {"file": name_place(tables["segments"])})
        problems += check_reference(accounts, "segment", list_names(tables["segments"], "label"), message=message)
    if accounts is not None and "reps" in tables:
        message = Message("There is no such rep in {file}; leave the cell empty if the rep has left.",
                          {"file": name_place(tables["reps"])})
        problems += check_reference(accounts, "owner", list_names(tables["reps"], "name"), message=message)
    if deals is not None and accounts is not None:
        message = Message("There is no such account in {file}; leave the cell empty if it is not known.",
                          {"file": name_place(accounts)})
        problems += check_reference(deals, "account", list_names(accounts, "name"), message=message)
    for name in ("accounts", "segments"):
        if name in tables and "criteria" in tables:
            problems += check_performances(tables[name], tables["criteria"].frame)
    return problems


def list_names(checked: CheckedTable, column: str) -> pd.Series:
    """Return the names in words of a table's rows, by id."""
    return checked.frame.set_index(checked.table.key[0])[column]


def name_place(checked: CheckedTable) -> str:
    """Return the sheet or file of a table, as the client named it."""
    return checked.place.sheet or checked.place.file


def check_levels(tables: Mapping[str, CheckedTable], levels: Collection[str]) -> list[Problem]:
    """Return a problem for each tier that the client does not have, in what the room wrote of its tiers.

    Parameters
    ----------
    tables : mapping of str to CheckedTable
        By table name.
    levels : collection of str
        The client's tiers.
    """
    message = Message("The client has no such tier; it has: {known}.", {"known": ", ".join(levels)})
    problems = []
    for checked in (tables[name] for name in ("response", "personas") if name in tables):
        tier = checked.frame["tier"]
        problems += checked.blame(message, "tier", tier.index[tier.notna() & ~tier.isin(list(levels))])
    return problems
