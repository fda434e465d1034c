"""The matrix of market segments, fast enough to follow a rating."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from salesmodel_kit.charts.live import BODY, SMALL, STRONG, Picture, Scale
from salesmodel_kit.charts.style import ACCENT, GREY, INK, MID_GREY, PALE_ACCENT, WHITE
from salesmodel_kit.charts.words import axis_word, posture_word
from salesmodel_kit.language import Language

MOST_LABELS = 12
_SIDE, _LEFT, _TOP = 640.0, 70.0, 14.0
_WIDTH, _HEIGHT = 1200.0, 720.0
_GROUND = {"invest": PALE_ACCENT, "select": "#f1f3f5", "harvest": WHITE}
_POSTURE_OF_SUM = ("harvest", "harvest", "select", "invest", "invest")
_FILL = {"invest": "#93bad6", "select": "#9fa8b2", "harvest": "#dfe3e7"}
_LARGEST, _SMALLEST = 44.0, 6.0
_LINE = 25.0


def draw_live_matrix(segment_scores: pd.DataFrame, *, chosen: str, language: Language) -> str:
    """Draw the segments by attractiveness and competitive strength, one of them marked: the report's matrix, live.

    Parameters
    ----------
    segment_scores : pandas.DataFrame
        Step table ``segment_scores``; a segment without one of the two scores is not drawn.
    chosen : str
        The segment to mark.
    language : Language
        Words and numbers.

    Returns
    -------
    str
        SVG; with no segment in it where none has both scores.
    """
    picture = Picture(_WIDTH, _HEIGHT)
    across, up = Scale(0, 1, _LEFT, _LEFT + _SIDE), Scale(0, 1, _TOP + _SIDE, _TOP)
    _draw_ground(picture, across=across, up=up, language=language)
    placed = segment_scores.dropna(subset=["attractiveness", "competitive_strength"])
    placed = placed.assign(
        radius=_find_radii(placed["size_per_year"]), is_chosen=placed["segment"] == chosen,
        x=across.at(placed["competitive_strength"].to_numpy(float)), y=up.at(placed["attractiveness"].to_numpy(float)),
    ).sort_values(["is_chosen", "radius"], ascending=[True, False])
    for row in placed.itertuples():
        picture.circle((row.x, row.y), row.radius, fill=_FILL.get(row.posture, WHITE),
                       edge=ACCENT if row.is_chosen else MID_GREY, width=5 if row.is_chosen else 1.5)
    _draw_names(picture, placed)
    return picture.render(language.text("Market segments by attractiveness and competitive strength"))


def _draw_ground(picture: Picture, *, across: Scale, up: Scale, language: Language) -> None:
    cell = _SIDE / 3
    for column in range(3):
        for row in range(3):
            picture.box((across.at(column / 3), up.at((row + 1) / 3)), (cell - 2, cell - 2),
                        color=_GROUND[_POSTURE_OF_SUM[column + row]])
    for posture, x, y, anchor in (("invest", 1, 1, "end"), ("select", 0, 1, "start"), ("select", 1, 0, "end"),
                                  ("harvest", 0, 0, "start")):
        place = (across.at(x) + (12 if anchor == "start" else -14), up.at(y) + (24 if y else -22))
        picture.text(place, posture_word(posture, language), size=STRONG, anchor=anchor,
                     color=ACCENT if posture == "invest" else GREY)
    picture.line([(across.start, up.end), (across.start, up.start), (across.end, up.start)], color=MID_GREY, width=1.5)
    picture.text((_LEFT + _SIDE / 2, _TOP + _SIDE + 34), axis_word("competitive_strength", language), size=BODY,
                 anchor="middle", color=GREY)
    picture.text((_LEFT - 30, _TOP + _SIDE / 2), axis_word("attractiveness", language), size=BODY, anchor="middle",
                 color=GREY, turned=True)


def _find_radii(sizes: pd.Series) -> np.ndarray:
    amounts = sizes.to_numpy(float)
    largest = np.nanmax(amounts, initial=0.0) or 1.0
    return np.clip(np.sqrt(np.nan_to_num(amounts) / largest) * _LARGEST, _SMALLEST, None)


def _draw_names(picture: Picture, placed: pd.DataFrame) -> None:
    """Name the largest segments beside the matrix, at the height of their bubbles, with a line to each."""
    named = placed.sort_values(["is_chosen", "radius"], ascending=False).head(MOST_LABELS).sort_values("y")
    edge = _LEFT + _SIDE + 24
    for row, height in zip(named.itertuples(), _spread_down(named["y"]), strict=True):
        color = ACCENT if row.is_chosen else INK
        picture.line([(row.x + row.radius, row.y), (edge - 6, height)], color=color if row.is_chosen else "#cdd2d7",
                     width=2.5 if row.is_chosen else 1)
        picture.text((edge, height), row.label, size=BODY if row.is_chosen else SMALL, color=color,
                     limit=_WIDTH - edge - 8)


def _spread_down(places: Iterable[float]) -> list[float]:
    """Return heights at least a line apart, as near to the places as the picture's height lets them be."""
    heights: list[float] = []
    for place in places:
        heights.append(max(place, _TOP + 12) if not heights else max(place, heights[-1] + _LINE))
    surplus = max(0.0, heights[-1] - (_TOP + _SIDE)) if heights else 0.0
    for at in range(len(heights) - 1, -1, -1):
        ceiling = _TOP + _SIDE if at == len(heights) - 1 else heights[at + 1] - _LINE
        heights[at] = min(heights[at], ceiling) if surplus else heights[at]
    return heights
