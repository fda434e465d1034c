import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesmodel_kit.model.history import recall_accounts, recall_deals, sum_won

DAYS = st.integers(0, 30)


def make_deals(rows):
    deals = pd.DataFrame(rows, columns=["account", "status", "amount", "created_on", "closed_on"])
    return deals.astype({"account": "str", "status": "str", "amount": float}).assign(
        created_on=pd.to_datetime(deals["created_on"]), closed_on=pd.to_datetime(deals["closed_on"]))


def recall(deals, account, day):
    days = pd.Series([pd.Timestamp(day)])
    return recall_deals(deals, account=pd.Series([account], dtype="str"), day=days).iloc[0].tolist()


THREE = make_deals([
    ("a", "won", 10, "2026-01-01", "2026-03-01"),
    ("a", "lost", 20, "2026-02-01", "2026-04-01"),
    ("a", "open", 40, "2026-02-15", "2026-12-31"),
    ("b", "won", 80, "2026-01-01", "2026-01-02"),
])


@pytest.mark.parametrize(("day", "expected"), [
    ("2026-01-01", [0, 0, 0]),
    ("2026-02-16", [0, 3, 70]),
    ("2026-03-01", [0, 3, 70]),
    ("2026-03-02", [1, 2, 60]),
    ("2027-06-01", [1, 1, 40]),
])
def test_recall_deals_counts_what_was_known_before_the_day(day, expected):
    assert recall(THREE, "a", day) == expected


def test_recall_deals_knows_no_deal_of_a_stranger():
    assert recall(THREE, "c", "2026-06-01") == [0, 0, 0]


def test_recall_deals_knows_nothing_without_account_or_day():
    found = recall_deals(THREE, account=pd.Series(["a", None], dtype="str"),
                         day=pd.to_datetime(pd.Series([None, "2026-06-01"])))

    assert found.isna().all(axis=None)


def test_recall_deals_leaves_amounts_missing_where_none_is_known():
    deals = make_deals([("a", "open", np.nan, "2026-01-01", None), ("b", "open", np.nan, "2026-01-01", None),
                        ("b", "open", 5, "2026-01-01", None)])

    assert recall(deals, "a", "2026-02-01")[1] == 1
    assert np.isnan(recall(deals, "a", "2026-02-01")[2])
    assert recall(deals, "b", "2026-02-01") == [0, 2, 5]


def test_recall_deals_leaves_out_what_ended_on_an_unknown_day():
    deals = make_deals([("a", "won", 10, "2026-01-01", None), ("a", "lost", 10, "2026-01-01", None)])

    assert recall(deals, "a", "2026-06-01") == [0, 0, 0]


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(["won", "lost", "open"]), DAYS, DAYS), max_size=12),
       st.lists(st.sampled_from(["won", "lost", "open"]), min_size=12, max_size=12), DAYS)
def test_recall_deals_does_not_change_with_what_came_later(rows, other, day):
    start = pd.Timestamp("2026-01-01")
    then = start + pd.Timedelta(days=day)
    deals = make_deals([(account, status, 1.0, start + pd.Timedelta(days=first), start + pd.Timedelta(days=last))
                        for account, status, first, last in rows])
    is_later = (deals["closed_on"] >= then) | ((deals["status"] == "open") & (deals["created_on"] >= then))
    changed = deals.assign(status=deals["status"].where(~is_later, pd.Series(other[: len(deals)], index=deals.index)),
                           closed_on=deals["closed_on"].where(~is_later, then + pd.Timedelta(days=40)))
    changed = changed[~(deals["created_on"] >= then)]

    for account in "ab":
        before, after = recall(deals, account, then), recall(changed, account, then)
        assert before == after


def test_sum_won_takes_the_last_day_and_leaves_the_first():
    won = sum_won(THREE, after=pd.Timestamp("2026-01-02"), until=pd.Timestamp("2026-03-01"))

    assert won.to_dict() == {"a": 10.0}


def test_recall_accounts_takes_back_what_only_today_knows():
    accounts = pd.DataFrame({
        "account": ["a", "b", "c"], "sales_per_year": [500.0, 600.0, 0.0], "present_calls_per_year": 3.0,
        "present_hours_per_year": 7.0, "wallet_share": 0.4, "n_won_opportunities": 9.0, "rating": 4.0})

    then = recall_accounts(accounts, THREE, day=dt.date(2026, 2, 1))

    assert then["sales_per_year"].tolist() == [0.0, 80.0, 0.0]
    assert then["n_won_opportunities"].tolist() == [0.0, 1.0, 0.0]
    assert then["n_open_opportunities"].tolist() == [2.0, 0.0, 0.0]
    assert then[["present_calls_per_year", "present_hours_per_year"]].isna().all(axis=None)
    assert "wallet_share" not in then
    assert then["rating"].tolist() == [4.0] * 3
    assert accounts["sales_per_year"].tolist() == [500.0, 600.0, 0.0]
