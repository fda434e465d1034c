"""What one notebook may take: time, memory and size of its outputs."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

#: What the libraries of a notebook take in a kernel before it has opened anything, in bytes.
LIBRARIES = 600_000_000
MEGABYTE = 1_000_000

#: Thresholds of a process that lives for a client or less: it looks for garbage a hundred times less often.
RARELY = (100_000, 20, 20)


@dataclass(frozen=True)
class Limits:
    """The limits of one notebook.

    Parameters
    ----------
    seconds : float
        Wall clock.
    memory : int
        Bytes beside those of the libraries; held on Linux.
    output : int
        Bytes of everything that its cells put out.
    """

    seconds: float = 900.0
    memory: int = 4_000 * MEGABYTE
    output: int = 64 * MEGABYTE


def limit_memory(n_bytes: int) -> None:
    """Let this process take so many bytes beside those that it has; Linux only, nothing elsewhere."""
    if sys.platform != "linux":
        return
    import resource

    _, hardest = resource.getrlimit(resource.RLIMIT_DATA)
    limit = read_own_memory() + n_bytes
    limit = limit if hardest == resource.RLIM_INFINITY else min(limit, hardest)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def read_own_memory() -> int:
    """Return the bytes of private memory that this process has asked for; Linux only."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmData:")) * 1024
