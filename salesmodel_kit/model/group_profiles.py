"""What makes a group of accounts: the features that are more frequent in it than in the portfolio."""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesmodel_kit.model.account_features import Feature, read_bands
from salesmodel_kit.model.account_groups import (
    LEAST_GROUP_SHARE,
    LEAST_LIFT,
    MOST_MARKS,
    AccountGroups,
)


def summarize_groups(groups: AccountGroups, accounts: pd.DataFrame, segments: pd.DataFrame) -> pd.DataFrame:
    """Return what each group holds, how stable it is and which declared segment it is most like.

    Parameters
    ----------
    groups : AccountGroups
        As ``group_accounts`` returns it.
    accounts : DataFrame (n_accounts, ...)
        Table ``accounts``, in the same order.
    segments : DataFrame (n_segments, ...)
        Table ``segments``, for the labels.

    Returns
    -------
    DataFrame (n_groups, ...)
        Table ``group_summary``, the largest group of the fitted accounts first.
    """
    group = groups.accounts["group"]
    rows = accounts.reset_index(drop=True).groupby(group)
    table = groups.stability.set_index("group")
    table["n_accounts"] = rows.size().reindex(table.index).fillna(0).astype("Int64")
    table["account_share"] = table["n_accounts"].astype(float) / max(len(accounts), 1)
    for name in ("potential_per_year", "sales_per_year"):
        table[name] = rows[name].sum(min_count=1).reindex(table.index)
    counts = pd.crosstab(group.astype(object), groups.accounts["segment"].astype(object)).reindex(table.index)
    table["nearest_segment"], table["nearest_segment_share"] = None, np.nan
    if counts.size and len(counts.columns):
        filled = counts.fillna(0)
        label = segments.set_index("segment")["label"]
        table["nearest_segment"] = filled.idxmax(axis=1).map(label)
        table["nearest_segment_share"] = filled.max(axis=1) / table["n_accounts"].astype(float).where(
            table["n_accounts"] > 0)
    return table.reset_index().astype({"nearest_segment": "str"})


def describe_groups(groups: AccountGroups, accounts: pd.DataFrame, labels: pd.Series) -> pd.DataFrame:
    """Return the bands that are more frequent in each group than in the portfolio, what says most first.

    ``lift = group_share / portfolio_share``; the order is by ``group_share x log(lift)``, what the band
    adds to the difference between group and portfolio (Kullback & Leibler 1951).

    Parameters
    ----------
    groups : AccountGroups
        As ``group_accounts`` returns it.
    accounts : DataFrame (n_accounts, ...)
        Table ``accounts``, in the same order.
    labels : Series
        Criterion -> its label.

    Returns
    -------
    DataFrame (at most n_groups x MOST_MARKS, ...)
        Table ``group_features``; shares are of the accounts whose feature is known. Empty with one group.
    """
    features = groups.rule.features
    rows = []
    if groups.n_groups > 1:
        codes = read_bands(accounts, features)
        place = pd.Index(groups.rule.names).get_indexer(groups.accounts["group"])
        for at, feature in enumerate(features):
            rows += _compare_bands(codes[:, at], place, feature, names=groups.rule.names)
    columns = ["group", "feature", "kind", "value", "low", "high", "group_share", "portfolio_share", "lift"]
    table = pd.DataFrame(rows, columns=columns).astype({"group": "str", "low": float, "high": float, "value": "str"})
    table = table[(table["lift"] >= LEAST_LIFT) & (table["group_share"] >= LEAST_GROUP_SHARE)]
    table = table.assign(gain=table["group_share"] * np.log(table["lift"].astype(float)))
    table = table.sort_values(["group", "gain"], ascending=[True, False], kind="stable")
    table = table.drop_duplicates(["group", "feature"])
    table["rank"] = (table.groupby("group").cumcount() + 1).astype("Int64")
    table.insert(2, "label", table["feature"].map(labels).astype("str"))
    return table[table["rank"] <= MOST_MARKS].drop(columns="gain").reset_index(drop=True)


def _compare_bands(codes: np.ndarray, place: np.ndarray, feature: Feature, *, names: tuple[str, ...]) -> list[tuple]:
    known = (codes >= 0) & (place >= 0)
    shape = (len(names), feature.n_bands)
    cells = place[known] * shape[1] + codes[known]
    counts = np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape)
    whole = counts.sum(axis=0) / max(counts.sum(), 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = counts / counts.sum(axis=1, keepdims=True)
        lifts = shares / whole
    return [(name, feature.name, feature.kind, *describe_band(feature, band), shares[at, band], whole[band],
             lifts[at, band]) for at, name in enumerate(names) for band in range(feature.n_bands)
            if not (feature.kind == "category" and band == len(feature.values))]


def describe_band(feature: Feature, band: int) -> tuple[str | None, float, float]:
    """Return what a band holds: a value of a category, or the ends of numbers.

    Parameters
    ----------
    feature : Feature
        With its bands.
    band : int
        From 0.

    Returns
    -------
    value : str or None
        Of a category; None for its last band, every other value.
    low, high : float
        Numbers from ``low`` to below ``high``; not a number where it is open; both 0: nothing at all.
    """
    if feature.kind == "category":
        return (feature.values[band] if band < len(feature.values) else None), np.nan, np.nan
    if feature.has_zero and band == 0:
        return None, 0.0, 0.0
    ends = (np.nan, *feature.bounds, np.nan)
    at = band - feature.has_zero
    return None, ends[at], ends[at + 1]
