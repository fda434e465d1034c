import pytest
from client_files import PROFILE

from salesmodel_kit.client.profile import Profile
from salesmodel_kit.client.settings import read_yaml
from salesmodel_kit.client.validation import list_keys, validate_settings


def validate(text):
    return validate_settings(read_yaml(text.encode(), "client.yaml"), Profile)


def test_validate_settings_reads_numbers_and_days():
    changes = "strategy_changes: {potential_weight: 0.6}\n"

    profile, problems = validate(PROFILE.replace("2026-09-30", "30/09/2026") + changes)

    assert problems == ()
    assert profile.data_until.isoformat() == "2026-09-30"
    assert profile.strategy_changes.potential_weight == 0.6


def test_validate_settings_keeps_an_id_of_digits_as_text():
    assert validate(PROFILE.replace("id: acme", "id: 007"))[0].id == "007"


ASSUMPTION = "assumptions:\n  detour_factor: {value: VALUE, unit: x, source: us}\n"


@pytest.mark.parametrize(("text", "row", "key", "value", "sentence"), [
    (PROFILE + "stratgy: x\n", 8, "stratgy", "x", "did you mean strategy?"),
    (PROFILE + "zzz: x\n", 8, "zzz", "x", "these are known: id, name"),
    (PROFILE.replace("language: en", "language: de"), 3, "language", "de", "One of these is expected: en, fr"),
    (PROFILE.replace("currency: EUR", "currency: euro"), 4, "currency", "euro", "three capital letters"),
    (PROFILE.replace("country: FR", "country: France"), 5, "country", "France", "two capital letters"),
    (PROFILE.replace("id: acme", "id: a/b"), 1, "id", "a/b", "An id is expected"),
    (PROFILE.replace("2026-09-30", "09/30/2026"), 6, "data_until", "09/30/2026", "never MM/DD"),
    (PROFILE.replace("2026-09-30", "1700000000"), 6, "data_until", "1700000000", "A date is expected"),
    (PROFILE.replace("2026-09-30", ""), 6, "data_until", None, "This key is needed"),
    (PROFILE.replace("name: Acme\n", ""), None, "name", None, "This key is needed"),
    (PROFILE.replace("name: Acme", "name: [a]"), 2, "name", None, "A text is expected"),
    (PROFILE + ASSUMPTION.replace("VALUE", '"0,41"'), 9, "assumptions.detour_factor.value", "0,41", "decimal point"),
    (PROFILE + ASSUMPTION.replace("VALUE", ".inf"), 9, "assumptions.detour_factor.value", ".inf", "decimal point"),
    (PROFILE + ASSUMPTION.replace("VALUE", "nan"), 9, "assumptions.detour_factor.value", "nan", "decimal point"),
    (PROFILE + ASSUMPTION.replace("VALUE, unit: x", "1, units: x"), 9, "assumptions.detour_factor.units", "x",
     "did you mean unit?"),
    (PROFILE + "strategy_changes: {tiers: {rule: cutoff, gold: 1.5, silver: 0}}\n", 8, "strategy_changes.tiers.gold",
     "1.5", "at most 1"),
    (PROFILE + "strategy_changes: {tiers: {rule: cutoff, gold: nan, silver: 0}}\n", 8, "strategy_changes.tiers.gold",
     "nan", "expected"),
    (PROFILE + "strategy_changes: {potential_weight: -1}\n", 8, "strategy_changes.potential_weight", "-1",
     "at least 0"),
    (PROFILE + "strategy_changes:\n  emphasis: {conquete: 1}\n", 9, "strategy_changes.emphasis.conquete", "conquete",
     "conquest, retention"),
    (PROFILE + "strategy_changes:\n  call_norms:\n  - {tier: or, channel: field, calls_per_year: 4}\n", 10,
     "strategy_changes.call_norms.1.tier", "or", "gold, silver, bronze"),
    (PROFILE + "strategy_changes:\n  call_norms: {tier: gold}\n", 9, "strategy_changes.call_norms", None,
     "A list is expected"),
    (PROFILE + "assumptions: 3\n", 8, "assumptions", "3", "A group of keys"),
])
def test_validate_settings_names_key_line_and_what_was_expected(text, row, key, value, sentence):
    profile, problems = validate(text)

    assert profile is None
    (problem,) = (problem for problem in problems if problem.column == key)
    assert (problem.row, problem.value) == (row, value)
    assert sentence in str(problem.message)


def test_validate_settings_names_everything_at_once():
    _, problems = validate("id: a b\nlanguage: en\nextra: 1\ndata_until: never\n")

    assert {problem.column for problem in problems} == {
        "data_until", "id", "name", "currency", "country", "strategy", "extra"}


def test_list_keys_walks_lists_and_named_groups():
    assert list_keys(Profile, ["strategy_changes", "call_norms", 0]) == (
        "tier", "posture", "channel", "calls_per_year", "segment", "standing", "hours_per_call", "remote_share")
    assert list_keys(Profile, ["assumptions", "any"])[:2] == ("value", "unit")
    assert list_keys(Profile, ["name", "x"]) == ()
