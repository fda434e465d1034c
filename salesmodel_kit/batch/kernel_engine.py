"""Papermill's own engine with a real kernel, kept within the limits of a notebook."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, NotebookExecutionManager

from salesmodel_kit.batch.environment import make_environment
from salesmodel_kit.batch.limits import LIBRARIES, RARELY, Limits
from salesmodel_kit.batch.workers import STARTED_GROUPS, end_started_groups

#: Under which Papermill knows the engine.
KERNEL_ENGINE = "salesmodel-kernel"
#: Name of the error of a notebook that puts out too much.
TOO_MUCH_OUTPUT = "TooMuchOutput"
#: Longest path that a Unix socket takes on every system, with room for its own name.
_SOCKET_PATH = 80
#: Without the debugger, which nobody can reach in a batch and which takes a tenth of a second to import.
_START = (
    "import gc, runpy, resource, sys; sys.modules['debugpy'] = None; gc.set_threshold{rarely};"
    " resource.setrlimit(resource.RLIMIT_DATA, ({limit}, {limit}));"
    " runpy.run_module('ipykernel_launcher', run_name='__main__', alter_sys=True)"
)


class TooMuchOutput(RuntimeError):
    """A notebook put out more than it may."""


class _Client(PapermillNotebookClient):
    """Ends the kernel when its outputs grow too large."""

    n_bytes = 0
    most_bytes = sys.maxsize

    def output(self, outs: list[NotebookNode], msg: dict[str, Any], display_id: str, cell_index: int) -> object:
        self.n_bytes += len(json.dumps(msg["content"], default=str))
        if self.n_bytes > self.most_bytes:
            end_started_groups()
        return super().output(outs, msg, display_id, cell_index)


class KernelEngine(NBClientEngine):
    """Runs a notebook in a kernel; beside Papermill's settings it takes ``most_bytes`` of output."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: NotebookExecutionManager, kernel_name: str, *, most_bytes: int = sys.maxsize, **settings: object,
    ) -> None:
        """Run every cell in order and stop at the first that fails.

        Raises
        ------
        TooMuchOutput
            The cells put out more than ``most_bytes``.
        """
        settings.pop("input_path", None)
        names = ("execution_timeout", "start_timeout", "autosave_cell_every", "output_path", "progress_bar")
        taken = {name: value for name, value in settings.items() if name not in names}
        client = _Client(nb_man, kernel_name=kernel_name, timeout=None, **taken)
        client.most_bytes = most_bytes
        try:
            client.execute()
        except DeadKernelError:
            if client.n_bytes > most_bytes:
                raise TooMuchOutput from None
            raise


def make_manager_class(folder: Path, *, limits: Limits, kept: Path | None = None) -> type:
    """Return a kernel manager that starts this Python, on sockets in ``folder`` where the system has them.

    Ports would collide between processes, and a kernel specification of the
    user's could start another Python.
    """
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager

    command = [*_make_command(limits), "-f", "{connection_file}", "--HistoryManager.enabled=False"]

    class FreshKernel(AsyncKernelManager):
        def __init__(self, **settings: object) -> None:
            super().__init__(**settings)
            if sys.platform != "win32" and len(str(folder)) <= _SOCKET_PATH:
                self.transport = "ipc"
                self.connection_file = str(folder / "kernel.json")

        @property
        def kernel_spec(self) -> KernelSpec:
            return KernelSpec(argv=command, display_name="Python 3", language="python")

        async def start_kernel(self, **settings: object) -> None:
            # What notebooks print comes through the sockets; this would be the noise of a kernel that is ended early.
            settings |= {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            await super().start_kernel(**settings, env=make_environment(folder, kept=kept))
            STARTED_GROUPS.add(self.provisioner.pid)

    return FreshKernel


def _make_command(limits: Limits) -> list[str]:
    if sys.platform != "linux":
        return [sys.executable, "-m", "ipykernel_launcher"]
    return [sys.executable, "-c", _START.format(limit=limits.memory + LIBRARIES, rarely=RARELY)]


def is_memory_error(name: str) -> bool:
    """Return whether the name of an error says that memory ran out: Python's, numpy's or Arrow's.

    Examples
    --------
    >>> [is_memory_error(name) for name in ("MemoryError", "_ArrayMemoryError", "KeyError")]
    [True, True, False]
    """
    return name.endswith("MemoryError")
