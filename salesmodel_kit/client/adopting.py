"""A scenario as decisions of the room, where the journal's kinds can say what its file says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from types import MappingProxyType

import pandas as pd

from salesmodel_kit.client.decision import Decision
from salesmodel_kit.client.folder import Client
from salesmodel_kit.client.following import follow_decisions
from salesmodel_kit.client.profile import Strategy
from salesmodel_kit.client.scenarios import Scenario, apply_scenario
from salesmodel_kit.client.strategies import choose_strategy
from salesmodel_kit.errors import Message, SalesModelError
from salesmodel_kit.language import N_
from salesmodel_kit.tables import REPS

#: Part of a client that a scenario changes -> how it is called where no decision can change it so.
_PARTS: Mapping[str, str] = MappingProxyType({
    "segments": N_("the segments"), "accounts": N_("the accounts"), "reps": N_("the reps"),
    "criteria": N_("the criteria"), "profile": N_("the assumptions"), "strategy": N_("the strategy"),
})


def plan_scenario(client: Client, scenario: Scenario, *, by: str, reason: str, at: dt.datetime) -> tuple[Decision, ...]:
    """Return the decisions that make a client what it is in a scenario.

    Parameters
    ----------
    client : Client
        As it is now.
    scenario : Scenario
        One of ``client.scenarios``.
    by, reason : str
        Who decides, and why.
    at : datetime
        The moment.

    Returns
    -------
    tuple of Decision
        Followed, they give the very tables and strategy of the scenario; none where it changes nothing.

    Raises
    ------
    SalesModelError
        No kind of decision can say all that the scenario says; the sentence names the first part.
    """
    wanted = apply_scenario(client, scenario)
    if not _find_lacking(client, wanted):
        return ()
    taken = tuple(Decision(at=at, by=by, reason=reason, kind=kind, subject=subject, new=new)
                  for kind, subject, new in _list_changes(client, wanted, scenario))
    lacking = _find_lacking(follow_decisions(client, taken), wanted)
    if lacking:
        raise SalesModelError(
            "No decision of the workshop can change {part} as this scenario does; write it into the client's files, "
            "then load again.", part=Message(_PARTS[lacking[0]]))
    return taken


def _list_changes(client: Client, wanted: Client, scenario: Scenario) -> Iterator[tuple[str, str, object]]:
    file = scenario.file
    yield from _list_rules(client, wanted.strategy, file.strategy)
    for axis, rows in client.criteria.groupby("axis", sort=False):
        named = {name: file.weights[name] for name in rows["criterion"] if name in file.weights}
        if named:
            yield "set_weights", str(axis), named
    for account in _find_released(client, wanted):
        yield "lock_account", account, ""
    for rep in file.remove_reps:
        yield "remove_rep", rep, ""
    for rep, change in file.change_reps.items():
        if change.selling_hours_per_year is not None:
            yield "set_selling_hours", rep, change.selling_hours_per_year
    yield from _list_new_reps(scenario)


def _list_rules(client: Client, wanted: Strategy, name: str | None) -> Iterator[tuple[str, str, object]]:
    present = client.strategy
    if name is not None:
        present = choose_strategy(name, client.strategies, changes=client.profile.strategy_changes,
                                  levels=present.tiers.levels)
        yield "choose_strategy", "strategy", name
    if wanted.tiers != present.tiers:
        yield "set_tier_rule", "tiers", wanted.tiers
    for tier in wanted.tiers.levels:
        before, after = (tuple(norm for norm in strategy.call_norms if norm.tier == tier)
                         for strategy in (present, wanted))
        if after and after != before:
            yield "set_call_norms", tier, after


def _find_released(client: Client, wanted: Client) -> list[str]:
    before, after = client.accounts, wanted.accounts.head(len(client.accounts))
    return before.loc[before["locked_rep"].notna() & after["locked_rep"].isna().to_numpy(), "account"].tolist()


def _list_new_reps(scenario: Scenario) -> Iterator[tuple[str, str, object]]:
    added = scenario.added.get("reps")
    for row in () if added is None else added.reindex(columns=list(REPS.names)).to_dict(orient="records"):
        yield "add_rep", row.pop("rep"), {name: cell.item() if hasattr(cell, "item") else cell
                                          for name, cell in row.items() if not pd.isna(cell)}


def _find_lacking(followed: Client, wanted: Client) -> tuple[str, ...]:
    """Return the parts that still differ."""
    return tuple(name for name in _PARTS if not _is_same(getattr(followed, name), getattr(wanted, name)))


def _is_same(first: object, second: object) -> bool:
    if first is second:
        return True
    if isinstance(first, pd.DataFrame) and isinstance(second, pd.DataFrame):
        return _settle(first).equals(_settle(second))
    return first == second


def _settle(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table in which nobody who is not said to leave leaves."""
    plain = table.reset_index(drop=True)
    return plain.assign(leaving=plain["leaving"].eq(True).fillna(False).astype(bool)) if "leaving" in plain else plain
