"""Write ``requirements.lock``: every run-time and test package, pinned, for Linux, macOS and Windows.

The versions are those that pip installs into a fresh environment from
``pyproject.toml`` today, on the Python that runs this. Packages that only
another system needs are added with their marker; on those systems the lock is
derived from the packages' own statements and has not been installed.
No index address, hash or local path is written.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import venv
from importlib.metadata import Distribution, distributions
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
HEADER = "# Made by `make lock` from pyproject.toml; do not edit.\n"
SYSTEMS = {
    "win32": {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
    "darwin": {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"},
    "linux": {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
}


def main() -> None:
    """Make an environment, read it, write the lock."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder) / ("Scripts" if os.name == "nt" else "bin") / "python"
        _pip(python, "install", "--quiet", f"{ROOT}[test]")
        library = subprocess.run(
            [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()
        pins = read_pins(Path(library))
        elsewhere = {name: find_version(python, name) for name in sorted(find_elsewhere(Path(library)) - pins.keys())}
        wanted = find_wanted(Path(library))
    lines = [f"{name}=={version}{_marker(name, wanted)}" for name, version in sorted({**pins, **elsewhere}.items())]
    (ROOT / "requirements.lock").write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"requirements.lock: {len(lines)} packages")


def _pip(python: Path, *words: str) -> str:
    command = [str(python), "-m", "pip", "--disable-pip-version-check", *words]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def read_pins(library: Path) -> dict[str, str]:
    """Return name to version of what is installed, without pip and the project itself."""
    found = {canonicalize_name(package.name): package.version for package in distributions(path=[str(library)])}
    return {name: version for name, version in found.items() if name not in {"pip", "setuptools", "salesmodel-kit"}}


def find_wanted(library: Path) -> dict[str, set[str]]:
    """Return name to the systems on which the project needs it, directly or through another package."""
    packages = {canonicalize_name(package.name): package for package in distributions(path=[str(library)])}
    wanted: dict[str, set[str]] = {}
    for system, facts in SYSTEMS.items():
        environment = {**default_environment(), **facts}
        seen: set[tuple[str, str]] = set()
        waiting = [("salesmodel-kit", ""), ("salesmodel-kit", "test")]
        while waiting:
            name, extra = waiting.pop()
            if (name, extra) in seen:
                continue
            seen.add((name, extra))
            wanted.setdefault(name, set()).add(system)
            if name in packages:
                waiting += _needs(packages[name], {**environment, "extra": extra})
    return wanted


def _needs(package: Distribution, environment: dict[str, str]) -> list[tuple[str, str]]:
    needs = []
    for line in package.requires or ():
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate(environment):
            name = canonicalize_name(requirement.name)
            needs += [(name, ""), *((name, extra) for extra in requirement.extras)]
    return needs


def find_elsewhere(library: Path) -> set[str]:
    """Return the packages that only another system than this one needs."""
    here = {"linux": "linux", "darwin": "darwin", "win32": "win32"}[sys.platform]
    return {name for name, systems in find_wanted(library).items() if here not in systems}


def find_version(python: Path, name: str) -> str:
    """Return the newest version of a package that this system does not install."""
    answer = _pip(python, "index", "versions", name)
    return re.match(r"\S+ \(([^)]+)\)", answer).group(1)


def _marker(name: str, wanted: dict[str, set[str]]) -> str:
    systems = wanted.get(name, set(SYSTEMS))
    if systems == set(SYSTEMS):
        return ""
    if systems == {"linux", "darwin"}:
        return ' ; sys_platform != "win32"'
    return " ; " + " or ".join(f'sys_platform == "{system}"' for system in sorted(systems))


if __name__ == "__main__":
    main()
