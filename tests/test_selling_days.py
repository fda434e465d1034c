import datetime as dt

import pandas as pd
import pytest

from salesmodel_kit.client.calendar import read_public_holidays
from salesmodel_kit.model.selling_days import (
    compare_selling_hours,
    count_selling_days,
    share_months,
    spread_months,
)
from salesmodel_kit.tables import MONTH_LOADS, SELLING_DAYS, make_schema

NAN = float("nan")
YEAR = dt.date(2027, 1, 1), dt.date(2028, 1, 1)
COMMON = read_public_holidays("FR", None, [2027])
ALSACE = read_public_holidays("FR", "6AE", [2027])


def make_reps(**columns):
    return pd.DataFrame(
        {
            "rep": ["r1", "r2", "r3"],
            "name": ["Anna", "Bruno", "Carla"],
            "role": ["field", "field", "inside"],
            "selling_hours_per_year": [900.0, NAN, NAN],
            "holiday_part": [None, "6AE", None],
            "leave_days_per_year": [25.0, 25.0, NAN],
            "training_days_per_year": [NAN, 5.0, 2.0],
        }
    ).assign(**columns)


def count(reps, leave=None):
    return count_selling_days(reps, leave, holidays={"": COMMON, "6AE": ALSACE}, days=YEAR)


def make_leave(*rows):
    return pd.DataFrame(rows, columns=["rep", "first_day", "last_day"]).assign(
        first_day=lambda table: pd.to_datetime(table["first_day"]).astype("datetime64[s]"),
        last_day=lambda table: pd.to_datetime(table["last_day"]).astype("datetime64[s]"),
    )


def test_count_selling_days_takes_off_the_holidays_of_each_part():
    days = count(make_reps())

    # 2027: 1 Jan Fri, Easter Mon 29 Mar, Ascension Thu 6 May, Whit Mon 17 May, 14 Jul Wed, 1 Nov Mon, 11 Nov Thu;
    # 1 and 8 May, 25 Dec are Saturdays, 15 Aug is a Sunday. In Alsace Good Friday 26 Mar too; 26 Dec is a Sunday.
    assert days["weekdays"].tolist() == [261, 261, 261]
    assert days["public_holidays"].tolist() == [7, 8, 7]
    assert days["working_days"].tolist()[:2] == [261 - 7 - 25, 261 - 8 - 25 - 5]
    assert days["working_days"].isna().tolist() == [False, False, True]


def test_count_selling_days_lets_dated_leave_hold_where_it_takes_more():
    leave = make_leave(("r1", "2027-08-02", "2027-08-06"), ("r3", "2027-05-03", "2027-05-16"))

    days = count(make_reps(leave_days_per_year=[3.0, 25.0, NAN]), leave)

    # Monday to Friday for r1; for r3 two weeks with Ascension in them
    assert days["leave_days"].tolist() == [5, 25, 9]


def test_count_selling_days_never_goes_below_none():
    days = count(make_reps(leave_days_per_year=366.0))

    assert days["working_days"].tolist() == [0, 0, 0]


def test_count_selling_days_counts_a_year_from_any_day():
    start = dt.date(2026, 10, 1)

    days = count_selling_days(make_reps(), None, holidays={"": [], "6AE": []}, days=(start, start.replace(year=2027)))

    assert days["weekdays"].tolist() == [261] * 3


def test_compare_selling_hours_uses_what_was_given_then_the_calendar_then_the_default():
    reps = make_reps()

    table = compare_selling_hours(
        reps, count(reps), hours_per_day=8.0, shares={"field": 0.5, "inside": 0.6}, default_hours={"inside": 700.0}
    )

    assert table["hours_from"].tolist() == ["given", "calendar", "assumption"]
    assert table["selling_hours_per_year"].tolist() == [900.0, 223 * 8 * 0.5, 700.0]
    assert table["calendar_hours_per_year"].tolist()[0] == 229 * 8 * 0.5
    make_schema(SELLING_DAYS).validate(table)


def test_share_months_spreads_the_hours_of_the_year_over_its_working_days():
    hours = share_months(
        make_reps(selling_hours_per_year=100.0), None, holidays={"": COMMON, "6AE": ALSACE}, first_day=YEAR[0]
    )

    assert hours.sum() == pytest.approx(300)
    # May 2027 has 21 weekdays, two of them holidays everywhere
    assert hours[4] == pytest.approx(2 * 100 * 19 / 254 + 100 * 19 / 253)


def test_share_months_puts_january_first_whenever_the_year_begins():
    reps = make_reps(selling_hours_per_year=100.0, holiday_part=None)
    leave = make_leave((None, "2027-08-01", "2027-08-31"))

    hours = share_months(reps, leave, holidays={"": []}, first_day=dt.date(2026, 10, 1))

    assert hours[7] == 0
    assert (hours > 0).sum() == 11


def test_spread_months_holds_the_season_against_the_hours_there_are():
    table = spread_months({"field": 1_000.0, "inside": 10.0}, shares=[0.5, *[0.5 / 11] * 11],
                          capacity={"field": [100.0, 0.0, *[100.0] * 10], "inside": [1.0] * 12})

    assert table["load"].tolist()[0] == 5.0
    assert table["load"].isna().tolist()[:2] == [False, True]
    assert table["load"].tolist()[12] == 5.0
    assert table.groupby("role")["hours"].sum().tolist() == pytest.approx([1_000, 10])
    make_schema(MONTH_LOADS).validate(table)
