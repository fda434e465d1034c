"""What holds as decided, in the form of the decision that would change it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from salesmodel_kit.chain import SalesModel
from salesmodel_kit.client.decision import find_in_force
from salesmodel_kit.client.decisions import replay_strategy
from salesmodel_kit.client.folder import Client
from salesmodel_kit.language import N_

#: Kind and subject: what a tried change is about.
Topic = tuple[str, str]


def find_decided(model: SalesModel, topic: Topic, new: object) -> object:
    """Return what holds in a matter as decided, in the form of a decision; empty where nothing does.

    Parameters
    ----------
    model : SalesModel
        As decided.
    topic : Topic
        Kind and subject.
    new : object
        What is to be decided: of weights and ratings the same names are looked up.
    """
    client, (kind, subject) = model.client, topic
    if kind == "set_tier_rule":
        return client.strategy.tiers
    if kind == "set_call_norms":
        return tuple(norm for norm in client.strategy.call_norms if norm.tier == subject)
    look_up = _LOOK_UPS.get(kind)
    return "" if look_up is None else look_up(model, subject, new)


def _find_override(model: SalesModel, account: str, _: object) -> str:
    rows = model.client.overrides
    return next(iter(rows.loc[rows["account"] == account, "tier"]), "")


def _find_weights(model: SalesModel, axis: str, new: Mapping[str, float]) -> dict[str, float]:
    rows = model.client.criteria[model.client.criteria["axis"] == axis].set_index("criterion")["weight"]
    return {name: float(rows[name]) for name in new}


def _find_ratings(model: SalesModel, segment: str, new: Mapping[str, object]) -> dict[str, object]:
    rows = model.client.segments.set_index("segment")
    cells = {name: rows.at[segment, name] if name in rows else None for name in new}
    return {name: None if cell is None or cell != cell else _plain(cell) for name, cell in cells.items()}


def _find_hours(model: SalesModel, rep: str, _: object) -> object:
    hours = model.client.reps.set_index("rep")["selling_hours_per_year"].get(rep)
    return "" if hours is None or hours != hours else float(hours)


def _find_lock(model: SalesModel, account: str, _: object) -> str:
    locked = model.client.accounts.set_index("account")["locked_rep"].get(account)
    return locked if isinstance(locked, str) else ""


def _find_answers(model: SalesModel, tier: str, new: Mapping[str, float]) -> object:
    table = model.client.response
    rows = None if table is None else table[table["tier"] == tier]
    if rows is None or len(rows) != 1:
        return ""
    return {name: float(rows[name].iloc[0]) for name in new}


def find_strategy_name(model: SalesModel) -> str:
    """Return the name of the strategy in force: that of the room's last decision, else of the profile."""
    return replay_strategy(find_in_force(model.client.decisions))[0] or model.profile.strategy


def is_same_ground(first: Client, second: Client) -> bool:
    """Return whether two states of a client's files have the same things by the same names: controls name them."""
    columns = {"segments": ["segment", "label"], "accounts": ["account", "name"]}
    tables = [(getattr(first, name)[own], getattr(second, name)[own]) for name, own in columns.items()]
    tables.append((first.criteria.drop(columns="weight"), second.criteria.drop(columns="weight")))
    tiers, others = first.strategy.tiers, second.strategy.tiers
    return (all(one.equals(other) for one, other in tables) and first.strategies == second.strategies
            and (tiers.levels, tiers.names) == (others.levels, others.names)
            and first.strategy.channels == second.strategy.channels)


def tell_tier_moves(decided: SalesModel, model: SalesModel) -> str:
    """Return how many accounts change their tier against what was decided, as a sentence."""
    before, after = (part.account_tiers["tier"].fillna("unknown") for part in (decided, model))
    n_moved, language = int((before != after).sum()), model.language
    if not n_moved:
        return language.text(N_("No account changes its tier against what was decided."))
    one, many = (N_("{n} account changes its tier against what was decided."),
                 N_("{n} accounts change their tier against what was decided."))
    return language.text(language.plural(n_moved, one, many), n=language.number(n_moved))


def _plain(cell: object) -> object:
    return float(cell) if not isinstance(cell, str) else cell


_LOOK_UPS: Mapping[str, Callable[[SalesModel, str, object], object]] = {
    "override_tier": _find_override, "set_weights": _find_weights, "rate_segment": _find_ratings,
    "choose_strategy": lambda model, *_: find_strategy_name(model),
    "set_selling_hours": _find_hours, "lock_account": _find_lock, "set_response": _find_answers,
}
