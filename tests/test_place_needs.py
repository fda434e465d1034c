"""Field reps by place: the table and the facts of its picture."""

import numpy as np
import pandas as pd
import pytest

from salesmodel_kit.charts.place_needs import MOST_PLACES, draw_place_needs
from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.language import Language
from salesmodel_kit.model.places import group_homes, summarize_places
from salesmodel_kit.tables import PLACE_SUMMARY, make_schema

NAN = float("nan")


def make_reps():
    return pd.DataFrame(
        {
            "rep": ["r1", "r2", "r3", "r4", "r5"],
            "name": ["Anna", "Bruno", "Carla", "Denis", "Elsa"],
            "role": ["field", "field", "field", "inside", "field"],
            "city": ["Lyon", "Lyon", "Nantes", "Lyon", None],
            "latitude": [45.75, 45.80, 47.22, 45.75, NAN],
            "longitude": [4.85, 4.90, -1.55, 4.85, NAN],
            "leaving": pd.array([None] * 5, dtype="boolean"),
            "selling_hours_per_year": [800.0, 1200.0, 1000.0, 1100.0, 1000.0],
        }
    )


def make_effort(hours, channel="field"):
    return pd.DataFrame(
        {
            "account": [str(number) for number in range(len(hours))],
            "wanted_channel": channel,
            "workload_hours_per_year": hours,
        }
    )


def make_accounts(*places):
    return pd.DataFrame({"latitude": [place[0] for place in places], "longitude": [place[1] for place in places]})


def test_summarize_places_counts_each_account_at_the_nearest_place():
    accounts = make_accounts((45.0, 5.0), (46.0, 4.0), (47.0, -2.0), (NAN, NAN))

    table = summarize_places(accounts, make_effort([1000.0, 1500.0, 500.0, 250.0]), make_reps(), hours_per_rep=1000.0)

    rows = table.set_index("place")
    assert table["place"].tolist()[:2] == ["Lyon", "Nantes"]
    assert rows.loc["Lyon", ["n_accounts", "n_reps", "n_reps_needed", "n_reps_gap"]].tolist() == [2, 2, 2.5, 0.5]
    assert rows.loc["Nantes", ["n_accounts", "n_reps", "n_reps_needed", "n_reps_gap"]].tolist() == [1, 1, 0.5, -0.5]
    unplaced = table[table["place"].isna()].iloc[0]
    assert (unplaced["n_accounts"], unplaced["n_reps"], unplaced["n_reps_needed"]) == (1, 1, 0.25)
    make_schema(PLACE_SUMMARY).validate(table)


def test_summarize_places_counts_neither_other_channels_nor_who_does_not_sell():
    effort = make_effort([1000.0, 400.0]).assign(wanted_channel=["field", "inside"])
    reps = make_reps().assign(selling_hours_per_year=[800.0, 0.0, 1000.0, 1100.0, 0.0])

    table = summarize_places(make_accounts((45.0, 5.0), (45.0, 5.0)), effort, reps, hours_per_rep=1000.0)

    assert table.set_index("place")[["n_accounts", "n_reps"]].to_dict("index") == {
        "Lyon": {"n_accounts": 1, "n_reps": 1},
        "Nantes": {"n_accounts": 0, "n_reps": 1},
    }


def test_summarize_places_is_empty_without_a_home():
    reps = make_reps().assign(latitude=NAN, longitude=NAN)

    assert summarize_places(make_accounts((45.0, 5.0)), make_effort([10.0]), reps, hours_per_rep=1.0).empty


def test_group_homes_names_a_place_after_the_town_with_most_reps():
    homes = make_reps().iloc[[2, 0, 1]].assign(city=["Nantes", "Villeurbanne", "Lyon"]).reset_index(drop=True)
    more = pd.concat([homes, homes.iloc[[2]]], ignore_index=True)

    assert group_homes(more).tolist() == ["Nantes", "Lyon", "Lyon", "Lyon"]


def make_places(n_places):
    gaps = np.linspace(2, -1, n_places)
    return pd.DataFrame(
        {
            "place": [f"Town {number}" for number in range(n_places)],
            "n_accounts": 10,
            "n_reps": 1.0,
            "n_reps_needed": 1 + gaps,
            "n_reps_gap": gaps,
        }
    )


def test_draw_place_needs_draws_today_and_need_of_each_place():
    axes = draw_place_needs(make_places(4), language=Language("en")).axes[0]

    needed = next(line for line in axes.lines if line.get_gid() == "needed")
    assert needed.get_xdata().tolist() == pytest.approx([3, 2, 1, 0])
    assert [bar.get_width() for bar in axes.patches if bar.get_gid() == "today"] == [1] * 4
    assert "+2.0" in [text.get_text() for text in axes.texts]


def test_draw_place_needs_counts_the_places_that_it_leaves_out():
    figure = draw_place_needs(make_places(MOST_PLACES + 5), language=Language("en"))

    needed = next(line for line in figure.axes[0].lines if line.get_gid() == "needed")
    assert len(needed.get_xdata()) == MOST_PLACES
    assert "20 places with the largest gaps, of 25" in figure.texts[0].get_text()


def test_draw_place_needs_refuses_an_empty_table():
    with pytest.raises(SalesModelError, match="Nothing to draw"):
        draw_place_needs(make_places(0), language=Language("fr"))
