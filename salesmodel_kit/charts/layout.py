"""Figures, axes and notes of all charts: sizes in inches, tick labels in the client's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Literal

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FixedFormatter, FixedLocator, MaxNLocator, NullLocator

from salesmodel_kit.charts.style import GREY, PALE_GREY, SMALL
from salesmodel_kit.charts.typeset import LINE_HEIGHT, clean_text, wrap_text
from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.language import Language

WIDTH = 9.0
_NOTE_LINES = 4
_LINE = SMALL * LINE_HEIGHT / 72


def make_figure(height: float, *, notes: Sequence[str] = ()) -> tuple[Figure, float]:
    """Return a figure 9 inches wide with notes at its foot, and the height that the notes take.

    Parameters
    ----------
    height : float
        Height without the notes, in inches.
    notes : sequence of str
        Sentences under the chart; each begins a line.

    Returns
    -------
    tuple of matplotlib.figure.Figure and float
        The figure, and where the chart begins above its lower edge, in inches.
    """
    lines = [line for note in notes for line in wrap_text(note, (WIDTH - 0.2) * 72, size=SMALL, lines=_NOTE_LINES)]
    foot = len(lines) * _LINE + (0.12 if lines else 0.0)
    figure = Figure(figsize=(WIDTH, height + foot))
    FigureCanvasAgg(figure)
    for position, line in enumerate(reversed(lines)):
        above = (0.05 + position * _LINE) / (height + foot)
        figure.text(0.1 / WIDTH, above, line, fontsize=SMALL, color=GREY, va="bottom")
    return figure, foot


def add_axes(figure: Figure, left: float, bottom: float, *, right: float, top: float) -> Axes:
    """Return axes between four distances from the figure's lower left corner, in inches."""
    width, height = figure.get_size_inches()
    return figure.add_axes((left / width, bottom / height, (right - left) / width, (top - bottom) / height))


def set_ticks(
    axes: Axes, which: Literal["x", "y"], *, ticks: Iterable[float], words: Callable[[float], str],
) -> None:
    """Set fixed ticks whose labels are written by ``words``."""
    places = [float(tick) for tick in ticks]
    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_major_locator(FixedLocator(places))
    axis.set_major_formatter(FixedFormatter([clean_text(words(place)) for place in places]))
    axis.set_minor_locator(NullLocator())


def nice_ticks(high: float, *, count: int = 6) -> np.ndarray:
    """Return round ticks from zero that reach ``high``."""
    top = high if np.isfinite(high) and high > 0 else 1.0
    ticks = MaxNLocator(nbins=count, steps=[1, 2, 2.5, 5, 10]).tick_values(0.0, top)
    return ticks[(ticks >= 0) & (ticks <= top * 1.0001)]


def draw_grid(axes: Axes, which: Literal["x", "y"]) -> None:
    """Draw pale grid lines and take the ticks' marks and the spine across them away."""
    axes.grid(axis=which, color=PALE_GREY, linewidth=0.8)
    axes.tick_params(axis=which, length=0)
    axes.spines["bottom" if which == "y" else "left"].set_visible(which == "y")


def hide_frame(axes: Axes) -> None:
    """Take spines and ticks away."""
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.xaxis.set_major_locator(NullLocator())
    axes.yaxis.set_major_locator(NullLocator())


def require_rows(table: pd.DataFrame, chart: str) -> None:
    """Refuse a table that leaves nothing to draw.

    Raises
    ------
    SalesModelError
        The table has no row.
    """
    if table.empty:
        raise SalesModelError("Nothing to draw in {chart}: no row holds what the chart shows.", chart=chart)


def known(values: pd.Series) -> np.ndarray:
    """Return numbers as float64 with NaN where they are missing."""
    return values.to_numpy(dtype="float64", na_value=np.nan)


def finish(figure: Figure) -> Figure:
    """Return the figure with all ticks made while the kit's style is in force."""
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            if axes.axison and axis.get_visible():
                axis.get_ticklabels(which="both")
    return figure


def name_some(names: Iterable[object], *, language: Language, most: int = 8) -> str:
    """Return names as a list in a sentence; beyond ``most`` the others are counted."""
    words = [clean_text(name) for name in names]
    if len(words) <= most:
        return language.enumerate(words)
    others = language.text("{count} others", count=len(words) - most)
    return language.enumerate([*language.set_apart(words[:most]), others])
