"""What one run has computed for a client, kept in the run's own private folder for the client's other notebooks.

The folder is named by an environment variable that the batch sets for each notebook
and nobody else. What lies anywhere else, or in a folder that others may write to, is
never read: reading it would run what it says.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import stat
from collections.abc import Callable
from pathlib import Path

from salesmodel_kit.client.sources import read_fingerprint

#: Names the run's folder to a notebook.
FOLDER_VARIABLE = "SALESMODEL_KEPT"


def keep(value: object, folder: Path, *, fingerprint: str, language: str) -> Path:
    """Write a value into a run's folder, whole or not at all.

    Parameters
    ----------
    value : object
        What was computed.
    folder : pathlib.Path
        Private to the run, of one client.
    fingerprint : str
        Of the input that it was computed from.
    language : {"en", "fr"}
        In which it speaks.

    Returns
    -------
    pathlib.Path
        The file.
    """
    path = _name_file(folder, fingerprint, language)
    _write(path, pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL))
    return path


def find_kept(source: Path, *, language: str, folder: str | Path | None = None) -> object | None:
    """Return what this run has kept for a client as its input is now; None where there is nothing, or nothing to trust.

    Parameters
    ----------
    source : pathlib.Path
        The client's folder or workbook.
    language : {"en", "fr"}
        Of the run.
    folder : str or pathlib.Path, optional
        The run's; by default the one that the run has told this process.

    Returns
    -------
    object or None
        As :func:`keep` got it.
    """
    place = folder or os.environ.get(FOLDER_VARIABLE)
    if not place or not _is_private(Path(place)):
        return None
    fingerprint = read_fingerprint(source)
    if fingerprint is None:
        return None
    try:
        content = _name_file(Path(place), fingerprint, language).read_bytes()
    except OSError:
        return None
    return pickle.loads(content)


def make_once(make: Callable[[], bytes], *, key: object) -> bytes:
    """Return what a call returns; in a run it is made once for all notebooks of the client that ask for it.

    Parameters
    ----------
    make : callable
        The same bytes for the same key.
    key : object
        Everything that the bytes depend on, to be pickled; the code of the kit does not change during a run.

    Returns
    -------
    bytes
        As ``make`` returned them, now or in another notebook.
    """
    place = os.environ.get(FOLDER_VARIABLE)
    if not place or not _is_private(Path(place)):
        return make()
    path = Path(place) / f"{hashlib.sha256(pickle.dumps(key, protocol=pickle.HIGHEST_PROTOCOL)).hexdigest()}.made"
    try:
        return path.read_bytes()
    except OSError:
        made = make()
    _write(path, made)
    return made


def _write(path: Path, content: bytes) -> None:
    part = path.with_suffix(f".{os.getpid()}")
    part.write_bytes(content)
    os.replace(part, path)


def _name_file(folder: Path, fingerprint: str, language: str) -> Path:
    return folder / f"{hashlib.sha256(f'{fingerprint} {language}'.encode()).hexdigest()}.pickle"


def _is_private(folder: Path) -> bool:
    """Return whether only we can have written what lies in a folder."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    if not stat.S_ISDIR(found.st_mode):
        return False
    return os.name == "nt" or (found.st_uid == os.getuid() and not found.st_mode & 0o077)
