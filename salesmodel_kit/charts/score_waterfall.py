"""Why this account: bars that add up from the portfolio's mean to the account's score."""

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
    SMALL,
    STRONG,
    WHITE,
    chart_style,
)
from salesmodel_kit.charts.typeset import fit_text, wrap_text
from salesmodel_kit.language import Language, is_known

_LEFT, _RIGHT = 2.35, 8.9
_ROW, _BAR, _HEAD = 0.27, 0.62, 0.75
#: Criteria with a row of their own; the others share one.
_MOST_ROWS = 12
#: Room in inches for a number beside a bar.
_NUMBER = 0.42
#: Gap between two panels, and the widest panel, in inches.
_GAP, _WIDEST = 0.22, 2.8


@dataclass(frozen=True)
class _Panel:
    name: str
    money: str
    score: float
    steps: np.ndarray
    is_known: np.ndarray


@chart_style()
def draw_score_waterfall(
    accounts: pd.DataFrame, steps: pd.DataFrame, *, mean_score: float, language: Language,
) -> Figure:
    """Draw how each criterion takes an account from the portfolio's mean score to its own.

    Parameters
    ----------
    accounts : pandas.DataFrame
        The accounts, best first, one panel each: ``account``, ``name``, ``score``,
        ``potential_per_year``, ``win_probability``, ``expected_value_per_year``.
    steps : pandas.DataFrame
        A row is a criterion of an account: ``account``, ``criterion``, ``label``,
        ``difference`` (what it adds to the distance from the mean), ``is_known``.
    mean_score : float
        Mean score of the portfolio, 0-1.
    language : Language
        Words and numbers.

    Returns
    -------
    matplotlib.figure.Figure
        One axes an account, all on one scale; a row is a criterion, those that
        differ most first.

    Raises
    ------
    SalesModelError
        No account.
    """
    require_rows(accounts, "draw_score_waterfall")
    labels, panels = _make_panels(accounts, steps, language)
    height = _HEAD + (len(labels) + 2) * _ROW
    figure, foot = make_figure(height + 0.1, notes=_notes(panels, language))
    width = min((_RIGHT - _LEFT) / len(panels), _WIDEST)
    limits = _find_limits(panels, mean_score, width)
    for at, panel in enumerate(panels):
        left = _LEFT + at * width
        axes = add_axes(figure, left, foot, right=left + width, top=foot + height)
        _draw_panel(axes, panel, mean_score=mean_score, limits=limits, language=language)
    _draw_labels(figure, labels, foot=foot, height=height, language=language)
    return finish(figure)


def _notes(panels: list[_Panel], language: Language) -> list[str]:
    notes = [language.text("Blue: better than the mean of the portfolio; grey: worse. The bars of an account add up "
                           "from the mean to its score.")]
    if not all(panel.is_known.all() for panel in panels):
        notes.append(language.text("Hollow: not known, counted at the level of what is known of the account."))
    return notes


def _make_panels(accounts: pd.DataFrame, steps: pd.DataFrame, language: Language) -> tuple[list[str], list[_Panel]]:
    table = steps.pivot_table(index="criterion", columns="account", values="difference", sort=False)
    is_known = steps.pivot_table(index="criterion", columns="account", values="is_known", sort=False).astype(bool)
    order = table.abs().sum(axis=1).sort_values(ascending=False, kind="stable").index
    kept, rest = order[:_MOST_ROWS], order[_MOST_ROWS:]
    labels = steps.drop_duplicates("criterion").set_index("criterion")["label"].reindex(kept).tolist()
    if len(rest):
        labels.append(language.text("{count} others", count=len(rest)))
    panels = []
    for row in accounts.itertuples():
        own, seen = table[row.account], is_known[row.account]
        values = [*known(own.reindex(kept)), *([float(own.reindex(rest).sum())] if len(rest) else [])]
        here = [*seen.reindex(kept), *([bool(seen.reindex(rest).all())] if len(rest) else [])]
        panels.append(_Panel(row.name, _say_money(row, language), row.score, np.array(values), np.array(here)))
    return labels, panels


def _say_money(row: object, language: Language) -> str:
    potential, chance = row.potential_per_year, row.win_probability
    if is_known(row.expected_value_per_year):
        return language.text("{potential} × {chance} = {expected} a year", potential=language.brief_money(potential),
                             chance=language.share(chance),
                             expected=language.brief_money(row.expected_value_per_year))
    if is_known(potential):
        return language.text("potential {potential} a year", potential=language.brief_money(potential))
    return language.text("potential not known")


def _find_limits(panels: list[_Panel], mean_score: float, width: float) -> tuple[float, float]:
    """Return the scores at the edges of a panel, with room for a number at the right and a gap to the next panel."""
    ends = np.concatenate([[mean_score], *(mean_score + np.cumsum(panel.steps) for panel in panels)])
    low, high = float(ends.min()), float(ends.max())
    unit = max(high - low, 0.05) / (width - _NUMBER - _GAP)
    return low - 0.03 * unit, low + max(high - low, 0.05) + (_NUMBER + _GAP - 0.03) * unit


def _draw_panel(
    axes: Axes, panel: _Panel, *, mean_score: float, limits: tuple[float, float], language: Language,
) -> None:
    hide_frame(axes)
    n_rows = len(panel.steps)
    axes.set_xlim(*limits)
    axes.set_ylim(n_rows + 1.5, -0.5 - _HEAD / _ROW)
    room = (axes.get_position().width * 9.0 - _GAP) * 72
    lines = wrap_text(panel.name, room, size=BODY, weight="bold", lines=2)
    above = -0.5 - _HEAD / _ROW
    for at, line in enumerate(reversed(lines)):
        axes.text(limits[0], above + (0.27 - 0.17 * at) / _ROW, line, fontsize=BODY, fontweight="bold", va="top")
    axes.text(limits[0], above + 0.48 / _ROW, fit_text(panel.money, room, size=SMALL), fontsize=SMALL, color=GREY,
              va="top")
    axes.plot([mean_score] * 2, [-0.3, n_rows + 1.3], color=LIGHT_GREY, linewidth=0.8)
    _draw_steps(axes, panel, mean_score=mean_score, language=language)


def _draw_steps(axes: Axes, panel: _Panel, *, mean_score: float, language: Language) -> None:
    ends = mean_score + np.cumsum(panel.steps)
    starts = ends - panel.steps
    gap = np.ptp(axes.get_xlim()) * 0.02
    axes.text(mean_score + gap, 0, language.number(mean_score, 2), fontsize=BODY, va="center_baseline")
    for at, (start, end, step) in enumerate(zip(starts, ends, panel.steps, strict=True), start=1):
        color = ACCENT if step > 0 else MID_GREY
        axes.barh(at, step, left=start, height=_BAR, color=color if panel.is_known[at - 1] else WHITE, edgecolor=color,
                  linewidth=0.8, gid="step")
        axes.plot([end, end], [at, at + 1], color=MID_GREY, linewidth=0.6)
        axes.text(max(start, end) + gap, at, _say_step(step, language), fontsize=SMALL, color=GREY,
                  va="center_baseline")
    last = len(panel.steps) + 1
    axes.plot([panel.score] * 2, [last - 0.42, last + 0.42], color=INK, linewidth=2.2)
    axes.text(panel.score + gap, last, language.number(panel.score, 2), fontsize=STRONG, fontweight="bold",
              va="center_baseline")


def _say_step(step: float, language: Language) -> str:
    written = language.number(abs(step), 2)
    if round(abs(step), 2) == 0:
        return written
    return f"+{written}" if step > 0 else f"−{written}"


def _draw_labels(figure: Figure, labels: list[str], *, foot: float, height: float, language: Language) -> None:
    axes = add_axes(figure, 0.1, foot, right=_LEFT, top=foot + height)
    hide_frame(axes)
    axes.set_xlim(0, _LEFT - 0.1)
    axes.set_ylim(len(labels) + 1.5, -0.5 - _HEAD / _ROW)
    words = [language.text("Mean of the portfolio"), *labels, language.text("Score of the account")]
    for at, word in enumerate(words):
        is_end = at in (0, len(words) - 1)
        axes.text(0, at, fit_text(word, (_LEFT - 0.3) * 72, weight="bold" if is_end else "normal"), fontsize=BODY,
                  fontweight="bold" if is_end else "normal", color=INK, va="center_baseline")
