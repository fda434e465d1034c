"""Read a mapping file and check that every name in it leads somewhere."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path

from pydantic import ValidationError

from salesmodel_kit.client.mapping import (
    FIGURES,
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
    for item in error.errors():
        place = ".".join(str(part + 1) if isinstance(part, int) else part for part in item["loc"])
        reason = str(item.get("ctx", {}).get("error", item["msg"]))
        problems.append(settings.problem(_describe(item["type"], str(item["loc"][-1]) if item["loc"] else "", reason),
                                         place, item["input"] if item["type"] != "extra_forbidden" else None))
    return problems


def _describe(kind: str, key: str, reason: str) -> Message:
    if kind == "missing":
        return Message("This key is needed and not there.")
    if kind != "extra_forbidden":
        return Message("This value cannot be used here: {reason}.", {"reason": reason})
    near = difflib.get_close_matches(key, _KEYS, n=1)
    if near:
        return Message("This key is not known; did you mean {near}?", {"near": near[0]})
    return Message("This key is not known; see the kit's own mapping files for those that are.")


_MODELS = (MappingFile, ProfileMap, Source, TableMap, CriterionRow, Expression, Lookup, Total, Condition, Exclusion)
_KEYS = sorted({name for model in _MODELS for name in model.model_fields})


def _find_dangling(mapping: MappingFile) -> Iterable[tuple[str, str, Message]]:
    tables = {table.name: table for table in INPUT_TABLES}
    for name, table_map in mapping.tables.items():
        for source in table_map.source:
            if source not in mapping.sources:
                yield f"tables.{name}.source", source, _not_known(source, mapping.sources)
        allowed = {row.criterion for row in mapping.criteria if row.axis in tables[name].axes}
        for column in table_map.columns:
            if column not in tables[name].names and column not in allowed:
                yield f"tables.{name}.columns", column, _not_known(column, [*tables[name].names, *allowed])
        for place, source, column in _list_uses(mapping, name, table_map):
            if column not in _list_columns(mapping, source):
                yield place, column, _not_known(column, _list_columns(mapping, source))
    for name, source_map in mapping.sources.items():
        for column, expression in source_map.add.items():
            for place, source, used in _walk(expression, (name,), f"sources.{name}.add.{column}"):
                if used not in _list_columns(mapping, source):
                    yield place, used, _not_known(used, _list_columns(mapping, source))


def _list_uses(mapping: MappingFile, name: str, table_map: TableMap) -> Iterable[tuple[str, str, str]]:
    known = tuple(source for source in table_map.source if source in mapping.sources)
    for column, expression in table_map.columns.items():
        yield from _walk(expression, known, f"tables.{name}.columns.{column}")


def _list_columns(mapping: MappingFile, source: str) -> list[str]:
    declared = mapping.sources.get(source)
    return [*declared.headers, *declared.add] if declared else []


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
