"""The assumptions that the chain knows by name, with their bounds, and what a profile may say of them."""

from __future__ import annotations

import difflib
import math
from collections.abc import Collection, Mapping
from types import MappingProxyType

import pandas as pd

from salesmodel_kit.client.profile import Assumption, Profile
from salesmodel_kit.client.reading import find_nearest
from salesmodel_kit.client.settings import Settings
from salesmodel_kit.errors import Message, Problem
from salesmodel_kit.tables import INPUT_TABLES

#: Name -> lowest and highest value that makes sense.
ASSUMPTION_BOUNDS: Mapping[str, tuple[float, float]] = MappingProxyType({
    "selling_time_share": (0, 1), "inside_selling_time_share": (0, 1), "travel_time_share": (0, 1),
    "working_days_per_year": (1, 366),
    "working_hours_per_day": (0.5, 24), "detour_factor": (1, 5), "minimum_known_share": (0, 1),
    "balance_tolerance": (0, 1), "balance_from_load": (0, 1), "potential_tolerance": (0, 1),
    "relation_km": (0, math.inf),
    "win_probability_at_worst": (0, 1), "win_probability_at_best": (0, 1),
    "contribution_margin_rate": (0.001, 1),
    "carry_over_year_2": (0, 1),
    "carry_over_year_3": (0, 1),
    "week_tolerance": (0, 1),
    "spacing_tolerance": (0, 0.5),
    "area_km": (0.1, math.inf),
    "ramp_up_months": (0, 36),
    "hiring_cost": (0, math.inf),
    "close_call_share": (0, 1),
    "tier_margin": (0, 0.2),
    "leave_days_per_year": (0, 366), "training_days_per_year": (0, 366),
    "travel_speed_kmh": (1, 200), "calls_per_tour_day": (1, 50), "travel_cost_per_km": (0, 100),
    "visit_gain_share": (0.001, 1),
})

#: Tables and columns that are often typed from judgement: nothing says so but a declaration.
_OFTEN_JUDGED = (("segments", "size_per_year"), ("accounts", "potential_per_year"),
                 ("accounts", "present_hours_per_year"))
#: Assumptions that need to know how many visits share one way.
_USES_TOURS = ("travel_speed_kmh", "travel_cost_per_km")
_WORST, _BEST = "win_probability_at_worst", "win_probability_at_best"


def find_assumption_problems(profile: Profile, settings: Settings) -> list[Problem]:
    """Return what is wrong with a profile's assumptions: bounds, ranges, names that are nearly known ones.

    Parameters
    ----------
    profile : Profile
        The client's profile. Assumptions under names of the client's own are
        allowed; they are shown in the report and used by nothing.
    settings : Settings
        Where its keys were written.
    """
    problems: list[Problem] = []
    for name, assumption in profile.assumptions.items():
        message, key = _describe_name(name), f"assumptions.{name}"
        if message is not None:
            problems.append(settings.problem(message, key))
        elif (message := _describe_value(name, assumption)) is not None:
            problems.append(settings.problem(message, f"{key}.value", assumption.value))
    return problems + _find_chance_problems(profile, settings) + _find_travel_problems(profile, settings)


def _describe_name(name: str) -> Message | None:
    near = difflib.get_close_matches(name, ASSUMPTION_BOUNDS, n=1, cutoff=0.8)
    if name in ASSUMPTION_BOUNDS or not near:
        return None
    return Message("There is no such assumption in the model; did you mean {near}?", {"near": near[0]})


def _describe_value(name: str, assumption: Assumption) -> Message | None:
    low, high = ASSUMPTION_BOUNDS.get(name, (-math.inf, math.inf))
    if not low <= assumption.value <= high:
        return Message("A number from {low} to {high} is expected.", {"low": f"{low:g}", "high": f"{high:g}"})
    lowest = assumption.value if assumption.low is None else assumption.low
    highest = assumption.value if assumption.high is None else assumption.high
    if not lowest <= assumption.value <= highest:
        return Message("The value must lie between its own low and high.")
    return None


def _find_chance_problems(profile: Profile, settings: Settings) -> list[Problem]:
    worst, best = profile.assumptions.get(_WORST), profile.assumptions.get(_BEST)
    if worst is None and best is None:
        return []
    if worst is None or best is None:
        message = Message("The chance to win at worst and at best are needed together; give both, or neither.")
        return [settings.problem(message, f"assumptions.{_WORST if worst is None else _BEST}")]
    if worst.value > best.value:
        message = Message("The chance to win at worst must not be above that at best.")
        return [settings.problem(message, f"assumptions.{_WORST}.value", worst.value)]
    return []


def _find_travel_problems(profile: Profile, settings: Settings) -> list[Problem]:
    """Return a problem where the way is to be counted in hours or money but nobody says how many calls share it."""
    user = next((name for name in _USES_TOURS if name in profile.assumptions), None)
    if user is None or "calls_per_tour_day" in profile.assumptions:
        return []
    message = Message("With {name}, calls_per_tour_day is needed as well: how many visits share one way from home and "
                      "back.", {"name": user})
    return [settings.problem(message, f"assumptions.{user}")]


def find_basis_problems(profile: Profile, settings: Settings, *, criteria: Collection[str]) -> list[Problem]:
    """Return a problem for each key of ``data_basis`` that names no column, table or criterion.

    Parameters
    ----------
    profile : Profile
        The client's profile.
    settings : Settings
        Where its keys were written.
    criteria : collection of str
        Ids of the client's criteria.
    """
    columns = {name for table in INPUT_TABLES for name in table.names} | set(criteria)
    tables = {table.name for table in INPUT_TABLES}
    problems = []
    for key in profile.data_basis:
        if key in columns | tables or (key.partition(".")[0] in tables and key.partition(".")[2] in columns):
            continue
        near = find_nearest(key, columns)
        message = Message("There is no such column.") if near is None else Message(
            "There is no such column; did you mean {near}?", {"near": near})
        problems.append(settings.problem(message, f"data_basis.{key}"))
    return problems


def find_undeclared(profile: Profile, settings: Settings, *, tables: Mapping[str, pd.DataFrame]) -> tuple[Problem, ...]:
    """Return a note for each column with numbers of which nobody has said whether they are measured or judged.

    Parameters
    ----------
    profile : Profile
        The client's profile.
    settings : Settings
        Where its keys were written.
    tables : mapping of str to pandas.DataFrame
        Sound tables, by name.
    """
    notes = []
    for table, column in _OFTEN_JUDGED:
        if column in profile.data_basis or table not in tables or tables[table][column].isna().all():
            continue
        message = Message("Nobody has declared whether {column} is measured or judged: fill in {key}, with basis and "
                          "source. Until then the reports say that it is not declared.",
                          {"column": column, "key": f"data_basis.{column}"})
        notes.append(settings.problem(message, f"data_basis.{column}"))
    return tuple(notes)
