"""Fixtures that every test may ask for."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import settings
from small_client import make_client

from salesmodel_kit.client.folder import Client

settings.register_profile("kit", deadline=None)  # how long an example takes is not what a test tells
settings.load_profile("kit")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # started in the background of a shell: Ctrl-C is tested
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Give the workers the slow modules first and then the large ones, so that none of them ends long after the other.

    It needs ``--no-loadscope-reorder``. The order within a module, and without workers every order, stays.
    """
    if not hasattr(config, "workerinput"):
        return
    sizes = Counter(item.path for item in items)
    slow = {item.path for item in items if any(item.iter_markers("slow")) or any(item.iter_markers("browser"))}
    items.sort(key=lambda item: (item.path not in slow, -sizes[item.path]))


@pytest.fixture
def client_factory() -> Callable[..., Client]:
    """Return the maker of small clients; whole tables may be replaced."""
    return make_client
