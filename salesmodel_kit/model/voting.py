"""Everything that a room's votes say, computed on demand from the table ``votes``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from salesmodel_kit.model.ballots import judge_consistency, keep_latest_round, weigh_votes
from salesmodel_kit.model.groups import compare_departments, compare_rounds, measure_agreement, weigh_group


@dataclass(frozen=True)
class Voting:
    """The votes of a room on the weights of criteria.

    Parameters
    ----------
    votes : DataFrame (n_votes, ...)
        Table ``votes``, with at least one vote that weighs criteria.
    criteria : DataFrame (n_criteria, ...)
        Table ``criteria``.
    participants : DataFrame or None
        Table ``participants``.
    """

    votes: pd.DataFrame
    criteria: pd.DataFrame
    participants: pd.DataFrame | None

    @cached_property
    def by_round(self) -> pd.DataFrame:
        """Return the weights of each participant in every round, columns of ``weight_votes``."""
        return weigh_votes(self.votes, self.criteria, self.participants)

    @cached_property
    def latest(self) -> pd.DataFrame:
        """Return the table ``weight_votes``."""
        return keep_latest_round(self.by_round)

    @cached_property
    def group_weights(self) -> pd.DataFrame:
        """Return the table ``group_weights``."""
        return weigh_group(self.latest, self.criteria)

    @cached_property
    def departments(self) -> pd.DataFrame:
        """Return the weights of each department that at least two participants vote for."""
        return compare_departments(self.latest)

    @cached_property
    def agreement(self) -> pd.DataFrame:
        """Return the table ``agreement``."""
        return measure_agreement(self.by_round)

    @cached_property
    def round_changes(self) -> pd.DataFrame | None:
        """Return the table ``round_changes``; None where nothing was voted twice."""
        return compare_rounds(self.by_round, self.criteria)

    @cached_property
    def consistency(self) -> pd.DataFrame:
        """Return the table ``vote_consistency``; empty where nobody compared in pairs."""
        return judge_consistency(self.votes, self.criteria)

    @property
    def weight_sets(self) -> tuple[str | None, ...]:
        """Return the sets that were voted, None for the one without name."""
        return tuple(None if pd.isna(name) else str(name) for name in self.latest["weight_set"].unique())
