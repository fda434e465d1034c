"""Who moved tier between two models, and why.

The way from one model to the next is walked in steps that change one thing at a
time, in a declared order. A move has the cause of the step at which the tier
changed; where it changed at more than one step, all of them are named.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from salesmodel_kit.tables import MOVE_CAUSES, TIER_MOVES, TIERS

#: What changes at each step, in the order in which it is changed.
STEPS: tuple[str, ...] = ("data", "weights", "rule", "margin", "override")


def list_moves(before: pd.DataFrame, after: pd.DataFrame, *, stages: Mapping[str, pd.Series]) -> pd.DataFrame:
    """Return the accounts that changed tier, with the cause of each move.

    Parameters
    ----------
    before, after : DataFrame (n_accounts, ...)
        Tables ``account_tiers`` of the two models; they need not hold the same accounts.
    stages : mapping of str to Series
        Cause -> tier after that step, indexed by account, in the order of the steps; the
        last step ends at ``after``. Where only tiers are known, the step ``unknown`` stands for what is not.

    Returns
    -------
    DataFrame (n_moves, ...)
        Table ``tier_moves``: risen accounts first, best tier first, then by score. An account
        that is only in one model is ``new`` or ``gone``; a missing tier: not enough known.

    Examples
    --------
    >>> before = pd.DataFrame({"account": ["A", "B"], "name": ["A", "B"], "tier": ["gold", "silver"],
    ...                        "score": [0.8, 0.5]})
    >>> after = before.assign(tier=["silver", "silver"])
    >>> moves = list_moves(before, after, stages={"data": after.set_index("account")["tier"]})
    >>> moves[["account", "cause"]].values.tolist()
    [['A', 'data']]
    """
    joined = before[["account", "name", "tier", "score"]].merge(
        after[["account", "name", "tier", "score"]], on="account", how="outer", suffixes=("_before", "_after"),
        indicator=True)
    was, now = joined["tier_before"].astype(object), joined["tier_after"].astype(object)
    cause, steps = _find_causes(joined, stages)
    table = pd.DataFrame({
        "account": joined["account"],
        "name": joined["name_after"].fillna(joined["name_before"]),
        "tier_before": joined["tier_before"],
        "tier_after": joined["tier_after"],
        "score_before": joined["score_before"],
        "score_after": joined["score_after"],
        "cause": cause,
        "steps": steps,
    }).astype({"account": "str", "name": "str", "tier_before": "str", "tier_after": "str", "cause": "str",
               "steps": "str"})
    is_same = (was == now) | (was.isna() & now.isna())
    moved = table[~is_same | (joined["_merge"] != "both")]
    order = np.lexsort((moved["account"].to_numpy(dtype=object).astype(str), -moved["score_after"].fillna(-1),
                        _measure_height(moved["tier_after"]) * -1, _rank_direction(moved)))
    return moved.iloc[order].reset_index(drop=True)[list(TIER_MOVES.names)]


def _measure_height(tier: pd.Series) -> np.ndarray:
    """Return how high a tier stands: the last 1, unknown 0."""
    height = {name: len(TIERS) - place for place, name in enumerate(TIERS)}
    return tier.astype(object).map(height).astype(float).fillna(0.0).to_numpy()


def _rank_direction(moved: pd.DataFrame) -> np.ndarray:
    """Return 0 for an account that rose, 1 for one that fell, 2 for new and gone ones."""
    step = _measure_height(moved["tier_after"]) - _measure_height(moved["tier_before"])
    return np.where(moved["cause"].isin(["new", "gone"]), 2, np.where(step > 0, 0, 1))


def _find_causes(joined: pd.DataFrame, stages: Mapping[str, pd.Series]) -> tuple[np.ndarray, np.ndarray]:
    """Return the cause of each row, and every step at which its tier changed."""
    cause, steps = np.full(len(joined), "unknown", dtype=object), np.full(len(joined), "", dtype=object)
    last = joined["tier_before"].astype(object).fillna("")
    count = np.zeros(len(joined), dtype=int)
    for name, tiers in stages.items():
        here = joined["account"].map(tiers).astype(object).fillna("")
        changed = (here != last).to_numpy()
        steps[changed] = [f"{text}, {name}" if text else name for text in steps[changed]]
        cause[changed], last = name, here
        count += changed
    cause[count > 1] = "several"
    cause[joined["_merge"] == "right_only"], cause[joined["_merge"] == "left_only"] = "new", "gone"
    steps[joined["_merge"] != "both"] = ""
    return cause, steps


def count_moves(before: pd.DataFrame, after: pd.DataFrame, moves: pd.DataFrame) -> pd.DataFrame:
    """Return how many accounts went from each tier to each tier, by cause.

    Parameters
    ----------
    before, after : DataFrame (n_accounts, ...)
        Tables ``account_tiers`` of the two models.
    moves : DataFrame (n_moves, ...)
        Table ``tier_moves`` of them.

    Returns
    -------
    DataFrame (n_pairs, ...)
        Table ``tier_flows``: a row for each pair of tiers that some account connects, those
        that stay included; ``unknown``: not enough known; accounts that are only in one
        model are left out.
    """
    both = before[["account", "tier"]].merge(after[["account", "tier"]], on="account", suffixes=("_before", "_after"))
    pairs = ["tier_before", "tier_after"]
    both[pairs] = both[pairs].astype(object).fillna("unknown")
    flows = both.groupby(pairs, sort=False).size().rename("n_accounts").reset_index()
    shared = moves[~moves["cause"].isin(["new", "gone"])]
    causes = shared.assign(**{name: shared[name].astype(object).fillna("unknown") for name in pairs})
    by_cause = causes.groupby([*pairs, "cause"]).size().unstack(fill_value=0).reindex(
        columns=[name for name in MOVE_CAUSES if name not in ("new", "gone")], fill_value=0)
    by_cause.columns = [f"n_by_{name}" for name in by_cause.columns]
    table = flows.merge(by_cause.reset_index(), on=pairs, how="left")
    rank = {name: place for place, name in enumerate((*TIERS, "unknown"))}
    table = table.sort_values(pairs, key=lambda column: column.map(rank), kind="stable").reset_index(drop=True)
    counts = [name for name in table.columns if name.startswith("n_")]
    table[counts] = table[counts].fillna(0).astype("Int64")
    return table.astype(dict.fromkeys(pairs, "str"))
