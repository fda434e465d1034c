"""What effort brings, as a curve through four answers, fast enough to follow a slider."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from salesmodel_kit.charts.live import SMALL, Picture, Scale, draw_frame, find_look
from salesmodel_kit.charts.style import ACCENT, GREY, INK
from salesmodel_kit.language import Language

_WIDTH, _HEIGHT = 900.0, 480.0
_EFFORTS = (0.0, 0.5, 1.0, 1.5, 2.0)


def draw_live_response(
    efforts: np.ndarray, sales: np.ndarray, *, answers: Sequence[tuple[float, float]], tier: str, language: Language,
) -> str:
    """Draw sales against effort, both as multiples of today's.

    Parameters
    ----------
    efforts, sales : ndarray (n_points,)
        The curve.
    answers : sequence of (float, float)
        Effort and sales that the room answered; today is (1, 1).
    tier : str
        Whose marker the answers have.
    language : Language
        Words and numbers.

    Returns
    -------
    str
        SVG.
    """
    picture = Picture(_WIDTH, _HEIGHT)
    top = max(2.0, float(np.max(sales)) * 1.08, *(at for _, at in answers))
    across, up = Scale(0, float(efforts[-1]), 80, _WIDTH - 30), Scale(0, top, _HEIGHT - 82, 14)
    ticks = [(effort, language.number(effort, 1)) for effort in _EFFORTS if effort <= efforts[-1]]
    levels = [(level, language.number(level, 1)) for level in np.arange(0, top, 0.5 if top <= 4 else 2)]
    draw_frame(picture, across, up, ticks=ticks, levels=levels)
    picture.line([(across.at(1), up.start), (across.at(1), up.end)], color="#cdd2d7", width=1.5)
    picture.line(zip(across.at(efforts), up.at(sales), strict=True), color=ACCENT, width=4)
    for effort, multiple in answers:
        picture.mark((across.at(effort), up.at(multiple)), find_look(tier))
        place = (across.at(effort) + 14, up.at(multiple) + 22)
        picture.text(place, language.number(multiple, 2), size=SMALL, color=INK)
    picture.text(((across.start + across.end) / 2, _HEIGHT - 22),
                 language.text("Hours, as a multiple of today's; up: sales, as a multiple of today's"), size=SMALL,
                 anchor="middle", color=GREY)
    return picture.render(language.text("What effort brings, by the room's answers"))
