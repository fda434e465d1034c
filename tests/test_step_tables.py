"""The tables of a run as files: how a spreadsheet opens them, and that the kit reads them back."""

import pandas as pd
import pytest
from small_client import make_client

from salesmodel_kit.chain import build_model
from salesmodel_kit.client.reading import parse_table, read_text_table
from salesmodel_kit.reports.step_tables import DIGITS, neutralise_text, write_tables
from salesmodel_kit.tables import STEP_TABLES


def read(path):
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    return content.decode("utf-8-sig").splitlines()


def make_scores():
    return pd.DataFrame(
        {
            "account": ["007", None],
            "name": ["Été; \"Nord\"", "-1,5"],
            "score": [2 / 3, None],
            "sales_per_year": [1234.567891, 0.0],
            "rank_by_value": pd.array([1, None], dtype="Int64"),
        }
    )


def test_write_tables_writes_what_french_spreadsheets_open_as_columns(tmp_path):
    (path,) = write_tables({"account_scores": make_scores()}, folder=tmp_path, language="fr")

    assert read(path) == [
        "account;name;score;sales_per_year;rank_by_value",
        '007;"Été; ""Nord""";0,6667;1234,57;1',
        ";'-1,5;;0;",
    ]


def test_write_tables_writes_what_english_spreadsheets_open_as_columns(tmp_path):
    (path,) = write_tables({"account_scores": make_scores()}, folder=tmp_path, language="en")

    assert read(path) == [
        "account,name,score,sales_per_year,rank_by_value",
        '007,"Été; ""Nord""",0.6667,1234.57,1',
        ",\"'-1,5\",,0,",
    ]


def test_write_tables_writes_flags_as_spreadsheets_do_and_keeps_small_numbers(tmp_path):
    tables = {
        "territories": pd.DataFrame({"kept": pd.array([True, False, None], dtype="boolean")}),
        "assumptions": pd.DataFrame({"name": ["a", "b"], "value": ["0.34", ""], "low": [0.00005, 1e7]}),
    }

    flags, numbers = write_tables(tables, folder=tmp_path, language="fr")

    assert read(flags) == ["kept", "VRAI", "FAUX", '""']
    assert read(numbers) == ["name;value;low", "a;0,34;5,000e-05", "b;;10000000"]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_write_tables_writes_what_the_kit_reads_back(language, tmp_path):
    tables = build_model(make_client(profile={"language": language})).tables()
    paths = dict(zip(tables, write_tables(tables, folder=tmp_path, language=language), strict=True))

    for declared in (table for table in STEP_TABLES if table.name in tables and table.name != "assumptions"):
        frame, problems = parse_table(read_text_table(paths[declared.name]), declared)

        assert problems == ()
        expected = tables[declared.name]
        for column in (column for column in declared.columns if column.name in expected):
            found, wanted = frame[column.name].reset_index(drop=True), expected[column.name].reset_index(drop=True)
            if column.kind == "number":
                step = 10.0 ** -DIGITS.get(column.unit, 4)
                assert ((found - wanted).abs().dropna() <= 0.5001 * step).all()
                assert (found.isna() == wanted.isna()).all()
            else:
                pd.testing.assert_series_equal(found, wanted, check_dtype=False)


@pytest.mark.parametrize(("cell", "written"), [("=1+1", "'=1+1"), ("@cmd", "'@cmd"), ("-3.5", "-3.5"), (" =1", "' =1"),
                                               ("Dupont", "Dupont"), (-2, -2)])
def test_neutralise_text_leaves_numbers_and_plain_words_alone(cell, written):
    assert neutralise_text(cell) == written
