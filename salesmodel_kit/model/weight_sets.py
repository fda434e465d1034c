"""Weight sets side by side: what the result would be had another set of weights counted.

After ``tiers``: two tables of tiers and scores, made with different weights from
the same accounts, are compared account by account.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from salesmodel_kit.tables import TIER_CHANGES, TIERS, WEIGHT_SETS

#: Best accounts that are compared by name.
N_BEST = 10


@dataclass(frozen=True)
class WeightSetComparison:
    """Sets of weights side by side.

    Parameters
    ----------
    table : DataFrame
        Table ``weight_sets``, the set in force first.
    changes : DataFrame
        Table ``tier_changes``.
    ranks : DataFrame
        The accounts that are among the best of any set: ``account``, ``name``, ``segment`` and
        ``rank_1``, ``rank_2``, ... by value under each set in the order of ``table``.
    """

    table: pd.DataFrame
    changes: pd.DataFrame
    ranks: pd.DataFrame


def compare_weight_sets(results: Mapping[str, pd.DataFrame], *, in_force: str) -> WeightSetComparison:
    """Return what each other set of weights would change, in sum and account by account.

    Parameters
    ----------
    results : mapping of str to DataFrame (n_accounts, ...)
        Name of the set -> ``account``, ``name``, ``segment``, ``potential_per_year``,
        ``tier`` and ``rank_by_value``, in the same order of accounts.
    in_force : str
        The set that the model uses.

    Returns
    -------
    WeightSetComparison
        ``changes``: the accounts that change tier under another set, those that move by most tiers
        first, then by the better of their two ranks.
    """
    ours = results[in_force]
    names = [in_force, *(name for name in results if name != in_force)]
    place = _place(ours)
    rows, changes = [], []
    for name in names:
        step = _place(results[name]) - place
        tiers = results[name]["tier"].value_counts()
        rows.append((name, name == in_force, *(int(tiers.get(tier, 0)) for tier in TIERS), int((step != 0).sum()),
                     int((step < 0).sum()), int((step > 0).sum()), _share_best(ours, results[name])))  # fmt: skip
        if name != in_force:
            changes.append(_list_changes(ours, results[name], step).assign(set_name=name))
    table = pd.DataFrame(rows, columns=list(WEIGHT_SETS.names))
    counts = {column: "Int64" for column in WEIGHT_SETS.names if column.startswith("n_")}
    moved = pd.concat(changes or [_list_changes(ours, ours, place * 0).assign(set_name="")])
    moved = moved.sort_values(["steps", "best_rank"], ascending=[False, True], kind="stable", ignore_index=True)
    return WeightSetComparison(
        table.astype({"in_force": "boolean", **counts}), moved[list(TIER_CHANGES.names)], _rank_best(results, names)
    )


def _rank_best(results: Mapping[str, pd.DataFrame], names: list[str]) -> pd.DataFrame:
    rows = sorted({row for result in results.values() for row in _find_best(result)})
    table = results[names[0]].loc[rows, ["account", "name", "segment"]]
    ranks = {f"rank_{at}": results[name].loc[rows, "rank_by_value"] for at, name in enumerate(names, start=1)}
    return table.assign(**ranks).sort_values("rank_1", kind="stable").reset_index(drop=True)


def _place(result: pd.DataFrame) -> np.ndarray:
    """Return 0 for gold and so on; not enough known comes last."""
    return result["tier"].map({tier: at for at, tier in enumerate(TIERS)}).fillna(len(TIERS)).to_numpy(int)


def _share_best(ours: pd.DataFrame, theirs: pd.DataFrame) -> float:
    best, others = (set(result.loc[_find_best(result), "account"]) for result in (ours, theirs))
    return len(best & others) / len(best) if best else float("nan")


def _find_best(result: pd.DataFrame) -> pd.Index:
    """Return the rows of the best accounts; an account that is not enough known is none of them."""
    return result["rank_by_value"].dropna().nsmallest(N_BEST).index


def _list_changes(ours: pd.DataFrame, theirs: pd.DataFrame, step: np.ndarray) -> pd.DataFrame:
    rows = np.flatnonzero(step != 0)
    changed = ours[["account", "name", "segment", "potential_per_year", "tier"]].iloc[rows].assign(
        rank=ours["rank_by_value"].iloc[rows], other_tier=theirs["tier"].iloc[rows].to_numpy(),
        other_rank=theirs["rank_by_value"].iloc[rows].array)  # fmt: skip
    return changed.assign(steps=np.abs(step[rows]), best_rank=changed[["rank", "other_rank"]].min(axis=1))
