"""Exhibits that open under their title, and those that say one line."""

from bs4 import BeautifulSoup

from salesmodel_kit.reports.folding import fold_exhibits

TITLE = '<figcaption><p class="exhibit-title">A &amp; B</p><p class="exhibit-subtitle">what</p></figcaption>'


def fold(html):
    soup = BeautifulSoup(html, "html.parser")
    fold_exhibits(soup)
    return soup


def test_fold_exhibits_opens_a_named_exhibit_under_its_title():
    soup = fold(f'<figure class="exhibit exhibit-table" id="call_plan">{TITLE}<table></table></figure>')

    details = soup.find("details", class_="exhibit-fold")
    assert details.get("open") is None
    assert details.summary.get_text() == "A & B"
    assert details.find("figure")["id"] == "call_plan"
    assert str(soup).count("A &amp; B") == 1


def test_fold_exhibits_leaves_the_others_open():
    html = f'<figure class="exhibit" id="value_map">{TITLE}<img alt="map"/></figure>'

    assert str(fold(html)) == html


def test_fold_exhibits_makes_one_line_of_an_exhibit_without_a_table():
    soup = fold(f'<figure class="exhibit exhibit-table" id="overrides">{TITLE}</figure>')

    assert soup.figure["class"] == ["exhibit", "exhibit-table", "exhibit-line"]
    assert soup.find("details") is None
