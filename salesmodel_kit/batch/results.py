"""What came of a client: waiting, accepted, refused, unchanged, done or failed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from salesmodel_kit.batch.workers import make_plain
from salesmodel_kit.client.sources import PROFILE_FILE, find_client
from salesmodel_kit.errors import InputProblems, Message, Problem, SalesModelError

if TYPE_CHECKING:
    from salesmodel_kit.client.folder import Client

#: How an id is written at the beginning of ``client.yaml``, and how much of the file a glance takes.
_ID, _GLANCE = re.compile(rb"^id:[ \t]*[\"']?([A-Za-z0-9][A-Za-z0-9_-]{0,63})[\"']?[ \t]*(?:#.*)?\r?$", re.M), 65_536

Status = Literal["waiting", "accepted", "refused", "unchanged", "done", "failed"]


@dataclass(frozen=True)
class ClientResult:
    """One client of a batch and what came of it.

    Parameters
    ----------
    client : str
        As the user named it.
    status : {"waiting", "accepted", "refused", "unchanged", "done", "failed"}
        ``refused``: the input is wrong, nothing ran. ``unchanged``: its results are there already.
        ``failed``: it stopped on the way.
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
    folder : pathlib.Path or str, optional
        Where its results are; an address when they lie elsewhere.
    seconds : float
        Summed over its steps.
    attempts : int
        Of the step that was tried most often.
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
    folder: Path | str | None = None
    seconds: float = 0.0
    attempts: int = 1

    @property
    def is_complete(self) -> bool:
        """Return whether its results are there."""
        return self.status in ("done", "unchanged")

    @property
    def label(self) -> str:
        """Return its id, or what the user named it by where the id is not known."""
        return self.client_id or self.client

    def refused(self, error: SalesModelError) -> ClientResult:
        """Return the result of a client whose input is wrong; it can go from process to process."""
        problems = [replace(problem, message=make_plain(problem.message)) for problem in getattr(error, "problems", ())]
        sentence = make_plain(_name_as_user(error, self.client))
        return replace(self, status="refused", sentence=sentence, problems=tuple(problems))

    def failed(self, sentence: Message, *, details: str = "") -> ClientResult:
        """Return the result of a client that stopped on the way."""
        return replace(self, status="failed", sentence=sentence, details=details)

    def unchanged(self, run: Mapping[str, object], *, out: Path) -> ClientResult:
        """Return the result of a client whose results in ``out`` are of this input, as their ``run.json`` says."""
        facts = run.get("facts")
        return replace(
            self, status="unchanged", client_id=str(run["client"]), name=str(run.get("name", "")),
            language=str(run.get("language", "")), fingerprint=str(run.get("fingerprint", "")),
            facts=facts if isinstance(facts, Mapping) else {}, folder=out / str(run["client"]),
        )

    def done(self, folder: Path, *, seconds: float) -> ClientResult:
        """Return the result of a client whose results are in ``folder``."""
        return replace(self, status="done", folder=folder, seconds=seconds)


def locate_client(client: str | Path) -> ClientResult:
    """Return a client as waiting, its id as ``client.yaml`` seems to say it; or refused, when there is no such client.

    Parameters
    ----------
    client : str or pathlib.Path
        Folder, workbook, or ``demo:<name>``.

    Returns
    -------
    ClientResult
        ``waiting`` or ``refused``.
    """
    try:
        source = find_client(client).resolve()
    except SalesModelError as error:
        return ClientResult(str(client), "refused", sentence=make_plain(error.message))
    return ClientResult(str(client), "waiting", client_id=_glance_at_id(source), source=source)


def _glance_at_id(source: Path) -> str:
    """Return the id in ``client.yaml`` without reading the rest; empty where it is not there or no good."""
    try:
        if not (source / PROFILE_FILE).is_file():  # a pipe would keep us waiting
            return ""
        with (source / PROFILE_FILE).open("rb") as stream:
            found = _ID.search(stream.read(_GLANCE))
    except OSError:
        return ""
    return found[1].decode() if found else ""


def read_client(result: ClientResult, *, language: str | None) -> tuple[ClientResult, Client | None]:
    """Open a client and return it as accepted, or as refused with everything that is wrong.

    Parameters
    ----------
    result : ClientResult
        As :func:`locate_client` returns it.
    language : {"en", "fr"}, optional
        Instead of the client's own.

    Returns
    -------
    tuple of ClientResult and Client
        ``accepted`` with its client, or ``refused`` without; it can go from process to process.
    """
    from salesmodel_kit.client.folder import open_client

    try:
        opened = open_client(result.source, language=language)
    except SalesModelError as error:
        return result.refused(error), None
    profile = opened.profile
    accepted = replace(result, status="accepted", client_id=profile.id, name=profile.name, language=profile.language,
                       fingerprint=opened.fingerprint)
    return accepted, opened


def _name_as_user(error: SalesModelError, client: str) -> Message:
    """Return the sentence with the client named as the user named it."""
    return InputProblems(client, error.problems).message if isinstance(error, InputProblems) else error.message
