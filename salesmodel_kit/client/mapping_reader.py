"""Read a mapping file and check that every name in it leads somewhere."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from salesmodel_kit.client.mapping import (
    FIGURES,
    OPERATIONS,
    Condition,
    CriterionRow,
    Exclusion,
    Expression,
    Lookup,
    MappingFile,
    ProfileMap,
    Source,
    TableMap,
    Total,
)
from salesmodel_kit.client.settings import Settings, read_yaml
from salesmodel_kit.client.texts import read_bytes
from salesmodel_kit.errors import InputProblems, Message, Problem, SalesModelError
from salesmodel_kit.resources import find_resource
from salesmodel_kit.tables import INPUT_TABLES


def load_mapping(path: Path) -> MappingFile:
    """Return a mapping file, checked.

    Parameters
    ----------
    path : pathlib.Path
        A YAML file, or the bare name of a mapping that ships with the kit
        (``maven_crm``).

    Returns
    -------
    MappingFile
        Frozen.

    Raises
    ------
    SalesModelError
        There is no such file.
    InputProblems
        Every unknown key, wrong value and dangling name, all at once.
    """
    shipped = find_resource("templates", "mappings", f"{path.name}.yaml")
    chosen = shipped if not path.exists() and path.name == str(path) and shipped.is_file() else path
    if not chosen.is_file():
        names = sorted(file.stem for file in find_resource("templates", "mappings").glob("*.yaml"))
        raise SalesModelError("{file}: there is no such mapping file; name a YAML file, or one of the kit's own: "
                              "{names}.", file=str(path), names=", ".join(names))
    settings = read_yaml(read_bytes(chosen), chosen.name)
    if settings.problems:
        raise InputProblems(str(path), settings.problems)
    try:
        mapping = MappingFile.model_validate(settings.values)
    except ValidationError as error:
        raise InputProblems(str(path), _explain(error, settings)) from None
    problems = [settings.problem(message, place, value) for place, value, message in _find_dangling(mapping)]
    if problems:
        raise InputProblems(str(path), problems)
    return mapping


def _explain(error: ValidationError, settings: Settings) -> list[Problem]:
    problems = []
    for item in error.errors(include_url=False):
        place = ".".join(str(part + 1) if isinstance(part, int) else part for part in item["loc"])
        value = None if item["type"] == "extra_forbidden" else item["input"]
        problems.append(settings.problem(_describe(item), place, value))
    return problems


def _describe(item: ErrorDetails) -> Message:
    kind, context = item["type"], item.get("ctx", {})
    if kind == "missing":
        return Message("This key is needed; add it.")
    if kind == "extra_forbidden":
        return _describe_unknown_key(str(item["loc"][-1]))
    if kind == "literal_error":
        return Message("One of these is expected: {choices}.", {"choices": str(context["expected"]).replace("'", "")})
    if kind.startswith("float"):
        return Message("A number with a decimal point is expected, as 0.41.")
    return _RULES.get(kind, Message("Another kind of value is expected here."))


def _describe_unknown_key(key: str) -> Message:
    near = difflib.get_close_matches(key, _KEYS, n=1)
    if near:
        return Message("There is no such key; did you mean {near}?", {"near": near[0]})
    return Message("There is no such key; see the kit's own mapping files for those that are there.")


_RULES: Mapping[str, Message] = {
    "one_test": Message("Give either “equals” (a list of values) or “known” (true or false)."),
    "one_figure": Message("Give exactly one of: {names}.", {"names": ", ".join(FIGURES)}),
    "one_operation": Message("Give exactly one of: {names}.", {"names": ", ".join(OPERATIONS)}),
    "months_need_day": Message("“day” (a column of dates) and “last_months” go together."),
    "otherwise_needs_map": Message("“otherwise” goes with “map”."),
}
_MODELS = (MappingFile, ProfileMap, Source, TableMap, CriterionRow, Expression, Lookup, Total, Condition, Exclusion)
_KEYS = sorted({name for model in _MODELS for name in model.model_fields})


def _find_dangling(mapping: MappingFile) -> Iterable[tuple[str, str, Message]]:
    """Yield (place, name, what is wrong) of each name that leads nowhere and each needed column that is absent."""
    for name, table_map in mapping.tables.items():
        yield from _check_columns(mapping, name, table_map)
    for place, source, column in _list_uses(mapping):
        if source not in mapping.sources:
            yield place, source, _not_known(source, mapping.sources)
        elif column is not None and column not in mapping.sources[source].columns:
            yield place, column, _not_known(column, mapping.sources[source].columns)


def _check_columns(mapping: MappingFile, name: str, table_map: TableMap) -> Iterable[tuple[str, str, Message]]:
    table = next(table for table in INPUT_TABLES if table.name == name)
    allowed = [*table.names, *(row.criterion for row in mapping.criteria if row.axis in table.axes)]
    place = f"tables.{name}.columns"
    yield from ((place, column, _not_known(column, allowed)) for column in table_map.columns if column not in allowed)
    message = Message("The table needs this column; say where it comes from.")
    yield from ((place, column.name, message) for column in table.columns
                if column.needed and column.name not in table_map.columns)


def _list_uses(mapping: MappingFile) -> Iterable[tuple[str, str, str | None]]:
    """Yield (place, source, column) of everything that the mapping reads."""
    for name, table_map in mapping.tables.items():
        yield from ((f"tables.{name}.source", source, None) for source in table_map.source)
        known = tuple(source for source in table_map.source if source in mapping.sources)
        for column, expression in table_map.columns.items():
            yield from _walk(expression, known, f"tables.{name}.columns.{column}")
    for name, source in mapping.sources.items():
        yield from ((f"sources.{name}.leave_out", name, rule.column) for rule in source.leave_out)
        yield f"sources.{name}.currency_column", name, source.currency_column
        for column, expression in source.add.items():
            yield from _walk(expression, (name,), f"sources.{name}.add.{column}")
    days = mapping.profile.data_until
    for day in days if isinstance(days, tuple) else ():
        source, _, column = day.partition(".")
        yield "profile.data_until", source, column


def _walk(expression: Expression, sources: tuple[str, ...], place: str) -> Iterable[tuple[str, str, str]]:
    """Yield (place, source, column) of everything that an expression reads."""
    for other in (expression.lookup, expression.total):
        if other is not None:
            theirs = [value for key in ("their", "take", *FIGURES, "day")
                      if (value := getattr(other, key, None)) is not None]
            theirs += [condition.column for condition in getattr(other, "when", ())]
            yield from ((place, other.source, column) for column in theirs)
    ours = [expression.column, *(condition.column for condition in expression.when)]
    ours += [other.our for other in (expression.lookup, expression.total) if other is not None]
    yield from ((place, source, column) for source in sources for column in ours if column is not None)
    inner = [*(expression.first_of or ()), *(expression.joined or ()), *(expression.product_of or ())]
    for part in [*inner, expression.one_minus] if expression.one_minus else inner:
        yield from _walk(part, sources, place)


def _not_known(name: str, known: Iterable[str]) -> Message:
    near = difflib.get_close_matches(name, list(known), n=3, cutoff=0.5) or sorted(known)
    return Message("{name!r} is not known here; nearest: {near}.", {"name": name, "near": ", ".join(near)})
