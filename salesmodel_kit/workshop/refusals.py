"""Why something cannot be, in one sentence for the room."""

from __future__ import annotations

from pydantic import ValidationError

from salesmodel_kit.client.decision_faults import find_fault
from salesmodel_kit.errors import InputProblems, Message, Problem, SalesModelError
from salesmodel_kit.language import N_, Language
from salesmodel_kit.narrative.decisions import Names, name_matter
from salesmodel_kit.workshop.standing import Topic


def refuse_value(topic: Topic, error: ValidationError, *, language: Language) -> SalesModelError:
    """Return a refusal with place, value and remedy.

    Parameters
    ----------
    topic : Topic
        Kind and subject of what was tried.
    error : ValidationError
        What is wrong with its value.
    language : Language
        The reader's.
    """
    fault = find_fault(error)
    return SalesModelError(N_("{place}: {value} cannot be. {remedy}"), value=fault.value,
                           place=name_matter(*topic, names=Names(), language=language),
                           remedy=language.say(fault.message))


def tell_refusal(error: SalesModelError, *, language: Language) -> str:
    """Return a refusal in a language; of files that cannot be read the first fault too, with its place.

    Parameters
    ----------
    error : SalesModelError
        As it was raised.
    language : Language
        The reader's.
    """
    said = language.say(error.message)
    faults = error.problems if isinstance(error, InputProblems) else ()
    return f"{said} {tell_problem(faults[0], language=language)}" if faults else said


def tell_problem(problem: Problem, *, language: Language) -> str:
    """Return what is wrong with a file, place first, as a sentence.

    Parameters
    ----------
    problem : Problem
        From reading a file.
    language : Language
        The reader's.
    """
    row = None if problem.row is None else language.say(Message("row {row}", {"row": problem.row}))
    value = None if problem.value is None else language.quote(problem.value)
    place = ", ".join(part for part in (problem.file, problem.sheet, row, problem.column, value) if part)
    return language.text("{place}: {fault}", place=place, fault=language.say(problem.message))
