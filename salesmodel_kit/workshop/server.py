"""The workshop as one page: a Voilà server on this machine, one kernel, one page that every reload finds again."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import secrets
import tempfile
import threading
import uuid
import webbrowser
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import nbformat
import tornado.web
from jupyter_server.base.handlers import JupyterHandler
from tornado.ioloop import PeriodicCallback
from traitlets.config import Config
from voila.app import Voila
from voila.tornado.handler import TornadoVoilaHandler

from salesmodel_kit.resources import find_resource
from salesmodel_kit.workshop.kernels import WarmKernelManagers
from salesmodel_kit.workshop.lab import find_port, show_host
from salesmodel_kit.workshop.waiting import PAGE_ID, WarmKernels

_WATCH_MS = 150
_CELL = "page = open_page(model)"
_END = "</html>"
#: How the address of one kernel begins, and how that of its channels ends.
_KERNEL, _CHANNELS = "/api/kernels/", "/channels"


class WorkshopServer(Voila):
    """Voilà with one page: a reload comes back to the kernel that was there, with what is being tried."""

    warm: WarmKernels
    page: Page
    announce: Callable[[str], None]
    kernel_failed = False

    def setup_template_dirs(self) -> None:
        """Put the kit's own page before Voilà's."""
        super().setup_template_dirs()
        self.template_paths[:0] = [str(find_resource("templates", name)) for name in ("app", "report")]

    def init_handlers(self) -> list[object]:
        """Return Voilà's addresses, the page's in place of a notebook's; closing a page ends no kernel."""
        self.voila_configuration.page_config_hook = self.page.configure
        kept = [handler for handler in super().init_handlers() if "/api/shutdown/" not in handler[0]]
        *others, page = [self._hold_back(handler) for handler in kept]
        page_settings = {**page[2], "page": self.page}
        status = (f"{self.base_url}workshop/status", StatusHandler, {"page": page_settings["page"]})
        closing = (f"{self.base_url}voila/api/shutdown/(.*)", StayHandler)
        return [*others, status, closing, (page[0], PageHandler, page_settings)]

    def _hold_back(self, handler: tuple) -> tuple:
        """Return the address of a kernel with a wait: the browser asks for it before it connects.

        Connected earlier, it would ask for widgets that are not there yet, and give up after a few seconds.
        """
        if _KERNEL not in handler[0] or handler[0].endswith(_CHANNELS):
            return handler
        page, kind = self.page, handler[1]

        class WaitingKernel(kind):
            async def get(self, kernel_id: str) -> None:
                await page.made.wait()
                await super().get(kernel_id)

        return (handler[0], WaitingKernel, *handler[2:])

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
    """The page as rendered once, and the kernel behind it.

    The browser has the whole page before the kernel has made what is on it: both load at the same time.
    """

    def __init__(self) -> None:
        self.lock, self.made = asyncio.Lock(), asyncio.Event()
        self.text = self.failure = self.kernel_id = ""
        self.making: asyncio.Task | None = None

    def begin(self) -> str:
        """Return the id of a new kernel that the page waits for."""
        self.text, self.failure, self.kernel_id = "", "", str(uuid.uuid4())
        self.made.clear()
        return self.kernel_id

    def configure(self, config: dict[str, object], **_: object) -> dict[str, object]:
        """Return what Voilà's script is told, with the kernel's id and the widget that it shows."""
        return {**config, "kernelId": self.kernel_id, "pageId": PAGE_ID}


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
        self.set_header("Content-Type", "text/html")
        self.set_header("Cache-Control", "no-store")
        self.write(self.page.text)

    async def _render(self) -> None:
        """Make the page; what comes after its end is the kernel making what is on it, which goes on by itself."""
        self.kernel_manager.next_id = self.page.begin()
        pieces = self.get_generator()
        async for piece in pieces:
            self.page.text += piece
            if _END in piece:
                break
        self.page.making = asyncio.ensure_future(self._make(pieces))

    async def _make(self, pieces: AsyncIterator[str]) -> None:
        async for piece in pieces:
            self.page.failure += piece.strip()
        self.page.made.set()


class StatusHandler(JupyterHandler):
    """Says whether the kernel of the page is alive, and what kept it from making the page."""

    def initialize(self, page: Page) -> None:
        """Remember the page."""
        self.page = page

    @tornado.web.authenticated
    async def get(self) -> None:
        """Answer with the kernel's id and whether it lives."""
        alive = await is_alive(self.kernel_manager, self.page.kernel_id)
        self.set_header("Cache-Control", "no-store")
        self.finish(json.dumps({"kernel": self.page.kernel_id, "alive": alive, "failure": self.page.failure}))


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


def serve_app(warm: WarmKernels, *, host: str, announce: Callable[[str], None], open_browser: bool) -> bool:
    """Serve a client's workshop as one page until Ctrl-C.

    Parameters
    ----------
    warm : WarmKernels
        The process that opens the client; it is started where it is not yet.
    host : str
        Address to listen on; ``127.0.0.1`` is this machine alone.
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
    warm.start()
    server = WorkshopServer(config=_configure(host))
    server.warm, server.page = warm, Page()

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
                               "show_tracebacks": False, "http_keep_alive_timeout": 3600},
    })


def _make_notebook() -> nbformat.NotebookNode:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(_CELL)])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return notebook
