"""The batch: isolation, failures, publication, same bytes."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import signal
import subprocess
import sys
import time

import nbformat
import pytest
from client_files import PROFILE, write_client
from stand_in import copy_demo, hash_tree, write_exhibit_notebook, write_notebook

from salesmodel_kit.batch.notebooks import clean_notebook, prepare_notebook, read_parameters
from salesmodel_kit.batch.record import read_runs, write_record
from salesmodel_kit.batch.run import run_notebooks
from salesmodel_kit.batch.settings import Settings
from salesmodel_kit.batch.target import publish, refuse_target, say_refusal, write_whole
from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.language import Language
from salesmodel_kit.reports.figures import write_figures

pytestmark = pytest.mark.slow
#: What a run may not repeat to the byte: it holds how long the run took.
TIMED = ("run.json", "manifest.jsonl")


@pytest.fixture(scope="module")
def clients(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clients")
    french = PROFILE.replace("language: en", "language: fr")
    return [write_client(folder / name, client_yaml=french.replace("id: acme", f"id: {name}"))
            for name in ("alpha", "beta", "gamma")]


def write_notebooks(folder):
    return [write_exhibit_notebook(folder / f"{name}.ipynb") for name in ("01_first", "02_second")]


@pytest.fixture
def notebooks(tmp_path):
    folder = tmp_path / "notebooks"
    folder.mkdir()
    return write_notebooks(folder)


@pytest.fixture(scope="module")
def together(clients, tmp_path_factory):
    """Return the folder of a batch of two clients and its results; to look at only."""
    out = tmp_path_factory.mktemp("together") / "out"
    notebooks = write_notebooks(tmp_path_factory.mktemp("notebooks"))
    return out, run_notebooks(clients[1::-1], notebooks=notebooks[::-1], out=out, settings=Settings(jobs=1))


@pytest.fixture(scope="module")
def ran_alone(clients, tmp_path_factory):
    """Return the folder of a batch of one client; to look at and to copy."""
    out = tmp_path_factory.mktemp("alone") / "out"
    notebooks = write_notebooks(tmp_path_factory.mktemp("notebooks"))
    run_notebooks(clients[:1], notebooks=notebooks, out=out, settings=Settings(jobs=2))
    return out


@pytest.fixture
def out(ran_alone, tmp_path):
    """Return a folder in which a batch has left the results of the first client."""
    return shutil.copytree(ran_alone, tmp_path / "out")


def test_run_notebooks_publishes_everything_of_each_client(together):
    out, results = together

    assert [(result.client_id, result.status) for result in results] == [("beta", "done"), ("alpha", "done")]
    assert sorted(path.name for path in out.iterdir()) == ["alpha", "beta", "index.html", "manifest.jsonl"]
    found = set(hash_tree(out / "alpha"))
    assert {"report.html", "run.json", "notebooks/01_first.ipynb", "notebooks/02_second.ipynb"} <= found
    assert {"figures/01_first.svg", "figures/02_second.svg", "tables/account_tiers.csv"} <= found
    record = json.loads((out / "alpha" / "run.json").read_text(encoding="utf-8"))
    assert record["status"] == "done"
    assert set(record["seconds"]) == {"model", "01_first", "02_second", "tables"}
    lines = [json.loads(line) for line in (out / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(line["client"], line["status"]) for line in lines] == [("beta", "done"), ("alpha", "done")]


def test_run_notebooks_gives_same_bytes_alone_and_in_a_batch_and_in_any_order(ran_alone, together):
    assert hash_tree(ran_alone / "alpha", skip=TIMED) == hash_tree(together[0] / "alpha", skip=TIMED)


def test_run_notebooks_lets_no_notebook_see_another(together):
    out, _ = together

    for name in ("alpha", "beta"):
        for figure in ("01_first", "02_second"):
            assert f"<title>{name} []</title>" in (out / name / "figures" / f"{figure}.svg").read_text(encoding="utf-8")


def test_run_notebooks_says_errors_of_the_kit_in_the_language_of_the_reader(clients, notebooks, tmp_path):
    failing = (
        "import pandas\nfrom salesmodel_kit.model.tiers import find_cutoffs\n"
        "find_cutoffs(pandas.DataFrame(), rule='cutoff', gold=0.5, silver=0.7)"
    )
    write_notebook(notebooks[1], failing)
    out = tmp_path / "out"

    results = run_notebooks(clients[:1], notebooks=notebooks, out=out, settings=Settings(jobs=1))

    sentence = Language("fr").say(results[0].sentence)
    assert "doit être inférieur" in sentence
    assert "0.7" in sentence
    assert "must be" not in sentence
    assert "must be" not in (out / "index.html").read_text(encoding="utf-8")
    assert "must be" not in (out / "manifest.jsonl").read_text(encoding="utf-8")


def test_run_notebooks_keeps_earlier_clients_in_the_index(clients, notebooks, out):
    (out / "notes").mkdir()

    run_notebooks(clients[1:2], notebooks=notebooks, out=out, settings=Settings(jobs=1))

    page = (out / "index.html").read_text(encoding="utf-8")
    assert 'href="alpha/report.html"' in page
    assert 'href="beta/report.html"' in page
    assert '<html lang="fr">' in page
    assert dt.date.today().strftime("%Y") in page
    lines = [json.loads(line) for line in (out / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(line["client"], line["status"]) for line in lines] == [("beta", "done"), ("alpha", "earlier")]
    assert all(line["ended"].startswith("20") for line in lines)


def test_read_runs_leaves_aside_what_is_no_result(tmp_path):
    for name, content in (("good", '{"language": "fr"}'), ("broken", "{"), ("list", "[]"), (".run-x", "{}")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "run.json").write_text(content, encoding="utf-8")
        (tmp_path / name / "report.html").write_text("", encoding="utf-8")
    (tmp_path / "no-report").mkdir()
    (tmp_path / "no-report" / "run.json").write_text("{}", encoding="utf-8")

    assert list(read_runs(tmp_path)) == ["good"]


@pytest.mark.parametrize("content", [
    '{"outputs": 3}', '{"version": "../../x", "outputs": []}', '{"version": ["a"]}', '{"name": "\\ud800"}',
    '{"name": [1], "facts": 3, "seconds": 5}', '{"facts": {"n_accounts": "x"}, "language": [1]}',
])
def test_write_record_takes_a_run_that_somebody_has_edited_as_far_as_it_goes(content, tmp_path):
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "run.json").write_text(content, encoding="utf-8")
    (tmp_path / "acme" / "report.html").write_text("", encoding="utf-8")

    write_record((), out=tmp_path, language=None)

    assert json.loads((tmp_path / "manifest.jsonl").read_text(encoding="utf-8"))["report"] == "acme/report.html"
    assert 'href="acme/report.html"' in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_run_notebooks_carries_on_when_one_client_fails(clients, notebooks, tmp_path):
    failing = 'if client.endswith("beta"): raise ValueError("no such column: {sales}")'
    notebooks[1] = write_exhibit_notebook(notebooks[1], failing)
    out = tmp_path / "out"

    results = run_notebooks(clients, notebooks=notebooks, out=out, settings=Settings())

    assert [result.status for result in results] == ["done", "failed", "done"]
    assert str(results[1].sentence) == "Notebook 02_second stopped at cell 4: ValueError: no such column: {sales}"
    assert not (out / "beta").exists()
    assert "no such column" in (out / "index.html").read_text(encoding="utf-8")


def test_run_notebooks_keeps_earlier_results_when_a_client_fails(clients, notebooks, out):
    before = hash_tree(out / "alpha")
    write_notebook(notebooks[1], "import os; os._exit(9)")

    results = run_notebooks(clients[:1], notebooks=notebooks, out=out, settings=Settings(jobs=1))

    assert results[0].status == "failed"
    assert "process of notebook 02_second ended without a word" in str(results[0].sentence)
    assert results[0].attempts == 3
    assert hash_tree(out / "alpha") == before


def test_run_notebooks_stops_a_notebook_that_takes_too_long(clients, notebooks, tmp_path):
    write_notebook(notebooks[1], "import time; time.sleep(600)")

    results = run_notebooks(clients[:1], notebooks=notebooks, out=tmp_path / "out",
                            settings=Settings(jobs=1, seconds=8))

    assert str(results[0].sentence) == "It was stopped after 8 seconds."


def test_run_notebooks_fails_a_client_without_a_figure(clients, tmp_path):
    notebook = write_notebook(tmp_path / "01_first.ipynb", "1")

    results = run_notebooks(clients[:1], notebooks=[notebook], out=tmp_path / "out", settings=Settings(jobs=1))

    assert str(results[0].sentence) == "The notebooks of alpha ran, but no figure came out."


def test_run_notebooks_writes_nothing_when_every_input_is_refused(tmp_path, notebooks):
    results = run_notebooks([tmp_path / "none"], notebooks=notebooks, out=tmp_path / "out", settings=Settings())

    assert results[0].status == "refused"
    assert not (tmp_path / "out").exists()


def test_run_notebooks_refuses_two_clients_with_ids_that_differ_by_case(tmp_path, notebooks):
    twins = [copy_demo("software-publisher", tmp_path / name, client_id=name) for name in ("same", "Same_")]
    profile = twins[1] / "client.yaml"
    profile.write_text(profile.read_text(encoding="utf-8").replace("Same_", "SAME"), encoding="utf-8")

    with pytest.raises(SalesModelError, match="same id same"):
        run_notebooks(twins, notebooks=notebooks, out=tmp_path / "out", settings=Settings())


def test_run_notebooks_delivers_no_path_of_this_machine(together, tmp_path):
    out, _ = together

    for path in (out / "alpha").rglob("*"):
        if path.is_file():
            assert str(tmp_path.parent) not in path.read_text(encoding="utf-8"), path.name
    delivered = nbformat.read(out / "alpha" / "notebooks" / "01_first.ipynb", as_version=4)
    assert "client = 'alpha'" in [cell.source.splitlines()[0] for cell in delivered.cells if cell.source]


INTERRUPTED = """
import sys
from pathlib import Path
from salesmodel_kit.batch.record import read_runs, write_record
from salesmodel_kit.batch.run import run_notebooks
from salesmodel_kit.batch.settings import Settings
if __name__ == "__main__":
    client, notebook, out = map(Path, sys.argv[1:])
    try:
        run_notebooks([client], notebooks=[notebook], out=out, settings=Settings(jobs=1))
    except KeyboardInterrupt:
        sys.exit(130)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs Unix signals")
def test_run_notebooks_leaves_no_file_and_no_kernel_when_interrupted(clients, tmp_path):
    mark = tmp_path / "kernel.pid"
    waiting = f"import os, time; open({str(mark)!r}, 'w').write(str(os.getpid())); time.sleep(600)"
    notebook = write_notebook(tmp_path / "01_first.ipynb", waiting)
    (tmp_path / "program.py").write_text(INTERRUPTED, encoding="utf-8")
    words = [sys.executable, tmp_path / "program.py", clients[0], notebook, tmp_path / "out"]
    process = subprocess.Popen([str(word) for word in words], start_new_session=True)
    wait_for(lambda: mark.exists() and mark.read_text())

    os.killpg(process.pid, signal.SIGINT)

    assert process.wait(timeout=20) == 130
    assert list((tmp_path / "out").iterdir()) == []
    wait_for(lambda: not is_alive(int(mark.read_text())))


def wait_for(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_prepare_notebook_clears_outputs_and_translates(tmp_path, monkeypatch):
    path = write_notebook(tmp_path / "a.ipynb", "1 + 1")
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[2].outputs = [nbformat.v4.new_output("stream", text="old")]
    nbformat.write(notebook, path)
    monkeypatch.setattr("salesmodel_kit.batch.notebooks.read_catalogue", lambda code: {"# a": f"# a in {code}"})

    prepared = prepare_notebook(path, language="fr")

    assert prepared.cells[0].source == "# a in fr"
    assert prepared.cells[2].outputs == []


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ("client = 'a'", "client"),
        ("client = 'a'\nlanguage = None\ninteractive = True\nyear = 2026", "client, language, interactive, year"),
        ("client = 'a'\nclient = 'b'\ninteractive = True", "client, client, interactive"),
        ("", "–"),
        ("client = (", "–"),
    ],
)
def test_prepare_notebook_refuses_unknown_or_missing_parameters(tmp_path, parameters, found):
    path = write_notebook(tmp_path / "a.ipynb", parameters=parameters)

    with pytest.raises(SalesModelError, match=f"parameters {found};"):
        prepare_notebook(path, language="en")


def test_read_parameters_reads_lines_with_two_equal_signs(tmp_path):
    path = write_notebook(tmp_path / "a.ipynb", parameters="client = 'a=b'\ninteractive: bool = 1 == 1")

    assert read_parameters(nbformat.read(path, as_version=4)) == ("client", "interactive")


def test_clean_notebook_drops_timings_and_library_warnings():
    cell = nbformat.v4.new_code_cell("1", metadata={"papermill": {"duration": 1}, "execution": {}, "tags": ["x"]})
    cell.outputs = [nbformat.v4.new_output("stream", name=name, text="said") for name in ("stdout", "stderr")]
    notebook = nbformat.v4.new_notebook(cells=[cell], metadata={"papermill": {"input_path": "/secret"}})

    cleaned = clean_notebook(notebook, shown={})

    assert cleaned.metadata == {}
    assert cleaned.cells[0].metadata == {"tags": ["x"]}
    assert [output.name for output in cleaned.cells[0].outputs] == ["stdout"]


def test_refuse_target_protects_clients(tmp_path):
    client = tmp_path / "clients" / "alpha"
    client.mkdir(parents=True)

    for out in (client, client / "out"):
        with pytest.raises(SalesModelError, match="own folder"):
            refuse_target(out, sources=[client], client_ids=["alpha"])
    with pytest.raises(SalesModelError, match="would replace the client"):
        refuse_target(tmp_path / "clients", sources=[client], client_ids=["alpha"])


def test_refuse_target_protects_folders_that_are_no_results(tmp_path):
    (tmp_path / "alpha").mkdir()

    with pytest.raises(SalesModelError, match="not the result of a run"):
        refuse_target(tmp_path, sources=[], client_ids=["alpha"])


def test_publish_puts_the_former_results_back_when_the_new_cannot_move(tmp_path):
    place = tmp_path / "alpha"
    place.mkdir()
    (place / "report.html").write_text("old", encoding="utf-8")

    with pytest.raises(FileNotFoundError):
        publish(tmp_path / "missing", place=place)

    assert (place / "report.html").read_text(encoding="utf-8") == "old"


@pytest.mark.parametrize(
    ("number", "said"), [(28, "the disk is full"), (13, "read-only for you"), (30, "read-only"), (5, "EIO")]
)
def test_say_refusal_gives_one_sentence(number, said):
    with pytest.raises(SalesModelError, match=said), say_refusal("there"):
        raise OSError(number, os.strerror(number))


def test_write_whole_leaves_the_old_file_when_writing_fails(tmp_path):
    path = tmp_path / "index.html"
    path.write_text("old", encoding="utf-8")

    with pytest.raises(UnicodeEncodeError):
        write_whole(path, "\ud800")

    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_write_figures_ignores_names_that_are_no_file_names(tmp_path):
    html = '<figure id="{}"><img src="data:image/svg+xml;base64,PHN2Zy8+"></figure>'
    output = nbformat.v4.new_output("display_data", data={"text/html": html.format("a") + html.format("../b")})
    cell = nbformat.v4.new_code_cell("", outputs=[output])

    paths = write_figures([nbformat.v4.new_notebook(cells=[cell])], folder=tmp_path)

    assert [path.name for path in paths] == ["a.svg"]
    assert paths[0].read_text(encoding="utf-8") == "<svg/>"


def test_make_model_refuses_input_that_the_chain_finds_incomplete(clients, tmp_path, monkeypatch):
    from salesmodel_kit.batch.results import locate_client
    from salesmodel_kit.batch.steps import make_model
    from salesmodel_kit.errors import InputProblems, Message, Problem

    def find_nothing(client):
        raise InputProblems("elsewhere", [Problem(Message("Write its segment."), file="accounts.csv")])

    monkeypatch.setattr("salesmodel_kit.chain.build_model", find_nothing)

    result = make_model(locate_client(clients[0]), language=None, kept=tmp_path / "kept")

    assert result.status == "refused"
    assert [problem.file for problem in result.problems] == ["accounts.csv"]
    assert str(clients[0]) in str(result.sentence)
