"""What the kit refuses, and how it says so.

Every message is a template with named facts, so that it can be said in the
user's language: ``str(message)`` is English, ``Language.say`` translates.
A user's mistake is a :class:`SalesModelError`; the command line prints its
sentences and never a traceback.
"""

from __future__ import annotations

import errno
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

    def __reduce__(self) -> tuple[object, ...]:
        """Let a message go to another process: what cannot be changed in place cannot be pickled as it is."""
        return Message, (self.template, dict(self.facts))


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


def describe_os_error(error: OSError) -> Message:
    """Return what the operating system refused, in words that can be translated.

    Parameters
    ----------
    error : OSError
        As it was raised; what is not known here is named by its code.

    Examples
    --------
    >>> str(describe_os_error(PermissionError(errno.EACCES, "Permission denied")))
    'permission denied'
    """
    known = _OS_ERRORS.get(error.errno or 0)
    return Message("system error {code}", {"code": _name_code(error)}) if known is None else known


def _name_code(error: OSError) -> str:
    return errno.errorcode.get(error.errno or 0, type(error).__name__)


#: Code of the operating system -> what it means.
_OS_ERRORS: Mapping[int, Message] = MappingProxyType(
    {
        errno.EACCES: Message("permission denied", {}),
        errno.EPERM: Message("permission denied", {}),
        errno.EROFS: Message("the disk is read-only", {}),
        errno.ENOSPC: Message("the disk is full", {}),
        errno.ENOENT: Message("there is no such file or folder", {}),
        errno.EEXIST: Message("something of this name is there already", {}),
        errno.ENOTDIR: Message("a part of the path is a file", {}),
        errno.EISDIR: Message("it is a folder", {}),
        errno.ENOTEMPTY: Message("the folder is not empty", {}),
        errno.EBUSY: Message("another program has it open", {}),
        errno.ENAMETOOLONG: Message("the name is too long", {}),
    }
)


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
            "{client}: the model cannot run yet; problems to mend: {n_problems}.",
            client=client,
            n_problems=len(self.problems),
        )
