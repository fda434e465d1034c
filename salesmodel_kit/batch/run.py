"""A batch: every client's notebooks, tables and report, each client published when it is complete."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from salesmodel_kit.batch.addresses import find_local, is_address
from salesmodel_kit.batch.clearing import clear_versions, hold_address
from salesmodel_kit.batch.events import WHOLE, Event, Watcher, watch_nothing
from salesmodel_kit.batch.fetching import locate_clients
from salesmodel_kit.batch.kernels import WARM, prepare_worker
from salesmodel_kit.batch.manifest import MANIFEST_FILE, append_record, list_parts, name_manifest
from salesmodel_kit.batch.record import list_named, make_record, read_run, read_runs, write_part, write_record
from salesmodel_kit.batch.remote import RemoteOut
from salesmodel_kit.batch.results import ClientResult
from salesmodel_kit.batch.scheduler import Batch, refuse_twins
from salesmodel_kit.batch.scratch import hold_scratch
from salesmodel_kit.batch.settings import Settings
from salesmodel_kit.batch.state import find_intact, hash_kit, hash_state
from salesmodel_kit.batch.target import hold_staging, refuse_target, say_refusal
from salesmodel_kit.batch.workers import Workers
from salesmodel_kit.client.sources import read_fingerprint
from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.resources import find_resource

if TYPE_CHECKING:
    from salesmodel_kit.batch.fork_server import ForkServer


def run_clients(
    clients: Sequence[str | Path],
    *,
    out: str | Path,
    settings: Settings | None = None,
    watch: Watcher | None = None,
) -> tuple[ClientResult, ...]:
    """Run the notebooks of each client and publish its results in ``out``.

    Parameters
    ----------
    clients : sequence of str or pathlib.Path
        Folders, workbooks, ``demo:<name>``, or addresses like ``s3://bucket/clients/acme``.
    out : str or pathlib.Path
        Folder or address; gets ``<client_id>/`` for each client that ran, ``index.html`` and
        ``manifest.jsonl``. Earlier results of a client stay until its new ones
        are complete; nothing is written when the input of every client is refused.
    settings : Settings, optional
        How the batch runs.
    watch : callable, optional
        Called with an :class:`Event` after each step.

    Returns
    -------
    tuple of ClientResult
        In the order of ``clients``, of a part those that fall to it: done, unchanged, failed, or refused with its
        problems.

    Raises
    ------
    SalesModelError
        Two clients share an id, ``out`` cannot be used or is in use, the engine
        does not run on this system, or no cluster answers.
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
    out: str | Path,
    settings: Settings,
    watch: Watcher | None = None,
) -> tuple[ClientResult, ...]:
    """Run given notebooks for each client: :func:`run_clients` with its parts exposed."""
    if settings.forks and sys.platform != "linux":
        raise SalesModelError("The engine fork runs on Linux only; leave --engine out, or choose kernel.")
    with ExitStack() as stack:
        scratch = stack.enter_context(hold_scratch())
        located = locate_clients(clients, scratch=scratch)
        refuse_twins([result for result in located if result.source is not None])
        if settings.shard is not None:
            located = [result for result in located if settings.shard.takes(_name_for_shard(result))]
        run = _open_run(out, settings, watch=watch or watch_nothing, scratch=scratch, stack=stack)
        run.take_up(located)
        kit = hash_kit(notebooks, language=settings.language)
        results = located if settings.fresh else run.skip(located, kit=kit)
        n_waiting = sum(result.status == "waiting" for result in results)
        for result in results:
            if result.status in ("refused", "unchanged"):
                run.tell(result, n_steps=n_waiting * (len(notebooks) + 3))
        if n_waiting:
            run.work(results, notebooks=tuple(notebooks), kit=kit)
        if run.staging is not None and any(result.status != "refused" for result in results):
            run.close(results)
        return tuple(run.place(result) for result in results)


def gather_runs(out: str | Path, *, language: Literal["en", "fr"] | None = None) -> str:
    """Write the index page and the manifest over everything in a folder, when the parts of a batch have run.

    Parameters
    ----------
    out : str or pathlib.Path
        The batch's folder or its address.
    language : {"en", "fr"}, optional
        Of the page; by default the one that all clients share, else the system's.

    Returns
    -------
    str
        Where the page is.

    Raises
    ------
    SalesModelError
        There are no results, or a run is still writing there.
    """
    with ExitStack() as stack:
        scratch = stack.enter_context(hold_scratch())
        run = _open_run(out, Settings(language=language), watch=watch_nothing, scratch=scratch, stack=stack)
        if run.remote is not None:
            run.remote.pull(run.out)
        if not run.out.is_dir() or not (read_runs(run.out) or list_parts(run.out)):
            raise SalesModelError("There is no report in {folder}: name the folder that the runs wrote to.", folder=out)
        run.stage()
        run.close((), kept=("failed", "refused"))
    return f"{str(out).rstrip('/')}/index.html"


def _open_run(
    out: str | Path, settings: Settings, *, watch: Watcher, scratch: Path, stack: ExitStack
) -> _Run:
    if is_address(out):
        return _Run(scratch / "out", settings, watch, stack, scratch, RemoteOut(str(out)))
    return _Run(Path(find_local(out)), settings, watch, stack, scratch)


def _name_for_shard(result: ClientResult) -> str:
    """Return the id, or what stands for it where the id is not known yet: the last part of what the user named."""
    return result.client_id or re.split(r"[/\\]", result.client.rstrip("/\\"))[-1]


def skip_unchanged(
    results: Sequence[ClientResult], *, out: Path, kit: str, remote: RemoteOut | None = None
) -> list[ClientResult]:
    """Return the results with those as unchanged whose files are there, intact, and of this input and kit.

    Parameters
    ----------
    results : sequence of ClientResult
        Those that wait are looked up.
    out : pathlib.Path
        The batch's folder.
    kit : str
        As :func:`hash_kit` returns it.
    remote : RemoteOut, optional
        Where the results lie, when ``out`` only says of each where it is.
    """
    states = [_hash_waiting(result, kit) for result in results]
    intact = find_intact(out, states, judge=None if remote is None else remote.is_intact) if any(states) else {}
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
    """What a batch holds as long as it runs: locks, hidden folder, processes; what it found named at an address."""

    out: Path
    settings: Settings
    watch: Watcher
    stack: ExitStack
    scratch: Path
    remote: RemoteOut | None = None
    staging: Path | None = None
    mark: str = ""
    former: set[str] = field(default_factory=set)

    def take_up(self, results: Sequence[ClientResult]) -> None:
        """Refuse a place where results must not go, and lock the batch's folder where it is there."""
        there = [result for result in results if result.source is not None]
        client_ids = [result.client_id for result in there if result.client_id]
        if self.remote is not None:
            self.remote.refuse_clients(result.client for result in there)
            is_part = self.settings.shard is not None and len(client_ids) == len(there)
            self.remote.pull(self.out, client_ids=client_ids if is_part else None)
        refuse_target(self.out, sources=[result.source for result in there], client_ids=client_ids,
                      shown=None if self.remote is None else self.remote.address)
        if self.out.is_dir() and there:
            self.stage()

    def skip(self, results: Sequence[ClientResult], *, kit: str) -> list[ClientResult]:
        """Return the results with those as unchanged that are there already."""
        return skip_unchanged(results, out=self.out, kit=kit, remote=self.remote)

    def stage(self) -> Path:
        """Return the folder that results are made in; the first call locks the batch's folder and makes it."""
        if self.staging is None:
            if self.remote is not None:
                self.former = list_named(self.out)
                self.mark = self.stack.enter_context(hold_address(self.remote.address, shard=self.settings.shard))
            self.staging = self.stack.enter_context(hold_staging(self.out, shard=self.settings.shard))
        return self.staging

    def tell(self, result: ClientResult, *, n_steps: int) -> None:
        """Say what came of a client that takes none of the steps before us."""
        self.watch(Event(result.label, WHOLE, result.status, 0.0, 0, n_steps, result.sentence, result.problems))

    def work(self, results: list[ClientResult], *, notebooks: tuple[Path, ...], kit: str) -> None:
        """Run every client that waits; what came of each is in ``results`` afterwards."""
        settings = self.settings
        batch = Batch(results, notebooks, self.out, self.scratch, kit, settings.limits, settings.language,
                      stage=self.stage, note=self._note, remote=self.remote, jobs=settings.jobs or _count_cores())
        if settings.dask is not None:
            from salesmodel_kit.batch.cluster import run_on_cluster

            run_on_cluster(batch, settings.dask, forks=settings.forks, watch=self.watch)
            return
        idle = 0 if settings.forks or settings.jobs else 1  # who waits for a kernel leaves its core idle now and then
        jobs = max(1, min(batch.jobs + idle, (len(notebooks) + 1) * batch.n_clients))
        with ExitStack() as stack:
            server = start_fork_server(self.scratch, stack) if settings.forks else None
            workers = stack.enter_context(Workers(jobs, prepare=prepare_worker, warm=WARM, scratch=self.scratch,
                                                  tend=None if server is None else server.tend))
            batch.fork_socket = None if server is None else str(server.socket)
            batch.run(workers, watch=self.watch)

    def _note(self, result: ClientResult) -> None:
        if result.status != "refused":
            self.stage()
            with say_refusal(self.out):
                append_record(self.out, make_record(result, out=self.out, language=self.settings.language),
                              shard=self.settings.shard)

    def close(self, results: Sequence[ClientResult], *, kept: Sequence[str] = ("failed",)) -> None:
        """Write the index page and the manifest, or the manifest of a part."""
        shard, language, merged = self.settings.shard, self.settings.language, list_parts(self.out)
        with say_refusal(self.out):
            if shard is not None:
                write_part(results, out=self.out, language=language, shard=shard)
            else:
                write_record(results, out=self.out, language=language, kept=kept)
        if self.remote is not None and shard is not None:
            self.remote.push(self.out, names=[name_manifest(shard)])
        elif self.remote is not None:
            self.remote.push(self.out, names=["index.html", MANIFEST_FILE], merged=[part.name for part in merged])
            clear_versions(self.remote.address, mark=self.mark, former=self.former,
                           ours={name: str(run.get("version")) for name, run in read_runs(self.out).items()})

    def place(self, result: ClientResult) -> ClientResult:
        """Return a result that says where it lies for the user."""
        if self.remote is None or not result.is_complete:
            return result
        run = read_run(self.out, result.client_id)
        return replace(result, folder=f"{self.remote.locate(result.client_id)}/{run['version']}")
