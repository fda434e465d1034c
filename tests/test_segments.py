import numpy as np
import pandas as pd
import pytest
from small_client import fill_table, make_tables

from salesmodel_kit.model.segments import choose_postures, explain_segments, score_segments
from salesmodel_kit.model.weights import weigh_criteria
from salesmodel_kit.tables import SEGMENT_CONTRIBUTIONS, SEGMENT_SCORES, SEGMENTS, make_schema


def weigh(tables: dict) -> pd.DataFrame:
    return weigh_criteria(tables["criteria"], emphasis={})


@pytest.mark.parametrize(
    ("attractiveness", "strength", "posture"),
    [
        (0.9, 0.9, "invest"),
        (0.9, 0.4, "invest"),
        (1 / 3, 2 / 3, "invest"),
        (0.9, 0.1, "select"),
        (0.5, 0.5, "select"),
        (0.1, 0.5, "harvest"),
        (0.0, 0.0, "harvest"),
    ],
)
def test_choose_postures_follows_the_nine_fields(attractiveness, strength, posture):
    chosen = choose_postures(pd.Series([attractiveness]), pd.Series([strength]))

    assert chosen.tolist() == [posture]


def test_choose_postures_gives_none_when_an_axis_is_missing():
    chosen = choose_postures(pd.Series([0.9, np.nan]), pd.Series([np.nan, 0.9]))

    assert chosen.isna().all()


def test_score_segments_places_segments_by_hand_computed_values():
    tables = make_tables()

    scores = score_segments(tables["segments"], weigh(tables), tables["accounts"], minimum_known_share=0.5)

    assert scores["attractiveness"].tolist() == [1.0, 0.25]
    assert scores["competitive_strength"].tolist() == [0.75, 0.25]
    assert scores["posture"].tolist() == ["invest", "harvest"]
    assert scores["sales_per_year"].tolist() == [30_000, 66_000]
    assert scores["market_share"].tolist() == pytest.approx([0.015, 0.066])
    make_schema(SEGMENT_SCORES).validate(scores)


def test_score_segments_says_not_known_instead_of_zero_when_ratings_are_missing():
    tables = make_tables()
    segments = fill_table(SEGMENTS, {"segment": ["public", "industry"], "label": ["Public bodies", "Industry"]})

    scores = score_segments(segments, weigh(tables), tables["accounts"], minimum_known_share=0.5)

    assert scores[["attractiveness", "competitive_strength", "posture", "market_share"]].isna().all(axis=None)
    assert scores["attractiveness_known_share"].tolist() == [0.0, 0.0]


def test_score_segments_prefers_declared_sales_to_the_sum_of_accounts():
    tables = make_tables()
    tables["segments"]["sales_per_year"] = [500_000.0, np.nan]

    scores = score_segments(tables["segments"], weigh(tables), tables["accounts"], minimum_known_share=0.5)

    assert scores["sales_per_year"].tolist() == [500_000, 66_000]


def test_explain_segments_adds_up_to_the_scores():
    tables = make_tables()
    criteria = weigh(tables)

    parts = explain_segments(tables["segments"], criteria)

    scores = score_segments(tables["segments"], criteria, tables["accounts"], minimum_known_share=0)
    sums = parts.pivot_table(index="segment", columns="axis", values="contribution", aggfunc="sum").loc[
        scores["segment"]
    ]
    assert sums["attractiveness"].tolist() == pytest.approx(scores["attractiveness"].tolist())
    make_schema(SEGMENT_CONTRIBUTIONS).validate(parts)
