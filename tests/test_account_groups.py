import numpy as np
import pandas as pd
import pytest
from small_client import fill_table

from salesmodel_kit import tables
from salesmodel_kit.model.account_groups import group_accounts, place_accounts
from salesmodel_kit.model.agreement import count_pairs, find_adjusted_rand
from salesmodel_kit.model.frozen_rule import fill_segments, freeze_rule, thaw_rule
from salesmodel_kit.model.group_profiles import describe_groups, summarize_groups

NO_CRITERIA = fill_table(tables.CRITERIA, {name: pd.Series(dtype=object) for name in (
    "criterion", "label", "axis", "direction", "worst", "best", "weight")})
LABELS = pd.Series(dtype="str")
KINDS = {"mill": ("Paper", 300.0, 90_000.0, 60_000.0), "shop": ("Retail", 5.0, 2_000.0, 0.0),
         "town": ("Public", 80.0, 30_000.0, 8_000.0)}


def plant_accounts(n_each=60, *, seed=3, noise=0.05):
    """Return accounts of three kinds that differ in sector, size, potential and sales, and their kinds."""
    rng = np.random.default_rng(seed)
    kind = np.repeat(list(KINDS), n_each)[rng.permutation(3 * n_each)]
    sector, employees, potential, sales = (
        [KINDS[name][at] for name in kind] for at in range(4))
    spread = np.exp(noise * rng.standard_normal((3, 3 * n_each)))
    accounts = fill_table(tables.ACCOUNTS, {
        "account": [f"a{i:03}" for i in range(3 * n_each)], "name": [f"Firm {i}" for i in range(3 * n_each)],
        "segment": kind, "sector": sector, "employees": np.round(np.array(employees) * spread[0]),
        "potential_per_year": np.array(potential) * spread[1], "sales_per_year": np.array(sales) * spread[2]})
    return accounts, pd.Series(kind)


def draw_without_structure(n=300, *, seed=1):
    rng = np.random.default_rng(seed)
    return fill_table(tables.ACCOUNTS, {
        "account": [f"a{i:03}" for i in range(n)], "name": [f"Firm {i}" for i in range(n)], "segment": ["s"] * n,
        "sector": rng.choice(["a", "b", "c"], n), "employees": np.round(rng.lognormal(4, 1, n)),
        "potential_per_year": rng.lognormal(9, 1, n), "sales_per_year": rng.lognormal(8, 1, n),
        "city": rng.choice(["Lyon", "Paris", "Lille"], n)})


@pytest.fixture(scope="module")
def planted():
    accounts, _ = plant_accounts()
    return accounts, group_accounts(accounts, NO_CRITERIA)


def test_group_accounts_finds_planted_kinds_exactly(planted):
    accounts, groups = planted

    counts = count_pairs(accounts["segment"], groups.accounts["group"])

    assert groups.n_groups == 3
    assert find_adjusted_rand(counts) == 1.0
    assert groups.agreement[0] == 1.0
    assert groups.stability["stability"].tolist() == ["stable"] * 3


def test_group_accounts_finds_planted_kinds_with_missing_cells():
    accounts, kind = plant_accounts(80)
    rng = np.random.default_rng(9)
    for column in ("sector", "employees", "potential_per_year", "sales_per_year"):
        accounts.loc[rng.random(len(accounts)) < 0.2, column] = None

    groups = group_accounts(accounts, NO_CRITERIA)

    known = groups.accounts["group_probability"] > 0.9
    assert groups.n_groups == 3
    assert known.mean() > 0.95
    assert find_adjusted_rand(count_pairs(kind[known], groups.accounts.loc[known, "group"])) > 0.99


@pytest.mark.parametrize("seed", range(3))
def test_group_accounts_says_where_there_is_no_structure(seed):
    groups = group_accounts(draw_without_structure(seed=seed), NO_CRITERIA)

    assert groups.n_groups == 1
    assert groups.choice["bic"].idxmin() == 0
    assert describe_groups(groups, draw_without_structure(seed=seed), LABELS).empty


def test_group_accounts_calls_what_does_not_come_back_not_stable():
    accounts, _ = plant_accounts(12, noise=1.6, seed=4)

    groups = group_accounts(accounts, NO_CRITERIA)

    assert groups.n_groups > 1
    assert "not_stable" in groups.stability["stability"].tolist() or groups.rand[1] < 0.75


@pytest.mark.parametrize("n", [0, 1, 29])
def test_group_accounts_does_not_look_among_few_accounts(n):
    accounts, _ = plant_accounts()

    assert group_accounts(accounts.head(n), NO_CRITERIA) is None


def test_group_accounts_does_not_look_at_names_and_segments_alone():
    accounts, _ = plant_accounts()
    bare = accounts.assign(sector=None, employees=np.nan, potential_per_year=np.nan, sales_per_year=np.nan)

    assert group_accounts(bare.astype(accounts.dtypes.to_dict()), NO_CRITERIA) is None


def test_group_accounts_is_the_same_twice_and_leaves_its_input_alone(planted):
    accounts, groups = planted
    before = accounts.copy(deep=True)

    again = group_accounts(accounts, NO_CRITERIA)

    pd.testing.assert_frame_equal(accounts, before)
    pd.testing.assert_frame_equal(again.accounts, groups.accounts)
    pd.testing.assert_frame_equal(again.stability, groups.stability)


def test_group_accounts_of_many_are_sought_in_a_sample_and_all_assigned():
    accounts, kind = plant_accounts(1_000)

    groups = group_accounts(accounts, NO_CRITERIA)

    assert groups.rule.mixture.n_accounts == 2_000
    assert len(groups.accounts) == 3_000
    assert find_adjusted_rand(count_pairs(kind, groups.accounts["group"])) == 1.0


def test_place_accounts_does_not_depend_on_the_other_accounts(planted):
    accounts, groups = planted
    some = accounts.iloc[[5, 70, 3]].reset_index(drop=True)

    alone = place_accounts(some, groups.rule)

    assert alone["group"].tolist() == groups.accounts["group"].iloc[[5, 70, 3]].tolist()


def test_place_accounts_has_no_place_where_nothing_is_known(planted):
    accounts, groups = planted
    bare = accounts.head(1).assign(sector=None, employees=np.nan, potential_per_year=np.nan, sales_per_year=np.nan)

    placed = place_accounts(bare.astype(accounts.dtypes.to_dict()), groups.rule)

    assert placed["group"].isna().all()
    assert placed["group_probability"].isna().all()


def test_frozen_rule_places_as_the_rule_did(planted):
    accounts, groups = planted
    plain = freeze_rule(groups.rule)

    again = place_accounts(accounts, thaw_rule(plain["features"], plain["groups"]))

    assert again["group"].tolist() == groups.accounts["group"].tolist()


def test_fill_segments_merges_and_leaves_out_what_is_not_accepted(planted):
    accounts, groups = planted
    group_of = dict(zip(accounts["segment"], groups.accounts["group"], strict=True))
    some = accounts.drop_duplicates("segment")
    open_ones = some.assign(segment=pd.Series(None, index=some.index, dtype="str"))
    segments = ["big" if name in (group_of["mill"], group_of["town"]) else "" for name in groups.rule.names]

    filled = fill_segments(open_ones, groups.rule, segments)

    found = dict(zip(some["segment"], filled["segment"], strict=True))
    assert (found["mill"], found["town"]) == ("big", "big")
    assert pd.isna(found["shop"])
    assert filled["group"].notna().all()


def test_fill_segments_looks_only_at_accounts_without_a_segment(planted):
    accounts, groups = planted

    assert fill_segments(accounts, groups.rule, ["x", "y", "z"]).empty


def test_describe_groups_names_what_was_planted(planted):
    accounts, groups = planted
    features = describe_groups(groups, accounts, LABELS)

    mills = features[features["group"] == groups.accounts["group"][accounts["segment"] == "mill"].iloc[0]]
    sector = mills[mills["feature"] == "sector"].iloc[0]
    employees = mills[mills["feature"] == "employees"].iloc[0]

    assert (sector["value"], sector["group_share"], sector["lift"]) == ("Paper", 1.0, pytest.approx(3.0))
    assert sector["portfolio_share"] == pytest.approx(1 / 3)
    assert (employees["low"], np.isnan(employees["high"])) == (250.0, True)
    assert mills["rank"].tolist() == list(range(1, len(mills) + 1))


def test_summarize_groups_adds_up_and_names_the_nearest_segment(planted):
    accounts, groups = planted
    segments = pd.DataFrame({"segment": list(KINDS), "label": ["Mills", "Shops", "Towns"]}).astype("str")

    summary = summarize_groups(groups, accounts, segments)

    assert summary["n_accounts"].tolist() == [60, 60, 60]
    assert summary["potential_per_year"].sum() == pytest.approx(accounts["potential_per_year"].sum())
    assert sorted(summary["nearest_segment"]) == ["Mills", "Shops", "Towns"]
    assert summary["nearest_segment_share"].tolist() == [1.0, 1.0, 1.0]
    tables.make_schema(tables.GROUP_SUMMARY).validate(summary)
