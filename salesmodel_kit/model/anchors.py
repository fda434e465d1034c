"""Proposals of anchors from the data, for the room to accept, change or drop.

They are proposals and nothing else: the model uses the anchors that the client
declares, so that adding an account never reorders the others.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from salesmodel_kit.model.value_functions import CURVES
from salesmodel_kit.tables import LEVELS

#: Shares of the known performances below worst and below best.
PERCENTILES: tuple[float, float] = (0.05, 0.95)
#: Fewest known performances that a proposal can rest on.
FEWEST = 20


def propose_anchors(performances: pd.DataFrame, criteria: pd.DataFrame) -> pd.DataFrame:
    """Return anchors near the 5th and the 95th percentile, rounded to readable numbers.

    Parameters
    ----------
    performances : DataFrame (n_records, ...)
        Accounts or segments; a column named like a criterion holds its performances; missing is left out.
    criteria : DataFrame (n_criteria, ...)
        With ``axis``, ``criterion``, ``label``, ``worst``, ``best``. Rated criteria
        and those with points or categories have their scale already and are left out.

    Returns
    -------
    DataFrame (n_measured_criteria, ...)
        ``axis``, ``criterion``, ``label``, ``worst``, ``best`` (as declared),
        ``n_known``, ``low``, ``high`` (the percentiles), ``proposed_worst``,
        ``proposed_best``; the last two missing where fewer than ``FEWEST`` are known
        or they would be equal.

    Notes
    -----
    Source: Belton & Stewart (2002), local scales, with the tails cut so that one
    giant does not press everybody else to the floor.

    Examples
    --------
    >>> criteria = pd.DataFrame({"axis": ["potential"], "criterion": ["size"], "label": ["Size"],
    ...                          "worst": [0.0], "best": [50.0]})
    >>> found = propose_anchors(pd.DataFrame({"size": np.arange(0.0, 1001.0)}), criteria)
    >>> found[["low", "high", "proposed_worst", "proposed_best"]].to_numpy().tolist()
    [[50.0, 950.0, 0.0, 1000.0]]
    """
    own_scale = [*(f"level_{level}" for level in LEVELS), *CURVES]
    is_scaled = criteria.reindex(columns=own_scale).notna().any(axis="columns")
    rows = [_propose(performances, row) for row in criteria[~is_scaled].to_dict("records")]
    columns = ["axis", "criterion", "label", "worst", "best", "n_known", "low", "high", "proposed_worst",
               "proposed_best"]
    return pd.DataFrame(rows, columns=columns)


def _propose(performances: pd.DataFrame, row: dict) -> dict[str, object]:
    name = row["criterion"]
    column = performances[name] if name in performances else pd.Series(dtype=float)
    level = pd.to_numeric(column, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    level = level[np.isfinite(level)]
    found = {key: row[key] for key in ("axis", "criterion", "label", "worst", "best")}
    low, high = np.quantile(level, PERCENTILES) if len(level) else (np.nan, np.nan)
    worst, best = round_anchors(low, high) if len(level) >= FEWEST and high > low else (np.nan, np.nan)
    if row["best"] < row["worst"]:
        worst, best = best, worst
    return found | {"n_known": len(level), "low": low, "high": high, "proposed_worst": worst, "proposed_best": best}


def round_anchors(low: float, high: float) -> tuple[float, float]:
    """Return two different numbers near these that are easy to read: steps of 1, 2 or 5, about a tenth of the span.

    Parameters
    ----------
    low, high : float
        Finite, ``low < high``.

    Returns
    -------
    tuple of two floats
        Each at most one step away.

    Examples
    --------
    >>> round_anchors(310.0, 238220.0), round_anchors(0.02, 0.71)
    ((0.0, 240000.0), (0.0, 0.7))
    """
    exponent = math.floor(math.log10((high - low) / 10))
    step = min((1, 2, 5, 10), key=lambda size: abs(math.log10((high - low) / 10) - math.log10(size) - exponent))
    unit = step * 10.0**exponent
    digits = max(0, -exponent)
    return round(round(low / unit) * unit, digits) + 0.0, round(round(high / unit) * unit, digits) + 0.0
