"""Bars of a few quantities against their limits, fast enough to follow a slider."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from salesmodel_kit.charts.live import BODY, SMALL, Picture, Scale
from salesmodel_kit.charts.style import ACCENT, GREY, INK, LIGHT_GREY, PALE_ACCENT

_WIDTH, _LEFT, _RIGHT, _ROW = 1200.0, 300.0, 900.0, 46.0


@dataclass(frozen=True)
class Bar:
    """A quantity, its limit where it has one, and what is said of it.

    Parameters
    ----------
    name : str
        At the left.
    amount : float
        0 or more.
    said : str
        At the right.
    limit : float, optional
        Drawn as a line; an amount above it is drawn dark beyond the line.
    """

    name: str
    amount: float
    said: str
    limit: float | None = None


def draw_live_bars(bars: Sequence[Bar], *, alt: str) -> str:
    """Draw one bar under the other, all to the same scale.

    Parameters
    ----------
    bars : sequence of Bar
        Top to bottom.
    alt : str
        For those who cannot see the picture.

    Returns
    -------
    str
        SVG.
    """
    picture = Picture(_WIDTH, _ROW * len(bars) + 12)
    highest = max((max(bar.amount, bar.limit or 0.0) for bar in bars), default=0.0)
    across = Scale(0, highest, _LEFT, _RIGHT)
    for at, bar in enumerate(bars):
        top = 8 + at * _ROW
        inside = bar.amount if bar.limit is None else min(bar.amount, bar.limit)
        picture.text((_LEFT - 14, top + 16), bar.name, size=BODY, anchor="end", limit=_LEFT - 20)
        picture.box((_LEFT, top), (across.at(inside) - _LEFT, 32), color=ACCENT if bar.limit is None else "#7fb0cf")
        if bar.limit is not None:
            picture.box((across.at(inside), top), (across.at(bar.amount) - across.at(inside), 32), color=INK)
            picture.box((across.at(inside), top), (across.at(bar.limit) - across.at(inside), 32), color=PALE_ACCENT)
            picture.line([(across.at(bar.limit), top - 5), (across.at(bar.limit), top + 37)], color=INK, width=3)
        picture.text((_RIGHT + 16, top + 16), bar.said, size=SMALL, color=GREY, limit=_WIDTH - _RIGHT - 20)
    if not bars:
        picture.line([(_LEFT, 6), (_RIGHT, 6)], color=LIGHT_GREY, width=1)
    return picture.render(alt)
