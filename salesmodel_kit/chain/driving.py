"""Chapter 4 of the chain, third part: hours and territories, which rest on one another through the way."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from salesmodel_kit.chain.offices import Offices
from salesmodel_kit.model.driven import DrivenPlan, settle_plan
from salesmodel_kit.model.territories import TerritoryPlan, TerritoryRules


@dataclass(frozen=True)
class Driving(Offices):
    """Chapter 4, third part: who looks after whom, and the hours that follow."""

    @cached_property
    def territory_rules(self) -> TerritoryRules:
        """Return what the plan of territories weighs and keeps to; potential is balanced where that is asked for."""
        return TerritoryRules(
            self.assume("detour_factor"),
            self.assume("balance_tolerance"),
            self.assume("relation_km"),
            self.assume_if_known("potential_tolerance"),
            self.travel_rules.speed_kmh,
            self.assume("balance_from_load"),
        )

    @cached_property
    def driven_plan(self) -> DrivenPlan:
        """Return ways, hours and territories that agree."""
        return settle_plan(self.client.accounts, self.team, (self.first_travel, self.first_effort),
                           plan_hours=self._plan_hours, rules=(self.territory_rules, self.travel_rules))

    @property
    def account_travel(self) -> pd.DataFrame:
        """Return the table ``account_travel``: from the rep of the plan, else from who is locked or the nearest."""
        return self.driven_plan.travel

    @property
    def account_effort(self) -> pd.DataFrame:
        """Return the table ``account_effort``, by the ways of the plan; without a speed ways take the norms' hours."""
        return self.first_effort if self.travel_rules.speed_kmh is None else self.driven_plan.effort

    @property
    def territory_plan(self) -> TerritoryPlan:
        """Return the proposed plan with its bound and the conditions that it could not meet."""
        return self.driven_plan.territories
