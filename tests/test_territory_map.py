import numpy as np
import pandas as pd
import pytest
from chart_facts import ENGLISH, FRENCH, HARD_NAMES, assert_texts_apart, make_reps, n_offsets, texts_of

from salesmodel_kit.charts.style import save_svg
from salesmodel_kit.charts.territory_map import draw_territory_map
from salesmodel_kit.errors import SalesModelError


def make_places(n, n_reps, *, seed=3):
    rng = np.random.default_rng(seed)
    ids = [f"{i:05}" for i in range(n)]
    territories = pd.DataFrame({"account": ids, "rep": pd.Series([f"r{i % n_reps}" for i in range(n)], dtype="str")})
    accounts = pd.DataFrame({
        "account": ids, "latitude": rng.uniform(43.3, 50.6, n), "longitude": rng.uniform(-4.4, 7.7, n),
        "city": pd.Series([f"{HARD_NAMES[i % 5]} {i % 17}" for i in range(n)], dtype="str"),
    })
    return territories, accounts


def test_draw_territory_map_has_a_map_for_each_rep_and_one_of_all():
    figure = draw_territory_map(*make_places(120, 6), make_reps(6), language=ENGLISH)

    assert len(figure.axes) == 7
    assert n_offsets(figure, "own") == 120
    assert n_offsets(figure, "accounts") == 7 * 120


def test_draw_territory_map_makes_a_kilometre_as_long_north_as_east():
    figure = draw_territory_map(*make_places(120, 2), make_reps(2), language=ENGLISH)

    for axes in figure.axes:
        (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
        box = axes.get_window_extent()
        stretch = (box.height / (north - south)) / (box.width / (east - west))
        assert stretch == pytest.approx(1 / np.cos(np.deg2rad((south + north) / 2)), rel=0.01)


def test_draw_territory_map_counts_accounts_without_a_place_and_far_away():
    territories, accounts = make_places(60, 2)
    accounts.loc[:2, "latitude"] = np.nan
    accounts.loc[3, ["latitude", "longitude"]] = [-21.1, 55.5]

    words = texts_of(draw_territory_map(territories, accounts, make_reps(2), language=ENGLISH))

    assert "Accounts without a place, not drawn: 3." in words
    assert "Accounts far from all others, not drawn: 1." in words


def test_draw_territory_map_leaves_accounts_that_nobody_looks_after_in_grey():
    territories, accounts = make_places(60, 2)
    territories.loc[:9, "rep"] = np.nan

    figure = draw_territory_map(territories, accounts, make_reps(2), language=ENGLISH)

    assert n_offsets(figure, "own") == 50


def test_draw_territory_map_draws_the_home_only_where_it_is_known():
    reps = make_reps(3)
    reps.loc[1, ["latitude", "longitude"]] = np.nan

    figure = draw_territory_map(*make_places(60, 3), reps, language=ENGLISH)

    assert n_offsets(figure, "home") == 2


@pytest.mark.parametrize(("n", "n_reps"), [(1, 1), (3, 2), (40, 4), (420, 10), (600, 16), (200, 29)])
def test_draw_territory_map_keeps_texts_apart(n, n_reps):
    figure = draw_territory_map(*make_places(n, n_reps), make_reps(n_reps), language=FRENCH)

    assert_texts_apart(figure)


def test_draw_territory_map_says_how_many_reps_are_left_out():
    figure = draw_territory_map(*make_places(200, 40), make_reps(40), language=ENGLISH)

    assert len(figure.axes) == 30
    assert "Reps with fewer accounts, not drawn: 11." in texts_of(figure)


def test_draw_territory_map_of_twenty_thousand_accounts_stays_small():
    svg = save_svg(draw_territory_map(*make_places(20_000, 4), make_reps(4), language=FRENCH))

    assert len(svg) < 500_000


def test_draw_territory_map_copes_with_accounts_of_one_town():
    territories, accounts = make_places(5, 1)

    figure = draw_territory_map(territories, accounts.assign(latitude=45.76, longitude=4.84, city="Lyon"), make_reps(1),
                                language=ENGLISH)

    assert n_offsets(figure, "own") == 5


def test_draw_territory_map_leaves_its_tables_alone():
    tables = (*make_places(30, 3), make_reps(3))
    before = [table.copy(deep=True) for table in tables]

    draw_territory_map(*tables, language=ENGLISH)

    assert all(table.equals(copy) for table, copy in zip(tables, before, strict=True))


def test_draw_territory_map_refuses_accounts_without_a_place():
    territories, accounts = make_places(3, 1)

    with pytest.raises(SalesModelError, match="Nothing to draw"):
        draw_territory_map(territories, accounts.assign(latitude=np.nan), make_reps(1), language=ENGLISH)


def test_draw_territory_map_is_small_for_few_reps():
    few = draw_territory_map(*make_places(120, 2), make_reps(2), language=ENGLISH)

    assert len({round(axes.get_window_extent().width) for axes in few.axes}) == 1
    assert few.get_size_inches()[1] < 0.6 * few.get_size_inches()[0]


def test_draw_territory_map_shows_each_rep_the_own_part_of_a_client_all_over_the_world():
    territories, accounts = make_places(60, 2)
    is_far = territories["rep"] == "r1"
    accounts.loc[is_far, "longitude"] -= 110
    reps = make_reps(2).assign(latitude=[46.0, 46.0], longitude=[2.0, -108.0])

    figure = draw_territory_map(territories, accounts, reps, language=ENGLISH)

    whole, first, second = ((axes.get_xlim()[1] - axes.get_xlim()[0]) for axes in figure.axes)
    assert first < whole / 3
    assert second < whole / 3
    assert n_offsets(figure, "own") == 60
    assert "Each rep's map shows the part of the world where the rep's accounts are." in texts_of(figure)
    assert_texts_apart(figure)


def test_draw_territory_map_fills_the_star_of_a_home_that_is_proposed():
    reps = make_reps(2).assign(is_proposed=[False, True])

    figure = draw_territory_map(*make_places(60, 2), reps, language=ENGLISH)

    stars = [mark for axes in figure.axes for mark in axes.collections if mark.get_gid() == "home"]
    assert [len(star.get_facecolor()) for star in stars] == [0, 1]
    assert "Filled star: a home that is proposed." in texts_of(figure)
