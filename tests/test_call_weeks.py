"""The calls of one rep over the weeks."""

from __future__ import annotations

import dataclasses

import hypothesis.strategies as st
import numpy as np
from hypothesis import given, settings

from salesmodel_kit.model.call_board import Due, Week
from salesmodel_kit.model.call_weeks import lay_out


def make_weeks(days: list[float], *, hours_per_day: float = 4.0) -> Week:
    counted = np.array(days, dtype=float)
    return Week(counted, counted * hours_per_day, visits_a_journey=3.0)


def make_due(n_calls: list[int], *, hours: float = 2.0, **columns: list) -> Due:
    n = len(n_calls)
    held = tuple(columns.get("held", [None] * n))
    added = tuple(None if weeks is None else np.zeros(len(weeks), dtype=bool) for weeks in held)
    first, km = (np.array(columns.get(name, [default] * n), dtype=float)
                 for name, default in (("first", np.nan), ("km", 0.0)))
    return Due(np.array(n_calls), np.full(n, hours), first, np.array(columns.get("area", [-1] * n)), km, held, added)


def test_lay_out_spaces_calls_evenly() -> None:
    placed, even = lay_out(make_due([4]), make_weeks([5] * 52), tolerance=0.0)

    assert np.diff(placed[0]).tolist() == [13, 13, 13]
    assert placed[0].tolist() == even[0].tolist()


def test_lay_out_goes_on_from_the_moment_that_is_due() -> None:
    placed, _ = lay_out(make_due([4], first=[15.0]), make_weeks([5] * 52), tolerance=0.0)

    assert placed[0].tolist() == [3, 16, 29, 42]


def test_lay_out_calls_at_once_where_a_call_is_overdue() -> None:
    placed, _ = lay_out(make_due([2], first=[0.0]), make_weeks([5] * 10), tolerance=0.0)

    assert placed[0].tolist() == [0, 5]


def test_lay_out_plans_nothing_in_weeks_without_a_working_day() -> None:
    days = [5, 0, 5, 0, 0, 5, 5, 5]

    placed, _ = lay_out(make_due([5, 5]), make_weeks(days), tolerance=0.0)

    assert all(days[week] > 0 for weeks in placed for week in weeks)


def test_lay_out_gives_accounts_of_one_area_the_same_weeks() -> None:
    placed, _ = lay_out(make_due([4, 4, 4], area=[0, 0, 0], km=[200.0] * 3), make_weeks([5] * 52), tolerance=0.0)

    assert placed[0].tolist() == placed[1].tolist() == placed[2].tolist()


def test_lay_out_lets_fewer_calls_ride_on_the_journeys_of_more() -> None:
    """18 and 6 calls on one area: every call of the six shares a journey of the eighteen."""
    placed, _ = lay_out(make_due([18, 6], area=[0, 0], km=[200.0] * 2), make_weeks([5] * 52), tolerance=0.25)

    assert set(placed[1]) <= set(placed[0])
    assert np.ptp(np.diff(placed[1])) <= 4  # two weeks off on either side at most


def test_lay_out_follows_the_pace_of_the_seasons() -> None:
    """Three quarters of the year's pace in the first half: of eight calls six."""
    weeks = dataclasses.replace(make_weeks([5] * 52), pace=np.repeat([7.5, 2.5], 26))

    placed, _ = lay_out(make_due([8]), weeks, tolerance=0.0)

    assert (placed[0] < 26).sum() == 6
    assert np.ptp(np.diff(placed[0][:6])) <= 1


def test_lay_out_exchanges_weeks_where_the_last_room_is_beside_a_call_on_the_account() -> None:
    """Weeks of 4, 2 and 4 hours hold 2, 1 and 2 calls: three accounts with 2, 2 and 1 calls fill them all."""
    placed, _ = lay_out(make_due([2, 2, 1]), Week(np.ones(3), np.array([4.0, 2.0, 4.0]), 3.0), tolerance=0.0)

    assert sorted(np.concatenate(placed).tolist()) == [0, 0, 1, 2, 2]
    assert all(len(set(own.tolist())) == len(own) for own in placed)


def test_lay_out_moves_a_call_within_the_tolerance_to_save_a_journey() -> None:
    """Due in weeks 2 and 4 of 10, one call each five weeks; a quarter of the spacing is one week, a half two."""
    due = make_due([2, 2], first=[10.0, 20.0], area=[0, 0], km=[100.0] * 2)

    apart, _ = lay_out(due, make_weeks([5] * 10), tolerance=0.25)
    together, _ = lay_out(due, make_weeks([5] * 10), tolerance=0.5)

    assert set(apart[0]).isdisjoint(apart[1])
    assert together[0].tolist() == together[1].tolist()


def test_lay_out_serves_the_first_accounts_where_hours_are_short() -> None:
    """One week of 4 hours holds two calls of 2; four accounts want one each."""
    placed, _ = lay_out(make_due([1, 1, 1, 1]), make_weeks([1]), tolerance=0.0)

    assert [weeks.tolist() for weeks in placed] == [[0], [0], [-1], [-1]]


def test_lay_out_calls_several_times_a_week_where_the_year_asks_for_it() -> None:
    placed, _ = lay_out(make_due([8], hours=1.0), make_weeks([5] * 4), tolerance=0.0)

    assert placed[0].tolist() == [0, 0, 1, 1, 2, 2, 3, 3]


def test_lay_out_leaves_a_former_plan_where_it_is() -> None:
    held = np.array([1, 4, 9])

    placed, _ = lay_out(make_due([3, 3], held=[held, None]), make_weeks([5] * 12), tolerance=0.25)

    assert placed[0].tolist() == [1, 4, 9]


def test_lay_out_moves_only_what_a_closed_week_turns_out() -> None:
    placed, _ = lay_out(make_due([3], held=[np.array([1, 4, 9])]), make_weeks([5] * 4 + [0] + [5] * 7), tolerance=0.0)

    assert placed[0].tolist() == [1, 3, 9]


@settings(max_examples=60, deadline=None)
@given(n_calls=st.lists(st.integers(1, 12), min_size=1, max_size=12), days=st.lists(st.integers(0, 5), min_size=1,
       max_size=16), hours_per_day=st.floats(0, 5), seed=st.integers(0, 9))
def test_lay_out_keeps_every_week_within_its_hours_and_drops_nothing_that_fits(
        n_calls: list[int], days: list[int], hours_per_day: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    weeks = make_weeks([float(day) for day in days], hours_per_day=hours_per_day)
    area = rng.integers(-1, 3, len(n_calls))
    due = make_due(n_calls, area=area.tolist(), km=[100.0] * len(n_calls))

    placed, _ = lay_out(due, weeks, tolerance=0.25)

    load = np.zeros(len(days))
    for row in placed:
        np.add.at(load, row[row >= 0], 2.0)
    assert [len(row) for row in placed] == n_calls
    assert (load <= weeks.hours + 1e-6).all()
    for row in (row for row in placed if (row < 0).any()):
        has_room = (load + 2.0 <= weeks.hours) & (weeks.days > 0)
        assert set(np.flatnonzero(has_room)) <= set(row.tolist()), "a week with room does not have the account yet"
