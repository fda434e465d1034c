"""What is there already is not made again; what changed is; a run that was killed leaves nothing in the way."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import subprocess
import sys

import pytest
from client_files import PROFILE, write_client
from stand_in import hash_tree, write_exhibit_notebook

from salesmodel_kit.batch import lock, manifest, state, target
from salesmodel_kit.batch.run import Settings, run_notebooks
from salesmodel_kit.client import journal_lock
from salesmodel_kit.client.folder import open_client
from salesmodel_kit.client.sources import find_client, read_fingerprint
from salesmodel_kit.errors import SalesModelError

#: One process and no template: small notebooks are through sooner so.
QUICK = Settings(jobs=1, engine="kernel")


def make_client(folder, name="acme"):
    return write_client(folder / name, client_yaml=PROFILE.replace("id: acme", f"id: {name}"))


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """Return a client, its notebook and the folder that a run has written to."""
    folder = tmp_path_factory.mktemp("finished")
    notebook = write_exhibit_notebook(folder / "01_first.ipynb")
    run_notebooks([make_client(folder)], notebooks=[notebook], out=folder / "out", settings=QUICK)
    return folder


@pytest.fixture
def place(finished, tmp_path):
    shutil.copytree(finished, tmp_path / "copy")
    return tmp_path / "copy"


def append(path, text):
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def find_skipped(place, *, notebook=None, language=None):
    """Return the status of the client in the eyes of the next run, without running it."""
    from salesmodel_kit.batch.results import locate_client
    from salesmodel_kit.batch.run import skip_unchanged

    kit = state.hash_kit([notebook or place / "01_first.ipynb"], language=language)
    return skip_unchanged([locate_client(place / "acme")], out=place / "out", kit=kit)[0].status


def test_run_notebooks_skips_a_client_whose_results_are_there(place, monkeypatch):
    before = hash_tree(place / "out" / "acme")
    monkeypatch.setattr("salesmodel_kit.batch.run.Workers", None)  # no process is started
    monkeypatch.setattr("salesmodel_kit.client.folder.open_client", None)  # no table is opened
    events = []

    results = run_notebooks([place / "acme"], notebooks=[place / "01_first.ipynb"], out=place / "out", settings=QUICK,
                            watch=events.append)

    assert [(result.status, result.client_id, result.name) for result in results] == [("unchanged", "acme", "Acme")]
    assert [(event.client, event.step, event.status) for event in events] == [("acme", "client", "unchanged")]
    assert hash_tree(place / "out" / "acme") == before
    page = (place / "out" / "index.html").read_text(encoding="utf-8")
    assert "status-unchanged" in page
    assert 'href="acme/report.html"' in page
    assert manifest.read_manifest(place / "out")["acme"]["status"] == "unchanged"


def test_run_notebooks_runs_everyone_when_asked_for_and_gives_the_same_bytes(place):
    before = hash_tree(place / "out" / "acme", skip=("run.json",))

    results = run_notebooks([place / "acme"], notebooks=[place / "01_first.ipynb"], out=place / "out",
                            settings=dataclasses.replace(QUICK, fresh=True))

    assert results[0].status == "done"
    assert hash_tree(place / "out" / "acme", skip=("run.json",)) == before


def test_skip_unchanged_takes_a_client_as_it_was(place):
    assert find_skipped(place) == "unchanged"


def test_find_intact_reads_no_file_that_was_not_touched(finished, monkeypatch):
    monkeypatch.setattr(state, "_hash_file", None)

    assert find_skipped(finished) == "unchanged"


@pytest.mark.parametrize(
    "change", ["input", "same size and time", "unknown file", "notebook", "language", "output", "lost", "record"])
def test_skip_unchanged_sees_what_has_changed(change, place):
    notebook, out = place / "01_first.ipynb", place / "out" / "acme"
    if change == "input":
        append(place / "acme" / "accounts.csv", "009,Cedar,S1,,10,,1,1\n")
    elif change == "unknown file":
        (place / "acme" / "accunts.csv").write_text("a\n", encoding="utf-8")
    elif change == "notebook":
        write_exhibit_notebook(notebook, "1 + 1")
    elif change == "output":
        append(out / "report.html", " ")
    elif change == "same size and time":
        before = (out / "report.html").stat()
        text = (out / "report.html").read_text(encoding="utf-8")
        (out / "report.html").write_text(text.replace("Acme", "Acne"), encoding="utf-8")
        os.utime(out / "report.html", ns=(before.st_atime_ns, before.st_mtime_ns))
    elif change == "lost":
        (out / "tables" / "account_tiers.csv").unlink()
    elif change == "record":
        (out / "run.json").write_text('{"state": [], "outputs": 3}', encoding="utf-8")

    assert find_skipped(place, language="fr" if change == "language" else None) == "waiting"


def test_hash_kit_follows_the_templates_and_the_code(tmp_path, monkeypatch):
    for name in ("code", "templates"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.py").write_text("1", encoding="utf-8")
    monkeypatch.setattr(state, "_CODE", tmp_path / "code")
    monkeypatch.setattr(state, "find_resource", lambda name: tmp_path / name)
    hashes = [state.hash_kit([], language=None)]
    for name in ("code", "templates"):
        (tmp_path / name / "a.py").write_text("2", encoding="utf-8")
        hashes.append(state.hash_kit([], language=None))

    assert len(set(hashes)) == 3


def test_read_fingerprint_is_that_of_the_opened_client(place):
    assert read_fingerprint(find_client(place / "acme")) == open_client(place / "acme").fingerprint


def test_hold_lock_keeps_another_run_out(tmp_path):
    program = (
        "import pathlib, sys, time\nfrom salesmodel_kit.batch.lock import hold_lock\n"
        "with hold_lock(pathlib.Path(sys.argv[1])):\n    print('held', flush=True)\n    time.sleep(600)"
    )
    client, out = make_client(tmp_path), tmp_path / "out"
    out.mkdir()
    other = subprocess.Popen([sys.executable, "-c", program, str(out)], stdout=subprocess.PIPE)
    try:
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(SalesModelError, match="Another run is writing to"), lock.hold_lock(out):
            pass
        with pytest.raises(SalesModelError, match="Another run"):
            run_notebooks([client], notebooks=[], out=out, settings=QUICK)
    finally:
        other.kill()
        other.communicate()

    assert [path.name for path in out.iterdir()] == [lock.LOCK_FILE]
    with lock.hold_lock(out):  # the one that was killed keeps nobody out
        pass
    assert list(out.iterdir()) == []


def test_hold_staging_clears_what_a_killed_run_left(tmp_path):
    (tmp_path / ".run-1" / "alpha").mkdir(parents=True)
    (tmp_path / ".run-1" / "beta.former").mkdir()
    (tmp_path / ".run-1" / "beta.former" / "report.html").write_text("former", encoding="utf-8")
    (tmp_path / ".index.html.77.part").write_text("torn", encoding="utf-8")

    with target.hold_staging(tmp_path) as staging:
        assert sorted(path.name for path in tmp_path.iterdir()) == sorted([lock.LOCK_FILE, "beta", staging.name])

    assert (tmp_path / "beta" / "report.html").read_text(encoding="utf-8") == "former"
    assert [path.name for path in tmp_path.iterdir()] == ["beta"]


def test_hold_staging_follows_no_link_out_of_the_folder(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "file").write_text("kept", encoding="utf-8")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / ".run-x").symlink_to(tmp_path / "mine")

    with target.hold_staging(tmp_path / "out"):
        pass

    assert (tmp_path / "mine" / "file").exists()


@pytest.mark.parametrize("can_exchange", [True, False])
def test_publish_replaces_former_results(can_exchange, tmp_path, monkeypatch):
    if not can_exchange:
        monkeypatch.setattr(target, "exchange", lambda one, other: False)
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "report.html").write_text("new", encoding="utf-8")
    (tmp_path / "place").mkdir()

    target.publish(tmp_path / "new", place=tmp_path / "place")

    assert [path.name for path in tmp_path.iterdir()] == ["place"]
    assert (tmp_path / "place" / "report.html").read_text(encoding="utf-8") == "new"


def test_append_record_cuts_a_torn_line_and_keeps_whole_ones(tmp_path):
    path = tmp_path / manifest.MANIFEST_FILE
    path.write_bytes(b'{"client": "a", "status": "done"}\n{"client": "b", "sta' + b"x" * 70_000)

    manifest.append_record(tmp_path, {"client": "c", "status": "failed", "sentence": "\u00e9"})

    assert manifest.read_manifest(tmp_path).keys() == {"a", "c"}
    assert path.read_text(encoding="utf-8").splitlines() == [
        '{"client": "a", "status": "done"}', '{"client": "c", "status": "failed", "sentence": "\u00e9"}']


@pytest.mark.parametrize("content", ["", "{", "[1]\nnull\n", "\x00\xff", '{"client": 3}\n'])
def test_read_manifest_leaves_aside_what_is_no_record(content, tmp_path):
    (tmp_path / manifest.MANIFEST_FILE).write_text(content, encoding="utf-8")

    assert manifest.read_manifest(tmp_path) == {}


def test_run_notebooks_keeps_the_line_of_a_client_that_failed_before(place):
    out = place / "out"
    manifest.append_record(out, {"client": "other", "status": "failed", "sentence": "why"})

    run_notebooks([place / "acme"], notebooks=[place / "01_first.ipynb"], out=out, settings=QUICK)

    assert [(name, line["status"]) for name, line in manifest.read_manifest(out).items()] == [
        ("acme", "unchanged"), ("other", "failed")]


def test_skipping_reads_and_parses_nothing_but_hashes(place, monkeypatch):
    for name in ("read_delimited", "read_workbook"):
        monkeypatch.setattr(f"salesmodel_kit.client.sources.{name}", None)

    assert find_skipped(place) == "unchanged"


def test_run_json_tells_input_state_and_outputs(place):
    record = json.loads((place / "out" / "acme" / "run.json").read_text(encoding="utf-8"))

    assert record["fingerprint"] == read_fingerprint(place / "acme")
    assert record["outputs"] == hash_tree(place / "out" / "acme", skip=("run.json",))
    assert len(record["state"]) == 64




def test_a_lock_goes_with_its_process(tmp_path):
    number = journal_lock.take_lock(tmp_path / "lock")

    assert journal_lock.take_lock(tmp_path / "lock") is None
    os.close(number)
    assert journal_lock.take_lock(tmp_path / "lock") is not None
