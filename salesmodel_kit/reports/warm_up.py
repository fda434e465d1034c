"""What every notebook would do first, done once in the process that notebooks are forked from."""

from __future__ import annotations

import datetime as dt

import numpy as np
from PIL import Image

from salesmodel_kit.charts.layout import add_axes, draw_grid, finish, make_figure, set_ticks
from salesmodel_kit.charts.style import SMALL, chart_style, save_svg
from salesmodel_kit.charts.typeset import measure_width
from salesmodel_kit.language import LANGUAGES, Language
from salesmodel_kit.narrative.telling import compile_chapters

#: Sizes of letters in charts, in points.
_SIZES = np.arange(SMALL - 2, SMALL + 5, 0.5)


def warm_up() -> None:
    """Compile the chapters, write in both languages, find the faces, draw a chart; nothing of it hangs on a client."""
    compile_chapters()
    for code in LANGUAGES:
        language = Language(code, "EUR")
        language.enumerate([language.text(""), language.money(1.5), language.date(dt.date(2026, 1, 1))])
    for size in _SIZES:
        for weight in ("normal", "bold"):
            measure_width("0", float(size), weight)
    Image.preinit()
    _draw_one()


@chart_style()
def _draw_one() -> None:
    """Draw a little of everything that charts are made of."""
    figure, foot = make_figure(2.0, notes=["0"])
    axes = add_axes(figure, 1.0, foot + 0.5, right=8.0, top=foot + 1.9)
    axes.scatter([0, 1], [0, 1], rasterized=True)
    axes.barh([0, 1], [1, 2])
    axes.plot([0, 1], [1, 0], label="0")
    axes.fill_between([0, 1], [1, 0], alpha=0.5)
    axes.annotate("0", (0, 0), xytext=(2, 2), textcoords="offset points")
    draw_grid(axes, "x")
    set_ticks(axes, "x", ticks=[0, 1], words=str)
    axes.legend()
    save_svg(finish(figure))
