"""Size: how many people the market is worth, and what moving today's hours would bring by itself.

Every size gets its best split of hours over the tiers; the gain of moving hours
and the gain of another size are reported apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.model.effort import split_effort
from salesmodel_kit.model.response import AdbudgCurve, calibrate_curve
from salesmodel_kit.tables import RESPONSE_SUMMARY, SIZES, TIERS

_ANSWERS = ("nothing", "half", "half_more", "most")
#: Steps into which today's hours are cut, and the sizes that are tried, as multiples of today's.
_N_STEPS, _MULTIPLES = 1000, np.round(np.arange(0.5, 2.0001, 0.05), 2)


@dataclass(frozen=True)
class SizeAnswer:
    """What the curve of sizes says.

    Parameters
    ----------
    best : float
        Size with the largest profit, people.
    low, high : float
        Smallest and largest size whose profit is within 1 % of the best.
    best_low, best_high : float
        Smallest and largest best size by the curves of one participant alone.
    reallocation_gain, size_gain : float
        Profit per year gained by moving today's hours, and by the best size on top of it.
    """

    best: float
    low: float
    high: float
    best_low: float
    best_high: float
    reallocation_gain: float
    size_gain: float


def summarize_responses(responses: pd.DataFrame, tier_summary: pd.DataFrame) -> pd.DataFrame:
    """Return the curve of each tier from the room's answers, and where today's hours would earn most.

    Answers are medians over the participants. The best split gives the hours of
    today to the tiers so that sales are largest (:func:`split_effort`).

    Parameters
    ----------
    responses : DataFrame (n_answers, ...)
        Table ``response``.
    tier_summary : DataFrame (n_tiers, ...)
        Table ``tier_summary``. A tier without hours or without sales today is left
        out: a multiple of nothing is nothing.

    Returns
    -------
    DataFrame (n_tiers with a curve, ...)
        Table ``response_summary``.

    Raises
    ------
    SalesModelError
        Answers that fall.
    """
    table = _join_today(responses, tier_summary)
    names, curves = list(table.index), _calibrate(table)
    counted = responses.groupby("tier").size()
    table = table.assign(
        n_answers=counted.reindex(names).astype("Int64"),
        most_low=responses.groupby("tier")["most"].min().reindex(names),
        most_high=responses.groupby("tier")["most"].max().reindex(names),
        shape=[curve.shape for curve in curves],
        best_hours_per_year=_split_hours(curves, table, multiple=1.0) if names else [],
    )
    hours = table["present_hours_per_year"].to_numpy(float)
    sales = table["sales_per_year"].to_numpy(float)
    best = table["best_hours_per_year"].to_numpy(float)
    own = _find_own_slopes(responses)
    table = table.assign(
        sales_per_hour_low=own.min().reindex(names).to_numpy(float) * sales / hours,
        sales_per_hour_high=own.max().reindex(names).to_numpy(float) * sales / hours,
        sales_per_hour_now=[float(c.find_slope(1.0)) * s / h for c, s, h in zip(curves, sales, hours, strict=True)],
        best_sales_per_year=[float(c.find_sales(b / h)) * s
                             for c, s, h, b in zip(curves, sales, hours, best, strict=True)],
    )
    return table.rename_axis("tier").reset_index()[list(RESPONSE_SUMMARY.names)]


def _find_own_slopes(responses: pd.DataFrame) -> pd.core.groupby.SeriesGroupBy:
    """Return what each answer alone expects of the next hour, in multiples of today's sales and effort, by tier."""
    slopes = [float(curve.find_slope(1.0)) for curve in _calibrate(responses)]
    return pd.Series(slopes, index=responses.index, dtype=float).groupby(responses["tier"])


def _join_today(responses: pd.DataFrame, tier_summary: pd.DataFrame) -> pd.DataFrame:
    """Return the medians of the answers beside hours and sales of today, by tier; tiers without either left out."""
    answers = responses.groupby("tier")[list(_ANSWERS)].median()
    today = tier_summary.set_index("tier")[["present_hours_per_year", "sales_per_year"]]
    names = [tier for tier in TIERS if tier in answers.index and tier in today.index and (today.loc[tier] > 0).all()]
    return answers.loc[names].join(today.loc[names])


def calibrate_tiers(responses: pd.DataFrame, tier_summary: pd.DataFrame) -> dict[str, AdbudgCurve]:
    """Return the curve of each tier that has answers, hours and sales today: the medians of the room.

    Parameters
    ----------
    responses, tier_summary : DataFrame
        As for :func:`summarize_responses`.

    Returns
    -------
    dict of str to AdbudgCurve
        Tier -> curve, best tier first.

    Raises
    ------
    SalesModelError
        Answers that fall.
    """
    table = _join_today(responses, tier_summary)
    return dict(zip(table.index, _calibrate(table), strict=True))


def _calibrate(answers: pd.DataFrame) -> list[AdbudgCurve]:
    return [calibrate_curve(**row) for row in answers[list(_ANSWERS)].to_dict("records")]


def _split_hours(curves: list[AdbudgCurve], today: pd.DataFrame, *, multiple: float) -> np.ndarray:
    """Return the hours of each tier in the best split of a multiple of today's hours."""
    hours = today["present_hours_per_year"].to_numpy(float)
    step = hours.sum() / _N_STEPS
    budget = round(_N_STEPS * multiple)
    efforts = np.arange(budget + 1) * step
    returns = np.array([
        curve.find_sales(efforts / own) * sales
        for curve, own, sales in zip(curves, hours, today["sales_per_year"], strict=True)
    ])
    n_units = len(curves)
    found = split_effort(returns, budget=budget, low=np.zeros(n_units, int), high=np.full(n_units, budget))
    return found.steps * step


def draw_sizes(
    responses: pd.DataFrame, tier_summary: pd.DataFrame, *, n_reps: float, cost_per_rep: float, margin_rate: float
) -> tuple[pd.DataFrame, SizeAnswer]:
    """Return sales, cost and profit by size of the team, each with its best split of hours, and what follows.

    ``profit = margin_rate x sales - n_reps x cost_per_rep``. Sizes run from half of
    today's people to twice as many, and the hours with them.

    Parameters
    ----------
    responses, tier_summary : DataFrame
        As for :func:`summarize_responses`.
    n_reps : float
        People today, > 0.
    cost_per_rep : float
        Currency per year.
    margin_rate : float
        Contribution of a unit of sales before the sales force, 0-1.

    Returns
    -------
    table : DataFrame (n_sizes, ...)
        Table ``sizes``.
    answer : SizeAnswer
        Best size and range.

    Raises
    ------
    SalesModelError
        No tier has a curve, hours and sales.

    Notes
    -----
    Source: Zoltners, Sinha & Lorimer: profit is flat around the best size, so a
    range is reported, and what reallocation brings is kept apart from size.
    """
    table = summarize_responses(responses, tier_summary)
    if table.empty:
        raise SalesModelError(
            "No tier has answers, hours and sales today; the size of the team cannot be judged from response.csv."
        )
    sales = _sum_sales(table, _calibrate(table))
    sizes = pd.DataFrame({"n_reps": n_reps * _MULTIPLES, "sales_per_year": sales})
    sizes["hours_per_year"] = table["present_hours_per_year"].sum() * _MULTIPLES
    sizes["contribution_per_year"] = margin_rate * sizes["sales_per_year"]
    sizes["cost_per_year"] = cost_per_rep * sizes["n_reps"]
    sizes["profit_per_year"] = sizes["contribution_per_year"] - sizes["cost_per_year"]
    sizes = sizes[list(SIZES.names)]
    alone = [_find_best_alone(own, table, cost=cost_per_rep * n_reps, margin_rate=margin_rate) * n_reps
             for _, own in responses.groupby("participant", dropna=False)]
    return sizes, _answer(sizes, table, margin_rate=margin_rate, alone=[size for size in alone if np.isfinite(size)])


def _sum_sales(table: pd.DataFrame, curves: list[AdbudgCurve]) -> list[float]:
    hours, sales = (table[name].to_numpy(float) for name in ("present_hours_per_year", "sales_per_year"))
    totals = []
    for multiple in _MULTIPLES:
        best = _split_hours(curves, table, multiple=float(multiple))
        totals.append(float(sum(
            curve.find_sales(share) * own for curve, share, own in zip(curves, best / hours, sales, strict=True))))
    return totals


def _find_best_alone(own: pd.DataFrame, table: pd.DataFrame, *, cost: float, margin_rate: float) -> float:
    """Return the best multiple of today's size by one participant's answers; NaN where a tier is not answered."""
    answers = own.drop_duplicates("tier").set_index("tier").reindex(table["tier"])
    if answers[list(_ANSWERS)].isna().any(axis=None):
        return np.nan
    profit = margin_rate * np.array(_sum_sales(table, _calibrate(answers))) - cost * _MULTIPLES
    return float(_MULTIPLES[int(profit.argmax())])


def _answer(sizes: pd.DataFrame, table: pd.DataFrame, *, margin_rate: float, alone: list[float]) -> SizeAnswer:
    profit = sizes["profit_per_year"].to_numpy()
    best = int(profit.argmax())
    near = sizes["n_reps"][profit >= profit[best] - 0.01 * abs(profit[best])]
    now = int(np.argmin(np.abs(_MULTIPLES - 1)))
    moved = margin_rate * (sizes["sales_per_year"].iloc[now] - table["sales_per_year"].sum())
    size = float(sizes["n_reps"].iloc[best])
    return SizeAnswer(
        best=size, low=float(near.min()), high=float(near.max()),
        best_low=min(alone, default=size), best_high=max(alone, default=size),
        reallocation_gain=float(moved), size_gain=float(profit[best] - profit[now]),
    )


def judge_size(
    incremental_sales: float, *, cost_per_rep: float, margin_rate: float, carry_over: tuple[float, float]
) -> dict[str, float]:
    """Return break-even, first-year ratio and three-year return of the next rep.

    ``break_even = cost_per_rep / margin_rate``; ``ratio = incremental_sales / break_even``;
    ``return_over_three_years = ratio x (1 + K2 + K3) - 1``.

    Parameters
    ----------
    incremental_sales : float
        What one more rep sells in the first year, currency/year.
    cost_per_rep : float
        Currency per year, > 0.
    margin_rate : float
        0-1, > 0.
    carry_over : tuple of two floats
        Share of the first year's sales that comes again in years two and three.

    Returns
    -------
    dict of str to float
        ``break_even_sales_per_year``, ``ratio``, ``return_over_three_years``.

    Raises
    ------
    SalesModelError
        Cost or margin is not above 0.

    Notes
    -----
    Source: Zoltners, Sinha & Lorimer: right-sized between 50 % and 150 % return over
    three years; above, the team is too small.

    Examples
    --------
    >>> judge_size(300_000, cost_per_rep=100_000, margin_rate=0.5, carry_over=(0.5, 0.25))["return_over_three_years"]
    1.625
    """
    if not (cost_per_rep > 0 and margin_rate > 0):
        raise SalesModelError(
            "Size of the team: the cost of a rep ({cost}) and the margin ({margin}) must be above 0.",
            cost=cost_per_rep, margin=margin_rate,
        )
    break_even = cost_per_rep / margin_rate
    ratio = incremental_sales / break_even
    return {"break_even_sales_per_year": break_even, "ratio": ratio,
            "return_over_three_years": ratio * (1 + sum(carry_over)) - 1}
