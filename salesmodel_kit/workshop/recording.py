"""Whether a client can be opened with the decisions that are to be recorded: asked before anything is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from salesmodel_kit.client.decision import Decision
from salesmodel_kit.client.decisions import read_journal
from salesmodel_kit.client.folder import Client, open_after
from salesmodel_kit.client.following import NEEDS_OPENING, follow_decisions
from salesmodel_kit.client.hires import refuse_named_hires
from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.language import N_, Language
from salesmodel_kit.workshop.refusals import tell_refusal


def follow_ahead(client: Client, decisions: Sequence[Decision], *, language: Language) -> None:
    """Refuse decisions that cannot be followed after what the journal holds by now.

    Parameters
    ----------
    client : Client
        As it was opened.
    decisions : sequence of Decision
        None of them withdraws another.
    language : Language
        The reader's.

    Raises
    ------
    SalesModelError
        Nothing was recorded, and why.
    """
    with _say_unwritten(language):
        seen = {decision.id for decision in client.decisions}
        news = [decision for decision in read_journal(client.source).decisions if decision.id not in seen]
        if any(decision.kind in NEEDS_OPENING for decision in news):
            open_after(client.source, decisions)
        else:
            follow_decisions(client, (*news, *decisions))


def open_ahead(client: Client, decisions: Sequence[Decision], *, language: Language) -> Client:
    """Return a client as it will be once decisions are recorded, read from the disk as it is now.

    Parameters
    ----------
    client : Client
        As it was opened.
    decisions : sequence of Decision
        Of any kind.
    language : Language
        The reader's.

    Raises
    ------
    SalesModelError
        Nothing was recorded, and why.
    """
    refuse_named_hires(client.source, before=client.decisions, added=decisions)
    with _say_unwritten(language):
        return open_after(client.source, decisions, language=client.profile.language)


@contextmanager
def _say_unwritten(language: Language) -> Iterator[None]:
    try:
        yield
    except SalesModelError as error:
        raise SalesModelError(N_("Nothing was recorded. {detail}"),
                              detail=tell_refusal(error, language=language)) from error
