"""JupyterLab on a client's own notebooks, in the client's language."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from salesmodel_kit.errors import SalesModelError, describe_os_error
from salesmodel_kit.resources import find_resource

if TYPE_CHECKING:
    from nbformat import NotebookNode

_PARAMETERS = """client = {client}  # folder or workbook of the client
language = None  # the client's own
interactive = True  # live panels"""
#: Seconds between two looks whether JupyterLab answers.
_LOOK_AGAIN = 0.1
_LAB = (
    "from salesmodel_kit.workshop.warm_kernel import skip_slow_imports; skip_slow_imports();"
    " from jupyterlab.labapp import main; main()"
)


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


def start_lab(folder: Path, *, first: int, host: str, open_browser: bool, announce: Callable[[str], None]) -> None:
    """Start JupyterLab on one notebook of a folder, its sidebars closed, and wait until it is closed or Ctrl-C.

    Parameters
    ----------
    folder : Path
        As :func:`lay_out_workspace` returns it.
    first : int
        Place of the notebook that is opened, from 0.
    host : str
        Address to listen on; ``127.0.0.1`` is this machine alone.
    open_browser : bool
        Whether the browser opens on it.
    announce : callable
        Gets the address.

    Raises
    ------
    SalesModelError
        JupyterLab could not be started, or ended by itself with an error.
    """
    notebook = sorted(folder.glob("*.ipynb"))[first].name
    port, token = find_port(host), secrets.token_hex(16)
    with tempfile.TemporaryDirectory(prefix="salesmodel-") as workspaces:
        _tidy_workspace(Path(workspaces))
        settings = {"ServerApp.ip": host, "ServerApp.port": port, "ServerApp.root_dir": folder.resolve(),
                    "ServerApp.open_browser": open_browser, "ServerApp.answer_yes": True, "ServerApp.allow_root": True,
                    "ServerApp.log_level": "CRITICAL", "LabApp.log_level": "CRITICAL",
                    "LabApp.default_url": f"/lab/tree/{quote(notebook)}", "LabApp.workspaces_dir": workspaces}
        command = [sys.executable, "-c", _LAB, *(f"--{name}={value}" for name, value in settings.items())]
        log = Path(workspaces, "log")
        with log.open("wb") as stream:  # in a session of its own: Ctrl-C reaches it once, from here
            process = subprocess.Popen(command, env=_make_environment(token), stdout=stream, stderr=stream,
                                       start_new_session=True)
        _end_on_signals()
        try:
            if _wait_until_open(process, host=host, port=port):
                announce(f"http://{show_host(host)}:{port}/lab/tree/{quote(notebook)}?token={token}")
            if process.wait():
                raise _tell_failure(log)
        except KeyboardInterrupt:
            process.terminate()
            process.wait()


def _end_on_signals() -> None:
    """End like Ctrl-C where the terminal is closed or the process is told to end: JupyterLab would stay behind."""
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.default_int_handler)


def _tell_failure(log: Path) -> SalesModelError:
    lines = log.read_text(encoding="utf-8", errors="replace").split("\n")
    reason = next((line for line in reversed(lines) if line.strip()), "")
    return SalesModelError("JupyterLab has stopped: {reason}", reason=reason)


def _wait_until_open(process: subprocess.Popen, *, host: str, port: int) -> bool:
    """Return whether the server answers; False where its process has ended instead."""
    while process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=1):
            return True
        time.sleep(_LOOK_AGAIN)
    return False


def _make_environment(token: str) -> dict[str, str]:
    """Return the environment of JupyterLab: the kit's settings, and the token, which a list of processes would show."""
    settings = str(find_resource("templates", "lab"))
    path = os.pathsep.join(filter(None, [settings, os.environ.get("JUPYTER_CONFIG_PATH")]))
    return {**os.environ, "JUPYTER_CONFIG_PATH": path, "JUPYTER_TOKEN": token}


def _tidy_workspace(folder: Path) -> None:
    """Write the workspace that JupyterLab starts from: nothing open but what the address names, sidebars closed."""
    from jupyterlab_server.workspaces_handler import WorkspacesManager

    closed = {"collapsed": True, "visible": True, "widgets": []}
    layout = {"main": {}, "down": {"size": 0, "widgets": []}, "left": closed, "right": closed}
    workspace = {"data": {"layout-restorer:data": layout}, "metadata": {"id": "default"}}
    WorkspacesManager(str(folder)).save("default", json.dumps(workspace))


def find_port(host: str) -> int:
    """Return a port that is free on an address now.

    Parameters
    ----------
    host : str
        Name or address.

    Raises
    ------
    SalesModelError
        It is no address of this machine.
    """
    try:
        with socket.socket() as probe:
            probe.bind((host, 0))
            return probe.getsockname()[1]
    except OSError as error:
        raise SalesModelError(
            "Nothing can listen on {host}: it is no address of this machine; 127.0.0.1 is this machine alone, "
            "0.0.0.0 every network that it is in.", host=host,
        ) from error


def show_host(host: str) -> str:
    """Return the name under which others reach this machine when it listens on every network, else the address.

    Examples
    --------
    >>> show_host("127.0.0.1")
    '127.0.0.1'
    """
    return socket.gethostname() if host == "0.0.0.0" else host
