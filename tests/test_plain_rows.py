import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from salesmodel_kit.reports.plain_rows import PlainRows
from salesmodel_kit.reports.safe_html import clean_html

TABLE = Markup("<table><thead><tr><th>{}</th></tr></thead><tbody>{}</tbody></table>")
CELLS = st.text(max_size=12) | st.sampled_from(["\u00a0", "<br>", "</tbody>", "&nbsp;", "\ue0000\ue000", "'\"", ">"])


def pass_through(html):
    rows = PlainRows()
    return rows.put_back(str(BeautifulSoup(rows.take_out(html), "html.parser")))


def make_table(*cells):
    rows = Markup("").join(Markup('<tr class="x y"><th scope="row">{0}</th><td class="number">{0}</td>'
                                  '<td><span class="tier tier-gold">{0}</span></td></tr>').format(cell)
                           for cell in cells)
    return clean_html(TABLE.format("head", rows))


@given(st.lists(CELLS, max_size=5), CELLS)
def test_put_back_gives_what_the_parser_would_have_written(cells, before):
    html = clean_html(Markup("<p>{}</p>").format(before)) + make_table(*cells)

    assert pass_through(html) == str(BeautifulSoup(html, "html.parser"))


@pytest.mark.parametrize("cell", [
    '<td><a href="#x">x</a></td>', '<td id="x">x</td>', "<td>one<br>two</td>", '<td headers="a  b">x</td>',
    '<td class="a  b">x</td>', '<td title="a &quot; b">x</td>', '<td><img src="data:image/png;base64,AA" alt="x"></td>',
])
def test_take_out_leaves_rows_in_which_a_report_may_change_something(cell):
    html = clean_html(f"<table><tbody><tr>{cell}</tr></tbody></table>")

    assert PlainRows().take_out(html) == html
    assert pass_through(html) == str(BeautifulSoup(html, "html.parser"))


def test_take_out_takes_the_rows_of_each_plain_table():
    rows = PlainRows()

    taken = rows.take_out(make_table("a", "b") + '<p id="p">between</p>' + make_table("c"))

    soup = BeautifulSoup(taken, "html.parser")
    assert soup.find("td") is None
    assert [rows.count(table) for table in soup.find_all("table")] == [3, 2]


def test_count_counts_rows_of_a_page_that_holds_the_mark():
    rows = PlainRows()

    taken = rows.take_out(make_table("\ue0000\ue000"))

    assert rows.count(BeautifulSoup(taken, "html.parser").table) == 2
