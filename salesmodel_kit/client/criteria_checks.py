"""What makes value functions, vetoes and sub-criteria sound, and which criteria nobody has data for."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from salesmodel_kit.client.build import DERIVED
from salesmodel_kit.client.checks import CheckedTable
from salesmodel_kit.client.reading import find_nearest
from salesmodel_kit.errors import Message, Problem, SalesModelError
from salesmodel_kit.notation import ANY_OTHER, fold_category, read_categories, read_points
from salesmodel_kit.tables import LEVELS

_ACCOUNT_AXES = ("potential", "chance")
_UNIT_SCALE = ("direction", "worst", "best")


def check_value_functions(checked: CheckedTable) -> list[Problem]:
    """Return what is wrong with points, categories, vetoes and parents, and with what contradicts them.

    Parameters
    ----------
    checked : CheckedTable
        The table ``criteria``.
    """
    frame = checked.frame
    return [
        *_check_cells(checked, "value_points", read_points),
        *_check_cells(checked, "category_values", read_categories),
        *_check_ends(checked),
        *checked.blame(Message("A criterion has value_points or category_values, not both; empty one of the cells."),
                       "category_values",
                       frame.index[frame["value_points"].notna() & frame["category_values"].notna()]),
        *checked.blame(Message("A veto keeps accounts out of gold, so it is for criteria of the axes potential and "
                               "chance; empty the cell."), "veto",
                       frame.index[frame["veto"].notna() & ~frame["axis"].isin(_ACCOUNT_AXES)]),
        *_check_unit_scale(checked), *_check_parents(checked),
    ]


def _check_cells(checked: CheckedTable, name: str, read: Callable[[str], object]) -> list[Problem]:
    problems = []
    for row, cell in checked.frame[name].dropna().items():
        try:
            read(cell)
        except SalesModelError as error:
            problems += checked.blame(error.message, name, pd.Index([row]))
    return problems


def _check_ends(checked: CheckedTable) -> list[Problem]:
    """Return a problem for points that do not run from worst, worth 0, to best, worth 1, or that turn back."""
    problems = []
    for row, record in checked.frame[checked.frame["value_points"].notna()].iterrows():
        try:
            points = read_points(record["value_points"])
        except SalesModelError:
            continue
        points = points if record["best"] > record["worst"] else points[::-1]
        values = [value for _, value in points]
        if points[0] != (record["worst"], 0) or points[-1] != (record["best"], 1) or values != sorted(values):
            facts = {"worst": f"{record['worst']:g}", "best": f"{record['best']:g}"}
            message = Message("The points must lead from the worst performance ({worst}), worth 0, to the best "
                              "({best}), worth 1, without turning back; mend them, or the columns worst and best.",
                              facts)
            problems += checked.blame(message, "value_points", pd.Index([row]))
    return problems


def _check_unit_scale(checked: CheckedTable) -> list[Problem]:
    """Return a problem where the performance is already a value, of categories or of parts, and not on 0 to 1."""
    frame = checked.frame
    is_unit = (frame["direction"] == "benefit") & (frame["worst"] == 0) & (frame["best"] == 1)
    is_whole = find_wholes(frame)
    is_known = frame[list(_UNIT_SCALE)].notna().all(axis="columns")
    levels = [f"level_{level}" for level in LEVELS]
    own = frame[[*levels, "value_points", "category_values", "veto"]].notna().any(axis="columns")
    return [
        *checked.blame(Message("With category_values the categories carry the values themselves: write the direction "
                               "benefit, worst 0 and best 1."), "best",
                       frame.index[is_known & frame["category_values"].notna() & ~is_unit]),
        *checked.blame(Message("A criterion with sub-criteria is their weighted sum: write the direction benefit, "
                               "worst 0 and best 1."), "best", frame.index[is_known & is_whole & ~is_unit]),
        *checked.blame(Message("A criterion with sub-criteria is measured by them; move its ratings, points, "
                               "categories or veto to one of them."), "criterion", frame.index[is_whole & own]),
    ]


def find_wholes(criteria: pd.DataFrame) -> pd.Series:
    """Return which criteria have sub-criteria.

    Parameters
    ----------
    criteria : pandas.DataFrame
        Table ``criteria``.
    """
    parts = criteria[criteria["parent"].notna()]
    named = set(zip(parts["axis"], parts["parent"], strict=True))
    keys = list(zip(criteria["axis"], criteria["criterion"], strict=True))
    return pd.Series([key in named for key in keys], index=criteria.index, dtype=bool)


def _check_parents(checked: CheckedTable) -> list[Problem]:
    frame = checked.frame
    problems: list[Problem] = []
    for axis, rows in frame.groupby("axis"):
        above = dict(zip(rows["criterion"], rows["parent"], strict=True))
        for row, parent in rows["parent"].dropna().items():
            if parent not in above:
                near = find_nearest(parent, rows["criterion"].dropna())
                message = Message("There is no such criterion on the axis {axis}; add it there, or empty the cell.",
                                  {"axis": axis}) if near is None else Message(
                    "There is no such criterion on the axis {axis}; did you mean {near}?", {"axis": axis, "near": near})
                problems += checked.blame(message, "parent", pd.Index([row]))
            elif _runs_in_circle(frame.at[row, "criterion"], above):
                problems += checked.blame(Message("This criterion stands above itself; break the circle of parents."),
                                          "parent", pd.Index([row]))
    return problems


def _runs_in_circle(name: str, above: Mapping[str, object]) -> bool:
    here: object = name
    for _ in above:
        here = above.get(here)
        if here is None or pd.isna(here):
            return False
        if here == name:
            return True
    return False


def check_categories(tables: Mapping[str, CheckedTable]) -> list[Problem]:
    """Return a problem for each account or segment whose category has no value.

    Parameters
    ----------
    tables : mapping of str to CheckedTable
        By table name.
    """
    problems: list[Problem] = []
    criteria = tables["criteria"].frame if "criteria" in tables else None
    for checked in (tables[name] for name in ("accounts", "segments") if name in tables and criteria is not None):
        rows = criteria[criteria["axis"].isin(checked.table.axes) & criteria["category_values"].notna()]
        for name, cell in rows.set_index("criterion")["category_values"].items():
            if name in checked.place.headers:
                problems += _find_unknown_categories(checked, name, cell)
    return problems


def _find_unknown_categories(checked: CheckedTable, name: str, cell: str) -> list[Problem]:
    try:
        known = read_categories(cell)
    except SalesModelError:
        return []
    if ANY_OTHER in known:
        return []
    given = checked.frame[name].dropna()
    is_known = given.map({word: fold_category(word) in known for word in given.unique()}).astype(bool)
    message = Message("This category has no value; one of these is expected: {known}. Or give it a value in "
                      "category_values of the criteria ({other}: any other).",
                      {"known": ", ".join(known), "other": ANY_OTHER})
    return checked.blame(message, name, given.index[~is_known])


def find_unmeasured(tables: Mapping[str, CheckedTable]) -> tuple[Problem, ...]:
    """Return a note for each criterion that nobody has data for: its weight stays unknown everywhere.

    Parameters
    ----------
    tables : mapping of str to CheckedTable
        Sound tables, by name.
    """
    checked = tables["criteria"]
    rows = checked.frame[~find_wholes(checked.frame) & (checked.frame["weight"] > 0)]
    notes: list[Problem] = []
    for row, criterion, axis in zip(rows.index, rows["criterion"], rows["axis"], strict=True):
        table = "accounts" if axis in _ACCOUNT_AXES else "segments"
        if not _has_data(criterion, table, tables):
            message = Message("Nobody has data for this criterion: the column is not in {table}, or it is empty. Fill "
                              "it in, or set the weight to 0; until then its weight counts as not known.",
                              {"table": tables[table].place.file})
            notes += checked.blame(message, "criterion", pd.Index([row]))
    return tuple(notes)


def _has_data(criterion: str, table: str, tables: Mapping[str, CheckedTable]) -> bool:
    if criterion in tables[table].frame:
        return bool(tables[table].frame[criterion].notna().any())
    needs = DERIVED.get(criterion, ()) if table == "accounts" else ()
    return bool(needs) and all(
        name in tables and bool(tables[name].frame[list(columns)].notna().any(axis=None)) for name, columns in needs)
