"""One run at a time on a folder, by a lock of the operating system: it goes with the process that holds it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from salesmodel_kit.errors import SalesModelError

#: Lies in the batch's folder as long as a run writes to it.
LOCK_FILE = ".lock"


@contextmanager
def hold_lock(folder: Path, *, name: str = LOCK_FILE, shared: bool = False) -> Iterator[None]:
    """Keep other runs out of a folder; a lock file that a killed run left behind keeps nobody out.

    Parameters
    ----------
    folder : pathlib.Path
        It exists.
    name : str
        Of the lock's file.
    shared : bool
        Others that share it may hold it too; no effect on Windows.

    Raises
    ------
    SalesModelError
        Another run writes to it.
    """
    path = folder / name
    number = _take(path, shared=shared)
    if number is None:
        raise SalesModelError(
            "Another run is writing to {folder}: wait until it has ended, or choose another --out.", folder=folder
        )
    try:
        yield
    finally:
        if not shared or _lock(number, shared=False):  # the last that shares it
            with suppress(OSError):  # where an open file cannot be removed it stays, and locks nothing
                path.unlink()
        os.close(number)


def _take(path: Path, *, shared: bool = False) -> int | None:
    """Return the number of the locked file; None when another process has it."""
    while True:
        number = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
        if not _lock(number, shared=shared):
            os.close(number)
            return None
        if _is_there(path, number):
            return number
        os.close(number)  # its holder removed it between our opening and our locking: another file counts now


def _is_there(path: Path, number: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(number))
    except FileNotFoundError:
        return False


def _lock(number: int, *, shared: bool = False) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            if not shared:
                msvcrt.locking(number, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(number, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True
