"""Chapter 4 of the chain: hours, people, territories and calls."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from salesmodel_kit.chain.workload import Workload
from salesmodel_kit.model.calendar import WorkRules, add_local_holidays
from salesmodel_kit.model.call_plan import CallPlan, CallRules, list_call_needs, plan_call_weeks
from salesmodel_kit.model.calls import plan_calls
from salesmodel_kit.model.grounds import UNDECLARED, PresentHours, describe_present_hours, find_weakest_basis
from salesmodel_kit.model.personas import draw_personas
from salesmodel_kit.model.plans import compare_plans, list_differences
from salesmodel_kit.model.sizes import SizeAnswer, draw_sizes, summarize_responses
from salesmodel_kit.model.territories import summarize_reps
from salesmodel_kit.model.tiers import summarize_tiers
from salesmodel_kit.model.workload import summarize_roles
from salesmodel_kit.tables import PERSONA_CARDS


@dataclass(frozen=True)
class Allocation(Workload):
    """Chapter 4: hours, people, territories and calls."""

    @cached_property
    def present_hours(self) -> PresentHours:
        """Return what the hours of today rest on: recorded, or calls x hours of a call, on how many accounts."""
        declared = self.profile.data_basis.get("present_hours_per_year")
        return describe_present_hours(
            self.unplaced_accounts["present_hours_per_year"],
            self.account_effort["present_hours_per_year"],
            basis=UNDECLARED if declared is None else declared.basis,
            source="" if declared is None else declared.source,
        )

    @property
    def present_hours_basis(self) -> str | None:
        """Return ``measured``, ``judged``, ``assumed``, ``undeclared``, ``mixed`` (some from calls) or None."""
        return self.present_hours.basis

    @property
    def default_hours_basis(self) -> str:
        """Return what the selling hours of a rep without own hours rest on: the weakest of the assumptions used."""
        names = {"selling_time_share", "travel_time_share", "working_hours_per_day"}
        source = self.selling_days["hours_from"]
        if (source == "assumption").any():
            names.add("working_days_per_year")
        if (source == "calendar").any():
            names |= {"leave_days_per_year", "training_days_per_year"} & set(self.known_assumptions)
        return find_weakest_basis(self.known_assumptions[name].basis for name in names)

    @cached_property
    def tier_summary(self) -> pd.DataFrame:
        """Return the table ``tier_summary``."""
        return summarize_tiers(self.account_tiers, self.account_effort, cutoffs=self.cutoffs)

    @cached_property
    def first_tier_summary(self) -> pd.DataFrame:
        """Return the table ``tier_summary`` before anybody is given an account: what a slider shows at once."""
        return summarize_tiers(self.account_tiers, self.first_effort, cutoffs=self.cutoffs)

    @cached_property
    def first_role_summary(self) -> pd.DataFrame:
        """Return the table ``role_summary`` before anybody is given an account."""
        return summarize_roles(self.first_effort, self.reps, default_hours=self.default_selling_hours)

    @cached_property
    def role_summary(self) -> pd.DataFrame:
        """Return the table ``role_summary``."""
        return summarize_roles(self.account_effort, self.reps, default_hours=self.default_selling_hours)

    @cached_property
    def response_summary(self) -> pd.DataFrame | None:
        """Return the table ``response_summary``; None without answers, or without hours and sales today."""
        if self.client.response is None:
            return None
        table = summarize_responses(self.client.response, self.tier_summary)
        return None if table.empty else table

    @cached_property
    def team_sizes(self) -> tuple[pd.DataFrame, SizeAnswer] | None:
        """Return the table ``sizes`` and what it says; None without curves, the margin or the cost of the reps."""
        cost = self.client.reps["cost_per_year"].mean()
        knows_margin = "contribution_margin_rate" in self.known_assumptions
        if self.response_summary is None or not knows_margin or not cost > 0:
            return None
        return draw_sizes(
            self.client.response,
            self.tier_summary,
            n_reps=float(len(self.client.reps)),
            cost_per_rep=float(cost),
            margin_rate=self.assume("contribution_margin_rate"),
        )

    @property
    def territories(self) -> pd.DataFrame:
        """Return the table ``territories``."""
        return self.territory_plan.table

    @property
    def territory_conditions(self) -> pd.DataFrame:
        """Return the table ``territory_conditions``."""
        return self.territory_plan.conditions

    @cached_property
    def plan_comparison(self) -> pd.DataFrame:
        """Return the table ``plan_comparison``."""
        return compare_plans(
            self.client.accounts,
            self.account_effort,
            self.team,
            proposed=self.territory_plan,
            rules=self.territory_rules,
            way=self.travel_rules,
        )

    @cached_property
    def plan_differences(self) -> pd.DataFrame:
        """Return the table ``plan_differences``."""
        return list_differences(
            self.client.accounts,
            self.account_effort,
            self.team,
            proposed=self.territory_plan,
            way=self.travel_rules,
        )

    @cached_property
    def rep_summary(self) -> pd.DataFrame:
        """Return the table ``rep_summary``."""
        return summarize_reps(
            self.territories, self.team, self.account_tiers, best_tier=self.strategy.tiers.levels[0]
        )

    @cached_property
    def calls(self) -> pd.DataFrame:
        """Return the table ``calls``."""
        return plan_calls(
            self.account_tiers, self.account_effort, self.territories, rep_names=self.reps.set_index("rep")["name"]
        )

    @cached_property
    def call_rules(self) -> CallRules:
        """Return when the call plan begins and what it keeps to, with the public holidays of the client's country."""
        return CallRules(
            self.profile.plan_year_start,
            self.profile.plan_start,
            WorkRules(self.public_holidays[""]),
            week_tolerance=self.assume("week_tolerance"),
            spacing_tolerance=self.assume("spacing_tolerance"),
            visits_a_journey=self.travel_rules.visits_a_journey,
            season=self.profile.seasonality,
        )

    @cached_property
    def dated_plan(self) -> CallPlan:
        """Return the calls of the year with their weeks, and how good that plan is."""
        needs = list_call_needs(
            self.client.accounts,
            self.account_effort,
            self.territories,
            self.client.calls_made,
            travel=self.account_travel,
            rules=self.call_rules,
        )
        previous = None if self.client.previous is None else self.client.previous.planned_calls
        leave = add_local_holidays(self.client.leave, self.client.reps, holidays=self.public_holidays)
        return plan_call_weeks(needs, self.reps, leave, rules=self.call_rules, previous=previous)

    @property
    def call_plan(self) -> pd.DataFrame:
        """Return the table ``call_plan``."""
        return self.dated_plan.table

    @property
    def call_weeks(self) -> pd.DataFrame:
        """Return the table ``call_weeks``."""
        return self.dated_plan.weeks

    @property
    def call_summary(self) -> pd.DataFrame:
        """Return the table ``call_summary``."""
        return self.dated_plan.summary

    @cached_property
    def persona_cards(self) -> pd.DataFrame:
        """Return the table ``persona_cards``: the typical account of each tier and segment."""
        cards = draw_personas(
            self.account_tiers,
            self.unplaced_accounts,
            self.account_effort,
            opportunities=self.client.opportunities,
            personas=self.client.personas,
        )
        label = self.client.segments.set_index("segment")["label"]
        return cards.assign(label=cards["segment"].map(label).astype("str"))[list(PERSONA_CARDS.names)]
