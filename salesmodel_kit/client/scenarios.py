"""A scenario: a few changes on top of a client, applied to it without touching it.

A scenario is ``scenarios/NAME.yaml`` in the client's folder. What it does not
name stays as it is, so that two scenarios differ only in what they say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from salesmodel_kit.client.profile import (
    Assumption,
    CallNorm,
    Profile,
    Strategy,
    StrategyChanges,
    TierName,
    TierRule,
)
from salesmodel_kit.client.strategies import merge_strategy

if TYPE_CHECKING:
    from salesmodel_kit.client.folder import Client

Words = dict[Literal["en", "fr"], Annotated[str, Field(min_length=1, max_length=300)]]
Number = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class RepChange(BaseModel):
    """What is different about a rep."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    selling_hours_per_year: Annotated[float, Field(ge=0, le=4000)] | None = None
    cost_per_year: Number | None = None
    role: Literal["field", "inside", "partner", "customer_success"] | None = None


class ScenarioFile(BaseModel):
    """What a scenario's file holds.

    ``remove_reps`` leave and hand their accounts over; ``change_reps`` is by rep;
    ``add_reps``, ``add_segments`` and ``add_accounts`` are rows of these tables with
    the same columns. ``strategy`` names another strategy; ``strategy_changes`` has the
    keys of ``client.yaml``; ``channel_by_tier`` sends a whole tier through one channel.
    ``weights`` are weights of criteria, ``assumptions`` numbers by name.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    label: Words
    reasoning: Words = {}
    remove_reps: tuple[str, ...] = ()
    change_reps: dict[str, RepChange] = {}
    add_reps: tuple[dict[str, str], ...] = ()
    add_segments: tuple[dict[str, str], ...] = ()
    add_accounts: tuple[dict[str, str], ...] = ()
    strategy: str | None = None
    strategy_changes: StrategyChanges = StrategyChanges()
    channel_by_tier: dict[TierName, Literal["field", "inside", "partner", "customer_success", "marketing"]] = {}
    weights: dict[str, Number] = {}
    assumptions: dict[str, Annotated[float, Field(allow_inf_nan=False)]] = {}


@dataclass(frozen=True)
class Scenario:
    """A scenario, read and checked against its client.

    Parameters
    ----------
    name : str
        Of the file, without ending.
    file : ScenarioFile
        What it says.
    added : mapping of str to DataFrame
        ``reps``, ``segments`` and ``accounts`` that it adds, with all columns of the client's own tables.
    strategy : Strategy or None
        The other strategy, with the client's own changes; None: the client's.
    """

    name: str
    file: ScenarioFile
    added: Mapping[str, pd.DataFrame]
    strategy: Strategy | None = None

    def find_label(self, language: str) -> str:
        """Return the label in a language, else in the other."""
        return self.file.label.get(language) or next(iter(self.file.label.values()))


def apply_scenario(client: Client, scenario: Scenario) -> Client:
    """Return the client as it would be in a scenario; the client itself is left as it is.

    Parameters
    ----------
    client : Client
        As ``open_client`` returns it, with or without later decisions.
    scenario : Scenario
        One of ``client.scenarios``.

    Returns
    -------
    Client
        Without scenarios of its own. Tables that the scenario does not change are the very
        same objects.
    """
    file, added = scenario.file, scenario.added
    return replace(
        client,
        strategy=_change_strategy(client, scenario),
        profile=assume_otherwise(client.profile, file.assumptions),
        criteria=_change_weights(client.criteria, file.weights),
        segments=_append(client.segments, added.get("segments")),
        accounts=_release(_append(client.accounts, added.get("accounts")), file.remove_reps),
        reps=_append(_change_reps(client.reps, file), _leave_out(added.get("reps"), client.reps)),
        scenarios=(),
    )


def _change_strategy(client: Client, scenario: Scenario) -> Strategy:
    file, base = scenario.file, scenario.strategy or client.strategy
    merged = merge_strategy(base, file.strategy_changes)
    if file.strategy_changes.tiers is not None:
        merged = merged.model_copy(update={"tiers": _keep_levels(file.strategy_changes.tiers, client.strategy.tiers)})
    norms = [_send(norm, file.channel_by_tier.get(norm.tier, norm.channel)) for norm in merged.call_norms]
    return merged.model_copy(update={"call_norms": tuple(norms)})


def _send(norm: CallNorm, channel: str) -> CallNorm:
    """Return a norm through another channel: hours of its own and calls without travel were those of the old one."""
    if channel == norm.channel:
        return norm
    return norm.model_copy(update={"channel": channel, "hours_per_call": None, "remote_share": 0.0})


def _keep_levels(rule: TierRule, own: TierRule) -> TierRule:
    """Return a tier rule with the client's tiers and their names, unless it names tiers itself."""
    kept = {"names": own.names} | ({} if "levels" in rule.model_fields_set else {"levels": own.levels})
    return rule.model_copy(update=kept)


def assume_otherwise(profile: Profile, values: Mapping[str, float]) -> Profile:
    """Return a profile with other values of some assumptions; their range no longer holds, and they are assumed."""
    if not values:
        return profile
    own = profile.assumptions
    changed = {name: Assumption(value=value, unit=own[name].unit if name in own else "", source="scenario")
               for name, value in values.items()}
    return profile.model_copy(update={"assumptions": {**own, **changed}})


def _change_weights(criteria: pd.DataFrame, weights: Mapping[str, float]) -> pd.DataFrame:
    if not weights:
        return criteria
    return criteria.assign(weight=criteria["criterion"].map(weights).astype(float).fillna(criteria["weight"]))


def _append(table: pd.DataFrame, rows: pd.DataFrame | None) -> pd.DataFrame:
    if rows is None or rows.empty:
        return table
    return pd.concat([table, rows.reindex(columns=table.columns).astype(table.dtypes)], ignore_index=True)


def _leave_out(rows: pd.DataFrame | None, reps: pd.DataFrame) -> pd.DataFrame | None:
    """Return the new reps whom the client does not have yet: the room may have adopted the scenario."""
    return None if rows is None else rows[~rows["rep"].isin(reps["rep"])]


def _release(accounts: pd.DataFrame, removed: tuple[str, ...]) -> pd.DataFrame:
    """Return the accounts, their locks to and wishes for reps who are gone lifted."""
    bound = {name: accounts[name].isin(removed) for name in ("locked_rep", "wished_rep")}
    return accounts.assign(**{name: accounts[name].mask(is_gone) for name, is_gone in bound.items() if is_gone.any()}
                           ) if any(is_gone.any() for is_gone in bound.values()) else accounts


def _change_reps(reps: pd.DataFrame, file: ScenarioFile) -> pd.DataFrame:
    if file.remove_reps:
        reps = reps.assign(leaving=(reps["leaving"].fillna(False) | reps["rep"].isin(file.remove_reps)))
    for name in ("selling_hours_per_year", "cost_per_year", "role"):
        new = {rep: value for rep, change in file.change_reps.items() if (value := getattr(change, name)) is not None}
        if new:
            reps = reps.assign(**{name: reps["rep"].map(new).astype(reps[name].dtype).fillna(reps[name])})
    return reps
