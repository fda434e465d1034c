"""Accounts on the map of development potential and chance to win."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from salesmodel_kit.charts.labels import Label, draw_labels, to_points
from salesmodel_kit.charts.layout import add_axes, draw_grid, finish, known, make_figure, require_rows, set_ticks
from salesmodel_kit.charts.style import BODY, GREY, INK, SMALL, TIER_LOOKS, VECTOR_POINTS, chart_style
from salesmodel_kit.charts.typeset import fit_text, measure_width
from salesmodel_kit.charts.words import tier_word
from salesmodel_kit.language import Language
from salesmodel_kit.tables import TIERS

N_NAMED = 10
_LARGEST_RADIUS, _SMALLEST_RADIUS = 17.0, 1.3
_MAP_RIGHT, _LIST_LEFT = 6.2, 6.5
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


@chart_style()
def draw_value_map(account_scores: pd.DataFrame, account_tiers: pd.DataFrame, *, language: Language) -> Figure:
    """Draw each account by chance to win and development potential; area = potential per year, look = tier.

    Parameters
    ----------
    account_scores : pandas.DataFrame
        Step table ``account_scores``; a row is an account. Without one of
        the two scores it is counted under the chart; without a potential it
        has the smallest mark.
    account_tiers : pandas.DataFrame
        Step table ``account_tiers``: the tier of each account.
    language : Language
        Words and numbers.

    Returns
    -------
    matplotlib.figure.Figure
        One axes, both scores 0-1; one collection of points for each tier. The
        ten accounts that rank best by value carry their rank, and a list
        beside the map names them.

    Raises
    ------
    SalesModelError
        No account at all.
    """
    require_rows(account_scores, "draw_value_map")
    points = account_scores.merge(account_tiers[["account", "tier"]], on="account", how="left", validate="1:1")
    points["tier"] = points["tier"].astype("object").where(points["tier"].notna(), "unknown")
    is_placed = points["win_score"].notna() & points["potential_score"].notna()
    placed = points[is_placed].sort_values("potential_per_year", ascending=False, kind="stable")
    figure, foot = make_figure(6.5, notes=_notes(placed, len(points) - len(placed), language))
    axes = add_axes(figure, 0.75, foot + 0.6, right=_MAP_RIGHT, top=foot + 6.05)
    _set_axes(axes, language)
    radii = _radii(known(placed["potential_per_year"]))
    _draw_tiers(axes, placed, radii)
    _draw_key(axes, placed, language)
    _draw_named(axes, placed, radii, language)
    return finish(figure)


def _notes(placed: pd.DataFrame, n_missing: int, language: Language) -> list[str]:
    n_without = int(placed["potential_per_year"].isna().sum())
    notes = [language.text("Numbers: rank by value.")]
    if n_without < len(placed):
        notes = [language.text("Area of a mark: potential per year. Numbers: rank by value.")]
    if 0 < n_without < len(placed):
        notes.append(language.text("Accounts whose potential is not known, drawn small: {count}.",
                                   count=language.number(n_without)))
    if n_missing:
        notes.append(language.text("Accounts not placed, not enough known: {count}.", count=language.number(n_missing)))
    return notes


def _set_axes(axes: Axes, language: Language) -> None:
    axes.set_xlim(-0.04, 1.04)
    axes.set_ylim(-0.04, 1.04)
    for which in ("x", "y"):
        draw_grid(axes, which)
        set_ticks(axes, which, ticks=_TICKS, words=lambda score: language.number(score, 2))
        axes.spines["left" if which == "y" else "bottom"].set_visible(False)
    axes.set_xlabel(language.text("Chance to win (score from 0 to 1)"), labelpad=6)
    axes.set_ylabel(language.text("Development potential (score from 0 to 1)"), labelpad=6)


def _radii(potentials: np.ndarray) -> np.ndarray:
    """Return radii in points: area proportional to the potential, smaller where there are many."""
    largest = np.nanmax(potentials, initial=0.0)
    top = _LARGEST_RADIUS * (1 - 0.1 * np.log10(max(len(potentials), 1)))
    radii = top * np.sqrt(np.nan_to_num(potentials) / largest) if largest > 0 else np.zeros(len(potentials))
    return np.maximum(radii, _SMALLEST_RADIUS)


def _draw_tiers(axes: Axes, placed: pd.DataFrame, radii: np.ndarray) -> None:
    opacity = float(np.clip(1.5 - 0.28 * np.log10(max(len(placed), 1)), 0.35, 0.9))
    if len(placed) > VECTOR_POINTS:
        axes.set_rasterization_zorder(2.5)
    across, up = known(placed["win_score"]), known(placed["potential_score"])
    for position, tier in enumerate(("unknown", *reversed(TIERS))):
        rows = (placed["tier"] == tier).to_numpy()
        look = TIER_LOOKS[tier]
        axes.scatter(across[rows], up[rows], s=(2 * radii[rows]) ** 2, marker=look.marker, c=look.fill,
                     edgecolors=look.edge, linewidths=0.5, alpha=opacity, zorder=2 + 0.1 * position, gid=tier)


def _draw_key(axes: Axes, placed: pd.DataFrame, language: Language) -> None:
    """Draw the tiers' marks with word and count above the map."""
    left, top = 4.0, 16.0
    for tier, count in placed["tier"].value_counts().reindex([*TIERS, "unknown"]).dropna().items():
        look = TIER_LOOKS[tier]
        place = (left / ((_MAP_RIGHT - 0.75) * 72), 1 + top / (5.45 * 72))
        axes.plot(*place, marker=look.marker, color=look.fill, markeredgecolor=look.edge, markersize=8,
                  transform=axes.transAxes, clip_on=False, linestyle="none", zorder=5)
        word, number = tier_word(tier, language), language.number(count)
        axes.annotate(word, (0, 1), xycoords="axes fraction", xytext=(left + 9, top), textcoords="offset points",
                      va="center_baseline", fontsize=BODY, color=INK)
        start = left + 9 + measure_width(word) + 4
        axes.annotate(number, (0, 1), xycoords="axes fraction", xytext=(start, top), textcoords="offset points",
                      va="center_baseline", fontsize=SMALL, color=GREY)
        left = start + measure_width(number, SMALL) + 22


def _draw_named(axes: Axes, placed: pd.DataFrame, radii: np.ndarray, language: Language) -> None:
    """Put the rank beside the marks that rank best, and list their names."""
    ranks = known(placed["rank_by_value"])
    best = np.argsort(np.nan_to_num(ranks, nan=np.inf), kind="stable")[:N_NAMED]
    best = best[np.isfinite(ranks[best])]
    named = placed.iloc[best]
    for row, radius in sorted(zip(named.itertuples(), radii[best], strict=True), key=lambda pair: -pair[1]):
        look = TIER_LOOKS[row.tier]
        axes.scatter(row.win_score, row.potential_score, s=(2 * radius) ** 2, marker=look.marker, c=look.fill,
                     edgecolors=INK, linewidths=1.1, zorder=4, gid="named")
    labels = [Label((language.number(row.rank_by_value),), (row.win_score, row.potential_score), float(radius))
              for row, radius in zip(named.itertuples(), radii[best], strict=True)]
    points = to_points(axes, placed[["win_score", "potential_score"]].to_numpy(float))
    draw_labels(axes, labels, obstacles=np.column_stack([points, radii]), halo=0.8)
    _draw_list(axes, named, language)


def _draw_list(axes: Axes, named: pd.DataFrame, language: Language) -> None:
    if named.empty:
        return
    left, top = (_LIST_LEFT - 0.75) * 72, 16.0
    place = {"xycoords": "axes fraction", "textcoords": "offset points", "va": "center_baseline"}
    axes.annotate(language.text("Highest value, potential per year"), (0, 1), xytext=(left, top), fontsize=BODY,
                  fontweight="bold", **place)
    for row in named.itertuples():
        top -= 34.0
        axes.annotate(language.number(row.rank_by_value), (0, 1), xytext=(left + 12, top + 10), ha="right",
                      fontsize=BODY, fontweight="bold", **place)
        axes.annotate(fit_text(row.name, 160), (0, 1), xytext=(left + 18, top + 10), fontsize=BODY, **place)
        axes.annotate(language.brief_money(row.potential_per_year), (0, 1), xytext=(left + 18, top - 2),
                      fontsize=SMALL, color=GREY, **place)
