"""Draws opportunities: won and lost by a true logistic model of the chance criteria, open ones where projects are."""

from __future__ import annotations

import numpy as np
import pandas as pd

from generator.spec import Spec

FIRST_DAY, LAST_DAY = pd.Timestamp("2024-10-01"), pd.Timestamp("2026-09-30")
#: The two years before, of which a client may keep deals too.
EARLIER_DAYS = pd.Timestamp("2022-10-01"), pd.Timestamp("2024-09-30")


def win_probabilities(accounts: pd.DataFrame, *, spec: Spec) -> np.ndarray:
    """Return the true probability to win a deal: logistic in the values (0-1) of the chance criteria."""
    model = spec.client["win_model"]
    logit = np.full(len(accounts), float(model["intercept"]))
    for row in spec.criteria_of("chance"):
        coefficient = model["coefficients"][row["criterion"]]
        if coefficient:
            performance = accounts[row["criterion"]].to_numpy(float)
            value = np.clip((performance - row["worst"]) / (row["best"] - row["worst"]), 0, 1)
            logit += coefficient * value
    return 1 / (1 + np.exp(-logit))


def draw_opportunities(rng: np.random.Generator, accounts: pd.DataFrame, *, spec: Spec) -> pd.DataFrame:
    """Return the deals, oldest first; ``project`` and ``stage_number`` index the texts of the specification."""
    closed = _draw_closed(rng, accounts, spec=spec, days=(FIRST_DAY, LAST_DAY), n=spec.client["deals"]["n_closed"])
    still_open = _draw_open(rng, accounts, spec=spec)
    deals = pd.concat([closed, still_open], ignore_index=True)
    deals = deals.sort_values(["created_on", "account"], kind="stable").reset_index(drop=True)
    deals["project"] = rng.integers(len(spec.client["deals"]["projects"]["fr"]), size=len(deals))
    n_stages = len(spec.client["deals"]["stages"]["fr"])
    deals["stage_number"] = np.where(deals["status"] == "open", rng.integers(n_stages, size=len(deals)), -1)
    deals = pd.concat([_draw_earlier(accounts, spec=spec), deals], ignore_index=True)
    deals.insert(0, "opportunity", [f"D{number:05d}" for number in range(1, len(deals) + 1)])
    return deals


def _draw_earlier(accounts: pd.DataFrame, *, spec: Spec) -> pd.DataFrame:
    """Return closed deals of the two years before, from draws of their own: nothing else changes with them."""
    rng = np.random.default_rng([spec.client["seed"], 1])
    deals = _draw_closed(rng, accounts, spec=spec, days=EARLIER_DAYS, n=spec.client["deals"].get("n_earlier", 0))
    deals = deals.sort_values(["created_on", "account"], kind="stable")
    projects = rng.integers(len(spec.client["deals"]["projects"]["fr"]), size=len(deals))
    return deals.assign(project=projects, stage_number=-1)


def _draw_accounts_of_deals(rng: np.random.Generator, accounts: pd.DataFrame, *, spec: Spec, kind: str,
                            n: int) -> pd.DataFrame:
    rate = accounts["segment"].map({name: s["deals"][kind] for name, s in spec.segments.items()}).to_numpy(float)
    has_owner = accounts["owner"].notna().to_numpy()
    weights = rate * np.sqrt(accounts["potential_per_year"].to_numpy()) * np.where(has_owner, 1.0, 0.1)
    rows = rng.choice(len(accounts), size=n, p=weights / weights.sum())
    return accounts.iloc[np.sort(rows)].reset_index(drop=True)


def _draw_amounts(rng: np.random.Generator, accounts: pd.DataFrame) -> np.ndarray:
    untapped = accounts["potential_per_year"].to_numpy() * np.exp(rng.normal(-1.5, 0.5, len(accounts)))
    return (np.round(untapped / 100) * 100).clip(300)


def _draw_closed(rng: np.random.Generator, accounts: pd.DataFrame, *, spec: Spec,
                 days: tuple[pd.Timestamp, pd.Timestamp], n: int) -> pd.DataFrame:
    chosen = _draw_accounts_of_deals(rng, accounts, spec=spec, kind="closed", n=n)
    won = rng.random(len(chosen)) < win_probabilities(chosen, spec=spec)
    length = np.round(75 * np.exp(rng.normal(0, 0.5, len(chosen)))).clip(7, 300).astype(int)
    room = (days[1] - days[0]).days - length
    start = np.floor(rng.random(len(chosen)) * (room + 1)).astype(int)
    return pd.DataFrame({
        "account": chosen["account"], "status": np.where(won, "won", "lost"), "amount": _draw_amounts(rng, chosen),
        "created_on": days[0] + pd.to_timedelta(start, unit="D"),
        "closed_on": days[0] + pd.to_timedelta(start + length, unit="D"), "rep": chosen["owner"],
    })


def _draw_open(rng: np.random.Generator, accounts: pd.DataFrame, *, spec: Spec) -> pd.DataFrame:
    chosen = _draw_accounts_of_deals(rng, accounts, spec=spec, kind="open", n=spec.client["deals"]["n_open"])
    age = rng.integers(0, 240, size=len(chosen))
    ahead = rng.integers(15, 260, size=len(chosen))
    return pd.DataFrame({
        "account": chosen["account"], "status": "open", "amount": _draw_amounts(rng, chosen),
        "created_on": LAST_DAY - pd.to_timedelta(age, unit="D"),
        "closed_on": LAST_DAY + pd.to_timedelta(ahead, unit="D"), "rep": chosen["owner"],
    })
