import datetime as dt
import json

import pytest

from salesmodel_kit.client.decision import Decision
from salesmodel_kit.client.decision_checks import check_overrides
from salesmodel_kit.client.decisions import (
    append_decision,
    parse_journal,
    replay_overrides,
    replay_strategy,
)
from salesmodel_kit.client.profile import TierRule
from salesmodel_kit.errors import SalesModelError

AT = dt.datetime(2026, 11, 3, 14, 30, tzinfo=dt.UTC)
LINE = (b'{"at": "2026-11-03T14:30:00Z", "by": "Ann", "kind": "override_tier", "subject": "007", "old": "silver", '
        b'"new": "gold", "reason": "new site"}\n')


def read_decisions(path):
    journal = parse_journal(path.read_bytes() if path.is_file() else b"", path.name)
    return journal.decisions, journal.problems


def decide(subject="007", new="gold", kind="override_tier", reason="new site"):
    return Decision(at=AT, by="Ann", kind=kind, subject=subject, new=new, reason=reason)


def test_append_decision_adds_a_line_that_reads_back(tmp_path):
    rule = TierRule(rule="cutoff", gold=0.7, silver=0.5)

    append_decision(tmp_path, decide())
    append_decision(tmp_path, decide("tiers", rule, "set_tier_rule", "l'atelier\nle dit"))
    decisions, problems = read_decisions(tmp_path / "decisions.jsonl")

    assert problems == ()
    assert decisions == (decide(), decide("tiers", rule, "set_tier_rule", "l'atelier\nle dit"))
    assert (tmp_path / "decisions.jsonl").read_bytes().count(b"\n") == 2


def test_append_decision_leaves_earlier_lines_as_they_are(tmp_path):
    (tmp_path / "decisions.jsonl").write_bytes(LINE)

    append_decision(tmp_path, decide())

    assert (tmp_path / "decisions.jsonl").read_bytes().startswith(LINE)


def test_append_decision_goes_beside_a_workbook(tmp_path):
    (tmp_path / "acme.xlsx").touch()
    append_decision(tmp_path / "acme.xlsx", decide())

    assert read_decisions(tmp_path / "acme.decisions.jsonl")[0] == (decide(),)


def test_append_decision_after_a_torn_line_keeps_both_apart(tmp_path):
    (tmp_path / "decisions.jsonl").write_bytes(LINE + LINE[:40])

    append_decision(tmp_path, decide("008"))
    journal = parse_journal((tmp_path / "decisions.jsonl").read_bytes(), "decisions.jsonl")

    assert [decision.subject for decision in journal.decisions] == ["007", "008"]
    assert journal.problems == ()
    assert [note.row for note in journal.notes] == [2]


def test_append_decision_after_a_last_line_without_end_keeps_it(tmp_path):
    (tmp_path / "decisions.jsonl").write_bytes(LINE.rstrip())

    append_decision(tmp_path, decide("008"))

    assert [decision.subject for decision in read_decisions(tmp_path / "decisions.jsonl")[0]] == ["007", "008"]


def test_append_decision_refuses_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(SalesModelError, match="the decision was not recorded"):
        append_decision(tmp_path / "absent" / "acme.xlsx", decide())


def test_parse_journal_leaves_a_torn_last_line_aside_with_a_note():
    journal = parse_journal(LINE + LINE[:40], "decisions.jsonl")

    assert len(journal.decisions) == 1
    assert journal.problems == ()
    assert (journal.notes[0].file, journal.notes[0].row) == ("decisions.jsonl", 2)


def change(**changes):
    return json.dumps({**json.loads(LINE), **changes}).encode() + b"\n"


@pytest.mark.parametrize("line", [
    b"{}\n", b"[1]\n", b"nonsense\n", b"\xff\n", change(kind="fire_rep"), change(new="diamond"), change(reason=""),
    change(by=""), change(at="yesterday"), change(at=1762180000), change(extra=1), change(kind="set_tier_rule"),
    change(kind="set_tier_rule", new={"rule": "cutoff", "gold": 2, "silver": 0}), b"[" * 100_000 + b"\n",
])
def test_parse_journal_names_the_line_that_cannot_be_read(line):
    journal = parse_journal(LINE + b"\n" + line + LINE, "decisions.jsonl")

    assert len(journal.decisions) == 2
    assert [problem.row for problem in journal.problems] == [3]
    assert journal.lines == (1, 4)


def test_read_decisions_gives_nothing_where_there_is_no_journal(tmp_path):
    assert read_decisions(tmp_path / "decisions.jsonl") == ((), ())


def test_replay_overrides_keeps_the_latest_and_drops_the_lifted():
    overrides = replay_overrides([decide("1", "gold"), decide("2", "silver"), decide("1", "bronze"), decide("2", "")])

    assert overrides.to_dict("list") == {"account": ["1"], "tier": ["bronze"], "reason": ["new site"], "by": ["Ann"],
                                         "at": ["2026-11-03T14:30:00+00:00"]}


def test_replay_overrides_gives_an_empty_table_of_texts():
    overrides = replay_overrides([])

    assert {str(dtype) for dtype in overrides.dtypes} == {"str"}
    assert list(overrides) == ["account", "tier", "reason", "by", "at"]


def test_replay_strategy_follows_the_last_choice_and_its_rule():
    rule = TierRule(rule="cutoff", gold=0.7, silver=0.5)
    set_rule, choose = decide("tiers", rule, "set_tier_rule"), decide("strategy", "conquest", "choose_strategy")

    assert replay_strategy([]) == (None, None)
    assert replay_strategy([choose, set_rule]) == ("conquest", rule)
    assert replay_strategy([set_rule, choose]) == ("conquest", None)


def test_check_overrides_names_the_line_of_an_unknown_account():
    journal = parse_journal(LINE + change(subject="7"), "decisions.jsonl")

    (problem,) = check_overrides(journal, ["007"])

    assert (problem.row, problem.column, problem.value) == (2, "subject", "7")
    assert "did you mean 007?" in str(problem.message)
