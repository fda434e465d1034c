"""Worker processes: one task at a time each, killed when it takes too long.

Own processes instead of a pool from the standard library, because a batch must
stop one notebook without stopping the others, outlive a worker that dies, and
leave no kernel behind. Workers are spawned, so nothing of the caller leaks into
them.
"""

from __future__ import annotations

import errno
import multiprocessing
import os
import signal
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import FrameType

from salesmodel_kit.batch.faults import Fault
from salesmodel_kit.batch.interrupts import hold_interrupts, receive_interrupts
from salesmodel_kit.batch.scratch import remove_scratch
from salesmodel_kit.errors import Message, SalesModelError, describe_os_error

#: Process groups that a worker has started and must not leave behind.
STARTED_GROUPS: set[int] = set()
#: Seconds in which a worker that has ended a task gets the next one, if there is any.
_PAUSE = 0.1


@dataclass(frozen=True)
class Task:
    """A call that a worker makes.

    Parameters
    ----------
    key : hashable
        Names the task in its outcome.
    function : callable
        Defined at the top of a module.
    arguments : mapping of str to object
        What it is called with, by name.
    seconds : float
        Wall clock after which the worker is killed.
    """

    key: Hashable
    function: Callable[..., object]
    arguments: Mapping[str, object]
    seconds: float = 600.0


@dataclass(frozen=True)
class Outcome:
    """What came of a task: a value, or why there is none.

    Parameters
    ----------
    key : hashable
        The task's.
    value : object
        What the function returned.
    failure : Message, optional
        Why it did not return.
    details : str
        Traceback of an unexpected error, for ``--debug``.
    seconds : float
        Wall clock.
    is_fault : bool
        The machinery failed, not the task: another attempt may succeed.
    task : Task, optional
        What was tried.
    """

    key: Hashable
    value: object = None
    failure: Message | None = None
    details: str = ""
    seconds: float = 0.0
    is_fault: bool = False
    task: Task | None = None


@dataclass
class _Worker:
    process: BaseProcess
    connection: Connection
    task: Task | None = None
    started: float = field(default_factory=time.monotonic)
    ended: float = 0.0


class Workers:
    """Spawned processes that work off a queue; leaving the ``with`` block ends them.

    They start with the first task: started earlier, they would take the core
    from the caller's check of the input.

    Parameters
    ----------
    jobs : int
        How many processes.
    prepare : callable
        Called once in every worker, before its first task.
    warm : sequence of callable
        Called in turn, one each time that a worker finds no task, for imports that later tasks need.
    tend : callable, optional
        Called again and again while the caller waits, to look after what the tasks need.
    scratch : pathlib.Path, optional
        Removed by the workers when the caller was killed and cannot do it.
    """

    def __init__(self, jobs: int, *, prepare: Callable[[], None], warm: Sequence[Callable[[], None]] = (),
                 tend: Callable[[], None] | None = None, scratch: Path | None = None) -> None:
        self._context = multiprocessing.get_context("spawn")
        self._prepare, self._warm, self._tend, self._scratch = prepare, warm, tend, scratch
        self._jobs = jobs
        self._workers: list[_Worker] = []
        self._waiting: deque[Task] = deque()

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *exception: object) -> None:
        for worker in self._workers:
            _end(worker)
        self._workers = []

    def submit(self, task: Task, *, first: bool = False) -> None:
        """Queue a task; ``first`` puts it before all that wait."""
        (self._waiting.appendleft if first else self._waiting.append)(task)

    def withdraw(self, is_obsolete: Callable[[Hashable], bool]) -> None:
        """Take waiting tasks out of the queue, by their keys."""
        self._waiting = deque(task for task in self._waiting if not is_obsolete(task.key))

    def outcomes(self) -> Iterator[Outcome]:
        """Yield outcomes as they come, until nothing waits or runs; tasks may be submitted meanwhile."""
        self._start(self._jobs - len(self._workers))
        while self._waiting or any(worker.task for worker in self._workers):
            for worker in sorted(self._workers, key=lambda worker: worker.ended):  # the warmest first
                if worker.task is None and self._waiting:
                    _give(worker, self._waiting.popleft())
            if self._tend is not None:
                self._tend()
            yield from self._collect()

    def _collect(self) -> list[Outcome]:
        busy = [worker for worker in self._workers if worker.task is not None]
        ready = wait([worker.connection for worker in busy], timeout=0.2)
        outcomes = [self._receive(worker) for worker in busy if worker.connection in ready]
        late = [worker for worker in busy if worker.task and time.monotonic() - worker.started > worker.task.seconds]
        return outcomes + [self._stop(worker) for worker in late]

    def _receive(self, worker: _Worker) -> Outcome:
        try:
            outcome: Outcome = replace(worker.connection.recv(), task=worker.task)
        except (EOFError, ConnectionError):
            failure = Message("Its process ended without a word; it may have run out of memory.")
            return self._replace(worker, failure, is_fault=True)
        worker.task, worker.ended = None, time.monotonic()
        return outcome

    def _stop(self, worker: _Worker) -> Outcome:
        limit = worker.task.seconds if worker.task else 0
        return self._replace(worker, Message("It was stopped after {seconds} seconds.", {"seconds": round(limit)}))

    def _replace(self, worker: _Worker, failure: Message, *, is_fault: bool = False) -> Outcome:
        task, seconds = worker.task, time.monotonic() - worker.started
        _end(worker)
        self._workers.remove(worker)
        self._start(1)
        return Outcome(task.key if task else None, failure=failure, seconds=seconds,
                       is_fault=is_fault, task=task)

    def _start(self, n_workers: int) -> None:
        for _ in range(n_workers):
            with hold_interrupts():
                ours, theirs = self._context.Pipe()
                process = self._context.Process(target=_serve, args=(theirs, self._prepare, self._warm, self._scratch),
                                                daemon=True)
                process.start()
                theirs.close()
                self._workers.append(_Worker(process, ours))


def _give(worker: _Worker, task: Task) -> None:
    worker.task, worker.started = task, time.monotonic()
    with suppress(ConnectionError):  # a worker that died while idle: receiving says so
        worker.connection.send(task)


def _end(worker: _Worker) -> None:
    worker.process.terminate()
    worker.process.join(timeout=3)
    if worker.process.is_alive():
        worker.process.kill()
        worker.process.join()
    worker.connection.close()


def _serve(
    connection: Connection, prepare: Callable[[], None], warm: Sequence[Callable[[], None]], scratch: Path | None
) -> None:
    receive_interrupts(on_interrupt=_ignore, on_end=_leave)
    threading.Thread(target=_end_with_caller, args=(scratch,), daemon=True).start()
    prepare()
    cold = deque(warm)
    while True:
        if cold and not connection.poll(_PAUSE):
            cold.popleft()()
        try:
            task = connection.recv()
        except EOFError:
            return
        connection.send(_attempt(task))


def _end_with_caller(scratch: Path | None) -> None:
    """End this process and what it has started as soon as its caller is gone, however that ended."""
    caller = multiprocessing.parent_process()
    if caller is not None:
        wait([caller.sentinel])
        end_started_groups()
        if scratch is not None:
            remove_scratch(scratch)
        os._exit(143)


def _attempt(task: Task) -> Outcome:
    started = time.monotonic()
    value, failure, details, is_fault = None, None, "", False
    try:
        value = task.function(**task.arguments)
    except SalesModelError as error:
        failure, is_fault = make_plain(error.message), isinstance(error, Fault)
    except Exception as error:
        failure, details = _say_unexpected(error), traceback.format_exc()
    return Outcome(task.key, value, failure, details, time.monotonic() - started, is_fault)


def _say_unexpected(error: Exception) -> Message:
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return Message("The disk is full.", {})
    if isinstance(error, OSError) and error.errno:
        return Message("Unexpected error: {error}.", {"error": describe_os_error(error)})
    return Message("Unexpected error: {error}.", {"error": f"{type(error).__name__}: {error}"})


def make_plain(message: Message) -> Message:
    """Return a message that can go from process to process: its facts are numbers, texts and messages."""
    return Message(message.template, {name: _plain_fact(fact) for name, fact in message.facts.items()})


def _plain_fact(fact: object) -> object:
    if isinstance(fact, Message):
        return make_plain(fact)
    return fact if isinstance(fact, int | float) else str(fact)


def _ignore(signum: int, frame: FrameType | None) -> None:
    """Let Ctrl-C reach the parent only: it decides what ends."""


def _leave(signum: int, frame: FrameType | None) -> None:
    end_started_groups()
    os._exit(143)


def end_started_groups() -> None:
    """Kill the process groups that this process has started."""
    while STARTED_GROUPS:
        group = STARTED_GROUPS.pop()
        if sys.platform != "win32":
            with suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)
