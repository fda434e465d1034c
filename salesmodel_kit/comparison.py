"""Two models of one client compared: who moved tier, and why.

The way from the first to the second is walked in five steps, each evaluated by the
whole chain: the second's data; its criteria and weights; its tier rule, with the call
norms and the hours of the team; its margin and the tiers it started from; its
overrides. What a step moves is that step's doing. Another order may name another
cause where two things changed that both move an account; the order is always this one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

import pandas as pd

from salesmodel_kit.chain import SalesModel, build_model
from salesmodel_kit.client.folder import Client
from salesmodel_kit.client.profile import Assumption
from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.model.moves import count_moves, list_moves

#: Parts of a client that are data; the tier rule's; all others are criteria and weights.
_DATA: tuple[str, ...] = ("segments", "accounts", "opportunities")
_RULE: tuple[str, ...] = ("reps",)
_KEPT: tuple[str, ...] = ("profile", "strategy", "overrides", "source", "fingerprint", "notes", "previous",
                          "strategies")
#: Assumptions that the hours of the team rest on, and so the rule ``capacity``.
_HOURS: tuple[str, ...] = (
    "selling_time_share", "inside_selling_time_share", "travel_time_share", "working_days_per_year",
    "working_hours_per_day", "leave_days_per_year", "training_days_per_year")


@dataclass(frozen=True)
class Comparison:
    """Two models of one client, compared.

    Parameters
    ----------
    moves : DataFrame
        Table ``tier_moves``: who changed tier, and why.
    flows : DataFrame
        Table ``tier_flows``: how many went from where to where.
    causes_known : bool
        False where only the tiers of the first model are known: then a cause is ``override`` or ``unknown``.
    """

    moves: pd.DataFrame
    flows: pd.DataFrame
    causes_known: bool


def compare_models(before: SalesModel, after: SalesModel) -> Comparison:
    """Return who moved tier between two models of one client, with the cause of each move.

    Parameters
    ----------
    before, after : SalesModel
        The earlier and the later model.

    Returns
    -------
    Comparison
        Causes are found by evaluating the steps between the two.

    Raises
    ------
    SalesModelError
        They are models of two clients.
    """
    first, second = before.profile.id, after.profile.id
    if first != second:
        raise SalesModelError("These are two clients, {first} and {second}; compare two models of one client.",
                              first=first, second=second)
    stages = {name: _index_tiers(build_model(client).account_tiers) for name, client in _walk(before, after)}
    stages["override"] = _index_tiers(after.account_tiers)
    return _compare(before.account_tiers, after.account_tiers, stages)


def compare_with_previous(model: SalesModel) -> Comparison | None:
    """Return who moved tier since the model that the client keeps, or since the tiers it noted.

    Parameters
    ----------
    model : SalesModel
        With a previous run, all is known; with the column ``previous_tier`` only, the
        moves are known, and of their causes none but the room's decisions.

    Returns
    -------
    Comparison or None
        None where no previous tier is known.
    """
    if model.previous is not None:
        return compare_models(model.previous, model)
    tiers = model.account_tiers.dropna(subset=["previous_tier"])
    if tiers.empty:
        return None
    before = tiers.assign(tier=tiers["previous_tier"], score=float("nan"))
    alone = model
    if len(model.client.overrides):
        alone = build_model(replace(model.client, overrides=model.client.overrides.iloc[:0]))
    stages = {"unknown": _index_tiers(alone.account_tiers), "override": _index_tiers(model.account_tiers)}
    return _compare(before, tiers, stages, causes_known=False)


def _compare(
    before: pd.DataFrame, after: pd.DataFrame, stages: Mapping[str, pd.Series], *, causes_known: bool = True
) -> Comparison:
    moves = list_moves(before, after, stages=stages)
    return Comparison(moves, count_moves(before, after, moves), causes_known)


def _index_tiers(account_tiers: pd.DataFrame) -> pd.Series:
    return account_tiers.set_index("account")["tier"]


def _walk(first: SalesModel, second: SalesModel) -> list[tuple[str, Client]]:
    """Return step -> the client after it, from the earlier model to the later one without its overrides."""
    before, after = first.client, second.client
    noted = first.previous_tiers.set_axis(before.accounts["account"])
    accounts = after.accounts.assign(previous_tier=after.accounts["account"].map(noted).astype("str"))
    data = replace(before, **{name: getattr(after, name) for name in _DATA} | {"accounts": accounts}, previous=None,
                   criteria=_read_alike(before.criteria, after.criteria),
                   profile=before.profile.model_copy(update={"data_until": after.profile.data_until}))
    others = [field.name for field in fields(Client) if field.name not in (*_DATA, *_RULE, *_KEPT)]
    kept_strategy = {name: getattr(before.strategy, name) for name in ("tiers", "call_norms", "channels")}
    weights = replace(data, **{name: getattr(after, name) for name in others},
                      strategy=after.strategy.model_copy(update=kept_strategy),
                      profile=_assume(after, kept=before, names=(*_HOURS, "tier_margin")))
    rule = replace(weights, strategy=after.strategy, reps=after.reps,
                   profile=_assume(after, kept=before, names=("tier_margin",)))
    margin = replace(after, overrides=before.overrides, previous=None,
                     accounts=after.accounts.assign(previous_tier=second.previous_tiers))
    return [("data", data), ("weights", weights), ("rule", rule), ("margin", margin)]


def _read_alike(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Return the earlier criteria, but for those that were numbers and are words now, or the other way round.

    The later data can only be read with the later criterion: its change counts as one of the data.
    """
    keys = ["axis", "criterion"]
    first, second = before.set_index(keys), after.set_index(keys)
    shared = first.index.intersection(second.index)
    differs = first.loc[shared, "category_values"].notna() != second.loc[shared, "category_values"].notna()
    taken = shared[differs.to_numpy()]
    if not len(taken):
        return before
    kept = first.index.difference(taken, sort=False)
    return pd.concat([first.loc[kept], second.loc[taken]]).loc[first.index].reset_index()[before.columns.tolist()]


def _assume(client: Client, *, kept: Client, names: tuple[str, ...]) -> object:
    """Return a client's profile with these assumptions of another one."""
    own: dict[str, Assumption] = {name: value for name, value in client.profile.assumptions.items()
                                  if name not in names}
    other = {name: value for name, value in kept.profile.assumptions.items() if name in names}
    return client.profile.model_copy(update={"assumptions": own | other})
