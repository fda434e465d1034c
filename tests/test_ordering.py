"""The order of many numbers is that of numpy's sort, ties and near ties included."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from salesmodel_kit.model.ordering import order_numbers

_FLOATS = st.floats(allow_nan=False)


@given(numbers=arrays.arrays(float, st.integers(0, 60), elements=_FLOATS))
def test_order_numbers_sorts_any_floats(numbers: np.ndarray) -> None:
    order, ordered = order_numbers(numbers)

    assert sorted(order) == list(range(len(numbers)))
    assert np.array_equal(numbers[order], np.sort(numbers))
    assert np.array_equal(numbers[order], ordered)


@pytest.mark.parametrize("n_groups", [1, 50, 5_000])
def test_order_numbers_puts_right_what_agrees_in_the_leading_bits(n_groups: int) -> None:
    generator = np.random.default_rng(3)
    near = 1.0 + generator.integers(0, n_groups, 20_000) * 1e-3 + generator.integers(0, 4, 20_000) * 2.0**-50

    order, ordered = order_numbers(near)

    assert np.array_equal(near[order], np.sort(near))
    assert np.array_equal(near[order], ordered)
    assert len(np.unique(order)) == len(near)


def test_order_numbers_keeps_equal_numbers_in_their_order() -> None:
    assert order_numbers(np.array([2.0, 0.0, -0.0, 2.0, 0.0]))[0].tolist() == [1, 2, 4, 0, 3]
