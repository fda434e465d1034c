"""A whole workshop as a person runs it, in a real browser: as one page, and in JupyterLab for one notebook."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from salesmodel_kit.batch.run import run_clients
from salesmodel_kit.client.folder import open_client
from salesmodel_kit.resources import find_resource

pytestmark = pytest.mark.browser

PROGRAM = [sys.executable, "-c", "import sys; from salesmodel_kit.cli import main; sys.exit(main())", "workshop"]
#: Milliseconds for whatever the page does; far more than it takes, for a machine that does other things.
PATIENCE = 60_000
#: Axe's levels that a page must be free of.
SERIOUS = {"serious", "critical"}


@pytest.fixture
def client(tmp_path: Path) -> Path:
    """Return a demo client that speaks English."""
    folder = Path(shutil.copytree(find_resource("data", "laboratory-distributor"), tmp_path / "client"))
    profile = (folder / "client.yaml").read_text(encoding="utf-8")
    (folder / "client.yaml").write_text(profile.replace("language: fr", "language: en"), encoding="utf-8")
    return folder


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
def page(browser):
    """Return a page that notes what it fetches."""
    context = browser.new_context(viewport={"width": 1920, "height": 1080}, bypass_csp=True)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.fetched = []
    page.on("request", lambda request: page.fetched.append(request.url))
    page.on("websocket", lambda socket: page.fetched.append(socket.url))
    yield page
    context.close()


def go_to_tiers(page) -> None:
    """Open the chapter of the tiers, and wait until its panel and pictures are there."""
    page.locator(".app-step").nth(2).click()
    page.get_by_text("Which account gets which level of service?").wait_for()
    page.wait_for_selector(".smk-panel svg")
    wait_until_drawn(page)


def wait_until_drawn(page) -> None:
    page.wait_for_function("() => !document.querySelector('.is-stale, .smk-waiting')")


def read_gold(page) -> str:
    return page.locator(".smk-panel table").first.inner_text()


def move_gold(page) -> None:
    """Move the first cut up by the keyboard, and wait until counts and picture have followed."""
    before, picture = read_gold(page), page.locator(".smk-panel svg").first.inner_html()
    page.locator(".smk-panel .noUi-handle").first.focus()
    page.keyboard.press("PageUp")
    page.wait_for_function("text => document.querySelector('.smk-panel table').innerText !== text", arg=before)
    page.wait_for_function("text => document.querySelector('.smk-panel svg').innerHTML !== text", arg=picture)
    wait_until_drawn(page)


def try_to_record(page, *, reason: str) -> None:
    panel = page.locator(".smk-panel").first
    panel.get_by_label("Decided by").fill("C. Roy")
    panel.get_by_label("Reason").fill(reason)
    page.keyboard.press("Tab")
    panel.get_by_role("button", name="Record this decision").click()


def record(page, *, reason: str) -> None:
    try_to_record(page, reason=reason)
    page.get_by_text("Recorded.").first.wait_for()


def find_kernel(server: subprocess.Popen) -> int:
    """Return the process of the workshop's kernel."""
    listed = subprocess.run(["ps", "-o", "pid=,args=", "--ppid", str(server.pid)], capture_output=True, text=True)
    return int(next(line for line in listed.stdout.splitlines() if "warm_kernel" in line).split()[0])


def test_workshop_runs_from_the_first_step_to_the_report(start, page, client, tmp_path):
    server, address = start(client, "--app")
    page.goto(address)
    page.wait_for_selector(".app-chapter .exhibit img")
    assert page.title() == "Workshop: Biovalence Fournitures"
    assert page.locator(".app-step[aria-current=step]").inner_text() == "Market segments"

    page.locator(".app-step").nth(1).focus()
    page.keyboard.press("Enter")
    page.get_by_text("What makes an account worth our time?").wait_for()
    go_to_tiers(page)
    decided = read_gold(page)
    move_gold(page)
    tried = read_gold(page)
    page.get_by_role("button", name="Undo").first.click()
    page.wait_for_function("text => document.querySelector('.smk-panel table').innerText === text", arg=decided)
    move_gold(page)
    assert read_gold(page) == tried != decided

    page.reload()
    page.wait_for_selector(".smk-panel svg")
    assert read_gold(page) == tried
    record(page, reason="eight clients a rep")
    page.get_by_text("1 decision").wait_for()
    wait_until_drawn(page)
    assert find_violations(page) == []
    assert find_outside(page) == []

    server.send_signal(signal.SIGINT)
    said, _ = server.communicate(timeout=30)
    assert server.returncode == 0
    assert said.strip() == "The workshop has ended. What was recorded is in the client's journal."
    assert [decision.reason for decision in open_client(client).decisions] == ["eight clients a rep"]
    run_clients([str(client)], out=tmp_path / "out")
    report = (tmp_path / "out" / open_client(client).profile.id / "report.html").read_text(encoding="utf-8")
    n_gold = re.search(r"Gold\s+(\d+)", tried)[1]
    assert re.search(rf"\b{n_gold} gold accounts\b", report.replace("\u00a0", " "))


def test_workshop_keeps_what_was_recorded_when_kernel_and_server_are_killed(start, page, client):
    server, address = start(client, "--app")
    page.goto(address)
    go_to_tiers(page)
    move_gold(page)
    record(page, reason="before the crash")
    recorded = read_gold(page)

    os.kill(find_kernel(server), signal.SIGKILL)
    page.get_by_text("The workshop does not answer").wait_for()
    page.locator("#app-lost button").click()
    go_to_tiers(page)
    assert read_gold(page) == recorded

    kernel = find_kernel(server)
    server.kill()
    server.wait()
    page.get_by_text("The workshop does not answer").wait_for()
    _, address = start(client, "--app")
    page.goto(address)
    go_to_tiers(page)
    assert read_gold(page) == recorded
    assert not Path(f"/proc/{kernel}").exists() or Path(f"/proc/{kernel}/stat").read_text().split()[2] == "Z"


def test_workshop_to_look_at_only_shows_no_way_to_record_and_takes_none(start, page, client):
    _, address = start(client, "--app", "--read-only")
    page.goto(address)
    go_to_tiers(page)
    move_gold(page)

    assert page.get_by_role("button", name="Record this decision").count() == 0
    page.add_style_tag(content=".app-left-out { display: flex !important; }")
    try_to_record(page, reason="on the quiet")
    page.get_by_text("open to look at only").first.wait_for()
    assert not (client / "decisions.jsonl").exists()


def test_notebook_of_the_tiers_runs_and_records_in_jupyterlab(start, page, client):
    _, address = start(client)
    page.goto(re.sub(r"0\d_\w+\.ipynb", "03_portfolio_tiers.ipynb", address))
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    page.wait_for_selector(".smk-panel svg", state="attached")
    page.locator(".smk-panel").first.scroll_into_view_if_needed()
    move_gold(page)
    record(page, reason="in the notebook")

    assert find_outside(page) == []
    assert [decision.reason for decision in open_client(client).decisions] == ["in the notebook"]


def find_outside(page) -> list[str]:
    """Return what the page fetched from elsewhere than this machine."""
    return [url for url in page.fetched if not re.match(r"(data:|blob:|(http|ws)://127\.0\.0\.1:)", url)]


def find_violations(page) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {rule['nodes'][0]['html'][:200]}" for rule in found if rule["impact"] in SERIOUS]
