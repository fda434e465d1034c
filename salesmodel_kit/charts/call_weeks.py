"""A year of calls: one strip a rep, one cell a week, the fuller the darker."""

from __future__ import annotations

import numpy as np
import pandas as pd
from babel import dates
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from salesmodel_kit.charts.layout import add_axes, finish, hide_frame, known, make_figure, require_rows
from salesmodel_kit.charts.style import ACCENT, BODY, GREY, INK, MID_GREY, PALE_GREY, SMALL, WHITE, chart_style
from salesmodel_kit.charts.typeset import fit_text, wrap_text
from salesmodel_kit.language import Language

MOST_REPS = 30
#: Loads at which the colour changes, and the colours: up to half, three quarters, full, and beyond.
STEPS: tuple[float, ...] = (0.5, 0.75, 0.9, 1.0)
_SHADES = LinearSegmentedColormap.from_list("load", [WHITE, ACCENT])([0.1, 0.3, 0.5, 0.75, 1.0])
_LEFT, _RIGHT = 1.75, 7.75


@chart_style()
def draw_call_weeks(call_weeks: pd.DataFrame, names: pd.Series, *, language: Language) -> Figure:
    """Draw each rep's hours by week against the week's selling hours, with public holidays and weeks away.

    Parameters
    ----------
    call_weeks : pandas.DataFrame
        Step table ``call_weeks``; a row is a week of a rep. Of more than 30 reps, those with the most hours.
    names : pandas.Series
        Name of each rep, indexed by rep, in the order in which they are drawn.
    language : Language
        Words and numbers.

    Returns
    -------
    matplotlib.figure.Figure
        One axes, weeks across: white with a bar through it where the rep has no working day; a dot above the
        weeks with a public holiday; the year's hours at the right.

    Raises
    ------
    SalesModelError
        No week at all.
    """
    require_rows(call_weeks, "draw_call_weeks")
    hours = call_weeks.pivot(index="rep", columns="week", values="hours")
    capacity = call_weeks.pivot(index="rep", columns="week", values="selling_hours").reindex(hours.index)
    busiest = hours.sum(axis="columns").sort_values(ascending=False, kind="stable").index[:MOST_REPS]
    shown = [rep for rep in names.index if rep in busiest]
    row = 0.3 if len(shown) <= 16 else 0.22
    figure, foot = make_figure(len(shown) * row + 1.15, notes=_notes(len(shown), len(hours), language))
    axes = add_axes(figure, _LEFT, foot + 0.5, right=_RIGHT, top=foot + 0.5 + len(shown) * row)
    axes.set_xlim(0, hours.shape[1])
    axes.set_ylim(len(shown), 0)
    hide_frame(axes)
    _draw_cells(axes, hours.loc[shown].to_numpy(float), capacity.loc[shown].to_numpy(float))
    _draw_months(axes, hours.columns, language)
    _draw_holidays(axes, call_weeks.groupby("week")["n_holidays"].max())
    _draw_words(axes, names[shown], hours.loc[shown], language=language)
    _draw_key(axes, language)
    return finish(figure)


def _notes(n_shown: int, n_all: int, language: Language) -> list[str]:
    notes = [language.text("Dot: week with a public holiday. Dash: no working day. A week's hours are in proportion to "
                           "its working days.")]
    if n_shown < n_all:
        notes.append(language.text("Drawn: the {shown} reps with the most hours, of {total}.",
                                   shown=language.number(n_shown), total=language.number(n_all)))
    return notes


def _draw_cells(axes: Axes, hours: np.ndarray, capacity: np.ndarray) -> None:
    load = np.divide(hours, capacity, out=np.full_like(hours, np.nan), where=capacity > 0)
    for place, week in np.argwhere(np.isnan(load)):
        axes.plot([week + 0.25, week + 0.75], [place + 0.5] * 2, color=MID_GREY, linewidth=1.0, gid="away")
    shade = np.where(load == 0, 0, 1 + np.searchsorted(STEPS, load - 1e-9))
    for at, color in enumerate((PALE_GREY, *_SHADES)):
        cells = np.argwhere((shade == at) & ~np.isnan(load))
        corners = cells[:, None, ::-1] + np.array([(0.06, 0.12), (0.94, 0.12), (0.94, 0.88), (0.06, 0.88)])
        axes.add_collection(PolyCollection(corners, facecolors=color, linewidths=0, gid="week"), autolim=False)


def _draw_months(axes: Axes, weeks: pd.DatetimeIndex, language: Language) -> None:
    thursday = weeks + pd.Timedelta(days=3)
    begins = [at for at in range(len(weeks)) if at == 0 or thursday[at].month != thursday[at - 1].month]
    ends = [*begins[1:], len(weeks)]
    for begin, end in zip(begins, ends, strict=True):
        if begin:
            axes.axvline(begin, color=PALE_GREY, linewidth=0.8, zorder=0)
        if end - begin > 2:
            words = dates.format_date(thursday[begin].date(), "LLL", locale=language.locale)
            axes.annotate(words, (begin, 0), xytext=(2, 13), textcoords="offset points", fontsize=SMALL, color=GREY,
                          annotation_clip=False)


def _draw_holidays(axes: Axes, n_holidays: pd.Series) -> None:
    for at in np.flatnonzero(known(n_holidays) > 0):
        axes.annotate("•", (at + 0.5, 0), xytext=(0, 5), textcoords="offset points", fontsize=SMALL, color=INK,
                      ha="center", va="center", annotation_clip=False, gid="holiday")


def _draw_words(axes: Axes, names: pd.Series, hours: pd.DataFrame, *, language: Language) -> None:
    for place, (name, total) in enumerate(zip(names, hours.sum(axis="columns"), strict=True)):
        axes.annotate(fit_text(name, (_LEFT - 0.25) * 72, size=BODY), (0, place + 0.5), xytext=(-(_LEFT - 0.1) * 72, 0),
                      textcoords="offset points", va="center_baseline", fontsize=BODY, annotation_clip=False)
        axes.annotate(language.hours(total), (hours.shape[1], place + 0.5), xytext=(74, 0), fontsize=BODY, ha="right",
                      textcoords="offset points", va="center_baseline", annotation_clip=False)
    for at, line in enumerate(reversed(wrap_text(language.text("Hours planned"), 78, size=SMALL))):
        axes.annotate(line, (hours.shape[1], 0), xytext=(74, 13 + 11 * at), textcoords="offset points", ha="right",
                      fontsize=SMALL, color=GREY, annotation_clip=False)


def _draw_key(axes: Axes, language: Language) -> None:
    """Draw what the shades mean under the strips."""
    words = [language.text("up to {share} of the hours", share=language.share(STEPS[0])),
             *(language.share(step) for step in STEPS[1:]), language.text("beyond")]
    across, foot = 0.0, -axes.bbox.height / axes.figure.dpi * 72 - 17
    for shade, word in zip(_SHADES, words, strict=True):
        axes.annotate("■", (0, 1), xycoords="axes fraction", xytext=(across, foot - 1),
                      textcoords="offset points", color=shade, fontsize=BODY + 3, annotation_clip=False)
        axes.annotate(word, (0, 1), xycoords="axes fraction", color=GREY, fontsize=SMALL, annotation_clip=False,
                      xytext=(across + 13, foot), textcoords="offset points")
        across += 24 + 5.0 * len(word)
