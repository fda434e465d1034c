import numpy as np
import pandas as pd
import pytest
from chart_facts import ENGLISH, FRENCH, assert_texts_apart, make_reps, n_bars, texts_of

from salesmodel_kit.charts.rep_loads import draw_rep_loads
from salesmodel_kit.errors import SalesModelError


def widths_of(figure, gid):
    return [patch.get_width() for patch in figure.axes[0].patches if patch.get_gid() == gid]


def test_draw_rep_loads_splits_hours_at_the_capacity():
    figure = draw_rep_loads(make_reps(2), language=ENGLISH)

    assert widths_of(figure, "within") == pytest.approx([1_000, 800])
    assert widths_of(figure, "beyond") == pytest.approx([100])


def test_draw_rep_loads_groups_by_role():
    words = texts_of(draw_rep_loads(make_reps(9), language=ENGLISH))

    assert words.count("Field sales") == 1
    assert words.count("Inside sales") == 1


def test_draw_rep_loads_leaves_todays_accounts_out_where_they_are_not_known():
    reps = make_reps(3).assign(n_present_accounts=pd.array([pd.NA] * 3, dtype="Int64"))

    words = " ".join(texts_of(draw_rep_loads(reps, language=ENGLISH)))

    assert "today" not in words


def test_draw_rep_loads_draws_no_tick_without_selling_hours():
    reps = make_reps(3)
    reps.loc[1, ["selling_hours_per_year", "load"]] = np.nan

    figure = draw_rep_loads(reps, language=ENGLISH)

    (ticks,) = [found for found in figure.axes[0].collections if found.get_gid() == "capacity"]
    assert len(ticks.get_segments()) == 2
    assert n_bars(figure, "within") == 3
    assert "Reps whose selling hours are not known: 1." in texts_of(figure)


@pytest.mark.parametrize("n", [1, 13, 31, 60, 200])
def test_draw_rep_loads_keeps_texts_apart(n):
    assert_texts_apart(draw_rep_loads(make_reps(n), language=FRENCH))


def test_draw_rep_loads_draws_the_extremes_of_a_large_team():
    figure = draw_rep_loads(make_reps(200), language=ENGLISH)

    assert n_bars(figure, "within") == 40
    assert any("of 200" in words for words in texts_of(figure))


def test_draw_rep_loads_leaves_its_table_alone():
    reps = make_reps(12)
    before = reps.copy(deep=True)

    draw_rep_loads(reps, language=ENGLISH)

    assert reps.equals(before)


def test_draw_rep_loads_refuses_an_empty_team():
    with pytest.raises(SalesModelError, match="Nothing to draw"):
        draw_rep_loads(make_reps(1).head(0), language=ENGLISH)
