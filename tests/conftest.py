"""Fixtures that every test may ask for."""

from __future__ import annotations

import logging
import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from small_client import make_client

from salesmodel_kit.client.folder import Client

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

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


@pytest.fixture(scope="module")
def store_server() -> Iterator[dict[str, str]]:
    """Return the environment that leads to an object store on loopback."""
    moto = pytest.importorskip("moto.server")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    started = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    started.start()
    host, port = started.get_host_and_port()
    yield {"AWS_ENDPOINT_URL": f"http://{host}:{port}", "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "canary",
           "AWS_DEFAULT_REGION": "us-east-1"}
    started.stop()


@pytest.fixture
def store(store_server: dict[str, str], monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
          ) -> Iterator[tuple[AbstractFileSystem, str]]:
    """Return the file system and an empty bucket; processes that are started find the store too."""
    import fsspec

    for name, value in store_server.items():
        monkeypatch.setenv(name, value)
    fsspec.get_filesystem_class("s3").clear_instance_cache()
    system = fsspec.filesystem("s3", use_listings_cache=False)
    bucket = f"b{abs(hash(request.node.name)) % 10**9}-{os.getpid()}"
    system.mkdir(bucket)
    yield system, bucket
    fsspec.get_filesystem_class("s3").clear_instance_cache()
