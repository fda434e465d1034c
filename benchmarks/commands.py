"""How long a person waits: whole processes, from the command to its end."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.measure import Result, bound, compare, run_command

_ROOT = Path(__file__).resolve().parent.parent
_SALESMODEL = str(Path(sys.executable).with_name("salesmodel"))
_CLIENT = "demo:industrial-services"


def measure_help() -> Result:
    """Time `salesmodel --help` against 0.3 s."""
    return bound("help", lambda: run_command([_SALESMODEL, "--help"]), seconds=0.3, size="one process", n_runs=11)


def measure_check() -> Result:
    """Time `salesmodel check` on 1,500 accounts against 2.5 s."""
    return bound("check", lambda: run_command([_SALESMODEL, "check", _CLIENT]), seconds=2.5, size="1,500 accounts")


def measure_report() -> Result:
    """Time one demo client from folder to report, stock engine, against 15 s."""
    with tempfile.TemporaryDirectory() as out:
        return bound("report", lambda: _run_client(Path(out)), seconds=15, size="1,500 accounts, 5 notebooks", n_runs=3)


def measure_report_against_papermill() -> Result:
    """Compare a client's five notebooks and report with a loop over papermill for the notebooks alone."""
    with tempfile.TemporaryDirectory() as out:
        return compare(
            "report-against-papermill",
            lambda: _run_client(Path(out)),
            peer=lambda: _loop_papermill(Path(out)),
            against="a loop over papermill.execute_notebook, no report",
            limit=1.0,
            size="1,500 accounts, 5 notebooks",
            n_pairs=3,
        )


def measure_second_demo() -> Result:
    """Time a second `make demo` until it begins to write, against 2 s."""
    with tempfile.TemporaryDirectory() as out:
        return bound("second-demo", lambda: _start_demo(Path(out)), seconds=2, size="environment made before")


def _run_client(out: Path) -> None:
    shutil.rmtree(out / "kit", ignore_errors=True)
    run_command([_SALESMODEL, "run", _CLIENT, "--out", str(out / "kit"), "--engine", "kernel"])


def _loop_papermill(out: Path) -> None:
    code = (
        "import papermill, pathlib, sys\n"
        "for path in sorted(pathlib.Path(sys.argv[1]).glob('*.ipynb')):\n"
        "    papermill.execute_notebook(str(path), str(pathlib.Path(sys.argv[2]) / path.name),"
        " {'client': sys.argv[3], 'interactive': False}, progress_bar=False)\n"
    )
    run_command([sys.executable, "-c", code, str(_ROOT / "notebooks"), str(out), _CLIENT])


def _start_demo(out: Path) -> None:
    """Run `make demo` until it has begun to write, then end it."""
    folder = out / str(time.monotonic_ns())
    process = subprocess.Popen(
        ["make", "demo", f"OUT={folder}"], cwd=_ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    try:
        while not (folder.is_dir() and any(folder.iterdir())):
            if process.poll() is not None:
                raise RuntimeError("make demo ended before it began to write")
            time.sleep(0.005)
    finally:
        _end_group(process)


def _end_group(process: subprocess.Popen) -> None:
    import os
    import signal

    os.killpg(process.pid, signal.SIGTERM)
    process.wait()
