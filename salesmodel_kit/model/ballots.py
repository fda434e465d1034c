"""Votes to weights, participant by participant, and raters' scores of segments."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd

from salesmodel_kit.model.criteria import compute_values
from salesmodel_kit.model.judgements import weigh_by_points, weigh_by_rank_order_centroid, weigh_by_swing
from salesmodel_kit.model.pairwise import TOLERATED_RATIO, PairwiseWeights, weigh_by_best_worst, weigh_by_comparisons
from salesmodel_kit.model.scores import sum_values

_DIRECT: Mapping[str, Callable[[np.ndarray], np.ndarray]] = MappingProxyType(
    {"points": weigh_by_points, "rank": weigh_by_rank_order_centroid, "swing": weigh_by_swing}
)
WEIGHT_COLUMNS: tuple[str, ...] = (
    "round", "weight_set", "participant", "department", "voting_power", "axis", "criterion", "weight",
)  # fmt: skip


def weigh_votes(votes: pd.DataFrame, criteria: pd.DataFrame, participants: pd.DataFrame | None) -> pd.DataFrame:
    """Return the weights that each participant gives, in every round.

    Parameters
    ----------
    votes : DataFrame (n_votes, ...)
        Table ``votes``, checked; ratings are left aside.
    criteria : DataFrame (n_criteria, ...)
        With ``axis`` and ``criterion``.
    participants : DataFrame (n_participants, ...) or None
        Table ``participants``; without it everybody counts 1.

    Returns
    -------
    DataFrame (n_ballots x n_criteria of the axis, ...)
        Columns ``WEIGHT_COLUMNS``; weights as judged, before the strategy bends them;
        they sum to 1 per round, set, participant and axis.
    """
    parts = [
        pd.DataFrame({"round": round_, "weight_set": weight_set, "participant": participant, "axis": axis,
                      "criterion": names, "weight": _weigh_ballot(ballot, names)})
        for (round_, weight_set, participant, axis), ballot, names in _split_ballots(votes, criteria)
    ]  # fmt: skip
    if not parts:
        return pd.DataFrame(columns=list(WEIGHT_COLUMNS))
    table = _add_participants(pd.concat(parts, ignore_index=True), participants)
    return table.astype({"round": "Int64", "weight_set": "str"})[list(WEIGHT_COLUMNS)]


def _split_ballots(votes: pd.DataFrame, criteria: pd.DataFrame) -> Iterator[tuple[tuple, pd.DataFrame, np.ndarray]]:
    """Yield each ballot with its key and the criteria of its axis; axes in the order of the criteria."""
    order = {axis: at for at, axis in enumerate(criteria["axis"].unique())}
    cast = votes[votes["kind"] != "rating"]
    by = ["weight_set", "round", "participant", "axis"]
    ballots = cast.groupby(by, sort=False, dropna=False)
    for key, ballot in sorted(ballots, key=lambda pair: ("" if pd.isna(pair[0][0]) else pair[0][0], pair[0][1],
                                                         order.get(pair[0][3], 0), pair[0][2])):  # fmt: skip
        weight_set, round_, participant, axis = key
        names = criteria.loc[criteria["axis"] == axis, "criterion"].to_numpy()
        yield (round_, None if pd.isna(weight_set) else weight_set, participant, axis), ballot, names


def _weigh_ballot(ballot: pd.DataFrame, names: np.ndarray) -> np.ndarray:
    kind = ballot["kind"].iloc[0]
    if kind in _DIRECT:
        return _DIRECT[kind](ballot.set_index("criterion")["vote"].reindex(names).to_numpy(float))
    if kind == "comparison":
        return _compare(ballot, names).weights
    best_to, to_worst = (ballot[ballot["kind"] == name] for name in ("best_to", "to_worst"))
    best, worst = best_to["criterion"].iloc[0], to_worst["against"].iloc[0]
    return weigh_by_best_worst(
        best_to.set_index("against")["vote"].reindex(names).mask(names == best, 1.0).to_numpy(float),
        to_worst.set_index("criterion")["vote"].reindex(names).mask(names == worst, 1.0).to_numpy(float),
        best=int(np.flatnonzero(names == best)[0]),
        worst=int(np.flatnonzero(names == worst)[0]),
    ).weights


def _compare(ballot: pd.DataFrame, names: np.ndarray) -> PairwiseWeights:
    place = {name: at for at, name in enumerate(names)}
    matrix = np.full((len(names), len(names)), np.nan)
    for criterion, against, vote in ballot[["criterion", "against", "vote"]].itertuples(index=False):
        matrix[place[criterion], place[against]] = vote
    return weigh_by_comparisons(matrix)


def judge_consistency(votes: pd.DataFrame, criteria: pd.DataFrame) -> pd.DataFrame:
    """Return how far the comparisons of each participant contradict one another.

    Parameters
    ----------
    votes : DataFrame (n_votes, ...)
        Table ``votes``, checked; only comparisons are used.
    criteria : DataFrame (n_criteria, ...)
        With ``axis`` and ``criterion``.

    Returns
    -------
    DataFrame
        Table ``vote_consistency``: a row for each participant, round, set and axis with comparisons.
    """
    rows = []
    cast = votes[votes["kind"] == "comparison"]
    for (round_, weight_set, participant, axis), ballot, names in _split_ballots(cast, criteria):
        found = _compare(ballot, names)
        worst = found.contradiction
        pair = (None, None, np.nan, np.nan) if worst is None else (
            names[worst.criterion], names[worst.against], worst.said, worst.implied)  # fmt: skip
        rows.append((round_, weight_set, participant, axis, len(ballot), found.consistency_ratio,
                     bool(found.consistency_ratio > TOLERATED_RATIO), *pair))  # fmt: skip
    columns = ["round", "weight_set", "participant", "axis", "n_comparisons", "consistency_ratio", "contradicts",
               "criterion", "against", "said", "implied"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns).astype(
        {"round": "Int64", "weight_set": "str", "participant": "str", "axis": "str", "n_comparisons": "Int64",
         "consistency_ratio": "float64", "contradicts": "boolean", "criterion": "str", "against": "str",
         "said": "float64", "implied": "float64"})  # fmt: skip


def _add_participants(table: pd.DataFrame, participants: pd.DataFrame | None) -> pd.DataFrame:
    if participants is None:
        return table.assign(department=pd.Series(None, index=table.index, dtype="str"), voting_power=1.0)
    known = participants.set_index("participant")
    return table.assign(
        department=table["participant"].map(known["department"]).astype("str"),
        voting_power=table["participant"].map(known["voting_power"].fillna(1.0)).fillna(1.0),
    )


def keep_latest_round(weights: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the latest round of each set of weights and axis.

    Parameters
    ----------
    weights : DataFrame (n_rows, ...)
        As :func:`weigh_votes` returns it.

    Returns
    -------
    DataFrame
        The same columns.
    """
    latest = weights.groupby(["weight_set", "axis"], dropna=False)["round"].transform("max")
    return weights[weights["round"] == latest].reset_index(drop=True)


def score_ratings(
    votes: pd.DataFrame,
    segments: pd.DataFrame,
    criteria: pd.DataFrame,
    *,
    weights: pd.DataFrame | None = None,
    participants: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return where each rater puts each segment that they rate, in the latest round of ratings of the axis.

    Parameters
    ----------
    votes : DataFrame (n_votes, ...)
        Table ``votes``, checked; only ratings are used.
    segments : DataFrame (n_segments, ...)
        Table ``segments``; what somebody does not rate keeps the performance declared there.
    criteria : DataFrame (n_criteria, ...)
        With ``effective_weight``, for raters without weights of their own, and ``emphasis``,
        the strategy's factor.
    weights : DataFrame (n_rows, ...) or None
        The raters' own weights (``participant``, ``axis``, ``criterion``, ``weight``); of several
        sets of weights, the first that the rater voted in.
    participants : DataFrame or None
        Table ``participants``.

    Returns
    -------
    DataFrame
        Table ``segment_votes``; the strategy bends a rater's weights as it bends the group's.
    """
    ratings = votes[votes["kind"] == "rating"]
    ratings = ratings[ratings["round"] == ratings.groupby("axis")["round"].transform("max")]
    key = ["participant", "axis", "criterion"]
    own = pd.DataFrame(columns=[*key, "weight"]) if weights is None else weights
    own = own.drop_duplicates(key).set_index(key)["weight"]
    parts = []
    for (participant, axis), given in ratings.groupby(["participant", "axis"], sort=True):
        rows = criteria[criteria["axis"] == axis]
        table = given.pivot(index="segment", columns="criterion", values="vote")
        declared = segments.set_index("segment").reindex(index=table.index, columns=rows["criterion"])
        values = compute_values(table.reindex(columns=rows["criterion"]).fillna(declared), rows)
        score, _ = sum_values(values.to_numpy(), _choose_weights(rows, own, participant))
        parts.append(pd.DataFrame({"participant": participant, "segment": table.index, "axis": axis, "score": score}))
    if not parts:
        return pd.DataFrame(columns=["participant", "voting_power", "segment", "axis", "score"])
    table = _add_participants(pd.concat(parts, ignore_index=True), participants)
    return table[["participant", "voting_power", "segment", "axis", "score"]]


def _choose_weights(rows: pd.DataFrame, own: pd.Series, participant: str) -> np.ndarray:
    """Return the rater's own weights, bent by the strategy as the criteria are, or the criteria's."""
    keys = pd.MultiIndex.from_arrays([[participant] * len(rows), rows["axis"], rows["criterion"]])
    weights = own.reindex(keys).to_numpy(float)
    if np.isnan(weights).any():
        return rows["effective_weight"].to_numpy()
    bent = weights * rows["emphasis"].to_numpy()
    return bent / bent.sum() if bent.sum() > 0 else rows["effective_weight"].to_numpy()
