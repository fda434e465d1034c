import io

import matplotlib as mpl
import numpy as np
import pytest

from salesmodel_kit.charts import lettering
from salesmodel_kit.charts.layout import add_axes, make_figure
from salesmodel_kit.charts.style import RASTER_DPI, chart_style

WORDS = ["Gold", "Gold", "1\u202f234 €", "two\nlines", "R$D_2 ∑ œ", "", "Gold — AVATAR"]


def draw():
    with chart_style():
        figure, foot = make_figure(2.0, notes=["A note under the chart."])
        axes = add_axes(figure, 0.5, foot + 0.5, right=8.5, top=foot + 1.9)
        axes.plot(np.arange(5), label="Gold")
        axes.scatter(np.arange(500), np.arange(500), rasterized=True)
        for place, word in enumerate(WORDS):
            axes.text(place, 1, word, rotation=30 * place, fontsize=8 + place, weight="bold" if place % 2 else "normal")
        axes.legend()
    return figure


def save(**settings):
    buffer = io.BytesIO()
    with chart_style():
        draw().savefig(buffer, format="svg", dpi=RASTER_DPI, metadata={"Date": None, "Creator": None}, **settings)
    return buffer.getvalue()


def test_canvas_draws_the_bytes_of_matplotlib():
    ours = "module://salesmodel_kit.charts.lettering"

    assert save(backend=ours) == save() == save(backend=ours)  # the second time the words are known


def test_canvas_takes_what_matplotlib_says_of_the_page():
    ours, own = (save(facecolor="#fedcba", **backend) for backend in (
        {"backend": "module://salesmodel_kit.charts.lettering"}, {}))

    assert ours == own
    assert b"#fedcba" in ours


def test_lettering_tells_sizes_and_weights_apart():
    fonts = [mpl.font_manager.FontProperties(size=size, weight=weight) for size in (8, 16) for weight in (400, 700)]

    widths = [lettering.LETTERING.get_text_width_height_descent("Gold", font, False)[0] for font in fonts]

    assert len(set(widths)) == 4
    assert widths[2] == pytest.approx(2 * widths[0])


def test_lettering_begins_anew_when_it_knows_too_much(monkeypatch):
    monkeypatch.setattr(lettering, "_MOST", 3)
    letters, font = lettering.Lettering(), mpl.font_manager.FontProperties(size=9)

    widths = [letters.get_text_width_height_descent(word, font, False) for word in "abcdefab"]

    assert len(letters._sizes) <= 3
    assert widths[:2] == widths[-2:]
