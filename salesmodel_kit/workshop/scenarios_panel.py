"""The scenarios panel: two states side by side, and the one that the room adopts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import ipywidgets as widgets

from salesmodel_kit.chain import SalesModel
from salesmodel_kit.chain.futures import compare_scenarios
from salesmodel_kit.client.decision import Decision
from salesmodel_kit.client.states import plan_state
from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.language import N_
from salesmodel_kit.reports.exhibits.allocation import find_plan_gap, report_no_plan
from salesmodel_kit.workshop.alternatives import DECIDED, Alternatives, Key
from salesmodel_kit.workshop.base import WIDE, Panel, make_button, make_row, set_options
from salesmodel_kit.workshop.side_by_side import draw_sides, list_sides, tabulate_sides

#: Seconds that the browser gets to show that something is being computed.
_SHOW_FIRST = 0.1


class ScenariosPanel(Panel):
    """Two of what was decided, what is tried, the scenarios and the named states; computed when it is asked for."""

    title = N_("One plan beside another")

    def _build(self) -> list[widgets.Widget]:
        text = self.room.language.text
        self.alternatives = Alternatives(self.room)
        self._compared: tuple[SalesModel, ...] = ()
        self._timer: asyncio.TimerHandle | None = None
        self._taken: tuple[Decision, ...] = ()
        self.first, self.second = (
            widgets.Dropdown(options=[("", DECIDED)], description=text(word), style=WIDE, layout={"width": "30em"})
            for word in (N_("First"), N_("Second")))
        self.compare = make_button(text(N_("Compare")), "columns", style="primary")
        self.name = widgets.Text(description=text(N_("Name what is decided now")), style=WIDE, layout={"width": "30em"})
        self.keep = make_button(text(N_("Keep under this name")), "bookmark")
        self.adopt = make_button(text(N_("Adopt the second")), "check")
        self.take_back = make_button(text(N_("Take the last step back")), "undo")
        for control in (self.record, self.back):
            control.layout.display = "none"  # nothing is tried here: to adopt is to decide
        self.hint, self.picture = widgets.HTML(), widgets.HTML(layout={"max_width": "1150px"})
        self.table = widgets.HTML()
        for control in (self.first, self.second):
            control.observe(lambda _: None if self._is_setting else self.empty(), names="value")
        self.compare.on_click(lambda _: self.compare_soon())
        self.adopt.on_click(lambda _: self.adopt_second())
        self.keep.on_click(lambda _: self.keep_state())
        self.take_back.on_click(lambda _: self.take_step_back())
        return [make_row(self.first, self.second, self.compare), self.hint, self.picture, self.table,
                make_row(self.adopt, self.take_back, self.name, self.keep)]

    def _show_model(self, model: SalesModel) -> None:
        options = self.alternatives.list_options()
        set_options(self.first, options)
        was_there = self.second.value
        set_options(self.second, options)
        if self.second.value == self.first.value and was_there == DECIDED and len(options) > 1:
            self.second.value = options[1][1]
        self.take_back.disabled = not self._taken
        if self._compared and not self._still_holds():
            self.empty(N_("What was compared has changed; compare again."))
        elif not self._compared:
            self.empty()

    def _still_holds(self) -> bool:
        """Return whether the two that are on the screen are what stands now; nothing is computed for it."""
        known = [self.alternatives.find_known(control.value) for control in (self.first, self.second)]
        return all(one is other for one, other in zip(self._compared, known, strict=True))

    def empty(self, sentence: str = "") -> None:
        """Take the comparison off the screen, and say why or what to do."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer, self._compared = None, ()
        self._show("", "")
        self.compare.disabled = is_one = self.first.value == self.second.value
        self.adopt.disabled = self.second.value[0] not in ("scenario", "state")
        if is_one:
            sentence = N_("Choose two that differ: something that is being tried, a scenario in the client's folder, "
                          "or a state under a name.")
        self.hint.value = f"<p>{self.room.language.text(sentence)}</p>" if sentence else ""
        self.remove_class("smk-computing")

    def compare_soon(self) -> None:
        """Say that something is being computed, then compare; at once where no browser waits."""
        self.empty(N_("Being computed: both plans, from the segments to the territories…"))
        self.add_class("smk-computing")
        self.compare.disabled = True
        try:
            self._timer = asyncio.get_running_loop().call_later(_SHOW_FIRST, self._compare_both)
        except RuntimeError:
            self._compare_both()

    def _compare_both(self) -> None:
        keys: tuple[Key, Key] = (self.first.value, self.second.value)
        try:
            models = tuple(self.alternatives.find_model(key) for key in keys)
            lacking = next((model for model in models if find_plan_gap(model)), None)
            if lacking is not None:
                self.empty(report_no_plan(lacking, name="scenarios").title)
                return
            names = (self.first.label, self.second.label)
            compared = compare_scenarios(dict(zip(("first", "second"), models, strict=True)),
                                         labels=dict(zip(("first", "second"), names, strict=True)))
        except SalesModelError as error:
            self.empty()
            self.say(self.room.say(error))
            return
        self.empty()
        self._compared = models
        language = self.room.language
        sides = list_sides(compared, language=language)
        self._show(draw_sides(sides, names=names, language=language),
                   tabulate_sides(sides, names=names, language=language))

    def _show(self, picture: str, table: str) -> None:
        for widget, html in ((self.picture, picture), (self.table, table)):
            widget.value, widget.layout.display = html, "block" if html else "none"

    def adopt_second(self) -> None:
        """Write the second to the journal: it holds for every later run, and can be taken back."""
        key, name = self.second.value, self.second.label
        self._write(lambda credit: self._decide(self.alternatives.plan(key, **credit)),
                    N_("Adopted: {name}. Every later run of this client follows it."), name=name)

    def take_step_back(self) -> None:
        """Withdraw the last step of this panel, and nothing that was decided beside it; the journal says so too."""
        self._write(lambda credit: self._withdraw(self.alternatives.plan_way_back(self._taken, **credit)),
                    N_("What was decided before is in force again."))

    def _decide(self, decisions: tuple[Decision, ...]) -> None:
        if not decisions:
            raise SalesModelError(N_("This is in force already; nothing was written."))
        self.room.write(decisions)
        self._taken = decisions

    def _withdraw(self, decisions: tuple[Decision, ...]) -> None:
        self.room.write(decisions)
        self._taken = ()

    def keep_state(self) -> None:
        """Give what is decided now a name."""
        name = self.name.value
        self._write(lambda credit: self.room.write((plan_state(name, **credit),)),
                    N_("Kept: {name}. It stands among the states from now on."), name=name)

    def _write(self, write: Callable[[dict[str, str]], object], said: str, **facts: str) -> None:
        """Write something to the journal with author and reason, and say so, or why not."""
        credit = {"by": self.author.value.strip(), "reason": self.reason.value.strip()}
        try:
            if not all(credit.values()):
                raise SalesModelError(N_("A decision needs a name and a reason; fill in both, then record it."))
            write(credit)
        except SalesModelError as error:
            self.say(self.room.say(error))
            return
        self.redraw()
        self.say(self.room.language.text(said, **facts))
        self.reason.value = ""

    def _clear(self) -> None:
        self.empty()

    def _tell_ground(self, model: SalesModel) -> tuple[str, str]:
        return "mixed", model.language.text(
            N_("Both are computed on today's data; expected sales of both rest on the room's answers in the first."))
