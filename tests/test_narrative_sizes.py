"""Sentences on the size of the team and on the hours that would sell most."""

import pandas as pd
import pytest
from demo_models import demo_model

from salesmodel_kit.language import Language
from salesmodel_kit.model.sizes import SizeAnswer
from salesmodel_kit.narrative.sizes import tell_responses, tell_size_verdict
from salesmodel_kit.narrative.telling import strip_markup
from salesmodel_kit.reports.exhibits.page import state_basis

ENGLISH, FRENCH = Language("en", "EUR"), Language("fr", "EUR")


def make_roles(needed):
    return pd.DataFrame({"role": ["field"], "n_reps": [16.0], "n_reps_needed": [needed], "n_reps_gap": [needed - 16],
                         "workload_hours_per_year": [9000.0], "selling_hours_per_year": [9000.0]})


def plain(sentence):
    return strip_markup(sentence).replace("\xa0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("needed", "advice"),
    [(17.7, "change the norms before hiring"), (12.0, "the two agree"),
     (6.0, "see which norms to raise before reducing the team")])
def test_tell_size_verdict_sets_the_call_norms_beside_the_room_s_answers(needed, advice):
    answer = SizeAnswer(best=10.4, low=8.8, high=12.8, best_low=8.0, best_high=14.0, reallocation_gain=1.0,
                        size_gain=0.0)

    said = plain(tell_size_verdict(make_roles(needed), answer, language=ENGLISH))

    asked = f"{needed:g}"
    assert said == (f"The call norms ask for {asked} people; by the room's answers on what effort brings, "
                    f"8.8 to 12.8 people earn the same within 1%: {advice}.")
    assert "de 8,8 à 12,8 personnes" in plain(tell_size_verdict(make_roles(needed), answer, language=FRENCH))


def test_tell_size_verdict_is_empty_where_nobody_answered():
    assert tell_size_verdict(make_roles(17.7), None, language=ENGLISH) == ""


def make_responses():
    return pd.DataFrame({"tier": ["gold", "silver"], "sales_per_hour_now": [611.0, 33.8], "shape": [1.0, 1.0],
                         "sales_per_year": [1000.0, 1000.0], "best_sales_per_year": [1200.0, 1000.0],
                         "best_hours_per_year": [6000.0, 5477.0]})


def test_tell_responses_says_where_the_plan_departs_most():
    plan = pd.DataFrame({"tier": ["gold", "silver"], "recommended_hours_per_year": [7506.0, 5000.0]})

    said = plain(tell_responses(make_responses(), n_participants=3, language=ENGLISH, tier_summary=plan).subtitle)

    assert "they differ most for gold: 7,506 h in the plan, 6,000 h here." in said


def test_tell_responses_says_nothing_of_a_plan_that_agrees():
    plan = pd.DataFrame({"tier": ["gold", "silver"], "recommended_hours_per_year": [6000.0, 5477.0]})

    said = plain(tell_responses(make_responses(), n_participants=3, language=ENGLISH, tier_summary=plan).subtitle)

    assert "plan" not in said


def test_tell_responses_rounds_both_prices_of_an_hour_alike():
    title = plain(tell_responses(make_responses(), n_participants=3, language=ENGLISH).title)

    assert title == "The next hour brings €611 with gold, €34 with silver"


def test_win_probability_learned_from_deals_is_called_measured():
    model = demo_model("software-publisher")

    said = plain(state_basis(model, "win_probability"))
    assert said == "Mesuré : probabilité de vendre (d’après les affaires closes)."
