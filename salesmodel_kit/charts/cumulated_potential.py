"""Cumulated potential against accounts, best first, with the cuts between tiers."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from salesmodel_kit.charts.labels import Label, draw_labels, spread, to_points
from salesmodel_kit.charts.layout import (
    add_axes,
    draw_grid,
    finish,
    make_figure,
    nice_ticks,
    require_rows,
    set_ticks,
)
from salesmodel_kit.charts.potential import CURVE_POINTS, Curve, find_cuts, make_curve, tell_holdings
from salesmodel_kit.charts.style import ACCENT, BODY, GREY, INK, MID_GREY, SMALL, TIER_LOOKS, chart_style
from salesmodel_kit.charts.typeset import LINE_HEIGHT
from salesmodel_kit.charts.words import tier_word
from salesmodel_kit.language import Language

_LEFT, _RIGHT, _TOP = 0.75, 6.6, 4.7


@chart_style()
def draw_cumulated_potential(account_tiers: pd.DataFrame, tier_summary: pd.DataFrame, *, language: Language) -> Figure:
    """Draw the share of potential that the best accounts hold, by score and, for comparison, by past sales.

    Parameters
    ----------
    account_tiers : pandas.DataFrame
        Step table ``account_tiers``; a row is an account. Accounts without a
        score, and on the grey curve those without sales, come last; a
        potential that is missing adds nothing and is counted under the chart.
    tier_summary : pandas.DataFrame
        Step table ``tier_summary``: cuts, numbers and shares of the tiers.
    language : Language
        Words and numbers.

    Returns
    -------
    matplotlib.figure.Figure
        One axes, number of accounts across, share of potential up.

    Raises
    ------
    SalesModelError
        No account with a potential above zero.
    """
    has_potential = account_tiers["potential_per_year"] > 0
    require_rows(account_tiers[has_potential], "draw_cumulated_potential")
    by_value = make_curve(account_tiers, "score")
    by_sales = make_curve(account_tiers, "sales_per_year") if account_tiers["sales_per_year"].gt(0).any() else None
    figure, foot = make_figure(5.4, notes=_notes(account_tiers, language))
    axes = add_axes(figure, _LEFT, foot + 0.6, right=_RIGHT, top=foot + 0.6 + _TOP)
    _set_axes(axes, len(account_tiers), language)
    cuts = find_cuts(account_tiers, tier_summary)
    _draw_curves(axes, by_value, by_sales)
    _draw_cuts(axes, cuts, by_value=by_value, by_sales=by_sales)
    _name_curves(axes, cuts, by_value=by_value, by_sales=by_sales, language=language)
    _draw_tiers(axes, cuts, tier_summary, by_value=by_value, language=language)
    return finish(figure)


def _notes(accounts: pd.DataFrame, language: Language) -> list[str]:
    notes = []
    n_missing = int(accounts["potential_per_year"].isna().sum())
    if n_missing:
        notes.append(language.text("Accounts whose potential is not known, counted as nothing: {count}.",
                                   count=language.number(n_missing)))
    return notes


def _set_axes(axes: Axes, n_accounts: int, language: Language) -> None:
    axes.set_xlim(0, n_accounts)
    axes.set_ylim(0, 1.03)
    draw_grid(axes, "y")
    set_ticks(axes, "y", ticks=np.linspace(0, 1, 6), words=language.share)
    ticks = nice_ticks(n_accounts)
    set_ticks(axes, "x", ticks=ticks[ticks == np.round(ticks)], words=language.number)
    axes.set_xlabel(language.text("Number of accounts, best first"), labelpad=6)
    axes.set_ylabel(language.text("Share of the potential"), labelpad=6)


def _draw_curves(axes: Axes, by_value: Curve, by_sales: Curve | None) -> None:
    places = np.unique(np.linspace(0, len(by_value.shares) - 1, CURVE_POINTS).round().astype(int))
    if by_sales is not None:
        axes.plot(places, by_sales.shares[places], color=MID_GREY, linewidth=1.6, linestyle=(0, (4, 2)), zorder=3,
                  gid="by_sales")
    axes.plot(places, by_value.shares[places], color=ACCENT, linewidth=2.4, zorder=4, gid="by_value")


def _draw_cuts(axes: Axes, cuts: dict[str, float], *, by_value: Curve, by_sales: Curve | None) -> None:
    start = 0.0
    for tier, end in cuts.items():
        look = TIER_LOOKS[tier]
        axes.axvspan(start, end, facecolor=look.fill, alpha=0.13, linewidth=0, zorder=0)
        if tier != list(cuts)[-1] and end > start:
            axes.plot([end, end], [0, by_value.at(end)], color=look.edge, linewidth=1, zorder=2)
            axes.plot(end, by_value.at(end), marker=look.marker, markersize=8, color=look.fill, zorder=6,
                      markeredgecolor=look.edge, clip_on=False)
            if by_sales is not None:
                axes.plot(end, by_sales.at(end), marker="o", markersize=4.5, color=MID_GREY, zorder=5)
        start = end


def _name_curves(
    axes: Axes, cuts: dict[str, float], *, by_value: Curve, by_sales: Curve | None, language: Language,
) -> None:
    """Label the two curves, and what each has reached at the cuts."""
    n_accounts = len(by_value.shares) - 1
    curves = [(by_value, language.text("ranked by value"), 0.62, ACCENT)]
    if by_sales is not None:
        curves.append((by_sales, language.text("ranked by past sales"), 0.8, GREY))
    labels, traces = [], []
    for curve, word, where, color in curves:
        trace = np.linspace(0, n_accounts, 120)
        traces.append(np.column_stack([trace, [curve.at(place) for place in trace]]))
        ends = [end for end in list(cuts.values())[:-1] if 0 < end < n_accounts]
        labels += [Label((language.share(curve.at(end)),), (end, curve.at(end)), 4.5, color=color) for end in ends]
        labels.append(Label((word,), (where * n_accounts, curve.at(where * n_accounts)), 2.0, color=color))
    points = to_points(axes, np.vstack(traces))
    draw_labels(axes, labels, obstacles=np.column_stack([points, np.full(len(points), 4.0)]))


def _draw_tiers(
    axes: Axes, cuts: dict[str, float], tier_summary: pd.DataFrame, *, by_value: Curve, language: Language,
) -> None:
    """Say beside the chart what each tier holds, at the height of its part of the curve."""
    rows = tier_summary[tier_summary["tier"].isin(list(cuts))]
    ends = np.array([by_value.at(cuts[tier]) for tier in rows["tier"]])
    starts = np.concatenate([[0.0], ends[:-1]])
    height = 3.4 * SMALL * LINE_HEIGHT / (_TOP * 72)
    places = spread((starts + ends) / 2, height, low=height / 2, high=1 - height / 2)
    for row, low, high, place in zip(rows.itertuples(), starts, ends, places, strict=True):
        look = TIER_LOOKS[row.tier]
        _draw_bracket(axes, low, high)
        axes.plot(1.045, place, marker=look.marker, color=look.fill, markeredgecolor=look.edge, markersize=8,
                  transform=axes.transAxes, clip_on=False, linestyle="none")
        _write(axes, (1.07, place), tier_word(row.tier, language), offset=0.0, strong=True)
        _write(axes, (1.07, place), tell_holdings(row, language), offset=-12.0, strong=False)


def _draw_bracket(axes: Axes, low: float, high: float) -> None:
    axes.plot([1.012, 1.02, 1.02, 1.012], [low + 0.004, low + 0.004, high - 0.004, high - 0.004], color=MID_GREY,
              linewidth=0.8, transform=axes.transAxes, clip_on=False)


def _write(axes: Axes, place: tuple[float, float], text: str, *, offset: float, strong: bool) -> None:
    axes.annotate(text, place, xycoords="axes fraction", xytext=(0, offset), textcoords="offset points",
                  va="center_baseline", fontsize=BODY if strong else SMALL, color=INK if strong else GREY,
                  fontweight="bold" if strong else "normal")
