import numpy as np
import pytest
from chart_facts import ENGLISH, FRENCH, assert_texts_apart, make_scores, make_tier_summary, make_tiers, texts_of

from salesmodel_kit.charts.cumulated_potential import draw_cumulated_potential
from salesmodel_kit.errors import SalesModelError


def draw(tiers, language=ENGLISH):
    return draw_cumulated_potential(tiers, make_tier_summary(tiers), language=language)


def curve_of(figure, gid):
    return next((line for line in figure.axes[0].lines if line.get_gid() == gid), None)


def four_accounts():
    tiers = make_tiers(make_scores(8)).iloc[[0, 1, 2, 6]].reset_index(drop=True)
    return tiers.assign(score=[0.9, 0.7, 0.5, 0.3], potential_per_year=[50.0, 30.0, 10.0, 10.0],
                        sales_per_year=[1.0, 2.0, 3.0, 4.0], tier=["gold", "silver", "bronze", "bronze"])


def test_draw_cumulated_potential_cumulates_by_score_and_by_sales():
    figure = draw(four_accounts())

    assert curve_of(figure, "by_value").get_ydata() == pytest.approx([0, 0.5, 0.8, 0.9, 1.0])
    assert curve_of(figure, "by_sales").get_ydata() == pytest.approx([0, 0.1, 0.2, 0.5, 1.0])


def test_draw_cumulated_potential_says_what_each_tier_holds():
    words = texts_of(draw(four_accounts()))

    assert {"1 account, 50% of the potential", "2 accounts, 20% of the potential"} <= set(words)
    assert {"Gold", "Silver", "Bronze"} <= set(words)


def test_draw_cumulated_potential_leaves_the_grey_curve_out_where_sales_are_not_known():
    figure = draw(four_accounts().assign(sales_per_year=np.nan))

    assert curve_of(figure, "by_sales") is None
    assert "ranked by past sales" not in texts_of(figure)


def test_draw_cumulated_potential_counts_accounts_without_potential():
    words = texts_of(draw(make_tiers(make_scores(60))))

    assert "Accounts whose potential is not known, counted as nothing: 2." in words


@pytest.mark.parametrize("n", [3, 60, 1_500, 20_000])
def test_draw_cumulated_potential_keeps_texts_apart(n):
    assert_texts_apart(draw(make_tiers(make_scores(n)), FRENCH))


def test_draw_cumulated_potential_writes_french_ticks():
    axes = draw(make_tiers(make_scores(2_000)), FRENCH).axes[0]

    assert axes.get_yticklabels()[1].get_text() == "20\u00a0%"
    assert axes.get_xticklabels()[-1].get_text() == "2\u202f000"


def test_draw_cumulated_potential_leaves_its_tables_alone():
    tiers = make_tiers(make_scores(40))
    summary = make_tier_summary(tiers)
    before = (tiers.copy(deep=True), summary.copy(deep=True))

    draw_cumulated_potential(tiers, summary, language=ENGLISH)

    assert tiers.equals(before[0])
    assert summary.equals(before[1])


@pytest.mark.parametrize("potential", [np.nan, 0.0])
def test_draw_cumulated_potential_refuses_accounts_without_potential(potential):
    tiers = four_accounts()

    with pytest.raises(SalesModelError, match="Nothing to draw"):
        draw_cumulated_potential(
            tiers.assign(potential_per_year=potential), make_tier_summary(tiers), language=ENGLISH)


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_draw_cumulated_potential_keeps_names_off_the_curves_of_few_accounts(n):
    figure = draw(four_accounts().iloc[[0, 1, 2, 3, 3]].head(n).assign(account=[str(row) for row in range(n)]))
    figure.draw_without_rendering()
    axes = figure.axes[0]

    names = [text for text in axes.texts if text.get_text().startswith("ranked by")]
    across, curves = np.linspace(0, n, 500), (curve_of(figure, "by_value"), curve_of(figure, "by_sales"))
    lines = [axes.transData.transform(np.column_stack([across, np.interp(across, *curve.get_data())]))
             for curve in curves]

    assert len(names) == 2
    for name in names:
        box = name.get_window_extent()
        assert not any(box.contains(*point) for line in lines for point in line)
