"""What came of a client: accepted, refused, done or failed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from salesmodel_kit.errors import InputProblems, Message, Problem, SalesModelError

Status = Literal["accepted", "refused", "done", "failed"]


@dataclass(frozen=True)
class ClientResult:
    """One client of a batch and what came of it.

    Parameters
    ----------
    client : str
        As the user named it.
    status : {"accepted", "refused", "done", "failed"}
        ``refused``: the input is wrong, nothing ran. ``failed``: it stopped on the way.
    client_id, name, language, fingerprint : str
        As in the profile and the input; empty when it was refused.
    source : pathlib.Path, optional
        The client's folder or workbook.
    sentence : Message, optional
        Why it was refused or failed.
    problems : tuple of Problem
        Everything that is wrong with the input.
    details : str
        Traceback of an unexpected error.
    facts : mapping of str to float
        What the index says of the client.
    folder : pathlib.Path, optional
        Where its results are.
    seconds : float
        Summed over its steps.
    """

    client: str
    status: Status
    client_id: str = ""
    name: str = ""
    language: str = ""
    fingerprint: str = ""
    source: Path | None = None
    sentence: Message | None = None
    problems: tuple[Problem, ...] = ()
    details: str = ""
    facts: Mapping[str, float] = field(default_factory=dict)
    folder: Path | None = None
    seconds: float = 0.0

    def with_facts(self, facts: Mapping[str, float]) -> ClientResult:
        """Return the result with what the index says of it."""
        return replace(self, facts=facts)

    def failed(self, sentence: Message, *, details: str = "") -> ClientResult:
        """Return the result of a client that stopped on the way."""
        return replace(self, status="failed", sentence=sentence, details=details)

    def done(self, folder: Path, *, seconds: float) -> ClientResult:
        """Return the result of a client whose results are in ``folder``."""
        return replace(self, status="done", folder=folder, seconds=seconds)


def check_client_input(client: str | Path, *, language: str | None) -> ClientResult:
    """Open a client and return it as accepted, or as refused with everything that is wrong.

    Parameters
    ----------
    client : str or pathlib.Path
        Folder, workbook, or ``demo:<name>``.
    language : {"en", "fr"}, optional
        Instead of the client's own.

    Returns
    -------
    ClientResult
        ``accepted`` or ``refused``.
    """
    from salesmodel_kit.client.folder import open_client

    try:
        opened = open_client(client)
    except InputProblems as error:
        return ClientResult(str(client), "refused", sentence=error.message, problems=error.problems)
    except SalesModelError as error:
        return ClientResult(str(client), "refused", sentence=error.message)
    profile = opened.profile
    return ClientResult(
        str(client),
        "accepted",
        client_id=profile.id,
        name=profile.name,
        language=language or profile.language,
        fingerprint=opened.fingerprint,
        source=opened.source.resolve(),
    )
