"""One client at a time in a process of its own: what a worker of a cluster starts and keeps for the next client.

Run as ``python -m salesmodel_kit.batch.station``; parcels come on the standard input,
answers go to the standard output. It is a process of its own because a cluster's
worker may not start any by ``multiprocessing``, and because it can be ended whole.
It ends when its standard input closes, or when nothing has come for a while.
"""

from __future__ import annotations

import os
import pickle
import queue
import shutil
import sys
import threading
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from salesmodel_kit.batch.events import watch_nothing
from salesmodel_kit.batch.kernels import WARM, prepare_worker
from salesmodel_kit.batch.parcels import Answer, Parcel, read_tree, write_tree
from salesmodel_kit.batch.results import locate_client
from salesmodel_kit.batch.scheduler import Batch
from salesmodel_kit.batch.scratch import hold_scratch
from salesmodel_kit.batch.state import hash_kit
from salesmodel_kit.batch.target import write_whole
from salesmodel_kit.batch.workers import Workers
from salesmodel_kit.errors import Message

#: After so many seconds without a client a station ends.
_IDLE_SECONDS = 60.0


def run_parcel(parcel: Parcel, *, workers: Workers, scratch: Path, fork_socket: str | None) -> Answer:
    """Run a client from folder to report.

    Parameters
    ----------
    parcel : Parcel
        The client.
    workers : Workers
        Kept from client to client.
    scratch : pathlib.Path
        Private folder; what is made there goes with the client.
    fork_socket : str, optional
        Of the template process.
    """
    if hash_kit((), language=None) != parcel.code:
        sentence = Message("A worker of the cluster has another version of the kit, of Python or of a library: install "
                           "the same everywhere.", {})
        return Answer(parcel.result.failed(sentence), {})
    place = scratch / "parcel"
    try:
        write_tree(parcel.files, place / "client")
        notebooks = tuple(place / "notebooks" / name for name in parcel.notebooks)
        (place / "notebooks").mkdir(parents=True)
        for path in notebooks:
            write_whole(path, parcel.notebooks[path.name])
        source = locate_client(place / "client" / parcel.name).source
        results = [replace(parcel.result, source=source)]
        batch = Batch(results, notebooks, place / "out", scratch, parcel.kit, parcel.limits, parcel.language,
                      stage=lambda: place / "staging", note=lambda result: None, remote=parcel.remote,
                      fork_socket=fork_socket, is_home=False)
        (place / "out").mkdir()
        batch.run(workers, watch=watch_nothing)
        result = replace(results[0], source=None, folder=None)
        return Answer(result, read_tree(place / "out" / result.client_id) if result.is_complete else {})
    finally:
        shutil.rmtree(place, ignore_errors=True)


def serve(incoming: BinaryIO, outgoing: BinaryIO) -> None:
    """Run parcels until the other end closes or nothing comes for a while."""
    parcels: queue.Queue[Parcel] = queue.Queue()
    with ExitStack() as stack:
        scratch = stack.enter_context(hold_scratch())
        threading.Thread(target=_listen, args=(incoming, parcels, scratch), daemon=True).start()
        workers, socket = None, None
        while True:
            try:
                parcel = parcels.get(timeout=_IDLE_SECONDS)
            except queue.Empty:
                return
            if workers is None:
                workers, socket = _open_workers(parcel, scratch, stack)
            answer = run_parcel(parcel, workers=workers, scratch=scratch, fork_socket=socket)
            pickle.dump(answer, outgoing, protocol=pickle.HIGHEST_PROTOCOL)
            outgoing.flush()


def _open_workers(parcel: Parcel, scratch: Path, stack: ExitStack) -> tuple[Workers, str | None]:
    from salesmodel_kit.batch.run import start_fork_server

    server = start_fork_server(scratch, stack) if parcel.forks and sys.platform == "linux" else None
    workers = stack.enter_context(Workers(1, prepare=prepare_worker, warm=WARM, scratch=scratch,
                                          tend=None if server is None else server.tend))
    return workers, None if server is None else str(server.socket)


def _listen(incoming: BinaryIO, parcels: queue.Queue[Parcel], scratch: Path) -> None:
    """Take parcels in; when the other end is gone, everything ends at once, started processes with us."""
    while True:
        try:
            parcels.put(pickle.load(incoming))
        except (EOFError, OSError):
            shutil.rmtree(scratch, ignore_errors=True)
            os._exit(143)


if __name__ == "__main__":
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as answers:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # nothing that a library says mixes with the answers
        serve(sys.stdin.buffer, answers)
