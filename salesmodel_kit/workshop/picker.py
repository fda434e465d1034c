"""Finding one account among many by a few letters of its name."""

from __future__ import annotations

import ipywidgets as widgets
import pandas as pd
from traitlets import Unicode

from salesmodel_kit.language import N_, Language
from salesmodel_kit.workshop.base import WIDE

_MOST = 12


class AccountPicker(widgets.VBox):
    """A field for a few letters, and the accounts whose name or id has them, those with most potential first.

    Parameters
    ----------
    accounts : DataFrame (n_accounts, ...)
        ``account``, ``name``, ``potential_per_year``.
    language : Language
        The client's.

    Attributes
    ----------
    account : str
        Id of the chosen account; empty: none.
    """

    account = Unicode("")

    def __init__(self, accounts: pd.DataFrame, *, language: Language) -> None:
        ordered = accounts.sort_values("potential_per_year", ascending=False, na_position="last", kind="stable")
        self._ids = ordered["account"].astype(object).to_numpy()
        self._names = ordered["name"].fillna("").astype(object).to_numpy()
        self._folded = [f"{name} {key}".casefold() for name, key in zip(self._names, self._ids, strict=True)]
        self.search = widgets.Text(description=language.text(N_("Account")), style=WIDE, continuous_update=True,
                                   placeholder=language.text(N_("a few letters of its name")),
                                   layout={"width": "32em"})
        self.matches = widgets.Select(options=[], rows=5, layout={"width": "32em"})
        self.search.observe(lambda _: self._look_up(), names="value")
        self.matches.observe(self._on_match, names="value")
        super().__init__([self.search, self.matches])
        self._look_up()

    def _look_up(self) -> None:
        wanted = self.search.value.strip().casefold()
        found = [at for at, name in enumerate(self._folded) if wanted in name][:_MOST]
        self.matches.options = [(f"{self._names[at]} ({self._ids[at]})", self._ids[at]) for at in found]
        if found and self.account not in self._ids[found]:
            self.matches.value = self._ids[found[0]]

    def _on_match(self, change: dict[str, object]) -> None:
        self.account = change["new"] or ""
