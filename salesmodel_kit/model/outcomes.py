"""Outcomes: what won and lost deals can tell, and whether chance alone would do.

Groups are never ranked by their win rates unless the differences are larger
than chance would give.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

#: Share of the time that chance alone may look like a difference.
SIGNIFICANCE = 0.05
_Z = 1.959963984540054


@dataclass(frozen=True)
class WinRateComparison:
    """Win rates by group, and whether they differ by more than chance.

    Parameters
    ----------
    table : DataFrame (n_groups, ...)
        Table ``win_rates``.
    chi_square : float
        Pearson's statistic of the groups x won/lost table.
    degrees_of_freedom : int
        Number of groups - 1.
    p_value : float
        Share of shuffles of the outcomes that give as large a statistic.
    """

    table: pd.DataFrame
    chi_square: float
    degrees_of_freedom: int
    p_value: float

    @property
    def can_tell(self) -> bool:
        """Return whether the groups differ by more than chance would give."""
        return self.p_value < SIGNIFICANCE


def compare_win_rates(
    group: pd.Series, status: pd.Series, *, seed: int = 0, n_shuffles: int = 9_999
) -> WinRateComparison | None:
    """Return the win rates of groups of closed deals with a test against chance.

    Parameters
    ----------
    group : Series (n_opportunities,)
        Segment or rep of each deal; missing deals are left out.
    status : Series (n_opportunities,)
        ``won``, ``lost`` or ``open``; open deals are left out.
    seed : int
        Seed of the shuffles.
    n_shuffles : int
        Number of shuffles of the outcomes over the deals.

    Returns
    -------
    WinRateComparison or None
        None where fewer than two groups have closed deals, or where all deals ended alike.

    Notes
    -----
    Source: Wilson (1927) for the interval; Pearson's chi-square with a permutation
    p-value ``(1 + number as large) / (1 + n_shuffles)``, so that small groups do no
    harm. Assumes that deals are independent of each other.
    """
    is_closed = status.isin(["won", "lost"]) & group.notna()
    counts = pd.crosstab(group[is_closed].astype(object), status[is_closed].astype(object)).reindex(
        columns=["won", "lost"], fill_value=0
    )
    n_won, n_deals = counts["won"].to_numpy(), counts.sum(axis=1).to_numpy()
    if len(counts) < 2 or n_won.sum() in (0, n_deals.sum()):
        return None
    shuffled = np.random.default_rng(seed).multivariate_hypergeometric(
        n_deals, int(n_won.sum()), size=n_shuffles, method="marginals"
    )
    observed = _measure_chi_square(n_won[None, :], n_deals)[0]
    n_as_large = int((_measure_chi_square(shuffled, n_deals) >= observed - 1e-9).sum())
    low, high = bound_share(n_won, n_deals)
    table = pd.DataFrame(
        {
            "group": counts.index.astype("str"),
            "n_won": n_won,
            "n_lost": n_deals - n_won,
            "win_rate": n_won / n_deals,
            "low": low,
            "high": high,
        }
    ).astype({"n_won": "Int64", "n_lost": "Int64"})
    return WinRateComparison(table, float(observed), len(counts) - 1, (1 + n_as_large) / (1 + n_shuffles))


def bound_share(count: np.ndarray, total: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the 95 % interval of a share (Wilson 1927).

    Parameters
    ----------
    count, total : ndarray
        Successes and trials, total > 0.

    Returns
    -------
    tuple of ndarray
        Lower and upper ends, 0-1.

    Examples
    --------
    >>> [round(float(end), 3) for end in bound_share(np.array(5), np.array(10))]
    [0.237, 0.763]
    """
    share = count / total
    center = (share + _Z**2 / (2 * total)) / (1 + _Z**2 / total)
    half = _Z / (1 + _Z**2 / total) * np.sqrt(share * (1 - share) / total + _Z**2 / (4 * total**2))
    return np.clip(center - half, 0, 1), np.clip(center + half, 0, 1)


def _measure_chi_square(n_won: np.ndarray, n_deals: np.ndarray) -> np.ndarray:
    rate = n_won[0].sum() / n_deals.sum()
    return ((n_won - n_deals * rate) ** 2 / (n_deals * rate * (1 - rate))).sum(axis=1)
