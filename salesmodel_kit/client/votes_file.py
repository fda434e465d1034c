"""The file of votes, written while the room votes: every row that was there stays as it was typed.

A ballot replaces the one that the same participant cast before, in the same round
and set of weights, on the same axis; all else keeps its cells, the rows of a ballot
brought together. The file's own separator, headers and words are kept.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple, Self

import pandas as pd

from salesmodel_kit.client.ballot_forms import Vote
from salesmodel_kit.client.publish import write_cell
from salesmodel_kit.client.reading import match_headers, parse_table
from salesmodel_kit.client.texts import Place, decode_text, read_delimited
from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.tables import VOTES

_LEAD = re.compile(r"sep=.\r?\n")
_OPTIONAL = ("weight_set", "against", "segment")


class BallotKey(NamedTuple):
    """Whose ballot it is; ``weight_set`` is empty for the set without name, and for ratings."""

    round: int
    participant: str
    weight_set: str
    axis: str
    is_rating: bool


class Ballot(NamedTuple):
    """What a participant says, and the lines of the file that say it."""

    votes: tuple[Vote, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True)
class VotesFile:
    """The votes as they lie on the disk.

    Parameters
    ----------
    header : tuple of str
        As written; optional columns that the file lacks are added at the end.
    separator : str
        Between cells.
    columns : mapping of str to int
        Column name -> place in the header.
    ballots : mapping of BallotKey to Ballot
        In the order of the file.
    lead : str
        A first line that declares the separator, if the file has one.
    """

    header: tuple[str, ...]
    separator: str
    columns: Mapping[str, int]
    ballots: Mapping[BallotKey, Ballot] = field(default_factory=dict)
    lead: str = ""

    @classmethod
    def parse(cls, content: bytes, file: str) -> Self:
        """Return what a file holds.

        Parameters
        ----------
        content : bytes
            The file.
        file : str
            Its name, for the sentence.

        Raises
        ------
        SalesModelError
            It cannot be read as votes.
        """
        table = read_delimited(content, file)
        frame, problems = parse_table(table, VOTES)
        if problems or frame[["round", "participant", "kind", "axis", "criterion", "vote"]].isna().any(axis=None):
            raise SalesModelError("{file} cannot be read as votes, so nothing was saved; mend what salesmodel check "
                                  "says of it.", file=file)
        place, _ = match_headers(table, VOTES)
        text, separator = decode_text(content) or "", table.separator or ","
        lead = _LEAD.match(text)
        records = list(csv.reader(io.StringIO(text[lead.end():] if lead else text, newline=""), delimiter=separator))
        header, columns = _complete(next(record for record in records if any(record)), place)
        ballots: dict[BallotKey, Ballot] = {}
        for row, key, vote in _list_votes(frame):
            former = ballots.get(key, Ballot((), ()))
            line = _join((*records[row - 1], *[""] * (len(header) - len(records[row - 1]))), separator)
            ballots[key] = Ballot((*former.votes, vote), (*former.lines, line))
        return cls(header, separator, columns, ballots, lead[0] if lead else "")

    def cast(self, ballots: Mapping[BallotKey, Sequence[Vote]]) -> Self:
        """Return the file with ballots put in, each in the place of the one with the same key.

        Parameters
        ----------
        ballots : mapping of BallotKey to sequence of Vote
            Ballots without votes take nothing away.
        """
        new = {key: Ballot(tuple(votes), tuple(self._write(key, vote) for vote in votes))
               for key, votes in ballots.items() if votes}
        return replace(self, ballots={**self.ballots, **new})

    def encode(self) -> bytes:
        """Return the file's content, UTF-8 with byte order mark as spreadsheets expect it."""
        lines = [line for ballot in self.ballots.values() for line in ballot.lines]
        return "".join([self.lead, _join(self.header, self.separator), *lines]).encode("utf-8-sig")

    def find_votes(self, key: BallotKey) -> tuple[Vote, ...]:
        """Return the votes of a ballot; none where it was not cast."""
        return self.ballots[key].votes if key in self.ballots else ()

    def find_last_round(self, weight_set: str, *, is_rating: bool) -> int:
        """Return the last round that was voted in a set of weights, or of ratings; 0 where there was none."""
        return max((key.round for key in self.ballots if key.is_rating == is_rating and key.weight_set == weight_set),
                   default=0)

    def _write(self, key: BallotKey, vote: Vote) -> str:
        """Return a line; ids stay as the client wrote them, the name of a set is no formula."""
        mark = "," if self.separator == ";" else "."
        said = {"round": str(key.round), "participant": key.participant, "weight_set": write_cell(key.weight_set),
                "kind": self._choose("kind", vote.kind), "axis": self._choose("axis", vote.axis),
                "criterion": vote.criterion, "against": vote.against or "", "segment": vote.segment or "",
                "vote": write_cell(float(vote.vote), mark)}
        cells = [""] * len(self.header)
        for name, text in said.items():
            cells[self.columns[name]] = text
        return _join(cells, self.separator)

    def _choose(self, name: str, choice: str) -> str:
        """Return a choice in the words of the header: the kit's own, or the client's language."""
        is_own = self.header[self.columns[name]].strip().casefold() == name
        return choice if is_own else VOTES.column(name).choices[choice][0]


def _complete(header: Sequence[str], place: Place) -> tuple[tuple[str, ...], dict[str, int]]:
    """Return the header with the optional columns that it lacks, in its own language, and where each column stands."""
    names = [cell.strip() for cell in header]
    found = {name: names.index(written) for name, written in place.headers.items()}
    is_own = place.headers["vote"].casefold() == "vote" and place.headers["round"].casefold() == "round"
    lacking = [name for name in _OPTIONAL if name not in found]
    more = [name if is_own else VOTES.column(name).headers[0] for name in lacking]
    return (*header, *more), found | {name: len(names) + at for at, name in enumerate(lacking)}


def _list_votes(frame: pd.DataFrame) -> Iterator[tuple[int, BallotKey, Vote]]:
    """Yield row, ballot and vote of each row of the table ``votes``."""
    known = frame.astype("object").where(frame.notna(), None)
    for row in known.itertuples():
        is_rating = row.kind == "rating"
        key = BallotKey(int(row.round), row.participant, "" if is_rating else row.weight_set or "", row.axis, is_rating)
        yield int(row.Index), key, Vote(row.kind, row.axis, row.criterion, row.against, row.segment, float(row.vote))


def _join(cells: Sequence[str], separator: str) -> str:
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=separator, lineterminator="\r\n").writerow(cells)
    return stream.getvalue()
