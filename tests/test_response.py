"""Response curves: today is one, answers must rise, and the shape is found again."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.model.response import AdbudgCurve, calibrate_curve


def test_curve_passes_through_nothing_today_and_most():
    curve = AdbudgCurve(low=0.4, high=1.6, shape=2.0)

    sales = curve.find_sales([0.0, 1.0, np.inf])

    assert sales.tolist() == pytest.approx([0.4, 1.0, 1.6])


def test_curve_half_way_follows_from_the_two_ends():
    assert AdbudgCurve(low=0.5, high=1.25, shape=1.0).half_way == pytest.approx(0.5)


@pytest.mark.parametrize("shape", [0.5, 1.0, 3.0])
def test_slope_is_the_derivative_of_sales(shape):
    curve, step = AdbudgCurve(low=0.2, high=1.5, shape=shape), 1e-6

    rise = (curve.find_sales(0.7 + step) - curve.find_sales(0.7 - step)) / (2 * step)

    assert curve.find_slope(0.7) == pytest.approx(rise, rel=1e-6)


@given(
    low=st.floats(0, 0.9), high=st.floats(1.1, 5), shape=st.floats(0.2, 8)
)
def test_calibrate_curve_finds_the_shape_again(low, high, shape):
    true = AdbudgCurve(low, high, shape)
    half, half_more = true.find_sales([0.5, 1.5])

    found = calibrate_curve(nothing=low, half=float(half), half_more=float(half_more), most=high)

    assert found.find_sales([0.5, 1.5]) == pytest.approx([half, half_more], abs=1e-5)


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"nothing": 0.6, "half": 0.5, "half_more": 1.1, "most": 1.2}, "fall from nothing"),
        ({"nothing": 0.5, "half": 0.7, "half_more": 0.9, "most": 1.2}, "fall from today"),
        ({"nothing": 0.5, "half": 0.7, "half_more": 1.1, "most": 1.05}, "fall from half more"),
        ({"nothing": 0.5, "half": float("nan"), "half_more": 1.1, "most": 1.2}, "half is not a number"),
        ({"nothing": 1.0, "half": 1.0, "half_more": 1.0, "most": 1.0}, "must lie below"),
    ],
)
def test_calibrate_curve_refuses_answers_that_cannot_be(answers, words):
    with pytest.raises(SalesModelError, match=words):
        calibrate_curve(**answers)


@pytest.mark.parametrize("shape", [0.0, -1.0, float("inf"), float("nan")])
def test_curve_refuses_a_shape_that_is_not_above_zero(shape):
    with pytest.raises(SalesModelError, match="shape"):
        AdbudgCurve(0.5, 1.5, shape)
