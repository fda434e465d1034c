"""Fixtures that every test may ask for."""

from __future__ import annotations

import signal
from collections.abc import Callable

import pytest
from hypothesis import settings
from small_client import make_client

from salesmodel_kit.client.folder import Client

settings.register_profile("kit", deadline=None)  # how long an example takes is not what a test tells
settings.load_profile("kit")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # started in the background of a shell: Ctrl-C is tested
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def client_factory() -> Callable[..., Client]:
    """Return the maker of small clients; whole tables may be replaced."""
    return make_client
