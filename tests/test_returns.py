"""Returns: what plans sell, what another size returns, when it has paid. Every number by hand."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from demo_models import demo_model
from hypothesis import given
from hypothesis import strategies as st

from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.model.response import AdbudgCurve
from salesmodel_kit.model.returns import HiringTerms, evaluate_plan, plan_hires, return_sizes
from salesmodel_kit.model.sizes import SizeAnswer
from salesmodel_kit.tables import HIRING_PLAN, PLAN_RETURNS, SIZE_RETURN, make_schema

CURVE = AdbudgCurve(low=0.5, high=1.5, shape=1.0)  # r(x) = 0.5 + x / (1 + x)
SUMMARY = pd.DataFrame({"tier": ["gold", "silver", "bronze"], "present_hours_per_year": [100.0, 200.0, np.nan],
                        "sales_per_year": [1000.0, 3000.0, 400.0]})
TERMS = HiringTerms(100_000, 0.5, (0.5, 0.25), ramp_up_months=6, hiring_cost=10_000)


def make_terms(**changes):
    return HiringTerms(**{"cost_per_rep": 100_000, "margin_rate": 0.5, "carry_over": (0.0, 0.0), "ramp_up_months": 0,
                          "hiring_cost": 0, **changes})


def make_answer(low, high):
    return SizeAnswer(best=(low + high) / 2, low=low, high=high, best_low=low, best_high=high, reallocation_gain=0.0,
                      size_gain=0.0)


def test_evaluate_plan_follows_the_curves_and_keeps_the_sales_of_tiers_without_one():
    plan = evaluate_plan({"gold": CURVE, "silver": CURVE}, SUMMARY, hours={"gold": 300, "bronze": 50})

    # gold: r(3) = 1.25; silver: r(0) = 0.5; bronze has no hours today: its 400 stay
    assert plan["expected_sales_per_year"].tolist() == pytest.approx([1250, 1500, 400])
    # gold: r'(3) = 1 / 16 of 1,000 over 100 hours
    assert plan["sales_per_hour"].tolist()[0] == pytest.approx(0.625)
    assert plan["sales_per_hour"].isna().tolist() == [False, True, True]
    assert plan["has_curve"].tolist() == [True, True, False]
    make_schema(PLAN_RETURNS).validate(plan)


@pytest.mark.parametrize("hours", [{"platinum": 5}, {"gold": -1}, {"gold": float("nan")}])
def test_evaluate_plan_refuses_hours_that_cannot_be(hours):
    with pytest.raises(SalesModelError, match="Plan of hours"):
        evaluate_plan({"gold": CURVE}, SUMMARY, hours=hours)


@given(hours=st.lists(st.floats(0, 1e5), min_size=2, max_size=2), more=st.floats(0, 1e4))
def test_evaluate_plan_never_sells_less_with_more_hours(hours, more):
    curves = {"gold": CURVE, "silver": AdbudgCurve(0.1, 2.0, 3.0)}

    def sell(gold):
        plan = evaluate_plan(curves, SUMMARY, hours={"gold": gold, "silver": hours[1]})
        return plan["expected_sales_per_year"].sum()

    assert sell(hours[0] + more) >= sell(hours[0]) - 1e-6


def test_return_sizes_gives_the_next_person_and_the_change_to_the_range():
    sizes = pd.DataFrame({"n_reps": [5.0, 10.0, 20.0], "sales_per_year": [0.0, 1e6, 5e6]})

    table = return_sizes(sizes, make_answer(12.5, 15), n_reps=10, terms=TERMS).set_index("step")

    # 400,000 a person; break-even 200,000; ratio 2; 2 x 1.75 - 1
    assert table.loc["next", "ratio"] == pytest.approx(2)
    assert table.loc["next", "return_over_three_years"] == pytest.approx(2.5)
    assert table.loc["change", "n_reps_added"] == 3
    assert table.loc["change", "added_sales_per_year"] == pytest.approx(1.2e6)
    assert table.loc["change", "break_even_sales_per_year"] == pytest.approx(600_000)
    make_schema(SIZE_RETURN).validate(table.reset_index())


def test_return_sizes_gives_no_return_for_fewer_people_and_no_change_within_the_range():
    sizes = pd.DataFrame({"n_reps": [5.0, 10.0, 20.0], "sales_per_year": [0.0, 1e6, 5e6]})

    fewer = return_sizes(sizes, make_answer(6, 8), n_reps=10, terms=TERMS).set_index("step")
    same = return_sizes(sizes, make_answer(6, 12), n_reps=10, terms=TERMS)

    assert fewer.loc["change", "n_reps_added"] == -2
    assert fewer.loc["change", "added_sales_per_year"] == pytest.approx(-400_000)
    assert np.isnan(fewer.loc["change", "return_over_three_years"])
    assert same["step"].tolist() == ["next"]


def test_plan_hires_ramps_up_in_a_straight_line():
    plan = plan_hires(1, added_sales_per_year=400_000, terms=make_terms(ramp_up_months=6))

    # a line from 0 to 1 over two quarters: means 1/4 and 3/4, then full output
    assert plan["n_productive"].tolist() == pytest.approx([0.25, 0.75] + [1] * 10)
    assert plan["added_sales"].tolist()[:3] == pytest.approx([25_000, 75_000, 100_000])


def test_plan_hires_carries_sales_over_to_the_same_quarter_of_later_years():
    plan = plan_hires(1, added_sales_per_year=400_000, terms=make_terms(carry_over=(0.5, 0.25)))

    assert plan["added_sales"].tolist()[0::4] == pytest.approx([100_000, 150_000, 175_000])


def test_plan_hires_spreads_people_over_the_first_year_and_counts_the_cost_of_hiring():
    plan = plan_hires(6, added_sales_per_year=600_000, terms=make_terms(hiring_cost=10_000))

    assert plan["n_hired"].tolist() == [2, 2, 1, 1] + [0] * 8
    assert plan["n_there"].tolist()[:4] == [2, 4, 5, 6]
    assert plan["cost"].tolist()[:2] == pytest.approx([70_000, 120_000])
    assert plan["balance"].iloc[-1] == pytest.approx((plan["contribution"] - plan["cost"]).sum())
    make_schema(HIRING_PLAN).validate(plan)


def test_plan_hires_refuses_nobody():
    with pytest.raises(SalesModelError, match="0 people"):
        plan_hires(0, added_sales_per_year=1.0, terms=TERMS)


@given(n_hires=st.integers(1, 40), months=st.floats(0, 36), sales=st.floats(0, 1e7))
def test_plan_hires_never_has_more_output_than_people(n_hires, months, sales):
    plan = plan_hires(n_hires, added_sales_per_year=sales, terms=make_terms(ramp_up_months=months))

    assert plan["n_hired"].sum() == n_hires
    assert (plan["n_productive"] <= plan["n_there"] + 1e-9).all()
    assert (plan["n_productive"].diff().dropna() >= -1e-9).all()


def test_demo_declares_what_hiring_takes_and_tells_it():
    services = demo_model("industrial-services")

    assert services.size_return.set_index("step").loc["next", "cost_per_year"] == pytest.approx(
        services.client.reps["cost_per_year"].mean())
    assert services.hiring_plan is None  # its answers ask for fewer people


def test_demo_hires_by_quarter_up_to_the_nearest_size_that_earns_most():
    model = demo_model("software-publisher")

    plan = model.hiring_plan
    assert plan["n_hired"].sum() == math.ceil(model.team_sizes[1].low - len(model.client.reps)) > 0
    assert plan["n_productive"].iloc[0] < plan["n_there"].iloc[0]
    assert plan["balance"].iloc[-1] > 0 > plan["balance"].iloc[0]


def test_try_plan_with_today_s_hours_sells_what_is_sold_today():
    model = demo_model("software-publisher")
    today = model.tier_summary.set_index("tier")["present_hours_per_year"].to_dict()

    plan = model.try_plan(today)

    assert plan["expected_sales_per_year"].sum() == pytest.approx(model.tier_summary["sales_per_year"].sum())
