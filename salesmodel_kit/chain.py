"""Client to SalesModel: the whole chain in one call, each step computed once, on demand."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
import pandas as pd
import yaml

from salesmodel_kit.client.folder import Client
from salesmodel_kit.client.profile import Assumption, DataBasis, Profile, Strategy
from salesmodel_kit.errors import InputProblems, Message, Problem
from salesmodel_kit.language import N_, Language, set_type
from salesmodel_kit.model.acceptability import ScoreTerms
from salesmodel_kit.model.account_groups import AccountGroups, group_accounts
from salesmodel_kit.model.backtest import BackTest, compare_rankings
from salesmodel_kit.model.ballots import score_ratings
from salesmodel_kit.model.calls import plan_calls
from salesmodel_kit.model.criteria_tree import select_leaves, weigh_tree
from salesmodel_kit.model.dispersion import spread_raters
from salesmodel_kit.model.draws import Weightings, draw_weightings
from salesmodel_kit.model.explanations import explain_distances, list_missing_data
from salesmodel_kit.model.frozen_rule import fill_segments, thaw_rule
from salesmodel_kit.model.grounds import PresentHours, describe_present_hours, find_weakest_basis, list_norms
from salesmodel_kit.model.group_profiles import describe_groups, summarize_groups
from salesmodel_kit.model.groups import choose_weights
from salesmodel_kit.model.history import recall_accounts
from salesmodel_kit.model.outcomes import WinRateComparison, compare_win_rates
from salesmodel_kit.model.personas import draw_personas
from salesmodel_kit.model.plans import compare_plans
from salesmodel_kit.model.robustness import (
    TierCuts,
    assess_robustness,
    make_terms,
    measure_influence,
    rank_robustness,
)
from salesmodel_kit.model.scores import derive_performances, explain_accounts, score_accounts, set_win_probability
from salesmodel_kit.model.segments import explain_segments, score_segments
from salesmodel_kit.model.sizes import SizeAnswer, draw_sizes, summarize_responses
from salesmodel_kit.model.territories import TerritoryPlan, TerritoryRules, assign_accounts, summarize_reps
from salesmodel_kit.model.tier_rules import find_level_cutoffs
from salesmodel_kit.model.tiers import assign_tiers, summarize_tiers
from salesmodel_kit.model.vetoes import apply_vetoes, find_vetoes
from salesmodel_kit.model.voting import Voting
from salesmodel_kit.model.weight_sets import WeightSetComparison, compare_weight_sets
from salesmodel_kit.model.weights import weigh_criteria
from salesmodel_kit.model.win_model import WinModel, fit_win_model, set_beside
from salesmodel_kit.model.workload import (
    estimate_present_hours,
    limit_capacity,
    measure_norms,
    plan_effort,
    summarize_roles,
)
from salesmodel_kit.resources import find_resource
from salesmodel_kit.tables import PERSONA_CARDS, ROLES

#: The assumptions that say how the probability to win follows the win score.
WIN_PROBABILITY_RANGE = ("win_probability_at_worst", "win_probability_at_best")
#: Weightings under which tiers are tried: a share is sure to about 2 points (95 %), and the same on each run.
N_WEIGHTINGS, WEIGHTING_SEED = 2000, 20260101


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

    Raises
    ------
    InputProblems
        An account declares no segment and the rule of the client's folder finds none for it.
    """
    if client.segment_rule is None or not client.accounts["segment"].isna().any():
        return SalesModel(client)
    rule = client.segment_rule.model_dump()
    placed = fill_segments(client.accounts, thaw_rule(rule["features"], rule["groups"]),
                           [entry.segment for entry in client.segment_rule.groups])
    if placed["segment"].isna().any():
        raise InputProblems(str(client.source), _describe_unplaced(placed[placed["segment"].isna()]))
    accounts = client.accounts.assign(segment=client.accounts["segment"].fillna(placed["segment"]))
    return SalesModel(replace(client, accounts=accounts), placed)


def _describe_unplaced(unplaced: pd.DataFrame) -> list[Problem]:
    unknown = Message("Nothing is known of this account that the rule of the segments looks at; write its segment "
                      "here.")
    problems = []
    for account, group in zip(unplaced["account"], unplaced["group"], strict=True):
        message = unknown if pd.isna(group) else Message(
            "The group {group} that this account is most like has no segment; write one beside it in "
            "segments_from_accounts.yaml, or write the account's segment here.", {"group": group})
        problems.append(Problem(message, file="accounts.csv", column="segment", value=account))
    return problems[:_MOST_UNPLACED]


#: Accounts without a place that are named.
_MOST_UNPLACED = 20


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
    placed : DataFrame or None
        Accounts whose segment the rule of the client's folder gave, with ``group`` and ``group_probability``.
    """

    client: Client
    placed: pd.DataFrame | None = None

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
        code = self.profile.language
        return Language(code, self.profile.currency, self.strategy.tiers.find_words(code))

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
            for name, entry in self.data_basis.items()
        ]
        stated = pd.DataFrame(rows).astype({"low": float, "high": float})
        norms = list_norms(self.call_norms, self.channels, sources=self.norm_sources)
        return pd.concat([self._state_win_probability(stated), norms], ignore_index=True)

    def _state_win_probability(self, stated: pd.DataFrame) -> pd.DataFrame:
        """Return the assumptions with what the probability to win rests on, where deals replace the declared range."""
        if self.win_model is None or self.win_probability_basis != "measured":
            return stated
        n_deals = self.language.number(self.win_model.n_won + self.win_model.n_lost)
        source = self.language.text("regression on closed deals: {n_deals}", n_deals=n_deals)
        row = {"name": "win_probability", "value": "", "unit": "", "basis": "measured", "source": source}
        return pd.concat([stated[~stated["name"].isin(WIN_PROBABILITY_RANGE)], pd.DataFrame([row])], ignore_index=True)

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
    def votes_basis(self) -> DataBasis | None:
        """Return what weights from votes rest on: how many voted, and how far they agree; None without votes."""
        if self.voting is None:
            return None
        latest = self.voting.agreement.drop_duplicates(["weight_set", "axis"], keep="last")
        n_participants, concordance = latest["n_participants"].max(), latest["concordance"].dropna()
        word = self.language.plural(n_participants, N_("votes of {n} participant"), N_("votes of {n} participants"))
        parts = [self.language.text(word, n=n_participants)]
        if len(concordance):
            low, high = (self.language.number(value, 2) for value in (concordance.min(), concordance.max()))
            said = N_("Kendall's W {low}") if low == high else N_("Kendall's W {low} to {high} by axis")
            parts.append(self.language.text(said, low=low, high=high))
        return DataBasis(basis="judged", source=", ".join(parts))

    @property
    def data_basis(self) -> dict[str, DataBasis]:
        """Return what the client declared about its columns, and the votes where their weights count."""
        voted = {"weight": self.votes_basis} if self.profile.weights_from == "votes" and self.votes_basis else {}
        return self.profile.data_basis | voted

    @cached_property
    def criteria(self) -> pd.DataFrame:
        """Return the criteria that are measured, with ``effective_weight`` under the strategy."""
        criteria = self.measured_criteria
        if self.profile.weights_from == "votes" and self.voting is not None:
            criteria = choose_weights(criteria, self.voting.group_weights, self.profile.weight_set)
        return weigh_criteria(criteria, emphasis=self.strategy.emphasis)

    @cached_property
    def measured_criteria(self) -> pd.DataFrame:
        """Return the criteria that are measured, with their declared weights; those with sub-criteria are left out."""
        return select_leaves(self.client.criteria)

    @cached_property
    def criteria_tree(self) -> pd.DataFrame:
        """Return every criterion with local and global weight, those with sub-criteria too."""
        return weigh_tree(self.client.criteria, self.criteria)

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
        """Return the table ``account_scores``; the probability to win is measured where deals can tell."""
        scores = self._score(self.performances)
        if self.win_model is None or self.win_model.equation is None or not self.win_model.can_tell:
            return scores
        return set_win_probability(scores, self.win_model.equation.predict(self.performances))

    def _score(self, performances: pd.DataFrame) -> pd.DataFrame:
        return score_accounts(
            performances,
            self.criteria,
            potential_weight=self.strategy.potential_weight,
            minimum_known_share=self.assume("minimum_known_share"),
            win_probability_range=self.win_probability_range,
        )

    @property
    def win_probability_range(self) -> tuple[float, float] | None:
        """Return the declared probability to win at win score 0 and at 1; None where nobody declared it."""
        if not all(name in self.known_assumptions for name in WIN_PROBABILITY_RANGE):
            return None
        worst, best = (self.assume(name) for name in WIN_PROBABILITY_RANGE)
        return worst, best

    @cached_property
    def account_contributions(self) -> pd.DataFrame:
        """Return what each criterion adds to each account's score."""
        return explain_accounts(self.performances, self.criteria, potential_weight=self.strategy.potential_weight)

    @cached_property
    def account_distances(self) -> pd.DataFrame:
        """Return what each criterion adds to each account's distance from the portfolio's mean score."""
        return explain_distances(
            self.performances,
            self.criteria,
            scores=self.account_scores,
            potential_weight=self.strategy.potential_weight,
        )

    @cached_property
    def account_gaps(self) -> pd.DataFrame:
        """Return the table ``account_gaps``: what the accounts without a score lack."""
        return list_missing_data(
            self.performances,
            self.criteria,
            scores=self.account_scores,
            potential_weight=self.strategy.potential_weight,
            minimum_known_share=self.assume("minimum_known_share"),
        )

    @cached_property
    def vetoes(self) -> pd.DataFrame:
        """Return the table ``vetoes``: performances that keep accounts out of gold."""
        return find_vetoes(self.performances, self.criteria[self.criteria["axis"].isin(["potential", "chance"])])

    @cached_property
    def cutoffs(self) -> dict[str, float]:
        """Return the lowest score of each tier by the rule."""
        rule, needs_hours = self.strategy.tiers, self.strategy.tiers.rule == "capacity"
        return find_level_cutoffs(
            self.account_scores.assign(posture=self.account_postures) if needs_hours else self.account_scores,
            rule=rule.rule,
            levels=rule.levels,
            cuts=rule.cuts,
            hours=measure_norms(self.call_norms, self.channels, capacity=self.capacity) if needs_hours else None,
        )

    @property
    def account_postures(self) -> pd.Series:
        """Return the posture of each account's segment, in the order of the accounts."""
        return self.account_scores["segment"].map(self.segment_scores.set_index("segment")["posture"]).astype("str")

    @cached_property
    def capacity(self) -> dict[str, float]:
        """Return the hours of each role that whole accounts can fill."""
        return limit_capacity(self.reps, self.call_norms, self.channels)

    @cached_property
    def previous(self) -> SalesModel | None:
        """Return the model of the previous run that the client's folder keeps; None where it keeps none."""
        return None if self.client.previous is None else build_model(self.client.previous)

    @cached_property
    def previous_tiers(self) -> pd.Series:
        """Return each account's tier in the previous run, else the one noted with the account; missing: none."""
        noted = self.client.accounts["previous_tier"]
        if self.previous is None:
            return noted
        known = self.previous.account_tiers.set_index("account")["tier"]
        return self.client.accounts["account"].map(known).astype("str").fillna(noted)

    @property
    def is_cut(self) -> bool:
        """Return whether the rule cuts tiers; by share of potential it cannot while no potential is known."""
        return not math.isnan(self.cutoffs[self.strategy.tiers.levels[-1]])

    @cached_property
    def account_tiers(self) -> pd.DataFrame:
        """Return the table ``account_tiers``."""
        tiers = assign_tiers(
            self.account_scores,
            cutoffs=self.cutoffs,
            overrides=self.client.overrides,
            previous=self.previous_tiers,
            margin=self.assume("tier_margin"),
        )
        return apply_vetoes(tiers, self.vetoes, levels=self.strategy.tiers.levels)

    @cached_property
    def weightings(self) -> Weightings:
        """Return the weightings under which tiers are tried: by the group's votes, else in the order of the weights."""
        rows = self.criteria[self.criteria["axis"].isin(["potential", "chance"])]
        emphasis = rows["serves"].map(dict(self.strategy.emphasis)).astype(float).fillna(1.0)
        votes = self.weight_votes
        if votes is not None:
            of_set = self.profile.weight_set
            votes = votes[votes["weight_set"].isna() if of_set is None else votes["weight_set"] == of_set]
        return draw_weightings(rows.assign(emphasis=emphasis), votes, n_draws=N_WEIGHTINGS, seed=WEIGHTING_SEED)

    @cached_property
    def score_terms(self) -> ScoreTerms:
        """Return what the accounts' scores are made of, but for the weights."""
        return make_terms(
            self.performances, self.weightings.criteria, potential_weight=self.strategy.potential_weight
        )

    @cached_property
    def tier_cuts(self) -> TierCuts:
        """Return how tiers are cut when weights change: shares anew, all other rules at the cutoffs of today."""
        rule = self.strategy.tiers
        if rule.rule not in ("account_share", "potential_share") or not self.is_cut:
            return TierCuts(self.cutoffs)
        shares = np.cumsum([getattr(rule, tier) for tier in list(self.cutoffs)[:-1]])
        potential = self.account_scores["potential_per_year"].to_numpy(float)
        sizes = np.ones(len(potential)) if rule.rule == "account_share" else potential
        return TierCuts(self.cutoffs, tuple(shares), sizes)

    @cached_property
    def robustness(self) -> pd.DataFrame:
        """Return the table ``robustness``."""
        return assess_robustness(
            self.account_tiers,
            self.score_terms,
            self.weightings,
            cuts=self.tier_cuts,
            close_call_share=self.assume("close_call_share"),
        )

    @cached_property
    def rank_robustness(self) -> pd.DataFrame:
        """Return the table ``rank_robustness``."""
        return rank_robustness(self.account_tiers, self.score_terms, self.weightings)

    @cached_property
    def criterion_influence(self) -> pd.DataFrame:
        """Return the table ``criterion_influence``."""
        return measure_influence(self.account_tiers, self.score_terms, self.weightings, cuts=self.tier_cuts)

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
        hours = estimate_present_hours(self.client.accounts, self.client.reps, self.channels)
        return plan_effort(
            self.account_tiers.assign(posture=self.account_postures),
            norms=self.call_norms,
            channels=self.channels,
            capacity=self.capacity,
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
        return summarize_reps(
            self.territories, self.reps, self.account_tiers, best_tier=self.strategy.tiers.levels[0]
        )

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

    @cached_property
    def win_model(self) -> WinModel | None:
        """Return what closed deals say of the criteria of chance; None without a table of deals."""
        if self.client.opportunities is None:
            return None
        learned = _learn_from_deals(_Frames(self.client.accounts, self.client.opportunities, self.measured_criteria))
        return replace(learned, table=set_beside(learned.table, self.criteria))

    @property
    def win_probability_basis(self) -> str | None:
        """Return ``measured`` (from deals), the basis of the declared range, or None where there is neither."""
        if self.win_model is not None and self.win_model.can_tell:
            return "measured"
        if self.win_probability_range is None:
            return None
        return find_weakest_basis(self.known_assumptions[name].basis for name in WIN_PROBABILITY_RANGE)

    @cached_property
    def back_test(self) -> BackTest | None:
        """Return what gold of a year before the end of the data would have held of later sales; None without deals."""
        deals = self.client.opportunities
        if deals is None:
            return None
        day = (pd.Timestamp(self.profile.data_until) - pd.DateOffset(years=1)).date()
        then = derive_performances(recall_accounts(self.client.accounts, deals, day=day), None)
        n_gold = int((self.account_tiers["tier_by_rule"] == self.strategy.tiers.levels[0]).sum())
        return compare_rankings(self._score(then), deals, day=day, n_gold=n_gold)

    @cached_property
    def voting(self) -> Voting | None:
        """Return what the room voted on weights; None without such votes."""
        votes = self.client.votes
        if votes is None or (votes["kind"] == "rating").all():
            return None
        return Voting(votes, self.measured_criteria, self.client.participants)

    @property
    def weight_votes(self) -> pd.DataFrame | None:
        """Return the table ``weight_votes``: each participant's weights of the latest round; None without votes."""
        return None if self.voting is None else self.voting.latest

    @cached_property
    def segment_votes(self) -> pd.DataFrame | None:
        """Return the table ``segment_votes``: where each rater puts each segment; None without ratings."""
        votes = self.client.votes
        if votes is None or not (votes["kind"] == "rating").any():
            return None
        emphasis = self.criteria["serves"].map(dict(self.strategy.emphasis)).astype(float).fillna(1.0)
        return score_ratings(
            votes,
            self.client.segments,
            self.criteria.assign(emphasis=emphasis),
            weights=self.weight_votes,
            participants=self.client.participants,
        )

    @cached_property
    def weight_sets(self) -> WeightSetComparison | None:
        """Return what the weights that do not count would change; None without votes."""
        if self.voting is None:
            return None
        text = self.language.text
        names = {("declared", None): text("Declared weights"), ("votes", None): text("Votes of the group")}
        known = {("declared", None), *(("votes", name) for name in self.voting.weight_sets)}
        ours = (self.profile.weights_from, self.profile.weight_set)
        others = [choice for choice in sorted(known, key=str) if choice != ours]
        results = {names.get(choice, choice[1]): self.under_weights(*choice) for choice in others}
        chosen = {names.get(ours, ours[1]): self} | results
        return compare_weight_sets(
            {
                name: model.account_tiers.assign(rank_by_value=model.account_scores["rank_by_value"])
                for name, model in chosen.items()
            },
            in_force=next(iter(chosen)),
        )

    def under_weights(self, weights_from: str, weight_set: str | None) -> SalesModel:
        """Return the same client's model had these weights counted: ``declared``, or a set of the votes."""
        choice = {"weights_from": weights_from, "weight_set": weight_set}
        return SalesModel(replace(self.client, profile=self.profile.model_copy(update=choice)))

    @cached_property
    def segment_dispersion(self) -> pd.DataFrame | None:
        """Return the table ``segment_dispersion``: how far the raters lie apart; None without ratings."""
        return None if self.segment_votes is None else spread_raters(self.segment_votes)

    @cached_property
    def account_groups(self) -> AccountGroups | None:
        """Return the groups that the accounts show of themselves; None where too little is known to look for any."""
        accounts = self.client.accounts
        if self.placed is not None:
            accounts = accounts.assign(segment=accounts["segment"].mask(accounts.index.isin(self.placed.index)))
        return group_accounts(accounts, self.measured_criteria)

    @cached_property
    def group_summary(self) -> pd.DataFrame | None:
        """Return the table ``group_summary``; None without groups to look for."""
        if self.account_groups is None:
            return None
        return summarize_groups(self.account_groups, self.client.accounts, self.client.segments)

    @cached_property
    def group_features(self) -> pd.DataFrame | None:
        """Return the table ``group_features``; None without groups to look for."""
        if self.account_groups is None:
            return None
        labels = self.client.criteria.drop_duplicates("criterion").set_index("criterion")["label"]
        return describe_groups(self.account_groups, self.client.accounts, labels)

    @cached_property
    def persona_cards(self) -> pd.DataFrame:
        """Return the table ``persona_cards``: the typical account of each tier and segment."""
        cards = draw_personas(
            self.account_tiers,
            self.client.accounts,
            self.account_effort,
            opportunities=self.client.opportunities,
            personas=self.client.personas,
        )
        label = self.client.segments.set_index("segment")["label"]
        return cards.assign(label=cards["segment"].map(label).astype("str"))[list(PERSONA_CARDS.names)]

    @property
    def _segmentation_tables(self) -> dict[str, pd.DataFrame]:
        groups = self.account_groups
        tables = {"segment_dispersion": self.segment_dispersion, "persona_cards": self.persona_cards}
        if groups is not None:
            tables |= {
                "account_groups": groups.accounts,
                "group_choice": groups.choice,
                "group_summary": self.group_summary,
                "group_features": self.group_features,
            }
        return {name: table for name, table in tables.items() if table is not None}

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return every step's table by name, in the order of the chain."""
        names = (
            "segment_scores",
            "segment_contributions",
            "account_scores",
            "account_contributions",
            "account_distances",
            "account_gaps",
            "vetoes",
            "account_tiers",
            "robustness",
            "rank_robustness",
            "criterion_influence",
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
        if self.response_summary is not None:
            tables["response_summary"] = self.response_summary
        if self.team_sizes is not None:
            tables["sizes"] = self.team_sizes[0]
        if self.win_model is not None:
            tables |= {"win_model": self.win_model.table, "win_accuracy": self.win_model.accuracy,
                       "calibration": self.win_model.calibration}
        if self.back_test is not None and self.back_test.is_told:
            tables |= {"back_test": self.back_test.table, "back_test_curve": self.back_test.curve}
        return tables | self._vote_tables() | self._segmentation_tables

    def _vote_tables(self) -> dict[str, pd.DataFrame]:
        """Return what the group thinks; single votes are private and stay out."""
        if self.voting is None:
            return {}
        tables = {"group_weights": self.voting.group_weights, "agreement": self.voting.agreement}
        if self.voting.round_changes is not None:
            tables["round_changes"] = self.voting.round_changes
        return tables | {"weight_sets": self.weight_sets.table, "tier_changes": self.weight_sets.changes}


class _Frames(tuple):
    """Tables of a client, the same only where they are the same objects: a client's tables never change."""

    def __new__(cls, *frames: pd.DataFrame) -> _Frames:
        return super().__new__(cls, frames)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Frames) and all(ours is theirs for ours, theirs in zip(self, other, strict=True))

    def __hash__(self) -> int:
        return hash(tuple(map(id, self)))


@lru_cache(maxsize=2)
def _learn_from_deals(frames: _Frames) -> WinModel:
    """Return the win model of a client once, whatever the strategy: a slider must not wait for it."""
    accounts, deals, criteria = frames
    return fit_win_model(
        derive_performances(accounts, deals), deals, criteria.assign(effective_weight=criteria["weight"]))
