"""A run's private folder goes with the run; what a killed run left behind goes with the next one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from salesmodel_kit.batch.scratch import SCRATCH_PREFIX, hold_scratch, sweep_scratch

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


def test_sweep_scratch_follows_no_link_and_takes_no_folder_without_a_lock(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / ".lock").touch()
    (tmp_path / f"{SCRATCH_PREFIX}a").symlink_to(tmp_path / "elsewhere")
    (tmp_path / f"{SCRATCH_PREFIX}b").mkdir()

    sweep_scratch(tmp_path)

    assert {path.name for path in tmp_path.iterdir()} == {"elsewhere", f"{SCRATCH_PREFIX}a", f"{SCRATCH_PREFIX}b"}
    assert (tmp_path / "elsewhere" / ".lock").exists()
