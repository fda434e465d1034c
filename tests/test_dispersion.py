import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesmodel_kit import tables
from salesmodel_kit.model.dispersion import spread_raters

SCORES = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0, 5)), min_size=0, max_size=8)


def make_votes(raters, *, segment="s"):
    """Return votes of raters given as (strength, attractiveness, voting power)."""
    rows = [(f"p{at}", power, segment, axis, score) for at, (strength, attractiveness, power) in enumerate(raters)
            for axis, score in (("competitive_strength", strength), ("attractiveness", attractiveness))]
    return pd.DataFrame(rows, columns=["participant", "voting_power", "segment", "axis", "score"]).astype(
        {"participant": "str", "segment": "str", "axis": "str", "voting_power": float, "score": float})


def test_spread_raters_gives_the_ellipse_of_four_raters_by_hand():
    """Variances .02/3 and .08/3 without covariance: half axes sqrt(variance x 2 log 2), the longer one upright."""
    votes = make_votes([(0.4, 0.5, 1), (0.6, 0.5, 1), (0.5, 0.3, 1), (0.5, 0.7, 1)])

    row = spread_raters(votes).iloc[0]

    assert row["n_raters"] == 4
    assert (row["competitive_strength"], row["attractiveness"]) == (pytest.approx(0.5), pytest.approx(0.5))
    assert row["competitive_strength_spread"] == pytest.approx(np.sqrt(0.02 / 3))
    assert row["attractiveness_spread"] == pytest.approx(np.sqrt(0.08 / 3))
    assert row["correlation"] == pytest.approx(0.0, abs=1e-12)
    assert row["ellipse_length"] == pytest.approx(np.sqrt(0.08 / 3 * 2 * np.log(2)))
    assert row["ellipse_width"] == pytest.approx(np.sqrt(0.02 / 3 * 2 * np.log(2)))
    assert abs(row["ellipse_angle"]) == pytest.approx(90)


def test_spread_raters_turns_the_ellipse_with_the_correlation():
    votes = make_votes([(0.2, 0.2, 1), (0.5, 0.5, 1), (0.8, 0.8, 1)])

    row = spread_raters(votes).iloc[0]

    assert row["correlation"] == pytest.approx(1.0)
    assert row["ellipse_angle"] == pytest.approx(45.0)
    assert row["ellipse_width"] == pytest.approx(0.0, abs=1e-6)


def test_spread_raters_counts_voting_power():
    """Power 2, 1, 1: mean .25 x 2 + ...; weights .5 .25 .25, 1 - sum of squares .625."""
    votes = make_votes([(0.2, 0.5, 2), (0.6, 0.5, 1), (0.6, 0.5, 1)])

    row = spread_raters(votes).iloc[0]

    assert row["competitive_strength"] == pytest.approx(0.4)
    assert row["competitive_strength_spread"] == pytest.approx(np.sqrt(0.04 / 0.625))


@pytest.mark.parametrize("raters", [[], [(0.5, 0.5, 1)], [(0.5, 0.5, 1), (0.1, 0.9, 1)],
                                    [(0.5, 0.5, 1), (0.1, 0.9, 1), (0.3, 0.3, 0)],
                                    [(0.5, 0.5, 1), (0.1, 0.9, 1), (np.nan, 0.3, 1)]])
def test_spread_raters_gives_no_ellipse_with_fewer_than_three(raters):
    table = spread_raters(pd.concat([make_votes(raters), make_votes([(0.5, 0.5, 1)], segment="t")]))

    assert (table["n_raters"] < 3).all()
    assert table[["attractiveness", "ellipse_length", "ellipse_angle"]].isna().all(axis=None)


@settings(max_examples=60, deadline=None)
@given(SCORES)
def test_spread_raters_conforms_to_its_declaration_for_any_votes(raters):
    table = spread_raters(make_votes(raters))

    tables.make_schema(tables.SEGMENT_DISPERSION).validate(table)
    assert list(table.columns) == list(tables.SEGMENT_DISPERSION.names)
