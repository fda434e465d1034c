"""Back-test: share of the later sales that the best accounts of a year ago hold, by value and by past sales."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from salesmodel_kit.charts.labels import Label, draw_labels, to_points
from salesmodel_kit.charts.layout import add_axes, draw_grid, finish, known, make_figure, require_rows, set_ticks
from salesmodel_kit.charts.style import ACCENT, GREY, LIGHT_GREY, MID_GREY, TIER_LOOKS, chart_style
from salesmodel_kit.language import Language

_LEFT, _RIGHT, _TOP = 1.1, 7.6, 4.5


@chart_style()
def draw_back_test(curve: pd.DataFrame, back_test: pd.DataFrame, *, gold_share: float, language: Language) -> Figure:
    """Draw how much of the later sales the best accounts hold, by the two rankings of a year ago.

    Parameters
    ----------
    curve : pandas.DataFrame
        Step table ``back_test_curve``.
    back_test : pandas.DataFrame
        Step table ``back_test``: what gold holds by each ranking.
    gold_share : float
        Share of the accounts that is gold, 0-1.
    language : Language
        Words and numbers.

    Returns
    -------
    matplotlib.figure.Figure
        One axes: share of accounts across, share of later sales up; by value in the
        accent colour, by past sales in grey and broken; a line where gold ends.

    Raises
    ------
    SalesModelError
        The curve has no point.
    """
    require_rows(curve, "draw_back_test")
    notes = [language.text("Accounts that tie share their places: those without past sales follow in no order, and "
                           "their curve is a straight line.")]
    figure, foot = make_figure(5.25, notes=notes)
    axes = add_axes(figure, _LEFT, foot + 0.6, right=_RIGHT, top=foot + 0.6 + _TOP)
    _set_axes(axes, language)
    look = TIER_LOOKS[language.levels[0]]
    axes.axvspan(0, gold_share, facecolor=look.fill, alpha=0.13, linewidth=0, zorder=0)
    axes.plot([0, 1], [0, 1], color=LIGHT_GREY, linewidth=1, zorder=1, gid="no_order")
    axes.plot([gold_share] * 2, [0, 1], color=look.edge, linewidth=1, zorder=2, gid="gold")
    places = known(curve["account_share"])
    axes.plot(places, known(curve["by_past_sales"]), color=MID_GREY, linewidth=1.6, linestyle=(0, (4, 2)), zorder=3,
              gid="by_past_sales")
    axes.plot(places, known(curve["by_value"]), color=ACCENT, linewidth=2.4, zorder=4, gid="by_value")
    _label(axes, curve, back_test, gold_share=gold_share, language=language)
    return finish(figure)


def _set_axes(axes: Axes, language: Language) -> None:
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1.03)
    draw_grid(axes, "y")
    for which in ("x", "y"):
        set_ticks(axes, which, ticks=np.linspace(0, 1, 6), words=language.share)
    axes.set_xlabel(language.text("Share of the accounts, best first"), labelpad=6)
    axes.set_ylabel(language.text("Share of the sales of the last 12 months"), labelpad=6)


def _label(
    axes: Axes, curve: pd.DataFrame, back_test: pd.DataFrame, *, gold_share: float, language: Language,
) -> None:
    """Say what gold holds on each curve, and name the curves."""
    held = back_test.set_index("ranking")["later_sales_share"]
    places = known(curve["account_share"])
    labels, traces = [], [np.column_stack([np.full(40, gold_share), np.linspace(0, 1, 40)]),
                          np.column_stack([np.linspace(0, 1, 60)] * 2)]
    kinds = (("value", language.text("ranked by value"), 0.5, ACCENT),
             ("past_sales", language.text("ranked by past sales"), 0.66, GREY))
    for ranking, words, where, color in kinds:
        heights = known(curve[f"by_{ranking}"])
        traces.append(np.column_stack([places, heights]))
        axes.plot(gold_share, held[ranking], marker="o", markersize=6, color=color, zorder=6, linestyle="none",
                  gid="gold_holds")
        labels.append(Label((language.share(held[ranking]),), (gold_share, held[ranking]), 4.5, color=color))
        labels.append(Label((words,), (where, float(np.interp(where, places, heights))), 2.0, color=color))
    best = language.levels[0]
    labels.append(Label((language.word("tier", best),), (gold_share, 0.06), 2.0, color=TIER_LOOKS[best].edge))
    points = to_points(axes, np.vstack(traces))
    draw_labels(axes, labels, obstacles=np.column_stack([points, np.full(len(points), 4.0)]))
