"""The days of a week's calls."""

from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

from salesmodel_kit.model.call_days import count_journeys, set_days

FIVE = [True] * 5 + [False] * 2


def lay(*calls: tuple[int, float | None, float], works: list[bool] = FIVE, held: list[int] | None = None) -> list[int]:
    """Return the days of one rep's calls in one week, from rows of account, area and hours."""
    rows, areas, hours = zip(*calls, strict=True)
    table = pd.DataFrame({"rep": 0, "at": 0, "account_row": rows, "area": np.array(areas, dtype=float), "hours": hours,
                          "held": held or [-1] * len(calls)})
    return set_days(table, np.array([[works]]), visits_a_journey=3.0).tolist()


def test_set_days_puts_the_calls_on_an_area_on_one_day_and_other_areas_on_others() -> None:
    days = lay((0, 1, 2.0), (1, 2, 2.0), (2, 1, 2.0), (3, 2, 2.0), (4, 1, 2.0))

    assert days == [0, 1, 0, 1, 0]


def test_set_days_deals_an_area_into_as_few_journeys_as_it_fills() -> None:
    days = lay(*((account, 1, 2.0) for account in range(4)))

    assert sorted(np.bincount(days, minlength=5).tolist()) == [0, 0, 0, 2, 2]


def test_set_days_calls_on_an_account_on_different_days() -> None:
    assert len({*lay((0, 1, 2.0), (0, 1, 2.0), (0, 1, 2.0))}) == 3
    assert len({*lay((0, None, 0.5), (0, None, 0.5))}) == 2


def test_set_days_levels_the_hours_with_calls_from_the_desk() -> None:
    """A journey of 6 hours on Monday; eight calls of half an hour go to the other four days, two each."""
    days = lay((0, 1, 3.0), (1, 1, 3.0), *((account, None, 0.5) for account in range(2, 10)))

    assert np.bincount(days, minlength=7).tolist() == [2, 2, 2, 2, 2, 0, 0]


def test_set_days_takes_only_days_on_which_the_rep_works() -> None:
    works = [False, False, True, False, True, False, False]

    assert set(lay(*((account, account, 2.0) for account in range(4)), works=works)) == {2, 4}
    assert lay((0, 1, 2.0), works=[False] * 7) == [-1]


def test_set_days_keeps_a_day_that_is_held_and_fills_its_journey_first() -> None:
    assert lay((0, 1, 2.0), (1, 1, 2.0), (2, 2, 2.0), held=[3, -1, -1]) == [3, 3, 0]


def test_set_days_moves_a_held_call_off_a_day_that_closed() -> None:
    works = [True, True, True, False, True, False, False]

    assert lay((0, 1, 2.0), (1, 2, 2.0), works=works, held=[3, 0]) == [1, 0]


def test_set_days_leaves_out_what_has_no_week() -> None:
    table = pd.DataFrame({"rep": [0, -1], "at": [-1, 0], "account_row": [0, 1], "area": [1.0, 1.0],
                          "hours": [1.0, 1.0], "held": [-1, -1]})

    assert set_days(table, np.array([[FIVE]]), visits_a_journey=3.0).tolist() == [-1, -1]


@pytest.mark.parametrize(("n_visits", "most", "full", "expected"), [(6, 1, 3.0, 2), (7, 1, 3.5, 2), (3, 3, 3.0, 3)])
def test_count_journeys(n_visits: int, most: int, full: float, expected: int) -> None:
    assert count_journeys(np.array([n_visits]), np.array([most]), full).tolist() == [expected]


@settings(max_examples=60, deadline=None)
@given(calls=st.lists(st.tuples(st.integers(0, 9), st.sampled_from([None, 1, 2]), st.floats(0.5, 6)), min_size=1,
                      max_size=14), works=st.lists(st.booleans(), min_size=7, max_size=7).filter(any))
def test_set_days_gives_each_call_a_working_day_and_no_day_more_than_graham_allows(
        calls: list[tuple], works: list[bool]) -> None:
    days = lay(*calls, works=works)

    load = np.bincount(days, weights=[hours for _, _, hours in calls], minlength=7)
    is_alone = len({account for account, _, _ in calls}) == len(calls) and all(area is None for _, area, _ in calls)
    assert all(works[day] for day in days)
    if is_alone:  # list scheduling: at most the mean and the longest call
        assert load.max() <= load.sum() / sum(works) + max(hours for _, _, hours in calls) + 1e-6
