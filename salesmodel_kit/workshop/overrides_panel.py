"""The override panel: where the room decides otherwise than the rule, account by account, with the reason."""

from __future__ import annotations

import ipywidgets as widgets
import pandas as pd

from salesmodel_kit.chain import SalesModel
from salesmodel_kit.charts.words import tier_word
from salesmodel_kit.language import N_
from salesmodel_kit.workshop.base import WIDE, Panel, make_row
from salesmodel_kit.workshop.picker import AccountPicker
from salesmodel_kit.workshop.words import mark_tier, render_table

_MOST_ROWS = 15
_FACTS = (N_("Account"), N_("Tier by the rule"), N_("Tier"), N_("Value"), N_("Potential per year"))
_HEADS = (N_("Account"), N_("Tier by the rule"), N_("Tier"), N_("Decided by"), N_("Reason"))


class OverridesPanel(Panel):
    """One account's tier by the rule and as decided, and all accounts on which the room decided otherwise."""

    title, kinds = N_("Where the room decides otherwise"), ("override_tier",)

    def _build(self) -> list[widgets.Widget]:
        model, language = self.room.decided, self.room.language
        self.picker = AccountPicker(model.client.accounts, language=language)
        levels = [(tier_word(tier, language), tier) for tier in model.strategy.tiers.levels]
        self.tier = widgets.Dropdown(options=[(language.text(N_("As the rule says")), ""), *levels],
                                     description=language.text("Tier"), style=WIDE, layout={"width": "24em"})
        self.facts, self.table = widgets.HTML(), widgets.HTML()
        self.picker.observe(lambda _: self.redraw(), names="account")
        self.tier.observe(self._on_tier, names="value")
        return [make_row(self.picker, self.tier), self.facts, self.table]

    def _on_tier(self, change: dict[str, object]) -> None:
        if self._is_setting or not self.picker.account:
            return
        decided = self.room.decided.client.overrides
        is_lifted = change["new"] == "" and not (decided["account"] == self.picker.account).any()
        if is_lifted:
            self.drop([("override_tier", self.picker.account)])
        else:
            self.attempt("override_tier", self.picker.account, change["new"])

    def _show_model(self, model: SalesModel) -> None:
        overrides, language = model.client.overrides, model.language
        own = overrides.loc[overrides["account"] == self.picker.account, "tier"]
        self.tier.value = next(iter(own), "")
        self.facts.value = self._tell_account(model)
        tiers = model.account_tiers[model.account_tiers["account"].isin(overrides["account"])]
        rows = [
            (row.name, mark_tier(_known(row.tier_by_rule), language), mark_tier(_known(row.tier), language),
             row.override_by, row.override_reason)
            for row in tiers.head(_MOST_ROWS).itertuples()
        ]
        heads = [language.text(word) for word in _HEADS]
        self.table.value = render_table(heads, rows, n_words=5) if rows else ""

    def _tell_account(self, model: SalesModel) -> str:
        language = model.language
        rows = model.account_tiers[model.account_tiers["account"] == self.picker.account]
        return render_table([language.text(word) for word in _FACTS], [
            (row.name, mark_tier(_known(row.tier_by_rule), language), mark_tier(_known(row.tier), language),
             language.number(row.score, 2), language.brief_money(row.potential_per_year))
            for row in rows.itertuples()
        ], n_words=3)

    def _clear(self) -> None:
        self.facts.value = self.table.value = ""

    def _tell_ground(self, model: SalesModel) -> tuple[str, str]:
        n_overrides, n_accounts = len(model.client.overrides), len(model.account_tiers)
        one, many = (N_("{n} account is decided against the rule."), N_("{n} accounts are decided against the rule."))
        sentence = model.language.text(model.language.plural(n_overrides, one, many),
                                       n=model.language.number(n_overrides))
        if n_overrides > n_accounts / 10:
            sentence += " " + model.language.text(N_("That is more than one in ten: a criterion is missing."))
        return "judged", sentence


def _known(tier: object) -> str:
    return "unknown" if pd.isna(tier) else str(tier)
