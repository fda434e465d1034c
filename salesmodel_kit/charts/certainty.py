"""Strip of certainty: how often each account has which tier when weights change, and the close calls by name."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from salesmodel_kit.charts.layout import (
    add_axes,
    draw_grid,
    finish,
    hide_frame,
    known,
    make_figure,
    nice_ticks,
    require_rows,
    set_ticks,
)
from salesmodel_kit.charts.style import BODY, GREY, INK, SMALL, STRONG, TIER_LOOKS, WHITE, chart_style
from salesmodel_kit.charts.typeset import fit_text, measure_width
from salesmodel_kit.charts.words import tier_word
from salesmodel_kit.language import Language
from salesmodel_kit.tables import TIERS

#: Close calls that are named on the chart.
MOST_NAMED = 10
_LEFT, _RIGHT, _HIGH, _ROW = 0.75, 8.75, 2.2, 0.27
_NAMES, _WORDS = 2.55, 1.05
_COLUMNS, _FEW = 800, 60
#: The strip ends soon after the last account that has the last tier in a smaller share of the weightings.
_SURE = 0.9


@chart_style()
def draw_certainty(accounts: pd.DataFrame, close_calls: pd.DataFrame, *, language: Language) -> Figure:
    """Draw the share of weightings under which each account has each tier, and the close calls as bars.

    Parameters
    ----------
    accounts : pandas.DataFrame
        Step table ``robustness`` with ``score``; a row is an account. Accounts
        without a score are left out and counted. Of more than 800 accounts,
        neighbours are averaged.
    close_calls : pandas.DataFrame
        Rows of it to name, the most important first; the first ten are drawn.
    language : Language
        Words and numbers.

    Returns
    -------
    matplotlib.figure.Figure
        Axes of the strip (accounts across, best score first; share of the
        weightings up) and, where there are close calls, axes of their bars.

    Raises
    ------
    SalesModelError
        No account with a score.
    """
    tiers = [tier for tier in TIERS if f"{tier}_acceptability" in accounts]
    columns = [f"{tier}_acceptability" for tier in tiers]
    scored = accounts.dropna(subset=["score", *columns]).sort_values(["score", "account"], ascending=[False, True])
    require_rows(scored, "draw_certainty")
    named = close_calls.dropna(subset=columns).head(MOST_NAMED)
    shares = np.column_stack([known(scored[name]) for name in columns])
    n_drawn = _find_end(shares)
    below = 0.62 + len(named) * _ROW if len(named) else 0.0
    figure, foot = make_figure(
        _HIGH + 1.05 + below,
        notes=_notes(len(accounts) - len(scored), len(scored) - n_drawn, language.word("tier", tiers[-1]), language),
    )
    bottom = foot + below + 0.6
    strip = add_axes(figure, _LEFT, bottom, right=_RIGHT, top=bottom + _HIGH)
    _set_strip(strip, n_drawn, language)
    _draw_areas(strip, shares[:n_drawn], tiers)
    _name_areas(strip, shares[:n_drawn], tiers, language)
    _draw_cuts(strip, scored["tier"].head(n_drawn), tiers, language)
    if len(named):
        _draw_close_calls(figure, named, tiers=tiers, foot=foot, language=language)
    return finish(figure)


def _find_end(shares: np.ndarray) -> int:
    """Return how many accounts to draw: beyond them each has the last tier in nine of ten weightings."""
    if len(shares) <= _FEW:
        return len(shares)
    open_ones = np.flatnonzero(shares[:, -1] < _SURE)
    last = int(open_ones[-1]) + 1 if len(open_ones) else len(shares)
    return min(len(shares), int(np.ceil(last * 1.06)))


def _notes(n_unknown: int, n_beyond: int, last: str, language: Language) -> list[str]:
    notes = []
    if n_beyond:
        notes.append(language.text("Further right, each {tier} under at least 9 of 10 weightings: {count}.",
                                   count=language.number(n_beyond), tier=last))
    if n_unknown:
        notes.append(language.text("Not enough known for a tier: {count}.", count=language.number(n_unknown)))
    return notes


def _set_strip(axes: Axes, n_accounts: int, language: Language) -> None:
    axes.set_xlim(0, n_accounts)
    axes.set_ylim(0, 1)
    set_ticks(axes, "y", ticks=np.linspace(0, 1, 5), words=language.share)
    ticks = nice_ticks(n_accounts, count=8)
    set_ticks(axes, "x", ticks=ticks[ticks == np.round(ticks)], words=language.number)
    axes.set_xlabel(language.text("Number of accounts, best first"), labelpad=6)
    axes.set_ylabel(language.text("Share of the weightings"), labelpad=6)
    draw_grid(axes, "y")


def _draw_areas(axes: Axes, shares: np.ndarray, tiers: list[str]) -> None:
    edges = np.unique(np.linspace(0, len(shares), min(len(shares), _COLUMNS) + 1).round().astype(int))
    means = np.add.reduceat(shares, edges[:-1], axis=0) / np.diff(edges)[:, None]
    tops = np.hstack([np.zeros((len(means), 1)), np.cumsum(means, axis=1)])
    for number, tier in enumerate(tiers):
        axes.stairs(tops[:, number + 1], edges, baseline=tops[:, number], fill=True, facecolor=TIER_LOOKS[tier].fill,
                    linewidth=0, zorder=2, gid=f"area_{tier}")


def _name_areas(axes: Axes, shares: np.ndarray, tiers: list[str], language: Language) -> None:
    """Write the word of a tier into its area, where it is widest; a narrow area has no word."""
    ends = np.cumsum(shares, axis=1)
    for number, tier in enumerate(tiers):
        word = tier_word(tier, language)
        need = max(1, int(np.ceil(len(shares) * (measure_width(word, STRONG, "bold") + 8) / ((_RIGHT - _LEFT) * 72))))
        if need > len(shares):
            continue
        room = np.convolve(shares[:, number], np.ones(need) / need, mode="valid")
        widest = np.flatnonzero(room > room.max() - 1e-9)
        start = int(widest[len(widest) // 2])
        if room[start] * _HIGH * 72 < 1.8 * STRONG:
            continue
        rows = slice(start, start + need)
        height = float((ends[rows, number] - shares[rows, number] / 2).mean())
        axes.text(start + need / 2, height, word, ha="center", va="center_baseline", fontsize=STRONG,
                  fontweight="bold", color=INK if tier in _LIGHT else WHITE, zorder=6,
                  bbox={"boxstyle": "round,pad=0.15", "facecolor": TIER_LOOKS[tier].fill, "edgecolor": "none"})


_LIGHT = frozenset({"gold", "platinum", "silver"})


def _draw_cuts(axes: Axes, present: pd.Series, tiers: list[str], language: Language) -> None:
    """Draw where the tiers of today end, and say so above the strip."""
    ends = np.cumsum([int((present == tier).sum()) for tier in tiers])[:-1]
    left = -np.inf
    for tier, end in zip(tiers, ends, strict=False):
        if not 0 < end < len(present):
            continue
        axes.plot([end, end], [0, 1.04], color=INK, linewidth=1.1, zorder=5, clip_on=False, gid="cut")
        words = language.text("today's cut of {tier}", tier=language.word("tier", tier))
        half = measure_width(words, SMALL) / 2
        place = end / len(present) * (_RIGHT - _LEFT) * 72
        at = float(np.clip(place, half, (_RIGHT - _LEFT) * 72 - half))
        if at - half > left + 6:
            axes.annotate(words, (0, 1.04), xycoords="axes fraction", xytext=(at, 4), textcoords="offset points",
                          ha="center", va="bottom", fontsize=SMALL, color=GREY)
            left = at + half


def _draw_close_calls(
    figure: Figure, named: pd.DataFrame, *, tiers: list[str], foot: float, language: Language,
) -> None:
    """Draw one bar an account, cut by tier, with its name and its tier of today."""
    axes = add_axes(figure, _NAMES + _WORDS, foot + 0.05, right=_RIGHT, top=foot + 0.05 + len(named) * _ROW)
    hide_frame(axes)
    axes.set_xlim(0, 1)
    axes.set_ylim(len(named) - 0.5, -0.5)
    left, middle = -(_NAMES + _WORDS - 0.1) * 72, -_WORDS * 72
    _write(axes, language.text("Close calls, largest potential first"), 0, offset=(left, 35), weight="bold")
    _write(axes, language.text("today"), 0, offset=(middle, 18), color=GREY)
    _write(axes, language.text("when weights change"), 0, offset=(0, 18), color=GREY)
    for place, row in enumerate(named.itertuples()):
        _write(axes, fit_text(row.name, (_NAMES - 0.2) * 72), place, offset=(left, 0))
        if isinstance(row.tier, str):
            _write(axes, tier_word(row.tier, language), place, offset=(middle, 0))
        shares = [float(getattr(row, f"{tier}_acceptability")) for tier in tiers]
        _draw_bar(axes, place, dict(zip(tiers, shares, strict=True)), language)


def _draw_bar(axes: Axes, place: int, shares: dict[str, float], language: Language) -> None:
    width, left = (_RIGHT - _NAMES - _WORDS) * 72, 0.0
    for tier, share in shares.items():
        axes.barh(place, share, left=left, height=0.66, color=TIER_LOOKS[tier].fill, edgecolor=WHITE, linewidth=0.8,
                  gid=f"bar_{tier}")
        words = language.share(share)
        if share * width > measure_width(words, SMALL) + 6:
            axes.text(left + share / 2, place, words, ha="center", va="center_baseline", fontsize=SMALL,
                      color=INK if tier in _LIGHT else WHITE)
        left += share


def _write(
    axes: Axes, text: str, place: float, *, offset: tuple[float, float], weight: str = "normal", color: str = INK,
) -> None:
    axes.annotate(text, (0, place), xytext=offset, textcoords="offset points", ha="left", va="center_baseline",
                  fontsize=BODY, fontweight=weight, color=color, annotation_clip=False)
