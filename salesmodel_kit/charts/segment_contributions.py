"""What makes a segment attractive, and why we would win: bars by criterion, aligned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from salesmodel_kit.charts.layout import add_axes, finish, hide_frame, known, make_figure, require_rows
from salesmodel_kit.charts.style import (
    ACCENT,
    BODY,
    GREY,
    INK,
    LIGHT_GREY,
    MID_GREY,
    PALE_GREY,
    SMALL,
    STRONG,
    chart_style,
)
from salesmodel_kit.charts.typeset import fit_text, wrap_text
from salesmodel_kit.charts.words import axis_word
from salesmodel_kit.language import Language

_LEFT, _RIGHT = 2.6, 8.9
_SCORE_WIDTH, _GAP = 1.0, 0.16
_ROW, _FOOT = 0.27, 0.3
_LINE = SMALL * 1.25 / 72
_BAR = 0.58


@dataclass(frozen=True)
class _Panel:
    axis: str
    scores: pd.Series
    contributions: pd.DataFrame
    weights: pd.Series
    heads: list[list[str]]

    @property
    def head_height(self) -> float:
        """Return the height of the column heads in inches, the share of weight included."""
        return 0.15 + _LINE * (1 + max(len(lines) for lines in self.heads))


@chart_style()
def draw_segment_contributions(
    segment_scores: pd.DataFrame, segment_contributions: pd.DataFrame, *, language: Language,
) -> Figure:
    """Draw what each criterion brings to each segment's two scores.

    Parameters
    ----------
    segment_scores : pandas.DataFrame
        Step table ``segment_scores``: names and totals; a row is a segment.
    segment_contributions : pandas.DataFrame
        Step table ``segment_contributions``; a row is a criterion of a
        segment. A missing contribution is drawn as a dash.
    language : Language
        Words and numbers.

    Returns
    -------
    matplotlib.figure.Figure
        One axes for each axis of the matrix that has criteria: segments are
        rows in the order of attractiveness, criteria are columns; the pale
        track is the weight, the bar what the segment reaches of it.

    Raises
    ------
    SalesModelError
        No contribution at all.
    """
    require_rows(segment_contributions, "draw_segment_contributions")
    ordered = segment_scores.sort_values(["attractiveness", "competitive_strength"], ascending=False)
    panels = [panel for axis in ("attractiveness", "competitive_strength")
              if (panel := _make_panel(axis, ordered, segment_contributions)) is not None]
    heights = [panel.head_height + _ROW * len(ordered) + _FOOT for panel in panels]
    figure, foot = make_figure(sum(heights), notes=_notes(language))
    for position, panel in enumerate(panels):
        bottom = foot + sum(heights[position + 1 :])
        axes = add_axes(figure, 0, bottom, right=9, top=bottom + heights[position])
        _draw_panel(axes, panel, names=ordered["label"], language=language)
    return finish(figure)


def _notes(language: Language) -> list[str]:
    return [language.text(
        "Length of a bar: what the criterion adds to the score, all on one scale; pale track: its weight, the most it "
        "could add; blue: the criterion that adds most to the segment; dash: not known.")]


def _make_panel(axis: str, ordered: pd.DataFrame, contributions: pd.DataFrame) -> _Panel | None:
    rows = contributions[contributions["axis"] == axis]
    if rows.empty:
        return None
    criteria = rows.groupby("criterion", sort=False).agg(label=("label", "first"), weight=("weight", "max"))
    criteria = criteria.sort_values("weight", ascending=False, kind="stable")
    table = rows.pivot(index="segment", columns="criterion", values="contribution")
    table = table.reindex(index=ordered["segment"], columns=criteria.index)
    room = (_step(len(criteria)) - 0.08) * 72
    heads = [wrap_text(label, room, size=SMALL, lines=3) for label in criteria["label"]]
    return _Panel(axis, ordered.set_index("segment")[axis], table, criteria["weight"], heads)


def _step(n_criteria: int) -> float:
    """Return the width of a criterion's column in inches."""
    return (_RIGHT - _LEFT - _SCORE_WIDTH - _GAP) / n_criteria


def _draw_panel(axes: Axes, panel: _Panel, *, names: pd.Series, language: Language) -> None:
    hide_frame(axes)
    n_rows = len(names)
    axes.set_xlim(0, 9)
    axes.set_ylim(n_rows - 0.5 + _FOOT / _ROW, -0.5 - panel.head_height / _ROW)
    head = -0.5 - 0.07 / _ROW
    axes.text(0.1, head, axis_word(panel.axis, language), fontsize=STRONG, fontweight="bold", va="bottom")
    axes.plot([0.1, _RIGHT], [-0.5, -0.5], color=MID_GREY, linewidth=0.6)
    for row, name in enumerate(names):
        axes.text(0.1, row, fit_text(name, (_LEFT - 0.25) * 72), va="center_baseline", fontsize=BODY)
    _draw_scores(axes, panel, head=head, language=language)
    starts, scale = _columns(panel)
    for column, start in enumerate(starts):
        _draw_criterion(axes, panel, column=column, start=start, scale=scale)
        _draw_head(axes, panel, column=column, start=start, language=language)


def _columns(panel: _Panel) -> tuple[np.ndarray, float]:
    """Return where each criterion's bars begin, and inches per unit of contribution, the same for all."""
    left, step = _LEFT + _SCORE_WIDTH + _GAP, _step(len(panel.weights))
    longest = max(float(np.nanmax(known(panel.weights))), float(np.nanmax(panel.contributions.to_numpy(), initial=0.0)))
    return left + step * np.arange(len(panel.weights)), (step - _GAP) / (longest or 1.0)


def _draw_scores(axes: Axes, panel: _Panel, *, head: float, language: Language) -> None:
    axes.text(_LEFT, head, language.text("Score"), fontsize=SMALL, color=GREY, va="bottom")
    scores = known(panel.scores)
    rows = np.arange(len(scores))
    width = _SCORE_WIDTH - 0.42
    axes.barh(rows, np.full(len(rows), width), left=_LEFT, height=_BAR, color=PALE_GREY, linewidth=0)
    axes.barh(rows, np.nan_to_num(scores) * width, left=_LEFT, height=_BAR, color=INK, linewidth=0, gid="score")
    for row, score in enumerate(scores):
        axes.text(_LEFT + width + 0.06, row, language.number(score, 2), fontsize=BODY, va="center_baseline")


def _draw_criterion(axes: Axes, panel: _Panel, *, column: int, start: float, scale: float) -> None:
    values = panel.contributions.iloc[:, column].to_numpy(float)
    rows = np.arange(len(values))
    strongest = np.nan_to_num(panel.contributions.to_numpy(float)).max(axis=1)
    is_strongest = (values >= strongest - 1e-12) & (values > 0)
    axes.barh(rows, np.full(len(rows), panel.weights.iloc[column] * scale), left=start, height=_BAR, color=PALE_GREY,
              linewidth=0)
    axes.barh(rows, np.nan_to_num(values) * scale, left=start, height=_BAR, linewidth=0, gid="contribution",
              color=np.where(is_strongest, ACCENT, MID_GREY))
    axes.plot([start, start], [-0.42, len(rows) - 0.58], color=LIGHT_GREY, linewidth=0.7)
    for row in np.flatnonzero(np.isnan(values)):
        axes.text(start + 0.05, row, "–", fontsize=BODY, color=GREY, va="center_baseline")


def _draw_head(axes: Axes, panel: _Panel, *, column: int, start: float, language: Language) -> None:
    lines = [*panel.heads[column], language.share(panel.weights.iloc[column])]
    for position, line in enumerate(reversed(lines)):
        above = -0.5 - (0.07 + position * _LINE) / _ROW
        axes.text(start, above, line, fontsize=SMALL, va="bottom", color=GREY if position == 0 else INK)
