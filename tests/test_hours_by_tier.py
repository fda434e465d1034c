import numpy as np
import pytest
from chart_facts import (
    ENGLISH,
    FRENCH,
    assert_texts_apart,
    make_scores,
    make_tier_summary,
    make_tiers,
    n_bars,
    texts_of,
)

from salesmodel_kit.charts.hours_by_tier import draw_hours_by_tier
from salesmodel_kit.errors import SalesModelError


def summary():
    return make_tier_summary(make_tiers(make_scores(200)))


def widths_of(figure, gid):
    return [patch.get_width() for patch in figure.axes[0].patches if patch.get_gid() == gid]


def test_draw_hours_by_tier_draws_shares_of_hours():
    figure = draw_hours_by_tier(summary(), language=ENGLISH)

    assert widths_of(figure, "present") == pytest.approx([0.2, 0.2, 0.6])
    assert widths_of(figure, "recommended") == pytest.approx([0.5, 0.3, 0.2])
    assert "60% · 6,000\u00a0h" in texts_of(figure)


def test_draw_hours_by_tier_marks_the_share_of_potential():
    table = summary()

    figure = draw_hours_by_tier(table, language=ENGLISH)

    marks = [line.get_xdata()[0] for line in figure.axes[0].lines if line.get_gid() == "potential_share"]
    assert marks == pytest.approx(table["potential_share"].tolist())


def test_draw_hours_by_tier_draws_recommended_hours_alone_where_none_are_recorded():
    table = summary().assign(present_hours_share=np.nan, present_hours_per_year=np.nan)

    figure = draw_hours_by_tier(table, language=ENGLISH)

    assert n_bars(figure, "present") == 0
    assert n_bars(figure, "recommended") == 3
    assert "Hours now" not in texts_of(figure)


@pytest.mark.parametrize("share", [0.0, 0.04, 0.19, 0.205, 0.31, 0.5, 0.61, 0.9, np.nan])
def test_draw_hours_by_tier_keeps_labels_off_the_marks(share):
    figure = draw_hours_by_tier(summary().assign(potential_share=share), language=FRENCH)

    assert_texts_apart(figure)
    axes, renderer = figure.axes[0], figure.canvas.get_renderer()
    for line in (line for line in axes.lines if line.get_gid() == "potential_share"):
        mark = line.get_window_extent(renderer)
        for text in (text for text in axes.texts if " · " in text.get_text()):
            box = text.get_window_extent(renderer)
            is_beside = box.y1 < mark.y0 or box.y0 > mark.y1
            assert is_beside or not box.x0 < (mark.x0 + mark.x1) / 2 < box.x1


def test_draw_hours_by_tier_leaves_its_table_alone():
    table = summary()
    before = table.copy(deep=True)

    draw_hours_by_tier(table, language=ENGLISH)

    assert table.equals(before)


def test_draw_hours_by_tier_refuses_tiers_without_hours():
    table = summary().assign(present_hours_share=np.nan, recommended_hours_share=np.nan)

    with pytest.raises(SalesModelError, match="Nothing to draw"):
        draw_hours_by_tier(table, language=ENGLISH)
