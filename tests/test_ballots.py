import numpy as np
import pandas as pd
import pytest
from small_client import fill_table, make_tables

from salesmodel_kit.model.ballots import judge_consistency, keep_latest_round, score_ratings, weigh_votes
from salesmodel_kit.tables import SEGMENT_VOTES, VOTE_CONSISTENCY, VOTES, WEIGHT_VOTES, make_schema

CRITERIA = pd.DataFrame({"axis": ["chance"] * 3, "criterion": ["a", "b", "c"]})


def make_votes(rows, **common):
    """Return votes on the axis chance: (kind, criterion, against, vote)."""
    columns = list(zip(*rows, strict=True))
    given = {"round": 1, "participant": "P1", "axis": "chance"} | common
    filled = {name: [value] * len(rows) for name, value in given.items()}
    names = ("kind", "criterion", "against", "vote")
    return fill_table(VOTES, dict(zip(names, map(list, columns), strict=True)) | filled)


@pytest.mark.parametrize(("rows", "weights"), [
    ([("points", "a", None, 6), ("points", "b", None, 3), ("points", "c", None, 1)], [0.6, 0.3, 0.1]),
    ([("swing", "c", None, 20), ("swing", "b", None, 60), ("swing", "a", None, 120)], [0.6, 0.3, 0.1]),
    ([("rank", "a", None, 2), ("rank", "b", None, 1), ("rank", "c", None, 3)], [5 / 18, 11 / 18, 2 / 18]),
    ([("comparison", "a", "b", 2), ("comparison", "b", "c", 3)], [0.6, 0.3, 0.1]),
    ([("best_to", "a", "b", 2), ("best_to", "a", "c", 6), ("to_worst", "a", "c", 6), ("to_worst", "b", "c", 3)],
     [0.6, 0.3, 0.1]),
], ids=["points", "swing", "rank", "comparison", "best-worst"])
def test_weigh_votes_gives_weights_by_the_method_of_the_ballot(rows, weights):
    table = weigh_votes(make_votes(rows), CRITERIA, None)

    assert table["criterion"].tolist() == ["a", "b", "c"]
    assert table["weight"].tolist() == pytest.approx(weights, abs=1e-6)
    assert table["voting_power"].tolist() == [1.0] * 3
    make_schema(WEIGHT_VOTES).validate(table)


def test_weigh_votes_brings_department_and_power():
    people = pd.DataFrame({"participant": ["P1"], "department": ["Sales"], "voting_power": [np.nan]})

    table = weigh_votes(make_votes([("points", name, None, 1) for name in "abc"]), CRITERIA, people)

    assert table["department"].tolist() == ["Sales"] * 3
    assert table["voting_power"].tolist() == [1.0] * 3


def test_weigh_votes_keeps_sets_rounds_and_participants_apart():
    ballot = [("points", name, None, 1) for name in "abc"]
    votes = pd.concat([make_votes(ballot, round=2), make_votes(ballot, weight_set="long"),
                       make_votes(ballot, participant="P2"), make_votes(ballot)], ignore_index=True)

    table = weigh_votes(votes, CRITERIA, None)

    assert table.groupby(["round", "weight_set", "participant"], dropna=False)["weight"].sum().tolist() == (
        pytest.approx([1.0] * 4))
    latest = keep_latest_round(table)
    assert latest[["round", "participant"]].drop_duplicates().to_numpy().tolist() == [[2, "P1"], [1, "P1"]]


def test_judge_consistency_names_the_pair_and_leaves_points_out():
    votes = pd.concat([
        make_votes([("comparison", "a", "b", 2), ("comparison", "b", "c", 2), ("comparison", "c", "a", 2)]),
        make_votes([("points", name, None, 1) for name in "abc"], participant="P2")], ignore_index=True)

    table = judge_consistency(votes, CRITERIA)

    # A circle of three: every weight is 1/3, the largest eigenvalue is 1 + 2 + 1/2, CI 1/4.
    assert table["consistency_ratio"].tolist() == pytest.approx([0.25 / 0.58])
    assert table["contradicts"].tolist() == [True]
    assert (table["said"][0], table["implied"][0]) == pytest.approx((2.0, 1.0))
    make_schema(VOTE_CONSISTENCY).validate(table)


def make_ratings(*rows):
    columns = zip(*rows, strict=True)
    names = ("round", "participant", "segment", "axis", "criterion", "vote")
    return fill_table(VOTES, dict(zip(names, map(list, columns), strict=True)) | {"kind": ["rating"] * len(rows)})


def rate(ratings, weights=None):
    given = make_tables()
    criteria = given["criteria"].assign(effective_weight=1.0, emphasis=1.0)
    return score_ratings(ratings, given["segments"], criteria, weights=weights)


def test_score_ratings_puts_the_segment_where_the_rater_sees_it():
    table = rate(make_ratings((1, "P1", "public", "attractiveness", "growth", 2)))

    # 2 on the way from 1 to 5.
    assert table["score"].tolist() == [0.25]
    make_schema(SEGMENT_VOTES).validate(table)


def test_score_ratings_uses_the_raters_own_weights_and_the_declared_rest():
    given = make_tables()
    criteria = pd.concat([given["criteria"], given["criteria"].head(1).assign(criterion="margin")], ignore_index=True)
    segments = given["segments"].assign(margin=[5.0, 1.0])
    own = pd.DataFrame({"participant": "P1", "axis": "attractiveness", "criterion": ["growth", "margin"],
                        "weight": [0.75, 0.25]})

    table = score_ratings(
        make_ratings((1, "P1", "public", "attractiveness", "growth", 3)), segments,
        criteria.assign(effective_weight=0.5, emphasis=[1.0] * 6 + [3.0]), weights=own)

    # Growth is worth 1/2, margin 1 as declared; weights 3/4 and 1/4 x 3 are equal.
    assert table["score"].tolist() == pytest.approx([0.75])


def test_score_ratings_takes_the_latest_round_of_the_axis():
    table = rate(make_ratings((1, "P1", "public", "attractiveness", "growth", 1),
                              (2, "P1", "public", "attractiveness", "growth", 5)))

    assert table["score"].tolist() == [1.0]
