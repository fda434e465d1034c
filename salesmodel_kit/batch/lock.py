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
def hold_lock(folder: Path) -> Iterator[None]:
    """Keep other runs out of a folder; a lock file that a killed run left behind keeps nobody out.

    Parameters
    ----------
    folder : pathlib.Path
        It exists.

    Raises
    ------
    SalesModelError
        Another run writes to it.
    """
    path = folder / LOCK_FILE
    number = take_lock(path)
    if number is None:
        raise SalesModelError(
            "Another run is writing to {folder}: wait until it has ended, or choose another --out.", folder=folder
        )
    try:
        yield
    finally:
        release_lock(path, number)
