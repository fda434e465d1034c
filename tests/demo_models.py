"""The demo clients and their models, computed once for every test that only looks at them."""

from __future__ import annotations

from functools import cache

from salesmodel_kit.chain import SalesModel, build_model
from salesmodel_kit.client.folder import Client, open_client


@cache
def demo_client(name: str, language: str | None = None) -> Client:
    """Return a demo client; whoever wants it otherwise makes a changed copy."""
    return open_client(f"demo:{name}", language=language)


@cache
def demo_model(name: str, language: str | None = None) -> SalesModel:
    """Return the model of a demo client, with whatever earlier tests have had it compute."""
    return build_model(demo_client(name, language))
