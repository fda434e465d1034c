"""The client's report: five executed notebooks as one self-contained HTML page.

The page of the last notebook comes first, because directors read it first;
then the chapters, then the cells that the last notebook tags ``appendix``.
No code, no console output and no cell tagged ``facilitator``, ``workshop`` or
``parameters`` is shown. The same notebooks give the same bytes.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bs4 import BeautifulSoup, Tag
from markupsafe import Markup
from nbconvert.exporters import HTMLExporter, TemplateExporter
from nbformat import NotebookNode

from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.language import Language
from salesmodel_kit.reports.folding import fold_exhibits
from salesmodel_kit.reports.page import render_page
from salesmodel_kit.reports.plain_rows import PlainRows
from salesmodel_kit.reports.safe_html import clean_html
from salesmodel_kit.resources import find_resource

#: Cells of the last notebook with this tag go to the end of the report.
APPENDIX_TAG = "appendix"
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_PAGE_IDS = ("top", "content", "contents", "how-to-read")
#: Rows, with the header, of a table that is not cut between two pages.
_SHORT_TABLE = 16
_REFERENCES = ("aria-labelledby", "aria-describedby", "headers")


@dataclass(frozen=True)
class ReportFacts:
    """What the cover and the foot of a report say.

    Parameters
    ----------
    title : str
        What the report is, in its language.
    client_name : str
        The client, as in its profile.
    language : Language
        The report's language.
    data_until : datetime.date
        Last day that the data covers.
    strategy : str
        Label of the client's strategy.
    kit_version : str
        Version of the kit that made the report.
    fingerprint : str
        Hash of the client's input; its first twelve characters are shown.
    """

    title: str
    client_name: str
    language: Language
    data_until: dt.date
    strategy: str
    kit_version: str
    fingerprint: str


@dataclass(frozen=True)
class _Chapter:
    id: str
    kicker: str
    title: str
    html: Markup
    sections: tuple[tuple[str, str], ...]


def write_report(notebooks: Sequence[NotebookNode], *, facts: ReportFacts) -> str:
    """Return the report of one client as one HTML page.

    Parameters
    ----------
    notebooks : sequence of NotebookNode
        Executed notebooks in the order of the chain; the last one is the board
        page. They are left as they are.
    facts : ReportFacts
        What the cover and the foot say.

    Returns
    -------
    str
        HTML without script or outside reference.

    Raises
    ------
    SalesModelError
        There is no notebook, one stopped with an error, or one shows nothing.
    """
    if not notebooks:
        raise SalesModelError("A report needs the executed notebooks; none was given.")
    ids = _Ids(_PAGE_IDS)
    parts = [_make_chapter(*part, ids=ids, language=facts.language) for part in _split(notebooks, facts.language)]
    board = [chapter for chapter in parts if chapter.id == "board"]
    chapters = board + [chapter for chapter in parts if chapter.id != "board"]
    content = {"facts": facts, "chapters": chapters, **_words(facts)}
    title = f"{facts.client_name} – {facts.title}"
    return render_page("report.html.j2", title=title, language=facts.language, content=content)


def _split(notebooks: Sequence[NotebookNode], language: Language) -> Iterable[tuple[str, str, NotebookNode]]:
    """Return id, kicker and cells of each part, chapters first: figures keep their names there."""
    for number, notebook in enumerate(notebooks, start=1):
        _refuse_unfinished(notebook, number=number)
    for number, notebook in enumerate(notebooks[:-1], start=1):
        yield f"chapter-{number}", language.text("Chapter {number}", number=number), notebook
    appendix = _with_cells(notebooks[-1], tagged=True)
    if appendix.cells:
        yield "appendix", language.text("Appendix"), appendix
    yield "board", language.text("Board page"), _with_cells(notebooks[-1], tagged=False)


def _with_cells(notebook: NotebookNode, *, tagged: bool) -> NotebookNode:
    part = copy.copy(notebook)
    part.cells = [cell for cell in notebook.cells if (APPENDIX_TAG in cell.metadata.get("tags", ())) is tagged]
    return part


def _refuse_unfinished(notebook: NotebookNode, *, number: int) -> None:
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    for output in outputs:
        if output.output_type == "error":
            raise SalesModelError("Notebook {number} stopped with an error, so there is no report: {error}.",
                                  number=number, error=f"{output.get('ename', '')}: {output.get('evalue', '')}")
    if not any("text/html" in output.get("data", ()) for output in outputs):
        raise SalesModelError("Notebook {number} shows nothing: run it before the report is made.", number=number)


def _make_chapter(part_id: str, kicker: str, notebook: NotebookNode, *, ids: _Ids, language: Language) -> _Chapter:
    html, _ = _exporter().from_notebook_node(notebook)
    rows = PlainRows()
    soup = BeautifulSoup(rows.take_out(html), "html.parser")
    chapter_id = ids.take(part_id)
    for output in soup.select("div.output"):
        ids.rename_in(output)
    title = _take_title(soup) or kicker
    _drop_second_headings(soup)
    sections = _set_headings(soup, chapter_id, ids)
    for picture in soup.find_all(lambda tag: tag.name == "img" and tag.find_parent("td") is None):
        _set_picture(picture, soup)
    for table in soup.find_all("table"):
        _set_table(table, soup, language.text("Table"), n_rows=rows.count(table))
    fold_exhibits(soup)
    return _Chapter(chapter_id, kicker, title, Markup(rows.put_back(str(soup).strip())), sections)


class _Exporter(HTMLExporter):
    """Leaves the finished page alone; the base class takes it apart for pictures without a text, and ours have one."""

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, object] | None = None, **kw: object
    ) -> tuple[str, dict[str, object]]:
        """Return the page."""
        return TemplateExporter.from_notebook_node(self, nb, resources, **kw)


@lru_cache
def _exporter() -> HTMLExporter:
    exporter = _Exporter(template_name="report", exclude_anchor_links=True, default_preprocessors=[],
                         extra_template_basedirs=[str(find_resource("templates"))])
    exporter.register_filter("clean_html", clean_html)
    return exporter


def _take_title(soup: BeautifulSoup) -> str | None:
    heading = soup.select_one("div.text h1")
    return None if heading is None else heading.extract().get_text(" ", strip=True)


def _drop_second_headings(soup: BeautifulSoup) -> None:
    """Drop the heading of a box of decisions where the text just before it has one."""
    for heading in soup.select("div.output > section.decide:first-child > h3:first-child"):
        text = heading.find_parent(class_="output").find_previous_sibling("div")
        if text is not None and "text" in text["class"] and text.find(_HEADINGS) is not None:
            heading.decompose()


def _set_headings(soup: BeautifulSoup, chapter_id: str, ids: _Ids) -> tuple[tuple[str, str], ...]:
    """Move headings below the chapter's own and give each section an id that does not hang on its words."""
    for heading in soup.select(", ".join(f"div.text {name}" for name in _HEADINGS)):
        heading.name = f"h{min(max(int(heading.name[1]) + 1, 3), 6)}"
    sections = []
    for heading in soup.find_all("h3"):
        if heading.find_parent("figure") is None:
            heading["id"] = heading.get("id") or ids.take(f"{chapter_id}-{len(sections) + 1}")
            sections.append((heading["id"], heading.get_text(" ", strip=True)))
    return tuple(sections)


def _set_picture(picture: Tag, soup: BeautifulSoup) -> None:
    """Put a picture in a box that scrolls on a phone."""
    label = picture.find_parent("figure")
    title = label.find(class_="exhibit-title") if label is not None else None
    box = soup.new_tag("div", attrs={"class": "chart-scroll", "tabindex": "0", "role": "group"})
    box["aria-label"] = title.get_text(" ", strip=True) if title is not None else picture.get("alt", "")
    picture.wrap(box)


def _set_table(table: Tag, soup: BeautifulSoup, label: str, *, n_rows: int) -> None:
    """Put a table in a box that scrolls; one of few rows stays on one printed page."""
    if n_rows <= _SHORT_TABLE:
        table["class"] = [*table.get("class", []), "short"]
    if table.find_parent(class_="table-scroll") is None:
        box = {"class": "table-scroll", "tabindex": "0", "role": "region", "aria-label": label}
        table.wrap(soup.new_tag("div", attrs=box))


def _words(facts: ReportFacts) -> dict[str, object]:
    text = facts.language.text
    return {
        "contents": text("Contents"),
        "about": text("Which segments and accounts deserve the effort, who looks after them, "
                      "and with how many people."),
        "labels": {
            "strategy": text("Strategy"),
            "data_until": text("Data until"),
            "kit": text("Sales model workshop kit {version}", version=facts.kit_version),
            "input": text("Input {fingerprint}", fingerprint=facts.fingerprint[:12]),
        },
        "data_until": facts.language.date(facts.data_until),
        "how_to_read": text("How to read this report"),
        "hints": (
            text("The title of each figure says what it shows; the line below says what is drawn, "
                 "in which unit and for which period."),
            text("Under each figure stands what it rests on: measured (from your data), judged (by people who know) "
                 "or assumed (a default, with its source)."),
        ),
        "screen_hint": text("Open “{data}” under a figure to see its numbers as a table.", data=text("Data")),
        "print_hint": text("The numbers behind each figure are in the file from which this was printed."),
    }


class _Ids:
    """The ids of one page: each is given once."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)

    def take(self, wanted: str) -> str:
        """Return the id, or the id with the first free number."""
        found, number = wanted, 2
        while found in self._taken:
            found, number = f"{wanted}-{number}", number + 1
        self._taken.add(found)
        return found

    def rename_in(self, fragment: Tag) -> None:
        """Make the ids of a fragment unique on the page, and what refers to them inside it."""
        names = {}
        for tag in fragment.find_all(id=True):
            old = tag["id"]
            tag["id"] = self.take(old)
            names.setdefault(old, tag["id"])
        for tag in fragment.find_all(True):
            for attribute in _REFERENCES:
                if attribute in tag.attrs:
                    value = tag[attribute]
                    words = value if isinstance(value, list) else value.split()
                    tag[attribute] = " ".join(names.get(word, word) for word in words)
            if tag.get("href", "").startswith("#"):
                tag["href"] = "#" + names.get(tag["href"][1:], tag["href"][1:])
