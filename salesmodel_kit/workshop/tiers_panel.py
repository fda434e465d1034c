"""The tier panel: move the cut, see the tiers, record what the room decides."""

from __future__ import annotations

import ipywidgets as widgets
import pandas as pd
from pydantic import ValidationError

from salesmodel_kit.chain import SalesModel
from salesmodel_kit.charts.live_potential import draw_live_potential
from salesmodel_kit.charts.words import tier_word
from salesmodel_kit.client.profile import TierRule
from salesmodel_kit.language import N_
from salesmodel_kit.workshop.base import WIDE, Panel, align_sliders, make_row, put_on_slider
from salesmodel_kit.workshop.words import mark_tier, note_first_ways, render_table

RULES: tuple[str, ...] = ("potential_share", "account_share", "capacity", "natural_breaks", "cutoff")
_STEP = 0.01
#: Where a slider stands for a tier whose rule had no number and that holds nothing.
_START = 0.2
#: An account whose score lies so near a cut changes tier with the next small change of the data.
_NEAR = 0.02
_HEADS = (N_("Tier"), N_("Accounts"), N_("Potential per year"), N_("Hours asked per year"))


class TierPanel(Panel):
    """The tier rule and its numbers over the curve of potential, with what each tier holds and asks for."""

    title, kinds = N_("Where we cut"), ("set_tier_rule",)

    def _build(self) -> list[widgets.Widget]:
        text, language = self.room.language.text, self.room.language
        #: What was moved since the room's state was last shown: a refused cut stays where the hand put it.
        self._moved: dict[str, float] = {}
        labels = {
            "potential_share": text("By share of cumulated potential"),
            "account_share": text("By share of accounts"),
            "capacity": text("By the hours of the team"),
            "natural_breaks": text("By natural breaks"),
            "cutoff": text("By lowest score"),
        }
        self.rule = widgets.Dropdown(options=[(labels[name], name) for name in RULES], description=text("Rule"),
                                     style=WIDE, layout={"width": "26em"})
        self.cuts = {
            tier: widgets.FloatSlider(description=tier_word(tier, language), min=0, max=1, step=_STEP)
            for tier in self.room.decided.strategy.tiers.levels[:-1]
        }
        self.counts, self.picture = widgets.HTML(), widgets.HTML(layout={"max_width": "1150px"})
        self.rule.observe(self._on_rule, names="value")
        for tier, slider in self.cuts.items():
            slider.observe(lambda change, tier=tier: self._on_cut(tier, change["new"]), names="value")
        return [make_row(self.rule), *align_sliders(self.cuts.values(), language), self.counts, self.picture]

    def _on_rule(self, _: object) -> None:
        """Start another rule from the tiers that are on the screen, so that nothing jumps."""
        if not self._is_setting:
            self._try({} if self.rule.value == "natural_breaks" else propose_cuts(self.room.model, self.rule.value))

    def _on_cut(self, tier: str, number: float) -> None:
        if not self._is_setting:
            self._moved[tier] = round(number, 4)
            beside = {name: slider.value for name, slider in self.cuts.items()}
            self._try({**beside, **self.room.model.strategy.tiers.cuts, **self._moved})

    def _try(self, cuts: dict[str, float]) -> None:
        tiers = self.room.model.strategy.tiers
        try:
            rule = TierRule(rule=self.rule.value, levels=tiers.levels, names=tiers.names, **cuts)
        except ValidationError:
            self.refuse(self.room.language.text(N_("Each number must lie between 0 and 1.")))
            return
        self.attempt("set_tier_rule", "tiers", rule)

    def _show_model(self, model: SalesModel) -> None:
        rule, self._moved = model.strategy.tiers, {}
        self.rule.value = rule.rule
        for tier, slider in self.cuts.items():
            slider.disabled = rule.rule == "natural_breaks"
            put_on_slider(slider, rule.cuts.get(tier, slider.value if slider.disabled else _START))
        self.counts.value, self.picture.value = self._count_tiers(model), self._draw(model)

    def _clear(self) -> None:
        self.counts.value = self.picture.value = ""

    def _count_tiers(self, model: SalesModel) -> str:
        language = model.language
        rows = [
            (mark_tier(row.tier, language), language.number(row.n_accounts),
             language.brief_money(row.potential_per_year), language.hours(row.workload_hours_per_year))
            for row in model.first_tier_summary.itertuples()
        ]
        return render_table([language.text(word) for word in _HEADS], rows) + note_first_ways(model)

    def _draw(self, model: SalesModel) -> str:
        if not model.account_tiers["potential_per_year"].gt(0).any():
            return ""
        return draw_live_potential(model.account_tiers, model.first_tier_summary, language=model.language)

    def _tell_ground(self, model: SalesModel) -> tuple[str, str]:
        n_near = count_near_cuts(model)
        if n_near is None:
            return "judged", model.language.text(N_("No cut can be drawn: not enough is known."))
        one, many = (N_("{n} account lies within {margin} points of a cut: a small change of the data moves it."),
                     N_("{n} accounts lie within {margin} points of a cut: a small change of the data moves them."))
        sentence = model.language.plural(n_near, one, many)
        return "judged", model.language.text(sentence, n=model.language.number(n_near),
                                             margin=model.language.number(_NEAR, 2))


def count_near_cuts(model: SalesModel) -> int | None:
    """Return how many accounts lie so near a cut that a small change moves them; None where nothing is cut."""
    if not model.is_cut:
        return None
    cutoffs = list(model.cutoffs.values())[:-1]
    score = model.account_scores["score"]
    return int(pd.concat([(score - cut).abs() <= _NEAR for cut in cutoffs], axis=1).any(axis=1).sum())


def propose_cuts(model: SalesModel, rule: str) -> dict[str, float]:
    """Return the numbers of another rule that leave the tiers about as they are.

    Parameters
    ----------
    model : SalesModel
        With the tiers on the screen.
    rule : str
        The rule to come; ``capacity`` takes what the tiers hold of the hours asked for.
    """
    summary = model.first_tier_summary.set_index("tier")
    hours = summary["workload_hours_per_year"]
    summary = summary.assign(workload_hours_share=hours / (hours.sum() or float("nan")))
    column = {"cutoff": "cutoff", "account_share": "account_share", "potential_share": "potential_share",
              "capacity": "workload_hours_share"}[rule]
    cuts: dict[str, float] = {}
    for tier in model.strategy.tiers.levels[:-1]:
        number = float(summary.at[tier, column]) if tier in summary.index else _START
        number = _START if pd.isna(number) else round(number / _STEP) * _STEP
        if rule == "cutoff" and cuts:
            number = min(number, min(cuts.values()) - _STEP)
        cuts[tier] = round(min(max(number, 0.0), 1.0 if rule == "cutoff" else 1.0 - sum(cuts.values())), 2)
    return cuts
