"""A batch's folder that lies elsewhere, where nothing can be renamed and nobody can hold a lock.

``OUT/<client>/<version>/`` holds a client's results, ``OUT/<client>/run.json`` says which
version is the client's. The version is the hash of the results: it is written whole
before ``run.json`` names it, and two runs that write the same version write the same
bytes. Before the first object of a client that has no ``run.json`` comes
``OUT/<client>/.begun``: it tells a run that was killed from files that are the user's.
What nothing names any more is :mod:`salesmodel_kit.batch.clearing`'s.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from salesmodel_kit.batch.addresses import open_address, say_unreachable
from salesmodel_kit.batch.faults import Fault
from salesmodel_kit.batch.steps import ClientRun, make_report
from salesmodel_kit.batch.target import RUN_FILE, write_whole
from salesmodel_kit.errors import SalesModelError

#: What a file system says of a file's content, the surest first.
_MARKS = ("ETag", "etag", "md5Hash", "md5", "content_md5", "LastModified", "mtime", "created")
#: Requests that are on their way at the same time.
AT_ONCE = 16
#: Tells that a run has begun to write for a client that has no results yet.
BEGUN_FILE = ".begun"


@dataclass(frozen=True)
class RemoteOut:
    """A batch's folder at an address.

    Parameters
    ----------
    address : str
        As ``s3://bucket/reports``.
    """

    address: str

    def locate(self, client_id: str) -> str:
        """Return the address of a client's results."""
        return f"{self.address.rstrip('/')}/{client_id}"

    def refuse_clients(self, clients: Iterable[str]) -> None:
        """Raise when results would go into a client's own folder.

        Parameters
        ----------
        clients : iterable of str
            As the user named them.

        Raises
        ------
        SalesModelError
            The folder is a client's or lies in one.
        """
        ours = f"{self.address.rstrip('/')}/"
        for client in clients:
            if ours.startswith(f"{client.rstrip('/')}/"):
                raise SalesModelError("The results cannot go into the client's own folder {folder}: choose another "
                                      "--out.", folder=client)

    def pull(self, mirror: Path, *, client_ids: Iterable[str] | None = None) -> None:
        """Fetch what the folder says of its clients; a place that holds what no run has made becomes an empty folder.

        Parameters
        ----------
        mirror : pathlib.Path
            Gets ``<client>/run.json`` and the manifests.
        client_ids : iterable of str, optional
            Only these clients; all of them by default.

        Raises
        ------
        SalesModelError
            The address cannot be read.
        """
        system, path = open_address(self.address)
        with say_unreachable(self.address):
            listed = system.ls(path, detail=True) if system.exists(path) else []
            wanted = None if client_ids is None else set(client_ids)
            names = {info["name"].rstrip("/").rsplit("/", 1)[-1]: info["type"] for info in listed}
            manifests = [name for name, kind in names.items() if kind == "file" and re.fullmatch(
                r"manifest(\.\d+-of-\d+)?\.jsonl", name)]
            folders = [name for name, kind in names.items() if kind == "directory"
                       and (wanted is None or name in wanted) and not name.startswith(".")]
            mirror.mkdir(parents=True, exist_ok=True)
            with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
                list(pool.map(lambda name: (mirror / name).write_bytes(system.cat_file(f"{path}/{name}")), manifests))
                list(pool.map(lambda name: self._pull_one(name, mirror), folders))

    def _pull_one(self, name: str, mirror: Path) -> None:
        system, path = open_address(self.locate(name))
        try:
            content = system.cat_file(f"{path}/{RUN_FILE}")
        except FileNotFoundError:
            found = [each for each in system.find(path) if not each.endswith("/")]
            if found and f"{path}/{BEGUN_FILE}" not in found:  # else a run was killed before it named its version
                (mirror / name).mkdir(exist_ok=True)
            return
        (mirror / name).mkdir(exist_ok=True)
        (mirror / name / RUN_FILE).write_bytes(content)

    def is_intact(self, run: Mapping[str, object]) -> bool:
        """Return whether every file of a client's results is as it was written.

        Raises
        ------
        SalesModelError
            The address cannot be read any more.
        """
        try:
            with say_unreachable(self.locate(str(run["client"]))):
                found = self._sign(str(run["client"]), str(run["version"]))
            signed = run["signed"]
            return set(signed) == set(run["outputs"]) and all(found.get(name) == signed[name] for name in signed)
        except (KeyError, TypeError):
            return False

    def _sign(self, client_id: str, version: str) -> dict[str, list[object]]:
        system, path = open_address(f"{self.locate(client_id)}/{version}")
        return {name[len(path) + 1:]: [info.get("size"), *_mark(info)]
                for name, info in system.find(path, detail=True).items()}

    def send(self, folder: Path) -> None:
        """Write a client's results as a version that nothing names yet; ``run.json`` in the folder says which.

        Parameters
        ----------
        folder : pathlib.Path
            Finished results.

        Raises
        ------
        Fault
            Something did not arrive.
        """
        record = json.loads((folder / RUN_FILE).read_text(encoding="utf-8"))
        outputs = record["outputs"]
        version = hashlib.sha256(json.dumps(outputs, sort_keys=True).encode()).hexdigest()[:16]
        client_id = record["client"]
        system, path = open_address(self.locate(client_id))
        try:
            with say_unreachable(self.locate(client_id)):
                if not system.exists(f"{path}/{RUN_FILE}"):
                    system.pipe_file(f"{path}/{BEGUN_FILE}", b"\n")
                system.put([str(folder / name) for name in outputs], [f"{path}/{version}/{name}" for name in outputs])
                signed = self._sign(client_id, version)
                if any(signed.get(name, [None])[0] != (folder / name).stat().st_size for name in outputs):
                    raise OSError("not everything arrived")
        except SalesModelError as error:  # the next attempt may get through
            raise Fault(error.message.template, **error.message.facts) from error
        record |= {"version": version, "signed": {name: signed[name] for name in outputs}}
        write_whole(folder / RUN_FILE, json.dumps(record, ensure_ascii=False, indent=2) + "\n")

    def name(self, folder: Path) -> None:
        """Name the version that was sent as the client's: from here on it is what readers find.

        Parameters
        ----------
        folder : pathlib.Path
            Holds ``run.json`` as :meth:`send` left it.

        Raises
        ------
        SalesModelError
            The address cannot be written; what it named before is still there.
        """
        content = (folder / RUN_FILE).read_bytes()
        address = self.locate(json.loads(content)["client"])
        system, path = open_address(address)
        with say_unreachable(address):
            system.pipe_file(f"{path}/{RUN_FILE}", content)

    def push(self, mirror: Path, *, names: Iterable[str], merged: Iterable[str] = ()) -> None:
        """Write files of the batch as a whole.

        Parameters
        ----------
        mirror : pathlib.Path
            Holds them.
        names : iterable of str
            Index page and manifest, or the manifest of a part.
        merged : iterable of str
            Manifests of parts that have gone into the manifest.
        """
        system, path = open_address(self.address)
        with say_unreachable(self.address):
            for name in names:
                system.pipe_file(f"{path}/{name}", (mirror / name).read_bytes())
            for name in merged:
                system.rm_file(f"{path}/{name}")


def _mark(info: Mapping[str, object]) -> list[str]:
    return next(([str(info[name])] for name in _MARKS if info.get(name)), [])


def keep_pointer(folder: Path, *, place: Path) -> None:
    """Keep of a client's results, which lie elsewhere now, what says where; the rest goes."""
    place.mkdir(parents=True, exist_ok=True)
    os.replace(folder / RUN_FILE, place / RUN_FILE)
    shutil.rmtree(folder, ignore_errors=True)


def send_report(
    run: ClientRun, *, seconds: Mapping[str, float], facts: Mapping[str, float], remote: RemoteOut
) -> None:
    """Make a client's report and send all its results elsewhere; parameters as for :func:`make_report`."""
    make_report(run, seconds=seconds, facts=facts)
    remote.send(run.folder)
