"""What a run keeps of a client: found again by the client's other notebooks, and trusted nowhere else."""

from __future__ import annotations

import os
import pickle

import pandas as pd
import pytest
from client_files import write_client

from salesmodel_kit import chain
from salesmodel_kit.client.folder import open_client
from salesmodel_kit.client.kept import FOLDER_VARIABLE, find_kept, keep, make_once


class Harm:
    """Leaves a trace when it is read."""

    def __reduce__(self):
        return os.mkdir, ("HARM",)


@pytest.fixture
def place(tmp_path, monkeypatch):
    """Return a private folder of a run that holds the model of a client."""
    monkeypatch.chdir(tmp_path)
    client = open_client(write_client(tmp_path / "acme"), language="fr")
    model = chain.build_model(client)
    model.tables()
    folder = tmp_path / "kept"
    folder.mkdir(mode=0o700)
    keep(model, folder, fingerprint=client.fingerprint, language="fr")
    monkeypatch.setenv(FOLDER_VARIABLE, str(folder))
    return tmp_path


def refuse(client):
    raise AssertionError("the model was built afresh")


def test_open_model_gives_what_the_run_has_computed(place, monkeypatch):
    monkeypatch.setattr("salesmodel_kit.chain.opening.build_model", refuse)

    model = chain.open_model(place / "acme", language="fr")

    fresh = chain.SalesModel(open_client(place / "acme", language="fr"))
    assert model.language.code == "fr"
    for name, table in fresh.tables().items():
        pd.testing.assert_frame_equal(model.tables()[name], table)


@pytest.mark.parametrize("change", ["input", "language", "no language", "no run", "gone", "open to others", "a link"])
def test_open_model_builds_afresh_where_nothing_fits_or_nothing_is_to_trust(change, place, monkeypatch):
    language = {"language": "en", "no language": None}.get(change, "fr")
    if change == "input":
        (place / "acme" / "reps.csv").write_text("rep,name,role\nR1,Bob,field\n", encoding="utf-8")
    elif change == "no run":
        monkeypatch.delenv(FOLDER_VARIABLE)
    elif change == "gone":
        monkeypatch.setenv(FOLDER_VARIABLE, str(place / "none"))
    elif change == "open to others":
        (place / "kept").chmod(0o770)
    elif change == "a link":
        (place / "link").symlink_to(place / "kept")
        monkeypatch.setenv(FOLDER_VARIABLE, str(place / "link"))
    for path in (place / "kept").iterdir():
        path.write_bytes(pickle.dumps(Harm()))

    model = chain.open_model(place / "acme", language=language)

    assert isinstance(model, chain.SalesModel)
    assert not (place / "HARM").exists()


def test_find_kept_reads_nothing_from_the_folder_of_the_client(place, monkeypatch):
    monkeypatch.delenv(FOLDER_VARIABLE)
    for path in (place / "kept").iterdir():
        (place / "acme" / path.name).write_bytes(pickle.dumps(Harm()))

    assert find_kept(place / "acme", language="fr") is None
    assert not (place / "HARM").exists()


def count_calls(calls):
    calls.append(None)
    return b"made"


@pytest.fixture
def private(tmp_path, monkeypatch):
    tmp_path.chmod(0o700)
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    return tmp_path


def test_make_once_makes_what_has_one_key_once(private):
    calls = []

    made = [make_once(lambda: count_calls(calls), key=(pd.DataFrame({"a": [1]}), "fr")) for _ in range(2)]

    assert (made, len(calls)) == ([b"made", b"made"], 1)


def test_make_once_makes_anew_for_another_key(private):
    calls = []

    for key in ((pd.DataFrame({"a": [1]}), "fr"), (pd.DataFrame({"a": [2]}), "fr"), (pd.DataFrame({"a": [1]}), "en")):
        make_once(lambda: count_calls(calls), key=key)

    assert len(calls) == 3


@pytest.mark.parametrize("change", ["no run", "open to others"])
def test_make_once_leaves_nothing_where_nothing_is_to_trust(change, private, monkeypatch):
    if change == "no run":
        monkeypatch.delenv(FOLDER_VARIABLE)
    else:
        private.chmod(0o777)
    calls = []

    made = [make_once(lambda: count_calls(calls), key="a") for _ in range(2)]

    assert (made, len(calls)) == ([b"made", b"made"], 2)
    assert list(private.iterdir()) == []
