"""Looking from time to time at the client's files and at other sessions on it, for as long as the kernel runs."""

from __future__ import annotations

import asyncio
import atexit
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from salesmodel_kit.client.journal_lock import READ_ONLY
from salesmodel_kit.client.presence import Session, announce, find_others, leave
from salesmodel_kit.resources import find_resource
from salesmodel_kit.workshop.room import Room

#: Seconds between two looks at the client's files, and of looks between two at the other sessions.
_LOOK, _LOOKS = 2.0, 5
#: What this process has open: the session that it announced, and who looks.
_own: dict[Path, Session] = {}
_looking: dict[Path, Lookout] = {}


@dataclass
class Lookout:
    """Looks from time to time.

    Parameters
    ----------
    room : Room
        Whose files are looked at.
    own : Session or None
        Ours; None leaves no word, and hears of nobody.
    tell : callable
        Gets the other sessions.
    """

    room: Room
    own: Session | None
    tell: Callable[[tuple[Session, ...]], None]
    n_looks: int = 0
    is_over: bool = False

    def look(self) -> None:
        """Look now, and again in a while, until another one looks."""
        if self.is_over:
            return
        asyncio.get_running_loop().call_later(_LOOK, self.look)
        self.room.look_at_files()
        if self.own is not None and self.n_looks % _LOOKS == 0:
            self.tell(find_others(self.room.decided.client.source, self.own))
        self.n_looks += 1


def keep_watch(room: Room, tell: Callable[[tuple[Session, ...]], None]) -> None:
    """Begin to look, and leave word that this process has the client open; read-only leaves none.

    Parameters
    ----------
    room : Room
        Of a kernel whose event loop runs.
    tell : callable
        Gets the other sessions, again and again.
    """
    source = room.decided.client.source
    if source not in _own and not os.environ.get(READ_ONLY):
        _own[source] = announce(source)
        atexit.register(leave, source, _own[source])
    if source in _looking:
        _looking[source].is_over = True
    _looking[source] = Lookout(room, _own.get(source), tell)
    _looking[source].look()


def keep_watch_in_notebook(room: Room) -> None:
    """Begin to look from a notebook's kernel; nothing elsewhere, nor for a demo client, which nobody decides on.

    Parameters
    ----------
    room : Room
        The notebook's; it says what was seen.
    """
    from IPython import get_ipython

    source = room.decided.client.source
    if getattr(get_ipython(), "kernel", None) is None or not source.exists() or _is_demo(source):
        return
    with suppress(RuntimeError):  # no event loop: nothing would call back
        asyncio.get_running_loop()
        keep_watch(room, room.tell_others)


def _is_demo(source: Path) -> bool:
    return source.resolve().is_relative_to(find_resource("data").resolve())
