"""The folder that a batch writes to: what it refuses, and how results get there whole."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from salesmodel_kit.errors import SalesModelError, describe_os_error

#: What tells a folder of results from any other.
RUN_FILE = "run.json"

_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)
_IN_THE_WAY = (errno.ENOTDIR, errno.EEXIST)


def refuse_target(out: Path, *, sources: Iterable[Path], client_ids: Iterable[str]) -> None:
    """Raise when writing to a folder could touch a client's input or files that are no results.

    Parameters
    ----------
    out : pathlib.Path
        The batch's folder; it need not exist.
    sources : iterable of pathlib.Path
        The clients' folders and workbooks.
    client_ids : iterable of str
        Names of the folders that would be replaced.

    Raises
    ------
    SalesModelError
        The folder is a client's or lies in one, a client lies where results
        would go, or what lies there was not made by a run.
    """
    out = out.resolve()
    places = [out / client_id for client_id in client_ids]
    for source in (path.resolve() for path in sources):
        if out == source or (source.is_dir() and out.is_relative_to(source)):
            raise SalesModelError(
                "The results cannot go into the client's own folder {folder}: choose another --out.", folder=source
            )
        if any(source.is_relative_to(place) for place in places):
            raise SalesModelError("The results would replace the client {client}: choose another --out.", client=source)
    for place in places:
        if place.exists() and not (place / RUN_FILE).is_file():
            raise SalesModelError(
                "{folder} exists and is not the result of a run: move it, or choose another --out.", folder=place
            )


@contextmanager
def hold_staging(out: Path) -> Iterator[Path]:
    """Give a hidden folder inside ``out`` for results in the making; it is gone afterwards."""
    with say_refusal(out):
        out.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=".run-", dir=out))
    try:
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)


@contextmanager
def say_refusal(folder: Path) -> Iterator[None]:
    """Turn what the system answers to a write into one sentence.

    Raises
    ------
    SalesModelError
        The folder cannot be written to.
    """
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise SalesModelError("Nothing can be written to {folder}: the disk is full.", folder=folder) from error
        if error.errno in _FORBIDDEN:
            raise SalesModelError(
                "Nothing can be written to {folder}: it is read-only for you.", folder=folder
            ) from error
        if error.errno in _IN_THE_WAY:
            raise SalesModelError(
                "Nothing can be written to {folder}: a file stands in the way.", folder=folder
            ) from error
        raise SalesModelError(
            "Nothing can be written to {folder}: {reason}.", folder=folder, reason=describe_os_error(error)
        ) from error


def publish(folder: Path, *, place: Path) -> None:
    """Move a finished folder into its place by one rename; what was there goes only then.

    Parameters
    ----------
    folder : pathlib.Path
        Finished results, on the same disk as ``place``.
    place : pathlib.Path
        Where they go. Earlier results there are replaced.
    """
    former = folder.with_name(f"{folder.name}.former")
    had_former = place.exists()
    if had_former:
        place.rename(former)
    try:
        folder.rename(place)
    except OSError:
        if had_former:
            former.rename(place)
        raise
    if had_former:
        shutil.rmtree(former, ignore_errors=True)


def write_whole(path: Path, text: str) -> None:
    """Write a text file so that it is either the old one or the new one, never a part."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with temporary.open("w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
