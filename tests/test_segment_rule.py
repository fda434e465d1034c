"""A proposal becomes a rule: reviewed, read back, and giving accounts their segment."""

import shutil

import pytest
import yaml
from client_files import check_client, write_client
from hypothesis import given, settings
from hypothesis import strategies as st
from stand_in import hash_tree

from salesmodel_kit.chain import build_model
from salesmodel_kit.cli.program import main
from salesmodel_kit.cli.segments import propose_segments
from salesmodel_kit.client.folder import open_client, open_without_segments
from salesmodel_kit.client.segment_rule import SegmentRule, write_rule
from salesmodel_kit.errors import InputProblems, SalesModelError
from salesmodel_kit.language import Language
from salesmodel_kit.resources import find_resource

RULE = "segments_from_accounts.yaml"
SMALL = {
    "groups": [
        {"group": "G1", "segment": "S1", "share": 0.5, "probabilities": {"projects": [0.1, 0.2, 0.7]}},
        {"group": "G2", "segment": "S2", "share": 0.5, "probabilities": {"projects": [0.8, 0.1, 0.1]}}],
    "features": [{"name": "projects", "kind": "rating", "column": "projects", "bounds": [3, 4]}]}


def change(**groups):
    """Return the small rule with keys of its first group replaced."""
    return {**SMALL, "groups": [{**SMALL["groups"][0], **groups}, SMALL["groups"][1]]}


def write(folder, rule, **files):
    text = rule if isinstance(rule, str) else yaml.safe_dump(rule)
    return write_client(folder, **{"segments_from_accounts_yaml": text, **files})


ACCOUNTS = "account,name,segment,projects\n1,A,,5\n2,B,,1\n3,C,S1,1\n"


def test_rule_gives_accounts_without_a_segment_the_one_of_their_group(tmp_path):
    client = open_client(write(tmp_path / "acme", SMALL, accounts_csv=ACCOUNTS))
    model = build_model(client)

    assert client.accounts["segment"].tolist()[2] == "S1"
    assert model.client.accounts["segment"].tolist() == ["S1", "S2", "S1"]
    assert model.placed["account"].tolist() == ["1", "2"]
    assert model.segment_scores["n_accounts"].tolist() == [2, 1]


def test_rule_serves_accounts_without_the_column_segment(tmp_path):
    folder = write(tmp_path / "acme", SMALL, accounts_csv="account,name,projects\n1,A,5\n2,B,1\n")

    assert build_model(open_client(folder)).client.accounts["segment"].tolist() == ["S1", "S2"]


def test_without_a_rule_every_account_needs_its_segment(tmp_path):
    folder = write_client(tmp_path / "acme", accounts_csv=ACCOUNTS)

    assert [(problem.row, problem.column) for problem in check_client(folder)] == [(2, "segment"), (3, "segment")]


def test_two_groups_of_one_segment_are_merged(tmp_path):
    rule = change(segment="S2")

    model = build_model(open_client(write(tmp_path / "acme", rule, accounts_csv=ACCOUNTS)))

    assert model.client.accounts["segment"].tolist() == ["S2", "S2", "S1"]


def test_an_account_of_a_group_without_segment_is_refused_with_the_remedy(tmp_path):
    client = open_client(write(tmp_path / "acme", change(segment=""), accounts_csv=ACCOUNTS))

    with pytest.raises(InputProblems) as refusal:
        build_model(client)

    (problem,) = refusal.value.problems
    assert (problem.file, problem.column, problem.value) == ("accounts.csv", "segment", "1")
    assert "group G1" in str(problem.message)


def test_an_account_of_which_nothing_is_known_is_refused_with_the_remedy(tmp_path):
    client = open_client(write(tmp_path / "acme", SMALL, accounts_csv="account,name,segment,projects\n1,A,,\n"))

    with pytest.raises(InputProblems) as refusal:
        build_model(client)

    assert "write its segment here" in str(refusal.value.problems[0].message)


@pytest.mark.parametrize(("rule", "column", "said"), [
    (change(segment="S3"), "groups.1.segment", "There is no such segment"),
    (change(group="G2"), "groups.2.group", "there twice"),
    (change(probabilities={"projects": [0.5, 0.5]}), "groups.1.probabilities", "3 bands of projects"),
    (change(probabilities={"projects": [0.5, 0.6, 0.7]}), "groups.1.probabilities", "together 1"),
    (change(probabilities={}), "groups.1.probabilities", "3 bands of projects"),
    (change(share=1.5), "groups.1.share", "at most 1"),
    (change(share="much"), "groups.1.share", "number"),
    (change(colour="red"), "groups.1.colour", "no such key"),
    ({**SMALL, "features": [{**SMALL["features"][0], "bounds": [4, 3]}]}, "features.1", "rising"),
    ({**SMALL, "features": [{**SMALL["features"][0], "kind": "shape"}]}, "features.1.kind", "expected"),
    ({"groups": SMALL["groups"]}, "features", "needed"),
    ("groups: [", None, "YAML"),
    ("groups: !!python/object/apply:os.system [ls]", "groups", "Tags"),
])
def test_a_rule_that_cannot_be_is_refused_with_place_and_remedy(tmp_path, rule, column, said):
    problems = check_client(write(tmp_path / "acme", rule))

    assert [problem.file for problem in problems] == [RULE] * len(problems)
    assert column is None or column in [problem.column for problem in problems]
    assert said in " ".join(str(problem.message) for problem in problems)


@settings(max_examples=40, deadline=None)
@given(st.recursive(st.none() | st.text(max_size=5) | st.floats() | st.booleans(), lambda inner: st.lists(
    inner, max_size=3) | st.dictionaries(st.sampled_from(["groups", "features", "name", "share"]), inner),
    max_leaves=8))
def test_any_rule_is_read_or_refused(tmp_path_factory, content):
    folder = write(tmp_path_factory.mktemp("any") / "acme", yaml.safe_dump(content))

    assert all(problem.file == RULE for problem in check_client(folder))


def test_write_rule_is_read_back_as_it_was_whatever_the_words(tmp_path):
    rule = SegmentRule.model_validate({
        "groups": [{"group": "G1", "words": 'a: "b" # {c} \\ é\n- x\x85\x7f\u2028\ufeff😀', "share": 1.0,
                    "probabilities": {"sector": [0.25, 0.75], "yes": [1.0, 0.0]}}],
        "features": [{"name": "sector", "kind": "category", "column": "sector", "values": ["10.1Z: milk & co"]},
                     {"name": "yes", "kind": "amount", "column": "sales_per_year", "has_zero": True}]})

    read = open_client(write(tmp_path / "acme", write_rule(rule, language=Language("fr")))).segment_rule

    assert read == rule


@pytest.fixture(scope="module")
def proposed(tmp_path_factory):
    """Return a folder of the demo client and a proposal from it."""
    home = tmp_path_factory.mktemp("proposed")
    shutil.copytree(find_resource("data", "software-publisher"), home / "client")
    propose_segments(str(home / "client"), home / "proposal.yaml")
    return home


def test_propose_segments_writes_a_file_to_review_and_leaves_the_client_alone(proposed):
    text = (proposed / "proposal.yaml").read_text(encoding="utf-8")
    rule = yaml.safe_load(text)

    assert text.startswith("# Segments proposés")
    assert [entry["group"] for entry in rule["groups"]] == ["G1", "G2", "G3", "G4", "G5"]
    assert {entry["segment"] for entry in rule["groups"]} == {""}
    assert all(" · " in entry["words"] for entry in rule["groups"])
    assert hash_tree(proposed / "client") == hash_tree(find_resource("data", "software-publisher"))


def test_accepted_proposal_gives_accounts_their_group_again(proposed, tmp_path):
    folder = shutil.copytree(proposed / "client", tmp_path / "client")
    segments = ["ETI", "COL", "PME", "SAN", "LIC"]
    rule = yaml.safe_load((proposed / "proposal.yaml").read_text(encoding="utf-8"))
    for entry, segment in zip(rule["groups"], segments, strict=True):
        entry["segment"] = segment
    (folder / RULE).write_text(yaml.safe_dump(rule, allow_unicode=True), encoding="utf-8")
    declared = open_client(folder).accounts
    text = (folder / "accounts.csv").read_text(encoding="utf-8-sig").splitlines()
    at = text[0].split(";").index("Code segment")
    rows = [[*row.split(";")[:at], "", *row.split(";")[at + 1:]] for row in text[1:]]
    (folder / "accounts.csv").write_text("\n".join([text[0], *map(";".join, rows)]) + "\n", encoding="utf-8")

    model = build_model(open_client(folder))

    found = model.client.accounts["segment"]
    assert set(found) == set(segments)
    assert ((found == "LIC") & (declared["segment"] == "LIC")).sum() > 80
    assert model.account_groups.accounts["segment"].isna().all()


def test_propose_segments_needs_no_segments_in_the_accounts(proposed, tmp_path):
    folder = shutil.copytree(proposed / "client", tmp_path / "client")
    text = (folder / "accounts.csv").read_text(encoding="utf-8-sig").replace("Code segment;", "#Code segment;", 1)
    (folder / "accounts.csv").write_text(text, encoding="utf-8")

    assert open_without_segments(folder).accounts["segment"].isna().all()
    assert propose_segments(str(folder), tmp_path / "proposal.yaml") == 5
    again = (tmp_path / "proposal.yaml").read_bytes()
    assert again == (proposed / "proposal.yaml").read_bytes()


def test_propose_segments_overwrites_nothing(proposed, tmp_path):
    (tmp_path / "there.yaml").write_text("mine", encoding="utf-8")

    with pytest.raises(SalesModelError, match="is there already"):
        propose_segments(str(proposed / "client"), tmp_path / "there.yaml")

    assert (tmp_path / "there.yaml").read_text(encoding="utf-8") == "mine"


def test_propose_segments_says_where_too_little_is_known(tmp_path):
    with pytest.raises(SalesModelError, match="too little is known"):
        propose_segments(str(write_client(tmp_path / "acme")), tmp_path / "proposal.yaml")

    assert not (tmp_path / "proposal.yaml").exists()


def test_segments_command_refuses_with_a_sentence(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("SALESMODEL_LANGUAGE", "en")

    code = main(["segments", str(write_client(tmp_path / "acme")), "--out", str(tmp_path / "proposal.yaml")])

    assert code == 2
    assert "too little is known" in capsys.readouterr().err


def test_check_command_finds_accounts_without_a_place(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("SALESMODEL_LANGUAGE", "en")
    folder = write(tmp_path / "acme", change(segment=""), accounts_csv=ACCOUNTS)

    assert main(["check", str(folder)]) == 2
    assert "group G1" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(("text", "found"), [
    ("tier,segment,who_decides\ngold,S3,x\n", [(2, "segment", "S3")]),
    ("tier,segment,who_decides\ngold,S1,\n", [(2, "segment", "S1")]),
    ("tier,segment,notes\ngold,,x\ngold,,y\n", [(3, "segment", None)]),
    ("tier,segment,notes\ngold,S1,x\ngold,S1,y\n", [(3, "segment", "S1")]),
    ("tier,segment,notes\nplatinum,S1,x\n", [(2, "tier", "platinum")]),
    ("tier,segment,notes\n,,x\n", []),
    ("who_decides\nx\n", []),
])
def test_personas_are_read_or_refused(tmp_path, text, found):
    problems = check_client(write_client(tmp_path / "acme", personas_csv=text))

    assert [(problem.row, problem.column, problem.value) for problem in problems] == found


@pytest.mark.parametrize(("header", "cells", "found"), [
    ("past_attractiveness,past_competitive_strength", "0.2,", [(2, "past_competitive_strength")]),
    ("attrait visé,atouts visés", ",0.4", [(2, "attrait visé")]),
    ("target_attractiveness", "0.4", [(2, "target_attractiveness")]),
    ("target_attractiveness,target_competitive_strength", "0.4,1.2", [(2, "target_competitive_strength")]),
    ("target_attractiveness,target_competitive_strength", "0.4,x", [(2, "target_competitive_strength")]),
    ("target_attractiveness,target_competitive_strength", "0.4,1", []),
])
def test_a_position_needs_both_scores(tmp_path, header, cells, found):
    rest = "," * cells.count(",")
    text = f"segment,label,growth,know_how,{header}\nS1,Industry,0.1,4,{cells}\nS2,Public,0,3{rest},\n"

    problems = check_client(write_client(tmp_path / "acme", segments_csv=text))

    assert [(problem.row, problem.column) for problem in problems] == found
