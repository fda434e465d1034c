"""Clients that mean harm, through the whole batch: nothing runs, nothing escapes, what is shown is text."""

from __future__ import annotations

import csv
import html.parser
import os
import sys
from xml.etree import ElementTree as ET

import nbformat
import pytest
from client_files import PROFILE, write_client
from corpus import IDS, REFUSED, TEXTS, write_texts
from stand_in import hash_tree, write_exhibit_notebook

from salesmodel_kit.batch.run import run_clients, run_notebooks
from salesmodel_kit.batch.settings import Settings
from salesmodel_kit.language import Language

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="writes names that Windows refuses")]


@pytest.fixture(scope="module")
def refused(tmp_path_factory):
    """Run every client that must be refused beside a sound one; return names, results and folders."""
    folder = tmp_path_factory.mktemp("refused")
    clients = {name: write(folder / f"c{at}") for at, (name, write) in enumerate(REFUSED.items())}
    sound = write_client(folder / "sound", client_yaml=PROFILE)
    notebook = write_exhibit_notebook(folder / "01_first.ipynb")
    before = hash_tree(folder)
    results = run_notebooks([*clients.values(), sound], notebooks=[notebook], out=folder / "out",
                            settings=Settings(jobs=2, engine="kernel"))
    return folder, dict(zip([*clients, "sound"], results, strict=True)), before


@pytest.mark.parametrize("name", REFUSED)
def test_run_refuses_what_means_harm_in_one_sentence(name, refused):
    _, results, _ = refused

    result = results[name]

    assert result.status in ("refused", "failed"), result
    for language in ("en", "fr"):
        said = Language(language).say(result.sentence)
        assert said.strip()
        assert "\n" not in said
        assert "Traceback" not in said
    assert result.status == "failed" or result.problems


def test_run_finishes_the_sound_client_beside_them(refused):
    folder, results, before = refused

    assert results["sound"].status == "done"
    assert {path.name for path in (folder / "out").iterdir()} == {"acme", "index.html", "manifest.jsonl"}
    assert {name: digest for name, digest in hash_tree(folder).items() if not name.startswith("out/")} == before
    assert not list(folder.rglob("HARM"))
    assert not os.path.lexists(folder.parent / "evil")


def test_run_shows_hostile_ids_as_text_in_the_index(refused):
    folder, _, _ = refused
    page = (folder / "out" / "index.html").read_text(encoding="utf-8")

    assert not find_live(page)
    assert len([name for name in REFUSED if name.startswith("id")]) == len(IDS)


def test_run_refuses_ids_that_differ_by_case_before_anything_runs(tmp_path):
    from salesmodel_kit.errors import SalesModelError

    twins = [write_client(tmp_path / f"c{at}", client_yaml=PROFILE.replace("id: acme", f"id: {name}"))
             for at, name in enumerate(("Acme", "aCME"))]

    with pytest.raises(SalesModelError, match="same id"):
        run_notebooks(twins, notebooks=[], out=tmp_path / "out", settings=Settings(engine="kernel"))

    assert not (tmp_path / "out").exists()


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """Run a client with hostile texts through the kit's own notebooks; return the folder of its results."""
    folder = tmp_path_factory.mktemp("shown")
    former = os.getcwd()
    os.chdir(folder)
    try:
        results = run_clients([write_texts(folder / "client")], out=folder / "out", settings=Settings())
    finally:
        os.chdir(former)
    assert [result.status for result in results] == ["done"], (results[0].sentence, results[0].problems)
    assert not list(folder.rglob("HARM"))
    return folder / "out"


class _Page(html.parser.HTMLParser):
    """Collects what a browser would run or load, and what it would show."""

    def __init__(self):
        super().__init__()
        self.live, self.shown = [], []

    def handle_starttag(self, tag, attrs):
        if tag in {"script", "iframe", "object", "embed", "form", "base"}:
            self.live.append(tag)
        for name, value in attrs:
            text = (value or "").strip().lower()
            if name.startswith("on") or text.startswith(("javascript:", "vbscript:", "data:text")):
                self.live.append(f"{tag} {name}={value}")
            if name in {"src", "href", "srcset", "action"} and "127.0.0.1" in text:
                self.live.append(f"{tag} {name}={value}")
            if name == "id" and value == "harm":
                self.live.append(f"{tag} id")

    def handle_data(self, data):
        self.shown.append(data)


def read_page(page):
    parser = _Page()
    parser.feed(page)
    return parser


def find_live(page):
    return read_page(page).live


def test_reports_show_hostile_texts_as_text(shown):
    page = read_page((shown / "texts" / "report.html").read_text(encoding="utf-8"))

    assert page.live == []
    text = "".join(page.shown)
    assert "<script>window.harm=1</script>" in text
    assert "{{ 7*191 }}" in text
    assert "1337" not in text
    assert "{0.__class__}" in text


def test_index_shows_hostile_texts_as_text(shown):
    page = read_page((shown / "index.html").read_text(encoding="utf-8"))

    assert page.live == []
    assert "<script>window.harm=1</script>" in "".join(page.shown)


def test_notebooks_hold_no_live_text(shown):
    for path in (shown / "texts" / "notebooks").iterdir():
        for cell in nbformat.read(path, as_version=4).cells:
            assert cell.cell_type != "markdown" or "harm" not in cell.source
            for output in cell.get("outputs", ()):
                assert not find_live("".join(output.get("data", {}).get("text/html", ""))), path.name


def test_pictures_hold_no_live_text(shown):
    pictures = list((shown / "texts" / "figures").glob("*.svg"))

    assert pictures
    for path in pictures:
        for element in ET.parse(path).iter():
            assert str(element.tag).rsplit("}", 1)[-1] not in {"script", "a", "image", "foreignObject"}, path.name
            assert not [name for name in element.attrib if name.startswith("on")], path.name


def test_tables_hold_no_formula(shown):
    n_cells = 0
    for path in (shown / "texts" / "tables").glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as stream:
            for row in csv.reader(stream):
                for cell in row:
                    n_cells += 1
                    is_number = cell.lstrip("-").replace(".", "", 1).replace("e-", "", 1).isdigit()
                    assert not cell.startswith(("=", "+", "@", "\t", "\r")), (path.name, cell)
                    assert not cell.startswith("-") or is_number, (path.name, cell)

    assert n_cells > len(TEXTS)
