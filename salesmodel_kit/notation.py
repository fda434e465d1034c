"""How a value function is written in one cell of the criteria.

``0:0; 50:0.2; 200:1`` gives performances their values, straight lines between
them; ``national tender:0; free:1`` gives categories theirs, and ``*:0.5`` every
category that is not named. The client's checks and the model read the cell with
the same words.
"""

from __future__ import annotations

import itertools
import math

from salesmodel_kit.errors import SalesModelError

#: Stands for every category that is not named.
ANY_OTHER = "*"
#: What refusals show.
EXAMPLE = "0:0; 50:0.2; 200:1"

_SPACES = str.maketrans("", "", " \u00a0\u202f\u2009'’")


def read_points(cell: str) -> tuple[tuple[float, float], ...]:
    """Return the points of a piecewise linear value function.

    Parameters
    ----------
    cell : str
        ``performance:value`` pairs between semicolons; decimal point or comma.

    Returns
    -------
    tuple of tuple of float
        Performance, in the criterion's unit and increasing; value, 0-1.

    Raises
    ------
    SalesModelError
        A pair cannot be read, fewer than two pairs, performances that do not
        increase, or a value outside 0 to 1.

    Examples
    --------
    >>> read_points("0:0; 50:0,2; 200:1")
    ((0.0, 0.0), (50.0, 0.2), (200.0, 1.0))
    """
    points = tuple((_read_number(left, cell), _read_value(right, cell)) for left, right in _split_pairs(cell))
    if len(points) < 2:
        raise SalesModelError("Value points “{cell}”: at least two pairs performance:value are expected, as "
                              "{example}.", cell=cell, example=EXAMPLE)
    for (low, _), (high, _) in itertools.pairwise(points):
        if high <= low:
            raise SalesModelError("Value points “{cell}”: performances must increase, and {high} does not exceed "
                                  "{low}; write each once, in order.", cell=cell, low=f"{low:g}", high=f"{high:g}")
    return points


def read_categories(cell: str) -> dict[str, float]:
    """Return the value of each category.

    Parameters
    ----------
    cell : str
        ``category:value`` pairs between semicolons; ``*`` is any other category.

    Returns
    -------
    dict of str to float
        Category as :func:`fold_category` spells it -> value, 0-1.

    Raises
    ------
    SalesModelError
        A pair cannot be read, a category stands twice or has no name, or a value is outside 0 to 1.

    Examples
    --------
    >>> read_categories("Public: 0.4; private: 1")
    {'public': 0.4, 'private': 1.0}
    """
    categories: dict[str, float] = {}
    for left, right in _split_pairs(cell):
        name = fold_category(left)
        if not name or name in categories:
            raise SalesModelError("Category values “{cell}”: each category must have a name and stand once; “{name}” "
                                  "does not.", cell=cell, name=left.strip())
        categories[name] = _read_value(right, cell)
    return categories


def fold_category(name: object) -> str:
    """Return a category without case and outer spaces, so that spellings of one category meet."""
    return " ".join(str(name).casefold().split())


def _split_pairs(cell: str) -> list[tuple[str, str]]:
    pairs = [part.rpartition(":") for part in cell.strip().removeprefix("'").split(";") if part.strip()]
    if not pairs or any(not colon for _, colon, _ in pairs):
        raise SalesModelError("“{cell}” cannot be read; write pairs with a colon, semicolons between them, as "
                              "{example}.", cell=cell, example=EXAMPLE)
    return [(left, right) for left, _, right in pairs]


def _read_number(text: str, cell: str) -> float:
    bare = text.translate(_SPACES).replace(",", ".").replace("−", "-")
    try:
        number = float(bare)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise SalesModelError("“{cell}”: “{text}” is not a number.", cell=cell, text=text.strip())
    return number


def _read_value(text: str, cell: str) -> float:
    value = _read_number(text, cell)
    if not 0 <= value <= 1:
        raise SalesModelError("“{cell}”: the value {value} is outside 0 to 1; 0 is the worst, 1 the best.", cell=cell,
                              value=f"{value:g}")
    return value
