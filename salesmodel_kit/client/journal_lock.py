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


@contextmanager
def hold_journal(journal: Path, *, patience: float = PATIENCE_SECONDS) -> Iterator[None]:
    """Keep other writers out of a journal.

    Parameters
    ----------
    journal : pathlib.Path
        The lock is the file beside it, ``.NAME.lock``; it stays there, for removing it would let two writers in.
    patience : float
        How long to wait for another writer, in seconds.

    Raises
    ------
    SalesModelError
        Another writer holds it for longer.
    OSError
        The folder cannot be written, or knows no locks.
    """
    number = os.open(journal.with_name(f".{journal.name}.lock"),
                     os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o666)
    try:
        until = time.monotonic() + patience
        while not lock_file(number):
            if time.monotonic() > until:
                raise SalesModelError("Another session is writing to {file}; the decision was not recorded. Try again "
                                      "in a moment.", file=journal.name)
            time.sleep(_PAUSE_SECONDS)
        yield
    finally:
        os.close(number)


def lock_file(number: int) -> bool:
    """Lock an open file for this process until it closes the file; False where another process has it.

    Parameters
    ----------
    number : int
        From ``os.open``.

    Returns
    -------
    bool
        Whether the lock is ours.
    """
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(number, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
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
