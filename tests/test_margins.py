"""The margin: cuts of each account's own say the same as the rule that holds tiers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from demo_models import demo_model
from hypothesis import given
from hypothesis import strategies as st

from salesmodel_kit.chain import build_model
from salesmodel_kit.client.profile import Assumption
from salesmodel_kit.model.acceptability import ScoreTerms, accept_shares, accept_tiers, place_in_tiers
from salesmodel_kit.model.flips import find_flips
from salesmodel_kit.model.margins import find_shifts, shift_cuts
from salesmodel_kit.model.tier_rules import hold_places

SCORES = st.lists(st.integers(0, 100), min_size=1, max_size=12)


@given(scores=SCORES, previous=st.integers(-1, 2), margin=st.integers(1, 60), cuts=st.tuples(*[st.integers(1, 99)] * 2))
def test_shift_cuts_agree_with_the_tiers_that_are_held(scores, previous, margin, cuts):
    score, places = np.array(scores) / 100 + 0.001, np.full(len(scores), previous)
    score = np.minimum(score, 1.0)
    levels = np.array(sorted(cuts, reverse=True)) / 100

    held = hold_places(score, cutoffs={"gold": levels[0], "silver": levels[1], "bronze": 0.0}, previous=places,
                       margin=margin / 100)
    own = shift_cuts(levels, find_shifts(places, n_cuts=2, margin=margin / 100))

    assert held.tolist() == (score[:, None] < own - 1e-9).sum(axis=1).tolist()


def test_hold_places_lets_nobody_into_a_tier_that_nobody_fits_into():
    held = hold_places(np.array([1.0]), cutoffs={"gold": np.inf, "silver": 0.5, "bronze": 0.0},
                       previous=np.array([1]), margin=0.1)

    assert held.tolist() == [1]


def test_accept_tiers_counts_an_account_where_its_margin_holds_it():
    terms = ScoreTerms(np.array([[0.58, 0.58], [0.58, 0.58]]), np.array([0, 0]), np.array([1.0]))
    shifts = find_shifts(np.array([0, 1]), n_cuts=1, margin=0.03)

    shares = accept_tiers(terms, np.array([[0.5, 0.5], [0.2, 0.8]]), cutoffs=[0.6], shifts=shifts)

    assert shares.tolist() == [[1.0, 0.0], [0.0, 1.0]]


def test_accept_shares_and_place_in_tiers_move_the_cut_of_each_account():
    terms = ScoreTerms(np.array([[0.60], [0.58], [0.10]]), np.array([0]), np.array([1.0]))
    shifts = find_shifts(np.array([0, 0, 1]), n_cuts=1, margin=0.03)
    asked = {"shares": (0.33,), "sizes": np.ones(3), "shifts": shifts}

    shares = accept_shares(terms, np.array([[1.0]]), **asked)
    places = place_in_tiers(terms, np.array([[1.0]]), cutoffs=[0.6], **asked)

    assert shares[:, 0].tolist() == [1.0, 1.0, 0.0]
    assert places.tolist() == [[0, 0, 1]]


def test_find_flips_takes_cuts_of_each_account():
    terms = ScoreTerms(np.array([[1.0, 0.0], [1.0, 0.0]]), np.array([0, 0]), np.array([1.0]))

    flips = find_flips(terms, np.array([0.5, 0.5]), cutoffs=np.array([[0.6], [0.7]]))

    assert flips.distance == pytest.approx([0.2, 0.4])


def test_robustness_calls_no_account_close_that_its_margin_holds():
    plain = demo_model("industrial-services")
    client = plain.client
    noted = client.accounts.assign(previous_tier=plain.account_tiers["tier_by_rule"].to_numpy())
    margin = Assumption(value=0.3, unit="score", source="test")
    wide = client.profile.model_copy(update={"assumptions": {**client.profile.assumptions, "tier_margin": margin}})

    held = build_model(replace(client, accounts=noted, profile=wide))

    assert plain.robustness["is_close_call"].sum() > 0
    pd.testing.assert_series_equal(held.account_tiers["tier"], plain.account_tiers["tier_by_rule"], check_names=False)
    assert held.robustness["is_close_call"].sum() == 0
