"""How a kernel opens the page: the model computed ahead, the files watched, the session announced."""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
from collections.abc import Sequence

import ipywidgets as widgets

from salesmodel_kit.chain import SalesModel, open_model
from salesmodel_kit.client.journal_lock import READ_ONLY
from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.workshop.lookout import keep_watch
from salesmodel_kit.workshop.page import WorkshopPage
from salesmodel_kit.workshop.progress import find_first_undecided
from salesmodel_kit.workshop.room import open_room
from salesmodel_kit.workshop.waiting import PAGE_ID

#: What the chapters' panels need, in the order of the chapters, and what else is computed once the page is there.
_FIRST_STEPS = ("segment_scores", "account_scores", "first_tier_summary", "first_role_summary", "segment_dispersion")
_STEPS = ("segment_dispersion", "first_tier_summary", "first_role_summary", "tier_summary", "role_summary")
#: Seconds after which the other chapters are computed: by then the browser shows the first one.
_LATER = 1.5
#: Seconds that the browser gets to ask for the page's state once it is connected.
_ANSWER = 0.1


def prepare_model(client: str) -> SalesModel:
    """Return a client's model; what the chapter shown first needs of it is computed beside what comes next.

    Steps are pure and each is kept once computed, so nothing is lost or wrong where
    the page asks for one at the same time.

    Parameters
    ----------
    client : str
        Folder or workbook, or ``demo:`` and a name.
    """
    model = open_model(client)
    first = find_first_undecided(model.client.decisions)
    _compute_beside(model, _FIRST_STEPS[:first + 1])
    return model


def _compute_beside(model: SalesModel, steps: Sequence[str]) -> None:
    threading.Thread(target=_compute, args=(model, steps), daemon=True).start()


def _compute(model: SalesModel, steps: Sequence[str]) -> None:
    with contextlib.suppress(SalesModelError):  # said where it is shown
        for step in steps:
            getattr(model, step)


def open_page(model: SalesModel) -> WorkshopPage:
    """Return the page of a client, to be shown as the value of a cell of a kernel.

    Pictures wait until a browser has asked for the page's state: a kernel that draws
    answers late, and the browser would give up.

    Parameters
    ----------
    model : SalesModel
        From :func:`prepare_model`.
    """
    from IPython import get_ipython

    is_read_only = bool(os.environ.get(READ_ONLY))
    page = WorkshopPage(open_room(model), is_read_only=is_read_only, page_id=PAGE_ID)

    def answer(comm: object, message: object) -> None:
        widgets.Widget.handle_control_comm_opened(comm, message)
        page.draw_soon(_ANSWER)
        asyncio.get_running_loop().call_later(_LATER, _compute_beside, model, _STEPS)

    get_ipython().kernel.comm_manager.register_target("jupyter.widget.control", answer)
    keep_watch(page.room, page.tell_others)
    return page
