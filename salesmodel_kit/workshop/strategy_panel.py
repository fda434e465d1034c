"""The strategy panel: conquest, retention or between, and what that does to tiers and people."""

from __future__ import annotations

import ipywidgets as widgets
import pandas as pd
from markupsafe import Markup

from salesmodel_kit.chain import SalesModel
from salesmodel_kit.charts.live_pairs import draw_live_pairs
from salesmodel_kit.charts.words import role_word, tier_word
from salesmodel_kit.language import N_, set_type
from salesmodel_kit.workshop.base import WIDE, Panel
from salesmodel_kit.workshop.side_by_side import make_pair
from salesmodel_kit.workshop.standing import Topic, find_strategy_name, tell_tier_moves
from salesmodel_kit.workshop.words import note_first_ways, render_table

_TOPIC: Topic = ("choose_strategy", "strategy")
_HEADS = (N_("Tier"), N_("Accounts as decided"), N_("Accounts"), N_("Hours asked per year"))


class StrategyPanel(Panel):
    """The strategy in force, the others beside it; tiers and people as decided and as they would be."""

    title, kinds = N_("Which strategy we follow"), ("choose_strategy",)

    def _build(self) -> list[widgets.Widget]:
        options = [(self._name(name), name) for name in self.room.decided.client.strategies.names]
        self.strategy = widgets.Dropdown(options=options, description=self.room.language.text(N_("Strategy")),
                                         style=WIDE, layout={"width": "26em"})
        self.why, self.moves = widgets.HTML(), widgets.HTML()
        self.picture, self.table = widgets.HTML(layout={"max_width": "1150px"}), widgets.HTML()
        self.strategy.observe(self._on_strategy, names="value")
        return [self.strategy, self.why, self.picture, self.moves, self.table]

    def _name(self, name: str) -> str:
        """Return what a strategy is called; one whose file cannot be followed says so."""
        language = self.room.language
        strategy, problems = self.room.decided.client.strategies.read(name)
        if strategy is None or problems:
            return language.text(N_("{name} (its file has a fault)"), name=name)
        return strategy.label.get(language.code, name)

    def _on_strategy(self, change: dict[str, object]) -> None:
        if self._is_setting:
            return
        if change["new"] == find_strategy_name(self.room.decided):
            self.drop([_TOPIC])
        else:
            self.attempt(*_TOPIC, change["new"])

    def _show_model(self, model: SalesModel) -> None:
        language = model.language
        name = str(self.room.tried.get(_TOPIC, find_strategy_name(self.room.decided)))
        self.strategy.value = name
        self.why.value = str(Markup("<p>{}</p>").format(set_type(
            model.strategy.reasoning.get(language.code, ""), language.code)))
        self.picture.value, self.moves.value = self._draw(model), f"<p>{tell_tier_moves(self.room.decided, model)}</p>"
        decided = self.room.decided.first_tier_summary.set_index("tier")["n_accounts"]
        rows = [(tier_word(row.tier, language), language.number(decided.get(row.tier, 0)),
                 language.number(row.n_accounts), language.hours(row.workload_hours_per_year))
                for row in model.first_tier_summary.itertuples()]
        self.table.value = render_table([language.text(word) for word in _HEADS], rows) + note_first_ways(model)

    def _draw(self, model: SalesModel) -> str:
        text, decided = model.language.text, self.room.decided
        tiers = [(text(N_("{tier}, accounts"), tier=tier_word(tier, model.language)), (before, after), "number")
                 for tier, before, after in _match(decided.first_tier_summary, model.first_tier_summary,
                                                    "tier", "n_accounts")]
        people = [(text(N_("{role}, needed"), role=role_word(role, model.language)), (before, after), "decimal")
                  for role, before, after in _match(decided.first_role_summary, model.first_role_summary,
                                                      "role", "n_reps_needed")]
        pairs = [make_pair(*measure, language=model.language) for measure in [*tiers, *people]]
        return draw_live_pairs(pairs, names=(text(N_("As decided")), text(N_("As on the screen"))),
                               alt=text(N_("Accounts of each tier and people needed, as decided and as on the screen")))

    def _clear(self) -> None:
        self.picture.value = self.moves.value = self.table.value = self.why.value = ""

    def _tell_ground(self, model: SalesModel) -> tuple[str, str]:
        return "judged", model.language.text(
            N_("What the client's file says for every strategy holds in each: its own tier rule and call norms."))


def _match(before: pd.DataFrame, after: pd.DataFrame, key: str, column: str) -> list[tuple[str, float, float]]:
    """Return name, amount before and after; 0 where a state has none."""
    sides = [part.set_index(key)[column].astype(float) for part in (before, after)]
    names = list(dict.fromkeys([*sides[0].index, *sides[1].index]))
    return [(name, float(sides[0].get(name, 0.0)), float(sides[1].get(name, 0.0))) for name in names]
