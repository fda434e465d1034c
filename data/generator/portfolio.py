"""Draws the accounts and the reps of a client: the complete truth, before cells are lost and texts are written."""

from __future__ import annotations

import numpy as np
import pandas as pd
from generator.names import draw_people, draw_roots, make_company_name
from generator.spec import DERIVED, Spec
from generator.towns import distance_km, draw_towns, place_of

from salesmodel_kit.tables import SIZE_BANDS

#: How strongly an account's size shows in what it could buy (correlation of the logarithms).
SIZE_IN_POTENTIAL = 0.7


def draw_reps(rng: np.random.Generator, spec: Spec, *, language: str) -> pd.DataFrame:
    """Return the reps, one row each, with the hours that they really have in ``true_hours``."""
    rows = spec.client["reps"]
    names = draw_people(rng, len(rows))
    places = [place_of(row["town"]) for row in rows]
    hours = [row["hours"] for row in rows]
    known = [value for value in hours if value is not None]
    return pd.DataFrame({
        "rep": [f"R{number:02d}" for number in range(1, len(rows) + 1)], "name": names,
        "role": [row["role"] for row in rows], "selling_hours_per_year": pd.array(hours, dtype="Float64").to_numpy("float64", na_value=np.nan),
        "true_hours": [np.mean(known) if value is None else value for value in hours],
        "cost_per_year": [float(row["cost"]) for row in rows], "city": [row["town"] for row in rows],
        "latitude": [place[0] for place in places], "longitude": [place[1] for place in places],
        "skills": [row["skills"][language] for row in rows], "languages": [row["languages"] for row in rows],
    })


def draw_accounts(rng: np.random.Generator, spec: Spec) -> pd.DataFrame:
    """Return the accounts without owner, hours and sales: place, size, potential, performances."""
    roots = iter(draw_roots(rng, sum(segment["n"] for segment in spec.segments.values())))
    parts = [_draw_segment(rng, segment, roots=roots, spec=spec) for segment in spec.segments.values()]
    accounts = pd.concat(parts, ignore_index=True)
    accounts = accounts.iloc[rng.permutation(len(accounts))].reset_index(drop=True)
    first, code = spec.client["accounts_from"], spec.client["account_code"]
    steps = np.cumsum(rng.integers(1, 9, size=len(accounts)))
    accounts.insert(0, "account", [code.format(first + step) for step in steps])
    return accounts


def _draw_segment(rng: np.random.Generator, segment: dict, *, roots: object, spec: Spec) -> pd.DataFrame:
    n = segment["n"]
    towns = draw_towns(rng, n, regions=segment.get("regions", spec.client.get("regions")))
    size = rng.standard_normal(n)
    other = rng.standard_normal(n)
    median, sigma = segment["potential"]
    spread = sigma * (SIZE_IN_POTENTIAL * size + np.sqrt(1 - SIZE_IN_POTENTIAL**2) * other)
    if segment.get("tail"):
        spread = spread + rng.pareto(segment["tail"], n).clip(0, 12) / 4
    employees = np.round(segment["employees"][0] * np.exp(segment["employees"][1] * size)).clip(1)
    rows = pd.DataFrame({
        "name": [make_company_name(rng, next(roots), trades=segment["names"]) for _ in range(n)],
        "segment": segment["segment"], "sector": rng.choice(segment["sectors"], n),
        "employees": employees, "size_band": [_band_of(count) for count in employees],
        "city": towns["town"], "region": towns["region"], "country": "FR",
        "latitude": (towns["latitude"] + rng.normal(0, 0.015, n)).round(4),
        "longitude": (towns["longitude"] + rng.normal(0, 0.02, n)).round(4),
        "potential_per_year": (np.round(median * np.exp(spread) / 500) * 500).clip(500),
        "is_customer": rng.random(n) < segment["customers"],
    })
    return rows.assign(**_draw_performances(rng, segment, size=size, spec=spec))


def _draw_performances(rng: np.random.Generator, segment: dict, *, size: np.ndarray, spec: Spec) -> dict[str, np.ndarray]:
    performances = {}
    for row in spec.criteria_of("potential", "chance"):
        criterion = row["criterion"]
        if criterion in DERIVED:
            continue
        noise = rng.standard_normal(len(size))
        if spec.is_rated(criterion):
            mean = segment["ratings"][criterion]
            performances[criterion] = np.round(mean + 0.95 * noise).clip(1, 5)
        else:
            median, sigma, low = segment["measures"][criterion]
            mixed = 0.5 * size + 0.87 * noise if criterion in ("n_sites", "tests_per_day") else noise
            performances[criterion] = np.round(median * np.exp(sigma * mixed)).clip(low)
    return performances


def _band_of(employees: float) -> str:
    return [code for code, low in SIZE_BANDS.items() if low <= employees][-1]


def assign_owners(rng: np.random.Generator, accounts: pd.DataFrame, *, reps: pd.DataFrame, spec: Spec) -> np.ndarray:
    """Return the present rep of each account: inside by the segment's share, else a field rep who is near.

    Three prospects in ten belong to nobody; so does every account of the client's uncovered regions.
    """
    inside = reps.loc[reps["role"] == "inside", "rep"].to_numpy()
    inside_share = accounts["segment"].map({name: s["inside"] for name, s in spec.segments.items()}).to_numpy()
    nearest = _near_reps(rng, accounts, reps[reps["role"] == "field"], spec=spec)
    owner = np.where(rng.random(len(accounts)) < inside_share, rng.choice(inside, len(accounts)), nearest).astype(object)
    owner[~accounts["is_customer"].to_numpy() & (rng.random(len(accounts)) < 0.3)] = None
    owner[accounts["region"].isin(spec.client.get("uncovered_regions", [])).to_numpy()] = None
    return owner


def _near_reps(rng: np.random.Generator, accounts: pd.DataFrame, field: pd.DataFrame, *, spec: Spec) -> np.ndarray:
    """Return a near field rep; ``far_share`` of the accounts went, by history, to any rep; ``pull`` favours some."""
    latitude, longitude = accounts["latitude"].to_numpy(), accounts["longitude"].to_numpy()
    pull = spec.client.get("pull", {})
    cost = np.column_stack([
        (distance_km(latitude, longitude, (rep.latitude, rep.longitude)) + 40) * np.exp(rng.normal(0, 0.2, len(accounts)))
        / pull.get(rep.rep, 1.0) for rep in field.itertuples()])
    far = rng.random(len(accounts)) < spec.client.get("far_share", 0.0)
    cost[far] = rng.random((int(far.sum()), len(field)))
    return field["rep"].to_numpy()[cost.argmin(axis=1)]


def draw_effort(rng: np.random.Generator, accounts: pd.DataFrame, *, reps: pd.DataFrame, spec: Spec) -> pd.DataFrame:
    """Return ``true_hours`` and ``true_calls`` of the last 12 months; hours follow the segment and, weakly, the size."""
    segments = spec.segments
    median = accounts["segment"].map({name: s["hours"][0] for name, s in segments.items()}).to_numpy(float)
    sigma = accounts["segment"].map({name: s["hours"][1] for name, s in segments.items()}).to_numpy(float)
    typical = accounts["segment"].map({name: s["potential"][0] for name, s in segments.items()}).to_numpy(float)
    hours = median * np.exp(sigma * rng.standard_normal(len(accounts)))
    hours *= (accounts["potential_per_year"].to_numpy() / typical) ** 0.3
    hours *= np.where(accounts["is_customer"], 1.0, 0.35)
    role = accounts["owner"].map(reps.set_index("rep")["role"])
    hours = np.where(role.isna(), 0.0, np.where(role == "inside", hours * 0.45, hours))
    for name in ("field", "inside"):
        mask = (role == name).to_numpy()
        capacity = reps.loc[reps["role"] == name, "true_hours"].sum()
        hours[mask] *= spec.client[f"{name}_load"] * capacity / hours[mask].sum()
    per_call = role.map(spec.client["hours_per_call"]).fillna(1.0).to_numpy(float)
    per_call = per_call * np.exp(rng.normal(0, 0.12, len(accounts)))
    calls = np.where(hours > 0, np.maximum(1, np.round(hours / per_call)), 0.0)
    return pd.DataFrame({"true_hours": np.round(hours * 2) / 2, "true_calls": calls}, index=accounts.index)


def share_of_potential(accounts: pd.DataFrame, hours: np.ndarray, *, spec: Spec) -> np.ndarray:
    """Return the true response: ``base + (reach - base) hours^shape / (half_hours^shape + hours^shape)`` by segment."""
    parts = {key: accounts["segment"].map({name: s["response"][key] for name, s in spec.segments.items()}).to_numpy(float)
             for key in ("base", "reach", "half_hours", "shape")}
    effort = np.asarray(hours, dtype=float) ** parts["shape"]
    rise = effort / (parts["half_hours"] ** parts["shape"] + effort)
    return parts["base"] + (parts["reach"] - parts["base"]) * rise


def draw_sales(rng: np.random.Generator, accounts: pd.DataFrame, *, spec: Spec) -> np.ndarray:
    """Return sales of the last 12 months: potential x true response x noise; prospects buy nothing."""
    share = share_of_potential(accounts, accounts["true_hours"].to_numpy(), spec=spec)
    noise = np.exp(rng.normal(0, 0.18, len(accounts)))
    share = np.minimum(share * noise, 0.98)
    sales = np.round(accounts["potential_per_year"].to_numpy() * share / 10) * 10
    return np.where(accounts["is_customer"], sales, 0.0)
