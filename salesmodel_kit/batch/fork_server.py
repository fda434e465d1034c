"""A template process that is forked once per notebook: imports are paid once, nothing is shared afterwards.

Run as ``python -m salesmodel_kit.batch.fork_server SOCKET``. The template has one
thread, no event loop and no shell of its own; every connection gets a fresh child,
which runs cells until the connection closes and then ends. It ends itself when its
standard input closes.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pkgutil
import selectors
import signal
import socket
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from salesmodel_kit.batch.environment import make_environment
from salesmodel_kit.batch.limits import RARELY
from salesmodel_kit.errors import SalesModelError

#: What notebooks import, loaded before the first child.
PRELOADED: tuple[str, ...] = (
    "IPython.core.interactiveshell", "IPython.core.formatters", "matplotlib_inline.backend_inline", "matplotlib.pyplot",
    "matplotlib.backends.backend_svg", "font_source_sans_pro", "IPython.core.application", "IPython.core.completer",
    "IPython.core.completerlib", "IPython.core.logger", "IPython.core.magics", "IPython.core.magics.ast_mod",
    "IPython.core.magics.execution", "IPython.core.oinspect", "comm", "ipywidgets", "pandas.core.methods.to_dict",
    "pandas.core.reshape.reshape", "salesmodel_kit.batch.fork_child", "scipy.optimize",
    "salesmodel_kit.chain", "salesmodel_kit.client.folder", "salesmodel_kit.workshop.panels",
)
#: Of this package every module.
_PRELOADED_PACKAGE = "salesmodel_kit.reports.exhibits"
#: A template that dies more often has a reason that another start does not mend.
_MOST_RESTARTS = 20
#: So does one that never listened, so many times.
_MOST_STILLBIRTHS = 2


class ForkServer:
    """The template process, as long as the ``with`` block lasts.

    Parameters
    ----------
    folder : pathlib.Path
        Short path of a private folder for the socket.
    """

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "fork"
        self._said = folder / "fork.said"
        self._n_restarts = self._n_stillbirths = 0

    def __enter__(self) -> ForkServer:
        self._start()
        return self

    def _start(self) -> None:
        with self._said.open("wb") as said:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "salesmodel_kit.batch.fork_server", str(self.socket)],
                stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said,
                env=make_environment() | {"MPLBACKEND": "agg"}, start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """Return the number of the template process."""
        return self._process.pid

    def tend(self) -> None:
        """Start another template where the process has died; its children come to their end by themselves.

        Raises
        ------
        SalesModelError
            It dies again and again: whoever waits for it would wait in vain.
        """
        if self._process.poll() is None:
            return
        self._n_restarts += 1
        self._n_stillbirths += not self.socket.exists()
        if self._n_restarts > _MOST_RESTARTS or self._n_stillbirths >= _MOST_STILLBIRTHS:
            said = self._said.read_text(encoding="utf-8", errors="replace").strip().rpartition("\n")[2]
            raise SalesModelError(
                "The process that notebooks are forked from does not start ({reason}); choose --engine kernel.",
                reason=said or f"exit {self._process.returncode}")
        self._process.stdin.close()
        self.socket.unlink(missing_ok=True)
        self._start()

    def __exit__(self, *exception: object) -> None:
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(timeout=3)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def serve(path: str, *, preloaded: Iterable[str] = PRELOADED) -> None:
    """Listen on a Unix socket and fork a child for each connection, until standard input closes.

    Parameters
    ----------
    path : str
        Where the socket is made; it must not be there yet.
    preloaded : iterable of str
        Modules that are imported before the first child.
    """
    import importlib

    from salesmodel_kit.reports.warm_up import warm_up

    exhibits = pkgutil.iter_modules(importlib.import_module(_PRELOADED_PACKAGE).__path__)
    for name in (*preloaded, *(f"{_PRELOADED_PACKAGE}.{each.name}" for each in exhibits)):
        importlib.import_module(name)
    warm_up()
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    with contextlib.suppress(FileNotFoundError):
        os.unlink(f"{path}.new")
    listener.bind(f"{path}.new")
    listener.listen(64)
    os.rename(f"{path}.new", path)  # whoever sees the name can connect
    with open(os.devnull, "wb") as nothing:  # what a notebook says aside is no reason why the template died
        os.dup2(nothing.fileno(), 2)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.collect()
    gc.freeze()
    children: set[int] = set()
    with selectors.DefaultSelector() as selector:
        selector.register(listener, selectors.EVENT_READ)
        selector.register(sys.stdin, selectors.EVENT_READ)
        while True:
            ready = {key.fileobj for key, _ in selector.select(timeout=1.0)}
            _reap(children)
            if sys.stdin in ready and not os.read(sys.stdin.fileno(), 1):
                break
            if listener in ready:
                connection, _ = listener.accept()
                child = os.fork()
                if child == 0:
                    selector.close()
                    _run_child(connection, listener)
                children.add(child)
                connection.close()
    for child in children:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)


def _reap(children: set[int]) -> None:
    for child in tuple(children):
        with contextlib.suppress(ChildProcessError):
            if os.waitpid(child, os.WNOHANG)[0] == 0:
                continue
        children.discard(child)


def _run_child(connection: socket.socket, listener: socket.socket) -> None:
    """Run cells for one connection and end, whatever happens."""
    status = 1
    try:
        os.setsid()
        gc.set_threshold(*RARELY)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        listener.close()
        with open(os.devnull, "rb") as nothing:
            os.dup2(nothing.fileno(), 0)
        from salesmodel_kit.batch.fork_child import run_cells

        run_cells(connection)
        status = 0
    finally:
        os._exit(status)


if __name__ == "__main__":
    serve(sys.argv[1])
