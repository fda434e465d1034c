"""Cost to serve and the break-even of visits: the tables and the facts of their picture."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesmodel_kit.charts.break_even import draw_break_even
from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.language import Language
from salesmodel_kit.model.costs import (
    BreakEven,
    CostRules,
    choose_channels,
    cost_accounts,
    find_break_even,
    measure_hour_costs,
    summarize_costs,
)
from salesmodel_kit.tables import ACCOUNT_COSTS, CHANNEL_CHOICE, TIER_COSTS, make_schema

NAN = float("nan")
PRICES = {"field": 100.0, "inside": 40.0}
RULES = CostRules(PRICES, cost_per_km=0.5, margin_rate=0.4, visit_gain_share=0.25)
NORMS = pd.DataFrame(
    {
        "tier": ["gold", "silver", "bronze"],
        "channel": ["field", "inside", "marketing"],
        "calls_per_year": [10.0, 4.0, 2.0],
    }
)
CHANNELS = pd.DataFrame(
    {
        "channel": ["field", "inside", "marketing"],
        "hours_per_call": [1.5, 0.5, 0.0],
        "travel_hours_per_call": [0.5, 0.0, 0.0],
        "next_channel": ["inside", "marketing", None],
    }
)


def make_tiers(tier=("gold", "silver", "bronze"), sales=(100_000.0, 0.0, NAN)):
    return pd.DataFrame(
        {
            "account": pd.Series([f"a{number}" for number in range(len(tier))], dtype="str"),
            "tier": pd.Series(tier, dtype="str"),
            "sales_per_year": np.array(sales, dtype=float),
        }
    )


def make_effort(hours, channel, visits):
    return pd.DataFrame(
        {
            "hours_per_year": np.array(hours, dtype=float),
            "channel": pd.Series(channel, dtype="str"),
            "visits_per_year": np.array(visits, dtype=float),
        }
    )


def make_travel(km):
    return pd.DataFrame({"travel_km_per_call": np.array(km, dtype=float)})


def test_measure_hour_costs_leaves_out_who_has_no_hours_or_no_known_cost():
    reps = pd.DataFrame(
        {
            "role": ["field", "field", "field", "inside"],
            "cost_per_year": [80_000.0, 90_000.0, NAN, 50_000.0],
            "selling_hours_per_year": [800.0, 0.0, 900.0, 1_000.0],
        }
    )

    assert measure_hour_costs(reps) == {"field": 100.0, "inside": 50.0}


def test_cost_accounts_adds_hours_and_kilometers():
    effort = make_effort([20, 2, 0], ["field", "inside", "marketing"], [10, 0, 0])

    costs = cost_accounts(make_tiers(), effort, make_travel([30, NAN, 5]), rules=RULES)

    # 20 h x 100 + 10 visits x 30 km x .5; 2 h x 40; marketing takes neither
    assert costs["cost_to_serve_per_year"].tolist() == [2_150.0, 80.0, 0.0]
    np.testing.assert_array_equal(costs["contribution_after_cost_per_year"], [40_000 - 2_150, -80, NAN])
    make_schema(ACCOUNT_COSTS).validate(costs)


def test_cost_accounts_does_not_know_the_cost_of_a_role_without_price():
    effort = make_effort([20, 2, 0], ["field", "partner", "marketing"], [10, 0, 0])

    costs = cost_accounts(make_tiers(), effort, make_travel([NAN] * 3), rules=CostRules({"field": 100.0}))

    np.testing.assert_array_equal(costs["cost_to_serve_per_year"], [2_000, NAN, 0])
    assert costs["contribution_per_year"].isna().all()


def test_summarize_costs_compares_accounts_of_which_both_numbers_are_known():
    costs = cost_accounts(
        make_tiers(["gold"] * 3, [1_000.0, NAN, 0.0]),
        make_effort([1, 2, 3], ["field"] * 3, [0, 0, 0]),
        make_travel([0, 0, 0]),
        rules=RULES,
    )

    table = summarize_costs(costs, levels=("gold", "silver"))

    assert table["tier"].tolist() == ["gold"]
    assert table["cost_to_serve_per_year"].tolist() == [600.0]
    assert table["cost_per_account"].tolist() == [200.0]
    # 100 + 300 over sales of 1,000; 400 over a margin of 400; only the prospect costs more than its margin
    assert table["cost_share_of_sales"].tolist() == [0.4]
    assert table["cost_share_of_contribution"].tolist() == [1.0]
    assert table["n_unprofitable"].tolist() == [1]
    make_schema(TIER_COSTS).validate(table)


def test_summarize_costs_does_not_count_losses_without_a_margin():
    costs = cost_accounts(
        make_tiers(), make_effort([1, 1, 0], ["field"] * 3, [0] * 3), make_travel([0] * 3), rules=CostRules(PRICES)
    )

    assert summarize_costs(costs, levels=("gold", "silver", "bronze"))["n_unprofitable"].isna().all()


def make_accounts(
    tier=("gold", "gold", "silver", "bronze"),
    sales=(50_000.0, 1_000.0, 0.0, 9e9),
    potential=(60_000.0, NAN, NAN, 9e9),
    km=(10.0, NAN, 0.0, 0.0),
):
    n_accounts = len(tier)
    return make_tiers(tier, sales).assign(
        posture="select",
        segment="food",
        standing="customer",
        potential_per_year=np.array(potential, dtype=float),
        win_probability=0.5,
        distance_km=np.array(km),
        travel_km_per_call=np.array(km) * 2,
        travel_hours_per_call=np.full(n_accounts, NAN),
    )


def choose(accounts, rules=RULES):
    effort = make_effort([0] * len(accounts), ["field"] * len(accounts), [0] * len(accounts))
    return choose_channels(accounts, effort, norms=NORMS, channels=CHANNELS, rules=rules)


def test_choose_channels_holds_the_cost_of_visits_against_what_they_gain():
    choice = choose(make_accounts())

    # gold 10 x (2 h x 100 + 20 km x .5) = 2,100 against 10 x 20; without a place 2,000; silver 4 x 200 against 4 x 20
    assert choice["account"].tolist() == ["a0", "a1", "a2"]
    assert choice["field_cost_per_year"].tolist() == [2_100.0, 2_000.0, 800.0]
    assert choice["inside_cost_per_year"].tolist() == [200.0, 200.0, 80.0]
    assert choice["break_even_per_year"].tolist() == [7_600.0, 7_200.0, 2_880.0]
    # .4 x (50,000 + .5 x 10,000); .4 x 1,000, potential not known; nothing sold and potential not known
    np.testing.assert_allclose(choice["contribution_per_year"], [22_000.0, 400.0, NAN])
    assert choice["advised_channel"].fillna("–").tolist() == ["field", "inside", "–"]
    make_schema(CHANNEL_CHOICE).validate(choice)


def test_choose_channels_advises_visits_where_they_cost_no_more_than_the_phone():
    choice = choose(
        make_accounts(sales=(0.0, 0.0, 0.0, 0.0), potential=(0.0, 0.0, 0.0, 0.0)),
        CostRules({"field": 10.0, "inside": 40.0}, margin_rate=0.4, visit_gain_share=0.25),
    )

    assert choice["break_even_per_year"].tolist() == [0.0, 0.0, 0.0]
    assert set(choice["advised_channel"]) == {"field"}


@given(st.floats(0, 1e6), st.floats(0, 500), st.floats(0.01, 0.99))
def test_choose_channels_never_visits_less_when_visits_gain_more(sales, km, gain):
    accounts = make_accounts(("gold",), (sales,), (NAN,), (km,))

    low, high = (
        choose(accounts, CostRules(PRICES, 0.5, 0.4, share))["advised_channel"].iloc[0]
        for share in (gain, min(1.0, gain * 1.5))
    )

    assert not (low == "field" and high == "inside")


def test_find_break_even_is_the_line_on_which_all_norms_agree():
    choice = choose(make_accounts(("gold", "gold", "silver"), (1.0, 1.0, 1.0), (2.0, 2.0, 2.0), (10.0, 30.0, 100.0)))

    # (200 - 20) / .25 = 720 at the door; 2 x .5 / .25 = 4 for each km
    assert find_break_even(choice) == BreakEven(720.0, 4.0)


def test_find_break_even_is_not_known_without_a_place():
    assert find_break_even(choose(make_accounts(km=(NAN, NAN, NAN, NAN)))) is None


def draw(choice, language="en"):
    return draw_break_even(choice, line=BreakEven(100.0, 2.0), language=Language(language, "EUR"))


def make_choice(n_accounts=40):
    km = np.linspace(0, 200, n_accounts)
    value = np.geomspace(20, 5_000, n_accounts)
    pays = value >= 100 + 2 * km
    return pd.DataFrame(
        {
            "distance_km": km,
            "contribution_per_year": value * 10,
            "wanted_calls_per_year": 10.0,
            "wanted_channel": np.where(np.arange(n_accounts) % 2, "field", "inside"),
            "advised_channel": np.where(pays, "field", "inside"),
        }
    )


def test_draw_break_even_puts_what_pays_above_the_line():
    axes = draw(make_choice()).axes[0]

    line = next(line for line in axes.lines if line.get_gid() == "break_even")
    for points in axes.collections:
        is_above = points.get_offsets()[:, 1] >= np.interp(points.get_offsets()[:, 0], *line.get_data()) - 1e-6
        assert is_above.all() if points.get_gid().startswith("field") else not is_above.any()
    assert sum(len(points.get_offsets()) for points in axes.collections) == 40


def test_draw_break_even_counts_what_it_cannot_draw():
    choice = make_choice()
    choice.loc[[0, 1], "distance_km"] = NAN
    choice.loc[2, "contribution_per_year"] = 0.0

    notes = [text.get_text() for text in draw(choice).texts]

    assert any("not known: 2." in note for note in notes)
    assert any("beyond the edges" in note for note in notes)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_draw_break_even_keeps_its_key_within_the_picture(language):
    axes = draw(make_choice(1), language).axes[0]

    width = axes.figure.get_size_inches()[0] * axes.figure.dpi
    boxes = [text.get_window_extent() for text in axes.texts]
    assert max(box.x1 for box in boxes) <= width
    assert not any(one.overlaps(other) for place, one in enumerate(boxes) for other in boxes[place + 1 :])


def test_draw_break_even_refuses_accounts_without_place():
    with pytest.raises(SalesModelError, match="Nothing to draw"):
        draw(make_choice().assign(distance_km=NAN))
