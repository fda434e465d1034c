"""The tables of the room's judgement: votes, the group's weights, agreement, other sets of weights."""

from __future__ import annotations

from salesmodel_kit.tables.columns import TIERS, Column, Table, amount, count, share
from salesmodel_kit.tables.inputs import CRITERIA
from salesmodel_kit.tables.parts import ACCOUNT, NAME, SEGMENT, TIER

# fmt: off
_WEIGHT_SET = Column("weight_set", "text", "set of weights; empty: the one set")

_PARTICIPANT = Column("participant", "id", "who voted", needed=True)

_VOTING_POWER = Column("voting_power", "number", "how much the votes count", needed=True, low=0)


WEIGHT_VOTES = Table(
    "weight_votes", "the weight that a participant's votes of the latest round give to a criterion",
    (
        Column("round", "integer", "round of votes; the latest of its set and axis", needed=True, low=1), _WEIGHT_SET,
        _PARTICIPANT, Column("department", "text", "department or function"), _VOTING_POWER, CRITERIA.column("axis"),
        CRITERIA.column("criterion"),
        share("weight", "as judged, before the strategy bends it; sums to 1 per set, participant and axis"),
    ), key=("weight_set", "participant", "axis", "criterion"))


SEGMENT_VOTES = Table(
    "segment_votes", "where a participant's ratings of the latest round put a segment",
    (
        _PARTICIPANT, _VOTING_POWER, SEGMENT, CRITERIA.column("axis"),
        share("score", "weighted sum of the rater's own ratings; what is not rated keeps the segment's performance"),
    ), key=("participant", "segment", "axis"))


VOTE_CONSISTENCY = Table(
    "vote_consistency", "how far a participant's comparisons contradict one another on an axis",
    (
        Column("round", "integer", "round of votes", needed=True, low=1), _WEIGHT_SET, _PARTICIPANT, CRITERIA.column("axis"),
        count("n_comparisons", "comparisons made"),
        Column("consistency_ratio", "number", "consistency index / random index (Saaty 1980); empty: nothing can contradict, or more "
               "than 10 criteria", low=0),
        Column("contradicts", "flag", "the ratio is above 0.10"),
        Column("criterion", "id", "in the comparison that contradicts the others most: the criterion said to count more"),
        Column("against", "id", "the other criterion"),
        Column("said", "number", "how many times, as compared", low=0),
        Column("implied", "number", "how many times, by all comparisons together", low=0),
    ), key=("round", "weight_set", "participant", "axis"))

_N_PARTICIPANTS = count("n_participants", "participants who voted")

_ROUND = Column("round", "integer", "round of votes", needed=True, low=1)


GROUP_WEIGHTS = Table(
    "group_weights", "what the group thinks of a criterion, in the latest round",
    (
        _WEIGHT_SET, CRITERIA.column("axis"), _ROUND, CRITERIA.column("criterion"), _N_PARTICIPANTS,
        share("group_weight", "geometric mean of the participants' weights by voting power, rescaled to sum 1 per axis"),
        share("low", "lower end of its 95 % interval (jackknife); empty: fewer than three participants"),
        share("high", "upper end of its 95 % interval (jackknife)"),
        share("low_quartile", "a quarter of the participants give less"), share("median_weight", "half of the participants give less"),
        share("high_quartile", "a quarter of the participants give more"),
        share("quartile_range", "high_quartile - low_quartile"),
        Column("to_discuss", "flag", "quartile_range is above half of an equal share of the axis"),
        CRITERIA.column("label"), share("declared_weight", "weight declared in criteria, rescaled to sum 1 per axis"),
    ), key=("weight_set", "axis", "criterion"))


AGREEMENT = Table(
    "agreement", "how far the group agrees on an axis, in a round",
    (
        _WEIGHT_SET, CRITERIA.column("axis"), _ROUND, _N_PARTICIPANTS,
        share("concordance", "Kendall's W, corrected for ties; empty: one participant, or nothing to order"),
        share("mean_quartile_range", "quartile range of the weights, mean over the criteria"),
    ), key=("weight_set", "axis", "round"))


ROUND_CHANGES = Table(
    "round_changes", "what changed for a criterion between the last two rounds",
    (
        _WEIGHT_SET, CRITERIA.column("axis"), CRITERIA.column("criterion"), CRITERIA.column("label"), _ROUND, _N_PARTICIPANTS,
        share("group_weight", "the group's weight in this round"), share("quartile_range", "its quartile range"),
        Column("to_discuss", "flag", "still to be talked about"),
        Column("round_before", "integer", "the round before", low=1), count("n_participants_before", "participants who voted then"),
        share("group_weight_before", "the group's weight then"), share("quartile_range_before", "its quartile range then"),
        Column("to_discuss_before", "flag", "to be talked about then"),
        Column("weight_change", "number", "group_weight - group_weight_before", unit="0-1", low=-1, high=1),
    ), key=("weight_set", "axis", "criterion"))


WEIGHT_SETS = Table(
    "weight_sets", "what another set of weights would change",
    (
        Column("set_name", "text", "set of weights, in the client's words", needed=True),
        Column("in_force", "flag", "the set that the model uses", needed=True),
        *(count(f"n_{tier}", f"accounts in {tier}") for tier in TIERS),
        count("n_changed", "accounts in another tier than under the set in force"),
        count("n_up", "of these, in a higher tier"), count("n_down", "of these, in a lower tier"),
        share("same_best_share", "share of the best accounts (ten, or as many as there are) that are the same"),
    ), key=("set_name",))


TIER_CHANGES = Table(
    "tier_changes", "an account whose tier depends on the set of weights",
    (
        Column("set_name", "text", "the other set of weights", needed=True), ACCOUNT, NAME, SEGMENT,
        amount("potential_per_year", "what it could buy of our range"),
        Column("tier", "choice", "tier under the set in force; empty: not enough known", choices=TIER.choices),
        Column("other_tier", "choice", "tier under the other set", choices=TIER.choices),
        count("rank", "rank by value under the set in force"), count("other_rank", "rank by value under the other set"),
    ), key=("set_name", "account"))
# fmt: on
