import os

import pytest
from client_files import check_client, make_sheets, write_book, write_client

from salesmodel_kit.client.sources import find_client, read_sources
from salesmodel_kit.errors import SalesModelError


def test_read_sources_finds_tables_by_their_french_and_english_names(tmp_path):
    write_client(tmp_path, accounts_csv=None, reps_csv=None)
    (tmp_path / "Comptes.CSV").write_text("a\n1\n")
    (tmp_path / "équipe.tsv").write_text("a\tb\n1\t2\n")

    sources = read_sources(tmp_path)

    assert sources.problems == ()
    assert {name: table.file for name, table in sources.tables.items()} == {
        "accounts": "Comptes.CSV", "criteria": "criteria.csv", "segments": "segments.csv", "reps": "équipe.tsv"}


def test_read_sources_leaves_lock_files_notes_and_subfolders_aside(tmp_path):
    write_client(tmp_path)
    (tmp_path / "~$client.xlsx").write_text("x")
    (tmp_path / ".hidden.csv").write_text("x")
    (tmp_path / "notes.txt").write_text("x")
    (tmp_path / "minutes.docx").write_text("x")
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "accounts_2025.csv").write_text("x")

    sources = read_sources(tmp_path)

    assert sources.problems == ()
    assert sorted(sources.files) == ["accounts.csv", "client.yaml", "criteria.csv", "reps.csv", "segments.csv"]


@pytest.mark.parametrize(("name", "sentence"), [
    ("acounts.csv", "rename it accounts.csv"), ("clients2.xlsx", "move it into a subfolder"),
    ("client.yml", "client.yaml"),
    ("qqqq.csv", "move it into a subfolder"), ("accounts.xls", "rename it accounts.csv"),
])
def test_read_sources_names_a_table_that_it_does_not_know(tmp_path, name, sentence):
    write_client(tmp_path)
    (tmp_path / name).write_text("x")

    (problem,) = read_sources(tmp_path).problems

    assert problem.file == name
    assert sentence in str(problem.message)


def test_read_sources_names_a_table_that_is_there_twice(tmp_path):
    write_client(tmp_path)
    (tmp_path / "comptes.csv").write_text("a\n1\n")

    (problem,) = read_sources(tmp_path).problems

    assert problem.file == "comptes.csv"
    assert "accounts is there twice, here and in accounts.csv" in str(problem.message)


def test_read_sources_names_an_unknown_sheet_but_not_a_remark(tmp_path):
    path = write_book(tmp_path / "client.xlsx", {**make_sheets(), "acounts": [["a"]], "# lists": [["a"]]})

    (problem,) = read_sources(path).problems

    assert (problem.file, problem.sheet) == ("client.xlsx", "acounts")
    assert "did you mean accounts?" in str(problem.message)


def test_read_sources_refuses_a_link_that_points_outside(tmp_path):
    outside = tmp_path / "outside.csv"
    outside.write_text("account,name,segment\n1,A,S\n")
    folder = write_client(tmp_path / "acme", accounts_csv=None)
    (folder / "accounts.csv").symlink_to(outside)

    sources = read_sources(folder)

    assert "accounts" not in sources.tables
    assert "points outside the client's folder" in str(sources.problems[0].message)


def test_read_sources_refuses_a_strategies_folder_that_points_outside(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "own.yaml").write_text("name: own\n")
    folder = write_client(tmp_path / "acme")
    (folder / "strategies").symlink_to(tmp_path / "elsewhere", target_is_directory=True)

    (problem,) = read_sources(folder).problems

    assert "points outside the client's folder" in str(problem.message)


def test_read_sources_does_not_wait_for_a_pipe(tmp_path):
    folder = write_client(tmp_path, accounts_csv=None)
    os.mkfifo(folder / "accounts.csv")

    (problem,) = read_sources(folder).problems

    assert problem.file == "accounts.csv"


def test_fingerprint_follows_names_and_contents_and_nothing_else(tmp_path):
    first = read_sources(write_client(tmp_path / "one")).fingerprint
    again = read_sources(write_client(tmp_path / "two")).fingerprint
    (tmp_path / "one" / "notes.txt").write_text("x")
    os.utime(tmp_path / "one" / "reps.csv", (0, 0))

    assert first == again == read_sources(tmp_path / "one").fingerprint
    assert len(first) == 64

    (tmp_path / "two" / "reps.csv").rename(tmp_path / "two" / "commerciaux.csv")
    assert read_sources(tmp_path / "two").fingerprint != first


def test_fingerprint_changes_with_a_decision(tmp_path):
    before = read_sources(write_client(tmp_path)).fingerprint

    write_client(tmp_path, decisions_jsonl="\n")

    assert read_sources(tmp_path).fingerprint != before


@pytest.mark.parametrize(("source", "sentence"), [
    ("demo:software-publsher", "did you mean software-publisher?"), ("demo:../tests", "There is no demo client"),
    ("nowhere/at/all", "there is no such folder or workbook"), (__file__, "neither a client's folder nor an .xlsx"),
])
def test_find_client_refuses_what_is_no_client(source, sentence):
    with pytest.raises(SalesModelError, match=sentence):
        find_client(source)


def test_check_client_does_not_call_missing_what_is_there_and_cannot_be_read(tmp_path):
    (tmp_path / "outside.csv").write_text("account,name,segment\n1,A,S\n")
    folder = write_client(tmp_path / "acme", accounts_csv=None)
    (folder / "accounts.csv").symlink_to(tmp_path / "outside.csv")

    (problem,) = check_client(folder)

    assert "points outside the client's folder" in str(problem.message)
