"""Load of each rep against capacity, role by role."""

from __future__ import annotations

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
from salesmodel_kit.charts.style import ACCENT, BODY, GREY, INK, MID_GREY, SMALL, STRONG, chart_style
from salesmodel_kit.charts.typeset import fit_text, wrap_text
from salesmodel_kit.charts.words import role_word
from salesmodel_kit.language import Language
from salesmodel_kit.tables import ROLES

MOST_REPS = 60
_N_EXTREMES = 20
_LEFT, _RIGHT = 2.35, 6.95


@chart_style()
def draw_rep_loads(rep_summary: pd.DataFrame, *, language: Language) -> Figure:
    """Draw the planned hours of each rep as a bar and the hours the rep has as a tick.

    Parameters
    ----------
    rep_summary : pandas.DataFrame
        Step table ``rep_summary``; a row is a rep. Without selling hours there
        is no tick. Of more than 60 reps, the 20 with the highest and the 20
        with the lowest load are drawn, and the others counted.
    language : Language
        Words and numbers.

    Returns
    -------
    matplotlib.figure.Figure
        One axes, hours per year across; hours beyond capacity in the accent
        colour; load and number of accounts in columns at the right.

    Raises
    ------
    SalesModelError
        No rep at all.
    """
    require_rows(rep_summary, "draw_rep_loads")
    shown = _choose(rep_summary)
    places = _places(shown)
    row = 0.27 if len(shown) <= 30 else 0.19
    height = (places[-1] + 1.0) * row
    figure, foot = make_figure(height + 1.0, notes=_notes(rep_summary, len(shown), language))
    axes = add_axes(figure, _LEFT, foot + 0.55, right=_RIGHT, top=foot + 0.55 + height)
    _set_axes(axes, shown, places=places, language=language)
    _draw_bars(axes, shown, places)
    _draw_names(axes, shown, places=places, language=language)
    _draw_columns(axes, shown, places=places, language=language)
    return finish(figure)


def _choose(reps: pd.DataFrame) -> pd.DataFrame:
    """Return the reps to draw, role by role, highest load first; a load that is missing comes last."""
    role_order = reps["role"].map({role: position for position, role in enumerate(ROLES)}).astype("float64")
    ordered = reps.assign(role_order=role_order).sort_values("load", ascending=False, kind="stable")
    if len(ordered) > MOST_REPS:
        ordered = pd.concat([ordered.head(_N_EXTREMES), ordered.tail(_N_EXTREMES)])
    return ordered.sort_values("role_order", kind="stable").reset_index(drop=True)


def _places(shown: pd.DataFrame) -> np.ndarray:
    """Return a row for each rep, with room for a heading above each role."""
    is_first = (shown["role"] != shown["role"].shift()).to_numpy(dtype=bool, na_value=True)
    return np.arange(len(shown)) + 1.35 * np.cumsum(is_first) - 0.35


def _notes(reps: pd.DataFrame, n_shown: int, language: Language) -> list[str]:
    is_over = bool((reps["hours_per_year"] > reps["selling_hours_per_year"] + 1e-9).fillna(False).any())
    notes = [language.text("Upright tick: hours that the rep has. Blue: hours planned beyond them.") if is_over
             else language.text("Upright tick: hours that the rep has.")]
    n_without = int(reps["selling_hours_per_year"].isna().sum())
    if n_without:
        notes.append(language.text("Reps whose selling hours are not known: {count}.",
                                   count=language.number(n_without)))
    if n_shown < len(reps):
        notes.append(language.text("Drawn: the {shown} reps with the highest and the lowest load, of {total}.",
                                   shown=language.number(n_shown), total=language.number(len(reps))))
    return notes


def _set_axes(axes: Axes, shown: pd.DataFrame, *, places: np.ndarray, language: Language) -> None:
    hours = np.concatenate([known(shown["hours_per_year"]), known(shown["selling_hours_per_year"]), [1.0]])
    axes.set_xlim(0, float(np.nanmax(hours)) * 1.04)
    axes.set_ylim(places[-1] + 0.6, -0.4)
    draw_grid(axes, "x")
    set_ticks(axes, "x", ticks=nice_ticks(axes.get_xlim()[1]), words=language.number)
    set_ticks(axes, "y", ticks=(), words=str)
    axes.set_xlabel(language.text("Hours per year"), labelpad=6)


def _draw_bars(axes: Axes, shown: pd.DataFrame, places: np.ndarray) -> None:
    hours, capacity = known(shown["hours_per_year"]), known(shown["selling_hours_per_year"])
    within = np.fmin(np.nan_to_num(hours), capacity)
    beyond = np.nan_to_num(hours) - within
    axes.barh(places, within, height=0.56, color=MID_GREY, linewidth=0, gid="within")
    over = np.flatnonzero(beyond > 1e-9)
    axes.barh(places[over], beyond[over], left=within[over], height=0.56, color=ACCENT, linewidth=0, gid="beyond")
    ticks = np.flatnonzero(~np.isnan(capacity))
    axes.vlines(capacity[ticks], places[ticks] - 0.42, places[ticks] + 0.42, color=INK, linewidth=1.6, zorder=5,
                gid="capacity")


def _draw_names(axes: Axes, shown: pd.DataFrame, *, places: np.ndarray, language: Language) -> None:
    size = BODY if len(shown) <= 30 else SMALL - 0.5
    is_first = (shown["role"] != shown["role"].shift()).to_numpy(dtype=bool, na_value=True)
    for row, place, begins in zip(shown.itertuples(), places, is_first, strict=True):
        if begins:
            _write(axes, role_word(row.role, language), (0, place - 1.0), offset=(-(_LEFT - 0.1) * 72, 0), size=STRONG,
                   alignment="left bold")
        name = fit_text(row.name, (_LEFT - 0.3) * 72, size=size)
        _write(axes, name, (0, place), offset=(-(_LEFT - 0.2) * 72, 0), size=size)


def _draw_columns(axes: Axes, shown: pd.DataFrame, *, places: np.ndarray, language: Language) -> None:
    size = BODY if len(shown) <= 30 else SMALL - 0.5
    columns = [(0.55, language.text("Load"), [language.share(load) for load in known(shown["load"])]),
               (1.22, language.text("Accounts planned"), _counts(shown["n_accounts"], language))]
    if shown["n_present_accounts"].notna().any():
        columns.append((1.9, language.text("Accounts today"), _counts(shown["n_present_accounts"], language)))
    over = (shown["load"] > 1).to_numpy(dtype=bool, na_value=False)
    for across, head, words in columns:
        for position, line in enumerate(reversed(wrap_text(head, 46, size=SMALL))):
            _write(axes, line, (1, -0.4), offset=(across * 72, 7 + 11 * position), size=SMALL, alignment="right")
        for place, word, is_over in zip(places, words, over, strict=True):
            _write(axes, word, (1, place), offset=(across * 72, 0), size=size,
                   alignment="right bold" if is_over and across < 1 else "right")


def _counts(counts: pd.Series, language: Language) -> list[str]:
    return [language.number(count) for count in known(counts)]


def _write(
    axes: Axes, text: str, place: tuple[float, float], *, offset: tuple[float, float], size: float,
    alignment: str = "left",
) -> None:
    axes.annotate(text, place, xycoords=axes.get_yaxis_transform(), xytext=offset, textcoords="offset points",
                  ha=alignment.split()[0], va="center_baseline", fontsize=size, annotation_clip=False,
                  fontweight="bold" if "bold" in alignment else "normal", color=GREY if offset[1] else INK)
