import pandas as pd
import pytest
from chart_facts import ENGLISH, FRENCH, assert_texts_apart, n_bars, texts_of

from salesmodel_kit.charts.tier_moves import draw_tier_moves
from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.language import Language

FLOWS = pd.DataFrame(
    [("gold", "gold", 3), ("gold", "bronze", 2), ("silver", "gold", 12_345), ("unknown", "bronze", 1)],
    columns=["tier_before", "tier_after", "n_accounts"],
)


def test_draw_tier_moves_tells_rises_from_falls():
    figure = draw_tier_moves(FLOWS, language=ENGLISH)

    assert [n_bars(figure, gid) for gid in ("rise", "fall", "stay")] == [2, 1, 1]
    assert {"▲ 12,345", "▼ 2", "3"} <= set(texts_of(figure))


FIVE = (
    ("platinum", "Comptes stratégiques du groupe"), ("gold", "A"), ("silver", "R$D_x"), ("bronze", "B"), ("iron", None))


@pytest.mark.parametrize("language", [ENGLISH, FRENCH, Language("fr", tiers=FIVE)])
def test_draw_tier_moves_keeps_texts_apart(language):
    assert_texts_apart(draw_tier_moves(FLOWS, language=language))


def test_draw_tier_moves_uses_the_names_of_the_client():
    language = Language("en", tiers=(("platinum", "Key"), ("gold", None), ("silver", None), ("bronze", None)))

    assert "Key" in texts_of(draw_tier_moves(FLOWS, language=language))


def test_draw_tier_moves_draws_a_single_account():
    figure = draw_tier_moves(FLOWS.iloc[[0]].assign(n_accounts=1), language=FRENCH)

    assert n_bars(figure, "stay") == 1
    assert_texts_apart(figure)


def test_draw_tier_moves_refuses_an_empty_table():
    with pytest.raises(SalesModelError, match="draw_tier_moves"):
        draw_tier_moves(FLOWS.iloc[:0], language=ENGLISH)
