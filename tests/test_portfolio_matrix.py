import numpy as np
import pytest
from chart_facts import ENGLISH, FRENCH, HARD_NAMES, assert_texts_apart, make_segments, n_offsets, texts_of

from salesmodel_kit.charts.portfolio_matrix import draw_portfolio_matrix
from salesmodel_kit.charts.style import save_svg
from salesmodel_kit.errors import SalesModelError


def bubbles_of(figure):
    return [found for found in figure.axes[0].collections if found.get_gid() == "bubbles"]


def test_draw_portfolio_matrix_has_a_bubble_and_a_slice_for_each_segment():
    figure = draw_portfolio_matrix(make_segments(7), language=ENGLISH)

    assert n_offsets(figure, "bubbles") == 7
    assert n_offsets(figure, "slice") == 7


def test_draw_portfolio_matrix_makes_areas_proportional_to_sizes():
    segments = make_segments(2).assign(size_per_year=[4e6, 1e6])

    large, small = bubbles_of(draw_portfolio_matrix(segments, language=ENGLISH))

    assert large.get_sizes()[0] / small.get_sizes()[0] == pytest.approx(4.0)


def test_draw_portfolio_matrix_places_strength_across_and_attractiveness_up():
    segments = make_segments(1).assign(competitive_strength=0.9, attractiveness=0.2)

    (bubble,) = bubbles_of(draw_portfolio_matrix(segments, language=ENGLISH))

    assert np.asarray(bubble.get_offsets()).tolist() == [[0.9, 0.2]]


@pytest.mark.parametrize("seed", range(12))
def test_draw_portfolio_matrix_labels_twelve_segments_apart(seed):
    segments = make_segments(12, seed=seed)

    figure = draw_portfolio_matrix(segments, language=FRENCH)

    assert_texts_apart(figure)
    assert sum(" · " in words for words in texts_of(figure)) == 12


def test_draw_portfolio_matrix_labels_the_largest_of_many():
    figure = draw_portfolio_matrix(make_segments(30), language=ENGLISH)

    assert n_offsets(figure, "bubbles") == 30
    assert sum(" · " in words for words in texts_of(figure)) == 12
    assert_texts_apart(figure)


def test_draw_portfolio_matrix_says_which_segments_are_not_placed():
    segments = make_segments(3).assign(label=["Hospitals", "Schools", "Shops"])
    segments.loc[0, "attractiveness"] = np.nan
    segments.loc[1, ["size_per_year", "market_share"]] = np.nan

    figure = draw_portfolio_matrix(segments, language=ENGLISH)

    words = texts_of(figure)
    assert "Not placed, not enough known: Hospitals." in words
    assert "Open ring, size of the market not known: Schools." in words
    assert "size not known" in words
    assert n_offsets(figure, "bubbles") == 2
    assert n_offsets(figure, "slice") == 1


def test_draw_portfolio_matrix_draws_names_as_they_are_written():
    segments = make_segments(5).assign(label=[name[:25] for name in HARD_NAMES])

    drawn = " ".join(texts_of(draw_portfolio_matrix(segments, language=ENGLISH)))

    assert all(name in drawn for name in HARD_NAMES[:4])


def test_draw_portfolio_matrix_writes_ticks_in_french():
    axes = draw_portfolio_matrix(make_segments(2), language=FRENCH).axes[0]

    assert [tick.get_text() for tick in axes.get_xticklabels()] == ["0", "0,33", "0,67", "1"]


def test_draw_portfolio_matrix_leaves_its_table_alone():
    segments = make_segments(6)
    before = segments.copy(deep=True)

    draw_portfolio_matrix(segments, language=ENGLISH)

    assert segments.equals(before)


def test_draw_portfolio_matrix_gives_the_same_bytes_twice():
    one, other = (save_svg(draw_portfolio_matrix(make_segments(9), language=FRENCH)) for _ in range(2))

    assert one == other


def test_draw_portfolio_matrix_copes_without_any_size_or_place():
    segments = make_segments(3).assign(size_per_year=np.nan, market_share=np.nan, attractiveness=[np.nan, np.nan, 0.5])

    figure = draw_portfolio_matrix(segments, language=ENGLISH)

    assert n_offsets(figure, "bubbles") == 1
    assert n_offsets(figure, "slice") == 0


def test_draw_portfolio_matrix_refuses_an_empty_table():
    with pytest.raises(SalesModelError, match="Nothing to draw"):
        draw_portfolio_matrix(make_segments(2).head(0), language=ENGLISH)


def test_draw_portfolio_matrix_tells_the_postures_apart_in_grey_too():
    segments = make_segments(3).assign(posture=["invest", "select", "harvest"], size_per_year=[3e6, 2e6, 1e6])

    bubbles = bubbles_of(draw_portfolio_matrix(segments, language=ENGLISH))

    grey = sorted(float(bubble.get_facecolor()[0, :3] @ [0.299, 0.587, 0.114]) for bubble in bubbles)
    assert min(np.diff(grey)) > 0.03
