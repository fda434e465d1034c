"""What a mapping file may do to a column: functions of text and number columns, without files or state."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from salesmodel_kit.client.cells import fold

_CHECK_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


def lengthen_salesforce_id(text: str) -> str:
    """Return the 18-character form of a Salesforce identifier.

    The three further characters say which of the first fifteen are capitals,
    five at a time, so that programs that ignore case can still tell two
    identifiers apart. Anything that is not 15 or 18 letters and digits is
    returned as it is.

    Parameters
    ----------
    text : str
        An identifier of 15 characters (case matters) or 18.

    Returns
    -------
    str
        18 characters; an 18-character form gets the check of its first fifteen.

    Examples
    --------
    >>> lengthen_salesforce_id("001M000000qfPyS")
    '001M000000qfPySIAU'
    """
    if len(text) not in (15, 18) or not (text.isascii() and text.isalnum()):
        return text
    if len(text) == 18 and text in (text.upper(), text.lower()):
        return _restore_case(text)
    start = text[:15]
    check = ""
    for chunk in (start[0:5], start[5:10], start[10:15]):
        check += _CHECK_LETTERS[sum(1 << place for place, letter in enumerate(chunk) if letter.isupper())]
    return start + check


def _restore_case(text: str) -> str:
    """Return an 18-character form that a spreadsheet put in capitals with its letters as its check says."""
    letters = list(text[:15].lower())
    for part, mark in enumerate(text[15:].upper()):
        bits = _CHECK_LETTERS.find(mark)
        for place in range(5):
            if bits >= 0 and bits >> place & 1:
                letters[5 * part + place] = letters[5 * part + place].upper()
    return "".join(letters) + text[15:].upper()


def say(words: str | Mapping[str, str], language: str) -> str:
    """Return words in a language, where they are given in several."""
    return words if isinstance(words, str) else words.get(language) or next(iter(words.values()))


def as_text(values: pd.Series) -> pd.Series:
    """Return values as text; a whole number has no decimals, missing stays missing."""
    if pd.api.types.is_numeric_dtype(values):
        return values.map(lambda value: None if pd.isna(value) else format(value, ".15g")).astype("str")
    return values.astype("str")


def change_each(values: pd.Series, change: Callable[[str], str | None]) -> pd.Series:
    """Return text with each known cell changed; None makes it missing."""
    return as_text(values).map(change, na_action="ignore").astype("str")


def translate(values: pd.Series, words: Mapping[str, str], otherwise: str | None) -> pd.Series:
    """Return text with words replaced, in any case and with or without accents.

    Parameters
    ----------
    values : pandas.Series
        Text.
    words : mapping of str to str
        Word found -> word wanted; empty: missing.
    otherwise : str or None
        For words that are not listed; None leaves them, empty makes them missing.
    """
    known = {fold(word): meaning for word, meaning in words.items()}
    return change_each(values, lambda value: known.get(fold(value), value if otherwise is None else otherwise) or None)


def take_first_known(parts: Sequence[pd.Series]) -> pd.Series:
    """Return, row by row, the first part that is known."""
    if all(pd.api.types.is_numeric_dtype(part) for part in parts):
        result = parts[0]
    else:
        parts = [as_text(part) for part in parts]
        result = parts[0]
    for part in parts[1:]:
        result = result.where(result.notna(), part)
    return result


def join_words(parts: Sequence[pd.Series]) -> pd.Series:
    """Return, row by row, the known parts with a space between."""
    rows = pd.concat([as_text(part) for part in parts], axis=1)
    return rows.apply(lambda row: " ".join(row.dropna()) or None, axis=1).astype("str")
