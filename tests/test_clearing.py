"""Versions of a client's results on an object store: named last, and cleared when nobody names them any more."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress

import pytest
from client_files import PROFILE, write_client
from stand_in import write_exhibit_notebook

from salesmodel_kit.batch.clearing import clear_versions, hold_address
from salesmodel_kit.batch.faults import Fault
from salesmodel_kit.batch.record import list_named
from salesmodel_kit.batch.remote import RemoteOut
from salesmodel_kit.batch.run import run_notebooks
from salesmodel_kit.batch.settings import Settings
from salesmodel_kit.batch.shards import Shard
from salesmodel_kit.errors import SalesModelError

pytestmark = pytest.mark.slow
OTHER_PLACE = "place-0123456789abcdef"


@pytest.fixture
def out(store):
    return RemoteOut(f"s3://{store[1]}/reports")


def make_results(folder, word):
    """Write results of two files; return their folder."""
    (folder / "tables").mkdir(parents=True)
    (folder / "report.html").write_text(f"report {word}")
    (folder / "tables" / "a.csv").write_text(f"table {word}")
    outputs = {"report.html": f"1{word}", "tables/a.csv": f"2{word}"}
    (folder / "run.json").write_text(json.dumps({"client": "acme", "outputs": outputs, "state": word}))
    return folder


def publish(out, folder):
    out.send(folder)
    out.name(folder)
    return json.loads((folder / "run.json").read_text())["version"]


def clear(out, *, former=(), ours=None):
    with hold_address(out.address, shard=None) as mark:
        clear_versions(out.address, mark=mark, former=set(former), ours=ours or {})


def list_names(store):
    return sorted(name.split("/reports/")[1] for name in store[0].find(f"{store[1]}/reports"))


def name_objects(version):
    return [f"acme/{version}/report.html", f"acme/{version}/tables/a.csv"]


def read_as_reader(store):
    """Return what somebody finds who follows run.json, every file of it."""
    system, bucket = store
    run = json.loads(system.cat_file(f"{bucket}/reports/acme/run.json"))
    return {name: system.cat_file(f"{bucket}/reports/acme/{run['version']}/{name}").decode() for name in run["outputs"]}


@pytest.fixture
def break_at(monkeypatch):
    """Return what lets the store fail at the nth write from now on; 0 mends it."""
    import s3fs

    state, real = {"left": 0}, s3fs.S3FileSystem._call_s3

    async def fail_in_turn(self, method, *given, **named):
        state["left"] -= method == "put_object"
        if method == "put_object" and state["left"] == 0:
            raise OSError("the line is cut")
        return await real(self, method, *given, **named)

    monkeypatch.setattr(s3fs.S3FileSystem, "_call_s3", fail_in_turn)
    return lambda number: state.update(left=number)


def test_results_are_whole_for_readers_whichever_write_fails_and_nothing_stays_behind(store, out, tmp_path, break_at):
    first = publish(out, make_results(tmp_path / "0", "first"))
    for number in (1, 2, 3):  # two files, then the name
        word = f"after {number}"
        break_at(number)
        with pytest.raises(SalesModelError, match="the line is cut"):
            publish(out, make_results(tmp_path / f"cut {number}", f"cut {number}"))
        assert read_as_reader(store) == {"report.html": "report first", "tables/a.csv": "table first"}

        break_at(0)
        second = publish(out, make_results(tmp_path / f"{number}", word))
        clear(out, former={f"acme/{first}"}, ours={"acme": second})

        assert read_as_reader(store) == {"report.html": f"report {word}", "tables/a.csv": f"table {word}"}
        assert list_names(store) == sorted([*name_objects(first), *name_objects(second), "acme/run.json"])
        clear(out, former={f"acme/{second}"}, ours={"acme": second})
        assert list_names(store) == sorted([*name_objects(second), "acme/run.json"])
        first = publish(out, tmp_path / "0")
        clear(out)


def test_a_first_upload_that_was_cut_is_cleared_whole(store, out, tmp_path, break_at):
    for number in (1, 2, 3):  # the mark that something begins, then two files
        break_at(number)
        with pytest.raises(Fault):
            out.send(make_results(tmp_path / f"{number}", "new"))
        assert out.pull(tmp_path / f"mirror-{number}") is None
        assert not list((tmp_path / f"mirror-{number}").iterdir())  # a run's, so that the next one may write there

        break_at(0)
        clear(out)

        assert list_names(store) == []


def test_a_version_that_a_run_elsewhere_may_be_writing_stays(store, out, tmp_path):
    system, bucket = store
    out.send(make_results(tmp_path / "new", "new"))
    system.pipe_file(f"{bucket}/reports/.runs/{OTHER_PLACE}", b"\n")
    before = list_names(store)

    clear(out)
    assert list_names(store) == before

    system.rm_file(f"{bucket}/reports/.runs/{OTHER_PLACE}")
    clear(out)
    assert list_names(store) == []


def test_a_version_that_a_run_elsewhere_has_named_stays(store, out, tmp_path):
    theirs = publish(out, make_results(tmp_path / "theirs", "theirs"))

    clear(out, ours={"acme": "0" * 16})

    assert list_names(store) == sorted([*name_objects(theirs), "acme/run.json"])


def test_list_named_knows_what_the_page_of_before_the_parts_names(tmp_path):
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "run.json").write_text(json.dumps({"version": "b" * 16}))
    (tmp_path / "manifest.jsonl").write_text(json.dumps({"client": "acme", "report": f"acme/{'a' * 16}/report.html"}))
    (tmp_path / "manifest.1-of-2.jsonl").write_text(
        json.dumps({"client": "acme", "report": f"acme/{'b' * 16}/report.html"}))

    assert list_named(tmp_path) == {f"acme/{'a' * 16}", f"acme/{'b' * 16}"}


def test_folders_that_no_run_has_begun_stay(store, out):
    system, bucket = store
    system.pipe_file(f"{bucket}/reports/mine/{'0' * 16}/photo.jpg", b"mine")
    system.pipe_file(f"{bucket}/reports/notes.txt", b"mine")
    before = list_names(store)

    clear(out)

    assert list_names(store) == before


def test_runs_of_one_machine_exclude_each_other_at_an_address_and_parts_do_not(store, out):
    with hold_address(out.address, shard=Shard(1, 2)), hold_address(out.address, shard=Shard(2, 2)):
        assert len(list_names(store)) == 2
        for shard in (None, Shard(1, 2)):
            with (pytest.raises(SalesModelError, match=r"Another run is writing to s3://.*/reports: wait"),
                  hold_address(out.address, shard=shard)):
                pass
    assert list_names(store) == []


RUN = """
import sys
from pathlib import Path
from salesmodel_kit.batch.run import run_notebooks
from salesmodel_kit.batch.settings import Settings
if __name__ == "__main__":
    run_notebooks([sys.argv[1]], notebooks=[Path(sys.argv[2])], out=sys.argv[3],
                  settings=Settings(jobs=1, engine="kernel"))
"""


def test_a_run_that_is_killed_at_an_upload_leaves_what_the_next_one_clears(store, out, tmp_path, monkeypatch):
    from moto.server import DomainDispatcherApplication

    client = write_client(tmp_path / "acme", client_yaml=PROFILE)
    notebook = write_exhibit_notebook(tmp_path / "01_first.ipynb")
    (tmp_path / "run.py").write_text(RUN)
    came = []
    real = DomainDispatcherApplication.__call__

    def count(self, environ, start_response):
        answer = real(self, environ, start_response)
        if environ["REQUEST_METHOD"] == "PUT" and "/acme/" in environ["PATH_INFO"]:
            came.append(environ["PATH_INFO"])  # once it is stored: several are on their way at the same time
            if len(came) >= 7 and process.returncode is None:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
        return answer

    monkeypatch.setattr(DomainDispatcherApplication, "__call__", count)
    process = subprocess.Popen([sys.executable, str(tmp_path / "run.py"), str(client), str(notebook), out.address],
                               start_new_session=True)
    assert process.wait(timeout=200) == -signal.SIGKILL
    left = {name.split("/")[1] for name in list_names(store) if name.startswith("acme/")}
    assert "run.json" not in left
    assert len(left) == 2  # that it had begun, and a part of a version
    (client / "client.yaml").write_text(PROFILE.replace("name: Acme", "name: Acne"))  # another version will come

    result = run_notebooks([client], notebooks=[notebook], out=out.address, settings=Settings(jobs=1, engine="kernel"))

    assert result[0].status == "done"
    version = result[0].folder.rsplit("/", 1)[1]
    assert {name.split("/")[1] for name in list_names(store) if name.startswith("acme/")} == {"run.json", version}
    assert version not in left
    assert sorted(name for name in list_names(store) if "acme/" not in name) == ["index.html", "manifest.jsonl"]
