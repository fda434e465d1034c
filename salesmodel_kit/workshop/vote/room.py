"""A vote under way: who votes, what is asked, who has voted; each ballot on the disk before it is said to be saved."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from salesmodel_kit.chain import SalesModel
from salesmodel_kit.client.ballot_forms import Answers, BallotForm, Vote, list_forms, read_answers, recall_answers
from salesmodel_kit.client.votes_file import BallotKey
from salesmodel_kit.client.votes_store import VotesStore
from salesmodel_kit.errors import Message, SalesModelError
from salesmodel_kit.workshop.vote.state import VoteState, read_state, write_state
from salesmodel_kit.workshop.vote.tokens import Doors

_Ballots = Mapping[BallotKey, Sequence[Vote]]


@dataclass(frozen=True)
class Progress:
    """How far a participant is.

    Parameters
    ----------
    name : str
        Of the participant.
    n_saved, n_asked : int
        Axes with a saved ballot, and axes in all.
    """

    name: str
    n_saved: int
    n_asked: int

    @property
    def is_done(self) -> bool:
        """Return whether everything asked is saved."""
        return self.n_saved == self.n_asked


class Room:
    """A vote under way.

    Parameters
    ----------
    model : SalesModel
        The client's.
    store : VotesStore
        Its votes, open for writing.

    Raises
    ------
    SalesModelError
        The client lists no participants, or has nothing to vote on.
    """

    def __init__(self, model: SalesModel, store: VotesStore) -> None:
        people = model.client.participants
        if people is None:
            raise SalesModelError("{client} has no participants; list who votes in participants.csv (participant, "
                                  "name, department).", client=model.client.source)
        self.model, self.store = model, store
        self.folder: Path = model.client.source
        self.people = {str(code): str(name) for code, name in zip(people["participant"], people["name"], strict=True)}
        self.state: VoteState = read_state(self.folder)
        write_state(self.folder, self.state)
        self.doors = Doors(bytes.fromhex(self.state.secret), self.people)
        self._waiting: list[tuple[_Ballots, asyncio.Future[None]]] = []
        self._writer: asyncio.Task[None] | None = None
        self._ask()

    def _ask(self) -> None:
        client = self.model.client
        self.forms: tuple[BallotForm, ...] = list_forms(client.criteria, client.segments, self.state.method)

    def open_round(self, method: str, weight_set: str) -> None:
        """Open the next round of a method and a set of weights.

        Parameters
        ----------
        method : str
            One of ``FORM_METHODS``.
        weight_set : str
            Empty for the one without name.

        Raises
        ------
        SalesModelError
            There is nothing to judge that way.
        """
        is_rating, client = method == "rating", self.model.client
        if not list_forms(client.criteria, client.segments, method):
            raise SalesModelError("There is nothing to vote on in this way: every axis has a single criterion.")
        named = "" if is_rating else weight_set
        self._move(self.state.open(self.store.file.find_last_round(named, is_rating=is_rating) + 1, method, named))

    def reopen_round(self) -> None:
        """Take votes of the present round again."""
        self._move(replace(self.state, is_open=self.state.round > 0))

    def close_round(self) -> None:
        """Take no more votes."""
        self._move(replace(self.state, is_open=False))

    def _move(self, state: VoteState) -> None:
        write_state(self.folder, state)
        self.state = state
        self._ask()

    def name_ballot(self, participant: str, axis: str) -> BallotKey:
        """Return whose ballot of the present round it is."""
        return BallotKey(self.state.round, participant, self.state.weight_set, axis, self.state.is_rating)

    def find_saved(self, participant: str) -> dict[str, dict[str, str]]:
        """Return the answers that a participant has saved in the present round, by axis."""
        found = {form.axis: self.store.file.find_votes(self.name_ballot(participant, form.axis)) for form in self.forms}
        return {form.axis: recall_answers(form, found[form.axis]) for form in self.forms if found[form.axis]}

    def list_progress(self) -> list[Progress]:
        """Return how far each participant is in the present round; never what they vote."""
        return [Progress(name, sum(bool(self.store.file.find_votes(self.name_ballot(code, form.axis)))
                                   for form in self.forms), len(self.forms))
                for code, name in self.people.items()]

    async def take(self, participant: str, stamp: str, axis: str, answers: Mapping[str, str]) -> Answers:
        """Save a participant's answers on an axis.

        Parameters
        ----------
        participant : str
            Who answers.
        stamp : str
            The round that the page was made for.
        axis : str
            What is judged.
        answers : mapping of str to str
            Key of a field -> its answer.

        Returns
        -------
        Answers
            On the disk when its votes are not empty; otherwise what is wrong.

        Raises
        ------
        SalesModelError
            The file of votes cannot be written.
        """
        form = next((form for form in self.forms if form.axis == axis), None)
        if not self.state.is_open or stamp != self.state.stamp or form is None:
            return Answers(problems=((None, Message("This round is closed; your last saved vote counts.")),))
        found = read_answers(form, answers, self.people[participant])
        if not found.votes and not found.problems:
            return Answers(problems=((None, Message("Nothing is filled in yet.")),))
        if found.votes:
            await self._save({self.name_ballot(participant, axis): found.votes})
        return found

    async def _save(self, ballots: _Ballots) -> None:
        """Wait until ballots are on the disk; those that come meanwhile share the next write."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((ballots, done))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_waiting())
        await done

    async def _write_waiting(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            together = {key: votes for ballots, _ in batch for key, votes in ballots.items()}
            failure: Exception | None = None
            try:
                await asyncio.to_thread(self.store.save, together)
            except Exception as error:  # whoever waits must hear of it, whatever it is
                failure = error
            for _, done in batch:
                if done.cancelled():
                    continue
                if failure is None:
                    done.set_result(None)
                else:
                    done.set_exception(failure)
