"""One list of packages: the lock, the conda file, the imports and the make targets follow it."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
RUN_TIME = [Requirement(line) for line in PROJECT["dependencies"]]
#: What the kit imports: what it needs, and what the extra ``cluster`` adds, asked for only where it is used.
KIT = RUN_TIME + [Requirement(line) for line in PROJECT["optional-dependencies"]["cluster"]]
EVERYTHING = RUN_TIME + [Requirement(line) for lines in PROJECT["optional-dependencies"].values() for line in lines]
#: The project's own modules.
OWN = {"salesmodel_kit", "benchmarks", "generator", "tools"} | {path.stem for path in (ROOT / "tests").rglob("*.py")}


def read_lock():
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize("wanted", EVERYTHING, ids=lambda wanted: wanted.name)
def test_lock_pins_every_package_within_its_range(wanted):
    pins = {canonicalize_name(pin.name): pin for pin in read_lock()}

    pin = pins[canonicalize_name(wanted.name)]

    (version,) = [specifier.version for specifier in pin.specifier]
    assert wanted.specifier.contains(version)
    assert pin.marker is None


def test_lock_names_no_place():
    for line in (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines():
        assert line.startswith("#") or re.fullmatch(
            r"[a-z0-9.-]+==[0-9A-Za-z.+]+( ; sys_platform [=!]= \"\w+\")?", line
        )


def test_lock_leaves_other_systems_out():
    markers = {pin.name: str(pin.marker) for pin in read_lock() if pin.marker}

    assert markers["pywinpty"] == 'sys_platform == "win32"'
    assert markers["ptyprocess"] == 'sys_platform != "win32"'


def test_conda_file_only_points_at_the_lock():
    conda = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))

    python, pip, files = conda["dependencies"]
    assert SpecifierSet(python.removeprefix("python")) == SpecifierSet(PROJECT["requires-python"])
    assert pip == "pip"
    assert files == {"pip": ["-r requirements.lock", "-e ."]}


@pytest.mark.parametrize(
    ("folder", "declared"), [("salesmodel_kit", KIT), ("tests", EVERYTHING), ("benchmarks", EVERYTHING)]
)
def test_every_import_is_declared(folder, declared):
    homes = {**packages_distributions(), "pydantic_core": ["pydantic"]}  # one library in two packages of one version
    names = {canonicalize_name(requirement.name) for requirement in declared}

    undeclared = {
        name
        for name in find_imports(ROOT / folder) - set(sys.stdlib_module_names) - OWN
        if not names & {canonicalize_name(home) for home in homes.get(name, [name])}
    }

    assert undeclared == set()


def find_imports(folder):
    names = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.split(".")[0])
    return names


@pytest.fixture
def checkout(tmp_path):
    """Give a copy of what make looks at, with an environment that claims to be complete."""
    for name in ("Makefile", "pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / name, tmp_path)
        os.utime(tmp_path / name, (1, 1))
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / ".made").touch()
    os.utime(tmp_path / ".venv" / ".made", (2, 2))
    return tmp_path


def make(folder, *words, path=os.environ["PATH"]):
    tool = shutil.which("make")
    return subprocess.run([tool, *words], cwd=folder, env={"PATH": path}, capture_output=True, text=True)


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
class TestMakefile:
    def test_demo_starts_at_once_when_the_environment_is_there(self, checkout):
        result = make(checkout, "--dry-run", "demo")

        assert result.stdout.splitlines() == [".venv/bin/salesmodel demo --out out"]

    @pytest.mark.parametrize("name", ["pyproject.toml", "requirements.lock"])
    def test_demo_makes_the_environment_anew_when_the_packages_changed(self, checkout, name):
        os.utime(checkout / name)

        result = make(checkout, "--dry-run", "demo")

        assert "pip install" in result.stdout

    def test_demo_says_in_a_sentence_that_there_is_no_python(self, checkout):
        (checkout / ".venv" / ".made").unlink()

        result = make(checkout, "demo", path=str(checkout / "nothing"))

        assert result.returncode == 2
        assert "The kit needs Python 3.11 or later" in result.stderr


@pytest.mark.slow
def test_demo_makes_the_reports_of_every_demo_client(tmp_path):
    command = [sys.executable, "-c", "import sys; from salesmodel_kit.cli import main; sys.exit(main())"]
    words = ["demo", "--out", str(tmp_path)]

    result = subprocess.run([*command, *words], capture_output=True, text=True, stdin=subprocess.DEVNULL)

    assert result.returncode == 0, result.stderr
    reports = sorted(path.parent.name for path in tmp_path.glob("*/report.html"))
    assert reports == ["industrial-services", "laboratory-distributor", "software-publisher"]
    assert result.stderr == ""


def test_readme_links_lead_somewhere():
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)\)", (ROOT / "README.md").read_text(encoding="utf-8"))

    assert len(links) > 3
    assert [link for link in links if not (ROOT / link).exists()] == []
