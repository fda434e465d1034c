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
