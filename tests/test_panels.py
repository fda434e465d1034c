import json
import shutil

import pytest

from salesmodel_kit.chain import build_model
from salesmodel_kit.client.folder import open_client
from salesmodel_kit.resources import find_resource
from salesmodel_kit.workshop.panels import open_panel, open_room
from salesmodel_kit.workshop.tiers_panel import TierPanel


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(find_resource("data", "software-publisher"), tmp_path / "client")


@pytest.fixture
def room(client_factory):
    return open_room(build_model(client_factory()))


def test_open_panel_gives_nothing_in_a_batch(room):
    assert open_panel("tiers", room, interactive=False) is None


def test_tier_panel_follows_the_sliders(room):
    panel = TierPanel(room)
    before = panel.picture.value

    panel.rule.value = "cutoff"
    panel.cuts["gold"].value = 0.7
    panel.cuts["silver"].value = 0.3

    tiers = room.model.account_tiers
    assert (tiers["tier"] == "gold").equals(tiers["score"] >= 0.7)
    assert panel.picture.value != before
    assert panel.picture.value.startswith("<svg ")


def test_tier_panel_starts_another_rule_from_the_tiers_on_the_screen(room):
    panel = TierPanel(room)
    before = room.model.account_tiers["tier"].tolist()

    panel.rule.value = "account_share"

    assert room.model.strategy.tiers.rule == "account_share"
    assert room.model.account_tiers["tier"].tolist() == before


def test_tier_panel_answers_an_impossible_rule_with_a_sentence_and_no_stale_picture(room):
    panel = TierPanel(room)
    panel.rule.value = "cutoff"
    decided = room.model

    panel.cuts["silver"].value = 0.99

    assert "must be below" in panel.message.value
    assert panel.picture.value == panel.counts.value == ""
    assert panel.record.disabled
    assert room.model is decided


def test_undo_after_a_refusal_goes_back_to_what_was_possible(room):
    panel = TierPanel(room)
    panel.rule.value = "cutoff"
    silver = panel.cuts["silver"].value
    panel.cuts["silver"].value = 0.99

    panel.undo.click()

    assert (panel.rule.value, panel.cuts["silver"].value) == ("cutoff", silver)
    assert panel.picture.value.startswith("<svg ")


def test_tier_panel_goes_back_to_what_was_decided(room):
    panel = TierPanel(room)
    panel.cuts["gold"].value = 0.11

    panel.back.click()

    assert panel.cuts["gold"].value == room.decided.strategy.tiers.gold
    assert room.model is room.decided


def test_two_panels_of_a_room_show_the_same_state(room):
    first, second = TierPanel(room), TierPanel(room)

    first.cuts["gold"].value = 0.11

    assert second.cuts["gold"].value == 0.11
    assert second.counts.value == first.counts.value
    assert first.shown_version == second.shown_version == room.version


def test_a_panel_that_nobody_sees_is_drawn_when_it_is_awake_again(room):
    first, second = TierPanel(room), TierPanel(room)
    second.awake = False

    first.cuts["gold"].value = 0.11
    shown_asleep = second.shown_version
    second.awake = True

    assert shown_asleep < room.version == second.shown_version
    assert second.counts.value == first.counts.value


def test_tier_panel_records_nothing_without_name_and_reason(folder):
    panel = TierPanel(open_room(build_model(open_client(folder))))
    panel.cuts["gold"].value = 0.3

    panel.record.click()

    assert "un nom et une raison" in panel.message.value
    assert not (folder / "decisions.jsonl").exists()


def test_tier_panel_records_a_decision_that_later_runs_follow(folder):
    panel = TierPanel(open_room(build_model(open_client(folder))))
    panel.cuts["gold"].value = 0.3
    panel.author.value, panel.reason.value = "C. Roy", "trente comptes par commercial"

    panel.record.click()

    line = json.loads((folder / "decisions.jsonl").read_text(encoding="utf-8"))
    assert (line["kind"], line["by"], line["new"]["gold"]) == ("set_tier_rule", "C. Roy", 0.3)
    assert open_client(folder).strategy.tiers.gold == 0.3
    assert not panel.room.is_tried
