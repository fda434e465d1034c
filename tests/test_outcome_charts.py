"""Facts of the three charts on outcomes."""

import numpy as np
import pandas as pd
import pytest
from chart_facts import ENGLISH, FRENCH, HARD_NAMES, assert_texts_apart, texts_of

from salesmodel_kit.charts.back_test import draw_back_test
from salesmodel_kit.charts.calibration import draw_calibration
from salesmodel_kit.charts.outcome_weights import draw_outcome_weights
from salesmodel_kit.errors import SalesModelError

LANGUAGES = pytest.mark.parametrize("language", [ENGLISH, FRENCH], ids=["en", "fr"])


def make_weights(n=3):
    found = np.linspace(3, 1, n) / np.linspace(3, 1, n).sum()
    return pd.DataFrame({
        "criterion": [f"c{i}" for i in range(n)], "label": [f"{HARD_NAMES[i % 5]} {i}" for i in range(n)],
        "use": "used", "weight_declared": 1 / n, "weight_from_outcomes": found,
        "low": np.maximum(found - 0.1, 0), "high": found + 0.1})


def make_groups(n=10):
    predicted = np.linspace(0.1, 0.9, n)
    return pd.DataFrame({"group": range(1, n + 1), "n_deals": 50, "win_probability": predicted,
                         "win_rate": predicted**1.2,
                         "low": np.maximum(predicted - 0.14, 0), "high": np.minimum(predicted + 0.14, 1)})


def make_back_test(value=0.7, past=0.4, gold=0.2):
    places = np.linspace(0, 1, 101)
    curve = pd.DataFrame({"account_share": places, "by_value": np.interp(places, [0, gold, 1], [0, value, 1]),
                          "by_past_sales": np.interp(places, [0, gold, 1], [0, past, 1])})
    table = pd.DataFrame({"ranking": ["value", "past_sales", "difference"],
                          "later_sales_share": [value, past, value - past], "low": 0.0, "high": 1.0})
    return curve, table, gold


def draw_test(values, language=ENGLISH):
    curve, table, gold = values
    return draw_back_test(curve, table, gold_share=gold, language=language)


def lines_of(figure, gid):
    return [line for line in figure.axes[0].lines if line.get_gid() == gid]


def test_draw_outcome_weights_puts_both_weights_on_one_scale():
    figure = draw_outcome_weights(make_weights(), language=ENGLISH)

    assert [line.get_xdata()[0] for line in lines_of(figure, "from_outcomes")] == pytest.approx([0.5, 1 / 3, 1 / 6])
    assert [line.get_xdata()[0] for line in lines_of(figure, "in_force")] == pytest.approx([1 / 3] * 3)
    assert lines_of(figure, "interval")[0].get_xdata() == pytest.approx([0.4, 0.6])
    assert "50% (40% to 60%)" in texts_of(figure)


def test_draw_outcome_weights_leaves_out_criteria_without_a_weight():
    table = make_weights(4)
    table.loc[2, "weight_from_outcomes"] = np.nan

    assert len(lines_of(draw_outcome_weights(table, language=ENGLISH), "in_force")) == 3
    with pytest.raises(SalesModelError, match="draw_outcome_weights"):
        draw_outcome_weights(table.assign(weight_from_outcomes=np.nan), language=ENGLISH)


@LANGUAGES
@pytest.mark.parametrize("n", [1, 2, 6, 15])
def test_draw_outcome_weights_keeps_texts_apart(n, language):
    assert_texts_apart(draw_outcome_weights(make_weights(n), language=language))


def test_draw_calibration_draws_each_group_beside_the_exact_line():
    figure = draw_calibration(make_groups(), language=ENGLISH)

    (groups,), (exact,) = lines_of(figure, "group"), lines_of(figure, "exact")
    assert groups.get_xdata() == pytest.approx(np.linspace(0.1, 0.9, 10))
    assert list(exact.get_xdata()) == list(exact.get_ydata())
    assert figure.axes[0].get_xlim() == figure.axes[0].get_ylim()


@LANGUAGES
@pytest.mark.parametrize("n", [1, 2, 10])
def test_draw_calibration_keeps_texts_apart(n, language):
    assert_texts_apart(draw_calibration(make_groups(n), language=language))


def test_draw_back_test_marks_what_gold_holds():
    figure = draw_test(make_back_test())

    assert [line.get_ydata()[0] for line in lines_of(figure, "gold_holds")] == [0.7, 0.4]
    assert {"70%", "40%", "ranked by value", "ranked by past sales"} <= set(texts_of(figure))


@LANGUAGES
@pytest.mark.parametrize("values", [
    make_back_test(), make_back_test(0.5, 0.5), make_back_test(0.1, 0.9), make_back_test(0.02, 0.01, 0.01),
    make_back_test(1.0, 0.98, 0.97)], ids=["usual", "equal", "worse", "little gold", "much gold"])
def test_draw_back_test_keeps_texts_apart(values, language):
    assert_texts_apart(draw_test(values, language))


def test_draw_back_test_refuses_an_empty_curve():
    curve, table, gold = make_back_test()

    with pytest.raises(SalesModelError, match="draw_back_test"):
        draw_back_test(curve.head(0), table, gold_share=gold, language=ENGLISH)
