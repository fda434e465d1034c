"""Clients that lie elsewhere, brought into the run's private folder before anything else is done with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path, PurePosixPath

from salesmodel_kit.batch.addresses import find_local, is_address, open_address, say_unreachable
from salesmodel_kit.batch.results import ClientResult, locate_client
from salesmodel_kit.batch.workers import make_plain
from salesmodel_kit.client.sources import (
    JOURNAL_FILE,
    PREVIOUS_FILES,
    PREVIOUS_FOLDER,
    RULE_FILE,
    SCENARIO_FOLDER,
    STRATEGY_FOLDER,
    judge_file,
)
from salesmodel_kit.client.texts import MAX_BYTES
from salesmodel_kit.errors import SalesModelError

#: Clients that are fetched at the same time.
_AT_ONCE = 8


def locate_clients(clients: Sequence[str | Path], *, scratch: Path) -> list[ClientResult]:
    """Return each client as waiting, with its input at hand; or as refused, when there is none.

    Parameters
    ----------
    clients : sequence of str or pathlib.Path
        Folders, workbooks, ``demo:<name>``, or addresses; ``*`` in an address stands for every name.
    scratch : pathlib.Path
        The run's private folder; what lies elsewhere is copied there.

    Returns
    -------
    list of ClientResult
        In the order of ``clients``.
    """
    named = [name for client in clients for name in _expand(client)]
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        return list(pool.map(lambda pair: _locate(pair[1], scratch / "fetched" / str(pair[0])), enumerate(named)))


def _expand(client: str | Path) -> Iterable[str | Path]:
    if not is_address(client) or "*" not in str(client):
        return [client]
    try:
        system, path = open_address(client)
        with say_unreachable(client):
            found = system.glob(path, detail=True)
    except SalesModelError:
        return [client]  # locating it says what is wrong
    kept = (name for name, info in found.items() if info["type"] == "directory" or name.endswith(".xlsx"))
    return [system.unstrip_protocol(name) for name in sorted(kept)] or [client]


def _locate(client: str | Path, place: Path) -> ClientResult:
    if not is_address(client):
        return replace(locate_client(find_local(client)), client=str(client))
    try:
        return replace(locate_client(fetch_client(client, place)), client=client)
    except SalesModelError as error:
        return ClientResult(client, "refused", sentence=make_plain(error.message))


def fetch_client(address: str, place: Path) -> Path:
    """Copy the input of a client that lies elsewhere; return its folder or workbook here.

    Parameters
    ----------
    address : str
        Of a folder or of an ``.xlsx`` workbook.
    place : pathlib.Path
        A folder for this client alone; it is made.

    Raises
    ------
    SalesModelError
        There is nothing at the address, it cannot be read, a file is too large, or a name leads out of the folder.
    """
    system, path = open_address(address)
    with say_unreachable(address):
        is_workbook = path.lower().endswith(".xlsx") and system.isfile(path)
        root = path.rsplit("/", 1)[0] if is_workbook else path
        listed = system.find(root, detail=True) if not is_workbook else _list_beside(system, path)
    target = place / PurePosixPath(path).name
    folder = place if is_workbook else target
    sizes = {name[len(root) + 1:]: int(info.get("size") or 0) for name, info in listed.items()
             if not name.endswith("/")}  # what stands for a folder is no file
    wanted = [name for name in sizes if _is_used(name, stem=PurePosixPath(path).stem if is_workbook else None)]
    if not sizes or target.name == "..":
        raise SalesModelError("{client}: there is no such folder or workbook.", client=address)
    for name in wanted:
        _refuse_file(name, sizes[name], folder)
    folder.mkdir(parents=True, exist_ok=True)
    with say_unreachable(address):
        for name in wanted:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
        system.get([f"{root}/{name}" for name in wanted], [str(folder / name) for name in wanted])
    return target


def _list_beside(system: object, path: str) -> dict[str, dict[str, object]]:
    """Return the files of a workbook's client: those beside it whose name begins with its own."""
    stem = path[: -len(".xlsx")]
    beside = [name for name in (f"{stem}.{JOURNAL_FILE}", f"{stem}.{RULE_FILE}") if system.isfile(name)]
    return {name: system.info(name) for name in (path, *beside)} | dict(
        system.find(f"{stem}.{PREVIOUS_FOLDER}", detail=True))


def _is_used(name: str, *, stem: str | None) -> bool:
    """Return whether a file below a client's folder can be part of its input."""
    parts = PurePosixPath(name).parts
    if parts[-1].startswith((".", "~$")):
        return False
    if len(parts) == 1 or (stem is None and len(parts) == 2 and parts[0] in (STRATEGY_FOLDER, SCENARIO_FOLDER)
                           and name.endswith(".yaml")):
        is_used, problem = judge_file(name, JOURNAL_FILE, is_workbook=stem is not None)
        return is_used or problem is not None
    previous = PREVIOUS_FOLDER if stem is None else f"{stem}.{PREVIOUS_FOLDER}"
    rest = PurePosixPath(*parts[1:])
    return parts[0] == previous and any(
        len(rest.parts) == len(PurePosixPath(pattern).parts) and rest.match(pattern) for pattern in PREVIOUS_FILES)


def _refuse_file(name: str, size: int, folder: Path) -> None:
    if ".." in PurePosixPath(name).parts or not (folder / name).resolve().is_relative_to(folder.resolve()):
        raise SalesModelError("{file} points outside the client's folder; put a copy of the file there.", file=name)
    if size > MAX_BYTES:
        raise SalesModelError("{file} is larger than {limit} MB; leave out what the model does not need.",
                              file=name, limit=MAX_BYTES // 1_000_000)
