"""Clients on the workers of a Dask cluster: a real scheduler and two workers, one of which is killed."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest
from client_files import PROFILE, write_client
from stand_in import hash_tree, write_exhibit_notebook, write_notebook

from salesmodel_kit.batch import cluster
from salesmodel_kit.batch.limits import Limits
from salesmodel_kit.batch.parcels import Answer
from salesmodel_kit.batch.results import ClientResult
from salesmodel_kit.batch.run import run_notebooks
from salesmodel_kit.batch.scheduler import Batch
from salesmodel_kit.batch.settings import Settings
from salesmodel_kit.batch.state import find_intact
from salesmodel_kit.errors import SalesModelError

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="kills processes by their group")]
NAMES = ("alpha", "beta", "gamma", "delta")
TIMED = ("run.json", "manifest.jsonl", "index.html")


def start(*words, folder):
    environment = {**os.environ, "TMPDIR": str(folder), "DASK_TEMPORARY_DIRECTORY": str(folder)}
    return subprocess.Popen([sys.executable, "-m", "dask", *words], env=environment, start_new_session=True,
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def wait_for(condition, seconds=120):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)


@pytest.fixture
def dask_cluster(tmp_path_factory):
    """Return the scheduler's address and two workers: the first dies for good, the second has a nurse."""
    pytest.importorskip("distributed")
    from distributed import Client

    folder = tmp_path_factory.mktemp("d")
    where = folder / "scheduler.json"
    processes = [start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file",
                       str(where), folder=folder)]
    wait_for(where.exists)
    wait_for(lambda: where.read_text().endswith("}"))
    address = json.loads(where.read_text())["address"]
    common = ("--nthreads", "1", "--no-dashboard", "--host", "127.0.0.1", "--local-directory", str(folder))
    processes += [start("worker", address, "--no-nanny", *common, folder=folder),
                  start("worker", address, "--nanny", *common, folder=folder)]
    with Client(address, timeout=60, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=60)
    yield address, processes[1:]
    for process in reversed(processes):
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=30)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cluster")
    for name in NAMES:
        write_client(folder / name, client_yaml=PROFILE.replace("id: acme", f"id: {name}"))
    mark = (f"import time, pathlib\nmark = pathlib.Path({str(folder)!r}) / 'mark'\nbegun = mark.exists()\n"
            "mark.touch()\n_ = begun or time.sleep(2)")
    write_exhibit_notebook(folder / "01_first.ipynb", mark)
    run_notebooks([folder / name for name in NAMES], notebooks=[folder / "01_first.ipynb"], out=folder / "out",
                  settings=Settings(jobs=2))
    return folder


def run(place, out, *, address, names=NAMES, notebook="01_first.ipynb", watch=None):
    return run_notebooks([place / name for name in names], notebooks=[place / notebook], out=out,
                         settings=Settings(dask=address), watch=watch)


def test_clients_complete_with_the_same_bytes_when_a_worker_is_killed_in_the_middle(place, dask_cluster, tmp_path):
    address, (victim, _) = dask_cluster
    (place / "mark").unlink(missing_ok=True)
    ended = []

    def kill_in_the_middle(event):
        ended.append(event.client)
        if len(ended) == 1:  # two others are on their way
            os.killpg(victim.pid, signal.SIGKILL)

    results = run(place, tmp_path / "out", address=address, watch=kill_in_the_middle)

    assert victim.wait(timeout=10) == -signal.SIGKILL
    assert [(result.client_id, result.status) for result in results] == [(name, "done") for name in NAMES]
    assert hash_tree(tmp_path / "out", skip=TIMED) == hash_tree(place / "out", skip=TIMED)
    assert not [path for path in (tmp_path / "out").iterdir() if path.name.startswith(".")]
    states = [json.loads((tmp_path / "out" / name / "run.json").read_text())["state"] for name in NAMES]
    assert find_intact(tmp_path / "out", states).keys() == set(states)  # what a local run would skip
    again = run_notebooks([place / name for name in NAMES], notebooks=[place / "01_first.ipynb"],
                          out=tmp_path / "out", settings=Settings())
    assert {result.status for result in again} == {"unchanged"}


def test_clients_on_an_object_store_go_through_a_cluster_that_loses_a_worker(place, store, dask_cluster):
    import dask

    system, bucket = store
    address, (victim, _) = dask_cluster
    for name in NAMES:
        system.put(str(place / name), f"{bucket}/clients/{name}", recursive=True)
    (place / "mark").unlink(missing_ok=True)

    def kill_in_the_middle(event):
        if victim.poll() is None:
            os.killpg(victim.pid, signal.SIGKILL)

    def run_there(watch=None):
        # every parcel is a large one here: Dask's advice about it would be a warning, and warnings are errors
        with dask.config.set({"distributed.admin.large-graph-warning-threshold": "1B"}):
            return run_notebooks([f"s3://{bucket}/clients/*"], notebooks=[place / "01_first.ipynb"],
                                 out=f"s3://{bucket}/reports", settings=Settings(dask=address), watch=watch)

    results = run_there(kill_in_the_middle)

    assert victim.wait(timeout=10) == -signal.SIGKILL
    assert [(result.client_id, result.status) for result in results] == [(name, "done") for name in sorted(NAMES)]
    for result in results:
        target = place.parent / bucket / result.client_id
        system.get(str(result.folder).removeprefix("s3://"), str(target), recursive=True)
        assert hash_tree(target) == hash_tree(place / "out" / result.client_id, skip=TIMED)
    assert {result.status for result in run_there()} == {"unchanged"}


def test_a_client_that_fails_on_the_cluster_touches_no_other(place, dask_cluster, tmp_path):
    address, _ = dask_cluster
    write_notebook(place / "bad.ipynb", "from salesmodel_kit.client.folder import open_client\n"
                   "assert 'beta' not in client", "from IPython.display import HTML\nHTML('a')")
    (place / "beta" / "unknown.csv").write_text("a\n")

    results = run(place, tmp_path / "out", address=address, names=("alpha", "beta"), notebook="bad.ipynb")

    (place / "beta" / "unknown.csv").unlink()
    assert [result.status for result in results] == ["failed", "refused"]
    assert "no figure came out" in str(results[0].sentence)
    assert "none of the client's tables" in str(results[1].problems[0].message)


def test_a_worker_with_another_kit_runs_nothing(place, dask_cluster, tmp_path, monkeypatch):
    address, _ = dask_cluster
    monkeypatch.setattr(cluster, "hash_kit", lambda notebooks, *, language: "another")

    results = run(place, tmp_path / "out", address=address, names=("alpha",))

    assert "another version of the kit" in str(results[0].sentence)


def test_a_client_whose_id_is_refused_at_home_is_not_named_on_the_store(tmp_path):
    named = []
    waiting = ClientResult("one.xlsx", "waiting", source=tmp_path / "one.xlsx")
    other = ClientResult("two", "done", client_id="acme", source=tmp_path / "two")
    batch = Batch([waiting, other], (), tmp_path / "out", tmp_path, "kit", Limits(), None, stage=lambda: tmp_path / "s",
                  note=lambda result: None, remote=SimpleNamespace(address="s3://bucket/out", name=named.append))
    answer = Answer(dataclasses.replace(waiting, status="done", client_id="acme", source=None), {"run.json": b"{}"})

    cluster._take(batch, 0, SimpleNamespace(result=lambda: answer))

    assert batch.results[0].status == "failed"
    assert "same id acme" in str(batch.results[0].sentence)
    assert named == []


@pytest.mark.parametrize(("engine", "forks"), [("kernel", False), ("fork", True)])
def test_the_engine_that_is_asked_for_is_the_cluster_s_too(engine, forks, place, tmp_path, monkeypatch):
    def stop(batch, address, *, forks, watch):
        raise SalesModelError(f"forks: {forks}")

    monkeypatch.setattr(cluster, "run_on_cluster", stop)

    with pytest.raises(SalesModelError, match=f"forks: {forks}"):
        run_notebooks([place / "alpha"], notebooks=[], out=tmp_path / "out",
                      settings=Settings(dask="tcp://127.0.0.1:9", engine=engine))


def test_run_on_cluster_says_that_nobody_answers(place, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "_ANSWER_SECONDS", 1)

    for address in ("tcp://127.0.0.1:9", "nowhere"):
        with pytest.raises(SalesModelError, match=f"No Dask scheduler answers at {address}"):
            run(place, tmp_path / "out", address=address, names=("alpha",))


def test_run_on_cluster_says_that_dask_is_not_installed(place, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)

    with pytest.raises(SalesModelError, match="--dask needs Dask, which is not installed: pip install"):
        run(place, tmp_path / "out", address="tcp://127.0.0.1:9", names=("alpha",))
