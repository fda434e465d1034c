"""A client that is open already, after some more decisions: the same as if it had been opened with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from salesmodel_kit.client.decision import Decision, find_in_force
from salesmodel_kit.client.decision_checks import check_override_tiers, check_overrides
from salesmodel_kit.client.decisions import Journal, replay_overrides, replay_strategy
from salesmodel_kit.client.folder import Client
from salesmodel_kit.client.profile import Strategy
from salesmodel_kit.client.replay import replay_tables
from salesmodel_kit.client.sources import JOURNAL_FILE
from salesmodel_kit.client.strategies import choose_strategy, describe_tier_rule, merge_norms
from salesmodel_kit.errors import Problem, SalesModelError

#: Decisions that can be followed only by opening the client anew.
NEEDS_OPENING: tuple[str, ...] = ("withdraw",)
_TABLES: tuple[str, ...] = ("criteria", "segments", "accounts", "reps", "response")


def follow_decisions(client: Client, decisions: Iterable[Decision]) -> Client:
    """Return a client after more decisions, without reading a file.

    Parameters
    ----------
    client : Client
        As ``open_client`` returns it; it is left as it is.
    decisions : iterable of Decision
        In order; none of those in ``NEEDS_OPENING``.

    Returns
    -------
    Client
        A table that the decisions leave as it was is the same object. The fingerprint stays that of what was read.

    Raises
    ------
    SalesModelError
        A decision that cannot be followed: the sentence that opening the client would say.
    """
    added = tuple(decisions)
    every = (*client.decisions, *added)
    in_force = find_in_force(every)
    journal = Journal(JOURNAL_FILE, in_force, tuple(range(1, len(in_force) + 1)))
    strategy = _follow_strategy(client, journal, added)
    _refuse(check_overrides(journal, client.accounts["account"]))
    _refuse(check_override_tiers(journal, strategy.tiers.levels))
    tables = _follow_tables(client, added, strategy.tiers.levels)
    if any(decision.kind == "override_tier" for decision in added):
        tables["overrides"] = replay_overrides(in_force)
    return replace(client, strategy=strategy, decisions=every, **tables)


def _follow_strategy(client: Client, journal: Journal, added: tuple[Decision, ...]) -> Strategy:
    kinds, strategy = {decision.kind for decision in added}, client.strategy
    name, rule = replay_strategy(journal.decisions)
    if "choose_strategy" in kinds:
        strategy = choose_strategy(name, client.strategies, changes=client.profile.strategy_changes,
                                   levels=strategy.tiers.levels)
    if "set_tier_rule" in kinds and rule is not None:
        message = describe_tier_rule(rule)
        if message is not None:
            raise SalesModelError(message.template, **message.facts)
        strategy = strategy.model_copy(update={"tiers": rule})
    if "set_call_norms" in kinds:
        norms, problems = merge_norms(strategy, journal)
        _refuse(problems)
        strategy = strategy.model_copy(update={"call_norms": norms})
    return strategy


def _follow_tables(client: Client, added: tuple[Decision, ...], levels: tuple[str, ...]) -> dict[str, pd.DataFrame]:
    before = {name: getattr(client, name) for name in _TABLES if getattr(client, name) is not None}
    after, problems = replay_tables(
        before, Journal(JOURNAL_FILE, added, tuple(range(1, len(added) + 1))), levels=levels
    )
    _refuse(problems)
    return {name: before[name] if name in before and (frame is before[name] or frame.equals(before[name])) else frame
            for name, frame in after.items()}


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise SalesModelError(problems[0].message.template, **problems[0].message.facts)
