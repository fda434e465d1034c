"""Chapter 2 of the chain: what an account is worth, why, and what deals say of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import pandas as pd

from salesmodel_kit.chain.segments import Segments
from salesmodel_kit.model.explanations import explain_distances, list_missing_data
from salesmodel_kit.model.grounds import find_weakest_basis
from salesmodel_kit.model.scores import derive_performances, explain_accounts, score_accounts, set_win_probability
from salesmodel_kit.model.vetoes import find_vetoes
from salesmodel_kit.model.win_model import WinModel, fit_win_model, set_beside

#: The assumptions that say how the probability to win follows the win score.
WIN_PROBABILITY_RANGE = ("win_probability_at_worst", "win_probability_at_best")


@dataclass(frozen=True)
class Accounts(Segments):
    """Chapter 2: what an account is worth, why, and what deals say of it."""

    @cached_property
    def performances(self) -> pd.DataFrame:
        """Return the accounts with their derived performances."""
        return derive_performances(self.unplaced_accounts, self.client.opportunities)

    @property
    def win_probability_range(self) -> tuple[float, float] | None:
        """Return the declared probability to win at win score 0 and at 1; None where nobody declared it."""
        if not all(name in self.known_assumptions for name in WIN_PROBABILITY_RANGE):
            return None
        worst, best = (self.assume(name) for name in WIN_PROBABILITY_RANGE)
        return worst, best

    @cached_property
    def win_model(self) -> WinModel | None:
        """Return what closed deals say of the criteria of chance; None without a table of deals."""
        if self.client.opportunities is None:
            return None
        return replace(self._learned, table=set_beside(self._learned.table, self.account_criteria))

    @cached_property
    def _learned(self) -> WinModel:
        """Return what closed deals say, whatever the weights: they are learned from once."""
        return _learn_from_deals(_Frames(self.unplaced_accounts, self.client.opportunities, self.unweighted_criteria))

    @property
    def win_probability_basis(self) -> str | None:
        """Return ``measured`` (from deals), the basis of the declared range, or None where there is neither."""
        if self.win_model is not None and self.win_model.can_tell:
            return "measured"
        if self.win_probability_range is None:
            return None
        return find_weakest_basis(self.known_assumptions[name].basis for name in WIN_PROBABILITY_RANGE)

    @cached_property
    def account_scores(self) -> pd.DataFrame:
        """Return the table ``account_scores``; the probability to win is measured where deals can tell."""
        scores = self._score(self.performances)
        learned = None if self.client.opportunities is None else self._learned
        if learned is None or learned.equation is None or not learned.can_tell:
            return scores
        return set_win_probability(scores, learned.equation.predict(self.performances))

    def _score(self, performances: pd.DataFrame) -> pd.DataFrame:
        return score_accounts(
            performances,
            self.account_criteria,
            potential_weight=self.strategy.potential_weight,
            minimum_known_share=self.assume("minimum_known_share"),
            win_probability_range=self.win_probability_range,
        )

    @cached_property
    def account_contributions(self) -> pd.DataFrame:
        """Return what each criterion adds to each account's score."""
        weight = self.strategy.potential_weight
        return explain_accounts(self.performances, self.account_criteria, potential_weight=weight)

    @cached_property
    def account_distances(self) -> pd.DataFrame:
        """Return what each criterion adds to each account's distance from the portfolio's mean score."""
        return explain_distances(
            self.performances,
            self.account_criteria,
            scores=self.account_scores,
            potential_weight=self.strategy.potential_weight,
        )

    @cached_property
    def account_gaps(self) -> pd.DataFrame:
        """Return the table ``account_gaps``: what the accounts without a score lack."""
        return list_missing_data(
            self.performances,
            self.account_criteria,
            scores=self.account_scores,
            potential_weight=self.strategy.potential_weight,
            minimum_known_share=self.assume("minimum_known_share"),
        )

    @cached_property
    def vetoes(self) -> pd.DataFrame:
        """Return the table ``vetoes``: performances that keep accounts out of gold."""
        return find_vetoes(self.performances, self.account_criteria)


class _Frames(tuple):
    """Tables of a client, the same where they hold the same; a table that is the same object is not looked into."""

    def __new__(cls, *frames: pd.DataFrame) -> _Frames:
        return super().__new__(cls, frames)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Frames) and all(
            ours is theirs or ours.equals(theirs) for ours, theirs in zip(self, other, strict=True)
        )

    def __hash__(self) -> int:
        return hash(tuple(frame.shape for frame in self))


@lru_cache(maxsize=2)
def _learn_from_deals(frames: _Frames) -> WinModel:
    """Return the win model of a client once, whatever the strategy: a slider must not wait for it."""
    accounts, deals, criteria = frames
    return fit_win_model(derive_performances(accounts, deals), deals, criteria.assign(effective_weight=1.0))
