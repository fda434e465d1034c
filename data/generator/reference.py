"""Scores and gold accounts on the complete data, worked out apart from the kit: what a perfect CRM would show."""

from __future__ import annotations

import numpy as np
import pandas as pd

from generator.spec import Spec
from salesmodel_kit.tables import SIZE_BANDS


def complete_performances(accounts: pd.DataFrame, deals: pd.DataFrame, *, size_by_band: bool) -> pd.DataFrame:
    """Return the accounts with the performances that are derived from other columns."""
    open_amount = deals[deals["status"] == "open"].groupby("account")["amount"].sum()
    n_won = deals[deals["status"] == "won"].groupby("account").size()
    size = accounts["size_band"].map(dict(SIZE_BANDS)) if size_by_band else accounts["employees"]
    return accounts.assign(
        wallet_share=accounts["sales_per_year"] / accounts["potential_per_year"],
        untapped_potential_per_year=accounts["potential_per_year"] - accounts["sales_per_year"],
        employees_at_least=size.astype(float),
        open_opportunities_amount=accounts["account"].map(open_amount).fillna(0.0),
        n_won_opportunities=accounts["account"].map(n_won).fillna(0.0))


def score_axis(performances: pd.DataFrame, *, spec: Spec, axis: str, emphasis: dict[str, float]) -> np.ndarray:
    """Return the weighted sum of values on one axis; a veto changes no score."""
    rows = spec.criteria_of(axis)
    weights = np.array([row["weight"] * emphasis.get(row.get("serves"), 1.0) for row in rows])
    values = np.column_stack([_value(performances[row["criterion"]].to_numpy(float), row) for row in rows])
    return values @ (weights / weights.sum())


def _value(performance: np.ndarray, row: dict) -> np.ndarray:
    """Return values along a criterion's points, or along the straight line from worst to best."""
    if "value_points" not in row:
        return np.clip((performance - row["worst"]) / (row["best"] - row["worst"]), 0, 1)
    points = [pair.split(":") for pair in row["value_points"].split(";")]
    places, values = zip(*points, strict=True)
    return np.interp(performance, [float(place) for place in places], [float(value) for value in values])


def score_accounts(performances: pd.DataFrame, *, spec: Spec, strategy: str) -> np.ndarray:
    """Return the account value under a strategy of the specification."""
    rule = spec.strategies[strategy]
    potential = score_axis(performances, spec=spec, axis="potential", emphasis=rule["emphasis"])
    chance = score_axis(performances, spec=spec, axis="chance", emphasis=rule["emphasis"])
    return rule["potential_weight"] * potential + (1 - rule["potential_weight"]) * chance


def find_gold(performances: pd.DataFrame, *, spec: Spec, strategy: str) -> np.ndarray:
    """Return whether an account is gold: best score first, while those before hold less than the share of potential."""
    score = score_accounts(performances, spec=spec, strategy=strategy)
    order = np.argsort(-score, kind="stable")
    potential = performances["potential_per_year"].to_numpy()[order]
    before = np.cumsum(potential) - potential
    gold = np.zeros(len(score), dtype=bool)
    gold[order[before < spec.strategies[strategy]["gold"] * potential.sum()]] = True
    return gold
