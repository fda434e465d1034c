"""From which load on hours are balanced."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesmodel_kit.model.balance import widen_tolerance


@pytest.mark.parametrize(("role", "hours", "capacity", "expected"), [
    ("field", 80.0, 100.0, 0.1),
    ("field", 45.0, 100.0, 1 / 9),  # half of 100 hours is a ninth above an equal load of 45 %
    ("field", 5.0, 100.0, 9.0),
    ("inside", 5.0, 100.0, 0.1),
    ("field", 0.0, 100.0, 0.1),
])
def test_widen_tolerance_lets_a_field_rep_be_half_full(role, hours, capacity, expected):
    assert widen_tolerance(role, 0.1, hours=hours, capacity=capacity, balance_from=0.5) == pytest.approx(expected)


@given(st.floats(0, 1), st.floats(0.1, 1e4), st.floats(0, 1e4))
def test_widen_tolerance_never_narrows_and_changes_nothing_where_balance_always_counts(tolerance, hours, capacity):
    assert widen_tolerance("field", tolerance, hours=hours, capacity=capacity, balance_from=0.5) >= tolerance
    assert widen_tolerance("field", tolerance, hours=hours, capacity=min(capacity, hours),
                           balance_from=0.0) == tolerance
