"""A run's private folder goes with the run; what a killed run left behind goes with the next one."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest

from salesmodel_kit.batch.scratch import SCRATCH_PREFIX, hold_scratch, remove_scratch, sweep_scratch

pytestmark = pytest.mark.skipif(os.name == "nt", reason="there the folder holds no lock")

PROGRAM = """
import sys
from salesmodel_kit.batch.scratch import hold_scratch
with hold_scratch() as folder:
    (folder / "kept").write_text("canary")
    print(folder, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def other(tmp_path, monkeypatch):
    """Return a process that holds a private folder, and the folder."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen([sys.executable, "-c", PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          env=environment, text=True) as process:
        yield process, Path(process.stdout.readline().strip())
        process.kill()


def test_hold_scratch_sweeps_the_folder_of_a_run_that_was_killed_with_all_its_processes(other):
    process, folder = other
    process.kill()
    process.wait()
    assert (folder / "kept").exists()

    with hold_scratch() as ours:
        assert ours.stat().st_mode & 0o777 == 0o700
        assert not folder.exists()

    assert not ours.exists()


def test_hold_scratch_leaves_the_folder_of_a_run_that_goes_on(other):
    process, folder = other

    with hold_scratch():
        pass

    assert (folder / "kept").read_text() == "canary"
    process.communicate("")
    assert not folder.exists()


def test_remove_scratch_that_is_killed_in_the_middle_leaves_what_the_next_run_sweeps(tmp_path, monkeypatch):
    class Killed(BaseException):
        pass

    def unlink_until(path, left, *, missing_ok=False):
        if not left:
            raise Killed
        left.pop()
        os.unlink(path)

    for n_removed in range(4):
        folder = tmp_path / f"{SCRATCH_PREFIX}{n_removed}"
        folder.mkdir()
        for name in (".lock", "a", "z"):
            (folder / name).touch()
        with monkeypatch.context() as patch, pytest.raises(Killed) if n_removed < 3 else nullcontext():
            left = [None] * n_removed
            patch.setattr(Path, "unlink", lambda path, missing_ok=False, left=left: unlink_until(path, left))
            remove_scratch(folder)
        assert folder.exists() == (n_removed < 3)

        sweep_scratch(tmp_path)

        assert not folder.exists()


def test_sweep_scratch_follows_no_link_and_takes_no_folder_without_a_lock(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / ".lock").touch()
    (tmp_path / f"{SCRATCH_PREFIX}a").symlink_to(tmp_path / "elsewhere")
    (tmp_path / f"{SCRATCH_PREFIX}b").mkdir()
    (tmp_path / f"{SCRATCH_PREFIX}b" / "mine").touch()

    sweep_scratch(tmp_path)

    assert {path.name for path in tmp_path.iterdir()} == {"elsewhere", f"{SCRATCH_PREFIX}a", f"{SCRATCH_PREFIX}b"}
    assert (tmp_path / "elsewhere" / ".lock").exists()


def test_remove_scratch_keeps_the_lock_file_where_something_stays(tmp_path, monkeypatch):
    folder = tmp_path / f"{SCRATCH_PREFIX}a"
    (folder / "kept").mkdir(parents=True)
    (folder / ".lock").touch()
    with monkeypatch.context() as patch:
        patch.setattr("shutil.rmtree", lambda *where, **how: None)  # as where rights are missing
        remove_scratch(folder)
    assert (folder / ".lock").exists()

    sweep_scratch(tmp_path)

    assert not folder.exists()
