"""Calibration: predicted win probability against the share of deals that was won."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from salesmodel_kit.charts.labels import Label, draw_labels, to_points
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
from salesmodel_kit.charts.style import ACCENT, GREY, MID_GREY, chart_style
from salesmodel_kit.language import Language

_LEFT, _SIDE = 2.0, 4.6


@chart_style()
def draw_calibration(calibration: pd.DataFrame, *, language: Language) -> Figure:
    """Draw the share of deals won against the probability that was predicted for them.

    Parameters
    ----------
    calibration : pandas.DataFrame
        Step table ``calibration``; a row is a group of deals of like probability.
    language : Language
        Words and numbers.

    Returns
    -------
    matplotlib.figure.Figure
        One square axes with a dot and a 95 % interval for each group; on the broken
        line a probability says exactly what happens.

    Raises
    ------
    SalesModelError
        No group.
    """
    require_rows(calibration, "draw_calibration")
    figure, foot = make_figure(_SIDE + 0.75, notes=_notes(calibration, language))
    axes = add_axes(figure, _LEFT, foot + 0.6, right=_LEFT + _SIDE, top=foot + 0.6 + _SIDE)
    predicted, observed = known(calibration["win_probability"]), known(calibration["win_rate"])
    low, high = known(calibration["low"]), known(calibration["high"])
    top = min(1.0, float(max(predicted.max(), high.max())) * 1.06)
    _set_axes(axes, top, language)
    axes.plot([0, top], [0, top], color=MID_GREY, linewidth=1.2, linestyle=(0, (4, 2)), zorder=2, gid="exact")
    axes.vlines(predicted, low, high, color=ACCENT, linewidth=1.6, zorder=3)
    axes.plot(predicted, observed, marker="o", markersize=6.5, color=ACCENT, linestyle="none", zorder=4, gid="group")
    _name_line(axes, top, np.column_stack([predicted, low, high]), language)
    return finish(figure)


def _notes(calibration: pd.DataFrame, language: Language) -> list[str]:
    fewest, most = int(calibration["n_deals"].min()), int(calibration["n_deals"].max())
    size = language.number(most) if fewest == most else language.text(
        "{low} to {high}", low=language.number(fewest), high=language.number(most))
    return [language.text("Each dot: {size} closed deals that the model had not seen, in the order of their "
                          "probability; the line is the 95% interval of the share won.", size=size)]


def _set_axes(axes: Axes, top: float, language: Language) -> None:
    axes.set_xlim(0, top)
    axes.set_ylim(0, top)
    draw_grid(axes, "y")
    for which in ("x", "y"):
        set_ticks(axes, which, ticks=nice_ticks(top), words=language.share)
    axes.set_xlabel(language.text("Predicted probability to win"), labelpad=6)
    axes.set_ylabel(language.text("Share of deals won"), labelpad=6)


def _name_line(axes: Axes, top: float, groups: np.ndarray, language: Language) -> None:
    """Name the broken line where dots and intervals leave room."""
    steps = np.linspace(0, 1, 12)
    marks = [(place, low + step * (high - low)) for place, low, high in groups for step in steps]
    marks += [(step * top, step * top) for step in np.linspace(0, 1, 60)]
    points = to_points(axes, np.array(marks))
    draw_labels(axes, [Label((language.text("as predicted"),), (0.86 * top, 0.86 * top), 2.0, color=GREY)],
                obstacles=np.column_stack([points, np.full(len(points), 4.0)]))
