"""A notebook before and after its run: prepared in the client's language, cleaned for delivery."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.language import read_catalogue

if TYPE_CHECKING:
    from nbformat import NotebookNode

#: What every notebook takes; anything else is refused.
PARAMETERS: tuple[str, ...] = ("client", "language", "interactive")
_INJECTED_TAG = "injected-parameters"
_RUN_METADATA = ("papermill", "execution")


def prepare_notebook(path: Path, *, language: str) -> NotebookNode:
    """Return a notebook without outputs, its text in the client's language.

    Parameters
    ----------
    path : pathlib.Path
        The notebook; it is left as it is.
    language : {"en", "fr"}
        Text cells that the catalogue knows are replaced, the others stay English.

    Returns
    -------
    nbformat.NotebookNode
        Ready for a run.

    Raises
    ------
    SalesModelError
        The file is no notebook, or its parameters are not :data:`PARAMETERS`.
    """
    import nbformat

    try:
        notebook = nbformat.read(path, as_version=4)
    except (OSError, ValueError) as error:
        raise SalesModelError(
            "Notebook {notebook} cannot be read: {error}.", notebook=path.name, error=error
        ) from error
    _require_parameters(notebook, name=path.name)
    catalogue = read_catalogue(language)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = catalogue.get(cell.source, cell.source)
        elif cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    notebook.metadata.pop("widgets", None)
    return notebook


def _require_parameters(notebook: NotebookNode, *, name: str) -> None:
    found = read_parameters(notebook)
    if sorted(found) != sorted(PARAMETERS):
        raise SalesModelError(
            "Notebook {notebook} takes the parameters {found}; it must take exactly {expected}.",
            notebook=name,
            found=", ".join(found) or "–",
            expected=", ".join(PARAMETERS),
        )


def read_parameters(notebook: NotebookNode) -> tuple[str, ...]:
    """Return the names that the cell tagged ``parameters`` sets, in order; none when there is no such cell."""
    sources = [cell.source for cell in notebook.cells if "parameters" in cell.metadata.get("tags", ())]
    try:
        statements = [statement for source in sources for statement in ast.parse(source).body]
    except SyntaxError:
        return ()
    targets = [target for statement in statements for target in _targets(statement)]
    return tuple(target.id for target in targets if isinstance(target, ast.Name))


def _targets(statement: ast.stmt) -> list[ast.expr]:
    if isinstance(statement, ast.Assign):
        return statement.targets
    return [statement.target] if isinstance(statement, ast.AnnAssign) else []


def clean_notebook(executed: NotebookNode, *, shown: Mapping[str, object]) -> NotebookNode:
    """Return an executed notebook as it is delivered: no timings, no path, no warnings of libraries.

    Parameters
    ----------
    executed : nbformat.NotebookNode
        As Papermill returned it; it is changed in place.
    shown : mapping of str to object
        The parameters that the copy shows, the client's id where the run had a path.

    Returns
    -------
    nbformat.NotebookNode
        The same notebook; the same input gives the same bytes.
    """
    executed.metadata.pop("papermill", None)
    if "language_info" in executed.metadata:
        executed.metadata["language_info"] = {"name": "python"}
    for number, cell in enumerate(executed.cells, start=1):
        for key in _RUN_METADATA:
            cell.metadata.pop(key, None)
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if output.get("name") != "stderr"]
        if _INJECTED_TAG in cell.metadata.get("tags", ()):
            cell.id = f"parameters-{number}"
            cell.source = "\n".join(f"{name} = {value!r}" for name, value in shown.items())
    return executed
