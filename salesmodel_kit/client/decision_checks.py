"""What makes the decisions of the journal sound beside one another and beside the client's accounts and tiers."""

from __future__ import annotations

from collections.abc import Collection

from salesmodel_kit.client.decisions import Journal
from salesmodel_kit.client.reading import find_nearest
from salesmodel_kit.errors import Message, Problem


def check_withdrawals(journal: Journal) -> list[Problem]:
    """Return a problem for each withdrawal of a decision that is not on an earlier line.

    Parameters
    ----------
    journal : Journal
        All decisions with their lines.
    """
    earlier: set[str] = set()
    problems = []
    message = Message("No earlier line holds a decision with this id; restore that line as it was.")
    for line, decision in zip(journal.lines, journal.decisions, strict=True):
        if decision.kind == "withdraw" and decision.subject not in earlier:
            problems.append(Problem(message, file=journal.file, row=line, column="subject", value=decision.subject))
        earlier.add(decision.id)
    return problems


def check_overrides(journal: Journal, accounts: Collection[str]) -> list[Problem]:
    """Return a problem for each override of an account that the client does not have.

    Parameters
    ----------
    journal : Journal
        The decisions with their lines.
    accounts : collection of str
        The ids of the client's accounts.
    """
    overrides = [(line, decision) for line, decision in zip(journal.lines, journal.decisions, strict=True)
                 if decision.kind == "override_tier"]
    known = set(accounts) if overrides else set()
    problems = []
    for line, decision in overrides:
        if decision.subject not in known:
            near = find_nearest(decision.subject, known)
            message = Message("There is no such account; a later line with an empty “new” lifts the override.")
            if near is not None:
                message = Message("There is no such account; did you mean {near}?", {"near": near})
            problems.append(Problem(message, file=journal.file, row=line, column="subject", value=decision.subject))
    return problems


def check_override_tiers(journal: Journal, levels: Collection[str]) -> list[Problem]:
    """Return a problem for each override in force that puts an account into a tier that the client does not have.

    Parameters
    ----------
    journal : Journal
        The decisions with their lines.
    levels : collection of str
        The client's tiers.
    """
    last = {decision.subject: (line, decision)
            for line, decision in zip(journal.lines, journal.decisions, strict=True)
            if decision.kind == "override_tier"}
    message = Message("The client has no such tier now ({known}); a later line decides anew.",
                      {"known": ", ".join(levels)})
    return [Problem(message, file=journal.file, row=line, column="new", value=str(decision.new))
            for line, decision in last.values() if decision.new and decision.new not in levels]
