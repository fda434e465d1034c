"""Draws the accounts and the reps of a client: the complete truth, before cells are lost and texts written."""

from __future__ import annotations

import numpy as np
import pandas as pd

from generator.names import draw_people, draw_roots, make_company_name
from generator.spec import DERIVED, Spec
from generator.towns import draw_towns, place_of
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
    parts = [row.get("holiday_part") for row in rows]
    table = pd.DataFrame({
        "rep": [f"R{number:02d}" for number in range(1, len(rows) + 1)], "name": names,
        "role": [row["role"] for row in rows],
        "selling_hours_per_year": pd.Series(hours, dtype="float64"),
        "true_hours": [np.mean(known) if value is None else value for value in hours],
        "load": [row.get("load", 1.0) for row in rows],
        "cost_per_year": [float(row["cost"]) for row in rows], "city": [row["town"] for row in rows],
        "latitude": [place[0] for place in places], "longitude": [place[1] for place in places],
        "skills": [row["skills"][language] for row in rows], "languages": [row["languages"] for row in rows],
    })
    return table.assign(holiday_part=pd.Series(parts, dtype="str")) if any(parts) else table


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
    employees = np.round(segment["employees"][0] * np.exp(segment["employees"][1] * size)).clip(1)
    sectors = rng.choice(segment["sectors"], n)
    trades = [segment.get("trade", spec.sectors[sector]["trade"]) for sector in sectors]
    rows = pd.DataFrame({
        "name": [make_company_name(rng, next(roots), trade=trade) for trade in trades],
        "segment": segment["segment"], "sector": sectors,
        "employees": employees, "size_band": [_band_of(count) for count in employees],
        "city": towns["town"], "region": towns["region"], "country": "FR",
        "latitude": (towns["latitude"] + rng.normal(0, 0.015, n)).round(4),
        "longitude": (towns["longitude"] + rng.normal(0, 0.02, n)).round(4),
        "potential_per_year": (np.round(median * np.exp(spread) / 500) * 500).clip(500, segment.get("largest")),
        "is_customer": rng.random(n) < segment["customers"],
    })
    return _settle_prospects(rows.assign(**_draw_performances(rng, segment, size=size, spec=spec)))


def _settle_prospects(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with what cannot be for a prospect taken back: years as a customer, the best relations."""
    prospect = ~rows["is_customer"]
    if "years_as_customer" in rows:
        rows["years_as_customer"] = rows["years_as_customer"].clip(lower=1).mask(prospect, 0.0)
    rows["relation_quality"] = rows["relation_quality"].mask(prospect, (rows["relation_quality"] - 1).clip(1, 4))
    return rows


def _draw_performances(rng: np.random.Generator, segment: dict, *, size: np.ndarray,
                       spec: Spec) -> dict[str, np.ndarray]:
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
