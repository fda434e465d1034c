"""Chapter 4 of the chain, first part: what the tiers ask for, before anybody is given an account."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from salesmodel_kit.chain.portfolio import Portfolio
from salesmodel_kit.model.norms import count_wanted_visits, match_norms
from salesmodel_kit.model.travel import TravelRules, estimate_travel, fill_journey, measure_ways, share_ways
from salesmodel_kit.model.workload import estimate_present_hours, plan_effort


@dataclass(frozen=True)
class FirstHours(Portfolio):
    """Chapter 4, first part: call norms, ways from the nearest home, and the hours that follow."""

    def assume_if_known(self, name: str) -> float | None:
        """Return the value of an assumption that a client need not make; None where it does not."""
        return self.assume(name) if name in self.known_assumptions else None

    @cached_property
    def travel_rules(self) -> TravelRules:
        """Return what a journey is; how many visits share one follows from the hours of a day where nobody says."""
        hours = self.channels.set_index("channel")[["hours_per_call", "travel_hours_per_call"]].sum(axis=1)
        return TravelRules(
            self.assume("detour_factor"),
            fill_journey(self.assume_if_known("calls_per_tour_day"), day_hours=self.assume("working_hours_per_day"),
                         hours_per_visit=float(hours.get("field", 0.0))),
            self.assume("area_km"),
            self.assume_if_known("travel_speed_kmh"),
        )

    @cached_property
    def hours_today(self) -> pd.Series:
        """Return the hours spent on each account in the last 12 months, in the order of the accounts."""
        accounts = self.unplaced_accounts
        travel = estimate_travel(accounts, self.client.reps, fixed=accounts["owner"],
                                 visits=accounts["present_calls_per_year"], rules=self.travel_rules)
        return estimate_present_hours(accounts, self.client.reps, self.channels,
                                      travel=travel["travel_hours_per_call"])

    @cached_property
    def first_ways(self) -> pd.DataFrame:
        """Return the ways before anybody is given an account: from who is locked, else the nearest home of a seller."""
        sellers = self.reps[self.reps["selling_hours_per_year"] > 0]
        return measure_ways(self.unplaced_accounts, sellers, fixed=self.client.accounts["locked_rep"],
                            detour_factor=self.travel_rules.detour_factor)

    @cached_property
    def first_travel(self) -> pd.DataFrame:
        """Return the first ways, with the journeys that the visits asked for share."""
        return share_ways(self.unplaced_accounts, self.first_ways, fixed=self.client.accounts["locked_rep"],
                          visits=count_wanted_visits(self.wanted_norms), rules=self.travel_rules)

    @cached_property
    def first_effort(self) -> pd.DataFrame:
        """Return the hours before anybody is given an account: what a slider shows at once."""
        return self._plan_hours(self.first_travel["travel_hours_per_call"], None)

    @property
    def _asking_accounts(self) -> pd.DataFrame:
        return self.account_tiers.assign(posture=self.account_postures, standing=self.account_kinds["standing"])

    @cached_property
    def wanted_norms(self) -> pd.DataFrame:
        """Return the call norm of each account."""
        return match_norms(self._asking_accounts, self.call_norms)

    def _plan_hours(self, on_the_way: pd.Series, is_left: np.ndarray | None) -> pd.DataFrame:
        """Return the table ``account_effort`` for hours on the way of a visit and accounts that the field leaves."""
        asking = self._asking_accounts.assign(travel_hours_per_call=on_the_way)
        is_free = is_left is not None
        return plan_effort(
            asking.assign(is_left=is_left) if is_free else asking,
            norms=self.call_norms,
            wanted=self.wanted_norms,
            channels=self.channels,
            capacity=self.capacity | {"field": np.inf} if is_free else self.capacity,
            present_hours=self.hours_today,
        )
