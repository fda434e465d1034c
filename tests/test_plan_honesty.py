"""What a plan says of itself: notes travel, hours and journeys are told apart, days off hold for who has them."""

import datetime as dt
import pickle

import pandas as pd
import pytest
from client_files import check_client, write_client

from salesmodel_kit.chain import build_model
from salesmodel_kit.client.folder import open_client
from salesmodel_kit.errors import Message
from salesmodel_kit.language import Language
from salesmodel_kit.model.calendar import WorkRules, add_local_holidays, count_working_days, list_weeks
from salesmodel_kit.narrative.call_plan import (
    MOST_BEYOND,
    MOST_ON_THE_WAY,
    USUAL_KMH,
    gather_call_plan,
    tell_call_weeks,
)


@pytest.mark.parametrize("message", [Message("No facts"), Message("{one} of {two}", {"one": 1, "two": "b"})])
def test_a_message_can_go_to_another_process(message):
    assert pickle.loads(pickle.dumps(message)) == message


def test_the_model_of_a_client_with_notes_can_be_kept(tmp_path):
    model = build_model(open_client(write_client(tmp_path / "c", reps_csv="rep,name,role\n")))

    assert model.client.notes
    assert pickle.loads(pickle.dumps(model)).client.notes == model.client.notes


def test_holidays_of_a_part_of_the_country_hold_for_its_reps_alone():
    reps = pd.DataFrame({"rep": ["R1", "R2"], "holiday_part": ["6AE", None]})
    friday = dt.date(2027, 3, 26)

    leave = add_local_holidays(None, reps, holidays={"": [], "6AE": [friday]})
    days = count_working_days(leave, reps=["R1", "R2"], weeks=list_weeks(dt.date(2027, 3, 22))[:1], rules=WorkRules())

    assert days.iloc[:, 0].tolist() == [4.0, 5.0]


def make_year(travel_km, *, speed=None):
    week = pd.Timestamp("2026-10-05")
    plan = pd.DataFrame({"week": [week], "day": [week], "rep": ["R1"], "hours": [10.0], "reason": [None], "calls": [2],
                         "name": ["A"]})
    weeks = pd.DataFrame({"rep": ["R1"], "week": [week], "hours": [10.0]})
    summary = pd.DataFrame({
        "rep": ["R1"], "n_planned": [2], "peak_load": [0.5], "peak_load_alone": [0.6], "spacing_deviation": [0.0],
        "spacing_deviation_alone": [0.0], "travel_km": [travel_km], "travel_km_alone": [travel_km],
        "travel_km_full": [0.75 * travel_km], "n_kept": [0],
        "n_moved": [0]})
    return gather_call_plan(plan, weeks, summary, names={"R1": "Ann"}, speed=speed)


@pytest.mark.parametrize(("language", "speed", "said"), [
    # 1,120 km at the usual 70 km/h are 16 h, of 10 h planned.
    ("en", None, "at 70 km/h the way would take 160% of the hours of Ann"),
    ("fr", None, "à 70 km/h, la route prendrait 160 % des heures de Ann"),
    # The hours hold 840 of 1,120 km; the other 280 km at 70 km/h are 4 h.
    ("en", 70.0, "journeys by week take 40% more than the hours of Ann hold"),
    ("fr", 70.0, "les tournées par semaine prennent 40 % de plus que n’en comptent les heures de Ann"),
])
def test_tell_call_weeks_says_when_the_journeys_cannot_be_driven(language, speed, said):
    caption = tell_call_weeks(make_year(1120.0, speed=speed), has_leave=True, n_made=None, language=Language(language))

    assert said in str(caption.title).replace("\u202f", " ").replace("\u00a0", " ")


@pytest.mark.parametrize(("km", "speed"), [
    (USUAL_KMH * 10 * MOST_ON_THE_WAY, None), (4 * 50 * 10 * MOST_BEYOND, 50.0)])
def test_tell_call_weeks_does_not_warn_of_journeys_that_fit(km, speed):
    facts = make_year(km, speed=speed)

    caption = tell_call_weeks(facts, has_leave=True, n_made=None, language=Language("en"))

    assert not facts["is_far"]
    assert "the fullest week takes 50% of its hours" in str(caption.title)


def test_open_client_refuses_a_scenario_with_an_assumption_that_the_model_does_not_have(tmp_path):
    folder = write_client(tmp_path / "c")
    (folder / "scenarios").mkdir()
    (folder / "scenarios" / "odd.yaml").write_text("label: {en: Odd}\nassumptions: {foo: 3}\n", encoding="utf-8")

    problems = check_client(folder)

    assert [(problem.file, problem.column) for problem in problems] == [("scenarios/odd.yaml", "assumptions.foo")]
