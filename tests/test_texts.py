import csv
import io
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesmodel_kit.client.texts import Place, decode_text, find_separator, read_bytes, read_delimited
from salesmodel_kit.errors import Message, SalesModelError


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_decode_text_reads_every_accepted_encoding(encoding):
    assert decode_text("Société;12 €".encode(encoding)) == "Société;12 €"


def test_decode_text_gives_one_form_of_an_accent():
    assert decode_text("e\u0301".encode()) == "\u00e9"


@pytest.mark.parametrize("content", [b"a\x00b", b"caf\xe9\x81", b"\xff\xfea"])
def test_decode_text_gives_none_for_other_files(content):
    assert decode_text(content) is None


@pytest.mark.parametrize(("text", "separator"), [
    ("a;b\n1,5;2\n", ";"), ("a,b\n1;2,3\n4,5\n", ","), ("a\tb\n1,5\t2\n", "\t"), ("CA, en euros;Nom\n1;x\n", ";"),
    ('a,b\n"x;y;z",1\n', ","),
])
def test_find_separator_takes_the_one_that_gives_even_rows(text, separator):
    assert find_separator(text) == separator


def test_read_delimited_keeps_headers_and_rows_as_a_spreadsheet_shows_them():
    table = read_delimited(b'\nCode;Name;# note;\n007;"Two\nlines";x;\n;;;\n008;Z;y;\n', "a.csv")

    assert list(table.frame.columns) == ["Code", "Name"]
    assert table.frame.index.tolist() == [3, 5]
    assert table.frame["Code"].tolist() == ["007", "008"]
    assert table.frame["Name"].tolist() == ["Two\nlines", "Z"]
    assert table.problems == ()


def test_read_delimited_follows_a_declared_separator():
    table = read_delimited(b"sep=|\na|b\n1|2\n", "a.csv")

    assert table.frame.to_dict("list") == {"a": ["1"], "b": ["2"]}
    assert table.frame.index.tolist() == [2]


def test_read_delimited_strips_spaces_and_unwraps_text_formulas():
    table = read_delimited('a;b\n\u00a0x ;="007"\n'.encode(), "a.csv")

    assert table.frame.iloc[0].tolist() == ["x", "007"]


def test_read_delimited_names_the_row_with_too_many_cells():
    table = read_delimited(b"a,b\n1,2\n1,2,3\n1,2,,\n", "a.csv")

    (problem,) = table.problems
    assert (problem.row, problem.value) == (3, "3")
    assert "more cells than the header" in str(problem.message)


def test_read_delimited_names_errors_of_the_spreadsheet():
    table = read_delimited(b"a,b\n1,#N/A\n2,#REF!\n", "a.csv")

    assert [(problem.row, problem.column, problem.value) for problem in table.problems] == [
        (2, "b", "#N/A"), (3, "b", "#REF!")]
    assert table.frame["b"].tolist() == ["", ""]


@pytest.mark.parametrize(("content", "sentence"), [
    (b"a,b\n\x00,2\n", "not text that can be read"), (b"", "is empty"), (b"\n \n", "is empty"),
    (b'a,b\n1,"x\n2,y\n', "double quote is not closed"), (b'a,b\n1,"x"y\n', "double quote is not closed"),
])
def test_read_delimited_says_why_a_file_cannot_be_read(content, sentence):
    table = read_delimited(content, "a.csv")

    assert table.frame.empty
    assert sentence in str(table.problems[0].message)


def test_read_bytes_refuses_what_is_absent_or_too_large(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"12345")

    with pytest.raises(SalesModelError, match=r"a\.csv is larger"):
        read_bytes(tmp_path / "a.csv", limit=4)
    with pytest.raises(SalesModelError, match=r"b\.csv: there is no such file"):
        read_bytes(tmp_path / "b.csv")


def test_place_counts_the_problems_that_it_does_not_list():
    cells = read_delimited(("a,b\n" + "x,1\n" * 25).encode(), "a.csv").frame["a"]

    problems = Place("a.csv").problems(Message("Wrong."), "a", cells)

    assert len(problems) == 21
    assert problems[0].row == 2
    assert str(problems[-1].message) == "And 5 more of the same kind in this column."


WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0", exclude_categories=("Cc", "Cs")), max_size=8)


@settings(deadline=None)
@given(st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=5), st.sampled_from(",;\t"))
def test_read_delimited_gives_back_what_was_written(rows, separator):
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=separator, lineterminator="\n")
    writer.writerows([("k", "a", "b"), *(("x", *row) for row in rows)])

    table = read_delimited(f"sep={separator}\n{stream.getvalue()}".encode(), "a.csv")

    expected = [[unicodedata.normalize("NFC", cell).strip() for cell in row] for row in rows]
    if not table.problems:
        assert table.frame[["a", "b"]].to_numpy().tolist() == expected


def test_read_delimited_says_which_row_looks_like_the_headers_below_a_title():
    table = read_delimited(b"Portefeuille 2026;;\n;;\ncompte;nom;segment\n007;A;S1\n", "comptes.csv")

    (problem,) = table.problems
    assert problem.row == 1
    assert "row 3" in str(problem.message)
    assert table.frame.empty
