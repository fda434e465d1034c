"""Facts of the curve of sizes."""

import pandas as pd
import pytest

from salesmodel_kit.charts.size_curve import draw_size_curve
from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.language import Language

SIZES = pd.DataFrame({"n_reps": [5.0, 7.5, 10.0, 15.0, 20.0], "profit_per_year": [80.0, 110.0, 100.0, 70.0, 10.0]})


def draw(sizes=SIZES, n_reps=10.0):
    return draw_size_curve(sizes, n_reps=n_reps, low=7.0, high=8.0, language=Language("fr")).axes[0]


def find(axes, gid):
    return next(artist for artist in [*axes.lines, *axes.patches] if artist.get_gid() == gid)


def test_draw_size_curve_marks_today_the_best_and_the_range():
    axes = draw()

    assert find(axes, "best").get_xdata().tolist() == [7.5]
    assert find(axes, "today").get_xydata().tolist() == [[10.0, 100.0]]
    assert find(axes, "range").get_x() == 7.0


def test_draw_size_curve_marks_once_what_is_best_today():
    gids = [line.get_gid() for line in draw(n_reps=7.5).lines]

    assert "today" in gids
    assert "best" not in gids


def test_draw_size_curve_refuses_an_empty_table():
    with pytest.raises(SalesModelError, match="Nothing to draw"):
        draw(SIZES.head(0))
