import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesmodel_kit.model.natural_breaks import MOST_POINTS, find_natural_breaks

VALUES = st.lists(st.integers(0, 20).map(lambda twentieth: twentieth / 20), min_size=1, max_size=9)


def deviate(values: np.ndarray) -> float:
    return float(((values - values.mean()) ** 2).sum())


def search_all(values: np.ndarray, n_classes: int) -> float:
    """Return the least sum of squared deviations over every way to cut the values."""
    points = np.unique(values)
    n_cuts = min(n_classes, len(points)) - 1
    ways = itertools.combinations(points[1:], n_cuts)
    return min(
        sum(deviate(part) for part in split(values, (points[0], *cuts))) for cuts in ways
    )


def split(values: np.ndarray, lowest: tuple[float, ...]) -> list[np.ndarray]:
    ends = (*lowest[1:], np.inf)
    return [values[(values >= low) & (values < end)] for low, end in zip(lowest, ends, strict=True)]


@given(VALUES, st.integers(1, 4))
def test_find_natural_breaks_equals_trying_every_cut(values, n_classes):
    values = np.array(values)

    found = find_natural_breaks(values, n_classes=n_classes)

    within = sum(deviate(part) for part in split(values, found.lowest))
    assert within == pytest.approx(search_all(values, n_classes), abs=1e-12)
    assert found.error == 0.0


def test_find_natural_breaks_gives_the_fit_that_its_classes_have():
    # Classes 1 2 | 10 11 | 50: deviations 0.5 + 0.5 of 1,630.8 around the mean 14.8.
    found = find_natural_breaks(np.array([1.0, 2.0, 10.0, 11.0, 50.0]), n_classes=3)

    assert found.lowest == (1.0, 10.0, 50.0)
    assert found.fit == pytest.approx(1 - 1.0 / 1630.8)


@pytest.mark.parametrize(
    ("values", "lowest"), [([], ()), ([0.4], (0.4,)), ([0.4, 0.4], (0.4,)), ([0.1, 0.4], (0.1, 0.4))]
)
def test_find_natural_breaks_has_no_more_classes_than_distinct_values(values, lowest):
    assert find_natural_breaks(np.array(values), n_classes=3).lowest == lowest


def test_find_natural_breaks_keeps_within_the_error_that_it_states():
    rng = np.random.default_rng(3)
    values = np.round(rng.beta(2, 4, 3 * MOST_POINTS), 4)
    points = np.unique(values)

    found = find_natural_breaks(values, n_classes=2)

    assert len(points) > MOST_POINTS
    best = min(deviate(values[values < cut]) + deviate(values[values >= cut]) for cut in points[1:])
    assert 0 <= (1 - best / deviate(values)) - found.fit <= found.error < 0.01
