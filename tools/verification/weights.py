"""Weights from judgements, and the group: published cases with known answers."""

from __future__ import annotations

import numpy as np

from salesmodel_kit.model.groups import join_judgements, join_priorities, measure_concordance
from salesmodel_kit.model.judgements import weigh_by_points, weigh_by_rank_order_centroid, weigh_by_rank_sum
from salesmodel_kit.model.pairwise import RANDOM_INDEX_TABLE, weigh_by_best_worst, weigh_by_comparisons
from tools.verification.case import Case

WEIGHTS, GROUP = "Weights from judgements", "The group"
#: Coffee, wine, tea, beer, soda, milk, water.
DRINKS = np.array([
    [1, 9, 5, 2, 1, 1, 1 / 2], [1 / 9, 1, 1 / 3, 1 / 9, 1 / 9, 1 / 9, 1 / 9], [1 / 5, 3, 1, 1 / 3, 1 / 4, 1 / 3, 1 / 9],
    [1 / 2, 9, 3, 1, 1 / 2, 1, 1 / 3], [1, 9, 4, 2, 1, 2, 1 / 2], [1, 9, 3, 1, 1 / 2, 1, 1 / 3], [2, 9, 9, 3, 2, 3, 1]])
#: Experience, education, charisma, age; one place of each pair.
LEADER = np.array([[1, 4, 3, 7], [np.nan, 1, 1 / 3, 3], [np.nan, np.nan, 1, 5], [np.nan, np.nan, np.nan, 1]])
#: Quality, price, comfort, safety, style: price is best, style worst.
CAR_BEST, CAR_WORST = np.array([2, 1, 4, 3, 8]), np.array([4, 8, 2, 3, 1])


def list_cases() -> list[Case]:
    """Return the cases."""
    return [*_list_direct(), *_list_pairwise(), *_list_group()]


def _case(subject: str, name: str, source: str, expected: tuple, computed: object, tolerance: float) -> Case:
    return Case(subject, name, source, tuple(map(float, expected)), tuple(map(float, np.atleast_1d(computed))),
                tolerance)


def _list_direct() -> list[Case]:
    roberts = "Roberts & Goodwin 2002"
    return [
        _case(WEIGHTS, "Rank order centroid, 4 criteria", roberts, (.5208, .2708, .1458, .0625),
              weigh_by_rank_order_centroid(np.arange(1, 5)), 5e-5),
        _case(WEIGHTS, "Rank sum, 5 criteria", roberts, (.333, .267, .2, .133, .067),
              weigh_by_rank_sum(np.arange(1, 6)), 5e-4),
        _case(WEIGHTS, "Swing of 100, 60, 40", "von Winterfeldt & Edwards 1986, by hand", (.5, .3, .2),
              weigh_by_points(np.array([100, 60, 40])), 1e-12),
    ]


def _list_pairwise() -> list[Case]:
    drinks, leader = weigh_by_comparisons(DRINKS), weigh_by_comparisons(LEADER)
    car = weigh_by_best_worst(CAR_BEST, CAR_WORST, best=1, worst=4)
    even = weigh_by_best_worst(np.array([2, 1, 4, 2, 8]), np.array([4, 8, 2, 4, 1]), best=1, worst=4)
    # A = 2 B, B = 3 C: the comparison of A with C that contradicts nothing is 6.
    tree = weigh_by_comparisons(np.array([[1, 2, np.nan], [np.nan, 1, 3], [np.nan, np.nan, 1]]))
    ratio = f"CR, random index of {RANDOM_INDEX_TABLE}"
    rezaei = "Rezaei 2016, linear model, the car of Rezaei 2015; values as in the tests of the R package BWM"
    return [
        _case(WEIGHTS, "AHP, drinks: weights", "Saaty 2008", (.177, .019, .042, .116, .190, .129, .327),
              drinks.weights, 1e-3),
        _case(WEIGHTS, f"AHP, drinks: {ratio}", "Saaty 2008", (.022,), drinks.consistency_ratio, 5e-4),
        _case(WEIGHTS, "AHP, leader: weights", "choice of a leader, a common teaching case", (.548, .127, .270, .056),
              leader.weights, 1e-3),
        _case(WEIGHTS, f"AHP, leader: {ratio}", "choice of a leader, a common teaching case", (.044,),
              leader.consistency_ratio, 5e-4),
        _case(WEIGHTS, "AHP, one comparison missing, no contradiction", "Bozóki et al. 2010, by hand",
              (6 / 10, 3 / 10, 1 / 10), tree.weights, 1e-6),
        _case(WEIGHTS, "Best-worst, car: weights", rezaei, (.22950820, .44808743, .11475410, .15300546, .05464481),
              car.weights, 1e-8),
        _case(WEIGHTS, "Best-worst, car without contradiction", rezaei, (4 / 19, 8 / 19, 2 / 19, 4 / 19, 1 / 19),
              even.weights, 1e-8),
    ]


def _list_group() -> list[Case]:
    two = np.array([[[1, 4], [1 / 4, 1]], [[1, 9], [1 / 9, 1]]])
    ties = np.array([[1, 2, 2, 4], [1, 2, 3, 4]])
    return [
        _case(GROUP, "Judgements 4 and 9 joined (AIJ)", "Aczél & Saaty 1983, by hand", (6, 1 / 6),
              join_judgements(two, np.ones(2))[[0, 1], [1, 0]], 1e-12),
        _case(GROUP, "Weights .8 .2 and .5 .5 joined (AIP)", "Forman & Peniwati 1998, by hand", (2 / 3, 1 / 3),
              join_priorities(np.array([[.8, .2], [.5, .5]]), np.ones(2)), 1e-12),
        _case(GROUP, "The same, the second with twice the power", "by hand: (4 x 1 x 1)^(1/3) against 1",
              (1 / (1 + 4 ** (-1 / 3)), 1 / (1 + 4 ** (1 / 3))),
              join_priorities(np.array([[.8, .2], [.5, .5]]), np.array([1, 2])), 1e-12),
        _case(GROUP, "Kendall's W, 4 judges of 3", "ProofWiki, Kendall's Coefficient of Concordance, example",
              (1 / 16,), measure_concordance(np.array([[1, 3, 2], [1, 2, 3], [2, 3, 1], [3, 1, 2]])), 1e-12),
        # Sums of ranks 2, 4.5, 5.5, 8: 12 x 118.5 - 1,200 = 222; room 4 x 60 - 2 x 6 = 228.
        _case(GROUP, "Kendall's W with ties", "Kendall 1948, correction for ties, by hand", (222 / 228,),
              measure_concordance(ties), 1e-12),
    ]
