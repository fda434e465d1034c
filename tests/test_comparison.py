import dataclasses

import pytest

from salesmodel_kit.chain import build_model
from salesmodel_kit.client.profile import Assumption
from salesmodel_kit.comparison import compare_models, compare_with_previous
from salesmodel_kit.errors import SalesModelError


def change(client, **parts):
    return dataclasses.replace(client, **parts)


def explain(before, after) -> dict[str, str]:
    moves = compare_models(build_model(before), build_model(after)).moves
    return dict(zip(moves["account"], moves["cause"], strict=True))


def by_score(client, gold: float, silver: float):
    rule = client.strategy.tiers.model_copy(update={"rule": "cutoff", "gold": gold, "silver": silver})
    return change(client, strategy=client.strategy.model_copy(update={"tiers": rule}))


@pytest.fixture
def client(client_factory):
    """Return a client whose second best account lies just below gold."""
    made = client_factory()
    score = build_model(made).account_scores["score"].sort_values(ascending=False).tolist()
    return by_score(made, gold=score[1] + 0.005, silver=score[-1] + 0.01)


def find_second(client) -> str:
    scores = build_model(client).account_scores.sort_values("score", ascending=False)
    return scores["account"].iloc[1]


def test_compare_models_finds_nothing_between_a_model_and_itself(client):
    comparison = compare_models(build_model(client), build_model(client))

    assert comparison.moves.empty
    assert comparison.flows["n_accounts"].sum() == len(client.accounts)


def test_compare_models_says_that_the_data_moved_an_account(client):
    account = find_second(client)
    better = client.accounts["relation"].mask(client.accounts["account"] == account, 5.0)

    causes = explain(client, change(client, accounts=client.accounts.assign(relation=better)))

    assert causes == {account: "data"}


def test_compare_models_says_that_the_rule_moved_an_account(client):
    lower = client.strategy.tiers.gold - 0.01

    assert explain(client, by_score(client, gold=lower, silver=client.strategy.tiers.silver)) == {
        find_second(client): "rule"
    }


def test_compare_models_says_that_weights_moved_accounts(client):
    heavy = client.criteria["weight"].mask(client.criteria["criterion"] == "relation", 50.0)

    causes = explain(client, change(client, criteria=client.criteria.assign(weight=heavy)))

    assert causes
    assert set(causes.values()) == {"weights"}


def test_compare_models_says_that_an_override_moved_an_account(client, client_factory):
    account = find_second(client)
    decided = client_factory(overrides=[(account, "gold", "new plant", "C. Roy", "2026-10-01")])

    assert explain(client, change(client, overrides=decided.overrides)) == {account: "override"}


def test_compare_models_says_that_the_margin_moved_an_account(client):
    account = find_second(client)
    gold_before = client.accounts.assign(
        previous_tier=client.accounts["previous_tier"].mask(client.accounts["account"] == account, "gold")
    )
    margin = Assumption(value=0.02, unit="score", source="test")
    held = change(
        client, accounts=gold_before, profile=client.profile.model_copy(update={"assumptions": {"tier_margin": margin}})
    )

    assert build_model(held).account_tiers.set_index("account").at[account, "tier_source"] == "held"
    assert explain(client, held) == {account: "margin"}


def test_compare_models_tells_new_and_gone_accounts(client):
    first, last = client.accounts["account"].iloc[[0, -1]]

    causes = explain(
        change(client, accounts=client.accounts.iloc[1:].reset_index(drop=True)),
        change(client, accounts=client.accounts.iloc[:-1].reset_index(drop=True)),
    )

    assert (causes[first], causes[last]) == ("new", "gone")


def test_compare_models_refuses_two_clients(client, client_factory):
    with pytest.raises(SalesModelError, match="two clients"):
        compare_models(build_model(client), build_model(client_factory(profile={"id": "another"})))


def test_compare_with_previous_knows_no_cause_from_tiers_alone(client):
    noted = client.accounts.assign(previous_tier="bronze").astype({"previous_tier": "str"})

    comparison = compare_with_previous(build_model(change(client, accounts=noted)))

    assert not comparison.causes_known
    assert set(comparison.moves["cause"]) == {"unknown"}


def test_compare_with_previous_has_nothing_to_compare_with(client):
    nobody = client.accounts.assign(previous_tier=None).astype({"previous_tier": "str"})

    assert compare_with_previous(build_model(change(client, accounts=nobody))) is None


def test_compare_with_previous_walks_from_the_run_that_the_client_keeps(client):
    lower = by_score(client, gold=client.strategy.tiers.gold - 0.01, silver=client.strategy.tiers.silver)

    model = build_model(change(lower, previous=client))

    assert compare_with_previous(model).moves["cause"].tolist() == ["rule"]
    assert model.previous_tiers.tolist() == build_model(client).account_tiers["tier"].tolist()


def test_compare_with_previous_tells_the_rooms_decisions_from_moves_of_unknown_cause(client, client_factory):
    second = find_second(client)
    tiers = build_model(client).account_tiers.set_index("account")["tier"]
    other = next(account for account in tiers.index if account != second and tiers[account] != "gold")
    noted = tiers.mask(tiers.index == other, "gold").reindex(client.accounts["account"]).array
    decided = client_factory(overrides=[(second, "gold", "new plant", "C. Roy", "2026-10-01")])
    now = change(client, accounts=client.accounts.assign(previous_tier=noted), overrides=decided.overrides)

    comparison = compare_with_previous(build_model(now))

    causes = dict(zip(comparison.moves["account"], comparison.moves["cause"], strict=True))
    assert causes == {second: "override", other: "unknown"}
    assert not comparison.causes_known


def test_compare_models_reads_a_criterion_that_became_words_with_its_new_declaration(client):
    words = client.accounts.assign(relation=client.accounts["relation"].map(
        lambda rating: None if rating != rating else "good" if rating >= 3 else "poor").astype("str"))
    is_it = client.criteria["criterion"].eq("relation")
    declared = client.criteria.assign(
        category_values=client.criteria["category_values"].mask(is_it, "good:1; poor:0"),
        worst=client.criteria["worst"].mask(is_it, 0.0), best=client.criteria["best"].mask(is_it, 1.0))

    for before, after in ((client, change(client, accounts=words, criteria=declared)),
                          (change(client, accounts=words, criteria=declared), client)):
        assert set(explain(before, after).values()) <= {"data", "weights", "several"}
