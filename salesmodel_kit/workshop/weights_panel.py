"""The weights panel: say what counts, see who moves."""

from __future__ import annotations

import ipywidgets as widgets
import pandas as pd

from salesmodel_kit.chain import SalesModel
from salesmodel_kit.charts.live_bars import Bar, draw_live_bars
from salesmodel_kit.charts.words import axis_word
from salesmodel_kit.language import N_
from salesmodel_kit.tables import AXES
from salesmodel_kit.workshop.base import WIDE, Panel, make_row
from salesmodel_kit.workshop.standing import tell_tier_moves
from salesmodel_kit.workshop.weighing import METHODS, Pairs, Weighing
from salesmodel_kit.workshop.words import mark_tier, render_table

_N_BEST = 10
#: Comparisons that contradict one another beyond this are talked over again (Saaty 1980).
_MOST_CONTRADICTION = 0.1
_METHOD_WORDS = {"points": N_("By points"), "order": N_("By order"), "pairs": N_("In pairs"),
                 "swings": N_("By swings")}
_HEADS = (N_("Account"), N_("Tier"), N_("Rank"), N_("Rank as decided"), N_("Value"))


class WeightsPanel(Panel):
    """The weights of one group of criteria by one of four methods, the ten best accounts and who changes tier."""

    title, kinds = N_("What counts, and how much"), ("set_weights",)

    def _build(self) -> list[widgets.Widget]:
        text = self.room.language.text
        self.group = widgets.Dropdown(options=self._list_groups(), description=text(N_("Criteria of")), style=WIDE,
                                      layout={"width": "28em"})
        self.method = widgets.ToggleButtons(options=[(text(word), name) for name, word in _METHOD_WORDS.items()],
                                            style={"button_width": "auto"})
        self.question, self.bars = widgets.HTML(), widgets.HTML(layout={"max_width": "1100px"})
        self.place, self.moves, self.best = widgets.VBox([]), widgets.HTML(), widgets.HTML()
        self.weighings: dict[tuple[object, str], Weighing] = {}
        for control in (self.group, self.method):
            control.observe(self._on_choice, names="value")
        return [make_row(self.group, self.method), self.question, self.place, self.bars, self.moves, self.best]

    def _list_groups(self) -> list[tuple[str, tuple[str, str]]]:
        """Return the axes, those of the accounts first, and the criteria that have sub-criteria of their own."""
        criteria, language = self.room.decided.client.criteria, self.room.language
        axes = [axis for axis in ("potential", "chance", *AXES) if (criteria["axis"] == axis).any()]
        groups = [(axis_word(axis, language), (axis, "")) for axis in dict.fromkeys(axes)]
        wholes = criteria[criteria["criterion"].isin(_find_parents(criteria))]
        return groups + [(row.label, (row.axis, row.criterion)) for row in wholes.itertuples()]

    def _find_group(self, model: SalesModel) -> pd.DataFrame:
        axis, parent = self.group.value
        criteria = model.client.criteria
        return criteria[(criteria["axis"] == axis) & (_find_parents(criteria) == parent)]

    def _on_choice(self, _: object) -> None:
        if not self._is_setting:
            self.redraw()

    @property
    def weighing(self) -> Weighing:
        """Return the controls of the chosen group and method."""
        key = (self.group.value, self.method.value)
        if key not in self.weighings:
            rows = self._find_group(self.room.decided)
            labels = dict(zip(rows["criterion"], rows["label"], strict=True))
            self.weighings[key] = METHODS[self.method.value](
                labels, language=self.room.language, on_weights=self._on_weights,
                on_refusal=lambda error: self.say(self.room.say(error)),
            )
        return self.weighings[key]

    def _on_weights(self, weights: dict[str, float]) -> None:
        self.attempt("set_weights", self.group.value[0], weights)

    def _show_model(self, model: SalesModel) -> None:
        rows, language = self._find_group(model), model.language
        self.question.value = language.text(self.weighing.question)
        if self.place.children != (self.weighing,):
            self.place.children = (self.weighing,)
        weights = dict(zip(rows["criterion"], rows["weight"].astype(float), strict=True))
        self.weighing.set_weights(weights)
        total = sum(weights.values()) or 1.0
        bars = [Bar(row.label, weights[row.criterion], language.share(weights[row.criterion] / total))
                for row in rows.itertuples()]
        self.bars.value = draw_live_bars(bars, alt=language.text(N_("Weights of the criteria")))
        self.moves.value = f"<p>{tell_tier_moves(self.room.decided, model)}</p>"
        self.best.value = self._list_best(model)

    def _list_best(self, model: SalesModel) -> str:
        scores, language = model.account_scores, model.language
        best = scores[scores["rank_by_value"] <= _N_BEST].sort_values(["rank_by_value", "account"]).head(_N_BEST)
        decided = self.room.decided.account_scores["rank_by_value"]
        tiers = model.account_tiers["tier"].fillna("unknown")
        rows = [
            (row.name, mark_tier(tiers[row.Index], language), language.number(row.rank_by_value),
             language.number(decided[row.Index]), language.number(row.score, 2))
            for row in best.itertuples()
        ]
        return render_table([language.text(word) for word in _HEADS], rows, n_words=2)

    def _clear(self) -> None:
        self.bars.value = self.moves.value = self.best.value = ""

    def _tell_ground(self, model: SalesModel) -> tuple[str, str]:
        text, weighing = model.language.text, self.weighing
        basis = self.room.decided.data_basis.get("weight")
        said = "judged" if basis is None else basis.basis
        if isinstance(weighing, Pairs) and weighing.result is not None:
            ratio = weighing.result.consistency_ratio
            if ratio == ratio:
                sentence = (N_("The comparisons contradict one another (ratio {ratio}): talk over one of them again.")
                            if ratio > _MOST_CONTRADICTION else N_("The comparisons agree well (ratio {ratio})."))
                return said, text(sentence, ratio=model.language.number(ratio, 2))
        return said, text(N_("A judgement of the room, not a measurement.")) if basis is None else basis.source


def _find_parents(criteria: pd.DataFrame) -> pd.Series:
    if "parent" not in criteria:
        return pd.Series("", index=criteria.index)
    return criteria["parent"].fillna("").astype(str)
