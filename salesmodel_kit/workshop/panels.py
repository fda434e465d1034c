"""The tier panel: move the cut, see the tiers, record what the room decides."""

from __future__ import annotations

import base64
import datetime as dt
from dataclasses import replace

import ipywidgets as widgets
from markupsafe import Markup
from pydantic import ValidationError

from salesmodel_kit.chain import SalesModel, build_model
from salesmodel_kit.charts.cumulated_potential import draw_cumulated_potential
from salesmodel_kit.charts.style import save_svg
from salesmodel_kit.charts.words import tier_word
from salesmodel_kit.client.decisions import Decision, append_decision
from salesmodel_kit.client.profile import TierRule
from salesmodel_kit.errors import SalesModelError

RULES: tuple[str, ...] = ("potential_share", "account_share", "capacity", "natural_breaks", "cutoff")
_STEP = 0.01
#: Where a slider stands for a tier whose rule had no number.
_START = 0.2


def open_tier_panel(model: SalesModel, *, interactive: bool) -> TierPanel | None:
    """Return the tier panel, or nothing where nobody is there to move it.

    Parameters
    ----------
    model : SalesModel
        The client's model as decided so far.
    interactive : bool
        False in a batch: the exhibits around the panel show the present state.

    Returns
    -------
    TierPanel or None
        To be shown as the value of a cell.
    """
    return TierPanel(model) if interactive else None


class TierPanel(widgets.VBox):
    """Sliders for the tier rule over a live picture, and a button that records the decision.

    Parameters
    ----------
    model : SalesModel
        The model as decided so far; the panel works on copies of it.
    """

    def __init__(self, model: SalesModel) -> None:
        self.decided = model
        self.model = model
        text = model.language.text
        labels = {
            "potential_share": text("By share of cumulated potential"),
            "account_share": text("By share of accounts"),
            "capacity": text("By the hours of the team"),
            "natural_breaks": text("By natural breaks"),
            "cutoff": text("By lowest score"),
        }
        self.rule = widgets.Dropdown(options=[(labels[name], name) for name in RULES], description=text("Rule"))
        self.cuts = {tier: self._make_slider(tier) for tier in model.strategy.tiers.levels[:-1]}
        self.author = widgets.Text(description=text("Decided by"))
        self.reason = widgets.Text(description=text("Reason"), layout=widgets.Layout(width="34em"))
        self.record = widgets.Button(description=text("Record this decision"), button_style="primary", icon="check")
        self.back = widgets.Button(description=text("Back to what we decided"), icon="undo")
        for button in (self.record, self.back):
            button.layout.width = "auto"
        self.counts, self.picture, self.message = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self._set_controls(model.strategy.tiers)
        self._watch()
        self.show()
        super().__init__(
            [
                widgets.HBox([self.rule, *self.cuts.values()]),
                self.counts,
                self.picture,
                widgets.HBox([self.author, self.reason]),
                widgets.HBox([self.record, self.back]),
                self.message,
            ]
        )

    def _make_slider(self, tier: str) -> widgets.FloatSlider:
        return widgets.FloatSlider(
            description=tier_word(tier, self.decided.language), min=0, max=1, step=_STEP, continuous_update=False
        )

    def _watch(self) -> None:
        for control in (self.rule, *self.cuts.values()):
            control.observe(self._on_change, names="value")
        self.record.on_click(lambda _: self.record_decision())
        self.back.on_click(lambda _: self.go_back())

    def _on_change(self, _: object) -> None:
        if not self._is_setting:
            self.show()

    def _set_controls(self, rule: TierRule) -> None:
        self._is_setting = True
        self.rule.value = rule.rule
        for tier, slider in self.cuts.items():
            slider.value = rule.cuts.get(tier, _START)
        self._is_setting = False

    def show(self) -> None:
        """Show the tiers of the rule on the controls; a rule that cannot be is answered by a sentence, no picture."""
        try:
            strategy = self.decided.strategy.model_copy(update={"tiers": self._read_controls()})
            self.model = build_model(replace(self.decided.client, strategy=strategy))
            self.counts.value, self.picture.value = self._count_tiers(), self._draw()
            self._say("")
            self.record.disabled = False
        except (SalesModelError, ValidationError) as error:
            self.counts.value = self.picture.value = ""
            self.record.disabled = True
            self._say(self.decided.language.say(error.message) if isinstance(error, SalesModelError) else str(error))

    def _read_controls(self) -> TierRule:
        """Return the rule on the controls; natural breaks take no numbers."""
        finds_itself = self.rule.value == "natural_breaks"
        for slider in self.cuts.values():
            slider.disabled = finds_itself
        given = {} if finds_itself else {tier: slider.value for tier, slider in self.cuts.items()}
        tiers = self.decided.strategy.tiers
        return TierRule(rule=self.rule.value, levels=tiers.levels, names=tiers.names, **given)

    def _count_tiers(self) -> str:
        language = self.model.language
        rows = Markup("").join(
            Markup("<tr><th style='text-align:left'>{}</th><td>{}</td><td>{}</td><td>{}</td></tr>").format(
                tier_word(row.tier, language),
                language.number(row.n_accounts),
                language.brief_money(row.potential_per_year),
                language.hours(row.workload_hours_per_year),
            )
            for row in self.model.tier_summary.itertuples()
        )
        heads = ("Tier", "Accounts", "Potential per year", "Hours asked per year")
        head = Markup("").join(Markup("<th scope='col'>{}</th>").format(language.text(word)) for word in heads)
        return str(Markup("<table style='font-size:1.3em'><tr>{}</tr>{}</table>").format(head, rows))

    def _draw(self) -> str:
        if not self.model.account_tiers["potential_per_year"].gt(0).any():
            return ""
        figure = draw_cumulated_potential(
            self.model.account_tiers, self.model.tier_summary, language=self.model.language
        )
        picture = base64.b64encode(save_svg(figure)).decode("ascii")
        alt = self.model.language.text("Cumulated potential of the accounts, best first, with the cuts between tiers")
        return str(Markup("<img alt='{}' src='data:image/svg+xml;base64,{}'>").format(alt, picture))

    def _say(self, sentence: str) -> None:
        self.message.value = str(Markup("<p role='status'>{}</p>").format(sentence))

    def go_back(self) -> None:
        """Set the controls back to what was decided."""
        self._set_controls(self.decided.strategy.tiers)
        self.show()

    def record_decision(self) -> None:
        """Append the rule on the controls to the client's decision journal, with author and reason."""
        text = self.decided.language.text
        if not (self.author.value.strip() and self.reason.value.strip()):
            self._say(text("A decision needs a name and a reason; fill in both, then record it."))
            return
        try:
            append_decision(
                self.decided.client.source,
                Decision(
                    at=dt.datetime.now(dt.UTC),
                    by=self.author.value.strip(),
                    kind="set_tier_rule",
                    subject="tiers",
                    old=self.decided.strategy.tiers,
                    new=self.model.strategy.tiers,
                    reason=self.reason.value.strip(),
                ),
            )
        except SalesModelError as error:
            self._say(self.decided.language.say(error.message))
            return
        self.decided = self.model
        self._say(text("Recorded. Every later run of this client follows it."))
