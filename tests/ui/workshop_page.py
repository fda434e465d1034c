"""What a person does on the workshop's page, in the app and in a notebook."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

#: Axe's levels that a page must be free of.
_SERIOUS = {"serious", "critical"}
#: Titles of the panels in English.
SEGMENTS, WEIGHTS = "How attractive, how strong", "What counts, and how much"
TIERS, OVERRIDES = "Where we cut", "Where the room decides otherwise"
EFFORT = "How often we call, and who has the hours"


def go_to(page: Page, number: int, panel: str) -> Locator:
    """Open a chapter, and return one of its panels once everything of it is there."""
    page.locator(".app-step").nth(number - 1).click()
    found = find_panel(page, panel)
    found.wait_for()
    wait_until_drawn(page)
    return found


def go_to_tiers(page: Page) -> Locator:
    """Open the chapter of the tiers, and return the panel of the cuts once its picture is there."""
    panel = go_to(page, 3, TIERS)
    panel.locator("svg").wait_for()
    return panel


def find_panel(page: Page, title: str) -> Locator:
    """Return the panel with this heading."""
    return page.locator(".smk-panel", has=page.locator("h3", has_text=title)).first


def wait_until_drawn(page: Page) -> None:
    """Wait until nothing on the page is out of date."""
    page.wait_for_function("() => !document.querySelector('.is-stale, .smk-waiting')")


def read_tiers(page: Page) -> str:
    """Return what the tiers hold, as the panel of the cuts says it."""
    return find_panel(page, TIERS).locator("table").first.inner_text()


def wait_for_tiers(page: Page, shown: str, *, same: bool = True) -> None:
    """Wait until the panel of the cuts says this, or anything else."""
    page.wait_for_function(
        "([text, same]) => (document.querySelector('.smk-panel table').innerText === text) === same", arg=[shown, same])


def move_gold(page: Page) -> str:
    """Move the first cut up by the keyboard, and return the tiers once counts and picture have followed."""
    panel = find_panel(page, TIERS)
    before, picture = read_tiers(page), panel.locator("svg").first.inner_html()
    panel.locator(".noUi-handle").first.focus()
    page.keyboard.press("PageUp")
    wait_for_tiers(page, before, same=False)
    page.wait_for_function("text => document.querySelector('.smk-panel svg').innerHTML !== text", arg=picture)
    wait_until_drawn(page)
    return read_tiers(page)


def try_to_record(panel: Locator, *, reason: str) -> None:
    """Fill in name and reason, and press the button that records."""
    panel.get_by_label("Decided by").fill("C. Roy")
    panel.get_by_label("Reason").fill(reason)
    panel.get_by_label("Reason").press("Tab")
    panel.get_by_role("button", name="Record this decision").click()


def record(panel: Locator, *, reason: str) -> None:
    """Record what the panel tries, and wait until it is shown as saved."""
    try_to_record(panel, reason=reason)
    panel.get_by_text(re.compile(r"^Recorded\b")).wait_for()


def find_kernel(server: subprocess.Popen, *, program: str = "warm_kernel") -> int:
    """Return the process of the kernel below a server, the youngest of them."""
    listed = subprocess.run(["ps", "-ewwo", "pid=,ppid=,args="], capture_output=True, text=True, check=True)
    rows = [line.split(None, 2) for line in listed.stdout.splitlines()]
    below = {server.pid}
    for _ in range(3):
        below |= {int(pid) for pid, parent, _ in rows if int(parent) in below}
    return max(int(pid) for pid, _, words in rows if int(pid) in below and program in words)


def find_outside(page: Page) -> list[str]:
    """Return what the page fetched from elsewhere than this machine."""
    return [url for url in page.fetched if not re.match(r"(data:|blob:|(http|ws)://127\.0\.0\.1:)", url)]


def find_violations(page: Page) -> list[str]:
    """Return what axe finds that keeps somebody from using the page."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {rule['nodes'][0]['html'][:200]}" for rule in found if rule["impact"] in _SERIOUS]
