"""Criteria: how a performance becomes a value between worst 0 and best 1.

Anchors are declared, never taken from the set at hand: adding or removing an
account leaves the order of the others alone. First stop of the chain, used by
segments and accounts alike.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.model.value_functions import has_curves, read_numbers, straighten

#: Rows that are worked on at a time.
_BLOCK = 65_536


def compute_values(performances: pd.DataFrame, criteria: pd.DataFrame) -> pd.DataFrame:
    """Return the values of performances: worst is worth 0, best is worth 1.

    ``value = (performance - worst) / (best - worst)``, clipped to 0-1. With
    ``worst > best`` less is better (direction cost).

    Parameters
    ----------
    performances : DataFrame (n_records, >= n_criteria)
        A row is a segment or an account; a column named like a criterion holds
        its performances in the criterion's own unit. Missing stays missing; a
        criterion without a column is missing everywhere.
    criteria : DataFrame (n_criteria, ...)
        A row is a criterion, with columns ``criterion``, ``worst``, ``best``; and,
        where its steps are not worth the same, ``value_points`` or ``category_values``.

    Returns
    -------
    DataFrame (n_records, n_criteria)
        Values 0-1, columns in the order of ``criteria``, index of ``performances``.

    Raises
    ------
    SalesModelError
        A criterion has worst equal to best, or an anchor or a performance is infinite.

    Notes
    -----
    Source: Keeney & Raiffa (1976), additive value functions with declared
    anchors. Assumes that each step between the anchors is worth the same,
    unless the criterion declares points or categories.

    Examples
    --------
    >>> criteria = pd.DataFrame({"criterion": ["employees"], "worst": [0.0], "best": [200.0]})
    >>> compute_values(pd.DataFrame({"employees": [50.0, 300.0]}), criteria)["employees"].tolist()
    [0.25, 1.0]
    """
    if has_curves(criteria):
        performances, criteria = straighten(performances, criteria)
    worst, best = (criteria[name].to_numpy(dtype=float) for name in ("worst", "best"))
    names = criteria["criterion"].tolist()
    for name, low, high in zip(names, worst, best, strict=True):
        if not np.isfinite(float(high) - float(low)) or low == high:
            raise SalesModelError(
                "Criterion {criterion}: worst ({worst}) and best ({best}) must be two different finite numbers.",
                criterion=name,
                worst=low,
                best=high,
            )
    values = np.empty((len(performances), len(names)), order="F")
    for place, name in enumerate(names):
        if name in performances:
            level = read_numbers(performances[name], name)
            _fill_values(values[:, place], level, worst[place], best[place], name=name)
        else:
            values[:, place] = np.nan
    return pd.DataFrame(values, columns=names, index=performances.index, copy=False)


def _fill_values(values: np.ndarray, performance: np.ndarray, worst: float, best: float, *, name: str) -> None:
    """Write the values of one criterion, block by block, so that a block stays in the processor's cache."""
    for start in range(0, len(performance), _BLOCK):
        part, block = performance[start : start + _BLOCK], values[start : start + _BLOCK]
        if np.isinf(part).any():
            raise SalesModelError(
                "Criterion {criterion}: a performance is infinite; correct it or leave it empty.", criterion=name
            )
        with np.errstate(over="ignore"):  # anchors next to each other: what overflows is clipped
            np.subtract(part, worst, out=block)
            np.divide(block, best - worst, out=block)
        np.clip(block, 0.0, 1.0, out=block)
