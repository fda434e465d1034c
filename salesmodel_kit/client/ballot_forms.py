"""What a participant is asked on one axis, field by field, and what the answers say as votes.

The same form stands behind a page on a phone and behind a sheet of a workbook:
each answer is a text under the key of its field.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

import pandas as pd

from salesmodel_kit.client.ballots import Said, judge_ballot
from salesmodel_kit.client.votes import list_voted
from salesmodel_kit.errors import Message
from salesmodel_kit.language import N_, WORDS
from salesmodel_kit.tables import LEVELS

#: Ways to judge that a room can be asked for.
FORM_METHODS: tuple[str, ...] = ("points", "swing", "rank", "comparison", "best_worst", "rating")
#: What each is called, and what it asks.
METHOD_NAMES: Mapping[str, str] = MappingProxyType({
    "points": N_("Points"), "swing": N_("Swing: worth of the step from worst to best"),
    "rank": N_("Ranks"), "comparison": N_("Comparison in pairs"),
    "best_worst": N_("Best and worst"), "rating": N_("Ratings of the segments")})
METHOD_QUESTIONS: Mapping[str, str] = MappingProxyType({
    "points": N_("Share out points: the more a criterion should count, the more it gets. Only the shares matter."),
    "swing": N_("Imagine every criterion at its worst. Give 100 to the one that you would lift to its best first, and "
                "to the others what their step is worth beside it."),
    "rank": N_("1 for the criterion that counts most; the same number for equals."),
    "comparison": N_("Which of the two counts more, and how many times? Leave out what you cannot say."),
    "best_worst": N_("Choose what counts most and what counts least. Then say, from 1 to 9, how many times the first "
                     "counts against each, and how many times each counts against the last."),
    "rating": N_("How does each segment stand today? Leave empty what you cannot judge.")})
_MATRIX_AXES = ("attractiveness", "competitive_strength")
_NUMBER = re.compile(r"\d{1,9}(?:[.,]\d{1,6})?")
_SIGNED = re.compile(r"[-+]?\d{1,9}(?:[.,]\d{1,6})?")
_PART = re.compile(r"1/([1-9])")


class Vote(NamedTuple):
    """One row of the table ``votes``, without round, participant and set."""

    kind: str
    axis: str
    criterion: str
    against: str | None
    segment: str | None
    vote: float


@dataclass(frozen=True)
class Field:
    """One question.

    Parameters
    ----------
    key : str
        Unique within the form.
    kind : str
        Kind of vote; ``best`` and ``worst`` choose a criterion and are no vote by themselves.
    criterion, against, segment : str, optional
        What is judged.
    low, high : float
        The scale, ends included.
    is_whole : bool
        Whole numbers only.
    """

    key: str
    kind: str
    criterion: str | None = None
    against: str | None = None
    segment: str | None = None
    low: float = 0.0
    high: float = math.inf
    is_whole: bool = False


@dataclass(frozen=True)
class BallotForm:
    """What a participant is asked on one axis.

    Parameters
    ----------
    method : str
        One of ``FORM_METHODS``.
    axis : str
        The axis.
    labels : mapping of str to str
        The criteria of the axis, id -> name in the client's words.
    segments : mapping of str to str
        For ratings: the segments, id -> name.
    fields : tuple of Field
        In the order in which they are asked.
    levels : mapping of str to tuple of str
        For ratings: meaning of 1 to 5 of the criteria that have them; an unknown meaning is empty.
    """

    method: str
    axis: str
    labels: Mapping[str, str]
    segments: Mapping[str, str]
    fields: tuple[Field, ...]
    levels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Answers:
    """What was answered.

    Parameters
    ----------
    votes : tuple of Vote
        Empty where nothing was answered, or something is wrong.
    problems : tuple of (str or None, Message)
        Key of the field, None where it is the whole ballot, and what is wrong.
    """

    votes: tuple[Vote, ...] = ()
    problems: tuple[tuple[str | None, Message], ...] = ()


def list_forms(criteria: pd.DataFrame, segments: pd.DataFrame, method: str) -> tuple[BallotForm, ...]:
    """Return a form for each axis that there is something to judge on.

    Parameters
    ----------
    criteria, segments : DataFrame
        The client's tables.
    method : str
        One of ``FORM_METHODS``.

    Returns
    -------
    tuple of BallotForm
        In the order of the criteria; an axis with a single criterion has no weights to vote on, a criterion
        measured in categories is not rated.
    """
    rows = list_voted(criteria)
    if method == "rating":
        rows = rows[rows["axis"].isin(_MATRIX_AXES) & rows["category_values"].isna()]
    names = dict(zip(segments["segment"], segments["label"], strict=True)) if method == "rating" else {}
    forms = []
    for axis, own in rows.groupby("axis", sort=False):
        labels = dict(zip(own["criterion"], own["label"], strict=True))
        if method == "rating" or len(labels) > 1:
            fields = tuple(_ask_ratings(own, names) if method == "rating" else _ask_weights(method, list(labels)))
            forms.append(BallotForm(method, str(axis), labels, names, fields, _find_levels(own)))
    return tuple(forms)


def _ask_weights(method: str, names: Sequence[str]) -> Iterable[Field]:
    if method == "comparison":
        for at, other in itertools.combinations(range(len(names)), 2):
            yield Field(f"comparison-{at}-{other}", "comparison", names[at], names[other], low=1 / 9, high=9.0)
        return
    if method == "best_worst":
        yield Field("best", "best")
        yield Field("worst", "worst")
        for at, name in enumerate(names):
            yield Field(f"best_to-{at}", "best_to", None, name, low=1.0, high=9.0)
        for at, name in enumerate(names):
            yield Field(f"to_worst-{at}", "to_worst", name, low=1.0, high=9.0)
        return
    low, high, is_rank = (1.0, float(len(names)), True) if method == "rank" else (0.0, 1000.0, False)
    for at, name in enumerate(names):
        yield Field(f"{method}-{at}", method, name, low=low, high=high, is_whole=is_rank)


def _find_levels(criteria: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    meanings = criteria.set_index("criterion")[[f"level_{level}" for level in LEVELS]]
    return {str(name): tuple("" if pd.isna(text) else str(text) for text in row)
            for name, row in zip(meanings.index, meanings.to_numpy(), strict=True) if not pd.isna(row).all()}


def _ask_ratings(criteria: pd.DataFrame, segments: Mapping[str, str]) -> Iterable[Field]:
    levels = _find_levels(criteria)
    for place, segment in enumerate(segments):
        for at, row in enumerate(criteria.itertuples(index=False)):
            low, high = (LEVELS[0], LEVELS[-1]) if row.criterion in levels else sorted((row.worst, row.best))
            yield Field(f"rating-{place}-{at}", "rating", row.criterion, None, segment, low=float(low),
                        high=float(high))


def read_answers(form: BallotForm, answers: Mapping[str, str], participant: str) -> Answers:
    """Return the votes that answers say, or what is wrong with them.

    Parameters
    ----------
    form : BallotForm
        What was asked.
    answers : mapping of str to str
        Key of a field -> its answer; no answer is missing or empty.
    participant : str
        Name, for the sentences.

    Returns
    -------
    Answers
        Without votes where nothing was answered.
    """
    given = {each.key: answers.get(each.key, "").strip() for each in form.fields}
    if not any(given.values()):
        return Answers()
    numbers, problems = _read_numbers(form, given)
    if not problems and form.method not in ("comparison", "rating"):
        problems = [(each.key, Message("The answer is missing here; answer every question of the axis, or none."))
                    for each in form.fields if not given[each.key] and _is_needed(form, each, given)]
    if problems:
        return Answers(problems=tuple(problems))
    votes = tuple(_compose(form, numbers, given))
    message = None if form.method == "rating" else _judge(form, votes, participant)
    return Answers(votes) if message is None else Answers(problems=((None, message),))


def _read_numbers(form: BallotForm, given: Mapping[str, str]) -> tuple[dict[str, float], list]:
    numbers: dict[str, float] = {}
    problems: list[tuple[str | None, Message]] = []
    for each in form.fields:
        text = given[each.key]
        if not text:
            continue
        if each.kind in ("best", "worst"):
            if text not in form.labels:
                message = Message("One of these criteria is expected: {names}.", {"names": ", ".join(form.labels)})
                problems.append((each.key, message))
            continue
        number = _read_number(text, each)
        if number is None:
            problems.append((each.key, _describe_scale(each)))
        else:
            numbers[each.key] = number
    return numbers, problems


def _read_number(text: str, asked: Field) -> float | None:
    """Return a number on the field's scale; a comparison may be written 1/3."""
    part = _PART.fullmatch(text) if asked.kind == "comparison" else None
    bare = text.replace("\N{MINUS SIGN}", "-")
    if part is None and not (_NUMBER if asked.low >= 0 else _SIGNED).fullmatch(bare):
        return None
    number = 1 / int(part[1]) if part else float(bare.replace(",", "."))
    is_sound = asked.low - 1e-9 <= number <= asked.high + 1e-9 and (not asked.is_whole or number % 1 == 0)
    return number if is_sound else None


def _describe_scale(asked: Field) -> Message:
    if asked.kind == "comparison":
        return Message("A number from 1 to 9 is expected, or 1/2 to 1/9 where the second criterion counts more.")
    facts = {"low": f"{asked.low:g}", "high": f"{asked.high:g}"}
    if asked.is_whole:
        return Message("A whole number from {low} to {high} is expected.", facts)
    return Message("A number from {low} to {high} is expected.", facts)


def _is_needed(form: BallotForm, asked: Field, given: Mapping[str, str]) -> bool:
    """Return whether a field must be answered: nothing is asked of the best against itself, nor of the worst."""
    if form.method != "best_worst" or asked.kind in ("best", "worst"):
        return True
    return asked.against != given["best"] if asked.kind == "best_to" else asked.criterion != given["worst"]


def _compose(form: BallotForm, numbers: Mapping[str, float], given: Mapping[str, str]) -> Iterable[Vote]:
    """Yield the votes; a comparison below 1 is turned round."""
    for each in form.fields:
        number = numbers.get(each.key)
        if number is None or not _is_needed(form, each, given):
            continue
        criterion, against = each.criterion, each.against
        if each.kind == "comparison" and number < 1:
            criterion, against, number = against, criterion, round(1 / number, 6)
        elif each.kind == "best_to":
            criterion = given["best"]
        elif each.kind == "to_worst":
            against = given["worst"]
        yield Vote(each.kind, form.axis, str(criterion), against, each.segment, number)


def _judge(form: BallotForm, votes: Sequence[Vote], participant: str) -> Message | None:
    names = form.labels if len(set(form.labels.values())) == len(form.labels) else dict.fromkeys(form.labels)
    words = {name: label or name for name, label in names.items()}
    ballot = [Said(each.kind, words[each.criterion], words.get(each.against or ""), each.vote) for each in votes]
    facts = {"participant": participant, "axis": Message(WORDS["axis"][form.axis])}
    return judge_ballot(ballot, list(words.values()), facts=facts)


def recall_answers(form: BallotForm, votes: Iterable[Vote]) -> dict[str, str]:
    """Return the answers that votes stand for; the reverse of :func:`read_answers`.

    Parameters
    ----------
    form : BallotForm
        What was asked.
    votes : iterable of Vote
        Of one participant on the form's axis.

    Returns
    -------
    dict of str to str
        Key of a field -> its answer; votes that the form does not ask for are left aside.
    """
    said = {(each.kind, each.criterion, each.against, each.segment): each.vote for each in votes}
    best, worst = (next((getattr(each, name) for each in votes if each.kind == kind), None)
                   for kind, name in (("best_to", "criterion"), ("to_worst", "against")))
    found: dict[str, str] = {name: str(choice) for name, choice in (("best", best), ("worst", worst)) if choice}
    for each in form.fields:
        criterion = best if each.kind == "best_to" else each.criterion
        against = worst if each.kind == "to_worst" else each.against
        number = said.get((each.kind, criterion, against, each.segment))
        turned = said.get((each.kind, against, criterion, each.segment)) if each.kind == "comparison" else None
        if number is not None:
            found[each.key] = f"{number:.6g}"
        elif turned is not None:
            found[each.key] = f"1/{turned:g}" if turned % 1 == 0 else f"{1 / turned:.6g}"
    return found
