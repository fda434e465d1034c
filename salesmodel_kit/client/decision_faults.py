"""Why something is no decision: the part that cannot be, its value, and what was expected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pydantic import ValidationError

from salesmodel_kit.client.decision import Decision
from salesmodel_kit.client.validation import describe_detail, name_path
from salesmodel_kit.errors import Message
from salesmodel_kit.tables import TIERS

_OWN: Mapping[str, Message] = MappingProxyType({
    "not_a_tier": Message("One of these is expected: {choices}.", {"choices": ", ".join(TIERS)}),
    "not_empty": Message("A decision of this kind takes no value; leave “new” empty."),
    "extra_forbidden": Message("There is no such key here; take it away."),
    "too_short": Message("At least one entry is expected."),
    "answer_missing": Message("All these answers are expected: {known}.", {"known": "nothing, half, half_more, most"}),
})
_MOST_SIGNS = 80


@dataclass(frozen=True)
class Fault:
    """What is wrong with a decision.

    Parameters
    ----------
    place : str
        Its part, with points: ``new.gold``.
    value : str
        What was found there.
    message : Message
        What was expected.
    """

    place: str
    value: str
    message: Message


def find_fault(error: ValidationError) -> Fault:
    """Return the first thing that is wrong with a decision.

    Parameters
    ----------
    error : ValidationError
        From making a ``Decision``.
    """
    detail = error.errors(include_url=False)[0]
    own, path = _OWN.get(detail["type"]), list(detail["loc"])
    found = detail["input"]
    if own is not None and not path:
        path, found = ["new"], found.get("new") if isinstance(found, Mapping) else found
    elif not path or path[0] not in Decision.model_fields:
        path = ["new", *path]
    place = name_path([part for part in path if part != "[key]"])
    message = own if own is not None else describe_detail(detail, path, Decision)
    value = f"{found:g}" if isinstance(found, float) else str(found)
    if detail["type"] in ("missing", "too_short"):
        value = ""
    return Fault(place, value if len(value) <= _MOST_SIGNS else f"{value[:_MOST_SIGNS - 1]}…", message)
