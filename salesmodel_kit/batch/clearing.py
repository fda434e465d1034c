"""A run at an address: kept apart from other runs as far as that goes there, and what nobody names any more cleared.

A store knows no locks. Runs of one machine exclude each other by a lock among its
temporary files; for those of other machines a run leaves a mark, ``OUT/.runs/<place>``,
as long as it lives. At its end a whole run removes every version that nothing names:
no client's ``run.json``, and neither ``run.json`` nor manifest as the run found them at
its start. What a run replaces so stays until the next one has ended: whoever reads by the
page or the ``run.json`` of a moment ago still finds every file.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import tempfile
import uuid
from collections.abc import Iterator, Mapping, Set
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from salesmodel_kit.batch.addresses import open_address, say_unreachable
from salesmodel_kit.batch.lock import hold_lock
from salesmodel_kit.batch.remote import AT_ONCE, BEGUN_FILE
from salesmodel_kit.batch.shards import Shard
from salesmodel_kit.batch.target import RUN_FILE, VERSION
from salesmodel_kit.errors import SalesModelError

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

_MARKS = ".runs"
#: So old is no version any more that a run elsewhere is just writing.
_GRACE = dt.timedelta(days=1)
#: So old is no mark any more whose run still lives.
_LONGEST_RUN = dt.timedelta(days=30)


@contextmanager
def hold_address(address: str, *, shard: Shard | None) -> Iterator[str]:
    """Keep other runs of this machine away from an address, leave a mark there for other machines, and give its name.

    Parameters
    ----------
    address : str
        The batch's.
    shard : Shard, optional
        The part of the batch; the other parts may write at the same time.

    Raises
    ------
    SalesModelError
        Another run of this machine writes there, or the address cannot be written.
    """
    system, path = open_address(address)
    folder = _make_lock_folder()
    name = hashlib.sha256(f"{system.protocol} {path}".encode()).hexdigest()[:16]
    with ExitStack() as stack:
        stack.enter_context(hold_lock(folder, name=name, shared=shard is not None, shown=address))
        mark = _name_place(folder)
        if shard is not None:
            stack.enter_context(hold_lock(folder, name=f"{name}.{shard.label}", shown=address))
            mark = f"{mark}.{shard.label}"
        with say_unreachable(address):
            system.pipe_file(f"{path}/{_MARKS}/{mark}", b"\n")
        try:
            yield mark
        finally:
            with suppress(Exception):  # it keeps nobody out
                system.rm_file(f"{path}/{_MARKS}/{mark}")


def _make_lock_folder() -> Path:
    """Return this user's folder of locks; one that another user has made in its place is refused."""
    owner = os.getuid() if hasattr(os, "getuid") else 0
    folder = Path(tempfile.gettempdir(), f"salesmodel-locks-{owner}")
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or (hasattr(os, "getuid") and folder.stat().st_uid != owner):
        raise SalesModelError("Nothing can be written to {folder}: it is read-only for you.", folder=folder)
    return folder


def _name_place(folder: Path) -> str:
    """Return the name that this machine's temporary files have among all others: chance's, told to nobody else."""
    if not any(folder.glob("place-*")):
        (folder / f"place-{uuid.uuid4().hex[:16]}").touch(mode=0o600)
    return min(path.name for path in folder.glob("place-*"))


def clear_versions(address: str, *, mark: str, former: Set[str], ours: Mapping[str, str]) -> None:
    """Remove every version of every client that nobody names; the caller holds the address as a whole.

    A store that lets nobody remove keeps them.

    Parameters
    ----------
    address : str
        The batch's; its index page and manifest are written.
    mark : str
        The caller's own.
    former : set of str
        ``<client>/<version>`` of those that were named when the run began.
    ours : mapping of str to str
        Client -> the version that index page and manifest name.
    """
    system, path = open_address(address)
    clearing = _Clearing(system, path, mark, former, ours)
    with suppress(Exception), ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        clients = [info["name"].rstrip("/").rsplit("/", 1)[-1] for info in system.ls(path, detail=True)
                   if info["type"] == "directory"]
        list(pool.map(clearing.clear_client, [name for name in clients if not name.startswith(".")]))


@dataclass(frozen=True)
class _Clearing:
    """What is known of the batch's address; parameters as for :func:`clear_versions`."""

    system: AbstractFileSystem
    path: str
    mark: str
    former: Set[str]
    ours: Mapping[str, str]

    def clear_client(self, client: str) -> None:
        """Remove the versions of a client that nobody names.

        What is listed comes before the marks, the marks before ``run.json``: a run elsewhere
        leaves its mark before it writes, so that nothing of it is taken for a killed run's.
        """
        folder = f"{self.path}/{client}"
        names = {info["name"].rstrip("/").rsplit("/", 1)[-1] for info in self.system.ls(folder, detail=True)}
        kept = {self.ours.get(client), *(name for name in names if f"{client}/{name}" in self.former)}
        loose = {name for name in names if VERSION.fullmatch(name)} - kept
        if names.isdisjoint((RUN_FILE, BEGUN_FILE)) or not (loose or BEGUN_FILE in names):
            return  # not a run's, or nothing to do
        listed = {name: self.system.find(f"{folder}/{name}", detail=True) for name in loose}
        others = self._list_other_runs()
        loose -= {self._read_named(folder)}
        for name in loose:
            if not (others and any(map(_is_young, listed[name].values()))):
                self.system.rm(list(listed[name]))
        if BEGUN_FILE in names and not others:
            self.system.rm_file(f"{folder}/{BEGUN_FILE}")

    def _list_other_runs(self) -> list[str]:
        """Return the marks of runs of other machines; those whose run cannot live any more go."""
        marks = self.system.find(f"{self.path}/{_MARKS}", detail=True)
        places = {name: name.rsplit("/", 1)[-1].partition(".")[0] for name in marks}
        for name, place in places.items():
            if not _is_young(marks[name], limit=_LONGEST_RUN) or (place == self.mark and not name.endswith(self.mark)):
                self.system.rm_file(name)
        return [name for name, place in places.items() if place != self.mark and _is_young(marks[name],
                                                                                           limit=_LONGEST_RUN)]

    def _read_named(self, folder: str) -> str | None:
        try:
            return json.loads(self.system.cat_file(f"{folder}/{RUN_FILE}")).get("version")
        except FileNotFoundError:
            return None


def _is_young(info: Mapping[str, object], *, limit: dt.timedelta = _GRACE) -> bool:
    written = info.get("LastModified")
    return not isinstance(written, dt.datetime) or dt.datetime.now(dt.UTC) - written < limit
