"""Who is away when in the year after the data, and the last calls made before it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from generator.spec import Spec
from salesmodel_kit.tables import CALLS_MADE, LEAVE

#: Mondays on which a week or two of leave may begin, and for how many weeks.
PERIODS = ((("2026-10-19", "2026-10-26"), 1), (("2026-12-21", "2026-12-28"), 1),
           (("2027-02-08", "2027-02-15", "2027-02-22"), 1), (("2027-07-19", "2027-08-02", "2027-08-09"), 2))
REASONS = {"fr": ("congés", "formation"), "en": ("leave", "training")}
TRAINING_DAYS = ("2027-03-17", "2027-03-18")
DATA_UNTIL = pd.Timestamp("2026-09-30")
#: Share of the accounts that are called on whose last call is on record.
RECORDED = 0.4


def draw_leave(spec: Spec, reps: pd.DataFrame, *, language: str) -> pd.DataFrame:
    """Return five weeks of leave a rep, and two days of training for everyone; from a seed of its own."""
    rng = np.random.default_rng([spec.client["seed"], 1])
    leave, training = REASONS[language]
    rows = []
    for rep in reps["rep"]:
        for mondays, weeks in PERIODS:
            first = pd.Timestamp(rng.choice(np.array(mondays)))
            rows.append((rep, first, first + pd.Timedelta(days=7 * weeks - 3), leave))
    rows.append((None, pd.Timestamp(TRAINING_DAYS[0]), pd.Timestamp(TRAINING_DAYS[1]), training))
    return pd.DataFrame(rows, columns=list(LEAVE.names))


def draw_calls_made(spec: Spec, accounts: pd.DataFrame) -> pd.DataFrame:
    """Return the last call on some of the accounts that have an owner and calls; from a seed of its own."""
    rng = np.random.default_rng([spec.client["seed"], 2])
    called = accounts[accounts["owner"].notna() & (accounts["true_calls"] > 0)]
    own = called[rng.random(len(called)) < RECORDED]
    ago = np.minimum(rng.integers(1, 60, len(own)), 364 // own["true_calls"].to_numpy(int).clip(min=1))
    day = pd.Series(DATA_UNTIL - pd.to_timedelta(ago, unit="D"))
    day -= pd.to_timedelta((day.dt.weekday - 4).clip(lower=0), unit="D")
    account, owner = (own[name].to_numpy() for name in ("account", "owner"))
    table = pd.DataFrame({"account": account, "made_on": day.to_numpy(), "rep": owner})
    return table.sort_values(["made_on", "account"]).reset_index(drop=True)[list(CALLS_MADE.names)]
