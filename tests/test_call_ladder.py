import numpy as np
import pandas as pd
import pytest
from chart_facts import ENGLISH, FRENCH, assert_texts_apart, n_bars, texts_of

from salesmodel_kit.charts.call_ladder import draw_call_ladder
from salesmodel_kit.errors import SalesModelError


def plan(frequencies, channels):
    return pd.DataFrame({"account": [f"a{i}" for i in range(len(frequencies))], "calls_per_year": frequencies,
                         "channel": pd.Series(channels, dtype="str")})


def bars_of(figure, gid):
    return [(round(patch.get_y() + patch.get_height() / 2), patch.get_width())
            for patch in figure.axes[0].patches if patch.get_gid() == gid]


def test_draw_call_ladder_puts_each_frequency_on_its_rung():
    calls = plan([24.0, 23.9999999, 23.9, 12, 6, 4, 3.9, 0.0], ["field"] * 8)

    rungs = bars_of(draw_call_ladder(calls, language=ENGLISH), "field")

    widths = np.array([width for _, width in rungs])
    assert [rung for rung, _ in rungs] == [0, 1, 3, 4, 5, 6]
    assert widths / widths.min() == pytest.approx([2, 2, 1, 1, 1, 1])


def test_draw_call_ladder_has_a_column_for_each_channel_in_use():
    words = texts_of(draw_call_ladder(plan([12.0, 4.0], ["marketing", "inside"]), language=ENGLISH))

    assert "Marketing" in words
    assert "Field visits" not in words


def test_draw_call_ladder_counts_accounts_without_a_plan():
    figure = draw_call_ladder(plan([12.0, np.nan], ["field", "field"]), language=ENGLISH)

    assert "Accounts without a plan: 1." in texts_of(figure)
    assert n_bars(figure, "field") == 1


def test_draw_call_ladder_keeps_accounts_that_nobody_calls_on():
    figure = draw_call_ladder(plan([12.0, 0.0], ["field", None]), language=ENGLISH)

    assert bars_of(figure, "nobody")[0][0] == 6


def test_draw_call_ladder_calls_ten_contacts_a_year_every_five_weeks():
    # 52 / 10 = 5.2 weeks, not two months.
    figure = draw_call_ladder(plan([10.0, 9.0, 8.9], ["inside"] * 3), language=ENGLISH)

    assert [rung for rung, _ in bars_of(figure, "inside")] == [2, 3]
    assert "Every five or six weeks" in texts_of(figure)


@pytest.mark.parametrize("n_channels", [1, 3, 5])
def test_draw_call_ladder_keeps_texts_apart(n_channels):
    channels = ["field", "inside", "partner", "customer_success", "marketing"][:n_channels]
    rng = np.random.default_rng(4)
    calls = plan(rng.choice([24.0, 12.0, 6.0, 4.0, 1.0, 0.0], 20_000), rng.choice(channels, 20_000))

    assert_texts_apart(draw_call_ladder(calls, language=FRENCH))


def test_draw_call_ladder_leaves_its_table_alone():
    calls = plan([12.0, 4.0], ["field", "inside"])
    before = calls.copy(deep=True)

    draw_call_ladder(calls, language=ENGLISH)

    assert calls.equals(before)


def test_draw_call_ladder_refuses_an_empty_plan():
    with pytest.raises(SalesModelError, match="Nothing to draw"):
        draw_call_ladder(plan([np.nan], ["field"]), language=ENGLISH)
