"""The true parameters and the story facts of a demo client, for comparing analyses with what is known."""

from __future__ import annotations

import numpy as np
from generator.client import DemoClient


def collect_truth(client: DemoClient) -> dict:
    """Return what the data was made from: seed, win model, response per segment, story facts."""
    spec = client.spec
    return {
        "seed": spec.client["seed"],
        "win_model": {
            "form": "logit(p) = intercept + sum of coefficient x value; value = performance between worst 0 and best 1",
            **spec.client["win_model"]},
        "response": {
            "form": "sales / potential = base + (reach - base) hours^shape / (half_hours^shape + hours^shape)",
            "noise": "log-normal, sigma 0.18, capped at 0.98; prospects buy nothing",
            "segments": {name: segment["response"] for name, segment in spec.segments.items()}},
        "declared_weights": {axis: {row["criterion"]: row["weight"] for row in spec.criteria_of(axis)}
                             for axis in ("attractiveness", "competitive_strength", "potential", "chance")},
        "story": collect_story(client),
    }


def collect_story(client: DemoClient) -> dict:
    """Return the facts of the story, computed on the complete data before cells were lost."""
    accounts = client.truth
    hours, potential = accounts["true_hours"], accounts["potential_per_year"]
    by_segment = accounts.groupby("segment")
    return {
        "potential_share_by_segment": _rounded(by_segment["potential_per_year"].sum() / potential.sum()),
        "hours_share_by_segment": _rounded(by_segment["true_hours"].sum() / hours.sum()),
        "sales_per_year": float(accounts["sales_per_year"].sum()), "potential_per_year": float(potential.sum()),
    }


def _rounded(shares: object) -> dict[str, float]:
    return {name: round(float(np.float64(value)), 4) for name, value in shares.items()}
