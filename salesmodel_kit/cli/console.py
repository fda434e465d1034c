"""What the command line says, in the user's language; what comes from data stays plain text."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from salesmodel_kit.errors import Problem, SalesModelError
from salesmodel_kit.language import Language

if TYPE_CHECKING:
    from salesmodel_kit.batch.events import Event, Watcher
    from salesmodel_kit.batch.results import ClientResult

#: Control characters, and the marks that turn the direction of writing.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_PLAIN_WIDTH = 160


def make_safe(text: object) -> str:
    """Return a text without control characters: a terminal must not obey a client's data."""
    return _UNSAFE.sub("\ufffd", str(text))


def write_out(text: str) -> None:
    """Write a line to the standard output."""
    _write(sys.stdout, text)


def write_error(text: str) -> None:
    """Write a line to the standard error."""
    _write(sys.stderr, text)


def _write(stream: TextIO, text: str) -> None:
    encoding = stream.encoding or "utf-8"
    stream.write(make_safe(text).encode(encoding, "replace").decode(encoding) + "\n")
    stream.flush()


def write_problems(problems: Sequence[Problem], *, language: Language, stream: TextIO) -> None:
    """Write problems as a table: file, sheet, row, column, value, what was expected.

    Parameters
    ----------
    problems : sequence of Problem
        In the order in which they are shown.
    language : Language
        Of headers and sentences.
    stream : text stream
        Where to.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    headers = {
        "file": language.text("File"),
        "sheet": language.text("Sheet"),
        "row": language.text("Row"),
        "column": language.text("Column"),
        "value": language.text("Value"),
    }
    used = [name for name in headers if any(getattr(problem, name) is not None for problem in problems)]
    table = Table(box=box.ASCII2 if not stream.isatty() else box.ROUNDED)
    for name in used:
        table.add_column(headers[name], overflow="fold")
    table.add_column(language.text("What was expected"), overflow="fold", ratio=1)
    for problem in problems:
        cells = ["" if getattr(problem, name) is None else str(getattr(problem, name)) for name in used]
        table.add_row(*(Text(make_safe(cell)) for cell in (*cells, language.say(problem.message))))
    Console(file=stream, width=None if stream.isatty() else _PLAIN_WIDTH, highlight=False).print(table)


def list_problems(problems: Sequence[Problem], *, language: Language) -> list[dict[str, object]]:
    """Return problems for a program to read."""
    places = ("file", "sheet", "row", "column", "value")
    return [
        {**{name: getattr(problem, name) for name in places}, "expected": language.say(problem.message)}
        for problem in problems
    ]


def write_json(value: object) -> None:
    """Write a value to the standard output for a program to read."""
    sys.stdout.write(json.dumps(value, ensure_ascii=sys.stdout.encoding.lower() != "utf-8", indent=2) + "\n")


@contextmanager
def show_progress(language: Language) -> Iterator[Watcher]:
    """Give a function that moves a progress bar on the standard error; quiet where it is no terminal.

    Parameters
    ----------
    language : Language
        The user's.
    """
    from rich import progress as bars
    from rich.console import Console

    def tell(template: str) -> bars.TextColumn:
        return bars.TextColumn(template, markup=False)

    columns = (tell("{task.description}"), bars.BarColumn(), bars.MofNCompleteColumn(), bars.TimeElapsedColumn(),
               tell("{task.fields[rate]}"), tell(language.text("left:")), bars.TimeRemainingColumn())
    console = Console(stderr=True)
    with bars.Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=None, rate="")

        def move(event: Event) -> None:
            seconds = progress.tasks[0].elapsed or 0.0
            rate = language.text("{n} steps a minute", n=round(60 * event.n_done / seconds)) if seconds > 1 else ""
            progress.update(task, description=make_safe(event.client), completed=event.n_done, total=event.n_steps,
                            rate=rate)

        yield move


@contextmanager
def log_events(language: Language) -> Iterator[Watcher]:
    """Give a function that writes each event as one line of JSON to the standard error.

    Parameters
    ----------
    language : Language
        Of the sentence of what is not done, and of the problems of what was refused.
    """

    def log(event: Event) -> None:
        record = {"client": event.client, "step": event.step, "seconds": round(event.seconds, 3),
                  "status": event.status, "done": event.n_done, "of": event.n_steps}
        if event.sentence is not None:
            record["sentence"] = language.say(event.sentence)
        if event.problems:
            record["problems"] = list_problems(event.problems, language=language)
        _write_line(record)

    yield log


def write_fault(error: SalesModelError, *, language: Language) -> None:
    """Write why a batch could not run as one line of JSON to the standard error."""
    _write_line({"client": None, "step": "batch", "seconds": 0.0, "status": "refused",
                 "sentence": language.say(error.message)})


def _write_line(record: Mapping[str, object]) -> None:
    sys.stderr.write(json.dumps(record) + "\n")
    sys.stderr.flush()


def write_results(results: Sequence[ClientResult], *, language: Language, debug: bool) -> None:
    """Say what came of each client of a batch.

    Parameters
    ----------
    results : sequence of ClientResult
        In the order of the batch.
    language : Language
        The user's.
    debug : bool
        Show tracebacks of unexpected errors.
    """
    for result in results:
        if result.is_complete and result.folder is not None:
            report = f"{result.folder}/report.html"
            what = language.text("unchanged, {report}", report=report) if result.status == "unchanged" else report
            write_out(language.text("{name}: {what}", name=result.client_id, what=what))
            continue
        if result.problems:
            write_problems(result.problems, language=language, stream=sys.stderr)
        if result.sentence is not None:
            sentence = language.say(result.sentence)
            is_named = result.status != "refused"
            write_error(language.text("{name}: {what}", name=result.client_id, what=sentence) if is_named else sentence)
        if debug and result.details:
            write_error(result.details)
