"""Which accounts repay visits: contribution per contact against the way, with the break-even."""

from __future__ import annotations

from typing import Protocol

import numpy as np
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
from salesmodel_kit.charts.style import ACCENT, BODY, GREY, INK, MID_GREY, VECTOR_POINTS, WHITE, chart_style
from salesmodel_kit.charts.typeset import measure_width
from salesmodel_kit.language import Language

_LEFT, _RIGHT, _TOP = 1.05, 8.6, 4.1
#: Part of the accounts that the axes hold at least; the others lie beyond them and are counted.
_PART = 0.985


class Line(Protocol):
    """The break-even as the model gives it."""

    at_door: float
    per_km: float


@chart_style()
def draw_break_even(choice: pd.DataFrame, *, line: Line, language: Language) -> Figure:
    """Draw each account by its way and its contribution per contact, and the line above which a visit pays.

    Parameters
    ----------
    choice : pandas.DataFrame
        Step table ``channel_choice``; a row is an account. Accounts without a place or without a known
        contribution are counted in a note.
    line : BreakEven
        Contribution per contact at the door, and per kilometer.
    language : Language
        Words and numbers.

    Returns
    -------
    matplotlib.figure.Figure
        One axes: kilometers across, money per contact up, on a scale of powers of ten.

    Raises
    ------
    SalesModelError
        No account has a place and a known contribution.
    """
    rows = choice[choice["distance_km"].notna() & choice["contribution_per_year"].notna()]
    require_rows(rows, "draw_break_even")
    km = known(rows["distance_km"])
    value = known(rows["contribution_per_year"]) / known(rows["wanted_calls_per_year"])
    right = max(float(np.quantile(km, _PART)), 1.0) * 1.03
    low, high = _find_range(value, line, right)
    n_hidden = int(((km > right) | (value > high) | (value < low)).sum())
    figure, foot = make_figure(_TOP + 1.25, notes=_write_notes(len(choice) - len(rows), n_hidden, language))
    axes = add_axes(figure, _LEFT, foot + 0.6, right=_RIGHT, top=foot + 0.6 + _TOP)
    _set_axes(axes, right, (low, high), language)
    if len(rows) > VECTOR_POINTS:
        axes.set_rasterization_zorder(2.5)
    _draw_accounts(axes, rows, np.column_stack([km, value]))
    way = np.linspace(0, right, 100)
    threshold = np.maximum(line.at_door + line.per_km * way, low)
    axes.plot(way, threshold, color=INK, linewidth=1.8, zorder=4, gid="break_even")
    _draw_key(axes, language)
    return finish(figure)


def _find_range(value: np.ndarray, line: Line, right: float) -> tuple[float, float]:
    """Return powers of ten, or halves of them, between which nearly all accounts and the line lie."""
    above = np.concatenate([value[value > 0], [max(line.at_door, 1.0), max(line.at_door + line.per_km * right, 1.0)]])
    low, high = np.quantile(above, [1 - _PART, 1.0])
    return 10 ** (np.floor(np.log10(low) * 2) / 2), 10 ** (np.ceil(np.log10(high * 1.05) * 2) / 2)


def _write_notes(n_left_out: int, n_hidden: int, language: Language) -> list[str]:
    notes = []
    if n_left_out:
        notes.append(language.text("Accounts not drawn, place or margin not known: {count}.",
                                   count=language.number(n_left_out)))
    if n_hidden:
        notes.append(language.text("Accounts beyond the edges of the picture: {count}.",
                                   count=language.number(n_hidden)))
    return notes


def _set_axes(axes: Axes, right: float, limits: tuple[float, float], language: Language) -> None:
    axes.set_yscale("log")
    axes.set_xlim(0, right)
    axes.set_ylim(*limits)
    for which in ("x", "y"):
        draw_grid(axes, which)
        axes.spines["left" if which == "y" else "bottom"].set_visible(True)
    set_ticks(axes, "x", ticks=nice_ticks(right, count=8), words=language.number)
    powers = 10.0 ** np.arange(np.ceil(np.log10(limits[0]) - 1e-9), np.floor(np.log10(limits[1]) + 1e-9) + 1)
    set_ticks(axes, "y", ticks=powers, words=language.brief_money)
    axes.set_xlabel(language.text("Way to the nearest field rep, km by road"), labelpad=6)
    axes.set_ylabel(language.text("Margin per planned contact"), labelpad=6)


def _draw_accounts(axes: Axes, rows: pd.DataFrame, points: np.ndarray) -> None:
    pays, is_field = (rows["advised_channel"] == "field").to_numpy(), (rows["wanted_channel"] == "field").to_numpy()
    size = float(np.clip(34 - 6 * np.log10(max(len(rows), 1)), 9, 30))
    looks = ((~pays & ~is_field, WHITE, MID_GREY, "inside_inside"), (pays & is_field, ACCENT, ACCENT, "field_field"),
             (pays & ~is_field, WHITE, ACCENT, "field_inside"), (~pays & is_field, MID_GREY, GREY, "inside_field"))
    for position, (mask, fill, edge, name) in enumerate(looks):
        axes.scatter(points[mask, 0], points[mask, 1], s=size, c=fill, edgecolors=edge, linewidths=0.9, alpha=0.85,
                     zorder=2 + 0.1 * position, gid=name)


def _draw_key(axes: Axes, language: Language) -> None:
    """Draw what the marks mean, in two lines above the map."""
    entries = ((WHITE, ACCENT, language.text("norm: phone; visits would pay")),
               (ACCENT, ACCENT, language.text("norm: visits; they pay")),
               (MID_GREY, GREY, language.text("norm: visits; the phone is enough")),
               (WHITE, MID_GREY, language.text("norm: phone; it is enough")))
    width, height = (_RIGHT - _LEFT) * 72, _TOP * 72
    second = 4.0 + 9 + max(measure_width(word) for _, _, word in entries[:2]) + 24
    for position, (fill, edge, word) in enumerate(entries):
        left, top = second if position in (2, 3) else 4.0, 30.0 if position in (1, 2) else 14.0
        axes.plot(left / width, 1 + top / height, marker="o", markersize=6, color=fill, markeredgecolor=edge,
                  transform=axes.transAxes, clip_on=False, linestyle="none")
        axes.annotate(word, (0, 1), xycoords="axes fraction", xytext=(left + 9, top), textcoords="offset points",
                      va="center_baseline", fontsize=BODY)
    word = language.text("break-even: above it a visit pays")
    left = width - measure_width(word)
    axes.plot([(left - 26) / width, (left - 6) / width], [1 + 14 / height] * 2, color=INK, linewidth=1.8,
              transform=axes.transAxes, clip_on=False)
    axes.annotate(word, (0, 1), xycoords="axes fraction", xytext=(left, 14), textcoords="offset points",
                  va="center_baseline", fontsize=BODY)
