"""Two public data sets, not made for this kit, taken all the way to a model; numbers worked out with the csv module."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from salesmodel_kit.chain import build_model
from salesmodel_kit.client.folder import open_client
from salesmodel_kit.client.imports import import_files
from salesmodel_kit.resources import find_resource

DATA = find_resource().resolve().parent / "shared" / "data"


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def take_in(name: str, folder: Path):
    source = DATA / name
    if not source.is_dir():
        pytest.skip(f"the public set {name} is not beside the project")
    summary = import_files("table", sorted(source.glob("*.csv")), folder / name, mapping=Path(name))
    return source, open_client(folder / name), "\n".join(str(message) for message in summary.sentences)


@pytest.fixture(scope="module")
def maven(tmp_path_factory):
    return take_in("maven_crm", tmp_path_factory.mktemp("maven"))


@pytest.fixture(scope="module")
def northwind(tmp_path_factory):
    return take_in("northwind", tmp_path_factory.mktemp("northwind"))


def test_maven_keeps_every_account_deal_and_rep(maven):
    _, client, said = maven

    assert (len(client.accounts), len(client.opportunities)) == (85, 8800)
    assert (len(client.reps), len(client.segments)) == (35, 10)
    assert client.opportunities["account"].isna().sum() == 1425
    assert client.opportunities["created_on"].isna().sum() == 500
    assert "deals that name no account, kept without one: 1425 of 8800" in said
    assert "rows in which created_on is not known: 500 of 8800" in said


def test_maven_mends_its_three_misspellings(maven):
    _, client, _ = maven

    assert set(client.segments["segment"]) >= {"technology"}
    assert "technolgy" not in set(client.accounts["segment"])
    assert "Philippines" in set(client.accounts["country"])
    assert "GTXPro" not in set(client.opportunities["name"])


def test_maven_sales_are_the_deals_won_of_the_account(maven):
    source, client, _ = maven
    won: dict[str, float] = defaultdict(float)
    for row in read_rows(source / "sales_pipeline.csv"):
        if row["deal_stage"] == "Won" and "2017-01-01" <= row["close_date"] <= "2017-12-31":
            won[row["account"]] += float(row["close_value"])

    sales = client.accounts.set_index("account")["sales_per_year"]
    assert sales.to_dict() == dict(won)
    assert sales["Acme Corporation"] == 101744


def test_maven_open_deals_carry_the_list_price_and_revenue_is_in_dollars(maven):
    source, client, _ = maven
    prices = {row["product"]: float(row["sales_price"]) for row in read_rows(source / "products.csv")}
    revenue = {row["account"]: float(row["revenue"]) * 1e6 for row in read_rows(source / "accounts.csv")}

    is_open = client.opportunities["status"] == "open"
    assert is_open.sum() == 1589 + 500
    opened = client.opportunities[is_open]
    assert opened["amount"].tolist() == opened["name"].map(prices).tolist()
    assert client.accounts.set_index("account")["company_revenue"].to_dict() == pytest.approx(revenue)


def test_maven_invents_neither_owner_nor_potential_nor_ratings(maven):
    _, client, said = maven

    for column in ("owner", "potential_per_year", "latitude", "present_calls_per_year", "present_hours_per_year"):
        assert client.accounts[column].isna().all()
    assert "market_growth" not in client.segments.columns
    assert client.strategy.tiers.rule == "account_share"
    assert "Present reps: accounts.csv has no owner" in said


def test_maven_goes_through_the_whole_chain(maven):
    _, client, _ = maven

    model = build_model(client)

    assert model.account_tiers["tier"].value_counts().to_dict() == {"gold": 13, "silver": 30, "bronze": 42}
    assert model.segment_scores["posture"].isna().all()
    assert not model.win_rates_by_segment.can_tell
    assert set(model.tables())


def test_maven_deals_cannot_tell_what_wins(maven):
    _, client, _ = maven

    found = build_model(client).win_model

    assert found.verdict == "chance"
    assert found.auc.low < 0.5 < found.auc.high
    assert found.table["as_of"].tolist() == ["deal", "deal"]
    assert found.table["weight_from_outcomes"].isna().all()


def test_maven_has_no_year_before_to_test_tiers_on(maven):
    _, client, _ = maven

    found = build_model(client).back_test

    assert (found.verdict, found.n_buyers_before, found.n_buyers_later) == ("few_buyers", 0, 85)


def test_northwind_leaves_two_test_customers_out_and_says_so(northwind):
    source, client, said = northwind
    junk = [row["CustomerID"] for row in read_rows(source / "Customers.csv") if row["CompanyName"] == "IT"]

    assert len(junk) == 2
    assert len(client.accounts) == 93 - 2
    assert not {name.strip() for name in junk} & set(client.accounts["account"])
    assert "customers: rows left out (test records" in said
    assert "Territories.csv: nothing is taken from it" in said


def test_northwind_sales_are_order_lines_less_discount_of_the_last_year(northwind):
    source, client, _ = northwind
    orders = {row["OrderID"]: row for row in read_rows(source / "Orders.csv")}
    sales: dict[str, float] = defaultdict(float)
    for row in read_rows(source / "OrderDetails.csv"):
        order = orders[row["OrderID"]]
        if "1997-05-07" <= order["OrderDate"][:10] <= "1998-05-06":
            sales[order["CustomerID"]] += float(row["UnitPrice"]) * int(row["Quantity"]) * (1 - float(row["Discount"]))

    found = client.accounts.set_index("account")["sales_per_year"]
    assert found[sorted(sales)].to_dict() == pytest.approx(dict(sorted(sales.items())), abs=1e-6)
    assert (found.drop(sorted(sales)) == 0).all()
    assert found["ALFKI"] == 4273


def test_northwind_counts_orders_products_and_the_largest_order(northwind):
    source, client, _ = northwind
    orders = {row["OrderID"]: row for row in read_rows(source / "Orders.csv")}
    amounts: Counter[str] = Counter()
    products = set()
    for row in read_rows(source / "OrderDetails.csv"):
        amounts[row["OrderID"]] += float(row["UnitPrice"]) * int(row["Quantity"]) * (1 - float(row["Discount"]))
        if orders[row["OrderID"]]["CustomerID"] == "ANTON":
            products.add(row["ProductID"])
    own = [number for number, order in orders.items() if order["CustomerID"] == "ANTON"]
    recent = [number for number in own if orders[number]["OrderDate"] >= "1997-05-07"]

    anton = client.accounts.set_index("account").loc["ANTON"]
    assert anton["largest_order"] == pytest.approx(max(amounts[number] for number in own))
    assert anton["products_bought"] == len(products)
    assert anton["orders_per_year"] == len(recent)


def test_northwind_does_not_know_what_a_customer_without_orders_could_take(northwind):
    _, client, _ = northwind

    accounts = client.accounts.set_index("account")
    assert accounts.loc[["FISSA", "PARIS"], ["largest_order", "products_bought"]].isna().all(axis=None)
    assert accounts["largest_order"].isna().sum() == 2
    assert accounts.loc[["FISSA", "PARIS"], "sales_per_year"].tolist() == [0.0, 0.0]
    assert client.opportunities is None


def test_northwind_goes_through_the_whole_chain(northwind):
    _, client, _ = northwind

    model = build_model(client)

    tiers = model.account_tiers.set_index("account")["tier"]
    assert tiers.drop(["FISSA", "PARIS"]).notna().all()
    assert model.win_rates_by_segment is None
    assert set(model.tables())
