"""Selling hours from the calendar: the days that a year leaves, and how work is spread over its months."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from salesmodel_kit.model.calendar import WorkRules, count_working_days, find_monday


def count_selling_days(
    reps: pd.DataFrame, leave: pd.DataFrame | None, *, holidays: Mapping[str, Collection[dt.date]],
    days: tuple[dt.date, dt.date],
) -> pd.DataFrame:
    """Return the working days that a period leaves each rep.

    ``working_days = weekdays - public_holidays - leave_days - training_days``, at least 0.

    Parameters
    ----------
    reps : DataFrame (n_reps, ...)
        ``rep``; ``holiday_part`` (missing: the country's common holidays); ``leave_days_per_year``, all leave
        of the year, and ``training_days_per_year`` (missing: 0).
    leave : DataFrame (n_leaves, ...) or None
        Dated leave, as for :func:`count_working_days`; where it takes more days than declared, it holds.
    holidays : mapping of str to collection of datetime.date
        Part of the country ("" for the common ones) -> its public holidays.
    days : tuple of datetime.date
        First day of the period, and the day after its last.

    Returns
    -------
    DataFrame (n_reps, 6)
        ``rep``, ``weekdays``, ``public_holidays`` (those on weekdays), ``leave_days`` (missing: neither
        declared nor dated), ``training_days``, ``working_days`` (missing where leave is).

    Examples
    --------
    >>> reps = pd.DataFrame({"rep": ["r1"], "holiday_part": [None], "leave_days_per_year": [25.0],
    ...                      "training_days_per_year": [None]})
    >>> year = dt.date(2026, 1, 1), dt.date(2027, 1, 1)
    >>> count_selling_days(reps, None, holidays={"": [dt.date(2026, 5, 1)]}, days=year)["working_days"].tolist()
    [235.0]
    """
    part = reps["holiday_part"].astype(object).where(reps["holiday_part"].notna(), "")
    table = pd.DataFrame({"rep": reps["rep"]})
    for name in ("weekdays", "open_days", "dated"):
        table[name] = 0.0
    for key in part.unique():
        rows = (part == key).to_numpy()
        names = reps.loc[rows, "rep"].tolist()
        rules = WorkRules(holidays=holidays.get(key, holidays[""]))
        table.loc[rows, "weekdays"] = _count(None, names, WorkRules(), days)
        table.loc[rows, "open_days"] = _count(None, names, rules, days)
        table.loc[rows, "dated"] = table.loc[rows, "open_days"] - _count(leave, names, rules, days)
    training = reps["training_days_per_year"].astype(float).fillna(0.0)
    dated = table["dated"].where(table["dated"] > 0)
    away = pd.concat([reps["leave_days_per_year"].astype(float), dated], axis=1).max(axis=1)
    return pd.DataFrame({
        "rep": table["rep"], "weekdays": table["weekdays"], "public_holidays": table["weekdays"] - table["open_days"],
        "leave_days": away, "training_days": training,
        "working_days": (table["open_days"] - away - training).clip(lower=0.0),
    })


def compare_selling_hours(
    reps: pd.DataFrame, days: pd.DataFrame, *, hours_per_day: float, shares: Mapping[str, float],
    default_hours: Mapping[str, float],
) -> pd.DataFrame:
    """Return the selling hours of each rep by the calendar beside those that the client gave, and which are used.

    ``calendar_hours_per_year = working_days x hours_per_day x share of the role``. What the client gave
    holds; else the calendar, where leave is known; else the default of the role.

    Parameters
    ----------
    reps : DataFrame (n_reps, ...)
        Table ``reps``.
    days : DataFrame (n_reps, 6)
        From :func:`count_selling_days`, same order.
    hours_per_day : float
        Hours of a working day.
    shares : mapping of str to float
        Role -> share of working time with or for accounts, travel included.
    default_hours : mapping of str to float
        Role -> selling hours of a rep whose leave is not known.

    Returns
    -------
    DataFrame (n_reps, ...)
        Table ``selling_days``.
    """
    given, role = reps["selling_hours_per_year"].to_numpy(float), reps["role"]
    by_calendar = (days["working_days"] * hours_per_day * role.map(dict(shares)).astype(float)).to_numpy(float)
    default = role.map(dict(default_hours)).astype(float).to_numpy()
    used = np.where(np.isnan(given), np.where(np.isnan(by_calendar), default, by_calendar), given)
    source = np.where(np.isnan(given), np.where(np.isnan(by_calendar), "assumption", "calendar"), "given")
    return reps[["rep", "name", "role"]].assign(**days.drop(columns="rep").set_axis(reps.index)).assign(
        calendar_hours_per_year=by_calendar, given_hours_per_year=given, selling_hours_per_year=used,
        hours_from=pd.Series(source, reps.index).astype("str"))


def _count(
    leave: pd.DataFrame | None, reps: Sequence[str], rules: WorkRules, days: tuple[dt.date, dt.date]
) -> np.ndarray:
    """Return the working days of each rep from a day to the one before another."""
    weeks = pd.date_range(find_monday(days[0]), find_monday(days[1]), freq="7D", unit="s")
    until, after = (count_working_days(leave, reps=reps, weeks=weeks, rules=rules, from_day=day) for day in days)
    return (until.sum(axis=1) - after.sum(axis=1)).to_numpy(float)


def spread_months(
    hours: Mapping[str, float], *, shares: Sequence[float], capacity: Mapping[str, Sequence[float]]
) -> pd.DataFrame:
    """Return the hours that each month asks of each role, against those it has.

    Parameters
    ----------
    hours : mapping of str to float
        Role -> hours planned in the year.
    shares : sequence of float (12,)
        Share of the year's work that falls into each month, January first, sum 1.
    capacity : mapping of str to sequence of float (12,)
        Role -> selling hours of its team in each month.

    Returns
    -------
    DataFrame (n_roles x 12, 6)
        Table ``month_loads``.

    Examples
    --------
    >>> spread_months({"field": 1_200.0}, shares=[0.2, *[0.8 / 11] * 11],
    ...               capacity={"field": [100.0] * 12})["load"].round(2).tolist()[:2]
    [2.4, 0.87]
    """
    share, roles = np.asarray(shares, float), list(hours)
    table = pd.DataFrame({
        "role": pd.array(np.repeat(np.array(roles, dtype=object), 12), dtype="str"),
        "month": pd.array(np.tile(np.arange(1, 13), len(roles)), dtype="Int64"),
        "season_share": np.tile(share, len(roles)),
        "hours": np.concatenate([hours[role] * share for role in roles]),
        "selling_hours": np.concatenate([np.asarray(capacity[role], float) for role in roles])})
    return table.assign(load=table["hours"] / table["selling_hours"].where(table["selling_hours"] > 0))


def share_months(
    reps: pd.DataFrame, leave: pd.DataFrame | None, *, holidays: Mapping[str, Collection[dt.date]], first_day: dt.date
) -> np.ndarray:
    """Return the selling hours of the team in each calendar month of a year, January first.

    A rep's hours spread over the weekdays that are neither public holidays nor dated leave;
    leave without dates thins all months alike.

    Parameters
    ----------
    reps, leave, holidays
        As for :func:`count_selling_days`, ``reps`` with ``selling_hours_per_year``.
    first_day : datetime.date
        First of the twelve months; the first day of a month.

    Returns
    -------
    ndarray (12,)
        Hours.
    """
    starts = pd.date_range(first_day.replace(day=1), periods=13, freq="MS")
    bare = reps.assign(leave_days_per_year=0.0, training_days_per_year=0.0)
    days = np.column_stack([
        count_selling_days(bare, leave, holidays=holidays, days=(first.date(), last.date()))["working_days"]
        for first, last in pairwise(starts)])
    total = days.sum(axis=1, keepdims=True)
    share = np.divide(days, total, out=np.zeros_like(days), where=total > 0)
    hours = (share * reps["selling_hours_per_year"].to_numpy(float)[:, None]).sum(axis=0)
    return np.roll(hours, first_day.month - 1)
