import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesmodel_kit.chain import build_model
from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.model.tiers import assign_tiers, find_cutoffs
from salesmodel_kit.tables import ACCOUNT_TIERS, TIER_SUMMARY, make_schema

SHARES = st.tuples(st.floats(0, 1), st.floats(0, 1)).map(lambda pair: (pair[0] * 0.5, pair[1] * 0.5))
RULES = st.sampled_from(["account_share", "potential_share"])
PORTFOLIOS = st.lists(
    st.tuples(st.integers(0, 20).map(lambda tenth: tenth / 20), st.floats(1, 1e6)), min_size=1, max_size=25
)


def make_scores(score: list[float], potential: list[float] | None = None) -> pd.DataFrame:
    n_accounts = len(score)
    return pd.DataFrame(
        {
            "account": pd.Series([str(number) for number in range(n_accounts)], dtype="str"),
            "name": "n",
            "segment": "s",
            "score": score,
            "potential_per_year": potential or [1.0] * n_accounts,
            "sales_per_year": 0.0,
        }
    )


def tier(scores: pd.DataFrame, *, overrides: list[tuple] = (), **rule) -> list:
    frame = pd.DataFrame(list(overrides), columns=["account", "tier", "reason", "by"], dtype="str")
    previous = pd.Series([None] * len(scores), dtype="str")
    return assign_tiers(scores, cutoffs=find_cutoffs(scores, **rule), overrides=frame, previous=previous)[
        "tier"
    ].tolist()


@pytest.mark.parametrize(
    ("rule", "gold", "silver", "expected"),
    [
        ("cutoff", 0.8, 0.3, ["gold", "gold", "silver", "bronze"]),
        ("account_share", 0.25, 0.25, ["gold", "silver", "bronze", "bronze"]),
        ("account_share", 0.30, 0.20, ["gold", "gold", "bronze", "bronze"]),
        ("potential_share", 0.50, 0.30, ["gold", "silver", "silver", "bronze"]),
        ("potential_share", 0.60, 0.30, ["gold", "gold", "silver", "bronze"]),
        ("account_share", 0.0, 0.0, ["bronze", "bronze", "bronze", "bronze"]),
        ("account_share", 1.0, 0.0, ["gold", "gold", "gold", "gold"]),
    ],
)
def test_assign_tiers_cuts_by_the_declared_rule(rule, gold, silver, expected):
    scores = make_scores([0.9, 0.8, 0.3, 0.1], [50.0, 10.0, 30.0, 10.0])

    assert tier(scores, rule=rule, gold=gold, silver=silver) == expected


def test_assign_tiers_gives_equal_scores_the_same_tier():
    scores = make_scores([0.9, 0.5, 0.5, 0.5, 0.1])

    assert tier(scores, rule="account_share", gold=0.4, silver=0.2) == ["gold", "gold", "gold", "gold", "bronze"]


def test_assign_tiers_leaves_what_is_not_enough_known_without_a_tier():
    tiers = tier(make_scores([0.9, np.nan]), rule="account_share", gold=0.5, silver=0.5)

    assert tiers[0] == "gold"
    assert pd.isna(tiers[1])


def test_assign_tiers_shows_the_override_beside_the_rule():
    scores = make_scores([0.9, 0.1])
    overrides = pd.DataFrame(
        [("1", "gold", "signs in March", "C. Roy")], columns=["account", "tier", "reason", "by"], dtype="str"
    )

    tiers = assign_tiers(
        scores,
        cutoffs={"gold": 0.8, "silver": 0.5, "bronze": 0.0},
        overrides=overrides,
        previous=pd.Series([None, "silver"], dtype="str"),
    )

    row = tiers.iloc[1]
    assert (row["tier"], row["tier_by_rule"], row["override_reason"], row["override_by"], row["previous_tier"]) == (
        "gold",
        "bronze",
        "signs in March",
        "C. Roy",
        "silver",
    )
    make_schema(ACCOUNT_TIERS).validate(tiers)


def test_find_cutoffs_refuses_silver_above_gold():
    with pytest.raises(SalesModelError, match=r"silver \(0.9\) must be below gold \(0.5\)"):
        find_cutoffs(make_scores([0.5]), rule="cutoff", gold=0.5, silver=0.9)


def test_find_cutoffs_refuses_shares_that_sum_above_one():
    with pytest.raises(SalesModelError, match="sum to more than 1"):
        find_cutoffs(make_scores([0.5]), rule="account_share", gold=0.7, silver=0.5)


@pytest.mark.parametrize("potential", [np.nan, 0.0])
def test_tiers_by_share_of_potential_are_missing_where_no_potential_is_known(potential):
    scores = make_scores([0.5, 0.4]).assign(potential_per_year=potential)

    tiers = tier(scores, overrides=[("1", "gold", "r", "b")], rule="potential_share", gold=0.5, silver=0.3)

    assert pd.isna(tiers[0])
    assert tiers[1] == "gold"


@given(PORTFOLIOS, RULES, SHARES, st.integers(0, 24), st.integers(1, 20))
def test_raising_a_score_never_lowers_a_tier(portfolio, rule, shares, place, rise):
    place %= len(portfolio)
    score, potential = [row[0] for row in portfolio], [row[1] for row in portfolio]
    better = [*score[:place], min(1.0, score[place] + rise / 20), *score[place + 1 :]]
    order = ["bronze", "silver", "gold"]

    before = tier(make_scores(score, potential), rule=rule, gold=shares[0], silver=shares[1])[place]
    after = tier(make_scores(better, potential), rule=rule, gold=shares[0], silver=shares[1])[place]

    assert order.index(after) >= order.index(before)


@given(PORTFOLIOS, RULES, SHARES, st.randoms())
def test_tiers_do_not_depend_on_the_order_of_accounts(portfolio, rule, shares, random):
    order = list(range(len(portfolio)))
    random.shuffle(order)
    scores = make_scores([row[0] for row in portfolio], [float(round(row[1])) for row in portfolio])

    straight = tier(scores, rule=rule, gold=shares[0], silver=shares[1])
    shuffled = tier(scores.iloc[order].reset_index(drop=True), rule=rule, gold=shares[0], silver=shares[1])

    assert shuffled == [straight[place] for place in order]


def test_summarize_tiers_sums_what_is_known(client_factory):
    model = build_model(client_factory(overrides=[("006", "gold", "new plant", "C. Roy", "2026-10-01")]))

    summary = model.tier_summary.set_index("tier")

    assert summary["n_accounts"].sum() == 6
    assert summary["potential_share"].sum() == pytest.approx(1.0)
    assert summary["potential_per_year"].sum() == 338_000
    assert summary["present_hours_per_year"].sum() == 82
    make_schema(TIER_SUMMARY).validate(model.tier_summary)


def test_summarize_tiers_leaves_hours_missing_when_none_are_recorded(client_factory):
    client = client_factory()
    accounts = client.accounts.assign(present_hours_per_year=np.nan, present_calls_per_year=np.nan)

    summary = build_model(client_factory(accounts=accounts)).tier_summary

    assert summary["present_hours_per_year"].isna().all()
    assert summary["present_hours_share"].isna().all()
