"""``salesmodel check``: every problem of clients' input, for a person or for a program."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass

from salesmodel_kit.cli.console import list_problems, write_error, write_json, write_out, write_problems
from salesmodel_kit.errors import InputProblems, Problem, SalesModelError
from salesmodel_kit.language import Language


def check_clients(clients: Sequence[str], *, as_json: bool, language: Language) -> int:
    """Check clients, say what is wrong, and return how many are refused.

    Parameters
    ----------
    clients : sequence of str
        Folders, workbooks, or ``demo:<name>``.
    as_json : bool
        One JSON list on the standard output instead of sentences and tables.
    language : Language
        The user's.

    Returns
    -------
    int
        Clients that cannot run as they are.
    """
    findings = [_check(client, language) for client in clients]
    if as_json:
        write_json([_as_record(finding, language) for finding in findings])
    else:
        for finding in findings:
            _say(finding, language)
    return sum(finding.sentence is not None for finding in findings)


@dataclass(frozen=True)
class _Finding:
    client: str
    sentence: str | None
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()


def _check(client: str, language: Language) -> _Finding:
    from salesmodel_kit.chain import build_model
    from salesmodel_kit.client.folder import open_client

    try:
        opened = open_client(client)
        build_model(opened)
        return _Finding(client, None, notes=opened.notes)
    except InputProblems as error:
        return _Finding(client, language.say(error.message), error.problems)
    except SalesModelError as error:
        return _Finding(client, language.say(error.message))


def _as_record(finding: _Finding, language: Language) -> dict[str, object]:
    return {
        "client": finding.client,
        "ok": finding.sentence is None,
        "sentence": finding.sentence,
        "problems": list_problems(finding.problems, language=language),
        "notes": list_problems(finding.notes, language=language),
    }


def _say(finding: _Finding, language: Language) -> None:
    if finding.sentence is not None:
        if finding.problems:
            write_problems(finding.problems, language=language, stream=sys.stdout)
        write_error(finding.sentence)
        return
    write_out(language.text("{client}: no problem found.", client=finding.client))
    if finding.notes:
        write_out(language.text("Left aside, which stops nothing:"))
        write_problems(finding.notes, language=language, stream=sys.stdout)
