"""Chapter 4 of the chain, fourth part: people by place and month, and what serving an account costs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from salesmodel_kit.chain.driving import Driving
from salesmodel_kit.model.costs import CostRules, choose_channels, cost_accounts, measure_hour_costs, summarize_costs
from salesmodel_kit.model.places import summarize_places
from salesmodel_kit.model.selling_days import share_months, spread_months
from salesmodel_kit.tables import ROLES


@dataclass(frozen=True)
class Workload(Driving):
    """Chapter 4, fourth part: people by place and month, and costs to serve."""

    @cached_property
    def place_summary(self) -> pd.DataFrame:
        """Return the table ``place_summary``."""
        field = self.reps[(self.reps["role"] == "field") & (self.reps["selling_hours_per_year"] > 0)]
        return summarize_places(
            self.client.accounts, self.account_effort, self.reps,
            hours_per_rep=field["selling_hours_per_year"].mean(),
        )

    @cached_property
    def month_loads(self) -> pd.DataFrame | None:
        """Return the table ``month_loads``; None where no seasons are declared, or nothing is planned."""
        effort = self.account_effort
        hours = effort.groupby("channel")["hours_per_year"].sum()
        hours = {role: float(hours[role]) for role in ROLES if hours.get(role, 0.0) > 0}
        if self.profile.seasonality is None or not hours:
            return None
        team = self.working_time.assign(selling_hours_per_year=self.reps["selling_hours_per_year"])
        capacity = {role: share_months(team[team["role"] == role].reset_index(drop=True), self.client.leave,
                                       holidays=self.public_holidays, first_day=self.plan_year[0]) for role in hours}
        return spread_months(hours, shares=self.profile.seasonality, capacity=capacity)

    @cached_property
    def cost_rules(self) -> CostRules:
        """Return what an hour and a kilometer cost, and what visits bring."""
        return CostRules(
            measure_hour_costs(self.reps),
            self.assume_if_known("travel_cost_per_km"),
            self.assume_if_known("contribution_margin_rate"),
            self.assume_if_known("visit_gain_share"),
        )

    @cached_property
    def account_costs(self) -> pd.DataFrame | None:
        """Return the table ``account_costs``; None where no rep's cost is known, or nothing is planned."""
        has_hours = self.account_effort["hours_per_year"].sum() > 0
        if not self.cost_rules.cost_per_hour or not has_hours:
            return None
        return cost_accounts(self.account_tiers, self.account_effort, self.account_travel, rules=self.cost_rules)

    @cached_property
    def tier_costs(self) -> pd.DataFrame | None:
        """Return the table ``tier_costs``; None without ``account_costs``."""
        if self.account_costs is None:
            return None
        return summarize_costs(self.account_costs, levels=self.strategy.tiers.levels)

    @cached_property
    def channel_choice(self) -> pd.DataFrame | None:
        """Return the table ``channel_choice``; None where a price, the margin or the gain of visits is not declared."""
        rules, channels = self.cost_rules, set(self.channels["channel"])
        is_priced = {"field", "inside"} <= channels and {"field", "inside"} <= set(rules.cost_per_hour)
        if not is_priced or rules.margin_rate is None or rules.visit_gain_share is None:
            return None
        table = choose_channels(
            self.account_tiers.assign(
                posture=self.account_postures,
                standing=self.account_kinds["standing"],
                win_probability=self.account_scores["win_probability"],
                **{name: self.account_travel[name]
                   for name in ("distance_km", "travel_km_per_call", "travel_hours_per_call")},
            ),
            self.account_effort,
            norms=self.call_norms,
            channels=self.channels,
            rules=rules,
        )
        return None if table.empty else table
