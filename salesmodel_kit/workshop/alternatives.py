"""What the room can put beside what it decided: today's trial, the client's scenarios, states that have a name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from salesmodel_kit.chain import SalesModel, build_model
from salesmodel_kit.client.adopting import plan_scenario
from salesmodel_kit.client.decision import Decision, find_in_force
from salesmodel_kit.client.folder import open_earlier
from salesmodel_kit.client.states import NamedState, find_state, list_states, plan_adoption
from salesmodel_kit.language import N_
from salesmodel_kit.workshop.room import Room

#: Kind and name of something that can be compared.
Key = tuple[str, str]
DECIDED: Key = ("decided", "")
TRIED: Key = ("tried", "")


class Alternatives:
    """The states that a room can compare; each model is computed when it is asked for, and once.

    Parameters
    ----------
    room : Room
        What was decided and what is being tried.
    """

    def __init__(self, room: Room) -> None:
        self.room = room
        self._models: dict[Key, SalesModel] = {}
        self._base: SalesModel | None = None

    def list_options(self) -> list[tuple[str, Key]]:
        """Return name and key of all that is there: the trial is where something is tried."""
        language, client = self.room.language, self.room.decided.client
        options = [(language.text(N_("What we decided")), DECIDED)]
        options += [(language.text(N_("What is being tried")), TRIED)] if self.room.is_tried else []
        options += [(language.text(N_("Scenario: {name}"), name=one.find_label(language.code)), ("scenario", one.name))
                    for one in client.scenarios]
        options += [(language.text(N_("State: {name}"), name=state.name), ("state", state.name))
                    for state in list_states(client.decisions)]
        return options

    def find_known(self, key: Key) -> SalesModel | None:
        """Return the model of one of them where it is computed and still holds; None otherwise."""
        if key in (DECIDED, TRIED):
            return self.room.model if key == TRIED else self.room.decided
        return self._models.get(key) if self._base is self.room.decided else None

    def find_model(self, key: Key) -> SalesModel:
        """Return the model of one of them.

        Parameters
        ----------
        key : Key
            From :meth:`list_options`.

        Raises
        ------
        SalesModelError
            It cannot be computed: the files are no longer what they were.
        """
        known = self.find_known(key)
        if known is not None:
            return known
        if self._base is not self.room.decided:
            self._models, self._base = {}, self.room.decided
        self._models[key] = self._open(key)
        return self._models[key]

    def _open(self, key: Key) -> SalesModel:
        decided, (kind, name) = self.room.decided, key
        if kind == "scenario":
            return decided.try_scenario(next(one for one in decided.client.scenarios if one.name == name))
        state = find_state(decided.client.decisions, name)
        return build_model(open_earlier(decided.client.source, n_decisions=state.n_decisions,
                                        language=decided.profile.language))

    def plan(self, key: Key, *, by: str, reason: str) -> tuple[Decision, ...]:
        """Return the decisions that lead from what is in force to one of them; none where it is in force already.

        Parameters
        ----------
        key : Key
            A scenario or a state.
        by, reason : str
            Who adopts it, and why.

        Raises
        ------
        SalesModelError
            The journal cannot say all of it.
        """
        client, credit = self.room.decided.client, {"by": by, "reason": reason, "at": dt.datetime.now(dt.UTC)}
        if key[0] == "state":
            return plan_adoption(client.decisions, find_state(client.decisions, key[1]), **credit)
        return plan_scenario(client, next(one for one in client.scenarios if one.name == key[1]), **credit)

    def plan_way_back(self, decisions: Sequence[Decision], *, by: str, reason: str) -> tuple[Decision, ...]:
        """Return the decisions that bring back what was in force after these decisions of the journal.

        Parameters
        ----------
        decisions : sequence of Decision
            The journal as it was.
        by, reason : str
            Who takes it back, and why.
        """
        known = tuple(decisions)
        state = NamedState("", known[-1] if known else None, len(known), find_in_force(known))  # type: ignore[arg-type]
        return plan_adoption(self.room.decided.client.decisions, state, by=by, reason=reason,
                             at=dt.datetime.now(dt.UTC))
