"""Values, vetoes and explanations whose answer follows by hand."""

from __future__ import annotations

import pandas as pd

from salesmodel_kit.model.criteria import compute_values
from salesmodel_kit.model.criteria_tree import select_leaves
from salesmodel_kit.model.explanations import explain_distances
from tools.verification.case import Case

_SUBJECT = "Value functions"
_KEENEY = "Keeney & Raiffa 1976: value = (performance - worst) / (best - worst), clipped to 0-1; by hand"
_BELTON = "Belton & Stewart 2002, piecewise linear and qualitative value scales; by hand"


def list_cases() -> list[Case]:
    """Return the cases of value functions, sub-criteria and explanations."""
    return [
        _value("more is better: 0 to 200, at -10, 50, 300", [-10.0, 50.0, 300.0], (0.0, 0.25, 1.0), worst=0.0,
               best=200.0, source=_KEENEY),
        _value("less is better: 5 down to 1, at 5, 4, 1", [5.0, 4.0, 1.0], (0.0, 0.25, 1.0), worst=5.0, best=1.0,
               source=_KEENEY),
        _value("points 0:0; 50:0.2; 200:1, at 25, 50, 125, 300", [25.0, 50.0, 125.0, 300.0], (0.1, 0.2, 0.6, 1.0),
               worst=0.0, best=200.0, source=_BELTON, value_points="0:0; 50:0.2; 200:1"),
        _value("levels 1:0; 2:0.1; 3:0.5; 4:0.9; 5:1, at 2, 3.5", [2.0, 3.5], (0.1, 0.7), worst=1.0, best=5.0,
               source=_BELTON, value_points="1:0; 2:0.1; 3:0.5; 4:0.9; 5:1"),
        _value("categories tender:0; group:0.5; free:1", ["Free", "tender", "group"], (1.0, 0.0, 0.5), worst=0.0,
               best=1.0, source=_BELTON, category_values="tender:0; group:0.5; free:1"),
        _weigh_tree(), _explain(),
    ]


def _value(name: str, performances: list, expected: tuple[float, ...], *, source: str, **criterion: object) -> Case:
    criteria = pd.DataFrame([{"criterion": "x", **criterion}])
    values = compute_values(pd.DataFrame({"x": performances}), criteria)["x"]
    return Case(_SUBJECT, name, source, expected, tuple(values), 1e-12)


def _weigh_tree() -> Case:
    criteria = pd.DataFrame({"axis": "chance", "criterion": ["trust", "relation", "access", "fit"],
                             "weight": [30.0, 1.0, 2.0, 10.0], "serves": None,
                             "parent": [None, "trust", "trust", None]})
    return Case(_SUBJECT, "global weights of trust 30 (relation 1, access 2) and fit 10",
                "Keeney & Raiffa 1976: global weight = product of local weights; by hand 3/4 x 1/3, 3/4 x 2/3, 1/4",
                (0.25, 0.5, 0.25), tuple(select_leaves(criteria)["weight"]), 1e-12)


def _explain() -> Case:
    accounts = pd.DataFrame({"account": ["1", "2"], "size": [1.0, 0.0], "fit": [0.5, 0.25]})
    criteria = pd.DataFrame({"axis": ["potential", "chance"], "criterion": ["size", "fit"], "worst": 0.0, "best": 1.0,
                             "effective_weight": 1.0})
    found = explain_distances(accounts, criteria, scores=pd.DataFrame({"score": [0.75, 0.125]}), potential_weight=0.5)
    return Case(_SUBJECT, "what size and fit add to the distance of 0.75 from the mean 0.4375",
                "Strumbelj & Kononenko 2014: for a sum, weight x (value - mean value); by hand 0.5 x 0.5, 0.5 x 0.125",
                (0.25, 0.0625), tuple(found.iloc[0, 1:].astype(float)), 1e-12)
