"""Seasons: how fast a salesperson's year of calls goes by, week by week."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pandas as pd

from salesmodel_kit.model.calendar import WorkRules, find_working_days, list_weeks

_DAYS, _MONTHS = 7, 12


def pace_weeks(
    leave: pd.DataFrame | None, days: pd.DataFrame, *, rules: WorkRules, shares: Sequence[float], year_from: dt.date,
    plan_from: dt.date,
) -> pd.DataFrame:
    """Return working days stretched by the seasons: a week of a strong month counts for more of them.

    A month's share goes to the days that the rep works in it, and the weeks planned keep their sum:
    ``pace = sum over the week's working days of share(month) / the rep's working days in the month``, scaled.

    Parameters
    ----------
    leave : DataFrame or None
        Table ``leave``.
    days : DataFrame (n_reps, n_weeks)
        Working days of the weeks planned, by rep and Monday.
    rules : WorkRules
        Days on which nobody works.
    shares : sequence of float (12,)
        Share of the year's work that falls into each month, January first.
    year_from, plan_from : datetime.date
        First day of the year, and first day that is planned.

    Returns
    -------
    DataFrame (n_reps, n_weeks)
        In working days; 0 where a month has no share. The days themselves where the weeks planned have none at all.

    Examples
    --------
    >>> weeks = list_weeks(dt.date(2026, 6, 1))[:9]  # 22 working days of June, 23 of July
    >>> days = pd.DataFrame([[5.0] * 9], index=["r"], columns=weeks)
    >>> pace_weeks(None, days, rules=WorkRules(), shares=[0] * 5 + [0.75, 0.25] + [0] * 5,
    ...            year_from=dt.date(2026, 6, 1), plan_from=dt.date(2026, 6, 1)).round(1).to_numpy().tolist()
    [[7.7, 7.7, 7.7, 7.7, 4.5, 2.4, 2.4, 2.4, 2.4]]
    """
    weeks = list_weeks(year_from)
    works = find_working_days(leave, reps=days.index.tolist(), weeks=weeks, rules=rules, from_day=year_from)
    dates = weeks.to_numpy().astype("datetime64[D]")[:, None] + np.arange(_DAYS)
    is_month = (dates.astype("datetime64[M]").astype(int) % _MONTHS)[..., None] == np.arange(_MONTHS)
    in_month = np.einsum("rwd,wdm->rm", works, is_month.astype(float))
    density = np.divide(np.asarray(shares, float), in_month, out=np.zeros_like(in_month), where=in_month > 0)
    works &= dates >= np.datetime64(plan_from, "D")
    pace = np.einsum("rwd,wdm,rm->rw", works, is_month.astype(float), density)
    pace = pace[:, weeks.get_indexer(days.columns)]
    total = pace.sum(axis=1, keepdims=True)
    scaled = np.divide(pace, total, out=np.zeros_like(pace), where=total > 0) * days.sum(axis=1).to_numpy()[:, None]
    return pd.DataFrame(np.where(total > 0, scaled, days), index=days.index, columns=days.columns)


def fit_pace(pace: pd.DataFrame, hours: pd.DataFrame, needed: pd.Series) -> pd.DataFrame:
    """Return the pace that the hours can follow: what a strong week cannot hold goes to the others by their pace.

    Water-filling: ``min(hours, level x pace)`` with the level at which the year's hours are planned. Without it
    the calls of a full season are pushed out one by one, and an account due every two months is called twice in
    a week of June.

    Parameters
    ----------
    pace, hours : DataFrame (n_reps, n_weeks)
        From :func:`pace_weeks`; selling hours of each week.
    needed : Series (n_reps,)
        Hours of the calls to plan, by rep; missing: none.

    Returns
    -------
    DataFrame (n_reps, n_weeks)
        With the sums of ``pace``. Weeks without pace stay so; where the hours are not enough, all are full.

    Examples
    --------
    >>> weeks = pd.date_range("2027-01-04", periods=3, freq="7D")
    >>> pace, hours = (pd.DataFrame([row], index=["r"], columns=weeks) for row in ([8.0, 4.0, 2.0], [10.0] * 3))
    >>> fit_pace(pace, hours, pd.Series({"r": 21.0})).round(2).to_numpy().tolist()  # 10 + 7.33 + 3.67 hours
    [[6.67, 4.89, 2.44]]
    """
    fitted = [_fill(*rows, need) for *rows, need in zip(
        pace.to_numpy(float), hours.to_numpy(float), needed.reindex(pace.index).fillna(0.0), strict=True)]
    return pd.DataFrame(fitted, index=pace.index, columns=pace.columns)


def _fill(pace: np.ndarray, hours: np.ndarray, needed: float) -> np.ndarray:
    at = np.flatnonzero((pace > 0) & (hours > 0))
    if needed <= 0 or not len(at):
        return pace
    at = at[np.argsort(hours[at] / pace[at], kind="stable")]  # the first to be full first
    rest = needed - np.concatenate([[0.0], np.cumsum(hours[at])[:-1]])
    level = rest / np.cumsum(pace[at][::-1])[::-1]
    fits = np.flatnonzero(level * pace[at] <= hours[at])
    load = np.zeros(len(pace))
    load[at] = hours[at] if not len(fits) else np.minimum(hours[at], level[fits[0]] * pace[at])
    return load * pace.sum() / load.sum()
