"""The room's decisions on the tables of a client, replayed in order each time the client is opened.

The client's files stay as they are; what the room decided takes the place of
their cells. A decision that cannot be followed (an unknown account, an
impossible value) is a problem with its line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import pandas as pd

from salesmodel_kit.client.checks import find_rated
from salesmodel_kit.client.criteria_checks import find_wholes
from salesmodel_kit.client.decision import Decision
from salesmodel_kit.client.decisions import Journal
from salesmodel_kit.client.reading import make_empty_table
from salesmodel_kit.client.replay_ground import Refusal, Tables, check_range, choose
from salesmodel_kit.client.replay_team import add_rep, lock_account, remove_rep, set_selling_hours
from salesmodel_kit.errors import Message, Problem
from salesmodel_kit.notation import ANY_OTHER, fold_category, read_categories
from salesmodel_kit.tables import AXES, LEVELS, REPS, RESPONSE, SEGMENTS

_TARGETS = ("target_attractiveness", "target_competitive_strength")


def replay_tables(frames: Mapping[str, pd.DataFrame], journal: Journal, *,
                  levels: tuple[str, ...]) -> tuple[dict[str, pd.DataFrame], list[Problem]]:
    """Return a client's tables as the room decided them, and what is wrong with its decisions.

    Parameters
    ----------
    frames : mapping of str to pandas.DataFrame
        Sound tables by name, index from 0; they stay as they are.
    journal : Journal
        The decisions that are in force, with their lines.
    levels : tuple of str
        The client's tiers, best first.

    Returns
    -------
    dict of str to pandas.DataFrame
        The same tables, those that no decision changes the same objects; ``reps`` and ``response`` may be new.
    list of Problem
        One for each decision that cannot be followed.
    """
    steps = [(line, decision) for line, decision in zip(journal.lines, journal.decisions, strict=True)
             if decision.kind in _STEPS]
    if not steps:
        return dict(frames), []
    tables = Tables(dict(frames), levels)
    if "reps" not in tables.frames:
        tables.frames["reps"] = make_empty_table(REPS)
    problems = []
    for line, decision in steps:
        try:
            _STEPS[decision.kind](tables, decision)
        except Refusal as refusal:
            problems.append(Problem(refusal.message, file=journal.file, row=line, column=refusal.column,
                                    value=str(refusal.value)))
    if not len(tables.frames["reps"]):
        del tables.frames["reps"]
    return tables.frames, problems


def _set_weights(tables: Tables, decision: Decision) -> None:
    axis, criteria = decision.subject, tables.frames["criteria"]
    if axis not in AXES:
        raise Refusal(Message("One of these is expected: {choices}.", {"choices": ", ".join(AXES)}), "subject", axis)
    rows = criteria[criteria["axis"] == axis]
    places = dict(zip(rows["criterion"], rows.index, strict=True))
    for name in decision.new:
        choose(name, places, message=Message("The axis {axis} has no such criterion: {name}.",
                                             {"axis": axis, "name": name}))
    weights = rows["weight"].copy()
    weights.update(pd.Series({places[name]: weight for name, weight in decision.new.items()}, dtype=float))
    if (weights.groupby(rows["parent"].fillna("").astype(str)).sum() == 0).any():
        raise Refusal(Message("All weights of the axis {axis} are 0; give one of its criteria a weight.",
                              {"axis": axis}), "new", "0")
    tables.own("criteria").loc[rows.index, "weight"] = weights


def _rate_segment(tables: Tables, decision: Decision) -> None:
    row, criteria = tables.find_row("segments", decision.subject), tables.frames["criteria"]
    own = criteria[criteria["axis"].isin(SEGMENTS.axes) & ~find_wholes(criteria)]
    for name, rating in decision.new.items():
        choose(name, set(own["criterion"]), message=Message(
            "No criterion of the segments is called {name}.", {"name": name}))
        criterion = own[own["criterion"] == name].iloc[[0]]
        is_words = bool(criterion["category_values"].notna().iloc[0])
        if rating is not None:
            _check_rating(rating, criterion, is_words=is_words)
        if name not in tables.frames["segments"]:
            dtype = "str" if is_words else "float64"
            tables.own("segments")[name] = pd.Series(None, index=tables.frames["segments"].index, dtype=dtype)
        tables.put("segments", row, name, rating)


def _check_rating(rating: float | str, criterion: pd.DataFrame, *, is_words: bool) -> None:
    """Refuse a performance that the table of segments would not take either."""
    if is_words:
        known = read_categories(criterion["category_values"].iloc[0])
        if fold_category(rating) not in known and ANY_OTHER not in known:
            raise Refusal(Message("One of these is expected: {choices}.", {"choices": ", ".join(known)}), "new", rating)
    elif isinstance(rating, str):
        raise Refusal(Message("A number with a decimal point is expected, as 0.41."), "new", rating)
    elif find_rated(criterion).iloc[0] and not LEVELS[0] <= rating <= LEVELS[-1]:
        raise Refusal(Message("A rating from 1 to 5 is expected; leave the cell empty where it is not known."), "new",
                      f"{rating:g}")


def _set_target(tables: Tables, decision: Decision) -> None:
    row = tables.find_row("segments", decision.subject)
    for name, value in decision.new.items():
        choose(name, _TARGETS, message=Message("One of these is expected: {choices}.",
                                               {"choices": ", ".join(_TARGETS)}))
        if value is not None:
            check_range(value, SEGMENTS.column(name))
    given = [decision.new.get(name, tables.frames["segments"].at[row, name]) for name in _TARGETS]
    if len({bool(pd.isna(value)) for value in given}) > 1:
        known, other = sorted(_TARGETS, key=lambda name: pd.isna(given[_TARGETS.index(name)]))
        message = Message("A position on the matrix needs both scores; fill in {name} too, or leave {other} empty.",
                          {"name": other, "other": known})
        raise Refusal(message, "new", decision.subject)
    for name, value in decision.new.items():
        tables.put("segments", row, name, value)


def _set_response(tables: Tables, decision: Decision) -> None:
    if decision.subject not in tables.levels:
        raise Refusal(Message("The client has no such tier; it has: {known}.", {"known": ", ".join(tables.levels)}),
                      "subject", decision.subject)
    answers = decision.new
    for name, value in answers.items():
        check_range(value, RESPONSE.column(name))
    steps = [answers["nothing"], answers["half"], 1.0, answers["half_more"], answers["most"]]
    if steps != sorted(steps):
        raise Refusal(Message("Sales fall with more effort; today counts 1, and the answers must rise from nothing "
                              "over half, today and half more to most."), "new", _list(answers))
    if answers["nothing"] >= 1 or answers["most"] <= 1:
        raise Refusal(Message("More or less effort must change something: nothing is below 1 and most above 1."),
                      "new", _list(answers))
    empty = make_empty_table(RESPONSE)
    table = tables.frames.get("response", empty)
    row = empty.reindex([0]).assign(tier=decision.subject, **answers)
    kept = table[table["tier"] != decision.subject]
    tables.frames["response"] = pd.concat([kept, row.astype(table.dtypes)], ignore_index=True) if len(kept) else row


def _list(answers: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {value:g}" for name, value in answers.items())


_STEPS: Mapping[str, Callable[[Tables, Decision], None]] = MappingProxyType({
    "set_weights": _set_weights, "rate_segment": _rate_segment, "set_target": _set_target,
    "set_response": _set_response, "set_selling_hours": set_selling_hours, "add_rep": add_rep,
    "remove_rep": remove_rep, "lock_account": lock_account,
})
