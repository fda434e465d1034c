"""The minutes of a workshop and two states side by side."""

import datetime as dt

import pytest
from client_files import PROFILE, write_client
from test_decided import ACCOUNTS, CRITERIA

from salesmodel_kit.chain import build_model, open_model
from salesmodel_kit.client.decision import KINDS, Decision
from salesmodel_kit.client.decisions import append_decision
from salesmodel_kit.client.folder import open_client, open_earlier
from salesmodel_kit.language import Language
from salesmodel_kit.narrative.decisions import Names, name_matter, say_change, say_conflict, say_value
from salesmodel_kit.reports.exhibits.decided import show_decided
from salesmodel_kit.reports.minutes import write_minutes
from salesmodel_kit.reports.states import compare_states

AT = dt.datetime(2026, 11, 3, 14, 30, tzinfo=dt.UTC)
EN, FR = Language("en"), Language("fr")
NORMS = [{"tier": "gold", "posture": "invest", "channel": "field", "calls_per_year": 18},
         {"tier": "gold", "channel": "field", "calls_per_year": 12}]
ANSWERS = {"nothing": 0.5, "half": 0.8, "half_more": 1.1, "most": 1.3}
ALL = [
    ("override_tier", "007", "", "gold"), ("choose_strategy", "strategy", "balanced", "conquest"),
    ("set_tier_rule", "tiers", "", {"rule": "potential_share", "gold": 0.4, "silver": 0.3}),
    ("set_weights", "chance", {"distance": 10, "access": 30}, {"distance": 20, "access": 30}),
    ("rate_segment", "S1", {"know_how": 4}, {"know_how": 2}),
    ("set_target", "S1", "", {"target_attractiveness": 0.8, "target_competitive_strength": 0.6}),
    ("set_call_norms", "gold", "", NORMS), ("set_selling_hours", "R1", "", 700),
    ("add_rep", "R2", "", {"name": "Bea & Co", "role": "inside"}), ("lock_account", "007", "", "R2"),
    ("set_response", "gold", "", ANSWERS), ("remove_rep", "R1", "", ""),
]


@pytest.fixture
def folder(tmp_path):
    return write_client(tmp_path, criteria_csv=CRITERIA, accounts_csv=ACCOUNTS)


def decide(folder, kind, subject, old, new, *, minute=0, by="Ann", reason="agreed"):
    decision = Decision(at=AT + dt.timedelta(minutes=minute), by=by, kind=kind, subject=subject, old=old, new=new,
                        reason=reason)
    append_decision(folder, decision)
    return decision


def decide_everything(folder):
    for minute, (kind, subject, old, new) in enumerate(ALL):
        last = decide(folder, kind, subject, old, new, minute=minute)
    decide(folder, "withdraw", last.id, "", "", minute=50, by="Marc")
    decide(folder, "name_state", "end of day", "", "", minute=51)


@pytest.mark.parametrize(("kind", "subject", "matter"), [
    ("override_tier", "007", "Niveau\u00a0: Alder (007)"), ("set_weights", "chance", "Poids\u00a0: chance de vendre"),
    ("set_call_norms", "gold", "Contacts par an\u00a0: or"), ("name_state", "lunch", "État nommé «\u00a0lunch\u00a0»"),
])
def test_name_matter_says_what_a_decision_speaks_of(kind, subject, matter):
    assert name_matter(kind, subject, names=Names(accounts={"007": "Alder"}), language=FR) == matter


@pytest.mark.parametrize(("kind", "old", "new", "said"), [
    ("override_tier", "silver", "gold", "silver → gold"),
    ("override_tier", "gold", "", "gold → as by the rule"),
    ("lock_account", "", "R1", "free → Ann"),
    ("set_weights", {"growth": 10.0, "fit": 5.5}, {"growth": 20.0, "fit": 5.5}, "Growth 10 → 20"),
    ("rate_segment", {"growth": None}, {"growth": 4.0}, "Growth – → 4"),
    ("set_selling_hours", 800.0, 700.0, "800\u00a0h → 700\u00a0h"),
    ("set_response", "", {"nothing": 0.5}, "no effort 50%"),
    ("withdraw", "", "", ""),
])
def test_say_change_says_before_and_after(kind, old, new, said):
    names = Names(reps={"R1": "Ann"}, criteria={"growth": "Growth", "fit": "Fit"})

    assert say_change(kind, old, new, names=names, language=EN) == said


def test_say_conflict_says_both_values_who_and_when():
    at = {"at": AT, "reason": "agreed", "kind": "override_tier", "subject": "007"}
    mine, theirs = Decision(by="Ann", new="gold", **at), Decision(by="Bea", new="bronze", **at)

    said = say_conflict(mine, theirs, names=Names(accounts={"007": "Alder"}), language=EN)

    assert said.startswith("Bea decided on 3 November 2026: Tier of Alder (007), bronze. "
                           "Yours was not recorded: Tier of Alder (007), gold.")


def test_say_value_says_rules_norms_and_reps(tmp_path):
    at = {"at": AT, "by": "Ann", "reason": "agreed"}
    rule = Decision(kind="set_tier_rule", subject="tiers", new=ALL[2][3], **at).new
    norms = Decision(kind="set_call_norms", subject="gold", new=NORMS, **at).new

    assert say_value("set_tier_rule", rule, names=Names(), language=EN) == (
        "By share of cumulated potential (gold 40%, silver 30%)")
    assert say_value("set_call_norms", norms, names=Names(), language=FR) == (
        "18 visites terrain (investir)\u202f; 12 visites terrain")
    assert say_value("add_rep", {"name": "Bea", "role": "inside", "cost_per_year": 1000.0}, names=Names(),
                     language=EN) == "Bea, inside rep, €1,000"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_write_minutes_tells_every_kind_of_decision(folder, language):
    decide_everything(folder)

    model = open_model(folder, language=language)
    page = write_minutes(model, kit_version="1")

    assert {decision.kind for decision in model.client.decisions} == set(KINDS)
    assert page.count('<tr id="decision-') == len(ALL) + 2
    assert page.count('class="void"') == 1
    assert ("withdrawn by Marc on 3 November 2026" if language == "en" else "retirée par Marc le 3 novembre 2026"
            ) in page
    assert "Bea &amp; Co" in page
    assert "Bea & Co" not in page


def test_write_minutes_escapes_what_people_typed(folder):
    decide(folder, "override_tier", "007", "", "gold", by="<script>alert(1)</script>", reason="{{ 7 * 7 }} <b>")

    page = write_minutes(open_model(folder), kit_version="1")

    assert "<script" not in page
    assert "{{ 7 * 7 }} &lt;b&gt;" in page


def test_write_minutes_tells_what_was_replaced_and_what_is_in_force(folder):
    decide(folder, "override_tier", "007", "", "gold")
    decide(folder, "override_tier", "007", "gold", "silver", minute=1)

    page = write_minutes(open_model(folder), kit_version="1")
    in_force = page.split("<h2>In force now</h2>")[1]

    assert page.count("replaced later") == 1
    assert ">silver</td>" in in_force
    assert ">gold</td>" not in in_force


def test_write_minutes_says_that_nothing_is_decided(folder):
    page = write_minutes(open_model(folder), kit_version="1")

    assert "Nothing has been decided yet" in page
    assert "In force" not in page


def test_compare_states_shows_both_sides_and_the_decisions_that_differ(folder):
    decide(folder, "set_selling_hours", "R1", "", 700)
    decide(folder, "override_tier", "008", "", "bronze", minute=1)

    first = build_model(open_earlier(folder, n_decisions=1))
    second = build_model(open_client(folder))
    compared = compare_states(first, second, names=("A", "B"))
    table = compared.table.set_index("measure")

    assert compared.moves["account"].tolist() == ["008"]
    assert compared.moves["cause"].tolist() == ["override"]
    assert compared.sentence == "From A to B, 1 account of 2 changes tier."
    assert table.loc["gold: accounts", ["first", "second"]].tolist() == ["2", "1"]
    assert (compared.only_first, compared.only_second) == ((), ("Tier of Birch (008): bronze",))


@pytest.mark.parametrize(("language", "title"), [
    ("en", "11 decisions of the workshop are in force, by Ann"),
    ("fr", "11 décisions de l’atelier sont en vigueur, par Ann"),
])
def test_show_decided_lists_what_is_in_force_in_the_report(folder, language, title):
    decide_everything(folder)

    exhibit = show_decided(open_model(folder, language=language))

    assert exhibit.title.replace("\u00a0", " ") == title
    assert exhibit.html.count("<tr>") == 1 + 11
    assert "Bea &amp; Co" in exhibit.html


def test_show_decided_says_where_decisions_come_from_when_there_are_none(folder):
    assert "No decision of a workshop is in force" in show_decided(open_model(folder)).html


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_kind_of_decision_reaches_the_tables_of_the_report(tmp_path, language):
    profile = PROFILE.replace("language: en", f"language: {language}")
    accounts = """\
account,name,segment,sales_per_year,potential_per_year,owner,present_hours_per_year,projects,distance,access
007,Alder,S1,1000,5000,R1,20,5,12.5,1
008,Birch,S2,,2500.5,,,3,200,5
"""
    folder = write_client(tmp_path, criteria_csv=CRITERIA, accounts_csv=accounts, client_yaml=profile)
    decide(folder, "set_tier_rule", "tiers", "", {"rule": "cutoff", "gold": 0.9, "silver": 0.8})
    decide(folder, "override_tier", "007", "", "gold")
    before = open_model(folder).tables()
    decide(folder, "set_weights", "chance", "", {"distance": 0})
    decide(folder, "rate_segment", "S1", "", {"know_how": 1})
    decide(folder, "set_target", "S1", "", {"target_attractiveness": 0.8, "target_competitive_strength": 0.6})
    decide(folder, "add_rep", "R2", "", {"name": "Bea", "role": "field"})
    decide(folder, "set_response", "gold", "", ANSWERS)

    after = open_model(folder).tables()
    scores = [tables["segment_scores"].set_index("segment") for tables in (before, after)]

    assert [table.at["S1", "competitive_strength"] for table in scores] == [0.75, 0]
    assert scores[1].at["S1", "target_attractiveness"] == 0.8
    assert after["rep_summary"]["rep"].tolist() == ["R1", "R2"]
    assert after["account_tiers"].set_index("account").at["007", "tier"] == "gold"
    assert after["account_scores"]["win_score"].tolist() == [0, 1]
    assert before["account_scores"]["win_score"].tolist() != [0, 1]
    assert after["response_summary"]["tier"].tolist() == ["gold"]
    assert {"weight", "ratings", "positions", "overrides", "responses", "cutoffs"} <= set(after["assumptions"]["name"])
