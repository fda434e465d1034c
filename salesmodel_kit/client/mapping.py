"""Mapping files: which column of which export feeds which column of a client's folder.

A mapping file is YAML, checked, and holds no code: an expression names a column
and a few declared operations on it. The built-in importers for Salesforce and
HubSpot are mapping files too (``templates/mappings``), so a consultant adapts
one by copying it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from salesmodel_kit.client.profile import Assumption, Basis, StrategyChanges

Words = str | dict[Literal["en", "fr"], str]
TableName = Literal["segments", "accounts", "reps", "opportunities"]

FIGURES = ("sum", "count", "count_distinct", "largest")
OPERATIONS = ("column", "constant", "first_of", "joined", "product_of", "one_minus", "lookup", "total")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Condition(_Strict):
    """Rows whose ``column`` is one of ``equals``, or holds anything at all (``known: true``)."""

    column: str
    equals: tuple[str, ...] | None = None
    known: bool | None = None

    @model_validator(mode="after")
    def _has_one_test(self) -> Condition:
        if (self.equals is None) == (self.known is None):
            raise PydanticCustomError("one_test", "one test")
        return self


class Exclusion(Condition):
    """Rows that are left out, and the reason that the summary gives."""

    reason: Words


class Lookup(_Strict):
    """The column ``take`` of the one row of another source whose ``their`` equals our column ``our``."""

    source: str
    their: str
    our: str
    take: str


class Total(_Strict):
    """A figure over the rows of another source whose ``their`` equals our column ``our``.

    Without a row, sums and counts are zero (the other source is taken as
    complete) and the largest value is missing.

    ``last_months`` keeps the rows whose ``day`` lies in that many months up to
    ``data_until``, that day included.
    """

    source: str
    their: str
    our: str
    sum: str | None = None
    count: str | None = None
    count_distinct: str | None = None
    largest: str | None = None
    when: tuple[Condition, ...] = ()
    day: str | None = None
    last_months: Annotated[int, Field(ge=1, le=120)] | None = None

    @model_validator(mode="after")
    def _is_one_figure(self) -> Total:
        if sum(getattr(self, name) is not None for name in FIGURES) != 1:
            raise PydanticCustomError("one_figure", "one figure")
        if (self.day is None) != (self.last_months is None):
            raise PydanticCustomError("months_need_day", "months need a day")
        return self


class Expression(_Strict):
    """One value a row: exactly one operation, then its refinements in the order in which they stand here."""

    column: str | None = None
    constant: Words | None = None
    first_of: tuple[AnyExpression, ...] | None = None
    joined: tuple[AnyExpression, ...] | None = None
    product_of: tuple[AnyExpression, ...] | None = None
    one_minus: AnyExpression | None = None
    lookup: Lookup | None = None
    total: Total | None = None

    first_in: str | None = None
    form: Literal["salesforce_id", "day", "year"] | None = None
    map: dict[str, str] | None = None
    otherwise: str | None = None
    scale: float | None = None
    when: tuple[Condition, ...] = ()
    if_missing: Words | None = None

    @model_validator(mode="after")
    def _is_one_operation(self) -> Expression:
        if sum(getattr(self, name) is not None for name in OPERATIONS) != 1:
            raise PydanticCustomError("one_operation", "one operation")
        if self.otherwise is not None and self.map is None:
            raise PydanticCustomError("otherwise_needs_map", "otherwise needs map")
        return self


def _name_column(value: object) -> object:
    return {"column": value} if isinstance(value, str) else value


AnyExpression = Annotated[Expression, BeforeValidator(_name_column)]
Expression.model_rebuild()


class Source(_Strict):
    """A kind of file, recognised by its columns: identifier -> further accepted headers."""

    needed: dict[str, tuple[str, ...]]
    optional: dict[str, tuple[str, ...]] = {}
    dates: Literal["as_found", "day_first", "month_first"] = "as_found"
    currency_column: str | None = None
    leave_out: tuple[Exclusion, ...] = ()
    add: dict[str, AnyExpression] = {}
    not_used: Words | None = None

    @field_validator("needed", "optional", mode="before")
    @classmethod
    def _list_headers(cls, value: object) -> object:
        if isinstance(value, list):
            return dict.fromkeys(value, ())
        if isinstance(value, dict):
            return {name: headers or () for name, headers in value.items()}
        return value

    @property
    def headers(self) -> Mapping[str, tuple[str, ...]]:
        """Return every column that is looked for in the file, with its further headers."""
        return {**self.needed, **self.optional}

    @property
    def columns(self) -> tuple[str, ...]:
        """Return every column that an expression may name: those of the file, then those that are added."""
        return (*self.headers, *self.add)


class TableMap(_Strict):
    """Where a table comes from; ``distinct`` keeps the first row of each key and skips rows without one."""

    source: tuple[str, ...]
    columns: dict[str, AnyExpression]
    distinct: bool = False

    @field_validator("source", mode="before")
    @classmethod
    def _list_sources(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value


class CriterionRow(_Strict):
    """A criterion with its declared anchors."""

    criterion: str
    label: Words
    axis: Literal["attractiveness", "competitive_strength", "potential", "chance"]
    direction: Literal["benefit", "cost"] = "benefit"
    worst: float
    best: float
    weight: Annotated[float, Field(ge=0)]
    serves: Literal["conquest", "retention"] | None = None
    unit: Words | None = None
    levels: tuple[Words, ...] = ()


class BasisMap(_Strict):
    """What the numbers of a column rest on."""

    basis: Basis
    source: Words


class ProfileMap(_Strict):
    """What goes into ``client.yaml``; what is not given here is taken from the folder's name and the request."""

    id: str | None = None
    name: str | None = None
    language: Literal["en", "fr"] | None = None
    currency: str = "EUR"
    country: str = "FR"
    data_until: dt.date | tuple[str, ...] = ()
    strategy: str = "balanced"
    strategy_changes: StrategyChanges = StrategyChanges()
    assumptions: dict[str, Assumption] = {}
    data_basis: dict[str, BasisMap] = {}
    to_confirm: tuple[Words, ...] = ()


class MappingFile(_Strict):
    """A whole mapping file."""

    about: Words
    profile: ProfileMap = ProfileMap()
    sources: dict[str, Source]
    tables: dict[TableName, TableMap]
    criteria: tuple[CriterionRow, ...]
    left_aside: tuple[Words, ...] = ()
