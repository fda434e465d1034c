"""What became of a client's files since the room read them, as a sentence."""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import suppress

from salesmodel_kit.client.folder import Client
from salesmodel_kit.client.presence import Session
from salesmodel_kit.client.watch import InputWatch
from salesmodel_kit.errors import Message, describe_os_error
from salesmodel_kit.language import N_, Language

#: The files of the client are looked at no more often than this.
_LOOK_SECONDS = 2.0


class FileNews:
    """Notices that a client's files are others than those that were read."""

    def __init__(self) -> None:
        self._watch: InputWatch | None = None
        self._looked_at = 0.0

    def begin(self, client: Client, *, anew: bool = False) -> None:
        """Begin to look, unless that was done; anew: the files were just read again."""
        if anew or self._watch is None:
            self._watch = InputWatch(client.source, client.decisions) if client.source.exists() else None

    def accept(self, client: Client) -> None:
        """Take the journal as it is for read: the room wrote it."""
        if self._watch is not None:
            with suppress(OSError):  # it is told at the next look
                self._watch.look()
            self._watch.accept(client.decisions)

    def tell(self, language: Language, *, now: float | None = None) -> str | None:
        """Return what is new, empty where nothing is; None where it was looked a moment ago.

        Parameters
        ----------
        language : Language
            The reader's.
        now : float, optional
            Seconds of a steady clock; the machine's own.
        """
        moment = time.monotonic() if now is None else now
        if self._watch is None or moment - self._looked_at < _LOOK_SECONDS:
            return None
        self._looked_at = moment
        try:
            news = self._watch.look()
        except OSError as error:
            return language.say(Message("The client's files cannot be looked at ({detail}); what is recorded is kept.",
                                        {"detail": describe_os_error(error)}))
        if not news:
            return ""
        if news.files and not news.decisions:
            return language.text(
                N_("Changed on disk since this was opened: {files}. Load again to go on from there; what is being "
                   "tried stays."), files=language.enumerate(news.files))
        return language.text(
            N_("{by} has decided something meanwhile. Load again to see it; what is being tried stays."),
            by=news.decisions[-1].by)


def list_others(others: Iterable[Session], language: Language) -> list[str]:
    """Return a sentence for each other session on the client."""
    return [language.text(N_("{who} has this client open too, on {host}."), who=other.who, host=other.host)
            for other in others]
