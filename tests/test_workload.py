import numpy as np
import pandas as pd
import pytest
from small_client import fill_table, make_tables

from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.model.workload import estimate_present_hours, limit_capacity, plan_effort, summarize_roles
from salesmodel_kit.tables import ACCOUNT_EFFORT, REPS, ROLE_SUMMARY, make_schema

NORMS = pd.DataFrame(
    {
        "tier": ["gold", "silver", "bronze", "bronze"],
        "posture": ["any", "any", "any", "harvest"],
        "channel": ["field", "field", "inside", "marketing"],
        "calls_per_year": [24.0, 12.0, 4.0, 2.0],
    }
)
CHANNELS = pd.DataFrame(
    {
        "channel": ["field", "inside", "marketing"],
        "hours_per_call": [1.5, 0.5, 0.0],
        "travel_hours_per_call": [0.5, 0.0, 0.0],
        "next_channel": ["inside", "marketing", None],
    }
)


def make_tiers(tier: list, posture: list | None = None, score: list | None = None) -> pd.DataFrame:
    n_accounts = len(tier)
    return pd.DataFrame(
        {
            "account": pd.Series([str(number) for number in range(n_accounts)], dtype="str"),
            "tier": pd.Series(tier, dtype="str"),
            "posture": pd.Series(posture or ["invest"] * n_accounts, dtype="str"),
            "score": score or list(np.linspace(0.9, 0.1, n_accounts)),
        }
    )


def plan(tiers: pd.DataFrame, **capacity: float) -> pd.DataFrame:
    hours = pd.Series(np.nan, index=tiers.index)
    return plan_effort(tiers, norms=NORMS, channels=CHANNELS, capacity=capacity, present_hours=hours)


def test_plan_effort_asks_for_the_hours_of_the_norms():
    effort = plan(
        make_tiers(["gold", "silver", "bronze", "bronze"], ["invest", "select", "select", "harvest"]),
        field=1_000,
        inside=1_000,
    )

    assert effort["workload_hours_per_year"].tolist() == [48, 24, 2, 0]
    assert effort["channel"].tolist() == ["field", "field", "inside", "marketing"]
    assert effort["hours_per_year"].tolist() == [48, 24, 2, 0]
    make_schema(ACCOUNT_EFFORT).validate(effort)


def test_plan_effort_serves_gold_first_and_hands_the_rest_on():
    effort = plan(make_tiers(["silver", "gold", "gold"], score=[0.5, 0.8, 0.7]), field=100, inside=7)

    # field: gold 48 + 48 = 96; the silver's 24 do not fit; by phone it takes 12 x .5 = 6 hours
    assert effort["channel"].tolist() == ["inside", "field", "field"]
    assert effort["hours_per_year"].tolist() == [6, 48, 48]
    assert effort["calls_per_year"].tolist() == [12, 24, 24]


def test_plan_effort_keeps_nobody_out_for_an_account_that_alone_takes_more_than_there_is():
    # 24 x (1.5 + 40) = 996 h for the first, 48 h each for the others, of 100 h.
    tiers = make_tiers(["gold"] * 4).assign(travel_hours_per_call=[40.0, 0.5, 0.5, 0.5])

    assert plan(tiers, field=100, inside=100)["channel"].tolist() == ["inside", "field", "field", "inside"]


def test_plan_effort_ends_in_remote_contact_when_nobody_has_hours():
    effort = plan(make_tiers(["gold", "bronze"]))

    assert effort["channel"].tolist() == ["marketing", "marketing"]
    assert effort["hours_per_year"].tolist() == [0, 0]
    assert effort["workload_hours_per_year"].tolist() == [48, 2]


def test_plan_effort_plans_nothing_for_what_is_not_enough_known():
    effort = plan(make_tiers(["gold", None]), field=1_000)

    assert effort["channel"].isna().tolist() == [False, True]
    assert effort["calls_per_year"].tolist() == [24, 0]
    assert effort["workload_hours_per_year"].isna().tolist() == [False, True]


def test_plan_effort_falls_back_to_any_posture_when_the_posture_is_unknown():
    effort = plan(make_tiers(["bronze"], [None]), inside=10)

    assert effort["channel"].tolist() == ["inside"]


def test_plan_effort_refuses_a_tier_without_norm():
    norms = NORMS[NORMS["tier"] != "silver"]

    with pytest.raises(SalesModelError, match="silver"):
        plan_effort(
            make_tiers(["silver"]), norms=norms, channels=CHANNELS, capacity={}, present_hours=pd.Series([np.nan])
        )


def test_plan_effort_refuses_a_channel_without_hours():
    channels = CHANNELS[CHANNELS["channel"] != "inside"]

    with pytest.raises(SalesModelError, match="inside"):
        plan_effort(
            make_tiers(["gold"]), norms=NORMS, channels=channels, capacity={}, present_hours=pd.Series([np.nan])
        )


def test_plan_effort_refuses_channels_that_run_in_a_circle():
    channels = CHANNELS.assign(next_channel=["inside", "field", None])

    with pytest.raises(SalesModelError, match="inside: next_channel field must come later"):
        plan_effort(
            make_tiers(["gold"]), norms=NORMS, channels=channels, capacity={}, present_hours=pd.Series([np.nan])
        )


def test_summarize_roles_reproduces_the_workload_case_of_talley():
    effort = pd.DataFrame(
        {
            "wanted_channel": ["field", "field"],
            "workload_hours_per_year": [1_000 * 36.0, 2_000 * 12.0],
            "channel": ["field", "field"],
            "hours_per_year": [36_000.0, 24_000.0],
        }
    )
    reps = fill_table(
        REPS, {"rep": ["a", "b"], "name": ["a", "b"], "role": ["field"] * 2, "selling_hours_per_year": [1_000] * 2}
    )

    roles = summarize_roles(effort, reps, default_hours={})

    assert roles["n_reps_needed"].tolist() == [60.0]
    assert roles["n_reps_gap"].tolist() == [58.0]
    make_schema(ROLE_SUMMARY).validate(roles)


def test_summarize_roles_leaves_a_rep_without_selling_hours_out_of_the_mean():
    effort = pd.DataFrame(
        {
            "wanted_channel": ["field"],
            "workload_hours_per_year": [3_000.0],
            "channel": ["field"],
            "hours_per_year": [2_000.0],
        }
    )
    names = ["a", "b", "chief"]
    hours = [1_000, 1_000, 0]
    reps = fill_table(REPS, {"rep": names, "name": names, "role": ["field"] * 3, "selling_hours_per_year": hours})

    roles = summarize_roles(effort, reps, default_hours={})

    assert roles[["n_reps", "n_reps_needed", "n_reps_gap"]].to_numpy().tolist() == [[2.0, 3.0, 1.0]]
    norms = pd.DataFrame({"channel": ["field"], "calls_per_year": [24.0]})
    assert limit_capacity(reps, norms, CHANNELS) == limit_capacity(reps.iloc[:2], norms, CHANNELS)


def test_summarize_roles_counts_a_role_that_has_nobody_yet():
    effort = pd.DataFrame(
        {
            "wanted_channel": ["inside"],
            "workload_hours_per_year": [700.0],
            "channel": ["marketing"],
            "hours_per_year": [0.0],
        }
    )

    roles = summarize_roles(effort, make_tables()["reps"].iloc[:0], default_hours={"inside": 350.0})

    assert roles["role"].tolist() == ["inside"]
    assert roles["n_reps_needed"].tolist() == [2.0]


def test_estimate_present_hours_prefers_recorded_hours_and_keeps_missing_missing():
    tables = make_tables()
    accounts = tables["accounts"].assign(
        present_hours_per_year=[10, np.nan, np.nan, np.nan, np.nan, np.nan],
        present_calls_per_year=[4, 5, 0, np.nan, 5, 8],
        owner=pd.Series(["anna", "anna", None, "anna", None, "carla"], dtype="str"),
    )

    hours = estimate_present_hours(accounts, tables["reps"], CHANNELS)

    # recorded; 5 x 2 h in the field; no call: 0; nothing recorded; no owner; 8 x .5 h by phone
    assert hours.tolist() == pytest.approx([10, 10, 0, np.nan, np.nan, 4], nan_ok=True)
