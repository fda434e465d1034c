"""Field reps needed and present, by the place where they live."""

from __future__ import annotations

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
from salesmodel_kit.charts.style import ACCENT, BODY, GREY, INK, LIGHT_GREY, SMALL, chart_style
from salesmodel_kit.charts.typeset import fit_text, measure_width
from salesmodel_kit.language import Language

_LEFT, _RIGHT, _ROW = 2.1, 7.0, 0.3
#: Places with the largest gaps that are drawn.
MOST_PLACES = 20


@chart_style()
def draw_place_needs(places: pd.DataFrame, *, language: Language) -> Figure:
    """Draw people today as a bar and people needed as a mark, place by place, and write the gap.

    Parameters
    ----------
    places : pandas.DataFrame
        Step table ``place_summary``; a row is a place. Of more than 20, those with the largest gaps are
        drawn, and the others counted.
    language : Language
        Words and numbers.

    Returns
    -------
    matplotlib.figure.Figure
        One axes, people across; accounts and gap in columns at the right.

    Raises
    ------
    SalesModelError
        No place.
    """
    require_rows(places, "draw_place_needs")
    largest = places["n_reps_gap"].abs().sort_values(ascending=False, kind="stable").index[:MOST_PLACES]
    shown = places.loc[places.index.isin(largest)]
    notes = [] if len(shown) == len(places) else [language.text(
        "Drawn: the {shown} places with the largest gaps, of {total}.", shown=language.number(len(shown)),
        total=language.number(len(places)))]
    height = _ROW * len(shown) + 0.1
    figure, foot = make_figure(height + 1.2, notes=notes)
    axes = add_axes(figure, _LEFT, foot + 0.55, right=_RIGHT, top=foot + 0.55 + height)
    _set_axes(axes, shown, language)
    rows = range(len(shown))
    axes.barh(rows, known(shown["n_reps"]), height=0.56, color=LIGHT_GREY, linewidth=0, gid="today")
    axes.hlines(rows, known(shown["n_reps"]), known(shown["n_reps_needed"]), color=ACCENT, linewidth=1.4, zorder=3)
    axes.plot(known(shown["n_reps_needed"]), rows, marker="D", markersize=6.5, color=ACCENT, linestyle="none", zorder=4,
              gid="needed", clip_on=False)
    _write_rows(axes, shown, language)
    _draw_key(axes, language)
    return finish(figure)


def _set_axes(axes: Axes, shown: pd.DataFrame, language: Language) -> None:
    most = float(shown[["n_reps", "n_reps_needed"]].max().max())
    axes.set_xlim(0, max(most, 1.0) * 1.05)
    axes.set_ylim(len(shown) - 0.4, -0.6)
    draw_grid(axes, "x")
    set_ticks(axes, "x", ticks=nice_ticks(axes.get_xlim()[1]),
              words=lambda tick: language.number(tick, 0 if tick == round(tick) else 1))
    set_ticks(axes, "y", ticks=(), words=str)
    axes.set_xlabel(language.text("Field reps, full-time equivalents"), labelpad=6)


def _write_rows(axes: Axes, shown: pd.DataFrame, language: Language) -> None:
    _write(axes, -0.85, language.text("Accounts"), across=0.75, small=True)
    _write(axes, -0.85, language.text("Gap"), across=1.5, small=True)
    for row, place in enumerate(shown.itertuples()):
        is_placed = isinstance(place.place, str)
        name = place.place if is_placed else language.text("place not known")
        axes.annotate(fit_text(name, (_LEFT - 0.3) * 72), (0, row), xycoords=axes.get_yaxis_transform(),
                      xytext=(-(_LEFT - 0.15) * 72, 0), textcoords="offset points", va="center_baseline",
                      fontsize=BODY, color=INK if is_placed else GREY, annotation_clip=False)
        _write(axes, row, language.number(place.n_accounts), across=0.75)
        sign = "+" if round(place.n_reps_gap, 1) > 0 else ""
        _write(axes, row, sign + language.number(place.n_reps_gap, 1), across=1.5)


def _write(axes: Axes, row: float, text: str, *, across: float, small: bool = False) -> None:
    axes.annotate(text, (1, row), xycoords=axes.get_yaxis_transform(), xytext=(across * 72, 0), ha="right",
                  textcoords="offset points", va="center_baseline", fontsize=SMALL if small else BODY,
                  color=GREY if small else INK, annotation_clip=False)


def _draw_key(axes: Axes, language: Language) -> None:
    left = 0.0
    for mark, colour, word in (("■", LIGHT_GREY, language.text("People today")),
                               ("◆", ACCENT, language.text("People that the norms ask for"))):
        place = {"xycoords": "axes fraction", "textcoords": "offset points", "va": "center_baseline"}
        axes.annotate(mark, (0, 1), xytext=(left, 16), color=colour, fontsize=BODY + 2, **place)
        axes.annotate(word, (0, 1), xytext=(left + 14, 16), fontsize=BODY, **place)
        left += 14 + measure_width(word) + 22
