"""Clients on the workers of a Dask cluster: input goes there, results come home or go to the batch's address.

A client is one task. A worker that dies has its clients run by another one, without a
word to the user; results are published here, client by client, as in a local batch.
"""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from salesmodel_kit.batch.environment import make_environment
from salesmodel_kit.batch.events import WHOLE, Event, Watcher
from salesmodel_kit.batch.faults import DeadProcess
from salesmodel_kit.batch.parcels import Answer, Parcel, write_tree
from salesmodel_kit.batch.results import ClientResult, read_client
from salesmodel_kit.batch.scheduler import MOST_RETRIES, Batch
from salesmodel_kit.batch.state import hash_kit, sign_outputs
from salesmodel_kit.batch.target import RUN_FILE, publish, say_refusal, write_whole
from salesmodel_kit.batch.workers import make_plain
from salesmodel_kit.client.sources import find_previous, read_content
from salesmodel_kit.errors import Message, SalesModelError

if TYPE_CHECKING:
    from distributed import Client, Future

#: How long a scheduler may take to answer.
_ANSWER_SECONDS = 10
#: Clients that are on their way for each thread of the cluster.
_AHEAD = 2
_SHOWN = 300
_STATIONS: list[subprocess.Popen[bytes]] = []
_STATIONS_LOCK = threading.Lock()


def run_on_cluster(batch: Batch, address: str, *, forks: bool, watch: Watcher) -> None:
    """Run every client that waits on the workers of a cluster; what came of each is in ``batch.results`` afterwards.

    Parameters
    ----------
    batch : Batch
        Its clients wait.
    address : str
        Of the scheduler.
    forks : bool
        Whether notebooks run in children of a preloaded process, where a worker's system has them.
    watch : callable
        Called when a client has come to its end.

    Raises
    ------
    SalesModelError
        Dask is not installed, no scheduler answers, or it has no workers.
    """
    with _connect(address) as client:
        notebooks = {path.name: _read_without_outputs(path) for path in batch.notebooks}
        code, token = hash_kit((), language=None), uuid.uuid4().hex[:8]

        def submit(number: int) -> Future | None:
            parcel = _pack(batch, batch.results[number], notebooks=notebooks, code=code, forks=forks)
            return None if parcel is None else client.submit(
                run_at_station, parcel, key=f"salesmodel-{token}-{number}", pure=False, retries=MOST_RETRIES)

        waiting = iter([number for number, result in enumerate(batch.results) if result.status == "waiting"])
        _work_off(batch, waiting, submit=submit, count=lambda: sum(client.nthreads().values()), watch=watch)


def _work_off(
    batch: Batch, waiting: Iterator[int], *, submit: Callable[[int], Future | None], count: Callable[[], int],
    watch: Watcher,
) -> None:
    """Keep the workers busy without sending all clients at once; take what comes home."""
    from distributed import as_completed

    going: dict[Future, int] = {}
    completed = as_completed([])

    def fill() -> None:
        while len(going) < _AHEAD * count() + 1 and (number := next(waiting, None)) is not None:
            future = submit(number)
            if future is None:  # refused, in the same words as here
                batch.results[number] = read_client(batch.results[number], language=batch.language)[0]
                _end(batch, number, watch)
            else:
                going[future] = number
                completed.add(future)

    fill()
    for future in completed:
        number = going.pop(future)
        _take(batch, number, future)
        future.release()
        _end(batch, number, watch)
        fill()


@contextmanager
def _connect(address: str) -> Iterator[Client]:
    try:
        import dask
        from distributed import Client
    except ImportError:
        raise SalesModelError("--dask needs Dask, which is not installed: pip install 'salesmodel-kit[cluster]'."
                              ) from None
    try:
        client = Client(address, timeout=_ANSWER_SECONDS, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise SalesModelError("No Dask scheduler answers at {address}: look whether it runs there; an address is "
                              "written tcp://host:8786.", address=address) from error
    # a client's input travels with its task: Dask's advice to load it elsewhere is nothing that a user can follow
    quiet = dask.config.set({"distributed.admin.large-graph-warning-threshold": "1TB"})
    with client, client.as_current(), quiet:
        if not client.nthreads():
            raise SalesModelError("The Dask scheduler at {address} has no workers: start one with dask worker "
                                  "{address}.", address=address)
        yield client


def _read_without_outputs(path: Path) -> str:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
    return json.dumps(notebook, ensure_ascii=False)


def _pack(batch: Batch, result: ClientResult, *, notebooks: dict[str, str], code: str, forks: bool
          ) -> Parcel | None:
    """Return a client as it travels; None for one whose files are refused already here."""
    source = result.source
    found = read_content(source)
    if found is None:
        return None
    own, former = found
    root = f"{source.name}/" if source.is_dir() else ""
    previous = find_previous(source).name
    files = {f"{root}{name}": content for name, content in own.items()}
    files |= {f"{root}{previous}/{name}": content for name, content in former.items()}
    return Parcel(replace(result, source=None), source.name, files, notebooks, batch.kit, code, batch.limits,
                  batch.language, forks, batch.remote)


def _take(batch: Batch, number: int, future: Future) -> None:
    """Publish what came home, or note why nothing did."""
    hint = batch.results[number]
    try:
        answer: Answer = future.result()
    except SalesModelError as error:
        batch.results[number] = hint.failed(make_plain(error.message))
        return
    except Exception as error:  # whatever a worker or the connection to it brings up
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:_SHOWN]
        sentence = Message("The cluster could not run it: {error}.", {"error": reason})
        batch.results[number] = hint.failed(sentence)
        return
    batch.results[number] = result = replace(answer.result, source=hint.source)
    if result.status != "done":
        return
    try:
        if result.client_id != hint.client_id:
            batch.refuse_place(number, result)
        folder = batch.stage() / result.client_id
        place = batch.out / result.client_id
        with say_refusal(place):
            write_tree(answer.files, folder)
            if batch.remote is None:
                _sign_here(folder)
            else:
                batch.remote.name(folder)
            publish(folder, place=place)
    except SalesModelError as error:
        batch.results[number] = result.failed(make_plain(error.message))
    else:
        batch.results[number] = replace(result, folder=place)


def _sign_here(folder: Path) -> None:
    """Put what this system says of the files in place of what the worker's said."""
    record = json.loads((folder / RUN_FILE).read_text(encoding="utf-8"))
    write_whole(folder / RUN_FILE,
                json.dumps(record | {"signed": sign_outputs(folder)}, ensure_ascii=False, indent=2) + "\n")


def _end(batch: Batch, number: int, watch: Watcher) -> None:
    result = batch.results[number]
    batch.n_ended += 1
    batch.note(result)
    watch(Event(result.label, WHOLE, result.status, result.seconds, batch.n_done, batch.n_steps * batch.n_clients,
                result.sentence, result.problems))


def run_at_station(parcel: Parcel) -> Answer:
    """Run a client in a station of this worker; called by Dask.

    Parameters
    ----------
    parcel : Parcel
        The client.

    Raises
    ------
    DeadProcess
        The station ended without a word; Dask tries again.
    """
    with _hold_station() as station:
        try:
            pickle.dump(parcel, station.stdin, protocol=pickle.HIGHEST_PROTOCOL)
            station.stdin.flush()
            return pickle.load(station.stdout)
        except (OSError, EOFError, pickle.UnpicklingError):
            _stop(station)
            raise DeadProcess("The process of a client ended without a word; it may have run out of memory.") from None


@contextmanager
def _hold_station() -> Iterator[subprocess.Popen[bytes]]:
    """Give a station that nobody else uses, one that is warm where there is one."""
    with _STATIONS_LOCK:
        _STATIONS[:] = [each for each in _STATIONS if each.poll() is None]
        station = _STATIONS.pop() if _STATIONS else None
    if station is None:
        environment = {**os.environ, **make_environment()}
        station = subprocess.Popen([sys.executable, "-m", "salesmodel_kit.batch.station"], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment,
                                   start_new_session=True)
    yield station
    if station.poll() is None:
        with _STATIONS_LOCK:
            _STATIONS.append(station)


def _stop(station: subprocess.Popen[bytes]) -> None:
    for pipe in (station.stdin, station.stdout):
        with suppress(OSError):
            pipe.close()
    with suppress(ProcessLookupError):
        os.killpg(station.pid, signal.SIGKILL) if os.name != "nt" else station.kill()
    with suppress(subprocess.TimeoutExpired):
        station.wait(timeout=5)
