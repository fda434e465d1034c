import pandas as pd
import pytest
from client_files import PROFILE, show

from salesmodel_kit.client.assumptions import find_assumption_problems, find_basis_problems, find_undeclared
from salesmodel_kit.client.profile import Profile
from salesmodel_kit.client.settings import read_yaml
from salesmodel_kit.client.validation import validate_settings

WORST, BEST = "win_probability_at_worst", "win_probability_at_best"


def profile_with(text):
    settings = read_yaml((PROFILE + text).encode(), "client.yaml")
    profile, problems = validate_settings(settings, Profile)
    assert problems == ()
    return profile, settings


def assume(**values):
    lines = [f"  {name}: {{value: {value}, unit: x, source: us}}\n" for name, value in values.items()]
    return "assumptions:\n" + "".join(lines)


@pytest.mark.parametrize(("text", "column", "sentence"), [
    (assume(seling_time_share=0.4), "assumptions.seling_time_share", "did you mean selling_time_share?"),
    (assume(selling_time_share=41), "assumptions.selling_time_share.value", "from 0 to 1"),
    (assume(detour_factor=0.9), "assumptions.detour_factor.value", "from 1 to 5"),
    ("assumptions:\n  detour_factor: {value: 1.5, unit: x, source: us, low: 1.2, high: 1.4}\n",
     "assumptions.detour_factor.value", "between its own low and high"),
    (assume(**{BEST: 0.5}), f"assumptions.{WORST}", "needed together"),
    (assume(**{WORST: 0.5}), f"assumptions.{BEST}", "needed together"),
    (assume(**{WORST: 0.5, BEST: 0.4}), f"assumptions.{WORST}.value", "must not be above"),
])
def test_find_assumption_problems_names_what_cannot_hold(text, column, sentence):
    (problem,) = find_assumption_problems(*profile_with(text))

    assert problem.column == column
    assert sentence in str(problem.message)


def test_find_assumption_problems_allows_the_clients_own_names():
    text = assume(margin_rate=0.4, relation_km=100, **{WORST: 0.05, BEST: 0.6})

    assert find_assumption_problems(*profile_with(text)) == []


def test_find_basis_problems_names_what_is_no_column():
    entry = "{basis: judged, source: us}"
    names = ("potential_per_year", "accounts.potential_per_year", "accounts", "fit", "potential_per_yaer")
    text = "data_basis:\n" + "".join(f"  {name}: {entry}\n" for name in names)

    problems = find_basis_problems(*profile_with(text), criteria={"fit"})

    assert show(problems) == [("client.yaml", 13, "data_basis.potential_per_yaer", None)]
    assert "did you mean potential_per_year?" in str(problems[0].message)


def test_find_undeclared_notes_the_key_to_fill_in():
    tables = {"segments": pd.DataFrame({"size_per_year": [1.0, None]}),
              "accounts": pd.DataFrame({"potential_per_year": [5.0], "present_hours_per_year": [None]})}
    text = "data_basis:\n  size_per_year: {basis: judged, source: us}\n"

    notes = find_undeclared(*profile_with(text), tables=tables)

    assert [note.column for note in notes] == ["data_basis.potential_per_year"]
    assert "fill in data_basis.potential_per_year" in str(notes[0].message)
