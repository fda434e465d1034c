"""Direct labels that do not overlap.

All geometry is in points (1/72 inch) from the figure's lower left corner, so
that a placement holds at any resolution.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.text import Annotation, Text
from numpy.typing import NDArray

from salesmodel_kit.charts.style import BODY, GREY, INK, MID_GREY, SMALL, WHITE
from salesmodel_kit.charts.typeset import LINE_HEIGHT, measure_width

Floats = NDArray[np.float64]

_ANGLES = np.deg2rad([0, 180, 90, 270, 30, 330, 150, 210, 60, 300, 120, 240, 15, 345, 165, 195])
#: What a direction costs: right and left read best.
_DIRECTION_COSTS = np.array([0, 1, 2, 2, *[4] * 12], dtype=float)
_GAPS = np.array([3.0, 8.0, 15.0, 26.0, 42.0, 64.0, 95.0])
_PADDING = 2.0
_MOST_OBSTACLES = 1200
#: With more marks nearby than this, leader lines may cross them.
_MOST_CROSSED = 300


@dataclass(frozen=True)
class Label:
    """Lines of text for one point: the name in ink, what follows smaller and in grey.

    Parameters
    ----------
    lines : tuple of str
        Cleaned text.
    anchor : tuple of float
        The point that is labelled, in data coordinates.
    radius : float
        Radius of its mark in points.
    n_name_lines : int
        How many of the lines are the name.
    color : str
        Colour of the name.
    """

    lines: tuple[str, ...]
    anchor: tuple[float, float]
    radius: float = 0.0
    n_name_lines: int = 1
    color: str = INK

    @property
    def size(self) -> tuple[float, float]:
        """Return width and height in points."""
        widths = [measure_width(line, self.line_size(position)) for position, line in enumerate(self.lines)]
        return max(widths), sum(self.line_size(position) * LINE_HEIGHT for position in range(len(self.lines)))

    def line_size(self, position: int) -> float:
        """Return the size of the letters of one line in points."""
        return BODY if position < self.n_name_lines else SMALL


def to_points(axes: Axes, positions: Floats) -> Floats:
    """Return data coordinates as points of the figure."""
    return axes.transData.transform(positions) * (72 / axes.figure.dpi)


def axes_bounds(axes: Axes) -> tuple[float, float, float, float]:
    """Return left, bottom, right and top of the axes in points."""
    box = axes.get_window_extent()
    scale = 72 / axes.figure.dpi
    return box.x0 * scale, box.y0 * scale, box.x1 * scale, box.y1 * scale


def place_boxes(
    marks: Floats, sizes: Floats, *, bounds: tuple[float, float, float, float], obstacles: Floats | None = None,
    taken: Floats | None = None,
) -> Floats:
    """Return a centre for each label, none overlapping another or leaving the bounds.

    The first label chooses first. Each takes the cheapest of about a hundred
    places around its mark, then of a grid over the whole area: near its mark,
    on few other marks, its leader line across no other label.

    Parameters
    ----------
    marks : array of float, shape (n_labels, 3)
        Centre and radius of the labelled marks.
    sizes : array of float, shape (n_labels, 2)
        Width and height of each label.
    bounds : tuple of float
        Left, bottom, right and top of the area that labels may use.
    obstacles : array of float, shape (n_marks, 3), optional
        Centre and radius of marks that labels should rather not cover; none: the labelled marks.
    taken : array of float, shape (n_boxes, 4), optional
        Left, bottom, right and top of what labels must not cover.

    Returns
    -------
    array of float, shape (n_labels, 2)
        NaN where a label has no place left.
    """
    circles = marks if obstacles is None else obstacles
    centres = np.full((len(marks), 2), np.nan)
    boxes = np.empty((0, 4)) if taken is None else taken
    for index, (mark, size) in enumerate(zip(marks, sizes, strict=True)):
        best = _choose_place(mark, size, bounds=bounds, boxes=boxes, circles=circles)
        if best is not None:
            centres[index] = best
            box = _to_boxes(best[None], size)
            boxes, circles = np.vstack([boxes, box]), np.vstack([circles, _leader_circles(mark, box[0])])
    return centres


def _choose_place(
    mark: Floats, size: Floats, *, bounds: tuple[float, float, float, float], boxes: Floats, circles: Floats,
) -> Floats | None:
    near, anywhere = _candidates(mark, size), _grid(bounds, size)
    for places, costs in ((near, np.tile(_DIRECTION_COSTS, len(_GAPS))), (anywhere, np.zeros(len(anywhere)))):
        is_inside = _is_inside(places, size, bounds)
        if is_inside.any():
            inside = places[is_inside]
            total = costs[is_inside] + _costs(inside, mark=mark, size=size, boxes=boxes, circles=circles)
            if np.isfinite(total.min()):
                return inside[int(np.argmin(total))]
    return None


def _leader_circles(mark: Floats, box: Floats) -> Floats:
    """Return small circles along a leader line, so that later labels rather keep off it."""
    end = np.clip(mark[:2], box[:2], box[2:])
    along = mark[:2] + np.linspace(0, 1, 8)[:, None] * (end - mark[:2])
    return np.column_stack([along, np.full(8, 3.0)])


def _candidates(mark: Floats, size: Floats) -> Floats:
    directions = np.column_stack([np.cos(_ANGLES), np.sin(_ANGLES)])
    reach = np.clip(1.5 * directions, -1, 1) * size / 2
    return np.concatenate([mark[:2] + directions * (mark[2] + gap) + reach for gap in _GAPS])


def _grid(bounds: tuple[float, float, float, float], size: Floats) -> Floats:
    left, bottom, right, top = bounds
    across = np.arange(left + size[0] / 2, right - size[0] / 2, 12.0)
    up = np.arange(bottom + size[1] / 2, top - size[1] / 2, 6.0)
    return np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)


def _to_boxes(centres: Floats, size: Floats) -> Floats:
    return np.hstack([centres - size / 2, centres + size / 2])


def _is_inside(centres: Floats, size: Floats, bounds: tuple[float, float, float, float]) -> NDArray[np.bool_]:
    boxes = _to_boxes(centres, size)
    return ((boxes[:, :2] >= bounds[:2]) & (boxes[:, 2:] <= bounds[2:])).all(axis=1)


def _costs(places: Floats, *, mark: Floats, size: Floats, boxes: Floats, circles: Floats) -> Floats:
    own = _to_boxes(places, size + 2 * _PADDING)
    ends = np.clip(mark[:2], own[:, :2], own[:, 2:])
    costs = np.hypot(*(ends - mark[:2]).T)
    near = _circles_within(circles, own)
    nearest = np.clip(near[None, :, :2], own[:, None, :2], own[:, None, 2:])
    depth = near[None, :, 2] - np.hypot(*np.moveaxis(nearest - near[None, :, :2], -1, 0))
    costs = costs + np.where(depth > 0, 4 + 2 * depth, 0).sum(axis=1)
    if len(near) <= _MOST_CROSSED:
        costs = costs + 12 * _crossed_circles(mark, ends, near)
    if len(boxes):
        apart = ((own[:, None, 0] >= boxes[None, :, 2]) | (own[:, None, 2] <= boxes[None, :, 0])
                 | (own[:, None, 1] >= boxes[None, :, 3]) | (own[:, None, 3] <= boxes[None, :, 1]))
        costs = np.where(apart.all(axis=1), costs, np.inf) + 60 * _crossed(mark[:2], ends, boxes)
    return costs


def _circles_within(circles: Floats, boxes: Floats) -> Floats:
    """Return the circles that can touch one of the boxes, the largest where there are very many."""
    low, high = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    reach = circles[:, 2:]
    near = circles[((circles[:, :2] + reach > low) & (circles[:, :2] - reach < high)).all(axis=1)]
    if len(near) > _MOST_OBSTACLES:
        near = near[np.argsort(-near[:, 2], kind="stable")[:_MOST_OBSTACLES]]
    return near


def _crossed_circles(mark: Floats, ends: Floats, circles: Floats) -> Floats:
    """Return how many circles, but those at the mark itself, the straight lines from the mark to the ends cross."""
    others = circles[np.hypot(*(circles[:, :2] - mark[:2]).T) > mark[2] + circles[:, 2]]
    along = mark[:2] + np.linspace(0.2, 1, 7)[:, None, None] * (ends - mark[:2])
    apart = np.hypot(*np.moveaxis(along[:, :, None, :] - others[:, :2], -1, 0)) - others[:, 2]
    return (apart < 0).any(axis=0).sum(axis=1).astype(float)


def _crossed(anchor: Floats, ends: Floats, boxes: Floats) -> Floats:
    """Return how many boxes the straight lines from the anchor to the ends cross."""
    along = anchor + np.linspace(0, 1, 12)[:, None, None] * (ends - anchor)
    points = along[:, :, None, :]
    inside = ((points > boxes[:, :2]) & (points < boxes[:, 2:])).all(axis=-1)
    return inside.any(axis=0).sum(axis=1).astype(float)


def draw_labels(
    axes: Axes, labels: Sequence[Label], *, obstacles: Floats | None = None, taken: Floats | None = None,
    halo: float = 0.0,
) -> list[Annotation]:
    """Draw labels beside their marks, with leader lines where they lie apart.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Limits and size must be final.
    labels : sequence of Label
        The most important first.
    obstacles : array of float, shape (n_marks, 3), optional
        Centres and radii of marks, in points of the figure.
    taken : array of float, shape (n_boxes, 4), optional
        Boxes that labels must not cover, in points of the figure.
    halo : float
        Opacity of the white ground behind the text.

    Returns
    -------
    list of matplotlib.text.Annotation
        One for each line of each label that found its place.
    """
    if not labels:
        return []
    anchors = to_points(axes, np.array([label.anchor for label in labels], dtype=float))
    sizes = np.array([label.size for label in labels])
    marks = np.column_stack([anchors, [label.radius for label in labels]])
    centres = place_boxes(marks, sizes, bounds=axes_bounds(axes), obstacles=obstacles, taken=taken)
    drawn: list[Annotation] = []
    for label, offset, size in zip(labels, centres - anchors, sizes, strict=True):
        if np.isfinite(offset).all():
            _draw_leader(axes, label, offset=offset, size=size)
            drawn += _draw_lines(axes, label, offset=offset, halo=halo)
    return drawn


def text_boxes(axes: Axes, texts: Sequence[Text]) -> Floats:
    """Return left, bottom, right and top of drawn texts, in points of the figure."""
    extents = [text.get_window_extent().extents for text in texts]
    return np.array(extents).reshape(-1, 4) * (72 / axes.figure.dpi)


def _draw_leader(axes: Axes, label: Label, *, offset: Floats, size: Floats) -> None:
    end = np.clip(np.zeros(2), offset - size / 2 - 1, offset + size / 2 + 1)
    length = float(np.hypot(*end))
    if length - label.radius < 5:
        return
    start = end * (label.radius / length)
    line = axes.annotate(
        "", label.anchor, xytext=tuple(end), textcoords="offset points", annotation_clip=False,
        arrowprops={"arrowstyle": "-", "color": MID_GREY, "linewidth": 0.7, "shrinkA": 0,
                    "shrinkB": float(np.hypot(*start))})
    line.set_in_layout(False)


def _draw_lines(axes: Axes, label: Label, *, offset: Floats, halo: float) -> list[Annotation]:
    top = offset[1] + label.size[1] / 2
    side = "center"
    if abs(offset[0]) > label.size[0] / 2:
        side = "left" if offset[0] > 0 else "right"
    across = offset[0] + {"center": 0.0, "left": -0.5, "right": 0.5}[side] * label.size[0]
    box = {"boxstyle": "square,pad=0.08", "facecolor": WHITE, "edgecolor": "none", "alpha": halo} if halo else None
    drawn = []
    for position, line in enumerate(label.lines):
        height = label.line_size(position) * LINE_HEIGHT
        drawn.append(axes.annotate(
            line, label.anchor, xytext=(across, top - height / 2), textcoords="offset points", ha=side,
            va="center_baseline", fontsize=label.line_size(position), bbox=box, annotation_clip=False, zorder=10,
            color=label.color if position < label.n_name_lines else GREY))
        top -= height
    return drawn


def spread(positions: Floats, gap: float, *, low: float, high: float) -> Floats:
    """Return positions moved as little as need be to lie ``gap`` apart inside ``low`` to ``high``.

    Least squares under the order of the positions (pool adjacent violators);
    where they do not fit, they are spread evenly.

    Parameters
    ----------
    positions : array of float, shape (n,)
        Where each would like to be.
    gap : float
        Least distance between neighbours.
    low, high : float
        Ends of the room.

    Returns
    -------
    array of float, shape (n,)
        In the order given.

    Examples
    --------
    >>> spread(np.array([5.0, 5.0]), 2.0, low=0.0, high=10.0).tolist()
    [4.0, 6.0]
    """
    wanted = np.asarray(positions, dtype=float)
    if len(wanted) < 2:
        return np.clip(wanted, low, high)
    gap = min(gap, (high - low) / (len(wanted) - 1))
    order = np.argsort(wanted, kind="stable")
    shift = gap * np.arange(len(wanted))
    pools: list[list[float]] = []
    for value in wanted[order] - shift:
        pools.append([float(value), 1.0])
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            upper, lower = pools.pop(), pools.pop()
            count = upper[1] + lower[1]
            pools.append([(upper[0] * upper[1] + lower[0] * lower[1]) / count, count])
    level = np.concatenate([np.full(int(count), value) for value, count in pools])
    spread_out = np.empty_like(wanted)
    spread_out[order] = np.clip(level, low, high - shift[-1]) + shift
    return spread_out
