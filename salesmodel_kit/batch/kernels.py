"""One notebook, one fresh kernel, through Papermill."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from salesmodel_kit.batch.notebooks import clean_notebook, prepare_notebook
from salesmodel_kit.batch.steps import ClientRun
from salesmodel_kit.batch.workers import STARTED_GROUPS, end_started_groups
from salesmodel_kit.errors import Message, SalesModelError
from salesmodel_kit.language import recognize_message

if TYPE_CHECKING:
    from nbformat import NotebookNode

#: Longest path that a Unix socket takes on every system, with room for its own name.
_SOCKET_PATH = 80
_SHOWN_ERROR = 400


def prepare_worker() -> None:
    """Set a worker process up for running notebooks: quiet, one thread per kernel, imports done."""
    # jsonschema would compile a grammar of internet addresses for a second, for formats that no notebook has.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    logging.getLogger("papermill").setLevel(logging.ERROR)
    logging.getLogger("traitlets").setLevel(logging.ERROR)
    import papermill  # noqa: F401


def run_notebook(path: Path, *, run: ClientRun, scratch: Path, fork_socket: str | None = None) -> None:
    """Run one notebook for one client and write the executed copy.

    Parameters
    ----------
    path : pathlib.Path
        The kit's notebook; it is left as it is.
    run : ClientRun
        The client; the copy goes to its folder, below ``notebooks``.
    scratch : pathlib.Path
        Short path of a folder for sockets and settings of the kernel.
    fork_socket : str, optional
        Of a running :class:`ForkServer`; with it the notebook runs in a child of its
        template, without it in a kernel of its own.

    Raises
    ------
    SalesModelError
        A cell failed, or the kernel died; the sentence names notebook and cell.
    """
    import nbformat

    notebook = prepare_notebook(path, language=run.language)
    parameters = {"client": str(run.source), "language": run.language, "interactive": False}
    executed = execute_notebook(notebook, name=path.stem, parameters=parameters, scratch=scratch,
                                fork_socket=fork_socket)
    cleaned = clean_notebook(executed, shown={**parameters, "client": run.client_id})
    nbformat.write(cleaned, run.folder / "notebooks" / path.name)


def execute_notebook(
    notebook: NotebookNode, *, name: str, parameters: Mapping[str, object], scratch: Path,
    fork_socket: str | None = None,
) -> NotebookNode:
    """Return an executed copy of a notebook, run by Papermill in a fresh kernel or a fresh child.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        As :func:`prepare_notebook` returns it; it is left as it is.
    name : str
        The notebook's, for sentences.
    parameters : mapping of str to object
        Injected after the notebook's own; plain values only.
    scratch : pathlib.Path
        Short path of a folder for sockets and settings of the kernel.
    fork_socket : str, optional
        As for :func:`run_notebook`.

    Returns
    -------
    nbformat.NotebookNode
        With outputs, and with what Papermill notes in its metadata.

    Raises
    ------
    SalesModelError
        A cell failed, or the kernel died; the sentence names notebook and cell.
    """
    import papermill
    from nbclient.exceptions import DeadKernelError

    with tempfile.TemporaryDirectory(dir=scratch, ignore_cleanup_errors=True) as folder:
        os.environ["IPYTHONDIR"] = folder  # the user's start-up files have no part in a report
        try:
            return papermill.execute_notebook(
                notebook,
                None,
                parameters=dict(parameters),
                kernel_name="python3",
                language="python",
                progress_bar=False,
                cwd=folder,
                request_save_on_cell_execute=False,
                **_choose_engine(Path(folder), fork_socket),
            )
        except papermill.PapermillExecutionError as error:
            raise SalesModelError(
                "Notebook {notebook} stopped at cell {cell}: {error}",
                notebook=name,
                cell=error.cell_index + 1,
                error=_say_error(error.ename, error.evalue),
            ) from error
        except DeadKernelError as error:
            raise SalesModelError(
                "The kernel of notebook {notebook} died; it may have run out of memory.", notebook=name
            ) from error
        finally:
            end_started_groups()


def _choose_engine(folder: Path, fork_socket: str | None) -> dict[str, object]:
    """Return what Papermill is told of the engine."""
    if fork_socket is None:
        return {"kernel_manager_class": make_manager_class(folder), "shutdown_kernel": "immediate",
                "raise_on_iopub_timeout": True}
    from papermill.engines import papermill_engines

    from salesmodel_kit.batch.fork_engine import ENGINE, ForkEngine

    papermill_engines.register(ENGINE, ForkEngine)
    return {"engine_name": ENGINE, "fork_socket": fork_socket}


def _say_error(name: str, value: str) -> str | Message:
    """Return what a kernel says of an error: a message of the kit's where it is one, so that it can be translated."""
    sentence = " ".join(value.split())[:_SHOWN_ERROR]
    if name not in {"SalesModelError", "InputProblems"}:
        return f"{name}: {sentence}"
    return recognize_message(value) or sentence


def make_manager_class(folder: Path) -> type:
    """Return a kernel manager that starts this Python, on sockets in ``folder`` where the system has them.

    Ports would collide between processes, and a kernel specification of the
    user's could start another Python.
    """
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager

    command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}", "--HistoryManager.enabled=False"]

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
            await super().start_kernel(**settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            STARTED_GROUPS.add(self.provisioner.pid)

    return FreshKernel
