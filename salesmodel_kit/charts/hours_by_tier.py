"""Hours now and recommended by tier, beside the tier's share of the potential."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from salesmodel_kit.charts.layout import add_axes, draw_grid, finish, known, make_figure, require_rows, set_ticks
from salesmodel_kit.charts.style import ACCENT, BODY, GREY, INK, LIGHT_GREY, SMALL, STRONG, TIER_LOOKS, chart_style
from salesmodel_kit.charts.typeset import measure_width
from salesmodel_kit.charts.words import tier_word
from salesmodel_kit.language import Language

_LEFT, _RIGHT = 1.95, 7.4
_ROW = 0.95
#: Place of the tier's mark, in widths of the axes.
_MARK = -124 / ((_RIGHT - _LEFT) * 72)
_SHARES = ("present_hours_share", "recommended_hours_share", "potential_share")


@chart_style()
def draw_hours_by_tier(tier_summary: pd.DataFrame, *, language: Language) -> Figure:
    """Draw the share of hours that each tier gets now and should get, and mark its share of the potential.

    Parameters
    ----------
    tier_summary : pandas.DataFrame
        Step table ``tier_summary``; a row is a tier. Where no present hours
        are known, the recommended hours stand alone.
    language : Language
        Words and numbers.

    Returns
    -------
    matplotlib.figure.Figure
        One axes, shares across; hours are written at the ends of the bars.

    Raises
    ------
    SalesModelError
        No tier has hours.
    """
    rows = tier_summary[tier_summary["present_hours_share"].notna() | tier_summary["recommended_hours_share"].notna()]
    require_rows(rows, "draw_hours_by_tier")
    has_present, has_potential = (bool(rows[name].notna().any()) for name in ("present_hours_share", "potential_share"))
    figure, foot = make_figure(1.12 + _ROW * len(rows))
    axes = add_axes(figure, _LEFT, foot + 0.6, right=_RIGHT, top=foot + 0.6 + _ROW * len(rows))
    _set_axes(axes, rows, has_potential=has_potential, language=language)
    _draw_bars(axes, rows, "present", place=-0.19, language=language)
    _draw_bars(axes, rows, "recommended", place=0.19 if has_present else 0.0, language=language)
    _draw_potential(axes, known(rows["potential_share"]), language)
    _draw_key(axes, has_present=has_present, has_potential=has_potential, language=language)
    return finish(figure)


def _set_axes(axes: Axes, rows: pd.DataFrame, *, has_potential: bool, language: Language) -> None:
    longest = float(np.nanmax(np.concatenate([known(rows[column]) for column in _SHARES]), initial=0.0))
    top = min(1.0, max(0.2, np.ceil(longest * 10 + 0.2) / 10))
    axes.set_xlim(0, top)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    draw_grid(axes, "x")
    set_ticks(axes, "x", ticks=np.arange(0, top + 0.01, 0.1), words=language.share)
    set_ticks(axes, "y", ticks=(), words=str)
    both, alone = language.text("Share of all hours, and of the potential"), language.text("Share of all hours")
    axes.set_xlabel(both if has_potential else alone, labelpad=6)
    for position, row in enumerate(rows.itertuples()):
        look = TIER_LOOKS[row.tier]
        axes.annotate(tier_word(row.tier, language), (0, position), xytext=(-112, 6), textcoords="offset points",
                      va="center_baseline", fontsize=STRONG, fontweight="bold", annotation_clip=False)
        one, many = language.text("{accounts} account"), language.text("{accounts} accounts")
        count = language.plural(row.n_accounts, one, many).format(accounts=language.number(row.n_accounts))
        axes.annotate(count, (0, position), xytext=(-112, -7), textcoords="offset points", va="center_baseline",
                      fontsize=SMALL, color=GREY, annotation_clip=False)
        axes.plot(_MARK, position, marker=look.marker, markersize=9, color=look.fill, markeredgecolor=look.edge,
                  transform=axes.get_yaxis_transform(), clip_on=False, linestyle="none")


def _draw_bars(axes: Axes, rows: pd.DataFrame, which: str, *, place: float, language: Language) -> None:
    shares, hours = known(rows[f"{which}_hours_share"]), known(rows[f"{which}_hours_per_year"])
    is_known = np.flatnonzero(~np.isnan(shares))
    fill = ACCENT if which == "recommended" else LIGHT_GREY
    axes.barh(is_known + place, shares[is_known], height=0.32, color=fill, linewidth=0, gid=which)
    for row in is_known:
        words = f"{language.share(shares[row])} · {language.hours(hours[row])}"
        start = _beside(axes, shares[row], float(rows["potential_share"].iloc[row]), width=measure_width(words))
        axes.annotate(words, (start, row + place), xytext=(6, 0), textcoords="offset points", va="center_baseline",
                      fontsize=BODY, color=INK if which == "recommended" else GREY, annotation_clip=False)


def _beside(axes: Axes, end: float, mark: float, *, width: float) -> float:
    """Return where a label of some width in points begins: at the bar's end, or past the mark that it would cross."""
    points_per_share = (_RIGHT - _LEFT) * 72 / axes.get_xlim()[1]
    is_crossed = -2 < (mark - end) * points_per_share < width + 10
    return mark if is_crossed else end


def _draw_potential(axes: Axes, shares: np.ndarray, language: Language) -> None:
    for row in np.flatnonzero(~np.isnan(shares)):
        axes.plot([shares[row], shares[row]], [row - 0.38, row + 0.38], color=INK, linewidth=1.8, zorder=7,
                  solid_capstyle="butt", gid="potential_share", clip_on=False)
        axes.annotate(language.share(shares[row]), (shares[row], row - 0.38), xytext=(0, 1), ha="center", va="bottom",
                      textcoords="offset points", fontsize=SMALL, annotation_clip=False)


def _draw_key(axes: Axes, *, has_present: bool, has_potential: bool, language: Language) -> None:
    """Draw the key in one line above the bars."""
    entries = [(ACCENT, language.text("Hours recommended"))]
    if has_potential:
        entries.append((INK, language.text("Share of the potential")))
    if has_present:
        entries.insert(0, (LIGHT_GREY, language.text("Hours now")))
    left = 0.0
    for colour, word in entries:
        place = {"xycoords": "axes fraction", "textcoords": "offset points", "va": "center_baseline"}
        axes.annotate("|" if colour == INK else "■", (0, 1), xytext=(left, 22), color=colour, fontsize=STRONG + 2,
                      fontweight="bold", **place)
        axes.annotate(word, (0, 1), xytext=(left + 14, 22), fontsize=BODY, **place)
        left += 14 + measure_width(word) + 22
