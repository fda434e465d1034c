"""A Papermill engine that runs each notebook in a fresh child of a preloaded process; Linux only."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nbformat import NotebookNode, from_dict
from papermill.engines import Engine, NotebookExecutionManager

from salesmodel_kit.batch.environment import make_environment
from salesmodel_kit.batch.faults import DeadProcess, Fault
from salesmodel_kit.batch.fork_server import ForkServer
from salesmodel_kit.batch.limits import Limits
from salesmodel_kit.batch.workers import STARTED_GROUPS

#: Under which Papermill knows the engine.
ENGINE = "salesmodel-fork"
_START_SECONDS = 60.0


class ForkEngine(Engine):
    """Runs a notebook's cells in a fresh child of the template process.

    Beside Papermill's own settings it takes ``fork_socket`` (path of a running
    :class:`ForkServer`; without one it starts its own), ``child_folder`` (where the child
    works), ``limits`` (its wall clock is the caller's to keep) and ``kept`` (where the run keeps what it has
    computed for the client).
    """

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: NotebookExecutionManager, kernel_name: str | None = None, *, fork_socket: str | None = None,
        child_folder: Path | None = None, limits: Limits | None = None, kept: Path | None = None, **settings: object,
    ) -> None:
        """Run every cell in order and stop at the first that fails.

        Raises
        ------
        DeadProcess
            The child ended without a word.
        """
        with contextlib.ExitStack() as stack:
            folder = child_folder or stack.enter_context(tempfile.TemporaryDirectory(prefix="salesmodel-"))
            if fork_socket is None:
                place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="salesmodel-")))
                fork_socket = str(stack.enter_context(ForkServer(place)).socket)
            child = stack.enter_context(_open_child(fork_socket, folder=Path(folder), limits=limits, kept=kept))
            nb_man.nb.metadata["language_info"] = from_dict({"name": "python"})  # as a kernel would tell it
            for index, cell in enumerate(nb_man.nb.cells):
                nb_man.cell_start(cell, cell_index=index)
                if cell.cell_type == "code" and cell.source.strip():
                    has_failed = _run_cell(cell, child)
                    if has_failed and "raises-exception" not in cell.metadata.get("tags", ()):
                        nb_man.cell_exception(cell, cell_index=index)
                        break
                nb_man.cell_complete(cell, cell_index=index)


class _Child:
    """Our end of the connection to a child."""

    def __init__(self, connection: socket.socket) -> None:
        self._channel = connection.makefile("rw", encoding="utf-8", newline="\n")
        #: Display id -> the outputs that show it, in whatever cell.
        self.displays: dict[str, list[NotebookNode]] = {}

    def ask(self, question: dict[str, Any]) -> dict[str, Any]:
        """Return the child's answer to a line.

        Raises
        ------
        DeadProcess
            It ended without a word.
        """
        try:
            self._channel.write(json.dumps(question) + "\n")
            self._channel.flush()
            line = self._channel.readline()
        except OSError:
            line = ""
        if not line:
            raise DeadProcess("The process of the notebook ended without a word; it may have run out of memory.")
        return json.loads(line)


@contextlib.contextmanager
def _open_child(path: str, *, folder: Path, limits: Limits | None, kept: Path | None) -> Iterator[_Child]:
    environment = make_environment(folder, kept=kept) | {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}
    settings = {"folder": str(folder), "environment": environment}
    if limits is not None:
        settings |= {"memory": limits.memory, "output": limits.output}
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        _connect(connection, path)
        child = _Child(connection)
        pid = child.ask(settings)["pid"]
        STARTED_GROUPS.add(pid)
        try:
            yield child
        finally:  # while it lives, so that no other process can have its number
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
            STARTED_GROUPS.discard(pid)


def _connect(connection: socket.socket, path: str) -> None:
    """Connect as soon as the template listens."""
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            connection.connect(path)
        except (FileNotFoundError, ConnectionRefusedError):
            if time.monotonic() > deadline:
                raise Fault(
                    "The process that notebooks are forked from did not start; choose --engine kernel."
                ) from None
            time.sleep(0.02)
        else:
            return


def _run_cell(cell: NotebookNode, child: _Child) -> bool:
    """Run a cell, put its outputs into it and updates into earlier ones; return whether it failed."""
    answer = child.ask({"source": cell.source})
    for update in answer["updates"]:
        for output in child.displays.get(update["display_id"], ()):
            output.data, output.metadata = from_dict(update["data"]), from_dict(update["metadata"])
    cell.outputs = []
    for record in answer["outputs"]:
        display_id, output = record.pop("display_id", None), from_dict(record)
        if display_id is not None:
            child.displays.setdefault(display_id, []).append(output)
        cell.outputs.append(output)
    cell.execution_count = answer["execution_count"]
    return bool(answer["failed"])
