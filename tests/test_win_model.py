"""What deals say of the criteria: recovered where it is there, refused where it is not, never taken from the future."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from demo_models import demo_client, demo_model
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_client import make_client, read_strategy

from salesmodel_kit.chain import build_model
from salesmodel_kit.model.history import find_first_day
from salesmodel_kit.model.scores import derive_performances
from salesmodel_kit.model.win_model import fit_win_model, set_beside
from salesmodel_kit.resources import find_resource
from salesmodel_kit.tables import CALIBRATION, WIN_ACCURACY, WIN_MODEL, make_schema

DEMOS = ("software-publisher", "laboratory-distributor", "industrial-services")
TRUTH = {"fit": 3.0, "trust": 1.0, "noise": 0.0}


def make_criteria(*names, axis="chance"):
    return pd.DataFrame({"criterion": names, "label": [name.title() for name in names], "axis": axis, "worst": 0.0,
                         "best": 1.0, "effective_weight": 1 / len(names)})


def draw_world(n_accounts=150, n_deals=600, *, truth=TRUTH, seed=0):
    """Return accounts with values 0 to 1, and deals won by the true coefficients."""
    rng = np.random.default_rng(seed)
    accounts = pd.DataFrame({"account": [f"{i:04}" for i in range(n_accounts)], "sales_per_year": 0.0,
                             "potential_per_year": 100.0, "employees": 5.0, "size_band": None})
    accounts = accounts.assign(**{name: rng.random(n_accounts) for name in truth})
    chosen = rng.integers(n_accounts, size=n_deals)
    logit = accounts[list(truth)].to_numpy()[chosen] @ list(truth.values()) - sum(truth.values()) / 2
    won = rng.random(n_deals) < 1 / (1 + np.exp(-logit))
    start = pd.Timestamp("2024-01-01") + pd.to_timedelta(np.sort(rng.integers(60, 700, n_deals)), unit="D")
    deals = pd.DataFrame({"opportunity": [f"D{i}" for i in range(n_deals)],
                          "account": accounts["account"].to_numpy()[chosen],
                          "status": np.where(won, "won", "lost"), "amount": 10.0, "created_on": start,
                          "closed_on": start + pd.Timedelta(days=30)})
    return accounts, deals


def fit(accounts, deals, *names, **options):
    performances = derive_performances(accounts, deals)
    return fit_win_model(performances, deals, make_criteria(*names), **{"n_draws": 200, **options})


@pytest.fixture(scope="module")
def known():
    return fit(*draw_world(), *TRUTH)


def test_fit_win_model_recovers_the_weights_that_made_the_deals(known):
    table = known.table.set_index("criterion")

    assert known.can_tell
    for name, share in {"fit": 0.75, "trust": 0.25, "noise": 0.0}.items():
        assert table.loc[name, "low"] <= share <= table.loc[name, "high"]
    assert table["weight_from_outcomes"].sum() == pytest.approx(1)
    assert table["weight_declared"].tolist() == pytest.approx([1 / 3] * 3)


def test_fit_win_model_gives_tables_as_declared(known):
    make_schema(WIN_MODEL).validate(known.table)
    make_schema(WIN_ACCURACY).validate(known.accuracy)
    make_schema(CALIBRATION).validate(known.calibration)
    assert known.calibration["n_deals"].sum() == known.n_won + known.n_lost


def test_fit_win_model_is_the_same_each_time(known):
    again = fit(*draw_world(), *TRUTH)

    pd.testing.assert_frame_equal(again.table, known.table, check_exact=True)
    assert again.auc == known.auc


def test_fit_win_model_states_intervals_that_hold():
    held = []
    for seed in range(40):
        table = fit(*draw_world(80, 300, seed=100 + seed), *TRUTH, n_draws=100).table.set_index("criterion")
        low, high = (table[f"coefficient_{end}"].to_numpy(float) for end in ("low", "high"))
        true = np.array(list(TRUTH.values()))
        held += ((low <= true) & (true <= high)).tolist()

    # 120 intervals of 95 %: 0.95 give or take 2.5 standard errors of 0.02.
    assert 0.90 <= np.mean(held) <= 1


@pytest.mark.parametrize("name", DEMOS)
def test_the_demo_clients_give_their_true_weights_back_within_the_interval(name):
    truth = json.loads(find_resource("data", name, "truth", "truth.json").read_text(encoding="utf-8"))
    table = demo_model(name).win_model.table.set_index("criterion")
    used = table[table["use"] == "used"]

    true = pd.Series(truth["win_model"]["coefficients"])[used.index]
    share = true / true.sum()

    assert len(used) == len(table) - 1
    assert ((used["low"] <= share) & (share <= used["high"])).all()


def test_fit_win_model_cannot_tell_when_deals_are_won_by_chance():
    model = fit(*draw_world(truth=dict.fromkeys(TRUTH, 0.0)), *TRUTH)

    assert model.verdict == "chance"
    assert model.auc.low <= 0.5
    assert model.table["weight_from_outcomes"].isna().all()


def test_fit_win_model_does_not_use_a_planted_leak():
    accounts, deals = draw_world(200, 400, truth={"noise": 0.0})
    # What today knows of these deals: how often each account was won.
    n_won = accounts["account"].map(deals[deals["status"] == "won"].groupby("account").size()).fillna(0)
    planted = accounts.assign(n_won_opportunities=n_won / 4, hidden=n_won / 4, wallet_share=n_won / 4)

    found = fit(planted, deals, "n_won_opportunities", "wallet_share", "noise")
    fooled = fit(planted, deals, "hidden", "noise")

    assert fooled.can_tell  # the leak is worth something
    assert found.verdict == "chance"
    assert found.table.set_index("criterion").loc["wallet_share", "use"] == "contains_outcome"
    assert found.table.set_index("criterion").loc["n_won_opportunities", "as_of"] == "deal"


@pytest.mark.parametrize("status", ["won", "lost"])
def test_fit_win_model_needs_enough_of_both_outcomes(status):
    accounts, deals = draw_world()
    few = pd.concat([deals[deals["status"] == status].iloc[:29], deals[deals["status"] != status]])

    model = fit(accounts, few.sort_index(), *TRUTH)

    assert (model.verdict, model.least, model.equation) == ("few", 30, None)
    make_schema(WIN_MODEL).validate(model.table)
    make_schema(CALIBRATION).validate(model.calibration)


def test_fit_win_model_names_what_it_leaves_out():
    accounts, deals = draw_world()
    accounts = accounts.assign(flat=0.5, rare=accounts["fit"].where(accounts.index < 20))

    table = fit(accounts, deals, "fit", "flat", "rare", "sales_per_year", "absent").table

    assert table["use"].tolist() == [
        "used", "no_difference", "too_little_known", "contains_outcome", "too_little_known"]


def test_fit_win_model_says_when_no_criterion_is_left():
    accounts, deals = draw_world()

    assert fit(accounts, deals, "wallet_share").verdict == "no_criterion"


def test_fit_win_model_keeps_its_weights_when_values_are_missing():
    accounts, deals = draw_world(seed=3)
    lost = np.random.default_rng(1).random(len(accounts)) < 0.3

    table = fit(accounts.assign(fit=accounts["fit"].mask(lost)), deals, *TRUTH).table.set_index("criterion")

    assert table.loc["fit", "known_share"] < 0.8
    assert table.loc["fit", "low"] <= 0.75 <= table.loc["fit", "high"]


def test_predict_gives_a_probability_where_something_is_known(known):
    people = pd.DataFrame({"fit": [1.0, 0.0, np.nan, np.nan], "trust": [1.0, 0.0, 0.5, np.nan],
                           "noise": [0.5, 0.5, np.nan, np.nan]})

    probability = known.equation.predict(people)

    assert probability[0] > 0.75 > probability[2] > 0.25 > probability[1]
    assert np.isnan(probability[3])


def test_fit_win_model_states_no_weight_where_every_direction_is_wrong():
    accounts, deals = draw_world(truth={"fit": -4.0})

    model = fit(accounts, deals, "fit")

    assert model.can_tell
    assert model.table.loc[0, "coefficient_high"] < 0
    assert model.table[["weight_from_outcomes", "low", "high"]].isna().all(axis=None)


def test_find_first_day_is_not_moved_by_one_wrong_date():
    closed = pd.DataFrame({"closed_on": pd.to_datetime(["2001-01-01", *["2025-03-01"] * 150])})

    assert find_first_day(closed) == pd.Timestamp("2025-03-01")
    assert find_first_day(closed.assign(closed_on=pd.NaT)) is None


def test_fit_win_model_leaves_out_deals_opened_before_the_records_begin():
    accounts, deals = draw_world()
    old = deals.iloc[:50].assign(status="won", created_on=pd.Timestamp("2023-01-01"))

    model = fit(accounts, pd.concat([old, deals], ignore_index=True), *TRUTH)

    assert model.n_won + model.n_lost <= len(deals)
    assert model.since >= deals["closed_on"].min().date()


def test_set_beside_rescales_to_the_criteria_used(known):
    weighed = make_criteria(*TRUTH).assign(effective_weight=[0.6, 0.2, 0.2])
    table = known.table.assign(use=["used", "used", "no_difference"])

    found = set_beside(table, weighed)

    assert found["weight"].tolist() == [0.6, 0.2, 0.2]
    assert found["weight_declared"].tolist()[:2] == pytest.approx([0.75, 0.25])
    assert np.isnan(found["weight_declared"].iloc[2])


CELLS = st.one_of(st.none(), st.floats(-5, 5))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from([*"abcdefgh", None, "stranger"]), st.sampled_from(["won", "lost", "open"]),
                          st.integers(0, 900) | st.none(), st.integers(0, 900) | st.none()), max_size=60),
       st.integers(1, 6), st.lists(CELLS, min_size=8, max_size=8))
def test_fit_win_model_answers_whatever_the_deals(rows, times, cells):
    accounts = pd.DataFrame({"account": list("abcdefgh"), "fit": cells, "sales_per_year": np.nan,
                             "potential_per_year": np.nan, "employees": np.nan, "size_band": None})
    deals = pd.DataFrame(rows * times, columns=["account", "status", "created_on", "closed_on"]).assign(amount=np.nan)
    for name in ("created_on", "closed_on"):
        deals[name] = pd.Timestamp("2024-01-01") + pd.to_timedelta(deals[name].astype(float), unit="D")
    accounts = accounts.astype({"fit": float})

    model = fit(accounts, deals.astype({"account": "str"}), "fit", "n_won_opportunities", n_draws=20)

    assert model.verdict in {"tells", "chance", "few", "no_criterion"}
    make_schema(WIN_MODEL).validate(model.table)


@pytest.fixture(scope="module")
def publisher():
    return demo_model("software-publisher")


def test_win_probability_is_measured_where_deals_can_tell(publisher):
    scores = publisher.account_scores

    assert publisher.win_probability_basis == "measured"
    assert scores["win_probability"].between(0, 1).all()
    assert (scores["expected_value_per_year"].dropna()
            == (scores["win_probability"] * scores["potential_per_year"]).dropna()).all()
    stated = publisher.assumptions.set_index("name")["basis"]
    assert stated["win_probability"] == "measured"
    assert not set(stated.index) & {"win_probability_at_worst", "win_probability_at_best"}


def test_win_probability_stays_as_declared_where_deals_cannot_tell():
    entry = {"unit": "0-1", "basis": "judged", "source": "the room"}
    profile = {"assumptions": {"win_probability_at_worst": {"value": 0.1, **entry},
                               "win_probability_at_best": {"value": 0.5, **entry}}}
    deals = pd.DataFrame({"opportunity": list("abcd"), "account": ["001", "002", "003", "004"],
                          "status": ["won", "lost", "won", "lost"], "amount": 1.0, "created_on": pd.NaT,
                          "closed_on": pd.NaT}).astype({"created_on": "datetime64[s]", "closed_on": "datetime64[s]"})

    model = build_model(make_client(opportunities=deals, profile=profile))

    assert model.win_model.verdict == "few"
    assert model.win_probability_basis == "judged"
    assert model.account_scores["win_probability"].between(0.1, 0.5).all()


def test_nothing_is_said_of_winning_where_there_are_no_deals():
    model = build_model(make_client())

    assert (model.win_model, model.back_test, model.win_probability_basis) == (None, None, None)
    assert "win_model" not in model.tables()


def test_another_strategy_of_the_same_client_does_not_fit_again():
    publisher = build_model(demo_client("software-publisher"))
    assert publisher.win_model.can_tell
    other = build_model(replace(publisher.client, strategy=read_strategy("retention")))

    assert other.win_model.equation is publisher.win_model.equation
    assert other.win_model.table["weight"].tolist() != publisher.win_model.table["weight"].tolist()
