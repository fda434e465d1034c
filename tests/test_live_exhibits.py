from types import SimpleNamespace

import IPython
import pytest
from IPython.core.formatters import DisplayFormatter
from small_client import make_client

from salesmodel_kit.chain import build_model
from salesmodel_kit.reports.exhibits.tiers import show_tier_table
from salesmodel_kit.workshop.live_exhibits import LiveExhibit, find_call, follow_exhibits
from salesmodel_kit.workshop.panels import open_room


@pytest.fixture
def room():
    return open_room(build_model(make_client()))


@pytest.fixture
def live(room):
    return LiveExhibit(room, show_tier_table(room.decided), drawn=room.decided, show=show_tier_table)


def test_an_exhibit_beside_a_panel_says_that_it_is_from_before_the_change(live, room):
    said = live.note.value

    room.try_out("override_tier", "001", "bronze")

    assert "before the last change" not in said
    assert "before the last change" in live.note.value
    assert "smk-before" in live.picture._dom_classes
    assert live.again.layout.display == "inline-flex"


def test_an_exhibit_is_drawn_again_of_what_is_being_tried(live, room):
    room.try_out("override_tier", "001", "bronze")

    live.again.click()

    assert live.picture.value == str(show_tier_table(room.model).html)
    assert not live.is_stale
    assert "smk-before" not in live.picture._dom_classes


def test_an_exhibit_holds_again_when_the_change_is_undone(live, room):
    room.try_out("override_tier", "001", "bronze")

    room.undo()

    assert not live.is_stale
    assert live.again.layout.display == "none"


def test_an_exhibit_that_nobody_knows_how_to_draw_says_to_run_the_notebook(room):
    live = LiveExhibit(room, show_tier_table(room.decided), drawn=room.decided)

    room.try_out("override_tier", "001", "bronze")

    assert "run the notebook again" in live.note.value
    assert live.again.layout.display == "none"


def test_what_a_notebook_shows_watches_the_room_and_keeps_its_text(room, monkeypatch):
    shell = SimpleNamespace(user_ns={"In": ["show_tier_table(model)"], "show_tier_table": show_tier_table,
                                     "model": room.decided}, display_formatter=DisplayFormatter())
    monkeypatch.setattr(IPython, "get_ipython", lambda: shell)
    exhibit = show_tier_table(room.decided)

    follow_exhibits(room)
    shown, _ = shell.display_formatter.format(exhibit)

    assert "application/vnd.jupyter.widget-view+json" in shown
    assert shown["text/html"] == str(exhibit.html)
    assert shown["text/plain"] == repr(exhibit)


@pytest.mark.parametrize("cell", ["", "model", "show_tier_table(", "show_tier_table(other)", "print(model, 1)"])
def test_find_call_finds_nothing_where_a_cell_is_no_call_on_a_model(cell, room):
    names = {"In": [cell], "show_tier_table": show_tier_table, "model": room.decided, "other": 1}

    assert find_call(names) == (None, None)
