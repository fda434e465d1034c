"""The folder that a batch writes to: what it refuses, and how results get there whole."""

from __future__ import annotations

import errno
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from salesmodel_kit.batch.exchange import exchange
from salesmodel_kit.batch.lock import LOCK_FILE, hold_lock
from salesmodel_kit.batch.shards import Shard
from salesmodel_kit.errors import SalesModelError, describe_os_error

#: What tells a folder of results from any other.
RUN_FILE = "run.json"
#: How a version of a client's results is called at an address.
VERSION = re.compile(r"[0-9a-f]{16}")
#: How the hidden folders of results in the making begin.
STAGING_PREFIX = ".run-"
#: How the name of former results ends while they are on their way out.
FORMER_ENDING = ".former"

_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)
_IN_THE_WAY = (errno.ENOTDIR, errno.EEXIST)


def refuse_target(
    out: Path, *, sources: Iterable[Path], client_ids: Iterable[str], shown: str | None = None
) -> None:
    """Raise when writing to a folder could touch a client's input or files that are no results.

    Parameters
    ----------
    out : pathlib.Path
        The batch's folder; it need not exist.
    sources : iterable of pathlib.Path
        The clients' folders and workbooks.
    client_ids : iterable of str
        Names of the folders that would be replaced.
    shown : str, optional
        The address that the folder stands for.

    Raises
    ------
    SalesModelError
        The folder is a client's or lies in one, a client lies where results
        would go, or what lies there was not made by a run.
    """
    out = out.resolve()
    places = {out / client_id for client_id in client_ids}
    for source in (path.resolve() for path in sources):
        if out == source or (source.is_dir() and out.is_relative_to(source)):
            raise SalesModelError(
                "The results cannot go into the client's own folder {folder}: choose another --out.", folder=source
            )
        if not places.isdisjoint((source, *source.parents)):
            raise SalesModelError("The results would replace the client {client}: choose another --out.", client=source)
    for place in sorted(places):
        if place.exists() and not (place / RUN_FILE).is_file():
            raise SalesModelError(
                "{folder} exists and is not the result of a run: move it, or choose another --out.",
                folder=place if shown is None else f"{shown.rstrip('/')}/{place.name}",
            )


@contextmanager
def hold_staging(out: Path, *, shard: Shard | None = None) -> Iterator[Path]:
    """Keep other runs out of ``out`` and give a hidden folder inside for results in the making; it is gone afterwards.

    What a killed run left behind is cleared away: former results that were on their
    way out when their place was still empty go back, everything else goes.

    Parameters
    ----------
    out : pathlib.Path
        The batch's folder; it is made where it is missing.
    shard : Shard, optional
        The part of the batch; the other parts may write at the same time.

    Raises
    ------
    SalesModelError
        Another run writes to ``out``, or nothing can be written there.
    """
    with say_refusal(out):
        out.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        with say_refusal(out):
            stack.enter_context(hold_lock(out, shared=shard is not None))
            prefix = STAGING_PREFIX
            if shard is not None:
                prefix = f"{STAGING_PREFIX}{shard.label}-"
                stack.enter_context(hold_lock(out, name=f"{LOCK_FILE}.{shard.label}"))
            clear_leftovers(out, prefix=prefix)
            staging = Path(tempfile.mkdtemp(prefix=prefix, dir=out))
        stack.callback(shutil.rmtree, staging, ignore_errors=True)
        yield staging


def clear_leftovers(out: Path, *, prefix: str = STAGING_PREFIX) -> None:
    """Remove what killed runs left in ``out``; the caller holds its lock.

    Parameters
    ----------
    out : pathlib.Path
        The batch's folder.
    prefix : str
        How the hidden folders begin that are the caller's to remove.
    """
    for staging in out.glob(f"{prefix}*"):
        if staging.is_dir() and not staging.is_symlink():
            for former in staging.glob(f"*{FORMER_ENDING}"):
                place = out / former.name.removesuffix(FORMER_ENDING)
                if not place.exists():
                    former.rename(place)
            shutil.rmtree(staging, ignore_errors=True)
    if prefix == STAGING_PREFIX:
        for name in ("index.html", "manifest"):
            for part in out.glob(f".{name}.*.part"):
                part.unlink(missing_ok=True)


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
        Where they go. Earlier results there are replaced: exchanged in one step where
        the system can do that, else moved aside first and back again when it fails.
    """
    if not place.exists():
        folder.rename(place)
    elif exchange(folder, place):
        shutil.rmtree(folder, ignore_errors=True)
    else:
        _replace_in_two_steps(folder, place)


def _replace_in_two_steps(folder: Path, place: Path) -> None:
    former = folder.with_name(f"{folder.name}{FORMER_ENDING}")
    place.rename(former)
    try:
        folder.rename(place)
    except OSError:
        former.rename(place)
        raise
    shutil.rmtree(former, ignore_errors=True)


def write_whole(path: Path, text: str) -> None:
    """Write a text file so that it is either the old one or the new one, never a part."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with temporary.open("w", encoding="utf-8", errors="replace", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
