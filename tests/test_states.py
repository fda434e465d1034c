"""States of the journal that the room named: found again, compared, adopted."""

import datetime as dt

import pytest
from client_files import write_client

from salesmodel_kit.client.decision import Decision
from salesmodel_kit.client.decisions import Conflict, append_decision
from salesmodel_kit.client.folder import open_client, open_earlier
from salesmodel_kit.client.states import adopt_state, find_state, list_states, name_state
from salesmodel_kit.errors import SalesModelError

AT = dt.datetime(2026, 11, 3, 14, 30, tzinfo=dt.UTC)


def decide(folder, kind, subject, new, minute):
    decision = Decision(at=AT + dt.timedelta(minutes=minute), by="Ann", kind=kind, subject=subject, new=new,
                        reason="agreed")
    append_decision(folder, decision)
    return decision


def read_hours(client):
    return client.reps["selling_hours_per_year"].iloc[0]


def test_open_earlier_gives_the_client_as_it_was_when_the_state_was_named(tmp_path):
    folder = write_client(tmp_path)
    decide(folder, "set_selling_hours", "R1", 700, 0)
    name_state(folder, "before lunch", by="Ann", reason="to compare")
    decide(folder, "set_selling_hours", "R1", 900, 1)

    state = find_state(open_client(folder).decisions, "before lunch")

    assert read_hours(open_earlier(folder, n_decisions=state.n_decisions)) == 700
    assert read_hours(open_client(folder)) == 900


def test_adopt_state_decides_the_way_back_and_forth(tmp_path):
    folder = write_client(tmp_path)
    first = decide(folder, "set_selling_hours", "R1", 700, 0)
    name_state(folder, "seven", by="Ann", reason="to compare")
    decide(folder, "withdraw", first.id, "", 1)
    decide(folder, "set_selling_hours", "R1", 900, 2)
    decide(folder, "override_tier", "007", "gold", 3)
    name_state(folder, "nine", by="Ann", reason="to compare")

    adopt_state(folder, open_client(folder).decisions, "seven", by="Bea", reason="better")
    back = open_client(folder)
    adopt_state(folder, back.decisions, "nine", by="Bea", reason="no, the other")
    forth = open_client(folder)

    assert (read_hours(back), len(back.overrides)) == (700, 0)
    assert (read_hours(forth), len(forth.overrides)) == (900, 1)
    assert adopt_state(folder, forth.decisions, "nine", by="Bea", reason="again") == ()


def test_adopt_state_sees_that_another_session_withdrew_meanwhile(tmp_path):
    folder = write_client(tmp_path)
    name_state(folder, "start", by="Ann", reason="to compare")
    decide(folder, "set_selling_hours", "R1", 700, 0)
    seen = open_client(folder).decisions
    decide(folder, "set_selling_hours", "R1", 800, 1)

    with pytest.raises(Conflict):
        adopt_state(folder, seen, "start", by="Bea", reason="back")


def test_list_states_knows_the_later_of_two_with_one_name_and_not_the_withdrawn(tmp_path):
    folder = write_client(tmp_path)
    name_state(folder, "A", by="Ann", reason="first")
    gone = name_state(folder, "B", by="Ann", reason="gone")
    name_state(folder, " A ", by="Bea", reason="second")
    decide(folder, "withdraw", gone.id, "", 1)

    states = list_states(open_client(folder).decisions)

    assert [(state.name, state.decision.by, state.n_decisions) for state in states] == [("A", "Bea", 3)]


def test_find_state_names_the_nearest_state(tmp_path):
    folder = write_client(tmp_path)
    name_state(folder, "morning", by="Ann", reason="first")

    with pytest.raises(SalesModelError, match="did you mean morning"):
        find_state(open_client(folder).decisions, "mornin")


@pytest.mark.parametrize("name", ["", "  \n", "x" * 61])
def test_name_state_refuses_a_name_that_nobody_could_read(tmp_path, name):
    with pytest.raises(SalesModelError, match="name of a state"):
        name_state(write_client(tmp_path), name, by="Ann", reason="why")
