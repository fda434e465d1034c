"""``salesmodel check``: every problem of clients' input, for a person or for a program."""

from __future__ import annotations

import sys
from collections.abc import Sequence

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
    found = [(client, *_find_problems(client, language)) for client in clients]
    if as_json:
        write_json(
            [
                {
                    "client": client,
                    "ok": sentence is None,
                    "sentence": sentence,
                    "problems": list_problems(problems, language=language),
                }
                for client, sentence, problems in found
            ]
        )
    else:
        for client, sentence, problems in found:
            _say(client, sentence, problems, language=language)
    return sum(sentence is not None for _, sentence, _ in found)


def _find_problems(client: str, language: Language) -> tuple[str | None, tuple[Problem, ...]]:
    from salesmodel_kit.client.folder import open_client

    try:
        open_client(client)
    except InputProblems as error:
        return language.say(error.message), error.problems
    except SalesModelError as error:
        return language.say(error.message), ()
    return None, ()


def _say(client: str, sentence: str | None, problems: Sequence[Problem], *, language: Language) -> None:
    if sentence is None:
        write_out(language.text("{client}: no problem found.", client=client))
        return
    if problems:
        write_problems(problems, language=language, stream=sys.stdout)
    write_error(sentence)
