"""The minutes of a workshop: every decision in order, who took it and why, and what is in force at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from babel import dates

from salesmodel_kit.chain import SalesModel
from salesmodel_kit.client.decision import Decision, find_in_force
from salesmodel_kit.client.strategies import StrategyBook
from salesmodel_kit.language import N_, UNKNOWN, Language
from salesmodel_kit.narrative.decisions import Names, name_matter, say_change, say_value
from salesmodel_kit.reports.page import render_page


def write_minutes(model: SalesModel, *, kit_version: str) -> str:
    """Return the minutes of a client's workshop as one page.

    Parameters
    ----------
    model : SalesModel
        Of the client as decided so far; its language is that of the page.
    kit_version : str
        Version of the kit.

    Returns
    -------
    str
        HTML that needs no other file; everything from data escaped; the same input gives the same text.
    """
    language, decisions = model.language, model.client.decisions
    text, names = language.text, gather_names(model)
    heading = text("Minutes of the workshop")
    content = {
        "client": model.profile.name, "heading": heading, "lead": _sum_up(decisions, language),
        "days": _list_days(decisions, names, language), "in_force": list_in_force(model),
        "tiers": _list_tiers(model), "heads": _name_heads(language),
        "kit": text("Sales model workshop kit {version}", version=kit_version),
    }
    return render_page("minutes.html.j2", title=f"{heading} – {model.profile.name}", language=language, content=content)


def gather_names(model: SalesModel) -> Names:
    """Return what the ids in a client's journal stand for.

    Parameters
    ----------
    model : SalesModel
        Of the client.
    """
    client, language = model.client, model.language
    book = StrategyBook({})
    labels = {}
    for name in book.names:
        strategy, _ = book.read(name)
        if strategy is not None:
            labels[name] = strategy.label[language.code]
    labels[client.strategy.name] = client.strategy.label[language.code]
    new = {decision.subject: str(decision.new["name"]) for decision in client.decisions
           if decision.kind == "add_rep" and "name" in decision.new}
    names = Names(
        accounts=_map(client.accounts, "account", "name"), segments=_map(client.segments, "segment", "label"),
        reps=new | _map(client.reps, "rep", "name"), criteria=_map(client.criteria, "criterion", "label"),
        strategies=labels)
    matters: dict[str, str] = {}
    for decision in client.decisions:
        known = Names(**{**vars(names), "matters": matters})
        matters[decision.id] = name_matter(decision.kind, decision.subject, names=known, language=language)
    return Names(**{**vars(names), "matters": matters})


def _map(table: object, key: str, value: str) -> dict[str, str]:
    return dict(zip(table[key], table[value], strict=True))  # type: ignore[index]


def _sum_up(decisions: Sequence[Decision], language: Language) -> str:
    if not decisions:
        return language.text("Nothing has been decided yet; the panels of the workshop write decisions here.")
    days = sorted({decision.at.date() for decision in decisions})
    authors = language.enumerate(dict.fromkeys(decision.by for decision in decisions))
    count = language.text(language.plural(len(decisions), N_("{n} decision"), N_("{n} decisions")),
                          n=language.number(len(decisions)))
    if len(days) == 1:
        return language.text("{count} on {day}, by {authors}.", count=count, day=language.date(days[0]),
                             authors=authors)
    return language.text("{count} from {first} to {last}, by {authors}.", count=count, authors=authors,
                         first=language.date(days[0]), last=language.date(days[-1]))


def _list_days(decisions: Sequence[Decision], names: Names, language: Language) -> list[dict[str, object]]:
    fates = _find_fates(decisions, language)
    rows = [(decision.at.date(), {
        "time": _say_time(decision, language), "by": decision.by, "reason": decision.reason,
        "matter": names.matters[decision.id], "id": decision.id,
        "change": say_change(decision.kind, decision.old, decision.new, names=names, language=language),
        "fate": fates.get(decision.id, "")}) for decision in decisions]
    return [{"day": language.date(day), "rows": [row for _, row in group]}
            for day, group in groupby(rows, key=lambda each: each[0])]


def _say_time(decision: Decision, language: Language) -> str:
    """Return the time of day, with its zone where a reader could take it for the wall clock's."""
    said = dates.format_time(decision.at, "HH:mm", locale=language.locale)
    offset = decision.at.utcoffset()
    return f"{said}\u00a0UTC" if offset is not None and not offset else said


def _find_fates(decisions: Sequence[Decision], language: Language) -> dict[str, str]:
    """Return id of a decision -> what became of it, where it is not simply in force."""
    fates: dict[str, str] = {}
    in_force = find_in_force(decisions)
    latest = {decision.topic: decision.id for decision in in_force if decision.kind not in _ADDING}
    for decision in in_force:
        if latest.get(decision.topic, decision.id) != decision.id:
            fates[decision.id] = language.text("replaced later")
    withdrawn: set[str] = set()
    for decision in reversed(decisions):
        if decision.kind == "withdraw" and decision.id not in withdrawn:
            withdrawn.add(decision.subject)
            fates[decision.subject] = language.text("withdrawn by {by} on {date}", by=decision.by,
                                                    date=language.date(decision.at.date()))
    return fates


#: Kinds of which a later decision on the same topic need not replace the whole.
_ADDING = ("set_weights", "rate_segment", "set_target", "add_rep", "remove_rep", "set_selling_hours")


def list_in_force(model: SalesModel) -> list[dict[str, str]]:
    """Return the decisions that count, in words: of those that replace one another the last.

    Parameters
    ----------
    model : SalesModel
        Of the client.

    Returns
    -------
    list of dict
        ``matter``, ``value``, ``by``, ``day``, ``reason``; in the order in which they were taken.
    """
    language, names = model.language, gather_names(model)
    in_force = find_in_force(model.client.decisions)
    latest = {decision.topic: decision.id for decision in in_force if decision.kind not in _ADDING}
    return [{"matter": names.matters[decision.id], "by": decision.by, "day": language.date(decision.at.date()),
             "value": say_value(decision.kind, decision.new, names=names, language=language),
             "reason": decision.reason}
            for decision in in_force if latest.get(decision.topic, decision.id) == decision.id]


def _list_tiers(model: SalesModel) -> list[tuple[str, ...]]:
    language = model.language
    return [(language.word("tier", row.tier), language.number(row.n_accounts),
             language.brief_money(row.potential_per_year), language.hours(row.workload_hours_per_year))
            for row in model.tier_summary.itertuples() if row.tier in language.levels]


def _name_heads(language: Language) -> Mapping[str, object]:
    text = language.text
    return {
        "decisions": text("Decisions, in order"), "in_force": text("In force now"), "nothing": UNKNOWN,
        "columns": [text("Time"), text("Who"), text("Decision"), text("Before and after"), text("Reason")],
        "force_columns": [text("Decision"), text("In force"), text("Who"), text("Date")],
        "tiers": text("What follows for the tiers"),
        "tier_columns": [text("Tier"), text("Accounts"), text("Potential per year"), text("Hours asked per year")],
    }
