"""A save is on the disk, keeps what others wrote meanwhile, and leaves the file as it was where it fails."""

import os

import pytest
from test_votes_file import ANN, NEW
from voting_room import HEADER, write_room

from salesmodel_kit.client import votes_store
from salesmodel_kit.client.folder import open_client
from salesmodel_kit.client.votes_store import open_votes
from salesmodel_kit.errors import SalesModelError

FULL = [*NEW, NEW[0]._replace(criterion="price")]


def read(folder):
    return (folder / "votes.csv").read_text(encoding="utf-8-sig").splitlines()


def test_save_writes_a_new_file_that_the_checks_accept(tmp_path):
    with open_votes(write_room(tmp_path), "en") as store:
        store.save({ANN: FULL})

    assert len(open_client(tmp_path).votes) == 3


def test_save_keeps_the_file_as_it_was_before_the_session_once(tmp_path):
    before = HEADER + "1,P2,,points,chance,distance,,,5\n"
    with open_votes(write_room(tmp_path, before.removeprefix(HEADER)), "en") as store:
        store.save({ANN: FULL})
        store.save({ANN: NEW})

    assert [path.name for path in (tmp_path / "former").iterdir()] == ["votes.csv"]
    assert (tmp_path / "former" / "votes.csv").read_text(encoding="utf-8") == before


def test_save_keeps_what_another_program_wrote_meanwhile(tmp_path):
    with open_votes(write_room(tmp_path), "en") as store:
        store.save({ANN: FULL})
        (tmp_path / "votes.csv").write_text(HEADER + "1,P3,,points,chance,distance,,,5\n", encoding="utf-8")
        store.save({ANN._replace(participant="P2"): FULL})

    assert [line.split(",")[1] for line in read(tmp_path)[1:]] == ["P3", "P1", "P1", "P1", "P2", "P2", "P2"]


def test_save_says_that_the_file_became_unreadable_and_leaves_it(tmp_path):
    with open_votes(write_room(tmp_path), "en") as store:
        store.save({ANN: FULL})
        (tmp_path / "votes.csv").write_text("spoilt", encoding="utf-8")
        with pytest.raises(SalesModelError, match="nothing was saved"):
            store.save({ANN: FULL})

    assert (tmp_path / "votes.csv").read_text(encoding="utf-8") == "spoilt"


def test_save_leaves_the_file_whole_where_the_disk_is_full(tmp_path, monkeypatch):
    with open_votes(write_room(tmp_path), "en") as store:
        store.save({ANN: FULL})
        before = read(tmp_path)

        def fail(number):
            raise OSError(28, os.strerror(28))

        monkeypatch.setattr(votes_store.os, "fsync", fail)
        with pytest.raises(SalesModelError, match="was not saved"):
            store.save({ANN._replace(round=2): FULL})
        monkeypatch.undo()
        store.save({ANN._replace(round=3): FULL})

    assert read(tmp_path)[: len(before)] == before
    assert [line[0] for line in read(tmp_path)[1:]] == ["1"] * 3 + ["3"] * 3
    assert not [path for path in tmp_path.iterdir() if path.name.endswith(".part")]


def test_open_votes_lets_one_writer_in(tmp_path):
    write_room(tmp_path)
    with open_votes(tmp_path, "en"), pytest.raises(SalesModelError, match="Another vote"), open_votes(tmp_path, "en"):
        pass
    with open_votes(tmp_path, "en"):
        pass


def test_open_votes_refuses_a_workbook_in_one_sentence(tmp_path):
    book = tmp_path / "client.xlsx"
    book.write_bytes(b"")

    with pytest.raises(SalesModelError, match="one workbook"), open_votes(book, "en"):
        pass
