"""A decision of the room in words: what it speaks of, what held before, what was decided."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from salesmodel_kit.language import N_, UNKNOWN, WORDS, Language

#: Kind -> what a decision of this kind speaks of.
_MATTERS: Mapping[str, str] = MappingProxyType({
    "override_tier": N_("Tier of {subject}"),
    "choose_strategy": N_("Strategy"),
    "set_tier_rule": N_("Rule of the tiers"),
    "set_weights": N_("Weights, {subject}"),
    "rate_segment": N_("Ratings of {subject}"),
    "set_target": N_("Target of {subject}"),
    "set_call_norms": N_("Contacts a year, {subject}"),
    "set_selling_hours": N_("Selling hours of {subject}"),
    "add_rep": N_("New rep {subject}"),
    "remove_rep": N_("Departure of {subject}"),
    "lock_account": N_("Fixed rep of {subject}"),
    "set_response": N_("What effort brings, {subject}"),
    "withdraw": N_("Withdrawn: {subject}"),
    "name_state": N_("State named {subject}"),
})
#: What an empty value says.
_EMPTY: Mapping[str, str] = MappingProxyType(
    {"override_tier": N_("as by the rule"), "lock_account": N_("free"), "remove_rep": N_("leaves")})
_RULES: Mapping[str, str] = MappingProxyType({
    "potential_share": N_("By share of cumulated potential"),
    "account_share": N_("By share of accounts"),
    "capacity": N_("By the hours of the team"),
    "natural_breaks": N_("By natural breaks"),
    "cutoff": N_("By lowest score"),
})
_ENTRIES: Mapping[str, str] = MappingProxyType({
    "target_attractiveness": N_("attractiveness"),
    "target_competitive_strength": N_("competitive strength"),
    "nothing": N_("no effort"),
    "half": N_("half the effort"),
    "half_more": N_("half more"),
    "most": N_("the most"),
})


@dataclass(frozen=True)
class Names:
    """What ids stand for, in the client's words.

    Parameters
    ----------
    accounts, segments, reps, criteria, strategies : mapping of str to str
        Id -> name; an id that is not there stands for itself.
    matters : mapping of str to str
        Id of a decision -> what it speaks of, for withdrawals.
    """

    accounts: Mapping[str, str] = field(default_factory=dict)
    segments: Mapping[str, str] = field(default_factory=dict)
    reps: Mapping[str, str] = field(default_factory=dict)
    criteria: Mapping[str, str] = field(default_factory=dict)
    strategies: Mapping[str, str] = field(default_factory=dict)
    matters: Mapping[str, str] = field(default_factory=dict)


def name_matter(kind: str, subject: str, *, names: Names, language: Language) -> str:
    """Return what a decision speaks of, as plain text.

    Parameters
    ----------
    kind, subject : str
        Of the decision.
    names : Names
        What ids stand for.
    language : Language
        The reader's language.

    Examples
    --------
    >>> name_matter("override_tier", "007", names=Names(accounts={"007": "Alder"}), language=Language("en"))
    'Tier of Alder (007)'
    """
    return language.text(_MATTERS[kind], subject=_name_subject(kind, subject, names, language))


def _name_subject(kind: str, subject: str, names: Names, language: Language) -> str:
    if kind in ("set_call_norms", "set_response"):
        return language.word("tier", subject)
    if kind == "set_weights":
        return language.word("axis", subject) if subject in WORDS["axis"] else subject
    if kind == "withdraw":
        return names.matters.get(subject, subject)
    if kind == "name_state":
        return language.quote(subject)
    known = {"override_tier": names.accounts, "lock_account": names.accounts, "rate_segment": names.segments,
             "set_target": names.segments}.get(kind, names.reps)
    return f"{known[subject]} ({subject})" if known.get(subject, subject) != subject else subject


def say_value(kind: str, value: Any, *, names: Names, language: Language) -> str:  # noqa: ANN401 - of any kind
    """Return a value of a decision in words, as plain text; a dash where there was none.

    Parameters
    ----------
    kind : str
        Of the decision.
    value : object
        Its ``old`` or ``new``.
    names : Names
        What ids stand for.
    language : Language
        The reader's language.

    Examples
    --------
    >>> say_value("override_tier", "", names=Names(), language=Language("en"))
    'as by the rule'
    """
    if value == "":
        return language.text(_EMPTY[kind]) if kind in _EMPTY else UNKNOWN
    if isinstance(value, Mapping) and kind != "add_rep":
        return _list([f"{_name_entry(name, names, language)} {_say_number(kind, cell, language)}"
                      for name, cell in value.items()], language)
    if kind == "set_selling_hours":
        return language.hours(value)
    if kind == "override_tier":
        return language.word("tier", value)
    if kind == "choose_strategy":
        return names.strategies.get(value, value)
    if kind == "lock_account":
        return names.reps.get(value, value)
    say = _SAID.get(kind)
    return str(value) if say is None else say(value, language)


def say_change(kind: str, old: Any, new: Any, *, names: Names, language: Language) -> str:  # noqa: ANN401 - as above
    """Return old and new with an arrow between; of several entries only those that change.

    Parameters
    ----------
    kind : str
        Of the decision.
    old, new : object
        What held before and what was decided.
    names : Names
        What ids stand for.
    language : Language
        The reader's language.

    Examples
    --------
    >>> say_change("set_weights", {"growth": 10.0, "fit": 5.0}, {"growth": 20.0, "fit": 5.0},
    ...            names=Names(criteria={"growth": "Growth"}), language=Language("en"))
    'Growth 10 → 20'
    """
    if kind in ("withdraw", "name_state"):
        return ""
    if isinstance(old, Mapping) and isinstance(new, Mapping) and kind != "add_rep":
        parts = [f"{_name_entry(name, names, language)} {_say_number(kind, old.get(name), language)} → "
                 f"{_say_number(kind, cell, language)}" for name, cell in new.items() if old.get(name) != cell]
        return _list(parts, language) or say_value(kind, new, names=names, language=language)
    said = say_value(kind, new, names=names, language=language)
    if old == "" and kind not in ("override_tier", "lock_account"):
        return said
    before = say_value(kind, old, names=names, language=language)
    return said if before == said else f"{before} → {said}"


def _list(parts: Sequence[str], language: Language) -> str:
    """Return entries one after the other, with the space that French sets before a semicolon."""
    return ("\u202f; " if language.code == "fr" else "; ").join(parts)


def say_conflict(mine: Any, theirs: Any, *, names: Names, language: Language) -> str:  # noqa: ANN401 - two decisions
    """Return what two sessions decided otherwise: both values, who and when.

    Parameters
    ----------
    mine, theirs : Decision
        Of a ``Conflict``: what was not recorded, and what the journal holds.
    names : Names
        What ids stand for.
    language : Language
        The reader's language.
    """
    values = [f"{name_matter(each.kind, each.subject, names=names, language=language)}, "
              f"{say_value(each.kind, each.new, names=names, language=language)}" for each in (theirs, mine)]
    return language.text(
        "{by} decided on {date}: {theirs}. Yours was not recorded: {mine}. Reload to see theirs, then decide "
        "again if need be.", by=theirs.by, date=language.date(theirs.at.date()), theirs=values[0], mine=values[1])


def _name_entry(name: str, names: Names, language: Language) -> str:
    return language.text(_ENTRIES[name]) if name in _ENTRIES else names.criteria.get(name, name)


def _say_number(kind: str, cell: object, language: Language) -> str:
    if cell is None:
        return UNKNOWN
    if isinstance(cell, str):
        return cell
    if kind == "set_response":
        return language.share(cell)  # type: ignore[arg-type]
    if kind == "set_target":
        return language.number(cell, 2)  # type: ignore[arg-type]
    digits = next((digits for digits in (0, 1, 2) if round(cell, digits) == cell), 3)  # type: ignore[call-overload]
    return language.number(cell, digits)  # type: ignore[arg-type]


def _say_rule(rule: Any, language: Language) -> str:  # noqa: ANN401 - a rule of tiers, of another room
    is_score = rule.rule == "cutoff"
    cuts = [f"{language.word('tier', tier)} {language.number(cut, 3) if is_score else language.share(cut)}"
            for tier, cut in rule.cuts.items()]
    said = language.text(_RULES[rule.rule])
    return f"{said} ({', '.join(cuts)})" if cuts else said


def _say_norms(norms: Any, language: Language) -> str:  # noqa: ANN401 - call norms, of another room
    parts = []
    for norm in norms:
        digits = 0 if norm.calls_per_year == round(norm.calls_per_year) else 1
        said = f"{language.number(norm.calls_per_year, digits)} {language.word('channel', norm.channel)}"
        parts.append(said if norm.posture == "any" else f"{said} ({language.word('posture', norm.posture)})")
    return _list(parts, language)


def _say_rep(cells: Mapping[str, Any], language: Language) -> str:
    parts = [str(cells.get("name", ""))]
    if cells.get("role") in WORDS["person"]:
        parts.append(language.word("person", cells["role"]))
    parts += [str(cells[name]) for name in ("city",) if cells.get(name)]
    if cells.get("selling_hours_per_year") is not None:
        parts.append(language.hours(cells["selling_hours_per_year"]))
    if cells.get("cost_per_year") is not None:
        parts.append(f"{language.money(cells['cost_per_year'])}")
    return ", ".join(part for part in parts if part)


_SAID: Mapping[str, Callable[[Any, Language], str]] = MappingProxyType(
    {"set_tier_rule": _say_rule, "set_call_norms": _say_norms, "add_rep": _say_rep})
