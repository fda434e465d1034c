import pandas as pd
import pytest

from salesmodel_kit.model.moves import count_moves, list_moves
from salesmodel_kit.tables import TIER_FLOWS, TIER_MOVES, make_schema


def make_tiers(**tiers) -> pd.DataFrame:
    table = pd.DataFrame({"account": list(tiers), "name": list(tiers), "tier": list(tiers.values()), "score": 0.5})
    return table.astype({"account": "str", "name": "str", "tier": "str"})


def index(tiers: pd.DataFrame) -> pd.Series:
    return tiers.set_index("account")["tier"]


def test_list_moves_names_the_step_that_moved_each_account():
    before = make_tiers(a="gold", b="gold", c="silver", d="bronze", e="gold")
    after = make_tiers(a="gold", b="bronze", c="gold", d="gold", f="silver")
    steps = [
        make_tiers(a="silver", b="silver", c="silver", d="gold", f="silver"),
        make_tiers(a="gold", b="bronze", c="silver", d="gold", f="silver"),
        after,
    ]

    moves = list_moves(before, after, stages=dict(zip(("data", "weights", "override"), map(index, steps), strict=True)))

    said = moves[["account", "cause", "steps"]].fillna("").values.tolist()
    assert said == [
        ["c", "override", "override"], ["d", "data", "data"], ["b", "several", "data, weights"],
        ["f", "new", ""], ["e", "gone", ""],
    ]
    make_schema(TIER_MOVES).validate(moves)


def test_list_moves_does_not_invent_a_cause_where_only_tiers_are_known():
    moves = list_moves(make_tiers(a="gold"), make_tiers(a="silver"), stages={})

    assert moves["cause"].tolist() == ["unknown"]


def test_list_moves_counts_a_lost_score_as_a_move():
    moves = list_moves(make_tiers(a="gold", b=None), make_tiers(a=None, b=None), stages={})

    assert moves["account"].tolist() == ["a"]
    assert moves["tier_after"].isna().all()


@pytest.mark.parametrize("tiers", [{}, {"a": "gold"}])
def test_list_moves_copes_with_nobody_who_moved(tiers):
    before = make_tiers(**tiers)

    moves = list_moves(before, before, stages={"data": index(before)})

    assert moves.empty
    make_schema(TIER_MOVES).validate(moves)


def test_count_moves_adds_up_to_the_accounts_of_both_models():
    before = make_tiers(a="gold", b="gold", c=None, d="silver")
    after = make_tiers(a="gold", b="silver", c="silver", e="gold")
    moves = list_moves(before, after, stages={})

    flows = count_moves(before, after, moves)

    assert flows[["tier_before", "tier_after", "n_accounts", "n_by_unknown"]].values.tolist() == [
        ["gold", "gold", 1, 0], ["gold", "silver", 1, 1], ["unknown", "silver", 1, 1],
    ]
    make_schema(TIER_FLOWS).validate(flows)
