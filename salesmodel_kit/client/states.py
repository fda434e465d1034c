"""Named states of the journal: what was in force when the room gave it a name, and the way back to it.

A state is a line of the journal, nothing else: it holds on the client's files as
they are today. To adopt one is to decide again: what came since is withdrawn,
what was withdrawn since is taken up.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from salesmodel_kit.client.decision import Decision, find_in_force, find_withdrawn
from salesmodel_kit.client.decisions import append_decisions
from salesmodel_kit.client.reading import find_nearest
from salesmodel_kit.errors import SalesModelError

#: Longest name of a state.
MAX_NAME = 60


@dataclass(frozen=True)
class NamedState:
    """What was in force when the room gave it a name.

    Parameters
    ----------
    name : str
        As the room called it.
    decision : Decision
        Who named it, when and why.
    n_decisions : int
        Decisions of the journal up to there, its own with them.
    in_force : tuple of Decision
        Those that counted then.
    """

    name: str
    decision: Decision
    n_decisions: int
    in_force: tuple[Decision, ...]


def list_states(decisions: Sequence[Decision]) -> tuple[NamedState, ...]:
    """Return the named states of a journal, the earliest first; of two with one name the later one.

    Parameters
    ----------
    decisions : sequence of Decision
        The whole journal. A name that was withdrawn is gone.
    """
    withdrawn = find_withdrawn(decisions)
    states: dict[str, NamedState] = {}
    for place, decision in enumerate(decisions, start=1):
        if decision.kind == "name_state" and decision.id not in withdrawn:
            states.pop(decision.subject, None)
            states[decision.subject] = NamedState(decision.subject, decision, place,
                                                  find_in_force(decisions[:place]))
    return tuple(states.values())


def find_state(decisions: Sequence[Decision], name: str) -> NamedState:
    """Return the state of a name.

    Parameters
    ----------
    decisions : sequence of Decision
        The whole journal.
    name : str
        As the room called it.

    Raises
    ------
    SalesModelError
        The journal has no such state.
    """
    states = {state.name: state for state in list_states(decisions)}
    if name in states:
        return states[name]
    near = find_nearest(name, states)
    if near is not None:
        raise SalesModelError("There is no state named {name}; did you mean {near}?", name=name, near=near)
    raise SalesModelError("There is no state named {name}; these are there: {known}.", name=name,
                          known=", ".join(states) or "–")


def plan_state(name: str, *, by: str, reason: str) -> Decision:
    """Return the decision that gives what is in force a name; nothing is written.

    Parameters
    ----------
    name : str
        A line of at most 60 signs; a name given before then means the new state.
    by, reason : str
        Who names it, and why.

    Raises
    ------
    SalesModelError
        The name is empty or too long.
    """
    words = " ".join(name.split())
    if not words or len(words) > MAX_NAME:
        raise SalesModelError("The name of a state has from 1 to {limit} signs; give it another one.", limit=MAX_NAME)
    return Decision(at=dt.datetime.now(dt.UTC), by=by, kind="name_state", subject=words, new="", reason=reason)


def name_state(source: Path, name: str, *, by: str, reason: str) -> Decision:
    """Give what is in force now a name, as a line of the journal; as :func:`plan_state`.

    Parameters
    ----------
    source : Path
        The client's folder or workbook.
    name, by, reason : str
        As there.

    Returns
    -------
    Decision
        As it was recorded.
    """
    decision = plan_state(name, by=by, reason=reason)
    append_decisions(source, [decision])
    return decision


def plan_adoption(decisions: Sequence[Decision], state: NamedState, *, by: str, reason: str,
                  at: dt.datetime) -> tuple[Decision, ...]:
    """Return the decisions that lead from what is in force now to a named state; none where it is the same.

    Parameters
    ----------
    decisions : sequence of Decision
        The whole journal.
    state : NamedState
        From :func:`find_state`.
    by, reason : str
        Who adopts it, and why.
    at : datetime
        The moment.
    """
    wanted = {decision.id for decision in state.in_force}
    surplus = [decision.id for decision in find_in_force(decisions) if decision.id not in wanted]
    withdrawn = find_withdrawn(decisions)
    missing = wanted & withdrawn
    undone = [decision.id for decision in decisions
              if decision.kind == "withdraw" and decision.subject in missing and decision.id not in withdrawn]
    return tuple(Decision(at=at, by=by, kind="withdraw", subject=subject, new="", reason=reason)
                 for subject in dict.fromkeys([*surplus, *undone]))


def adopt_state(source: Path, decisions: Sequence[Decision], name: str, *, by: str,
                reason: str) -> tuple[Decision, ...]:
    """Decide a named state: write what leads there to the journal, all or none.

    Parameters
    ----------
    source : Path
        The client's folder or workbook.
    decisions : sequence of Decision
        The journal as the writer has seen it (``client.decisions``).
    name : str
        Of the state.
    by, reason : str
        Who adopts it, and why.

    Returns
    -------
    tuple of Decision
        As they were recorded; none where the state is in force already.

    Raises
    ------
    Conflict
        Another session decided on one of these matters meanwhile.
    SalesModelError
        There is no such state, or the journal cannot be written.
    """
    steps = plan_adoption(decisions, find_state(decisions, name), by=by, reason=reason, at=dt.datetime.now(dt.UTC))
    if steps:
        append_decisions(source, steps, known=decisions)
    return steps
