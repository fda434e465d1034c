"""Numbers as somebody types them before the room."""

from __future__ import annotations

import ipywidgets as widgets
import pandas as pd

from salesmodel_kit.client.cells import read_numbers, sort_numbers
from salesmodel_kit.language import Language


def read_typed(words: str, *, language: Language) -> float | None:
    """Return the number that was typed; None for what is none.

    Parameters
    ----------
    words : str
        Read as a cell of the client's tables is: groups of digits, a decimal mark, a minus sign; a percentage counts
        as a share of 1.
    language : Language
        Where a number could be read either way, its decimal mark counts.

    Examples
    --------
    >>> read_typed("1 234,5", language=Language("fr")), read_typed("1,234", language=Language("en"))
    (1234.5, 1234.0)
    >>> read_typed("12 %", language=Language("fr")), read_typed("much", language=Language("en"))
    (0.12, None)
    """
    written = words.strip()
    is_share = written.endswith("%")
    cells = pd.Series([written.rstrip("%").strip()], dtype="str")
    number = float(read_numbers(sort_numbers(cells), mark="," if language.code == "fr" else ".").iloc[0])
    if number != number:
        return None
    return number / 100 if is_share else number


def write_typed(number: float, *, language: Language) -> str:
    """Return a number as it can be typed again, with the decimal mark of the language; nothing of what is not known.

    Parameters
    ----------
    number : float
        NaN is not known.
    language : Language
        The reader's.

    Examples
    --------
    >>> write_typed(1234.5, language=Language("fr")), write_typed(24.0, language=Language("en"))
    ('1234,5', '24')
    """
    return f"{number:.10g}".replace(".", "," if language.code == "fr" else ".") if number == number else ""


def make_number_field(words: str, width: str) -> widgets.Text:
    """Return a field for a number, told of once it is typed to its end.

    A browser's own field for numbers follows the browser's language and drops the other decimal mark: 2,5 would
    become 25.

    Parameters
    ----------
    words : str
        What is asked for, in the client's language.
    width : str
        Of label and field together.
    """
    return widgets.Text(description=words, continuous_update=False, style={"description_width": "initial"},
                        layout={"width": width})
