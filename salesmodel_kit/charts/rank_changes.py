"""Rank by past sales against rank by value: who rises, who falls."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from salesmodel_kit.charts.labels import spread
from salesmodel_kit.charts.layout import add_axes, finish, hide_frame, known, make_figure, require_rows
from salesmodel_kit.charts.style import ACCENT, BODY, GREY, INK, MID_GREY, STRONG, chart_style
from salesmodel_kit.charts.typeset import fit_text, measure_width
from salesmodel_kit.language import Language

_LINE = 14.0
_SLACK = 1.35
_RAILS = (3.45, 5.55)
_RANK_COLUMN = 36.0


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
    height = max(1.2, len(ranked) * _LINE * _SLACK / 72)
    figure, foot = make_figure(height + 0.4, notes=_notes(len(account_scores) - len(ranked), language))
    axes = add_axes(figure, 0, foot, right=9, top=foot + height + 0.4)
    hide_frame(axes)
    axes.set_xlim(0, 9)
    axes.set_ylim(0, (height + 0.4) * 72)
    before, after = known(ranked["rank_by_sales"]), known(ranked["rank_by_value"])
    left = _rank_heights(before, after, height=height * 72)
    right = _rank_heights(after, before, height=height * 72)
    _draw_heads(axes, height * 72, language)
    _draw_lines(axes, np.array([left, right]), rises=after < before)
    for sign, ranks, heights in ((-1, before, left), (1, after, right)):
        side = ranked.assign(rank=ranks, height=heights)
        _draw_side(axes, side, sign=sign, language=language)
    return finish(figure)


def _notes(n_missing: int, language: Language) -> list[str]:
    notes = [language.text("Blue: rises when value counts. Grey and broken: falls. The distance between ranks is "
                           "logarithmic, and stretched where names need room.")]
    if n_missing:
        notes.append(language.text("Accounts without one of the two ranks, not drawn: {count}.",
                                   count=language.number(n_missing)))
    return notes


def _rank_heights(ranks: np.ndarray, other: np.ndarray, *, height: float) -> np.ndarray:
    """Return heights in points, best rank on top, a line of text apart; equal ranks in the order of the other side."""
    best, worst = float(min(ranks.min(), other.min())), float(max(ranks.max(), other.max()))
    scale = (height - _LINE) / max(np.log(worst / best), 1e-9)
    wanted = height - _LINE / 2 - scale * np.log(ranks / best) - 1e-7 * other
    return spread(wanted, _LINE, low=_LINE / 2, high=height - _LINE / 2)


def _draw_heads(axes: Axes, height: float, language: Language) -> None:
    titles = (language.text("Rank by past sales"), language.text("Rank by value"))
    for rail, title, side in zip(_RAILS, titles, ("right", "left"), strict=True):
        axes.text(rail, height + 8, title, ha=side, va="bottom", fontsize=STRONG, fontweight="bold", color=INK)


def _draw_lines(axes: Axes, heights: np.ndarray, *, rises: np.ndarray) -> None:
    for left, right, is_rise in zip(*heights, rises, strict=True):
        axes.plot(_RAILS, [left, right], color=ACCENT if is_rise else MID_GREY, linewidth=1.7 if is_rise else 1.3,
                  linestyle="-" if is_rise else (0, (4, 2)), marker="o", markersize=4, zorder=3 if is_rise else 2,
                  gid="rise" if is_rise else "fall")


def _draw_side(axes: Axes, ranked: pd.DataFrame, *, sign: int, language: Language) -> None:
    """Draw rank and name beside the ends of the lines: -1 on the left, 1 on the right."""
    rail, side = (_RAILS[0], "right") if sign < 0 else (_RAILS[1], "left")
    room = (_RAILS[0] - 0.2) * 72 - _RANK_COLUMN
    for name, rank, height in ranked[["name", "rank", "height"]].itertuples(index=False):
        number = language.number(rank)
        axes.text(rail + sign * 0.1, height, number, ha=side, va="center_baseline", fontsize=BODY, fontweight="bold")
        beside = rail + sign * (0.1 + max(measure_width(number, BODY, "bold") + 6, _RANK_COLUMN - 8) / 72)
        axes.text(beside, height, fit_text(name, room), ha=side, va="center_baseline", fontsize=BODY,
                  color=GREY if sign < 0 else INK)
