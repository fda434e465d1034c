"""Criteria and their sub-criteria: local weights among siblings, global weights within the axis.

The chain weighs leaves only; a criterion with sub-criteria is their weighted
sum. Leaves' global weights multiply the local ones from the axis down.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesmodel_kit.errors import SalesModelError


def select_leaves(criteria: pd.DataFrame) -> pd.DataFrame:
    """Return the criteria that are measured, with their global weights.

    ``weight = product of the local weights from the axis down``; a local weight
    is the share of the points among siblings. Without sub-criteria nothing changes.

    Parameters
    ----------
    criteria : DataFrame (n_criteria, ...)
        With ``axis``, ``criterion``, ``weight`` (0 or more), ``serves`` and,
        where there are sub-criteria, ``parent`` (a criterion of the same axis; missing: none).

    Returns
    -------
    DataFrame (n_leaves, ...)
        The same columns; a leaf without ``serves`` takes that of the criterion above it.

    Raises
    ------
    SalesModelError
        A parent that is not there, a circle, or siblings whose weights are all 0.

    Examples
    --------
    >>> criteria = pd.DataFrame({"axis": "chance", "criterion": ["trust", "relation", "access", "fit"],
    ...                          "weight": [3.0, 1.0, 2.0, 1.0], "serves": None,
    ...                          "parent": [None, "trust", "trust", None]})
    >>> select_leaves(criteria)["weight"].tolist()
    [0.25, 0.5, 0.25]
    """
    if "parent" not in criteria or not criteria["parent"].notna().any():
        return criteria
    above = find_parents(criteria)
    weight = _share_among_siblings(criteria, above)
    serves = criteria["serves"].to_numpy(dtype=object, na_value=None)
    climb = above.copy()
    while (climb >= 0).any():
        weight = np.where(climb >= 0, weight * _share_among_siblings(criteria, above)[climb], weight)
        serves = np.where(pd.isna(serves) & (climb >= 0), serves[climb], serves)
        climb = np.where(climb >= 0, above[climb], -1)
    is_leaf = ~np.isin(np.arange(len(criteria)), above)
    return criteria.assign(weight=weight, serves=pd.Series(serves, index=criteria.index, dtype="str"))[is_leaf]


def find_parents(criteria: pd.DataFrame) -> np.ndarray:
    """Return the place of each criterion's parent among the rows, -1 where it has none.

    Parameters
    ----------
    criteria : DataFrame (n_criteria, ...)
        As for :func:`select_leaves`.

    Returns
    -------
    ndarray (n_criteria,)
        Row numbers from 0.

    Raises
    ------
    SalesModelError
        A parent that is not a criterion of the same axis, or a circle.
    """
    place = {key: at for at, key in enumerate(zip(criteria["axis"], criteria["criterion"], strict=True))}
    above = np.full(len(criteria), -1)
    for at, (axis, name, parent) in enumerate(
        zip(criteria["axis"], criteria["criterion"], criteria["parent"], strict=True)
    ):
        if pd.isna(parent):
            continue
        if (axis, parent) not in place:
            raise SalesModelError("Criterion {criterion}: its parent {parent} is not a criterion of the same axis.",
                                  criterion=name, parent=parent)
        above[at] = place[axis, parent]
    climb = above.copy()
    for _ in range(len(criteria)):
        climb = np.where(climb >= 0, above[climb], -1)
    if (climb >= 0).any():
        raise SalesModelError("Criterion {criterion} stands above itself; break the circle of parents.",
                              criterion=criteria["criterion"].iloc[int((climb >= 0).argmax())])
    return above


def _share_among_siblings(criteria: pd.DataFrame, above: np.ndarray) -> np.ndarray:
    points = criteria["weight"].to_numpy(dtype=float)
    siblings = [criteria["axis"].to_numpy(), above]
    total = pd.Series(points).groupby(siblings).transform("sum").to_numpy()
    if not (np.isfinite(points) & (points >= 0)).all() or (total == 0).any():
        wrong = ~(np.isfinite(points) & (points >= 0)) | (total == 0)
        raise SalesModelError("Criterion {criterion}: weights must be numbers of 0 or more, and not all 0 among the "
                              "criteria beside it.", criterion=criteria["criterion"].iloc[int(wrong.argmax())])
    return points / total


def weigh_tree(criteria: pd.DataFrame, leaves: pd.DataFrame) -> pd.DataFrame:
    """Return every criterion, those with sub-criteria too, with local and global weights under the strategy.

    Parameters
    ----------
    criteria : DataFrame (n_criteria, ...)
        Every row of the client's table.
    leaves : DataFrame (n_leaves, ...)
        As ``weigh_criteria`` returns them, ``effective_weight`` summing to 1 per axis.

    Returns
    -------
    DataFrame (n_criteria, ...)
        Columns of ``criteria`` with ``global_weight`` (share of the axis),
        ``local_weight`` (share among siblings; sums to 1 per group), ``depth`` (0:
        directly under the axis) and ``is_leaf``; heaviest first, sub-criteria after their parent.
    """
    table = criteria.reset_index(drop=True)
    above = find_parents(table) if "parent" in table else np.full(len(table), -1)
    known = leaves.set_index(["axis", "criterion"])["effective_weight"]
    keys = pd.MultiIndex.from_frame(table[["axis", "criterion"]])
    weight, is_leaf = known.reindex(keys).to_numpy(), keys.isin(known.index)
    total, depth, climb = np.where(is_leaf, weight, 0.0), np.zeros(len(table), dtype=int), above.copy()
    while (climb >= 0).any():
        here = climb >= 0
        np.add.at(total, climb[here], np.where(is_leaf, weight, 0.0)[here])
        depth += here
        climb = np.where(here, above[climb], -1)
    siblings = pd.Series(total).groupby([table["axis"].to_numpy(), above]).transform("sum").to_numpy()
    local = np.divide(total, siblings, out=np.zeros(len(table)), where=siblings > 0)
    table = table.assign(global_weight=total, local_weight=local, depth=depth, is_leaf=is_leaf)
    return table.iloc[_order(total, above)].reset_index(drop=True)


def _order(weight: np.ndarray, above: np.ndarray) -> list[int]:
    """Return the rows, heaviest first among siblings, each followed by what stands under it."""
    order: list[int] = []
    waiting = sorted(np.flatnonzero(above == -1), key=lambda at: (weight[at], -at))
    while waiting:
        at = waiting.pop()
        order.append(int(at))
        waiting += sorted(np.flatnonzero(above == at), key=lambda under: (weight[under], -under))
    return order
