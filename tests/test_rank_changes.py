import pandas as pd
import pytest
from chart_facts import ENGLISH, FRENCH, HARD_NAMES, assert_texts_apart, make_scores, texts_of

from salesmodel_kit.charts.rank_changes import draw_rank_changes
from salesmodel_kit.errors import SalesModelError


def movers(n=650, seed=2):
    ordered = make_scores(n, seed=seed).dropna(subset=["rank_change"]).sort_values("rank_change")
    return pd.concat([ordered.head(10), ordered.tail(10)])


def lines_of(figure, gid):
    return [line for line in figure.axes[0].lines if line.get_gid() == gid]


def test_draw_rank_changes_joins_both_ranks_of_each_account():
    figure = draw_rank_changes(movers(), language=ENGLISH)

    assert len(lines_of(figure, "rise")) == 10
    assert len(lines_of(figure, "fall")) == 10


def test_draw_rank_changes_puts_the_best_rank_on_top():
    accounts = pd.DataFrame({"name": ["A", "B"], "rank_by_sales": [1, 100], "rank_by_value": [50, 2]}).astype(
        {"rank_by_sales": "Int64", "rank_by_value": "Int64"})

    figure = draw_rank_changes(accounts, language=ENGLISH)

    (fall,), (rise,) = lines_of(figure, "fall"), lines_of(figure, "rise")
    assert fall.get_ydata()[0] > rise.get_ydata()[0]
    assert fall.get_ydata()[1] < rise.get_ydata()[1]


@pytest.mark.parametrize("seed", range(5))
def test_draw_rank_changes_keeps_texts_apart(seed):
    assert_texts_apart(draw_rank_changes(movers(seed=seed), language=FRENCH))


def test_draw_rank_changes_keeps_texts_apart_where_all_share_a_rank():
    accounts = movers().assign(rank_by_sales=pd.array([458] * 20, dtype="Int64"))

    figure = draw_rank_changes(accounts, language=FRENCH)

    assert_texts_apart(figure)
    assert texts_of(figure).count("458") == 20


def test_draw_rank_changes_draws_names_as_they_are_written():
    accounts = movers().head(4).assign(name=list(HARD_NAMES[:4]))

    words = texts_of(draw_rank_changes(accounts, language=ENGLISH))

    assert all(words.count(name) == 2 for name in HARD_NAMES[:4])


def test_draw_rank_changes_counts_accounts_without_a_rank():
    accounts = movers()
    accounts.loc[accounts.index[:3], "rank_by_sales"] = pd.NA

    words = texts_of(draw_rank_changes(accounts, language=ENGLISH))

    assert "Accounts without one of the two ranks, not drawn: 3." in words


def test_draw_rank_changes_draws_one_account():
    assert_texts_apart(draw_rank_changes(movers().head(1), language=ENGLISH))


def test_draw_rank_changes_leaves_its_table_alone():
    accounts = movers()
    before = accounts.copy(deep=True)

    draw_rank_changes(accounts, language=ENGLISH)

    assert accounts.equals(before)


def test_draw_rank_changes_refuses_accounts_without_ranks():
    accounts = movers().assign(rank_by_sales=pd.array([pd.NA] * 20, dtype="Int64"))

    with pytest.raises(SalesModelError, match="Nothing to draw"):
        draw_rank_changes(accounts, language=ENGLISH)
