"""Sentences claim no more than the tables carry; every client here is six accounts made by hand."""

import re
from dataclasses import replace

import pandas as pd
import pytest
from small_client import make_client, make_tables

from salesmodel_kit.chain import build_model
from salesmodel_kit.client.profile import CallNorm
from salesmodel_kit.language import Language
from salesmodel_kit.model.grounds import describe_present_hours, find_weakest_basis, list_norms
from salesmodel_kit.narrative.allocation import tell_allocation_decisions, tell_call_ladder, tell_territory_map
from salesmodel_kit.narrative.board import tell_board_effort, tell_board_people, tell_board_value
from salesmodel_kit.narrative.scores import compare_ranks
from salesmodel_kit.narrative.segments import tell_win_rates
from salesmodel_kit.narrative.telling import say_tenths, strip_markup
from salesmodel_kit.reports.exhibits import allocation, board, scores, segments, tiers

ENGLISH, FRENCH = Language("en"), Language("fr")
NAN = float("nan")
JUDGED = {"data_basis": {"present_hours_per_year": {"basis": "judged", "source": "diaries"},
                         "potential_per_year": {"basis": "judged", "source": "the reps' estimate"}}}


def plain(sentence):
    return strip_markup(sentence).replace("\u00a0", " ").replace("\u202f", " ")


def read(exhibit):
    text = re.sub(r"<[^>]+>", " ", re.sub(r"<img[^>]*>", "", str(exhibit.html)))
    return re.sub(r"\s+", " ", plain(text)).replace(" .", ".").replace(" :", ":")


def change_accounts(**columns):
    return make_tables()["accounts"].assign(**columns)


def make_small(*, norms=None, **given):
    """Return the model of the small client, with other call norms where they are given."""
    client = make_client(**given)
    if norms is not None:
        client = replace(client, strategy=client.strategy.model_copy(update={"call_norms": norms}))
    return build_model(client)


def test_find_weakest_basis_takes_assumed_before_judged():
    assert find_weakest_basis(["measured", "judged", "assumed"]) == "assumed"


@pytest.mark.parametrize(
    ("recorded", "present", "basis", "n_estimated", "hours_estimated"),
    [
        ([10.0, 5.0], [10.0, 5.0], "judged", 0, 0.0),
        ([10.0, NAN], [10.0, 4.5], "mixed", 1, 4.5),
        ([NAN, NAN], [3.0, 4.5], "assumed", 2, 7.5),
        ([NAN, NAN], [NAN, NAN], None, 0, 0.0),
    ],
)
def test_describe_present_hours_tells_recorded_from_estimated(recorded, present, basis, n_estimated, hours_estimated):
    hours = describe_present_hours(pd.Series(recorded), pd.Series(present), basis="judged", source="diaries")

    assert hours.basis == basis
    assert (hours.n_estimated, hours.hours_estimated) == (n_estimated, hours_estimated)


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Hours today are judged (diaries), not measured."),
     ("fr", "Les heures actuelles sont jugées (diaries), non mesurées.")],
)
def test_board_effort_says_judged_where_the_client_judged_the_hours(language, said):
    model = make_small(profile={"language": language, **JUDGED})

    text = read(board.show_board_effort(model))

    assert said in text
    assert "measured from recorded activities" not in text


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "For 1 of 6 accounts only the calls are known: 14 h of 82 h are estimated"),
     ("fr", "Pour 1 compte sur 6, seules les visites sont connues: 14 h sur 82 h sont estimées")],
)
def test_hours_today_say_on_how_many_accounts_they_are_estimated(language, said):
    # Cormel: 6 calls of a field rep x (1.5 + 0.75) h = 13.5 h beside 68 h recorded.
    accounts = change_accounts(present_hours_per_year=[10.0, 0.0, NAN, 50.0, 7.0, 1.0])
    model = make_small(accounts=accounts, profile={"language": language})

    shown = [read(show(model)) for show in (board.show_board_effort, allocation.show_hours_by_tier,
                                            tiers.show_tier_table)]

    assert model.present_hours_basis == "mixed"
    assert said in shown[0]
    assert all(("1 of 6 accounts: 14 h" if language == "en" else "1 des 6 comptes: 14 h") in text for text in shown)


def make_relations():
    """Return three accounts with a rep today: one keeps it, one changes, one loses it (12 h); one had none."""
    return pd.DataFrame({
        "account": list("abcd"), "owner": pd.Series(["anna", "bruno", "carla", None], dtype="str"),
        "rep": pd.Series(["anna", "anna", None, "anna"], dtype="str"),
        "kept": pd.array([True, False, None, None], dtype="boolean"), "distance_km": NAN,
        "channel": ["field", "field", "marketing", "field"], "present_hours_per_year": [5.0, 5.0, 12.0, NAN]})


def make_roles(**changes):
    rows = {"role": ["inside"], "n_reps": [1.0], "n_reps_needed": [0.4], "n_reps_gap": [-0.6],
            "workload_hours_per_year": [400.0], "selling_hours_per_year": [1000.0]}
    return pd.DataFrame(rows | changes)


def make_tiers(**changes):
    rows = {"tier": ["gold", "silver", "bronze"], "cutoff": [0.7, 0.5, 0.0], "n_accounts": [2, 3, 5],
            "account_share": [0.2, 0.3, 0.5], "potential_share": [0.6, 0.3, 0.1],
            "present_hours_per_year": [140.0, 360.0, 500.0], "present_hours_share": [0.14, 0.36, 0.5],
            "recommended_hours_per_year": [300.0, 100.0, 0.0], "recommended_hours_share": [0.75, 0.25, 0.0]}
    return pd.DataFrame(rows | changes)


def make_calls(calls=(24.0, 18.0, 4.0)):
    return pd.DataFrame({"account": list("abc"), "tier": ["gold", "gold", "bronze"],
                         "channel": ["field", "field", "inside"], "calls_per_year": calls})


def test_territories_count_the_accounts_that_lose_their_rep():
    english, french = (tell_territory_map(make_relations(), n_on_map=0, language=language)
                       for language in (ENGLISH, FRENCH))

    assert plain(english.title) == (
        "1 of 3 accounts that have a rep today keeps that rep; 1 changes hands; 1 gets none in the plan")
    assert plain(french.title) == (
        "1 compte sur 3 suivi aujourd’hui garde son commercial ; 1 change de main ; 1 n’en a plus dans le plan")
    assert "no rep in the plan, but has one today (12 h in the last 12 months)" in plain(english.subtitle)


@pytest.mark.parametrize(
    ("language", "said"),
    [(ENGLISH, "1 account that has a rep today gets none in the plan (12 h in the last 12 months)"),
     (FRENCH, "1 compte suivi aujourd’hui n’a plus de commercial dans le plan (12 h ces 12 derniers mois)")],
)
def test_decisions_ask_about_the_accounts_that_lose_their_rep(language, said):
    items = tell_allocation_decisions(make_tiers(), make_roles(), make_relations(), language=language)

    assert said in plain(items)


def tell_people(language=ENGLISH, *, roles=None, **changes):
    facts = {"bases": {"call_norms": "judged", "given": "measured", "filled": "assumed"}, "n_without": 0, "n_reps": 1}
    return {part: plain(sentence) for part, sentence in tell_board_people(
        make_roles() if roles is None else roles, make_calls(), make_relations(), language=language,
        **(facts | changes)).items()}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "Call norms were set for this client, a judgement; selling hours are measured."),
        ({"n_without": 1, "n_reps": 4}, "selling hours are measured for 3 of 4 reps, assumed for the other."),
        ({"n_without": 1}, "selling hours, from working time, are assumed."),
        ({"bases": {"call_norms": "assumed", "given": "judged", "filled": "assumed"}},
         "Call norms are the strategy's until the room confirms them; selling hours are judged."),
    ],
)
def test_board_people_says_what_norms_and_hours_rest_on(changes, said):
    assert said in tell_people(**changes)["sure"]


def test_board_people_asks_for_measured_hours_only_where_they_are_not():
    assert tell_people()["change"] == "Other call norms, more remote contact."
    assert tell_people(n_without=1)["change"].startswith("Measured selling hours")


def test_board_people_counts_who_loses_a_rep():
    assert "1 account that has a rep today gets none (12 h in the last 12 months)." in tell_people()["sure"]
    assert "1 compte suivi aujourd’hui n’y a plus de commercial (12 h" in tell_people(FRENCH)["sure"]


def test_rep_loads_of_small_clients_use_the_singular():
    one = {language: make_one(language=language) for language in ("en", "fr")}

    # 24 visits x 2.25 h = 54 of 900 h.
    assert plain(allocation.show_rep_loads(one["en"]).title) == (
        "The plan fills 6% of the selling hours of Anna Ferrand")
    assert "Today Anna Ferrand looks after 1 account." in read(allocation.show_rep_loads(one["en"]))
    assert "Aujourd’hui, Anna Ferrand suit 1 compte." in read(allocation.show_rep_loads(one["fr"]))


def test_territories_of_one_account_say_so():
    assert allocation.show_territory_map(make_one()).title == "The one account that has a rep today keeps that rep"


def test_board_people_uses_the_singular_below_two_in_french():
    said = tell_people(FRENCH)["decision"]

    # 0.4 of 1 is needed: 0.6 more than half is free.
    assert "occupe 0,4 commercial sédentaire sur 1" in said
    assert "commerciaux" not in said


def test_small_needs_are_less_than_a_tenth_not_zero():
    assert (say_tenths(0.04, language=ENGLISH), say_tenths(0.04, language=FRENCH)) == (
        "less than 0.1", "moins de 0,1")
    need = make_roles(n_reps_needed=[0.3], n_reps_gap=[-0.7])
    assert "change the need by less than 0.1 people" in tell_people(roles=need)["sure"]
    assert "changent le besoin de moins de 0,1 personne." in tell_people(FRENCH, roles=need)["sure"]


def test_call_ladder_says_the_range_of_a_tier_not_its_median():
    english, french = (tell_call_ladder(make_calls(), language=language) for language in (ENGLISH, FRENCH))

    assert plain(english.title) == "Gold gets 18 to 24 contacts a year (field visits), bronze 4 (inside sales)"
    assert "gold 18 to 24, field visits" in plain(english.alt)
    assert plain(french.title).startswith("Les comptes or reçoivent 18 à 24 contacts par an (")


def test_summarize_ladder_keeps_frequencies_apart():
    rows = allocation.summarize_ladder(make_calls().assign(hours_per_year=1.0))

    assert rows[["tier", "calls_per_year", "n_accounts"]].values.tolist() == [
        ["gold", 24.0, 1], ["gold", 18.0, 1], ["bronze", 4.0, 1]]


PRESENT = describe_present_hours(pd.Series([1000.0]), pd.Series([1000.0]))


@pytest.mark.parametrize(
    ("now", "hours", "plan", "hours_plan", "said", "not_said"),
    [
        (0.14, 140.0, 0.75, 300.0, ("Raise gold from 14% to 75%", "Move hours to gold, from 14% to 75%"), "fall"),
        (0.14, 400.0, 0.75, 300.0,
         ("rises from 14% to 75%, but its hours fall by 100 h", "while its hours fall by 100 h"), "Move hours"),
        (0.80, 140.0, 0.75, 150.0, ("Gold gets 80% of the hours today; the plan gives it 75%",
                                    "75% in the plan, 10 h a year more: confirm it"), "Move hours"),
    ],
)
def test_gold_is_raised_only_where_share_and_hours_rise(now, hours, plan, hours_plan, said, not_said):
    summary = make_tiers(
        present_hours_share=[now, 1 - now, 0], recommended_hours_share=[plan, 1 - plan, 0],
        present_hours_per_year=[hours, 600.0, 0.0], recommended_hours_per_year=[hours_plan, 50.0, 0.0])

    on_board = tell_board_effort(summary, present=PRESENT, capacity=2000.0, language=ENGLISH)["decision"]
    items = tell_allocation_decisions(summary, make_roles(), make_relations(), language=ENGLISH)

    assert said[0] in plain(on_board)
    assert said[1] in plain(items)
    assert not_said not in f"{plain(on_board)} {plain(items)}"


@pytest.mark.parametrize(("language", "said"), [
    (ENGLISH, "They exceed what the team can give, 1,000 h against 400 h"),
    (FRENCH, "Elles dépassent ce que l’équipe peut donner, 1 000 h contre 400 h")])
def test_board_effort_says_when_hours_exceed_capacity(language, said):
    tight = tell_board_effort(make_tiers(), present=PRESENT, capacity=400.0, language=language)
    wide = tell_board_effort(make_tiers(), present=PRESENT, capacity=1000.0, language=language)

    assert said in plain(tight["sure"])
    assert said[:10] not in plain(wide["sure"])


NO_CALLS = tuple(CallNorm(tier=tier, channel="field", calls_per_year=0) for tier in ("gold", "silver", "bronze"))
PLANS = (
    allocation.show_territory_map, allocation.show_hours_by_tier, allocation.show_reps_needed,
    allocation.show_rep_loads, allocation.show_call_ladder, allocation.show_call_plan, board.show_board_effort,
    board.show_board_people)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("show", PLANS)
def test_norms_of_no_calls_point_at_call_norms(show, language):
    exhibit = show(make_small(norms=NO_CALLS, profile={"language": language}))

    assert "<code>call_norms</code>" in exhibit.html
    assert "reps.csv" not in exhibit.html
    assert not re.search(r"– (of|des)", read(exhibit))


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("show", [*PLANS, allocation.decide_allocation, board.show_board_value])
def test_no_scorable_account_is_not_a_missing_team(show, language):
    blank = dict.fromkeys(("employees", "potential_per_year", "sales_per_year", "relation", "fit"), NAN)
    client = make_client(accounts=change_accounts(**blank), profile={"language": language})
    rule = client.strategy.tiers.model_copy(update={"rule": "account_share"})
    model = build_model(replace(client, strategy=client.strategy.model_copy(update={"tiers": rule})))

    text = read(show(model))

    assert ("No account is known well enough" if language == "en" else "Aucun compte n’est assez connu") in text
    assert "reps.csv" not in text
    assert not re.search(r"– (of|des|h)\b", text)


def make_one(**profile):
    """Return the model of a client with one account, one segment and one rep."""
    given = make_tables()
    return build_model(make_client(
        accounts=given["accounts"].head(1), segments=given["segments"].head(1), reps=given["reps"].head(1),
        profile=profile))


def test_one_account_alone_is_near_no_cut():
    said = read(board.show_board_value(make_one()))

    assert "No account lies below gold: there is no cut to be near." in said
    assert "matter of judgement" not in said


def test_an_account_near_the_cut_has_its_tier():
    table = pd.DataFrame({"name": ["Alvane", "Brisso"], "tier": ["gold", "silver"], "score": [0.71, 0.5],
                          "tier_by_rule": ["gold", "silver"], "tier_source": "rule", "veto": None})
    segment = pd.DataFrame({"label": ["A"], "attractiveness": [NAN], "posture": [None], "size_per_year": [NAN],
                            "sales_per_year": [NAN], "n_accounts": [2]})

    parts = tell_board_value(segment, table, make_tiers(), language=ENGLISH)

    assert "1 account lies within 0.02 of the cut of gold; its tier is a matter of judgement." in plain(parts["sure"])


def test_ranks_are_compared_among_accounts_that_have_both():
    table = pd.DataFrame({"account": list("abc"), "score": [0.9, NAN, 0.5], "sales_per_year": [1.0, 9.0, 5.0]})

    ranked = compare_ranks(table)

    # b has no score: a and c are second and first by sales, not third and second.
    assert ranked["rank_by_sales"].tolist() == [2, pd.NA, 1]
    assert ranked["rank_change"].tolist() == [1, pd.NA, -1]


def test_one_account_has_no_rank_to_compare():
    assert scores.show_rank_changes(make_one()).title.startswith("One account alone has no rank")


def test_derived_criteria_inherit_the_weakest_basis():
    model = make_small(profile=JUDGED)

    basis, source = scores.state_performance(model, "untapped_potential_per_year")

    assert (basis, source) == ("judged", "potential: the reps' estimate")
    assert scores.state_performance(make_small(), "untapped_potential_per_year") == ("undeclared", "")


@pytest.mark.parametrize(("unit", "said"), [("monnaie par an", "€/an"), ("currency/year", "€/an"), ("devise", "€"),
                                            ("salariés", "salariés")])
def test_name_unit_names_the_currency(unit, said):
    assert scores.name_unit(unit, Language("fr", "EUR")) == said


def test_criteria_say_nothing_of_an_empty_source():
    assert "Not known for any row: Source" not in read(scores.show_criteria(make_small()))


def test_reasoning_of_a_strategy_is_typeset_in_french():
    client = make_client(profile={"language": "fr"})
    strategy = client.strategy.model_copy(update={
        "label": {"en": "x", "fr": "L'essor"}, "reasoning": {"en": "x", "fr": "D'abord l'essentiel : tout."}})

    said = str(scores.show_criteria(build_model(replace(client, strategy=strategy))).html)

    assert "D’abord l’essentiel\u00a0: tout." in said
    assert "L’essor" in said


@pytest.mark.parametrize("name", ["conquest", "retention", "balanced"])
def test_reasoning_of_a_strategy_speaks_of_no_norm_that_a_client_may_change(name):
    reasoning = make_client(name).strategy.reasoning

    assert not re.search(r"call|contact|visit|vus|month|mois", f"{reasoning['en']} {reasoning['fr']}")


def test_assumptions_hold_norms_and_hours_of_a_contact():
    norms = pd.DataFrame({"tier": ["gold"], "posture": ["any"], "channel": ["field"], "calls_per_year": [24.0]})
    channels = pd.DataFrame({"channel": ["field", "inside", "partner"], "hours_per_call": [1.5, 0.5, 0.5],
                             "travel_hours_per_call": [0.75, 0.0, 0.0], "next_channel": ["inside", None, None]})
    sources = {"call_norms": ("judged", "ours"), "field": ("assumed", "theirs"), "inside": ("assumed", "theirs")}

    table = list_norms(norms, channels, sources=sources)

    # partner is neither used nor next; inside takes no travel.
    assert table[["name", "value", "basis"]].values.tolist() == [
        ["call_norm.gold.any.field", "24", "judged"], ["hours_per_call.field", "1.5", "assumed"],
        ["travel_hours_per_call.field", "0.75", "assumed"], ["hours_per_call.inside", "0.5", "assumed"]]


def test_assumptions_name_the_strategy_or_the_clients_change():
    text = read(board.show_assumptions(make_small()))

    assert "contacts a year (gold, field visits) 24 contacts/year assumed strategy Balanced" in re.sub(" –", "", text)


@pytest.mark.parametrize(("language", "title", "reason"), [
    (ENGLISH, "We won 1 of 2 closed deals: too few to compare segments", "Fewer than 10 closed deals"),
    (FRENCH, "Nous avons gagné 1 affaire sur 2 closes : trop peu pour comparer les segments", "Moins de 10 affaires")])
def test_win_rates_of_two_deals_are_not_tested(language, title, reason):
    table = pd.DataFrame({"group": ["A", "B"], "n_won": [1, 0], "n_lost": [0, 1], "win_rate": [1.0, 0.0]})

    caption = tell_win_rates(table, test=(2.0, 1, 1.0), can_tell=False, language=language)

    assert plain(caption.title) == title
    assert reason in plain(caption.subtitle)
    assert "1.000" not in caption.subtitle


@pytest.mark.parametrize(
    ("accounts", "status", "title"),
    [
        (["001", "002"], ["won", "lost"], "The closed deals lie in one segment: there is nothing to compare"),
        (["001", "004"], ["won", "won"], "Every closed deal ended alike: segments cannot be compared"),
        (["001", "004"], ["open", "open"], "No deal is closed yet: the chance to win is not measured"),
    ],
)
def test_win_rates_say_why_segments_cannot_be_compared(accounts, status, title):
    deals = pd.DataFrame({"opportunity": ["1", "2"], "account": accounts, "status": status, "amount": NAN})

    assert segments.show_win_rates(make_small(opportunities=deals)).title == title


def test_method_says_that_the_account_that_crosses_is_in():
    assert "The account that crosses a limit is in the higher tier" in read(board.tell_method_in_brief(make_small()))
