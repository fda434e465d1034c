"""A client's votes open for writing: one writer at a time, each save on the disk before it is said to be saved."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from salesmodel_kit.client.ballot_forms import Vote
from salesmodel_kit.client.journal_lock import release_lock, sync_folder, take_lock
from salesmodel_kit.client.sources import WORKBOOK_FILE, read_sources
from salesmodel_kit.client.texts import read_bytes
from salesmodel_kit.client.votes_file import BallotKey, VotesFile
from salesmodel_kit.errors import SalesModelError, describe_os_error
from salesmodel_kit.resources import find_resource

#: Where the file lies as it was before this session voted; subfolders are not read.
FORMER_FOLDER = "former"
_LOCK, _PART = ".votes.lock", ".votes.part"


class VotesStore:
    """The votes of a client's folder, from :func:`open_votes`.

    Parameters
    ----------
    path : Path
        The file of votes, which need not be there.
    language : {"en", "fr"}
        Of the headers of a new file.
    """

    def __init__(self, path: Path, language: str) -> None:
        self.path = path
        self.language = language
        self._cast: dict[BallotKey, Sequence[Vote]] = {}
        self._seen: tuple[int, int] | None = None
        self._is_kept = False
        self.file = self._read()

    def save(self, ballots: Mapping[BallotKey, Sequence[Vote]]) -> None:
        """Write ballots and wait until they are on the disk.

        What another program wrote into the file since is read first and stays;
        the ballots of this session are put in again.

        Parameters
        ----------
        ballots : mapping of BallotKey to sequence of Vote
            Each replaces the one with the same key.

        Raises
        ------
        SalesModelError
            The file cannot be read any more, or not be written; it is as it was.
        """
        try:
            if self._look() != self._seen:
                self.file = self._read()
            cast = self._cast | dict(ballots)
            changed = self.file.cast(cast if self._is_new() else ballots)
            self._keep_former()
            self._write(changed.encode())
        except OSError as error:
            raise SalesModelError("{file} cannot be written ({detail}); the vote was not saved. Close the file "
                                  "elsewhere, or free some space, and save again.", file=self.path.name,
                                  detail=describe_os_error(error)) from error
        self.file, self._cast, self._seen = changed, cast, self._look()

    def _is_new(self) -> bool:
        """Return whether the file lacks a ballot that this session cast: it was changed elsewhere."""
        return any(self.file.find_votes(key) != tuple(votes) for key, votes in self._cast.items())

    def _look(self) -> tuple[int, int] | None:
        """Return what tells a change of the file; None where there is none."""
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return None
        return found.st_mtime_ns, found.st_size

    def _read(self) -> VotesFile:
        self._seen = self._look()
        if self._seen is None:
            return VotesFile.parse(find_resource("templates", "client", self.language, "votes.csv").read_bytes(),
                                   self.path.name)
        return VotesFile.parse(read_bytes(self.path), self.path.name)

    def _keep_former(self) -> None:
        """Keep the file as it was before the first save of this session."""
        if self._is_kept or self._seen is None:
            return
        content = self.path.read_bytes()
        folder = self.path.parent / FORMER_FOLDER
        folder.mkdir(exist_ok=True)
        number, kept = 1, folder / self.path.name
        while kept.exists():
            number, kept = number + 1, folder / f"{self.path.stem}-{number}{self.path.suffix}"
        with kept.open("xb") as stream:
            stream.write(content)
            os.fsync(stream.fileno())
        self._is_kept = True

    def _write(self, content: bytes) -> None:
        part = self.path.with_name(_PART)
        try:
            with part.open("wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(part, self.path)
        except OSError:
            with suppress(OSError):
                part.unlink()
            raise
        sync_folder(self.path.parent)


@contextmanager
def open_votes(folder: Path, language: str) -> Iterator[VotesStore]:
    """Open a client's votes and keep other writers out until the end; a killed process keeps nobody out.

    Parameters
    ----------
    folder : Path
        The client's folder.
    language : {"en", "fr"}
        Of the headers of a new file.

    Raises
    ------
    SalesModelError
        The client is a workbook or a demo client, someone else is voting on it, or the folder cannot be written.
    """
    path = _find_file(folder)
    try:
        number = take_lock(folder / _LOCK)
    except OSError as error:
        raise SalesModelError("{folder} cannot be written ({detail}); votes need a client's folder that you may "
                              "write to.", folder=folder, detail=describe_os_error(error)) from error
    if number is None:
        raise SalesModelError("Another vote on {folder} is running; end it first.", folder=folder)
    try:
        yield VotesStore(path, language)
    finally:
        release_lock(folder / _LOCK, number)


def _find_file(folder: Path) -> Path:
    """Return where the votes of a client lie or will lie."""
    if not folder.is_dir():
        raise SalesModelError("{client} keeps its tables in one workbook, which is not written while people may have "
                              "it open; save its sheets as files in a folder to vote.", client=folder)
    sources = read_sources(folder)
    if WORKBOOK_FILE in sources.files:
        raise SalesModelError("{client} keeps its tables in one workbook, which is not written while people may have "
                              "it open; save its sheets as files in a folder to vote.", client=folder)
    return folder / (sources.tables["votes"].file if "votes" in sources.tables else "votes.csv")
