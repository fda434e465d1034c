"""What a table is made of: columns with kind, unit and range, the words that choices take, and pandera schemas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandera.pandas as pa

Kind = Literal["id", "text", "number", "integer", "date", "choice", "flag"]

Axis = Literal["attractiveness", "competitive_strength", "potential", "chance"]

AXES: tuple[str, ...] = ("attractiveness", "competitive_strength", "potential", "chance")


#: The tiers that a client can choose from, best first; their looks are fixed, their names are the client's.
TIERS: tuple[str, ...] = ("platinum", "gold", "silver", "bronze", "iron")


#: The tiers of a client that chooses none.
DEFAULT_TIERS: tuple[str, ...] = ("gold", "silver", "bronze")


#: Why an account changed tier between two models.
MOVE_CAUSES: tuple[str, ...] = ("data", "weights", "rule", "margin", "override", "several", "unknown", "new", "gone")

POSTURES: tuple[str, ...] = ("invest", "select", "harvest")

CHANNELS: tuple[str, ...] = ("field", "customer_success", "partner", "inside", "marketing")

ROLES: tuple[str, ...] = ("field", "inside", "partner", "customer_success")


#: How a vote is cast; all but the rating weigh criteria.
VOTE_KINDS: tuple[str, ...] = ("points", "rank", "swing", "comparison", "best_to", "to_worst", "rating")

LEVELS: tuple[int, ...] = (1, 2, 3, 4, 5)


#: INSEE size bands: code -> fewest employees in the band (NN: unknown).
SIZE_BANDS: Mapping[str, float] = MappingProxyType(
    {
        "NN": float("nan"),
        "00": 0,
        "01": 1,
        "02": 3,
        "03": 6,
        "11": 10,
        "12": 20,
        "21": 50,
        "22": 100,
        "31": 200,
        "32": 250,
        "41": 500,
        "42": 1000,
        "51": 2000,
        "52": 5000,
        "53": 10000,
    }
)


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    name : str
        Identifier, English, as in files written by the kit.
    kind : Kind
        ``id`` and ``choice`` are text; ``flag`` is true or false.
    meaning : str
        One line for the data dictionary.
    unit : str
        Unit of the values, ``–`` where there is none.
    needed : bool
        The column must be there and every cell filled.
    low, high : float, optional
        Allowed range, both ends included.
    choices : mapping of str to tuple of str
        Allowed value -> other spellings that are accepted for it.
    headers : tuple of str
        Other accepted headers, English and French.
    """

    name: str
    kind: Kind
    meaning: str
    unit: str = "–"
    needed: bool = False
    low: float | None = None
    high: float | None = None
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    headers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """One table: its columns, its key, and where it comes from.

    Parameters
    ----------
    name : str
        File name without ending, and sheet name.
    meaning : str
        What a row is.
    columns : tuple of Column
        In the order in which the kit writes them.
    key : tuple of str
        Columns that together name a row once.
    needed : bool
        Whether a client's folder must have it.
    axes : tuple of str
        The ids of criteria on these axes are allowed as further number columns.
    sheets : tuple of str
        Other accepted names of the file or sheet, English and French.
    """

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    needed: bool = True
    axes: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Return the column names in order."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """Return the declaration of one column; KeyError when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


def make_choices(**aliases: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    """Return allowed values with the other spellings that are accepted for each."""
    return MappingProxyType(aliases)

ROLE_CHOICES = make_choices(
    field=("terrain", "itinérant", "outside", "commercial terrain"),
    inside=("sédentaire", "interne", "inside sales", "commercial sédentaire"),
    partner=("partenaire", "partenaires", "channel"),
    customer_success=("succès client", "customer success", "csm"),
)

TIER_CHOICES = make_choices(platinum=("platine",), gold=("or",), silver=("argent",), bronze=("bronze",), iron=("fer",))

ANY_TIER = MappingProxyType(dict.fromkeys(TIERS, ()))


def share(name: str, meaning: str) -> Column:
    """Return a column of shares, 0-1."""
    return Column(name, "number", meaning, unit="0-1", low=0, high=1)


def amount(name: str, meaning: str) -> Column:
    """Return a column of amounts of money a year."""
    return Column(name, "number", meaning, unit="currency/year", low=0)


def hours(name: str, meaning: str) -> Column:
    """Return a column of hours a year."""
    return Column(name, "number", meaning, unit="hours/year", low=0)


def count(name: str, meaning: str) -> Column:
    """Return a column of whole numbers."""
    return Column(name, "integer", meaning, unit="count", low=0)

_DTYPES: Mapping[str, str] = MappingProxyType(
    {
        "id": "str",
        "text": "str",
        "choice": "str",
        "number": "float64",
        "integer": "Int64",
        "date": "datetime64[s]",
        "flag": "boolean",
    }
)


def make_schema(table: Table, *, criteria: tuple[str, ...] = ()) -> pa.DataFrameSchema:
    """Return the pandera schema of a table.

    Parameters
    ----------
    table : Table
        The declaration.
    criteria : tuple of str
        Ids of criteria that are allowed as further number columns.

    Returns
    -------
    pandera.pandas.DataFrameSchema
        Strict: no other column; key unique; ranges and choices checked;
        a column that is not needed may be absent or hold missing cells.
    """
    import pandera.pandas as pa

    columns = {column.name: _schema_column(column) for column in table.columns}
    extra = {name: pa.Column("float64", nullable=True, required=False) for name in criteria if name not in columns}
    return pa.DataFrameSchema({**columns, **extra}, strict=True, unique=list(table.key), name=table.name)


def _schema_column(column: Column) -> pa.Column:
    import pandera.pandas as pa

    checks = []
    if column.low is not None:
        checks.append(pa.Check.ge(column.low))
    if column.high is not None:
        checks.append(pa.Check.le(column.high))
    if column.choices:
        checks.append(pa.Check.isin(list(column.choices)))
    return pa.Column(_DTYPES[column.kind], checks, nullable=not column.needed, required=column.needed)


def dtype_of(column: Column) -> str:
    """Return the pandas dtype of a column: ``str``, ``float64``, ``Int64``, ``datetime64[s]`` or ``boolean``."""
    return _DTYPES[column.kind]
