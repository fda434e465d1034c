"""Chapter 1 of the chain: market segments, and the groups that the accounts show."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from salesmodel_kit.chain.judgement import Judgement
from salesmodel_kit.model.account_groups import AccountGroups, group_accounts
from salesmodel_kit.model.dispersion import spread_raters
from salesmodel_kit.model.group_profiles import describe_groups, summarize_groups
from salesmodel_kit.model.outcomes import WinRateComparison, compare_win_rates
from salesmodel_kit.model.segments import explain_segments, score_segments


@dataclass(frozen=True)
class Segments(Judgement):
    """Chapter 1: market segments, and the groups that the accounts show of themselves."""

    @cached_property
    def segment_scores(self) -> pd.DataFrame:
        """Return the table ``segment_scores``."""
        return score_segments(
            self.client.segments,
            self.segment_criteria,
            self.unplaced_accounts,
            minimum_known_share=self.assume("minimum_known_share"),
        )

    @cached_property
    def segment_contributions(self) -> pd.DataFrame:
        """Return the table ``segment_contributions``."""
        return explain_segments(self.client.segments, self.segment_criteria)

    @cached_property
    def segment_dispersion(self) -> pd.DataFrame | None:
        """Return the table ``segment_dispersion``: how far the raters lie apart; None without ratings."""
        return None if self.segment_votes is None else spread_raters(self.segment_votes)

    @cached_property
    def account_groups(self) -> AccountGroups | None:
        """Return the groups that the accounts show of themselves; None where too little is known to look for any."""
        accounts = self.unplaced_accounts
        if self.placed is not None:
            accounts = accounts.assign(segment=accounts["segment"].mask(accounts.index.isin(self.placed.index)))
        return group_accounts(accounts, self.measured_criteria)

    @cached_property
    def group_summary(self) -> pd.DataFrame | None:
        """Return the table ``group_summary``; None without groups to look for."""
        if self.account_groups is None:
            return None
        return summarize_groups(self.account_groups, self.unplaced_accounts, self.client.segments)

    @cached_property
    def group_features(self) -> pd.DataFrame | None:
        """Return the table ``group_features``; None without groups to look for."""
        if self.account_groups is None:
            return None
        labels = self.client.criteria.drop_duplicates("criterion").set_index("criterion")["label"]
        return describe_groups(self.account_groups, self.unplaced_accounts, labels)

    @cached_property
    def win_rates_by_segment(self) -> WinRateComparison | None:
        """Return won and lost deals by segment, tested against chance; None without closed deals in two segments."""
        deals = self.client.opportunities
        if deals is None:
            return None
        label = self.client.segments.set_index("segment")["label"]
        segment = self.unplaced_accounts.set_index("account")["segment"].map(label)
        return compare_win_rates(deals["account"].map(segment), deals["status"])
