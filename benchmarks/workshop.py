"""How long the room waits: from a slider's move to tiers in the model, and to the picture on the screen."""

from __future__ import annotations

import itertools
import json
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import nbformat
import pandas as pd

from benchmarks.measure import Result, bound, summarize
from salesmodel_kit.client.folder import new_client
from salesmodel_kit.workshop.room import Room, open_room

_DEMO = "industrial-services"
_N_MOVES = 40
_LARGE = 20_000
#: Press an arrow key on the first slider of the page and wait for another picture in its panel.
_MOVE = """async (n) => {
  const panel = document.querySelector('.smk-panel'), handle = panel.querySelector('.noUi-handle');
  const show = () => panel.querySelector('svg')?.outerHTML + panel.querySelector('table')?.outerHTML;
  handle.focus();
  const times = [];
  for (let i = 0; i < n; i++) {
    const before = show(), start = performance.now();
    const key = i % 20 < 10 ? 'ArrowRight' : 'ArrowLeft';
    handle.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}));
    await new Promise((done, fail) => {
      const look = () => {
        if (show() !== before) requestAnimationFrame(() => { times.push(performance.now() - start); done(); });
        else if (performance.now() - start > 20000) fail(new Error('no new picture'));
        else setTimeout(look, 2);
      };
      look();
    });
    await new Promise(done => setTimeout(done, 100));
  }
  return times;
}"""


@lru_cache(maxsize=1)
def _open() -> Room:
    room = open_room(f"demo:{_DEMO}")
    _ = room.model.first_tier_summary
    return room


def _try_out(room: Room, kind: str, subject: str, new: object) -> None:
    """Try a value that was not decided: going back to what was decided costs nothing, and would measure nothing."""
    room.try_out(kind, subject, new)
    if not room.is_tried:
        raise RuntimeError(f"{subject}: {new} is what was decided, so this move computes nothing")


def measure_recompute_cut() -> Result:
    """Time the tiers and what they ask for after a moved cut against 20 ms."""
    room, shares = _open(), itertools.cycle([0.30, 0.35, 0.40, 0.43])

    def move() -> object:
        rule = room.decided.strategy.tiers.model_copy(update={"gold": next(shares)})
        _try_out(room, "set_tier_rule", "tiers", rule)
        return room.model.first_tier_summary

    return bound("workshop-cut", move, seconds=0.020, size="1,500 accounts", n_runs=31)


def measure_recompute_weight() -> Result:
    """Time scores, ranks and tiers after a moved weight against 20 ms."""
    room, weights = _open(), itertools.cycle([5.0, 11.0, 21.0, 41.0])
    criteria = room.decided.client.criteria
    name = criteria.loc[criteria["axis"] == "potential", "criterion"].iloc[0]

    def move() -> object:
        _try_out(room, "set_weights", "potential", {name: next(weights)})
        return room.model.account_tiers

    return bound("workshop-weight", move, seconds=0.020, size="1,500 accounts", n_runs=31)


def measure_screen() -> Result:
    """Time a slider's move to the new picture and tiers on the screen against 120 ms."""
    times = _measure_moves(1)
    return summarize("workshop-screen", [seconds / 0.120 for seconds in times], against="bound of 0.12 s", limit=1.0,
                     size="1,500 accounts, headless Chromium, median of 40 moves")


def measure_screen_slowest() -> Result:
    """Time the slowest of twenty moves (p95) against 250 ms."""
    times = _measure_moves(1)
    return summarize("workshop-screen-p95", [_find_p95(times) / 0.250], against="bound of 0.25 s", limit=1.0,
                     size="1,500 accounts, headless Chromium, p95 of 40 moves")


def measure_screen_large() -> Result:
    """Time the slowest of twenty moves (p95) at 20,000 accounts against 500 ms."""
    times = _measure_moves(_LARGE // 1500 + 1)
    return summarize("workshop-screen-20000-p95", [_find_p95(times) / 0.500], against="bound of 0.5 s", limit=1.0,
                     size="20,000 accounts, headless Chromium, p95 of 40 moves")


def _find_p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


@lru_cache(maxsize=2)
def _measure_moves(n_copies: int) -> list[float]:
    """Return the seconds of each move on the tier panel of a client with so many times the demo's accounts."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, _serve(Path(folder), n_copies) as address, sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-background-networking"])
        page = browser.new_page(viewport={"width": 1920, "height": 1080})
        page.goto(address, timeout=300_000)
        page.wait_for_selector(".smk-panel svg", timeout=300_000)
        page.evaluate(_MOVE, 5)
        times = page.evaluate(_MOVE, _N_MOVES)
        browser.close()
    return [milliseconds / 1000 for milliseconds in times]


@contextmanager
def _serve(folder: Path, n_copies: int) -> Iterator[str]:
    """Serve a page with the tier panel of a client, until the block ends."""
    client = new_client(folder / "client", example=_DEMO)
    if n_copies > 1:
        _multiply(client / "accounts.csv", n_copies)
    cell = (
        "from salesmodel_kit.workshop.panels import open_panel, open_room\n"
        f"open_panel('tiers', open_room({json.dumps(str(client))}), interactive=True)"
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell)])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, folder / "panel.ipynb")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "voila", str(folder / "panel.ipynb"), "--no-browser", f"--port={port}",
               "--Voila.ip=127.0.0.1"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.terminate()
        server.wait()


def _wait_for(port: int) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(port)


def _multiply(path: Path, n_copies: int) -> None:
    """Write a client's accounts several times over, each copy with ids and names of its own, cut at 20,000."""
    accounts = pd.read_csv(path, dtype=str, sep=None, engine="python")
    key, name = accounts.columns[:2]
    copies = [accounts] + [
        accounts.assign(**{key: accounts[key] + f"-{copy}", name: accounts[name] + f" {copy}"})
        for copy in range(1, n_copies)
    ]
    part = path.with_suffix(".part")
    pd.concat(copies).head(_LARGE).to_csv(part, index=False)
    shutil.move(part, path)
