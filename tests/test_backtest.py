import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from demo_models import demo_model

from salesmodel_kit.chain import build_model
from salesmodel_kit.model.backtest import LEAST_BUYERS, compare_rankings
from salesmodel_kit.tables import BACK_TEST, BACK_TEST_CURVE, make_schema

DAY = dt.date(2025, 9, 30)
N = 40


def make_deals(before, later):
    """Return won deals: account number -> amount, in the year before the day and in the year after."""
    rows = [(number, amount, day) for amounts, day in ((before, "2025-03-01"), (later, "2026-03-01"))
            for number, amount in amounts.items()]
    deals = pd.DataFrame(rows, columns=["number", "amount", "closed_on"])
    return deals.assign(account=deals["number"].map("{:02}".format), status="won",
                        closed_on=pd.to_datetime(deals["closed_on"]))


def compare(before, later, *, n_gold=10, score=None):
    scores = pd.DataFrame({"account": [f"{i:02}" for i in range(N)],
                           "score": np.linspace(1, 0, N) if score is None else score})
    return compare_rankings(scores, make_deals(before, later), day=DAY, n_gold=n_gold)


def shares_of(found):
    return found.table.set_index("ranking")["later_sales_share"].to_dict()


FIRST, LAST = dict.fromkeys(range(20), 1.0), dict.fromkeys(range(20, 40), 1.0)


def test_compare_rankings_counts_later_sales_in_gold():
    # Later sales lie with the first twenty; gold by value holds ten of them, by past sales none.
    found = compare(LAST, FIRST)

    assert shares_of(found) == pytest.approx({"value": 0.5, "past_sales": 0.0, "difference": 0.5})
    assert (found.n_buyers_before, found.n_buyers_later, found.sales_later) == (20, 20, 20.0)


def test_compare_rankings_shares_the_places_of_accounts_that_tie():
    # Thirty gold: all of the last twenty, and ten of the first twenty, who tie at nothing.
    assert shares_of(compare(LAST, FIRST, n_gold=30))["past_sales"] == pytest.approx(0.5)


def test_compare_rankings_finds_no_difference_between_equal_rankings():
    same = {number: float(100 - number) for number in range(N)}

    found = compare(same, same)

    row = found.table.set_index("ranking").loc["difference"]
    assert row.tolist() == [0.0, 0.0, 0.0]


def test_compare_rankings_holds_what_it_says_within_its_interval():
    rng = np.random.default_rng(5)
    found = compare({i: float(rng.random()) for i in range(N)}, {i: float(rng.random()) for i in range(N)})

    assert (found.table["low"] <= found.table["later_sales_share"]).all()
    assert (found.table["later_sales_share"] <= found.table["high"]).all()
    make_schema(BACK_TEST).validate(found.table)
    make_schema(BACK_TEST_CURVE).validate(found.curve)


def test_compare_rankings_draws_a_curve_from_nothing_to_everything():
    curve = compare(LAST, FIRST).curve

    assert curve.iloc[0].tolist() == [0, 0, 0]
    assert curve.iloc[-1].tolist() == pytest.approx([1, 1, 1])
    assert (curve.diff().iloc[1:] >= 0).all(axis=None)
    assert curve.set_index("account_share").loc[0.5].tolist() == pytest.approx([1.0, 0.0])


@pytest.mark.parametrize(("before", "later", "options", "verdict"), [
    ({}, FIRST, {}, "few_buyers"),
    (dict.fromkeys(range(LEAST_BUYERS - 1), 1.0), FIRST, {}, "few_buyers"),
    (FIRST, {}, {}, "few_buyers"),
    (LAST, FIRST, {"n_gold": 0}, "no_gold"),
    (LAST, FIRST, {"n_gold": N}, "no_gold"),
    (LAST, FIRST, {"score": np.nan}, "no_scores"),
])
def test_compare_rankings_says_what_is_missing(before, later, options, verdict):
    found = compare(before, later, **options)

    assert (found.verdict, found.is_told, len(found.table)) == (verdict, False, 0)


def test_compare_rankings_says_when_past_sales_cover_less_than_a_year():
    early = make_deals(LAST, FIRST).assign(closed_on=lambda deals: deals["closed_on"].mask(
        deals.index == 0, pd.Timestamp("2024-10-05")))

    assert compare(LAST, FIRST).begins_late == dt.date(2025, 3, 1)
    scores = pd.DataFrame({"account": ["00"], "score": [1.0]})
    assert compare_rankings(scores, early, day=DAY, n_gold=0).begins_late is None


def test_compare_rankings_leaves_later_deals_out_of_the_ranking():
    deals = pd.concat([make_deals(LAST, FIRST), make_deals({}, {0: 5.0}).assign(closed_on=pd.Timestamp("2027-01-01"))])
    scores = pd.DataFrame({"account": [f"{i:02}" for i in range(N)], "score": np.linspace(1, 0, N)})

    assert compare_rankings(scores, deals, day=DAY, n_gold=10).sales_later == 20.0


def test_back_test_of_a_client_does_not_see_what_came_later():
    model = demo_model("software-publisher")
    client = model.client
    deals = client.opportunities
    is_later = (deals["closed_on"] > "2025-09-30") | (deals["status"] == "open")
    turned = deals.assign(status=deals["status"].where(~is_later | (deals["status"] == "open"), "won"))

    other = build_model(replace(client, opportunities=turned))

    # Other outcomes later change what gold holds, not who is gold by past sales.
    assert other.back_test.n_buyers_before == model.back_test.n_buyers_before
    assert other.back_test.sales_later > model.back_test.sales_later
