"""The pictures of executed notebooks as files."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path

from nbformat import NotebookNode

_SVG = "data:image/svg+xml;base64,"
#: A picture in a table is none of an exhibit, and rows are most of what there is to read.
_TABLE = re.compile(r"<table\b.*?</table>", re.DOTALL)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")


def write_figures(notebooks: Iterable[NotebookNode], *, folder: Path) -> tuple[Path, ...]:
    """Write the picture of each exhibit as ``<id>.svg``.

    Parameters
    ----------
    notebooks : iterable of NotebookNode
        Executed notebooks; an exhibit that is shown twice is written once.
    folder : pathlib.Path
        An existing folder.

    Returns
    -------
    tuple of pathlib.Path
        The files, in the order of the exhibits.
    """
    pictures: dict[str, bytes] = {}
    for html in _html_outputs(notebooks):
        finder = _PictureFinder()
        finder.feed(_TABLE.sub("", html))
        for name, picture in finder.pictures:
            pictures.setdefault(name, picture)
    paths = []
    for name, picture in pictures.items():
        paths.append(folder / f"{name}.svg")
        paths[-1].write_bytes(picture)
    return tuple(paths)


def _html_outputs(notebooks: Iterable[NotebookNode]) -> Iterator[str]:
    for notebook in notebooks:
        for cell in notebook.cells:
            for output in cell.get("outputs", ()):
                html = output.get("data", {}).get("text/html", "")
                whole = html if isinstance(html, str) else "".join(html)
                if _SVG in whole:
                    yield whole


class _PictureFinder(HTMLParser):
    """Collects the pictures that stand in a figure with an id."""

    def __init__(self) -> None:
        super().__init__()
        self.pictures: list[tuple[str, bytes]] = []
        self._figure: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "figure":
            self._figure = found.get("id")
        elif tag == "img" and self._figure and _NAME.fullmatch(self._figure):
            source = found.get("src") or ""
            if source.startswith(_SVG):
                self.pictures.append((self._figure, base64.b64decode(source.removeprefix(_SVG))))

    def handle_endtag(self, tag: str) -> None:
        if tag == "figure":
            self._figure = None
