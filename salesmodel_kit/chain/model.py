"""Client to SalesModel: the whole chain in one call, each step computed once, on demand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from salesmodel_kit.chain.accounts import WIN_PROBABILITY_RANGE
from salesmodel_kit.chain.futures import Futures
from salesmodel_kit.chain.placing import place_accounts
from salesmodel_kit.client.folder import Client
from salesmodel_kit.model.grounds import list_norms

#: Computes steps of a model elsewhere, by their names, and returns what takes them in.
Beside = Callable[["SalesModel", Sequence[str]], Callable[[], None]]

#: Steps that every client has, in the order of the chain; each is a property of that name.
_ALWAYS: tuple[str, ...] = (
    "segment_scores", "segment_contributions", "account_scores", "account_contributions", "account_distances",
    "account_gaps", "vetoes", "account_tiers", "robustness", "rank_robustness", "criterion_influence", "tier_summary",
    "account_effort", "role_summary", "territories", "territory_conditions", "plan_comparison", "rep_summary",
    "calls", "call_plan", "call_weeks", "call_summary", "assumptions",
)  # fmt: skip
#: Steps that need what not every client knows.
_WHERE_KNOWN: tuple[str, ...] = (
    "account_travel", "place_summary", "account_costs", "tier_costs", "channel_choice", "selling_days", "month_loads",
    "home_proposals", "plan_differences",
)  # fmt: skip
#: Long steps that rest on the input alone; and those that take as long as all others once the tiers are known.
_FROM_INPUT: tuple[str, ...] = ("account_groups", "group_summary", "group_features", "selling_days")
_SCENARIOS: tuple[str, ...] = ("scenario_comparison",)
#: Long steps that neither rests on, beside those that every client has.
_MEANWHILE: tuple[str, ...] = ("response_history", "team_sizes", "persona_cards", "back_test")


def build_model(client: Client) -> SalesModel:
    """Return the sales model of a client; steps are computed when asked for.

    Parameters
    ----------
    client : Client
        As ``open_client`` returns it.

    Returns
    -------
    SalesModel
        Pure: neither reads nor writes the client's folder, nor changes its tables.

    Raises
    ------
    InputProblems
        An account declares no segment and the rule of the client's folder finds none for it.
    """
    return SalesModel(*place_accounts(client))


@dataclass(frozen=True)
class SalesModel(Futures):
    """One client's chain, from market segments to call frequencies.

    Parameters
    ----------
    client : Client
        The checked input. Every table below is declared in ``tables``.
    placed : DataFrame or None
        Accounts whose segment the rule of the client's folder gave, with ``group`` and ``group_probability``.
    """

    @cached_property
    def assumptions(self) -> pd.DataFrame:
        """Return the table ``assumptions``: what the model rests on beside the tables."""
        rows = [
            {
                "name": name,
                "value": f"{entry.value:g}",
                "low": entry.low,
                "high": entry.high,
                "unit": entry.unit,
                "basis": entry.basis,
                "source": entry.source,
            }
            for name, entry in self.known_assumptions.items()
        ]
        rows += [
            {
                "name": name,
                "value": "",
                "low": None,
                "high": None,
                "unit": "",
                "basis": entry.basis,
                "source": entry.source,
            }
            for name, entry in self.data_basis.items()
        ]
        stated = pd.DataFrame(rows).astype({"low": float, "high": float})
        norms = list_norms(self.call_norms, self.channels, sources=self.norm_sources)
        return pd.concat([self._state_win_probability(stated), norms], ignore_index=True)

    def _state_win_probability(self, stated: pd.DataFrame) -> pd.DataFrame:
        """Return the assumptions with what the probability to win rests on, where deals replace the declared range."""
        if self.win_model is None or self.win_probability_basis != "measured":
            return stated
        n_deals = self.language.number(self.win_model.n_won + self.win_model.n_lost)
        source = self.language.text("regression on closed deals: {n_deals}", n_deals=n_deals)
        row = {"name": "win_probability", "value": "", "unit": "", "basis": "measured", "source": source}
        return pd.concat([stated[~stated["name"].isin(WIN_PROBABILITY_RANGE)], pd.DataFrame([row])], ignore_index=True)

    @property
    def _segmentation_tables(self) -> dict[str, pd.DataFrame]:
        groups = self.account_groups
        tables = {"segment_dispersion": self.segment_dispersion, "persona_cards": self.persona_cards}
        if groups is not None:
            tables |= {
                "account_groups": groups.accounts,
                "group_choice": groups.choice,
                "group_summary": self.group_summary,
                "group_features": self.group_features,
            }
        return {name: table for name, table in tables.items() if table is not None}

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return every step's table by name, in the order of the chain."""
        tables = {name: getattr(self, name) for name in _ALWAYS}
        if self.win_rates_by_segment is not None:
            tables["win_rates"] = self.win_rates_by_segment.table
        tables |= {name: table for name in _WHERE_KNOWN if (table := getattr(self, name)) is not None}
        if self.response_summary is not None:
            tables["response_summary"] = self.response_summary
        if self.team_sizes is not None:
            tables["sizes"] = self.team_sizes[0]
        if self.win_model is not None:
            tables |= {"win_model": self.win_model.table, "win_accuracy": self.win_model.accuracy,
                       "calibration": self.win_model.calibration}
        if self.back_test is not None and self.back_test.is_told:
            tables |= {"back_test": self.back_test.table, "back_test_curve": self.back_test.curve}
        return tables | self._vote_tables() | self._segmentation_tables | self._future_tables()

    def settle(self, beside: Beside | None = None) -> None:
        """Compute every step, so that who gets a copy of this model computes none again.

        Parameters
        ----------
        beside : callable, optional
            Called with the model and names of its steps: begins to compute them elsewhere
            and returns what takes them in. Without it every step is computed here.
        """
        if beside is not None:
            take_early = beside(self, _FROM_INPUT)
            _ = self.account_tiers
            take_late = beside(self, _SCENARIOS)
            for step in (*_ALWAYS, *_MEANWHILE):
                getattr(self, step)
            take_early()
            take_late()
        self.tables()
        if self.voting is not None:
            _ = self.voting.consistency, self.voting.departments
