import numpy as np
import pandas as pd
import pytest
from chart_facts import ENGLISH, FRENCH, HARD_NAMES, assert_texts_apart, n_bars, texts_of

from salesmodel_kit.charts.certainty import MOST_NAMED, draw_certainty
from salesmodel_kit.errors import SalesModelError

TIERS = ("gold", "silver", "bronze")


def make_robustness(n, *, seed=1, tiers=TIERS):
    """Return accounts whose tiers blur around the cuts, best score first."""
    rng = np.random.default_rng(seed)
    score = np.sort(rng.beta(2, 4, n))[::-1]
    pull = np.exp(-((score[:, None] - np.linspace(0.7, 0.2, len(tiers))) ** 2) / 0.01 * rng.uniform(0.3, 2, (n, 1)))
    shares = pull / pull.sum(axis=1, keepdims=True)
    place = shares.argmax(axis=1)
    table = pd.DataFrame({"account": [f"{i:05}" for i in range(n)], "score": score,
                          "name": [f"{HARD_NAMES[i % 5]} {i}" for i in range(n)],
                          "tier": pd.Series(np.array(tiers)[place], dtype="str")})
    table = table.assign(**{f"{tier}_acceptability": shares[:, number] for number, tier in enumerate(tiers)})
    return table.assign(is_close_call=shares.max(axis=1) < 0.7)


def close_calls(table):
    return table[table["is_close_call"]]


def heights(figure, tier):
    (area,) = [patch for patch in figure.axes[0].patches if patch.get_gid() == f"area_{tier}"]
    values, _, baseline = area.get_data()
    return values - baseline


def four_accounts():
    table = make_robustness(4)
    return table.assign(score=[0.9, 0.7, 0.5, 0.3], tier=["gold", "gold", "silver", "bronze"],
                        gold_acceptability=[1.0, 0.6, 0.2, 0.0], silver_acceptability=[0.0, 0.4, 0.7, 0.2],
                        bronze_acceptability=[0.0, 0.0, 0.1, 0.8])


def test_draw_certainty_stacks_the_shares_best_score_first():
    figure = draw_certainty(four_accounts().iloc[::-1], four_accounts().iloc[:0], language=ENGLISH)

    assert heights(figure, "gold") == pytest.approx([1.0, 0.6, 0.2, 0.0])
    assert heights(figure, "silver") == pytest.approx([0.0, 0.4, 0.7, 0.2])
    assert heights(figure, "bronze") == pytest.approx([0.0, 0.0, 0.1, 0.8])


def test_draw_certainty_marks_the_cuts_of_today():
    figure = draw_certainty(four_accounts(), four_accounts().iloc[:0], language=ENGLISH)

    cuts = [line.get_xdata()[0] for line in figure.axes[0].lines if line.get_gid() == "cut"]
    assert cuts == [2, 3]
    assert {"today's cut of gold", "today's cut of silver"} <= set(texts_of(figure))


def test_draw_certainty_names_the_close_calls_with_their_shares():
    table = four_accounts()

    figure = draw_certainty(table, table.iloc[[1]], language=FRENCH)

    words = texts_of(figure)
    assert "Or" in words
    assert "60\u00a0%" in words
    assert "40\u00a0%" in words
    assert n_bars(figure, "bar_gold") == 1


def test_draw_certainty_names_ten_close_calls_at_most():
    table = make_robustness(400)

    figure = draw_certainty(table, table, language=ENGLISH)

    assert n_bars(figure, "bar_gold") == MOST_NAMED


def test_draw_certainty_has_no_second_axes_without_close_calls():
    table = four_accounts()

    assert len(draw_certainty(table, table.iloc[:0], language=ENGLISH).axes) == 1


def test_draw_certainty_counts_what_it_does_not_draw():
    table = make_robustness(50)
    table.loc[40:, ["score", "gold_acceptability", "silver_acceptability", "bronze_acceptability"]] = np.nan

    words = texts_of(draw_certainty(table, table.iloc[:0], language=ENGLISH))

    assert "Not enough known for a tier: 10." in words


@pytest.mark.parametrize("n", [1, 2, 12, 300, 20_000])
@pytest.mark.parametrize("language", [ENGLISH, FRENCH])
def test_draw_certainty_keeps_texts_apart(n, language):
    table = make_robustness(n)

    assert_texts_apart(draw_certainty(table, close_calls(table), language=language))


def test_draw_certainty_leaves_its_tables_alone():
    table = make_robustness(30)
    before = table.copy(deep=True)

    draw_certainty(table, table.head(3), language=ENGLISH)

    pd.testing.assert_frame_equal(table, before)


def test_draw_certainty_refuses_accounts_without_score():
    with pytest.raises(SalesModelError, match="Nothing to draw"):
        draw_certainty(four_accounts().assign(score=np.nan), four_accounts(), language=ENGLISH)
