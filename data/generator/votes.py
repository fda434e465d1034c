"""Draws who votes, and what they vote: judgements scattered around the true weights and the true ratings."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
import pandas as pd

from generator.names import draw_people
from generator.spec import Spec
from salesmodel_kit.tables import VOTES

AXES = ("attractiveness", "competitive_strength", "potential", "chance")
#: Standard deviation of a rating from 1 to 5 around the one that stands in segments.
RATING_NOISE = 0.7
#: Standard deviation of the logarithm of a comparison in pairs; a careless participant's.
COMPARISON_NOISE, CARELESS_NOISE = 0.12, 0.75


def draw_participants(spec: Spec, *, language: str) -> pd.DataFrame:
    """Return the participants; their names come from their own seed, so that no other file depends on them."""
    rows = spec.client["votes"]["participants"]
    rng = np.random.default_rng(spec.client["seed"] + 1)
    return pd.DataFrame({
        "participant": [f"V{number:02d}" for number in range(1, len(rows) + 1)], "name": draw_people(rng, len(rows)),
        "department": [row["department"][language] for row in rows],
        "voting_power": pd.Series([row.get("power") for row in rows], dtype="float64")})


def draw_votes(spec: Spec, *, language: str) -> pd.DataFrame:
    """Return the votes of every round and set of weights, then the ratings of the segments."""
    rng = np.random.default_rng(spec.client["seed"] + 2)
    rows = [row for part in (_vote_weights(rng, spec, language=language), _rate_segments(rng, spec)) for row in part]
    return pd.DataFrame(rows, columns=list(VOTES.names))


def true_weights(spec: Spec, weight_set: dict, axis: str) -> np.ndarray:
    """Return what the votes of a set are scattered around: the declared weights, bent for the set, summing to 1."""
    rows = spec.criteria_of(axis)
    bent = np.array([row["weight"] * weight_set.get("factors", {}).get(row["criterion"], 1.0) for row in rows])
    return bent / bent.sum()


def _vote_weights(rng: np.random.Generator, spec: Spec, *, language: str) -> Iterator[dict]:
    votes = spec.client["votes"]
    for weight_set, (number, round_) in itertools.product(votes["sets"], enumerate(votes["rounds"], start=1)):
        name = weight_set["name"][language] if "name" in weight_set else None
        for (at, voter), axis in itertools.product(enumerate(votes["participants"], start=1), AXES):
            criteria = [row["criterion"] for row in spec.criteria_of(axis)]
            weights = true_weights(spec, weight_set, axis) * [
                _find_bias(votes, voter, criterion) ** round_["distance"] for criterion in criteria]
            seen = rng.dirichlet(round_["closeness"] * weights / weights.sum())
            for row in _say(rng, seen, criteria, voter=voter):
                yield {"round": number, "participant": f"V{at:02d}", "weight_set": name, "axis": axis, **row}


def _find_bias(votes: dict, voter: dict, criterion: str) -> float:
    """Return how many times a department overrates a criterion: what divides the room before it talks."""
    return votes["biases"].get(criterion, {}).get(voter["department"]["en"], 1.0)


def _say(rng: np.random.Generator, weights: np.ndarray, criteria: list[str], *, voter: dict) -> list[dict]:
    kind = voter.get("kind", "points")
    if kind == "comparison":
        return _compare(rng, weights, criteria, voter=voter)
    if kind == "best_worst":
        return _say_best_worst(weights, criteria)
    said = {"points": np.maximum(np.round(100 * weights), 1), "swing": np.round(20 * weights / weights.max()) * 5,
            "rank": len(weights) + 1 - pd.Series(weights).rank(method="first").to_numpy()}[kind]
    return [{"kind": kind, "criterion": name, "vote": vote} for name, vote in zip(criteria, said, strict=True)]


def _compare(rng: np.random.Generator, weights: np.ndarray, criteria: list[str], *, voter: dict) -> list[dict]:
    """Return comparisons on Saaty's scale, the one that counts more first; some are left out."""
    noise = CARELESS_NOISE if voter.get("careless") else COMPARISON_NOISE
    rows = []
    for i, j in itertools.combinations(range(len(criteria)), 2):
        ratio = weights[i] / weights[j] * np.exp(noise * rng.standard_normal())
        first, second = (i, j) if ratio >= 1 else (j, i)
        is_kept = j == i + 1 or rng.random() >= voter.get("left_out", 0.0)
        if is_kept:
            rows.append({"kind": "comparison", "criterion": criteria[first], "against": criteria[second],
                         "vote": np.clip(np.round(max(ratio, 1 / ratio)), 1, 9)})
    return rows


def _say_best_worst(weights: np.ndarray, criteria: list[str]) -> list[dict]:
    best, worst = int(weights.argmax()), int(weights.argmin())
    to = [{"kind": "best_to", "criterion": criteria[best], "against": criteria[at],
           "vote": np.clip(np.round(weights[best] / weights[at]), 1, 9)} for at in range(len(weights)) if at != best]
    against = [{"kind": "to_worst", "criterion": criteria[at], "against": criteria[worst],
                "vote": np.clip(np.round(weights[at] / weights[worst]), 1, 9)}
               for at in range(len(weights)) if at != worst]
    return to + against


def _rate_segments(rng: np.random.Generator, spec: Spec) -> Iterator[dict]:
    """Yield the ratings from 1 to 5 of every segment by the first participants, in the last round."""
    votes, last = spec.client["votes"], len(spec.client["votes"]["rounds"])
    rated = [row for row in spec.criteria_of(*AXES[:2]) if spec.is_rated(row["criterion"])]
    for voter, segment, row in itertools.product(range(1, votes["raters"] + 1), spec.segments.values(), rated):
        known = segment["performances"].get(row["criterion"])
        noise = rng.standard_normal()
        if known is None:
            continue
        yield {"round": last, "participant": f"V{voter:02d}", "kind": "rating", "axis": row["axis"],
               "criterion": row["criterion"], "segment": segment["segment"],
               "vote": float(np.clip(np.round(known + RATING_NOISE * noise), 1, 5))}
