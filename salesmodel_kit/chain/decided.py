"""What the room decided, as ground of the numbers: whose decisions they are, and of when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from salesmodel_kit.client.decision import Decision, find_in_force
from salesmodel_kit.client.profile import DataBasis
from salesmodel_kit.language import N_, Language
from salesmodel_kit.model.grounds import find_weakest_basis

#: Kind of decision -> the column or quantity that then rests on it.
GROUNDS: Mapping[str, str] = MappingProxyType({
    "set_weights": "weight", "rate_segment": "ratings", "set_target": "positions", "set_tier_rule": "cutoffs",
    "override_tier": "overrides", "set_response": "responses", "set_selling_hours": "selling_hours_per_year",
    "set_call_norms": "call_norms",
})


def describe_decided(decisions: Iterable[Decision], declared: Mapping[str, DataBasis], *,
                     language: Language) -> dict[str, DataBasis]:
    """Return what each number that the room decided rests on: judged, by whom and when, after what was declared.

    Parameters
    ----------
    decisions : iterable of Decision
        The journal.
    declared : mapping of str to DataBasis
        What the client declared of the same numbers; it still holds for what was not decided.
    language : Language
        The reader's language.
    """
    latest = {decision.topic: decision for decision in find_in_force(decisions) if decision.kind in GROUNDS}
    groups: dict[str, list[Decision]] = {}
    for decision in latest.values():
        if not (decision.kind == "override_tier" and decision.new == ""):
            groups.setdefault(GROUNDS[decision.kind], []).append(decision)
    return {name: _combine(declared.get(name), said, language) for name, said in groups.items()}


def _combine(declared: DataBasis | None, decisions: list[Decision], language: Language) -> DataBasis:
    source = credit_decisions(decisions, language=language)
    if declared is None:
        return DataBasis(basis="judged", source=source)
    return DataBasis(basis=find_weakest_basis([declared.basis, "judged"]), source=f"{declared.source}; {source}")


def credit_decisions(decisions: list[Decision], *, language: Language) -> str:
    """Return who decided and when; of several decisions how many and the last.

    Parameters
    ----------
    decisions : list of Decision
        At least one.
    language : Language
        The reader's language.
    """
    last = max(decisions, key=lambda decision: decision.at.timestamp())
    facts = {"n": language.number(len(decisions)), "by": last.by, "date": language.date(last.at.date())}
    if len(decisions) == 1:
        return language.text(N_("decided by {by} on {date}"), **facts)
    return language.text(N_("{n} decisions of the room, the last by {by} on {date}"), **facts)
