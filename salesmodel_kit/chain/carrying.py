"""From one state of a client to the next: what a change leaves as it was is carried over, not computed again.

What a step of the chain reads is read off its source, so that no list of
dependencies can fall behind the code: ``self.client.accounts`` is a part of the
input, ``self.strategy.tiers`` and ``self.profile.language`` are parts of
settings, ``self.criteria`` is another step. A step that hands on the whole
model or the whole client reads everything and is never carried over.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache

import pandas as pd

from salesmodel_kit.chain.model import SalesModel
from salesmodel_kit.chain.placing import place_accounts
from salesmodel_kit.client.folder import Client

#: Steps that are compared when what they read has changed: where the result is the same, the rest stays.
CHECKPOINTS: tuple[str, ...] = (
    "unplaced_accounts", "language", "unweighted_criteria", "segment_criteria", "account_criteria", "account_postures",
    "account_kinds", "wanted_norms", "hours_today", "capacity",
)
_SETTINGS: tuple[str, ...] = ("profile", "strategy")
_EVERYTHING = "client"


def rebuild_model(model: SalesModel, client: Client) -> SalesModel:
    """Return the model of a changed client, with every step that the change does not touch carried over.

    Parameters
    ----------
    model : SalesModel
        Of the client before the change; it is left as it is.
    client : Client
        The same client after it: what did not change is the same object, or equal.

    Returns
    -------
    SalesModel
        Each of its tables equals that of ``build_model(client)``; what was computed
        and does not depend on the change is there already.

    Raises
    ------
    InputProblems
        As ``build_model``.
    """
    changed = find_changes(model.client, client)
    if not changed:
        return model
    is_placed = not _touches("accounts", changed) and not _touches("segment_rule", changed)
    fresh = SalesModel(client, model.placed) if is_placed else SalesModel(*place_accounts(client))
    carrying = _Carrying(model, fresh, changed, {})
    for name in [name for name in model.__dict__ if name in read_needs()]:
        carrying.settle(name)
    return fresh


def find_changes(before: Client, after: Client) -> frozenset[str]:
    """Return the parts of a client that differ: fields, and ``profile.KEY`` and ``strategy.KEY`` for settings.

    Parameters
    ----------
    before, after : Client
        Tables are the same where they hold the same values with the same types.
    """
    changed = set()
    for name in (field.name for field in fields(Client)):
        old, new = getattr(before, name), getattr(after, name)
        if name in _SETTINGS:
            keys = type(old).model_fields
            changed |= {f"{name}.{key}" for key in keys if getattr(old, key) != getattr(new, key)}
        elif not _is_same(old, new):
            changed.add(name)
    return frozenset(changed)


def _is_same(old: object, new: object) -> bool:
    if old is new:
        return True
    if isinstance(new, pd.DataFrame | pd.Series):
        return type(old) is type(new) and old.equals(new)
    return not isinstance(old, Client | pd.DataFrame) and old == new


def _touches(part: str, changed: frozenset[str]) -> bool:
    """Return whether a part of the input changed, a part of it, or what it is part of."""
    return part == _EVERYTHING or any(
        part == other or other.startswith(f"{part}.") or part.startswith(f"{other}.") for other in changed
    )


@dataclass(frozen=True)
class _Carrying:
    """What is carried from a model to the next; ``settled`` remembers of each name whether it is the same."""

    old: SalesModel
    new: SalesModel
    changed: frozenset[str]
    settled: dict[str, bool]

    def settle(self, name: str) -> bool:
        """Return whether a step is as it was, and carry it over where it was computed.

        A step that the old model has not computed was read by none that it has, so it keeps none of them back.
        """
        if name not in self.settled and name not in self.old.__dict__ and _is_cached(name):
            self.settled[name] = True
        if name not in self.settled:
            needs = read_needs()[name]
            is_read = any(_touches(part, self.changed) for part in needs.parts)
            self.settled[name] = not is_read and all(map(self.settle, needs.steps))
            if not self.settled[name] and name in CHECKPOINTS:
                self.settled[name] = _is_same(self.old.__dict__[name], getattr(self.new, name))
            if self.settled[name] and name in self.old.__dict__:
                self.new.__dict__[name] = self.old.__dict__[name]
        return self.settled[name]


def _is_cached(name: str) -> bool:
    return isinstance(inspect.getattr_static(SalesModel, name), cached_property)


@dataclass(frozen=True)
class Needs:
    """What a step reads.

    Parameters
    ----------
    parts : frozenset of str
        Parts of the input: a field of the client, ``placed``, ``profile.KEY`` or
        ``strategy.KEY``; ``client`` is everything.
    steps : frozenset of str
        Other steps and functions of the model.
    """

    parts: frozenset[str]
    steps: frozenset[str]


@lru_cache(maxsize=1)
def read_needs() -> Mapping[str, Needs]:
    """Return of each step and function of the model what it reads itself.

    Examples
    --------
    >>> sorted(read_needs()["channels"].parts)
    ['strategy.channels']
    """
    found: dict[str, Needs] = {}
    for owner in reversed(SalesModel.__mro__[:-1]):
        tree = ast.parse(textwrap.dedent(inspect.getsource(owner)))
        for node in tree.body[0].body:
            if isinstance(node, ast.FunctionDef):
                found[node.name] = _read_function(node)
    known = {name: needs for name, needs in found.items() if name not in _ROOTS}
    return {name: Needs(needs.parts, needs.steps & known.keys()) for name, needs in known.items()}


_ROOTS: Mapping[str, str] = {"profile": "profile", "strategy": "strategy"}


def _read_function(function: ast.FunctionDef) -> Needs:
    parts, steps = set(), set()
    for chain in _find_chains(function):
        part = _find_part(chain)
        if part is None:
            steps.add(chain[0])
        else:
            parts.add(part)
    return Needs(frozenset(parts), frozenset(steps))


def _find_part(chain: tuple[str, ...]) -> str | None:
    """Return the part of the input that ``self.a.b`` is; None for another step."""
    if chain[:1] == ("client",):
        chain = chain[1:]
        if not chain:
            return _EVERYTHING
    elif chain and chain[0] not in (*_SETTINGS, "placed"):
        return None
    if not chain:
        return _EVERYTHING
    return ".".join(chain[:2]) if chain[0] in _SETTINGS else chain[0]


def _find_chains(node: ast.AST) -> Iterator[tuple[str, ...]]:
    """Yield what is read of ``self``: ("client", "accounts"); nothing but its class, or () for all of it."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "type":
        return
    chain, inner = [], node
    while isinstance(inner, ast.Attribute):
        chain.append(inner.attr)
        inner = inner.value
    if isinstance(inner, ast.Name) and inner.id == "self" and isinstance(inner.ctx, ast.Load):
        yield tuple(reversed(chain))
        return
    for child in ast.iter_child_nodes(inner if chain else node):
        yield from _find_chains(child)

