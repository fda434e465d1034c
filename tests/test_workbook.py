import datetime as dt
import io
import zipfile

import openpyxl
import pytest
from client_files import write_book

from salesmodel_kit.client import workbook
from salesmodel_kit.client.workbook import read_workbook


def read_one(path):
    (table,) = read_workbook(path.read_bytes(), path.name)
    return table


def test_read_workbook_writes_cells_as_a_person_reads_them(tmp_path):
    path = write_book(tmp_path / "a.xlsx", {"accounts": [
        ["id", "whole", "part", "day", "flag", "note"],
        ["007", 7.0, 1.5, dt.datetime(2026, 2, 1), True, " Équipe "],
        [7, 0, -3, dt.date(2026, 12, 31), False, None],
    ]})

    table = read_one(path)

    assert table.frame.to_numpy().tolist() == [["007", "7", "1.5", "2026-02-01", "true", "Équipe"],
                                               ["7", "0", "-3", "2026-12-31", "false", ""]]
    assert table.frame.index.tolist() == [2, 3]
    assert table.kinds.to_numpy().tolist() == [["", "n", "n", "d", "", ""], ["n", "n", "n", "d", "", ""]]


def test_read_workbook_keeps_the_zeros_that_a_format_shows(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["cp"])
    book.active.append([1000])
    book.active["A2"].number_format = "00000"
    book.save(tmp_path / "a.xlsx")

    assert read_one(tmp_path / "a.xlsx").frame["cp"].tolist() == ["01000"]


def test_read_workbook_leaves_hidden_and_empty_sheets_aside(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "accounts"
    book.active.append(["id"])
    book.create_sheet("empty")
    book.create_sheet("lists").append(["a"])
    book["lists"].sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")

    assert [table.sheet for table in read_workbook((tmp_path / "a.xlsx").read_bytes(), "a.xlsx")] == ["accounts"]


def test_read_workbook_names_a_formula_without_value_and_an_error(tmp_path):
    rows = [["id", "x", "# note"], ["1", "=1+1", "=2"], ["2", "#N/A", None]]
    path = write_book(tmp_path / "a.xlsx", {"accounts": rows})

    problems = [(problem.row, problem.column, problem.value, str(problem.message)[:22]) for problem in
                read_one(path).problems]

    assert problems == [(3, "x", "#N/A", "The cell holds an erro"), (2, "x", "=1+1", "The formula has no com")]


def test_read_workbook_reads_the_computed_value_of_a_formula(tmp_path):
    path = write_book(tmp_path / "a.xlsx", {"accounts": [["id", "x", "y"], ["1", "=1+1", "=IF(1,\"\",2)"]]})
    computed = change_member(path.read_bytes(), "xl/worksheets/sheet1.xml", {
        b"<f>1+1</f><v /></c>": b"<f>1+1</f><v>2</v></c>", b"<f>1+1</f><v></v></c>": b"<f>1+1</f><v>2</v></c>",
        b'<c r="C2">': b'<c r="C2" t="str">'})

    (table,) = read_workbook(computed, "a.xlsx")

    assert table.frame.iloc[0].tolist() == ["1", "2", ""]
    assert table.problems == ()


def change_member(content, name, changes):
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for member in old.namelist():
            text = old.read(member)
            for before, after in changes.items() if member == name else ():
                text = text.replace(before, after)
            new.writestr(member, text)
    return stream.getvalue()


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04 torn"])
def test_read_workbook_says_that_a_file_is_no_workbook(content):
    (table,) = read_workbook(content, "a.xlsx")

    assert table.sheet is None
    assert "not an .xlsx workbook" in str(table.problems[0].message)


def test_read_workbook_says_that_a_workbook_with_a_damaged_index_is_none(tmp_path):
    path = write_book(tmp_path / "a.xlsx", {"accounts": [["id"]]})
    content = path.read_bytes().replace(b"PK\x01\x02", b"PK\x01\x03")

    (table,) = read_workbook(content, "a.xlsx")

    assert "not an .xlsx workbook" in str(table.problems[0].message)


def test_read_workbook_says_that_a_damaged_workbook_cannot_be_read(tmp_path):
    path = write_book(tmp_path / "a.xlsx", {"accounts": [["id"]]})
    damaged = change_member(path.read_bytes(), "xl/workbook.xml", {b"<sheets>": b"<sheet"})

    (table,) = read_workbook(damaged, "a.xlsx")

    assert "cannot be read" in str(table.problems[0].message)


def test_read_workbook_refuses_one_that_unpacks_to_too_much(tmp_path, monkeypatch):
    path = write_book(tmp_path / "a.xlsx", {"accounts": [["id"]]})
    monkeypatch.setattr(workbook, "MAX_UNPACKED", 1000)

    assert "once unpacked" in str(read_one(path).problems[0].message)


@pytest.mark.parametrize(("n_rows", "is_refused"), [(3, False), (4, True)])
def test_read_workbook_drops_no_row_beyond_its_limit_in_silence(n_rows, is_refused, tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "MAX_SHEET_ROWS", 3)
    path = write_book(tmp_path / "a.xlsx", {"accounts": [["account"], *([f"A{at}"] for at in range(n_rows - 1)), []]})

    table = read_one(path)

    assert len(table.frame) == (0 if is_refused else 2)
    assert [str(problem.message) for problem in table.problems] == (
        ["More than 3 rows; make a folder of the client and save this sheet in it as CSV."] if is_refused else [])
