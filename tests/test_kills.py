"""Processes that are killed at any moment: nothing is lost, and the next run completes with the same bytes."""

from __future__ import annotations

import errno
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from client_files import PROFILE, write_client
from soak import PROGRAM, Soak, is_alive, make_short_folder
from stand_in import hash_tree, write_exhibit_notebook

from salesmodel_kit.batch import scheduler
from salesmodel_kit.batch.run import run_notebooks
from salesmodel_kit.batch.settings import Settings
from salesmodel_kit.batch.workers import Task, _attempt
from salesmodel_kit.errors import SalesModelError

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="looks processes up in /proc")]

TIMED = ("run.json", "manifest.jsonl")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """Return a folder with two clients, a notebook, the program, and the results of a run that nobody disturbed."""
    place = tmp_path_factory.mktemp("kills")
    for name in ("alpha", "beta"):
        write_client(place / f"client-{name}", client_yaml=PROFILE.replace("id: acme", f"id: {name}"))
    mark = (f"import os, time, pathlib\nmark = pathlib.Path({str(place)!r}) / 'mark'\n"
            "first = not mark.exists()\nmark.write_text(str(os.getpid()))\n_ = first and time.sleep(3)")
    write_exhibit_notebook(place / "01_first.ipynb", mark)
    (place / "program.py").write_text(PROGRAM, encoding="utf-8")
    with make_short_folder() as short:
        (place / "short").symlink_to(short)
        assert finish(place, jobs=2) == 0
        yield place, hash_tree(place / "out", skip=TIMED)


def start(place, *before, jobs=2):
    """Start a run whose first notebook pauses after its mark, so that it can be disturbed in the middle."""
    (place / "mark").unlink(missing_ok=True)
    return call_program(place, *before, jobs=jobs)


def finish(place, *, jobs=1):
    """Return the exit code of a run that nobody disturbs and that pauses nowhere."""
    (place / "mark").touch()
    return call_program(place, jobs=jobs).wait(timeout=200)


def call_program(place, *before, jobs):
    words = [*before, sys.executable, *map(str, (place / "program.py", place, place / "out", jobs, "fresh"))]
    environment = {**os.environ, "TMPDIR": str((place / "short").resolve())}
    return subprocess.Popen(words, start_new_session=True, env=environment, stderr=subprocess.DEVNULL)


def wait_for(condition, seconds=120):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)


def read_marked(place):
    return int((place / "mark").read_text() or 0) if (place / "mark").exists() else 0


def list_below(pid):
    """Return number and command of every process below one."""
    parents, commands = {}, {}
    for path in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(path.name)] = int((path / "stat").read_text().rsplit(")", 1)[1].split()[1])
            commands[int(path.name)] = (path / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
    found = {pid}
    for _ in range(4):
        found |= {child for child, parent in parents.items() if parent in found}
    return {number: commands[number] for number in found - {pid} if number in commands}


def find_process(process, kind, place):
    if kind == "parent":
        return process.pid
    if kind == "child":
        return read_marked(place)
    word = {"worker": "spawn_main", "template": "fork_server"}[kind]
    return next(number for number, command in list_below(process.pid).items() if word in command)


def look_complete(out, wanted):
    """Assert that every client's results are there and whole, whatever happens beside them."""
    found = {name: digest for name, digest in hash_tree(out, skip=TIMED).items() if not name.startswith(".")}
    assert {name: digest for name, digest in found.items() if "/" in name} == {
        name: digest for name, digest in wanted.items() if "/" in name}


@pytest.mark.parametrize("kind", ["worker", "template", "child"])
def test_a_run_completes_when_one_of_its_processes_is_killed(kind, undisturbed):
    place, wanted = undisturbed
    process = start(place)
    wait_for(lambda: read_marked(place))

    os.kill(find_process(process, kind, place), signal.SIGKILL)

    assert process.wait(timeout=200) == 0
    assert hash_tree(place / "out", skip=TIMED) == wanted
    assert not [path for path in (place / "out").iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_killed_run_leaves_the_former_results_and_the_next_one_completes(sent, undisturbed):
    place, wanted = undisturbed
    before = set((place / "short").glob("salesmodel-*"))  # of tests that kill parent and workers at once
    process = start(place)
    wait_for(lambda: read_marked(place))
    below = list_below(process.pid)

    process.send_signal(sent)

    assert process.wait(timeout=60) == (-9 if sent == signal.SIGKILL else 130)
    look_complete(place / "out", wanted)
    wait_for(lambda: not any(map(is_alive, below)), seconds=20)
    hidden = [path.name for path in (place / "out").iterdir() if path.name.startswith(".")]
    assert bool(hidden) == (sent == signal.SIGKILL)
    assert finish(place) == 0
    assert hash_tree(place / "out", skip=TIMED) == wanted
    assert not [path for path in (place / "out").iterdir() if path.name.startswith(".")]
    assert set((place / "short").glob("salesmodel-*")) <= before


def test_a_run_that_is_killed_at_a_random_moment_ends_in_the_same_bytes(tmp_path):
    seed = random.SystemRandom().randrange(10**6)
    with make_short_folder() as short:
        soak = Soak(tmp_path / "soak", short, random.Random(seed))
        try:
            soak.disturb("kill")  # `make soak` takes a hundred rounds
        except AssertionError as error:
            raise AssertionError(f"seed {seed}") from error


@pytest.fixture
def place(undisturbed, tmp_path):
    shutil.copytree(undisturbed[0], tmp_path / "copy", ignore=shutil.ignore_patterns("mark", "short"))
    return tmp_path / "copy"


def run_again(place):
    return run_notebooks([place / "client-alpha"], notebooks=[place / "01_first.ipynb"], out=place / "out",
                         settings=Settings(jobs=1, engine="kernel", fresh=True))


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS])
def test_a_client_that_cannot_be_published_keeps_its_former_results(code, place, undisturbed, monkeypatch):
    def fail(folder, *, place):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(scheduler, "publish", fail)

    results = run_again(place)

    assert results[0].status == "failed"
    assert ("disk is full" if code == errno.ENOSPC else "read-only for you") in str(results[0].sentence)
    look_complete(place / "out", undisturbed[1])


def test_a_run_says_that_the_disk_is_full_when_it_cannot_write_its_record(place, undisturbed, monkeypatch):
    def fail(out, records):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("salesmodel_kit.batch.record.write_manifest", fail)

    with pytest.raises(SalesModelError, match="the disk is full"):
        run_again(place)

    look_complete(place / "out", undisturbed[1])


def write_on_a_full_disk() -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_step_says_that_the_disk_is_full():
    outcome = _attempt(Task("a", write_on_a_full_disk, {}))

    assert (str(outcome.failure), outcome.is_fault) == ("The disk is full.", False)


@pytest.fixture
def disk(place, tmp_path):
    """Return a disk of 1 MB with the results of both clients."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(folder)], capture_output=True).returncode:
        pytest.skip("no small disk can be mounted here")
    shutil.copytree(place / "out", folder, dirs_exist_ok=True)
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def run_onto(disk, place):
    """Run both clients onto a disk; return the sentences of what went wrong."""
    try:
        results = run_notebooks(sorted(place.glob("client-*")), notebooks=[place / "01_first.ipynb"], out=disk,
                                settings=Settings(jobs=1, engine="fork", fresh=True))
    except SalesModelError as error:
        return [str(error)]
    return [str(result.sentence) for result in results if result.sentence is not None]


def test_a_full_disk_fails_a_client_and_the_next_run_completes(disk, place, undisturbed):
    free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
    (disk / "ballast").write_bytes(bytes(max(0, free - 20_000)))

    said = run_onto(disk, place)

    assert said
    assert all("disk is full" in sentence for sentence in said)
    look_complete(disk, undisturbed[1])
    (disk / "ballast").unlink()
    assert run_onto(disk, place) == []
    assert hash_tree(disk, skip=TIMED) == undisturbed[1]


def test_rights_that_are_taken_in_the_middle_leave_the_results_and_the_next_run_completes(undisturbed):
    place, wanted = undisturbed
    # whoever may do everything would not notice: the run gives that up
    without = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
    if without and shutil.which("setpriv") is None:
        pytest.skip("no program is here that gives rights up")
    process = start(place, *without)
    wait_for(lambda: read_marked(place))
    (place / "out").chmod(0o500)
    try:
        code = process.wait(timeout=200)
    finally:
        (place / "out").chmod(0o755)

    assert code == 1
    look_complete(place / "out", wanted)
    assert finish(place) == 0
    assert hash_tree(place / "out", skip=TIMED) == wanted


def test_a_read_only_target_is_refused_in_one_sentence(place):
    with pytest.raises(SalesModelError, match=r"Nothing can be written to /sys/reports: .*(read-only|permission)"):
        run_notebooks([place / "client-alpha"], notebooks=[], out=Path("/sys/reports"), settings=Settings())
