"""Settings to a pydantic model, with every refusal said as a problem that has its place and its remedy."""

from __future__ import annotations

import typing
from collections.abc import Mapping, Sequence
from types import MappingProxyType, NoneType, UnionType
from typing import Any, TypeVar

import pandas as pd
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from salesmodel_kit.client.cells import read_dates
from salesmodel_kit.client.reading import find_nearest
from salesmodel_kit.client.settings import Settings
from salesmodel_kit.errors import Message, Problem

Model = TypeVar("Model", bound=BaseModel)

_NUMBER = Message("A number with a decimal point is expected, as 0.41.")
_TEXT = Message("A text is expected.")
_GROUP = Message("A group of keys is expected here.")
_SENTENCES: Mapping[str, Message] = MappingProxyType({
    "missing": Message("This key is needed; add it."),
    "float_parsing": _NUMBER, "float_type": _NUMBER, "finite_number": _NUMBER,
    "string_type": _TEXT, "string_too_short": _TEXT,
    "string_too_long": Message("The text is too long."),
    "device_name": Message("Windows keeps this name for a device; choose another id."),
    "model_type": _GROUP, "dict_type": _GROUP, "model_attributes_type": _GROUP,
    "tuple_type": Message("A list is expected here, each entry on a line that begins with “- ”; in a sheet, each "
                          "entry in a row, with .1, .2 and so on after the key."),
})
_PATTERNS: Mapping[str, Message] = MappingProxyType({
    "id": Message("An id is expected: letters, digits, - and _, at most 64, beginning with a letter or digit."),
    "currency": Message("A currency is expected as its three capital letters, as EUR."),
    "country": Message("A country is expected as its two capital letters, as FR."),
})
_DATE = Message("A date is expected, as 2026-09-30 or 30/09/2026: the day before the month, never MM/DD.")


def validate_settings(settings: Settings, model: type[Model]) -> tuple[Model | None, tuple[Problem, ...]]:
    """Return the model that the settings describe, and everything that is wrong with them.

    Parameters
    ----------
    settings : Settings
        Keys and texts; numbers and dates are still text.
    model : type of pydantic.BaseModel
        ``Profile`` or ``Strategy``.

    Returns
    -------
    model or None
        None when there is any problem.
    tuple of Problem
        Those of the settings, then those that the model finds.
    """
    if settings.problems and not settings.values:
        return None, settings.problems
    values = dict(settings.values)
    problems: list[Problem] = []
    for key in ("data_until", "plan_from", "plan_year_from"):
        day = values.get(key)
        if isinstance(day, str):
            date = read_dates(pd.Series([day], dtype="str")).iloc[0]
            values[key] = "2000-01-01" if pd.isna(date) else date.date().isoformat()
            problems += [settings.problem(_DATE, key, day)] if pd.isna(date) else []
    found = None
    try:
        found = model.model_validate(values)
    except ValidationError as error:
        problems += [_explain(detail, settings, model) for detail in error.errors(include_url=False)]
    found_problems = (*settings.problems, *problems)
    return (None if found_problems else found), found_problems


def _explain(detail: ErrorDetails, settings: Settings, model: type[BaseModel]) -> Problem:
    path = [part for part in detail["loc"] if part != "[key]"]
    return settings.problem(describe_detail(detail, path, model), name_path(path), detail["input"])


def name_path(path: Sequence[str | int]) -> str:
    """Return the way to a value with points, entries of a list counted from 1.

    Examples
    --------
    >>> name_path(["call_norms", 0, "tier"])
    'call_norms.1.tier'
    """
    return ".".join(str(part + 1) if isinstance(part, int) else str(part) for part in path)


def describe_detail(detail: ErrorDetails, path: list[str | int], model: type[BaseModel]) -> Message:
    """Return what was expected where a model refused a value.

    Parameters
    ----------
    detail : ErrorDetails
        One of the errors of a ``ValidationError``.
    path : list of str or int
        To the value, from the model on.
    model : type of pydantic.BaseModel
        The model.
    """
    kind, context, last = detail["type"], detail.get("ctx", {}), str(path[-1]) if path else ""
    if kind == "extra_forbidden":
        return _describe_unknown_key(last, list_keys(model, path[:-1]))
    if kind == "literal_error":
        choices = str(context["expected"]).replace("'", "").replace(" or ", ", ")
        return Message("One of these is expected: {choices}.", {"choices": choices})
    if kind == "string_pattern_mismatch" and last in _PATTERNS:
        return _PATTERNS[last]
    if kind.startswith("date"):
        return _DATE
    if "ge" in context:
        return Message("A number of at least {limit} is expected.", {"limit": f"{context['ge']:g}"})
    if "le" in context:
        return Message("A number of at most {limit} is expected.", {"limit": f"{context['le']:g}"})
    if "gt" in context:
        return Message("A number above {limit} is expected.", {"limit": f"{context['gt']:g}"})
    return _SENTENCES.get(kind, Message("Another kind of value is expected here."))


def _describe_unknown_key(name: str, known: tuple[str, ...]) -> Message:
    near = find_nearest(name, known)
    if near is not None:
        return Message("There is no such key; did you mean {near}?", {"near": near})
    return Message("There is no such key here; these are known: {known}.", {"known": ", ".join(known)})


def list_keys(model: Any, path: list[str | int]) -> tuple[str, ...]:  # noqa: ANN401 - any annotation of a field
    """Return the keys that a model knows at a place.

    Examples
    --------
    >>> from salesmodel_kit.client.profile import Profile
    >>> list_keys(Profile, ["data_basis", "potential_per_year"])
    ('basis', 'source')
    """
    origin = typing.get_origin(model)
    if origin in (typing.Union, UnionType):
        return list_keys(next(part for part in typing.get_args(model) if part is not NoneType), path)
    if origin is typing.Annotated:
        return list_keys(typing.get_args(model)[0], path)
    if origin is dict:
        return list_keys(typing.get_args(model)[1], path[1:]) if path else ()
    if origin is tuple:
        return list_keys(typing.get_args(model)[0], path[1:]) if path else ()
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        return ()
    if not path:
        return tuple(model.model_fields)
    return list_keys(model.model_fields[str(path[0])].annotation, path[1:])
