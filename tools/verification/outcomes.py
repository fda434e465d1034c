"""Cases with known answers for what won and lost deals say."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from salesmodel_kit.model.accuracy import measure_auc, measure_brier
from salesmodel_kit.model.backtest import compare_rankings
from salesmodel_kit.model.logistic import fit_logistic
from salesmodel_kit.model.outcomes import bound_share
from tools.verification.case import Case

SUBJECT = "Outcomes"


def list_cases() -> list[Case]:
    """Return the cases on regression, accuracy, shares and the back-test."""
    return [_fit_four_cells(), _measure_area(), _measure_error_of_area(), _measure_brier(), _bound_share(),
            _compare_rankings()]


def _fit_four_cells() -> Case:
    features = np.repeat([[1.0], [0.0]], 40, axis=0)
    won = np.array([True] * 30 + [False] * 10 + [True] * 10 + [False] * 30)
    return Case(
        SUBJECT, "logistic regression on one yes-or-no feature: intercept, coefficient",
        "closed form: log odds 10/30 without, log odds ratio (30/10)/(10/30) with; no regularisation",
        (-np.log(3), np.log(9)), tuple(fit_logistic(features, won, prior_sd=1e4)), 1e-6)


def _rate_images() -> tuple[np.ndarray, np.ndarray]:
    normal, abnormal = [33, 6, 6, 11, 2], [3, 2, 2, 11, 33]
    rating = np.concatenate([np.repeat(range(1, 6), normal), np.repeat(range(1, 6), abnormal)]).astype(float)
    return rating, np.repeat([False, True], [sum(normal), sum(abnormal)])


def _measure_area() -> Case:
    rating, is_abnormal = _rate_images()
    found = measure_auc(rating[None], is_abnormal, fold=np.zeros((1, len(rating)), dtype=int),
                        group=np.arange(len(rating)))
    return Case(SUBJECT, "area under the ROC curve of 109 images rated 1 to 5",
                "Hanley & McNeil (1982), Radiology 143, 29-36", (0.893,), (found.value,), 5e-4)


def _measure_error_of_area() -> Case:
    rating, is_abnormal = _rate_images()
    found = measure_auc(rating[None], is_abnormal, fold=np.zeros((1, len(rating)), dtype=int),
                        group=np.arange(len(rating)))
    sick, well = rating[is_abnormal][:, None], rating[~is_abnormal][None]
    pairs = (sick > well) + (sick == well) / 2
    error = np.sqrt(np.var(pairs.mean(axis=1), ddof=1) / sick.size + np.var(pairs.mean(axis=0), ddof=1) / well.size)
    return Case(SUBJECT, "standard error of this area, each image its own group",
                "DeLong, DeLong & Clarke-Pearson (1988), formula, pair by pair", (float(error),),
                ((found.high - found.low) / (2 * 1.959963984540054),), 2e-4)


def _measure_brier() -> Case:
    found = measure_brier(np.array([[0.9, 0.2, 0.4, 0.5]]), np.array([True, False, True, False]), group=np.arange(4))
    return Case(SUBJECT, "Brier score of four forecasts", "by hand: (0.01 + 0.04 + 0.36 + 0.25) / 4", (0.165,),
                (found.value,), 1e-12)


def _bound_share() -> Case:
    low, high = bound_share(np.array(81), np.array(263))
    return Case(SUBJECT, "95 % interval of 81 in 263",
                "Newcombe (1998), Statistics in Medicine 17, table I, score method",
                (0.2553, 0.3662), (float(low), float(high)), 5e-5)


def _compare_rankings() -> Case:
    n = 40
    scores = pd.DataFrame({"account": [f"{i:02}" for i in range(n)], "score": np.linspace(1, 0, n)})
    won = [(f"{i:02}", "2025-06-01", 1.0) for i in range(20, 40)] + [(f"{i:02}", "2026-06-01", 1.0) for i in range(20)]
    deals = pd.DataFrame(won, columns=["account", "closed_on", "amount"]).assign(status="won")
    deals["closed_on"] = pd.to_datetime(deals["closed_on"])
    found = compare_rankings(scores, deals, day=dt.date(2025, 9, 30), n_gold=30).table["later_sales_share"]
    return Case(SUBJECT, "back-test: share of later sales in gold, by value and by past sales",
                "by hand: the 20 later buyers lead by value; by past sales they tie for 10 of 20 places", (1.0, 0.5),
                tuple(found.iloc[:2]), 1e-12)
