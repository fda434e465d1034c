"""Kernel processes that load and open before they are needed; nothing here takes long to import."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys

from salesmodel_kit.client.journal_lock import READ_ONLY
from salesmodel_kit.workshop.warm_kernel import CANNOT_OPEN

#: Id of the widget that is the page: the browser asks for it before the kernel has made it.
PAGE_ID = "workshop-page"


class WarmKernels:
    """Kernel processes that load and open before they are needed.

    Parameters
    ----------
    client : str
        Folder or workbook, or ``demo:`` and a name.
    is_read_only : bool
        The kernel refuses to write the client's journal.
    """

    def __init__(self, client: str, *, is_read_only: bool) -> None:
        self._command = [sys.executable, "-m", "salesmodel_kit.workshop.warm_kernel", client]
        self._is_read_only = is_read_only
        self._waiting: subprocess.Popen | None = None
        self._taken: subprocess.Popen | None = None

    def start(self) -> None:
        """Start a process that waits to be taken, unless one does."""
        if self._waiting is None:
            quiet = {} if os.environ.get("SALESMODEL_DEBUG") else {"stderr": subprocess.DEVNULL}
            settings = {READ_ONLY: "1"} if self._is_read_only else {}
            self._waiting = _launch(self._command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                    env={**os.environ, **settings}, **quiet)

    def find_failure(self) -> int | None:
        """Return the exit code of a waiting process that has ended, or of a taken one that could not open its client.

        A browser may ask for the page, and so take the process, before it has found out.
        """
        if self._waiting is not None and self._waiting.poll() is not None:
            return self._waiting.poll()
        return CANNOT_OPEN if self._taken is not None and self._taken.poll() == CANNOT_OPEN else None

    def take(self, arguments: list[str], environment: dict[str, str]) -> subprocess.Popen:
        """Return the waiting process, or a new one, with its order given.

        Parameters
        ----------
        arguments : list of str
            What a kernel gets on its command line.
        environment : dict of str to str
            What it gets beside its environment.
        """
        self.start()
        process, self._waiting = self._waiting, None
        self._taken = process
        with contextlib.suppress(BrokenPipeError):  # it has ended: find_failure tells
            process.stdin.write(json.dumps({"arguments": arguments, "env": environment}).encode() + b"\n")
            process.stdin.close()
        return process

    def end(self) -> None:
        """End a process that still waits."""
        process, self._waiting = self._waiting, None
        if process is not None:
            process.kill()
            process.wait()


def _launch(command: list[str], *, env: dict[str, str], **streams: object) -> subprocess.Popen:
    """Start a kernel's process as Jupyter does: Ctrl-C does not reach it, and it ends when we have gone."""
    if os.name != "posix":  # there it takes handles of Jupyter's own
        from jupyter_client.launcher import launch_kernel

        return launch_kernel(command, env=env, **streams)
    return subprocess.Popen(command, env={**env, "JPY_PARENT_PID": str(os.getpid())}, start_new_session=True, **streams)
