"""How sure a tier is: published cases of SMAA-2, and the smallest change of weights."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from salesmodel_kit.model.acceptability import ScoreTerms, accept_ranks, find_central_weights
from salesmodel_kit.model.draws import draw_weights
from salesmodel_kit.model.flips import find_flips
from tools.verification.case import Case

SUBJECT = "How sure a tier is"
_SMAA = "reproduced; method: Lahdelma & Salminen (2001), SMAA-2"
_N_EVEN, _N_DRAWS = 1000, 20_000
#: Four standard errors of a share, and of a mean of weights over a third of the draws, at their largest.
_SHARE_ERROR, _WEIGHT_ERROR = 4 * 0.5 / math.sqrt(_N_DRAWS), 4 * 0.5 / math.sqrt(_N_DRAWS / 3)
_EXACT = 1e-9


def list_cases() -> list[Case]:
    """Return the published cases of acceptability, central weights and smallest changes of weights."""
    return [*_compare_three_accounts(), *_compare_unit_vectors(), _draw_in_order(), *_flip_one_account()]


def _compare_three_accounts() -> list[Case]:
    """Two criteria, weights spread evenly, accounts A (1, 0), B (0, 1), C (0.6, 0.6): shares are exact."""
    first = (np.arange(_N_EVEN) + 0.5) / _N_EVEN
    weights, terms = np.column_stack([first, 1 - first]), _on_one_axis([[1, 0], [0, 1], [0.6, 0.6]])
    ranks = accept_ranks(terms, weights, last_ranks=[1, 2, 3])[:, :3]
    central, _ = find_central_weights(terms, weights)
    what = "two criteria, accounts (1, 0), (0, 1), (0.6, 0.6)"
    return [
        _case(f"rank acceptability, {what}", (0.4, 0.1, 0.5, 0.4, 0.1, 0.5, 0.2, 0.8, 0.0), ranks),
        _case(f"central weights, {what}", (0.8, 0.2, 0.2, 0.8, 0.5, 0.5), central),
    ]


def _compare_unit_vectors() -> list[Case]:
    criteria = pd.DataFrame({"axis": "a", "criterion": range(3), "effective_weight": 1 / 3})
    draws = draw_weights(criteria, kind="any", n_draws=_N_DRAWS, seed=1)
    central, first = find_central_weights(_on_one_axis(np.eye(3).tolist()), draws)
    expected = (11 / 18, 7 / 36, 7 / 36)
    return [
        _case("first ranks, three unit vectors, any weights", (1 / 3,) * 3, first, tolerance=_SHARE_ERROR),
        _case("central weights of the first of three unit vectors", expected, central[0], tolerance=_WEIGHT_ERROR),
    ]


def _draw_in_order() -> Case:
    criteria = pd.DataFrame({"axis": "a", "criterion": range(4), "effective_weight": [0.4, 0.3, 0.2, 0.1]})
    draws = draw_weights(criteria, kind="ordinal", n_draws=_N_DRAWS, seed=1)
    return Case(
        SUBJECT, "mean of weights in order, four criteria", "rank order centroid, Barron & Barrett (1996)",
        (25 / 48, 13 / 48, 7 / 48, 3 / 48), tuple(draws.mean(axis=0).tolist()), _SHARE_ERROR,
    )  # fmt: skip


def _flip_one_account() -> list[Case]:
    """Follow by hand: all weight of the worst criterion first, then part of the next."""
    one = find_flips(_on_one_axis([[1, 0]]), np.array([0.5, 0.5]), cutoffs=[0.6])
    three = find_flips(_on_one_axis([[0, 0.6, 1]]), np.array([0.5, 0.25, 0.25]), cutoffs=[0.95])
    source = "by hand; the tests compare with the linear programme (HiGHS)"
    return [
        Case(SUBJECT, "smallest change, values (1, 0), weights (1/2, 1/2), cutoff 0.6", source, (0.2,),
             tuple(one.distance.tolist()), _EXACT),
        Case(SUBJECT, "smallest change, values (0, 0.6, 1), weights (1/2, 1/4, 1/4), cutoff 0.95", source, (1.25,),
             tuple(three.distance.tolist()), _EXACT),
    ]  # fmt: skip


def _on_one_axis(values: list[list[float]]) -> ScoreTerms:
    table = np.array(values, dtype=float)
    return ScoreTerms(table, np.zeros(table.shape[1], dtype=np.int64), np.array([1.0]))


def _case(name: str, expected: tuple[float, ...], computed: np.ndarray, *, tolerance: float = _EXACT) -> Case:
    return Case(SUBJECT, name, _SMAA, expected, tuple(np.ravel(computed).tolist()), tolerance)
