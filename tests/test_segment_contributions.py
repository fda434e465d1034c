import numpy as np
import pytest
from chart_facts import ENGLISH, FRENCH, assert_texts_apart, make_contributions, make_segments, n_bars, texts_of

from salesmodel_kit.charts.segment_contributions import draw_segment_contributions
from salesmodel_kit.charts.style import ACCENT
from salesmodel_kit.errors import SalesModelError


def test_draw_segment_contributions_has_a_bar_for_each_criterion_of_each_segment():
    segments = make_segments(5)

    figure = draw_segment_contributions(segments, make_contributions(segments), language=ENGLISH)

    assert len(figure.axes) == 2
    assert n_bars(figure, "contribution") == 2 * 5 * 4
    assert n_bars(figure, "score") == 2 * 5


def test_draw_segment_contributions_draws_all_bars_of_an_axis_on_one_scale():
    segments = make_segments(1)
    rows = make_contributions(segments, n_criteria=2).query("axis == 'attractiveness'")
    rows = rows.assign(contribution=[0.5, 0.25])

    figure = draw_segment_contributions(segments, rows, language=ENGLISH)

    long, short = [patch for patch in figure.axes[0].patches if patch.get_gid() == "contribution"]
    assert long.get_width() / short.get_width() == pytest.approx(2.0)


def test_draw_segment_contributions_marks_what_adds_most_in_the_accent_colour():
    segments = make_segments(3)

    figure = draw_segment_contributions(segments, make_contributions(segments), language=ENGLISH)

    is_accent = [np.allclose(patch.get_facecolor()[:3], [int(ACCENT[i : i + 2], 16) / 255 for i in (1, 3, 5)])
                 for patch in figure.axes[0].patches if patch.get_gid() == "contribution"]
    assert sum(is_accent) == 3


def test_draw_segment_contributions_writes_a_dash_for_what_is_missing():
    segments = make_segments(3)
    contributions = make_contributions(segments)
    contributions.loc[0, "contribution"] = np.nan

    figure = draw_segment_contributions(segments, contributions, language=ENGLISH)

    assert texts_of(figure).count("–") == 1


@pytest.mark.parametrize(("n", "n_criteria"), [(1, 1), (12, 4), (12, 7)])
def test_draw_segment_contributions_keeps_texts_apart(n, n_criteria):
    segments = make_segments(n)

    figure = draw_segment_contributions(segments, make_contributions(segments, n_criteria=n_criteria), language=FRENCH)

    assert_texts_apart(figure)


def test_draw_segment_contributions_leaves_its_tables_alone():
    segments = make_segments(4)
    contributions = make_contributions(segments)
    before = (segments.copy(deep=True), contributions.copy(deep=True))

    draw_segment_contributions(segments, contributions, language=ENGLISH)

    assert segments.equals(before[0])
    assert contributions.equals(before[1])


def test_draw_segment_contributions_refuses_an_empty_table():
    segments = make_segments(2)

    with pytest.raises(SalesModelError, match="Nothing to draw"):
        draw_segment_contributions(segments, make_contributions(segments).head(0), language=ENGLISH)
