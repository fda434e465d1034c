import ast
import os
import subprocess
import sys

import nbformat
import pytest

from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.workshop.lab import find_port, lay_out_workspace, start_lab


def make_notebook() -> nbformat.NotebookNode:
    parameters = nbformat.v4.new_code_cell('client = "demo:x"', metadata={"tags": ["parameters"]})
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Segments"), parameters])


def test_lay_out_workspace_points_the_notebooks_at_the_client(tmp_path):
    client = tmp_path / 'Café "Zoé"'
    client.mkdir()

    folder = lay_out_workspace(client, {"01_market_segments.ipynb": make_notebook()})

    source = nbformat.read(folder / "01_market_segments.ipynb", as_version=4).cells[1].source
    assigned = {line.targets[0].id: line.value.value for line in ast.parse(source).body}
    assert assigned == {"client": str(client.resolve()), "language": None, "interactive": True}


def test_lay_out_workspace_keeps_the_rooms_own_notebooks(tmp_path):
    (tmp_path / "notebooks").mkdir()
    kept = tmp_path / "notebooks" / "01_market_segments.ipynb"
    kept.write_text("the room's notes", encoding="utf-8")

    lay_out_workspace(tmp_path, {"01_market_segments.ipynb": make_notebook()})

    assert kept.read_text(encoding="utf-8") == "the room's notes"


def test_lay_out_workspace_stays_beside_a_workbook(tmp_path):
    workbook = tmp_path / "client.xlsx"
    workbook.write_bytes(b"")

    folder = lay_out_workspace(workbook, {"01_market_segments.ipynb": make_notebook()})

    assert folder == tmp_path / "client-notebooks"


def test_lay_out_workspace_says_where_it_may_not_write(tmp_path):
    (tmp_path / "notebooks").write_text("a file in the way", encoding="utf-8")

    with pytest.raises(SalesModelError, match="notebooks"):
        lay_out_workspace(tmp_path, {"01_market_segments.ipynb": make_notebook()})


def test_find_port_refuses_an_address_that_is_not_this_machines():
    with pytest.raises(SalesModelError, match=r"192\.0\.2\.1"):
        find_port("192.0.2.1")


def test_start_lab_says_why_jupyterlab_stopped(tmp_path, monkeypatch):
    (tmp_path / "01_market_segments.ipynb").write_text("{}", encoding="utf-8")
    monkeypatch.setattr("salesmodel_kit.workshop.lab._LAB", "raise SystemExit('no room on the disk')")
    monkeypatch.setattr("salesmodel_kit.workshop.lab._end_on_signals", list)

    with pytest.raises(SalesModelError, match="no room on the disk"):
        start_lab(tmp_path, first=0, host="127.0.0.1", open_browser=False, announce=[].append)


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_start_lab_leaves_no_jupyterlab_behind_when_it_is_told_to_end(tmp_path):
    (tmp_path / "01_market_segments.ipynb").write_text("{}", encoding="utf-8")
    code = (
        "import sys; from pathlib import Path; from salesmodel_kit.workshop import lab;"
        "lab._LAB = 'import os, time; print(os.getpid(), flush=True);'"
        " 'import socket, sys; port = int([word for word in sys.argv if \"port=\" in word][0].split(\"=\")[1]);'"
        " 'server = socket.create_server((\"127.0.0.1\", port)); open(\"pid\", \"w\").write(str(os.getpid()));'"
        " 'time.sleep(60)';"
        "lab.start_lab(Path(sys.argv[1]), first=0, host='127.0.0.1', open_browser=False,"
        " announce=lambda address: print(address, flush=True))"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], cwd=tmp_path, stdout=subprocess.PIPE,
                               env={**os.environ, "PYTHONPATH": os.getcwd()})
    assert process.stdout.readline().startswith(b"http://127.0.0.1:")

    process.terminate()

    assert process.wait(timeout=30) == 0
    process.stdout.close()
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text(encoding="utf-8")), 0)
