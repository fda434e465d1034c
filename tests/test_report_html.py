"""The report: what it shows, what it leaves out, and that nothing in it can run."""

from __future__ import annotations

import copy
import datetime as dt

import nbformat
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.language import Language
from salesmodel_kit.reports.html import ReportFacts, write_report
from salesmodel_kit.reports.safe_html import clean_html

PNG = "data:image/png;base64,iVBORw0KGgo="
FIGURE = (f'<figure class="exhibit" id="matrix"><figcaption><p class="exhibit-title" id="t">Two in five</p>'
          f'</figcaption><img src="{PNG}" alt="two bars" aria-describedby="t"><details class="exhibit-data">'
          f'<summary>Data</summary><div class="table-scroll" tabindex="0" role="region" aria-label="Data">'
          f'<table><tr><th scope="col">A</th></tr></table></div></details></figure>')


def make_facts(**changes: object) -> ReportFacts:
    facts = {"title": "Sales model", "client_name": "Novalis", "language": Language("en"),
             "data_until": dt.date(2026, 9, 30), "strategy": "Conquest", "kit_version": "0.1.0",
             "fingerprint": "0123456789abcdef" * 4}
    return ReportFacts(**{**facts, **changes})


def make_cell(output: str, *tags: str) -> nbformat.NotebookNode:
    shown = [nbformat.v4.new_output("display_data", {"text/html": output, "text/plain": "<Exhibit>"}),
             nbformat.v4.new_output("stream", name="stdout", text="a line for the console")]
    return nbformat.v4.new_code_cell("secret = 1", outputs=shown, execution_count=1, metadata={"tags": list(tags)})


def make_notebook(title: str, *cells: nbformat.NotebookNode) -> nbformat.NotebookNode:
    text = nbformat.v4.new_markdown_cell(f"# {title}\n\nWhere to play?\n\n## A section\n\n### Below")
    return nbformat.v4.new_notebook(cells=[text, *(cells or [make_cell(FIGURE)])])


def read(page: str) -> BeautifulSoup:
    return BeautifulSoup(page, "html.parser")


def test_write_report_puts_the_board_page_first_and_the_appendix_last():
    board = make_notebook("Board", make_cell(FIGURE))
    board.cells.append(nbformat.v4.new_markdown_cell("## Sources", metadata={"tags": ["appendix"]}))
    board.cells.append(make_cell("<p>INSEE</p>", "appendix"))

    page = read(write_report([make_notebook("Segments"), make_notebook("Accounts"), board], facts=make_facts()))

    assert [tag["id"] for tag in page.select("section.chapter")] == ["board", "chapter-1", "chapter-2", "appendix"]
    assert [tag.text for tag in page.select("section.chapter > h2")] == ["Board", "Segments", "Accounts", "Appendix"]
    assert "INSEE" in page.select_one("#appendix").text
    assert "INSEE" not in page.select_one("#board").text


@pytest.mark.parametrize("tag", ["facilitator", "workshop", "parameters"])
def test_write_report_leaves_out_cells_tagged(tag):
    note = nbformat.v4.new_markdown_cell("Ask the room first.", metadata={"tags": [tag]})
    notebook = make_notebook("Segments", make_cell(FIGURE), make_cell("<p>a live panel</p>", tag), note)

    page = write_report([notebook], facts=make_facts())

    assert "live panel" not in page
    assert "Ask the room" not in page


def test_write_report_shows_neither_code_nor_console():
    page = write_report([make_notebook("Segments")], facts=make_facts())

    for word in ("secret", "console", "&lt;Exhibit&gt;"):
        assert word not in page


def test_write_report_names_client_title_strategy_date_version_and_twelve_characters_of_the_fingerprint():
    text = read(write_report([make_notebook("Segments")], facts=make_facts(language=Language("fr")))).text

    for word in ("Novalis", "Sales model", "Conquest", "30 septembre 2026", "0.1.0", "0123456789ab"):
        assert word in text
    assert "0123456789abc" not in text


def test_write_report_gives_every_id_once_and_keeps_references_beside_them():
    page = read(write_report([make_notebook("Segments"), make_notebook("Board")], facts=make_facts()))

    ids = [tag["id"] for tag in page.find_all(id=True)]
    assert len(ids) == len(set(ids))
    assert page.select_one("#chapter-1 figure")["id"] == "matrix"
    assert page.select_one("#board figure")["id"] == "matrix-2"
    assert page.select_one("#matrix-2 img")["aria-describedby"] == "t-2"


def test_write_report_links_every_chapter_and_section_in_the_contents():
    page = read(write_report([make_notebook("Segments"), make_notebook("Board")], facts=make_facts()))

    links = {link["href"][1:]: link.text.split("\n")[0] for link in page.select("nav a")}
    assert list(links) == ["board", "board-1", "chapter-1", "chapter-1-1"]
    assert links["chapter-1-1"] == "A section"
    assert all(page.find(id=name) for name in links)


def test_write_report_orders_headings_below_the_chapters():
    page = read(write_report([make_notebook("Segments")], facts=make_facts()))

    assert [tag.text for tag in page.find_all("h1")] == ["Novalis"]
    assert [tag.name for tag in page.select("#board :is(h1, h2, h3, h4, h5)")] == ["h2", "h3", "h4"]


def test_write_report_gives_the_same_bytes_twice_and_leaves_notebooks_alone():
    notebooks = [make_notebook("Segments"), make_notebook("Board")]
    before = copy.deepcopy(notebooks)

    pages = {write_report(notebooks, facts=make_facts()) for _ in range(2)}

    assert len(pages) == 1
    assert notebooks == before


def test_write_report_puts_a_bare_table_in_a_box_that_scrolls():
    notebook = make_notebook("Segments", make_cell("<table><tr><td>1</td></tr></table>"))

    box = read(write_report([notebook], facts=make_facts())).find("table").parent

    assert box["class"] == ["table-scroll"]
    assert (box["tabindex"], box["role"], box["aria-label"]) == ("0", "region", "Table")


def test_write_report_lets_nothing_in_by_its_policy():
    page = read(write_report([make_notebook("Segments")], facts=make_facts()))

    policy = page.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
    assert policy.startswith("default-src 'none'; img-src data:; style-src 'sha256-")
    assert "unsafe" not in policy
    assert page.find(["script", "iframe", "object", "form", "base"]) is None
    assert [link["href"] for link in page.find_all("link")] == ["data:,"]


def test_write_report_refuses_a_notebook_that_stopped():
    broken = make_notebook("Segments")
    broken.cells[1].outputs.append(nbformat.v4.new_output("error", ename="KeyError", evalue="'tier'", traceback=["x"]))

    with pytest.raises(SalesModelError, match=r"Notebook 1 stopped with an error.*KeyError: 'tier'"):
        write_report([broken, make_notebook("Board")], facts=make_facts())


def test_write_report_refuses_a_notebook_that_was_not_run():
    empty = make_notebook("Segments", nbformat.v4.new_code_cell("1 + 1"))

    with pytest.raises(SalesModelError, match="Notebook 2 shows nothing"):
        write_report([make_notebook("Segments"), empty], facts=make_facts())


def test_write_report_refuses_no_notebook():
    with pytest.raises(SalesModelError, match="none was given"):
        write_report([], facts=make_facts())


@pytest.mark.parametrize("name", [
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}", "{% raw %}", r"$\alpha$",
    "[x](javascript:alert(1))", "</style></title><script>1</script>", 'a"; } body { display: none',
])
def test_write_report_shows_a_hostile_name_as_text(name):
    page = read(write_report([make_notebook("Segments")], facts=make_facts(client_name=name, strategy=name)))

    assert page.h1.text == name
    assert page.title.text == f"{name} – Sales model"
    assert page.find("script") is None
    assert len(page.find_all("style")) == 1
    assert "body { display: none" not in page.style.text


@given(st.text(min_size=1, max_size=60))
def test_clean_html_never_lets_a_handler_or_script_through(text):
    page = read(clean_html(f'<p>{text}</p><img src="{text}" onerror="{text}"><script>{text}</script>'))

    assert page.find(["script", "style", "iframe", "svg", "math", "form", "input"]) is None
    assert not [name for tag in page.find_all(True) for name in tag.attrs if name.startswith("on") or name == "style"]


@pytest.mark.parametrize(("html", "kept"), [
    ('<a href="javascript:alert(1)">x</a>', '<a rel="noopener noreferrer">x</a>'),
    ('<a href="data:text/html,x">x</a>', '<a rel="noopener noreferrer">x</a>'),
    ('<img src="http://example.org/x.png" alt="a">', '<img alt="a">'),
    ('<img src="data:text/html;base64,x" alt="a">', '<img alt="a">'),
    ("<svg onload=alert(1)><circle/></svg>ok", "ok"),
    ('<div role="main" tabindex="5">x</div>', "<div>x</div>"),
    (FIGURE, FIGURE.replace("<tr>", "<tbody><tr>").replace("</tr>", "</tr></tbody>")),
])
def test_clean_html_keeps_what_exhibits_hold_and_drops_the_rest(html, kept):
    cleaned = clean_html(html)

    assert cleaned == kept


def test_write_report_gives_a_box_of_decisions_one_heading():
    text = nbformat.v4.new_markdown_cell("## What to decide now\n\nThese belong to the management.")
    decide = make_cell('<section class="decide"><h3>To decide</h3><ul><li>Gold</li></ul></section>')

    under = read(write_report([make_notebook("Segments", make_cell(FIGURE), text, decide)], facts=make_facts()))
    alone = read(write_report([make_notebook("Segments", make_cell(FIGURE), decide)], facts=make_facts()))

    assert [tag.text for tag in under.select("#board h3")] == ["A section", "What to decide now"]
    assert [tag.text for tag in alone.select("#board h3")] == ["A section", "To decide"]
