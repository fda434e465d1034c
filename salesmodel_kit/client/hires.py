"""Reps hired in the room whom a scenario names: without them its file, and so the client, could not be opened."""

from __future__ import annotations

from collections.abc import Sequence

from salesmodel_kit.client.decision import Decision, find_in_force
from salesmodel_kit.client.folder import Client
from salesmodel_kit.errors import SalesModelError


def refuse_named_hires(client: Client, steps: Sequence[Decision]) -> None:
    """Refuse to take back a hire whom a scenario removes or changes.

    Parameters
    ----------
    client : Client
        As it is now.
    steps : sequence of Decision
        What is to be written.

    Raises
    ------
    SalesModelError
        The sentence names rep and file.
    """
    before, after = (
        {decision.subject for decision in find_in_force(decisions) if decision.kind == "add_rep"}
        for decisions in (client.decisions, (*client.decisions, *steps)))
    gone = before - after
    for scenario in client.scenarios if gone else ():
        for rep in (*scenario.file.remove_reps, *scenario.file.change_reps):
            if rep in gone:
                raise SalesModelError(
                    "The scenario {scenario} names {rep}, whom the room hired; take {rep} out of its file, load again, "
                    "then take the hire back.", scenario=scenario.name, rep=rep)
