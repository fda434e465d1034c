"""Back-test: what share of the later sales gold would have held, had we tiered a year ago.

Accounts are ranked by value with what was known then, and by what they had bought by
then; the same number of accounts is gold in both. Only deals carry dates: what else
the value rests on is as of today, which may flatter it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from salesmodel_kit.model.history import find_first_day, sum_won

#: Fewest accounts that must have bought in each of the two years.
LEAST_BUYERS = 20
N_DRAWS, N_POINTS = 2_000, 101
#: Numbers held at once by one batch of draws.
_BATCH = 4_000_000


@dataclass(frozen=True)
class BackTest:
    """What gold of a year ago would have held of the later sales, by value and by past sales.

    Parameters
    ----------
    table : DataFrame (3 or 0 rankings, ...)
        Table ``back_test``; no row where it cannot be told.
    curve : DataFrame (101 or 0, ...)
        Table ``back_test_curve``.
    day : date
        What came after it was not used to rank.
    n_accounts, n_gold : int
        Accounts, and how many of them are gold in both rankings.
    n_buyers_before, n_buyers_later : int
        Accounts with an amount won in the year before that day, and in the year after.
    sales_later : float
        Amounts won in the year after, in the client's currency.
    begins_late : date or None
        The day of the first recorded ends, where it lies over a month after the begin
        of the year before: past sales then cover less than a year.
    verdict : str
        ``told``, ``few_buyers``, ``no_gold`` or ``no_scores``.
    """

    table: pd.DataFrame
    curve: pd.DataFrame
    day: dt.date
    n_accounts: int
    n_gold: int
    n_buyers_before: int
    n_buyers_later: int
    sales_later: float
    begins_late: dt.date | None
    verdict: str

    @property
    def is_told(self) -> bool:
        """Return whether there was enough to compare."""
        return self.verdict == "told"


def compare_rankings(
    scores: pd.DataFrame, opportunities: pd.DataFrame, *, day: dt.date, n_gold: int, seed: int = 0
) -> BackTest:
    """Return how much of the sales of the year after a day lies in gold, by value and by past sales.

    Parameters
    ----------
    scores : DataFrame (n_accounts, ...)
        With ``account`` and ``score`` as of that day; accounts not enough known come last.
    opportunities : DataFrame (n_opportunities, ...)
        Table ``opportunities``; sales are the amounts won, on the day they were won.
    day : date
        The day of the ranking, a year before the end of the data.
    n_gold : int
        How many accounts are gold in both rankings. Accounts that tie at the cut share
        the places that are left.
    seed : int
        Seed of the draws.

    Returns
    -------
    BackTest

    Notes
    -----
    Source: paired bootstrap over accounts (Efron & Tibshirani 1993): the same draws for
    both rankings, the lists of gold accounts held fixed, percentile intervals.
    Assumes that accounts buy independently of each other.
    """
    today = pd.Timestamp(day)
    before = _look_up(sum_won(opportunities, after=today - pd.DateOffset(years=1), until=today), scores["account"])
    later = _look_up(sum_won(opportunities, after=today, until=today + pd.DateOffset(years=1)), scores["account"])
    score = scores["score"].fillna(-1.0).to_numpy(float)
    facts = {"day": day, "n_accounts": len(scores), "n_gold": n_gold, "n_buyers_before": int((before > 0).sum()),
             "n_buyers_later": int((later > 0).sum()), "sales_later": float(later.sum()),
             "begins_late": _find_late_begin(opportunities, today - pd.DateOffset(years=1))}
    verdict = _find_verdict(scores["score"], facts)
    if verdict != "told":
        return BackTest(_NO_TABLE, _NO_CURVE, **facts, verdict=verdict)
    curves = {name: _gather_sales(key, later) for name, key in (("value", score), ("past_sales", before))}
    places = np.linspace(0, len(scores), N_POINTS)
    curve = pd.DataFrame({"account_share": np.linspace(0, 1, N_POINTS)} | {
        f"by_{name}": np.interp(places, *reached) for name, reached in curves.items()})
    in_gold = np.array([_share_places(key, n_gold) for key in (score, before)])
    return BackTest(_tabulate(in_gold, later, seed=seed), curve, **facts, verdict=verdict)


def _find_late_begin(opportunities: pd.DataFrame, begin: pd.Timestamp) -> dt.date | None:
    first = find_first_day(opportunities[opportunities["status"].isin(["won", "lost"])])
    return first.date() if first is not None and first > begin + pd.DateOffset(months=1) else None


def _look_up(sums: pd.Series, account: pd.Series) -> np.ndarray:
    return account.map(sums).fillna(0.0).to_numpy(float)


def _find_verdict(score: pd.Series, facts: dict) -> str:
    if score.isna().all():
        return "no_scores"
    if not 0 < facts["n_gold"] < facts["n_accounts"]:
        return "no_gold"
    return "told" if min(facts["n_buyers_before"], facts["n_buyers_later"]) >= LEAST_BUYERS else "few_buyers"


def _gather_sales(key: np.ndarray, later: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return numbers of best accounts and the share of later sales that they hold; ties are crossed in a line."""
    _, level = np.unique(-key, return_inverse=True)
    ends, sums = np.cumsum(np.bincount(level)), np.cumsum(np.bincount(level, weights=later))
    return np.concatenate([[0], ends]), np.concatenate([[0.0], sums / sums[-1]])


def _share_places(key: np.ndarray, n_gold: int) -> np.ndarray:
    """Return the part of each account that is gold: 1, 0, or what those that tie at the cut share."""
    _, level = np.unique(-key, return_inverse=True)
    size = np.bincount(level)
    start = np.cumsum(size) - size
    return np.clip((n_gold - start) / size, 0.0, 1.0)[level]


def _tabulate(in_gold: np.ndarray, later: np.ndarray, *, seed: int) -> pd.DataFrame:
    share = in_gold @ later / later.sum()
    drawn = _draw_shares(in_gold, later, seed=seed)
    columns = np.vstack([drawn, drawn[0] - drawn[1]])
    low, high = np.nanquantile(columns, [0.025, 0.975], axis=1)
    return pd.DataFrame({
        "ranking": pd.Series(["value", "past_sales", "difference"], dtype="str"),
        "later_sales_share": [*share, share[0] - share[1]], "low": low, "high": high})


def _draw_shares(in_gold: np.ndarray, later: np.ndarray, *, seed: int) -> np.ndarray:
    """Return the share of later sales in gold, rankings x draws of accounts with replacement.

    Accounts that bought nothing add nothing: they are drawn together.
    """
    rng, buys = np.random.default_rng(seed), np.flatnonzero(later)
    chance = np.full(len(buys) + 1, 1 / len(later))
    chance[-1] = max(1 - len(buys) / len(later), 0.0)
    amounts = np.vstack([in_gold[:, buys] * later[buys], later[buys]])
    size = max(1, _BATCH // len(chance))
    sums = np.hstack([
        amounts @ rng.multinomial(len(later), chance, size=min(size, N_DRAWS - first))[:, :-1].T
        for first in range(0, N_DRAWS, size)])
    return np.divide(sums[:2], sums[2], out=np.full_like(sums[:2], np.nan), where=sums[2] > 0)


_NO_TABLE = pd.DataFrame({"ranking": pd.Series(dtype="str")} | {
    name: pd.Series(dtype=float) for name in ("later_sales_share", "low", "high")})
_NO_CURVE = pd.DataFrame({name: pd.Series(dtype=float) for name in ("account_share", "by_value", "by_past_sales")})
