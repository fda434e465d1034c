"""Values, scores, the portfolio matrix and the workload: cases that can be followed by hand."""

from __future__ import annotations

import datetime as dt
import itertools

import numpy as np
import pandas as pd

from salesmodel_kit.client.calendar import read_public_holidays
from salesmodel_kit.model.costs import CostRules, choose_channels
from salesmodel_kit.model.criteria import compute_values
from salesmodel_kit.model.scores import sum_values
from salesmodel_kit.model.segments import choose_postures
from salesmodel_kit.model.selling_days import count_selling_days
from salesmodel_kit.model.weights import weigh_criteria
from salesmodel_kit.model.workload import plan_effort, summarize_roles
from tools.verification.case import Case


def list_cases() -> list[Case]:
    """Return the cases."""
    return [*_list_values(), *_list_scores(), _place_fields(), _count_reps(), _count_days(), _weigh_visit()]


def _list_values() -> list[Case]:
    criteria = pd.DataFrame({"criterion": ["size", "distance"], "worst": [0.0, 300.0], "best": [200.0, 0.0]})
    performances = pd.DataFrame({"size": [0.0, 50.0, 500.0], "distance": [300.0, 75.0, 0.0]})
    values = compute_values(performances, criteria)
    source = "Keeney & Raiffa 1976, by hand"
    return [
        Case("Values", "Benefit, worst 0, best 200: 0, 50, 500", source, (0.0, 0.25, 1.0), tuple(values["size"]),
             1e-12),
        Case("Values", "Cost, worst 300, best 0: 300, 75, 0", source, (0.0, 0.75, 1.0), tuple(values["distance"]),
             1e-12),
    ]


def _list_scores() -> list[Case]:
    score, known = sum_values(np.array([[1.0, 0.5, 0.0], [1.0, np.nan, 0.0]]), np.array([0.5, 0.3, 0.2]))
    criteria = pd.DataFrame({"axis": ["chance"] * 3, "criterion": list("abc"), "weight": [50.0, 30.0, 20.0],
                             "serves": ["conquest", None, "retention"]})
    bent = weigh_criteria(criteria, emphasis={"conquest": 2.0, "retention": 0.5})["effective_weight"]
    return [
        Case("Scores", "Weights .5 .3 .2, values 1 .5 0", "Fishburn 1967, by hand", (0.65,), (float(score[0]),), 1e-12),
        Case("Scores", "The second value missing: score, share known", "rescaled to what is known, by hand",
             (5 / 7, 0.7), (float(score[1]), float(known[1])), 1e-12),
        Case("Scores", "Points 50 30 20 bent by x 2, x 1, x 1/2", "by hand: 100, 30, 10 of 140",
             (100 / 140, 30 / 140, 10 / 140), tuple(bent), 1e-12),
    ]


def _place_fields() -> Case:
    middles = (1 / 6, 1 / 2, 5 / 6)
    fields = pd.DataFrame(itertools.product(middles, middles), columns=["attractiveness", "competitive_strength"])
    numbers = {"harvest": 0.0, "select": 1.0, "invest": 2.0}
    postures = choose_postures(fields["attractiveness"], fields["competitive_strength"]).map(numbers)
    return Case("Portfolio matrix", "Nine fields from low-low to high-high (0 harvest, 1 select, 2 invest)",
                "GE-McKinsey matrix, thirds at 1/3 and 2/3", (0, 0, 1, 0, 1, 2, 1, 2, 2), tuple(postures), 0.0)


def _count_reps() -> Case:
    tiers = pd.DataFrame({"account": [str(number) for number in range(3000)], "posture": "invest", "score": 0.5,
                          "tier": ["gold"] * 1000 + ["silver"] * 2000})
    norms = pd.DataFrame({"tier": ["gold", "silver"], "posture": "any", "channel": "field",
                          "calls_per_year": [36.0, 12.0]})
    channels = pd.DataFrame({"channel": ["field"], "hours_per_call": [1.0], "travel_hours_per_call": [0.0],
                             "next_channel": [None]})
    effort = plan_effort(tiers, norms=norms, channels=channels, capacity={"field": 60000.0},
                         present_hours=pd.Series(np.nan, index=tiers.index))
    reps = pd.DataFrame({"rep": ["r"], "role": ["field"], "selling_hours_per_year": [1000.0]})
    roles = summarize_roles(effort, reps, default_hours={"field": 1000.0}).set_index("role")
    return Case("Workload", "1,000 accounts x 36 calls and 2,000 x 12, 1,000 calls a rep: calls, reps", "Talley 1961",
                (60000.0, 60.0),
                (float(effort["wanted_calls_per_year"].sum()), float(roles.loc["field", "n_reps_needed"])), 1e-9)


def _count_days() -> Case:
    reps = pd.DataFrame({"rep": ["r"], "holiday_part": [None], "leave_days_per_year": [25.0],
                         "training_days_per_year": [0.0]})
    holidays = {"": read_public_holidays("FR", None, [2025])}
    year = dt.date(2025, 1, 1), dt.date(2026, 1, 1)
    days = count_selling_days(reps, None, holidays=holidays, days=year).iloc[0]
    found = float(days["weekdays"] - days["public_holidays"]), float(days["working_days"])
    return Case("Workload", "France, 2025: working days, and those less 25 days of leave", "Sidely 2025",
                (251.0, 226.0), found, 0.0)


def _weigh_visit() -> Case:
    accounts = pd.DataFrame({"account": ["a"], "tier": ["gold"], "posture": ["select"], "sales_per_year": [50000.0],
                             "potential_per_year": [60000.0], "win_probability": [0.5], "distance_km": [30.0],
                             "travel_km_per_call": [20.0], "travel_hours_per_call": [0.5]})
    norms = pd.DataFrame({"tier": ["gold"], "channel": ["field"], "calls_per_year": [10.0]})
    channels = pd.DataFrame({"channel": ["field", "inside"], "hours_per_call": [1.5, 0.5],
                             "travel_hours_per_call": [0.5, 0.0], "next_channel": [None, None]})
    rules = CostRules({"field": 100.0, "inside": 40.0}, cost_per_km=0.5, margin_rate=0.4, visit_gain_share=0.25)
    effort = accounts.assign(channel="field")
    row = choose_channels(accounts, effort, norms=norms, channels=channels, rules=rules).iloc[0]
    names = ("field_cost_per_year", "inside_cost_per_year", "break_even_per_year", "contribution_per_year")
    return Case("Workload", "10 visits of 2 h at 100 and 20 km at 0.5, or 10 calls of 0.5 h at 40; visits gain 1/4: "
                "costs, break-even; margin of 40 % on 50,000 and half of 10,000", "by hand",
                (2100.0, 200.0, 7600.0, 22000.0), tuple(float(row[name]) for name in names), 1e-9)
