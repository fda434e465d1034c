"""Who else has the client open, as a notebook's panels say it."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest
from small_files import write_small_client

from salesmodel_kit.chain import build_model
from salesmodel_kit.client.folder import open_client
from salesmodel_kit.client.presence import announce, find_sessions_folder
from salesmodel_kit.resources import find_resource
from salesmodel_kit.workshop import lookout
from salesmodel_kit.workshop.effort_panel import EffortPanel
from salesmodel_kit.workshop.room import Room


@pytest.fixture
def room(tmp_path, monkeypatch):
    monkeypatch.setattr("IPython.get_ipython", lambda: SimpleNamespace(kernel=object()))
    monkeypatch.setattr(lookout, "_own", {})
    monkeypatch.setattr(lookout, "_looking", {})
    monkeypatch.setattr(lookout.atexit, "register", lambda *_: None)
    return Room(build_model(open_client(write_small_client(tmp_path / "client"), language="fr")))


async def watch(*rooms):
    for room in rooms:
        lookout.keep_watch_in_notebook(room)


def test_a_notebook_says_who_else_has_the_client_open_and_is_heard_of(room):
    panel, source = EffortPanel(room), room.decided.client.source
    announce(source, who="Bea")

    asyncio.run(watch(room))

    assert "Bea a aussi ouvert ce client" in panel.news.value
    assert panel.notice_row.layout.display == "flex"
    assert panel.again.layout.display == "none"
    assert len(list(find_sessions_folder(source).glob("*.json"))) == 2


def test_a_notebook_that_is_run_again_is_one_session_and_looks_once(room):
    again = Room(room.decided)

    asyncio.run(watch(room, again))

    assert len(list(find_sessions_folder(room.decided.client.source).glob("*.json"))) == 1
    assert (room.others, again.others) == ("", "")
    assert [one.room for one in lookout._looking.values()] == [again]


def test_a_demo_client_is_left_alone(room, monkeypatch):
    source = find_resource("data", "software-publisher")
    monkeypatch.setattr(room, "decided", SimpleNamespace(client=SimpleNamespace(source=source)))

    asyncio.run(watch(room))

    assert not find_sessions_folder(source).exists()
