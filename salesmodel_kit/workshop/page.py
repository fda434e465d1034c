"""The workshop as one page: steps on the left, the chapter that is open large beside them.

The page is made of widgets and lives in the kernel, so a page that is loaded
again in the browser comes back as it was: step, controls, and what is being
tried. Pictures are drawn one at a time, those in view first, between the
room's moves; while one no longer tells what the controls say, it is dimmed.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from functools import partial

import ipywidgets as widgets
from markupsafe import Markup

from salesmodel_kit.chain import SalesModel, open_model
from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.reports.exhibits.page import Exhibit
from salesmodel_kit.workshop.chapters import CHAPTERS, Chapter
from salesmodel_kit.workshop.panels import open_tier_panel
from salesmodel_kit.workshop.progress import count_decisions, find_first_undecided

#: Seconds without a move of the room before pictures are drawn anew.
_CALM = 0.4
#: Seconds that the browser gets to ask for the page's state once it is connected.
_ANSWER = 0.1
_FACTS = Markup('<div id="app-facts" data-language="{language}" data-title="{title}" data-full-screen="{full}" '
                'data-lost="{lost}" data-again="{again}" hidden></div>')
_HEAD = Markup('<p class="app-kicker">{kicker}</p><h1 class="app-client">{client}</h1>')
_CHAPTER_HEAD = Markup('<p class="app-kicker">{kicker}</p><h2 class="app-question">{question}</h2>')


def prepare_model(client: str) -> SalesModel:
    """Return a client's model; what every chapter needs of it is computed beside what comes next.

    Steps are pure and each is kept once computed, so nothing is lost or wrong where
    the page asks for one at the same time.
    """
    model = open_model(client)
    threading.Thread(target=_compute, args=(model,), daemon=True).start()
    return model


def _compute(model: SalesModel) -> None:
    with contextlib.suppress(SalesModelError):  # said where it is shown
        _ = model.segment_dispersion, model.account_effort, model.tier_summary


def open_page(model: SalesModel) -> WorkshopPage:
    """Return the page of a client, to be shown as the value of a cell of a kernel.

    Pictures wait until a browser has asked for the page's state: a kernel that draws
    answers late, and the browser would give up.
    """
    from IPython import get_ipython

    page = WorkshopPage(model)

    def answer(comm: object, message: object) -> None:
        widgets.Widget.handle_control_comm_opened(comm, message)
        page.draw_soon(_ANSWER)

    get_ipython().kernel.comm_manager.register_target("jupyter.widget.control", answer)
    return page


class ChapterView(widgets.VBox):
    """One chapter: its question, its panel, its pictures.

    Parameters
    ----------
    chapter : Chapter
        What is shown.
    number : int
        Its place, from 1.
    model : SalesModel
        Of which client, in which language.
    panel : Widget or None
        What moves the model here.
    """

    def __init__(self, chapter: Chapter, *, number: int, model: SalesModel, panel: widgets.Widget | None) -> None:
        self.chapter = chapter
        text = model.language.text
        head = widgets.HTML(str(_CHAPTER_HEAD.format(kicker=text("Chapter {number}", number=number),
                                                     question=text(chapter.question))))
        self.exhibits = [widgets.HTML() for _ in chapter.exhibits]
        self.stale = set(range(len(self.exhibits)))
        super().__init__([head, *([panel] if panel is not None else []), *self.exhibits])
        self.add_class("app-chapter")

    def mark_stale(self) -> None:
        """Dim every picture until it is drawn anew."""
        self.stale = set(range(len(self.exhibits)))
        for widget in self.exhibits:
            widget.add_class("is-stale")

    def draw_next(self, model: SalesModel) -> bool:
        """Draw the first picture that is stale; return whether there was one."""
        if not self.stale:
            return False
        place = min(self.stale)
        self.exhibits[place].value = _show(self.chapter.exhibits[place], model)
        self.exhibits[place].remove_class("is-stale")
        self.stale.discard(place)
        return True


def _show(show: Callable[[SalesModel], Exhibit], model: SalesModel) -> str:
    try:
        return show(model)._repr_html_()
    except SalesModelError as error:
        return str(Markup('<aside class="missing"><p>{}</p></aside>').format(model.language.say(error.message)))


class WorkshopPage(widgets.Box):
    """The whole page; it stays in the kernel while browsers come and go.

    Parameters
    ----------
    model : SalesModel
        The client's model as decided so far.
    """

    def __init__(self, model: SalesModel) -> None:
        self.model = model
        self.views: dict[int, ChapterView] = {}
        self.steps = [widgets.Button(description=model.language.text(chapter.title)) for chapter in CHAPTERS]
        for number, step in enumerate(self.steps):
            step.add_class("app-step")
            step.on_click(partial(self._on_step, number))
        self.main = widgets.VBox()
        self.main.add_class("app-main")
        self._timer: asyncio.TimerHandle | None = None
        super().__init__([self._make_side(), self.main])
        self.add_class("app-page")
        self._tell_progress()
        self.show_chapter(find_first_undecided(model.client.decisions))

    def _make_side(self) -> widgets.VBox:
        text, name = self.model.language.text, self.model.profile.name
        facts = _FACTS.format(
            language=self.model.language.code, title=text("Workshop: {client}", client=name),
            full=text("Full screen"), again=text("Load again"),
            lost=text("The workshop does not answer. What was recorded is kept: start it again, then load this page."))
        head = _HEAD.format(kicker=text("Workshop"), client=name)
        side = widgets.VBox([widgets.HTML(str(facts + head)), *self.steps])
        side.add_class("app-side")
        return side

    def _tell_progress(self) -> None:
        text, plural = self.model.language.text, self.model.language.plural
        counts = count_decisions(self.model.client.decisions)
        for step, chapter in zip(self.steps, CHAPTERS, strict=True):
            n_decisions = counts.get(chapter.name, 0)
            told = plural(n_decisions, text("{n} decision recorded"), text("{n} decisions recorded"))
            line = told.format(n=self.model.language.number(n_decisions)) if n_decisions else ""
            step.description = "\n".join(filter(None, [text(chapter.title), line]))
            (step.add_class if n_decisions else step.remove_class)("is-decided")

    def _on_step(self, place: int, _: object) -> None:
        self.show_chapter(place)
        self.draw_soon(0)

    def show_chapter(self, place: int) -> None:
        """Show a chapter; its pictures are drawn when they are asked for."""
        self.place = place
        for number, step in enumerate(self.steps):
            (step.add_class if number == place else step.remove_class)("is-current")
        if place not in self.views:
            self.views[place] = self._make_view(place)
        self.main.children = [self.views[place]]

    def _make_view(self, place: int) -> ChapterView:
        chapter = CHAPTERS[place]
        panel = open_tier_panel(self.model, interactive=True) if chapter.name == "tiers" else None
        return ChapterView(chapter, number=place + 1, model=self.model, panel=panel)

    def draw_soon(self, wait: float = _CALM) -> None:
        """Draw what is stale, one picture at a time, once the room has been calm for a while."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            while self.draw_next():
                pass
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer = loop.call_later(wait, self._draw_and_go_on)

    def _draw_and_go_on(self) -> None:
        self._timer = None
        if self.draw_next():
            self.draw_soon(0)

    def draw_next(self) -> bool:
        """Draw one stale picture of the open chapter; return whether there was one."""
        return self.views[self.place].draw_next(self.model)
