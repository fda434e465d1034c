"""One decision of the room: its kinds, the values that each takes, and which of them are in force.

========================  ===================  ==============================================================
kind                      subject              new
========================  ===================  ==============================================================
``override_tier``         account              a tier; empty lifts the override
``choose_strategy``       ``strategy``         name of a strategy
``set_tier_rule``         ``tiers``            a tier rule
``set_weights``           axis                 criterion -> weight, 0 or more; criteria not named keep theirs
``rate_segment``          segment              criterion -> performance; null: not known; others stay
``set_target``            segment              target column -> score from 0 to 1; null: none
``set_call_norms``        tier                 the call norms of this tier, one of them for any posture
``set_selling_hours``     rep                  hours a year
``add_rep``               rep                  column of the table ``reps`` -> value; at least name and role
``remove_rep``            rep                  empty: the rep leaves and hands all accounts over
``lock_account``          account              a rep; empty lifts the lock
``set_response``          tier                 ``nothing``, ``half``, ``half_more``, ``most`` -> multiple of
                                               today's sales: the room's one answer for this tier
``withdraw``              id of a decision     empty: that earlier decision counts no more
``name_state``            name of a state      empty: what is in force on this line has this name
========================  ===================  ==============================================================

``old`` is what held before, in the form of ``new``; empty where nothing did.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import math
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, model_validator
from pydantic_core import PydanticCustomError

from salesmodel_kit.client.profile import CallNorm, TierRule
from salesmodel_kit.tables import TIERS

Kind = Literal[
    "override_tier", "choose_strategy", "set_tier_rule", "set_weights", "rate_segment", "set_target", "set_call_norms",
    "set_selling_hours", "add_rep", "remove_rep", "lock_account", "set_response", "withdraw", "name_state",
]
KINDS: tuple[str, ...] = get_args(Kind)
#: Kinds that change nothing in the model themselves.
MARKS: tuple[str, ...] = ("withdraw", "name_state")
#: Kinds that hold for the strategy under which they were decided.
STRATEGY_KINDS: tuple[str, ...] = ("choose_strategy", "set_tier_rule", "set_call_norms")

_Number = Annotated[float, Field(allow_inf_nan=False)]
_NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
_Cell = _Number | bool | str | None
_Text = TypeAdapter(str)
_TYPES: Mapping[str, TypeAdapter[Any]] = MappingProxyType({
    "set_tier_rule": TypeAdapter(TierRule),
    "set_weights": TypeAdapter(Annotated[dict[str, _NotNegative], Field(min_length=1)]),
    "rate_segment": TypeAdapter(Annotated[dict[str, _Number | str | None], Field(min_length=1)]),
    "set_target": TypeAdapter(Annotated[dict[str, _Number | None], Field(min_length=1)]),
    "set_call_norms": TypeAdapter(Annotated[tuple[CallNorm, ...], Field(min_length=1)]),
    "set_selling_hours": TypeAdapter(_NotNegative),
    "add_rep": TypeAdapter(Annotated[dict[str, _Cell], Field(min_length=1)]),
    "set_response": TypeAdapter(dict[Literal["nothing", "half", "half_more", "most"], _NotNegative]),
})
#: Kinds whose ``new`` is always empty.
_WITHOUT_NEW = ("remove_rep", *MARKS)
#: What two decisions must share to speak of the same thing, where that is not their kind.
_FAMILIES: Mapping[str, str] = MappingProxyType(
    {"set_selling_hours": "rep", "add_rep": "rep", "remove_rep": "rep"})


def _read_moment(value: object) -> object:
    if isinstance(value, str):
        return dt.datetime.fromisoformat(value)
    if isinstance(value, dt.datetime):
        return value
    raise ValueError("not a moment")


class Decision(BaseModel):
    """One decision of the room.

    Parameters
    ----------
    at : datetime
        When, ISO 8601.
    by : str
        Who.
    kind : str
        What was decided, one of ``KINDS``.
    subject : str
        What it concerns, as the table of this module says.
    old, new : str, float, dict, tuple of CallNorm or TierRule
        What held before and what was decided, in the form of the kind.
    reason : str
        Why.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    at: Annotated[dt.datetime, BeforeValidator(_read_moment)]
    by: Annotated[str, Field(min_length=1)]
    kind: Kind
    subject: Annotated[str, Field(min_length=1)]
    old: Any = ""
    new: Any
    reason: Annotated[str, Field(min_length=1)]

    @model_validator(mode="before")
    @classmethod
    def _read_values(cls, values: object) -> object:
        if not isinstance(values, Mapping):
            return values
        reader = _TYPES.get(str(values.get("kind")), _Text)
        read = {name: reader.validate_python(values[name]) for name in ("old", "new")
                if name in values and not (name == "old" and values[name] == "")}
        return {**values, **read}

    @model_validator(mode="after")
    def _check_new(self) -> Decision:
        if self.kind == "override_tier" and self.new not in ("", *TIERS):
            raise PydanticCustomError("not_a_tier", "new is not a tier")
        if self.kind in _WITHOUT_NEW and self.new != "":
            raise PydanticCustomError("not_empty", "new must be empty")
        if self.kind == "set_response" and len(self.new) < len(("nothing", "half", "half_more", "most")):
            raise PydanticCustomError("answer_missing", "an answer is missing")
        return self

    @property
    def id(self) -> str:
        """Return what names this decision for ever: twelve signs from moment, author, kind and subject."""
        words = "\n".join((self.at.isoformat(), self.by, self.kind, self.subject))
        return hashlib.sha256(words.encode()).hexdigest()[:12]

    @property
    def topic(self) -> tuple[str, str]:
        """Return what it speaks of: a later decision on the same topic replaces it."""
        return _FAMILIES.get(self.kind, self.kind), self.subject


def find_withdrawn(decisions: Iterable[Decision]) -> frozenset[str]:
    """Return the ids of the decisions that a later one withdrew; a withdrawal that was withdrawn itself counts not.

    Parameters
    ----------
    decisions : iterable of Decision
        In the order in which they were taken.
    """
    withdrawn: set[str] = set()
    for decision in reversed(tuple(decisions)):
        if decision.kind == "withdraw" and decision.id not in withdrawn:
            withdrawn.add(decision.subject)
    return frozenset(withdrawn)


def find_in_force(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """Return the decisions that count, in order: without those withdrawn, withdrawals and names of states.

    Parameters
    ----------
    decisions : iterable of Decision
        In the order in which they were taken. Later ones on the same topic still win over earlier ones.
    """
    known = tuple(decisions)
    withdrawn = find_withdrawn(known)
    return tuple(decision for decision in known if decision.id not in withdrawn and decision.kind not in MARKS)


def contradict(first: Decision, second: Decision) -> bool:
    """Return whether two decisions speak of the same thing and say something else.

    Parameters
    ----------
    first, second : Decision
        Choosing a strategy speaks of its tier rule and its call norms too.
    """
    kinds = {first.kind, second.kind}
    is_one_strategy = "choose_strategy" in kinds and kinds <= set(STRATEGY_KINDS)
    if first.kind == second.kind and is_same(first.new, second.new) and first.subject == second.subject:
        return False
    return is_one_strategy or first.topic == second.topic


def is_same(first: object, second: object) -> bool:
    """Return whether two values of decisions say the same; numbers may differ by rounding."""
    if isinstance(first, float) and isinstance(second, float):
        return math.isclose(first, second, rel_tol=1e-12)
    return first == second
