"""Value functions that are not one straight line: piecewise linear and category.

A rated criterion whose steps are not worth the same gives its levels points
(``1:0; 2:0.1; 3:0.5; 4:0.9; 5:1``). A performance becomes its value here, so
that the straight line from worst 0 to best 1 does the rest; criteria without
such a cell never come by.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.notation import ANY_OTHER, fold_category, read_categories, read_points

#: Columns of criteria that hold a value function of its own.
CURVES: tuple[str, ...] = ("value_points", "category_values")


def has_curves(criteria: pd.DataFrame) -> bool:
    """Return whether any criterion has a value function other than the straight line.

    Parameters
    ----------
    criteria : DataFrame (n_criteria, ...)
        The columns of ``CURVES`` may be absent.

    Returns
    -------
    bool
        False leaves everything as it is.
    """
    return any(name in criteria and bool(criteria[name].notna().any()) for name in CURVES)


def straighten(performances: pd.DataFrame, criteria: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return performances and criteria in which every value function is the straight line.

    ``value = points interpolated at performance`` (flat beyond the first and the
    last point), or the value of the category; such a criterion then runs from
    worst 0 to best 1.

    Parameters
    ----------
    performances : DataFrame (n_records, ...)
        A column named like a criterion holds numbers, or categories as text; missing stays missing.
    criteria : DataFrame (n_criteria, ...)
        With ``criterion``, ``worst``, ``best`` and, where a criterion needs them,
        ``value_points`` or ``category_values`` (cells as :mod:`salesmodel_kit.notation` reads them).

    Returns
    -------
    tuple of two DataFrames
        The performances that the criteria name, and the criteria.

    Raises
    ------
    SalesModelError
        A cell cannot be read, a criterion has both cells or stands twice, a
        performance is infinite or no number, or a category has no value.

    Notes
    -----
    Source: Belton & Stewart (2002), chapter 5, piecewise linear and qualitative
    value scales. Assumes that the room gave the values as it sees the steps.

    Examples
    --------
    >>> criteria = pd.DataFrame({"criterion": ["age"], "worst": [0.0], "best": [25.0],
    ...                          "value_points": ["0:0; 10:0.2; 25:1"]})
    >>> straighten(pd.DataFrame({"age": [5.0, 10.0]}), criteria)[0]["age"].tolist()
    [0.1, 0.2]
    """
    names = criteria["criterion"].tolist()
    if len(set(names)) < len(names):
        raise SalesModelError("Criterion {criterion} stands twice; compute the values of one axis at a time.",
                              criterion=next(name for name in names if names.count(name) > 1))
    cells = {name: criteria[name].tolist() if name in criteria else [None] * len(names) for name in CURVES}
    columns, curved = {}, []
    for name, points, categories in zip(names, *cells.values(), strict=True):
        given = performances[name] if name in performances else pd.Series(np.nan, index=performances.index)
        is_curved = pd.notna(points) or pd.notna(categories)
        columns[name] = _find_values(given, name, points=points, categories=categories) if is_curved else given
        curved.append(is_curved)
    ends = {name: np.where(curved, end, criteria[name].astype(float)) for name, end in (("worst", 0.0), ("best", 1.0))}
    return pd.DataFrame(columns, index=performances.index), criteria.assign(**ends)


def _find_values(performance: pd.Series, name: str, *, points: object, categories: object) -> np.ndarray:
    if pd.notna(points) and pd.notna(categories):
        raise SalesModelError("Criterion {criterion} has both value_points and category_values; keep one.",
                              criterion=name)
    if pd.notna(categories):
        return _look_up(performance, name, categories=read_categories(str(categories)))
    places, values = np.array(read_points(str(points))).T
    level = read_numbers(performance, name)
    if np.isinf(level).any():
        raise SalesModelError("Criterion {criterion}: a performance is infinite; correct it or leave it empty.",
                              criterion=name)
    return np.where(np.isnan(level), np.nan, np.interp(level, places, values))


def read_numbers(performance: pd.Series, name: str) -> np.ndarray:
    """Return the performances of one criterion as floats, missing as NaN.

    Parameters
    ----------
    performance : Series (n_records,)
        In the criterion's own unit.
    name : str
        The criterion, for the refusal.

    Returns
    -------
    ndarray (n_records,)
        The column's own memory where it holds floats.

    Raises
    ------
    SalesModelError
        A cell is text.
    """
    try:
        return performance.to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError):
        raise SalesModelError("Criterion {criterion} is measured in numbers, and its column holds text; correct it, or "
                              "declare category_values.", criterion=name) from None


def _look_up(performance: pd.Series, name: str, *, categories: dict[str, float]) -> np.ndarray:
    """Return the value of each record's category; one code a record, one look-up a category."""
    codes, found = pd.factorize(performance)
    values = np.array([categories.get(fold_category(word), categories.get(ANY_OTHER, np.nan)) for word in found])
    if np.isnan(values).any():
        raise SalesModelError("Criterion {criterion}: the category “{category}” has no value; declare it in "
                              "category_values, or correct it.", criterion=name,
                              category=found[int(np.isnan(values).argmax())])
    return np.append(values, np.nan)[codes]


def measure_performances(performances: pd.DataFrame, criteria: pd.DataFrame) -> np.ndarray:
    """Return performances as numbers, a category by its value.

    Parameters
    ----------
    performances : DataFrame (n_records, ...)
        As for :func:`straighten`.
    criteria : DataFrame (n_criteria, ...)
        As for :func:`straighten`.

    Returns
    -------
    ndarray (n_records, n_criteria)
        In the criterion's own unit; missing as NaN.
    """
    names = criteria["criterion"].tolist()
    table = performances.reindex(columns=names)
    if "category_values" in criteria:
        for name, cell in zip(names, criteria["category_values"], strict=True):
            if pd.notna(cell):
                table[name] = _look_up(table[name], name, categories=read_categories(str(cell)))
    return table.to_numpy(dtype=float)


def list_shapes(criteria: pd.DataFrame) -> list[tuple[tuple[float, float], ...]]:
    """Return the points of each criterion's value function, for drawing.

    Parameters
    ----------
    criteria : DataFrame (n_criteria, ...)
        With ``worst``, ``best`` and, where a criterion needs them, the columns of ``CURVES``.

    Returns
    -------
    list of tuple of (float, float)
        Performance and value from the lowest performance up; categories stand at
        0, 1, 2 ... in the order in which they are declared.
    """
    shapes = []
    for _, row in criteria.iterrows():
        points, categories = (row.get(name) for name in CURVES)
        if pd.notna(categories):
            values = read_categories(str(categories)).values()
            shapes.append(tuple((float(at), value) for at, value in enumerate(values)))
        elif pd.notna(points):
            shapes.append(read_points(str(points)))
        else:
            shapes.append(tuple(sorted([(float(row["worst"]), 0.0), (float(row["best"]), 1.0)])))
    return shapes
