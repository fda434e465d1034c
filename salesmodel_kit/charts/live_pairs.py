"""Two states of one client, measure by measure, fast enough to be drawn while the room looks on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from salesmodel_kit.charts.live import BODY, SMALL, Picture, Scale
from salesmodel_kit.charts.style import ACCENT, GREY, INK, LIGHT_GREY, MID_GREY

_WIDTH, _LEFT, _RIGHT, _ROW, _HEAD, _BAR = 1080.0, 400.0, 790.0, 66.0, 44.0, 22.0


@dataclass(frozen=True)
class Pair:
    """A measure in two states.

    Parameters
    ----------
    name : str
        At the left.
    amounts : tuple of float or None
        0 or more; None: not known.
    said : tuple of str
        The two amounts as written.
    difference : str
        What is said between them, at the right.
    """

    name: str
    amounts: tuple[float | None, float | None]
    said: tuple[str, str]
    difference: str


def draw_live_pairs(pairs: Sequence[Pair], *, names: tuple[str, str], alt: str) -> str:
    """Draw two bars for each measure, the first state above the second, each measure to its own scale.

    Parameters
    ----------
    pairs : sequence of Pair
        Top to bottom.
    names : tuple of str
        Of the two states.
    alt : str
        For those who cannot see the picture.

    Returns
    -------
    str
        SVG.
    """
    picture = Picture(_WIDTH, _HEAD + _ROW * len(pairs) + 6)
    for at, (name, color) in enumerate(zip(names, (MID_GREY, ACCENT), strict=True)):
        left = 10 + at * _WIDTH / 2
        picture.box((left, 8), (20, 20), color=color)
        picture.text((left + 30, 19), name, size=BODY, limit=_WIDTH / 2 - 50)
    for at, pair in enumerate(pairs):
        _draw_pair(picture, pair, top=_HEAD + at * _ROW)
    return picture.render(alt)


def _draw_pair(picture: Picture, pair: Pair, *, top: float) -> None:
    highest = max((amount for amount in pair.amounts if amount is not None), default=0.0)
    across = Scale(0, highest, _LEFT, _RIGHT)
    picture.line([(10, top), (_WIDTH - 10, top)], color=LIGHT_GREY, width=1)
    picture.text((_LEFT - 14, top + 33), pair.name, size=BODY, anchor="end", limit=_LEFT - 24)
    for row, (amount, said, color) in enumerate(zip(pair.amounts, pair.said, (MID_GREY, ACCENT), strict=True)):
        upper, end = top + 9 + row * (_BAR + 4), _LEFT
        if amount is not None:
            end = float(across.at(amount)) if highest else _LEFT
            picture.box((_LEFT, upper), (max(end - _LEFT, 2), _BAR), color=color)
        picture.text((end + 8, upper + _BAR / 2), said, size=SMALL, color=INK if amount is not None else GREY,
                     limit=130)
    picture.text((_WIDTH - 12, top + 33), pair.difference, size=BODY, anchor="end", limit=150)
