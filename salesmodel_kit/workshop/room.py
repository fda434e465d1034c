"""The room: one model that all panels of a page look at, what was decided and what is being tried.

A state is the client as decided with the decisions that are being tried upon
it, in the vocabulary of the journal: recording one of them changes nothing that
is on the screen. Of each state only what the change touches is computed.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from pydantic import ValidationError
from traitlets import Bool, HasTraits, Int, Unicode

from salesmodel_kit.chain import SalesModel, build_model, open_model
from salesmodel_kit.chain.carrying import rebuild_model
from salesmodel_kit.client.decision import STRATEGY_KINDS, Decision, is_same
from salesmodel_kit.client.decisions import Conflict, Journal, append_decisions
from salesmodel_kit.client.folder import Client, open_client
from salesmodel_kit.client.following import follow_decisions
from salesmodel_kit.client.presence import Session
from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.language import N_, Language
from salesmodel_kit.workshop.file_news import FileNews, list_others
from salesmodel_kit.workshop.recording import follow_ahead, open_ahead
from salesmodel_kit.workshop.refusals import refuse_value, tell_refusal
from salesmodel_kit.workshop.standing import Topic, find_decided, is_same_ground

#: Kinds whose values say only what changes, so that a later change is added to an earlier one.
_ADDED_UP: tuple[str, ...] = ("set_weights", "rate_segment", "set_target")
_MOST_STEPS = 40
#: Moves of the same control within so many seconds are one step for undo.
_ONE_MOVE_SECONDS = 0.8
#: When something that is only tried was decided: never, but a decision needs a moment.
_TRIED_AT = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


def open_room(client: str | Path | SalesModel, language: str | None = None, *, interactive: bool = False) -> Room:
    """Return the room of a client, for the panels of a notebook or a page.

    Parameters
    ----------
    client : str, Path or SalesModel
        A folder, a workbook, ``demo:NAME``, or a model that is there already.
    language : {"en", "fr"}, optional
        Instead of the client's own; it counts only where the client is opened here.
    interactive : bool
        The exhibits that a notebook shows from now on watch the room: one that no longer holds says so. Other
        sessions hear of this one, and it of them.

    Returns
    -------
    Room

    Raises
    ------
    SalesModelError
        As ``open_model``.
    """
    room = Room(client if isinstance(client, SalesModel) else open_model(client, language=language))
    if interactive:
        from salesmodel_kit.workshop.live_exhibits import follow_exhibits
        from salesmodel_kit.workshop.lookout import keep_watch_in_notebook

        follow_exhibits(room)
        keep_watch_in_notebook(room)
    return room


class Room(HasTraits):
    """What was decided, what is being tried, and the model of both together.

    Parameters
    ----------
    model : SalesModel
        The client's model as decided.

    Attributes
    ----------
    decided, model : SalesModel
        Of what was decided; of what is being tried upon it.
    version : int
        Another one for each state of ``model``: whoever shows anything of it observes this.
    can_undo, can_redo, is_tried : bool
        Whether there is a step to undo or to redo, and whether anything is tried that is not recorded.
    n_grounds : int
        How often segments, accounts, criteria, tiers or strategies of the files became others: controls name them.
    notice, others : str
        What the room must know of its files (others decided, or a file changed on disk), and who else has the client
        open; empty: nothing.
    """

    version, can_undo, can_redo, is_tried, notice = Int(0), Bool(False), Bool(False), Bool(False), Unicode("")
    others = Unicode("")

    def __init__(self, model: SalesModel) -> None:
        super().__init__()
        self.decided = self.model = model
        self.tried: dict[Topic, object] = {}
        self.source: object = None
        self.n_grounds = 0
        self._past: list[tuple[dict[Topic, object], SalesModel]] = []
        self._future: list[tuple[dict[Topic, object], SalesModel]] = []
        self._last_move: tuple[Topic | None, float] = (None, 0.0)
        self._news = FileNews()

    @property
    def language(self) -> Language:
        """Return the client's language."""
        return self.decided.language

    def try_out(self, kind: str, subject: str, new: object, *, source: object = None) -> None:
        """Try a decision: the model becomes what it would be.

        Parameters
        ----------
        kind, subject, new
            As in ``Decision``; weights and ratings are added to those tried before. Another strategy brings its own
            tier rule and call norms: those that were tried under the one before it are dropped.
        source : object, optional
            The panel that was touched: it shows the new state before all others.

        Raises
        ------
        SalesModelError
            It cannot be; the state stays as it was.
        """
        topic = (kind, subject)
        before = self.tried.get(topic)
        gone = STRATEGY_KINDS if kind == "choose_strategy" else ()
        if kind in _ADDED_UP and isinstance(before, Mapping) and isinstance(new, Mapping):
            new = {**before, **new}
        tried = {name: value for name, value in self.tried.items() if name != topic and name[0] not in gone}
        if not self._holds_already(topic, new, tried):
            tried |= {topic: new}
        model = self._model_of(tried)
        is_same_move = self._last_move[0] == topic and time.monotonic() - self._last_move[1] < _ONE_MOVE_SECONDS
        self._last_move = (topic, time.monotonic())
        self._go_to(tried, model, source=source, keeps_step=not is_same_move)

    def _holds_already(self, topic: Topic, new: object, tried: Mapping[Topic, object]) -> bool:
        """Return whether a matter stands as decided again: then nothing is tried in it."""
        is_other_ground = topic[0] in STRATEGY_KINDS[1:] and any(kind == STRATEGY_KINDS[0] for kind, _ in tried)
        return topic[0] not in ("add_rep", "remove_rep") and not is_other_ground and is_same(
            find_decided(self.decided, topic, new), new)

    def drop(self, topics: Iterable[Topic], *, source: object = None) -> None:
        """Go back to what was decided in some matters; what else is tried stays."""
        gone = set(topics)
        tried = {topic: new for topic, new in self.tried.items() if topic not in gone}
        self._last_move = (None, 0.0)
        if len(tried) < len(self.tried):
            self._go_to(tried, self._model_of(tried), source=source, keeps_step=True)

    def undo(self) -> None:
        """Take the last step back."""
        self._step(self._past, self._future)

    def redo(self) -> None:
        """Take again the step that was taken back last."""
        self._step(self._future, self._past)

    def _step(self, steps: list, others: list) -> None:
        if not steps:
            return
        others.append((self.tried, self.model))
        tried, model = steps.pop()
        self._last_move = (None, 0.0)
        self._show(tried, model, source=None)

    def _go_to(self, tried: dict[Topic, object], model: SalesModel, *, source: object, keeps_step: bool) -> None:
        if keeps_step:
            self._past = [*self._past, (self.tried, self.model)][-_MOST_STEPS:]
        self._future = []
        self._show(tried, model, source=source)

    def _show(self, tried: dict[Topic, object], model: SalesModel, *, source: object) -> None:
        self.tried, self.model, self.source = tried, model, source
        self.can_undo, self.can_redo, self.is_tried = bool(self._past), bool(self._future), bool(tried)
        self.version += 1

    def _model_of(self, tried: Mapping[Topic, object]) -> SalesModel:
        """Return the model of what was decided and is tried, computed from the one on the screen."""
        if not tried:
            return self.decided
        by, reason = self.language.text(N_("being tried")), self.language.text(N_("not recorded yet"))
        decisions = [self._make_decision(topic, new, by=by, reason=reason, at=_TRIED_AT)
                     for topic, new in tried.items()]
        return rebuild_model(self.model, follow_decisions(self.decided.client, decisions))

    def _make_decision(self, topic: Topic, new: object, **facts: object) -> Decision:
        try:
            return Decision(kind=topic[0], subject=topic[1], new=new, **facts)
        except ValidationError as error:
            raise refuse_value(topic, error, language=self.language) from error

    def record(self, topics: Iterable[Topic], *, by: str, reason: str) -> int:
        """Append what is tried in some matters to the client's journal, a decision for each, all or none.

        Parameters
        ----------
        topics : iterable of Topic
            Those that are not tried are left out.
        by, reason : str
            Who decided, and why; neither is empty.

        Returns
        -------
        int
            How many decisions were recorded.

        Raises
        ------
        Conflict
            Somebody decided otherwise on one of these matters since the room was opened.
        SalesModelError
            A name or a reason is missing, the journal cannot be written, or the client could not be opened with these
            alone (a lock to a rep who is only tried): then nothing is written.
        """
        chosen = [topic for topic in self.tried if topic in set(topics)]
        if not (by.strip() and reason.strip()):
            raise SalesModelError(N_("A decision needs a name and a reason; fill in both, then record it."))
        now = dt.datetime.now(dt.UTC)
        decisions = [
            self._make_decision(topic, self.tried[topic], by=by.strip(), reason=reason.strip(), at=now,
                                old=find_decided(self.decided, topic, self.tried[topic]))
            for topic in chosen
        ]
        client = self.decided.client
        follow_ahead(client, decisions, language=self.language)
        journal = append_decisions(client.source, decisions, known=client.decisions)
        self.decided = rebuild_model(self.decided, follow_decisions(client, decisions))
        self._after_recording({topic: new for topic, new in self.tried.items() if topic not in chosen})
        self._meet_others(journal)
        return len(decisions)

    def write(self, decisions: Sequence[Decision]) -> None:
        """Append decisions to the client's journal as they are, all or none, and open the client with them.

        Parameters
        ----------
        decisions : sequence of Decision
            As ``plan_scenario`` or ``plan_adoption`` returns them; nothing is written where there are none.

        Raises
        ------
        Conflict
            Somebody decided otherwise on one of these matters since the room was opened.
        SalesModelError
            The journal cannot be written, or the client could not be opened with them: then nothing is written.
        """
        if not decisions:
            return
        client = self.decided.client
        after = open_ahead(client, decisions, language=self.language)
        journal = append_decisions(client.source, decisions, known=client.decisions)
        self._start_from(after)
        self._meet_others(journal)

    def _meet_others(self, journal: Journal) -> None:
        """Load again where others decided beside what was just recorded; where that fails the notice says why."""
        if journal.decisions == self.decided.client.decisions:
            self._news.accept(self.decided.client)
            return
        try:
            self.load_again()
        except SalesModelError as error:
            self.notice = self.say(error)

    def _after_recording(self, left: dict[Topic, object]) -> None:
        self._past, self._future, self._last_move = [], [], (None, 0.0)
        self._show(left, self._model_of(left), source=None)

    def load_again(self) -> None:
        """Open the client anew, as it is on the disk now; what is tried stays where it still can be.

        Raises
        ------
        SalesModelError
            The client cannot be opened as it is now; the room stays as it was.
        """
        self._start_from(open_client(self.decided.client.source, language=self.decided.profile.language))

    def _start_from(self, client: Client) -> None:
        """Take a client that was just read for what is decided; what is tried stays where it still can be."""
        self.n_grounds += not is_same_ground(self.decided.client, client)
        self.decided = build_model(client)
        self._past, self._future, self.notice = [], [], ""
        self._news.begin(client, anew=True)
        left: dict[Topic, object] = {}
        for topic, new in self.tried.items():
            try:
                self.model = self._model_of({**left, topic: new})
                left[topic] = new
            except SalesModelError:
                continue
        self._show(left, self._model_of(left), source=None)

    def watch_files(self) -> None:
        """Begin to notice files that change on disk; one that has changed before the first call counts as read."""
        self._news.begin(self.decided.client)

    def look_at_files(self, *, now: float | None = None) -> None:
        """Notice files that changed under the open room, at most every two seconds; ``notice`` says what.

        Parameters
        ----------
        now : float, optional
            Seconds of a steady clock; the machine's own.
        """
        said = self._news.tell(self.language, now=now)
        if said is not None:
            self.notice = said

    def tell_others(self, sessions: tuple[Session, ...]) -> None:
        """Say who else has the client open."""
        self.others = " ".join(list_others(sessions, self.language))

    def say(self, error: SalesModelError) -> str:
        """Return a refusal in the client's language; a conflict offers to load again."""
        sentence = tell_refusal(error, language=self.language)
        if isinstance(error, Conflict):
            self.notice = sentence
        return sentence
