"""Working days by rep and week."""

from __future__ import annotations

import datetime as dt

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import given

from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.model.calendar import WorkRules, count_working_days, find_monday, list_weeks

FRANCE_2026 = frozenset(dt.date.fromisoformat(day) for day in (
    "2026-01-01", "2026-04-06", "2026-05-01", "2026-05-08", "2026-05-14", "2026-05-25", "2026-07-14", "2026-08-15",
    "2026-11-01", "2026-11-11", "2026-12-25"))


def make_leave(*rows: tuple[str | None, str, str]) -> pd.DataFrame:
    """Return a table of leaves from rep, first and last day."""
    table = pd.DataFrame(rows, columns=["rep", "first_day", "last_day"])
    return table.assign(first_day=pd.to_datetime(table["first_day"]), last_day=pd.to_datetime(table["last_day"]),
                        rep=table["rep"].astype("str"))


@pytest.mark.parametrize(("year", "n_weeks", "first"), [
    (2015, 53, "2014-12-29"), (2020, 53, "2019-12-30"), (2024, 52, "2024-01-01"), (2026, 53, "2025-12-29"),
    (2027, 52, "2027-01-04")])
def test_list_weeks_gives_the_weeks_of_the_iso_year(year: int, n_weeks: int, first: str) -> None:
    weeks = list_weeks(dt.date(year, 1, 1))

    assert (len(weeks), weeks[0].date().isoformat()) == (n_weeks, first)
    assert {week.isocalendar().year for week in weeks} == {year}


@given(first_day=st.dates(dt.date(1990, 1, 1), dt.date(2090, 1, 1)).filter(lambda day: (day.month, day.day) != (2, 29)))
def test_list_weeks_of_following_years_join_without_gap(first_day: dt.date) -> None:
    following = first_day.replace(year=first_day.year + 1)
    joined = list_weeks(first_day).append(list_weeks(following))

    assert set(np.diff(joined.to_numpy()).astype("timedelta64[D]").astype(int)) == {7}


def test_count_working_days_gives_the_working_days_of_france_in_2026() -> None:
    """2026 has 261 days from Monday to Friday; 9 of the 11 holidays lie on them: 252."""
    weeks = list_weeks(dt.date(2026, 1, 1))
    days = count_working_days(None, reps=["r1"], weeks=weeks, rules=WorkRules(FRANCE_2026),
                              from_day=dt.date(2026, 1, 1))

    past_new_year = 1  # Friday 1 January 2027 lies in the last week, and is no holiday of 2026
    assert days.loc["r1"].sum() == 261 - 9 + past_new_year


def test_count_working_days_counts_a_day_of_two_leaves_once_and_no_day_of_rest() -> None:
    weeks = list_weeks(dt.date(2026, 1, 1))[:2]
    leave = make_leave(("r1", "2026-01-05", "2026-01-07"), ("r1", "2026-01-07", "2026-01-11"))

    days = count_working_days(leave, reps=["r1", "r2"], weeks=weeks, rules=WorkRules())

    assert days.to_numpy().tolist() == [[5.0, 0.0], [5.0, 5.0]]


def test_count_working_days_takes_everyone_off_where_a_leave_names_nobody() -> None:
    weeks = list_weeks(dt.date(2026, 1, 1))[:1]

    days = count_working_days(make_leave((None, "2026-01-02", "2026-01-02"), ("gone", "2025-12-29", "2026-01-04")),
                              reps=["r1", "r2"], weeks=weeks, rules=WorkRules())

    assert days.to_numpy().tolist() == [[4.0], [4.0]]


def test_count_working_days_clips_a_leave_that_begins_before_and_ends_after() -> None:
    weeks = list_weeks(dt.date(2026, 1, 1))

    days = count_working_days(make_leave(("r1", "2020-01-01", "2026-01-08"), ("r1", "2026-12-31", "2030-01-01")),
                              reps=["r1"], weeks=weeks, rules=WorkRules())

    assert days.loc["r1"].iloc[[0, 1, 2, -1]].tolist() == [0.0, 1.0, 5.0, 3.0]


def test_count_working_days_spreads_training_over_the_weeks_in_proportion() -> None:
    weeks = list_weeks(dt.date(2027, 1, 1))

    days = count_working_days(None, reps=["r1"], weeks=weeks, rules=WorkRules(training_days=26))

    assert days.loc["r1"].tolist() == pytest.approx([4.5] * 52)  # 260 days less 26 over 52 weeks


def test_count_working_days_leaves_days_before_the_first_out() -> None:
    weeks = list_weeks(dt.date(2026, 10, 1))

    days = count_working_days(None, reps=["r1"], weeks=weeks, rules=WorkRules(), from_day=dt.date(2026, 10, 1))

    assert (weeks[0].date().isoformat(), days.loc["r1"].iloc[0]) == ("2026-09-28", 2.0)


def test_count_working_days_refuses_a_leave_that_ends_before_it_begins() -> None:
    with pytest.raises(SalesModelError, match="2026-01-03 before it begins on 2026-01-05"):
        count_working_days(make_leave(("r1", "2026-01-05", "2026-01-03")), reps=["r1"],
                           weeks=list_weeks(dt.date(2026, 1, 1)), rules=WorkRules())


@given(start=st.integers(0, 360), length=st.integers(0, 60), rest=st.sets(st.integers(0, 6), max_size=7))
def test_count_working_days_equals_counting_day_by_day(start: int, length: int, rest: set[int]) -> None:
    weeks = list_weeks(dt.date(2026, 1, 1))
    first = dt.date(2026, 1, 1) + dt.timedelta(days=start)
    last = first + dt.timedelta(days=length)

    days = count_working_days(make_leave(("r1", first.isoformat(), last.isoformat())), reps=["r1"], weeks=weeks,
                              rules=WorkRules(FRANCE_2026, rest_days=rest))

    expected = [sum((day := week.date() + dt.timedelta(days=offset)).weekday() not in rest
                    and day not in FRANCE_2026 and not first <= day <= last for offset in range(7)) for week in weeks]
    assert days.loc["r1"].tolist() == expected


def test_find_monday_leaves_a_monday_where_it_is() -> None:
    assert find_monday(dt.date(2026, 3, 2)) == dt.date(2026, 3, 2)
