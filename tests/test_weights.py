import pandas as pd
import pytest

from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.model.weights import weigh_criteria


def make_criteria(weight: list[float], serves: list[str | None], axis: str = "chance") -> pd.DataFrame:
    names = [f"c{place}" for place in range(len(weight))]
    return pd.DataFrame({"axis": axis, "criterion": names, "weight": weight, "serves": serves})


@pytest.mark.parametrize(
    ("weight", "serves", "expected"),
    [
        ([1, 3], [None, None], [0.25, 0.75]),
        ([1, 1], ["conquest", "retention"], [0.75, 0.25]),
        ([2, 1, 1], ["retention", None, "conquest"], [2 / 7, 2 / 7, 3 / 7]),
        ([0, 4], [None, "conquest"], [0.0, 1.0]),
    ],
)
def test_weigh_criteria_bends_the_rooms_points_by_the_strategy(weight, serves, expected):
    criteria = make_criteria(weight, serves)

    weighed = weigh_criteria(criteria, emphasis={"conquest": 1.5, "retention": 0.5})

    assert weighed["effective_weight"].tolist() == pytest.approx(expected)


def test_weigh_criteria_sums_to_one_on_each_axis():
    criteria = pd.concat([make_criteria([1, 2], [None, None]), make_criteria([5], [None], axis="potential")])

    weighed = weigh_criteria(criteria.reset_index(drop=True), emphasis={})

    assert weighed.groupby("axis")["effective_weight"].sum().tolist() == pytest.approx([1.0, 1.0])


@pytest.mark.parametrize("weight", [-1.0, float("nan"), float("inf")])
def test_weigh_criteria_refuses_a_weight_that_is_none(weight):
    with pytest.raises(SalesModelError, match="c1"):
        weigh_criteria(make_criteria([1.0, weight], [None, None]), emphasis={})


def test_weigh_criteria_refuses_an_axis_without_weight():
    with pytest.raises(SalesModelError, match="Axis chance"):
        weigh_criteria(make_criteria([1.0, 2.0], ["conquest", "conquest"]), emphasis={"conquest": 0.0})
