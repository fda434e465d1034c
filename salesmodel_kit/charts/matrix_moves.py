"""Around the bubbles of the portfolio matrix: how far raters lie apart, where segments come from and should go."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Ellipse, FancyArrowPatch

from salesmodel_kit.charts.labels import to_points
from salesmodel_kit.charts.style import ACCENT, GREY, MID_GREY, WHITE

#: Ellipses that a picture bears; of more segments the largest have one.
MOST_ELLIPSES = 12
_STEPS = 10
_AXES = ("competitive_strength", "attractiveness")


def list_ellipses(placed: pd.DataFrame, dispersion: pd.DataFrame | None) -> list[tuple]:
    """Return the ellipses of the placed segments, the largest markets first, ``MOST_ELLIPSES`` at most.

    Parameters
    ----------
    placed : pandas.DataFrame
        Step table ``segment_scores``, the placed segments, largest first.
    dispersion : pandas.DataFrame or None
        Step table ``segment_dispersion``.

    Returns
    -------
    list of tuple
        Rows of ``dispersion`` by name; none of a segment whose raters are too few or all agree.
    """
    if dispersion is None:
        return []
    drawn = dispersion[dispersion["ellipse_length"] > 0].set_index("segment", drop=False)
    names = [name for name in placed["segment"] if name in drawn.index]
    return list(drawn.loc[names[:MOST_ELLIPSES]].itertuples(index=False))


def draw_ellipses(axes: Axes, placed: pd.DataFrame, dispersion: pd.DataFrame | None) -> np.ndarray:
    """Draw where half of the raters put each placed segment; see :func:`list_ellipses`.

    Returns
    -------
    ndarray (n_points, 3)
        Small circles along the outlines, in points of the figure, that labels should keep off.
    """
    circles = [np.empty((0, 3))]
    for row in list_ellipses(placed, dispersion):
        outline = Ellipse(
            (row.competitive_strength, row.attractiveness), 2 * row.ellipse_length, 2 * row.ellipse_width,
            angle=row.ellipse_angle, facecolor="none", edgecolor=MID_GREY, linewidth=0.9, linestyle=(0, (3, 2)),
            zorder=2.2, gid="ellipse")
        axes.add_patch(outline)
        turn = np.linspace(0, 2 * np.pi, 2 * _STEPS, endpoint=False)
        rim = outline.get_patch_transform().transform(np.column_stack([np.cos(turn), np.sin(turn)]))
        circles.append(np.column_stack([to_points(axes, rim), np.full(len(turn), 1.5)]))
    return np.vstack(circles)


def list_moves(placed: pd.DataFrame, when: str) -> pd.DataFrame:
    """Return the placed segments whose past or target position is known.

    Parameters
    ----------
    placed : pandas.DataFrame
        Step table ``segment_scores``, the placed segments.
    when : {"past", "target"}
        Which position.

    Returns
    -------
    pandas.DataFrame
        ``label``, ``there_x``, ``there_y`` (past or target), ``here_x``, ``here_y``, index of ``placed``.
    """
    there = placed.reindex(columns=[f"{when}_{axis}" for axis in _AXES]).set_axis(["there_x", "there_y"], axis=1)
    here = placed[list(_AXES)].set_axis(["here_x", "here_y"], axis=1)
    return placed[["label"]].join(there).join(here).dropna()


def draw_moves(axes: Axes, placed: pd.DataFrame, radii: np.ndarray) -> np.ndarray:
    """Draw an arrow from each past position to the present one, and from it to the target.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Limits and size must be final.
    placed : pandas.DataFrame
        Step table ``segment_scores``, the placed segments.
    radii : ndarray (n_placed,)
        Of the bubbles, in points: arrows end at the rim.

    Returns
    -------
    ndarray (n_points, 3)
        Small circles along the arrows, in points of the figure, that labels should keep off.
    """
    at_rim = pd.Series(radii, index=placed.index)
    circles = [np.empty((0, 3))]
    for when in ("past", "target"):
        for index, row in list_moves(placed, when).iterrows():
            start, end = _shorten(axes, row, radius=at_rim[index], when=when)
            if when == "past":
                axes.scatter(row["there_x"], row["there_y"], s=22, facecolors=WHITE, edgecolors=GREY, linewidths=1.0,
                             zorder=4.9, gid="past", clip_on=False)
            color = GREY if when == "past" else ACCENT
            if start is not None:
                axes.add_patch(FancyArrowPatch(
                    start, end, arrowstyle="-|>", mutation_scale=9 if when == "past" else 12, color=color,
                    linewidth=1.0 if when == "past" else 1.6, shrinkA=0, shrinkB=0, zorder=5, gid=f"{when}-arrow",
                    clip_on=False))
            ends = to_points(axes, np.array([[row["there_x"], row["there_y"]], [row["here_x"], row["here_y"]]]))
            along = ends[0] + np.linspace(0, 1, _STEPS)[:, None] * (ends[1] - ends[0])
            circles.append(np.column_stack([along, np.full(_STEPS, 4.0)]))
    return np.vstack(circles)


def _shorten(
    axes: Axes, row: pd.Series, *, radius: float, when: str,
) -> tuple[tuple[float, float] | None, tuple[float, float]]:
    """Return both ends of an arrow in data coordinates, kept off the bubble; no start where it lies within."""
    here, there = (row["here_x"], row["here_y"]), (row["there_x"], row["there_y"])
    points = to_points(axes, np.array([here, there], dtype=float))
    apart = points[1] - points[0]
    length = float(np.hypot(*apart))
    room = 3.0 if when == "past" else 0.0
    if length < radius + room + 5:
        return None, there
    rim = tuple(np.array(here) + (np.array(there) - here) * (radius + 1.0) / length)
    far = tuple(np.array(here) + (np.array(there) - here) * (length - room) / length)
    return (far, rim) if when == "past" else (rim, far)
