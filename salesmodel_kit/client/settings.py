"""Keys and values of ``client.yaml``, of a strategy, or of a workbook's sheet ``client``.

YAML is read as plain keys and texts: no tags, no anchors, no key twice, so that
``007`` stays ``007`` and ``NO`` is a country. An empty value is as if the key
were not there. In a workbook a key is dotted (``strategy_changes.tiers.rule``),
the first entry of a list is ``.1``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import yaml

from salesmodel_kit.client.cells import fold
from salesmodel_kit.client.texts import Place, TextTable, decode_text
from salesmodel_kit.errors import Message, Problem

_MAX_BYTES = 1_000_000
_NULL = "tag:yaml.org,2002:null"
_PLAIN = frozenset(f"tag:yaml.org,2002:{name}" for name in (
    "str", "int", "float", "bool", "null", "timestamp", "map", "seq", "merge", "value"))


@dataclass(frozen=True)
class Settings:
    """Nested keys with their texts, and where each was written.

    Parameters
    ----------
    place : Place
        File and sheet.
    values : mapping
        Key -> text, list or mapping.
    rows : mapping of str to int
        Dotted key -> line of the file or row of the sheet; lists count from 1.
    sheets : mapping of str to str
        Dotted key -> sheet, for keys that come from another sheet than ``place``.
    problems : tuple of Problem
        What could not be read.
    """

    place: Place
    values: Mapping[str, object] = field(default_factory=dict)
    rows: Mapping[str, int] = field(default_factory=dict)
    sheets: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def problem(self, message: Message, key: str, value: object = None) -> Problem:
        """Return a problem with a dotted key; its row is that of the nearest key above that was written."""
        parts = key.split(".")
        above = [".".join(parts[:length]) for length in range(len(parts), 0, -1)]
        written = next((part for part in above if part in self.rows), "")
        place = replace(self.place, sheet=self.sheets.get(written, self.place.sheet))
        shown = None if value is None or isinstance(value, Mapping | list) else str(value)
        return place.problem(message, row=self.rows[written] if written else None, column=key, value=shown)


class _Loader(yaml.SafeLoader):
    """YAML without anchors: an alias is refused where it stands."""

    def compose_node(self, parent: yaml.Node | None, index: object) -> yaml.Node | None:
        if self.check_event(yaml.events.AliasEvent):
            raise yaml.MarkedYAMLError(problem="alias", problem_mark=self.peek_event().start_mark)
        return super().compose_node(parent, index)


def read_yaml(content: bytes, file: str) -> Settings:
    """Return the keys and texts of a YAML file.

    Parameters
    ----------
    content : bytes
        The file.
    file : str
        Its name, for problems.
    """
    place = Place(file)
    text = decode_text(content) if len(content) <= _MAX_BYTES else None
    if text is None:
        message = Message("The file is not a text that can be read, or longer than 1 MB.")
        return Settings(place, problems=(place.problem(message),))
    rows: dict[str, int] = {}
    problems: list[Problem] = []
    try:
        node = yaml.compose(text, Loader=_Loader)
        values = {} if node is None else _convert(node, "", rows, _Refusals(place, problems))
    except yaml.MarkedYAMLError as error:
        row = None if error.problem_mark is None else error.problem_mark.line + 1
        return Settings(place, problems=(place.problem(_describe_yaml_error(error), row=row),))
    except (yaml.YAMLError, RecursionError):
        return Settings(place, problems=(place.problem(Message("This is not YAML that can be read.")),))
    if not isinstance(values, dict):
        message = Message("Keys with their values are expected, one a line, as “name: Example”.")
        problems.append(place.problem(message))
    return Settings(place, values if isinstance(values, dict) else {}, rows, problems=tuple(problems))


def _describe_yaml_error(error: yaml.MarkedYAMLError) -> Message:
    if error.problem == "alias":
        return Message("Anchors and aliases (& and *) are not read; write the value out, or put a text that begins "
                       "with * in quotes.")
    return Message("This is not YAML that can be read from here on; check indentation (spaces, no tabs), colons and "
                   "quotes.")


@dataclass(frozen=True)
class _Refusals:
    place: Place
    found: list[Problem]

    def add(self, message: Message, node: yaml.Node, key: str) -> None:
        self.found.append(self.place.problem(message, row=node.start_mark.line + 1, column=key))


def _convert(node: yaml.Node, key: str, rows: dict[str, int], refusals: _Refusals) -> object:
    """Return a node as text, list or dict; rows and refusals are filled in."""
    rows.setdefault(key, node.start_mark.line + 1)
    if node.tag not in _PLAIN:
        refusals.add(Message("Tags (!) are not read; write the plain value."), node, key)
        return None
    if isinstance(node, yaml.SequenceNode):
        return [_convert(entry, _join(key, at), rows, refusals) for at, entry in enumerate(node.value, start=1)]
    if isinstance(node, yaml.ScalarNode):
        return None if node.tag == _NULL else node.value
    values: dict[str, object] = {}
    for name, entry in node.value:
        path = _join(key, name.value)
        rows.setdefault(path, name.start_mark.line + 1)
        if not isinstance(name, yaml.ScalarNode):
            refusals.add(Message("A key is expected here, not a list."), name, key)
        elif name.value in values:
            refusals.add(Message("The key is there twice; keep one."), name, path)
        else:
            values[name.value] = _convert(entry, path, rows, refusals)
    return {name: value for name, value in values.items() if value is not None}


def _join(key: str, part: object) -> str:
    return f"{key}.{part}" if key else str(part)


def read_sheet(table: TextTable) -> Settings:
    """Return the settings in a sheet with the two columns key and value."""
    names = {"key": ("key", "cle", "champ"), "value": ("value", "valeur")}
    columns, problems = _find_columns(table, names)
    values: dict[str, object] = {}
    rows: dict[str, int] = {}
    for row, (key, value) in _iterate(table, columns) if not problems else ():
        if key in rows:
            problems.append(table.place.problem(Message("The key is there twice; keep one."), row=row, column=key))
        elif key and value:
            rows[key] = row
            if not _put(values, _split_key(key), value):
                message = Message("This key stands for a value and for a group of keys; keep one.")
                problems.append(table.place.problem(message, row=row, column=key, value=value))
    return Settings(table.place, _list_numbered(values), rows, problems=(*table.problems, *problems))


def _iterate(table: TextTable, columns: Mapping[str, int]) -> Iterator[tuple[int, tuple[str, ...]]]:
    parts = [table.frame.iloc[:, at] for at in columns.values()]
    return ((int(row), tuple(cells)) for row, *cells in zip(table.frame.index, *parts, strict=True))


def _find_columns(table: TextTable, names: Mapping[str, tuple[str, ...]]) -> tuple[dict[str, int], list[Problem]]:
    headers = [fold(header) for header in table.frame.columns]
    columns = {name: next((at for at, header in enumerate(headers) if header in others), -1)
               for name, others in names.items()}
    absent = [name for name, at in columns.items() if at < 0 and name not in ("low", "high", "basis", "unit", "source")]
    message = Message("The sheet needs this column.")
    problems = [table.place.problem(message, row=1, column=name) for name in absent]
    return {name: at for name, at in columns.items() if at >= 0}, problems


def _split_key(key: str) -> list[str]:
    """Return the parts of a dotted key; names of columns under ``data_basis`` keep their dots."""
    head, *rest = key.split(".")
    if head == "data_basis" and len(rest) > 2:
        return [head, ".".join(rest[:-1]), rest[-1]]
    return [head, *rest]


def _put(values: dict[str, object], parts: list[str], value: str) -> bool:
    *groups, last = parts
    for part in groups:
        inner = values.setdefault(part, {})
        if not isinstance(inner, dict):
            return False
        values = inner
    if last in values:
        return False
    values[last] = value
    return True


def _list_numbered(value: object) -> object:
    """Return the value with every group whose keys are 1, 2, ... turned into a list."""
    if not isinstance(value, dict):
        return value
    inner = {name: _list_numbered(entry) for name, entry in value.items()}
    if inner and all(name.isdecimal() for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner


def add_assumptions(settings: Settings, table: TextTable) -> Settings:
    """Return the settings with the assumptions of a sheet (name, value, unit, basis, source, low, high)."""
    names = {"name": ("name", "nom", "hypothese"), "value": ("value", "valeur"), "unit": ("unit", "unite"),
             "basis": ("basis", "base", "fondement"), "source": ("source",), "low": ("low", "bas", "minimum"),
             "high": ("high", "haut", "maximum")}
    columns, problems = _find_columns(table, names)
    found: dict[str, object] = dict(settings.values.get("assumptions") or {})
    own: dict[str, int] = {}
    for row, cells in _iterate(table, columns) if not problems else ():
        entry = {name: cell for name, cell in zip(columns, cells, strict=True) if cell}
        name = str(entry.pop("name", ""))
        if name in found:
            message = Message("The assumption is there twice; keep one.")
            problems.append(table.place.problem(message, row=row, column=name))
        elif "value" in entry:
            found[name] = entry
            own[f"assumptions.{name}"] = row
    return replace(settings, values={**settings.values, "assumptions": found}, rows={**settings.rows, **own},
                   sheets=dict.fromkeys(own, table.sheet or ""),
                   problems=(*settings.problems, *table.problems, *problems))
