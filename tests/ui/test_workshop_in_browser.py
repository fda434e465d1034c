"""A whole workshop as a person runs it, in a real browser: as one page, and in JupyterLab for one notebook."""

from __future__ import annotations

import html
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from small_files import write_small_client
from test_vote_in_browser import join, read_codes, wait_for_count
from vote_server import Server, find_port
from workshop_page import (
    EFFORT,
    OVERRIDES,
    SEGMENTS,
    TIERS,
    WEIGHTS,
    find_kernel,
    find_outside,
    find_panel,
    find_violations,
    go_to,
    go_to_tiers,
    move_gold,
    read_tiers,
    record,
    try_to_record,
    wait_for_tiers,
    wait_until_drawn,
)

from salesmodel_kit.cli import main
from salesmodel_kit.client.folder import open_client

pytestmark = pytest.mark.browser

PROGRAM = [sys.executable, "-c", "import sys; from salesmodel_kit.cli import main; sys.exit(main())", "workshop"]
#: Milliseconds for whatever the page does; far more than it takes, for a machine that does other things.
PATIENCE = 60_000
#: What the room of the story decides: kind -> reason.
REASONS = {
    "rate_segment": "two tenders won", "set_weights": "size tells little", "set_tier_rule": "eight clients a rep",
    "override_tier": "their group buys in Lyon", "set_selling_hours": "parental leave", "add_rep": "parental leave",
}


@pytest.fixture
def client(tmp_path: Path) -> Path:
    """Return a small client and a room of three."""
    return write_small_client(tmp_path / "client")


@pytest.fixture
def start():
    """Return a function that starts the workshop and gives its process and address."""
    processes = []

    def start_workshop(client: Path | str, *options: str) -> tuple[subprocess.Popen, str]:
        process = subprocess.Popen(
            [*PROGRAM, str(client), "--no-browser", *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            encoding="utf-8", env={**os.environ, "SALESMODEL_LANGUAGE": "en", "PYTHONUTF8": "1"},
        )
        processes.append(process)
        return process, re.search(r"http\S+", process.stdout.readline())[0]

    yield start_workshop
    for process in processes:
        process.terminate()
        process.communicate(timeout=30)


@pytest.fixture
def open_context(browser):
    """Return a function that opens a page in a context of its own; the page notes what it fetches."""
    contexts = []

    def open_page(**options):
        contexts.append(browser.new_context(bypass_csp=True, **options))
        contexts[-1].set_default_timeout(PATIENCE)
        page = contexts[-1].new_page()
        page.fetched = []
        page.on("request", lambda request: page.fetched.append(request.url))
        page.on("websocket", lambda socket: page.fetched.append(socket.url))
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_context):
    """Return the page on the projector."""
    return open_context(viewport={"width": 1920, "height": 1080})


def rate(page) -> None:
    """Rate the first segment's know-how."""
    panel = go_to(page, 1, SEGMENTS)
    before = panel.locator("table").inner_text()
    panel.get_by_label("Know-how").select_option("5: reference")
    page.wait_for_function("text => document.querySelector('.smk-panel table').innerText !== text", arg=before)
    record(panel, reason=REASONS["rate_segment"])


@pytest.fixture
def vote_server(client, monkeypatch):
    """Return a function that serves the vote on the client."""
    monkeypatch.setenv("SALESMODEL_LANGUAGE", "en")
    servers = []

    def serve() -> Server:
        servers.append(Server(client, "--port", find_port()))
        return servers[-1]

    yield serve
    for server in servers:
        server.end()


def vote(server: Server, open_context) -> None:
    """Vote on the weights from three phones, and close the round."""
    room = open_context()
    room.goto(server.room)
    phones = [join(lambda url, **options: visit(open_context(**options), url), server, code)
              for code in read_codes(room, server)]
    room.get_by_role("button", name="Open the first round").click()
    for phone, points in zip(phones, ((60, 40), (80, 20), (70, 30)), strict=True):
        phone.locator("form.ballot").first.wait_for()
        for form in phone.locator("form.ballot").all():
            for field, number in zip(form.locator("input[type=number]").all(), points, strict=True):
                field.fill(str(number))
            form.get_by_role("button", name="Save").click()
            form.get_by_text("Saved.").wait_for()
    wait_for_count(room, 3)
    room.get_by_role("button", name="Close the round").click()
    phones[0].locator("form.ballot").first.wait_for(state="detached")


def let_votes_count(client: Path) -> None:
    profile = (client / "client.yaml").read_text(encoding="utf-8")
    (client / "client.yaml").write_text(profile.replace("weights_from: declared", "weights_from: votes"))


def visit(page, url):
    page.goto(url)
    return page


def weigh(page) -> None:
    """Give the first criterion of the potential other points by the keyboard, then put both in order; record that."""
    panel = go_to(page, 2, WEIGHTS)
    handle = panel.locator(".noUi-handle").first
    before = panel.locator("svg").first.inner_html()
    handle.focus()
    page.keyboard.press("PageUp")
    page.wait_for_function("text => document.querySelector('.smk-panel svg').innerHTML !== text", arg=before)
    put_in_order(page, panel)
    record(panel, reason=REASONS["set_weights"])


def put_in_order(page, panel) -> None:
    """Drag the criterion on top below the other, take that back, do it again by the keyboard."""
    panel.get_by_role("button", name="By order").click()
    rows, top = panel.locator(".smk-order button"), panel.locator(".smk-order li").first
    rows.first.wait_for()
    names = [text.splitlines()[-1] for text in rows.all_inner_texts()]
    start, end = rows.first.bounding_box(), rows.last.bounding_box()
    page.mouse.move(start["x"] + 50, start["y"] + 10)
    page.mouse.down()
    page.mouse.move(end["x"] + 50, end["y"] + end["height"], steps=3)
    page.mouse.up()
    panel.locator("svg", has_text="75%").first.wait_for()
    assert top.inner_text().endswith(names[-1])
    panel.get_by_role("button", name="Undo").click()
    top.get_by_text(names[0]).wait_for()
    panel.locator("svg", has_text="75%").first.wait_for(state="detached")
    rows.first.focus()
    page.keyboard.press("ArrowDown")
    panel.locator("svg", has_text="75%").first.wait_for()
    assert top.inner_text().endswith(names[-1])


def cut(page) -> None:
    """Move the first cut, take it back, move it again, load the page again, record."""
    go_to_tiers(page)
    tried = try_cut(page)
    page.reload()
    page.wait_for_selector(".smk-panel svg")
    assert read_tiers(page) == tried
    record(find_panel(page, TIERS), reason=REASONS["set_tier_rule"])


def try_cut(page) -> str:
    """Move the first cut, take it back, move it again, and return the tiers."""
    decided = read_tiers(page)
    tried = move_gold(page)
    find_panel(page, TIERS).get_by_role("button", name="Undo").click()
    wait_for_tiers(page, decided)
    assert move_gold(page) == tried != decided
    return tried


def override(page) -> None:
    """Put one account into another tier than the rule does."""
    panel = find_panel(page, OVERRIDES)
    panel.get_by_placeholder("a few letters of its name").fill("elor")
    panel.locator("table", has_text="Eloria").first.wait_for()
    panel.get_by_label("Tier", exact=True).select_option("Gold")
    panel.get_by_text("being tried").first.wait_for()
    record(panel, reason=REASONS["override_tier"])


def staff(page) -> None:
    """Give a rep fewer hours, and add one."""
    panel = go_to(page, 4, EFFORT)
    before = panel.locator("svg").inner_html()
    panel.get_by_label("Selling hours per year").fill("450")
    panel.get_by_label("Selling hours per year").press("Enter")
    page.wait_for_function("text => document.querySelector('.smk-panel svg').innerHTML !== text", arg=before)
    panel.get_by_label("New rep").fill("Diane Obry")
    panel.get_by_label("New rep").press("Tab")
    panel.get_by_role("button", name="This rep joins").click()
    panel.locator("option", has_text="Diane Obry").wait_for(state="attached")
    record(panel, reason=REASONS["add_rep"])


def list_reasons(client: Path) -> dict[str, str]:
    return {decision.kind: decision.reason for decision in open_client(client).decisions}


def test_workshop_loses_nothing_from_the_first_rating_to_the_report(
    start, page, client, vote_server, open_context, tmp_path
):
    server, address = start(client, "--app")
    page.goto(address)
    page.wait_for_selector(".app-chapter .exhibit img")
    assert page.title() == "Workshop: Acme"
    assert page.locator(".app-step[aria-current=step]").inner_text() == "Market segments"
    rate(page)
    vote(vote_server(), open_context)
    let_votes_count(client)
    page.locator(".app-notice", has_text="client.yaml").get_by_role("button", name="Load again").click()
    page.locator(".app-notice").wait_for(state="hidden")

    weigh(page)
    cut(page)
    override(page)
    wait_until_drawn(page)
    tiers = read_tiers(page)
    os.kill(find_kernel(server), signal.SIGKILL)
    page.get_by_text("The workshop does not answer").wait_for()
    assert set(list_reasons(client)) == {"rate_segment", "set_weights", "set_tier_rule", "override_tier"}
    page.locator("#app-lost button").click()
    staff(page)
    assert list_reasons(client) == REASONS
    kernel = find_kernel(server)
    server.kill()
    server.wait()
    page.get_by_text("The workshop does not answer").wait_for()

    server, address = start(client, "--app")
    page.goto(address)
    go_to_tiers(page)
    assert read_tiers(page) == tiers
    assert find_panel(page, OVERRIDES).get_by_text(REASONS["override_tier"]).is_visible()
    told = [re.findall(r"\d+ decisions?", step.inner_text()) for step in page.locator(".app-step").all()]
    assert told == [["1 decision"], ["1 decision"], ["2 decisions"], ["2 decisions"], []]
    assert not Path(f"/proc/{kernel}").exists() or Path(f"/proc/{kernel}/stat").read_text().split()[2] == "Z"
    assert find_violations(page) == []
    assert find_outside(page) == []
    server.send_signal(signal.SIGINT)
    said, _ = server.communicate(timeout=30)
    assert server.returncode == 0
    assert said.strip() == "The workshop has ended. What was recorded is in the client's journal."

    assert list_reasons(client) == REASONS
    assert main(["run", str(client), "--out", str(tmp_path / "out")]) == 0
    assert main(["minutes", str(client), "--out", str(tmp_path / "minutes.html")]) == 0
    for written in (tmp_path / "out" / "acme" / "report.html", tmp_path / "minutes.html"):
        text = html.unescape(written.read_text(encoding="utf-8"))
        assert [reason for reason in REASONS.values() if reason not in text] == []


def test_workshop_to_look_at_only_shows_no_way_to_record_and_takes_none(start, page, client):
    _, address = start(client, "--app", "--read-only")
    page.goto(address)
    panel = go_to_tiers(page)
    move_gold(page)

    assert page.get_by_role("button", name="Record this decision").count() == 0
    page.add_style_tag(content=".app-left-out { display: flex !important; }")
    try_to_record(panel, reason="on the quiet")
    page.get_by_text("open to look at only").first.wait_for()
    assert not (client / "decisions.jsonl").exists()


def run_all(page) -> None:
    """Run every cell of the open notebook, and wait for its first panel."""
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    page.wait_for_selector(".smk-panel svg", state="attached")
    page.locator(".smk-panel").first.scroll_into_view_if_needed()


def open_notebook(page, address: str, name: str = "03_portfolio_tiers") -> None:
    """Open a notebook and nothing that was open before it, and run it."""
    page.goto(re.sub(r"0\d_\w+(?=\.ipynb)", name, address) + "&reset")
    run_all(page)


def test_notebook_of_the_tiers_loses_nothing_from_the_first_cut_to_the_report(start, page, client, open_context,
                                                                             tmp_path):
    server, address = start(client)
    open_notebook(page, address)
    try_cut(page)
    record(find_panel(page, TIERS), reason="in the notebook")
    override(page)
    wait_until_drawn(page)
    tiers = read_tiers(page)
    assert find_outside(page) == []
    os.kill(find_kernel(server, program="ipykernel_launcher"), signal.SIGKILL)
    server.terminate()
    server.wait()
    reasons = {"set_tier_rule": "in the notebook", "override_tier": REASONS["override_tier"]}
    assert list_reasons(client) == reasons

    page, address = open_context(viewport={"width": 1920, "height": 1080}), start(client)[1]
    open_notebook(page, address)
    assert read_tiers(page) == tiers
    find_panel(page, OVERRIDES).get_by_text(reasons["override_tier"]).wait_for()
    open_notebook(page, address, "02_account_scores")
    find_panel(page, WEIGHTS).get_by_text("has this client open too").wait_for()  # the other notebook
    put_in_order(page, find_panel(page, WEIGHTS))
    assert find_outside(page) == []

    assert main(["run", str(client), "--out", str(tmp_path / "out")]) == 0
    report = html.unescape((tmp_path / "out" / "acme" / "report.html").read_text(encoding="utf-8"))
    assert [reason for reason in reasons.values() if reason not in report] == []
