from dataclasses import replace
from functools import cached_property, lru_cache

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_client import make_client

from salesmodel_kit.chain import build_model
from salesmodel_kit.chain.carrying import find_changes, read_needs, rebuild_model
from salesmodel_kit.chain.model import SalesModel
from salesmodel_kit.client.profile import CallNorm
from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.workshop.room import Room

#: What the panels show, with the steps under it.
SHOWN = ("segment_scores", "criteria", "account_scores", "account_tiers", "tier_summary", "account_effort",
         "role_summary", "response_summary", "rep_summary", "territories", "vetoes", "performances", "hours_today",
         "calls")
SHARE = st.integers(0, 50).map(lambda number: number / 100)

TIER_RULE = st.tuples(st.sampled_from(["cutoff", "potential_share", "account_share"]), SHARE, SHARE).map(
    lambda found: ("set_tier_rule", "tiers", {"rule": found[0], "gold": 0.5 + found[1], "silver": found[2]}
                   if found[0] == "cutoff" else {"rule": found[0], "gold": found[1], "silver": found[2]}))
WEIGHTS = st.tuples(
    st.sampled_from([("potential", "employees"), ("chance", "fit"), ("attractiveness", "growth")]), st.integers(0, 9)
).map(lambda found: ("set_weights", found[0][0], {found[0][1]: float(found[1])}))
RATING = st.tuples(st.sampled_from(["public", "industry"]), st.integers(1, 5)).map(
    lambda found: ("rate_segment", found[0], {"growth": float(found[1])}))
OVERRIDE = st.tuples(st.sampled_from(["001", "004", "006"]), st.sampled_from(["gold", "silver", "bronze", ""])).map(
    lambda found: ("override_tier", *found))
HOURS = st.tuples(st.sampled_from(["anna", "carla"]), st.integers(0, 1500)).map(
    lambda found: ("set_selling_hours", found[0], float(found[1])))
LOCK = st.tuples(st.sampled_from(["001", "005"]), st.sampled_from(["anna", "bruno", ""])).map(
    lambda found: ("lock_account", *found))
NORMS = st.integers(0, 60).map(lambda calls: ("set_call_norms", "gold", (
    CallNorm(tier="gold", channel="field", calls_per_year=calls),)))
ANSWERS = st.tuples(st.sampled_from(["gold", "bronze"]), st.integers(1, 9)).map(lambda found: (
    "set_response", found[0],
    {"nothing": found[1] / 10 - 0.05, "half": 0.95, "half_more": 1.1, "most": 1.2 + found[1] / 10}))
STEP = st.one_of(TIER_RULE, WEIGHTS, RATING, OVERRIDE, HOURS, LOCK, NORMS, ANSWERS, st.just("undo"), st.just("redo"))


@lru_cache(maxsize=1)
def decided():
    return build_model(make_client())


@given(st.lists(STEP, max_size=5), st.sets(st.sampled_from(SHOWN), min_size=1))
@settings(max_examples=12, deadline=None)
def test_after_any_sequence_of_changes_each_table_equals_that_of_a_fresh_model(steps, looked_at):
    room = Room(decided())

    for step in steps:
        take(room, step)
        for name in looked_at:
            getattr(room.model, name)

    fresh = build_model(room.model.client)
    for name in SHOWN:
        assert_same(getattr(room.model, name), getattr(fresh, name))


def take(room, step):
    if isinstance(step, str):
        getattr(room, step)()
        return
    try:
        room.try_out(*step)
    except SalesModelError:
        return


def assert_same(ours, theirs):
    if isinstance(theirs, pd.DataFrame):
        pd.testing.assert_frame_equal(ours, theirs)
    elif isinstance(theirs, pd.Series):
        pd.testing.assert_series_equal(ours, theirs)
    else:
        assert ours is theirs is None


def test_rebuild_model_gives_the_same_model_back_when_nothing_changed():
    model = decided()

    assert rebuild_model(model, replace(model.client)) is model


def test_rebuild_model_carries_over_what_a_cut_does_not_touch():
    model = build_model(make_client())
    scores, effort = model.account_scores, model.account_effort
    tiers = model.strategy.tiers.model_copy(update={"gold": 0.11})

    moved = rebuild_model(model, replace(model.client, strategy=model.strategy.model_copy(update={"tiers": tiers})))

    assert moved.account_scores is scores
    assert moved.account_effort is not effort


def test_rebuild_model_does_not_score_again_when_an_account_is_locked():
    model = build_model(make_client())
    scores, tiers = model.account_scores, model.account_tiers
    plan = model.territory_plan
    accounts = model.client.accounts.assign(locked_rep=["bruno", None, None, None, None, None])

    moved = rebuild_model(model, replace(model.client, accounts=accounts.astype({"locked_rep": "str"})))

    assert moved.account_scores is scores
    assert moved.account_tiers is tiers
    assert moved.territory_plan is not plan


def test_rebuild_model_keeps_tiers_when_only_the_weights_of_segments_change_and_no_posture_does():
    model = build_model(make_client())
    tiers, scores = model.account_effort, model.segment_scores
    weights = model.client.criteria["weight"].mask(model.client.criteria["criterion"] == "growth", 2.0)

    moved = rebuild_model(model, replace(model.client, criteria=model.client.criteria.assign(weight=weights)))

    assert moved.segment_scores is not scores
    assert moved.account_effort is tiers


@pytest.mark.parametrize("changed", ["profile.language", "strategy.tiers", "accounts"])
def test_find_changes_names_the_part_that_differs(changed):
    before = make_client()
    after = {
        "profile.language": replace(before, profile=before.profile.model_copy(update={"language": "fr"})),
        "strategy.tiers": replace(before, strategy=before.strategy.model_copy(update={
            "tiers": before.strategy.tiers.model_copy(update={"gold": 0.01})})),
        "accounts": replace(before, accounts=before.accounts.assign(employees=1.0)),
    }[changed]

    assert find_changes(before, after) == {changed}


def test_read_needs_finds_what_a_step_reads():
    needs = read_needs()

    assert needs["channels"].parts == {"strategy.channels"}
    assert needs["previous"].parts == {"previous"}
    assert "client" in needs["weight_sets"].parts
    assert {"_asking_accounts", "hours_today"} <= needs["_plan_hours"].steps
    assert {"_plan_hours", "territory_rules"} <= needs["driven_plan"].steps


def test_every_step_of_the_model_is_known_to_the_carrying():
    steps = {name for owner in SalesModel.__mro__ for name, member in vars(owner).items()
             if isinstance(member, cached_property)}

    assert steps <= set(read_needs())
