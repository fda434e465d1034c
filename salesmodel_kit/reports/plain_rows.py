"""Rows of plain tables kept out of the parser's way: most tags of a page are theirs, and a report changes none."""

from __future__ import annotations

import re

from bs4 import Tag

#: Stands for rows; a page that holds it itself is parsed whole.
_MARK = "\ue000"
_PLACE = re.compile(f"{_MARK}([0-9]+){_MARK}")
#: What the parser would write back as it read it: no id, no reference, no picture, no line break.
_WORD = r'"[\w-]+(?: [\w-]+)*"'
_ROWS = re.compile(
    rf'(?<=<tbody>)(?:[^<>&]++|</?(?:tr|td|th|span)>|<(?:tr|td|th|span)(?: (?:class|scope|colspan|rowspan)={_WORD})+>'
    r"|&(?:amp|lt|gt|nbsp);)++(?=</tbody>)", re.ASCII)


class PlainRows:
    """Rows that were taken out of a fragment and wait to be put back.

    Examples
    --------
    >>> rows = PlainRows()
    >>> taken = rows.take_out("<table><tbody><tr><td>1</td></tr></tbody></table>")
    >>> "<td>" in taken, rows.put_back(taken)
    (False, '<table><tbody><tr><td>1</td></tr></tbody></table>')
    """

    def __init__(self) -> None:
        self._kept: list[str] = []

    def take_out(self, html: str) -> str:
        """Return a fragment, as :func:`clean_html` wrote it, with a mark in place of the rows of each plain table."""
        return html if _MARK in html else _ROWS.sub(self._keep, html)

    def _keep(self, match: re.Match[str]) -> str:
        self._kept.append(match[0].replace("&nbsp;", "\u00a0"))
        return f"{_MARK}{len(self._kept) - 1}{_MARK}"

    def count(self, table: Tag) -> int:
        """Return how many rows a table has, with those that were taken out."""
        taken = _PLACE.findall(table.get_text()) if self._kept else ()
        return len(table.find_all("tr")) + sum(self._kept[int(place)].count("<tr") for place in taken)

    def put_back(self, html: str) -> str:
        """Return a fragment with its rows."""
        return _PLACE.sub(lambda match: self._kept[int(match[1])], html) if self._kept else html
