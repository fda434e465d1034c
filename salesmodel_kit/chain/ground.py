"""What every chapter rests on: the client's settings, assumptions, people and channels."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd
import yaml

from salesmodel_kit.chain.decided import credit_decisions
from salesmodel_kit.client.calendar import read_holidays_by_part
from salesmodel_kit.client.decision import Decision, find_in_force
from salesmodel_kit.client.folder import Client
from salesmodel_kit.client.profile import Assumption, Profile, Strategy
from salesmodel_kit.language import Language, set_type
from salesmodel_kit.model.selling_days import compare_selling_hours, count_selling_days
from salesmodel_kit.model.workload import limit_capacity
from salesmodel_kit.resources import find_resource
from salesmodel_kit.tables import ROLES


def read_default_assumptions() -> dict[str, Assumption]:
    """Return the assumptions that hold where a client declares nothing else."""
    text = find_resource("templates", "assumptions.yaml").read_text(encoding="utf-8")
    return {name: Assumption(**entry) for name, entry in yaml.safe_load(text).items()}


@dataclass(frozen=True)
class Ground:
    """The client's settings and declarations that every chapter rests on.

    Parameters
    ----------
    client : Client
        The checked input.
    placed : DataFrame or None
        Accounts whose segment the rule of the client's folder gave, with ``group`` and ``group_probability``.
    """

    client: Client
    placed: pd.DataFrame | None = None

    @property
    def profile(self) -> Profile:
        """Return the client's profile."""
        return self.client.profile

    @property
    def strategy(self) -> Strategy:
        """Return the strategy: weights, tier rule and call norms."""
        return self.client.strategy

    @cached_property
    def unplaced_accounts(self) -> pd.DataFrame:
        """Return the accounts, whoever is to look after them: all that scores, tiers and hours rest on."""
        return self.client.accounts.drop(columns=["locked_rep", "wished_rep"], errors="ignore")

    @cached_property
    def language(self) -> Language:
        """Return the client's language, currency, names of tiers and of files."""
        code = self.profile.language
        return Language(code, self.profile.currency, self.strategy.tiers.find_words(code), self.client.files)

    @cached_property
    def known_assumptions(self) -> Mapping[str, Assumption]:
        """Return every assumption in force: the client's own before the kit's defaults."""
        return {**read_default_assumptions(), **self.profile.assumptions}

    def assume(self, name: str) -> float:
        """Return the value of one assumption; its bounds were checked when the client was opened."""
        return self.known_assumptions[name].value

    @cached_property
    def call_norms(self) -> pd.DataFrame:
        """Return the call norms in force, in the order in which they are declared."""
        return pd.DataFrame([norm.model_dump() for norm in self.strategy.call_norms])

    @cached_property
    def channels(self) -> pd.DataFrame:
        """Return the hours of a call and the next channel, by channel."""
        rows = [{"channel": name, **norm.model_dump()} for name, norm in self.strategy.channels.items()]
        return pd.DataFrame(rows, columns=["channel", "hours_per_call", "travel_hours_per_call", "next_channel"])

    @cached_property
    def reps(self) -> pd.DataFrame:
        """Return the reps, selling hours filled from the calendar or the assumptions, 0 for who leaves."""
        hours = self.selling_days["selling_hours_per_year"].set_axis(self.client.reps.index)
        return self.client.reps.assign(
            selling_hours_per_year=hours.mask(self.client.reps["leaving"].fillna(False).astype(bool), 0.0)
        )

    @cached_property
    def default_selling_hours(self) -> dict[str, float]:
        """Return the selling hours per year of a rep, travel included, by role, from the assumptions."""
        worked = self.assume("working_days_per_year") * self.assume("working_hours_per_day")
        return {role: worked * part for role, part in self.selling_shares.items()}

    @property
    def selling_shares(self) -> dict[str, float]:
        """Return the share of working time with or for accounts, travel included, by role."""
        general = self.assume("selling_time_share")
        own = self.known_assumptions.get("inside_selling_time_share")
        share = dict.fromkeys(ROLES, general if own is None else own.value)
        share["field"] = general + self.assume("travel_time_share")
        return {role: min(part, 1.0) for role, part in share.items()}

    @property
    def plan_year(self) -> tuple[dt.date, dt.date]:
        """Return the first day of the year planned for, and the day after its last."""
        first = self.profile.plan_year_start
        return first, (pd.Timestamp(first) + pd.DateOffset(years=1)).date()

    @cached_property
    def public_holidays(self) -> dict[str, frozenset[dt.date]]:
        """Return the public holidays around the plan's year by part of the country; "" for the profile's own."""
        years = range(self.plan_year[0].year, self.plan_year[1].year + 2)
        parts = self.client.reps["holiday_part"].dropna().unique()
        return read_holidays_by_part(self.profile, parts, years)

    @cached_property
    def working_time(self) -> pd.DataFrame:
        """Return the reps with the days of leave and training in force: their own, else the assumed ones."""
        reps = self.client.reps
        filled = {}
        for name in ("leave_days_per_year", "training_days_per_year"):
            assumed = self.known_assumptions.get(name)
            filled[name] = reps[name] if assumed is None else reps[name].fillna(assumed.value)
        return reps.assign(**filled)

    @cached_property
    def selling_days(self) -> pd.DataFrame:
        """Return the table ``selling_days``."""
        days = count_selling_days(
            self.working_time, self.client.leave, holidays=self.public_holidays, days=self.plan_year
        )
        return compare_selling_hours(
            self.client.reps, days, hours_per_day=self.assume("working_hours_per_day"), shares=self.selling_shares,
            default_hours=self.default_selling_hours,
        )

    @cached_property
    def capacity(self) -> dict[str, float]:
        """Return the hours of each role that whole accounts can fill."""
        return limit_capacity(self.reps, self.call_norms, self.channels)

    @property
    def norm_sources(self) -> dict[str, tuple[str, str]]:
        """Return basis and source of ``call_norms`` and of each channel's hours: the strategy's, or the client's."""
        changes, strategy = self.profile.strategy_changes, self.strategy
        label = set_type(strategy.label[self.language.code], self.language.code)
        theirs = ("assumed", self.language.text("strategy {label}", label=label))
        own = ("judged", self.language.text("changed for this client, in client.yaml"))
        decided = self._decided_norms
        kept = {norm for norm in strategy.call_norms if norm.tier not in decided}
        is_own = {"call_norms": changes.call_norms is not None and kept <= set(changes.call_norms)}
        changed = changes.channels or {}
        is_own |= {name: changed.get(name) == norm for name, norm in strategy.channels.items()}
        sources = {name: own if yes else theirs for name, yes in is_own.items()}
        if decided:
            credit = credit_decisions(list(decided.values()), language=self.language)
            sources["call_norms"] = ("judged", f"{sources['call_norms'][1]}; {credit}")
        return sources

    @property
    def _decided_norms(self) -> dict[str, Decision]:
        """Return tier -> the decision that its call norms come from."""
        return {decision.subject: decision for decision in find_in_force(self.client.decisions)
                if decision.kind == "set_call_norms"
                and decision.new == tuple(norm for norm in self.strategy.call_norms if norm.tier == decision.subject)}
