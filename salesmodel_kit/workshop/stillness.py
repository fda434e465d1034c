"""Waiting until a hand that moves a control is still."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

#: How long the panels that were not touched wait until the hand is still.
_STILL_SECONDS = 0.25


def call_when_still(handle: asyncio.TimerHandle | None, callback: Callable[[], None]) -> asyncio.TimerHandle | None:
    """Call a function when no change has come for a moment; where no event loop runs, at once.

    Parameters
    ----------
    handle : TimerHandle or None
        Of the call that waits already; it is called off.
    callback : callable
        Without parameters.

    Returns
    -------
    TimerHandle or None
        To call it off; None where it was called.
    """
    if handle is not None:
        handle.cancel()
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        callback()
        return None
    return loop.call_later(_STILL_SECONDS, callback)
