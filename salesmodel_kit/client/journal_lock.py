"""A lock of the operating system on a file: it goes with the process that holds it, so none is ever left behind.

``flock`` and its Windows kin reach network folders too (NFS, SMB). A folder that
knows no locks refuses, and the caller says so; folders that a program copies from
machine to machine (synchronised ones) keep nobody out.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from salesmodel_kit.errors import SalesModelError

#: A writer waits so long for another one; an append takes milliseconds.
PATIENCE_SECONDS = 10.0
_PAUSE_SECONDS = 0.01

#: In the environment of a process: it writes to no journal.
READ_ONLY = "SALESMODEL_READ_ONLY"


@contextmanager
def hold_journal(journal: Path, *, patience: float = PATIENCE_SECONDS) -> Iterator[None]:
    """Keep other writers out of a journal.

    Parameters
    ----------
    journal : pathlib.Path
        The lock is the file beside it, ``.NAME.lock``; a killed writer's file keeps nobody out.
    patience : float
        How long to wait for another writer, in seconds.

    Raises
    ------
    SalesModelError
        Another writer holds it for longer.
    OSError
        The folder cannot be written, or knows no locks.
    """
    path, until = journal.with_name(f".{journal.name}.lock"), time.monotonic() + patience
    while (number := take_lock(path)) is None:
        if time.monotonic() > until:
            raise SalesModelError("Another session is writing to {file}; the decision was not recorded. Try again "
                                  "in a moment.", file=journal.name)
        time.sleep(_PAUSE_SECONDS)
    try:
        yield
    finally:
        release_lock(path, number)


def take_lock(path: Path, *, shared: bool = False) -> int | None:
    """Return the number of a lock file, locked for this process; None when another process has it.

    Parameters
    ----------
    path : pathlib.Path
        Made where it is not there.
    shared : bool
        Others that share it may hold it too; no effect on Windows.
    """
    while True:
        number = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
        try:
            is_ours = _lock(number, shared=shared)
        except OSError:
            os.close(number)
            raise
        if not is_ours:
            os.close(number)
            return None
        if _is_there(path, number):
            return number
        os.close(number)  # its holder removed it between our opening and our locking: another file counts now


def release_lock(path: Path, number: int, *, shared: bool = False) -> None:
    """Give a lock back and remove its file.

    Parameters
    ----------
    path : pathlib.Path
        Of the lock file.
    number : int
        From :func:`take_lock`.
    shared : bool
        As it was taken; the last that shares it removes the file.
    """
    if not shared or _lock(number, shared=False):
        with suppress(OSError):  # where an open file cannot be removed it stays, and locks nothing
            path.unlink()
    os.close(number)


def _is_there(path: Path, number: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(number))
    except FileNotFoundError:
        return False


def _lock(number: int, *, shared: bool) -> bool:
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


def sync_folder(folder: Path) -> None:
    """Wait until a folder's list of files is on the disk; where folders cannot be opened there is nothing to wait for.

    Parameters
    ----------
    folder : pathlib.Path
        It exists.
    """
    if sys.platform == "win32":
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            os.fsync(number)
    finally:
        os.close(number)
