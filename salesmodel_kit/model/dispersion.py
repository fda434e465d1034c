"""How far raters lie apart on the portfolio matrix: one ellipse a segment."""

from __future__ import annotations

import numpy as np
import pandas as pd

#: Fewest raters that have a dispersion.
LEAST_RATERS = 3
#: Share of the raters that an ellipse holds, if their scores are distributed normally.
ELLIPSE_LEVEL = 0.5
_AXES = ("competitive_strength", "attractiveness")
_NUMBERS = (
    "attractiveness", "competitive_strength", "attractiveness_spread", "competitive_strength_spread", "correlation",
    "ellipse_length", "ellipse_width", "ellipse_angle")  # fmt: skip


def spread_raters(segment_votes: pd.DataFrame) -> pd.DataFrame:
    """Return mean and dispersion of the raters' scores of each segment, with the ellipse that holds half of them.

    Parameters
    ----------
    segment_votes : DataFrame (n_raters x n_segments x 2 axes, ...)
        Table ``segment_votes``: ``participant``, ``voting_power``, ``segment``, ``axis``, ``score`` 0-1.
        Who scores a segment on one axis only is left out for it; so is a voting power of 0.

    Returns
    -------
    DataFrame (n_segments, ...)
        Table ``segment_dispersion``, in the order of the segments' ids. With fewer than ``LEAST_RATERS``
        raters all but their number is missing.

    Notes
    -----
    Covariance weighted by voting power, unbiased for ``sum of weights = 1``:
    ``sum_i w_i (x_i - m)(x_i - m)' / (1 - sum_i w_i^2)``. The half axes are
    ``sqrt(eigenvalue x q)`` with q the ``ELLIPSE_LEVEL`` quantile of chi-square
    with 2 degrees of freedom, ``-2 log(1 - level)``.
    """
    key = ["segment", "participant"]
    table = segment_votes.pivot(index=key, columns="axis", values="score").reindex(columns=list(_AXES))
    table["voting_power"] = segment_votes.groupby(key)["voting_power"].first()
    table = table[table["voting_power"] > 0].dropna()
    names = sorted(segment_votes["segment"].dropna().unique())
    rated = dict(iter(table.groupby(level="segment")))
    rows = [_spread_one(rated.get(name, table.head(0))) for name in names]
    columns = {name: [row[at] for row in rows] for at, name in enumerate(("n_raters", *_NUMBERS))}
    return pd.DataFrame({"segment": pd.Series(names, dtype="str"), **columns}).astype(
        {"n_raters": "Int64", **dict.fromkeys(_NUMBERS, float)})


def _spread_one(raters: pd.DataFrame) -> tuple[float, ...]:
    """Return the number of raters and, in the order of ``_NUMBERS``, what they say."""
    if len(raters) < LEAST_RATERS:
        return len(raters), *[np.nan] * len(_NUMBERS)
    weights = raters["voting_power"].to_numpy(float)
    weights = weights / weights.sum()
    scores = raters[list(_AXES)].to_numpy(float)
    mean = weights @ scores
    apart = scores - mean
    covariance = (apart * weights[:, None]).T @ apart / max(1 - (weights**2).sum(), 1e-12)
    strength, attractiveness = np.sqrt(np.diag(covariance))
    both = strength * attractiveness
    correlation = float(np.clip(covariance[0, 1] / both, -1, 1)) if both > 1e-12 else np.nan
    values, vectors = np.linalg.eigh(covariance)
    width, length = np.sqrt(np.maximum(values, 0) * -2 * np.log(1 - ELLIPSE_LEVEL))
    angle = np.degrees(np.arctan2(vectors[1, 1], vectors[0, 1]))
    return (len(raters), mean[1], mean[0], attractiveness, strength, correlation, length, width,
            (angle + 90) % 180 - 90)
