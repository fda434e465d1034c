"""Rank by past sales against rank by value: who rises, who falls."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from salesmodel_kit.charts.labels import spread
from salesmodel_kit.charts.layout import add_axes, finish, hide_frame, known, make_figure, require_rows
from salesmodel_kit.charts.style import ACCENT, BODY, GREY, INK, LIGHT_GREY, MID_GREY, STRONG, chart_style
from salesmodel_kit.charts.typeset import fit_text, measure_width
from salesmodel_kit.language import Language

_LINE = 14.0
_RAILS = (3.3, 5.7)
_LEADER = 0.22
_RANK_COLUMN = 34.0


@dataclass(frozen=True)
class _Side:
    rail: float
    sign: int
    ranks: np.ndarray


@chart_style()
def draw_rank_changes(account_scores: pd.DataFrame, *, language: Language) -> Figure:
    """Draw each account's rank by past sales on the left and by value on the right, joined by a line.

    Parameters
    ----------
    account_scores : pandas.DataFrame
        The rows to show, with ``name``, ``rank_by_sales`` and
        ``rank_by_value``: commonly the ten that rise most and the ten that
        fall most. A row without one of the ranks is counted under the chart.
    language : Language
        Words and numbers.

    Returns
    -------
    matplotlib.figure.Figure
        One axes; ranks on a logarithmic scale, 1 at the top; those that rise
        in the accent colour, those that fall in grey and broken.

    Raises
    ------
    SalesModelError
        No row with both ranks.
    """
    ranked = account_scores[account_scores["rank_by_sales"].notna() & account_scores["rank_by_value"].notna()]
    require_rows(ranked, "draw_rank_changes")
    height = max(2.2, len(ranked) * _LINE / 72 + 0.35)
    figure, foot = make_figure(height + 0.45, notes=_notes(len(account_scores) - len(ranked), language))
    axes = add_axes(figure, 0, foot, right=9, top=foot + height + 0.45)
    hide_frame(axes)
    axes.set_xlim(0, 9)
    axes.set_ylim(0, (height + 0.45) * 72)
    before, after = known(ranked["rank_by_sales"]), known(ranked["rank_by_value"])
    places = _rank_places(np.concatenate([before, after]), low=10.0, high=height * 72 - 14).reshape(2, -1)
    _draw_rails(axes, height * 72, language)
    _draw_lines(axes, places, rises=after < before)
    for side in (_Side(_RAILS[0], -1, before), _Side(_RAILS[1], 1, after)):
        _draw_names(axes, side, ranked["name"], places=places[max(side.sign, 0)], language=language)
    return finish(figure)


def _notes(n_missing: int, language: Language) -> list[str]:
    notes = [language.text("Blue: rises when value counts. Grey and broken: falls. Ranks on a logarithmic scale.")]
    if n_missing:
        notes.append(language.text("Accounts without one of the two ranks, not drawn: {count}.",
                                   count=language.number(n_missing)))
    return notes


def _rank_places(ranks: np.ndarray, *, low: float, high: float) -> np.ndarray:
    """Return heights in points: the best rank on top, the last at the bottom, logarithmic between."""
    worst = max(float(ranks.max()), 2.0)
    return high - (high - low) * np.log(ranks) / np.log(worst)


def _draw_rails(axes: Axes, height: float, language: Language) -> None:
    titles = (language.text("Rank by past sales"), language.text("Rank by value"))
    for rail, title, side in zip(_RAILS, titles, ("right", "left"), strict=True):
        axes.plot([rail, rail], [4, height - 8], color=LIGHT_GREY, linewidth=1, solid_capstyle="butt")
        axes.text(rail, height + 8, title, ha=side, va="bottom", fontsize=STRONG, fontweight="bold", color=INK)


def _draw_lines(axes: Axes, places: np.ndarray, *, rises: np.ndarray) -> None:
    for left, right, is_rise in zip(*places, rises, strict=True):
        axes.plot(_RAILS, [left, right], color=ACCENT if is_rise else MID_GREY, linewidth=1.7 if is_rise else 1.3,
                  linestyle="-" if is_rise else (0, (4, 2)), marker="o", markersize=4, zorder=3 if is_rise else 2,
                  gid="rise" if is_rise else "fall")


def _draw_names(axes: Axes, side: _Side, names: pd.Series, *, places: np.ndarray, language: Language) -> None:
    top = axes.get_ylim()[1] - 0.45 * 72
    # Equal ranks keep the order of the other end's lines by a shift far below a pixel.
    heights = spread(places, _LINE, low=_LINE / 2, high=top - _LINE / 2)
    room = (_RAILS[0] - _LEADER - 0.1) * 72 - _RANK_COLUMN
    alignment = "right" if side.sign < 0 else "left"
    for name, rank, place, height in zip(names, side.ranks, places, heights, strict=True):
        start = side.rail + side.sign * 0.06
        end = side.rail + side.sign * _LEADER
        axes.plot([start, end], [place, height], color=LIGHT_GREY, linewidth=0.7, zorder=1)
        number = language.number(rank)
        axes.text(end + side.sign * 0.04, height, number, ha=alignment, va="center_baseline", fontsize=BODY, color=INK,
                  fontweight="bold")
        beside = end + side.sign * (0.1 + max(measure_width(number, BODY, "bold"), 16) / 72)
        axes.text(beside, height, fit_text(name, room), ha=alignment, va="center_baseline", fontsize=BODY,
                  color=INK if side.sign > 0 else GREY)


