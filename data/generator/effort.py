"""Who looks after whom today, the hours that it takes, and the sales that these hours bring by the true response."""

from __future__ import annotations

import numpy as np
import pandas as pd

from generator.spec import Spec
from generator.towns import distance_km

#: Road against straight line, km/h on the road, km around a rep's place that count as usual travel.
DETOUR, SPEED, USUAL_KM = 1.3, 65.0, 60.0
#: Spread of the logarithm of sales around the true response.
SALES_NOISE = 0.18


def plan_present(rng: np.random.Generator, accounts: pd.DataFrame, *, reps: pd.DataFrame, spec: Spec) -> pd.DataFrame:
    """Return the accounts with ``owner``, ``standard_hours``, ``true_calls`` and ``true_hours`` of the last 12 months.

    Standard hours leave travel beyond the usual out; the true response works on them.
    """
    role = _draw_roles(rng, accounts, spec=spec)
    hours = _draw_standard_hours(rng, accounts, role=role, reps=reps, spec=spec)
    per_call = pd.Series(role).map(spec.client["hours_per_call"]).fillna(1.0).to_numpy(float)
    calls = hours / (per_call * np.exp(rng.normal(0, 0.12, len(accounts))))
    calls = np.where(hours > 0, np.maximum(1, np.round(calls)), 0.0)
    field = reps[reps["role"] == "field"]
    travel = calls[:, None] * travel_hours(accounts, field, spec=spec)
    by_rep = np.where((role == "field")[:, None], hours[:, None] + travel, 0.0)
    chosen = _share_out(rng, accounts, field=field, hours=by_rep, spec=spec)
    inside = rng.choice(reps.loc[reps["role"] == "inside", "rep"].to_numpy(), len(accounts))
    owner = np.where(role == "field", field["rep"].to_numpy()[chosen], np.where(role == "inside", inside, None))
    on_the_road = np.where(role == "field", travel[np.arange(len(accounts)), chosen], 0.0)
    return accounts.assign(owner=owner, standard_hours=hours, true_calls=calls, travel_hours=on_the_road,
                           true_hours=np.round((hours + on_the_road) * 2) / 2)


def _draw_roles(rng: np.random.Generator, accounts: pd.DataFrame, *, spec: Spec) -> np.ndarray:
    """Return field, inside or None: three prospects in ten, and the uncovered regions, belong to nobody."""
    inside = rng.random(len(accounts)) < by_segment(accounts, spec, "inside")
    role = np.where(inside, "inside", "field").astype(object)
    role[~accounts["is_customer"].to_numpy() & (rng.random(len(accounts)) < 0.3)] = None
    role[accounts["region"].isin(spec.client.get("uncovered_regions", [])).to_numpy()] = None
    return role


def _draw_standard_hours(rng: np.random.Generator, accounts: pd.DataFrame, *, role: np.ndarray, reps: pd.DataFrame,
                         spec: Spec) -> np.ndarray:
    median, sigma = by_segment(accounts, spec, "hours", 0), by_segment(accounts, spec, "hours", 1)
    hours = median * np.exp(sigma * rng.standard_normal(len(accounts)))
    hours *= (accounts["potential_per_year"].to_numpy() / by_segment(accounts, spec, "potential", 0)) ** 0.3
    hours *= np.where(accounts["is_customer"], 1.0, 0.35)
    hours = np.where(rng.random(len(accounts)) < by_segment(accounts, spec, "lighthouses"), hours * 7, hours)
    hours *= np.select([role == "field", role == "inside"], [1.0, 0.45], 0.0)
    for name in ("field", "inside"):
        capacity = reps.loc[reps["role"] == name, "true_hours"].sum()
        hours[role == name] *= spec.client[f"{name}_load"] * capacity / hours[role == name].sum()
    return np.round(hours * 2) / 2


def travel_hours(accounts: pd.DataFrame, field: pd.DataFrame, *, spec: Spec) -> np.ndarray:
    """Return hours on the way per call beyond the usual, accounts x field reps; 0 where the client does not say."""
    per_trip = spec.client.get("calls_per_trip")
    km = distances(accounts, field)
    return np.zeros_like(km) if per_trip is None else np.maximum(km - USUAL_KM, 0) * 2 * DETOUR / SPEED / per_trip


def distances(accounts: pd.DataFrame, reps: pd.DataFrame) -> np.ndarray:
    """Return km on the sphere, accounts x reps."""
    latitude, longitude = accounts["latitude"].to_numpy(), accounts["longitude"].to_numpy()
    return np.column_stack([distance_km(latitude, longitude, place)
                            for place in zip(reps["latitude"], reps["longitude"], strict=True)])


def _share_out(rng: np.random.Generator, accounts: pd.DataFrame, *, field: pd.DataFrame, hours: np.ndarray,
               spec: Spec) -> np.ndarray:
    """Return the place of a near field rep for each account such that loads come near the loads of the story.

    ``far_share`` of the accounts have, by history, a rep who need not be near. One price per rep is raised
    while the rep has too much, and lowered while too little.
    """
    cost = (distances(accounts, field) + 40) * np.exp(rng.normal(0, 0.15, (len(accounts), len(field))))
    far = rng.random(len(accounts)) < spec.client.get("far_share", 0.0)
    cost[far] = 150 * np.exp(rng.normal(0, 0.8, (int(far.sum()), len(field))))
    wanted = field["true_hours"].to_numpy() * field["load"].to_numpy()
    price = np.ones(len(field))
    rows = np.arange(len(accounts))
    for turn in range(400):
        chosen = (cost * price).argmin(axis=1)
        load = np.bincount(chosen, weights=hours[rows, chosen], minlength=len(field))
        excess = load / load.sum() - wanted / wanted.sum()
        price *= np.exp(np.clip(excess * len(field), -1, 1) * 0.3 / (1 + turn / 40))
    return chosen


def by_segment(accounts: pd.DataFrame, spec: Spec, key: str, place: int | str | None = None) -> np.ndarray:
    """Return a number of each account's segment; absent: 0."""
    values = {name: segment.get(key, 0.0) for name, segment in spec.segments.items()}
    if place is not None:
        values = {name: value[place] for name, value in values.items()}
    return accounts["segment"].map(values).to_numpy(float)


def share_of_potential(accounts: pd.DataFrame, hours: np.ndarray, *, spec: Spec) -> np.ndarray:
    """Return the true response: ``base + (reach - base) h^shape / (half_hours^shape + h^shape)`` by segment."""
    base, reach, half, shape = (by_segment(accounts, spec, "response", key)
                                for key in ("base", "reach", "half_hours", "shape"))
    effort = np.asarray(hours, dtype=float) ** shape
    return base + (reach - base) * effort / (half**shape + effort)


def draw_sales(rng: np.random.Generator, accounts: pd.DataFrame, *, spec: Spec) -> np.ndarray:
    """Return sales of the last 12 months: potential x true response x noise; prospects buy nothing."""
    share = share_of_potential(accounts, accounts["standard_hours"].to_numpy(), spec=spec)
    share = np.minimum(share * np.exp(rng.normal(0, SALES_NOISE, len(accounts))), 0.98)
    sales = np.round(accounts["potential_per_year"].to_numpy() * share / 10) * 10
    return np.where(accounts["is_customer"], sales, 0.0)
