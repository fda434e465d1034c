"""A year's call plan for an invented team, against the time that it may take."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

import numpy as np
import pandas as pd

from benchmarks.measure import Result, summarize, time_call
from salesmodel_kit.model.calendar import WorkRules
from salesmodel_kit.model.call_plan import CallPlan, CallRules, list_call_needs, plan_call_weeks
from salesmodel_kit.model.travel import TravelRules, share_journeys

#: What the plan may take, in seconds, and the curve of sizes: accounts, reps.
MOST_SECONDS = 3.0
CURVE = ((375, 4), (1_500, 16), (6_000, 64), (20_000, 200))
_RULES = CallRules(dt.date(2027, 1, 1), dt.date(2027, 1, 4), WorkRules({dt.date(2027, 5, 6), dt.date(2027, 12, 25)}),
                   week_tolerance=0.1, spacing_tolerance=0.25, visits_a_journey=3)

_WAY = TravelRules(1.3, visits_a_journey=3, area_km=40)


@lru_cache
def make_team(n_accounts: int, n_reps: int) -> tuple[pd.DataFrame, ...]:
    """Return accounts, effort, territories, reps and leave: towns and scattered places, a load of 95 %."""
    rng = np.random.default_rng(1)
    rep = np.sort(rng.integers(0, n_reps, n_accounts))
    home = np.column_stack([rng.uniform(43.5, 49.5, n_reps), rng.uniform(0, 7, n_reps)])
    towns = home[:, None, :] + rng.normal(0, 0.8, (n_reps, 8, 2))
    place = towns[rep, rng.integers(0, 8, n_accounts)] + rng.normal(0, 0.1, (n_accounts, 2))
    names = [f"r{at}" for at in rep]
    calls = rng.choice([4.0, 6.0, 9.0, 18.0, 24.0], n_accounts, p=[0.3, 0.25, 0.2, 0.15, 0.1])
    accounts = pd.DataFrame({"account": [f"a{at}" for at in range(n_accounts)], "latitude": place[:, 0],
                             "longitude": place[:, 1], "city": None, "postal_code": None}).assign(
                                 name=lambda table: table["account"])
    effort = pd.DataFrame({"account": accounts["account"], "channel": "field", "calls_per_year": calls,
                           "tier": np.where(calls > 12, "gold", np.where(calls > 8, "silver", "bronze")),
                           "hours_per_call": 1.5, "travel_hours_per_call": 0.75})
    territories = pd.DataFrame({"rep": names, "distance_km": 143 * np.hypot(*(place - home[rep]).T)})
    hours = pd.Series(calls * 2.25).groupby(names).sum() / 0.95
    reps = pd.DataFrame({"rep": hours.index, "selling_hours_per_year": hours.to_numpy()})
    first = pd.to_datetime(rng.choice(["2027-07-19", "2027-08-02", "2027-08-09"], len(reps)))
    leave = pd.DataFrame({"rep": reps["rep"], "first_day": first, "last_day": first + pd.Timedelta(days=18)})
    return accounts, effort, territories, reps, leave


def plan_year(n_accounts: int, n_reps: int) -> CallPlan:
    """Return the year's plan, areas and measures included."""
    accounts, effort, territories, reps, leave = make_team(n_accounts, n_reps)
    shared = share_journeys(accounts, rep=territories["rep"], distance_km=territories["distance_km"],
                            visits=effort["calls_per_year"], rules=_WAY)
    travel = shared.assign(distance_km=territories["distance_km"], home_of=territories["rep"])
    needs = list_call_needs(accounts, effort, territories, None, travel=travel, rules=_RULES)
    return plan_call_weeks(needs, reps, leave, rules=_RULES)


def measure_call_plan() -> Result:
    """Return the seconds of 1,500 accounts and 16 reps against the limit, and the curve of sizes."""
    curve, quality = [], ""
    for n_accounts, n_reps in CURVE:
        make_team(n_accounts, n_reps)
        plans: list[CallPlan] = []
        seconds = time_call(lambda size=(n_accounts, n_reps), plans=plans: plans.append(plan_year(*size)))
        curve.append(f"{n_accounts:,} x {n_reps}: {seconds:.2f} s")
        if (n_accounts, n_reps) == (1_500, 16):
            quality = describe(plans[0])
    seconds = [time_call(lambda: plan_year(1_500, 16)) for _ in range(3)]
    return summarize("call-plan", [value / MOST_SECONDS for value in seconds], against=f"{MOST_SECONDS:g} s", limit=1.0,
                     size=f"{'; '.join(curve)}; {quality}")


def describe(plan: CallPlan) -> str:
    """Return how the plan fares beside one that plans each account for itself."""
    summary = plan.summary
    return (f"{summary['n_planned'].sum():,} of {summary['n_calls'].sum():,} calls placed, off even spacing "
            f"{summary['spacing_deviation'].mean():.2f} weeks (alone {summary['spacing_deviation_alone'].mean():.2f}), "
            f"fullest week {summary['peak_load'].max():.0%} (alone {summary['peak_load_alone'].max():.0%}), travel "
            f"{summary['travel_km'].sum() / summary['travel_km_alone'].sum():.0%} of alone")
