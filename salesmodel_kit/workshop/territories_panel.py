"""The territories panel: lock an account to a rep, see the plan and the loads that follow."""

from __future__ import annotations

import ipywidgets as widgets
import pandas as pd

from salesmodel_kit.chain import SalesModel
from salesmodel_kit.charts.live_bars import Bar, draw_live_bars
from salesmodel_kit.charts.live_map import draw_live_map
from salesmodel_kit.language import N_
from salesmodel_kit.workshop.base import WIDE, Panel, make_row, set_options
from salesmodel_kit.workshop.picker import AccountPicker
from salesmodel_kit.workshop.words import render_table

_MOST_BARS = 16
_HEADS = (N_("Account"), N_("Rep in the plan"), N_("Rep today"), N_("Locked to"))


class TerritoriesPanel(Panel):
    """Who looks after whom in the plan, on a map, with the load of each rep; accounts locked to a rep stay there."""

    title, kinds = N_("Who looks after whom"), ("lock_account",)

    def _build(self) -> list[widgets.Widget]:
        model, text = self.room.decided, self.room.language.text
        self.picker = AccountPicker(model.client.accounts, language=self.room.language)
        self.lock = widgets.Dropdown(options=[], description=text(N_("Locked to")), style=WIDE,
                                     layout={"width": "24em"})
        self.rep = widgets.Dropdown(options=[], description=text(N_("On the map")), style=WIDE,
                                    layout={"width": "24em"})
        self.facts, self.map = widgets.HTML(), widgets.HTML(layout={"width": "560px"})
        self.loads = widgets.HTML(layout={"width": "800px"})
        self.picker.observe(lambda _: self._on_view(), names="account")
        self.rep.observe(lambda _: self._on_view(), names="value")
        self.lock.observe(self._on_lock, names="value")
        return [make_row(self.picker, widgets.VBox([self.lock, self.rep])), self.facts,
                make_row(self.map, self.loads)]

    def _on_view(self) -> None:
        if not self._is_setting:
            self.redraw()

    def _on_lock(self, change: dict[str, object]) -> None:
        account = self.picker.account
        if self._is_setting or not account:
            return
        decided = self.room.decided.client.accounts
        was_locked = decided.loc[decided["account"] == account, "locked_rep"].notna().any()
        if change["new"] == "" and not was_locked:
            self.drop([("lock_account", account)])
        else:
            self.attempt("lock_account", account, change["new"])

    def _show_model(self, model: SalesModel) -> None:
        text, accounts = model.language.text, model.client.accounts.set_index("account")
        names = dict(zip(model.reps["rep"], model.reps["name"], strict=True))
        staying = model.reps.loc[~model.reps["leaving"].fillna(False).astype(bool), "rep"]
        set_options(self.lock, [(text(N_("nobody: the plan decides")), ""), *((names[rep], rep) for rep in staying)])
        set_options(self.rep, [(names[rep], rep) for rep in model.reps["rep"]])
        locked = accounts["locked_rep"].get(self.picker.account)
        self.lock.value = locked if isinstance(locked, str) else ""
        self.facts.value = self._tell_account(model, accounts, names)
        plan = model.territories.set_index("account")["rep"]
        places = accounts[["latitude", "longitude"]].assign(
            rep=plan.reindex(accounts.index), is_locked=accounts["locked_rep"].notna()).reset_index()
        self.map.value = draw_live_map(places, rep=self.rep.value or "", account=self.picker.account,
                                       language=model.language)
        self.loads.value = self._draw_loads(model)

    def _tell_account(self, model: SalesModel, accounts: pd.DataFrame, names: dict[str, str]) -> str:
        if self.picker.account not in accounts.index:
            return ""
        row, plan = accounts.loc[self.picker.account], model.territories.set_index("account")["rep"]
        found = (plan.get(self.picker.account), row["owner"], row["locked_rep"])
        cells = [names.get(rep, rep) if isinstance(rep, str) else "–" for rep in found]
        return render_table([model.language.text(word) for word in _HEADS], [(row["name"], *cells)],
                            n_words=4)

    def _draw_loads(self, model: SalesModel) -> str:
        language = model.language
        loads = model.rep_summary.sort_values("load", ascending=False).head(_MOST_BARS)
        bars = [
            Bar(row.name, float(row.hours_per_year) if pd.notna(row.hours_per_year) else 0.0,
                language.text(N_("{load} of {hours}"), load=language.share(row.load),
                              hours=language.hours(row.selling_hours_per_year)),
                limit=float(row.selling_hours_per_year))
            for row in loads.itertuples()
        ]
        return draw_live_bars(bars, alt=language.text(N_("Planned hours of each rep against the hours there are")))

    def _clear(self) -> None:
        self.facts.value = self.map.value = self.loads.value = ""

    def _tell_ground(self, model: SalesModel) -> tuple[str, str]:
        text, accounts = model.language.text, model.client.accounts
        if model.client.reps.empty:
            return "", text(N_("There are no reps: nobody can look after an account."))
        n_locked = int(accounts["locked_rep"].notna().sum())
        n_placed = int(accounts[["latitude", "longitude"]].notna().all(axis=1).sum())
        return "assumed", text(N_("Locked: {locked}. Accounts with a place on the map: {placed} of {all}."),
                               locked=model.language.number(n_locked), placed=model.language.number(n_placed),
                               all=model.language.number(len(accounts)))
