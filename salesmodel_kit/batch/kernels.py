"""One notebook, one fresh kernel, through Papermill."""

from __future__ import annotations

import gc
import logging
import os
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from salesmodel_kit.batch.faults import DeadProcess, Fault
from salesmodel_kit.batch.limits import MEGABYTE, RARELY, Limits
from salesmodel_kit.batch.notebooks import clean_notebook, prepare_notebook
from salesmodel_kit.batch.steps import ClientRun
from salesmodel_kit.batch.workers import end_started_groups
from salesmodel_kit.errors import Message, SalesModelError
from salesmodel_kit.language import recognize_message

if TYPE_CHECKING:
    from nbformat import NotebookNode

_SHOWN_ERROR = 400


def prepare_worker() -> None:
    """Set a worker process up for running notebooks: quiet, one thread per kernel."""
    # jsonschema would compile a grammar of internet addresses for a second, for formats that no notebook has;
    # Papermill would load what reads notebooks from S3 and HDFS where it is installed: the batch's lie on this machine;
    # pandera would load what invents data for tests.
    for name in ("rfc3987_syntax", "boto3", "pyarrow.fs", "hypothesis"):
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    gc.set_threshold(*RARELY)
    logging.getLogger("papermill").setLevel(logging.ERROR)
    logging.getLogger("traitlets").setLevel(logging.ERROR)


def warm_for_notebooks() -> None:
    """Import what notebooks will need, in a worker that has nothing to do yet."""
    import papermill  # noqa: F401


def warm_for_report() -> None:
    """Import what a report will need, in a worker that has nothing to do."""
    import salesmodel_kit.reports.figures
    import salesmodel_kit.reports.html  # noqa: F401


#: What a worker imports while it has nothing to do, the first need first.
WARM = (warm_for_notebooks, warm_for_report)


def run_notebook(
    path: Path, *, run: ClientRun, scratch: Path, limits: Limits, fork_socket: str | None = None
) -> None:
    """Run one notebook for one client and write the executed copy.

    Parameters
    ----------
    path : pathlib.Path
        The kit's notebook; it is left as it is.
    run : ClientRun
        The client; the copy goes to its folder, below ``notebooks``.
    scratch : pathlib.Path
        Short path of a folder for sockets and settings of the kernel.
    limits : Limits
        What the notebook may take.
    fork_socket : str, optional
        Of a running :class:`ForkServer`; with it the notebook runs in a child of its
        template, without it in a kernel of its own.

    Raises
    ------
    SalesModelError
        A cell failed, or the notebook took more than it may; the sentence names notebook and cell.
    Fault
        Its process died.
    """
    import nbformat

    notebook = prepare_notebook(path, language=run.language)
    parameters = {"client": str(run.source), "language": run.language, "interactive": False}
    place = Place(scratch, limits, fork_socket, run.kept)
    executed = execute_notebook(notebook, name=path.stem, parameters=parameters, place=place)
    cleaned = clean_notebook(executed, shown={**parameters, "client": run.client_id})
    nbformat.write(cleaned, run.folder / "notebooks" / path.name)


@dataclass(frozen=True)
class Place:
    """Where and within which limits a notebook runs.

    Parameters
    ----------
    scratch : pathlib.Path
        Short path of a folder for sockets and settings of the kernel.
    limits : Limits
        What the notebook may take; its wall clock is the caller's to keep.
    fork_socket : str, optional
        As for :func:`run_notebook`.
    kept : pathlib.Path, optional
        Where the run keeps what it has computed for the client.
    """

    scratch: Path
    limits: Limits = field(default_factory=Limits)
    fork_socket: str | None = None
    kept: Path | None = None


def execute_notebook(
    notebook: NotebookNode, *, name: str, parameters: Mapping[str, object], place: Place
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
    place : Place
        Where it runs.

    Returns
    -------
    nbformat.NotebookNode
        With outputs, and with what Papermill notes in its metadata.

    Raises
    ------
    SalesModelError
        A cell failed, or the notebook took more than it may; the sentence names notebook and cell.
    Fault
        Its process died.
    """
    with tempfile.TemporaryDirectory(dir=place.scratch, ignore_cleanup_errors=True) as folder:
        try:
            return _call_papermill(notebook, parameters, folder=Path(folder), place=place)
        except Exception as error:
            told = _tell_failure(error, name=name, limits=place.limits)
            if told is None:
                raise
            raise told from error
        finally:
            end_started_groups()


def _call_papermill(
    notebook: NotebookNode, parameters: Mapping[str, object], *, folder: Path, place: Place
) -> NotebookNode:
    import papermill
    from papermill.engines import papermill_engines

    from salesmodel_kit.batch.kernel_engine import KERNEL_ENGINE, KernelEngine, make_manager_class

    if place.fork_socket is None:
        papermill_engines.register(KERNEL_ENGINE, KernelEngine)
        manager = make_manager_class(folder, limits=place.limits, kept=place.kept)
        engine = {"engine_name": KERNEL_ENGINE, "kernel_manager_class": manager, "shutdown_kernel": "immediate",
                  "raise_on_iopub_timeout": True, "most_bytes": place.limits.output}
    else:
        from salesmodel_kit.batch.fork_engine import ENGINE, ForkEngine

        papermill_engines.register(ENGINE, ForkEngine)
        engine = {"engine_name": ENGINE, "fork_socket": place.fork_socket, "child_folder": folder,
                  "limits": place.limits, "kept": place.kept}
    return papermill.execute_notebook(
        notebook,
        None,
        parameters=dict(parameters),
        kernel_name="python3",
        language="python",
        progress_bar=False,
        cwd=folder,
        request_save_on_cell_execute=False,
        **engine,
    )


def _tell_failure(error: Exception, *, name: str, limits: Limits) -> SalesModelError | None:
    """Return what a failure says to a user; None for one that the kit does not know."""
    from nbclient.exceptions import DeadKernelError
    from papermill import PapermillExecutionError

    from salesmodel_kit.batch.kernel_engine import TOO_MUCH_OUTPUT, TooMuchOutput, is_memory_error

    kind = getattr(error, "ename", "")
    if isinstance(error, TooMuchOutput) or kind == TOO_MUCH_OUTPUT:
        return SalesModelError(
            "Notebook {notebook} was stopped: it put out more than {limit} MB.",
            notebook=name, limit=round(limits.output / MEGABYTE),
        )
    if is_memory_error(kind):
        return SalesModelError(
            "Notebook {notebook} needs more than the {limit} MB of memory that it may take; allow more with --memory.",
            notebook=name, limit=round(limits.memory / MEGABYTE),
        )
    if isinstance(error, DeadProcess | DeadKernelError):
        return Fault(
            "The process of notebook {notebook} ended without a word; it may have run out of memory.", notebook=name
        )
    if isinstance(error, PapermillExecutionError):
        return SalesModelError(
            "Notebook {notebook} stopped at cell {cell}: {error}",
            notebook=name, cell=error.cell_index + 1, error=_say_error(error.ename, error.evalue),
        )
    return None


def _say_error(name: str, value: str) -> str | Message:
    """Return what a kernel says of an error: a message of the kit's where it is one, so that it can be translated."""
    sentence = " ".join(value.split())[:_SHOWN_ERROR]
    if name not in {"SalesModelError", "InputProblems"}:
        return f"{name}: {sentence}"
    return recognize_message(value) or sentence
