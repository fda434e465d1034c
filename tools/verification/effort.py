"""Effort, size and its return, against published and hand-worked cases."""

from __future__ import annotations

import numpy as np

from salesmodel_kit.model.effort import split_effort
from salesmodel_kit.model.response import AdbudgCurve, calibrate_curve
from salesmodel_kit.model.returns import HiringTerms, plan_hires
from salesmodel_kit.model.sizes import judge_size
from tools.verification.case import Case

SUBJECT = "Effort, size and return"


def list_cases() -> list[Case]:
    """Return the cases of response curves, of the split of effort, and of what another size returns."""
    judged = judge_size(300_000, cost_per_rep=100_000, margin_rate=0.5, carry_over=(0.5, 0.25))
    curve = calibrate_curve(nothing=0.5, half=0.5 + 1 / 3, half_more=1.1, most=1.5)
    return [
        Case(
            SUBJECT, "square-root problem, sales of 1,000,000 sqrt(x), a unit of effort costs 100,000: effort, profit",
            "incremental rule: 500,000 / sqrt(x) = 100,000, so x = 25 and 5,000,000 - 2,500,000; by hand",
            (25.0, 2_500_000.0), _solve_square_root(), 1e-6),
        Case(
            SUBJECT, "two units with a sqrt(x), a of 3 and 4, 25 steps to split: steps of each, what they bring",
            "equal marginal returns (Fox 1966): x in proportion to a squared, 9 and 16; 3 x 3 + 4 x 4 = 25",
            (9.0, 16.0, 25.0), _split_square_roots(), 1e-9),
        Case(
            SUBJECT, "S-shaped unit, 0 0 0 9, beside 0 4 6 7, 3 steps: steps of each, what they bring",
            "by hand: 9 + 0 beats 0 + 7; one step at a time gives the second all",
            (3.0, 0.0, 9.0), _split_s_shape(), 0.0),
        Case(
            SUBJECT, "answers 0.5, 5/6, 1, 1.1, 1.5: exponent; sales at three times the effort",
            "Little (1970), ADBUDG: d = (1.5 - 1) / (1 - 0.5) = 1; 0.5 + x / (1 + x); by hand",
            (1.0, 1.25), (curve.shape, float(curve.find_sales(3.0))), 1e-6),
        Case(
            SUBJECT, "an S-shaped curve at its point of today, exponent 3: slope",
            "derivative of ADBUDG at 1: (max - min) c d / (1 + d)^2 = 1 x 3 x 1 / 4; by hand",
            (0.75,), (float(AdbudgCurve(0.5, 1.5, 3.0).find_slope(1.0)),), 1e-12),
        Case(
            SUBJECT, "size check: a rep costs 100,000, sells 300,000, margin 0.5, carry-over 0.5 and 0.25: "
            "break-even, ratio, three-year return",
            "Zoltners, Sinha & Lorimer: B = cost / margin; I / B; ratio x (1 + K2 + K3) - 1; by hand",
            (200_000.0, 1.5, 1.625),
            (judged["break_even_sales_per_year"], judged["ratio"], judged["return_over_three_years"]), 1e-9),
        Case(
            SUBJECT, "one hire, six months of ramp-up, 400,000 a year at full output: sales of four quarters",
            "by hand: a straight line from 0 to 1 over two quarters has the means 1/4 and 3/4",
            (25_000.0, 75_000.0, 100_000.0, 100_000.0), _ramp_up(), 1e-9),
    ]


def _solve_square_root() -> tuple[float, float]:
    units = np.arange(0, 101)
    profit = 1_000_000 * np.sqrt(units) - 100_000 * units
    found = split_effort(profit[None, :], budget=100, low=np.array([0]), high=np.array([100]))
    return float(found.steps[0]), found.gain


def _split_square_roots() -> tuple[float, ...]:
    steps = np.sqrt(np.arange(26))
    found = split_effort(np.array([3 * steps, 4 * steps]), budget=25, low=np.zeros(2, int), high=np.full(2, 25))
    return (*found.steps.astype(float).tolist(), found.gain)


def _split_s_shape() -> tuple[float, ...]:
    returns = np.array([[0.0, 0.0, 0.0, 9.0], [0.0, 4.0, 6.0, 7.0]])
    found = split_effort(returns, budget=3, low=np.zeros(2, int), high=np.full(2, 3))
    return (*found.steps.astype(float).tolist(), found.gain)


def _ramp_up() -> tuple[float, ...]:
    terms = HiringTerms(100_000, 0.5, (0.0, 0.0), ramp_up_months=6, hiring_cost=0)
    return tuple(plan_hires(1, added_sales_per_year=400_000, terms=terms)["added_sales"].head(4))
