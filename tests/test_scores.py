import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from small_client import fill_table, make_tables

from salesmodel_kit.model.scores import derive_performances, explain_accounts, score_accounts, sum_values
from salesmodel_kit.model.weights import weigh_criteria
from salesmodel_kit.tables import ACCOUNT_SCORES, ACCOUNTS, OPPORTUNITIES, make_schema

UNIT = st.floats(0, 1, allow_subnormal=False)
VALUES = hnp.arrays(float, st.tuples(st.integers(1, 12), st.just(4)), elements=UNIT)
WEIGHTS = hnp.arrays(float, 4, elements=st.floats(0.01, 1)).map(lambda weights: weights / weights.sum())


def score(tables: dict, *, potential_weight: float = 0.5, minimum: float = 0.5, **options) -> pd.DataFrame:
    performances = derive_performances(tables["accounts"], tables.get("opportunities"))
    return score_accounts(
        performances,
        weigh_criteria(tables["criteria"], emphasis={}),
        potential_weight=potential_weight,
        minimum_known_share=minimum,
        **options,
    )


def test_score_accounts_combines_the_two_axes_by_hand_computed_values():
    scores = score(make_tables(), potential_weight=0.75).set_index("account")

    # 001: untapped 100,000 -> 1, employees 500 -> 1; relation 4 -> .75, fit 5 -> 1
    assert scores.loc["001", "potential_score"] == pytest.approx(1.0)
    assert scores.loc["001", "win_score"] == pytest.approx(0.875)
    assert scores.loc["001", "score"] == pytest.approx(0.75 + 0.25 * 0.875)
    # 004: untapped 10,000 -> .1, employees 400 -> .8; relation 5 -> 1, fit 2 -> .25
    assert scores.loc["004", "score"] == pytest.approx(0.75 * 0.45 + 0.25 * 0.625)
    make_schema(ACCOUNT_SCORES).validate(scores.reset_index())


def test_score_accounts_ranks_by_value_and_not_by_past_sales():
    scores = score(make_tables()).set_index("account")

    assert scores["rank_by_sales"].to_dict() == {"001": 3, "002": 6, "003": 2, "004": 1, "005": 4, "006": 5}
    assert scores.loc["001", "rank_by_value"] == 1
    assert scores.loc["002", "rank_change"] == 6 - scores.loc["002", "rank_by_value"]


def test_score_accounts_calls_an_account_not_enough_known_below_the_declared_share():
    tables = make_tables()
    tables["accounts"].loc[0, ["relation", "employees"]] = np.nan
    tables["accounts"].loc[1, ["fit"]] = np.nan

    scores = score(tables, minimum=0.6)

    assert scores["known_share"].tolist()[:2] == [0.5, 0.75]
    assert scores["score"].isna().tolist() == [True, False, False, False, False, False]
    assert pd.isna(scores["rank_by_value"].iloc[0])


def test_score_accounts_needs_both_axes():
    tables = make_tables()
    tables["accounts"].loc[0, ["relation", "fit"]] = np.nan

    scores = score(tables, minimum=0.0)

    assert np.isnan(scores["score"].iloc[0])
    assert scores["potential_score"].iloc[0] == 1.0


def test_score_accounts_leaves_win_probability_missing_when_nobody_declared_it():
    without = score(make_tables())
    declared = score(make_tables(), win_probability_range=(0.1, 0.5))

    assert without[["win_probability", "expected_value_per_year"]].isna().all(axis=None)
    assert declared["win_probability"].iloc[0] == pytest.approx(0.1 + 0.4 * 0.875)
    assert declared["expected_value_per_year"].iloc[0] == pytest.approx(110_000 * 0.45)


def test_derive_performances_counts_deals_and_keeps_unknown_amounts_unknown():
    accounts = make_tables()["accounts"]
    deals = fill_table(
        OPPORTUNITIES,
        {
            "opportunity": ["a", "b", "c", "d"],
            "account": ["001", "001", "002", "003"],
            "status": ["open", "won", "open", "lost"],
            "amount": [7_000, 100, None, 50],
        },
    )

    derived = derive_performances(accounts, deals).set_index("account")

    assert derived["open_opportunities_amount"].iloc[[0, 2]].tolist() == [7_000, 0]
    assert np.isnan(derived.loc["002", "open_opportunities_amount"])
    assert derived["n_won_opportunities"].tolist() == [1, 0, 0, 0, 0, 0]


def test_derive_performances_gives_no_deal_columns_without_deals():
    derived = derive_performances(make_tables()["accounts"], None)

    assert "n_open_opportunities" not in derived


def test_derive_performances_handles_zero_and_missing_potential():
    accounts = fill_table(
        ACCOUNTS,
        {
            "account": ["1", "2", "3"],
            "name": ["a", "b", "c"],
            "segment": ["s"] * 3,
            "size_band": ["NN", "12", None],
            "employees": [None, None, 7],
            "sales_per_year": [5, 5, 80],
            "potential_per_year": [0, None, 60],
        },
    )

    derived = derive_performances(accounts, None)

    assert derived["wallet_share"].tolist() == pytest.approx([np.nan, np.nan, 80 / 60], nan_ok=True)
    assert derived["untapped_potential_per_year"].tolist() == pytest.approx([0, np.nan, 0], nan_ok=True)
    assert derived["employees_at_least"].tolist() == pytest.approx([np.nan, 20, 7], nan_ok=True)


def test_explain_accounts_adds_up_to_the_score():
    tables = make_tables()
    tables["accounts"].loc[3, "fit"] = np.nan
    criteria = weigh_criteria(tables["criteria"], emphasis={})

    parts = explain_accounts(derive_performances(tables["accounts"], None), criteria, potential_weight=0.3)

    expected = score(tables, potential_weight=0.3)["score"]
    assert parts.drop(columns="account").sum(axis=1).tolist() == pytest.approx(expected.tolist())


@given(VALUES, WEIGHTS)
def test_sum_values_stays_between_zero_and_one(values, weights):
    total, known = sum_values(values, weights)

    assert ((total >= 0) & (total <= 1)).all()
    assert known == pytest.approx(np.ones(len(values)))


@given(VALUES, WEIGHTS, st.permutations(range(4)))
def test_sum_values_does_not_depend_on_row_or_column_order(values, weights, order):
    total, _ = sum_values(values, weights)
    shuffled, _ = sum_values(values[::-1][:, order], weights[list(order)])

    assert shuffled[::-1] == pytest.approx(total)


@given(VALUES, WEIGHTS, st.integers(0, 3), UNIT)
def test_sum_values_never_falls_when_a_value_rises(values, weights, column, rise):
    better = values.copy()
    better[:, column] = np.minimum(1, better[:, column] + rise)

    assert (sum_values(better, weights)[0] >= sum_values(values, weights)[0] - 1e-12).all()


@given(VALUES, WEIGHTS, hnp.arrays(bool, 4))
def test_sum_values_with_a_missing_criterion_equals_the_model_without_it(values, weights, is_missing):
    if is_missing.all():
        is_missing = np.array([True, False, False, False])
    holed = np.where(is_missing, np.nan, values)

    total, known = sum_values(holed, weights)

    rest = weights[~is_missing]
    assert total == pytest.approx(sum_values(values[:, ~is_missing], rest / rest.sum())[0])
    assert known == pytest.approx(np.full(len(values), rest.sum()))


def test_sum_values_equals_scikit_criteria():
    skcriteria = pytest.importorskip("skcriteria")
    simple = pytest.importorskip("skcriteria.agg.simple")
    generator = np.random.default_rng(7)
    values, weights = generator.random((50, 6)), generator.dirichlet(np.ones(6))

    theirs = simple.WeightedSumModel().evaluate(skcriteria.mkdm(values, [max] * 6, weights=weights)).e_.score

    assert sum_values(values, weights)[0] == pytest.approx(theirs, abs=1e-12)


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("n_criteria", [2, 5, 9, 12])
def test_sum_values_gives_equal_accounts_the_same_score(n_criteria: int, order: str) -> None:
    generator = np.random.default_rng(n_criteria)
    row, weights = generator.random(n_criteria), generator.dirichlet(np.ones(n_criteria))
    for n_accounts in (7, 33, 1003, 32_771):
        values = np.array(np.tile(row, (n_accounts, 1)), order=order)

        score, _ = sum_values(values, weights)

        assert len(np.unique(score)) == 1


def test_sum_values_gives_equal_accounts_with_holes_the_same_score_and_known_share() -> None:
    row, weights = np.array([0.3, np.nan, 0.7, 0.123, 0.9, np.nan, 0.2]), np.random.default_rng(1).dirichlet(np.ones(7))

    score, known = sum_values(np.tile(row, (1003, 1)), weights)

    assert (len(np.unique(score)), len(np.unique(known))) == (1, 1)
