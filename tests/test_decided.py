"""What the room decided, as ground of the numbers in the model and in the report."""

import datetime as dt

import pytest
from client_files import FILES, PROFILE, write_client

from salesmodel_kit.chain import open_model
from salesmodel_kit.client.decision import Decision
from salesmodel_kit.client.decisions import append_decision
from salesmodel_kit.comparison import compare_models
from salesmodel_kit.reports.exhibits.board import show_assumptions

AT = dt.datetime(2026, 11, 3, 14, 30, tzinfo=dt.UTC)
CRITERIA = FILES["criteria.csv"] + "access,Access,chance,benefit,1,5,30,bad,good\n"
ACCOUNTS = """\
account,name,segment,sales_per_year,potential_per_year,owner,projects,distance,access
007,Alder,S1,0,5000,R1,5,12.5,1
008,Birch,S2,,2500.5,,3,200,5
"""
VOTES = """\
round,participant,kind,axis,criterion,vote
1,P1,points,chance,distance,1
1,P1,points,chance,access,3
1,P1,points,potential,projects,1
"""
PARTICIPANTS = "participant,name\nP1,Paul\n"


@pytest.fixture
def folder(tmp_path):
    return write_client(tmp_path, criteria_csv=CRITERIA, accounts_csv=ACCOUNTS)


def decide(folder, kind, subject, new, minute=0):
    append_decision(folder, Decision(at=AT + dt.timedelta(minutes=minute), by="Ann <b>", kind=kind, subject=subject,
                                     new=new, reason="agreed"))


def test_data_basis_names_who_decided_the_weights_and_when(folder):
    decide(folder, "set_weights", "chance", {"access": 10})

    basis = open_model(folder).data_basis["weight"]

    assert (basis.basis, basis.source) == ("judged", "decided by Ann <b> on 3 November 2026")


def test_data_basis_counts_the_decisions_in_force_on_one_quantity(folder):
    decide(folder, "override_tier", "007", "gold")
    decide(folder, "override_tier", "007", "silver", 1)
    decide(folder, "override_tier", "008", "gold", 2)

    basis = open_model(folder, language="fr").data_basis["overrides"]

    assert basis.source.startswith("2 décisions")
    assert "3 novembre 2026" in basis.source


def test_data_basis_forgets_a_decision_that_was_withdrawn(folder):
    decide(folder, "set_weights", "chance", {"access": 10})
    decide(folder, "withdraw", open_model(folder).client.decisions[0].id, "", 1)

    assert "weight" not in open_model(folder).data_basis


def test_assumptions_show_the_decided_call_norms_with_their_author(folder):
    decide(folder, "set_call_norms", "gold", [{"tier": "gold", "channel": "field", "calls_per_year": 10}])

    table = open_model(folder).assumptions.set_index("name")
    html = show_assumptions(open_model(folder)).html

    assert table.at["call_norm.gold.any.field", "basis"] == "judged"
    assert "decided by Ann <b> on 3 November 2026" in table.at["call_norm.gold.any.field", "source"]
    assert "Ann &lt;b&gt;" in html
    assert "Ann <b>" not in html


def test_criteria_take_decided_weights_before_those_of_votes(tmp_path):
    folder = write_client(tmp_path, criteria_csv=CRITERIA, accounts_csv=ACCOUNTS, votes_csv=VOTES,
                          participants_csv=PARTICIPANTS, client_yaml=PROFILE + "weights_from: votes\n")
    voted = open_model(folder).criteria.set_index("criterion")["effective_weight"]

    decide(folder, "set_weights", "chance", {"distance": 9, "access": 1})
    model = open_model(folder)
    decided = model.criteria.set_index("criterion")["effective_weight"]

    assert voted[["distance", "access"]].tolist() == pytest.approx([0.25, 0.75])
    assert decided[["distance", "access"]].tolist() == pytest.approx([0.9, 0.1])
    assert "Weights decided by the room" in model.weight_sets.table["set_name"].tolist()


def test_compare_models_names_decided_weights_as_the_cause(folder):
    before = open_model(folder)
    decide(folder, "set_weights", "chance", {"distance": 100, "access": 0})

    moves = compare_models(before, open_model(folder)).moves

    assert set(moves["cause"]) <= {"weights"}
