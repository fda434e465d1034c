import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.model.tier_rules import find_level_cutoffs, hold_places, place_accounts
from salesmodel_kit.model.tiers import find_cutoffs

LEVELS = ("platinum", "gold", "silver", "bronze")
THREE = LEVELS[1:]
POSTURES = ("invest", "select", "harvest")
ACCOUNTS = st.lists(
    st.tuples(st.integers(0, 20).map(lambda n: n / 20), st.floats(1, 1e6), st.sampled_from(POSTURES)),
    min_size=1,
    max_size=25,
)
CUTS = st.tuples(*[st.floats(0, 0.33)] * 3).map(lambda shares: dict(zip(LEVELS, shares, strict=False)))


def make_scores(accounts) -> pd.DataFrame:
    return pd.DataFrame(list(accounts), columns=["score", "potential_per_year", "posture"]).astype({"posture": "str"})


def make_hours(*, field: float, inside: float, calls: tuple[float, ...] = (40.0, 20.0, 8.0, 2.0)) -> pd.DataFrame:
    """Return norms by which a tier asks for no more than the one above it, of the same channel."""
    rows = [(tier, "any", "field", hours, field) for tier, hours in zip(LEVELS, calls, strict=True)]
    rows += [(tier, "harvest", "inside", hours / 4, inside) for tier, hours in zip(LEVELS, calls, strict=True)]
    return pd.DataFrame(rows, columns=["tier", "posture", "channel", "hours_per_year", "capacity"])


@pytest.mark.parametrize(
    ("rule", "cuts", "expected"),
    [
        ("cutoff", {"platinum": 0.85, "gold": 0.5, "silver": 0.2}, [0, 1, 2, 3]),
        ("account_share", {"platinum": 0.25, "gold": 0.25, "silver": 0.25}, [0, 1, 2, 3]),
        ("potential_share", {"platinum": 0.5, "gold": 0.0, "silver": 0.4}, [0, 2, 2, 3]),
        ("natural_breaks", {}, [0, 1, 2, 3]),
        ("capacity", {}, [0, 1, 3, 3]),
        ("capacity", {"platinum": 0.0, "gold": 0.4}, [1, 2, 2, 2]),
    ],
)
def test_find_level_cutoffs_cuts_four_tiers_by_the_declared_rule(rule, cuts, expected):
    # 60 h: platinum 40 + gold 20; or gold 20 of 24, and silver 8 + 8 + 8 of what is left.
    scores = make_scores(zip([0.9, 0.8, 0.3, 0.1], [50.0, 10.0, 30.0, 10.0], ["invest"] * 4, strict=True))

    cutoffs = find_level_cutoffs(
        scores, rule=rule, levels=LEVELS, cuts=cuts, hours=make_hours(field=60.0, inside=0.0)
    )

    assert list(cutoffs) == list(LEVELS)
    assert place_accounts(scores["score"].to_numpy(), cutoffs).tolist() == expected


@given(ACCOUNTS, st.floats(0, 0.5), st.floats(0, 0.5), st.sampled_from(["account_share", "potential_share"]))
def test_find_level_cutoffs_agrees_with_the_rule_of_three_tiers(accounts, gold, silver, rule):
    scores = make_scores(accounts)

    cutoffs = find_level_cutoffs(scores, rule=rule, levels=THREE, cuts={"gold": gold, "silver": silver})

    assert cutoffs == pytest.approx(find_cutoffs(scores, rule=rule, gold=gold, silver=silver), nan_ok=True)


@given(
    ACCOUNTS,
    CUTS,
    st.sampled_from(["account_share", "potential_share", "natural_breaks", "capacity"]),
    st.integers(0, 24),
    st.integers(1, 20),
)
def test_raising_a_score_never_lowers_a_tier_by_any_rule(accounts, cuts, rule, place, rise):
    place %= len(accounts)
    hours, before = make_hours(field=120.0, inside=15.0), make_scores(accounts)
    risen = (before["score"] + rise / 20).clip(upper=1)
    after = before.assign(score=before["score"].where(before.index != place, risen))
    cuts = {} if rule == "natural_breaks" else cuts

    was, now = (
        place_accounts(
            scores["score"].to_numpy(),
            find_level_cutoffs(scores, rule=rule, levels=LEVELS, cuts=cuts, hours=hours),
        )
        for scores in (before, after)
    )

    assert now[place] <= was[place]


@given(ACCOUNTS, CUTS, st.floats(0, 400), st.floats(0, 60))
def test_capacity_never_asks_for_more_hours_than_there_are(accounts, cuts, field, inside):
    scores, hours = make_scores(accounts), make_hours(field=field, inside=inside)

    cutoffs = find_level_cutoffs(scores, rule="capacity", levels=LEVELS, cuts=cuts, hours=hours)

    place = place_accounts(scores["score"].to_numpy(), cutoffs)
    served = scores.assign(tier=[LEVELS[at] for at in place])[place < 3]
    is_inside = served["posture"] == "harvest"
    asked = served["tier"].map({"platinum": 40.0, "gold": 20.0, "silver": 8.0}).astype(float)
    assert asked[~is_inside].sum() <= field + 1e-6
    assert (asked[is_inside] / 4).sum() <= inside + 1e-6


@given(ACCOUNTS, CUTS)
def test_capacity_leaves_no_room_for_the_next_account_of_the_best_tier(accounts, cuts):
    scores, hours = make_scores(accounts), make_hours(field=90.0, inside=np.inf)

    cutoffs = find_level_cutoffs(scores, rule="capacity", levels=LEVELS, cuts={}, hours=hours)

    best = scores["score"] >= cutoffs["platinum"]
    rest = scores[~best]
    if len(rest):
        group = scores["score"] >= rest["score"].max()
        asked = 40.0 * (scores["posture"] != "harvest")
        assert asked[group].sum() > 90.0


def test_capacity_lets_marketing_serve_everybody():
    scores = make_scores([(0.9, 1.0, "invest"), (0.2, 1.0, "invest")])
    hours = pd.DataFrame(
        [("gold", "any", "marketing", 4.0, np.inf), ("silver", "any", "field", 9.0, 0.0)],
        columns=["tier", "posture", "channel", "hours_per_year", "capacity"],
    )

    cutoffs = find_level_cutoffs(scores, rule="capacity", levels=THREE, cuts={}, hours=hours)

    assert cutoffs["gold"] == 0.2
    assert np.isnan(cutoffs["silver"])


def test_find_level_cutoffs_copes_with_nobody():
    empty = make_scores([])

    for rule in ("account_share", "potential_share", "natural_breaks", "capacity"):
        cuts = {"gold": 0.2, "silver": 0.2} if rule.endswith("share") else {}
        hours = make_hours(field=9.0, inside=9.0)
        cutoffs = find_level_cutoffs(empty, rule=rule, levels=THREE, cuts=cuts, hours=hours)
        assert np.isnan(cutoffs["gold"])


@pytest.mark.parametrize(
    ("rule", "cuts", "said"),
    [
        ("cutoff", {"gold": 0.5}, "needs a number for the tier silver"),
        ("cutoff", {"gold": 0.5, "silver": 0.5}, r"silver \(0.5\) must be below gold \(0.5\)"),
        ("cutoff", {"gold": 1.5, "silver": 0.5}, "between 0 and 1"),
        ("account_share", {"gold": 0.7, "silver": 0.7}, "sum to 1.4"),
        ("capacity", {"gold": -0.1}, "must not be negative"),
    ],
)
def test_find_level_cutoffs_refuses_cuts_that_contradict(rule, cuts, said):
    with pytest.raises(SalesModelError, match=said):
        find_level_cutoffs(make_scores([]), rule=rule, levels=THREE, cuts=cuts)


def test_capacity_refuses_a_tier_without_a_norm():
    hours = make_hours(field=9.0, inside=9.0)
    hours = hours[hours["tier"] != "gold"]

    with pytest.raises(SalesModelError, match="Tier gold has no call norm"):
        find_level_cutoffs(
            make_scores([(0.5, 1.0, "invest")]), rule="capacity", levels=THREE, cuts={}, hours=hours
        )


def test_hold_places_keeps_a_tier_until_the_margin_is_passed():
    cutoffs = {"gold": 0.6, "silver": 0.3, "bronze": 0.0}
    score = np.array([0.62, 0.63, 0.58, 0.57, 0.10, 0.90, np.nan, 0.45])
    previous = np.array([1, 1, 0, 0, 0, 2, 0, -1])

    held = hold_places(score, cutoffs=cutoffs, previous=previous, margin=0.025)

    assert held.tolist() == [1, 0, 0, 1, 2, 0, -1, 1]


def test_hold_places_lets_the_best_score_reach_a_cut_close_to_one():
    held = hold_places(
        np.array([1.0]), cutoffs={"gold": 0.99, "silver": 0.5, "bronze": 0.0}, previous=np.array([1]), margin=0.05
    )

    assert held.tolist() == [0]


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(-1, 2)), min_size=1), st.floats(0, 0.2))
def test_hold_places_lies_between_the_previous_tier_and_the_rule(accounts, margin):
    score, previous = (np.array(values) for values in zip(*accounts, strict=True))
    cutoffs = {"gold": 0.6, "silver": 0.3, "bronze": 0.0}

    held = hold_places(score, cutoffs=cutoffs, previous=previous, margin=margin)
    by_rule = place_accounts(score, cutoffs)

    started = np.where(previous < 0, by_rule, previous)
    assert (held >= np.minimum(started, by_rule)).all()
    assert (held <= np.maximum(started, by_rule)).all()


@given(st.lists(st.floats(0, 1), min_size=1), st.integers(0, 2), st.floats(0, 0.2))
def test_hold_places_is_settled_after_one_run(score, previous, margin):
    cutoffs, score = {"gold": 0.6, "silver": 0.3, "bronze": 0.0}, np.array(score)

    first = hold_places(score, cutoffs=cutoffs, previous=np.full(len(score), previous), margin=margin)

    assert (hold_places(score, cutoffs=cutoffs, previous=first, margin=margin) == first).all()
