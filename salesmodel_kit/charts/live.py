"""Pieces of pictures that follow a slider: SVG written directly, in the report's colours, in a few milliseconds.

The charts of the report are drawn by matplotlib with letters as outlines; that
takes a tenth of a second, too long under a moving finger. These use the same
colours, markers and words, and the reader's own sans-serif letters.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from markupsafe import Markup, escape

from salesmodel_kit.charts.style import GREY, INK, TIER_LOOKS, Look
from salesmodel_kit.charts.typeset import clean_text, fit_text

FONT = "'Source Sans Pro','Source Sans 3','Segoe UI','Helvetica Neue',Arial,sans-serif"
#: Text sizes in units of the picture: readable from the back of a room when it is a page wide.
SMALL, BODY, STRONG = 19, 22, 26
_SHAPES = {
    "o": "M-9,0a9,9 0 1,0 18,0a9,9 0 1,0 -18,0",
    "s": "M-8,-8h16v16h-16z",
    "^": "M0,-10L10,8H-10z",
    "v": "M0,10L10,-8H-10z",
    "D": "M0,-10L10,0L0,10L-10,0z",
    "*": "M0,-11L2.6,-3.6L10.5,-3.4L4.2,1.4L6.5,8.9L0,4.4L-6.5,8.9L-4.2,1.4L-10.5,-3.4L-2.6,-3.6z",
}


@dataclass
class Picture:
    """A picture that grows by its parts.

    Parameters
    ----------
    width, height : float
        Of the picture, in its own units; it is shown as wide as there is room.
    """

    width: float
    height: float
    _parts: list[str] = field(default_factory=list)

    def line(self, points: Iterable[tuple[float, float]], *, color: str, width: float, dash: str = "") -> None:
        """Draw a line through points, in the picture's units."""
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        stroke = f" stroke-dasharray='{dash}'" if dash else ""
        self._parts.append(
            f"<polyline fill='none' stroke='{color}' stroke-width='{width}'{stroke} stroke-linejoin='round' "
            f"points='{path}'/>"
        )

    def box(self, corner: tuple[float, float], size: tuple[float, float], *, color: str, opacity: float = 1.0) -> None:
        """Fill a rectangle from its upper left corner."""
        (x, y), (width, height) = corner, size
        self._parts.append(
            f"<rect x='{x:.1f}' y='{y:.1f}' width='{max(width, 0):.1f}' height='{max(height, 0):.1f}' "
            f"fill='{color}' fill-opacity='{opacity}'/>"
        )

    def circle(
        self, center: tuple[float, float], radius: float, *, fill: str, edge: str, width: float = 1.5,
    ) -> None:
        """Draw a disc that lets what lies under it shine through."""
        self._parts.append(
            f"<circle cx='{center[0]:.1f}' cy='{center[1]:.1f}' r='{radius:.1f}' fill='{fill}' fill-opacity='0.75' "
            f"stroke='{edge}' stroke-width='{width}'/>"
        )

    def dots(self, places: Iterable[tuple[float, float]], *, color: str, radius: float) -> None:
        """Put a dot on each of many places: one path, however many."""
        path = "".join(f"M{x:.0f},{y:.0f}h0" for x, y in places)
        self._parts.append(
            f"<path d='{path}' stroke='{color}' stroke-width='{2 * radius:g}' stroke-linecap='round' fill='none'/>"
        )

    def text(
        self, place: tuple[float, float], words: str, *, size: float = BODY, anchor: str = "start", color: str = INK,
        limit: float = 0.0, turned: bool = False,
    ) -> None:
        """Write words from a place; those of the strong size are bold, those wider than the limit are shortened.

        What is shortened stands whole under the pointer.
        """
        weight = " font-weight='700'" if size >= STRONG else ""
        turn = f" transform='rotate(-90 {place[0]:.1f} {place[1]:.1f})'" if turned else ""
        whole = clean_text(words)
        written = fit_text(words, limit, size=size) if limit else whole
        title = f"<title>{escape(whole)}</title>" if written != whole else ""
        self._parts.append(
            f"<text x='{place[0]:.1f}' y='{place[1]:.1f}' font-size='{size}' text-anchor='{anchor}' "
            f"dominant-baseline='central' fill='{color}'{weight}{turn}>{title}{escape(written)}</text>"
        )

    def mark(self, place: tuple[float, float], look: Look, *, scale: float = 1.0) -> None:
        """Put a tier's marker at a place."""
        self._parts.append(
            f"<path d='{_SHAPES[look.marker]}' transform='translate({place[0]:.1f},{place[1]:.1f}) scale({scale:.2f})' "
            f"fill='{look.fill}' stroke='{look.edge}' stroke-width='1.5'/>"
        )

    def render(self, alt: str) -> str:
        """Return the picture as SVG with a text for those who cannot see it."""
        return str(Markup(
            "<svg xmlns='http://www.w3.org/2000/svg' role='img' aria-label='{}' viewBox='0 0 {} {}' "
            "style='width:100%;height:auto;display:block' font-family=\"{}\">{}</svg>"
        ).format(alt, f"{self.width:g}", f"{self.height:g}", Markup(FONT), Markup("".join(self._parts))))


@dataclass(frozen=True)
class Scale:
    """Numbers to places along one side of a picture.

    Parameters
    ----------
    low, high : float
        The range of the numbers.
    start, end : float
        Where the range begins and ends in the picture.
    """

    low: float
    high: float
    start: float
    end: float

    def at(self, number: float | np.ndarray) -> float | np.ndarray:
        """Return the place of a number, or of each of many."""
        return self.start + (number - self.low) / ((self.high - self.low) or 1.0) * (self.end - self.start)


def draw_frame(
    picture: Picture, across: Scale, up: Scale, *, ticks: Sequence[tuple[float, str]],
    levels: Sequence[tuple[float, str]],
) -> None:
    """Draw pale lines at levels with their words at the left, and words under ticks.

    Parameters
    ----------
    picture : Picture
        To draw on.
    across, up : Scale
        Of the numbers across and up.
    ticks, levels : sequence of (float, str)
        Number and its word, across and up.
    """
    for level, word in levels:
        picture.line([(across.start, up.at(level)), (across.end, up.at(level))], color="#eceef0", width=1.5)
        picture.text((across.start - 12, up.at(level)), word, size=SMALL, anchor="end", color=GREY)
    for tick, word in ticks:
        picture.text((across.at(tick), up.start + 24), word, size=SMALL, anchor="middle", color=GREY)


def find_look(tier: str) -> Look:
    """Return how a tier is drawn; that of ``unknown`` for a name that is none."""
    return TIER_LOOKS.get(tier, TIER_LOOKS["unknown"])
