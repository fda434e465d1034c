import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.model.norms import match_norms, measure_calls, measure_norms
from salesmodel_kit.model.workload import plan_effort

NORMS = pd.DataFrame(
    [
        ("gold", "any", "any", "any", 24.0),
        ("gold", "invest", "any", "any", 30.0),
        ("gold", "any", "any", "prospect", 36.0),
        ("gold", "any", "food", "any", 12.0),
        ("gold", "invest", "food", "any", 18.0),
        ("silver", "any", "any", "any", 6.0),
    ],
    columns=["tier", "posture", "segment", "standing", "calls_per_year"],
).assign(channel="field")
CHANNELS = pd.DataFrame(
    {
        "channel": ["field", "inside"],
        "hours_per_call": [1.5, 0.5],
        "travel_hours_per_call": [0.8, 0.0],
        "next_channel": ["inside", None],
    }
)


def make_accounts(*rows):
    return pd.DataFrame(rows, columns=["tier", "posture", "segment", "standing"], dtype="str").assign(
        account=[str(number) for number in range(len(rows))], score=0.5
    )


@pytest.mark.parametrize(
    ("account", "calls"),
    [
        (("gold", "select", "metal", "customer"), 24),
        (("gold", "invest", "metal", "customer"), 30),
        (("gold", "invest", "metal", "prospect"), 36),  # the standing counts before the posture
        (("gold", "select", "food", "prospect"), 12),  # the segment before both
        (("gold", "invest", "food", "prospect"), 18),  # and with the posture it names more
        (("gold", None, None, None), 24),
        (("silver", "invest", "food", "prospect"), 6),
    ],
)
def test_match_norms_takes_the_norm_that_names_most(account, calls):
    assert match_norms(make_accounts(account), NORMS)["calls_per_year"].tolist() == [calls]


def test_match_norms_gives_nothing_to_an_account_without_tier():
    found = match_norms(make_accounts((None, "invest", "food", "customer"), ("gold", "select", "metal", None)), NORMS)

    assert found["calls_per_year"].isna().tolist() == [True, False]
    assert found["channel"].isna().tolist() == [True, False]


def test_match_norms_refuses_a_tier_that_no_norm_fits():
    with pytest.raises(SalesModelError, match="bronze"):
        match_norms(make_accounts(("bronze", "invest", "food", "customer")), NORMS)


def test_match_norms_of_no_account_is_empty():
    assert match_norms(make_accounts(), NORMS).empty


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["gold", "silver", None]),
            st.sampled_from(["invest", "select", None]),
            st.sampled_from(["food", "metal", None]),
            st.sampled_from(["customer", "prospect", None]),
        ),
        min_size=1,
        max_size=20,
    )
)
def test_match_norms_looks_at_each_account_alone(rows):
    accounts = make_accounts(*rows)
    together = match_norms(accounts, NORMS)["calls_per_year"]
    alone = [match_norms(accounts.iloc[[row]], NORMS)["calls_per_year"].iloc[0] for row in range(len(rows))]

    np.testing.assert_array_equal(together.to_numpy(float), np.array(alone, dtype=float))


def test_measure_calls_counts_no_way_for_remote_calls():
    norms = pd.DataFrame(
        {
            "tier": ["gold", "gold"],
            "channel": ["field", "field"],
            "calls_per_year": [10.0, 10.0],
            "hours_per_call": [np.nan, 2.0],
            "remote_share": [0.0, 0.75],
        }
    )

    # 1.5 + .8; 2 + .8 x .25
    assert measure_calls(norms, CHANNELS).tolist() == pytest.approx([2.3, 2.2])


def test_measure_norms_gives_hours_by_kind_of_account():
    kinds = make_accounts(("gold", "invest", "food", "customer"), ("gold", None, None, None)).drop(columns="tier")

    table = measure_norms(NORMS, CHANNELS, capacity={"field": 900.0}, kinds=kinds.assign(kind=["one", "any"]))

    gold = table[table["tier"] == "gold"].set_index("posture")
    assert gold["hours_per_year"].to_dict() == pytest.approx({"one": 18 * 2.3, "any": 24 * 2.3})
    assert gold["capacity"].tolist() == [900.0, 900.0]


def plan(accounts, norms, **capacity):
    return plan_effort(
        accounts, norms=norms, channels=CHANNELS, capacity=capacity, present_hours=pd.Series(np.nan, accounts.index)
    )


def test_plan_effort_gives_prospects_their_own_calls_and_time():
    norms = pd.DataFrame(
        {
            "tier": ["gold", "gold"],
            "standing": ["any", "prospect"],
            "channel": "field",
            "calls_per_year": [10.0, 6.0],
            "hours_per_call": [np.nan, 3.0],
            "remote_share": [0.5, 0.0],
        }
    )

    effort = plan(
        make_accounts(("gold", "invest", "food", "customer"), ("gold", "invest", "food", "prospect")), norms, field=99
    )

    # 10 x (1.5 + .8 / 2); 6 x (3 + .8)
    assert effort["hours_per_year"].tolist() == pytest.approx([19.0, 22.8])
    assert effort["visits_per_year"].tolist() == [5.0, 6.0]


def test_plan_effort_uses_the_way_of_each_account_and_the_norm_where_it_is_not_known():
    accounts = make_accounts(("silver", None, None, None), ("silver", None, None, None))

    effort = plan(accounts.assign(travel_hours_per_call=[2.0, np.nan]), NORMS, field=99)

    assert effort["travel_hours_per_call"].tolist() == [2.0, 0.8]
    assert effort["workload_hours_per_year"].tolist() == pytest.approx([6 * 3.5, 6 * 2.3])


def test_plan_effort_hands_a_visit_norm_on_at_the_hours_of_the_next_channel():
    norms = NORMS.assign(hours_per_call=3.0, remote_share=0.5)

    effort = plan(make_accounts(("silver", None, None, None)), norms, inside=99)

    assert effort["channel"].tolist() == ["inside"]
    assert effort["hours_per_year"].tolist() == [6 * 0.5]
    assert effort["visits_per_year"].tolist() == [0.0]
