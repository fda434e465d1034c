"""Many clients: the batch against a loop over Papermill, against its bound, and what skipping and waiting cost.

``SALESMODEL_BENCH_CLIENTS`` (20) and ``SALESMODEL_BENCH_RUNS`` (500) make them smaller
for a first look; the size that was measured stands beside each ratio.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import Result, bound, compare, read_memory, require, run_command, time_call

_ROOT = Path(__file__).resolve().parent.parent
N_CLIENTS = int(os.environ.get("SALESMODEL_BENCH_CLIENTS", "20"))
N_RUNS = int(os.environ.get("SALESMODEL_BENCH_RUNS", "500"))
N_UNCHANGED = 200
_DEMOS = ("software-publisher", "laboratory-distributor", "industrial-services")
_LOOP = """
import papermill, pathlib, sys
notebooks, out, *clients = map(pathlib.Path, sys.argv[1:])
for client in clients:
    for path in sorted(notebooks.glob("*.ipynb")):
        papermill.execute_notebook(str(path), str(out / path.name), {"client": str(client), "interactive": False},
                                   progress_bar=False)
"""
_PLOOMBER = """
import pathlib, sys
from ploomber_engine import execute_notebook
notebooks, out, *clients = map(pathlib.Path, sys.argv[1:])
for client in clients:
    for path in sorted(notebooks.glob("*.ipynb")):
        execute_notebook(str(path), str(out / path.name), parameters={"client": str(client), "interactive": False},
                         progress_bar=False)
"""
_WARM = """
import os, pathlib, sys
import nbformat
from salesmodel_kit.batch.fork_child import _make_shell
from salesmodel_kit.batch.fork_server import PRELOADED
from importlib import import_module
for name in PRELOADED:
    import_module(name)
import time
notebooks, *clients = map(pathlib.Path, sys.argv[1:])
outputs, shell = _make_shell(sys.maxsize)
start = time.perf_counter()
for client in clients:
    for path in sorted(notebooks.glob("*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "code":
                outputs.begin()
                shell.run_cell(cell.source)
                if "parameters" in cell.metadata.get("tags", ()):
                    shell.run_cell(f"client, interactive = {str(client)!r}, False")
sys.__stdout__.write(str(time.perf_counter() - start))
"""


def measure_batch_against_papermill() -> Result:
    """Compare the batch, reports included, with a loop over papermill for the notebooks alone; wanted: 1/12."""
    with tempfile.TemporaryDirectory() as folder:
        clients = _make_clients(Path(folder))
        words = [sys.executable, "-c", _LOOP, str(_ROOT / "notebooks"), folder, *map(str, clients)]
        return compare(
            "batch-against-papermill",
            lambda: _run_batch(clients, Path(folder)),
            peer=lambda: run_command(words),
            against="a loop over papermill.execute_notebook, no report",
            limit=1 / 12,
            size=f"{N_CLIENTS} clients x 5 notebooks, {os.cpu_count()} cores",
            n_pairs=1,
        )


def measure_batch_against_ploomber() -> Result:
    """Compare the batch, reports included, with a loop over ploomber-engine for the notebooks alone; wanted: 1/2."""
    require("ploomber_engine", package="ploomber-engine")
    with tempfile.TemporaryDirectory() as folder:
        clients = _make_clients(Path(folder))
        words = [sys.executable, "-c", _PLOOMBER, str(_ROOT / "notebooks"), folder, *map(str, clients)]
        return compare(
            "batch-against-ploomber",
            lambda: _run_batch(clients, Path(folder)),
            peer=lambda: run_command(words, PLOOMBER_STATS_ENABLED="false"),
            against="a loop over ploomber_engine.execute_notebook, no report",
            limit=1 / 2,
            size=f"{N_CLIENTS} clients x 5 notebooks, {os.cpu_count()} cores",
            n_pairs=1,
        )


def measure_batch_against_bound() -> Result:
    """Compare the batch with the same cells in one warm process, divided by the cores; imports not counted there."""
    with tempfile.TemporaryDirectory() as folder:
        clients = _make_clients(Path(folder))
        words = [sys.executable, "-c", _WARM, str(_ROOT / "notebooks"), *map(str, clients)]
        kit = time_call(lambda: _run_batch(clients, Path(folder)))
        warm = float(subprocess.run(words, check=True, capture_output=True, text=True, cwd=folder).stdout)
    size = f"{N_CLIENTS} clients x 5 notebooks, {os.cpu_count()} cores"
    return _state("batch-against-bound", [kit / (warm / (os.cpu_count() or 1))], limit=1.5, size=size,
                  against="the same cells in one warm process, divided by the cores")


def measure_workers() -> Result:
    """Compare the batch with two workers with the same batch with one; wanted: 0.6, and how many clients an hour."""
    with tempfile.TemporaryDirectory() as folder:
        clients = _make_clients(Path(folder))
        one, two = (time_call(lambda jobs=jobs: _run_batch(clients, Path(folder), "--fresh", "--jobs", jobs))
                    for jobs in ("1", "2"))
    hourly = [round(3600 * N_CLIENTS / seconds) for seconds in (one, two)]
    return _state("workers", [two / one], limit=0.6, size=f"{N_CLIENTS} clients x 5 notebooks, {os.cpu_count()} cores",
                  against=f"one worker ({hourly[0]} clients an hour, with two {hourly[1]})")


def measure_unchanged_batch() -> Result:
    """Time a batch of 200 clients of which none has changed, against 2 s."""
    with tempfile.TemporaryDirectory() as folder:
        clients = _make_finished_clients(Path(folder))
        return bound("unchanged-batch", lambda: _run_batch(clients, Path(folder), "--log-format", "json"), seconds=2,
                     size=f"{N_UNCHANGED} clients", n_runs=3)


def measure_memory_of_caller() -> Result:
    """Measure how much the caller grows from a tenth of many runs of a small notebook to their end; wanted: 1.1."""
    from salesmodel_kit.batch.run import run_notebooks
    from salesmodel_kit.batch.settings import Settings

    sizes: list[int] = []
    with tempfile.TemporaryDirectory() as folder:
        notebooks = [_write_small_notebook(Path(folder) / f"{number:04}.ipynb") for number in range(N_RUNS)]
        run_notebooks(_make_clients(Path(folder))[:1], notebooks=notebooks, out=Path(folder) / "out",
                      settings=Settings(), watch=lambda event: sizes.append(read_memory("VmRSS")))
    early = statistics.median(sizes[: max(1, len(sizes) // 10)])
    return _state("memory-of-caller", [sizes[-1] / early], limit=1.1, size=f"{N_RUNS} runs of a small notebook",
                  against="the same process after a tenth of the runs")


def measure_memory_of_child() -> Result:
    """Measure the private memory of a child at the end of a real notebook, against 300 MB."""
    from salesmodel_kit.batch.run import find_notebooks, run_notebooks
    from salesmodel_kit.batch.settings import Settings

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / find_notebooks()[3].name
        notebook = json.loads(find_notebooks()[3].read_text(encoding="utf-8"))
        mark = Path(folder) / "memory"
        source = (f"import pathlib\npathlib.Path({str(mark)!r}).write_text(str(sum(int(line.split()[1]) for line in "
                  "open('/proc/self/smaps_rollup') if line.startswith('Private'))))")
        notebook["cells"].append({"cell_type": "code", "id": "memory", "metadata": {}, "outputs": [],
                                  "execution_count": None, "source": source})
        path.write_text(json.dumps(notebook), encoding="utf-8")
        run_notebooks(["demo:industrial-services"], notebooks=[path], out=Path(folder) / "out",
                      settings=Settings(engine="fork"))
        megabytes = int(mark.read_text()) / 1000
    return _state("memory-of-child", [megabytes / 300], limit=1.0, size="1,500 accounts, notebook 04",
                  against=f"300 MB of private memory ({megabytes:.0f} MB found)")


def _state(name: str, ratios: list[float], *, against: str, limit: float, size: str) -> Result:
    middle = statistics.median(ratios)
    return Result(name, against, round(middle, 3), round(min(ratios), 3), round(max(ratios), 3), limit, middle <= limit,
                  size, f"python -m benchmarks.run {name}")


def _make_clients(folder: Path, n_clients: int = N_CLIENTS) -> list[Path]:
    """Copy the demo clients in turn, each under an id of its own."""
    made = []
    for number in range(n_clients):
        target = folder / "clients" / f"client-{number:03}"
        shutil.copytree(_ROOT / "data" / _DEMOS[number % len(_DEMOS)], target)
        _rename(target)
        made.append(target)
    return made


def _rename(client: Path) -> None:
    profile = client / "client.yaml"
    lines = profile.read_text(encoding="utf-8").splitlines()
    lines = [f"id: {client.name}" if line.startswith("id:") else line for line in lines]
    profile.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _make_finished_clients(folder: Path) -> list[Path]:
    """Run one client and put its results in the place of many, as if each had been run."""
    from salesmodel_kit.batch.run import find_notebooks
    from salesmodel_kit.batch.state import hash_kit, hash_state, sign_outputs
    from salesmodel_kit.client.sources import read_fingerprint

    clients = _make_clients(folder, 1)
    _run_batch(clients, folder)
    first, kit = folder / "out" / clients[0].name, hash_kit(find_notebooks(), language=None)
    for number in range(1, N_UNCHANGED):
        client = folder / "clients" / f"client-{number:03}"
        shutil.copytree(clients[0], client)
        _rename(client)
        clients.append(client)
        target = folder / "out" / client.name
        shutil.copytree(first, target)
        record = json.loads((first / "run.json").read_text(encoding="utf-8"))
        record |= {"client": client.name, "state": hash_state(read_fingerprint(client) or "", kit),
                   "signed": sign_outputs(target)}
        (target / "run.json").write_text(json.dumps(record), encoding="utf-8")
    return clients


def _run_batch(clients: list[Path], folder: Path, *words: str) -> None:
    fresh = [] if words else ["--fresh"]
    program = [sys.executable, "-c", "import sys; from salesmodel_kit.cli import main; sys.exit(main())", "run"]
    run_command([*program, *map(str, clients), "--out", str(folder / "out"), *fresh, *words])


def _write_small_notebook(path: Path) -> Path:
    import nbformat

    image = "data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciLz4="
    source = ("from IPython.display import HTML\n"
              f"HTML('<figure class=\"exhibit\" id=\"a\"><img src=\"{image}\" alt=\"a\"></figure>')")
    parameters = nbformat.v4.new_code_cell("client = ''\nlanguage = None\ninteractive = True",
                                           metadata={"tags": ["parameters"]}, id="parameters")
    notebook = nbformat.v4.new_notebook(cells=[parameters, nbformat.v4.new_code_cell(source, id="cell")])
    nbformat.write(notebook, path)
    return path
