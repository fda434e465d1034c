"""Chapter 3 of the chain: tiers, how sure they are, and who moved."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
import pandas as pd

from salesmodel_kit.chain.accounts import Accounts
from salesmodel_kit.chain.placing import place_accounts
from salesmodel_kit.model.acceptability import ScoreTerms
from salesmodel_kit.model.backtest import BackTest, compare_rankings
from salesmodel_kit.model.draws import Weightings, draw_weightings
from salesmodel_kit.model.history import recall_accounts
from salesmodel_kit.model.margins import find_shifts
from salesmodel_kit.model.norms import measure_norms
from salesmodel_kit.model.robustness import TierCuts, assess_robustness, make_terms, measure_influence, rank_robustness
from salesmodel_kit.model.scores import derive_performances
from salesmodel_kit.model.tier_rules import find_level_cutoffs
from salesmodel_kit.model.tiers import assign_tiers
from salesmodel_kit.model.vetoes import apply_vetoes

#: Weightings under which tiers are tried: a share is sure to about 2 points (95 %), and the same on each run.
N_WEIGHTINGS, WEIGHTING_SEED = 2000, 20260101


@dataclass(frozen=True)
class Portfolio(Accounts):
    """Chapter 3: tiers, how sure they are, and what they would have held a year ago."""

    @cached_property
    def cutoffs(self) -> dict[str, float]:
        """Return the lowest score of each tier by the rule."""
        rule, needs_hours = self.strategy.tiers, self.strategy.tiers.rule == "capacity"
        return find_level_cutoffs(
            self.account_scores.assign(posture=self.account_kinds["kind"]) if needs_hours else self.account_scores,
            rule=rule.rule,
            levels=rule.levels,
            cuts=rule.cuts,
            hours=self._measure_norms() if needs_hours else None,
        )

    def _measure_norms(self) -> pd.DataFrame:
        kinds = pd.concat([self.account_kinds, pd.DataFrame({"kind": ["any"]})]).drop_duplicates("kind")
        return measure_norms(self.call_norms, self.channels, capacity=self.capacity, kinds=kinds)

    @property
    def account_postures(self) -> pd.Series:
        """Return the posture of each account's segment, in the order of the accounts."""
        return self.account_scores["segment"].map(self.segment_scores.set_index("segment")["posture"]).astype("str")

    @cached_property
    def account_kinds(self) -> pd.DataFrame:
        """Return what call norms may tell apart of each account: segment, posture, customer or prospect."""
        sales = self.account_scores["sales_per_year"]
        standing = pd.Series(np.where(sales > 0, "customer", "prospect"), sales.index, dtype="object")
        table = self.account_scores[["account", "segment"]].assign(
            posture=self.account_postures, standing=standing.mask(sales.isna()).astype("str")
        )
        parts = table[["posture", "segment", "standing"]].astype(object).fillna("")
        return table.assign(kind=parts["posture"] + "|" + parts["segment"] + "|" + parts["standing"])

    @cached_property
    def previous(self) -> Self | None:
        """Return the model of the previous run that the client's folder keeps; None where it keeps none."""
        return None if self.client.previous is None else type(self)(*place_accounts(self.client.previous))

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
        rule, vetoed = self.strategy.tiers, self.account_scores["account"].isin(self.vetoes["account"]).to_numpy()
        previous, margin = pd.Index(rule.levels).get_indexer(self.previous_tiers), self.assume("tier_margin")
        has_margin = margin > 0 and (previous >= 0).any()
        shifts = find_shifts(previous, n_cuts=len(rule.levels) - 1, margin=margin) if has_margin else None
        if rule.rule not in ("account_share", "potential_share") or not self.is_cut:
            return TierCuts(self.cutoffs, vetoed=vetoed, shifts=shifts, is_declared=rule.rule == "cutoff")
        shares = np.cumsum([getattr(rule, tier) for tier in list(self.cutoffs)[:-1]])
        potential = self.account_scores["potential_per_year"].to_numpy(float)
        sizes = np.ones(len(potential)) if rule.rule == "account_share" else potential
        return TierCuts(self.cutoffs, tuple(shares), sizes, vetoed, shifts, is_declared=False)

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
    def back_test(self) -> BackTest | None:
        """Return what gold of a year before the end of the data would have held of later sales; None without deals."""
        deals = self.client.opportunities
        if deals is None:
            return None
        day = (pd.Timestamp(self.profile.data_until) - pd.DateOffset(years=1)).date()
        then = derive_performances(recall_accounts(self.client.accounts, deals, day=day), None)
        n_gold = int((self.account_tiers["tier_by_rule"] == self.strategy.tiers.levels[0]).sum())
        return compare_rankings(self._score(then), deals, day=day, n_gold=n_gold)
