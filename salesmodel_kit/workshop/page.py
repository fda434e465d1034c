"""The workshop as one page: steps on the left, the chapter that is open large beside them.

The page is made of widgets and lives in the kernel, so a page that is loaded
again in the browser comes back as it was: step, controls, and what is being
tried. Every panel and picture shows the state of one room. Pictures are drawn
one at a time between the room's moves; while one no longer tells what the
controls say, it is dimmed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import ipywidgets as widgets
from markupsafe import Markup

from salesmodel_kit.chain import SalesModel
from salesmodel_kit.client.presence import Session
from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.language import Language
from salesmodel_kit.workshop.chapters import CHAPTERS, Chapter
from salesmodel_kit.workshop.file_news import list_others
from salesmodel_kit.workshop.panels import open_panel
from salesmodel_kit.workshop.progress import count_decisions, find_first_undecided
from salesmodel_kit.workshop.room import Room

if TYPE_CHECKING:
    from salesmodel_kit.reports.exhibits.page import Exhibit

#: Seconds without a move of the room before pictures are drawn anew.
_CALM = 0.5
_FACTS = Markup('<div id="app-facts" data-language="{language}" data-title="{title}" data-full-screen="{full}" '
                'data-lost="{lost}" data-again="{again}" data-steps="{steps}" hidden></div>')
_HEAD = Markup('<p class="app-kicker">{kicker}</p><h1 class="app-client">{client}</h1>')
_CHAPTER_HEAD = Markup('<p class="app-kicker">{kicker}</p><h2 class="app-question" tabindex="-1">{question}</h2>')
_NOTE = Markup('<p role="status">{}</p>')


class ChapterView(widgets.VBox):
    """One chapter: its question, its panels, its pictures.

    Parameters
    ----------
    chapter : Chapter
        What is shown.
    number : int
        Its place, from 1.
    room : Room
        What was decided and what is being tried.
    is_read_only : bool
        Nothing can be recorded: what records is left out.
    """

    def __init__(self, chapter: Chapter, *, number: int, room: Room, is_read_only: bool) -> None:
        self.chapter = chapter
        text = room.language.text
        head = widgets.HTML(str(_CHAPTER_HEAD.format(kicker=text("Chapter {number}", number=number),
                                                     question=text(chapter.question))))
        self.panels = [open_panel(name, room, interactive=True) for name in chapter.panels]
        for panel in self.panels:
            panel.notice_row.add_class("app-left-out")  # the page says it once, for all
            for control in (panel.author, panel.reason, panel.record) if is_read_only else ():
                control.add_class("app-left-out")
        self.exhibits = [widgets.HTML() for _ in chapter.exhibits]
        self.stale = set(range(len(self.exhibits)))
        super().__init__([head, *self.panels, *self.exhibits])
        self.add_class("app-chapter")

    def mark_stale(self) -> None:
        """Dim every picture until it is drawn anew."""
        for place, widget in enumerate(self.exhibits):
            if place not in self.stale:
                widget.add_class("is-stale")
        self.stale = set(range(len(self.exhibits)))

    def draw_next(self, model: SalesModel) -> bool:
        """Draw the first picture that is stale; return whether there was one."""
        if not self.stale:
            return False
        place = min(self.stale)
        self.exhibits[place].value = _show(self.chapter.find_exhibit(place), model)
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
    room : Room
        What was decided and what is being tried.
    is_read_only : bool
        Nothing can be recorded.
    page_id : str
        Id under which the browser asks for the page; empty: any.
    """

    def __init__(self, room: Room, *, is_read_only: bool = False, page_id: str = "") -> None:
        self.room, self.is_read_only = room, is_read_only
        self.views: dict[int, ChapterView] = {}
        self.place, self._timer = 0, None
        self.steps = [widgets.Button() for _ in CHAPTERS]
        for number, step in enumerate(self.steps):
            step.add_class("app-step")
            step.on_click(partial(self._on_step, number))
        self.news, self.others = widgets.HTML(), widgets.HTML()
        self.again = widgets.Button(description=room.language.text("Load again"))
        self.again.on_click(lambda _: self.load_again())
        self.notice, self.main = widgets.HBox([self.news, self.again]), widgets.VBox()
        for widget, name in ((self.notice, "app-notice"), (self.others, "app-others"), (self.main, "app-main")):
            widget.add_class(name)
        super().__init__([self._make_side(), self.main], **({"model_id": page_id} if page_id else {}))
        self.add_class("app-page")
        room.observe(lambda _: self._on_version(), names="version")
        room.observe(lambda _: self._tell_news(), names="notice")
        room.watch_files()
        self._tell_news()
        self._tell_progress()
        self.show_chapter(find_first_undecided(room.decided.client.decisions))

    def _make_side(self) -> widgets.VBox:
        language, name = self.room.language, self.room.decided.profile.name
        kicker = language.text("Workshop, to look at only" if self.is_read_only else "Workshop")
        head = widgets.HTML(str(_list_facts(language, name) + _HEAD.format(kicker=kicker, client=name)))
        side = widgets.VBox([head, *self.steps, self.others])
        side.add_class("app-side")
        return side

    def _tell_progress(self) -> None:
        language, counts = self.room.language, count_decisions(self.room.decided.client.decisions)
        for step, chapter in zip(self.steps, CHAPTERS, strict=True):
            n_decisions = counts.get(chapter.name, 0)
            told = language.plural(n_decisions, language.text("{n} decision"), language.text("{n} decisions"))
            line = told.format(n=language.number(n_decisions)) if n_decisions else ""
            step.description = "\n".join(filter(None, [language.text(chapter.title), line]))
            (step.add_class if n_decisions else step.remove_class)("is-decided")

    def _tell_news(self) -> None:
        self.news.value = str(_NOTE.format(self.room.notice)) if self.room.notice else ""
        self.notice.layout.display = "flex" if self.room.notice else "none"

    def tell_others(self, others: tuple[Session, ...]) -> None:
        """Say who else has the client open."""
        self.others.value = str(Markup("").join(map(_NOTE.format, list_others(others, self.room.language))))

    def load_again(self) -> None:
        """Open the client anew, as it is on the disk."""
        try:
            self.room.load_again()
        except SalesModelError as error:
            self.room.notice = self.room.say(error)

    def _on_step(self, place: int, _: object) -> None:
        self.show_chapter(place)
        self.draw_soon(0)

    def show_chapter(self, place: int) -> None:
        """Show a chapter; its pictures are drawn when they are asked for."""
        self.place = place
        for number, step in enumerate(self.steps):
            (step.add_class if number == place else step.remove_class)("is-current")
        if place not in self.views:
            self.views[place] = ChapterView(CHAPTERS[place], number=place + 1, room=self.room,
                                            is_read_only=self.is_read_only)
        for number, view in self.views.items():
            for panel in view.panels:
                panel.awake = number == place
        self.main.children = [self.notice, self.views[place]]

    def _on_version(self) -> None:
        self._tell_progress()
        for view in self.views.values():
            view.mark_stale()
        self.draw_soon(_CALM)

    def draw_soon(self, wait: float) -> None:
        """Draw what is stale, one picture at a time, once so many seconds have passed without another call."""
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
        return self.views[self.place].draw_next(self.room.model)


def _list_facts(language: Language, name: str) -> Markup:
    """Return what the browser's own script needs: it speaks where the kernel no longer does."""
    text = language.text
    return _FACTS.format(
        language=language.code, title=text("Workshop: {client}", client=name), full=text("Full screen"),
        again=text("Load again"), steps=text("Chapters of the workshop"),
        lost=text("The workshop does not answer. What was recorded is kept: start it again, then load this page."))
