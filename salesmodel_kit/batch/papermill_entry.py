"""The door through which Papermill finds the fork engine.

Papermill loads its engines while it is being imported itself; a module that
imports Papermill cannot be one of them, so the engine is opened when it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbformat import NotebookNode
    from papermill.engines import Engine


class ForkEntry:
    """Stands for :class:`~salesmodel_kit.batch.fork_engine.ForkEngine` in Papermill's list."""

    @classmethod
    def execute_notebook(cls, nb: NotebookNode, kernel_name: str, **settings: object) -> NotebookNode:
        """Run a notebook as the engine does."""
        return _open_engine().execute_notebook(nb, kernel_name, **settings)

    @classmethod
    def nb_kernel_name(cls, nb: NotebookNode, name: str | None = None) -> str:
        """Return the name of the notebook's kernel."""
        return _open_engine().nb_kernel_name(nb, name)

    @classmethod
    def nb_language(cls, nb: NotebookNode, language: str | None = None) -> str:
        """Return the language of the notebook."""
        return _open_engine().nb_language(nb, language)


def _open_engine() -> type[Engine]:
    from salesmodel_kit.batch.fork_engine import ForkEngine

    return ForkEngine
