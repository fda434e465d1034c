"""JupyterLab on a client's own notebooks, in the client's language."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from salesmodel_kit.errors import SalesModelError, describe_os_error
from salesmodel_kit.resources import find_resource

if TYPE_CHECKING:
    from nbformat import NotebookNode

_PARAMETERS = """client = {client}  # folder or workbook of the client
language = None  # the client's own
interactive = True  # live panels"""


def lay_out_workspace(source: Path, notebooks: Mapping[str, NotebookNode]) -> Path:
    """Write a client's notebooks where the room will work on them, and return that folder.

    Parameters
    ----------
    source : Path
        The client's folder or workbook.
    notebooks : mapping of str to NotebookNode
        File name -> notebook in the client's language.

    Returns
    -------
    Path
        ``notebooks`` in the client's folder, or ``<workbook>-notebooks`` beside it. A
        notebook that is already there is kept as it is, with the room's notes in it.

    Raises
    ------
    SalesModelError
        The folder cannot be written.
    """
    import nbformat

    if not source.exists():
        raise SalesModelError(
            "{client} is no folder or workbook; copy a demo client first: salesmodel new FOLDER --example NAME.",
            client=source,
        )
    folder = source / "notebooks" if source.is_dir() else source.with_name(f"{source.stem}-notebooks")
    try:
        folder.mkdir(exist_ok=True)
        for name, notebook in notebooks.items():
            if (folder / name).exists():
                continue
            for cell in notebook.cells:
                if "parameters" in cell.metadata.get("tags", ()):
                    cell.source = _PARAMETERS.format(client=json.dumps(str(source.resolve())))
            part = folder / f".{name}.part"
            nbformat.write(notebook, part)
            os.replace(part, folder / name)
    except OSError as error:
        raise SalesModelError(
            "The notebooks cannot be written to {folder} ({detail}); choose a client's folder you may write to.",
            folder=folder,
            detail=describe_os_error(error),
        ) from error
    return folder


def start_lab(folder: Path) -> int:
    """Start JupyterLab on the first notebook of a folder, on this machine only, and wait until it is closed.

    Parameters
    ----------
    folder : Path
        As :func:`lay_out_workspace` returns it.

    Returns
    -------
    int
        Exit code of JupyterLab.
    """
    first = min(folder.glob("*.ipynb"))
    settings = str(find_resource("templates", "lab"))
    path = os.pathsep.join(filter(None, [settings, os.environ.get("JUPYTER_CONFIG_PATH")]))
    command = [sys.executable, "-m", "jupyterlab", first.name, "--ServerApp.ip=127.0.0.1"]
    return subprocess.run(command, cwd=folder, env={**os.environ, "JUPYTER_CONFIG_PATH": path}, check=False).returncode
