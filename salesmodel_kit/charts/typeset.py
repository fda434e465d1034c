"""Text on charts: measured, cleaned, cut and wrapped. Lengths are points (1/72 inch)."""

from __future__ import annotations

import re
from bisect import bisect
from functools import lru_cache
from itertools import accumulate

from matplotlib.font_manager import FontProperties, findfont, get_font

from salesmodel_kit.charts.lettering import LETTERING
from salesmodel_kit.charts.style import BODY, FAMILIES, register_fonts

ELLIPSIS = "…"
LINE_HEIGHT = 1.25
#: Width of a letter of running text, of its size.
_LETTER = 0.45
_CONTROL = re.compile(r"[ \x00-\x1f\x7f-\x9f\u2028\u2029]+")


@lru_cache(maxsize=8)
def _font(size: float, weight: str) -> FontProperties:
    register_fonts()
    return FontProperties(family=list(FAMILIES), size=size, weight=weight)


@lru_cache(maxsize=1)
def _known_signs() -> frozenset[int]:
    register_fonts()
    paths = [findfont(FontProperties(family=[family])) for family in FAMILIES]
    return frozenset().union(*(get_font(path).get_charmap() for path in paths))


def clean_text(text: object) -> str:
    """Return a name on one line, signs that no font has replaced by ``�``; what is missing gives an empty string."""
    if text is None or text != text:
        return ""
    line = _CONTROL.sub(" ", str(text)).strip()
    return line if line.isascii() else "".join(sign if ord(sign) in _known_signs() else "�" for sign in line)


@lru_cache(maxsize=8192)
def measure_width(text: str, size: float = BODY, weight: str = "normal") -> float:
    """Return the width of one line of text in points, the same at any resolution."""
    if not text:
        return 0.0
    width, _, _ = LETTERING.get_text_width_height_descent(text, _font(size, weight), False)
    return float(width)


def fit_text(text: object, width: float, *, size: float = BODY, weight: str = "normal") -> str:
    """Return a name cut to a width, with an ellipsis, between words where that costs little.

    Parameters
    ----------
    text : object
        The name; missing gives an empty string.
    width : float
        Room in points.
    size : float
        Size of the letters in points.
    weight : str
        Weight of the letters.

    Returns
    -------
    str
        The name itself where it fits.
    """
    line = clean_text(text)
    if measure_width(line, size, weight) <= width:
        return line
    low, high = 0, len(line)
    while low < high:
        middle = (low + high + 1) // 2
        fits = measure_width(line[:middle].rstrip() + ELLIPSIS, size, weight) <= width
        low, high = (middle, high) if fits else (low, middle - 1)
    kept = line[:low]
    space = kept.rfind(" ")
    if space >= 0.7 * low and low < len(line) and line[low] != " ":
        kept = kept[:space]
    return kept.rstrip(" ,;:-–(/&") + ELLIPSIS


def wrap_text(text: object, width: float, *, size: float = BODY, weight: str = "normal", lines: int = 2) -> list[str]:
    """Return a name or note wrapped into at most ``lines`` lines; the last is cut where the text goes on.

    Parameters
    ----------
    text : object
        What is to be wrapped at its ordinary spaces.
    width : float
        Room in points.
    size : float
        Size of the letters in points.
    weight : str
        Weight of the letters.
    lines : int
        Most lines.

    Returns
    -------
    list of str
        At least one line.
    """
    rest, wrapped = clean_text(text).split(" "), []
    while len(wrapped) < lines - 1:
        n_words = _count_fitting(rest, width, size=size, weight=weight)
        if n_words == len(rest):
            break
        wrapped.append(" ".join(rest[:n_words]))
        rest = rest[n_words:]
    return [fit_text(line, width, size=size, weight=weight) for line in [*wrapped, " ".join(rest)]]


def _count_fitting(words: list[str], width: float, *, size: float, weight: str) -> int:
    """Return how many words go on a line, at least one: a guess by their letters, then word by word from there."""
    ends = list(accumulate(len(word) + 1 for word in words))
    count = min(max(bisect(ends, width / (_LETTER * size)), 1), len(words))
    if measure_width(" ".join(words[:count]), size, weight) <= width:
        while count < len(words) and measure_width(" ".join(words[: count + 1]), size, weight) <= width:
            count += 1
        return count
    while count > 1 and measure_width(" ".join(words[: count - 1]), size, weight) > width:
        count -= 1
    return max(count - 1, 1)
