"""What a batch says while it runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from salesmodel_kit.errors import Message, Problem

#: The step that stands for a client as a whole.
WHOLE = "client"


@dataclass(frozen=True)
class Event:
    """One step of one client that ended.

    Parameters
    ----------
    client : str
        Its id, or as the user named it where it was refused.
    step : str
        ``model``, ``tables``, ``report``, a notebook's name, or ``client`` for the client as a whole.
    status : {"done", "failed", "retried", "refused", "unchanged"}
        ``retried``: a fault of the machinery, the step runs again.
    seconds : float
        Wall clock of the step, or summed over the client's.
    n_done, n_steps : int
        Steps behind us and steps in all, of the whole batch.
    sentence : Message, optional
        Why it is not done.
    problems : tuple of Problem
        Everything that is wrong with the input of a client that was refused.
    """

    client: str
    step: str
    status: Literal["done", "failed", "retried", "refused", "unchanged"]
    seconds: float
    n_done: int
    n_steps: int
    sentence: Message | None = None
    problems: tuple[Problem, ...] = ()


Watcher = Callable[[Event], None]


def watch_nothing(event: Event) -> None:
    """Stand in for a progress bar."""
