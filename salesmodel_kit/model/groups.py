"""The group: from each participant's weights to the room's, and how far the room agrees.

After ``ballots`` (each participant's weights) and before ``weights`` (what the
strategy makes of them). Everybody's weights are joined by their geometric mean,
so that twice as much from one and half as much from another meet in the middle.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesmodel_kit.errors import SalesModelError

#: A weight of 0 enters the geometric mean as this: nobody strikes a criterion out alone.
LEAST_WEIGHT = 0.005
#: The room talks about a criterion when the middle half of the votes spreads over more than this part of an equal
#: share of its axis.
TALK_SHARE = 0.5
#: Kendall's W from which agreement is strong (Schmidt 1997).
STRONG_AGREEMENT = 0.7
#: Width of the interval of a group's weight.
CONFIDENCE = 0.95

_SET = ["weight_set", "axis"]
#: Joined weights nearer than this to 0 or 1 are taken as this far, where their logit would have no end.
_EDGE = 1e-4


def join_priorities(weights: np.ndarray, voting_power: np.ndarray) -> np.ndarray:
    """Return the group's weights as the geometric mean of the participants' weights.

    ``weight_k = product over p of weight_pk ^ (power_p / sum of powers)``, rescaled to sum 1.

    Parameters
    ----------
    weights : ndarray (n_participants, n_criteria)
        A row is a participant, summing to 1. A 0 counts as ``LEAST_WEIGHT``, unless
        all give 0.
    voting_power : ndarray (n_participants,)
        Above 0.

    Returns
    -------
    ndarray (n_criteria,)
        Weights 0-1, summing to 1.

    Raises
    ------
    SalesModelError
        Nobody votes, a weight is missing, or a voting power is not above 0.

    Notes
    -----
    Source: aggregation of individual priorities, Forman & Peniwati (1998).

    Examples
    --------
    >>> join_priorities(np.array([[0.8, 0.2], [0.5, 0.5]]), np.array([1.0, 1.0])).round(3).tolist()
    [0.667, 0.333]
    """
    weights, powers = np.asarray(weights, dtype=float), _share_power(voting_power)
    if not (np.isfinite(weights) & (weights >= 0)).all() or not (weights > 0).any():
        raise SalesModelError("Every participant needs a weight of 0 or more for every criterion.")
    joined = np.exp(powers @ np.log(np.maximum(weights, LEAST_WEIGHT)))
    joined[(weights == 0).all(axis=0)] = 0.0
    return joined / joined.sum()


def join_judgements(comparisons: np.ndarray, voting_power: np.ndarray) -> np.ndarray:
    """Return the group's comparisons as the geometric mean of the participants' comparisons.

    ``joined_ij = product over p of comparison_pij ^ (power_p / sum of powers)``, over
    those who compared the pair.

    Parameters
    ----------
    comparisons : ndarray (n_participants, n_criteria, n_criteria)
        As ``pairwise.weigh_by_comparisons`` takes them; NaN where a pair was not compared.
    voting_power : ndarray (n_participants,)
        Above 0.

    Returns
    -------
    ndarray (n_criteria, n_criteria)
        NaN where nobody compared the pair.

    Raises
    ------
    SalesModelError
        Nobody votes, or a voting power is not above 0.

    Notes
    -----
    Source: aggregation of individual judgements, Aczél & Saaty (1983): the only
    mean that keeps reciprocals reciprocal. Suits a room that decides as one.

    Examples
    --------
    >>> two = np.array([[[1, 4], [1 / 4, 1]], [[1, 9], [1 / 9, 1]]])
    >>> join_judgements(two, np.ones(2)).round(6).tolist()
    [[1.0, 6.0], [0.166667, 1.0]]
    """
    comparisons = np.asarray(comparisons, dtype=float)
    powers = _share_power(voting_power)[:, None, None] * ~np.isnan(comparisons)
    total = powers.sum(axis=0)
    sums = (powers * np.log(np.where(np.isnan(comparisons), 1.0, comparisons))).sum(axis=0)
    return np.exp(np.divide(sums, total, out=np.full_like(sums, np.nan), where=total > 0))


def _share_power(voting_power: np.ndarray) -> np.ndarray:
    powers = np.asarray(voting_power, dtype=float)
    if not len(powers) or not (np.isfinite(powers) & (powers > 0)).all():
        raise SalesModelError("A group needs at least one participant, each with a voting power above 0.")
    return powers / powers.sum()


def measure_concordance(weights: np.ndarray) -> float:
    """Return Kendall's W: how far participants put the criteria in the same order.

    ``W = (12 sum of R_k^2 - 3 m^2 n (n + 1)^2) / (m^2 n (n^2 - 1) - m sum of T_p)`` with the
    sums of ranks ``R_k`` and, for ties, ``T_p = sum of (t^3 - t)`` over the groups of equals of ``p``.

    Parameters
    ----------
    weights : ndarray (m participants, n criteria)
        Anything that orders the criteria.

    Returns
    -------
    float
        0 (no common order) to 1 (one order); NaN with one participant, one criterion, or all equal.

    Notes
    -----
    Source: Kendall & Babington Smith (1939), with Kendall's correction for ties.

    Examples
    --------
    >>> measure_concordance(np.array([[3, 2, 1], [3, 2, 1], [1, 2, 3]])).__round__(3)
    0.111
    """
    ranks = pd.DataFrame(np.round(np.asarray(weights, dtype=float), 9)).rank(axis=1).to_numpy()
    m, n = ranks.shape
    ties = sum(((sizes**3 - sizes).sum() for sizes in (np.unique(row, return_counts=True)[1] for row in ranks)), 0)
    room = m**2 * n * (n**2 - 1) - m * ties
    if m < 2 or room <= 0:
        return float("nan")
    return float((12 * (ranks.sum(axis=0) ** 2).sum() - 3 * m**2 * n * (n + 1) ** 2) / room)


def find_interval(weights: np.ndarray, voting_power: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return where the group's weights would lie were other people of the same kind in the room.

    Jackknife of the logit of each joined weight, with Student's t.

    Parameters
    ----------
    weights, voting_power
        As for :func:`join_priorities`.

    Returns
    -------
    low, high : ndarray (n_criteria,)
        Ends of the 95 % interval; NaN with fewer than three participants.

    Notes
    -----
    Source: the jackknife, Tukey (1958); approximate in small rooms.
    """
    from scipy.special import expit, logit, stdtrit

    m, n = weights.shape
    if m < 3 or n < 2:
        return np.full(n, np.nan), np.full(n, np.nan)
    joined = join_priorities(weights, voting_power)
    without = np.array(
        [join_priorities(np.delete(weights, i, axis=0), np.delete(voting_power, i)) for i in range(m)]
    )
    found, others = (logit(np.clip(part, _EDGE, 1 - _EDGE)) for part in (joined, without))
    spread = (m * found - (m - 1) * others).std(axis=0, ddof=1) / np.sqrt(m)
    reach = stdtrit(m - 1, (1 + CONFIDENCE) / 2) * spread
    return np.minimum(expit(found - reach), joined), np.maximum(expit(found + reach), joined)


def weigh_group(weight_votes: pd.DataFrame, criteria: pd.DataFrame) -> pd.DataFrame:
    """Return what the group thinks of each criterion, in the latest round of each set and axis.

    Parameters
    ----------
    weight_votes : DataFrame
        Table ``weight_votes``, of any rounds; the latest counts.
    criteria : DataFrame (n_criteria, ...)
        With ``axis``, ``criterion``, ``label`` and the declared ``weight``.

    Returns
    -------
    DataFrame
        Table ``group_weights``; ``to_discuss`` where the room is to talk about the criterion.

    Notes
    -----
    Source: Delphi rounds end where the quartile range is small (von der Gracht 2012);
    here: at most half of an equal share of the axis.
    """
    latest = weight_votes.groupby(_SET, dropna=False)["round"].transform("max")
    parts = []
    for _, votes in weight_votes[weight_votes["round"] == latest].groupby(_SET, sort=False, dropna=False):
        weights, powers = spread_votes(votes)
        low, high = find_interval(weights.to_numpy(), powers)
        quartiles = np.percentile(weights, [25, 50, 75], axis=0)
        parts.append(votes[["weight_set", "axis", "round"]].iloc[:1].merge(pd.DataFrame({
            "axis": votes["axis"].iloc[0], "criterion": weights.columns, "n_participants": len(weights),
            "group_weight": join_priorities(weights.to_numpy(), powers), "low": low, "high": high,
            "low_quartile": quartiles[0], "median_weight": quartiles[1], "high_quartile": quartiles[2],
            "quartile_range": quartiles[2] - quartiles[0],
            "to_discuss": (quartiles[2] - quartiles[0]) * len(weights.columns) > TALK_SHARE + 1e-9,
        }), on="axis"))  # fmt: skip
    table = pd.concat(parts, ignore_index=True)
    declared = criteria[["axis", "criterion", "label", "weight"]].copy()
    declared["declared_weight"] = declared["weight"] / declared.groupby("axis")["weight"].transform("sum")
    table = table.merge(declared.drop(columns="weight"), on=["axis", "criterion"], how="left")
    return table.astype({"n_participants": "Int64", "to_discuss": "boolean"})


def spread_votes(votes: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray]:
    """Return the weights of one set, axis and round as a matrix.

    Parameters
    ----------
    votes : DataFrame
        Rows of ``weight_votes`` of one set, axis and round.

    Returns
    -------
    weights : DataFrame (n_participants, n_criteria)
        Rows are participants, columns criteria in the order of the votes.
    voting_power : ndarray (n_participants,)
        In the order of the rows.
    """
    weights = votes.pivot(index="participant", columns="criterion", values="weight")
    powers = votes.drop_duplicates("participant").set_index("participant")["voting_power"]
    return weights[votes["criterion"].unique()], powers.reindex(weights.index).to_numpy(float)


def compare_departments(weight_votes: pd.DataFrame) -> pd.DataFrame:
    """Return the weights of each department that at least two participants vote for.

    Parameters
    ----------
    weight_votes : DataFrame
        Table ``weight_votes``, latest round; a smaller department would show a private vote.

    Returns
    -------
    DataFrame
        ``weight_set``, ``axis``, ``criterion``, ``department``, ``n_participants``, ``group_weight``.
    """
    parts = []
    for (weight_set, axis, department), votes in weight_votes.groupby([*_SET, "department"], sort=False, dropna=False):
        weights, powers = spread_votes(votes)
        if pd.isna(department) or len(weights) < 2:
            continue
        joined = join_priorities(weights.to_numpy(), powers)
        parts.append(pd.DataFrame({"weight_set": weight_set, "axis": axis, "criterion": weights.columns,
                                   "department": department, "n_participants": len(weights),
                                   "group_weight": joined}))  # fmt: skip
    columns = ["weight_set", "axis", "criterion", "department", "n_participants", "group_weight"]
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    return table.astype({"weight_set": "str", "axis": "str", "criterion": "str"})


def measure_agreement(weight_votes: pd.DataFrame) -> pd.DataFrame:
    """Return how far the room agrees on each axis, round by round.

    Parameters
    ----------
    weight_votes : DataFrame
        Table ``weight_votes`` of all rounds.

    Returns
    -------
    DataFrame
        Table ``agreement``.
    """
    rows = []
    for (weight_set, axis, round_), votes in weight_votes.groupby([*_SET, "round"], sort=False, dropna=False):
        weights, _ = spread_votes(votes)
        quartiles = np.percentile(weights, [25, 75], axis=0)
        rows.append((weight_set, axis, round_, len(weights), measure_concordance(weights.to_numpy()),
                     float((quartiles[1] - quartiles[0]).mean())))  # fmt: skip
    columns = ["weight_set", "axis", "round", "n_participants", "concordance", "mean_quartile_range"]
    return pd.DataFrame(rows, columns=columns).astype(
        {"weight_set": "str", "round": "Int64", "n_participants": "Int64"}
    )


def compare_rounds(weight_votes: pd.DataFrame, criteria: pd.DataFrame) -> pd.DataFrame | None:
    """Return what changed for each criterion between the last two rounds of its set and axis.

    Parameters
    ----------
    weight_votes : DataFrame
        Table ``weight_votes`` of all rounds.
    criteria : DataFrame (n_criteria, ...)
        As for :func:`weigh_group`.

    Returns
    -------
    DataFrame or None
        Table ``round_changes``; None where nothing was voted twice.
    """
    last = weight_votes.groupby(_SET, dropna=False)["round"].transform("max")
    earlier = weight_votes[weight_votes["round"] < last]
    if earlier.empty:
        return None
    before = weigh_group(earlier, criteria)
    key = [*_SET, "criterion"]
    names = ["round", "n_participants", "group_weight", "quartile_range", "to_discuss"]
    both = weigh_group(weight_votes, criteria)[[*key, "label", *names]].merge(
        before[[*key, *names]], on=key, suffixes=("", "_before")
    )
    return both.assign(weight_change=both["group_weight"] - both["group_weight_before"])


def choose_weights(criteria: pd.DataFrame, group_weights: pd.DataFrame, weight_set: str | None) -> pd.DataFrame:
    """Return the criteria with the group's weights in place of the declared ones.

    Parameters
    ----------
    criteria : DataFrame (n_criteria, ...)
        With ``axis``, ``criterion`` and ``weight``.
    group_weights : DataFrame
        Table ``group_weights``.
    weight_set : str or None
        Which set; None for the one without name.

    Returns
    -------
    DataFrame (n_criteria, ...)
        The same rows; an axis that nobody voted on keeps its declared weights.
    """
    is_set = group_weights["weight_set"].isna() if weight_set is None else group_weights["weight_set"] == weight_set
    voted = group_weights[is_set].set_index(["axis", "criterion"])["group_weight"]
    keys = pd.MultiIndex.from_frame(criteria[["axis", "criterion"]])
    chosen = pd.Series(voted.reindex(keys).to_numpy(float), index=criteria.index)
    return criteria.assign(weight=chosen.fillna(criteria["weight"]))
