"""Decisions of the room, from the journal to the tables of the client and of the model."""

import datetime as dt
import json
from contextlib import suppress

import hypothesis.strategies as st
import pytest
from client_files import FILES, write_client
from hypothesis import given, settings

from salesmodel_kit.chain import open_model
from salesmodel_kit.client.decision import KINDS, Decision
from salesmodel_kit.client.decisions import append_decision
from salesmodel_kit.client.folder import open_client
from salesmodel_kit.errors import InputProblems

AT = dt.datetime(2026, 11, 3, 14, 30, tzinfo=dt.UTC)
NORMS = [{"tier": "gold", "posture": "any", "channel": "field", "calls_per_year": 10.0}]
ANSWERS = {"nothing": 0.5, "half": 0.8, "half_more": 1.1, "most": 1.3}
TWO_CHANCES = FILES["criteria.csv"] + "access,Access,chance,benefit,1,5,30,bad,good\n"


def decide(folder, kind, subject, new, old="", at=AT):
    decision = Decision(at=at, by="Ann", kind=kind, subject=subject, old=old, new=new, reason="the room says so")
    append_decision(folder, decision)
    return decision


def find_problem(folder):
    with pytest.raises(InputProblems) as caught:
        open_client(folder)
    (problem,) = caught.value.problems
    return problem


def test_open_client_takes_weights_of_an_axis_as_decided(tmp_path):
    folder = write_client(tmp_path, criteria_csv=TWO_CHANCES)

    decide(folder, "set_weights", "chance", {"access": 10})
    criteria = open_client(folder).criteria.set_index("criterion")

    assert criteria.loc[["distance", "access"], "weight"].tolist() == [10, 10]


def test_open_client_takes_ratings_and_target_of_a_segment(tmp_path):
    folder = write_client(tmp_path)

    decide(folder, "rate_segment", "S2", {"know_how": 2, "growth": None})
    decide(folder, "set_target", "S2", {"target_attractiveness": 0.8, "target_competitive_strength": 0.6})
    segments = open_client(folder).segments.set_index("segment")

    assert segments.at["S2", "know_how"] == 2
    assert segments["growth"].isna().tolist() == [False, True]
    assert segments.loc["S2", ["target_attractiveness", "target_competitive_strength"]].tolist() == [0.8, 0.6]


def test_open_client_notes_no_lack_of_data_where_the_room_rated(tmp_path):
    segments = "segment,label\nS1,Industry\nS2,Public\n"
    folder = write_client(tmp_path, segments_csv=segments)
    unrated = [note.value for note in open_client(folder).notes]

    decide(folder, "rate_segment", "S1", {"know_how": 3})

    assert "know_how" in unrated
    assert "know_how" not in [note.value for note in open_client(folder).notes]


def test_open_client_takes_call_norms_of_a_tier(tmp_path):
    folder = write_client(tmp_path)

    decide(folder, "set_call_norms", "gold", NORMS)
    norms = [norm for norm in open_client(folder).strategy.call_norms if norm.tier == "gold"]

    assert [norm.model_dump(include=set(NORMS[0])) for norm in norms] == NORMS


def test_open_client_takes_the_teams_hours_comings_and_goings(tmp_path):
    folder = write_client(tmp_path)

    decide(folder, "add_rep", "R2", {"name": "Bea", "role": "inside", "cost_per_year": 50_000})
    decide(folder, "set_selling_hours", "R2", 800)
    decide(folder, "lock_account", "007", "R2")
    decide(folder, "remove_rep", "R1", "")
    client = open_client(folder)

    assert client.reps["selling_hours_per_year"].tolist()[1:] == [800]
    assert client.reps["leaving"].fillna(False).tolist() == [True, False]
    assert client.accounts["locked_rep"].dropna().tolist() == ["R2"]


def test_open_client_takes_the_rooms_answers_on_effort(tmp_path):
    folder = write_client(tmp_path)

    decide(folder, "set_response", "gold", ANSWERS)
    response = open_client(folder).response

    assert response.drop(columns="participant").to_dict("records") == [{"tier": "gold", **ANSWERS}]
    assert response["participant"].isna().all()


def test_open_client_forgets_what_was_withdrawn_and_recalls_it(tmp_path):
    folder = write_client(tmp_path)
    hours = decide(folder, "set_selling_hours", "R1", 700)
    assert open_client(folder).reps["selling_hours_per_year"].tolist() == [700]

    undo = decide(folder, "withdraw", hours.id, "")
    assert open_client(folder).reps["selling_hours_per_year"].isna().all()

    decide(folder, "withdraw", undo.id, "")
    assert open_client(folder).reps["selling_hours_per_year"].tolist() == [700]


@pytest.mark.parametrize(("kind", "subject", "new", "column", "value"), [
    ("set_weights", "charm", {"growth": 1}, "subject", "charm"),
    ("set_weights", "chance", {"distanse": 1}, "new", "distanse"),
    ("set_weights", "chance", {"distance": 0}, "new", "0"),
    ("rate_segment", "S3", {"know_how": 1}, "subject", "S3"),
    ("rate_segment", "S1", {"know_how": 6}, "new", "6"),
    ("rate_segment", "S1", {"distance": 3}, "new", "distance"),
    ("rate_segment", "S1", {"know_how": "good"}, "new", "good"),
    ("set_target", "S1", {"target_attractiveness": 0.4}, "new", "S1"),
    ("set_target", "S1", {"target_attractiveness": 2}, "new", "2"),
    ("set_call_norms", "iron", NORMS, "subject", "iron"),
    ("set_call_norms", "silver", NORMS, "new", "silver"),
    ("set_call_norms", "gold", [{**NORMS[0], "posture": "invest"}], "new", "gold"),
    ("set_selling_hours", "R9", 800, "subject", "R9"),
    ("set_selling_hours", "R1", 5000, "new", "5000"),
    ("add_rep", "R1", {"name": "Ann", "role": "field"}, "subject", "R1"),
    ("add_rep", "R2", {"name": "Bea"}, "new", "R2"),
    ("add_rep", "R2", {"name": "Bea", "role": "hunter"}, "new", "hunter"),
    ("add_rep", "R2", {"name": "Bea", "role": "field", "pay": 1}, "new", "pay"),
    ("add_rep", "R2", {"name": "Bea", "role": "field", "latitude": 40}, "new", "R2"),
    ("remove_rep", "R9", "", "subject", "R9"),
    ("lock_account", "009", "R1", "subject", "009"),
    ("lock_account", "007", "R9", "new", "R9"),
    ("set_response", "iron", ANSWERS, "subject", "iron"),
    ("set_response", "gold", {**ANSWERS, "half": 1.2}, "new", "nothing 0.5, half 1.2, half_more 1.1, most 1.3"),
    ("set_response", "gold", {**ANSWERS, "most": 1.1, "half_more": 200}, "new", "200"),
    ("withdraw", "0123456789ab", "", "subject", "0123456789ab"),
])
def test_open_client_names_the_decision_that_cannot_be_followed(tmp_path, kind, subject, new, column, value):
    folder = write_client(tmp_path)
    decide(folder, "choose_strategy", "strategy", "balanced")

    decide(folder, kind, subject, new)
    problem = find_problem(folder)

    assert (problem.file, problem.row, problem.column, problem.value) == ("decisions.jsonl", 2, column, value)


WORDS = st.sampled_from(["chance", "potential", "S1", "S2", "R1", "R2", "007", "008", "gold", "iron", "tiers", "?"])
NUMBERS = st.one_of(st.integers(-1, 6), st.floats(allow_nan=False, allow_infinity=False))
FORMS = {
    "override_tier": st.sampled_from(["gold", "iron", ""]),
    "choose_strategy": st.sampled_from(["balanced", "conquest", "bold"]),
    "set_tier_rule": st.fixed_dictionaries(
        {"rule": st.sampled_from(["cutoff", "account_share", "capacity"])},
        optional={"gold": st.floats(0, 1), "silver": st.floats(0, 1)}),
    "set_weights": st.dictionaries(st.sampled_from(["distance", "access", "projects", "?"]), NUMBERS),
    "rate_segment": st.dictionaries(st.sampled_from(["know_how", "growth", "distance"]),
                                    st.one_of(NUMBERS, st.none(), WORDS)),
    "set_target": st.dictionaries(st.sampled_from(["target_attractiveness", "target_competitive_strength", "label"]),
                                  st.one_of(st.floats(0, 1), st.none())),
    "set_call_norms": st.lists(st.sampled_from(
        [*NORMS, {**NORMS[0], "posture": "invest"}, {**NORMS[0], "tier": "iron"}])),
    "set_selling_hours": NUMBERS,
    "add_rep": st.fixed_dictionaries(
        {"name": st.sampled_from(["Bea", "", None]), "role": st.sampled_from(["field", 3])},
        optional={"leaving": st.booleans(), "rep": WORDS, "latitude": NUMBERS, "longitude": NUMBERS, "skills": WORDS,
                  "cost_per_year": WORDS}),
    "set_response": st.fixed_dictionaries(dict.fromkeys(("nothing", "half", "half_more", "most"), st.floats(0, 3))),
    "lock_account": st.sampled_from(["R1", "R2", ""]),
}


def test_open_client_follows_or_names_whatever_stands_in_a_decision(tmp_path_factory):
    folder = write_client(tmp_path_factory.mktemp("any"), criteria_csv=TWO_CHANCES)
    each = st.sampled_from(KINDS).flatmap(lambda kind: st.tuples(st.just(kind), WORDS, FORMS.get(kind, st.just(""))))

    @given(st.lists(each, min_size=1, max_size=6))
    @settings(max_examples=60, deadline=None)
    def check(taken):
        lines = [json.dumps({"at": AT.isoformat(), "by": "Ann", "kind": kind, "subject": subject, "new": new,
                             "reason": "why"}) for kind, subject, new in taken]
        (folder / "decisions.jsonl").write_text("\n".join([*lines, ""]))
        with suppress(InputProblems):
            assert len(open_client(folder).decisions) == len(taken)

    check()


def test_choosing_a_strategy_brings_its_call_norms_back(tmp_path):
    folder = write_client(tmp_path)
    before = open_client(folder).strategy

    decide(folder, "set_call_norms", "gold", NORMS)
    decide(folder, "choose_strategy", "strategy", "balanced")

    assert open_client(folder).strategy == before


def test_open_client_refuses_to_let_a_rep_go_who_has_a_locked_account(tmp_path):
    folder = write_client(tmp_path)

    decide(folder, "lock_account", "007", "R1")
    decide(folder, "remove_rep", "R1", "")

    assert "007" in str(find_problem(folder).message)


def test_open_model_plans_with_the_decided_hours_norms_and_locks(tmp_path):
    folder = write_client(tmp_path)
    decide(folder, "add_rep", "R2", {"name": "Bea", "role": "field"})
    decide(folder, "set_selling_hours", "R1", 700)
    decide(folder, "set_call_norms", "gold", NORMS)
    decide(folder, "lock_account", "007", "R2")

    tables = open_model(folder).tables()

    assert tables["rep_summary"].set_index("rep").at["R1", "selling_hours_per_year"] == 700
    assert tables["territories"].set_index("account").at["007", "rep"] == "R2"
    assert tables["assumptions"].set_index("name").at["call_norm.gold.any.field", "value"] == "10"
