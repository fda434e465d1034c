"""Sheets come back as votes; what is wrong is named by sheet and cell, and then nothing is taken."""

import openpyxl
import pytest
from voting_room import POINTS, write_room

from salesmodel_kit.client.ballot_forms import FORM_METHODS
from salesmodel_kit.client.ballot_sheets import SheetProblems, take_sheets, write_sheets
from salesmodel_kit.client.folder import open_client
from salesmodel_kit.errors import SalesModelError

ANSWERS = {"points": ("50", 30, "20,5"), "swing": (100, 50, 0), "rank": (1, 2, 3), "comparison": ("1/3", 9, 1),
           "best_worst": ("Trust", "price", 2, None, 8, 4, 8, None), "rating": (0.1, None, 5, 1)}


def fill(book, answers, at=0):
    sheet = book.worksheets[at]
    for row, answer in enumerate(answers, 9):
        sheet.cell(row, 4).value = answer
    return sheet


def make_book(folder, method="points", **changes):
    write_room(folder, **changes)
    out = folder / "sheets" / "out.xlsx"
    out.parent.mkdir(exist_ok=True)
    write_sheets(folder, out, method=method)
    return out, openpyxl.load_workbook(out)


def refuse(folder, out, book):
    book.save(out)
    with pytest.raises(SheetProblems, match="nothing was taken") as caught:
        take_sheets(folder, out)
    assert not (folder / "votes.csv").exists()
    return [(problem.sheet, problem.column, problem.row, problem.value) for problem in caught.value.problems]


def test_write_sheets_makes_one_for_each_participant_and_no_formula(tmp_path):
    _, book = make_book(tmp_path)

    assert book.sheetnames == ["Ann", "<script>alert(1)< script>", "Chloé", "=Dan"]
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    assert [book.worksheets[3].cell(row, 2).value for row in (3, 4, 5)] == ["P4", "1", "points"]


@pytest.mark.parametrize("method", FORM_METHODS)
def test_take_sheets_brings_back_what_was_filled_in(tmp_path, method):
    out, book = make_book(tmp_path, method)
    fill(book, ANSWERS[method])
    book.save(out)

    sentences = take_sheets(tmp_path, out)

    votes = open_client(tmp_path).votes
    assert set(votes["participant"]) == {"P1"}
    assert len(votes) == sum(answer not in ("Trust", "price", None) for answer in ANSWERS[method])
    assert "Chloé" in str(sentences[-1])


def test_take_sheets_names_the_cell_of_each_wrong_answer(tmp_path):
    out, book = make_book(tmp_path)
    fill(book, ("50", "lots", -1))
    fill(book, (5, 5, None), at=2)

    assert refuse(tmp_path, out, book) == [("Ann", "D", 10, "lots"), ("Ann", "D", 11, "-1"), ("Chloé", "D", 11, None)]


@pytest.mark.parametrize(("row", "value"), [(3, "P9"), (4, "second"), (5, "dice")])
def test_take_sheets_names_a_wrong_head(tmp_path, row, value):
    out, book = make_book(tmp_path)
    fill(book, POINTS.values()).cell(row, 2).value = value

    assert refuse(tmp_path, out, book) == [("Ann", "B", row, value)]


def test_take_sheets_refuses_two_sheets_of_one_participant(tmp_path):
    out, book = make_book(tmp_path)
    fill(book, POINTS.values())
    fill(book, POINTS.values(), at=1).cell(3, 2).value = "P1"

    assert [place[1:] for place in refuse(tmp_path, out, book)] == [("B", 3, "P1")]


def test_take_sheets_says_how_many_ballots_it_replaces(tmp_path):
    out, book = make_book(tmp_path)
    fill(book, POINTS.values())
    book.save(out)
    take_sheets(tmp_path, out)

    sentences = take_sheets(tmp_path, out)

    assert sentences[1].facts == {"n": 1}
    assert len(open_client(tmp_path).votes) == 3


def test_take_sheets_refuses_a_file_that_is_no_workbook(tmp_path):
    out, _ = make_book(tmp_path)
    out.write_bytes(b"PK\x03\x04 not a workbook")

    with pytest.raises(SheetProblems, match="nothing was taken"):
        take_sheets(tmp_path, out)


def test_take_sheets_says_that_nothing_is_filled_in(tmp_path):
    out, _ = make_book(tmp_path)

    with pytest.raises(SalesModelError, match="no sheet is filled in"):
        take_sheets(tmp_path, out)


def test_write_sheets_asks_for_the_next_round_and_never_writes_over_a_file(tmp_path):
    out, book = make_book(tmp_path)
    fill(book, POINTS.values())
    book.save(out)
    take_sheets(tmp_path, out)

    with pytest.raises(SalesModelError, match=r"name a new file"):
        write_sheets(tmp_path, out, method="points")
    write_sheets(tmp_path, out.with_name("next.xlsx"), method="points")

    assert openpyxl.load_workbook(out.with_name("next.xlsx")).worksheets[0].cell(4, 2).value == "2"


def test_write_sheets_refuses_a_client_without_participants(tmp_path):
    write_room(tmp_path, participants_csv=None)

    with pytest.raises(SalesModelError, match=r"participants\.csv"):
        write_sheets(tmp_path, tmp_path / "out.xlsx", method="points")
