"""What was known on an earlier day, rebuilt from dated deals; nothing that came later is used.

Only deals carry dates. Ratings, sizes and potentials are as of today, and whoever
uses them for an earlier day has to say so. Feeds the win model and the back-test.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

#: Criteria that can be counted again as of any day, from dated deals.
FROM_DEALS: tuple[str, ...] = ("n_won_opportunities", "n_open_opportunities", "open_opportunities_amount")
#: Criteria of which nothing is known for an earlier day.
NOT_RECALLED: tuple[str, ...] = ("present_calls_per_year", "present_hours_per_year")
#: Criteria that hold what was sold, or done to sell it, in the last 12 months: they know how deals ended.
CONTAIN_OUTCOME: tuple[str, ...] = (
    "sales_per_year",
    "wallet_share",
    "untapped_potential_per_year",
    *NOT_RECALLED,
)
#: More days than any calendar of deals has: account and day in one integer.
_SPAN = 10_000_000


def recall_deals(opportunities: pd.DataFrame, *, account: pd.Series, day: pd.Series) -> pd.DataFrame:
    """Return what the deals said of accounts before given days.

    A deal counts as won from the day after it was won; as open from the day after it
    was opened until the day on which it ended. So a deal never counts for its own first
    day, and what was decided later never shows.

    Parameters
    ----------
    opportunities : DataFrame (n_opportunities, ...)
        Table ``opportunities``. A deal that ended on an unknown day is left out; the
        expected day of an open deal is not used.
    account : Series (n_moments,)
        Account of each moment; missing: nothing known.
    day : Series (n_moments,)
        Day of each moment; missing: nothing known.

    Returns
    -------
    DataFrame (n_moments, 3)
        ``n_won_opportunities``, ``n_open_opportunities``, ``open_opportunities_amount``
        (missing where deals are open and no amount is known), index of ``account``.

    Examples
    --------
    >>> deals = pd.DataFrame({"account": ["a", "a"], "status": ["won", "lost"], "amount": [10.0, 20.0],
    ...     "created_on": pd.to_datetime(["2026-01-01", "2026-02-01"]),
    ...     "closed_on": pd.to_datetime(["2026-03-01", "2026-04-01"])})
    >>> days = pd.to_datetime(pd.Series(["2026-02-15", "2026-03-15"]))
    >>> recall_deals(deals, account=pd.Series(["a", "a"]), day=days).values.tolist()
    [[0.0, 2.0, 30.0], [1.0, 1.0, 20.0]]
    """
    is_open = opportunities["status"] == "open"
    has_end = is_open | opportunities["closed_on"].notna()
    deals = opportunities[opportunities["account"].notna() & has_end]
    places = pd.Index(deals["account"].unique())
    moments = _Moments(places.get_indexer(account), _to_days(day), (account.notna() & day.notna()).to_numpy())
    code, opened, closed = places.get_indexer(deals["account"]), _to_days(deals["created_on"]), _to_days(
        deals["closed_on"])
    was_opened, has_closed = deals["created_on"].notna().to_numpy(), ~(deals["status"] == "open").to_numpy()
    closed = np.where(was_opened, np.maximum(closed, opened), closed)
    amount = deals["amount"].to_numpy(float)

    def count_open(size: np.ndarray) -> np.ndarray:
        begun = moments.sum_before(code[was_opened], opened[was_opened], size[was_opened])
        ended = was_opened & has_closed
        return begun - moments.sum_before(code[ended], closed[ended], size[ended])

    is_won = (deals["status"] == "won").to_numpy()
    n_open, n_priced = count_open(np.ones(len(deals))), count_open((~np.isnan(amount)).astype(float))
    priced = np.where(n_priced > 0, np.maximum(count_open(np.nan_to_num(amount)), 0.0), np.nan)
    columns = (moments.sum_before(code[is_won], closed[is_won], np.ones(int(is_won.sum()))), n_open,
               np.where(n_open > 0, priced, n_open))
    return pd.DataFrame(dict(zip(FROM_DEALS, columns, strict=True)), index=account.index)


def sum_won(opportunities: pd.DataFrame, *, after: pd.Timestamp, until: pd.Timestamp) -> pd.Series:
    """Return the amounts won by account between two days, the first left out, the last included.

    Parameters
    ----------
    opportunities : DataFrame (n_opportunities, ...)
        Table ``opportunities``; a won deal without account, amount or day is left out.
    after, until : Timestamp
        The two days.

    Returns
    -------
    Series (n_buying_accounts,)
        Account -> amount, in the client's currency; accounts that won nothing are absent.
    """
    day = opportunities["closed_on"]
    is_within = (opportunities["status"] == "won") & (day > after) & (day <= until)
    return opportunities[is_within].dropna(subset=["amount"]).groupby("account")["amount"].sum()


def find_first_day(closed: pd.DataFrame) -> pd.Timestamp | None:
    """Return the day from which the records hold every deal that was opened, None where no end is dated.

    Records begin some day. Of the deals opened before it they hold only those that had
    not ended by then, and the long ones may be won more, or less, often than the others.
    So the first day is that of the first recorded ends: the day by which one in a
    hundred deals had ended, so that a single wrong date does no harm.

    Parameters
    ----------
    closed : DataFrame (n_deals, ...)
        Won and lost deals, with ``closed_on``.

    Returns
    -------
    Timestamp or None

    Notes
    -----
    Source: left truncation (delayed entry), Klein & Moeschberger (2003), chapter 3.
    """
    ends = closed["closed_on"].dropna()
    return None if ends.empty else ends.sort_values().iloc[len(ends) // 100]


def recall_accounts(accounts: pd.DataFrame, opportunities: pd.DataFrame, *, day: dt.date) -> pd.DataFrame:
    """Return the accounts as far as they were known on a day.

    Parameters
    ----------
    accounts : DataFrame (n_accounts, ...)
        Table ``accounts``, as of today.
    opportunities : DataFrame (n_opportunities, ...)
        Table ``opportunities``.
    day : date
        The day; what happened on it is known.

    Returns
    -------
    DataFrame (n_accounts, ...)
        ``sales_per_year``: the amounts won in the 12 months until then, 0 where none;
        deals won and open as of then; calls and hours of today missing; what a client's
        own column says of wallet share and untapped potential taken out, so that both
        are derived from the sales of then. Everything else is as of today.
    """
    until = pd.Timestamp(day)
    won = sum_won(opportunities, after=until - pd.DateOffset(years=1), until=until)
    tomorrow = pd.Series(until + pd.Timedelta(days=1), index=accounts.index)
    deals = recall_deals(opportunities, account=accounts["account"], day=tomorrow)
    then = accounts.drop(columns=["wallet_share", "untapped_potential_per_year"], errors="ignore")
    return then.assign(
        **deals, sales_per_year=accounts["account"].map(won).astype(float).fillna(0.0),
        **dict.fromkeys(NOT_RECALLED, np.nan))


class _Moments:
    """Account and day of each moment, for sums of what came before it."""

    def __init__(self, code: np.ndarray, day: np.ndarray, is_known: np.ndarray) -> None:
        self._first = np.where(is_known, code, -1) * _SPAN
        self._keys = self._first + np.where(is_known, day, 0)
        self._is_known = is_known

    def sum_before(self, code: np.ndarray, day: np.ndarray, size: np.ndarray) -> np.ndarray:
        """Return the summed sizes of the events of the same account on earlier days."""
        keys = code * _SPAN + day
        order = np.argsort(keys, kind="stable")
        total = np.concatenate([[0.0], np.cumsum(size[order])])
        ends, starts = (np.searchsorted(keys[order], wanted) for wanted in (self._keys, self._first))
        return np.where(self._is_known, total[ends] - total[starts], np.nan)


def _to_days(days: pd.Series) -> np.ndarray:
    """Return whole days since 1 January of the year 1, so that none is negative; missing gives 0."""
    whole = days.to_numpy("datetime64[D]")
    return np.where(np.isnat(whole), 0, (whole - np.datetime64("0001-01-01", "D")).astype("int64"))
