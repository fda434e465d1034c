"""The ``salesmodel`` command."""

from salesmodel_kit.cli.program import main

__all__ = ["main"]
