"""Beyond the plan: what it is expected to sell, what another size returns, and scenarios side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
import pandas as pd

from salesmodel_kit.chain.allocation import Allocation
from salesmodel_kit.chain.placing import place_accounts
from salesmodel_kit.client.scenarios import Scenario, apply_scenario
from salesmodel_kit.model.response import AdbudgCurve
from salesmodel_kit.model.response_history import fit_responses
from salesmodel_kit.model.returns import HiringTerms, evaluate_plan, plan_change, plan_hires, return_sizes
from salesmodel_kit.model.scenarios import PRESENT, ScenarioComparison, ScenarioResult, compare_results
from salesmodel_kit.model.sizes import calibrate_tiers

#: What hiring takes, all declared by the client; there is no default for any of it.
HIRING_TERMS = ("contribution_margin_rate", "carry_over_year_2", "carry_over_year_3", "ramp_up_months", "hiring_cost")
#: Steps that hold for another client with the very same accounts, deals, segments, criteria and emphasis.
_SCORED = ("voting", "measured_criteria", "criteria", "segment_scores", "performances", "win_model", "account_scores")
#: Steps that hold where, besides, the tier rule is the same and does not look at hours.
_TIERED = ("cutoffs", "vetoes", "previous_tiers", "account_tiers")


@dataclass(frozen=True)
class Futures(Allocation):
    """Chapter 4, beyond the plan: other plans, other sizes, other scenarios."""

    @cached_property
    def tier_curves(self) -> dict[str, AdbudgCurve]:
        """Return the response curve of each tier by the room's answers; empty without any."""
        if self.client.response is None:
            return {}
        return calibrate_tiers(self.client.response, self.tier_summary)

    @cached_property
    def response_history(self) -> pd.DataFrame | None:
        """Return the table ``response_history``; None where no segment has enough customers with hours on record."""
        table = fit_responses(self.client.accounts, self.account_effort["present_hours_per_year"])
        return None if table["half"].isna().all() else table

    def try_plan(self, hours: Mapping[str, float]) -> pd.DataFrame:
        """Return the table ``plan_returns`` of any hours by tier: what they are expected to sell.

        Parameters
        ----------
        hours : mapping of str to float
            Tier -> hours per year, 0 or more; a tier that is not named gets none.
        """
        return evaluate_plan(self.tier_curves, self.tier_summary, hours=hours)

    @cached_property
    def plan_returns(self) -> pd.DataFrame | None:
        """Return the table ``plan_returns`` of the plan by the call norms; None without curves."""
        if not self.tier_curves:
            return None
        planned = self.tier_summary.set_index("tier")["recommended_hours_per_year"]
        return self.try_plan(planned.fillna(0.0).to_dict())

    @cached_property
    def hiring_terms(self) -> HiringTerms | None:
        """Return what people cost and return; None where the client has not declared all of it."""
        cost = self.client.reps["cost_per_year"].mean()
        if not cost > 0 or any(name not in self.known_assumptions for name in HIRING_TERMS):
            return None
        margin, second, third, months, hiring = (self.assume(name) for name in HIRING_TERMS)
        return HiringTerms(float(cost), margin, (second, third), months, hiring)

    @cached_property
    def size_return(self) -> pd.DataFrame | None:
        """Return the table ``size_return``; None without the curve of sizes or the terms of hiring."""
        if self.team_sizes is None or self.hiring_terms is None:
            return None
        sizes, answer = self.team_sizes
        return return_sizes(sizes, answer, n_reps=float(len(self.client.reps)), terms=self.hiring_terms)

    @cached_property
    def hiring_plan(self) -> pd.DataFrame | None:
        """Return the table ``hiring_plan`` up to the nearest size that earns most; None where nobody is to be hired."""
        if self.size_return is None:
            return None
        n_hires = plan_change(self.team_sizes[1], n_reps=float(len(self.client.reps)))
        if n_hires < 1:
            return None
        added = self.size_return.set_index("step").at["change", "added_sales_per_year"]
        return plan_hires(n_hires, added_sales_per_year=added, terms=self.hiring_terms)

    @property
    def scenario_models(self) -> dict[str, Self]:
        """Return a new model of each scenario of the client by name; steps that it does not change are shared."""
        return {one.name: self.try_scenario(one) for one in self.client.scenarios}

    def try_scenario(self, scenario: Scenario) -> Self:
        """Return the model of a scenario; steps that it does not change are shared.

        Parameters
        ----------
        scenario : Scenario
            One of the client's.
        """
        return self._share_steps(type(self)(*place_accounts(apply_scenario(self.client, scenario))))

    def _share_steps(self, other: Self) -> Self:
        """Return a model with the steps that it has in common with this one.

        A scenario adds accounts and never changes one, but for its locks: as many accounts are the same accounts.
        """
        ours, theirs = self.client, other.client
        same = all(getattr(ours, name) is getattr(theirs, name)
                   for name in ("criteria", "segments", "opportunities", "votes"))
        same &= ours.strategy.potential_weight == theirs.strategy.potential_weight
        same &= dict(ours.strategy.emphasis) == dict(theirs.strategy.emphasis) and self.placed is other.placed
        if not same or ours.profile != theirs.profile or len(ours.accounts) != len(theirs.accounts):
            return other
        is_tiered = ours.strategy.tiers == theirs.strategy.tiers and ours.strategy.tiers.rule != "capacity"
        for name in (*_SCORED, *(_TIERED if is_tiered else ())):
            other.__dict__[name] = getattr(self, name)
        return other

    @property
    def scenario_comparison(self) -> ScenarioComparison | None:
        """Return the scenarios beside the client as it is; None where it has no scenario."""
        return self._compared_scenarios[0]

    @property
    def scenario_homes(self) -> dict[str, pd.DataFrame]:
        """Return the table ``home_proposals`` of each scenario that proposes homes, by the scenario's name."""
        return self._compared_scenarios[1]

    @cached_property
    def _compared_scenarios(self) -> tuple[ScenarioComparison | None, dict[str, pd.DataFrame]]:
        """Return what is told of the scenarios; their models are not kept: they are as large as this one."""
        if not self.client.scenarios:
            return None, {}
        code, models = self.language.code, self.scenario_models
        labels = {one.name: one.find_label(code) for one in self.client.scenarios}
        compared = compare_scenarios({PRESENT: self, **models},
                                     labels={PRESENT: self.language.text("Plan with today's team"), **labels})
        homes = {name: model.home_proposals for name, model in models.items()}
        return compared, {name: table for name, table in homes.items() if table is not None}

    def _future_tables(self) -> dict[str, pd.DataFrame]:
        compared = self.scenario_comparison
        names = ("response_history", "plan_returns", "size_return", "hiring_plan")
        tables = {name: getattr(self, name) for name in names}
        if compared is not None:
            tables |= {"scenarios": compared.table, "scenario_roles": compared.roles, "scenario_tiers": compared.tiers}
        return {name: table for name, table in tables.items() if table is not None}


def compare_scenarios(models: Mapping[str, Futures], *, labels: Mapping[str, str] | None = None) -> ScenarioComparison:
    """Return the same measures for each model, in the order given.

    Parameters
    ----------
    models : mapping of str to SalesModel
        By name; the first is what the others are told against, and all have its tiers.
    labels : mapping of str to str, optional
        What each is called; by default its name.

    Returns
    -------
    ScenarioComparison
        Tables ``scenarios``, ``scenario_roles`` and ``scenario_tiers``. The room answered for the
        tiers of the first: in every model an account keeps the curve of its tier there, and one
        that is new is expected to sell nothing.
    """
    called, first = labels or {}, next(iter(models.values()))
    results = [ScenarioResult(
        name, called.get(name, name), model.account_effort, model.tier_summary, model.role_summary, model.reps,
        model.plan_comparison, _expect_sales(model.account_effort, first)) for name, model in models.items()]
    return compare_results(results, best_tier=first.strategy.tiers.levels[0])


def _expect_sales(effort: pd.DataFrame, first: Futures) -> float:
    """Return what planned hours sell by the curves of the first model, each account in its tier there; NaN without."""
    if not first.tier_curves:
        return np.nan
    tier = effort["account"].map(first.account_tiers.set_index("account")["tier"])
    hours = effort["hours_per_year"].groupby(tier.astype(object)).sum()
    return float(first.try_plan(hours.to_dict())["expected_sales_per_year"].sum())
