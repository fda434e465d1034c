"""The journal under two sessions, a full disk and kill -9: nothing that was reported as saved is lost."""

import datetime as dt
import os
import random
import signal
import subprocess
import sys
import time

import pytest

from salesmodel_kit.client import decisions as journal_module
from salesmodel_kit.client.decision import Decision, find_in_force
from salesmodel_kit.client.decisions import Conflict, append_decision, append_decisions, parse_journal
from salesmodel_kit.client.journal_lock import hold_journal
from salesmodel_kit.errors import SalesModelError

AT = dt.datetime(2026, 11, 3, 14, 30, tzinfo=dt.UTC)

WRITER = """
import datetime as dt, pathlib, sys
from salesmodel_kit.client.decision import Decision
from salesmodel_kit.client.decisions import append_decision
name, number = sys.argv[2], 0
while number < int(sys.argv[3]):
    number += 1
    append_decision(pathlib.Path(sys.argv[1]), Decision(at=dt.datetime.now(dt.UTC), by=name, kind="lock_account",
        subject=f"{name}-{number}", new="R1", reason="x" * 300))
    print(number, flush=True)
"""


def decide(subject="007", new="gold", kind="override_tier", by="Ann", minute=0):
    return Decision(at=AT + dt.timedelta(minutes=minute), by=by, kind=kind, subject=subject, new=new, reason="agreed")


def read(folder):
    return parse_journal((folder / "decisions.jsonl").read_bytes(), "decisions.jsonl")


def start_writer(folder, name, count):
    return subprocess.Popen([sys.executable, "-c", WRITER, str(folder), name, str(count)], stdout=subprocess.PIPE)


def test_two_writers_at_once_lose_no_decision(tmp_path):
    writers = [start_writer(tmp_path, name, 40) for name in ("Ann", "Bea")]

    for writer in writers:
        writer.communicate(timeout=60)
    journal = read(tmp_path)

    assert {decision.subject for decision in journal.decisions} == {
        f"{name}-{number}" for name in ("Ann", "Bea") for number in range(1, 41)}
    assert len(journal.decisions) == 80
    assert journal.problems == journal.notes == ()
    assert [path.name for path in tmp_path.iterdir()] == ["decisions.jsonl"]


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_killed_writer_loses_nothing_that_it_reported_as_saved(tmp_path):
    pauses, reported = random.Random(7), {}
    for number in range(6):
        name = f"writer{number}"
        writer = start_writer(tmp_path, name, 100_000)
        writer.stdout.readline()
        time.sleep(pauses.uniform(0, 0.05))
        os.kill(writer.pid, signal.SIGKILL)
        reported[name] = 1 + len(writer.stdout.read().split())
        writer.wait()
        writer.stdout.close()

    append_decision(tmp_path, decide())
    journal = read(tmp_path)
    subjects = [decision.subject for decision in journal.decisions]

    assert journal.problems == ()
    assert all(f"{name}-{number}" in subjects for name, count in reported.items() for number in range(1, count + 1))
    assert all(sum(subject.startswith(f"{name}-") for subject in subjects) <= count + 1
               for name, count in reported.items())
    assert subjects[-1] == "007"


def test_append_decision_refuses_what_another_session_decided_otherwise(tmp_path):
    seen = append_decision(tmp_path, decide()).decisions
    append_decision(tmp_path, decide(new="bronze", by="Bea", minute=1))
    before = (tmp_path / "decisions.jsonl").read_bytes()

    with pytest.raises(Conflict, match="Bea") as caught:
        append_decision(tmp_path, decide(new="silver", minute=2), known=seen)

    assert (caught.value.mine.new, caught.value.theirs.new, caught.value.theirs.by) == ("silver", "bronze", "Bea")
    assert (tmp_path / "decisions.jsonl").read_bytes() == before


def test_append_decision_takes_what_others_decided_on_other_matters(tmp_path):
    append_decision(tmp_path, decide("008", "bronze", by="Bea"))

    journal = append_decision(tmp_path, decide("007", "gold", minute=1), known=())

    assert [decision.subject for decision in journal.decisions] == ["008", "007"]


def test_append_decision_takes_the_same_decision_of_two_sessions(tmp_path):
    append_decision(tmp_path, decide(by="Bea"))

    assert len(append_decision(tmp_path, decide(minute=1), known=()).decisions) == 2


@pytest.mark.parametrize(("theirs", "mine"), [
    (decide("strategy", "conquest", "choose_strategy"), decide("tiers", {"rule": "natural_breaks"}, "set_tier_rule")),
    (decide("R1", 800, "set_selling_hours"), decide("R1", "", "remove_rep")),
])
def test_append_decision_sees_conflicts_between_kinds(tmp_path, theirs, mine):
    append_decision(tmp_path, theirs)

    with pytest.raises(Conflict):
        append_decision(tmp_path, mine, known=())


def test_append_decision_sees_that_the_other_withdrew_what_we_change(tmp_path):
    first = decide()
    seen = append_decision(tmp_path, first).decisions
    append_decision(tmp_path, decide(first.id, "", "withdraw", by="Bea", minute=1))

    with pytest.raises(Conflict):
        append_decision(tmp_path, decide(new="silver", minute=2), known=seen)


def test_append_decisions_writes_all_or_none(tmp_path):
    append_decision(tmp_path, decide("008", "bronze", by="Bea"))

    with pytest.raises(Conflict):
        append_decisions(tmp_path, [decide("007"), decide("008", "gold", minute=1)], known=())

    assert [decision.subject for decision in read(tmp_path).decisions] == ["008"]


def test_append_decision_leaves_the_journal_as_it_was_when_the_disk_is_full(tmp_path, monkeypatch):
    append_decision(tmp_path, decide())
    before = (tmp_path / "decisions.jsonl").read_bytes()

    def fail(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(journal_module.os, "fsync", fail)
    with pytest.raises(SalesModelError, match=r"the disk is full.*not recorded"):
        append_decision(tmp_path, decide("008"))

    assert (tmp_path / "decisions.jsonl").read_bytes() == before


def test_hold_journal_gives_up_with_a_sentence_while_another_writes(tmp_path):
    path = tmp_path / "decisions.jsonl"

    with (
        hold_journal(path),
        pytest.raises(SalesModelError, match="Another session is writing"),
        hold_journal(path, patience=0.0),
    ):
        pytest.fail("two hold it")

    with hold_journal(path, patience=0.0):
        assert (tmp_path / ".decisions.jsonl.lock").exists()


def test_a_lock_file_that_a_crash_left_behind_keeps_nobody_out(tmp_path):
    (tmp_path / ".decisions.jsonl.lock").write_text("")

    append_decision(tmp_path, decide())

    assert len(read(tmp_path).decisions) == 1


def test_find_in_force_leaves_out_what_was_withdrawn_and_takes_it_back():
    first, other = decide(), decide("008")
    undo = decide(first.id, "", "withdraw", minute=1)
    redo = decide(undo.id, "", "withdraw", minute=2)

    assert find_in_force([first, other, undo]) == (other,)
    assert find_in_force([first, other, undo, redo]) == (first, other)


def test_decision_keeps_its_id_when_it_is_written_and_read(tmp_path):
    decision = decide()

    append_decision(tmp_path, decision)

    assert read(tmp_path).decisions[0].id == decision.id != decide(minute=1).id
