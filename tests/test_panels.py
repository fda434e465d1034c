import json
import shutil

import pytest

from salesmodel_kit.chain import build_model
from salesmodel_kit.client.folder import open_client
from salesmodel_kit.resources import find_resource
from salesmodel_kit.workshop.panels import TierPanel, open_tier_panel


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(find_resource("data", "software-publisher"), tmp_path / "client")


def test_open_tier_panel_gives_nothing_in_a_batch(client_factory):
    assert open_tier_panel(build_model(client_factory()), interactive=False) is None


def test_tier_panel_follows_the_sliders(client_factory):
    panel = TierPanel(build_model(client_factory()))
    before = panel.picture.value

    panel.rule.value = "cutoff"
    panel.cuts["gold"].value, panel.cuts["silver"].value = 0.6, 0.3

    tiers = panel.model.account_tiers
    assert (tiers["tier"] == "gold").equals(tiers["score"] >= 0.6)
    assert panel.picture.value != before
    assert panel.picture.value.startswith("<img alt=")


def test_tier_panel_answers_an_impossible_rule_with_a_sentence_and_no_stale_picture(client_factory):
    panel = TierPanel(build_model(client_factory()))

    panel.rule.value = "cutoff"
    panel.cuts["gold"].value, panel.cuts["silver"].value = 0.2, 0.9

    assert "must be below gold" in panel.message.value
    assert panel.picture.value == ""
    assert panel.record.disabled


def test_tier_panel_goes_back_to_what_was_decided(client_factory):
    model = build_model(client_factory())
    panel = TierPanel(model)
    panel.cuts["gold"].value = 0.11

    panel.back.click()

    assert panel.cuts["gold"].value == model.strategy.tiers.gold
    assert panel.model.strategy.tiers == model.strategy.tiers


def test_tier_panel_records_nothing_without_name_and_reason(folder):
    panel = TierPanel(build_model(open_client(folder)))
    panel.cuts["gold"].value = 0.3

    panel.record.click()

    assert "un nom et une raison" in panel.message.value
    assert not (folder / "decisions.jsonl").exists()


def test_tier_panel_records_a_decision_that_later_runs_follow(folder):
    panel = TierPanel(build_model(open_client(folder)))
    panel.cuts["gold"].value = 0.3
    panel.author.value, panel.reason.value = "C. Roy", "trente comptes par commercial"

    panel.record.click()

    line = json.loads((folder / "decisions.jsonl").read_text(encoding="utf-8"))
    assert (line["kind"], line["by"], line["new"]["gold"]) == ("set_tier_rule", "C. Roy", 0.3)
    assert open_client(folder).strategy.tiers.gold == 0.3
