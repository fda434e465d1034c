"""The curve of cumulated potential and what the tiers hold of it: for the report's chart and for the live one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from salesmodel_kit.charts.layout import known
from salesmodel_kit.language import Language
from salesmodel_kit.tables import TIERS

CURVE_POINTS = 1500


@dataclass(frozen=True)
class Curve:
    """Share of the potential that the first accounts hold.

    Parameters
    ----------
    shares : ndarray (n_accounts + 1,)
        0-1, from no account to all.
    """

    shares: np.ndarray

    def at(self, n_accounts: float) -> float:
        """Return the height of the drawn line: the share that the first accounts hold, straight between accounts."""
        return float(np.interp(n_accounts, np.arange(len(self.shares)), self.shares))


def make_curve(accounts: pd.DataFrame, order: str) -> Curve:
    """Return the curve of the accounts ordered by a column, largest first; missing ones come last.

    Parameters
    ----------
    accounts : DataFrame (n_accounts, ...)
        Table ``account_tiers``; a missing potential adds nothing.
    order : str
        A column of numbers.
    """
    needed = accounts[list(dict.fromkeys([order, "account", "potential_per_year"]))]
    ordered = needed.sort_values([order, "account"], ascending=[False, True], na_position="last")
    cumulated = np.cumsum(np.nan_to_num(known(ordered["potential_per_year"])))
    return Curve(np.concatenate([[0.0], cumulated / cumulated[-1]]))


def find_cuts(accounts: pd.DataFrame, tier_summary: pd.DataFrame) -> dict[str, float]:
    """Return tier -> how many accounts reach its cutoff; without cutoffs, the tiers' sizes summed.

    Parameters
    ----------
    accounts, tier_summary : DataFrame
        Step tables ``account_tiers`` and ``tier_summary``.
    """
    scores = known(accounts["score"])
    cuts, n_summed = {}, 0.0
    for row in tier_summary[tier_summary["tier"].isin(TIERS)].itertuples():
        n_summed += float(row.n_accounts) if pd.notna(row.n_accounts) else 0.0
        cuts[row.tier] = float(np.sum(scores >= row.cutoff)) if pd.notna(row.cutoff) else n_summed
    return cuts


def tell_holdings(row: Any, language: Language) -> str:  # noqa: ANN401 - a row of itertuples has no type of its own
    """Return how many accounts a row of ``tier_summary`` holds, and which share of the potential."""
    one, many = (language.text("{accounts} account, {share} of the potential"),
                 language.text("{accounts} accounts, {share} of the potential"))
    return language.plural(row.n_accounts, one, many).format(accounts=language.number(row.n_accounts),
                                                             share=language.share(row.potential_share))
