"""The strips of a year."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from chart_facts import ENGLISH, FRENCH, HARD_NAMES, assert_texts_apart, texts_of
from matplotlib.figure import Figure

from salesmodel_kit.charts.call_weeks import draw_call_weeks
from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.model.calendar import list_weeks
from salesmodel_kit.tables import CALL_WEEKS


def make_weeks(n_reps: int, *, year: int = 2026) -> tuple[pd.DataFrame, pd.Series]:
    """Return weeks of reps who are away in the second one, with a holiday in the third, and their names."""
    weeks = list_weeks(dt.date(year, 1, 1))
    rng = np.random.default_rng(1)
    rows = [(f"r{rep}", week, 0 if at == 1 else 5, int(at == 2), 0.0 if at == 1 else 18.0,
             0.0 if at == 1 else rng.uniform(0, 20), 8, 8, 100.0)
            for rep in range(n_reps) for at, week in enumerate(weeks)]
    table = pd.DataFrame(rows, columns=list(CALL_WEEKS.names))
    return table, pd.Series([HARD_NAMES[at % 5] for at in range(n_reps)], index=[f"r{at}" for at in range(n_reps)])


def list_cells(figure: Figure) -> list[tuple[tuple[float, float], tuple[float, ...]]]:
    """Return each cell's lower left corner (place, week) and colour, in the order of the strips."""
    drawn = [found for found in figure.axes[0].collections if found.get_gid() == "week"]
    return sorted(((path.vertices[0][1], path.vertices[0][0]), tuple(found.get_facecolor()[0]))
                  for found in drawn for path in found.get_paths())


def test_draw_call_weeks_draws_a_cell_for_every_week_with_a_working_day() -> None:
    figure = draw_call_weeks(*make_weeks(3), language=ENGLISH)

    assert len(list_cells(figure)) == 3 * 52
    assert sum(line.get_gid() == "away" for line in figure.axes[0].lines) == 3


def test_draw_call_weeks_marks_the_weeks_with_a_holiday() -> None:
    figure = draw_call_weeks(*make_weeks(3), language=ENGLISH)

    assert [text.get_position() for text in figure.axes[0].texts if text.get_gid() == "holiday"] == [(0, 5)]
    assert texts_of(figure).count("•") == 1


def test_draw_call_weeks_is_darker_where_the_week_is_fuller() -> None:
    table, names = make_weeks(1)
    table["hours"] = [0.0, 0.0, 9.0, 17.0, 18.0, 19.0, *[0.0] * 47]

    cells = list_cells(draw_call_weeks(table, names, language=ENGLISH))

    light = [sum(color[:3]) for _, color in cells[1:5]]
    assert light == sorted(light, reverse=True)
    assert len(set(light)) == 3  # 17 and 18 of 18 hours are the same step


@pytest.mark.parametrize("n_reps", [1, 16, 30, 60])
@pytest.mark.parametrize("language", [ENGLISH, FRENCH], ids=["en", "fr"])
def test_draw_call_weeks_keeps_texts_apart(n_reps: int, language: object) -> None:
    assert_texts_apart(draw_call_weeks(*make_weeks(n_reps), language=language))


def test_draw_call_weeks_draws_the_busiest_of_a_large_team() -> None:
    figure = draw_call_weeks(*make_weeks(40), language=ENGLISH)

    assert len(list_cells(figure)) == 30 * 52
    assert any("of 40" in words for words in texts_of(figure))


def test_draw_call_weeks_leaves_its_table_alone() -> None:
    table, names = make_weeks(2)
    before = table.copy(deep=True)

    draw_call_weeks(table, names, language=ENGLISH)

    pd.testing.assert_frame_equal(table, before)


def test_draw_call_weeks_refuses_an_empty_table() -> None:
    table, names = make_weeks(1)

    with pytest.raises(SalesModelError, match="Nothing to draw"):
        draw_call_weeks(table.head(0), names, language=ENGLISH)
