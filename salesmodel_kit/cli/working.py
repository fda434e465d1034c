"""The command ``workshop``: JupyterLab on a client's notebooks, or the whole chain as one page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from salesmodel_kit.cli.console import write_out
from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.language import Language


def open_app(client: str, *, host: str, read_only: bool, browser: bool, language: Language) -> None:
    """Serve a client's workshop as one page until Ctrl-C.

    Parameters
    ----------
    client : str
        Folder or workbook, or ``demo:`` and a name.
    host : str
        Address to listen on.
    read_only : bool
        Nothing can be recorded.
    browser : bool
        Whether the browser opens on the page.
    language : Language
        The user's.

    Raises
    ------
    SalesModelError
        The client cannot be opened, or nothing can listen on the address.
    """
    from salesmodel_kit.workshop.waiting import WarmKernels
    from salesmodel_kit.workshop.warm_kernel import skip_slow_imports

    if client.startswith("demo:") and not read_only:
        raise SalesModelError(
            "{client} is the kit's own and takes no decisions; open it with --read-only, or copy it first: "
            "salesmodel new FOLDER --example NAME.", client=client)
    if not Path(client).exists():
        _find(client)
    warm = WarmKernels(client, is_read_only=read_only)
    warm.start()  # it opens the client while the server loads
    skip_slow_imports()
    from salesmodel_kit.workshop.server import serve_app

    if not serve_app(warm, host=host, announce=make_teller(language), open_browser=browser):
        _refuse(client)
    tell_end(language)


def open_lab(client: str, *, host: str, browser: bool, language: Language) -> None:
    """Open JupyterLab on a client's notebooks, laid out in its folder, until Ctrl-C.

    Parameters
    ----------
    client : str
        Folder or workbook.
    host, browser, language
        As for :func:`open_app`.

    Raises
    ------
    SalesModelError
        The client cannot be opened, or its folder cannot be written.
    """
    from salesmodel_kit.batch.notebooks import prepare_notebook
    from salesmodel_kit.batch.run import find_notebooks
    from salesmodel_kit.client.folder import open_client
    from salesmodel_kit.workshop.lab import lay_out_workspace, start_lab
    from salesmodel_kit.workshop.progress import find_first_undecided

    opened = open_client(client)
    notebooks = {path.name: prepare_notebook(path, language=opened.profile.language) for path in find_notebooks()}
    start_lab(lay_out_workspace(Path(client), notebooks), first=find_first_undecided(opened.decisions),
              host=host, open_browser=browser, announce=make_teller(language))
    tell_end(language)


def make_teller(language: Language) -> Callable[[str], None]:
    """Return what says where the workshop is open."""

    def announce(address: str) -> None:
        write_out(language.text("The workshop opens here (Ctrl-C ends it): {address}", address=address))

    return announce


def tell_end(language: Language) -> None:
    """Say that the workshop has ended, and where what was recorded is."""
    write_out(language.text("The workshop has ended. What was recorded is in the client's journal."))


def _find(client: str) -> Path:
    from salesmodel_kit.client.sources import find_client

    return find_client(client)


def _refuse(client: str) -> None:
    """Raise what keeps a client from being opened."""
    from salesmodel_kit.chain import open_model

    open_model(_find(client))
    raise SalesModelError("The workshop's kernel ended before it was ready; start the workshop again.")
