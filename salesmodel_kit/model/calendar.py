"""Working days: by salesperson and week, from dates alone.

A week is named by its Monday and belongs to the year that its Thursday falls in,
as in ISO 8601; a year therefore has 52 or 53 weeks, from whatever day it begins.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from salesmodel_kit.errors import SalesModelError

_DAY, _THURSDAY, _WEEK = np.timedelta64(1, "D"), np.timedelta64(3, "D"), 7


@dataclass(frozen=True)
class WorkRules:
    """Which days nobody works.

    Parameters
    ----------
    holidays : collection of datetime.date
        Public holidays; those on days of rest change nothing.
    rest_days : collection of int
        Days of the week without work, 0 Monday to 6 Sunday.
    training_days : float
        Days of training per rep and year whose dates are not known; taken off each week in proportion to
        its working days. Training with a date is leave.
    """

    holidays: Collection[dt.date] = ()
    rest_days: Collection[int] = (5, 6)
    training_days: float = 0.0


def find_monday(day: dt.date) -> dt.date:
    """Return the Monday of a day's week.

    Parameters
    ----------
    day : datetime.date
        Any day.

    Returns
    -------
    datetime.date
        The day itself where it is a Monday.

    Examples
    --------
    >>> find_monday(dt.date(2026, 1, 1)).isoformat()
    '2025-12-29'
    """
    return day - dt.timedelta(days=day.weekday())


def list_weeks(first_day: dt.date) -> pd.DatetimeIndex:
    """Return the Mondays of the weeks of a year of twelve months.

    Parameters
    ----------
    first_day : datetime.date
        First day of the year: a 1 January gives the ISO year of that name.

    Returns
    -------
    DatetimeIndex (n_weeks,)
        52 or 53 Mondays: the weeks whose Thursday lies in the year.

    Examples
    --------
    >>> weeks = list_weeks(dt.date(2026, 1, 1))
    >>> len(weeks), weeks[0].date().isoformat(), weeks[-1].date().isoformat()
    (53, '2025-12-29', '2026-12-28')
    """
    is_leap_day = (first_day.month, first_day.day) == (2, 29)
    end = dt.date(first_day.year + 1, 3, 1) if is_leap_day else first_day.replace(year=first_day.year + 1)
    first, last = (np.datetime64(find_monday(day), "D") for day in (first_day, end))
    first += _WEEK * _DAY * (first + _THURSDAY < np.datetime64(first_day))
    last += _WEEK * _DAY * (last + _THURSDAY < np.datetime64(end))
    return pd.DatetimeIndex(np.arange(first, last, _WEEK * _DAY).astype("datetime64[s]"), name="week")


def count_working_days(
    leave: pd.DataFrame | None,
    *,
    reps: Sequence[str],
    weeks: pd.DatetimeIndex,
    rules: WorkRules,
    from_day: dt.date | None = None,
) -> pd.DataFrame:
    """Return the working days of each rep in each week.

    Parameters
    ----------
    leave : DataFrame (n_leaves, ...) or None
        ``rep`` (missing: everyone), ``first_day`` and ``last_day``, both days included. Leaves may overlap;
        a day counts once. Reps who are not named in ``reps`` are passed over.
    reps : sequence of str (n_reps,)
        Identifiers.
    weeks : DatetimeIndex (n_weeks,)
        Consecutive Mondays, as :func:`list_weeks` returns them.
    rules : WorkRules
        Holidays, days of rest, training.
    from_day : datetime.date, optional
        Days before it are past and count for none.

    Returns
    -------
    DataFrame (n_reps, n_weeks)
        Days, 0 to 7, by rep and Monday; fractions come from training only.

    Raises
    ------
    SalesModelError
        A leave ends before it begins.

    Examples
    --------
    >>> leave = pd.DataFrame({"rep": ["r1"], "first_day": [pd.Timestamp("2026-05-11")],
    ...                       "last_day": [pd.Timestamp("2026-05-12")]})
    >>> rules = WorkRules(holidays={dt.date(2026, 5, 14)})
    >>> weeks = list_weeks(dt.date(2026, 1, 1))[19:21]
    >>> count_working_days(leave, reps=["r1", "r2"], weeks=weeks, rules=rules).to_numpy().tolist()
    [[2.0, 5.0], [4.0, 5.0]]
    """
    works = find_working_days(leave, reps=reps, weeks=weeks, rules=rules, from_day=from_day)
    counted = works.sum(axis=2).astype(float)
    total = counted.sum(axis=1, keepdims=True)
    left = np.maximum(total - rules.training_days, 0.0)
    share = np.divide(left, total, out=np.zeros_like(total), where=total > 0)
    return pd.DataFrame(counted * share, index=pd.Index(reps, name="rep"), columns=weeks)


def add_local_holidays(
    leave: pd.DataFrame | None, reps: pd.DataFrame, *, holidays: Mapping[str, Collection[dt.date]]
) -> pd.DataFrame | None:
    """Return the leave with the public holidays that only the reps of a part of the country have.

    Parameters
    ----------
    leave : DataFrame (n_leaves, ...) or None
        As for :func:`count_working_days`.
    reps : DataFrame (n_reps, ...)
        ``rep`` and ``holiday_part`` (missing: the profile's own).
    holidays : mapping of str to collection of datetime.date
        Public holidays by part; ``""`` for the profile's own.

    Returns
    -------
    DataFrame (n_leaves + n_days, ...) or None
        None where nobody is away.

    Examples
    --------
    >>> reps = pd.DataFrame({"rep": ["R1", "R2"], "holiday_part": ["BY", None]})
    >>> own = {"": [dt.date(2026, 12, 25)], "BY": [dt.date(2026, 1, 6), dt.date(2026, 12, 25)]}
    >>> add_local_holidays(None, reps, holidays=own)[["rep", "first_day"]].astype("str").to_numpy().tolist()
    [['R1', '2026-01-06']]
    """
    days = [(rep, pd.Timestamp(day)) for rep, part in zip(reps["rep"], reps["holiday_part"], strict=True)
            if not pd.isna(part) for day in sorted(set(holidays[part]) - set(holidays[""]))]
    if not days:
        return leave
    more = pd.DataFrame(days, columns=["rep", "first_day"]).assign(last_day=lambda table: table["first_day"])
    return more if leave is None else pd.concat([leave, more], ignore_index=True)


def find_working_days(
    leave: pd.DataFrame | None, *, reps: Sequence[str], weeks: pd.DatetimeIndex, rules: WorkRules,
    from_day: dt.date | None = None,
) -> np.ndarray:
    """Return on which days each rep works.

    Parameters
    ----------
    leave, reps, weeks, rules, from_day
        As for :func:`count_working_days`; training without a date takes no day.

    Returns
    -------
    ndarray of bool (n_reps, n_weeks, 7)
        Monday first.
    """
    if not len(weeks):
        return np.zeros((len(reps), 0, _WEEK), dtype=bool)
    days = np.arange(_as_day(weeks[0]), _as_day(weeks[-1]) + _WEEK * _DAY, _DAY)
    is_open = np.tile(~np.isin(np.arange(_WEEK), list(rules.rest_days)), len(weeks))
    is_open &= ~np.isin(days, np.array(sorted(rules.holidays), dtype="datetime64[D]"))
    if from_day is not None:
        is_open &= days >= np.datetime64(from_day, "D")
    return (is_open & ~_find_away(leave, pd.Index(reps), days)).reshape(len(reps), len(weeks), _WEEK)


def _as_day(stamp: pd.Timestamp) -> np.datetime64:
    return np.datetime64(stamp.date(), "D")


def _find_away(leave: pd.DataFrame | None, reps: pd.Index, days: np.ndarray) -> np.ndarray:
    """Return who is away when, reps x days; each leave adds 1 on its first day and takes it off after its last."""
    change = np.zeros((len(reps), len(days) + 1), dtype=int)
    if leave is not None and len(leave):
        if (leave["last_day"] < leave["first_day"]).any():
            row = leave[leave["last_day"] < leave["first_day"]].iloc[0]
            raise SalesModelError("A leave ends on {last} before it begins on {first}; exchange the two days.",
                                  first=row["first_day"].date().isoformat(), last=row["last_day"].date().isoformat())
        ends = leave[["first_day", "last_day"]].to_numpy().astype("datetime64[D]")
        start = np.searchsorted(days, ends[:, 0])
        stop = np.searchsorted(days, ends[:, 1], side="right")
        is_all = leave["rep"].isna().to_numpy()
        row = reps.get_indexer(leave["rep"])
        np.add.at(change, (slice(None), start[is_all]), 1)
        np.add.at(change, (slice(None), stop[is_all]), -1)
        known = ~is_all & (row >= 0)
        np.add.at(change, (row[known], start[known]), 1)
        np.add.at(change, (row[known], stop[known]), -1)
    return change.cumsum(axis=1)[:, :-1] > 0
