"""How a batch runs: what the command line's options say."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Literal

from salesmodel_kit.batch.limits import MEGABYTE, Limits
from salesmodel_kit.batch.shards import Shard


@dataclass(frozen=True)
class Settings:
    """How a batch runs.

    Parameters
    ----------
    jobs : int, optional
        Processes; as many as there are cores by default.
    language : {"en", "fr"}, optional
        Language of the reports instead of the clients' own.
    engine : {"kernel", "fork"}, optional
        ``kernel``: a kernel for each notebook; ``fork``: a fresh child of a preloaded
        process, Linux only, same results. By default ``fork`` on Linux.
    seconds : float
        Wall clock after which a notebook is stopped.
    memory : float
        Megabytes that a notebook may take beside the libraries; held on Linux.
    output : float
        Megabytes that a notebook may put out.
    fresh : bool
        Run clients whose results are there and up to date, too.
    shard : Shard, optional
        Run this part of the clients only; the index page is for :func:`gather_runs` when all parts have run.
    dask : str, optional
        Address of the scheduler of a Dask cluster, whose workers run the clients.
    """

    jobs: int | None = None
    language: Literal["en", "fr"] | None = None
    engine: Literal["kernel", "fork"] | None = None
    seconds: float = 900.0
    memory: float = 4_000.0
    output: float = 64.0
    fresh: bool = False
    shard: Shard | None = None
    dask: str | None = None

    @property
    def limits(self) -> Limits:
        """Return the limits of one notebook."""
        return Limits(self.seconds, round(self.memory * MEGABYTE), round(self.output * MEGABYTE))

    @property
    def forks(self) -> bool:
        """Return whether notebooks run in children of a preloaded process."""
        return (self.engine or ("fork" if sys.platform == "linux" else "kernel")) == "fork"
