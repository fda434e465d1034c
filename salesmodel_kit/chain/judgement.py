"""What the room judged: votes, the group's weights, and the criteria in force."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import pandas as pd

from salesmodel_kit.chain.decided import describe_decided
from salesmodel_kit.chain.ground import Ground
from salesmodel_kit.client.decision import find_in_force
from salesmodel_kit.client.profile import DataBasis
from salesmodel_kit.language import N_
from salesmodel_kit.model.ballots import score_ratings
from salesmodel_kit.model.criteria_tree import select_leaves, weigh_tree
from salesmodel_kit.model.groups import choose_weights
from salesmodel_kit.model.voting import Voting
from salesmodel_kit.model.weight_sets import WeightSetComparison, compare_weight_sets
from salesmodel_kit.model.weights import weigh_criteria


@dataclass(frozen=True)
class Judgement(Ground):
    """What the room judged: votes, the group's weights, the criteria in force."""

    @cached_property
    def measured_criteria(self) -> pd.DataFrame:
        """Return the criteria that are measured, with their declared weights; those with sub-criteria are left out."""
        return select_leaves(self.client.criteria)

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
        declared = self.profile.data_basis | voted
        return declared | describe_decided(self.client.decisions, declared, language=self.language)

    @cached_property
    def decided_axes(self) -> frozenset[str]:
        """Return the axes whose weights the room decided; there votes count no more."""
        return frozenset(decision.subject for decision in find_in_force(self.client.decisions)
                         if decision.kind == "set_weights")

    @cached_property
    def criteria(self) -> pd.DataFrame:
        """Return the criteria that are measured, with ``effective_weight`` under the strategy."""
        criteria = self.measured_criteria
        if self.profile.weights_from == "votes" and self.voting is not None:
            voted = self.voting.group_weights
            voted = voted[~voted["axis"].isin(self.decided_axes)]
            criteria = choose_weights(criteria, voted, self.profile.weight_set)
        return weigh_criteria(criteria, emphasis=self.strategy.emphasis)

    @cached_property
    def criteria_tree(self) -> pd.DataFrame:
        """Return every criterion with local and global weight, those with sub-criteria too."""
        return weigh_tree(self.client.criteria, self.criteria)

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

        def name_set(source: str, weight_set: str | None) -> str:
            own = names.get((source, weight_set))
            return own or (self.language.quote(weight_set) if weight_set in names.values() else weight_set)

        known = {("declared", None), *(("votes", name) for name in self.voting.weight_sets)}
        ours = (self.profile.weights_from, self.profile.weight_set)
        others = [choice for choice in sorted(known, key=str) if choice != ours]
        if self.decided_axes:
            names[ours] = text("Weights decided by the room")
        results = {name_set(*choice): self.under_weights(*choice) for choice in others}
        chosen = {name_set(*ours): self} | results
        return compare_weight_sets(
            {
                name: model.account_tiers.assign(rank_by_value=model.account_scores["rank_by_value"])
                for name, model in chosen.items()
            },
            in_force=next(iter(chosen)),
        )

    def under_weights(self, weights_from: str, weight_set: str | None) -> Self:
        """Return the same client's model had these weights counted: ``declared``, or a set of the votes."""
        choice = {"weights_from": weights_from, "weight_set": weight_set}
        others = tuple(decision for decision in self.client.decisions if decision.kind != "set_weights")
        return type(self)(replace(self.client, profile=self.profile.model_copy(update=choice), decisions=others))

    def _vote_tables(self) -> dict[str, pd.DataFrame]:
        """Return what the group thinks; single votes are private and stay out."""
        if self.voting is None:
            return {}
        tables = {"group_weights": self.voting.group_weights, "agreement": self.voting.agreement}
        if self.voting.round_changes is not None:
            tables["round_changes"] = self.voting.round_changes
        return tables | {"weight_sets": self.weight_sets.table, "tier_changes": self.weight_sets.changes}
