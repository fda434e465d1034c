"""What closed deals can teach of the chance to win: values as known then, outcomes, and the regression on them.

Nothing that came after a deal's first day is used where dates allow; what has no
history is as of today and is said to be.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from salesmodel_kit.model.criteria import compute_values
from salesmodel_kit.model.history import CONTAIN_OUTCOME, FROM_DEALS, find_first_day, recall_deals
from salesmodel_kit.model.logistic import fit_logistic, refit_logistic

#: Fewest won and fewest lost deals for each criterion (Peduzzi et al. 1996).
OUTCOMES_PER_CRITERION = 10
#: Standard deviation of what is believed of a coefficient before any deal is seen (Gelman et al. 2008).
PRIOR_SD = 2.5
#: A criterion known for a smaller share of the deals is left out.
LEAST_KNOWN = 0.5
#: With so many deals of an unknown value, "not known" is a feature of its own.
LEAST_UNKNOWN = 10
#: Parts into which deals are dealt for cross-validation.
N_FOLDS = 5


@dataclass(frozen=True)
class WinEquation:
    """Probability to win from values: ``1 / (1 + exp(-(intercept + sum of coefficient x value)))``.

    Parameters
    ----------
    criteria : DataFrame (n_criteria, ...)
        The criteria used, with ``criterion``, ``worst``, ``best``.
    mean : ndarray (n_criteria,)
        Mean value over the deals, in place of one that is not known.
    has_flag : ndarray of bool (n_criteria,)
        Whether "not known" has a coefficient of its own.
    coefficients : ndarray (n_criteria + n_flags,)
        Of the values, then of the flags.
    intercept : float
        Logit of the probability at value 0 everywhere.
    """

    criteria: pd.DataFrame
    mean: np.ndarray
    has_flag: np.ndarray
    coefficients: np.ndarray
    intercept: float

    def predict(self, performances: pd.DataFrame) -> np.ndarray:
        """Return the probability to win a deal with each account, 0-1; missing where no criterion is known.

        Parameters
        ----------
        performances : DataFrame (n_accounts, ...)
            As ``derive_performances`` returns it.
        """
        values = compute_values(performances, self.criteria).to_numpy()
        logit = self.intercept + make_features(values, self.mean, self.has_flag) @ self.coefficients
        return np.where(np.isnan(values).all(axis=1), np.nan, 1 / (1 + np.exp(-logit)))


@dataclass(frozen=True)
class Evidence:
    """Closed deals: values as known then, how they ended, whose they are.

    Parameters
    ----------
    rows : DataFrame (n_criteria, ...)
        The criteria of chance.
    values : ndarray (n_deals, n_criteria)
        Values 0-1; missing as NaN.
    use : ndarray of str (n_criteria,)
        As in the table ``win_model``.
    mean, has_flag : ndarray (n_used,)
        As in :class:`WinEquation`.
    features : ndarray (n_deals, n_used + n_flags)
        None missing.
    won : ndarray of bool (n_deals,)
        How the deals ended.
    group : ndarray of int (n_deals,)
        Their accounts, numbered from 0.
    since : date or None
        Deals opened earlier are left out.
    """

    rows: pd.DataFrame
    values: np.ndarray
    use: np.ndarray
    mean: np.ndarray
    has_flag: np.ndarray
    features: np.ndarray
    won: np.ndarray
    group: np.ndarray
    since: dt.date | None

    @property
    def is_used(self) -> np.ndarray:
        """Return which criteria the regression uses."""
        return self.use == "used"

    def count(self) -> dict[str, Any]:
        """Return how many deals and accounts there are, since when, and how many of each outcome it takes."""
        n_won, n_groups = int(self.won.sum()), int(self.group.max(initial=-1)) + 1
        return {"n_won": n_won, "n_lost": len(self.won) - n_won, "n_accounts": n_groups,
                "since": self.since,
                "least": OUTCOMES_PER_CRITERION * max(int(self.is_used.sum()), 1)}

    def measure_known_share(self) -> np.ndarray:
        """Return the share of the deals for which each criterion is known."""
        return (~np.isnan(self.values)).sum(axis=0) / (len(self.values) or np.nan)

    def find_verdict(self) -> str | None:
        """Return why nothing can be estimated, None where something can."""
        count = self.count()
        if len(self.won) and not self.is_used.any():
            return "no_criterion"
        n_mixed = min(len(np.unique(self.group[self.won])), len(np.unique(self.group[~self.won])))
        is_enough = min(count["n_won"], count["n_lost"]) >= count["least"] and n_mixed >= N_FOLDS
        return None if is_enough else "few"

    def make_equation(self) -> WinEquation:
        """Return the regression on all deals."""
        fitted = fit_logistic(self.features, self.won, prior_sd=PRIOR_SD)
        return WinEquation(self.rows[self.is_used], self.mean, self.has_flag, fitted[1:], float(fitted[0]))

    def refit(self, weights: np.ndarray, equation: WinEquation) -> np.ndarray:
        """Return intercept and coefficients under each weighting of the deals."""
        start = np.concatenate([[equation.intercept], equation.coefficients])
        return refit_logistic(self.features, self.won, weights=weights, start=start, prior_sd=PRIOR_SD)

    def draw_coefficients(self, equation: WinEquation, *, seed: int, n_draws: int) -> np.ndarray:
        """Return the coefficients of the values on draws of whole accounts, with replacement."""
        rng, n_groups = np.random.default_rng(seed), self.count()["n_accounts"]
        times = [np.bincount(rng.integers(n_groups, size=n_groups), minlength=n_groups) for _ in range(n_draws)]
        weights = np.array(times)[:, self.group].astype(float)
        has_both = (weights @ self.won > 0) & (weights @ ~self.won > 0)
        return self.refit(weights[has_both], equation)[:, 1 : 1 + len(self.mean)]

    def predict_unseen(self, fold: np.ndarray, equation: WinEquation) -> np.ndarray:
        """Return each deal's probability from the deals of the other folds, repeats x deals."""
        seen = (fold[:, None, :] != np.arange(N_FOLDS)[:, None]).reshape(-1, fold.shape[1])
        fitted = self.refit(seen.astype(float), equation)
        logit = (fitted[:, :1] + fitted[:, 1:] @ self.features.T).reshape(*fold.shape[:1], N_FOLDS, -1)
        return 1 / (1 + np.exp(-np.take_along_axis(logit, fold[:, None, :], axis=1)[:, 0]))


def gather_evidence(accounts: pd.DataFrame, opportunities: pd.DataFrame, criteria: pd.DataFrame) -> Evidence:
    """Return what closed deals can teach: values as known on their first day, and how they ended.

    Parameters
    ----------
    accounts, opportunities, criteria : DataFrame
        As for ``fit_win_model``.

    Returns
    -------
    Evidence
    """
    rows = criteria[criteria["axis"] == "chance"]
    is_closed = opportunities["status"].isin(["won", "lost"])
    closed = opportunities[is_closed & opportunities["account"].isin(accounts["account"])]
    since = find_first_day(closed)
    deals = closed if since is None else closed[~(closed["created_on"] < since)]
    values = compute_values(_recall(accounts, opportunities, deals), rows).to_numpy()
    use = np.array([_find_use(name, values[:, place]) for place, name in enumerate(rows["criterion"])], dtype=object)
    known = values[:, use == "used"]
    mean = np.array([np.nanmean(column) for column in known.T])
    has_flag = np.isnan(known).sum(axis=0) >= LEAST_UNKNOWN
    return Evidence(
        rows, values, use, mean, has_flag, features=make_features(known, mean, has_flag),
        won=(deals["status"] == "won").to_numpy(), group=pd.factorize(deals["account"])[0],
        since=None if since is None else since.date())


def _recall(accounts: pd.DataFrame, opportunities: pd.DataFrame, deals: pd.DataFrame) -> pd.DataFrame:
    """Return the performances of each deal's account, those that rest on deals as of the deal's first day."""
    places = pd.Index(accounts["account"]).get_indexer(deals["account"])
    today = accounts.iloc[places].drop(columns=[*FROM_DEALS, *CONTAIN_OUTCOME], errors="ignore")
    then = recall_deals(opportunities, account=deals["account"], day=deals["created_on"])
    return pd.concat([today.reset_index(drop=True), then.reset_index(drop=True)], axis=1)


def _find_use(criterion: str, values: np.ndarray) -> str:
    known = values[~np.isnan(values)]
    if criterion in CONTAIN_OUTCOME:
        return "contains_outcome"
    if len(known) < max(LEAST_KNOWN * len(values), 1):
        return "too_little_known"
    return "used" if np.ptp(known) > 0 else "no_difference"


def make_features(values: np.ndarray, mean: np.ndarray, has_flag: np.ndarray) -> np.ndarray:
    """Return values with the mean for what is not known, then a 1 where it is not known.

    Parameters
    ----------
    values : ndarray (n_records, n_criteria)
        Values 0-1; missing as NaN.
    mean : ndarray (n_criteria,)
        What stands in for a missing value.
    has_flag : ndarray of bool (n_criteria,)
        Criteria whose flag "not known" is a feature.

    Returns
    -------
    ndarray (n_records, n_criteria + n_flags)

    Examples
    --------
    >>> make_features(np.array([[0.2], [np.nan]]), np.array([0.5]), np.array([True])).tolist()
    [[0.2, 0.0], [0.5, 1.0]]
    """
    is_missing = np.isnan(values)
    return np.hstack([np.where(is_missing, mean, values), is_missing[:, has_flag].astype(float)])
