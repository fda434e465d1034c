"""Weights from outcomes: what won and lost deals say about the criteria of the chance to win.

A regularised logistic regression of won or lost on the criteria's values as known
when the deal was opened. It speaks only where it can: a model that cannot tell won
from lost deals it has not seen is said to be one.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from salesmodel_kit.model.accuracy import Estimate, group_by_probability, measure_auc, measure_brier
from salesmodel_kit.model.criteria import compute_values
from salesmodel_kit.model.history import CONTAIN_OUTCOME, FROM_DEALS, recall_deals
from salesmodel_kit.model.logistic import fit_logistic, refit_logistic
from salesmodel_kit.tables import WIN_MODEL, dtype_of

#: Fewest won and fewest lost deals for each criterion (Peduzzi et al. 1996).
OUTCOMES_PER_CRITERION = 10
#: Standard deviation of what is believed of a coefficient before any deal is seen (Gelman et al. 2008).
PRIOR_SD = 2.5
#: A criterion known for a smaller share of the deals is left out.
LEAST_KNOWN = 0.5
#: With so many deals of an unknown value, "not known" is a feature of its own.
LEAST_UNKNOWN = 10
N_FOLDS, N_REPEATS, N_DRAWS = 5, 10, 400
#: Deals of a group of the calibration curve, about.
DEALS_PER_GROUP = 50
_NO_GROUPS = group_by_probability(np.empty(0), np.empty(0, dtype=bool), n_groups=1)


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
        logit = self.intercept + _make_features(values, self.mean, self.has_flag) @ self.coefficients
        return np.where(np.isnan(values).all(axis=1), np.nan, 1 / (1 + np.exp(-logit)))


@dataclass(frozen=True)
class WinModel:
    """What won and lost deals say about the criteria, and whether they can tell.

    Parameters
    ----------
    table : DataFrame (n_criteria, ...)
        Table ``win_model``.
    calibration : DataFrame (n_groups, ...)
        Table ``calibration``; no row where there are too few deals.
    auc, brier : Estimate
        Cross-validated, on deals that the model had not seen.
    brier_of_rate : float
        Brier score of always saying the win rate.
    n_won, n_lost, n_accounts : int
        Closed deals of known accounts that the model learned from, and these accounts.
    since : date or None
        Deals opened earlier are left out, see :func:`find_first_day`.
    least : int
        Fewest won and fewest lost deals that the model asks for.
    verdict : str
        ``tells``, ``chance`` (no better than chance), ``few`` (too few won or lost
        deals or accounts) or ``no_criterion`` (none that can be known as of then).
    equation : WinEquation or None
        None where nothing was estimated.
    """

    table: pd.DataFrame
    calibration: pd.DataFrame
    auc: Estimate
    brier: Estimate
    brier_of_rate: float
    n_won: int
    n_lost: int
    n_accounts: int
    since: dt.date | None
    least: int
    verdict: str
    equation: WinEquation | None

    @property
    def can_tell(self) -> bool:
        """Return whether the deals tell won from lost better than chance would."""
        return self.verdict == "tells"

    @property
    def accuracy(self) -> pd.DataFrame:
        """Return the table ``win_accuracy``."""
        rows = (("auc", self.auc, 0.5), ("brier", self.brier, self.brier_of_rate))
        return pd.DataFrame(
            [(name, part.value, part.low, part.high, reference) for name, part, reference in rows],
            columns=["measure", "value", "low", "high", "reference"])


def fit_win_model(
    accounts: pd.DataFrame, opportunities: pd.DataFrame, criteria: pd.DataFrame, *, seed: int = 0,
    n_draws: int = N_DRAWS,
) -> WinModel:
    """Return what closed deals say about the criteria of the chance to win.

    Parameters
    ----------
    accounts : DataFrame (n_accounts, ...)
        As ``derive_performances`` returns it. What rests on deals is counted again as
        of each deal's first day; what holds the sales of the last 12 months is left
        out; ratings are as of today, for want of a history.
    opportunities : DataFrame (n_opportunities, ...)
        Table ``opportunities``; open deals, deals of unknown accounts, and those opened
        before the records begin (:func:`find_first_day`) are left out.
    criteria : DataFrame (n_criteria, ...)
        With ``axis``, ``criterion``, ``label``, ``worst``, ``best``, ``effective_weight``.
        Only the axis chance is judged: that a deal was won says nothing of potential.
    seed : int
        Seed of folds and draws.
    n_draws : int
        Bootstrap draws of accounts for the intervals of the weights.

    Returns
    -------
    WinModel

    Notes
    -----
    Source: ridge logistic regression; each coefficient a priori normal around 0 with
    standard deviation ``PRIOR_SD`` (after Gelman et al. 2008). Accuracy by
    cross-validation, folds of whole accounts, stratified, repeated. Weights are the
    positive coefficients, summing to 1; intervals are percentiles over draws of whole
    accounts. Assumes that deals came about alike whatever the outcome, and that a
    rating of today was not bent by how the deal ended.
    """
    evidence = _gather(accounts, opportunities, criteria)
    verdict = evidence.find_verdict()
    if verdict is not None:
        nothing = Estimate(np.nan, np.nan, np.nan)
        return WinModel(evidence.tabulate(), _NO_GROUPS, nothing, nothing, np.nan, **evidence.count(), verdict=verdict,
                        equation=None)
    equation = evidence.make_equation()
    draws = evidence.draw_coefficients(equation, seed=seed, n_draws=n_draws)
    return _judge(evidence, evidence.tabulate(equation.coefficients, draws), equation, seed=seed)


def set_beside(table: pd.DataFrame, criteria: pd.DataFrame) -> pd.DataFrame:
    """Return the table ``win_model`` with the weights in force beside those from outcomes.

    Parameters
    ----------
    table : DataFrame (n_criteria, ...)
        Table ``win_model``.
    criteria : DataFrame (n_criteria, ...)
        With ``axis``, ``criterion`` and ``effective_weight``.

    Returns
    -------
    DataFrame (n_criteria, ...)
        ``weight`` as in force, ``weight_declared`` rescaled to the criteria used, so
        that both columns of weights sum to 1 over the same criteria.
    """
    chance = criteria[criteria["axis"] == "chance"].set_index("criterion")
    weight = table["criterion"].map(chance["effective_weight"]).astype(float)
    used = weight.where(table["use"] == "used")
    return table.assign(weight=weight, weight_declared=used / (used.sum() or np.nan))


def _gather(accounts: pd.DataFrame, opportunities: pd.DataFrame, criteria: pd.DataFrame) -> _Evidence:
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
    return _Evidence(
        rows, values, use, mean, has_flag, features=_make_features(known, mean, has_flag),
        won=(deals["status"] == "won").to_numpy(), group=pd.factorize(deals["account"])[0],
        since=None if since is None else since.date())


def find_first_day(closed: pd.DataFrame) -> pd.Timestamp | None:
    """Return the day from which the records hold every deal that was opened, None where no end is dated.

    Records begin some day. Of the deals opened before it they hold only those that had
    not ended by then, and the long ones may be won more, or less, often than the others.
    So the first day is that of the first recorded ends: the day by which one in a
    hundred deals had ended, so that a single wrong date does no harm.

    Parameters
    ----------
    closed : DataFrame (n_deals, ...)
        Won and lost deals, with ``closed_on``.

    Returns
    -------
    Timestamp or None

    Notes
    -----
    Source: left truncation (delayed entry), Klein & Moeschberger (2003), chapter 3.
    """
    ends = closed["closed_on"].dropna()
    return None if ends.empty else ends.sort_values().iloc[len(ends) // 100]


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


def _make_features(values: np.ndarray, mean: np.ndarray, has_flag: np.ndarray) -> np.ndarray:
    """Return values with the mean for what is not known, then a 1 where it is not known."""
    is_missing = np.isnan(values)
    return np.hstack([np.where(is_missing, mean, values), is_missing[:, has_flag].astype(float)])


@dataclass(frozen=True)
class _Evidence:
    """Closed deals: values as known then, how they ended, whose they are."""

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
        return self.use == "used"

    def count(self) -> dict[str, Any]:
        n_won, n_groups = int(self.won.sum()), int(self.group.max(initial=-1)) + 1
        return {"n_won": n_won, "n_lost": len(self.won) - n_won, "n_accounts": n_groups,
                "since": self.since,
                "least": OUTCOMES_PER_CRITERION * max(int(self.is_used.sum()), 1)}

    def find_verdict(self) -> str | None:
        """Return why nothing can be estimated, None where something can."""
        count = self.count()
        if len(self.won) and not self.is_used.any():
            return "no_criterion"
        n_mixed = min(len(np.unique(self.group[self.won])), len(np.unique(self.group[~self.won])))
        is_enough = min(count["n_won"], count["n_lost"]) >= count["least"] and n_mixed >= N_FOLDS
        return None if is_enough else "few"

    def make_equation(self) -> WinEquation:
        fitted = fit_logistic(self.features, self.won, prior_sd=PRIOR_SD)
        return WinEquation(self.rows[self.is_used], self.mean, self.has_flag, fitted[1:], float(fitted[0]))

    def refit(self, weights: np.ndarray, equation: WinEquation) -> np.ndarray:
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

    def tabulate(self, coefficients: np.ndarray | None = None, draws: np.ndarray | None = None) -> pd.DataFrame:
        """Return the table ``win_model``; weights from outcomes where coefficients are given."""
        names = self.rows["criterion"]
        table = pd.DataFrame({
            "criterion": names, "label": self.rows["label"], "use": self.use,
            "as_of": np.where(names.isin(FROM_DEALS), "deal", "today"),
            "known_share": (~np.isnan(self.values)).mean(axis=0) if len(self.values) else np.nan,
        }).reset_index(drop=True).reindex(columns=list(WIN_MODEL.names))
        table = table.astype({column.name: dtype_of(column) for column in WIN_MODEL.columns})
        if coefficients is not None and draws is not None:
            found = coefficients[: len(self.mean)]
            parts = (_share_out(found[None])[0], *_bound(_share_out(draws)), found, *_bound(draws))
            table.loc[self.is_used, list(WIN_MODEL.names[-6:])] = np.column_stack(parts)
        return set_beside(table, self.rows)


def _share_out(coefficients: np.ndarray) -> np.ndarray:
    """Return the positive coefficients of each row, summing to 1; missing where none is positive."""
    positive = np.maximum(coefficients, 0.0)
    total = positive.sum(axis=1, keepdims=True)
    return np.divide(positive, total, out=np.full_like(positive, np.nan), where=total > 0)


def _bound(draws: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    low, high = np.nanquantile(draws, [0.025, 0.975], axis=0)
    return low, high


def _judge(evidence: _Evidence, table: pd.DataFrame, equation: WinEquation, *, seed: int) -> WinModel:
    """Return the model with what it tells of deals that it has not seen."""
    rng = np.random.default_rng([seed, 1])
    fold = np.array([_deal_folds(rng, evidence.won, evidence.group) for _ in range(N_REPEATS)])
    probability = evidence.predict_unseen(fold, equation)
    auc = measure_auc(probability, evidence.won, fold=fold, group=evidence.group)
    if not auc.low > 0.5:
        table = table.assign(**dict.fromkeys(("weight_from_outcomes", "low", "high"), np.nan))
    rate = float(evidence.won.mean())
    n_groups = int(np.clip(len(evidence.won) // DEALS_PER_GROUP, 2, 10))
    return WinModel(
        table, group_by_probability(probability.mean(axis=0), evidence.won, n_groups=n_groups), auc,
        measure_brier(probability, evidence.won, group=evidence.group), rate * (1 - rate), **evidence.count(),
        verdict="tells" if auc.low > 0.5 else "chance", equation=equation)


def _deal_folds(rng: np.random.Generator, won: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Return the fold of each deal: whole accounts, those with alike numbers of won and lost deals dealt in turn."""
    n_won, n_lost = np.bincount(group, weights=won), np.bincount(group, weights=~won)
    order = np.lexsort((rng.random(len(n_won)), n_lost, n_won))
    fold = np.empty(len(order), dtype=int)
    fold[order] = np.concatenate([rng.permutation(N_FOLDS) for _ in range(-(-len(order) // N_FOLDS))])[: len(order)]
    return fold[group]
