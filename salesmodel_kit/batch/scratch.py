"""A run's private folder among the temporary files: gone with the run, or swept by the next one.

It holds sockets, what has been computed for clients, and input that was fetched from
elsewhere. A run that is killed together with all its processes leaves it behind; its
lock goes with the run, so that the next one knows that nobody uses it any more.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from salesmodel_kit.batch.lock import LOCK_FILE, hold_lock
from salesmodel_kit.errors import SalesModelError

#: How the folders of runs begin.
SCRATCH_PREFIX = "salesmodel-run-"


@contextmanager
def hold_scratch() -> Iterator[Path]:
    """Give a private folder with a short path; it is gone afterwards, and so are those of runs that were killed."""
    sweep_scratch(Path(tempfile.gettempdir()))
    with ExitStack() as stack:
        if os.name == "nt":  # a folder with an open file cannot be renamed there
            yield Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
            return
        made = Path(tempfile.mkdtemp(prefix="salesmodel-"))
        folder = made.with_name(made.name.replace("salesmodel-", SCRATCH_PREFIX, 1))
        stack.callback(remove_scratch, folder)
        stack.enter_context(hold_lock(made))
        made.rename(folder)  # whoever sees the name finds it locked
        yield folder


def remove_scratch(folder: Path) -> None:
    """Remove a run's folder, its lock file last: what is killed meanwhile leaves one that the next run sweeps.

    Parameters
    ----------
    folder : pathlib.Path
        Of a run that has ended; nothing happens where it is gone.
    """
    with suppress(OSError):
        for entry in list(folder.iterdir()):
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry, ignore_errors=True)
            elif entry.name != LOCK_FILE:
                entry.unlink(missing_ok=True)
        if {entry.name for entry in folder.iterdir()} <= {LOCK_FILE}:  # else the next run tries again
            (folder / LOCK_FILE).unlink(missing_ok=True)
            folder.rmdir()


def sweep_scratch(place: Path) -> None:
    """Remove the private folders of runs that are no more.

    Parameters
    ----------
    place : pathlib.Path
        Where temporary files go; what others own, what is a link and what a run holds stays.
    """
    for folder in place.glob(f"{SCRATCH_PREFIX}*"):
        with suppress(OSError, SalesModelError):
            if folder.is_symlink() or folder.lstat().st_uid != os.getuid():
                continue
            if (folder / LOCK_FILE).is_file():
                with hold_lock(folder):
                    remove_scratch(folder)
            else:
                folder.rmdir()  # the last that is left of one; what holds anything is not ours
