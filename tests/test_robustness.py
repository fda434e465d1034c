import numpy as np
import pandas as pd
import pytest
from demo_models import demo_model
from small_client import make_client, read_strategy

from salesmodel_kit.chain import build_model
from salesmodel_kit.chain.portfolio import N_WEIGHTINGS
from salesmodel_kit.client.folder import open_client
from salesmodel_kit.client.profile import TierRule
from salesmodel_kit.model.draws import Weightings
from salesmodel_kit.model.robustness import (
    TierCuts,
    assess_robustness,
    make_terms,
    measure_influence,
    rank_robustness,
)
from salesmodel_kit.tables import CRITERION_INFLUENCE, RANK_ROBUSTNESS, ROBUSTNESS, make_schema

#: Weights of c0 against c1, evenly spread over 0-1; c2 is alone on its axis.
EVEN = np.column_stack([(np.arange(100) + 0.5) / 100, 1 - (np.arange(100) + 0.5) / 100, np.ones(100)])


def make_criteria():
    return pd.DataFrame({"criterion": ["c0", "c1", "c2"], "label": ["First", "Second", "Third"],
                         "axis": ["potential", "potential", "chance"], "worst": 0.0, "best": 1.0,
                         "effective_weight": [0.5, 0.5, 1.0]})


def make_case(rows, *, cutoffs=(0.6, 0.3)):
    """Return tiers, terms, weightings and cuts of accounts that are scored on potential alone."""
    accounts = pd.DataFrame(rows, columns=["c0", "c1"]).assign(c2=0.0)
    terms = make_terms(accounts, make_criteria(), potential_weight=1.0)
    score = accounts[["c0", "c1"]].mean(axis=1)
    place = (score.to_numpy()[:, None] < np.array(cutoffs)).sum(axis=1)
    names = [f"a{i}" for i in range(len(rows))]
    tiers = pd.DataFrame({"account": names, "name": names, "score": score, "override_by": None, "override_reason": None,
                          "tier": pd.Series(["gold", "silver", "bronze"]).iloc[place].to_numpy()})
    cuts = TierCuts({"gold": cutoffs[0], "silver": cutoffs[1], "bronze": 0.0})
    return tiers, terms, Weightings(make_criteria(), EVEN, {"potential": "ordinal", "chance": "ordinal"}, 0), cuts


def test_assess_robustness_counts_weightings_and_finds_the_smallest_change():
    tiers, terms, weightings, cuts = make_case([[1.0, 0.0], [0.9, 0.9]])

    table = assess_robustness(tiers, terms, weightings, cuts=cuts, close_call_share=0.7)

    # a0 is gold where w0 >= 0.6, silver where w0 >= 0.3; today, at 0.5, it is silver
    assert table["gold_acceptability"].tolist() == pytest.approx([0.4, 1.0])
    assert table["silver_acceptability"].tolist() == pytest.approx([0.3, 0.0])
    assert table["tier_acceptability"].tolist() == pytest.approx([0.3, 1.0])
    assert table["is_close_call"].tolist() == [True, False]
    first = table.iloc[0]
    assert (first["flip_to"], first["flip_less"], first["flip_more"]) == ("gold", "c1", "c0")
    assert (first["flip_distance"], first["flip_less_by"]) == pytest.approx((0.2, 0.1))
    assert table["flip_to"].isna().tolist() == [False, True]


def test_assess_robustness_leaves_decided_tiers_to_the_room():
    tiers, terms, weightings, cuts = make_case([[1.0, 0.0]])

    table = assess_robustness(tiers.assign(tier="gold", override_by="Anna"), terms, weightings, cuts=cuts,
                              close_call_share=0.7)

    assert table["tier_acceptability"].tolist() == pytest.approx([0.4])
    assert table["is_close_call"].tolist() == [False]
    assert table["flip_distance"].isna().all()


def test_assess_robustness_says_nothing_of_an_account_without_score():
    tiers, terms, weightings, cuts = make_case([[1.0, 0.0], [0.5, 0.5]])
    tiers.loc[1, ["score", "tier"]] = [np.nan, None]

    table = assess_robustness(tiers, terms, weightings, cuts=cuts, close_call_share=0.7)

    assert table.iloc[1][["gold_acceptability", "tier_acceptability", "flip_distance"]].isna().all()
    assert not table["is_close_call"].iloc[1]


def test_measure_influence_counts_the_accounts_that_change_tier():
    tiers, terms, weightings, cuts = make_case([[1.0, 0.0], [0.9, 0.9], [0.0, 0.8]])

    table = measure_influence(tiers, terms, weightings, cuts=cuts).set_index("criterion")

    # without c0: a0 falls to 0 (bronze), a2 rises to 0.8 (gold); c2 is alone on its axis
    assert table.loc["c0", "n_changed_without"] == 2
    assert table.loc["c1", "n_changed_without"] == 2
    assert pd.isna(table.loc["c2", "n_changed_without"])
    assert (table.loc["c0", "weight_low"], table.loc["c0", "weight_high"]) == pytest.approx((0.2525, 0.7475))
    # c0 at 0.995: a0 gold, a2 bronze; at 0.005: a0 bronze, a2 gold
    assert table.loc["c0", "n_changed_by_spread"] == 2


def test_rank_robustness_names_what_weighs_more_where_an_account_comes_first():
    tiers, terms, weightings, _ = make_case([[1.0, 0.0], [0.0, 1.0], [0.2, 0.2]])

    table = rank_robustness(tiers, terms, weightings).set_index("account")

    assert table["best_1_acceptability"].to_dict() == pytest.approx({"a0": 0.5, "a1": 0.5, "a2": 0.0})
    assert table.loc["a0", "central_criterion"] == "c0"
    assert table.loc["a1", "central_criterion"] == "c1"
    assert pd.isna(table.loc["a2", "central_criterion"])


@pytest.mark.parametrize("tiers", [TierRule(rule="cutoff", gold=0.6, silver=0.3),
                                   TierRule(rule="account_share", gold=0.2, silver=0.3),
                                   TierRule(rule="potential_share", gold=0.5, silver=0.3)])
def test_weights_in_force_give_the_tiers_of_today(tiers):
    client = make_client()
    changed = read_strategy("balanced").model_copy(update={"tiers": tiers})
    model = build_model(type(client)(**{**vars(client), "strategy": changed}))
    weights = model.weightings.criteria["effective_weight"].to_numpy()
    same = Weightings(model.weightings.criteria, np.tile(weights, (3, 1)), {}, 0)

    table = assess_robustness(model.account_tiers, model.score_terms, same, cuts=model.tier_cuts, close_call_share=0.7)

    assert table["tier_acceptability"].tolist() == [1.0] * 6


@pytest.mark.parametrize("name", ["software-publisher", "laboratory-distributor", "industrial-services"])
def test_demo_clients_give_tables_as_declared_and_the_same_on_each_run(name):
    model, again = demo_model(name), build_model(open_client(f"demo:{name}"))

    for declared, table in ((ROBUSTNESS, "robustness"), (RANK_ROBUSTNESS, "rank_robustness"),
                            (CRITERION_INFLUENCE, "criterion_influence")):
        make_schema(declared).validate(getattr(model, table))
        pd.testing.assert_frame_equal(getattr(model, table), getattr(again, table))
    assert len(model.weightings.draws) == N_WEIGHTINGS
    scored = model.account_scores["score"].notna().to_numpy()
    assert model.robustness.loc[scored, [f"{tier}_acceptability" for tier in model.cutoffs]].sum(axis=1).to_numpy() == (
        pytest.approx(np.ones(scored.sum())))


@pytest.mark.parametrize("tables", ["no accounts", "one account", "no potential"])
def test_robustness_copes_with_small_and_empty_clients(tables, client_factory):
    accounts = client_factory().accounts
    changed = {"no accounts": accounts.iloc[:0], "one account": accounts.iloc[:1],
               "no potential": accounts.assign(potential_per_year=np.nan)}[tables]

    model = build_model(client_factory(accounts=changed))

    assert len(model.robustness) == len(changed)
    assert len(model.criterion_influence) == 4
    assert len(model.rank_robustness) <= len(changed)


def test_robustness_leaves_the_tables_before_it_alone():
    model = build_model(make_client())
    before = model.account_tiers.copy(deep=True), model.performances.copy(deep=True)

    assert len(model.robustness) + len(model.criterion_influence) + len(model.rank_robustness)

    pd.testing.assert_frame_equal(model.account_tiers, before[0])
    pd.testing.assert_frame_equal(model.performances, before[1])


def test_assess_robustness_counts_the_best_tier_of_a_vetoed_account_for_the_second():
    tiers, terms, weightings, cuts = make_case([[1.0, 0.0], [0.9, 0.9]])
    vetoed = TierCuts(cuts.cutoffs, vetoed=np.array([True, True]))

    table = assess_robustness(tiers.assign(tier="silver"), terms, weightings, cuts=vetoed, close_call_share=0.65)

    # a0 scores w0: 0.4 of the weightings for gold and 0.3 for silver are all silver; today, at 0.5, silver
    assert table["gold_acceptability"].tolist() == [0.0, 0.0]
    assert table["silver_acceptability"].tolist() == pytest.approx([0.7, 1.0])
    assert table["is_close_call"].tolist() == [False, False]
    assert (table["flip_to"][0], table["flip_less"][0], table["flip_more"][0]) == ("bronze", "c0", "c1")
    assert table["flip_distance"][0] == pytest.approx(0.4)
    assert pd.isna(table["flip_distance"][1])


@pytest.mark.parametrize("silver", [0.3, np.nan])
def test_assess_robustness_finds_no_way_for_a_vetoed_account_into_the_best_tier(silver):
    tiers, terms, weightings, cuts = make_case([[0.0, 0.5]])
    cuts = TierCuts({**cuts.cutoffs, "gold": 0.4, "silver": silver}, vetoed=np.array([True]))

    table = assess_robustness(tiers, terms, weightings, cuts=cuts, close_call_share=0.7)

    # it scores half of w1, 0.25 today; without a silver cut the gold one is silver's for it
    assert table["flip_to"].tolist() == ["silver"]
    assert table["flip_more_by"].tolist() == pytest.approx([0.1 if silver == 0.3 else 0.3])


def test_measure_influence_counts_no_move_of_a_vetoed_account_into_the_best_tier():
    tiers, terms, weightings, _ = make_case([[1.0, 0.4]])
    free = measure_influence(tiers, terms, weightings, cuts=TierCuts({"gold": 0.9, "silver": 0.3, "bronze": 0.0}))

    table = measure_influence(tiers, terms, weightings,
                              cuts=TierCuts({"gold": 0.9, "silver": 0.3, "bronze": 0.0}, vetoed=np.array([True])))

    assert free.set_index("criterion").at["c1", "n_changed_without"] == 1
    assert table.set_index("criterion").at["c1", "n_changed_without"] == 0
