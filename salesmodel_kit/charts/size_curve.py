"""Profit by size of the team, with the range of sizes within 1 % of the best."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from salesmodel_kit.charts.layout import add_axes, draw_grid, finish, make_figure, nice_ticks, require_rows, set_ticks
from salesmodel_kit.charts.style import ACCENT, BODY, GREY, INK, PALE_ACCENT, STRONG, chart_style
from salesmodel_kit.charts.typeset import LINE_HEIGHT
from salesmodel_kit.language import Language

_LEFT, _RIGHT, _TOP = 1.05, 7.9, 3.4


@chart_style()
def draw_size_curve(sizes: pd.DataFrame, *, n_reps: float, low: float, high: float, language: Language) -> Figure:
    """Draw the profit per year by size of the team.

    Parameters
    ----------
    sizes : pandas.DataFrame
        Step table ``sizes``; a row is a size with its best split of hours.
    n_reps : float
        People today.
    low, high : float
        Smallest and largest size within 1 % of the best profit.
    language : Language
        Words and numbers.

    Returns
    -------
    matplotlib.figure.Figure
        One axes, people across, profit per year up; today's size and the best one are marked.

    Raises
    ------
    SalesModelError
        No size.
    """
    require_rows(sizes, "draw_size_curve")
    figure, foot = make_figure(0.55 + _TOP + 0.35)
    axes = add_axes(figure, _LEFT, foot + 0.6, right=_RIGHT, top=foot + 0.6 + _TOP)
    people, profit = sizes["n_reps"].to_numpy(float), sizes["profit_per_year"].to_numpy(float)
    _set_axes(axes, people, profit, language)
    axes.axvspan(low, high, color=PALE_ACCENT, linewidth=0, zorder=0, gid="range")
    axes.annotate(language.text("within 1% of the best"), ((low + high) / 2, 1), xycoords=axes.get_xaxis_transform(),
                  xytext=(0, 5), textcoords="offset points", ha="center", va="bottom", fontsize=BODY, color=ACCENT)
    axes.plot(people, profit, color=INK, linewidth=1.8, zorder=3, gid="profit")
    _mark_sizes(axes, people, profit, n_reps=n_reps, language=language)
    return finish(figure)


def _set_axes(axes: Axes, people: np.ndarray, profit: np.ndarray, language: Language) -> None:
    axes.set_xlim(people.min(), people.max())
    span = max(float(np.ptp(profit)), abs(float(profit.max())) * 0.02, 1.0)
    axes.set_ylim(profit.min() - 0.12 * span, profit.max() + 0.22 * span)
    draw_grid(axes, "y")
    ticks = nice_ticks(float(people.max()), count=8)
    set_ticks(axes, "x", ticks=ticks[ticks >= people.min()],
              words=lambda tick: language.number(tick, 0 if tick == round(tick) else 1))
    set_ticks(axes, "y", ticks=[tick for tick in axes.get_yticks() if axes.get_ylim()[0] <= tick <= axes.get_ylim()[1]],
              words=language.brief_money)
    axes.set_xlabel(language.text("People in the team"), labelpad=6)
    axes.set_ylabel(language.text("Margin less cost of the team, per year"), labelpad=6)


def _mark_sizes(axes: Axes, people: np.ndarray, profit: np.ndarray, *, n_reps: float, language: Language) -> None:
    best, now = int(profit.argmax()), int(np.abs(people - n_reps).argmin())
    axes.plot(people[now], profit[now], marker="o", markersize=8, color="white", markeredgecolor=INK,
              markeredgewidth=1.6, zorder=5, gid="today", linestyle="none", clip_on=False)
    words = language.text("today: {n_reps}", n_reps=language.number(n_reps))
    lines = -14 if now == best else -14 * LINE_HEIGHT
    axes.annotate(words, (people[now], profit[now]), xytext=(0, lines), textcoords="offset points", ha="center",
                  va="top", fontsize=STRONG, color=GREY)
    if now == best:
        return
    axes.plot(people[best], profit[best], marker="D", markersize=8, color=ACCENT, zorder=6, gid="best", clip_on=False,
              linestyle="none")
    words = language.text("best: {n_reps}", n_reps=language.number(people[best], 0 if people[best] % 1 == 0 else 1))
    axes.annotate(words, (people[best], profit[best]), xytext=(0, 9), textcoords="offset points", ha="center",
                  va="bottom", fontsize=STRONG, fontweight="bold", color=ACCENT)
