"""What a notebook may take, in both engines: a limit ends it with a sentence; faults of the machinery are retried."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest
from client_files import PROFILE, write_client
from stand_in import write_exhibit_notebook
from test_fork_engine import make_notebook, run

from salesmodel_kit.batch.limits import Limits
from salesmodel_kit.batch.run import run_notebooks
from salesmodel_kit.batch.settings import Settings
from salesmodel_kit.batch.workers import Task, Workers
from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.language import Language

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits of memory are held on Linux")
ENGINES = ("fork", "kernel")


@pytest.fixture(scope="module")
def engines(tmp_path_factory):
    from salesmodel_kit.batch.fork_server import ForkServer

    with ForkServer(Path(tmp_path_factory.mktemp("s"))) as server:
        yield {"fork": server, "kernel": None}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("source", ["text = 'x' * 3_000_000_000", "import numpy; numpy.ones(400_000_000)"])
def test_execute_notebook_says_that_a_notebook_wants_too_much_memory(source, engine, engines, tmp_path):
    with pytest.raises(SalesModelError, match="needs more than the 500 MB of memory") as caught:
        run(make_notebook(source), tmp_path, server=engines[engine], limits=Limits(memory=500_000_000))

    assert "de mémoire permis" in Language("fr").say(caught.value.message)


@pytest.mark.parametrize("engine", ENGINES)
def test_execute_notebook_lets_a_notebook_work_within_its_memory(engine, engines, tmp_path):
    done = run(make_notebook("import numpy, pandas; print(numpy.ones(20_000_000).sum())"), tmp_path,
               server=engines[engine], limits=Limits(memory=500_000_000))

    assert done.cells[-1].outputs[0].text == "20000000.0\n"


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("source", [
    "while True: print('x' * 10_000)",
    "from IPython.display import display\nfor _ in range(1000): display({'text/plain': 'y' * 10_000}, raw=True)",
    "'z' * 3_000_000",
    "try:\n    print('x' * 3_000_000)\nexcept BaseException: pass",
])
def test_execute_notebook_stops_a_notebook_that_puts_out_too_much(source, engine, engines, tmp_path):
    with pytest.raises(SalesModelError, match="stopped: it put out more than 2 MB"):
        run(make_notebook(source), tmp_path, server=engines[engine], limits=Limits(output=2_000_000))


def test_execute_notebook_counts_the_outputs_of_all_cells(engines, tmp_path):
    cells = ["print('x' * 700_000)"] * 3

    with pytest.raises(SalesModelError, match="more than 2 MB"):
        run(make_notebook(*cells), tmp_path, server=engines["fork"], limits=Limits(output=2_000_000))


def die_at_first(mark: str) -> str:
    import os
    import signal

    path = Path(mark)
    path.write_text(path.read_text() + "x" if path.exists() else "x", encoding="utf-8")
    if len(path.read_text()) < 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return "done"


def do_nothing() -> None:
    pass


def test_workers_call_the_death_of_a_worker_a_fault(tmp_path):
    with Workers(1, prepare=do_nothing) as workers:
        workers.submit(Task("a", die_at_first, {"mark": str(tmp_path / "mark")}))
        outcomes = list(workers.outcomes())

    assert [(outcome.key, outcome.is_fault) for outcome in outcomes] == [("a", True)]


def run_once(tmp_path, source):
    client = write_client(tmp_path / "acme", client_yaml=PROFILE)
    notebook = write_exhibit_notebook(tmp_path / "01_first.ipynb", source)
    events = []
    results = run_notebooks([client], notebooks=[notebook], out=tmp_path / "out", settings=Settings(jobs=1),
                            watch=events.append)
    return results[0], Counter((event.step, event.status) for event in events)


def test_run_notebooks_tries_again_when_the_process_of_a_notebook_died(tmp_path):
    mark = tmp_path / "mark"
    source = (f"import os, pathlib\nmark = pathlib.Path({str(mark)!r})\nhas_run = mark.exists()\nmark.touch()\n"
              "if not has_run: os._exit(9)")

    result, steps = run_once(tmp_path, source)

    assert (result.status, result.attempts) == ("done", 2)
    assert (steps["01_first", "retried"], steps["01_first", "done"]) == (1, 1)
    assert '"attempts": 2' in (tmp_path / "out" / "manifest.jsonl").read_text(encoding="utf-8")


def test_run_notebooks_tries_no_error_of_a_notebook_again(tmp_path):
    mark = tmp_path / "mark"
    source = f"file = open({str(mark)!r}, 'a'); file.write('x'); file.close(); 1 / 0"

    result, steps = run_once(tmp_path, source)

    assert (result.status, result.attempts) == ("failed", 1)
    assert mark.read_text() == "x"
    assert steps["01_first", "failed"] == 1
