"""Where two ways to declare something meet: categories and groups, votes and sub-criteria, vetoes and margins."""

import numpy as np
import pandas as pd
import pytest
from client_files import check_client

from salesmodel_kit.client.folder import new_client
from salesmodel_kit.model.account_features import list_features
from salesmodel_kit.model.vetoes import apply_vetoes

LEVELS = ("gold", "silver", "bronze")


def make_tiers(**columns):
    names = ["account", "tier", "tier_by_rule", "tier_source", "override_reason", "override_by"]
    return pd.DataFrame({name: pd.Series([columns.get(name)], dtype="str") for name in names})


def veto(account="1"):
    return pd.DataFrame({"account": [account], "criterion": ["competitor"]})


def test_apply_vetoes_takes_an_account_out_of_a_best_tier_that_only_the_margin_holds():
    tiers = make_tiers(account="1", tier="gold", tier_by_rule="silver", tier_source="held")

    after = apply_vetoes(tiers, veto(), levels=LEVELS).iloc[0]

    assert (after["tier"], after["tier_by_rule"], after["tier_source"], after["veto"]) == (
        "silver", "silver", "rule", "competitor")


def test_apply_vetoes_lifts_nobody_whom_the_margin_holds_lower():
    tiers = make_tiers(account="1", tier="bronze", tier_by_rule="gold", tier_source="held")

    after = apply_vetoes(tiers, veto(), levels=LEVELS).iloc[0]

    assert (after["tier"], after["tier_by_rule"], after["tier_source"]) == ("bronze", "silver", "held")


def test_list_features_takes_a_criterion_of_words_as_a_category(client_factory):
    client = client_factory()
    accounts = pd.concat([client.accounts] * 20, ignore_index=True)
    accounts["buyer"] = pd.Series(np.where(np.arange(len(accounts)) % 2, "tender", "free"), dtype="str")
    criteria = pd.concat([client.criteria, client.criteria.head(1).assign(criterion="buyer", axis="chance")])

    features = {feature.name: feature for feature in list_features(accounts, criteria)}

    assert features["buyer"].kind == "category"
    assert set(features["buyer"].values) == {"free", "tender"}


@pytest.fixture
def tree(tmp_path):
    """Return the folder of a client in which two criteria of chance are parts of a third."""
    folder = new_client(tmp_path / "client", example="industrial-services")
    criteria = pd.read_csv(folder / "criteria.csv", dtype="str")
    parts = criteria.index[criteria["axis"] == "chance"][:2]
    unset = dict.fromkeys(("worst", "best", "serves", "veto"))
    whole = criteria.loc[parts[:1]].assign(criterion="trust", label="Trust", **unset)
    criteria.loc[parts, "parent"] = "trust"
    pd.concat([criteria, whole]).to_csv(folder / "criteria.csv", index=False)
    return folder


def test_votes_on_criteria_that_are_parts_of_another_are_complete(tree):
    assert [str(problem) for problem in check_client(tree) if problem.file == "votes.csv"] == []


def test_votes_on_a_criterion_with_parts_are_refused(tree):
    votes = pd.read_csv(tree / "votes.csv", dtype="str")
    first = votes.index[votes["axis"] == "chance"][0]
    votes.loc[first, "criterion"] = "trust"
    votes.to_csv(tree / "votes.csv", index=False)

    problems = [problem for problem in check_client(tree) if problem.file == "votes.csv"]

    assert (problems[0].row, problems[0].column, problems[0].value) == (first + 2, "criterion", "trust")
