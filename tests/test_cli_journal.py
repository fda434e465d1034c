"""The decision journal from the command line: minutes, states, withdrawals."""

import datetime as dt

import pytest
from client_files import write_client

from salesmodel_kit.cli.program import main
from salesmodel_kit.client.decision import Decision
from salesmodel_kit.client.decisions import append_decision
from salesmodel_kit.client.folder import open_client

CREDIT = ("--by", "Bea", "--reason", "agreed")


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")


@pytest.fixture
def folder(tmp_path):
    return write_client(tmp_path / "acme")


def decide(folder, kind, subject, new):
    append_decision(folder, Decision(at=dt.datetime(2026, 11, 3, tzinfo=dt.UTC), by="Ann", kind=kind, subject=subject,
                                     new=new, reason="agreed"))


def test_minutes_writes_a_page_in_the_language_asked_for(folder, tmp_path, capsys):
    decide(folder, "override_tier", "007", "gold")

    code = main(["minutes", str(folder), "--out", str(tmp_path / "m.html"), "--language", "fr"])

    assert code == 0
    assert "Compte rendu de l’atelier" in (tmp_path / "m.html").read_text(encoding="utf-8")
    assert "m.html" in capsys.readouterr().out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["acme", "m.html"]


def test_minutes_refuses_a_file_that_is_no_page(folder, capsys):
    table = folder / "accounts.csv"
    before = table.read_bytes()

    assert main(["minutes", str(folder), "--out", str(table)]) == 2
    assert "ends in .html" in capsys.readouterr().err
    assert table.read_bytes() == before


def test_snapshot_names_lists_compares_and_adopts(folder, capsys):
    main(["snapshot", str(folder), "start", *CREDIT])
    decide(folder, "override_tier", "007", "silver")

    codes = [main(["snapshot", str(folder), "--list"]), main(["snapshot", str(folder), "--compare", "start", "."]),
             main(["snapshot", str(folder), "--adopt", "start", *CREDIT])]
    said = capsys.readouterr().out

    assert codes == [0, 0, 0]
    assert "“start”: Bea" in said
    assert "Tier of Alder (007): silver" in said
    assert open_client(folder).overrides.empty


@pytest.mark.parametrize(("arguments", "sentence"), [
    ((), "Say one thing"), (("a", "--list"), "Say one thing"), (("a",), "needs a name and a reason"),
    (("--adopt", "a", *CREDIT), "no state named a"), (("--compare", "a", "b"), "no state named a"),
])
def test_snapshot_refuses_with_a_sentence(folder, capsys, arguments, sentence):
    assert main(["snapshot", str(folder), *arguments]) == 2
    assert sentence in capsys.readouterr().err
    assert not (folder / "decisions.jsonl").exists()


def test_snapshot_leaves_a_demo_client_alone(capsys):
    assert main(["snapshot", "demo:software-publisher", "a", *CREDIT]) == 2
    assert "demo client" in capsys.readouterr().err


def test_withdraw_takes_back_a_decision_that_keeps_the_client_from_being_opened(folder, capsys):
    decide(folder, "lock_account", "007", "R9")
    assert main(["check", str(folder)]) == 2

    assert main(["withdraw", str(folder), "1", *CREDIT]) == 0
    assert main(["check", str(folder)]) == 0
    assert main(["withdraw", str(folder), "1", *CREDIT]) == 2
    assert main(["withdraw", str(folder), "7", *CREDIT]) == 2
    assert "no decision on line 7" in capsys.readouterr().err


@pytest.fixture
def named_hire(folder):
    """Return a client whose scenario takes away a rep whom the room hired, with a state from before."""
    main(["snapshot", str(folder), "before", *CREDIT])
    decide(folder, "add_rep", "N01", {"name": "Nina", "role": "field"})
    (folder / "scenarios").mkdir()
    (folder / "scenarios" / "without.yaml").write_text("label: {en: Without}\nremove_reps: [N01]\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize("command", [("withdraw", "2"), ("snapshot", "--adopt", "before")])
def test_a_hire_whom_a_scenario_names_is_withdrawn_from_no_command(named_hire, capsys, command):
    journal = (named_hire / "decisions.jsonl").read_bytes()

    code = main([command[0], str(named_hire), *command[1:], *CREDIT])
    refused = (named_hire / "decisions.jsonl").read_bytes()
    (named_hire / "scenarios" / "without.yaml").unlink()

    assert code == 2
    assert "The scenario without names N01, whom the room hired" in capsys.readouterr().err
    assert refused == journal
    assert main([command[0], str(named_hire), *command[1:], *CREDIT]) == 0


@pytest.mark.parametrize(("language", "said"), [("en_US.UTF-8", "Nothing was recorded."),
                                                ("fr_FR.UTF-8", "Rien n’a été enregistré.")])
def test_withdraw_refuses_what_a_later_decision_rests_on(folder, monkeypatch, capsys, language, said):
    decide(folder, "add_rep", "N01", {"name": "Nina", "role": "field"})
    decide(folder, "lock_account", "007", "N01")
    journal = (folder / "decisions.jsonl").read_bytes()
    monkeypatch.setenv("LC_ALL", language)

    code = main(["withdraw", str(folder), "1", *CREDIT])
    refused, told = (folder / "decisions.jsonl").read_bytes(), capsys.readouterr().err

    assert code == 2
    assert refused == journal
    assert said in told
    assert "N01" in told
    assert [main(["withdraw", str(folder), line, *CREDIT]) for line in "21"] == [0, 0]
