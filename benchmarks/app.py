"""How long a room waits for the workshop's page: from the command to a panel with its picture in a real browser."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from benchmarks.commands import _CLIENT, _SALESMODEL
from benchmarks.measure import Result, bound

_PATIENCE_MS = 60_000


def measure_app_start() -> Result:
    """Time `salesmodel workshop --app` on 1,500 accounts until the first chapter can be worked with, against 5 s."""
    from playwright.sync_api import sync_playwright

    chromium = os.environ.get("SALESMODEL_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        client = Path(folder, "client")
        subprocess.run([_SALESMODEL, "new", str(client), "--example", _CLIENT.removeprefix("demo:")], check=True,
                       stdout=subprocess.DEVNULL)
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        return bound("app-start", lambda: _start(client, browser), seconds=5, size="1,500 accounts", n_runs=5)


def _start(client: Path, browser: object) -> None:
    """Start the workshop and wait until the first panel shows its picture, then end it."""
    process = subprocess.Popen([_SALESMODEL, "workshop", str(client), "--app", "--no-browser"],
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    page = browser.new_page(viewport={"width": 1920, "height": 1080})
    try:
        address = re.search(r"http\S+", process.stdout.readline())[0]
        page.goto(address, wait_until="commit")
        page.wait_for_selector(".smk-panel svg", timeout=_PATIENCE_MS)
    finally:
        page.close()
        process.kill()
        process.wait()
