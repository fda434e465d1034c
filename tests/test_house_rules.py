"""Each rule holds for the house, and each check finds a planted breach."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import tomllib
from pathlib import Path

import nbformat
import pytest
from house_rules import (
    find_forbidden_imports,
    find_large_functions,
    find_prints,
    find_thick_cells,
    find_untold_parameters,
)

import salesmodel_kit

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "salesmodel_kit"
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def list_public_functions() -> list[tuple[str, object]]:
    """Return the functions of the public names, of every step of the chain, and of every chart."""
    found = {name: getattr(salesmodel_kit, name) for name in salesmodel_kit.__all__}
    for module in pkgutil.walk_packages(salesmodel_kit.__path__, "salesmodel_kit."):
        if not module.name.startswith(("salesmodel_kit.model.", "salesmodel_kit.charts.")):
            continue
        home = importlib.import_module(module.name)
        for name, item in vars(home).items():
            is_own = inspect.isfunction(item) and item.__module__ == module.name
            is_chart = is_own and inspect.signature(item).return_annotation == "Figure" and name.startswith("draw_")
            if is_chart or (is_own and ".model." in module.name and not name.startswith("_")):
                found[name] = item
    return sorted(found.items())


def plant(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return folder


def make_notebook(folder: Path, source: str, tags: list[str] | None = None) -> Path:
    cell = nbformat.v4.new_code_cell(source, metadata={"tags": tags or []})
    path = folder / "planted.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
    return path


def test_imports_follow_the_table_of_rooms():
    assert find_forbidden_imports(PACKAGE) == []


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("model/scores.py", "from salesmodel_kit.chain import build_model"),
        ("model/calls.py", "from salesmodel_kit.model.tiers import find_cutoffs"),
        ("charts/matrix.py", "from salesmodel_kit.model.scores import score_accounts"),
        ("client/folder.py", "import salesmodel_kit.reports.html"),
        ("reports/html.py", "import matplotlib.figure"),
        ("model/scores.py", "def late():\n    import papermill"),
        ("model/scores.py", "from . import tiers"),
        ("cellar/wine.py", "import math"),
    ],
)
def test_find_forbidden_imports_sees_a_planted_breach(tmp_path, name, line):
    assert len(find_forbidden_imports(plant(tmp_path, name, line))) == 1


def test_there_are_five_notebooks():
    assert [path.stem[:2] for path in NOTEBOOKS] == ["01", "02", "03", "04", "05"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_tell_and_call(path):
    assert find_thick_cells(path) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_take_one_cell_of_commented_literal_parameters(path):
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if "parameters" in cell.metadata.get("tags", [])]

    assert len(cells) == 1
    assert all("#" in line for line in cells[0].source.splitlines())


@pytest.mark.parametrize(
    ("source", "breach"),
    [
        ("total = 2 * 3", "BinOp"),
        ("for row in rows:\n    show(row)", "For"),
        ("[show(row) for row in rows]", "ListComp"),
        ("a = 1\nb = 2\nc = 3\nd = 4", "three statements"),
        ("plt.show()", "pyplot"),
    ],
)
def test_find_thick_cells_sees_a_planted_breach(tmp_path, source, breach):
    assert breach in " ".join(find_thick_cells(make_notebook(tmp_path, source)))


def test_find_thick_cells_sees_a_computed_parameter(tmp_path):
    path = make_notebook(tmp_path, "client = str(1)", tags=["parameters"])

    assert "Call" in " ".join(find_thick_cells(path))


@pytest.mark.parametrize("function", [pair[1] for pair in list_public_functions()], ids=lambda item: item.__name__)
def test_public_functions_are_told_in_full(function):
    assert find_untold_parameters(function) == []


def test_find_untold_parameters_sees_a_planted_breach():
    def double(number: int) -> int:
        """Return the double."""
        return 2 * number

    assert find_untold_parameters(double) == ["number is not described", "what it returns is not described"]


def test_public_names_are_those_of_all():
    assert all(getattr(salesmodel_kit, name).__name__ == name for name in salesmodel_kit.__all__)
    assert [name for name in dir(salesmodel_kit) if not name.startswith("__")] == sorted(salesmodel_kit.__all__)


def test_public_names_refuse_what_is_not_there():
    with pytest.raises(AttributeError, match="no_such_name"):
        salesmodel_kit.no_such_name  # noqa: B018


def test_version_is_the_same_everywhere():
    changelog = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert changelog.group(1) == project["version"] == salesmodel_kit.__version__


def test_functions_stay_small():
    assert find_large_functions(PACKAGE, most_lines=40) == []


def test_find_large_functions_sees_a_planted_breach(tmp_path):
    plant(tmp_path, "long.py", "def long():\n" + "    step = 1\n" * 41)

    assert find_large_functions(tmp_path, most_lines=40) == ["long.py:1 long"]


def test_library_neither_prints_nor_uses_pyplot():
    assert find_prints(PACKAGE) == []


@pytest.mark.parametrize("line", ["print('x')", "import matplotlib.pyplot as plt"])
def test_find_prints_sees_a_planted_breach(tmp_path, line):
    assert len(find_prints(plant(tmp_path, "loud.py", line))) == 1
