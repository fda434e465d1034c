"""Who else has a client open: each session keeps a small file that it touches from time to time.

Ages are measured by the clock of the folder's own machine: a session's file is
old or young beside the one that we have just touched.
"""

from __future__ import annotations

import datetime as dt
import getpass
import json
import os
import socket
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

#: A session whose file nobody touched for so long is gone; touch it at least three times as often.
GONE_SECONDS = 60.0


@dataclass(frozen=True)
class Session:
    """A workshop that is open on a client.

    Parameters
    ----------
    token : str
        Names it.
    who, host : str
        User and machine.
    since : datetime
        When it was opened.
    """

    token: str
    who: str
    host: str
    since: dt.datetime


def find_sessions_folder(source: Path) -> Path:
    """Return where the sessions of a client leave word: hidden in its folder, or beside its workbook.

    Parameters
    ----------
    source : Path
        The client's folder or workbook.
    """
    return source / ".sessions" if source.is_dir() else source.with_name(f".{source.stem}.sessions")


def announce(source: Path, *, who: str | None = None) -> Session:
    """Leave word that a session has opened a client; where the folder cannot be written nobody hears of it.

    Parameters
    ----------
    source : Path
        The client's folder or workbook.
    who : str, optional
        Instead of the user's name.
    """
    session = Session(uuid4().hex, who or _find_user(), socket.gethostname(), dt.datetime.now(dt.UTC))
    with suppress(OSError):
        _leave_word(find_sessions_folder(source), session)
    return session


def _leave_word(folder: Path, session: Session) -> None:
    said = {"who": session.who, "host": session.host, "since": session.since.isoformat(), "process": os.getpid()}
    folder.mkdir(exist_ok=True)
    part = folder / f".{session.token}.part"
    part.write_text(json.dumps(said), encoding="utf-8")
    os.replace(part, folder / f"{session.token}.json")


def _find_user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "?"


def find_others(source: Path, own: Session) -> tuple[Session, ...]:
    """Say that we are still there, and return the other sessions on the client, the earliest first.

    Parameters
    ----------
    source : Path
        The client's folder or workbook.
    own : Session
        From :func:`announce`.

    Returns
    -------
    tuple of Session
        Files of sessions that are gone are removed.
    """
    folder, others = find_sessions_folder(source), []
    mine = folder / f"{own.token}.json"
    try:
        if mine.exists():
            os.utime(mine)
        else:  # the machine slept, and another session took us for gone
            _leave_word(folder, own)
        now = mine.stat().st_mtime
        paths = [path for path in folder.glob("*.json") if path != mine]
    except OSError:
        return ()
    for path in paths:
        session = _read_session(path, now=now)
        if session is not None:
            others.append(session)
        else:
            with suppress(OSError):
                path.unlink()
    with suppress(OSError):  # parts of sessions that died while they were announced
        for path in folder.glob(".*.part"):
            if now - path.stat().st_mtime > GONE_SECONDS:
                path.unlink()
    return tuple(sorted(others, key=lambda session: session.since.timestamp()))


def _read_session(path: Path, *, now: float) -> Session | None:
    """Return the session of a file; None where it is gone."""
    try:
        if now - path.stat().st_mtime > GONE_SECONDS:
            return None
        said = json.loads(path.read_text(encoding="utf-8"))
        session = Session(path.stem, str(said["who"]), str(said["host"]), dt.datetime.fromisoformat(said["since"]))
        is_dead = session.host == socket.gethostname() and not _is_alive(int(said["process"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return None if is_dead else session


def _is_alive(process: int) -> bool:
    """Return whether a process of this machine is alive; where that cannot be asked, it is taken for alive."""
    if os.name != "posix":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def leave(source: Path, own: Session) -> None:
    """Take our word away: the session is closed.

    Parameters
    ----------
    source : Path
        The client's folder or workbook.
    own : Session
        From :func:`announce`.
    """
    folder = find_sessions_folder(source)
    with suppress(OSError):
        (folder / f"{own.token}.json").unlink()
        folder.rmdir()
