"""What the kit refuses, and how it says so.

Every message is a template with named facts, so that it can be said in the
user's language: ``str(message)`` is English, ``Language.say`` translates.
A user's mistake is a :class:`SalesModelError`; the command line prints its
sentences and never a traceback.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True)
class Message:
    """One sentence: an English template (the catalogue's key) and its facts.

    Parameters
    ----------
    template : str
        Sentence with ``{named}`` places.
    facts : mapping of str to object, optional
        What goes into the places. Facts are inserted, never interpreted.
    """

    template: str
    facts: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))

    def __str__(self) -> str:
        return self.template.format(**self.facts)


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with the input, and where.

    Parameters
    ----------
    message : Message
        What was expected, with the remedy.
    file : str
        File name inside the client's folder, or the workbook's name.
    sheet : str, optional
        Sheet of a workbook.
    row : int, optional
        Row as the user sees it in a spreadsheet: the header is row 1.
    column : str, optional
        Header as the user wrote it, or a key of ``client.yaml``.
    value : str, optional
        The value found, as written.
    """

    message: Message
    file: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None


class SalesModelError(ValueError):
    """A refusal: one clear sentence with place, value and remedy.

    Parameters
    ----------
    template : str
        Sentence with ``{named}`` places.
    **facts : object
        What goes into the places.
    """

    exit_code = 2

    def __init__(self, template: str, **facts: object) -> None:
        self.message = Message(template, facts)
        super().__init__(str(self.message))


class InputProblems(SalesModelError):
    """Everything that is wrong with a client's input, all at once.

    Parameters
    ----------
    client : str
        The client's folder or workbook, as the user named it.
    problems : iterable of Problem
        In the order of files, rows and columns.
    """

    def __init__(self, client: str, problems: Iterable[Problem]) -> None:
        self.client = client
        self.problems = tuple(problems)
        super().__init__(
            "{client}: {n_problems} problem(s) to mend before the model can run.",
            client=client,
            n_problems=len(self.problems),
        )
