"""The response panel: the room's answers on what effort brings, the curve through them, and where hours earn most."""

from __future__ import annotations

import ipywidgets as widgets
import numpy as np

from salesmodel_kit.chain import SalesModel
from salesmodel_kit.charts.live_response import draw_live_response
from salesmodel_kit.charts.words import tier_word
from salesmodel_kit.language import N_
from salesmodel_kit.model.response import calibrate_curve
from salesmodel_kit.workshop.base import WIDE, Panel, align_sliders, make_row, put_on_slider
from salesmodel_kit.workshop.words import mark_tier, render_table

_ANSWERS = {"nothing": N_("With no effort"), "half": N_("With half of today's"), "half_more": N_("With half more"),
            "most": N_("With as much as one could")}
#: Where the sliders begin when nobody has answered; nothing is computed from them until one is moved.
_BEGINNING = {"nothing": 0.5, "half": 0.8, "half_more": 1.15, "most": 1.4}
#: Where an answer is drawn, as a multiple of today's effort.
_PLACES = {"nothing": 0.0, "half": 0.5, "half_more": 1.5}
_FURTHEST = 2.0
_HEADS = (N_("Tier"), N_("Sales of the next hour"), N_("Hours today"), N_("Hours that would sell most"))


class ResponsePanel(Panel):
    """Four answers for one tier, its curve, and the split of today's hours that would sell most."""

    title, kinds = N_("What one more hour brings"), ("set_response",)

    def _build(self) -> list[widgets.Widget]:
        language, text = self.room.language, self.room.language.text
        self._moved: dict[str, float] = {}
        tiers = [(tier_word(tier, language), tier) for tier in self.room.decided.strategy.tiers.levels]
        self.tier = widgets.Dropdown(options=tiers, description=text("Tier"), style=WIDE, layout={"width": "16em"})
        self.answers = {
            name: widgets.FloatSlider(description=text(word), min=0, max=1 if name in ("nothing", "half") else 4,
                                      step=0.01)
            for name, word in _ANSWERS.items()
        }
        self.picture, self.table = widgets.HTML(layout={"width": "820px"}), widgets.HTML()
        self.tier.observe(self._on_tier, names="value")
        for name, slider in self.answers.items():
            slider.observe(lambda change, name=name: self._on_answer(name, change["new"]), names="value")
        question = widgets.HTML(text(N_("What would this tier buy in a year, as a multiple of today's sales?")))
        sliders = widgets.VBox(align_sliders(self.answers.values(), language))
        return [make_row(self.tier, question),
                widgets.HBox([sliders, self.picture]), self.table]

    def _on_tier(self, _: object) -> None:
        if not self._is_setting:
            self.redraw()

    def _on_answer(self, name: str, multiple: float) -> None:
        if not self._is_setting:
            self._moved[name] = round(multiple, 4)
            known = self._read_answers(self.room.model) or _BEGINNING
            self.attempt("set_response", self.tier.value, {**known, **self._moved})

    def _read_answers(self, model: SalesModel) -> dict[str, float] | None:
        """Return the median answers for the tier; None where nobody has answered."""
        table = model.client.response
        rows = None if table is None else table[table["tier"] == self.tier.value]
        return None if rows is None or rows.empty else rows[list(_ANSWERS)].median().astype(float).to_dict()

    def _show_model(self, model: SalesModel) -> None:
        answers, language, self._moved = self._read_answers(model), model.language, {}
        for name, slider in self.answers.items():
            put_on_slider(slider, (answers or _BEGINNING)[name])
        self.picture.value = "" if answers is None else self._draw(answers, model)
        summary = model.response_summary
        rows = [] if summary is None else [
            (mark_tier(row.tier, language), language.money(row.sales_per_hour_now),
             language.hours(row.present_hours_per_year), language.hours(row.best_hours_per_year))
            for row in summary.itertuples()
        ]
        self.table.value = render_table([language.text(word) for word in _HEADS], rows) if rows else ""

    def _draw(self, answers: dict[str, float], model: SalesModel) -> str:
        curve = calibrate_curve(**answers)
        efforts = np.linspace(0, _FURTHEST, 81)
        points = [(_PLACES[name], answers[name]) for name in _PLACES] + [(1.0, 1.0)]
        return draw_live_response(efforts, curve.find_sales(efforts), answers=points, tier=self.tier.value,
                                  language=model.language)

    def _clear(self) -> None:
        self.picture.value = self.table.value = ""

    def _tell_ground(self, model: SalesModel) -> tuple[str, str]:
        table, text = model.client.response, model.language.text
        rows = None if table is None else table[table["tier"] == self.tier.value]
        if rows is None or rows.empty:
            return "", text(N_("Nobody has answered for this tier yet: move the first slider."))
        low, high = (model.language.number(value, 2) for value in (rows["most"].min(), rows["most"].max()))
        if len(rows) == 1:
            return "judged", text(N_("One answer; nothing says how far others would lie from it."))
        return "judged", text(N_("{n} answers, from {low} to {high} for as much as one could."), n=len(rows), low=low,
                              high=high)
