import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.model.criteria import compute_values


def make_criteria(worst: float, best: float) -> pd.DataFrame:
    return pd.DataFrame({"criterion": ["size"], "worst": [worst], "best": [best]})


@pytest.mark.parametrize(
    ("worst", "best", "performance", "expected"),
    [(0, 200, 50, 0.25), (0, 200, 300, 1.0), (0, 200, -10, 0.0), (30, 10, 15, 0.75), (1, 5, 3, 0.5)],
)
def test_compute_values_maps_worst_to_zero_and_best_to_one(worst, best, performance, expected):
    performances = pd.DataFrame({"size": [float(performance)]})

    values = compute_values(performances, make_criteria(worst, best))

    assert values["size"].tolist() == [expected]


def test_compute_values_keeps_missing_apart_from_zero():
    performances = pd.DataFrame({"size": [0.0, np.nan]})

    values = compute_values(performances, make_criteria(0, 10))

    assert values["size"].tolist()[0] == 0.0
    assert np.isnan(values["size"].iloc[1])


def test_compute_values_gives_missing_when_nobody_has_the_criterion():
    values = compute_values(pd.DataFrame({"other": [1.0, 2.0]}), make_criteria(0, 10))

    assert values["size"].isna().all()


@pytest.mark.parametrize(("worst", "best"), [(3.0, 3.0), (np.nan, 1.0), (0.0, np.inf)])
def test_compute_values_refuses_anchors_that_are_no_scale(worst, best):
    with pytest.raises(SalesModelError, match="size"):
        compute_values(pd.DataFrame({"size": [1.0]}), make_criteria(worst, best))


def test_compute_values_refuses_infinite_performances():
    with pytest.raises(SalesModelError, match="size: a performance is infinite"):
        compute_values(pd.DataFrame({"size": [np.inf]}), make_criteria(0, 1))


def test_compute_values_leaves_its_input_alone():
    performances = pd.DataFrame({"size": [5.0, 20.0]})
    before = performances.copy()

    compute_values(performances, make_criteria(0, 10))

    pd.testing.assert_frame_equal(performances, before)


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=20), st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_compute_values_stays_between_zero_and_one(performances, worst, best):
    if worst == best:
        best = worst + 1
    frame = pd.DataFrame({"size": performances})

    values = compute_values(frame, make_criteria(worst, best))["size"]

    assert values.between(0, 1).all()


@given(st.lists(st.floats(-100, 100), min_size=2, max_size=20))
def test_compute_values_does_not_depend_on_the_other_records(performances):
    frame = pd.DataFrame({"size": performances})

    together = compute_values(frame, make_criteria(-50, 50))["size"].tolist()
    alone = [compute_values(frame.iloc[[row]], make_criteria(-50, 50))["size"].iloc[0] for row in range(len(frame))]

    assert together == alone
