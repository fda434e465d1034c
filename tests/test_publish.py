"""Cells that no spreadsheet takes for formulas, files that appear whole or not at all."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesmodel_kit.client.publish import publish, stage_folder, write_cell, write_profile, write_table


@pytest.mark.parametrize(("value", "cell"), [
    ("=1+1", "'=1+1"), ("+33 1 23", "'+33 1 23"), ("@here", "'@here"), ("-Acme", "'-Acme"), ("\tx", "'\tx"),
    ("-5", "-5"), ("-5,5", "-5,5"), ("+7", "+7"), ("Acme = Co", "Acme = Co"),
    (0.0, "0"), (-0.0, "0"), (1234.5, "1234.5"), (1100040000.0, "1100040000"), (-2.25, "-2.25"),
    (None, ""), (float("nan"), ""), ("007", "007"),
])
def test_write_cell_writes_what_a_spreadsheet_reads_as_it_is(value, cell):
    assert write_cell(value) == cell


@given(st.text(max_size=20))
def test_write_cell_never_begins_like_a_formula(text):
    cell = write_cell(text)

    assert not cell.startswith(("=", "@", "\t", "\r"))
    assert cell.removeprefix("'") == text.removeprefix("'")


def test_write_table_suits_a_spreadsheet_of_the_language():
    frame = pd.DataFrame({"account": ["007", "a;b"], "sales_per_year": [1234.5, float("nan")]})

    assert write_table(frame, "en") == b"\xef\xbb\xbfaccount,sales_per_year\r\n007,1234.5\r\na;b,\r\n"
    assert write_table(frame, "fr") == b'\xef\xbb\xbfaccount;sales_per_year\r\n007;1234,5\r\n"a;b";\r\n'


def test_write_table_keeps_quotes_and_line_breaks_inside_their_cell():
    frame = pd.DataFrame({"name": ['The "Best"\nof, all']})

    rows = list(csv.reader(io.StringIO(write_table(frame, "en").decode("utf-8-sig"), newline="")))

    assert rows == [["name"], ['The "Best"\nof, all']]


def test_write_profile_keeps_a_remark_on_its_line():
    text = write_profile({"id": "a", "strategy_changes": {}}, ["first\nid: evil"], "en").decode()

    assert text == "# to confirm: first id: evil\nid: a\n"


def test_publish_makes_a_new_folder_whole(tmp_path):
    target = tmp_path / "client"

    with stage_folder(target, {"a.csv": b"1", "former/b.csv": b"2"}) as staged:
        assert not target.exists()
        publish(staged, target, ["a.csv"])

    assert (target / "a.csv").read_bytes() == b"1"
    assert (target / "former" / "b.csv").read_bytes() == b"2"
    assert [path.name for path in tmp_path.iterdir()] == ["client"]


def test_publish_replaces_only_the_files_that_are_named(tmp_path):
    target = tmp_path / "client"
    target.mkdir()
    (target / "notes.txt").write_text("mine")
    (target / "a.csv").write_bytes(b"old")

    with stage_folder(target, {"a.csv": b"new", "b.csv": b"not named"}) as staged:
        publish(staged, target, ["a.csv"])

    assert sorted(path.name for path in target.iterdir()) == ["a.csv", "notes.txt"]
    assert (target / "a.csv").read_bytes() == b"new"


def test_stage_folder_leaves_nothing_behind_when_the_work_fails(tmp_path):
    with pytest.raises(RuntimeError, match="stop"), stage_folder(tmp_path / "client", {"a.csv": b"1"}):
        raise RuntimeError("stop")

    assert list(tmp_path.iterdir()) == []
