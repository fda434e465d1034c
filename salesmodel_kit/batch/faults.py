"""Faults of the machinery, not of a client: worth another attempt."""

from __future__ import annotations

from salesmodel_kit.errors import SalesModelError


class Fault(SalesModelError):
    """A process ended without a word, or could not be reached; the same step may well succeed when tried again."""


class DeadProcess(Fault):
    """The process that ran a notebook ended without a word."""
