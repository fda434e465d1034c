"""The state of a batch: what each client still waits for, and what becomes of each step."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from salesmodel_kit.batch.events import WHOLE, Event, Watcher
from salesmodel_kit.batch.kernels import run_notebook
from salesmodel_kit.batch.limits import Limits
from salesmodel_kit.batch.remote import RemoteOut, keep_pointer, send_report
from salesmodel_kit.batch.results import ClientResult
from salesmodel_kit.batch.state import hash_state
from salesmodel_kit.batch.steps import FOLDERS, ClientRun, make_model, make_report, make_tables
from salesmodel_kit.batch.target import publish, refuse_target, say_refusal
from salesmodel_kit.batch.workers import Outcome, Task, Workers, make_plain
from salesmodel_kit.errors import Message, SalesModelError

#: Further attempts at a step after a fault of the machinery.
MOST_RETRIES = 2
_MODEL, _TABLES, _REPORT = "model", "tables", "report"


@dataclass
class Going:
    """A client that has begun.

    Parameters
    ----------
    run : ClientRun, optional
        As soon as its input is accepted.
    seconds : dict of str to float
        Wall clock of the steps that are behind it.
    attempts : Counter of str
        How often each step was tried.
    """

    run: ClientRun | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    attempts: Counter[str] = field(default_factory=Counter)

    @property
    def most_attempts(self) -> int:
        """Return how often the step was tried that was tried most often."""
        return max(self.attempts.values(), default=1)


@dataclass
class Batch:
    """Clients on their way from folder to report.

    Parameters
    ----------
    results : list of ClientResult
        Changed as the batch goes on; those that wait are run.
    notebooks : tuple of pathlib.Path
        Each runs for every client.
    out : pathlib.Path
        The batch's folder.
    scratch : pathlib.Path
        Private folder with a short path.
    kit : str
        Hash of everything beside the input that results depend on.
    limits : Limits
        Of one notebook.
    language : {"en", "fr"}, optional
        Instead of the clients' own.
    stage : callable
        Returns the folder that results are made in; it is made at the first call.
    note : callable
        Called with each result that is final.
    fork_socket : str, optional
        Of the template process.
    remote : RemoteOut, optional
        Where results go that do not stay on this machine; ``out`` then holds what says where they are.
    jobs : int
        How many clients can be at work at once.
    is_home : bool
        The user's own batch, which names results that lie elsewhere; a worker of a cluster only writes them.
    """

    results: list[ClientResult]
    notebooks: tuple[Path, ...]
    out: Path
    scratch: Path
    kit: str
    limits: Limits
    language: str | None
    stage: Callable[[], Path]
    note: Callable[[ClientResult], None]
    fork_socket: str | None = None
    remote: RemoteOut | None = None
    jobs: int = 1
    is_home: bool = True
    n_clients: int = field(init=False)
    n_ended: int = 0
    going: dict[int, Going] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Count the clients that are to run: what comes of them changes their status."""
        self.n_clients = sum(result.status == "waiting" for result in self.results)

    @property
    def n_steps(self) -> int:
        """Return how many steps a client takes: model, notebooks, tables, report."""
        return len(self.notebooks) + 3

    @property
    def n_done(self) -> int:
        """Return how many steps are behind us; a client that has come to its end has all behind it."""
        return self.n_ended * self.n_steps + sum(len(going.seconds) for going in self.going.values())

    def run(self, workers: Workers, *, watch: Watcher) -> None:
        """Work off every step of every client that waits."""
        for number, result in enumerate(self.results):
            if result.status == "waiting":
                arguments = {"result": result, "language": self.language, "kept": self._name_kept(number),
                             "has_core_to_spare": self.n_clients < self.jobs}
                workers.submit(Task((number, _MODEL), make_model, arguments, self.limits.seconds))
        for outcome in workers.outcomes():
            number, step = outcome.key
            if self.results[number].status in ("waiting", "accepted"):
                status = self._take(outcome, workers)
                self._tell(watch, number, step, status=status, outcome=outcome)

    def _name_kept(self, number: int) -> Path:
        return self.scratch / f"kept-{number}"

    def _tell(self, watch: Watcher, number: int, step: str, *, status: str, outcome: Outcome) -> None:
        result, n_steps = self.results[number], self.n_steps * self.n_clients
        watch(Event(result.label, step, status, outcome.seconds, self.n_done, n_steps, outcome.failure))
        if result.status not in ("waiting", "accepted"):
            self.note(result)
            watch(Event(result.label, WHOLE, result.status, result.seconds, self.n_done, n_steps, result.sentence,
                        result.problems))

    def _take(self, outcome: Outcome, workers: Workers) -> str:
        """Take what came of a step, submit what comes next, and return the step's status."""
        number, step = outcome.key
        going = self.going.setdefault(number, Going())
        going.attempts[step] += 1
        if outcome.failure is not None and outcome.is_fault and going.attempts[step] <= MOST_RETRIES:
            workers.submit(outcome.task, first=True)
            return "retried"
        if outcome.failure is not None:
            self._fail(number, outcome.failure, workers, details=outcome.details)
            return "failed"
        going.seconds[step] = outcome.seconds
        if step == _MODEL:
            return self._accept(number, outcome.value, workers)
        if step == _REPORT:
            self._publish(number)
        elif len(going.seconds) == self.n_steps - 1:
            workers.submit(self._make_last(number, going), first=True)
        return "done"

    def _make_last(self, number: int, going: Going) -> Task:
        """Return the step that makes the report, and sends it on where results do not stay here."""
        arguments: Mapping[str, object] = {"run": going.run, "seconds": going.seconds,
                                           "facts": self.results[number].facts}
        if self.remote is None:
            return Task((number, _REPORT), make_report, arguments, self.limits.seconds)
        return Task((number, _REPORT), send_report, {**arguments, "remote": self.remote}, self.limits.seconds)

    def _accept(self, number: int, result: ClientResult, workers: Workers) -> str:
        """Submit the notebooks and the tables of a client whose input is sound."""
        hint, self.results[number] = self.results[number].client_id, result
        if result.status != "accepted":
            self._end(number)
            return "refused"
        try:
            if result.client_id != hint:  # what the glance saw has been judged before the batch began
                self.refuse_place(number, result)
            run = self.going[number].run = self._make_run(number, result)
        except SalesModelError as error:
            self._fail(number, make_plain(error.message), workers)
            return "failed"
        seconds = self.limits.seconds
        tasks = [Task((number, _TABLES), make_tables, {"run": run}, seconds)]
        arguments = {"run": run, "scratch": self.scratch, "limits": self.limits, "fork_socket": self.fork_socket}
        tasks += [Task((number, path.stem), run_notebook, {"path": path, **arguments}, seconds)
                  for path in sorted(self.notebooks, key=lambda path: path.stat().st_size)]  # the largest begins
        for task in tasks:  # a client that has begun comes before those that wait
            workers.submit(task, first=True)
        return "done"

    def refuse_place(self, number: int, result: ClientResult) -> None:
        """Raise where another client of the batch has the id, or its results would replace what is no result."""
        others = [other for at, other in enumerate(self.results) if at != number and other.status != "refused"]
        refuse_twins([result, *(each for each in others if each.client_id.casefold() == result.client_id.casefold())])
        refuse_target(self.out, sources=[each.source for each in (result, *others)], client_ids=[result.client_id],
                      shown=None if self.remote is None else self.remote.address)

    def _make_run(self, number: int, result: ClientResult) -> ClientRun:
        folder = self.stage() / result.client_id
        run = ClientRun(
            source=result.source,
            client_id=result.client_id,
            name=result.name,
            language=result.language,
            fingerprint=result.fingerprint,
            state=hash_state(result.fingerprint, self.kit),
            folder=folder,
            kept=self._name_kept(number),
        )
        with say_refusal(self.out):
            for name in FOLDERS:
                (run.folder / name).mkdir(parents=True)
        return run

    def _fail(self, number: int, sentence: Message, workers: Workers, *, details: str = "") -> None:
        workers.withdraw(lambda key: key[0] == number)
        going = self._end(number)
        self.results[number] = replace(self.results[number], attempts=going.most_attempts).failed(
            sentence, details=details)
        if going.run is not None:
            shutil.rmtree(going.run.folder, ignore_errors=True)

    def _publish(self, number: int) -> None:
        going = self._end(number)
        result = replace(self.results[number], attempts=going.most_attempts)
        place = self.out / result.client_id
        try:
            with say_refusal(place):
                if self.remote is not None and self.is_home:
                    self.remote.name(going.run.folder)
                (publish if self.remote is None else keep_pointer)(going.run.folder, place=place)
        except SalesModelError as error:
            self.results[number] = result.failed(make_plain(error.message))
        else:
            self.results[number] = result.done(place, seconds=sum(going.seconds.values()))

    def _end(self, number: int) -> Going:
        """Take a client that has come to its end off the books, with what the run has kept for it."""
        shutil.rmtree(self._name_kept(number), ignore_errors=True)
        self.n_ended += 1
        return self.going.pop(number)


def refuse_twins(results: list[ClientResult]) -> None:
    """Raise when two clients have the same id, but for case.

    Raises
    ------
    SalesModelError
        It names them.
    """
    counts = Counter(result.client_id.casefold() for result in results if result.client_id)
    twins = [result for result in results if counts[result.client_id.casefold()] > 1]
    if twins:
        raise SalesModelError(
            "These clients have the same id {client_id}: {clients}. Give each its own in client.yaml.",
            client_id=twins[0].client_id,
            clients=", ".join(result.client for result in twins),
        )
