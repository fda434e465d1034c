"""Sentences on the size of the team and on the hours that would sell most."""

import pandas as pd
import pytest

from salesmodel_kit.language import Language
from salesmodel_kit.model.sizes import SizeAnswer
from salesmodel_kit.narrative.sizes import tell_size_verdict
from salesmodel_kit.narrative.telling import strip_markup

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
