"""What an account is like, as a few bands per feature: the material of segments from data.

Numbers are cut into bands, so that an amount with a long tail, a rating and a
sector weigh alike and every finding can be said in words. A feature and its
bands are read once, then frozen: an account that comes later is read with the
same bands. Missing stays missing (-1) and belongs to no band.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from salesmodel_kit.tables import LEVELS, SIZE_BANDS

#: European Commission (2003): micro below 10 employees, small below 50, medium below 250.
EMPLOYEE_BOUNDS: tuple[float, ...] = (10.0, 50.0, 250.0)
#: Ratings from 1 to 5: low (1, 2), middle (3), high (4, 5).
RATING_BOUNDS: tuple[float, ...] = (3.0, 4.0)
#: Most values of a category that stand for themselves, and the share of accounts that such a value needs.
MOST_CATEGORIES, LEAST_SHARE = 15, 0.02
#: A feature that is known for less of the accounts says too little about the portfolio.
LEAST_KNOWN = 0.3

Kind = Literal["category", "size", "amount", "rating", "measure"]


@dataclass(frozen=True)
class Feature:
    """One feature of an account and its bands.

    Parameters
    ----------
    name : str
        ``sector``, ``employees``, ``place``, ``sales_per_year``, ``potential_per_year`` or a criterion.
    kind : {"category", "size", "amount", "rating", "measure"}
        How its bands are said; all but ``category`` are numbers.
    bounds : tuple of float
        Numbers: lowest value of every band but the first; a bound belongs to the upper band.
    values : tuple of str
        Categories: values that have a band of their own; every other known value is in one last band.
    column : str
        Column of the accounts that holds it.
    has_zero : bool
        Zero has a band of its own, before the others.
    """

    name: str
    kind: Kind
    bounds: tuple[float, ...] = ()
    values: tuple[str, ...] = ()
    column: str = ""
    has_zero: bool = False

    @property
    def n_bands(self) -> int:
        """Return how many bands there are."""
        return len(self.values if self.kind == "category" else self.bounds) + 1 + self.has_zero


def list_features(accounts: pd.DataFrame, criteria: pd.DataFrame) -> tuple[Feature, ...]:
    """Return the features that the accounts can be told apart by, with bands made from them.

    Parameters
    ----------
    accounts : DataFrame (n_accounts, ...)
        Table ``accounts``.
    criteria : DataFrame (n_criteria, ...)
        Table ``criteria``; those of potential and chance that are columns of the accounts count.

    Returns
    -------
    tuple of Feature
        A feature that is known for less than ``LEAST_KNOWN`` of the accounts, or the
        same for nearly all, is left out.
    """
    place = "country" if accounts["country"].nunique() > 1 else "postal_code"
    if place == "postal_code" and not accounts["postal_code"].notna().any():
        place = "city"
    features = [
        _make_category("sector", accounts["sector"], column="sector"),
        Feature("employees", "size", EMPLOYEE_BOUNDS, column="employees"),
        _make_category("place", read_texts(accounts, place), column=place),
        _make_number("sales_per_year", "amount", accounts["sales_per_year"]),
        _make_number("potential_per_year", "amount", accounts["potential_per_year"]),
    ]
    taken = {"sales_per_year", "potential_per_year", "employees"}
    own = criteria[criteria["axis"].isin(["potential", "chance"])].drop_duplicates("criterion")
    for row in own.to_dict("records"):
        name = row["criterion"]
        if name in accounts and name not in taken and not pd.api.types.is_numeric_dtype(accounts[name]):
            features += [] if name == "sector" else [_make_category(name, accounts[name], column=name)]
        elif name in accounts and name not in taken:
            rated = any(isinstance(row.get(f"level_{level}"), str) for level in LEVELS)
            features.append(Feature(name, "rating", RATING_BOUNDS, column=name) if rated
                            else _make_number(name, "measure", accounts[name]))
    codes = read_bands(accounts, features)
    return tuple(feature for feature, column in zip(features, codes.T, strict=True) if _tells(column))


def read_bands(accounts: pd.DataFrame, features: Sequence[Feature]) -> np.ndarray:
    """Return the band of every account on every feature.

    Parameters
    ----------
    accounts : DataFrame (n_accounts, ...)
        Table ``accounts``.
    features : sequence of Feature
        With their frozen bands.

    Returns
    -------
    ndarray of int8 (n_accounts, n_features)
        0 for the first band; -1 where it is not known.
    """
    codes = np.full((len(accounts), len(features)), -1, dtype=np.int8)
    for at, feature in enumerate(features):
        if feature.kind == "category":
            texts = read_texts(accounts, feature.column)
            found = pd.Index(feature.values).get_indexer(texts)
            band = np.where(found < 0, len(feature.values), found)
            codes[:, at] = np.where(texts.isna(), -1, band)
        else:
            numbers = _read_numbers(accounts, feature.column)
            band = np.searchsorted(feature.bounds, numbers, side="right") + feature.has_zero * (numbers > 0)
            codes[:, at] = np.where(np.isnan(numbers), -1, band)
    return codes


def read_texts(accounts: pd.DataFrame, column: str) -> pd.Series:
    """Return a category of the accounts; of a postal code the first two signs, in France the department.

    Parameters
    ----------
    accounts : DataFrame (n_accounts, ...)
        Table ``accounts``.
    column : str
        Column of text; one that is not there is missing everywhere.

    Returns
    -------
    Series (n_accounts,)
        Text or missing.
    """
    if column not in accounts:
        return pd.Series(None, index=accounts.index, dtype="str")
    return accounts[column].str[:2] if column == "postal_code" else accounts[column]


def _read_numbers(accounts: pd.DataFrame, column: str) -> np.ndarray:
    if column == "employees":
        at_least = accounts["size_band"].map(dict(SIZE_BANDS)).astype(float)
        return accounts["employees"].fillna(at_least).to_numpy(float)
    if column not in accounts:
        return np.full(len(accounts), np.nan)
    return accounts[column].to_numpy(float)


def _make_category(name: str, texts: pd.Series, *, column: str) -> Feature:
    """Return a category whose frequent values stand for themselves, the most frequent first."""
    counts = texts.value_counts()
    counts = counts[counts >= max(2, LEAST_SHARE * texts.notna().sum())]
    order = sorted(counts.index, key=lambda value: (-counts[value], value))
    return Feature(name, "category", values=tuple(order[:MOST_CATEGORIES]), column=column)


def _make_number(name: str, kind: Kind, numbers: pd.Series) -> Feature:
    """Return a number cut at its quarters, bounds rounded to two digits; many zeros have a band of their own."""
    known = numbers.dropna().to_numpy(float)
    positive = known[known > 0]
    has_zeros = len(positive) < 0.95 * len(known) and not (known < 0).any()
    rest = positive if has_zeros else known
    if not len(rest):
        return Feature(name, kind, (), column=name)
    quarters = [_round(value) for value in np.quantile(rest, [0.25, 0.5, 0.75])]
    bounds = sorted({bound for bound in quarters if bound > rest.min()})
    return Feature(name, kind, tuple(bounds), column=name, has_zero=has_zeros)


def _round(value: float) -> float:
    """Return a number rounded to two significant digits."""
    return float(f"{value:.1e}")


def _tells(codes: np.ndarray) -> bool:
    """Return whether a feature is known often enough and differs between accounts."""
    known = codes[codes >= 0]
    if len(known) < max(LEAST_KNOWN * len(codes), 2):
        return False
    return np.bincount(known).max() <= 0.98 * len(known)
