"""Weights from outcomes: what won and lost deals say about the criteria of the chance to win.

A regularised logistic regression of won or lost on the criteria's values as known
when the deal was opened. It speaks only where it can: a model that cannot tell won
from lost deals it has not seen is said to be one.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from salesmodel_kit.model.accuracy import Estimate, group_by_probability, measure_auc, measure_brier
from salesmodel_kit.model.evidence import N_FOLDS, Evidence, WinEquation, gather_evidence
from salesmodel_kit.model.history import FROM_DEALS
from salesmodel_kit.tables import WIN_MODEL, dtype_of

N_REPEATS, N_DRAWS = 10, 400
#: Deals of a group of the calibration curve, about.
DEALS_PER_GROUP = 50
_NO_GROUPS = group_by_probability(np.empty(0), np.empty(0, dtype=bool), n_groups=1)


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
        Deals opened earlier are left out, see :func:`~salesmodel_kit.model.history.find_first_day`.
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
    evidence = gather_evidence(accounts, opportunities, criteria)
    verdict = evidence.find_verdict()
    if verdict is not None:
        nothing = Estimate(np.nan, np.nan, np.nan)
        return WinModel(_tabulate(evidence), _NO_GROUPS, nothing, nothing, np.nan, **evidence.count(), verdict=verdict,
                        equation=None)
    equation = evidence.make_equation()
    draws = evidence.draw_coefficients(equation, seed=seed, n_draws=n_draws)
    return _judge(evidence, _tabulate(evidence, equation.coefficients, draws), equation, seed=seed)


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


def _tabulate(
    evidence: Evidence, coefficients: np.ndarray | None = None, draws: np.ndarray | None = None,
) -> pd.DataFrame:
    """Return the table ``win_model``; weights from outcomes where coefficients are given."""
    names = evidence.rows["criterion"]
    table = pd.DataFrame({
        "criterion": names, "label": evidence.rows["label"], "use": evidence.use,
        "as_of": np.where(names.isin(FROM_DEALS), "deal", "today"),
        "known_share": np.where(evidence.use == "contains_outcome", np.nan, evidence.measure_known_share()),
    }).reset_index(drop=True).reindex(columns=list(WIN_MODEL.names))
    table = table.astype({column.name: dtype_of(column) for column in WIN_MODEL.columns})
    if coefficients is not None and draws is not None:
        found = coefficients[: len(evidence.mean)]
        parts = (_share_out(found[None])[0], *_bound(_share_out(draws)), found, *_bound(draws))
        table.loc[evidence.is_used, list(WIN_MODEL.names[-6:])] = np.column_stack(parts)
    return set_beside(table, evidence.rows)


def _share_out(coefficients: np.ndarray) -> np.ndarray:
    """Return the positive coefficients of each row, summing to 1; missing where none is positive."""
    positive = np.maximum(coefficients, 0.0)
    total = positive.sum(axis=1, keepdims=True)
    return np.divide(positive, total, out=np.full_like(positive, np.nan), where=total > 0)


def _bound(draws: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    known = draws[~np.isnan(draws).any(axis=1)]
    if not len(known):
        return np.full(draws.shape[1], np.nan), np.full(draws.shape[1], np.nan)
    low, high = np.quantile(known, [0.025, 0.975], axis=0)
    return low, high


def _judge(evidence: Evidence, table: pd.DataFrame, equation: WinEquation, *, seed: int) -> WinModel:
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
