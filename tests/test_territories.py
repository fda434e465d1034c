import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesmodel_kit.chain import build_model
from salesmodel_kit.model.territories import assign_within_capacity, measure_distance
from salesmodel_kit.tables import REP_SUMMARY, TERRITORIES, make_schema


def test_measure_distance_knows_paris_to_marseille():
    distance = measure_distance(np.array(48.8566), np.array(2.3522), np.array(43.2965), np.array(5.3698))

    assert float(distance) == pytest.approx(661, abs=1)


def test_measure_distance_is_missing_when_a_place_is_missing():
    assert np.isnan(measure_distance(np.array(np.nan), np.array(2.0), np.array(43.0), np.array(5.0)))


def test_assign_within_capacity_takes_the_cheapest_when_there_is_room():
    cost = np.array([[1.0, 9.0], [9.0, 1.0], [2.0, 8.0], [8.0, 2.0]])

    chosen = assign_within_capacity(cost, np.full(4, 10.0), np.array([40.0, 40.0]), tolerance=0.1)

    assert chosen.tolist() == [0, 1, 0, 1]


def test_assign_within_capacity_balances_when_everybody_lives_near_one_rep():
    cost = np.tile([1.0, 100.0], (20, 1))

    chosen = assign_within_capacity(cost, np.full(20, 5.0), np.array([100.0, 100.0]), tolerance=0.1)

    assert np.bincount(chosen).tolist() == [11, 9]


def test_assign_within_capacity_leaves_out_what_nobody_has_room_for():
    chosen = assign_within_capacity(np.ones((2, 2)), np.array([50.0, 8.0]), np.array([10.0, 10.0]), tolerance=0.1)

    assert chosen[0] == -1
    assert chosen[1] in (0, 1)


def test_assign_within_capacity_keeps_an_only_account_with_its_cheapest_rep():
    chosen = assign_within_capacity(
        np.array([[5.0, 1.0, 9.0]]), np.array([3.0]), np.array([9.0, 9.0, 9.0]), tolerance=0.1
    )

    assert chosen.tolist() == [1]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 30), st.integers(1, 5))
def test_a_plan_never_exceeds_capacity(seed, n_accounts, n_reps):
    generator = np.random.default_rng(seed)
    hours, capacity = generator.uniform(1, 20, n_accounts), generator.uniform(0, 100, n_reps)

    chosen = assign_within_capacity(generator.random((n_accounts, n_reps)), hours, capacity, tolerance=0.1)

    load = np.bincount(chosen[chosen >= 0], weights=hours[chosen >= 0], minlength=n_reps)
    assert (load <= capacity + 1e-6).all()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_a_plan_with_wide_tolerance_equals_brute_force_on_three_accounts(seed):
    generator = np.random.default_rng(seed)
    cost = generator.random((3, 2))

    chosen = assign_within_capacity(cost, np.ones(3), np.array([3.0, 3.0]), tolerance=1.0)

    best = min(
        sum(cost[row, column] for row, column in enumerate(plan)) for plan in itertools.product(range(2), repeat=3)
    )
    assert cost[np.arange(3), chosen].sum() == pytest.approx(best)


def test_assign_accounts_keeps_present_relations_and_goes_near(client_factory):
    model = build_model(client_factory())

    territories = model.territories.set_index("account")

    served = territories[territories["channel"] == "field"]
    assert served["rep"].notna().all()
    assert territories.loc["001", "rep"] == "anna"
    assert bool(territories.loc["001", "kept"]) is True
    assert territories.loc["001", "distance_km"] < 5
    make_schema(TERRITORIES).validate(model.territories)
    make_schema(REP_SUMMARY).validate(model.rep_summary)


def test_assign_accounts_gives_inside_accounts_to_inside_reps_only(client_factory):
    reps = client_factory().reps.assign(selling_hours_per_year=[30.0, 30.0, 700.0])
    model = build_model(client_factory(reps=reps))

    inside = model.territories[model.territories["channel"] == "inside"]

    assert len(inside) > 0
    assert set(inside["rep"].dropna()) <= {"carla"}


def test_assign_accounts_counts_accounts_without_a_place_without_inventing_a_distance(client_factory):
    client = client_factory()
    accounts = client.accounts.assign(latitude=np.nan, longitude=np.nan)

    territories = build_model(client_factory(accounts=accounts)).territories

    assert territories["distance_km"].isna().all()
    assert territories["rep"].notna().any()


def test_assign_accounts_copes_with_a_team_of_nobody(client_factory):
    client = client_factory()
    accounts = client.accounts.assign(owner=client.accounts["owner"].mask(client.accounts["owner"].notna()))

    model = build_model(client_factory(accounts=accounts, reps=client.reps.iloc[:0]))

    assert model.territories["rep"].isna().all()
    assert set(model.account_effort["channel"]) == {"marketing"}
