"""What the exhibits on outcomes say when deals disagree, cannot tell, or are too few."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from demo_models import demo_model
from small_client import make_client

from salesmodel_kit.chain import SalesModel, build_model
from salesmodel_kit.reports.exhibits import outcomes
from salesmodel_kit.reports.exhibits.outcomes import list_as_of_today, show_back_test, show_calibration, show_win_model
from salesmodel_kit.reports.exhibits.scores import decide_scores


def say(exhibit):
    html = re.sub(r"<table.*?</table>|src=\"[^\"]*\"", "", str(exhibit.html), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def set_model(model, **changed):
    """Return the model with another win model or back-test in place of its own."""
    other = SalesModel(model.client)
    vars(other).update({name: value for name, value in vars(model).items() if name != "client"} | changed)
    return other


@pytest.fixture(scope="module")
def services():
    return demo_model("industrial-services")


@pytest.fixture(scope="module")
def french():
    return demo_model("industrial-services", "fr")


def test_show_win_model_names_the_weight_that_deals_dispute(services):
    said = say(show_win_model(services))

    assert "closed deals give “Fit with our range”" in said
    assert "Left out, as its figures contain the sales of the last 12 months: “Wallet share”." in said
    assert "No influence can be shown for “Years as a customer”" in said
    assert "a rating given after a deal may know how it ended" in said


@pytest.mark.parametrize(("language", "sentence"), [
    ("en", "cannot tell which criteria make us win"), ("fr", "ne disent pas quels critères font gagner")])
def test_show_win_model_says_plainly_that_deals_cannot_tell(services, french, language, sentence):
    model = services if language == "en" else french
    auc = replace(model.win_model.auc, value=0.51, low=0.48, high=0.54)
    table = model.win_model.table.assign(weight_from_outcomes=np.nan, low=np.nan, high=np.nan)
    blind = set_model(model, win_model=replace(model.win_model, auc=auc, verdict="chance", table=table))

    weights, calibration = show_win_model(blind), show_calibration(blind)

    assert sentence in weights.title
    assert "<img" not in weights.html
    assert 'class="missing"' in calibration.html


def test_show_win_model_says_that_deals_run_against_every_direction(services):
    table = services.win_model.table.assign(weight_from_outcomes=np.nan, low=np.nan, high=np.nan)
    against = table.assign(coefficient=-1.0, coefficient_low=-2.0, coefficient_high=-0.5)

    said = say(show_win_model(set_model(services, win_model=replace(services.win_model, table=against))))

    assert "against the declared direction of every criterion" in said
    assert "Against the declared direction: “Quality of the relation”" in said


@pytest.mark.parametrize(("language", "first", "second"), [
    ("en", "There is 1 won deal and 2 lost deals", "At least 20 of each are needed"),
    ("fr", "Il y a 1 affaire gagnée et 2 affaires perdues", "Il en faut au moins 20 de chaque sorte")])
def test_show_win_model_says_how_many_deals_are_missing(language, first, second):
    days = pd.to_datetime(pd.Series(["2026-01-01"] * 3))
    deals = pd.DataFrame({"opportunity": list("abc"), "account": ["001", "004", "005"],
                          "status": ["won", "lost", "lost"], "amount": 1.0, "created_on": days, "closed_on": days})

    said = say(show_win_model(build_model(make_client(opportunities=deals, profile={"language": language}))))

    assert first in said.replace("\u00a0", " ")
    assert second in said


@pytest.mark.parametrize(("language", "early", "unknown"), [
    ("en", "2 closed deals are left out: they were opened before the records begin",
     "1 closed deal is left out: its account is not known"),
    ("fr", "2 affaires closes sont écartées : elles ont été ouvertes avant le début des relevés",
     "1 affaire close est écartée : son compte n’est pas connu")])
def test_show_win_model_says_why_deals_are_left_out(language, early, unknown):
    opened, ended = (pd.to_datetime(pd.Series([day] * 3)) for day in ("2026-01-01", "2026-03-01"))
    deals = pd.DataFrame({"opportunity": list("abc"), "account": ["001", "004", None],
                          "status": ["won", "lost", "lost"], "amount": 1.0, "created_on": opened, "closed_on": ended})

    said = say(show_win_model(build_model(make_client(opportunities=deals, profile={"language": language}))))

    assert early in said.replace("\u00a0", " ")
    assert unknown in said.replace("\u00a0", " ")


def test_decide_scores_asks_about_the_weights_that_deals_dispute(services):
    assert "Won and lost deals give “Fit with our range”" in say(decide_scores(services))
    assert "Won and lost deals" not in say(decide_scores(build_model(make_client())))


@pytest.mark.parametrize(("gain", "sentence"), [
    ((0.2, 0.1, 0.3), "Tiered by value a year ago, gold would have held 70% of the later sales; by past sales 50%"),
    ((-0.2, -0.3, -0.1), "Tiered by past sales a year ago"), ((0.2, -0.1, 0.5), "chance may explain the difference")])
def test_show_back_test_claims_no_more_than_its_interval(services, gain, sentence):
    table = services.back_test.table.assign(later_sales_share=[0.7, 0.5, gain[0]], low=[0.6, 0.4, gain[1]],
                                            high=[0.8, 0.6, gain[2]])

    exhibit = show_back_test(set_model(services, back_test=replace(services.back_test, table=table)))

    assert sentence in exhibit.title


def test_show_back_test_says_what_may_flatter(services):
    said = say(show_back_test(services))

    assert "as of today, which may flatter the value: “Untapped potential”" in said
    assert "past sales cover less than a year, which counts against them" in said
    assert "Detected projects" not in list_as_of_today(services)


@pytest.mark.parametrize("verdict", ["few_buyers", "no_gold", "no_scores"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_show_back_test_keeps_its_place_when_it_cannot_be_told(services, french, verdict, language):
    model = services if language == "en" else french

    exhibit = show_back_test(set_model(model, back_test=replace(model.back_test, verdict=verdict)))

    assert exhibit.html.startswith('<aside class="missing" id="back_test">')
    assert outcomes.LEAST_BUYERS == 20
