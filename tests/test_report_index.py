"""The batch's index: each client with its report, its facts or the reason of its failure."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.language import Language
from salesmodel_kit.reports.index import IndexRow, write_index

DONE = IndexRow("novalis", "Novalis", "done", "novalis/report.html", "novalis/figures/matrix.svg",
                (("Accounts", "650"), ("Gold", "64")), None)
FAILED = IndexRow("broken", "Ateliers <b>du</b> Rhône", "failed", None, None, (), "accounts.csv, row 7: not a number")
EARLIER = IndexRow("older", "Older", "earlier", "older/report.html", None, (("Report of", "1 May 2026"),), None)

UNCHANGED = IndexRow("same", "Same", "unchanged", "same/report.html", None, (), None)


def read(*rows: IndexRow, language: str = "en") -> BeautifulSoup:
    return BeautifulSoup(write_index(rows, language=Language(language), kit_version="0.1.0"), "html.parser")


def test_write_index_links_the_report_and_shows_its_facts():
    client = read(DONE).select_one("#client-1")

    assert client.select_one("h2 a")["href"] == "novalis/report.html"
    assert client.img["src"] == "novalis/figures/matrix.svg"
    assert "Novalis" in client.img["alt"]
    assert [tag.text for tag in client.select("dt, dd")] == ["Accounts", "650", "Gold", "64"]


def test_write_index_says_why_a_client_failed_and_links_nothing():
    client = read(DONE, FAILED).select_one("#client-2")

    assert client.h2.text == "Ateliers <b>du</b> Rhône"
    assert client.select_one(".status").text == "Failed"
    assert client.select_one(".sentence").text == "accounts.csv, row 7: not a number"
    assert client.find(["a", "img", "dl"]) is None


@pytest.mark.parametrize(("rows", "english", "french"), [
    ((DONE,), "1 report is done.", "1 rapport terminé."),
    ((DONE, FAILED), "1 report is done, 1 client failed.", "1 rapport terminé, 1 client en échec."),
    ((FAILED,), "1 client failed.", "1 client en échec."),
    ((UNCHANGED,), "1 report was up to date already.", "1 rapport déjà à jour."),
    ((UNCHANGED,) * 3, "3 reports were up to date already.", "3 rapports déjà à jour."),
    ((DONE, UNCHANGED), "1 report is done, 1 report was up to date already.",
     "1 rapport terminé, 1 rapport déjà à jour."),
    ((DONE, EARLIER), "1 report is done, 1 report is of an earlier run.",
     "1 rapport terminé, 1 rapport d'une exécution précédente."),
    ((EARLIER,) * 2, "2 reports are of earlier runs.", "2 rapports d'exécutions précédentes."),
    ((), "There is no report.", "Il n'y a aucun rapport."),
])
def test_write_index_counts_only_what_there_is(rows, english, french):
    assert read(*rows).select_one(".lead").text == english
    assert read(*rows, language="fr").select_one(".lead").text.replace("\u2019", "'") == french


@pytest.mark.parametrize("path", ["../x.html", "/etc/x.html", "https://example.org/x", "javascript:alert(1)",
                                  "\\\\server\\x.html", "a/../../x.html", "data:text/html,x"])
def test_write_index_refuses_a_link_that_leaves_its_folder(path):
    row = IndexRow("a", "A", "done", path, None, (), None)

    with pytest.raises(SalesModelError, match="must stay below the folder"):
        write_index([row], language=Language("en"), kit_version="0.1.0")


def test_write_index_quotes_paths_and_takes_pictures_as_data():
    picture = "data:image/png;base64,iVBORw0KGgo="
    row = IndexRow("a", "A", "done", "a b\\été #1?.html", picture, (), None)

    page = read(row)

    assert page.select_one("h2 a")["href"] == "a%20b/%C3%A9t%C3%A9%20%231%3F.html"
    assert page.img["src"] == picture


def test_write_index_holds_no_script_and_gives_the_same_bytes_twice():
    pages = {write_index([DONE, FAILED], language=Language("fr"), kit_version="0.1.0") for _ in range(2)}

    assert len(pages) == 1
    assert BeautifulSoup(pages.pop(), "html.parser").find("script") is None
