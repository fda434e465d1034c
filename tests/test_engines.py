"""Both engines, whole clients: the same bytes, and nothing of one client in another's results."""

from __future__ import annotations

import json
import sys

import pytest
from client_files import PROFILE, write_client
from stand_in import hash_tree, write_exhibit_notebook

from salesmodel_kit.batch.run import run_clients, run_notebooks
from salesmodel_kit.batch.settings import Settings

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the engine fork runs on Linux only"),
]

#: What the first client leaves wherever a notebook can leave something.
LEAVE = """
import builtins, os, pathlib, random, sys, tempfile
import matplotlib, numpy, pandas
if client.endswith('alpha'):
    os.environ['LEAK'] = builtins.leak = sys.leak = 'canary'
    pandas.set_option('display.max_rows', 3); pandas.DataFrame.leak = 'canary'
    matplotlib.rcParams['font.size'] = 77.0
    random.seed(1); numpy.random.seed(1)
    pathlib.Path('leak').write_text('canary'); pathlib.Path.home().joinpath
    os.chdir(tempfile.mkdtemp()); os.umask(0o777)
    leak = 'canary'
"""
LOOK = """
seen = [os.environ.get('LEAK'), os.environ.get('SALESMODEL_SECRET'), hasattr(builtins, 'leak'), hasattr(sys, 'leak'),
        pandas.get_option('display.max_rows'), hasattr(pandas.DataFrame, 'leak'), matplotlib.rcParams['font.size'],
        pathlib.Path('leak').exists(), sorted(name for name in globals() if 'leak' in name), oct(os.umask(0o22))]
print(client.rsplit('/', 1)[-1], seen)
"""


def read_seen(folder):
    """Return what the cell that looks has printed."""
    cells = json.loads((folder / "notebooks" / "02_look.ipynb").read_text(encoding="utf-8"))["cells"]
    texts = ["".join(output.get("text", ())) for cell in cells for output in cell.get("outputs", ())]
    return next(text for text in texts if "[" in text)


@pytest.mark.parametrize("engine", ["fork", "kernel"])
def test_run_notebooks_leaves_nothing_of_one_client_to_the_next(engine, tmp_path, monkeypatch):
    monkeypatch.setenv("SALESMODEL_SECRET", "canary")
    clients = [write_client(tmp_path / name, client_yaml=PROFILE.replace("id: acme", f"id: {name}").replace(
        "name: Acme", f"name: Firm {name}")) for name in ("alpha", "beta")]
    head = LEAVE.split("if client")[0]
    notebooks = [write_exhibit_notebook(tmp_path / "01_leave.ipynb", LEAVE),
                 write_exhibit_notebook(tmp_path / "02_look.ipynb", head, LOOK)]

    results = run_notebooks(clients, notebooks=notebooks, out=tmp_path / "out",
                            settings=Settings(jobs=1, engine=engine))

    assert [result.status for result in results] == ["done", "done"]
    for name, other in (("alpha", "beta"), ("beta", "alpha")):
        folder = tmp_path / "out" / name
        assert read_seen(folder).split(" ", 1)[1].strip() == (
            "[None, None, False, False, 60, False, 10.0, False, [], '0o22']")
        for path in folder.rglob("*"):
            if path.is_file():
                content = path.read_bytes()
                assert f"Firm {other}".encode() not in content, path
                assert str(tmp_path).encode() not in content, path
                if path.suffix != ".ipynb":  # notebooks hold the cells that leave the canary
                    assert b"canary" not in content, path


def test_run_clients_gives_the_same_bytes_under_both_engines(tmp_path):
    found = {}
    for engine in ("fork", "kernel"):
        out = tmp_path / engine
        results = run_clients(["demo:software-publisher"], out=out, settings=Settings(engine=engine))
        assert [result.status for result in results] == ["done"], results
        found[engine] = hash_tree(out / "software-publisher", skip=("run.json",))

    assert found["fork"] == found["kernel"]
    assert len(found["fork"]) > 20


def test_the_engine_is_an_entry_point_of_papermill():
    import tomllib
    from importlib import import_module
    from pathlib import Path

    from salesmodel_kit.batch.fork_engine import ENGINE

    project = Path(__file__).resolve().parent.parent / "pyproject.toml"
    points = tomllib.loads(project.read_text(encoding="utf-8"))["project"]["entry-points"]["papermill.engine"]
    module, name = points[ENGINE].split(":")
    assert callable(getattr(import_module(module), name).execute_notebook)


def test_the_entry_point_does_not_import_papermill_which_imports_it():
    import subprocess

    program = "import sys, salesmodel_kit.batch.papermill_entry\nprint('papermill' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout == "False\n"
