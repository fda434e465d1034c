"""Files that change under an open workshop, and a second session on the same client."""

import datetime as dt
import os

from client_files import write_client

from salesmodel_kit.client.decision import Decision
from salesmodel_kit.client.decisions import append_decision
from salesmodel_kit.client.folder import open_client
from salesmodel_kit.client.presence import GONE_SECONDS, announce, find_others, find_sessions_folder, leave
from salesmodel_kit.client.watch import InputWatch


def decide(folder, by):
    decision = Decision(at=dt.datetime(2026, 11, 3, tzinfo=dt.UTC), by=by, kind="override_tier", subject="007",
                        new="gold", reason="agreed")
    append_decision(folder, decision)
    return decision


def test_input_watch_names_files_that_changed_came_or_went(tmp_path):
    folder = write_client(tmp_path)
    watch = InputWatch(folder)
    assert not watch.look()

    (folder / "accounts.csv").write_text((folder / "accounts.csv").read_text().replace("Alder", "Elder"))
    (folder / "reps.csv").unlink()
    (folder / "personas.csv").write_text("tier\n")
    news = watch.look()

    assert (news.changed, news.added, news.removed) == (("accounts.csv",), ("personas.csv",), ("reps.csv",))
    assert news.files == ("accounts.csv", "personas.csv", "reps.csv")


def test_input_watch_overlooks_a_file_written_again_as_it_was_and_files_not_used(tmp_path):
    folder = write_client(tmp_path)
    watch = InputWatch(folder)

    (folder / "accounts.csv").write_bytes((folder / "accounts.csv").read_bytes())
    (folder / "notes.txt").write_text("lunch")
    (folder / ".decisions.jsonl.lock").write_text("")

    assert not watch.look()


def test_input_watch_tells_decisions_of_others_from_our_own(tmp_path):
    folder = write_client(tmp_path)
    watch = InputWatch(folder, open_client(folder).decisions)
    theirs = decide(folder, "Bea")

    news = watch.look()
    watch.accept((*watch.known, theirs))

    assert news.decisions == (theirs,)
    assert news.files == ()
    assert not watch.look()


def test_input_watch_accepts_the_journal_and_still_tells_of_a_table_that_changed_before(tmp_path):
    (tmp_path / "accounts.csv").write_text("a")
    watch = InputWatch(tmp_path)
    (tmp_path / "accounts.csv").write_text("b")
    ours = decide(tmp_path, "Ann")

    watch.look()
    watch.accept((ours,))

    assert watch.look().files == ("accounts.csv",)
    assert watch.look().decisions == ()


def test_input_watch_of_a_workbook_looks_at_the_workbook_and_its_journal(tmp_path):
    (tmp_path / "acme.xlsx").write_bytes(b"one")
    (tmp_path / "other.csv").write_text("a")
    watch = InputWatch(tmp_path / "acme.xlsx")

    decide(tmp_path / "acme.xlsx", "Bea")
    (tmp_path / "acme.xlsx").write_bytes(b"two")
    (tmp_path / "other.csv").write_text("b")
    news = watch.look()

    assert news.files == ("acme.xlsx",)
    assert [decision.by for decision in news.decisions] == ["Bea"]


def test_find_others_names_the_other_session_until_it_leaves(tmp_path):
    folder = write_client(tmp_path)
    ann = announce(folder, who="Ann")
    assert find_others(folder, ann) == ()

    bea = announce(folder, who="Bea")

    assert [session.who for session in find_others(folder, ann)] == ["Bea"]
    assert [session.who for session in find_others(folder, bea)] == ["Ann"]
    leave(folder, bea)
    assert find_others(folder, ann) == ()
    leave(folder, ann)
    assert not find_sessions_folder(folder).exists()


def test_find_others_forgets_a_session_that_nobody_touched(tmp_path):
    folder = write_client(tmp_path)
    ann, bea = announce(folder, who="Ann"), announce(folder, who="Bea")
    path = find_sessions_folder(folder) / f"{bea.token}.json"
    old = path.stat().st_mtime - GONE_SECONDS - 1

    os.utime(path, (old, old))

    assert find_others(folder, ann) == ()
    assert not path.exists()


def test_find_others_forgets_a_session_whose_process_is_gone(tmp_path):
    folder = write_client(tmp_path)
    ann = announce(folder, who="Ann")
    bea = announce(folder, who="Bea")
    path = find_sessions_folder(folder) / f"{bea.token}.json"

    path.write_text(path.read_text().replace(f'"process": {os.getpid()}', '"process": 4194300'))

    assert find_others(folder, ann) == ()


def test_sessions_do_not_change_what_is_read_of_a_client(tmp_path):
    folder = write_client(tmp_path)
    before = open_client(folder).fingerprint

    announce(folder, who="Ann")

    assert open_client(folder).fingerprint == before


def test_announce_stays_quiet_where_the_folder_cannot_be_written(tmp_path):
    ann = announce(tmp_path / "absent" / "acme.xlsx", who="Ann")

    assert find_others(tmp_path / "absent" / "acme.xlsx", ann) == ()


def test_find_others_announces_again_a_session_that_slept_and_was_taken_for_gone(tmp_path):
    slept = announce(tmp_path, who="Ann")
    (find_sessions_folder(tmp_path) / f"{slept.token}.json").unlink()
    other = announce(tmp_path, who="Bea")

    assert [session.who for session in find_others(tmp_path, slept)] == ["Bea"]
    assert [session.who for session in find_others(tmp_path, other)] == ["Ann"]
