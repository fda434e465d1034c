import json
import shutil
from dataclasses import replace

import pytest
from small_client import make_client

from salesmodel_kit.chain import build_model
from salesmodel_kit.client.folder import open_client
from salesmodel_kit.resources import find_resource
from salesmodel_kit.workshop.effort_panel import EffortPanel
from salesmodel_kit.workshop.panels import open_room
from salesmodel_kit.workshop.strategy_panel import StrategyPanel

TOPIC = ("choose_strategy", "strategy")


@pytest.fixture
def room():
    return open_room(build_model(make_client()))


def test_another_strategy_moves_weights_tiers_and_norms_like_a_client_that_follows_it(room):
    effort, panel = EffortPanel(room), StrategyPanel(room)

    panel.strategy.value = "conquest"

    other = build_model(make_client("conquest"))
    assert room.model.account_tiers["score"].tolist() == other.account_tiers["score"].tolist()
    assert room.model.tier_summary.equals(other.tier_summary)
    assert len(effort.norms) == len(other.strategy.call_norms) == 6
    assert [row[1].value for row in effort.norms] == [
        f"{norm.calls_per_year:g}" for norm in other.strategy.call_norms]
    assert "Conquest" in panel.strategy.label
    assert panel.picture.value.startswith("<svg ")


def test_the_strategy_goes_back_by_undo_by_choice_and_by_back_to_what_we_decided(room):
    panel = StrategyPanel(room)

    for go_back in (panel.undo.click, panel.back.click, lambda: setattr(panel.strategy, "value", "balanced")):
        panel.strategy.value = "retention"
        assert room.tried == {TOPIC: "retention"}
        go_back()
        assert room.model is room.decided
        assert panel.strategy.value == "balanced"


def test_another_strategy_drops_the_norms_that_were_tried_under_the_one_before(room):
    effort, panel = EffortPanel(room), StrategyPanel(room)
    effort.norms[0][1].value = "50"

    panel.strategy.value = "retention"

    assert room.tried == {TOPIC: "retention"}
    assert effort.norms[0][1].value == "18"


def test_norms_can_be_moved_under_a_strategy_that_is_tried(room):
    effort, panel = EffortPanel(room), StrategyPanel(room)
    panel.strategy.value = "conquest"

    effort.norms[0][1].value = "40"

    assert set(room.tried) == {TOPIC, ("set_call_norms", "gold")}
    assert [norm.calls_per_year for norm in room.model.strategy.call_norms if norm.tier == "gold"] == [40]
    assert room.model.strategy.name == "conquest"


def test_a_strategy_with_other_tiers_is_refused_with_the_remedy(tmp_path):
    folder = shutil.copytree(find_resource("data", "software-publisher"), tmp_path / "client")
    text = find_resource("templates", "strategies", "balanced.yaml").read_text(encoding="utf-8")
    text = text.replace("name: balanced", "name: four").replace(
        "{rule: potential_share, gold: 0.45,", "{levels: [platinum, gold, silver, bronze], rule: potential_share, "
        "platinum: 0.2, gold: 0.25,").replace("call_norms:", "call_norms:\n  - {tier: platinum, channel: field, "
        "calls_per_year: 30}")
    (folder / "strategies").mkdir()
    (folder / "strategies" / "four.yaml").write_text(text, encoding="utf-8")
    room = open_room(build_model(open_client(folder, language="en")))
    panel = StrategyPanel(room)

    panel.strategy.value = "four"

    assert "has other tiers (platinum, gold, silver, bronze)" in panel.message.value
    assert panel.picture.value == ""
    assert not room.is_tried


def test_a_chosen_strategy_is_recorded_and_in_force_when_the_client_is_opened_again(tmp_path):
    folder = shutil.copytree(find_resource("data", "software-publisher"), tmp_path / "client")
    room = open_room(build_model(open_client(folder)))
    panel = StrategyPanel(room)
    panel.strategy.value = "retention"

    panel.author.value, panel.reason.value = "C. Roy", "garder d'abord"
    panel.record.click()

    line = json.loads((folder / "decisions.jsonl").read_text(encoding="utf-8"))
    again = build_model(open_client(folder))
    assert (line["kind"], line["old"], line["new"]) == ("choose_strategy", "conquest", "retention")
    assert again.account_tiers.equals(room.model.account_tiers)
    assert not room.is_tried


@pytest.mark.parametrize(("content", "fault"), [
    ("label: [", "strategies/broken.yaml"), ("label: {en: Broken}\n", "label"), ("", "strategies/broken.yaml")])
def test_a_strategy_whose_file_has_a_fault_stands_in_the_list_and_is_refused_with_its_sentence(content, fault):
    client = make_client()
    book = replace(client.strategies, own={**client.strategies.own, "broken": content.encode()})
    room = open_room(build_model(replace(client, strategies=book)))
    panel = StrategyPanel(room)

    panel.strategy.value = "broken"

    assert panel.strategy.label == "broken (its file has a fault)"
    assert "The strategy broken cannot be followed; " in panel.message.value
    assert panel.picture.value == ""
    assert not room.is_tried
    panel.undo.click()
    assert panel.strategy.value == "balanced"
    assert panel.picture.value


def test_a_strategy_in_force_whose_file_has_a_fault_stays_in_the_list():
    client = make_client()
    book = replace(client.strategies, own={"balanced": b"label: ["})

    panel = StrategyPanel(open_room(build_model(replace(client, strategies=book))))

    assert panel.strategy.label == "balanced (its file has a fault)"
    assert panel.picture.value.startswith("<svg ")
