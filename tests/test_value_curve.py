import xml.etree.ElementTree as ET

import pytest

from salesmodel_kit.charts.value_curve import draw_value_curve

SVG = "{http://www.w3.org/2000/svg}"


def read_places(picture):
    line = ET.fromstring(picture).find(f"{SVG}polyline")
    return [tuple(float(part) for part in pair.split(",")) for pair in line.get("points").split()]


def test_draw_value_curve_runs_from_low_to_high_and_up_where_the_value_rises():
    places = read_places(draw_value_curve([(0.0, 0.0), (8.0, 0.1), (25.0, 1.0)], steps=False))

    assert [x for x, _ in places] == sorted(x for x, _ in places)
    assert [y for _, y in places] == sorted((y for _, y in places), reverse=True)
    assert (places[1][0] - places[0][0]) / (places[2][0] - places[0][0]) == pytest.approx(8 / 25, abs=0.01)


def test_draw_value_curve_draws_a_bar_for_each_category():
    bars = ET.fromstring(draw_value_curve([(0.0, 0.0), (1.0, 0.5), (2.0, 1.0)], steps=True)).findall(f"{SVG}rect")

    assert [float(bar.get("height")) for bar in bars] == [0.0, 8.0, 16.0]


def test_draw_value_curve_copes_with_one_category():
    assert b"<rect" in draw_value_curve([(0.0, 0.4)], steps=True)
