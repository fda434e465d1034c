import pytest
from client_files import PROFILE, check_client, write_client
from small_client import read_strategy

from salesmodel_kit.client.profile import CallNorm, ChannelNorm, StrategyChanges, TierRule
from salesmodel_kit.client.settings import Settings
from salesmodel_kit.client.strategies import StrategyBook, describe_tier_rule, find_strategy_problems, merge_strategy
from salesmodel_kit.client.texts import Place


def find_messages(strategy):
    found = find_strategy_problems(strategy, Settings(Place("client.yaml")), prefix="strategy_changes.")
    return {problem.column: str(problem.message) for problem in found}


@pytest.mark.parametrize("name", ["balanced", "conquest", "retention"])
def test_strategy_book_reads_every_strategy_of_the_kit(name):
    strategy, problems = StrategyBook({}).read(name)

    assert problems == ()
    assert strategy == read_strategy(name)


def test_strategy_book_gives_the_clients_own_before_the_kits():
    own = read_strategy("balanced").model_copy(update={"potential_weight": 0.9})
    book = StrategyBook.from_files({"strategies/balanced.yaml": own.model_dump_json().encode(), "accounts.csv": b""})

    assert book.read("balanced")[0].potential_weight == 0.9
    assert book.names == ("balanced", "conquest", "retention")


def test_strategy_book_names_the_nearest_strategy():
    book = StrategyBook({})

    assert book.describe_unknown("balanced") is None
    assert "did you mean conquest?" in str(book.describe_unknown("conqest"))
    assert "choose one of balanced, conquest, retention" in str(book.describe_unknown("../../etc/passwd"))


def test_merge_strategy_replaces_field_by_field():
    strategy = read_strategy("balanced")
    changes = StrategyChanges(emphasis={"conquest": 2}, channels={"field": ChannelNorm(hours_per_call=3)},
                              call_norms=(CallNorm(tier="gold", channel="field", calls_per_year=1),))

    merged = merge_strategy(strategy, changes)

    assert merged.emphasis == {"conquest": 2, "retention": 1}
    assert merged.channels["field"].hours_per_call == 3
    assert merged.channels["inside"] == strategy.channels["inside"]
    assert len(merged.call_norms) == 1
    assert merged.tiers == strategy.tiers


@pytest.mark.parametrize(("rule", "gold", "silver", "sentence"), [
    ("cutoff", 0.5, 0.5, "must be below that of gold"), ("cutoff", 0.4, 0.5, "must be below that of gold"),
    ("account_share", 0.6, 0.5, "add up to 1.1"), ("potential_share", 0.9, 0.2, "add up to 1.1"),
])
def test_describe_tier_rule_refuses_what_leaves_no_room(rule, gold, silver, sentence):
    assert sentence in str(describe_tier_rule(TierRule(rule=rule, gold=gold, silver=silver)))


@pytest.mark.parametrize(("rule", "gold", "silver"), [("cutoff", 0.9, 0.8), ("account_share", 0.7, 0.3),
                                                      ("potential_share", 0, 0)])
def test_describe_tier_rule_accepts_the_rest(rule, gold, silver):
    assert describe_tier_rule(TierRule(rule=rule, gold=gold, silver=silver)) is None


def test_find_strategy_problems_wants_a_norm_for_each_tier():
    norms = (CallNorm(tier="gold", channel="field", calls_per_year=1),
             CallNorm(tier="silver", posture="invest", channel="field", calls_per_year=1),
             CallNorm(tier="bronze", channel="field", calls_per_year=1),
             CallNorm(tier="bronze", channel="inside", calls_per_year=1))

    messages = find_strategy_problems(read_strategy("balanced").model_copy(update={"call_norms": norms}),
                                      Settings(Place("client.yaml")), prefix="")

    assert [str(problem.message) for problem in messages] == [
        "No call norm for the tier silver holds in any posture; add one with posture: any.",
        "The tier bronze has two call norms for the posture any; keep one."]


def test_find_strategy_problems_wants_hours_for_each_channel_that_is_used():
    channels = {"field": ChannelNorm(hours_per_call=1, next_channel="customer_success"),
                "inside": ChannelNorm(hours_per_call=1, next_channel="inside"),
                "marketing": ChannelNorm(hours_per_call=0)}

    messages = find_messages(read_strategy("balanced").model_copy(update={"channels": channels}))

    assert "The channel customer_success is used" in messages["strategy_changes.channels"]
    assert "must come later" in messages["strategy_changes.channels.inside.next_channel"]


def test_find_strategy_problems_wants_both_emphases():
    messages = find_messages(read_strategy("balanced").model_copy(update={"emphasis": {"conquest": 1.0}}))

    assert list(messages) == ["strategy_changes.emphasis.retention"]


@pytest.mark.parametrize(("changes", "sentence"), [
    ("  call_norms:\n  - {tier: platinum, posture: any, channel: field, calls_per_year: 12}\n",
     "The client has no tier platinum (gold, silver, bronze)"),
    ("  tiers: {rule: cutoff, gold: 0.6, silver: 0.3, names: {gold: {en: '  '}}}\n", ""),
])
def test_open_client_refuses_norms_of_tiers_that_are_not_there_and_blank_names(tmp_path, changes, sentence):
    folder = write_client(tmp_path / "c", client_yaml=f"{PROFILE}strategy_changes:\n{changes}")

    problems = check_client(folder)

    assert problems
    assert all(problem.file == "client.yaml" and problem.row for problem in problems)
    assert sentence in " ".join(str(problem.message) for problem in problems)
