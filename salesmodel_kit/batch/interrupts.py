"""Ctrl-C during a batch: it is not lost, and starts of processes are not caught half-way."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_ENDING = (signal.SIGINT, signal.SIGTERM)
Handler = Callable[[int, FrameType | None], None]


@contextmanager
def notice_interrupts() -> Iterator[Callable[[], None]]:
    """Let Ctrl-C and a request to end stop the block, and give a function that stops it late.

    Libraries that try imports with a bare ``except`` can swallow the first
    attempt; the function raises again when that has happened.

    Raises
    ------
    KeyboardInterrupt
        Either came.
    """
    came: list[int] = []

    def interrupt(number: int, frame: FrameType | None) -> None:
        came.append(number)
        raise KeyboardInterrupt

    def insist() -> None:
        if came:
            raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield insist
        return
    former = {number: signal.signal(number, interrupt) for number in _ENDING}
    try:
        yield insist
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


@contextmanager
def hold_interrupts() -> Iterator[None]:
    """Put off Ctrl-C and a request to end until the block is through.

    A process that is started inside begins with both held back, until
    :func:`receive_interrupts` is called in it.
    """
    if sys.platform == "win32" or threading.current_thread() is not threading.main_thread():
        yield
        return
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # its first start would let the signals through again
    came: list[int] = []
    former = {number: signal.signal(number, lambda number, _: came.append(number)) for number in _ENDING}
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
        for number, handler in former.items():
            signal.signal(number, handler)
    for number in came:
        signal.raise_signal(number)


def receive_interrupts(*, on_interrupt: Handler, on_end: Handler) -> None:
    """Say what a started process does on Ctrl-C and when it is asked to end, and let both through."""
    signal.signal(signal.SIGINT, on_interrupt)
    signal.signal(signal.SIGTERM, on_end)
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
