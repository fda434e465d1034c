import re

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from salesmodel_kit.charts import style
from salesmodel_kit.charts.style import TIER_LOOKS, chart_style, save_svg

# Machado, Oliveira & Fernandes 2009, deuteranopia, severity 1.0, for linear RGB.
DEUTERANOPIA = np.array(
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]])
TIERS = ("gold", "silver", "bronze")


def linear(colour):
    channels = np.array(to_rgb(colour))
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def luminance(colour, matrix=None):
    channels = linear(colour) if matrix is None else np.clip(matrix @ linear(colour), 0, 1)
    return float(channels @ [0.2126, 0.7152, 0.0722])


def lightness(colour, matrix=None):
    return 116 * np.cbrt(luminance(colour, matrix)) - 16


def contrast(colour, other="#ffffff"):
    high, low = sorted((luminance(colour), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def draw_points(n=3):
    with chart_style():
        figure = Figure(figsize=(4, 3))
        FigureCanvasAgg(figure)
        axes = figure.add_subplot()
        axes.scatter(np.arange(n), np.arange(n) % 7, rasterized=n > style.VECTOR_POINTS)
        axes.set_xlabel("R$D_2 & $ud")
    return figure


@pytest.mark.parametrize("matrix", [None, DEUTERANOPIA], ids=["grey print", "deuteranopia"])
def test_tier_looks_differ_in_lightness_by_fifteen_steps(matrix):
    gold, silver, bronze = (lightness(TIER_LOOKS[tier].fill, matrix) for tier in TIERS)

    assert gold - silver > 15
    assert silver - bronze > 15


def test_tier_looks_differ_in_marker():
    assert len({look.marker for look in TIER_LOOKS.values()}) == len(TIER_LOOKS)


@pytest.mark.parametrize("tier", TIER_LOOKS)
def test_tier_looks_have_an_outline_that_stands_out_from_white(tier):
    assert contrast(TIER_LOOKS[tier].edge) > 3


@pytest.mark.parametrize("colour", [style.INK, style.GREY, style.ACCENT])
def test_colours_of_text_are_readable_on_white(colour):
    assert contrast(colour) > 4.5


def test_accent_differs_from_grey_in_grey_print():
    assert abs(lightness(style.ACCENT) - lightness(style.MID_GREY)) > 20


def test_chart_style_leaves_the_settings_of_the_caller_alone():
    before = dict(mpl.rcParams)

    with chart_style():
        assert mpl.rcParams["text.parse_math"] is False

    assert dict(mpl.rcParams) == before


def test_save_svg_gives_the_same_bytes_twice():
    assert save_svg(draw_points()) == save_svg(draw_points())


def test_save_svg_names_neither_date_nor_program():
    svg = save_svg(draw_points()).decode()

    assert "dc:date" not in svg
    assert "Matplotlib v" not in svg


def test_save_svg_leaves_the_figure_as_it_was():
    figure = draw_points()
    before = (figure.dpi, tuple(figure.get_size_inches()), type(figure.canvas))

    save_svg(figure)

    assert (figure.dpi, tuple(figure.get_size_inches()), type(figure.canvas)) == before


def test_save_svg_keeps_a_dense_collection_small():
    svg = save_svg(draw_points(20_000))

    assert len(svg) < 150_000
    assert len(re.findall(rb"<image", svg)) == 1
