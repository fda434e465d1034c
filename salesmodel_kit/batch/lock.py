"""One run at a time on a folder, by a lock of the operating system: it goes with the process that holds it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from salesmodel_kit.client.journal_lock import release_lock, take_lock
from salesmodel_kit.errors import SalesModelError

#: Lies in the batch's folder as long as a run writes to it.
LOCK_FILE = ".lock"


@contextmanager
def hold_lock(folder: Path, *, name: str = LOCK_FILE, shared: bool = False, shown: str | None = None) -> Iterator[None]:
    """Keep other runs out of a folder; a lock file that a killed run left behind keeps nobody out.

    Parameters
    ----------
    folder : pathlib.Path
        It exists.
    name : str
        Of the lock's file.
    shared : bool
        Others that share it may hold it too; no effect on Windows.
    shown : str, optional
        What the lock keeps others out of, where that is not the folder.

    Raises
    ------
    SalesModelError
        Another run writes to it.
    """
    path = folder / name
    number = take_lock(path, shared=shared)
    if number is None:
        raise SalesModelError(
            "Another run is writing to {folder}: wait until it has ended, or choose another --out.",
            folder=shown or folder,
        )
    try:
        yield
    finally:
        release_lock(path, number, shared=shared)
