import itertools

import numpy as np
import pandas as pd
import pytest
from chart_facts import ENGLISH, FRENCH, HARD_NAMES, assert_texts_apart, n_bars, texts_of

from salesmodel_kit.charts.score_waterfall import draw_score_waterfall
from salesmodel_kit.errors import SalesModelError

NAN = float("nan")


def make_case(n_accounts=4, n_criteria=6, *, seed=1):
    rng = np.random.default_rng(seed)
    names = [HARD_NAMES[at % len(HARD_NAMES)] for at in range(n_accounts)]
    ids = [f"A{at}" for at in range(n_accounts)]
    differences = rng.normal(0.04, 0.06, (n_accounts, n_criteria))
    steps = pd.DataFrame({
        "account": np.repeat(ids, n_criteria), "criterion": [f"c{at}" for at in range(n_criteria)] * n_accounts,
        "label": [f"Criterion number {at}" for at in range(n_criteria)] * n_accounts,
        "difference": differences.ravel(), "is_known": rng.random(n_accounts * n_criteria) > 0.2,
    })
    accounts = pd.DataFrame({"account": ids, "name": names, "score": 0.3 + differences.sum(axis=1),
                             "potential_per_year": 150_000.0, "win_probability": 0.4,
                             "expected_value_per_year": 60_000.0})
    return accounts, steps


def test_draw_score_waterfall_ends_each_account_at_its_score():
    accounts, steps = make_case(2, 3)

    figure = draw_score_waterfall(accounts, steps, mean_score=0.3, language=ENGLISH)

    for axes, score in zip(figure.axes[:2], accounts["score"], strict=True):
        bars = [patch for patch in axes.patches if patch.get_gid() == "step"]
        assert bars[0].get_x() == pytest.approx(0.3)
        assert bars[-1].get_x() + bars[-1].get_width() == pytest.approx(score)
        for one, other in itertools.pairwise(bars):
            assert one.get_x() + one.get_width() == pytest.approx(other.get_x())


def test_draw_score_waterfall_says_mean_score_and_money():
    accounts, steps = make_case(1, 3)

    said = texts_of(draw_score_waterfall(accounts, steps, mean_score=0.3, language=ENGLISH))

    assert "£150k × 40% = £60k a year" in said
    assert {"0.30", "Mean of the portfolio", "Score of the account"} <= set(said)


def test_draw_score_waterfall_says_only_what_is_known_of_money():
    accounts, steps = make_case(2, 3)
    accounts = accounts.assign(potential_per_year=[150_000.0, NAN], win_probability=NAN, expected_value_per_year=NAN)

    said = texts_of(draw_score_waterfall(accounts, steps, mean_score=0.3, language=ENGLISH))

    assert {"potential £150k a year", "potential not known"} <= set(said)


def test_draw_score_waterfall_gathers_the_criteria_that_differ_least():
    accounts, steps = make_case(1, 20)

    figure = draw_score_waterfall(accounts, steps, mean_score=0.3, language=ENGLISH)

    assert n_bars(figure, "step") == 13
    assert "8 others" in texts_of(figure)


def test_draw_score_waterfall_explains_hollow_bars_only_where_there_are_any():
    accounts, steps = make_case(2, 3)

    some = texts_of(draw_score_waterfall(accounts, steps.assign(is_known=[False] + [True] * 5), mean_score=0.3,
                                         language=ENGLISH))
    none = texts_of(draw_score_waterfall(accounts, steps.assign(is_known=True), mean_score=0.3, language=ENGLISH))

    assert any(words.startswith("Hollow") for words in some)
    assert not any(words.startswith("Hollow") for words in none)


@pytest.mark.parametrize(("n_accounts", "n_criteria"), [(1, 1), (2, 5), (4, 12), (4, 20)])
def test_draw_score_waterfall_keeps_texts_apart(n_accounts, n_criteria):
    accounts, steps = make_case(n_accounts, n_criteria)

    figure = draw_score_waterfall(accounts, steps, mean_score=0.3, language=FRENCH)

    assert_texts_apart(figure)


def test_draw_score_waterfall_copes_with_an_account_at_the_mean():
    accounts, steps = make_case(1, 3)

    figure = draw_score_waterfall(accounts.assign(score=0.3), steps.assign(difference=0.0), mean_score=0.3,
                                  language=ENGLISH)

    assert n_bars(figure, "step") == 3


def test_draw_score_waterfall_refuses_no_account():
    accounts, steps = make_case(1, 3)

    with pytest.raises(SalesModelError, match="draw_score_waterfall"):
        draw_score_waterfall(accounts.head(0), steps, mean_score=0.3, language=ENGLISH)
