"""Where a vote stands: its secret and the present round, kept in the client's folder across restarts."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from salesmodel_kit.client.ballot_forms import FORM_METHODS
from salesmodel_kit.client.journal_lock import sync_folder
from salesmodel_kit.errors import SalesModelError, describe_os_error

#: Readable by its owner alone; a name with a dot in front is no input of the client.
STATE_FILE = ".vote.json"


@dataclass(frozen=True)
class VoteState:
    """Where a vote stands.

    Parameters
    ----------
    secret : str
        From which the codes are made, in hexadecimal.
    round : int
        The present round; 0 before the first.
    method : str
        How the present round judges, one of ``FORM_METHODS``.
    weight_set : str
        The set of weights that is voted; empty for the one without name.
    is_open : bool
        Whether votes are taken.
    """

    secret: str
    round: int = 0
    method: str = "points"
    weight_set: str = ""
    is_open: bool = False

    @property
    def is_rating(self) -> bool:
        """Return whether segments are rated, not criteria weighed."""
        return self.method == "rating"

    @property
    def stamp(self) -> str:
        """Return what tells this round from every other."""
        return f"{self.round} {self.method} {self.weight_set}"

    def open(self, number: int, method: str, weight_set: str) -> VoteState:
        """Return the state with a round open."""
        named = "" if method == "rating" else weight_set
        return replace(self, round=number, method=method, weight_set=named, is_open=True)


def read_state(folder: Path) -> VoteState:
    """Return where the vote of a client stands; a new one, with a secret of its own, where there is none.

    Parameters
    ----------
    folder : Path
        The client's folder.
    """
    try:
        state = VoteState(**json.loads((folder / STATE_FILE).read_text(encoding="utf-8")))
        is_sound = len(bytes.fromhex(state.secret)) >= 16 and isinstance(state.round, int) and state.round >= 0
    except (OSError, ValueError, TypeError):
        return VoteState(secrets.token_hex(32))
    return state if is_sound and state.method in FORM_METHODS else VoteState(secrets.token_hex(32))


def write_state(folder: Path, state: VoteState) -> None:
    """Keep where the vote stands, whole or not at all.

    Parameters
    ----------
    folder : Path
        The client's folder.
    state : VoteState
        What to keep.

    Raises
    ------
    SalesModelError
        The folder cannot be written.
    """
    part = folder / f"{STATE_FILE}.part"
    try:
        number = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0), 0o600)
        with os.fdopen(number, "w", encoding="utf-8") as stream:
            json.dump(asdict(state), stream)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(part, folder / STATE_FILE)
        sync_folder(folder)
    except OSError as error:
        raise SalesModelError("{folder} cannot be written ({detail}); votes need a client's folder that you may "
                              "write to.", folder=folder, detail=describe_os_error(error)) from error
