import json
import shutil
from pathlib import Path

import pytest
from client_files import ACCOUNTS, PROFILE, check_client, make_sheets, write_book, write_client

from salesmodel_kit.batch.steps import ClientRun, kit_version, make_tables
from salesmodel_kit.chain import build_model
from salesmodel_kit.cli import main
from salesmodel_kit.client.folder import open_client
from salesmodel_kit.client.runs import open_run
from salesmodel_kit.errors import InputProblems, SalesModelError

RULE = """\
strategy_changes:
  tiers: {rule: cutoff, gold: 1, silver: 0.1}
"""


def make_run(source: Path, folder: Path, *, version: str | None = None) -> Path:
    """Return the folder of a run of a client, as far as its tables go."""
    client = open_client(source)
    (folder / "tables").mkdir(parents=True)
    profile = client.profile
    make_tables(ClientRun(source, profile.id, profile.name, profile.language, client.fingerprint,
                          state="", folder=folder, kept=folder / "kept"))
    record = {"status": "done", "kit_version": version or kit_version()}
    (folder / "run.json").write_text(json.dumps(record))
    return folder


@pytest.fixture(autouse=True)
def _speak_english(monkeypatch):
    monkeypatch.setenv("SALESMODEL_LANGUAGE", "en")
    monkeypatch.setenv("LANG", "en_GB.UTF-8")


def test_open_run_gives_the_client_that_the_run_was_made_from(tmp_path):
    source = write_client(tmp_path / "client", client_yaml=PROFILE + RULE)

    run = open_run(make_run(source, tmp_path / "run"))

    assert run.client.fingerprint == open_client(source).fingerprint
    assert build_model(run.client).account_tiers["tier"].equals(build_model(open_client(source)).account_tiers["tier"])
    kept = " ".join(path.read_text() for path in (tmp_path / "run" / "input").iterdir())
    assert str(tmp_path) not in kept


def test_open_run_reads_a_workbook_and_its_journal(tmp_path):
    source = write_book(tmp_path / "acme.xlsx", make_sheets())
    decision = {"at": "2026-11-03T14:30:00Z", "by": "Ann", "kind": "override_tier", "subject": "007", "old": "",
                "new": "gold", "reason": "new site"}
    (tmp_path / "acme.decisions.jsonl").write_text(json.dumps(decision) + "\n")

    run = open_run(make_run(source, tmp_path / "run"))

    assert run.client.overrides["account"].tolist() == ["007"]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_open_run_starts_from_the_tiers_that_the_run_started_from(tmp_path, language):
    profile = PROFILE.replace("language: en", f"language: {language}") + RULE
    source = write_client(tmp_path / "client", client_yaml=profile)
    shutil.copytree(make_run(source, tmp_path / "first"), source / "previous_run")
    tiers = build_model(open_client(source)).account_tiers

    run = open_run(make_run(source, tmp_path / "second"))

    assert run.client.previous is None
    assert run.client.accounts["previous_tier"].tolist() == tiers["previous_tier"].tolist() == tiers["tier"].tolist()


def test_open_client_takes_what_is_kept_of_the_previous_run_into_its_fingerprint(tmp_path):
    source = write_client(tmp_path / "client", client_yaml=PROFILE + RULE)
    before = open_client(source).fingerprint

    shutil.copytree(make_run(source, tmp_path / "run"), source / "previous_run")

    assert open_client(source).fingerprint != before


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda run: (run / "run.json").unlink(), "is not a finished run"),
        (lambda run: (run / "run.json").write_text("{"), "is not a finished run"),
        (lambda run: shutil.rmtree(run / "input"), "kept no input"),
        (lambda run: (run / "input" / "accounts.csv").write_text("nothing"), "cannot be read by this version"),
        (lambda run: (run / "tables" / "account_tiers.csv").write_text("nothing"), "accounts and tiers"),
        (lambda run: (run / "tables" / "account_tiers.csv").write_bytes(b"\xff\xfe"), "accounts and tiers"),
    ],
)
def test_open_run_refuses_what_is_no_run(tmp_path, spoil, said):
    run = make_run(write_client(tmp_path / "client"), tmp_path / "run")
    spoil(run)

    with pytest.raises(SalesModelError, match=said):
        open_run(run)


def test_check_client_says_that_the_previous_run_is_of_another_client(tmp_path):
    other = write_client(tmp_path / "other", client_yaml=PROFILE.replace("id: acme", "id: birch"))
    source = write_client(tmp_path / "client")
    shutil.copytree(make_run(other, tmp_path / "run"), source / "previous_run")

    problems = check_client(source)

    assert [problem.file for problem in problems] == ["previous_run"]
    assert "another client, birch" in str(problems[0].message)


def test_diff_says_who_moved_and_why(tmp_path, capsys):
    source = write_client(tmp_path / "client", client_yaml=PROFILE + RULE)
    first = make_run(source, tmp_path / "first")
    write_client(source, client_yaml=PROFILE + RULE.replace("gold: 1", "gold: 0.2"))
    second = make_run(source, tmp_path / "second")

    code = main(["diff", str(first), str(second), "--csv", str(tmp_path / "moves.csv")])

    said = capsys.readouterr().out
    assert code == 0
    assert "Acme: moves between tiers: 1, accounts now: 2. By cause: tier rule 1." in said
    assert "Alder" in said
    assert "silver" in said
    written = (tmp_path / "moves.csv").read_text(encoding="utf-8-sig").splitlines()
    assert "Alder,silver,gold" in written[1]
    assert written[0].endswith(",cause,steps,cause_in_words")
    assert written[1].endswith(",rule,rule,tier rule")


def test_diff_says_that_nobody_moved(tmp_path, capsys):
    run = make_run(write_client(tmp_path / "client"), tmp_path / "run")

    assert main(["diff", str(run), str(run)]) == 0
    assert capsys.readouterr().out.strip() == "Acme: no account changed tier."


def test_diff_refuses_two_clients_and_two_versions(tmp_path, capsys):
    other = write_client(tmp_path / "other", client_yaml=PROFILE.replace("id: acme", "id: birch"))
    source = write_client(tmp_path / "client")
    run, foreign = make_run(source, tmp_path / "run"), make_run(other, tmp_path / "foreign")
    old = make_run(source, tmp_path / "old", version="0.0.1")

    assert main(["diff", str(run), str(foreign)]) == 2
    assert "two clients, acme and birch" in capsys.readouterr().err
    assert main(["diff", str(old), str(run)]) == 2
    assert "two versions of the kit" in capsys.readouterr().err


NAMED = PROFILE + """\
strategy_changes:
  tiers:
    rule: account_share
    levels: [platinum, gold, silver, bronze]
    platinum: 0.5
    gold: 0
    silver: 0
    names:
      platinum: {en: Key, fr: Clé}
      bronze: {en: Others}
  call_norms:
    - {tier: platinum, channel: field, calls_per_year: 30}
    - {tier: gold, channel: field, calls_per_year: 20}
    - {tier: silver, channel: field, calls_per_year: 10}
    - {tier: bronze, channel: inside, calls_per_year: 4}
"""


def test_open_client_takes_four_tiers_with_the_names_of_the_client(tmp_path):
    accounts = ACCOUNTS.replace("distance\n", "distance,previous_tier\n", 1).replace("12.5\n", "12.5,others\n")
    accounts = accounts.replace("2500.5,,,\n", "2500.5,,,,\n")

    model = build_model(open_client(write_client(tmp_path, client_yaml=NAMED, accounts_csv=accounts)))

    assert model.account_tiers["tier"].tolist()[0] == "platinum"
    assert model.account_tiers["previous_tier"].tolist()[0] == "bronze"
    assert model.tier_summary["tier"].tolist()[:4] == ["platinum", "gold", "silver", "bronze"]
    assert model.language.word("tier", "platinum") == "Key"
    assert model.language.word("tier", "bronze") == "Others"
    assert model.language.word("tier", "gold") == "gold"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("levels: [platinum, gold, silver, bronze]", "levels: [gold, platinum, silver, bronze]"), "best first"),
        (("levels: [platinum, gold, silver, bronze]", "levels: [platinum, gold, bronze]"), "silver is missing"),
        (("levels: [platinum, gold, silver, bronze]", "levels: [diamond, gold, silver, bronze]"), "platinum"),
        (("bronze: {en: Others}", "iron: {en: Others}"), "iron has a name but is not among the levels"),
        (("bronze: {en: Others}", "bronze: {en: key}"), "Two tiers are called key"),
        (("    gold: 0\n", ""), "needs a number for the tier gold"),
        (("    gold: 0\n", "    gold: 0\n    bronze: 0.1\n"), "bronze takes no number"),
        (("    gold: 0\n", "    gold: 0.9\n"), "add up to 1.4"),
        (("rule: account_share", "rule: natural_breaks"), "take the numbers away"),
        (("    - {tier: platinum, channel: field, calls_per_year: 30}\n", ""), "No call norm for the tier platinum"),
    ],
)
def test_open_client_refuses_tiers_that_contradict(tmp_path, change, said):
    assert change[0] in NAMED

    with pytest.raises(InputProblems) as refusal:
        open_client(write_client(tmp_path, client_yaml=NAMED.replace(*change)))

    assert said in " ".join(str(problem.message) for problem in refusal.value.problems)


def test_open_client_refuses_an_override_into_a_tier_that_the_client_does_not_have(tmp_path):
    decision = {"at": "2026-11-03T14:30:00Z", "by": "Ann", "kind": "override_tier", "subject": "007", "old": "",
                "new": "platinum", "reason": "new site"}

    problems = check_client(write_client(tmp_path, decisions_jsonl=json.dumps(decision) + "\n"))

    assert [(problem.file, problem.row, problem.value) for problem in problems] == [("decisions.jsonl", 1, "platinum")]
    assert "no such tier" in str(problems[0].message)
