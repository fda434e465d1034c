"""A batch: every client's notebooks, tables and report, each client published when it is complete."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from salesmodel_kit.batch.events import WHOLE, Event, Watcher, watch_nothing
from salesmodel_kit.batch.kernels import prepare_worker, warm_worker
from salesmodel_kit.batch.limits import MEGABYTE, Limits
from salesmodel_kit.batch.manifest import append_record
from salesmodel_kit.batch.record import make_record, write_record
from salesmodel_kit.batch.results import ClientResult, locate_client
from salesmodel_kit.batch.scheduler import Batch, refuse_twins
from salesmodel_kit.batch.state import find_intact, hash_kit, hash_state
from salesmodel_kit.batch.target import hold_staging, refuse_target, say_refusal
from salesmodel_kit.batch.workers import Workers
from salesmodel_kit.client.sources import read_fingerprint
from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.resources import find_resource

if TYPE_CHECKING:
    from salesmodel_kit.batch.fork_server import ForkServer


@dataclass(frozen=True)
class Settings:
    """How a batch runs.

    Parameters
    ----------
    jobs : int, optional
        Processes; as many as there are cores by default.
    language : {"en", "fr"}, optional
        Language of the reports instead of the clients' own.
    engine : {"kernel", "fork"}, optional
        ``kernel``: a kernel for each notebook; ``fork``: a fresh child of a preloaded
        process, Linux only, same results. By default ``fork`` on Linux.
    seconds : float
        Wall clock after which a notebook is stopped.
    memory : float
        Megabytes that a notebook may take beside the libraries; held on Linux.
    output : float
        Megabytes that a notebook may put out.
    fresh : bool
        Run clients whose results are there and up to date, too.
    """

    jobs: int | None = None
    language: Literal["en", "fr"] | None = None
    engine: Literal["kernel", "fork"] | None = None
    seconds: float = 900.0
    memory: float = 4_000.0
    output: float = 64.0
    fresh: bool = False

    @property
    def limits(self) -> Limits:
        """Return the limits of one notebook."""
        return Limits(self.seconds, round(self.memory * MEGABYTE), round(self.output * MEGABYTE))

    @property
    def forks(self) -> bool:
        """Return whether notebooks run in children of a preloaded process."""
        return (self.engine or ("fork" if sys.platform == "linux" else "kernel")) == "fork"


def run_clients(
    clients: Sequence[str | Path],
    *,
    out: Path,
    settings: Settings | None = None,
    watch: Watcher | None = None,
) -> tuple[ClientResult, ...]:
    """Run the notebooks of each client and publish its results in ``out``.

    Parameters
    ----------
    clients : sequence of str or pathlib.Path
        Folders, workbooks, or ``demo:<name>``.
    out : pathlib.Path
        Gets ``<client_id>/`` for each client that ran, ``index.html`` and
        ``manifest.jsonl``. Earlier results of a client stay until its new ones
        are complete; nothing is written when the input of every client is refused.
    settings : Settings, optional
        How the batch runs.
    watch : callable, optional
        Called with an :class:`Event` after each step.

    Returns
    -------
    tuple of ClientResult
        In the order of ``clients``: done, unchanged, failed, or refused with its problems.

    Raises
    ------
    SalesModelError
        Two clients share an id, ``out`` cannot be used or is in use, or the
        engine does not run on this system.
    """
    return run_notebooks(
        clients, notebooks=find_notebooks(), out=out, watch=watch, settings=settings or Settings()
    )


def find_notebooks() -> tuple[Path, ...]:
    """Return the kit's notebooks in the order of the chain."""
    return tuple(sorted(find_resource("notebooks").glob("[0-9][0-9]_*.ipynb")))


def run_notebooks(
    clients: Sequence[str | Path],
    *,
    notebooks: Sequence[Path],
    out: Path,
    settings: Settings,
    watch: Watcher | None = None,
) -> tuple[ClientResult, ...]:
    """Run given notebooks for each client: :func:`run_clients` with its parts exposed."""
    if settings.forks and sys.platform != "linux":
        raise SalesModelError("The engine fork runs on Linux only; leave --engine out, or choose kernel.")
    located = [locate_client(client) for client in clients]
    there = [result for result in located if result.source is not None]
    refuse_twins(there)
    refuse_target(out, sources=[result.source for result in there],
                  client_ids=[result.client_id for result in there if result.client_id])
    with ExitStack() as stack:
        run = _Run(out, settings, watch or watch_nothing, stack)
        if out.is_dir() and there:
            run.stage()
        kit = hash_kit(notebooks, language=settings.language)
        results = located if settings.fresh else skip_unchanged(located, out=out, kit=kit)
        for result in results:
            if result.status in ("refused", "unchanged"):
                run.tell(result, n_all=len(results), n_steps=len(notebooks) + 3)
        if any(result.status == "waiting" for result in results):
            run.work(results, notebooks=tuple(notebooks), kit=kit)
        if run.staging is not None and any(result.status != "refused" for result in results):
            with say_refusal(out):
                write_record(results, out=out, language=settings.language)
    return tuple(results)


def skip_unchanged(results: Sequence[ClientResult], *, out: Path, kit: str) -> list[ClientResult]:
    """Return the results with those as unchanged whose files are there, intact, and of this input and kit.

    Parameters
    ----------
    results : sequence of ClientResult
        Those that wait are looked up.
    out : pathlib.Path
        The batch's folder.
    kit : str
        As :func:`hash_kit` returns it.
    """
    states = [_hash_waiting(result, kit) for result in results]
    intact = find_intact(out, states) if any(states) else {}
    return [result if intact.get(state) is None else result.unchanged(intact[state], out=out)
            for result, state in zip(results, states, strict=True)]


def _hash_waiting(result: ClientResult, kit: str) -> str | None:
    try:
        fingerprint = read_fingerprint(result.source) if result.status == "waiting" else None
    except OSError:  # the step that opens the client says what is wrong
        return None
    return None if fingerprint is None else hash_state(fingerprint, kit)


def start_fork_server(scratch: Path, stack: ExitStack) -> ForkServer:
    """Start the process that notebooks are forked from, until the stack closes."""
    from salesmodel_kit.batch.fork_server import ForkServer

    return stack.enter_context(ForkServer(scratch))


def _count_cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass
class _Run:
    """What a batch holds as long as it runs: lock, hidden folder, processes."""

    out: Path
    settings: Settings
    watch: Watcher
    stack: ExitStack
    staging: Path | None = None

    def stage(self) -> Path:
        """Return the folder that results are made in; the first call locks the batch's folder and makes it."""
        if self.staging is None:
            self.staging = self.stack.enter_context(hold_staging(self.out))
        return self.staging

    def tell(self, result: ClientResult, *, n_all: int, n_steps: int) -> None:
        """Say what came of a client that takes no step."""
        self.watch(Event(result.label, WHOLE, result.status, 0.0, 0, n_all * n_steps, result.sentence))

    def work(self, results: list[ClientResult], *, notebooks: tuple[Path, ...], kit: str) -> None:
        """Run every client that waits; what came of each is in ``results`` afterwards."""
        n_waiting = sum(result.status == "waiting" for result in results)
        jobs = max(1, min(self.settings.jobs or _count_cores(), (len(notebooks) + 1) * n_waiting))
        with ExitStack() as stack:
            scratch = Path(stack.enter_context(
                tempfile.TemporaryDirectory(prefix="salesmodel-", ignore_cleanup_errors=True)))
            server = start_fork_server(scratch, stack) if self.settings.forks else None
            workers = stack.enter_context(Workers(jobs, prepare=prepare_worker, warm=warm_worker, scratch=scratch,
                                                  tend=None if server is None else server.tend))
            batch = Batch(
                results, notebooks, self.out, scratch, kit, self.settings.limits, self.settings.language,
                stage=self.stage, note=self._note, fork_socket=None if server is None else str(server.socket))
            batch.run(workers, watch=self.watch)

    def _note(self, result: ClientResult) -> None:
        if result.status != "refused":
            self.stage()
            with say_refusal(self.out):
                append_record(self.out, make_record(result, out=self.out, language=self.settings.language))
