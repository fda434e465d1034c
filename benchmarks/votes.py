"""Thirty voters at once, against a vote in a process of its own; every saved vote is looked for on the disk."""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import httpx

from benchmarks.measure import Result, summarize
from salesmodel_kit.client.folder import open_client

_ROOT = Path(__file__).resolve().parent.parent
_N_VOTERS, _N_WAVES, _N_RUNS = 30, 20, 5
_BOUND_SECONDS = 0.1
_AXES = {"attractiveness": 5, "competitive_strength": 6, "potential": 5, "chance": 6}


def measure_votes() -> Result:
    """Time 30 voters who load their page and save a ballot at the same moment: 95th percentile against 100 ms."""
    with tempfile.TemporaryDirectory() as place, _run_server(Path(place) / "client") as (address, key):
        codes = _open_round(address, key)
        asyncio.run(_vote(address, codes, first=0))
        ratios = []
        for number in range(1, _N_RUNS + 1):
            seconds, cast = asyncio.run(_vote(address, codes, first=number * _N_WAVES))
            ratios.append(sorted(seconds)[int(0.95 * len(seconds))] / _BOUND_SECONDS)
        _look_for_lost(Path(place) / "client", cast)
    return summarize("votes", ratios, against="bound of 0.1 s for the 95th percentile", limit=1.0,
                     size=f"{_N_VOTERS} voters at once, {_N_WAVES} waves, none lost")


@contextmanager
def _run_server(folder: Path) -> Iterator[tuple[str, str]]:
    shutil.copytree(_ROOT / "data" / "industrial-services", folder)
    rows = "".join(f"W{number},Voter {number}\n" for number in range(_N_VOTERS))
    with (folder / "participants.csv").open("a", encoding="utf-8") as stream:
        stream.write("".join(f"{row.rstrip()},,\n" for row in rows.splitlines()))
    command = [str(Path(sys.executable).with_name("salesmodel")), "workshop", str(folder), "--vote", "--port", "8797"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        said = "".join(process.stdout.readline() for _ in range(3))
        found = re.search(r"(http://[\d.]+:\d+)/room\?key=(\w+)", said)
        if found is None:
            raise RuntimeError(f"the vote did not start: {said}")
        yield found[1], found[2]
    finally:
        process.terminate()
        process.communicate()


def _open_round(address: str, key: str) -> dict[str, str]:
    """Open a round and return participant -> code, of the thirty."""
    with httpx.Client(base_url=address, follow_redirects=True) as browser:
        browser.get("/room", params={"key": key})
        browser.post("/room/open", data={"method": "points", "weight_set": ""})
        slips = browser.get("/room/slips").text
    found = re.findall(r'<h2>Voter (\d+)</h2>.*?class="code">([^<]+)<', slips, flags=re.S)
    return {f"W{number}": code.replace("-", "") for number, code in found}


async def _vote(address: str, codes: dict[str, str], *, first: int) -> tuple[list[float], dict[tuple[str, str], int]]:
    """Return the seconds of each request, and what each voter saved last on each axis."""
    host = urlsplit(address)
    lines = {code: await asyncio.open_connection(host.hostname, host.port) for code in codes.values()}
    page = await _ask(lines[next(iter(codes.values()))], f"/v/{next(iter(codes.values()))}", address=address)
    stamp = re.search(r'name="stamp" value="([^"]*)"', page[1])[1]
    seconds: list[float] = []
    cast: dict[tuple[str, str], int] = {}

    async def take_part(name: str, code: str, wave: int) -> None:
        axis = list(_AXES)[wave % len(_AXES)]
        answers = {f"points-{at}": wave + at + int(name[1:]) for at in range(_AXES[axis])}
        form = urlencode({"stamp": stamp, "axis": axis, **answers})
        for body in (None, form):
            start = time.perf_counter()
            status, said = await _ask(lines[code], f"/v/{code}", address=address, body=body)
            seconds.append(time.perf_counter() - start)
            if status != 200 or (body and '"saved":true' not in said):
                raise RuntimeError(f"a vote was refused: {status} {said[:200]}")
        cast[name, axis] = wave + int(name[1:])

    for wave in range(first, first + _N_WAVES):
        await asyncio.gather(*(take_part(name, code, wave) for name, code in codes.items()))
    for _, writer in lines.values():
        writer.close()
    return seconds, cast


async def _ask(line: tuple, path: str, *, address: str, body: str | None = None) -> tuple[int, str]:
    """Return status and body of a request on an open connection."""
    reader, writer = line
    head = f"{'GET' if body is None else 'POST'} {path} HTTP/1.1\r\nHost: {urlsplit(address).netloc}\r\n"
    sent = "" if body is None else body
    accept = "text/html" if body is None else "application/json"
    writer.write(f"{head}Accept: {accept}\r\nContent-Length: {len(sent)}\r\n\r\n{sent}".encode())
    answer = (await reader.readuntil(b"\r\n\r\n")).decode()
    length = int(re.search(r"content-length: (\d+)", answer)[1])
    return int(answer.split()[1]), (await reader.readexactly(length)).decode()


def _look_for_lost(folder: Path, cast: dict[tuple[str, str], int]) -> None:
    """Stop where a vote that was said to be saved is not in the file."""
    votes = open_client(folder).votes
    points = votes[votes["kind"] == "points"]
    latest = points[points["round"] == points["round"].max()]
    kept = latest.groupby(["participant", "axis"])["vote"].min()
    lost = [each for each, first in cast.items() if kept.get(each) != first]
    if lost or len(cast) != _N_VOTERS * len(_AXES):
        raise RuntimeError(f"lost: {lost}")
