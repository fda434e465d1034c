"""Weights of the criteria from won and lost deals, beside the weights in force."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from salesmodel_kit.charts.layout import (
    add_axes,
    draw_grid,
    finish,
    known,
    make_figure,
    nice_ticks,
    require_rows,
    set_ticks,
)
from salesmodel_kit.charts.style import ACCENT, BODY, GREY, INK, SMALL, WHITE, chart_style
from salesmodel_kit.charts.typeset import fit_text
from salesmodel_kit.language import Language

_LEFT, _RIGHT = 3.05, 6.7
_ROW, _HEAD, _AXIS = 0.42, 0.42, 0.55


@chart_style()
def draw_outcome_weights(win_model: pd.DataFrame, *, language: Language) -> Figure:
    """Draw each criterion's weight in force and its weight from outcomes with the interval.

    Parameters
    ----------
    win_model : pandas.DataFrame
        Step table ``win_model``; a row is a criterion. One without a weight from
        outcomes is not drawn.
    language : Language
        Words and numbers.

    Returns
    -------
    matplotlib.figure.Figure
        One axes: criteria are rows, the heaviest in force on top; a hollow diamond is
        the weight in force, a dot with a line the weight from outcomes with its
        interval.

    Raises
    ------
    SalesModelError
        No criterion with a weight from outcomes.
    """
    rows = win_model[win_model["weight_from_outcomes"].notna()]
    require_rows(rows, "draw_outcome_weights")
    rows = rows.sort_values(["weight_declared", "criterion"], ascending=[False, True], kind="stable")
    height = _HEAD + _ROW * len(rows) + _AXIS
    figure, foot = make_figure(height, notes=_notes(language))
    axes = add_axes(figure, _LEFT, foot + _AXIS, right=_RIGHT, top=foot + height)
    _set_axes(axes, rows, language)
    for place, row in enumerate(rows.itertuples(index=False)):
        _draw_row(axes, place, row, language=language)
    return finish(figure)


def _notes(language: Language) -> list[str]:
    return [language.text("Blue dot: weight that won and lost deals give, the line its 95% interval. Hollow diamond: "
                          "weight in force, rescaled to the criteria shown.")]


def _set_axes(axes: Axes, rows: pd.DataFrame, language: Language) -> None:
    n_rows = len(rows)
    widest = float(np.nanmax([known(rows["high"]).max(), known(rows["weight_declared"]).max(), 0.1]))
    axes.set_xlim(0, min(1.0, widest * 1.06))
    axes.set_ylim(n_rows - 0.5, -0.5 - _HEAD / _ROW)
    draw_grid(axes, "x")
    axes.set_yticks([])
    axes.spines["bottom"].set_visible(False)
    set_ticks(axes, "x", ticks=nice_ticks(axes.get_xlim()[1]), words=language.share)
    axes.set_xlabel(language.text("Share of the weight"), labelpad=6)
    for where, words in ((1.04, language.text("from outcomes")), (1.40, language.text("in force"))):
        axes.text(where, -0.5 - 0.1 / _ROW, words, transform=axes.get_yaxis_transform(), fontsize=SMALL, color=GREY,
                  va="bottom")


def _draw_row(axes: Axes, place: int, row: tuple, *, language: Language) -> None:
    name = fit_text(row.label, (_LEFT - 0.3) * 72)
    axes.annotate(name, (0, place), xytext=(-8, 0), textcoords="offset points", ha="right", va="center_baseline",
                  fontsize=BODY, color=INK)
    axes.plot([row.low, row.high], [place, place], color=ACCENT, linewidth=2, zorder=3, gid="interval")
    axes.plot(row.weight_from_outcomes, place, marker="o", markersize=7, color=ACCENT, zorder=5, gid="from_outcomes",
              linestyle="none", clip_on=False)
    axes.plot(row.weight_declared, place, marker="D", markersize=7, markerfacecolor=WHITE, markeredgecolor=INK,
              markeredgewidth=1.2, zorder=4, gid="in_force", linestyle="none", clip_on=False)
    found = language.text("{share} ({low} to {high})", share=language.share(row.weight_from_outcomes),
                          low=language.share(row.low), high=language.share(row.high))
    for where, words, color in ((1.04, found, ACCENT), (1.40, language.share(row.weight_declared), INK)):
        axes.text(where, place, words, transform=axes.get_yaxis_transform(), fontsize=BODY, color=color,
                  va="center_baseline")
