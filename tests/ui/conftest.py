"""A browser, and pages to open in it."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from report_samples import HOSTILE, make_notebooks, make_svg

from salesmodel_kit.batch.run import run_clients
from salesmodel_kit.language import Language
from salesmodel_kit.reports.html import ReportFacts, write_report
from salesmodel_kit.reports.index import IndexRow, write_index

DEMO_CLIENTS = ("software-publisher", "laboratory-distributor", "industrial-services")


def find_chromium() -> str | None:
    """Return the path of a Chromium, if there is one."""
    return os.environ.get("SALESMODEL_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Return the path of a Chromium; a test without one is skipped, or fails where it is required."""
    path = find_chromium()
    if path is None:
        reason = "no Chromium here: set SALESMODEL_CHROMIUM to its path"
        if os.environ.get("SALESMODEL_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return path


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator:
    """Return a headless Chromium that asks nothing of the network.

    A module's own: while it is there the process has a running event loop, which other tests must not find.
    """
    from playwright.sync_api import sync_playwright

    quiet = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync",
             "--no-first-run", "--disable-default-apps"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path, args=quiet)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def hostile_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the report of a client whose every name tries to be code."""
    facts = ReportFacts(
        title="Sales model", client_name=HOSTILE[0] + HOSTILE[1], language=Language("en"),
        data_until=dt.date(2026, 9, 30), strategy=HOSTILE[6], kit_version="0.1.0", fingerprint="ab12" * 16,
    )
    page = tmp_path_factory.mktemp("hostile") / "report.html"
    page.write_text(write_report(make_notebooks(), facts=facts), encoding="utf-8")
    return page


@pytest.fixture(scope="session")
def demo_run(chromium_path: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a batch of all demo clients; run once there is a browser to look at it."""
    out = tmp_path_factory.mktemp("demo")
    run_clients([f"demo:{name}" for name in DEMO_CLIENTS], out=out)
    return out


@pytest.fixture(scope="session", params=["hostile", *DEMO_CLIENTS])
def report(request: pytest.FixtureRequest) -> Path:
    """Return each report in turn: of the hostile client, and of the demo clients."""
    if request.param == "hostile":
        return request.getfixturevalue("hostile_report")
    return request.getfixturevalue("demo_run") / request.param / "report.html"


@pytest.fixture(scope="session", params=["en", "fr"])
def index_page(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the index of a batch with a done, a hostile and a failed client."""
    folder = tmp_path_factory.mktemp("batch")
    (folder / "a b").mkdir()
    (folder / "a b" / "matrix.svg").write_text(make_svg(), encoding="utf-8")
    (folder / "a b" / "report.html").write_text("<!DOCTYPE html><title>x</title>", encoding="utf-8")
    rows = [
        IndexRow("novalis", "Novalis", "done", "a b/report.html", "a b/matrix.svg",
                 (("Accounts", "650"), ("Gold", "64")), None),
        IndexRow("hostile", HOSTILE[1], "done", None, None, ((HOSTILE[0], HOSTILE[2]),), None),
        IndexRow("broken", HOSTILE[7], "failed", None, None, (), "accounts.csv, row 7: " + HOSTILE[0]),
    ]
    page = folder / "index.html"
    page.write_text(write_index(rows, language=Language(request.param), kit_version="0.1.0"), encoding="utf-8")
    return page
