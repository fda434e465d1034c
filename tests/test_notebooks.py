"""The committed notebooks: what they show is what they give today."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import nbformat
import pytest

from salesmodel_kit.batch.kernels import Place, execute_notebook
from salesmodel_kit.batch.notebooks import PARAMETERS, prepare_notebook, read_parameters
from salesmodel_kit.batch.run import find_notebooks

_TAG = re.compile(r"<[^>]+>")
_PICTURE = re.compile(r"base64,[A-Za-z0-9+/=]+")
#: Paths of a machine, as they would stand in a traceback or a parameter.
_MACHINE = re.compile(r"/(home|root|tmp|Users|usr)/|site-packages|[A-Z]:\\\\Users")


def read_words(notebook):
    """Return what each cell shows, as words: pictures are compared by the tests of the charts."""
    shown = []
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            assert output.output_type != "error", output
            html = output.get("data", {}).get("text/html")
            shown.append(" ".join(_TAG.sub(" ", html).split()) if html else sorted(output.get("data", ())))
    return shown


@pytest.mark.parametrize("path", find_notebooks(), ids=lambda path: path.stem)
def test_notebooks_are_committed_with_outputs_of_no_machine(path):
    text = path.read_text(encoding="utf-8")

    assert read_words(nbformat.reads(text, as_version=4)), "no outputs: run make notebooks"
    assert _MACHINE.search(_PICTURE.sub("", text)) is None
    assert "papermill" not in nbformat.reads(text, as_version=4).metadata


@pytest.mark.parametrize("path", find_notebooks(), ids=lambda path: path.stem)
def test_notebooks_take_what_a_run_gives(path):
    assert sorted(read_parameters(nbformat.read(path, as_version=4))) == sorted(PARAMETERS)


@pytest.mark.slow
@pytest.mark.parametrize("path", find_notebooks(), ids=lambda path: path.stem)
def test_notebooks_show_what_they_give_today(path):
    with tempfile.TemporaryDirectory() as scratch:
        notebook = prepare_notebook(path, language="en")
        still = {"interactive": False}
        executed = execute_notebook(notebook, name=path.stem, parameters=still, place=Place(Path(scratch)))

    assert read_words(executed) == read_words(nbformat.read(path, as_version=4)), "stale outputs: run make notebooks"
