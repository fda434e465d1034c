"""Market segments on the matrix of attractiveness and competitive strength."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.path import Path
from matplotlib.text import Text

from salesmodel_kit.charts.labels import Label, draw_labels, text_boxes, to_points
from salesmodel_kit.charts.layout import add_axes, finish, known, make_figure, name_some, require_rows, set_ticks
from salesmodel_kit.charts.matrix_moves import draw_ellipses, draw_moves, list_ellipses, list_moves
from salesmodel_kit.charts.style import (
    ACCENT,
    GREY,
    PALE_ACCENT,
    STRONG,
    WHITE,
    chart_style,
)
from salesmodel_kit.charts.typeset import wrap_text
from salesmodel_kit.charts.words import posture_word
from salesmodel_kit.language import Language

MOST_LABELS = 12
_THIRDS = (0.0, 1 / 3, 2 / 3, 1.0)
_POSTURE_OF_SUM = ("harvest", "harvest", "select", "invest", "invest")
_GROUND = {"invest": PALE_ACCENT, "select": "#f1f3f5", "harvest": WHITE}
#: Fill of a bubble: the postures differ in lightness, so that they do in grey too.
_FILL = {"invest": "#93bad6", "select": "#9fa8b2", "harvest": "#dfe3e7"}
_WORD_PLACES = (("invest", 2, 2), ("select", 0, 2), ("select", 2, 0), ("harvest", 0, 0))
#: A bubble lets the slice of a larger one under it shine through.
_OPACITY = 0.75
_LARGEST_RADIUS, _SMALLEST_RADIUS = 34.0, 2.5


@chart_style()
def draw_portfolio_matrix(
    segment_scores: pd.DataFrame, dispersion: pd.DataFrame | None = None, *, language: Language,
) -> Figure:
    """Draw the GE-McKinsey matrix: one bubble a segment, area = size of the market, slice = our share.

    Parameters
    ----------
    segment_scores : pandas.DataFrame
        Step table ``segment_scores``; a row is a segment. A segment without
        one of the two scores is named under the chart; without a size it is
        a small open ring; without sales it has no slice. Past and target
        positions are drawn as arrows where they are known.
    dispersion : pandas.DataFrame, optional
        Step table ``segment_dispersion``: an ellipse holds half of the raters;
        none is drawn for a segment with fewer than three.
    language : Language
        Words and numbers.

    Returns
    -------
    matplotlib.figure.Figure
        One axes, competitive strength across and attractiveness up, both 0-1.

    Raises
    ------
    SalesModelError
        No segment at all.
    """
    require_rows(segment_scores, "draw_portfolio_matrix")
    is_placed = segment_scores["attractiveness"].notna() & segment_scores["competitive_strength"].notna()
    placed = segment_scores[is_placed].sort_values(["size_per_year", "segment"], ascending=[False, True])
    notes = [*_notes(placed, segment_scores[~is_placed], language), *_tell_moves(placed, dispersion, language)]
    figure, foot = make_figure(6.7, notes=notes)
    axes = add_axes(figure, 0.75, foot + 0.6, right=8.85, top=foot + 6.6)
    words = _draw_ground(axes, language)
    radii = _radii(placed)
    outlines = draw_ellipses(axes, placed, dispersion)
    _draw_bubbles(axes, placed, radii)
    lines = np.vstack([outlines, draw_moves(axes, placed, radii)])
    _draw_names(axes, placed, marks=(radii, lines), words=words, language=language)
    return finish(figure)


def _notes(placed: pd.DataFrame, missing: pd.DataFrame, language: Language) -> list[str]:
    notes = [language.text("Area of a bubble: size of the market per year. Dark slice: our share of it.")]
    without_size = placed[placed["size_per_year"].isna()]
    if not without_size.empty:
        notes.append(language.text("Open ring, size of the market not known: {names}.",
                                   names=name_some(without_size["label"], language=language)))
    if not missing.empty:
        notes.append(language.text("Not placed, not enough known: {names}.",
                                   names=name_some(missing["label"], language=language)))
    return notes


def _tell_moves(placed: pd.DataFrame, dispersion: pd.DataFrame | None, language: Language) -> list[str]:
    """Return what stands for ellipses and arrows, of those that are drawn."""
    notes = []
    if list_ellipses(placed, dispersion):
        notes.append(language.text("Dashed ellipse: about half of the raters would place the segment within it."))
    has_past, has_target = (not list_moves(placed, when).empty for when in ("past", "target"))
    if has_past:
        notes.append(language.text("Grey arrow from a small ring: where the segment was before."))
    if has_target:
        notes.append(language.text("Blue arrow: where the segment is meant to be."))
    return [" ".join(notes)] if notes else []


def _draw_ground(axes: Axes, language: Language) -> list[Text]:
    for across in range(3):
        for up in range(3):
            ground = _GROUND[_POSTURE_OF_SUM[across + up]]
            axes.add_patch(Rectangle((across / 3, up / 3), 1 / 3, 1 / 3, facecolor=ground, linewidth=0, zorder=0))
    for bound in _THIRDS[1:3]:
        axes.axhline(bound, color="#d6dce2", linewidth=0.8, zorder=0.5)
        axes.axvline(bound, color="#d6dce2", linewidth=0.8, zorder=0.5)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    for which in ("x", "y"):
        set_ticks(axes, which, ticks=_THIRDS, words=lambda score: language.number(score, 2 if 0 < score < 1 else 0))
    axes.set_xlabel(language.text("Competitive strength (score from 0 to 1)"), labelpad=6)
    axes.set_ylabel(language.text("Attractiveness (score from 0 to 1)"), labelpad=6)
    return [
        axes.annotate(posture_word(posture, language), (across / 2, up / 2), xytext=(8 - 8 * across, 8 - 8 * up),
                      textcoords="offset points", ha=("left", "", "right")[across], va=("bottom", "", "top")[up],
                      fontsize=STRONG, fontweight="bold", color=ACCENT if posture == "invest" else GREY, zorder=1)
        for posture, across, up in _WORD_PLACES
    ]


def _radii(placed: pd.DataFrame) -> np.ndarray:
    """Return radii in points: area proportional to the size of the market, ``_SMALLEST_RADIUS`` at least."""
    sizes = known(placed["size_per_year"])
    largest = np.nanmax(sizes, initial=0.0)
    top = _LARGEST_RADIUS * min(1.0, (8 / max(len(sizes), 1)) ** 0.3)
    radii = top * np.sqrt(sizes / largest) if largest > 0 else np.zeros(len(sizes))
    return np.where(np.isnan(sizes), 5.0, np.maximum(np.nan_to_num(radii), _SMALLEST_RADIUS))


def _draw_bubbles(axes: Axes, placed: pd.DataFrame, radii: np.ndarray) -> None:
    """Draw the bubbles, largest first, each with its slice, so that a smaller one lies wholly on a larger one."""
    across, up = known(placed["competitive_strength"]), known(placed["attractiveness"])
    is_invest = (placed["posture"] == "invest").to_numpy(dtype=bool, na_value=False)
    has_size = placed["size_per_year"].notna().to_numpy()
    fills = np.where(has_size, placed["posture"].map(_FILL).astype(object).fillna(_FILL["harvest"]), WHITE)
    edges = np.where(is_invest, ACCENT, GREY)
    shares = np.clip(np.nan_to_num(known(placed["market_share"])), 0, 1)
    for index, area in enumerate((2 * radii) ** 2):
        place = {"x": across[index], "y": up[index], "s": area, "clip_on": False, "zorder": 3 + index / len(radii)}
        fill = to_rgba(fills[index], _OPACITY)
        axes.scatter(**place, facecolors=[fill], edgecolors=edges[index], linewidths=0.9, gid="bubbles")
        if shares[index] > 0 and has_size[index]:
            axes.scatter(**place, marker=_slice(shares[index]), c=edges[index], linewidths=0, gid="slice")


def _slice(share: float) -> Path:
    """Return a slice of the unit circle that begins at twelve o'clock and turns clockwise."""
    return Path.unit_circle() if share >= 0.999 else Path.wedge(90 - 360 * share, 90)


def _draw_names(
    axes: Axes, placed: pd.DataFrame, *, marks: tuple[np.ndarray, np.ndarray], words: list[Text], language: Language,
) -> None:
    radii, lines = marks
    points = to_points(axes, np.column_stack([known(placed["competitive_strength"]), known(placed["attractiveness"])]))
    labels = []
    for (_, row), radius in zip(placed.head(MOST_LABELS).iterrows(), radii, strict=False):
        name = wrap_text(row["label"], 150, lines=2)
        anchor = (float(row["competitive_strength"]), float(row["attractiveness"]))
        labels.append(Label((*name, _facts(row, language)), anchor, float(radius), len(name)))
    draw_labels(
        axes, labels, obstacles=np.vstack([np.column_stack([points, radii]), lines]), taken=text_boxes(axes, words))


def _facts(row: pd.Series, language: Language) -> str:
    facts = []
    if pd.notna(row["size_per_year"]):
        facts.append(language.brief_money(row["size_per_year"]))
    if pd.notna(row["market_share"]):
        share = row["market_share"]
        facts.append(language.text("share {share}", share=language.share(share, 1 if 0 < share < 0.0095 else 0)))
    return " · ".join(facts) or language.text("size not known")


