"""What the group thinks: every vote as a dot without a name, the middle half, the group's weight."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from salesmodel_kit.charts.layout import (
    add_axes,
    draw_grid,
    finish,
    hide_frame,
    make_figure,
    nice_ticks,
    require_rows,
    set_ticks,
)
from salesmodel_kit.charts.style import (
    ACCENT,
    BODY,
    GREY,
    INK,
    LIGHT_GREY,
    MID_GREY,
    PALE_ACCENT,
    SMALL,
    STRONG,
    WHITE,
    chart_style,
)
from salesmodel_kit.charts.typeset import fit_text
from salesmodel_kit.charts.words import axis_word
from salesmodel_kit.language import Language

_LEFT, _RIGHT, _GAP = 3.05, 8.85, 0.25
_ROW, _HEAD, _FOOT = 0.27, 0.34, 0.5
#: Dots that would cover one another move off the line by this part of a row, at most so far.
_STEP, _REACH = 0.13, 0.36
#: Sets of weights that fit side by side.
N_SETS = 3


@dataclass(frozen=True)
class _Rows:
    """Where each criterion stands, in inches from the top."""

    places: pd.Series
    heads: dict[str, float]
    height: float


@chart_style()
def draw_group_weights(weight_votes: pd.DataFrame, group_weights: pd.DataFrame, *, language: Language) -> Figure:
    """Draw each participant's weights, their middle half, the group's weight and the declared one.

    Parameters
    ----------
    weight_votes : pandas.DataFrame
        Step table ``weight_votes``; a row is a dot.
    group_weights : pandas.DataFrame
        Step table ``group_weights``; a row is a criterion of a set of weights.
    language : Language
        Words and numbers.

    Returns
    -------
    matplotlib.figure.Figure
        One axes for each set of weights, at most three, on one scale; criteria are rows,
        grouped by axis, those to be talked about in the accent colour.

    Raises
    ------
    SalesModelError
        No criterion at all.
    """
    require_rows(group_weights, "draw_group_weights")
    sets = list(group_weights["weight_set"].unique())[:N_SETS]
    rows = _arrange(group_weights)
    figure, foot = make_figure(rows.height + _FOOT, notes=_notes(group_weights, language))
    top = foot + _FOOT + rows.height
    labels = add_axes(figure, 0, foot + _FOOT, right=9, top=top)
    _draw_labels(labels, rows, group_weights, language=language)
    ticks = nice_ticks(float(weight_votes["weight"].max()), count=7 if len(sets) == 1 else 4)
    width = (_RIGHT - _LEFT - _GAP * (len(sets) - 1)) / len(sets)
    for at, name in enumerate(sets):
        left = _LEFT + at * (width + _GAP)
        axes = add_axes(figure, left, foot + _FOOT, right=left + width, top=top)
        axes.set_ylim(rows.height, 0)
        axes.set_xlim(0, max(float(weight_votes["weight"].max()), float(ticks[-1])) * 1.03)
        axes.yaxis.set_visible(False)
        axes.spines["left"].set_visible(False)
        set_ticks(axes, "x", ticks=ticks, words=language.share)
        draw_grid(axes, "x")
        if len(sets) > 1:
            shown = language.text("Votes of the group") if pd.isna(name) else name
            axes.text(0, min(rows.heads.values()), fit_text(shown, width * 72, size=STRONG, weight="bold"),
                      fontsize=STRONG, fontweight="bold", va="center_baseline")
        _draw_set(axes, rows, _of_set(weight_votes, name), _of_set(group_weights, name))
    axes.set_xlabel(language.text("Weight within its axis"))
    return finish(figure)


def _of_set(table: pd.DataFrame, name: object) -> pd.DataFrame:
    return table[table["weight_set"].isna() if pd.isna(name) else table["weight_set"] == name]


def _notes(group_weights: pd.DataFrame, language: Language) -> list[str]:
    notes = [language.text(
        "Dot: one participant, without a name. Pale band: the middle half of the votes. Blue mark: the group's weight. "
        "Open ring: the declared weight. Blue name: to be talked about, because the band is wider than half of an "
        "equal share of the axis.")]
    n_more = group_weights["weight_set"].nunique(dropna=False) - N_SETS
    if n_more > 0:
        notes.append(language.text("Sets of weights not drawn: {count}.", count=language.number(n_more)))
    return notes


def _arrange(group_weights: pd.DataFrame) -> _Rows:
    places, heads, at = {}, {}, 0.0
    known = group_weights.drop_duplicates(["axis", "criterion"])
    for axis, criteria in known.groupby("axis", sort=False):
        at += _HEAD
        heads[axis] = at - _HEAD / 2 + 0.03
        for criterion in criteria["criterion"]:
            places[axis, criterion] = at + _ROW / 2
            at += _ROW
    return _Rows(pd.Series(places), heads, at + 0.08)


def _find_places(rows: _Rows, table: pd.DataFrame) -> np.ndarray:
    return rows.places.reindex(pd.MultiIndex.from_frame(table[["axis", "criterion"]])).to_numpy(float)


def _draw_labels(axes: Axes, rows: _Rows, group_weights: pd.DataFrame, *, language: Language) -> None:
    hide_frame(axes)
    axes.set_xlim(0, 9)
    axes.set_ylim(rows.height, 0)
    for axis, place in rows.heads.items():
        axes.text(0.1, place, axis_word(axis, language), fontsize=STRONG, fontweight="bold", va="center_baseline")
    known = group_weights.groupby(["axis", "criterion"], sort=False).agg(
        label=("label", "first"), to_discuss=("to_discuss", "any"))
    for (axis, criterion), label, to_discuss in known.itertuples():
        weight = "bold" if to_discuss else "normal"
        axes.text(0.1, rows.places[axis, criterion], fit_text(label, (_LEFT - 0.3) * 72, weight=weight),
                  va="center_baseline", fontsize=BODY, fontweight=weight, color=ACCENT if to_discuss else INK)


def _draw_set(axes: Axes, rows: _Rows, votes: pd.DataFrame, group: pd.DataFrame) -> None:
    places = _find_places(rows, group)
    axes.hlines(places, 0, axes.get_xlim()[1], color=LIGHT_GREY, linewidth=0.5, zorder=1)
    axes.barh(places, group["quartile_range"], left=group["low_quartile"], height=_ROW * 0.72, color=PALE_ACCENT,
              linewidth=0, zorder=2, gid="middle-half")
    dots = axes.scatter(votes["weight"], _find_places(rows, votes) + _spread(votes, axes.get_xlim()[1]), s=15,
                        color=GREY, alpha=0.75, linewidths=0, zorder=3)
    dots.set_gid("vote")
    declared = axes.scatter(group["declared_weight"], places, s=44, facecolors=WHITE, edgecolors=MID_GREY,
                            linewidths=1.2, zorder=2.5)
    declared.set_gid("declared")
    axes.vlines(group["group_weight"], places - _ROW * 0.42, places + _ROW * 0.42, color=ACCENT, linewidth=2.6,
                zorder=4, gid="group")


def _spread(votes: pd.DataFrame, width: float) -> np.ndarray:
    """Return how far each dot moves off its line so that dots of nearly the same weight are seen apart."""
    bins = (votes["weight"] / width * (SMALL * 8)).round()
    turn = votes.groupby([votes["axis"], votes["criterion"], bins]).cumcount().to_numpy()
    signed = np.where(turn % 2 == 1, 1, -1) * ((turn + 1) // 2) * _STEP
    return (((signed + _REACH) % (2 * _REACH)) - _REACH) * _ROW
