"""Two states of one client side by side: tiers, potential, hours and people, and the decisions that differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from salesmodel_kit.chain import SalesModel
from salesmodel_kit.client.decision import Decision, find_in_force
from salesmodel_kit.comparison import compare_models
from salesmodel_kit.language import N_, Language
from salesmodel_kit.narrative.decisions import say_value
from salesmodel_kit.reports.minutes import gather_names

_PER_TIER = (
    ("n_accounts", N_("accounts"), "number"),
    ("potential_per_year", N_("potential per year"), "brief_money"),
    ("workload_hours_per_year", N_("hours asked per year"), "hours"),
)


@dataclass(frozen=True)
class StateComparison:
    """Two states, compared.

    Parameters
    ----------
    table : pandas.DataFrame
        A row a measure: ``measure``, ``first``, ``second``, all text in the reader's language.
    moves : pandas.DataFrame
        Table ``tier_moves``: who changes tier, and why.
    only_first, only_second : tuple of str
        Decisions in words that are in force in one state only.
    sentence : str
        What comes of it.
    """

    table: pd.DataFrame
    moves: pd.DataFrame
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]
    sentence: str


def compare_states(first: SalesModel, second: SalesModel, *, names: tuple[str, str]) -> StateComparison:
    """Return what differs between two states of one client.

    Parameters
    ----------
    first, second : SalesModel
        Of one client, each after its own decisions.
    names : tuple of str
        Of the two states, as the sentence says them.

    Returns
    -------
    StateComparison
        In the language of the second.

    Raises
    ------
    SalesModelError
        They are models of two clients.
    """
    language = second.language
    moves = compare_models(first, second).moves
    table = pd.DataFrame([*_list_tiers(first, second, language), *_list_people(first, second, language)],
                         columns=["measure", "first", "second"])
    ours, theirs = ({decision.id for decision in find_in_force(model.client.decisions)} for model in (first, second))
    sentence = language.text(
        language.plural(len(moves), N_("From {first} to {second}, {n_moves} account of {n_accounts} changes tier."),
                        N_("From {first} to {second}, {n_moves} accounts of {n_accounts} change tier.")),
        first=names[0], second=names[1], n_moves=language.number(len(moves)),
        n_accounts=language.number(len(second.account_tiers)))
    return StateComparison(table, moves, _say_decisions(first, ours - theirs), _say_decisions(second, theirs - ours),
                           sentence)


def _list_tiers(first: SalesModel, second: SalesModel, language: Language) -> list[tuple[str, str, str]]:
    sides = [model.tier_summary.set_index("tier") for model in (first, second)]
    levels = list(dict.fromkeys([*first.strategy.tiers.levels, *second.strategy.tiers.levels]))
    rows = []
    for tier in levels:
        for column, words, form in _PER_TIER:
            cells = [getattr(language, form)(side.at[tier, column] if tier in side.index else float("nan"))
                     for side in sides]
            rows.append((_pair(language.word("tier", tier), language.text(words), language), *cells))
    return rows


def _list_people(first: SalesModel, second: SalesModel, language: Language) -> list[tuple[str, str, str]]:
    sides = [model.role_summary.set_index("role") for model in (first, second)]
    roles = list(dict.fromkeys([*sides[0].index, *sides[1].index]))
    rows = []
    for role in roles:
        for column, words in (("n_reps", N_("there")), ("n_reps_needed", N_("needed"))):
            cells = [language.number(side.at[role, column] if role in side.index else float("nan"), 1)
                     for side in sides]
            rows.append((_pair(language.word("role", role), language.text(words), language), *cells))
    return rows


def _say_decisions(model: SalesModel, ids: set[str]) -> tuple[str, ...]:
    names = gather_names(model)
    decisions: Sequence[Decision] = model.client.decisions
    return tuple(_pair(names.matters[decision.id].replace("\u00a0: ", ", "), say_value(
        decision.kind, decision.new, names=names, language=model.language), model.language)
        for decision in decisions if decision.id in ids)


def _pair(left: str, right: str, language: Language) -> str:
    return f"{left}\u00a0: {right}" if language.code == "fr" else f"{left}: {right}"
