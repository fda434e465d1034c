"""Why an account scores as it does, and what is missing where it cannot be scored."""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesmodel_kit.model.criteria import compute_values
from salesmodel_kit.model.scores import sum_values

_AXES = ("potential", "chance")


def explain_distances(
    accounts: pd.DataFrame, criteria: pd.DataFrame, *, scores: pd.DataFrame, potential_weight: float
) -> pd.DataFrame:
    """Return what each criterion adds to the distance of an account from the portfolio's mean score.

    ``distance_i = score_i - mean(score) = sum_j a_j w_j (v_ij - mean_j)`` with the
    weight of the axis ``a_j``, the weight ``w_j`` and the mean ``mean_j`` of the
    values over the accounts that have a score. A value that is not known stands at
    the account's own level over what is known of the axis: that is what leaving the
    criterion out and rescaling the others comes to, so the sum holds.

    Parameters
    ----------
    accounts : DataFrame (n_accounts, ...)
        As ``derive_performances`` returns it.
    criteria : DataFrame (n_criteria, ...)
        With ``effective_weight``, as ``weigh_criteria`` returns it.
    scores : DataFrame (n_accounts, ...)
        Table ``account_scores`` of these accounts, in their order.
    potential_weight : float
        Weight of the axis potential, 0-1.

    Returns
    -------
    DataFrame (n_accounts, 1 + n_criteria)
        ``account``, then one column per criterion; a row sums to the distance.
        Missing for an account that is not enough known.

    Notes
    -----
    Source: for an additive value with independent attributes these are the Shapley
    values against the portfolio's mean (Strumbelj & Kononenko 2014).

    Examples
    --------
    >>> accounts = pd.DataFrame({"account": ["1", "2"], "size": [1.0, 0.0], "fit": [0.5, 0.5]})
    >>> criteria = pd.DataFrame({"axis": ["potential", "chance"], "criterion": ["size", "fit"], "worst": 0.0,
    ...                          "best": 1.0, "effective_weight": 1.0})
    >>> explain_distances(accounts, criteria, scores=pd.DataFrame({"score": [0.75, 0.25]}),
    ...                   potential_weight=0.5).to_numpy().tolist()
    [['1', 0.25, 0.0], ['2', -0.25, 0.0]]
    """
    is_scored = scores["score"].notna().to_numpy()
    columns: dict[str, np.ndarray] = {}
    for axis, axis_weight in zip(_AXES, (potential_weight, 1 - potential_weight), strict=True):
        rows = criteria[criteria["axis"] == axis]
        if rows.empty:
            continue
        for name, part in zip(rows["criterion"], _weigh_filled(accounts, rows, axis_weight).T, strict=True):
            part -= part[is_scored].mean() if is_scored.any() else np.nan
            part[~is_scored] = np.nan
            columns[name] = columns[name] + part if name in columns else part
    return pd.DataFrame({"account": accounts["account"]} | columns, index=accounts.index, copy=False)


def _weigh_filled(accounts: pd.DataFrame, rows: pd.DataFrame, axis_weight: float) -> np.ndarray:
    """Return weighted values of one axis, unknown ones at the account's own level."""
    values, weights = compute_values(accounts, rows).to_numpy(copy=True), rows["effective_weight"].to_numpy(dtype=float)
    level, _ = sum_values(values, weights)
    holes = np.flatnonzero(np.isnan(values).any(axis=1))
    part = values[holes]
    values[holes] = np.where(np.isnan(part), level[holes, None], part)
    return np.asfortranarray(values * (weights * axis_weight))


def list_missing_data(
    accounts: pd.DataFrame, criteria: pd.DataFrame, *, scores: pd.DataFrame, potential_weight: float,
    minimum_known_share: float,
) -> pd.DataFrame:
    """Return what the accounts without a score lack, the most valuable datum first.

    A datum is worth the weight that it makes known. The heaviest of an axis of
    which nothing is known comes before all others: without it there is no score.

    Parameters
    ----------
    accounts, criteria, scores, potential_weight
        As for :func:`explain_distances`.
    minimum_known_share : float
        Share of weight, 0-1, from which an account is known enough.

    Returns
    -------
    DataFrame (n_missing, ...)
        Table ``account_gaps``; accounts in their order.
    """
    at = np.flatnonzero(scores["score"].isna().to_numpy())
    rows = criteria[criteria["axis"].isin(_AXES) & (criteria["effective_weight"] > 0)].reset_index(drop=True)
    axis = rows["axis"].to_numpy(dtype=object)
    share = np.where(axis == _AXES[0], potential_weight, 1 - potential_weight)
    weights = share * rows["effective_weight"].to_numpy(dtype=float)
    is_missing = _find_missing(accounts.iloc[at], rows)
    leads = _find_leads(is_missing, axis, weights)
    order = np.argsort(-(weights + leads + 2 * is_missing), axis=1, kind="stable")
    is_missing, leads = (np.take_along_axis(table, order, axis=1) for table in (is_missing, leads))
    gained = np.where(is_missing, weights[order], 0.0)
    before = scores["known_share"].to_numpy(dtype=float)[at, None] + np.cumsum(gained, axis=1) - gained
    record, place = np.nonzero(is_missing)
    chosen = order[record, place]
    return pd.DataFrame({
        "account": accounts["account"].array.take(at[record]),
        "axis": rows["axis"].array.take(chosen),
        "criterion": rows["criterion"].array.take(chosen),
        "weight": weights[chosen],
        "rank": pd.array(place + 1, dtype="Int64"),
        "is_needed": pd.array((leads | (before < minimum_known_share - 1e-12))[record, place], dtype="boolean"),
    })


def _find_missing(accounts: pd.DataFrame, rows: pd.DataFrame) -> np.ndarray:
    """Return which performances are not known (n_accounts, n_criteria)."""
    columns = [accounts[name].isna() if name in accounts else np.ones(len(accounts), dtype=bool)
               for name in rows["criterion"]]
    return np.array(columns, dtype=bool).reshape(len(rows), len(accounts)).T


def _find_leads(is_missing: np.ndarray, axis: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the heaviest criterion of each axis of which nothing is known."""
    leads = np.zeros_like(is_missing)
    for name in _AXES:
        own = np.flatnonzero(axis == name)
        if len(own):
            heaviest = own[int(np.argmax(weights[own]))]
            leads[:, heaviest] = is_missing[:, own].all(axis=1)
    return leads
