"""Response from history: a curve that is there is found again, and what the data cannot tell is not told."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from demo_models import demo_client, demo_model

from salesmodel_kit.language import Language
from salesmodel_kit.model.response_history import FEWEST_ACCOUNTS, fit_responses, read_curve
from salesmodel_kit.narrative.response_history import tell_response_history
from salesmodel_kit.narrative.telling import strip_markup
from salesmodel_kit.tables import RESPONSE_HISTORY, make_schema

DATA = Path(__file__).resolve().parent.parent / "data"


def make_accounts(n, *, shape=1.0, base=0.0, half=20.0, noise=0.0, segment="A", seed=3):
    rng = np.random.default_rng(seed)
    hours = np.exp(rng.normal(3, 0.8, n))
    share = base + (0.8 - base) * hours**shape / (half**shape + hours**shape)
    potential = np.exp(rng.normal(9, 1, n))
    accounts = pd.DataFrame({"segment": segment, "potential_per_year": potential,
                             "sales_per_year": potential * share * np.exp(rng.normal(0, noise, n))})
    return accounts, pd.Series(hours)


@pytest.mark.parametrize(("shape", "base"), [(1.0, 0.0), (3.0, 0.0), (2.0, 0.25)])
def test_fit_responses_finds_a_curve_without_noise_again(shape, base):
    accounts, hours = make_accounts(300, shape=shape, base=base)
    potential = accounts["potential_per_year"].to_numpy()

    row = fit_responses(accounts, hours).iloc[0]

    def sell(multiple):
        effort = (hours.to_numpy() * multiple) ** shape
        return potential @ (base + (0.8 - base) * effort / (20.0**shape + effort))

    assert row["half"] == pytest.approx(sell(0.5) / sell(1), abs=0.02)
    assert row["half_more"] == pytest.approx(sell(1.5) / sell(1), abs=0.02)
    assert row["shape"] == pytest.approx(shape, abs=0.25)
    assert row["can_tell"]
    assert row["is_s_shaped"] == (shape > 1)


def test_fit_responses_holds_the_true_effect_of_an_hour_in_its_interval():
    accounts, hours = make_accounts(200, noise=0.2)
    potential = accounts["potential_per_year"].to_numpy()
    shares = [0.8 * effort / (20 + effort) for effort in (hours.to_numpy(), hours.to_numpy() * 1.1)]
    # the next tenth of hours, of the sales on record
    true = (potential @ shares[1] / (potential @ shares[0]) - 1) * accounts["sales_per_year"].sum() / (
        0.1 * hours.sum())

    row = fit_responses(accounts, hours).iloc[0]

    assert row["sales_per_hour_low"] <= true <= row["sales_per_hour_high"]
    assert row["sales_per_hour_low"] < row["sales_per_hour_now"] < row["sales_per_hour_high"]


def test_fit_responses_does_not_tell_where_hours_and_sales_have_nothing_in_common():
    rows = [fit_responses(*make_accounts(60, base=0.8, noise=0.5, seed=seed)).iloc[0] for seed in range(10)]

    # chance gives such a rise in one case of a hundred
    assert sum(row["can_tell"] for row in rows) <= 1
    assert not any(row["is_s_shaped"] for row in rows)
    assert read_curve(next(row for row in rows if not row["can_tell"])) is None


def test_fit_responses_gives_no_curve_below_the_fewest_accounts_and_leaves_out_what_is_not_known():
    accounts, hours = make_accounts(FEWEST_ACCOUNTS + 2)
    accounts.loc[0, "sales_per_year"] = 0.0
    accounts.loc[1, "potential_per_year"] = np.nan
    hours[2] = np.nan

    row = fit_responses(accounts, hours).iloc[0]

    assert row["n_accounts"] == FEWEST_ACCOUNTS - 1
    assert np.isnan(row["half"])
    assert not row["can_tell"]


def test_fit_responses_keeps_to_its_declaration_and_leaves_its_input_alone():
    accounts, hours = make_accounts(60, noise=0.2)
    accounts = pd.concat([accounts, accounts.head(3).assign(segment="B")], ignore_index=True)
    hours = pd.concat([hours, hours.head(3)], ignore_index=True)
    before = accounts.copy(deep=True)

    table = fit_responses(accounts, hours)

    make_schema(RESPONSE_HISTORY).validate(table)
    assert table["segment"].tolist() == ["A", "B"]
    pd.testing.assert_frame_equal(accounts, before)
    pd.testing.assert_frame_equal(table, fit_responses(accounts, hours))


def test_fit_responses_takes_a_segment_without_a_single_hour():
    accounts, hours = make_accounts(40)

    assert fit_responses(accounts, hours * 0)["half"].isna().all()


def test_read_curve_is_the_curve_of_the_four_answers():
    row = fit_responses(*make_accounts(300)).iloc[0]

    curve = read_curve(row)

    assert curve.low == pytest.approx(row["nothing"])
    assert float(curve.find_sales(0.5)) == pytest.approx(row["half"], abs=0.03)


def test_demo_finds_the_one_segment_in_which_little_effort_is_wasted():
    client = demo_client("industrial-services")
    truth = json.loads((DATA / client.profile.id / "truth" / "truth.json").read_text(encoding="utf-8"))
    true = {name for name, curve in truth["response"]["segments"].items() if curve["shape"] > 1}

    table = demo_model("industrial-services").response_history

    assert set(table.loc[table["is_s_shaped"], "segment"]) == true == {"PRD"}


@pytest.mark.parametrize("code", ["en", "fr"])
@pytest.mark.parametrize(("flags", "says"), [
    ([(True, True), (True, False)], {"en": "wasted", "fr": "perdu"}),
    ([(True, False), (True, False)], {"en": "with €20 in", "fr": "20\u00a0€"}),
    ([(True, False)], {"en": "of sales in", "fr": "allait de pair avec"}),
    ([(False, False), (False, False)], {"en": "cannot tell", "fr": "ne permettent pas"}),
])  # fmt: skip
def test_tell_response_history_is_true_for_any_number_of_segments(flags, says, code):
    rows = [{"segment": f"S{at}", "n_accounts": 40, "half": 0.8, "sales_per_hour_now": 10.0 * (at + 1), "can_tell": can,
             "is_s_shaped": bent} for at, (can, bent) in enumerate(flags)]
    rows[0]["sales_per_hour_now"] = 50.0
    rows.append({**rows[0], "segment": "few", "n_accounts": 3, "half": np.nan, "can_tell": False,
                 "is_s_shaped": False})
    labels = pd.Series({"S0": "<b>A", "S1": "B", "few": "C"})

    caption = tell_response_history(pd.DataFrame(rows), labels=labels, language=Language(code, "EUR"))

    assert says[code] in strip_markup(caption.title)
    assert "<b>" not in str(caption.title) + str(caption.subtitle)
    assert "C." in strip_markup(caption.subtitle)
