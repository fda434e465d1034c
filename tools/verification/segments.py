"""Published and hand-made cases of segments from data: agreement, groups, dispersion of raters."""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesmodel_kit.model.agreement import find_adjusted_rand, find_best_jaccards
from salesmodel_kit.model.dispersion import spread_raters
from salesmodel_kit.model.latent_groups import fit_mixture, spread_bands
from tools.verification.case import Case

SUBJECT = "Segments from data"
#: Stouffer & Toby (1951): 216 people, four situations of role conflict; counts of the 16 patterns, ++++ first.
ROLE_CONFLICT = (42, 23, 6, 25, 6, 24, 7, 38, 1, 4, 1, 6, 2, 9, 2, 20)


def list_cases() -> list[Case]:
    """Return the cases of this subject."""
    return [_rand(), _jaccard(), *_likelihoods(), _goodness(), _ellipse()]


def _rand() -> Case:
    counts = np.array([[1, 1, 0], [1, 2, 1], [0, 0, 4]])
    return Case(SUBJECT, "Adjusted Rand index of two partitions of ten objects",
                "Yeung & Ruzzo 2001, details of the adjusted Rand index (reproduced); index of Hubert & Arabie 1985",
                (0.313,), (find_adjusted_rand(counts),), 5e-4)


def _jaccard() -> Case:
    found = find_best_jaccards(np.array([[6, 2], [0, 4]]))
    return Case(SUBJECT, "Likeness of a group to the one that comes back", "by hand: 6 in both of 8, 4 of 6",
                (6 / 8, 4 / 6), tuple(found), 1e-12)


def _fit(n_groups: int) -> tuple[np.ndarray, object]:
    patterns = np.array([[(at >> shift) & 1 for shift in (3, 2, 1, 0)] for at in range(16)])
    spread = spread_bands(np.repeat(patterns, ROLE_CONFLICT, axis=0), [2] * 4)
    return patterns, fit_mixture(spread, [2] * 4, n_groups=n_groups, seed=1, pseudo_accounts=0.0)


def _likelihoods() -> list[Case]:
    source = "Stouffer & Toby 1951; Goodman 2002, tables 5b and 5c, as the documentation of poLCA 1.3.1 states them"
    return [Case(SUBJECT, f"Log-likelihood of latent classes, {n_groups}", source, (expected,),
                 (_fit(n_groups)[1].log_likelihood,), 0.005)
            for n_groups, expected in ((1, -543.6498), (2, -504.4677))]


def _goodness() -> Case:
    patterns, mixture = _fit(2)
    parts = np.array(mixture.probabilities)
    chances = [np.prod([parts[item, group, patterns[:, item]] for item in range(4)], axis=0) for group in range(2)]
    expected = sum(ROLE_CONFLICT) * mixture.shares @ np.array(chances)
    seen = np.array(ROLE_CONFLICT)
    return Case(SUBJECT, "Likelihood-ratio statistic of two latent classes", "Goodman 1974 (reproduced): 2.72",
                (2.72,), (float(2 * (seen * np.log(seen / expected)).sum()),), 0.005)


def _ellipse() -> Case:
    places = ((0.4, 0.5), (0.6, 0.5), (0.5, 0.3), (0.5, 0.7))
    rows = [(f"p{at}", 1.0, "s", axis, score) for at, place in enumerate(places)
            for axis, score in zip(("competitive_strength", "attractiveness"), place, strict=True)]
    votes = pd.DataFrame(rows, columns=["participant", "voting_power", "segment", "axis", "score"])
    row = spread_raters(votes).iloc[0]
    by_hand = (np.sqrt(0.08 / 3 * 2 * np.log(2)), np.sqrt(0.02 / 3 * 2 * np.log(2)))
    return Case(SUBJECT, "Half axes of the ellipse that holds half of four raters",
                "by hand: variances 0.08/3 and 0.02/3, no covariance, median of chi-square with 2 degrees 2 log 2",
                by_hand, (row["ellipse_length"], row["ellipse_width"]), 1e-12)
