"""Size of the team: the range around the best, and what hours and size bring apart."""

import numpy as np
import pandas as pd
import pytest
from demo_models import demo_model

from salesmodel_kit.client.folder import open_client
from salesmodel_kit.errors import InputProblems
from salesmodel_kit.model.sizes import draw_sizes, judge_size, summarize_responses
from salesmodel_kit.tables import RESPONSE_SUMMARY, SIZES

ANSWERS = {"nothing": 0.5, "half": 5 / 6, "half_more": 1.1, "most": 1.5}  # shape 1, see the curve's example


def make_responses(*tiers, participant="P1", **answers):
    return pd.DataFrame([{"participant": participant, "tier": tier, **ANSWERS, **answers} for tier in tiers])


def make_summary(hours=(100.0, 100.0), sales=(1000.0, 1000.0)):
    return pd.DataFrame({"tier": ["gold", "silver"], "present_hours_per_year": hours, "sales_per_year": sales})


def test_summarize_responses_shares_hours_equally_between_equal_tiers():
    table = summarize_responses(make_responses("gold", "silver"), make_summary())

    assert list(table.columns) == list(RESPONSE_SUMMARY.names)
    assert table["best_hours_per_year"].tolist() == pytest.approx([100, 100])
    # r(x) = 0.5 + x / (1 + x): slope 1/4 at x = 1, times 1,000 of sales over 100 hours
    assert table["sales_per_hour_now"].tolist() == pytest.approx([2.5, 2.5], rel=1e-3)


def test_summarize_responses_moves_hours_to_the_tier_that_sells_more():
    table = summarize_responses(make_responses("gold", "silver"), make_summary(sales=(4000.0, 1000.0)))

    # 4 / (1 + x)^2 = 1 / (1 + y)^2 and x + y = 2: x = 5/3
    assert table["best_hours_per_year"].tolist() == pytest.approx([500 / 3, 100 / 3], abs=0.5)
    assert (table["best_sales_per_year"].sum() > 5000)


@pytest.mark.parametrize("nothing_known", [np.nan, 0.0])
def test_summarize_responses_leaves_out_a_tier_without_hours_or_sales(nothing_known):
    summary = make_summary(hours=(100.0, nothing_known))

    assert summarize_responses(make_responses("gold", "silver"), summary)["tier"].tolist() == ["gold"]
    assert summarize_responses(make_responses("silver"), summary).empty


def test_draw_sizes_keeps_what_hours_and_what_size_bring_apart():
    sizes, answer = draw_sizes(make_responses("gold", "silver"), make_summary(sales=(4000.0, 1000.0)),
                               n_reps=10, cost_per_rep=10, margin_rate=0.5)

    now = sizes.set_index("n_reps").loc[10.0]
    assert list(sizes.columns) == list(SIZES.names)
    assert now["profit_per_year"] == pytest.approx(0.5 * now["sales_per_year"] - 100)
    assert answer.reallocation_gain == pytest.approx(0.5 * (now["sales_per_year"] - 5000))
    assert answer.size_gain == pytest.approx(sizes["profit_per_year"].max() - now["profit_per_year"])
    assert answer.low <= answer.best <= answer.high


def test_draw_sizes_ranges_over_what_each_participant_alone_would_choose():
    # who sees no effect of effort would shrink the team to the smallest size that is tried, who sees a large one not
    careful = make_responses("gold", "silver", participant="P2", nothing=0.98, half=0.99, half_more=1.005, most=1.01)

    _, answer = draw_sizes(pd.concat([make_responses("gold", "silver"), careful]), make_summary(),
                           n_reps=10, cost_per_rep=20, margin_rate=0.5)

    assert answer.best_low == 5.0
    assert answer.best_high > 10


def test_judge_size_gives_break_even_and_the_return_over_three_years():
    result = judge_size(400_000, cost_per_rep=100_000, margin_rate=0.5, carry_over=(0.5, 0.25))

    assert result == pytest.approx({"break_even_sales_per_year": 200_000, "ratio": 2.0,
                                    "return_over_three_years": 2.5})


def test_demo_says_that_moving_hours_brings_more_than_another_size():
    _, answer = demo_model("software-publisher").team_sizes

    assert answer.reallocation_gain > 2 * answer.size_gain


@pytest.mark.parametrize(
    ("row", "column"),
    [("P1,gold,0.9,0.5,1.2,1.5", "half"), ("P1,gold,0.5,0.8,0.9,1.5", "half_more"), ("P1,gold,0.5,0.8,1.2,1.1", "most"),
     ("P1,gold,0.5,1.1,1.2,1.5", "half"), ("P1,gold,1,1,1,1", "nothing"), ("P1,gold,-1,0.8,1.2,1.5", "nothing"),
     ("P1,platinum,0.5,0.8,1.2,1.5", "tier")],
)
def test_open_client_refuses_answers_that_cannot_be(tmp_path, row, column):
    from salesmodel_kit.client.folder import new_client

    folder = new_client(tmp_path / "client", example="industrial-services")
    (folder / "response.csv").write_text(f"participant,tier,nothing,half,half_more,most\n{row}\n", encoding="utf-8")

    with pytest.raises(InputProblems) as caught:
        open_client(folder)

    assert {(problem.file, problem.row, problem.column) for problem in caught.value.problems} >= {
        ("response.csv", 2, column)}
