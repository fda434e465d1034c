import datetime as dt
import json

import pytest
from stand_in import copy_demo

from salesmodel_kit.chain import build_model, open_model
from salesmodel_kit.client.journal_lock import READ_ONLY
from salesmodel_kit.client.presence import Session
from salesmodel_kit.workshop.chapters import CHAPTERS
from salesmodel_kit.workshop.page import WorkshopPage
from salesmodel_kit.workshop.room import open_room


@pytest.fixture
def room(client_factory):
    return open_room(build_model(client_factory()))


def draw(page: WorkshopPage) -> list[str]:
    """Draw all that is stale in the open chapter, and return what it shows."""
    page.draw_soon(0)
    return [widget.value for widget in page.views[page.place].exhibits]


def find_current(page: WorkshopPage) -> list[int]:
    return [place for place, step in enumerate(page.steps) if "is-current" in step._dom_classes]


def test_page_has_a_step_for_each_chapter_and_marks_the_open_one(room):
    page = WorkshopPage(room)

    page.steps[3].click()

    assert [step.description for step in page.steps] == [chapter.title for chapter in CHAPTERS]
    assert find_current(page) == [3]
    assert page.main.children[-1] is page.views[3]


@pytest.mark.parametrize("place", range(len(CHAPTERS)))
def test_page_draws_every_picture_of_the_open_chapter(room, place):
    page = WorkshopPage(room)

    page.show_chapter(place)

    assert all(draw(page))


def test_page_draws_anew_what_a_tried_decision_changes(room):
    page = WorkshopPage(room)
    page.show_chapter(2)
    before = draw(page)
    rule = room.model.strategy.tiers.model_copy(update={"rule": "cutoff", "gold": 0.7, "silver": 0.3})

    room.try_out("set_tier_rule", "tiers", rule)

    assert draw(page) != before
    assert not any("is-stale" in widget._dom_classes for widget in page.views[2].exhibits)


def test_chapter_dims_what_no_longer_tells_the_truth(room):
    page = WorkshopPage(room)
    page.show_chapter(2)
    draw(page)

    page.views[2].mark_stale()

    assert all("is-stale" in widget._dom_classes for widget in page.views[2].exhibits)


def test_page_lets_panels_that_nobody_sees_sleep(room):
    page = WorkshopPage(room)
    page.show_chapter(2)

    page.show_chapter(4)

    assert not any(panel.awake for panel in page.views[2].panels)


def test_page_to_look_at_only_leaves_out_what_records(room):
    page = WorkshopPage(room, is_read_only=True)

    page.show_chapter(2)

    (panel, *_) = page.views[2].panels
    assert all("app-left-out" in control._dom_classes for control in (panel.record, panel.author, panel.reason))
    assert "app-left-out" not in panel.undo._dom_classes


def test_page_tells_a_changed_file_and_loads_again(tmp_path):
    folder = copy_demo("laboratory-distributor", tmp_path / "client", client_id="lab")
    page = WorkshopPage(open_room(open_model(folder)))
    assert page.notice.layout.display == "none"
    profile = folder / "client.yaml"
    profile.write_text(profile.read_text(encoding="utf-8").replace("gold: 0.4", "gold: 0.2"), encoding="utf-8")

    page.room.look_at_files(now=1e9)

    assert page.notice.layout.display == "flex"
    assert "client.yaml" in page.news.value
    page.again.click()
    assert page.notice.layout.display == "none"
    assert page.room.model.strategy.tiers.gold == 0.2


def test_page_says_who_else_is_there(room):
    page = WorkshopPage(room)
    other = Session("t", "<b>Anna</b>", "poste-7", dt.datetime(2026, 11, 3, tzinfo=dt.UTC))

    page.tell_others((other,))

    assert "&lt;b&gt;Anna&lt;/b&gt;" in page.others.value
    page.tell_others(())
    assert page.others.value == ""


def test_page_counts_what_was_recorded_and_a_process_that_only_reads_records_nothing(tmp_path, monkeypatch):
    folder = copy_demo("laboratory-distributor", tmp_path / "client", client_id="lab")
    page = WorkshopPage(open_room(open_model(folder, language="en")))
    page.show_chapter(2)
    (panel, *_) = page.views[2].panels
    panel.cuts["gold"].value = 0.3
    panel.author.value, panel.reason.value = "C. Roy", "enough"

    monkeypatch.setenv(READ_ONLY, "1")
    panel.record.click()
    assert "to look at only" in panel.message.value
    assert not (folder / "decisions.jsonl").exists()
    monkeypatch.delenv(READ_ONLY)
    panel.record.click()

    assert page.steps[2].description == "Portfolio tiers\n1 decision"
    assert json.loads((folder / "decisions.jsonl").read_text(encoding="utf-8"))["new"]["gold"] == 0.3
