"""What all panels share: heading, refusals, undo and redo, the bar that records, and never a stale picture."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import ipywidgets as widgets
from markupsafe import Markup
from traitlets import Bool, Int

from salesmodel_kit.chain import SalesModel
from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.language import N_, Language
from salesmodel_kit.workshop.room import Room
from salesmodel_kit.workshop.standing import Topic
from salesmodel_kit.workshop.stillness import call_when_still
from salesmodel_kit.workshop.words import PANEL_STYLE, render_ground, render_note

#: Parts of a panel above its own controls and below them.
_ABOVE, _BELOW = 3, 3


class Panel(widgets.VBox):
    """A panel of the room: controls beside what they change, drawn from the room's state and from nothing else.

    A panel makes its controls (``_build``), shows a model (``_show_model``),
    empties what it can no longer vouch for (``_clear``), says what its numbers rest
    on (``_tell_ground``), and tries what was touched (:meth:`attempt`).

    Parameters
    ----------
    room : Room
        What was decided and what is being tried.

    Attributes
    ----------
    shown_version : int
        The version of the room's state that is on the screen; another one than the room's while it is recomputed.
    awake : bool
        False where nobody sees the panel (another step of a page): it is drawn when it is awake again.
    """

    #: Heading and the kinds of decisions that the panel tries and records.
    title: str = ""
    kinds: tuple[str, ...] = ()
    shown_version, awake = Int(-1), Bool(True)

    def __init__(self, room: Room) -> None:
        self.room = room
        self._built_on = room.n_grounds
        self._is_setting, self._is_refused, self._waits = False, False, None
        text = room.language.text
        self.heading, self.message, self.news = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.again = make_button(text(N_("Load again")), "refresh")
        self.undo, self.redo = make_button(text(N_("Undo")), "undo"), make_button(text(N_("Redo")), "repeat")
        self.back = make_button(text("Back to what we decided"), "history")
        self.record = make_button(text("Record this decision"), "check", style="primary")
        self.author = widgets.Text(description=text("Decided by"), style=WIDE, layout={"width": "22em"})
        self.reason = widgets.Text(description=text("Reason"), style=WIDE, layout={"width": "44em"})
        self.notice_row = widgets.HBox([self.news, self.again])
        body = self._build()
        super().__init__([
            widgets.HTML(PANEL_STYLE, layout={"display": "none"}), self.heading, self.notice_row, *body, self.message,
            make_row(self.author, self.reason), make_row(self.record, self.undo, self.redo, self.back),
        ])
        self.add_class("smk-panel")
        self._watch()
        room.watch_files()
        self.redraw()

    def _build(self) -> list[widgets.Widget]:
        """Return the controls and pictures of the panel, top to bottom; their values are set by ``_show_model``."""
        raise NotImplementedError

    def _show_model(self, model: SalesModel) -> None:
        """Set every control and picture from a model."""
        raise NotImplementedError

    def _clear(self) -> None:
        """Empty every picture and table: what is on the controls cannot be."""
        raise NotImplementedError

    def _tell_ground(self, model: SalesModel) -> tuple[str, str]:
        """Return what the panel's numbers rest on (a basis), and a sentence on how sure they are."""
        raise NotImplementedError

    def _watch(self) -> None:
        self.room.observe(self._on_version, names="version")
        self.room.observe(self._on_notice, names=["notice", "others"])
        self.observe(lambda _: self._wake(), names="awake")
        self.undo.on_click(lambda _: self._undo())
        self.redo.on_click(lambda _: self.room.redo())
        self.back.on_click(lambda _: self.go_back())
        self.record.on_click(lambda _: self.record_decision())
        self.again.on_click(lambda _: self.load_again())

    @property
    def topics(self) -> tuple[Topic, ...]:
        """Return what this panel can record of what is being tried."""
        return tuple(topic for topic in self.room.tried if topic[0] in self.kinds)

    def attempt(self, kind: str, subject: str, new: object) -> None:
        """Try a decision; one that cannot be is answered by a sentence, and no picture stands beside it."""
        if self._is_setting:
            return
        try:
            self.room.try_out(kind, subject, new, source=self)
        except SalesModelError as error:
            self.refuse(self.room.say(error))
        self.room.look_at_files()

    def refuse(self, sentence: str) -> None:
        """Say why what is on the controls cannot be; the pictures go until it can."""
        self._is_refused = True
        self._clear()
        self.record.disabled, self.undo.disabled, self.back.disabled = True, False, False
        self.say(sentence)

    def _on_version(self, _: object) -> None:
        if self.room.source is self:
            self.redraw()
        elif self.awake:
            self._say_waiting()
            self._waits = call_when_still(self._waits, self.redraw)

    def _wake(self) -> None:
        if self.awake and self.shown_version != self.room.version:
            self.redraw()

    def _say_waiting(self) -> None:
        self.add_class("smk-waiting")

    def redraw(self) -> None:
        """Draw the room's present state."""
        if self._waits is not None:
            self._waits.cancel()
        self._waits, self._is_refused = None, False
        if self._built_on != self.room.n_grounds:
            self._build_anew()
        try:
            with self.setting():
                self._show_model(self.room.model)
            self.say("")
        except SalesModelError as error:
            self._clear()
            self.say(self.room.language.say(error.message))
        self._show_state()
        self.shown_version = self.room.version
        self.remove_class("smk-waiting")

    def _build_anew(self) -> None:
        """Make the controls again: the files name other segments, accounts, criteria or tiers now."""
        with self.setting():
            body = self._build()
        self.children = (*self.children[:_ABOVE], *body, *self.children[-_BELOW:])
        self._built_on = self.room.n_grounds

    def _show_state(self) -> None:
        room, is_ours = self.room, bool(self.topics)
        try:
            basis, sentence = self._tell_ground(room.model)
        except SalesModelError:  # said below already
            basis, sentence = "", ""
        self.heading.value = render_ground(
            room.language, title=room.language.text(self.title), basis=basis, sentence=sentence, is_tried=room.is_tried
        )
        self.undo.disabled, self.redo.disabled = not room.can_undo, not room.can_redo
        self.record.disabled = self.back.disabled = not is_ours
        self._on_notice(None)

    def _on_notice(self, _: object) -> None:
        said = [sentence for sentence in (self.room.notice, self.room.others) if sentence]
        self.news.value = render_note(" ".join(said))
        self.notice_row.layout.display = "flex" if said else "none"
        self.again.layout.display = "inline-flex" if self.room.notice else "none"

    def _undo(self) -> None:
        """Take back what was refused, else the room's last step."""
        if self._is_refused:
            self.redraw()
        else:
            self.room.undo()

    @contextmanager
    def setting(self) -> Iterator[None]:
        """Set controls without trying what they say."""
        before, self._is_setting = self._is_setting, True
        try:
            yield
        finally:
            self._is_setting = before

    def say(self, sentence: str) -> None:
        """Say a sentence where a screen reader hears it too."""
        self.message.value = str(Markup("<p role='status' class='smk-said'>{}</p>").format(sentence))

    def go_back(self) -> None:
        """Go back to what was decided in the matters of this panel."""
        if self.drop(self.topics):
            self.redraw()

    def drop(self, topics: Iterable[Topic]) -> bool:
        """Go back to what was decided in some matters; return whether that can be: another trial may rest on them."""
        try:
            self.room.drop(topics, source=self)
        except SalesModelError as error:
            self.redraw()
            self.say(self.room.say(error))
            return False
        return True

    def record_decision(self) -> None:
        """Record what this panel tries, with author and reason."""
        try:
            n_recorded = self.room.record(self.topics, by=self.author.value, reason=self.reason.value)
        except SalesModelError as error:
            self.say(self.room.say(error))
            return
        self.redraw()
        text, plural = self.room.language.text, self.room.language.plural
        if n_recorded > 1:
            self.say(text(plural(n_recorded, N_("Recorded: {n} decision. Every later run of this client follows it."),
                                 N_("Recorded: {n} decisions. Every later run of this client follows them.")),
                          n=n_recorded))
        elif n_recorded:
            self.say(text("Recorded. Every later run of this client follows it."))
        self.reason.value = ""

    def load_again(self) -> None:
        """Open the client anew, as it is on the disk."""
        try:
            self.room.load_again()
        except SalesModelError as error:
            self.say(self.room.say(error))


def put_on_slider(slider: widgets.FloatSlider, value: float) -> None:
    """Set a slider to the nearest of its steps: a browser would send any other number back as if it had been moved."""
    slider.max = max(slider.max, value)
    slider.value = round(round(value / slider.step) * slider.step, 6)


def set_options(control: widgets.Dropdown, options: Sequence[tuple[str, object]]) -> None:
    """Set a list where it is another one; the choice stays where it still can."""
    if tuple(options) != tuple(control.options):
        chosen, known = control.value, [value for _, value in options]
        control.options = options
        control.value = chosen if chosen in known else next(iter(known), None)


def align_sliders(sliders: Iterable[widgets.FloatSlider], language: Language) -> list[widgets.HBox]:
    """Return sliders whose tracks begin under one another and are as long, each with its value beside it."""
    own = list(sliders)
    label = min(max((len(slider.description) for slider in own), default=0) * _EM_PER_LETTER, _MOST_LABEL_EM)
    for slider in own:
        slider.style.description_width = f"{label:.1f}em"
        slider.layout.width = f"{label + _TRACK_EM:.1f}em"
    return [read_out(slider, language) for slider in own]


def read_out(slider: widgets.FloatSlider, language: Language) -> widgets.HBox:
    """Return a slider with its value beside it as the language writes numbers; its own readout has a point always."""
    said = widgets.Label(layout={"min_width": "3.2em"})
    slider.readout = False

    def say(_: object = None) -> None:
        said.value = language.number(slider.value, 0 if slider.step >= 1 else 2)

    slider.observe(say, names=["value", "step"])
    say()
    return widgets.HBox([slider, said], layout={"align_items": "center"})


WIDE = {"description_width": "initial"}
#: Width of a letter of a label, of a slider's track, and of the longest label that is not cut, in the height of the
#: letters: a longer one would push every track off the page.
_EM_PER_LETTER, _TRACK_EM, _MOST_LABEL_EM = 0.54, 20.0, 32.0


def make_button(words: str, icon: str, *, style: str = "") -> widgets.Button:
    """Return a button as wide as its words."""
    return widgets.Button(description=words, icon=icon, button_style=style, layout={"width": "auto"})


def make_row(*parts: widgets.Widget) -> widgets.HBox:
    """Return widgets beside one another, on a second line where there is no room."""
    return widgets.HBox(list(parts), layout={"flex_flow": "row wrap", "align_items": "center"})


def make_grid(parts: Sequence[widgets.Widget], columns: str) -> widgets.GridBox:
    """Return widgets in rows of aligned columns."""
    return widgets.GridBox(list(parts), layout={"grid_template_columns": columns, "align_items": "center",
                                                "grid_gap": "0.2em 1em"})
