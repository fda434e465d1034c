import pandas as pd
import pytest
from client_files import ACCOUNTS, CRITERIA, REPS, SEGMENTS, show

from salesmodel_kit import tables
from salesmodel_kit.client.checks import (
    CheckedTable,
    check_criteria,
    check_dates,
    check_places,
    check_table,
    check_together,
)
from salesmodel_kit.client.reading import match_headers, parse_table
from salesmodel_kit.client.texts import read_delimited

CRITERIA_FRAME = parse_table(read_delimited(CRITERIA.encode(), "c.csv"), tables.CRITERIA)[0]


def make(text, table):
    text_table = read_delimited(text.encode(), f"{table.name}.csv")
    frame, problems = parse_table(text_table, table, criteria=CRITERIA_FRAME)
    place, _ = match_headers(text_table, table, criteria=CRITERIA_FRAME)
    return CheckedTable(table, frame, place, text_table, problems)


SOUND = {"criteria": CRITERIA, "segments": SEGMENTS, "accounts": ACCOUNTS, "reps": REPS}


def make_all(**changes):
    return {name: make(changes.get(name, text), getattr(tables, name.upper())) for name, text in
            {**SOUND, **changes}.items()}


def criteria_with(*rows):
    return make("criterion,label,axis,direction,worst,best,weight,level_1\n" + "\n".join(rows) + "\n", tables.CRITERIA)


def test_checks_find_nothing_in_a_sound_client():
    checked = make_all()

    assert [problem for table in checked.values() for problem in check_table(table)] == []
    assert check_criteria(checked["criteria"]) == check_together(checked) == []


def test_check_table_names_ranges_and_empty_cells_under_the_headers_as_written():
    text = "Compte;Nom;Segment;CA;Lat;Visites\n1;;S1;-5;91;0\n;B;S1;0;-90;367\n"

    problems = check_table(make(text, tables.ACCOUNTS))

    assert sorted(show(problems), key=str) == sorted([
        ("accounts.csv", 2, "Nom", None), ("accounts.csv", 2, "CA", "-5"), ("accounts.csv", 2, "Lat", "91"),
        ("accounts.csv", 3, "Compte", None), ("accounts.csv", 3, "Visites", "367")], key=str)
    sentences = {problem.column: str(problem.message) for problem in problems}
    assert sentences["CA"] == "A number of at least 0 is expected."
    assert sentences["Lat"] == "A number of at most 90 is expected."
    assert sentences["Nom"] == "A value is needed in every row."


def test_check_table_does_not_name_twice_what_could_not_be_read():
    checked = make("rep,name,role\nR1,Ann,pilot\n", tables.REPS)

    assert len(checked.problems) == 1
    assert check_table(checked) == []


def test_check_table_names_the_row_where_an_id_stands_first():
    problems = check_table(make("account,name,segment\n7,A,S1\n8,B,S1\n7,C,S1\n7,D,S1\n", tables.ACCOUNTS))

    assert show(problems) == [("accounts.csv", 4, "account", "7"), ("accounts.csv", 5, "account", "7")]
    assert "already in row 2" in str(problems[0].message)


def test_check_table_allows_a_criterion_on_two_axes_but_not_twice_on_one():
    row = "x,X,{axis},benefit,0,1,1,"
    checked = criteria_with(row.format(axis="potential"), row.format(axis="chance"), row.format(axis="chance"))

    assert show(check_table(checked)) == [("criteria.csv", 4, "criterion", "x")]


def test_check_table_asks_for_a_row():
    problems = check_table(make("segment,label\n", tables.SEGMENTS))

    assert [str(problem.message) for problem in problems] == ["The table has no row yet; fill it in, one row each."]


def test_check_table_counts_what_it_does_not_list():
    rows = "".join(f"{number},A,S1,-1\n" for number in range(1000))

    problems = check_table(make("account,name,segment,sales\n" + rows, tables.ACCOUNTS))

    assert len(problems) == 21
    assert str(problems[-1].message) == "And 980 more of the same kind in this column."


@pytest.mark.parametrize(("row", "column", "value", "sentence"), [
    ("x,X,potential,benefit,1,1,1,", "best", "1", "must differ from the worst"),
    ("x,X,potential,benefit,5,1,1,", "best", "1", "best must be above worst"),
    ("x,X,potential,cost,1,5,1,", "best", "5", "best must be below worst"),
    ("x,X,potential,benefit,1,10,1,none", "best", "10", "between 1 and 5"),
    ("x,X,potential,benefit,0,5,1,none", "best", "5", "between 1 and 5"),
    ("x y,X,potential,benefit,0,1,1,", "criterion", "x y", "letters, digits and _"),
    ("1x,X,potential,benefit,0,1,1,", "criterion", "1x", "letters, digits and _"),
    ("name,X,potential,benefit,0,1,1,", "criterion", "name", "another column of accounts"),
    ("effectif,X,potential,benefit,0,1,1,", "criterion", "effectif", "another column of accounts"),
    ("label,X,attractiveness,benefit,0,1,1,", "criterion", "label", "another column of segments"),
])
def test_check_criteria_names_what_cannot_be_a_criterion(row, column, value, sentence):
    problems = check_criteria(criteria_with(row))

    assert show(problems) == [("criteria.csv", 2, column, value)]
    assert sentence in str(problems[0].message)


@pytest.mark.parametrize("row", ["employees,X,potential,benefit,0,1,1,", "wallet_share,X,potential,cost,1,0,1,",
                                 "qualité,X,chance,benefit,1,5,1,none"])
def test_check_criteria_accepts_declared_numbers_and_derived_ones(row):
    assert check_criteria(criteria_with(row)) == []


def test_check_criteria_names_an_axis_without_weight():
    problems = check_criteria(criteria_with("x,X,potential,benefit,0,1,0,", "y,Y,potential,benefit,0,1,0,",
                                            "z,Z,chance,benefit,0,1,0.1,"))

    assert [str(problem.message) for problem in problems] == [
        "All weights of the axis potential are 0; give one of its criteria a weight."]


@pytest.mark.parametrize(("changes", "place", "sentence"), [
    ({"accounts": "account,name,segment\n7,A,S11\n"}, ("accounts.csv", 2, "segment", "S11"), "did you mean S1?"),
    ({"accounts": "account,name,segment\n7,A,Zoo\n"}, ("accounts.csv", 2, "segment", "Zoo"), "add it there"),
    ({"accounts": "account,name,segment,owner\n7,A,S1,Bob\n"}, ("accounts.csv", 2, "owner", "Bob"), "rep has left"),
    ({"accounts": "account,name,segment,projects\n7,A,S1,6\n"}, ("accounts.csv", 2, "projects", "6"), "from 1 to 5"),
    ({"accounts": "account,name,segment,projects\n7,A,S1,0\n"}, ("accounts.csv", 2, "projects", "0"), "from 1 to 5"),
    ({"segments": "segment,label,know_how\nS1,A,5.5\nS2,B,5\n"}, ("segments.csv", 2, "know_how", "5.5"), "from 1 to 5"),
    ({"opportunities": "opportunity,account,status\nD1,7,won\n"}, ("opportunities.csv", 2, "account", "7"),
     "did you mean 007?"),
])
def test_check_together_names_what_another_table_does_not_have(changes, place, sentence):
    problems = check_together(make_all(**changes))

    assert show(problems) == [place]
    assert sentence in str(problems[0].message)


def test_check_together_finds_no_fault_with_a_criterion_that_has_no_column():
    assert check_together(make_all(accounts="account,name,segment\n7,A,S1\n")) == []


def test_check_together_counts_what_it_does_not_list():
    rows = "".join(f"{number},A,Z{number}\n" for number in range(30))

    problems = check_together(make_all(accounts="account,name,segment\n" + rows))

    assert len(problems) == 21
    assert "And 10 more" in str(problems[-1].message)


def test_check_places_wants_both_or_neither():
    text = "account,name,segment,latitude,longitude\n1,A,S,48,2\n2,B,S,48,\n3,C,S,,\n4,D,S,,2\n5,E,S,x,2\n"

    problems = check_places(make(text, tables.ACCOUNTS))

    assert show(problems) == [("accounts.csv", 5, "latitude", None), ("accounts.csv", 3, "longitude", None)]


def test_check_places_names_a_column_that_is_missing_once():
    text = "account,name,segment,latitude\n1,A,S,48\n2,B,S,49\n"

    assert show(check_places(make(text, tables.ACCOUNTS))) == [("accounts.csv", 1, "longitude", None)]


def test_check_dates_names_a_deal_closed_before_it_was_opened():
    text = ("opportunity,status,created_on,closed_on\nA,won,2026-02-02,01/02/2026\nB,won,2026-02-02,2026-02-02\n"
            "C,won,,2026-01-01\n")

    problems = check_dates(make(text, tables.OPPORTUNITIES))

    assert show(problems) == [("opportunities.csv", 2, "closed_on", "01/02/2026")]


def test_checks_leave_their_input_alone():
    checked = make_all()
    before = {name: table.frame.copy(deep=True) for name, table in checked.items()}

    for table in checked.values():
        check_table(table)
    check_together(checked)

    for name, frame in before.items():
        pd.testing.assert_frame_equal(checked[name].frame, frame)
