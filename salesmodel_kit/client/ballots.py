"""Ballots: what one participant says on one axis, in one round and one set of weights, and whether it is complete."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import pandas as pd

from salesmodel_kit.client.checks import CheckedTable
from salesmodel_kit.errors import Message, Problem

#: Kind of vote -> method that it belongs to.
METHODS: Mapping[str, str] = MappingProxyType({
    "points": "points", "rank": "rank", "swing": "swing", "comparison": "comparison", "best_to": "best_worst",
    "to_worst": "best_worst"})


class Said(NamedTuple):
    """One vote of a ballot, its criteria as the ballot names them."""

    kind: str
    criterion: str
    against: str | None
    vote: float


def find_incomplete(checked: CheckedTable, criteria: pd.DataFrame) -> list[Problem]:
    """Return a problem for each ballot that cannot give weights, at its first row.

    Parameters
    ----------
    checked : CheckedTable
        Votes whose cells, scales and references are sound.
    criteria : pandas.DataFrame
        The client's criteria.
    """
    frame = checked.frame[checked.frame["kind"] != "rating"]
    problems: list[Problem] = []
    by = ["round", "participant", "weight_set", "axis"]
    for (_, participant, _, axis), ballot in frame.groupby(by, sort=False, dropna=False):
        names = criteria.loc[criteria["axis"] == axis, "criterion"].dropna().tolist()
        said = [Said(*row) for row in ballot[list(Said._fields)].itertuples(index=False)]
        message = judge_ballot(said, names, facts={"participant": participant, "axis": axis})
        if message is not None:
            problems += checked.blame(message, "participant", ballot.index[:1])
    return problems


def judge_ballot(ballot: Sequence[Said], names: list[str], *, facts: dict[str, object]) -> Message | None:
    """Return why a ballot cannot give weights; None where it can.

    Parameters
    ----------
    ballot : sequence of Said
        What one participant says on one axis.
    names : list of str
        The criteria of the axis.
    facts : dict
        ``participant`` and ``axis``, for the sentence.
    """
    methods = list(dict.fromkeys(METHODS[each.kind] for each in ballot))
    if len(methods) > 1:
        return Message("{participant} votes on {axis} by several methods in the same round; keep one of them.", facts)
    if methods == ["comparison"]:
        return _judge_comparisons(ballot, names, facts=facts)
    if methods == ["best_worst"]:
        return _judge_best_worst(ballot, names, facts=facts)
    judged = {each.criterion for each in ballot}
    missing = [name for name in names if name not in judged]
    if missing:
        return _describe_missing(missing, facts)
    if methods == ["rank"]:
        return _judge_ranks([each.vote for each in ballot], facts=facts)
    if sum(each.vote for each in ballot) == 0:
        return Message("{participant} gives 0 to every criterion of {axis}; give at least one of them points, or leave "
                       "the votes out.", facts)
    return None


def _describe_missing(missing: list[str], facts: dict[str, object]) -> Message:
    return Message("The votes of {participant} on {axis} lack {missing}; add them, or leave out the votes of this "
                   "round on this axis.", {**facts, "missing": ", ".join(missing)})


def _judge_ranks(ranks: list[float], *, facts: dict[str, object]) -> Message | None:
    """Accept ranks with ties, counted as 1 2 2 3, as 1 2 2 4 or as 1 3 3 4; other holes are refused."""
    places = ([1 + len({other for other in ranks if other < rank}) for rank in ranks],
              [1 + sum(other < rank for other in ranks) for rank in ranks],
              [sum(other <= rank for other in ranks) for rank in ranks])
    if ranks in places:
        return None
    return Message("The ranks of {participant} on {axis} have a hole; number the criteria from 1 on, the same number "
                   "for equals.", facts)


def _judge_comparisons(ballot: Sequence[Said], names: list[str], *, facts: dict[str, object]) -> Message | None:
    """Accept comparisons that connect all criteria, directly or through others."""
    reached, pairs = set(names[:1]), [(each.criterion, each.against) for each in ballot]
    while True:
        more = {str(name) for pair in pairs if reached & set(pair) for name in pair} - reached
        if not more:
            break
        reached |= more
    missing = [name for name in names if name not in reached]
    if not missing:
        return None
    return Message("The comparisons of {participant} on {axis} do not connect {missing} with {first}; add a comparison "
                   "that does.", {**facts, "missing": ", ".join(missing), "first": names[0]})


def _judge_best_worst(ballot: Sequence[Said], names: list[str], *, facts: dict[str, object]) -> Message | None:
    best_to, to_worst = ([each for each in ballot if each.kind == kind] for kind in ("best_to", "to_worst"))
    bests, worsts = {each.criterion for each in best_to}, {each.against for each in to_worst}
    if len(bests) != 1 or len(worsts) != 1:
        return Message("{participant} must name one best criterion of {axis} (best_to) and one worst (to_worst), the "
                       "same in every row.", facts)
    said = (bests | {each.against for each in best_to}, worsts | {each.criterion for each in to_worst})
    missing = [name for name in names if not all(name in part for part in said)]
    if missing:
        return _describe_missing(missing, facts)
    if bests == worsts and len(names) > 1:
        return Message("{participant} names the same criterion of {axis} as best and as worst; choose two.", facts)
    return None
