"""Returns: what the hours of any plan sell, what another size of the team returns, and when it has paid.

A response curve says what effort brings within the year; the share that comes again
in the second and third year is declared (carry-over). New people ramp up in a
straight line.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.model.response import AdbudgCurve
from salesmodel_kit.model.sizes import SizeAnswer, judge_size
from salesmodel_kit.tables import HIRING_PLAN, PLAN_RETURNS, SIZE_RETURN

N_QUARTERS = 12


@dataclass(frozen=True)
class HiringTerms:
    """What a change of size costs and how its sales come.

    Parameters
    ----------
    cost_per_rep : float
        Currency per year, > 0.
    margin_rate : float
        Contribution of a unit of sales, 0-1, > 0.
    carry_over : tuple of two floats
        Share of a year's added sales that comes again one and two years later.
    ramp_up_months : float
        From the first day to full output, 0 or more.
    hiring_cost : float
        Currency per hire, once.
    """

    cost_per_rep: float
    margin_rate: float
    carry_over: tuple[float, float]
    ramp_up_months: float
    hiring_cost: float


def evaluate_plan(
    curves: Mapping[str, AdbudgCurve], tier_summary: pd.DataFrame, *, hours: Mapping[str, float]
) -> pd.DataFrame:
    """Return what any plan of hours over tiers is expected to sell.

    ``expected_sales = r(hours / present hours) x sales today``.

    Parameters
    ----------
    curves : mapping of str to AdbudgCurve
        By tier, as :func:`salesmodel_kit.model.sizes.calibrate_tiers` returns them.
    tier_summary : DataFrame (n_tiers, ...)
        Table ``tier_summary``: hours and sales of today.
    hours : mapping of str to float
        Tier -> hours per year of the plan, 0 or more; a tier that is not named gets none.

    Returns
    -------
    DataFrame (n_tiers, ...)
        Table ``plan_returns``. A tier without a curve, hours or sales today keeps its sales.

    Raises
    ------
    SalesModelError
        A plan gives negative hours, or hours to a tier that is not there.

    Examples
    --------
    >>> summary = pd.DataFrame({"tier": ["gold"], "present_hours_per_year": [100.0], "sales_per_year": [1000.0]})
    >>> curve = AdbudgCurve(low=0.5, high=1.5, shape=1.0)
    >>> evaluate_plan({"gold": curve}, summary, hours={"gold": 300.0})["expected_sales_per_year"].tolist()
    [1250.0]
    """
    known = tier_summary["tier"].tolist()
    for tier, value in hours.items():
        if tier not in known or not value >= 0:
            raise SalesModelError("Plan of hours: {tier} has {hours} hours; name tiers of the client, each with 0 or "
                                  "more hours.", tier=tier, hours=value)
    table = tier_summary[["tier", "present_hours_per_year", "sales_per_year"]].assign(
        hours_per_year=tier_summary["tier"].map(dict(hours)).astype(float).fillna(0.0))
    has_curve = table["tier"].isin(list(curves)) & (table["present_hours_per_year"] > 0) & (table["sales_per_year"] > 0)
    expected, slope = table["sales_per_year"].copy(), pd.Series(np.nan, index=table.index)
    for row in table[has_curve].itertuples():
        curve, effort = curves[row.tier], row.hours_per_year / row.present_hours_per_year
        expected[row.Index] = float(curve.find_sales(effort)) * row.sales_per_year
        if effort > 0:
            slope[row.Index] = float(curve.find_slope(effort)) * row.sales_per_year / row.present_hours_per_year
    table = table.assign(expected_sales_per_year=expected, sales_per_hour=slope, has_curve=has_curve.astype("boolean"))
    return table.reset_index(drop=True)[list(PLAN_RETURNS.names)]


def return_sizes(sizes: pd.DataFrame, answer: SizeAnswer, *, n_reps: float, terms: HiringTerms) -> pd.DataFrame:
    """Return what one more person brings, and the change to the nearest size within 1 % of the best.

    Sales between the sizes that were tried are read off the straight line between them.

    Parameters
    ----------
    sizes : DataFrame (n_sizes, ...)
        Table ``sizes``.
    answer : SizeAnswer
        Its range within 1 % of the best.
    n_reps : float
        People today.
    terms : HiringTerms
        Cost, margin and carry-over.

    Returns
    -------
    DataFrame (1 or 2, ...)
        Table ``size_return``: ``next``, and ``change`` where today's size is outside the range;
        fewer people have negative numbers and no return.

    Notes
    -----
    Source: Zoltners, Sinha & Lorimer: first-year ratio to break-even, three-year return
    with carry-over; right-sized between 50 % and 150 % of the last person hired.
    """
    steps = {"next": 1.0}
    change = plan_change(answer, n_reps=n_reps)
    if change:
        steps["change"] = float(change)
    rows = []
    for step, added in steps.items():
        more = _read_sales(sizes, n_reps + added) - _read_sales(sizes, n_reps)
        row = {"step": step, "n_reps_added": added, "added_sales_per_year": more,
               "cost_per_year": abs(added) * terms.cost_per_rep}
        if added > 0:
            row |= judge_size(more / added, cost_per_rep=terms.cost_per_rep, margin_rate=terms.margin_rate,
                              carry_over=terms.carry_over)
            row["break_even_sales_per_year"] *= added
        rows.append(row)
    return pd.DataFrame(rows).reindex(columns=list(SIZE_RETURN.names)).astype({"step": "str"})


def plan_change(answer: SizeAnswer, *, n_reps: float) -> int:
    """Return the whole people from today to the nearest size within 1 % of the best, below 0 where they are too many.

    Parameters
    ----------
    answer : SizeAnswer
        The range of sizes within 1 % of the best.
    n_reps : float
        People today.

    Returns
    -------
    int
        0 within the range.

    Examples
    --------
    >>> answer = SizeAnswer(best=10, low=8.2, high=12, best_low=8, best_high=12, reallocation_gain=0, size_gain=0)
    >>> [plan_change(answer, n_reps=people) for people in (6, 8, 9, 12, 13.5)]
    [3, 1, 0, 0, -2]
    """
    if n_reps < answer.low - 1e-9:
        return math.ceil(answer.low - n_reps - 1e-9)
    return -math.ceil(n_reps - answer.high - 1e-9) if n_reps > answer.high + 1e-9 else 0


def _read_sales(sizes: pd.DataFrame, n_reps: float) -> float:
    return float(np.interp(n_reps, sizes["n_reps"].to_numpy(float), sizes["sales_per_year"].to_numpy(float)))


def plan_hires(n_hires: int, *, added_sales_per_year: float, terms: HiringTerms) -> pd.DataFrame:
    """Return three years by quarter: who starts, what they bring and cost, and when it has paid.

    Hires start evenly over the first four quarters, the first ones first. Output grows in a
    straight line over the ramp-up; sales of a quarter carry over to the same quarter one
    and two years later.

    Parameters
    ----------
    n_hires : int
        People, 1 or more.
    added_sales_per_year : float
        What all of them together sell in a year at full output.
    terms : HiringTerms
        Cost, margin, carry-over, ramp-up.

    Returns
    -------
    DataFrame (12, ...)
        Table ``hiring_plan``.

    Raises
    ------
    SalesModelError
        Nobody is hired.

    Examples
    --------
    >>> terms = HiringTerms(100_000, 0.5, (0.0, 0.0), ramp_up_months=0, hiring_cost=0)
    >>> plan = plan_hires(1, added_sales_per_year=400_000, terms=terms)
    >>> plan["balance"].iloc[[0, 11]].tolist()
    [25000.0, 300000.0]
    """
    if n_hires < 1:
        raise SalesModelError("Hires: {n_hires} people; name one or more.", n_hires=n_hires)
    hired = np.zeros(N_QUARTERS, dtype=int)
    np.add.at(hired, np.arange(n_hires) % 4 if n_hires >= 4 else np.arange(n_hires), 1)
    productive = sum(number * _ramp_up(start, terms.ramp_up_months) for start, number in enumerate(hired))
    fresh = added_sales_per_year / 4 * productive / n_hires
    sales = fresh.copy()
    for years, share in enumerate(terms.carry_over, start=1):
        sales[4 * years:] += share * fresh[:-4 * years]
    there = hired.cumsum()
    cost = there * terms.cost_per_rep / 4 + hired * terms.hiring_cost
    table = pd.DataFrame({
        "quarter": np.arange(1, N_QUARTERS + 1), "n_hired": hired, "n_there": there, "n_productive": productive,
        "added_sales": sales, "contribution": terms.margin_rate * sales, "cost": cost})
    table["balance"] = (table["contribution"] - table["cost"]).cumsum()
    return table.astype(dict.fromkeys(("quarter", "n_hired", "n_there"), "Int64"))[list(HIRING_PLAN.names)]


def _ramp_up(start: int, months: float) -> np.ndarray:
    """Return the mean output of somebody who starts with a quarter, in each quarter, full output being 1."""
    begin = 3.0 * (np.arange(N_QUARTERS) - start)
    if months <= 0:
        return (begin >= 0).astype(float)

    def sum_output(month: np.ndarray) -> np.ndarray:
        until = np.clip(month, 0, months)
        return until**2 / (2 * months) + np.clip(month - months, 0, None)

    return (sum_output(begin + 3) - sum_output(begin)) / 3
