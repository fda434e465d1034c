"""Finished tables become sentences; every number here is worked out by hand."""

import pandas as pd
import pytest
from jinja2 import UndefinedError
from markupsafe import Markup

from salesmodel_kit.language import Language
from salesmodel_kit.narrative.allocation import (
    gather_people,
    tell_allocation_decisions,
    tell_call_ladder,
    tell_call_plan,
    tell_hours_by_tier,
    tell_rep_loads,
    tell_reps_needed,
    tell_territory_map,
)
from salesmodel_kit.narrative.board import tell_assumptions, tell_board_people, tell_board_value, tell_method
from salesmodel_kit.narrative.scores import (
    compare_ranks,
    tell_criteria,
    tell_rank_changes,
    tell_top_accounts,
    tell_value_map,
)
from salesmodel_kit.narrative.segments import (
    tell_portfolio_matrix,
    tell_postures,
    tell_segment_contributions,
    tell_segment_decisions,
    tell_win_rates,
)
from salesmodel_kit.narrative.telling import CHAPTERS, name_some, strip_markup, tell, tell_basis
from salesmodel_kit.narrative.tiers import (
    tell_cumulated_potential,
    tell_gold_accounts,
    tell_held,
    tell_kept_out,
    tell_moves,
    tell_overrides,
    tell_tier_table,
)

NBSP = "\u00a0"
ENGLISH, FRENCH = Language("en"), Language("fr")
NAN = float("nan")


def make_segments(**changes):
    rows = {
        "segment": ["A", "B", "C"], "label": ["Town halls", "Industry", "Hospitals"],
        "size_per_year": [1e6, 2e6, 3e6], "sales_per_year": [100_000.0, 200_000.0, 100_000.0],
        "attractiveness": [0.8, 0.6, 0.3], "competitive_strength": [0.7, 0.5, 0.2],
        "posture": ["invest", "select", "harvest"], "n_accounts": [3, 4, 5],
    }
    return pd.DataFrame(rows | changes)


def make_tiers(**changes):
    rows = {
        "tier": ["gold", "silver", "bronze"], "cutoff": [0.7, 0.5, 0.0], "n_accounts": [10, 30, 60],
        "account_share": [0.1, 0.3, 0.6], "potential_per_year": [760.0, 140.0, 100.0],
        "potential_share": [0.76, 0.14, 0.10], "sales_per_year": [100.0, 60.0, 40.0],
        "sales_share": [0.5, 0.3, 0.2], "wallet_share": [0.13, 0.43, 0.4],
        "present_hours_per_year": [380.0, 320.0, 300.0], "present_hours_share": [0.38, 0.32, 0.30],
        "workload_hours_per_year": [600.0, 300.0, 100.0], "recommended_hours_per_year": [600.0, 300.0, 100.0],
        "recommended_hours_share": [0.6, 0.3, 0.1],
    }
    return pd.DataFrame(rows | changes)


def plain(sentence):
    return strip_markup(sentence).replace(NBSP, " ").replace("\u202f", " ")


def test_tell_portfolio_matrix_says_what_the_segments_to_invest_in_hold():
    # Town halls: 1 of 6 million of the market, 100 of 400 thousand of the sales.
    caption = tell_portfolio_matrix(make_segments(), language=ENGLISH)

    assert plain(caption.title) == "Town halls is the one segment to invest in: 17% of the market, 25% of our sales"
    assert "3 segments with 12 accounts" in plain(caption.subtitle)
    assert caption.alt.endswith("To harvest: Hospitals.")


@pytest.mark.parametrize(
    ("changes", "title"),
    [
        ({"posture": ["invest", "invest", "harvest"]},
         "2 segments sur 3 appellent l’investissement : 50 % du marché, 75 % de nos ventes"),
        ({"posture": ["select", "select", "harvest"]},
         "Aucun segment n’appelle l’investissement : 2 à sélectionner et 1 à récolter"),
        ({"size_per_year": [1e6, NAN, 3e6]}, "Town halls est le seul segment où investir : 25 % de nos ventes"),
        ({"size_per_year": [NAN] * 3, "sales_per_year": [NAN] * 3}, "Town halls est le seul segment où investir"),
    ],
)
def test_tell_portfolio_matrix_copes_with_none_one_several_and_unknown(changes, title):
    caption = tell_portfolio_matrix(make_segments(**changes), language=FRENCH)

    assert plain(caption.title) == title


def test_tell_postures_counts_the_segments_that_are_not_placed():
    caption = tell_postures(make_segments(posture=["invest", None, "harvest"]), language=ENGLISH)

    assert plain(caption.title) == "1 to invest in, 0 to select, 1 to harvest; 1 not placed"


def test_tell_segment_contributions_names_no_winner_when_it_is_a_close_call():
    parts = pd.DataFrame({"segment": ["A"], "axis": ["attractiveness"], "criterion": ["g"], "label": ["Growth"],
                          "contribution": [0.5]})

    clear = tell_segment_contributions(make_segments(), parts, language=ENGLISH)
    close = tell_segment_contributions(make_segments(attractiveness=[0.8, 0.71, 0.3]), parts, language=ENGLISH)

    assert plain(clear.title) == "Town halls is the most attractive segment with 0.80: “Growth” brings 0.50 of it"
    assert plain(close.title) == (
        "No clear winner on attractiveness: Town halls and Industry score within 0.10 of each other")


def make_win_rates():
    return pd.DataFrame({"group": ["Town halls", "Industry"], "n_won": [6, 4], "n_lost": [4, 6],
                         "win_rate": [0.6, 0.4], "low": [0.31, 0.17], "high": [0.83, 0.69]})


@pytest.mark.parametrize("language", [ENGLISH, FRENCH])
def test_tell_win_rates_names_no_segment_when_chance_alone_could_do_it(language):
    caption = tell_win_rates(make_win_rates(), test=(0.8, 1, 0.65), can_tell=False, language=language)

    said = f"{caption.title} {caption.subtitle} {caption.alt}"
    assert "Town halls" not in said
    assert "Industry" not in said
    assert ("chance alone" if language is ENGLISH else "hasard") in said
    assert ("Chi-square 0.8 with 1 degree of freedom" if language is ENGLISH
            else "Khi-deux de 0,8 pour 1 degré de liberté") in plain(caption.subtitle)


def test_tell_win_rates_names_best_and_worst_when_the_deals_can_tell():
    caption = tell_win_rates(make_win_rates(), test=(9.8, 1, 0.0004), can_tell=True, language=ENGLISH)

    assert plain(caption.title).startswith("We win 60% of the deals in Town halls, 40% in Industry")
    assert plain(caption.subtitle).endswith("p < 0.001.")


def test_tell_segment_decisions_asks_to_rate_what_is_not_placed():
    items = tell_segment_decisions(make_segments(posture=["invest", None, "harvest"]), language=ENGLISH)

    assert "<li>Rate what is missing for Industry, with a date and a name.</li>" in items


def test_tell_criteria_names_every_criterion_of_the_same_weight():
    criteria = pd.DataFrame({"axis": ["potential", "potential", "chance"], "label": ["Size", "Projects", "Relation"],
                             "effective_weight": [0.5, 0.5, 1.0]})

    caption = tell_criteria(criteria, strategy="Balanced", potential_weight=0.5, language=ENGLISH)

    assert plain(caption.title) == ("“Size” and “Projects” weigh most in development potential (50% each), "
                                    "“Relation” in the chance to win (100%)")


def make_scores(**changes):
    rows = {"account": list("abcd"), "name": ["Alvane", "Brisso", "Cormel", "Dartis"],
            "potential_per_year": [50.0, 30.0, 20.0, NAN], "sales_per_year": [0.0, 5.0, 9.0, 1.0],
            "potential_score": [0.9, 0.7, 0.2, 0.1], "win_score": [0.5, 0.4, 0.9, 0.2],
            "score": [0.8, 0.6, 0.4, NAN],
            "rank_by_sales": pd.array([4, 2, 1, 3], dtype="Int64"),
            "rank_by_value": pd.array([1, 2, 3, None], dtype="Int64"),
            "rank_change": pd.array([3, 0, -2, None], dtype="Int64")}
    return pd.DataFrame(rows | changes)


def test_tell_value_map_counts_what_is_high_on_both_axes():
    # Alvane alone: 1 of 3 scored accounts, 50 of 100 of their known potential.
    caption = tell_value_map(make_scores(), language=ENGLISH)

    assert plain(caption.title) == (
        "1 account joins high potential with a good chance to win: 33% of the accounts, 50% of the potential")
    assert "Not drawn, for want of data: 1 account." in plain(caption.subtitle)


def test_tell_rank_changes_counts_the_best_that_do_not_buy_most():
    # By value Alvane, Brisso, Cormel; by sales Cormel, Brisso, Alvane. Dartis has no score and takes no rank.
    caption = tell_rank_changes(compare_ranks(make_scores()), language=ENGLISH)

    assert plain(caption.title) == "The account of highest value is not our biggest buyer today"
    assert plain(caption.subtitle).endswith(
        "among 3 accounts with both: the 1 that rises most and the 1 that falls most, by the ratio of the two ranks.")


def test_tell_top_accounts_does_not_rank_what_lies_close_together():
    parts = pd.DataFrame({"account": list("ab"), "size": [0.5, 0.45], "relation": [0.3, 0.32]})
    labels = pd.Series({"size": "Size", "relation": "Relation"})
    scores = make_scores().head(2)

    clear = tell_top_accounts(scores, parts, labels, language=ENGLISH)
    close = tell_top_accounts(scores.assign(score=[0.8, 0.77]), parts, labels, language=ENGLISH)

    assert plain(clear.title) == "Alvane leads with 0.80; “Size” brings most to the 2 best"
    assert plain(close.title) == (
        "The 2 best accounts lie within 0.03 of each other: read them as a group, carried by “Size”")


def test_tell_cumulated_potential_says_what_gold_holds():
    caption = tell_cumulated_potential(make_tiers(), language=FRENCH)

    assert plain(caption.title) == "10 comptes or détiennent 76 % du potentiel avec 10 % des comptes"


def test_tell_cumulated_potential_copes_with_no_gold_and_one_gold():
    none = tell_cumulated_potential(make_tiers(n_accounts=[0, 1, 99]), language=ENGLISH)
    one = tell_cumulated_potential(make_tiers(n_accounts=[1, 30, 69], account_share=[0.01, 0.3, 0.69]),
                                   language=ENGLISH)

    assert plain(none.title) == "No account is gold; silver holds 14% of the potential with 1 account"
    assert plain(one.title) == "1 gold account holds 76% of the potential with 1.0% of the accounts"


def test_tell_tier_table_falls_back_on_shares_when_wallets_are_unknown():
    known = tell_tier_table(make_tiers(), language=ENGLISH)
    unknown = tell_tier_table(make_tiers(wallet_share=[NAN] * 3), language=ENGLISH)

    assert plain(known.title) == "Gold buys 13% of its potential from us, bronze 40%"
    assert plain(unknown.title) == "Gold is 10% of the accounts and 50% of the sales"


def make_account_tiers(**changes):
    rows = {"account": list("abc"), "name": ["Alvane", "Brisso", "Cormel"], "score": [0.9, 0.5, 0.2],
            "tier": ["gold", "silver", "bronze"], "tier_by_rule": ["silver", "silver", "bronze"],
            "override_reason": ["new site", None, None], "override_by": ["Anna", None, None],
            "previous_tier": ["gold", "bronze", None], "potential_per_year": [1_500_000.0, 10.0, 10.0],
            "sales_per_year": [300_000.0, 0.0, 0.0], "tier_source": ["override", "rule", "rule"],
            "veto": [None, None, None]}
    words = ("tier", "tier_by_rule", "override_reason", "override_by", "previous_tier", "tier_source", "veto")
    return pd.DataFrame(rows | changes).astype(dict.fromkeys(words, "str"))


def test_tell_gold_accounts_sums_what_they_can_still_buy():
    caption = tell_gold_accounts(make_account_tiers(), language=FRENCH)

    assert plain(caption.title) == "Alvane est notre seul compte or et peut encore nous acheter 1,2 M€ de plus par an"


def test_tell_kept_out_names_what_keeps_the_best_tier_empty():
    tiers = make_account_tiers(tier=["silver"] * 3, tier_by_rule=["gold"] * 3, veto=["fit", None, None],
                               tier_source=["rule", "override", "held"])

    english, french = (tell_kept_out(tiers, language=language) for language in (ENGLISH, FRENCH))

    assert plain(english[0]) == "No account is gold"
    assert plain(english[1]) == ("By the rule 3 accounts reach gold, and all are kept out: 1 by a veto (veto in "
                                 "criteria.csv). 1 by a decision of the room. 1 by the margin (tier_margin).")
    assert plain(french[1]).startswith("Par la règle, 3 comptes atteignent l’or, et tous en sont écartés : 1 par")


def test_tell_kept_out_blames_the_cutoff_where_nobody_reaches_it():
    tiers = make_account_tiers(tier=["silver"] * 3, tier_by_rule=["silver"] * 3)

    assert "no account reaches gold" in plain(tell_kept_out(tiers, language=ENGLISH)[1])


def test_tell_board_value_does_not_blame_the_cutoff_for_a_veto():
    tiers = make_account_tiers(tier=["silver"] * 3, tier_by_rule=["gold", "silver", "bronze"], veto=["fit", None, None],
                               tier_source=["rule"] * 3)

    parts = tell_board_value(make_segments(), tiers, make_tiers(cutoff=[0.51, 0.3, 0.0]), language=ENGLISH)
    said = plain(parts["decision"])

    assert "what the rule would let in (1 account) is kept out by a veto" in said
    assert "today's cutoff" not in said


def test_tell_held_counts_those_that_are_held_halfway():
    tiers = make_account_tiers(tier=["silver", "silver", "bronze"], tier_by_rule=["bronze", "gold", "bronze"],
                               previous_tier=["gold", "silver", "bronze"], tier_source=["held", "held", "rule"])

    caption = tell_held(tiers, margin=0.03, language=ENGLISH)

    assert plain(caption.title).startswith("2 accounts are held nearer to their previous tier by a margin of 0.03")
    assert "1 account changes tier, but less far than the rule alone would send it" in plain(caption.subtitle)


def test_tell_overrides_counts_up_and_down():
    caption = tell_overrides(make_account_tiers(), language=ENGLISH)
    nobody = make_account_tiers(override_reason=[None] * 3, override_by=[None] * 3)

    assert plain(caption.title) == "The room decided otherwise than the rule for 1 account: 1 up, 0 down"
    assert plain(caption.subtitle) == "Every override with its reason. Decided by: Anna."
    assert plain(tell_overrides(nobody, language=ENGLISH).title) == "No tier was overridden: the rule alone decides"


def test_tell_moves_counts_only_accounts_with_both_tiers():
    # a stays gold, b rises from bronze to silver, c had no tier.
    caption = tell_moves(make_account_tiers(), language=ENGLISH)

    assert plain(caption.title) == "1 of 2 accounts changes tier since the last model: 1 up, 0 down"
    assert plain(caption.subtitle).endswith("Without a tier in both: 1 account.")


def test_tell_hours_by_tier_sets_hours_against_potential():
    # Silver and bronze: 32 + 30 of the hours, 14 + 10 of the potential.
    english = tell_hours_by_tier(make_tiers(), language=ENGLISH)
    french = tell_hours_by_tier(make_tiers(), language=FRENCH)

    assert plain(english.title) == (
        "62% of the hours go to silver and bronze accounts, which hold 24% of the potential")
    assert plain(french.title) == (
        "62 % des heures vont aux comptes argent et bronze, qui détiennent 24 % du potentiel")


def test_tell_hours_by_tier_says_so_when_hours_follow_the_potential():
    follows = make_tiers(present_hours_share=[0.76, 0.14, 0.10], recommended_hours_share=[0.75, 0.15, 0.10])

    caption = tell_hours_by_tier(follows, language=ENGLISH)

    assert plain(caption.title) == "The hours already follow the potential: gold gets 76% and holds 76%"


def test_tell_hours_by_tier_says_what_the_plan_changes_where_hours_follow_the_potential():
    # Gold 76 of 100 today as of the potential, 60 in the plan.
    follows = make_tiers(present_hours_share=[0.76, 0.14, 0.10])

    english = tell_hours_by_tier(follows, language=ENGLISH)
    french = tell_hours_by_tier(follows, language=FRENCH)

    assert plain(english.title) == "Gold gets 76% of the hours and holds 76% of the potential; the plan gives it 60%"
    assert plain(french.title) == (
        "L’or reçoit 76 % des heures et détient 76 % du potentiel ; le plan lui en donne 60 %")


def test_tell_hours_by_tier_says_how_many_hours_are_estimated():
    english = tell_hours_by_tier(make_tiers(), n_estimated=77, hours_estimated=88.0, language=ENGLISH)
    french = tell_hours_by_tier(make_tiers(), n_estimated=1, hours_estimated=88.0, language=FRENCH)

    assert "1,000 h in the last 12 months (88 h of 77 accounts estimated from calls)" in plain(english.subtitle)
    assert "(dont 88 h sur 1 compte estimé d’après les visites)" in plain(french.subtitle)


def test_tell_hours_by_tier_invents_nothing_when_hours_are_not_recorded():
    unknown = make_tiers(present_hours_share=[NAN] * 3, present_hours_per_year=[NAN] * 3)

    caption = tell_hours_by_tier(unknown, language=ENGLISH)

    assert plain(caption.title) == "The plan gives gold 60% of the hours; it holds 76% of the potential"
    assert plain(caption.subtitle).endswith("Hours today are not recorded.")


def make_roles(gaps):
    return pd.DataFrame({"role": ["field", "inside"], "n_reps": [9.0, 4.0],
                         "n_reps_needed": [9.0 + gaps[0], 4.0 + gaps[1]], "n_reps_gap": gaps,
                         "workload_hours_per_year": [9000.0, 4000.0], "selling_hours_per_year": [9000.0, 4000.0]})


@pytest.mark.parametrize(("gaps", "code", "once"), [
    ([2.0, 1.5], "en", "reallocate first"), ([2.0, 1.5], "fr", "réaffecter d’abord"),
    ([-8.0, -3.0], "en", "check the list"), ([-8.0, -3.0], "fr", "revoir la liste"),
    ([-2.0, -1.0], "en", "decide which accounts"), ([-2.0, -1.0], "fr", "décider des comptes")])  # fmt: skip
def test_tell_people_gives_one_advice_for_all_roles_that_ask_for_it(gaps, code, once):
    said = strip_markup(tell("board", "people_decision", language=Language(code), n_gold=0, **gather_board(gaps)))

    assert said.count(once) == 1
    assert {"en": ("field rep", "inside rep"), "fr": ("terrain", "sédentaire")}[code][1] in said


def gather_board(gaps):
    people = gather_people(make_roles(gaps))
    idle = [row for row in people["spare"] if -row["n_reps_gap"] > row["n_reps"] / 2]
    return {name: people[name] for name in ("short", "spare", "size_known")} | {"idle": idle}


@pytest.mark.parametrize(
    ("gaps", "title"),
    [
        ([2.4, -0.4], "The call norms ask for 11.4 field reps where there are 9"),
        ([2.4, -3.0], "The call norms ask for 11.4 field reps where there are 9, "
             "and for 1 inside rep where there are 4"),
        ([0.4, -0.4], "The team is the right size: the call norms ask for 13 people where there are 13"),
        ([NAN, NAN], "The need for people cannot be computed without selling hours"),
    ],
)
def test_tell_reps_needed_names_the_roles_that_do_not_fit(gaps, title):
    assert plain(tell_reps_needed(make_roles(gaps), language=ENGLISH).title) == title


def make_reps(load):
    return pd.DataFrame({"name": ["Anna", "Bruno"], "load": load, "n_accounts": [10, 12],
                         "n_present_accounts": [3, 19]})


@pytest.mark.parametrize(
    ("load", "title"),
    [
        ([0.9, 1.2], "1 of 2 reps is planned over capacity: Bruno at 120%"),
        ([0.5, 0.9], "1 of 2 reps has room for more: loads go from 50% to 90%"),
        ([0.85, 0.9], "The plan loads every rep between 85% and 90% of the selling hours"),
    ],
)
def test_tell_rep_loads_says_who_is_over_who_has_room(load, title):
    assert plain(tell_rep_loads(make_reps(load), language=ENGLISH).title) == title


def make_territories(kept):
    owner = ["anna" if stays else None if pd.isna(stays) else "bruno" for stays in kept]
    return pd.DataFrame({"account": list("abc"), "rep": ["anna", "anna", None], "kept": pd.array(kept, dtype="boolean"),
                         "owner": pd.Series(owner, dtype="str"), "distance_km": [10.0, 30.0, NAN],
                         "channel": ["field", "field", "marketing"]})


@pytest.mark.parametrize(
    ("kept", "title"),
    [
        ([True, False, None], "1 of 2 accounts that have a rep today keeps that rep; 1 changes hands"),
        ([True, True, None], "Every account that has a rep today keeps that rep (2)"),
        ([None, None, None], "2 accounts find a rep by place and load; no present rep is known"),
    ],
)
def test_tell_territory_map_says_who_keeps_a_rep(kept, title):
    caption = tell_territory_map(make_territories(kept), n_on_map=2, language=ENGLISH)

    assert plain(caption.title) == title
    assert "mean distance to the rep's place 20 km by road" in plain(caption.subtitle)


def make_calls():
    return pd.DataFrame({"account": list("abc"), "tier": ["gold", "bronze", "bronze"],
                         "channel": ["field", "inside", "inside"], "rep": ["anna", "carla", None],
                         "calls_per_year": [24.0, 4.0, 4.0], "hours_per_year": [54.0, 2.0, 2.0]})


def test_tell_call_ladder_goes_from_the_first_tier_to_the_last():
    caption = tell_call_ladder(make_calls(), language=ENGLISH)

    assert plain(caption.title) == "Gold gets 24 contacts a year (field visits), bronze 4 (inside sales)"


def test_tell_call_plan_counts_contacts_and_accounts_without_a_name():
    caption = tell_call_plan(make_calls(), language=ENGLISH)

    assert plain(caption.title) == "32 contacts a year on 3 accounts"
    assert plain(caption.subtitle).endswith("1 account is contacted without a named rep.")


def test_tell_allocation_decisions_reallocates_before_it_hires():
    items = tell_allocation_decisions(make_tiers(), make_roles([2.4, 0.0]), make_territories([True, False, None]),
                                      language=ENGLISH)

    assert "Move hours to gold, from 38% to 60%" in plain(items)
    assert "Reallocate first." in plain(items)


def test_tell_board_value_counts_the_accounts_near_the_cut():
    tiers = make_tiers(cutoff=[0.51, 0.3, 0.0])

    parts = tell_board_value(make_segments(), make_account_tiers(), tiers, language=ENGLISH)

    assert plain(parts["decision"]) == (
        "Invest in Town halls. Concentrate on 1 gold account, which holds 76% of the potential: Alvane.")
    assert plain(parts["sure"]).startswith("1 account lies within 0.02 of the cut")


def test_tell_board_people_plans_the_first_90_days():
    # 24 contacts x 90 / 365 = 5.9.
    parts = tell_board_people(
        make_roles([0.1, 0.0]), make_calls(), make_territories([False, True, None]), language=ENGLISH,
        bases={"call_norms": "assumed", "given": "measured", "filled": "assumed"}, n_without=0, n_reps=3)

    assert plain(parts["decision"]) == (
        "Keep the size of the team: the call norms fit it. First 90 days: 6 contacts with the gold account, "
        "and 1 gold account handed over to another rep in a joint visit.")


def test_tell_assumptions_counts_what_is_assumed():
    table = pd.DataFrame({"basis": ["assumed", "measured", "judged"]})

    caption = tell_assumptions(table, language=ENGLISH)

    assert plain(caption.title).startswith("1 of the 3 things that the model rests on is assumed")


@pytest.mark.parametrize("rule", ["cutoff", "account_share", "potential_share", "natural_breaks", "capacity"])
def test_tell_method_tells_the_rule_in_force(rule):
    cuts = {} if rule == "natural_breaks" else {"gold": 0.4, "silver": 0.3}
    said = plain(tell_method(rule=rule, cuts=cuts, margin=0.0, potential_weight=0.6, language=ENGLISH))

    words = {"cutoff": "Gold begins at a score of 0.40", "account_share": "first 40% of the accounts",
             "potential_share": "first 40% of the potential", "natural_breaks": "natural breaks of the scores",
             "capacity": "within 40% of the hours for gold and 30% of the hours for silver"}
    assert words[rule] in said
    assert "previous tier" not in said


def test_tell_basis_follows_what_the_client_declared():
    declared = type("Basis", (), {"basis": "assumed", "source": "sector figures"})()

    said = tell_basis(["sales_per_year", "potential_per_year", "weights"],
                      data_basis={"potential_per_year": declared}, language=ENGLISH)

    assert plain(said) == ("Measured: sales. Judged: weights and anchors of the criteria. "
                           "Assumed: potential (sector figures).")


def test_tell_basis_sets_brackets_within_brackets():
    declared = type("Basis", (), {"basis": "judged", "source": "by the reps (size and trade)"})()

    said = tell_basis(["potential_per_year"], data_basis={"potential_per_year": declared}, language=ENGLISH)

    assert plain(said) == "Judged: potential (by the reps [size and trade])."


def test_tell_basis_calls_measured_only_what_is_so_by_nature_or_by_declaration():
    said = tell_basis(["sales_per_year", "potential_per_year", "present_hours_per_year"], data_basis={},
                      language=ENGLISH)

    assert plain(said) == "Measured: sales. Not declared (measured or judged?): potential; hours today."


def test_tell_names_the_file_that_the_client_has():
    own = Language("en", files=(("accounts.csv", "comptes & cie.csv"),))

    said = str(tell("allocation", "no_tiers_missing", language=own))

    assert "<code>comptes &amp; cie.csv</code>" in said
    assert "accounts.csv" not in said


def test_tell_escapes_facts_and_never_interprets_them():
    nasty = "<script>x</script>{{ 7 * 7 }}"

    caption = tell_portfolio_matrix(make_segments(label=[nasty, "B", "C"]), language=ENGLISH)

    assert "&lt;script&gt;x&lt;/script&gt;{{ 7 * 7 }}" in caption.title
    assert nasty in caption.alt


def test_tell_sets_its_own_words_and_leaves_facts_as_they_were():
    caption = tell_portfolio_matrix(make_segments(label=["L'eau : vive", "B", "C"]), language=FRENCH)

    assert strip_markup(caption.title).startswith(f"L'eau : vive est le seul segment où investir{NBSP}: ")


def test_tell_refuses_a_fact_that_is_not_given():
    with pytest.raises(UndefinedError, match="n_high"):
        tell("scores", "value_map_title", language=ENGLISH)


def test_tell_refuses_a_block_that_is_not_there():
    with pytest.raises(KeyError, match="no_such_block"):
        tell(CHAPTERS[0], "no_such_block", language=ENGLISH)


def test_strip_markup_keeps_no_break_spaces():
    assert strip_markup(Markup("<b>62&nbsp;%</b> of R&amp;D")) == f"62{NBSP}% of R&D"


def test_name_some_counts_what_it_leaves_out():
    assert name_some(list("abcd"), limit=3, language=ENGLISH) == "a, b, c and d"
    assert name_some(list("abcde"), limit=3, language=FRENCH) == "a, b, c et 2 autres"
