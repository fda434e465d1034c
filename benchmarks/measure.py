"""What a benchmark is: a time beside a peer's time or a bound, in the same run, pair by pair."""

from __future__ import annotations

import importlib.util
import os
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Result:
    """One benchmark's outcome.

    ``ratio`` is the kit's time over the peer's, or over the bound; it holds when
    its median is at most ``limit``.
    """

    name: str
    against: str
    ratio: float
    ratio_min: float
    ratio_max: float
    limit: float
    holds: bool
    size: str
    command: str

    def to_record(self) -> dict[str, object]:
        """Return the result as plain JSON values."""
        return asdict(self)


def time_call(call: Callable[[], object]) -> float:
    """Return the seconds that a call takes."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


class MissingPeer(Exception):
    """What the kit is measured against is not installed."""


def require(module: str, *, package: str) -> None:
    """Raise :class:`MissingPeer` where a peer is not installed that the kit itself does not need."""
    if importlib.util.find_spec(module) is None:
        raise MissingPeer(f"not installed; to measure: pip install {package}")


def run_command(words: Sequence[str], **environment: str) -> None:
    """Run a command to its end, with further variables; an exit code other than 0 stops the benchmark."""
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
                   env={**os.environ, **environment})


def compare(
    name: str,
    kit: Callable[[], object],
    *,
    peer: Callable[[], object],
    against: str,
    limit: float,
    size: str,
    n_pairs: int = 5,
) -> Result:
    """Return the ratio of two calls, run in turn, after one run of each that does not count."""
    kit(), peer()
    ratios = [time_call(kit) / time_call(peer) for _ in range(n_pairs)]
    return summarize(name, ratios, against=against, limit=limit, size=size)


def bound(name: str, kit: Callable[[], object], *, seconds: float, size: str, n_runs: int = 5) -> Result:
    """Return the ratio of a call to a bound in seconds, after one run that does not count."""
    kit()
    ratios = [time_call(kit) / seconds for _ in range(n_runs)]
    return summarize(name, ratios, against=f"bound of {seconds:g} s", limit=1.0, size=size)


def read_memory(field: str) -> int:
    """Return the resident memory in bytes, ``VmRSS`` now or ``VmHWM`` at its peak; Linux only."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith(f"{field}:"))
    return int(line.split()[1]) * 1024


def measure_memory(
    name: str, call: Callable[[], object], *, n_bytes: int, limit: float, size: str, n_runs: int = 3
) -> Result:
    """Return the ratio of the peak memory, input included, to the bytes of the input."""
    ratios = []
    for _ in range(n_runs):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
        before = read_memory("VmRSS")
        kept = call()
        ratios.append((n_bytes + read_memory("VmHWM") - before) / n_bytes)
        del kept
    return summarize(name, ratios, against="the bytes of the input", limit=limit, size=size)


def summarize(name: str, ratios: Sequence[float], *, against: str, limit: float, size: str) -> Result:
    """Return the result of ratios that were measured."""
    median = statistics.median(ratios)
    return Result(
        name=name,
        against=against,
        ratio=round(median, 3),
        ratio_min=round(min(ratios), 3),
        ratio_max=round(max(ratios), 3),
        limit=limit,
        holds=median <= limit,
        size=size,
        command=f"python -m benchmarks.run {name}",
    )
