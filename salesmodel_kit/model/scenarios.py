"""Scenarios side by side: the same measures of each, the client as it is first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from salesmodel_kit.tables import SCENARIO_ROLES, SCENARIO_TIERS, SCENARIOS

#: The name of the client as it is, among its scenarios.
PRESENT = "present"


@dataclass(frozen=True)
class ScenarioResult:
    """What the chain found in one scenario.

    Parameters
    ----------
    name, label : str
        Of the scenario; ``present`` for the client as it is.
    effort, tiers, roles, reps, plans : DataFrame
        Tables ``account_effort``, ``tier_summary``, ``role_summary``, ``reps`` and ``plan_comparison``.
    expected_sales : float
        With the hours planned; missing without curves.
    """

    name: str
    label: str
    effort: pd.DataFrame
    tiers: pd.DataFrame
    roles: pd.DataFrame
    reps: pd.DataFrame
    plans: pd.DataFrame
    expected_sales: float


@dataclass(frozen=True)
class ScenarioComparison:
    """Scenarios side by side.

    Parameters
    ----------
    table, roles, tiers : DataFrame
        Tables ``scenarios``, ``scenario_roles`` and ``scenario_tiers``.
    """

    table: pd.DataFrame
    roles: pd.DataFrame
    tiers: pd.DataFrame


def compare_results(results: Sequence[ScenarioResult], *, best_tier: str) -> ScenarioComparison:
    """Return the same measures for each scenario, in the order given.

    Parameters
    ----------
    results : sequence of ScenarioResult
        At least one; the first is what the others are told against.
    best_tier : str
        The client's best tier.

    Returns
    -------
    ScenarioComparison
        Three tables. ``best_coverage`` is the share of the best tier's accounts, among those
        whose norm asks for calls, whose channel is the one that the norm asks for.
    """
    table = pd.DataFrame([_measure(one, best_tier) for one in results])[list(SCENARIOS.names)]
    whole = ("n_accounts", "n_best", "n_changed", "n_nobody")
    return ScenarioComparison(
        table.astype({"scenario": "str", "label": "str", **dict.fromkeys(whole, "Int64")}),
        pd.concat([one.roles.assign(scenario=one.name) for one in results],
                  ignore_index=True)[list(SCENARIO_ROLES.names)],
        pd.concat([_measure_tiers(one) for one in results], ignore_index=True)[list(SCENARIO_TIERS.names)])


def _measure(one: ScenarioResult, best_tier: str) -> dict[str, object]:
    effort, roles = one.effort, one.roles
    gap = roles["n_reps_gap"].to_numpy(float)
    proposed = one.plans[one.plans["plan"] == "proposed"].iloc[0]
    return {
        "scenario": one.name, "label": one.label, "n_accounts": int(effort["tier"].notna().sum()),
        "n_best": int((effort["tier"] == best_tier).sum()),
        "workload_hours_per_year": roles["workload_hours_per_year"].sum(),
        "selling_hours_per_year": roles["selling_hours_per_year"].sum(), "n_reps": roles["n_reps"].sum(),
        "n_reps_missing": float(np.clip(gap, 0, None).sum()), "n_reps_spare": float(np.clip(-gap, 0, None).sum()),
        "best_coverage": _cover(effort[effort["tier"] == best_tier]), "coverage": _cover(effort),
        "cost_per_year": sum_cost(one.reps), "expected_sales_per_year": one.expected_sales,
        "n_nobody": int(proposed["n_nobody"]) + _count_dropped(effort),
        **{name: proposed[name] for name in ("n_changed", "travel_km_per_year")},
    }


def _count_dropped(effort: pd.DataFrame) -> int:
    """Return the accounts whose norm asks for a person and that the plan gives no hour of one."""
    asks = (effort["wanted_calls_per_year"] > 0) & effort["wanted_channel"].ne("marketing")
    planned = (effort["hours_per_year"] > 0) & effort["channel"].ne("marketing")
    return int((asks & ~planned).sum())


def _cover(effort: pd.DataFrame) -> float:
    """Return the share of the accounts that ask for calls with the channel that they ask for."""
    asking = effort[effort["wanted_calls_per_year"] > 0]
    return float((asking["channel"] == asking["wanted_channel"]).mean()) if len(asking) else np.nan


def sum_cost(reps: pd.DataFrame) -> float:
    """Return what the people who stay cost a year; missing where it is not known for all of them.

    Parameters
    ----------
    reps : DataFrame (n_reps, ...)
        Table ``reps``.

    Returns
    -------
    float
        Currency per year; 0 for nobody.
    """
    cost = reps.loc[~reps["leaving"].fillna(False).astype(bool), "cost_per_year"]
    return np.nan if cost.isna().any() else float(cost.sum())


def _measure_tiers(one: ScenarioResult) -> pd.DataFrame:
    tier = one.effort["tier"].fillna("unknown")
    coverage = {name: _cover(group) for name, group in one.effort.groupby(tier)}
    return one.tiers.assign(scenario=one.name, coverage=one.tiers["tier"].map(coverage).astype(float))
