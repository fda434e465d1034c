import datetime as dt

import pandas as pd
import pytest
from client_files import show, write_book
from hypothesis import given, settings
from hypothesis import strategies as st

from salesmodel_kit.client.reading import find_nearest, parse_table, read_text_table
from salesmodel_kit.client.texts import read_delimited
from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.tables import ACCOUNTS, CRITERIA, INPUT_TABLES, OPPORTUNITIES, REPS, SEGMENTS, dtype_of


def parse(text, table=ACCOUNTS, **options):
    return parse_table(read_delimited(text if isinstance(text, bytes) else text.encode(), "t.csv"), table, **options)


def make_criteria(**labels):
    return pd.DataFrame({"criterion": list(labels), "label": list(labels.values()), "axis": "potential"}, dtype="str")


NEEDED = "account,name,segment"


def test_parse_table_declares_every_column_with_its_dtype():
    frame, problems = parse(f"{NEEDED}\n007,Alder,S1\n")

    assert problems == ()
    assert {name: str(frame[name].dtype) for name in frame} == {
        column.name: dtype_of(column) for column in ACCOUNTS.columns}
    assert frame.index.tolist() == [2]
    assert frame["account"].tolist() == ["007"]


def test_parse_table_reads_french_headers_and_values_in_windows_1252():
    text = ("COMPTE;Raison Sociale;code_segment;Tranche d’effectif;CA annuel;Niveau précédent\n"
            "007;Érable;S1;22;1 234,5;Or\n")

    frame, problems = parse(text.encode("cp1252"))

    assert problems == ()
    assert frame.loc[2, ["account", "name", "segment", "size_band", "sales_per_year", "previous_tier"]].tolist() == [
        "007", "Érable", "S1", "22", 1234.5, "gold"]


def test_parse_table_keeps_zero_apart_from_missing():
    frame, problems = parse(f"{NEEDED},sales_per_year\n1,A,S,0\n2,B,S,\n3,C,S,n.c.\n4,D,S,-\n")

    assert problems == ()
    assert frame["sales_per_year"].fillna(-1).tolist() == [0, -1, -1, -1]


def test_parse_table_keeps_a_country_that_is_called_na():
    frame, _ = parse(f"{NEEDED},country,sales_per_year\nNA,A,S,NA,NA\n")

    assert frame.loc[2, ["account", "country"]].tolist() == ["NA", "NA"]
    assert frame["sales_per_year"].isna().all()


def test_parse_table_decides_an_unclear_mark_by_its_column():
    frame, problems = parse("compte;nom;segment;ca\n1;A;S;1.234\n2;B;S;2.345,5\n")

    assert problems == ()
    assert frame["sales_per_year"].tolist() == [1234, 2345.5]


def test_parse_table_decides_an_unclear_mark_by_its_file():
    frame, problems = parse(f'{NEEDED},sales_per_year,latitude\n1,A,S,"1,234",48.85\n')

    assert problems == ()
    assert frame["sales_per_year"].tolist() == [1234]


@pytest.mark.parametrize(("text", "number"), [(f"{NEEDED},latitude\n1,A,S,48.856\n", 48.856),
                                              ("compte;nom;segment;latitude\n1;A;S;48,856\n", 48.856)])
def test_parse_table_decides_an_unclear_mark_by_the_separator(text, number):
    frame, problems = parse(text)

    assert problems == ()
    assert frame["latitude"].tolist() == [number]


@pytest.mark.parametrize("text", [f'{NEEDED},sales_per_year\n1,A,S,"1,234"\n', "compte;nom;segment;ca\n1;A;S;1.234\n",
                                  "compte\tnom\tsegment\tca\n1\tA\tS\t1.234\n",
                                  'account,name,segment,sales_per_year\n1,A,S,"1,234"\n2,B,S,"1,5"\n3,C,S,1.5\n'])
def test_parse_table_refuses_a_mark_that_stays_unclear(text):
    frame, problems = parse(text)

    assert problems[0].row == 2
    assert "could separate thousands or decimals" in str(problems[0].message)
    assert frame["sales_per_year"].isna().iloc[0]


@pytest.mark.parametrize(("value", "sentence"), [
    ("inf", "A number is expected"), ("nan", "A number is expected"), ("62 %", "A number without %"),
    ("12 €", "without unit or currency"), ("#N/A", "an error of the spreadsheet"),
])
def test_parse_table_names_the_cell_that_is_no_number(value, sentence):
    _, problems = parse(f"{NEEDED},Sales\n1,A,S,5\n2,B,S,{value}\n")

    assert show(problems) == [("t.csv", 3, "Sales", value)]
    assert sentence in str(problems[0].message)


def test_parse_table_leaves_the_clients_currency_beside_amounts_aside():
    frame, problems = parse(f"{NEEDED},sales,employees\n1,A,S,12 €,5 €\n", currency="EUR")

    assert frame["sales_per_year"].tolist() == [12]
    assert show(problems) == [("t.csv", 2, "employees", "5 €")]


def test_parse_table_names_an_impossible_day():
    frame, problems = parse("opportunity,status,closed_on\nD1,won,25/12/2025\nD2,won,12/25/2025\n", OPPORTUNITIES)

    assert frame["closed_on"].tolist()[0] == pd.Timestamp("2025-12-25")
    assert show(problems) == [("t.csv", 3, "closed_on", "12/25/2025")]
    assert "never MM/DD" in str(problems[0].message)


def test_parse_table_names_an_unknown_choice_with_the_known_ones():
    _, problems = parse("rep,name,role\nR1,Ann,pilot\n", REPS)

    assert show(problems) == [("t.csv", 2, "role", "pilot")]
    assert "field, inside, partner, customer_success" in str(problems[0].message)


def test_parse_table_reads_minus_as_a_direction_and_not_as_missing():
    frame, problems = parse("criterion,label,axis,direction,worst,best,weight\nx,X,chance,-,5,1,1\n", CRITERIA)

    assert problems == ()
    assert frame["direction"].tolist() == ["cost"]


def test_parse_table_knows_criteria_by_id_and_by_label():
    criteria = make_criteria(projects="Projets en vue", fit="Adéquation")

    frame, problems = parse(f"{NEEDED},PROJECTS,adequation\n1,A,S,5,2.5\n", criteria=criteria)

    assert problems == ()
    assert frame[["projects", "fit"]].to_numpy().tolist() == [[5, 2.5]]
    assert frame["projects"].dtype == "float64"


def test_parse_table_gives_a_declared_header_before_a_criterions_label():
    frame, problems = parse(f"{NEEDED},potentiel\n1,A,S,5\n", criteria=make_criteria(own="Potentiel"))

    assert problems == ()
    assert frame["potential_per_year"].tolist() == [5]
    assert "own" not in frame


def test_parse_table_leaves_criteria_of_other_axes_out():
    _, problems = parse("segment,label,projects\nS,Seg,5\n", SEGMENTS, criteria=make_criteria(projects="Projects"))

    assert show(problems) == [("t.csv", 1, "projects", None)]


@pytest.mark.parametrize(("header", "near"), [("sales_per_yaer", "sales_per_year"), ("Raison social", "name"),
                                              ("Projet", "projects")])
def test_parse_table_names_the_nearest_header(header, near):
    _, problems = parse(f"account,name,segment,{header}\n1,A,S,1\n", criteria=make_criteria(projects="Projets"))

    assert show(problems) == [("t.csv", 1, header, None)]
    assert f"did you mean {near}?" in str(problems[0].message)


def test_parse_table_names_two_headers_of_one_column():
    _, problems = parse(f"{NEEDED},CA,Sales\n1,A,S,1,2\n")

    assert show(problems) == [("t.csv", None, "Sales", None)]
    assert "“CA” both mean sales_per_year" in str(problems[0].message)


def test_parse_table_names_every_needed_column_that_is_absent():
    _, problems = parse("account\n1\n")

    assert show(problems) == [("t.csv", 1, "name", None), ("t.csv", 1, "segment", None)]


def test_parse_table_names_ids_that_a_spreadsheet_spoilt(tmp_path):
    path = write_book(tmp_path / "b.xlsx", {"accounts": [NEEDED.split(","), [dt.date(2026, 3, 12), "A", "S"]]})

    _, dates = parse_table(read_text_table(path), ACCOUNTS)
    _, shortened = parse("compte;nom;segment\n1,23E+14;A;S\n")

    assert "turned this id into a date" in str(dates[0].message)
    assert "shortened this id" in str(shortened[0].message)


def test_parse_table_takes_a_workbooks_number_as_it_is(tmp_path):
    path = write_book(tmp_path / "b.xlsx", {"accounts": [[*NEEDED.split(","), "ca"], [7, "A", 3.0, 1.234]]})

    frame, problems = parse_table(read_text_table(path, "Accounts"), ACCOUNTS)

    assert problems == ()
    assert frame.loc[2, ["account", "segment", "sales_per_year"]].tolist() == ["7", "3", 1.234]


def test_parse_table_leaves_its_input_alone():
    table = read_delimited(f"{NEEDED},sales\n1,A,S,1\n".encode(), "t.csv")
    before = table.frame.copy(deep=True)

    parse_table(table, ACCOUNTS)

    pd.testing.assert_frame_equal(table.frame, before)


NUMBERS = st.floats(min_value=0, max_value=1e12, allow_nan=False)


@settings(deadline=None)
@given(st.lists(st.none() | NUMBERS, min_size=1, max_size=6), st.booleans())
def test_parse_table_gives_back_the_numbers_that_were_written(numbers, is_french):
    separator, mark = (";", ",") if is_french else (",", ".")
    lines = [f"{at}{separator}A{separator}S{separator}{'' if number is None else repr(number).replace('.', mark)}"
             for at, number in enumerate(numbers)]

    frame, problems = parse("\n".join([separator.join([*NEEDED.split(","), "sales_per_year"]), *lines]))

    assert problems == ()
    assert [None if pd.isna(number) else number for number in frame["sales_per_year"]] == numbers


def test_read_text_table_asks_for_a_sheet_where_there_are_several(tmp_path):
    path = write_book(tmp_path / "b.xlsx", {"one": [["a"], ["1"]], "two": [["b"], ["2"]]})

    assert read_text_table(path, "TWO").frame["b"].tolist() == ["2"]
    assert "the workbook has: one, two" in str(read_text_table(path).problems[0].message)


def test_read_text_table_refuses_a_file_that_is_not_there(tmp_path):
    with pytest.raises(SalesModelError, match=r"x\.csv: there is no such file"):
        read_text_table(tmp_path / "x.csv")


def test_find_nearest_knows_ids_that_lost_their_zeros_among_many():
    known = [f"{number:07d}" for number in range(5000)]

    assert find_nearest("42", known) == "0000042"
    assert find_nearest("zzz", known) is None


@pytest.mark.parametrize("table", INPUT_TABLES, ids=lambda table: table.name)
def test_parse_table_knows_every_declared_header(table):
    for column in table.columns:
        for header in (column.name, *column.headers):
            others = [name for name in table.names if name != column.name]
            _, problems = parse(",".join([f'"{header}"', *others]) + "\n" + "," * len(others) + "\n", table)

            assert problems == ()
