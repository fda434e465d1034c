import numpy as np
import pandas as pd
import pytest
from chart_facts import ENGLISH, FRENCH

from salesmodel_kit.charts.layout import known, make_figure, name_some, nice_ticks, require_rows
from salesmodel_kit.errors import SalesModelError


def test_make_figure_grows_by_its_notes():
    plain, nothing = make_figure(4.0)
    noted, foot = make_figure(4.0, notes=["One sentence.", "Another sentence."])

    assert nothing == 0
    assert noted.get_size_inches()[1] == pytest.approx(4.0 + foot)
    assert [text.get_text() for text in noted.texts] == ["Another sentence.", "One sentence."]
    assert plain.get_size_inches().tolist() == [9.0, 4.0]


def test_nice_ticks_are_round_and_reach_no_further_than_the_end():
    assert nice_ticks(1_040.0).tolist() == [0, 200, 400, 600, 800, 1_000]


@pytest.mark.parametrize("high", [0.0, float("nan"), -3.0])
def test_nice_ticks_gives_some_ticks_where_there_is_no_end(high):
    assert nice_ticks(high)[0] == 0


def test_known_turns_missing_integers_into_nan():
    numbers = known(pd.Series([1, None], dtype="Int64"))

    assert numbers[0] == 1.0
    assert np.isnan(numbers[1])


def test_require_rows_refuses_an_empty_table():
    with pytest.raises(SalesModelError, match="draw_value_map"):
        require_rows(pd.DataFrame({"a": []}), "draw_value_map")


def test_name_some_counts_the_rest():
    assert name_some(["a", "b", "c", "d"], language=ENGLISH, most=2) == "a, b and 2 others"


def test_name_some_lists_in_the_language():
    assert name_some(["a", "b"], language=FRENCH) == "a et b"
