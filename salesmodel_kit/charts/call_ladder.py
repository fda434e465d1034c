"""The ladder of contacts: from two visits a month to remote."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from salesmodel_kit.charts.layout import add_axes, finish, hide_frame, known, make_figure, require_rows
from salesmodel_kit.charts.style import ACCENT, BODY, GREY, INK, LIGHT_GREY, MID_GREY, SMALL, STRONG, chart_style
from salesmodel_kit.charts.typeset import wrap_text
from salesmodel_kit.charts.words import channel_word
from salesmodel_kit.language import Language
from salesmodel_kit.tables import CHANNELS

#: Fewest contacts a year on each rung, from the top.
RUNGS: tuple[float, ...] = (24.0, 12.0, 9.0, 6.0, 4.0, 1e-9, 0.0)
_LEFT, _RIGHT = 2.5, 8.9
_ROW, _HEAD = 0.46, 0.5
#: Least width of a channel's column, and what stays free beside its longest bar, in inches.
_LEAST, _BESIDE = 1.15, 0.7


@chart_style()
def draw_call_ladder(calls: pd.DataFrame, *, language: Language) -> Figure:
    """Draw how many accounts stand on each rung of contact frequency, channel by channel.

    Parameters
    ----------
    calls : pandas.DataFrame
        Step table ``calls``; a row is an account. Accounts without a planned
        frequency are counted under the chart.
    language : Language
        Words and numbers.

    Returns
    -------
    matplotlib.figure.Figure
        One axes: rungs are rows, channels are columns, bars are numbers of
        accounts on one scale, written at their ends.

    Raises
    ------
    SalesModelError
        No account with a planned frequency.
    """
    planned = calls[calls["calls_per_year"].notna()]
    require_rows(planned, "draw_call_ladder")
    counts = _count_rungs(planned)
    n_missing = len(calls) - len(planned)
    notes = [language.text("Accounts without a plan: {count}.", count=language.number(n_missing))] if n_missing else []
    height = _HEAD + _ROW * len(counts) + 0.1
    figure, foot = make_figure(height, notes=notes)
    axes = add_axes(figure, 0, foot, right=9, top=foot + height)
    hide_frame(axes)
    axes.set_xlim(0, 9)
    axes.set_ylim(len(counts) - 0.5 + 0.1 / _ROW, -0.5 - _HEAD / _ROW)
    _draw_rungs(axes, counts, language)
    _draw_channels(axes, counts, language)
    return finish(figure)


def _count_rungs(planned: pd.DataFrame) -> pd.DataFrame:
    """Return accounts by rung (rows, all rungs) and channel (columns, those in use)."""
    frequency = known(planned["calls_per_year"]) + 1e-6
    rung = np.array([int(np.argmax(value >= np.array(RUNGS))) for value in np.where(frequency < 1e-5, 0.0, frequency)])
    channel = planned["channel"].astype("object").where(planned["channel"].notna(), "nobody").to_numpy()
    counts = pd.crosstab(rung, channel)
    columns = [name for name in (*CHANNELS, "nobody") if name in counts.columns]
    return counts.reindex(index=range(len(RUNGS)), columns=columns, fill_value=0)


def _rung_words(language: Language) -> tuple[tuple[str, str], ...]:
    return (
        (language.text("Twice a month"), language.text("24 contacts a year and more")),
        (language.text("Every month"), language.text("12 and more")),
        (language.text("Every five or six weeks"), language.text("9 and more")),
        (language.text("Every two months"), language.text("6 and more")),
        (language.text("Every quarter"), language.text("4 and more")),
        (language.text("Less often"), language.text("fewer than 4")),
        (language.text("No contact planned"), language.text("none")),
    )


def _draw_rungs(axes: Axes, counts: pd.DataFrame, language: Language) -> None:
    head = language.text("Contacts per account and year")
    axes.text(0.1, -0.5 - 0.07 / _ROW, head, fontsize=SMALL, color=GREY, va="bottom")
    axes.plot([0.1, _RIGHT], [-0.5, -0.5], color=MID_GREY, linewidth=0.6)
    for row, (word, detail) in enumerate(_rung_words(language)):
        axes.text(0.1, row - 0.16, word, fontsize=BODY, color=INK, va="center_baseline")
        axes.text(0.1, row + 0.2, detail, fontsize=SMALL, color=GREY, va="center_baseline")
        if row:
            axes.plot([0.1, _RIGHT], [row - 0.5, row - 0.5], color="#e6e9ec", linewidth=0.6)


def _widths(counts: pd.DataFrame) -> np.ndarray:
    """Return the width of each channel's column in inches: room for its head, the rest by its longest bar."""
    longest = counts.max().to_numpy(float)
    rest = _RIGHT - _LEFT - _LEAST * len(longest)
    return _LEAST + rest * longest / max(longest.sum(), 1.0)


def _draw_channels(axes: Axes, counts: pd.DataFrame, language: Language) -> None:
    widths = _widths(counts)
    scale = float(np.min((widths - _BESIDE) / np.maximum(counts.max(), 1)))
    for channel, left, step in zip(counts.columns, _LEFT + np.cumsum(widths) - widths, widths, strict=True):
        head = language.text("Nobody") if channel == "nobody" else channel_word(channel, language)
        for position, line in enumerate(reversed(wrap_text(head, (step - 0.1) * 72, size=STRONG, weight="bold"))):
            above = -0.5 - (0.07 + 0.18 * position) / _ROW
            axes.text(left, above, line, fontsize=STRONG, fontweight="bold", va="bottom")
        rows = np.flatnonzero(counts[channel].to_numpy())
        numbers = counts[channel].to_numpy()[rows]
        fill = ACCENT if channel == "field" else MID_GREY
        axes.barh(rows, numbers * scale, left=left, height=0.56, linewidth=0, color=fill, gid=channel)
        axes.plot([left, left], [-0.4, len(counts) - 0.6], color=LIGHT_GREY, linewidth=0.7)
        for row, number in zip(rows, numbers, strict=True):
            axes.text(left + number * scale + 0.07, row, language.number(number), fontsize=BODY, va="center_baseline")
