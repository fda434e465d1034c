"""Weights: shares of importance that sum to 1 within an axis.

The points that a room gives to criteria, bent by the strategy: a criterion that
speaks for conquest counts more in a conquest, less when the aim is to keep.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from salesmodel_kit.errors import SalesModelError


def weigh_criteria(criteria: pd.DataFrame, *, emphasis: Mapping[str, float]) -> pd.DataFrame:
    """Return the criteria with their effective weights.

    ``effective_weight = weight x emphasis[serves] / sum within the axis``; a
    criterion that serves no strategy in particular keeps its weight (factor 1).

    Parameters
    ----------
    criteria : DataFrame (n_criteria, ...)
        A row is a criterion, with columns ``axis``, ``criterion``, ``weight``
        (>= 0) and ``serves`` (``conquest``, ``retention`` or missing).
    emphasis : mapping of str to float
        Factor (>= 0) for the criteria that serve ``conquest`` and ``retention``.

    Returns
    -------
    DataFrame (n_criteria, ...)
        The same rows with ``effective_weight``, 0-1, summing to 1 per axis.

    Raises
    ------
    SalesModelError
        A weight is missing, negative or infinite, or all weights of an axis are 0.

    Notes
    -----
    Source: direct rating, normalized to sum 1 (von Winterfeldt & Edwards 1986).
    Assumes that the points were given for the step from worst to best.

    Examples
    --------
    >>> criteria = pd.DataFrame({"axis": ["chance"] * 2, "criterion": ["trust", "fit"],
    ...                          "weight": [1.0, 1.0], "serves": ["retention", None]})
    >>> weigh_criteria(criteria, emphasis={"retention": 3.0})["effective_weight"].tolist()
    [0.75, 0.25]
    """
    points = criteria["weight"].to_numpy(dtype=float)
    wrong = ~(np.isfinite(points) & (points >= 0))
    if wrong.any():
        raise SalesModelError(
            "Criterion {criterion}: the weight is {weight}; it must be a number of 0 or more.",
            criterion=criteria["criterion"].iloc[int(wrong.argmax())],
            weight=points[wrong.argmax()],
        )
    factor = criteria["serves"].map(dict(emphasis)).astype(float).fillna(1.0).to_numpy()
    bent = pd.Series(points * factor, index=criteria.index)
    total = bent.groupby(criteria["axis"]).transform("sum")
    if (total == 0).any():
        raise SalesModelError(
            "Axis {axis}: all weights are 0; give at least one criterion a weight.",
            axis=criteria["axis"][total == 0].iloc[0],
        )
    return criteria.assign(effective_weight=bent / total)
