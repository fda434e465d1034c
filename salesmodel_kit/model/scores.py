"""Account value: development potential x chance to win.

Each axis is a weighted sum of values; the strategy says how much the one axis
counts against the other. Past sales alone never rank an account. What is
missing is left out, the rest rescaled, and the share of weight that is known is
reported; below a declared share the account is "not enough known".
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesmodel_kit.model.criteria import compute_values
from salesmodel_kit.model.ordering import order_numbers
from salesmodel_kit.model.value_functions import CURVES
from salesmodel_kit.tables import SIZE_BANDS

#: Accounts whose values are computed at a time.
_BLOCK = 65_536

#: Derived performances that a criterion may name beside the columns of accounts.
DERIVED: tuple[str, ...] = (
    "wallet_share",
    "untapped_potential_per_year",
    "employees_at_least",
    "open_opportunities_amount",
    "n_open_opportunities",
    "n_won_opportunities",
)


def sum_values(values: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the scores of records and the share of weight that is known.

    ``score_i = sum_j w_j value_ij / sum_j w_j [value_ij known]``.

    Parameters
    ----------
    values : ndarray (n_records, n_criteria)
        Values 0-1; missing as NaN.
    weights : ndarray (n_criteria,)
        Shares of importance, >= 0, summing to 1.

    Returns
    -------
    score : ndarray (n_records,)
        0-1; NaN where nothing is known.
    known_share : ndarray (n_records,)
        Share of weight that is known, 0-1.

    Notes
    -----
    Source: Fishburn (1967), additive utilities. Fully compensatory: a strong
    criterion makes up for a weak one.

    Examples
    --------
    >>> sum_values(np.array([[1.0, 0.5], [1.0, np.nan]]), np.array([0.6, 0.4]))
    (array([0.8, 1. ]), array([1. , 0.6]))
    """
    score = _add_up(values, weights)
    known = np.ones(len(values))
    rows = np.flatnonzero(np.isnan(score))
    if len(rows):
        part = values[rows]
        is_known = ~np.isnan(part)
        known[rows] = _add_up(is_known.astype(float), weights)
        with np.errstate(invalid="ignore", divide="ignore"):
            score[rows] = _add_up(np.where(is_known, part, 0.0), weights) / known[rows]
    return np.clip(score, 0.0, 1.0, out=score), np.clip(known, 0.0, 1.0, out=known)


def _add_up(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return ``values @ weights``, the same to the last bit for equal rows: a library's product may differ by row."""
    return np.einsum("ij,j->i", values, weights)


def derive_performances(accounts: pd.DataFrame, opportunities: pd.DataFrame | None) -> pd.DataFrame:
    """Return the accounts with the derived performances that a criterion may name.

    Parameters
    ----------
    accounts : DataFrame (n_accounts, ...)
        Table ``accounts``. A column of the same name in the client's data wins.
    opportunities : DataFrame (n_opportunities, ...) or None
        Table ``opportunities``; None leaves what rests on deals missing. An account
        without a deal has zero deals; amounts unknown count as nothing known.

    Returns
    -------
    DataFrame (n_accounts, ...)
        With ``wallet_share`` (sales / potential, 0 or more; potential 0: missing),
        ``untapped_potential_per_year`` (potential - sales, 0 at least),
        ``employees_at_least`` (employees, or the lower end of the INSEE size band)
        and, where there are deals, ``open_opportunities_amount``,
        ``n_open_opportunities``, ``n_won_opportunities``.
    """
    sales, potential = accounts["sales_per_year"], accounts["potential_per_year"]
    derived = {
        "wallet_share": sales / potential.where(potential > 0),
        "untapped_potential_per_year": (potential - sales).clip(lower=0),
        "employees_at_least": accounts["employees"].fillna(accounts["size_band"].map(dict(SIZE_BANDS)).astype(float)),
    }
    if opportunities is not None:
        derived |= _summarize_deals(accounts["account"], opportunities)
    return accounts.assign(**{name: column for name, column in derived.items() if name not in accounts})


def _summarize_deals(account: pd.Series, opportunities: pd.DataFrame) -> dict[str, pd.Series]:
    is_open, is_won = opportunities["status"] == "open", opportunities["status"] == "won"
    amount = opportunities[is_open].groupby("account")["amount"].sum(min_count=1)
    n_open = opportunities[is_open].groupby("account").size()
    n_won = opportunities[is_won].groupby("account").size()
    count = account.map(n_open).fillna(0.0).astype(float)
    return {
        "open_opportunities_amount": account.map(amount).astype(float).where(count > 0, 0.0),
        "n_open_opportunities": count,
        "n_won_opportunities": account.map(n_won).fillna(0.0).astype(float),
    }


def score_accounts(
    accounts: pd.DataFrame,
    criteria: pd.DataFrame,
    *,
    potential_weight: float,
    minimum_known_share: float,
    win_probability_range: tuple[float, float] | None = None,
) -> pd.DataFrame:
    """Return the two axes, the score and the two ranks of every account.

    ``score = potential_weight x potential_score + (1 - potential_weight) x win_score``.

    Parameters
    ----------
    accounts : DataFrame (n_accounts, ...)
        As :func:`derive_performances` returns it.
    criteria : DataFrame (n_criteria, ...)
        With ``effective_weight``, as ``weigh_criteria`` returns it.
    potential_weight : float
        Weight of the axis potential, 0-1.
    minimum_known_share : float
        Share of weight, 0-1, below which an account is not enough known (score missing).
    win_probability_range : tuple of two floats, optional
        Probability to win at win score 0 and 1, as the client declared it; without
        it win probability and expected value are missing.

    Returns
    -------
    DataFrame (n_accounts, ...)
        Table ``account_scores``.
    """
    columns = accounts[["account", "name", "segment", "sales_per_year", "potential_per_year", "wallet_share"]]
    potential, known_potential = _score_axis(accounts, criteria, axis="potential")
    chance, known_chance = _score_axis(accounts, criteria, axis="chance")
    known = potential_weight * known_potential + (1 - potential_weight) * known_chance
    score = potential_weight * potential + (1 - potential_weight) * chance
    score[known < minimum_known_share] = np.nan
    low, high = win_probability_range or (np.nan, np.nan)
    probability = low + (high - low) * chance
    by_sales, by_value = _rank(columns["sales_per_year"].to_numpy(float)), _rank(score)
    made = {
        "potential_score": potential,
        "win_score": chance,
        "score": score,
        "known_share": known,
        "win_probability": probability,
        "expected_value_per_year": probability * columns["potential_per_year"].to_numpy(float),
        "rank_by_sales": by_sales,
        "rank_by_value": by_value,
        "rank_change": by_sales - by_value,
    }
    return columns.assign(**{name: pd.Series(made[name], index=columns.index, copy=False) for name in made})


def set_win_probability(scores: pd.DataFrame, probability: np.ndarray) -> pd.DataFrame:
    """Return the scores with a win probability that was measured, and the expected value that follows from it.

    Parameters
    ----------
    scores : DataFrame (n_accounts, ...)
        Table ``account_scores``.
    probability : ndarray (n_accounts,)
        Probability to win, 0-1; missing where nothing is known of the chance.

    Returns
    -------
    DataFrame (n_accounts, ...)
        Table ``account_scores``; scores and ranks are as they were.
    """
    return scores.assign(
        win_probability=probability, expected_value_per_year=probability * scores["potential_per_year"]
    )


def explain_accounts(accounts: pd.DataFrame, criteria: pd.DataFrame, *, potential_weight: float) -> pd.DataFrame:
    """Return what each criterion adds to the score of an account.

    Parameters
    ----------
    accounts, criteria, potential_weight
        As for :func:`score_accounts`.

    Returns
    -------
    DataFrame (n_accounts, 1 + n_criteria)
        ``account``, then one column per criterion of the axes potential and chance;
        a row sums to ``potential_weight x potential_score + (1 - potential_weight) x
        win_score``; missing where the criterion is not known for the account.
    """
    table = accounts[["account"]].copy()
    for axis, axis_weight in (("potential", potential_weight), ("chance", 1 - potential_weight)):
        rows = criteria[criteria["axis"] == axis]
        values = compute_values(accounts, rows)
        weights = rows["effective_weight"].to_numpy()
        _, known = sum_values(values.to_numpy(), weights)
        with np.errstate(invalid="ignore", divide="ignore"):
            parts = values * weights * (axis_weight / known)[:, None]
        for name in values:
            table[name] = parts[name] if name not in table else table[name].add(parts[name], fill_value=0.0)
    return table


#: What a criterion is measured by.
_MEASURES = ("criterion", "worst", "best", "effective_weight", *CURVES)


def _score_axis(accounts: pd.DataFrame, criteria: pd.DataFrame, *, axis: str) -> tuple[np.ndarray, np.ndarray]:
    is_own = (criteria["axis"] == axis).to_numpy(bool)
    score, known = np.full(len(accounts), np.nan), np.zeros(len(accounts))
    if not is_own.any():
        return score, known
    rows = pd.DataFrame({name: criteria[name].array[is_own] for name in _MEASURES if name in criteria})
    weights = rows["effective_weight"].to_numpy()
    for start in range(0, len(accounts), _BLOCK):  # the values of a block stay in the processor's cache
        block = slice(start, start + _BLOCK)
        score[block], known[block] = sum_values(compute_values(accounts[block], rows).to_numpy(), weights)
    return score, known


def _rank(amount: np.ndarray) -> pd.arrays.IntegerArray:
    """Return the places from the largest down; equal ones share the best place; missing has none."""
    is_missing = np.isnan(amount)
    order, ordered = order_numbers(amount[~is_missing] if is_missing.any() else amount)
    place = np.arange(len(order), 0, -1)
    if (ordered[1:] == ordered[:-1]).any():
        ends = np.flatnonzero(np.append(ordered[1:] != ordered[:-1], True))
        place = np.repeat(len(order) - ends, np.diff(ends, prepend=-1))
    if len(order) == len(amount):
        places = np.empty(len(amount), dtype=np.int64)
        places[order] = place
    else:
        places = np.ones(len(amount), dtype=np.int64)
        places[np.flatnonzero(~is_missing)[order]] = place
    return pd.arrays.IntegerArray(places, is_missing)
