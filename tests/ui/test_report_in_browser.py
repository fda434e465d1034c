"""The report and the batch's index in a real browser: nothing runs, nothing is fetched, everyone can read it."""

from __future__ import annotations

from pathlib import Path

import pytest
from report_samples import HOSTILE

pytestmark = pytest.mark.browser

#: Axe's levels that a page must be free of.
SERIOUS = {"serious", "critical"}


@pytest.fixture
def open_page(browser):
    """Return a function that opens a file and notes what the page says, fetches and asks."""
    contexts = []

    def open_file(path: Path, *, width: int = 1280, **options: object):
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.said, page.fetched, page.asked = [], [], []
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.on("request", lambda request: page.fetched.append(request.url))
        page.on("dialog", lambda dialog: (page.asked.append(dialog.message), dialog.dismiss()))
        page.goto(path.as_uri(), wait_until="load")
        return page

    yield open_file
    for context in contexts:
        context.close()


def outside(page) -> list[str]:
    return [url for url in page.fetched if not url.startswith(("data:", "file:"))]


def violations(page) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {rule['nodes'][0]['html'][:200]}" for rule in found if rule["impact"] in SERIOUS]


def test_report_runs_and_fetches_nothing(open_page, report):
    page = open_page(report)

    assert page.said == []
    assert page.asked == []
    assert [url for url in page.fetched if not url.startswith("data:")] == [report.as_uri()]
    assert page.evaluate("document.scripts.length") == 0


@pytest.mark.parametrize("width", [1280, 390])
def test_report_never_scrolls_sideways(open_page, report, width):
    page = open_page(report, width=width)

    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_report_has_each_id_once_and_every_link_leads_somewhere(open_page, report):
    page = open_page(report)

    ids = page.eval_on_selector_all("[id]", "tags => tags.map(tag => tag.id)")
    links = page.eval_on_selector_all("a[href^='#']", "tags => tags.map(tag => tag.getAttribute('href').slice(1))")
    assert len(ids) == len(set(ids))
    assert len(links) > 5
    assert set(links) <= set(ids)


def test_report_shows_every_picture_with_its_description(open_page, report):
    page = open_page(report)

    pictures = page.eval_on_selector_all("img", "all => all.map(img => [img.alt.length, img.naturalWidth])")
    assert pictures
    assert all(words > 10 and width > 0 for words, width in pictures)


@pytest.mark.parametrize("width", [1280, 390])
def test_report_has_no_serious_violation_of_accessibility(open_page, report, width):
    page = open_page(report, width=width, bypass_csp=True)
    page.eval_on_selector_all("details", "all => all.forEach(one => { one.open = true })")

    assert violations(page) == []


def test_report_prints_on_a4_with_no_figure_cut(open_page, report):
    page = open_page(report)

    printed = page.pdf(prefer_css_page_size=True, print_background=True)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 665, "height": 980})
    heights = page.eval_on_selector_all(
        "figure.exhibit:not(.exhibit-table):not(:has(.persona-deck)), .persona",
        "all => all.map(one => one.getBoundingClientRect().height)")
    assert printed.count(b"/Type /Page\n") + printed.count(b"/Type /Page ") >= 6
    assert max(heights) < 980
    assert page.locator("details.exhibit-data >> visible=true").count() == 0


def test_tables_show_by_a_shadow_that_more_columns_lie_at_their_side(open_page, report):
    page = open_page(report, width=390)

    shadows = page.eval_on_selector_all(".table-scroll", "all => all.map(one => getComputedStyle(one).backgroundImage)")
    assert shadows
    assert all(shadow.count("linear-gradient") == 4 for shadow in shadows)


@pytest.mark.parametrize("width", [1100, 1280])
def test_tables_of_up_to_twenty_rows_are_shown_to_their_last_line(open_page, report, width):
    page = open_page(report, width=width)
    page.eval_on_selector_all("details", "all => all.forEach(one => { one.open = true })")

    cut = page.eval_on_selector_all(".table-scroll", """all => all.filter(one =>
        one.querySelectorAll("tbody tr").length <= 20 && one.scrollHeight > one.clientHeight + 20).length""")
    assert page.locator(".table-scroll").count()
    assert cut == 0


@pytest.mark.parametrize("width", [1100, 1280])
def test_tables_that_a_room_reads_side_by_side_show_every_column(open_page, demo_run, width):
    page = open_page(demo_run / "industrial-services" / "report.html", width=width)

    beyond = page.eval_on_selector_all("#criteria .table-scroll, #plan_comparison > .table-scroll",
                                       "all => all.map(one => one.scrollWidth - one.clientWidth)")
    assert beyond == [0, 0]


def test_skip_link_leads_to_the_text(open_page, report):
    page = open_page(report)

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "content"


def test_hostile_names_are_shown_as_text(open_page, hostile_report):
    page = open_page(hostile_report)

    text = page.inner_text("body")
    for name in HOSTILE:
        assert name in text


def test_index_page_shows_each_client_and_passes_the_same_checks(open_page, index_page):
    page = open_page(index_page, width=390, bypass_csp=True)

    assert page.said == []
    assert outside(page) == []
    assert page.locator(".client").count() == 3
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert all(page.eval_on_selector_all("img", "all => all.map(img => img.alt && img.naturalWidth > 0)"))
    assert violations(page) == []


def test_index_page_of_the_demo_clients_links_reports_that_are_there(open_page, demo_run):
    page = open_page(demo_run / "index.html")

    links = page.eval_on_selector_all(".client a", "links => links.map(link => link.getAttribute('href'))")
    assert page.said == []
    assert len(links) == 3
    assert all((demo_run / link).is_file() for link in links)
    assert all(page.eval_on_selector_all("img", "all => all.map(img => img.naturalWidth > 0)"))


def test_index_page_shows_a_picture_beside_it_under_its_policy(open_page, index_page):
    page = open_page(index_page)

    assert page.said == []
    assert page.evaluate("document.images[0].naturalWidth") > 0
