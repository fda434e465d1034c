import pandas as pd
import pytest

from salesmodel_kit.model.weight_sets import compare_weight_sets
from salesmodel_kit.tables import TIER_CHANGES, WEIGHT_SETS, make_schema


def make_result(tiers, ranks):
    n_accounts = len(tiers)
    return pd.DataFrame({
        "account": pd.Series([f"{at}" for at in range(n_accounts)], dtype="str"),
        "name": pd.Series([f"Account {at}" for at in range(n_accounts)], dtype="str"),
        "segment": pd.Series(["s"] * n_accounts, dtype="str"), "potential_per_year": 1.0,
        "tier": pd.Series(tiers, dtype="str"), "rank_by_value": pd.array(ranks, dtype="Int64")})


OURS = make_result(["gold", "silver", "bronze", None], [1, 2, 3, None])


def test_compare_weight_sets_counts_who_rises_and_who_falls():
    theirs = make_result(["silver", "gold", "bronze", "gold"], [2, 1, 4, 3])

    found = compare_weight_sets({"declared": OURS, "other": theirs}, in_force="declared")

    assert found.table[["set_name", "n_gold", "n_changed", "n_up", "n_down"]].to_numpy().tolist() == [
        ["declared", 1, 0, 0, 0], ["other", 2, 3, 2, 1]]
    # From not enough known to gold is three tiers, the others one; then the better rank.
    assert found.changes["account"].tolist() == ["3", "0", "1"]
    make_schema(WEIGHT_SETS).validate(found.table)
    make_schema(TIER_CHANGES).validate(found.changes)


def test_compare_weight_sets_ranks_the_best_of_every_set():
    ours = make_result(["bronze"] * 12, list(range(1, 13)))
    theirs = make_result(["bronze"] * 12, list(range(12, 0, -1)))

    found = compare_weight_sets({"other": theirs, "declared": ours}, in_force="declared")

    assert len(found.ranks) == 12
    assert found.ranks[["rank_1", "rank_2"]].iloc[0].tolist() == [1, 12]
    assert found.table["same_best_share"].tolist() == [1.0, 0.8]
    assert found.changes.empty


def test_compare_weight_sets_copes_with_nobody_known():
    nobody = make_result([None, None], [None, None])

    found = compare_weight_sets({"declared": nobody, "other": nobody}, in_force="declared")

    assert found.ranks.empty
    assert found.table["same_best_share"].isna().all()


@pytest.mark.parametrize("name", ["account", "rank_1"])
def test_compare_weight_sets_takes_any_name_of_a_set(name):
    found = compare_weight_sets({"declared": OURS, name: OURS}, in_force="declared")

    assert found.table["set_name"].tolist() == ["declared", name]
    assert found.ranks["account"].tolist() == ["0", "1", "2"]
