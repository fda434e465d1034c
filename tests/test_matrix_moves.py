"""Arrows and ellipses on the portfolio matrix: drawn where known, and only then said."""

import numpy as np
import pandas as pd
import pytest
from chart_facts import ENGLISH, FRENCH, assert_texts_apart, make_segments, texts_of
from matplotlib.patches import Ellipse, FancyArrowPatch

from salesmodel_kit.charts.portfolio_matrix import draw_portfolio_matrix

NAN = float("nan")


def place(segments, when, rows):
    """Return the segments with positions (attractiveness, strength) in their first rows."""
    filled = [*rows, *[(NAN, NAN)] * (len(segments) - len(rows))]
    return segments.assign(**{f"{when}_attractiveness": [row[0] for row in filled],
                              f"{when}_competitive_strength": [row[1] for row in filled]})


def make_dispersion(segments, *, n=None, length=0.1):
    names = segments["segment"].head(n if n is not None else len(segments))
    return pd.DataFrame({
        "segment": names, "n_raters": 5, "attractiveness": segments["attractiveness"],
        "competitive_strength": segments["competitive_strength"], "ellipse_length": length, "ellipse_width": 0.05,
        "ellipse_angle": 30.0})


def arrows_of(figure, when):
    return [patch for patch in figure.findobj(FancyArrowPatch) if patch.get_gid() == f"{when}-arrow"]


def ellipses_of(figure):
    return [patch for patch in figure.findobj(Ellipse) if patch.get_gid() == "ellipse"]


def notes_of(figure):
    return " ".join(texts_of(figure))


def test_draw_portfolio_matrix_draws_neither_arrow_nor_ellipse_of_what_is_unknown():
    figure = draw_portfolio_matrix(make_segments(5), language=ENGLISH)

    assert arrows_of(figure, "past") + arrows_of(figure, "target") + ellipses_of(figure) == []
    assert "arrow" not in notes_of(figure)
    assert "ellipse" not in notes_of(figure)


def test_draw_portfolio_matrix_draws_an_arrow_from_the_past_to_the_rim_of_the_bubble():
    segments = make_segments(1).assign(attractiveness=0.8, competitive_strength=0.8)

    figure = draw_portfolio_matrix(place(segments, "past", [(0.2, 0.3)]), language=ENGLISH)

    (arrow,) = arrows_of(figure, "past")
    (start, end) = arrow._posA_posB
    assert np.hypot(start[0] - 0.3, start[1] - 0.2) < 0.02
    assert 0.3 < end[0] < 0.8
    assert 0.2 < end[1] < 0.8
    assert "Grey arrow" in notes_of(figure)
    assert "Blue arrow" not in notes_of(figure)


def test_draw_portfolio_matrix_ends_the_arrow_at_the_target():
    segments = make_segments(1).assign(attractiveness=0.2, competitive_strength=0.2)

    figure = draw_portfolio_matrix(place(segments, "target", [(0.6, 0.9)]), language=ENGLISH)

    (arrow,) = arrows_of(figure, "target")
    assert arrow._posA_posB[1] == pytest.approx((0.9, 0.6))
    assert "Blue arrow" in notes_of(figure)


def test_draw_portfolio_matrix_draws_no_arrow_within_the_bubble():
    segments = make_segments(1).assign(attractiveness=0.5, competitive_strength=0.5)

    figure = draw_portfolio_matrix(place(segments, "target", [(0.5, 0.51)]), language=ENGLISH)

    assert arrows_of(figure, "target") == []


def test_draw_portfolio_matrix_centres_ellipses_on_the_raters():
    segments = make_segments(4)
    dispersion = make_dispersion(segments, n=3).assign(attractiveness=0.4, competitive_strength=0.6)

    figure = draw_portfolio_matrix(segments, dispersion, language=ENGLISH)

    drawn = ellipses_of(figure)
    assert [tuple(ellipse.center) for ellipse in drawn] == [(0.6, 0.4)] * 3
    assert {(ellipse.width, ellipse.height, ellipse.angle) for ellipse in drawn} == {(0.2, 0.1, 30.0)}
    assert "half of the raters" in notes_of(figure)


def test_draw_portfolio_matrix_draws_no_ellipse_of_few_raters_or_of_a_segment_without_a_place():
    segments = make_segments(3)
    segments.loc[0, "attractiveness"] = NAN
    dispersion = make_dispersion(segments)
    dispersion.loc[1, ["ellipse_length", "ellipse_width", "ellipse_angle"]] = NAN

    figure = draw_portfolio_matrix(segments, dispersion, language=ENGLISH)

    assert len(ellipses_of(figure)) == 1


@pytest.mark.parametrize("seed", range(6))
def test_draw_portfolio_matrix_keeps_labels_apart_with_arrows_and_ellipses(seed):
    rng = np.random.default_rng(seed)
    segments = make_segments(10, seed=seed)
    for when in ("past", "target"):
        segments = place(segments, when, [tuple(pair) for pair in rng.random((10, 2))])

    figure = draw_portfolio_matrix(segments, make_dispersion(segments, length=0.07), language=FRENCH)

    assert_texts_apart(figure)
    assert sum(" · " in words for words in texts_of(figure)) == 10
    assert len(ellipses_of(figure)) == 10
