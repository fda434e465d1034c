"""Ballots: what one participant says on one axis, in one round and one set of weights, and whether it is complete."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from salesmodel_kit.client.checks import CheckedTable
from salesmodel_kit.errors import Message, Problem

#: Kind of vote -> method that it belongs to.
METHODS: Mapping[str, str] = MappingProxyType({
    "points": "points", "rank": "rank", "swing": "swing", "comparison": "comparison", "best_to": "best_worst",
    "to_worst": "best_worst"})


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
        message = judge_ballot(ballot, names, facts={"participant": participant, "axis": axis})
        if message is not None:
            problems += checked.blame(message, "participant", ballot.index[:1])
    return problems


def judge_ballot(ballot: pd.DataFrame, names: list[str], *, facts: dict[str, object]) -> Message | None:
    """Return why a ballot cannot give weights; None where it can.

    Parameters
    ----------
    ballot : DataFrame (n_votes, ...)
        ``kind``, ``criterion``, ``against`` and ``vote`` of one participant on one axis.
    names : list of str
        The criteria of the axis, as the ballot writes them.
    facts : dict
        ``participant`` and ``axis``, for the sentence.
    """
    methods = list(dict.fromkeys(ballot["kind"].map(METHODS)))
    if len(methods) > 1:
        return Message("{participant} votes on {axis} by several methods in the same round; keep one of them.", facts)
    if methods == ["comparison"]:
        return _judge_comparisons(ballot, names, facts=facts)
    if methods == ["best_worst"]:
        return _judge_best_worst(ballot, names, facts=facts)
    missing = [name for name in names if name not in set(ballot["criterion"])]
    if missing:
        return _describe_missing(missing, facts)
    if methods == ["rank"]:
        return _judge_ranks(ballot["vote"], facts=facts)
    if ballot["vote"].sum() == 0:
        return Message("{participant} gives 0 to every criterion of {axis}; give at least one of them points, or leave "
                       "the votes out.", facts)
    return None


def _describe_missing(missing: list[str], facts: dict[str, object]) -> Message:
    return Message("The votes of {participant} on {axis} lack {missing}; add them, or leave out the votes of this "
                   "round on this axis.", {**facts, "missing": ", ".join(missing)})


def _judge_ranks(ranks: pd.Series, *, facts: dict[str, object]) -> Message | None:
    """Accept ranks with ties, counted as 1 2 2 3, as 1 2 2 4 or as 1 3 3 4; other holes are refused."""
    if any((ranks == ranks.rank(method=method)).all() for method in ("min", "dense", "max")):
        return None
    return Message("The ranks of {participant} on {axis} have a hole; number the criteria from 1 on, the same number "
                   "for equals.", facts)


def _judge_comparisons(ballot: pd.DataFrame, names: list[str], *, facts: dict[str, object]) -> Message | None:
    """Accept comparisons that connect all criteria, directly or through others."""
    reached, pairs = set(names[:1]), list(zip(ballot["criterion"], ballot["against"], strict=True))
    while True:
        more = {name for pair in pairs if reached & set(pair) for name in pair} - reached
        if not more:
            break
        reached |= more
    missing = [name for name in names if name not in reached]
    if not missing:
        return None
    return Message("The comparisons of {participant} on {axis} do not connect {missing} with {first}; add a comparison "
                   "that does.", {**facts, "missing": ", ".join(missing), "first": names[0]})


def _judge_best_worst(ballot: pd.DataFrame, names: list[str], *, facts: dict[str, object]) -> Message | None:
    best_to, to_worst = (ballot[ballot["kind"] == kind] for kind in ("best_to", "to_worst"))
    if best_to["criterion"].nunique() != 1 or to_worst["against"].nunique() != 1:
        return Message("{participant} must name one best criterion of {axis} (best_to) and one worst (to_worst), the "
                       "same in every row.", facts)
    best, worst = best_to["criterion"].iloc[0], to_worst["against"].iloc[0]
    said = ({best, *best_to["against"]}, {worst, *to_worst["criterion"]})
    missing = [name for name in names if not all(name in part for part in said)]
    if missing:
        return _describe_missing(missing, facts)
    if best == worst and len(names) > 1:
        return Message("{participant} names the same criterion of {axis} as best and as worst; choose two.", facts)
    return None
