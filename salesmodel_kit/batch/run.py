"""A batch: every client's notebooks, tables and report, each client published when it is complete."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from salesmodel_kit.batch.kernels import prepare_worker, run_notebook
from salesmodel_kit.batch.record import write_record
from salesmodel_kit.batch.results import ClientResult, check_client_input
from salesmodel_kit.batch.steps import FOLDERS, ClientRun, make_report, make_tables
from salesmodel_kit.batch.target import hold_staging, publish, refuse_target, say_refusal
from salesmodel_kit.batch.workers import Outcome, Task, Workers
from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.resources import find_resource

_TABLES, _REPORT = "tables", "report"
Watcher = Callable[[str, int, int], None]


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
    """

    jobs: int | None = None
    language: Literal["en", "fr"] | None = None
    engine: Literal["kernel", "fork"] | None = None
    seconds: float = 900.0

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
        Called with the client's id, steps done and steps in all, after each step.

    Returns
    -------
    tuple of ClientResult
        In the order of ``clients``: done, failed, or refused with its problems.

    Raises
    ------
    SalesModelError
        Two clients share an id, or ``out`` cannot be used, or the
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
    jobs = max(1, min(settings.jobs or _count_cores(), (len(notebooks) + 1) * len(clients)))
    if settings.forks and sys.platform != "linux":
        raise SalesModelError("The engine fork runs on Linux only; leave --engine out, or choose kernel.")
    with ExitStack() as stack:
        scratch = Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="salesmodel-", ignore_cleanup_errors=True))
        )
        fork_socket = start_fork_server(scratch, stack) if settings.forks else None
        workers = stack.enter_context(Workers(jobs, prepare=prepare_worker))
        checked = [check_client_input(client, language=settings.language) for client in clients]
        accepted = [result for result in checked if result.status == "accepted"]
        if not accepted:
            return tuple(checked)
        _refuse_twins(accepted)
        refuse_target(
            out, sources=[result.source for result in accepted], client_ids=[result.client_id for result in accepted]
        )
        staging = stack.enter_context(hold_staging(out))
        batch = _Batch(checked, tuple(notebooks), staging, scratch, settings.seconds, fork_socket)
        batch.run(workers, out=out, watch=watch or _watch_nothing)
        with say_refusal(out):
            write_record(batch.results, out=out, language=settings.language)
    return tuple(batch.results)


def start_fork_server(scratch: Path, stack: ExitStack) -> str:
    """Start the process that notebooks are forked from, until the stack closes; return its socket."""
    from salesmodel_kit.batch.fork_server import ForkServer

    return str(stack.enter_context(ForkServer(scratch)).socket)


def _count_cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _refuse_twins(results: Sequence[ClientResult]) -> None:
    counts = Counter(result.client_id.casefold() for result in results)
    twins = [result for result in results if counts[result.client_id.casefold()] > 1]
    if twins:
        raise SalesModelError(
            "These clients have the same id {client_id}: {clients}. Give each its own in client.yaml.",
            client_id=twins[0].client_id,
            clients=", ".join(result.client for result in twins),
        )


def _watch_nothing(client_id: str, n_done: int, n_steps: int) -> None:
    """Stand in for a progress bar."""


@dataclass
class _Batch:
    """The state of a batch: what each client still waits for."""

    results: list[ClientResult]
    notebooks: tuple[Path, ...]
    staging: Path
    scratch: Path
    seconds: float
    fork_socket: str | None = None
    runs: dict[int, ClientRun] = field(default_factory=dict)
    timings: dict[int, dict[str, float]] = field(default_factory=dict)

    @property
    def n_steps(self) -> int:
        """Return how many steps a client takes: notebooks, tables, report."""
        return len(self.notebooks) + 2

    @property
    def n_done(self) -> int:
        """Return how many steps are behind us; a client that is done or failed has all behind it."""
        return sum(
            len(self.timings[number]) if self.results[number].status == "accepted" else self.n_steps
            for number in self.runs
        )

    def run(self, workers: Workers, *, out: Path, watch: Watcher) -> None:
        """Work off every step of every accepted client."""
        for number, result in enumerate(self.results):
            if result.status == "accepted":
                self._queue(number, result, workers)
        for outcome in workers.outcomes():
            number, step = outcome.key
            if self.results[number].status != "accepted":
                continue
            if outcome.failure is not None:
                self._fail(number, outcome, workers)
            elif step == _REPORT:
                self._publish(number, out=out)
            else:
                self._advance(number, outcome, workers)
            watch(self.results[number].client_id, self.n_done, self.n_steps * len(self.runs))

    def _queue(self, number: int, result: ClientResult, workers: Workers) -> None:
        run = ClientRun(
            source=result.source,
            client_id=result.client_id,
            name=result.name,
            language=result.language,
            fingerprint=result.fingerprint,
            folder=self.staging / result.client_id,
        )
        for name in FOLDERS:
            (run.folder / name).mkdir(parents=True)
        self.runs[number], self.timings[number] = run, {}
        for path in self.notebooks:
            arguments = {"path": path, "run": run, "scratch": self.scratch, "fork_socket": self.fork_socket}
            workers.submit(Task((number, path.stem), run_notebook, arguments, self.seconds))
        workers.submit(Task((number, _TABLES), make_tables, {"run": run}, self.seconds))

    def _advance(self, number: int, outcome: Outcome, workers: Workers) -> None:
        step = outcome.key[1]
        self.timings[number][step] = outcome.seconds
        if step == _TABLES:
            self.results[number] = self.results[number].with_facts(outcome.value)
        if len(self.timings[number]) == len(self.notebooks) + 1:
            facts = self.results[number].facts
            arguments = {"run": self.runs[number], "seconds": self.timings[number], "facts": facts}
            task = Task((number, _REPORT), make_report, arguments, self.seconds)
            workers.submit(task, first=True)

    def _fail(self, number: int, outcome: Outcome, workers: Workers) -> None:
        workers.withdraw(lambda key: key[0] == number)
        self.results[number] = self.results[number].failed(outcome.failure, details=outcome.details)
        shutil.rmtree(self.runs[number].folder, ignore_errors=True)

    def _publish(self, number: int, *, out: Path) -> None:
        result = self.results[number]
        place = out / result.client_id
        try:
            with say_refusal(place):
                publish(self.runs[number].folder, place=place)
        except SalesModelError as error:
            self.results[number] = result.failed(error.message)
        else:
            self.results[number] = result.done(place, seconds=sum(self.timings[number].values()))
