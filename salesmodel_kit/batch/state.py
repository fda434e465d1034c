"""Whether a client's results are those that a run would make now: hashes of what goes in and of what came out."""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from salesmodel_kit.batch.target import RUN_FILE
from salesmodel_kit.resources import find_resource

#: Libraries whose version can change a byte of the results.
LIBRARIES: tuple[str, ...] = (
    "numpy", "pandas", "scipy", "matplotlib", "ipython", "nbconvert", "jinja2", "babel", "nh3",
)  # fmt: skip
_CODE = Path(__file__).resolve().parent.parent


def hash_kit(notebooks: Iterable[Path], *, language: str | None) -> str:
    """Return the SHA-256 of everything beside a client's input that its results depend on.

    Parameters
    ----------
    notebooks : iterable of pathlib.Path
        Those that run.
    language : {"en", "fr"}, optional
        Of the reports, where it is not the clients' own. The engine, the number of
        processes and the limits change no result and are no part of it.

    Returns
    -------
    str
        Of the kit's code and templates, the notebooks, the language, Python and the libraries.
    """
    digest = hashlib.sha256(repr((language, platform.python_version(), _list_versions())).encode())
    for path in [*_list_files(_CODE, ".py"), *_list_files(find_resource("templates")), *sorted(notebooks)]:
        content = path.read_bytes()
        digest.update(f"{len(path.name)} {path.name} {len(content)} ".encode())
        digest.update(content)
    return digest.hexdigest()


def _list_versions() -> list[str]:
    return [_find_version(name) for name in ("salesmodel-kit", *LIBRARIES)]


def _find_version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _list_files(folder: Path, ending: str = "") -> list[Path]:
    found = []
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in {"__pycache__", "resources"})
        found += [Path(place, name) for name in sorted(names) if name.endswith(ending) and not name.endswith(".pyc")]
    return found


def hash_state(fingerprint: str, kit: str) -> str:
    """Return what identifies a client's results: its input and everything else that they depend on."""
    return hashlib.sha256(f"{fingerprint} {kit}".encode()).hexdigest()


def hash_outputs(folder: Path) -> dict[str, str]:
    """Return relative path -> SHA-256 of every file of a client's results but ``run.json``."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path != folder / RUN_FILE)
    return {path.relative_to(folder).as_posix(): _hash_file(path) for path in paths}


def sign_outputs(folder: Path) -> dict[str, list[int]]:
    """Return relative path -> what the system says of each file; it says something else once a file is written to.

    Parameters
    ----------
    folder : pathlib.Path
        A client's results.

    Returns
    -------
    dict of str to list of int
        Number, size and time of the last change, which no program can set; empty where a
        system keeps no such time. ``run.json`` is left out.
    """
    if os.name == "nt":
        return {}
    paths = [path for path in _list_files(folder) if path != folder / RUN_FILE]
    return {path.relative_to(folder).as_posix(): _sign(path.stat()) for path in paths}


def _sign(found: os.stat_result) -> list[int]:
    return [found.st_ino, found.st_size, found.st_ctime_ns]


def _hash_file(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def find_intact(
    out: Path, wanted: Sequence[str | None], *, judge: Callable[[Mapping[str, object]], bool] | None = None
) -> dict[str, Mapping[str, object]]:
    """Return state -> ``run.json`` of the results that have a wanted state and whose every file is as it was made.

    A file that the system says was not touched since is not read; every other one is hashed.

    Parameters
    ----------
    out : pathlib.Path
        A batch's folder; need not exist.
    wanted : sequence of str or None
        States; None where a client has none.
    judge : callable, optional
        Says of a ``run.json`` whether its files are as they were made, where they do not lie in ``out``.
    """
    found, states = {}, set(wanted)
    for path in sorted(out.glob(f"[!.]*/{RUN_FILE}")):
        try:
            run = json.loads(path.read_text(encoding="utf-8"))
            if run["state"] in states and run["outputs"] and run["client"] == path.parent.name:
                found[run["state"]] = run
        except (OSError, ValueError, KeyError, TypeError):
            continue
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:  # hashing lets other threads run
        intact = pool.map(judge or (lambda run: _is_intact(out / run["client"], run)), found.values())
        return {state: run for (state, run), is_intact in zip(found.items(), intact, strict=True) if is_intact}


def _is_intact(folder: Path, run: Mapping[str, object]) -> bool:
    try:
        signed, outputs = run.get("signed") or {}, run["outputs"]
        return all(_sign(os.stat(folder / name)) == signed.get(name) or _hash_file(folder / name) == digest
                   for name, digest in outputs.items())
    except (OSError, AttributeError, TypeError):
        return False
