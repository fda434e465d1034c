"""``salesmodel workshop --vote`` and ``salesmodel ballots``: the room votes on phones, or on sheets."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from salesmodel_kit.cli.console import write_out
from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.language import Language


def hold_vote(client: str, *, host: str, port: int, language: Language) -> int:
    """Run a client's vote until it is interrupted, and return 0.

    Parameters
    ----------
    client : str
        The client's folder.
    host : str
        Address to bind to.
    port : int
        Port to bind to.
    language : Language
        The user's.
    """
    from salesmodel_kit.workshop.vote.server import run_vote

    with suppress(KeyboardInterrupt):
        run_vote(_find_folder(client), host=host, port=port, say=lambda sentence: write_out(language.say(sentence)))
    write_out(language.text("The vote has ended."))
    return 0


def _find_folder(client: str) -> Path:
    path = Path(client)
    if not path.exists():
        raise SalesModelError(
            "{client} is no folder or workbook; copy a demo client first: salesmodel new FOLDER --example NAME.",
            client=client)
    return path


def exchange_sheets(client: str, *, out: str | None, taken: str | None, method: str, weight_set: str,
                    language: Language) -> None:
    """Write ballot sheets, or take filled ones into the votes, and say what came of it.

    Parameters
    ----------
    client : str
        The client's folder; to write sheets, a workbook too.
    out : str or None
        A new workbook.
    taken : str or None
        A filled workbook.
    method : str
        How the sheets judge.
    weight_set : str
        The set of weights that they are for.
    language : Language
        The user's.

    Raises
    ------
    SalesModelError
        Neither or both files are given, or something is wrong with them or the client.
    """
    from salesmodel_kit.client.ballot_sheets import take_sheets, write_sheets

    if (out is None) == (taken is None):
        raise SalesModelError("Give either --out with a new file or --in with a filled one.")
    if out is not None:
        n_sheets = write_sheets(_find_folder(client), Path(out), method=method, weight_set=weight_set)
        write_out(language.text("{file} holds {n} sheets, one for each participant. Once they are filled in: "
                                "salesmodel ballots {client} --in {file}", file=out, n=n_sheets, client=client))
        return
    for sentence in take_sheets(_find_folder(client), Path(str(taken))):
        write_out(language.say(sentence))
