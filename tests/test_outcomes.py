import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2_contingency

from salesmodel_kit.model.outcomes import bound_share, compare_win_rates
from salesmodel_kit.tables import WIN_RATES, make_schema


def make_deals(counts: dict[str, tuple[int, int]]) -> tuple[pd.Series, pd.Series]:
    rows = [(name, status) for name, (won, lost) in counts.items() for status in ["won"] * won + ["lost"] * lost]
    group, status = zip(*rows, strict=True)
    return pd.Series(group, dtype="str"), pd.Series(status, dtype="str")


def test_compare_win_rates_says_so_when_chance_alone_would_do():
    comparison = compare_win_rates(*make_deals({"a": (10, 10), "b": (11, 9), "c": (9, 11)}))

    assert not comparison.can_tell
    assert comparison.degrees_of_freedom == 2
    assert comparison.chi_square == pytest.approx(0.4)


def test_compare_win_rates_sees_a_difference_that_is_there():
    comparison = compare_win_rates(*make_deals({"a": (90, 10), "b": (10, 90)}))

    assert comparison.can_tell
    assert comparison.table["win_rate"].tolist() == [0.9, 0.1]
    make_schema(WIN_RATES).validate(comparison.table)


def test_compare_win_rates_agrees_with_scipy():
    counts = {"a": (30, 20), "b": (25, 40), "c": (44, 31)}
    expected = chi2_contingency(np.array(list(counts.values())), correction=False)

    comparison = compare_win_rates(*make_deals(counts))

    assert comparison.chi_square == pytest.approx(expected.statistic)
    assert comparison.p_value == pytest.approx(expected.pvalue, abs=0.01)


@pytest.mark.parametrize("counts", [{"a": (3, 4)}, {"a": (3, 0), "b": (2, 0)}, {"a": (0, 2), "b": (0, 1)}])
def test_compare_win_rates_gives_nothing_when_there_is_nothing_to_compare(counts):
    assert compare_win_rates(*make_deals(counts)) is None


def test_bound_share_reproduces_the_published_interval():
    low, high = bound_share(np.array([0, 81]), np.array([10, 263]))

    # Newcombe (1998), Statistics in Medicine 17, table I: 81/263 -> 0.2553 to 0.3662
    assert (low[1], high[1]) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert low[0] == 0.0
