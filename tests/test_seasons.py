"""The pace of a year with seasons."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from salesmodel_kit.model.calendar import WorkRules, count_working_days, list_weeks
from salesmodel_kit.model.seasons import pace_weeks

YEAR = dt.date(2027, 1, 1)
WEEKS = list_weeks(YEAR)
SUMMER_OFF = [0.1] * 6 + [0.0, 0.0] + [0.1] * 4


def pace(leave: pd.DataFrame | None = None, *, shares: list[float], plan_from: dt.date = YEAR) -> pd.Series:
    weeks = WEEKS[WEEKS + pd.Timedelta(days=7) > pd.Timestamp(plan_from)]
    days = count_working_days(leave, reps=["r"], weeks=weeks, rules=WorkRules(), from_day=plan_from)
    found = pace_weeks(leave, days, rules=WorkRules(), shares=shares, year_from=YEAR, plan_from=plan_from).loc["r"]
    assert found.sum() == pytest.approx(days.to_numpy().sum())
    return found


def test_pace_weeks_stands_still_in_a_month_without_a_share() -> None:
    found = pace(shares=SUMMER_OFF)

    assert found["2027-07-05":"2027-08-23"].eq(0).all()
    assert found["2027-06-21"] == pytest.approx(found["2027-02-01"] * 20 / 22)  # days at 22 a month against 20


def test_pace_weeks_gives_a_month_its_share_although_the_rep_is_away_for_half_of_it() -> None:
    leave = pd.DataFrame({"rep": ["r"], "first_day": [pd.Timestamp("2027-02-01")],
                          "last_day": [pd.Timestamp("2027-02-14")]})

    found = pace(leave, shares=[1 / 12] * 12)

    assert found["2027-02-01":"2027-02-08"].eq(0).all()
    assert found["2027-02-15":"2027-02-22"].sum() == pytest.approx(250 / 12)  # 260 days of the 52 weeks less 10


def test_pace_weeks_counts_only_what_is_left_of_the_year() -> None:
    found = pace(shares=[0.5] + [0.0] * 10 + [0.5], plan_from=dt.date(2027, 3, 1))

    assert found[:"2027-11-22"].eq(0).all()


def test_pace_weeks_is_the_working_days_where_no_share_is_left() -> None:
    found = pace(shares=[1.0] + [0.0] * 11, plan_from=dt.date(2027, 3, 1))

    assert np.allclose(found, 5.0)
