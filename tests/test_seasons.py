"""The pace of a year with seasons."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesmodel_kit.model.calendar import WorkRules, count_working_days, list_weeks
from salesmodel_kit.model.seasons import fit_pace, pace_weeks

YEAR = dt.date(2027, 1, 1)
WEEKS = list_weeks(YEAR)
TENTHS = st.integers(0, 400).map(lambda number: number / 10)
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


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(TENTHS, TENTHS), min_size=1, max_size=12), TENTHS.map(lambda tenths: 0.1 + 5 * tenths))
def test_fit_pace_never_asks_for_more_than_a_week_has_and_plans_all_that_fits(rows, needed) -> None:
    pace, hours = (pd.DataFrame([column], index=["r"]) for column in zip(*rows, strict=True))
    is_open = (pace > 0).to_numpy()[0] & (hours > 0).to_numpy()[0]

    found = fit_pace(pace, hours, pd.Series({"r": needed})).to_numpy()[0]

    assert found.sum() == pytest.approx(pace.to_numpy().sum())
    if is_open.any() and found.sum() > 0:
        held = min(needed, hours.to_numpy()[0][is_open].sum())
        load = found * held / found.sum()
        assert (load <= hours.to_numpy()[0] * (1 + 1e-9) + 1e-9).all()
        assert (load[~is_open] == 0).all()


def test_fit_pace_leaves_a_rep_with_room_the_whole_season() -> None:
    pace, hours = pd.DataFrame([[8.0, 1.0]], index=["r"]), pd.DataFrame([[10.0, 10.0]], index=["r"])

    assert fit_pace(pace, hours, pd.Series({"r": 9.0})).to_numpy() == pytest.approx(pace.to_numpy())
    assert fit_pace(pace, hours, pd.Series({"r": 99.0})).to_numpy() == pytest.approx(np.array([[4.5, 4.5]]))
    assert fit_pace(pace, hours, pd.Series(dtype=float)).equals(pace)
