import numpy as np
import pandas as pd
import pytest
from chart_facts import ENGLISH, FRENCH, assert_texts_apart, make_scores, make_tiers, n_offsets, texts_of

from salesmodel_kit.charts.style import save_svg
from salesmodel_kit.charts.value_map import draw_value_map
from salesmodel_kit.errors import SalesModelError


def draw(scores, language=ENGLISH):
    return draw_value_map(scores, make_tiers(scores), language=language)


def test_draw_value_map_has_a_mark_for_each_placed_account_by_tier():
    scores = make_scores(120)
    tiers = make_tiers(scores)

    figure = draw_value_map(scores, tiers, language=ENGLISH)

    for tier in ("gold", "silver", "bronze"):
        assert n_offsets(figure, tier) == (tiers["tier"] == tier).sum()
    assert n_offsets(figure, "named") == 10


def test_draw_value_map_makes_areas_proportional_to_potential():
    scores = make_scores(2).assign(potential_per_year=[400_000.0, 100_000.0])

    figure = draw(scores)

    areas = np.concatenate([found.get_sizes() for found in figure.axes[0].collections if found.get_gid() == "named"])
    assert areas.max() / areas.min() == pytest.approx(4.0)


def test_draw_value_map_counts_what_it_cannot_place_or_size():
    words = texts_of(draw(make_scores(60)))

    assert "Accounts not placed, not enough known: 2." in words
    assert "Accounts whose potential is not known, drawn small: 2." in words


@pytest.mark.parametrize("n", [1, 2, 11, 650])
@pytest.mark.parametrize("language", [ENGLISH, FRENCH], ids=["en", "fr"])
def test_draw_value_map_keeps_texts_apart(n, language):
    assert_texts_apart(draw(make_scores(n), language))


def test_draw_value_map_writes_ticks_in_french():
    axes = draw(make_scores(3), FRENCH).axes[0]

    assert [tick.get_text() for tick in axes.get_xticklabels()] == ["0,00", "0,25", "0,50", "0,75", "1,00"]


def test_draw_value_map_of_twenty_thousand_accounts_stays_small():
    svg = save_svg(draw(make_scores(20_000), FRENCH))

    assert len(svg) < 500_000


def test_draw_value_map_copes_without_any_potential_or_tier():
    scores = make_scores(20).assign(potential_per_year=np.nan)
    tiers = make_tiers(scores).assign(tier=pd.Series([None] * 20, dtype="str"))

    figure = draw_value_map(scores, tiers, language=ENGLISH)

    assert n_offsets(figure, "unknown") == 19


def test_draw_value_map_leaves_its_tables_alone():
    scores = make_scores(40)
    tiers = make_tiers(scores)
    before = (scores.copy(deep=True), tiers.copy(deep=True))

    draw_value_map(scores, tiers, language=ENGLISH)

    assert scores.equals(before[0])
    assert tiers.equals(before[1])


def test_draw_value_map_refuses_an_empty_table():
    with pytest.raises(SalesModelError, match="Nothing to draw"):
        draw(make_scores(2).head(0))
