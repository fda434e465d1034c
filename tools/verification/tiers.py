"""Tiers: natural breaks and the workload of tiers, against published and hand-worked cases."""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesmodel_kit.model.natural_breaks import find_natural_breaks
from salesmodel_kit.model.tier_rules import find_level_cutoffs, place_accounts
from tools.verification.case import Case

SUBJECT = "Tiers"
_EXAMPLE = (-1, 2, -1, 2, 4, 5, 6, -1, 2, -1)


def list_cases() -> list[Case]:
    """Return the cases of the rules that cut tiers."""
    example = find_natural_breaks(np.array(_EXAMPLE, dtype=float), n_classes=3)
    pairs = find_natural_breaks(np.array([4.0, 5.0, 9.0, 10.0]), n_classes=2)
    return [
        Case(
            SUBJECT, f"natural breaks of {', '.join(map(str, _EXAMPLE))} in three classes: lowest value of each",
            "documented example of ckmeans in simple-statistics: -1 -1 -1 -1 | 2 2 2 | 4 5 6",
            (-1.0, 2.0, 4.0), example.lowest, 0.0),
        Case(
            SUBJECT, "natural breaks of 4, 5, 9, 10 in two classes: lowest values, goodness of variance fit",
            "by hand: 26 squared deviations in all, 0.5 + 0.5 within 4 5 | 9 10, so (26 - 1) / 26",
            (4.0, 9.0, 25 / 26), (*pairs.lowest, pairs.fit), 1e-12),
        Case(
            SUBJECT, "tiers by the calls of 60 reps, 1,000 each, A called 36 times a year and B 12 times: A, B, C",
            "Talley (1961) read backwards: 1,000 A x 36 + 2,000 B x 12 = 60,000 calls take 60 reps; "
            "4,000 accounts are on offer, A may take 0.6 of the calls",
            (1000.0, 2000.0, 1000.0), _tier_by_capacity(), 0.0),
    ]


def _tier_by_capacity() -> tuple[float, ...]:
    scores = pd.DataFrame({"score": np.linspace(1, 0, 4000), "posture": pd.Series(["any"] * 4000, dtype="str")})
    hours = pd.DataFrame(
        [(tier, "any", "field", calls, 60_000.0) for tier, calls in (("gold", 36.0), ("silver", 12.0))],
        columns=["tier", "posture", "channel", "hours_per_year", "capacity"])
    cutoffs = find_level_cutoffs(scores, rule="capacity", levels=("gold", "silver", "bronze"), cuts={"gold": 0.6},
                                 hours=hours)
    return tuple(np.bincount(place_accounts(scores["score"].to_numpy(), cutoffs)).astype(float).tolist())
