"""Market segments: attractiveness x competitive strength, and the posture that follows.

Strategy first: our own strengths crossed with what makes each segment
attractive, on the nine fields of the GE-McKinsey matrix.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesmodel_kit.model.criteria import compute_values
from salesmodel_kit.model.scores import sum_values
from salesmodel_kit.model.value_functions import measure_performances

#: Bounds between low, medium and high on both axes.
THIRDS: tuple[float, float] = (1 / 3, 2 / 3)
_MATRIX_AXES = ("attractiveness", "competitive_strength")
#: Where a segment was and where it is meant to go, as the client declares them.
MOVES: tuple[str, ...] = tuple(f"{when}_{axis}" for when in ("past", "target") for axis in _MATRIX_AXES)


def choose_postures(attractiveness: pd.Series, competitive_strength: pd.Series) -> pd.Series:
    """Return the posture of each segment from its place on the matrix.

    Thirds of each axis count 0, 1, 2; a sum of 3 or more is ``invest``, 2 is
    ``select``, less is ``harvest``. A bound belongs to the upper third.

    Parameters
    ----------
    attractiveness, competitive_strength : Series (n_segments,)
        Scores 0-1; missing gives no posture.

    Returns
    -------
    Series (n_segments,)
        ``invest``, ``select``, ``harvest`` or missing.

    Notes
    -----
    Source: the GE-McKinsey portfolio matrix with thirds at 1/3 and 2/3.

    Examples
    --------
    >>> choose_postures(pd.Series([0.9, 0.5, 0.1]), pd.Series([0.5, 0.5, 0.5])).tolist()
    ['invest', 'select', 'harvest']
    """
    thirds = sum(
        np.searchsorted(THIRDS, axis.to_numpy(float), side="right") for axis in (attractiveness, competitive_strength)
    )
    posture = pd.Series(
        np.select([thirds >= 3, thirds == 2], ["invest", "select"], "harvest"), index=attractiveness.index, dtype="str"
    )
    return posture.mask(attractiveness.isna() | competitive_strength.isna())


def score_segments(
    segments: pd.DataFrame,
    criteria: pd.DataFrame,
    accounts: pd.DataFrame,
    *,
    minimum_known_share: float,
) -> pd.DataFrame:
    """Return each segment's place on the portfolio matrix.

    Parameters
    ----------
    segments : DataFrame (n_segments, ...)
        Table ``segments`` with its performances.
    criteria : DataFrame (n_criteria, ...)
        With ``effective_weight``.
    accounts : DataFrame (n_accounts, ...)
        Table ``accounts``; its sales stand in where a segment declares none.
    minimum_known_share : float
        Share of weight, 0-1, below which an axis is not enough known (missing).

    Returns
    -------
    DataFrame (n_segments, ...)
        Table ``segment_scores``.
    """
    table = segments[["segment", "label", "size_per_year", "sales_per_year"]].copy()
    sums = accounts.groupby("segment")[["sales_per_year", "potential_per_year"]].sum(min_count=1)
    table["sales_per_year"] = table["sales_per_year"].fillna(table["segment"].map(sums["sales_per_year"]))
    table["market_share"] = table["sales_per_year"] / table["size_per_year"].where(table["size_per_year"] > 0)
    for axis in _MATRIX_AXES:
        rows = criteria[criteria["axis"] == axis]
        if rows.empty:
            score, known = np.full(len(table), np.nan), np.zeros(len(table))
        else:
            score, known = sum_values(compute_values(segments, rows).to_numpy(), rows["effective_weight"].to_numpy())
        table[axis] = np.where((known > 0) & (known >= minimum_known_share), score, np.nan)
        table[f"{axis}_known_share"] = known
    table["posture"] = choose_postures(table["attractiveness"], table["competitive_strength"])
    table["n_accounts"] = table["segment"].map(accounts["segment"].value_counts()).fillna(0).astype("Int64")
    table["potential_per_year"] = table["segment"].map(sums["potential_per_year"])
    return table.join(segments.reindex(columns=list(MOVES)).astype(float))


def explain_segments(segments: pd.DataFrame, criteria: pd.DataFrame) -> pd.DataFrame:
    """Return what each criterion adds to the two scores of each segment.

    Parameters
    ----------
    segments, criteria
        As for :func:`score_segments`.

    Returns
    -------
    DataFrame (n_segments x n_criteria, ...)
        Table ``segment_contributions``; contributions of one segment and axis sum to
        its score over what is known; missing where the performance is missing.
    """
    parts = []
    for axis in _MATRIX_AXES:
        rows = criteria[criteria["axis"] == axis].reset_index(drop=True)
        if rows.empty:
            continue
        values = compute_values(segments, rows).to_numpy()
        weights = rows["effective_weight"].to_numpy()
        _, known = sum_values(values, weights)
        with np.errstate(invalid="ignore", divide="ignore"):
            contributions = values * weights / known[:, None]
        repeated = rows.loc[np.tile(np.arange(len(rows)), len(segments))]
        parts.append(
            pd.DataFrame(
                {
                    "segment": np.repeat(segments["segment"].to_numpy(), len(rows)),
                    "axis": axis,
                    "criterion": repeated["criterion"].to_numpy(),
                    "label": repeated["label"].to_numpy(),
                    "weight": np.tile(weights, len(segments)),
                    "performance": measure_performances(segments, rows).ravel(),
                    "value": values.ravel(),
                    "contribution": contributions.ravel(),
                }
            )
        )
    columns = ["segment", "axis", "criterion", "label", "weight", "performance", "value", "contribution"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
