"""Steps of a model computed in a second process, while a core has nothing else to do.

The process is a fork of the one that has opened the client: it sees what has been
computed so far, and hands back what it adds. Where it fails, nothing is taken in, and
the step is computed, and fails, where it would have been without it.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from salesmodel_kit.batch.workers import STARTED_GROUPS

if TYPE_CHECKING:
    from salesmodel_kit.chain import SalesModel


def compute_beside(model: SalesModel, steps: Sequence[str], *, folder: Path) -> Callable[[], None]:
    """Begin to compute steps of a model in a second process; Linux only.

    Parameters
    ----------
    model : SalesModel
        Opened; what it has computed is known to the second process.
    steps : sequence of str
        Names of its properties.
    folder : pathlib.Path
        Private, exists; holds what the process hands back.

    Returns
    -------
    callable
        Waits for the process and puts what it has computed into the model.
    """
    path = folder / f"{steps[0]}.beside"
    process = os.fork()
    if process == 0:
        _compute(model, steps, path)
    STARTED_GROUPS.add(process)

    def take_in() -> None:
        _, status = os.waitpid(process, 0)
        STARTED_GROUPS.discard(process)
        if status == 0:
            for name, value in pickle.loads(path.read_bytes()).items():
                vars(model).setdefault(name, value)

    return take_in


def _compute(model: SalesModel, steps: Sequence[str], path: Path) -> None:
    """Compute and hand back, then end, whatever happens: this process must never go on as a worker."""
    status = 1
    try:
        os.setpgid(0, 0)
        before = set(vars(model))
        for step in steps:
            getattr(model, step)
        added = {name: value for name, value in vars(model).items() if name not in before}
        path.write_bytes(pickle.dumps(added, protocol=pickle.HIGHEST_PROTOCOL))
        status = 0
    finally:
        os._exit(status)
