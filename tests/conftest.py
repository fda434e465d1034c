"""Fixtures that every test may ask for."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from small_client import make_client

from salesmodel_kit.client.folder import Client


@pytest.fixture
def client_factory() -> Callable[..., Client]:
    """Return the maker of small clients; whole tables may be replaced."""
    return make_client
