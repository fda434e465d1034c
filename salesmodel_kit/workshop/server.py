"""The workshop as one page: a Voilà server on this machine, one kernel, one page that every reload finds again."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import secrets
import tempfile
import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path

import nbformat
import tornado.web
from jupyter_server.base.handlers import JupyterHandler
from tornado.ioloop import PeriodicCallback
from traitlets.config import Config
from voila.app import Voila
from voila.tornado.handler import TornadoVoilaHandler

from salesmodel_kit.resources import find_resource
from salesmodel_kit.workshop.kernels import WarmKernelManagers, WarmKernels
from salesmodel_kit.workshop.lab import find_port, show_host

_WATCH_MS = 150
_CELL = "open_page(model)"


class WorkshopServer(Voila):
    """Voilà with one page: a reload comes back to the kernel that was there, with what is being tried."""

    warm: WarmKernels
    announce: Callable[[str], None]
    kernel_failed = False

    def setup_template_dirs(self) -> None:
        """Put the kit's own page before Voilà's."""
        super().setup_template_dirs()
        self.template_paths[:0] = [str(find_resource("templates", name)) for name in ("app", "report")]

    def init_handlers(self) -> list[object]:
        """Return Voilà's addresses, the page's in place of a notebook's; closing a page ends no kernel."""
        kept = [handler for handler in super().init_handlers() if "/api/shutdown/" not in handler[0]]
        *others, page = kept
        page_settings = {**page[2], "page": Page()}
        status = (f"{self.base_url}workshop/status", StatusHandler, {"page": page_settings["page"]})
        closing = (f"{self.base_url}voila/api/shutdown/(.*)", StayHandler)
        return [*others, status, closing, (page[0], PageHandler, page_settings)]

    def launch_browser(self) -> None:
        """Say where the page is, and open it where wanted."""

    def listen(self) -> None:
        """Serve until the server is stopped or the client turns out not to open."""
        self._watch = PeriodicCallback(self._look_at_kernel, _WATCH_MS)
        asyncio.get_event_loop().call_soon(self._begin)
        super().listen()

    def _begin(self) -> None:
        self._watch.start()
        self.announce(f"http://{show_host(self.ip)}:{self.port}{self.base_url}?token={self.token}")

    def _look_at_kernel(self) -> None:
        if self.warm.find_failure() is not None:
            self.kernel_failed = True
            self.ioloop.stop()


class Page:
    """The page as rendered once, and the kernel behind it."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.pieces: list[str] = []
        self.kernel_id = ""


class PageHandler(TornadoVoilaHandler):
    """Gives the page; renders it where there is none yet, or where its kernel has died."""

    def initialize(self, page: Page, **settings: object) -> None:
        """Remember the page."""
        super().initialize(**settings)
        self.page = page

    @tornado.web.authenticated
    async def get(self, path: str | None = None) -> None:
        """Answer with the page, piece by piece while it is being made."""
        if path:
            raise tornado.web.HTTPError(404)
        async with self.page.lock:
            if not await is_alive(self.kernel_manager, self.page.kernel_id):
                await self._render()
                return
        self.set_header("Content-Type", "text/html")
        self.set_header("Cache-Control", "no-store")
        self.write("".join(self.page.pieces))

    async def _render(self) -> None:
        before = set(self.kernel_manager.list_kernel_ids())
        pieces = []
        async for piece in self.get_generator():
            pieces.append(piece)
            self.write(piece)
            self.flush()
        self.page.pieces = pieces
        self.page.kernel_id = next(iter(set(self.kernel_manager.list_kernel_ids()) - before), "")


class StatusHandler(JupyterHandler):
    """Says whether the kernel of the page is alive."""

    def initialize(self, page: Page) -> None:
        """Remember the page."""
        self.page = page

    @tornado.web.authenticated
    async def get(self) -> None:
        """Answer with the kernel's id and whether it lives."""
        alive = await is_alive(self.kernel_manager, self.page.kernel_id)
        self.set_header("Cache-Control", "no-store")
        self.finish(json.dumps({"kernel": self.page.kernel_id, "alive": alive}))


class StayHandler(JupyterHandler):
    """Leaves the kernel alive when a page is closed or loaded again."""

    def check_xsrf_cookie(self) -> None:
        """Ask for nothing: nothing is done."""

    def post(self, kernel_id: str) -> None:
        """Answer and do nothing."""
        self.set_status(204)


async def is_alive(kernels: WarmKernelManagers, kernel_id: str) -> bool:
    """Return whether a kernel is there and its process runs."""
    return kernel_id in kernels and await kernels.get_kernel(kernel_id).is_alive()


def serve_app(
    client: Path, *, host: str, is_read_only: bool, announce: Callable[[str], None], open_browser: bool
) -> bool:
    """Serve a client's workshop as one page until Ctrl-C.

    Parameters
    ----------
    client : Path
        Folder or workbook.
    host : str
        Address to listen on; ``127.0.0.1`` is this machine alone.
    is_read_only : bool
        Nothing can be recorded.
    announce : callable
        Gets the page's address once it can be opened.
    open_browser : bool
        Whether the browser opens on it.

    Returns
    -------
    bool
        False where the client could not be opened: opening it again says why.
    """
    logging.getLogger("tornado.general").setLevel(logging.ERROR)  # it warns of the server's own choice of pings
    warm = WarmKernels(str(client), is_read_only=is_read_only)
    warm.start()
    server = WorkshopServer(config=_configure(host))
    server.warm = warm

    def tell(address: str) -> None:
        announce(address)
        if open_browser:
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

    server.announce = tell
    with tempfile.TemporaryDirectory(prefix="salesmodel-") as folder:
        notebook = Path(folder, "workshop.ipynb")
        nbformat.write(_make_notebook(), notebook)
        try:
            server.initialize([str(notebook)])
            server.start()
        finally:
            warm.end()
    return not server.kernel_failed


def _configure(host: str) -> Config:
    return Config({
        "Voila": {"ip": host, "port": find_port(host), "token": secrets.token_hex(16), "open_browser": False,
                  "config_file_paths": [], "log_level": "INFO" if os.environ.get("SALESMODEL_DEBUG") else "CRITICAL"},
        "VoilaConfiguration": {"template": "base", "multi_kernel_manager_class": WarmKernelManagers,
                               "show_tracebacks": False, "http_keep_alive_timeout": 60},
    })


def _make_notebook() -> nbformat.NotebookNode:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(_CELL)])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return notebook
