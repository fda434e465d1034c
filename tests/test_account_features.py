import numpy as np
import pandas as pd
from small_client import fill_table

from salesmodel_kit import tables
from salesmodel_kit.model.account_features import Feature, list_features, read_bands


def make_accounts(n=40, **columns):
    return fill_table(tables.ACCOUNTS, {
        "account": [f"a{i}" for i in range(n)], "name": [f"Firm {i}" for i in range(n)], "segment": ["s"] * n,
        **columns})


def make_criteria(*rows):
    return fill_table(tables.CRITERIA, {
        "criterion": [row[0] for row in rows], "label": [row[0] for row in rows],
        "axis": ["chance"] * len(rows), "direction": ["benefit"] * len(rows), "worst": [1.0] * len(rows),
        "best": [5.0] * len(rows), "weight": [1.0] * len(rows), "level_1": [row[1] for row in rows]})


def test_list_features_takes_what_is_known_and_differs():
    accounts = make_accounts(
        sector=["a", "b"] * 20, city=["Lyon"] * 40, sales_per_year=[*range(12), *[np.nan] * 28],
        potential_per_year=list(range(100, 140))).assign(fit=[1.0, 5.0] * 20, area=np.arange(40.0))

    found = list_features(accounts, make_criteria(("fit", "none"), ("area", None), ("absent", None)))

    assert [(feature.name, feature.kind) for feature in found] == [
        ("sector", "category"), ("sales_per_year", "amount"), ("potential_per_year", "amount"), ("fit", "rating"),
        ("area", "measure")]


def test_list_features_leaves_out_what_is_known_for_less_than_a_third():
    accounts = make_accounts(sector=["a", "b"] * 20, sales_per_year=[*range(11), *[np.nan] * 29])

    assert [feature.name for feature in list_features(accounts, make_criteria())] == ["sector"]


def test_list_features_cuts_amounts_at_quarters_and_zeros_apart():
    accounts = make_accounts(sales_per_year=[0.0] * 20 + [float(1000 * i) for i in range(1, 21)])

    (feature,) = list_features(accounts, make_criteria())

    assert feature.has_zero
    assert feature.bounds == (5800.0, 10000.0, 15000.0)
    assert feature.n_bands == 5


def test_read_bands_gives_a_bound_to_the_upper_band_and_leaves_the_missing_missing():
    accounts = make_accounts(4, employees=[9.0, 10.0, np.nan, np.nan], size_band=[None, None, "21", None],
                             sector=["a", "new", None, "b"])
    features = (Feature("employees", "size", (10.0, 50.0), column="employees"),
                Feature("sector", "category", values=("a", "b"), column="sector"))

    assert read_bands(accounts, features).tolist() == [[0, 0], [1, 2], [2, -1], [-1, 1]]


def test_read_bands_keeps_zero_apart():
    feature = Feature("sales_per_year", "amount", (100.0,), column="sales_per_year", has_zero=True)

    codes = read_bands(make_accounts(4, sales_per_year=[0.0, 0.5, 100.0, np.nan]), [feature])

    assert codes[:, 0].tolist() == [0, 1, 2, -1]


def test_read_bands_takes_a_column_that_is_not_there_as_unknown():
    feature = Feature("fit", "rating", (3.0,), column="fit")

    assert read_bands(make_accounts(2), [feature]).tolist() == [[-1], [-1]]


def test_list_features_takes_the_department_before_the_town():
    accounts = make_accounts(postal_code=["69001", "75002"] * 20, city=["Lyon", "Paris"] * 20, country=["FR"] * 40)

    (feature,) = list_features(accounts, make_criteria())

    assert (feature.name, feature.column, feature.values) == ("place", "postal_code", ("69", "75"))


def test_list_features_takes_the_country_where_there_are_several():
    accounts = make_accounts(country=["FR", "BE"] * 20, city=[f"Town {i}" for i in range(40)])

    assert [feature.column for feature in list_features(accounts, make_criteria())] == ["country"]


def test_list_features_of_a_text_that_is_never_twice_the_same_tells_nothing():
    accounts = make_accounts(city=pd.Series([f"Town {i}" for i in range(40)]))

    assert list_features(accounts, make_criteria()) == ()
