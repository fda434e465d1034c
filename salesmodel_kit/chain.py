"""Client to SalesModel: the whole chain in one call, each step computed once, on demand."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd
import yaml

from salesmodel_kit.client.folder import Client
from salesmodel_kit.client.profile import Assumption, Profile, Strategy
from salesmodel_kit.language import Language, set_type
from salesmodel_kit.model.calls import plan_calls
from salesmodel_kit.model.grounds import PresentHours, describe_present_hours, find_weakest_basis, list_norms
from salesmodel_kit.model.outcomes import WinRateComparison, compare_win_rates
from salesmodel_kit.model.plans import compare_plans
from salesmodel_kit.model.scores import derive_performances, explain_accounts, score_accounts
from salesmodel_kit.model.segments import explain_segments, score_segments
from salesmodel_kit.model.territories import TerritoryPlan, TerritoryRules, assign_accounts, summarize_reps
from salesmodel_kit.model.tiers import assign_tiers, find_cutoffs, summarize_tiers
from salesmodel_kit.model.weights import weigh_criteria
from salesmodel_kit.model.workload import estimate_present_hours, limit_capacity, plan_effort, summarize_roles
from salesmodel_kit.resources import find_resource
from salesmodel_kit.tables import ROLES


def build_model(client: Client) -> SalesModel:
    """Return the sales model of a client; steps are computed when asked for.

    Parameters
    ----------
    client : Client
        As ``open_client`` returns it.

    Returns
    -------
    SalesModel
        Pure: neither reads nor writes the client's folder, nor changes its tables.
    """
    return SalesModel(client)


def read_default_assumptions() -> dict[str, Assumption]:
    """Return the assumptions that hold where a client declares nothing else."""
    text = find_resource("templates", "assumptions.yaml").read_text(encoding="utf-8")
    return {name: Assumption(**entry) for name, entry in yaml.safe_load(text).items()}


@dataclass(frozen=True)
class SalesModel:
    """One client's chain, from market segments to call frequencies.

    Parameters
    ----------
    client : Client
        The checked input. Every table below is declared in ``tables.py``.
    """

    client: Client

    @property
    def profile(self) -> Profile:
        """Return the client's profile."""
        return self.client.profile

    @property
    def strategy(self) -> Strategy:
        """Return the strategy: weights, tier rule and call norms."""
        return self.client.strategy

    @cached_property
    def language(self) -> Language:
        """Return the client's language and currency."""
        return Language(self.profile.language, self.profile.currency)

    @cached_property
    def known_assumptions(self) -> Mapping[str, Assumption]:
        """Return every assumption in force: the client's own before the kit's defaults."""
        return {**read_default_assumptions(), **self.profile.assumptions}

    def assume(self, name: str) -> float:
        """Return the value of one assumption; its bounds were checked when the client was opened."""
        return self.known_assumptions[name].value

    @cached_property
    def assumptions(self) -> pd.DataFrame:
        """Return the table ``assumptions``: what the model rests on beside the tables."""
        rows = [
            {
                "name": name,
                "value": f"{entry.value:g}",
                "low": entry.low,
                "high": entry.high,
                "unit": entry.unit,
                "basis": entry.basis,
                "source": entry.source,
            }
            for name, entry in self.known_assumptions.items()
        ]
        rows += [
            {
                "name": name,
                "value": "",
                "low": None,
                "high": None,
                "unit": "",
                "basis": entry.basis,
                "source": entry.source,
            }
            for name, entry in self.profile.data_basis.items()
        ]
        stated = pd.DataFrame(rows).astype({"low": float, "high": float})
        norms = list_norms(self.call_norms, self.channels, sources=self.norm_sources)
        return pd.concat([stated, norms], ignore_index=True)

    @property
    def call_norms(self) -> pd.DataFrame:
        """Return the call norms in force, in the order in which they are declared."""
        return pd.DataFrame([norm.model_dump() for norm in self.strategy.call_norms])

    @property
    def norm_sources(self) -> dict[str, tuple[str, str]]:
        """Return basis and source of ``call_norms`` and of each channel's hours: the strategy's, or the client's."""
        changes, strategy = self.profile.strategy_changes, self.strategy
        label = set_type(strategy.label[self.language.code], self.language.code)
        theirs = ("assumed", self.language.text("strategy {label}", label=label))
        own = ("judged", self.language.text("changed for this client, in client.yaml"))
        is_own = {"call_norms": changes.call_norms is not None and changes.call_norms == strategy.call_norms}
        changed = changes.channels or {}
        is_own |= {name: changed.get(name) == norm for name, norm in strategy.channels.items()}
        return {name: own if yes else theirs for name, yes in is_own.items()}

    @cached_property
    def criteria(self) -> pd.DataFrame:
        """Return the criteria with ``effective_weight`` under the strategy."""
        return weigh_criteria(self.client.criteria, emphasis=self.strategy.emphasis)

    @cached_property
    def segment_scores(self) -> pd.DataFrame:
        """Return the table ``segment_scores``."""
        return score_segments(
            self.client.segments,
            self.criteria,
            self.client.accounts,
            minimum_known_share=self.assume("minimum_known_share"),
        )

    @cached_property
    def segment_contributions(self) -> pd.DataFrame:
        """Return the table ``segment_contributions``."""
        return explain_segments(self.client.segments, self.criteria)

    @cached_property
    def performances(self) -> pd.DataFrame:
        """Return the accounts with their derived performances."""
        return derive_performances(self.client.accounts, self.client.opportunities)

    @cached_property
    def account_scores(self) -> pd.DataFrame:
        """Return the table ``account_scores``."""
        return score_accounts(
            self.performances,
            self.criteria,
            potential_weight=self.strategy.potential_weight,
            minimum_known_share=self.assume("minimum_known_share"),
            win_probability_range=self._win_probability_range,
        )

    @property
    def _win_probability_range(self) -> tuple[float, float] | None:
        names = ("win_probability_at_worst", "win_probability_at_best")
        if not all(name in self.known_assumptions for name in names):
            return None
        return self.assume(names[0]), self.assume(names[1])

    @cached_property
    def account_contributions(self) -> pd.DataFrame:
        """Return what each criterion adds to each account's score."""
        return explain_accounts(self.performances, self.criteria, potential_weight=self.strategy.potential_weight)

    @cached_property
    def cutoffs(self) -> dict[str, float]:
        """Return the lowest score of each tier by the rule."""
        rule = self.strategy.tiers
        return find_cutoffs(self.account_scores, rule=rule.rule, gold=rule.gold, silver=rule.silver)

    @property
    def is_cut(self) -> bool:
        """Return whether the rule cuts tiers; by share of potential it cannot while no potential is known."""
        return not math.isnan(self.cutoffs["bronze"])

    @cached_property
    def account_tiers(self) -> pd.DataFrame:
        """Return the table ``account_tiers``."""
        return assign_tiers(
            self.account_scores,
            cutoffs=self.cutoffs,
            overrides=self.client.overrides,
            previous=self.client.accounts["previous_tier"],
        )

    @cached_property
    def reps(self) -> pd.DataFrame:
        """Return the reps, selling hours filled from the assumptions where they are missing, 0 for who leaves."""
        default = self.client.reps["role"].map(self.default_selling_hours).astype(float)
        hours = self.client.reps["selling_hours_per_year"].fillna(default)
        return self.client.reps.assign(
            selling_hours_per_year=hours.mask(self.client.reps["leaving"].fillna(False).astype(bool), 0.0)
        )

    @cached_property
    def default_selling_hours(self) -> dict[str, float]:
        """Return the selling hours per year of a rep, travel included, by role, from the assumptions."""
        worked = self.assume("working_days_per_year") * self.assume("working_hours_per_day")
        share = {role: self.assume("selling_time_share") for role in ROLES}
        share["field"] += self.assume("travel_time_share")
        return {role: worked * min(part, 1.0) for role, part in share.items()}

    @cached_property
    def channels(self) -> pd.DataFrame:
        """Return the hours of a call and the next channel, by channel."""
        rows = [{"channel": name, **norm.model_dump()} for name, norm in self.strategy.channels.items()]
        return pd.DataFrame(rows, columns=["channel", "hours_per_call", "travel_hours_per_call", "next_channel"])

    @cached_property
    def account_effort(self) -> pd.DataFrame:
        """Return the table ``account_effort``."""
        posture = self.account_tiers["segment"].map(self.segment_scores.set_index("segment")["posture"]).astype("str")
        norms = self.call_norms
        capacity = limit_capacity(self.reps, norms, self.channels)
        hours = estimate_present_hours(self.client.accounts, self.client.reps, self.channels)
        return plan_effort(
            self.account_tiers.assign(posture=posture),
            norms=norms,
            channels=self.channels,
            capacity=capacity,
            present_hours=hours,
        )

    @cached_property
    def present_hours(self) -> PresentHours:
        """Return what the hours of today rest on: recorded, or calls x hours of a call, on how many accounts."""
        declared = self.profile.data_basis.get("present_hours_per_year")
        return describe_present_hours(
            self.client.accounts["present_hours_per_year"],
            self.account_effort["present_hours_per_year"],
            basis="measured" if declared is None else declared.basis,
            source="" if declared is None else declared.source,
        )

    @property
    def present_hours_basis(self) -> str | None:
        """Return ``measured``, ``judged``, ``assumed``, ``mixed`` (some from calls) or None (nothing recorded)."""
        return self.present_hours.basis

    @property
    def default_hours_basis(self) -> str:
        """Return what the selling hours of a rep without own hours rest on: the weakest of the assumptions used."""
        names = ("selling_time_share", "travel_time_share", "working_days_per_year", "working_hours_per_day")
        return find_weakest_basis(self.known_assumptions[name].basis for name in names)

    @cached_property
    def tier_summary(self) -> pd.DataFrame:
        """Return the table ``tier_summary``."""
        return summarize_tiers(self.account_tiers, self.account_effort, cutoffs=self.cutoffs)

    @cached_property
    def role_summary(self) -> pd.DataFrame:
        """Return the table ``role_summary``."""
        return summarize_roles(self.account_effort, self.reps, default_hours=self.default_selling_hours)

    @cached_property
    def territory_rules(self) -> TerritoryRules:
        """Return what the plan of territories weighs and keeps to; potential is balanced where that is asked for."""
        is_asked = "potential_tolerance" in self.known_assumptions
        return TerritoryRules(
            self.assume("detour_factor"),
            self.assume("balance_tolerance"),
            self.assume("relation_km"),
            self.assume("potential_tolerance") if is_asked else None,
        )

    @cached_property
    def territory_plan(self) -> TerritoryPlan:
        """Return the proposed plan with its bound and the conditions that it could not meet."""
        return assign_accounts(self.client.accounts, self.account_effort, self.reps, rules=self.territory_rules)

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
            self.reps,
            proposed=self.territory_plan,
            rules=self.territory_rules,
        )

    @cached_property
    def rep_summary(self) -> pd.DataFrame:
        """Return the table ``rep_summary``."""
        return summarize_reps(self.territories, self.reps, self.account_tiers)

    @cached_property
    def calls(self) -> pd.DataFrame:
        """Return the table ``calls``."""
        return plan_calls(
            self.account_tiers, self.account_effort, self.territories, rep_names=self.reps.set_index("rep")["name"]
        )

    @cached_property
    def win_rates_by_segment(self) -> WinRateComparison | None:
        """Return won and lost deals by segment, tested against chance; None without closed deals in two segments."""
        deals = self.client.opportunities
        if deals is None:
            return None
        label = self.client.segments.set_index("segment")["label"]
        segment = self.client.accounts.set_index("account")["segment"].map(label)
        return compare_win_rates(deals["account"].map(segment), deals["status"])

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return every step's table by name, in the order of the chain."""
        names = (
            "segment_scores",
            "segment_contributions",
            "account_scores",
            "account_contributions",
            "account_tiers",
            "tier_summary",
            "account_effort",
            "role_summary",
            "territories",
            "territory_conditions",
            "plan_comparison",
            "rep_summary",
            "calls",
            "assumptions",
        )
        tables = {name: getattr(self, name) for name in names}
        if self.win_rates_by_segment is not None:
            tables["win_rates"] = self.win_rates_by_segment.table
        return tables
