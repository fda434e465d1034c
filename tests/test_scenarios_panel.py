import json
import shutil
import time

import pytest
from small_client import make_client

from salesmodel_kit.chain import build_model
from salesmodel_kit.client.folder import open_client
from salesmodel_kit.resources import find_resource
from salesmodel_kit.workshop.effort_panel import EffortPanel
from salesmodel_kit.workshop.panels import open_room
from salesmodel_kit.workshop.scenarios_panel import ScenariosPanel


@pytest.fixture(scope="module")
def opened():
    return build_model(open_client(find_resource("data", "software-publisher"), language="en"))


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(find_resource("data", "software-publisher"), tmp_path / "client")


def credit(panel):
    panel.author.value, panel.reason.value = "C. Roy", "agreed in the room"


def read_kinds(folder):
    lines = (folder / "decisions.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["kind"] for line in lines]


def test_a_scenario_is_computed_when_asked_for_and_stands_beside_what_was_decided(opened):
    panel = ScenariosPanel(open_room(opened))
    panel.second.value = ("scenario", "two_hires")
    before = panel.picture.value

    panel.compare.click()

    present, hires = (float(model.role_summary["n_reps"].sum())
                      for model in (opened, panel.alternatives.find_model(("scenario", "two_hires"))))
    assert before == ""
    assert hires == present + 2
    assert f"{hires:.1f}" in panel.table.value
    assert panel.picture.value.startswith("<svg ")


def test_another_choice_takes_the_comparison_off_the_screen(opened):
    panel = ScenariosPanel(open_room(opened))
    panel.second.value = ("scenario", "two_hires")
    panel.compare.click()

    panel.second.value = ("scenario", "one_fewer")

    assert panel.picture.value == panel.table.value == ""


def test_a_comparison_with_the_trial_goes_when_the_trial_changes():
    room = open_room(build_model(make_client()))
    effort, panel = EffortPanel(room), ScenariosPanel(room)
    alone = panel.hint.value
    effort.norms[0][1].value = "40"
    panel.second.value = ("tried", "")
    panel.compare.click()
    drawn = panel.picture.value

    effort.norms[0][1].value = "50"

    assert "Choose two that differ" in alone
    assert drawn.startswith("<svg ")
    assert panel.picture.value == panel.table.value == ""
    assert "has changed" in panel.hint.value


def test_a_client_without_reps_is_answered_by_a_sentence():
    tables = make_client().reps.head(0)
    room = open_room(build_model(make_client(reps=tables)))
    panel = ScenariosPanel(room)
    room.try_out("override_tier", "001", "bronze")
    panel.second.value = ("tried", "")

    panel.compare.click()

    assert panel.picture.value == ""
    assert "<p>" in panel.hint.value


def test_a_scenario_is_adopted_and_taken_back_through_the_journal(folder):
    room = open_room(build_model(open_client(folder, language="en")))
    panel = ScenariosPanel(room)
    before = room.decided.client.reps
    panel.second.value = ("scenario", "two_hires")

    panel.adopt.click()
    refused = panel.message.value
    credit(panel)
    panel.adopt.click()
    adopted = list(room.decided.client.reps["rep"])
    credit(panel)
    panel.adopt.click()
    again = panel.message.value
    panel.take_back.click()

    assert "needs a name and a reason" in refused
    assert {"N01", "N02"} < set(adopted)
    assert "in force already" in again
    assert room.decided.client.reps.equals(before)
    assert read_kinds(folder) == ["add_rep", "add_rep", "withdraw", "withdraw"]


def test_a_state_is_named_compared_and_adopted(folder):
    room = open_room(build_model(open_client(folder, language="en")))
    panel = ScenariosPanel(room)
    credit(panel)
    panel.name.value = "Morning"
    panel.keep.click()
    room.try_out("set_selling_hours", "R01", 500.0)
    room.record([("set_selling_hours", "R01")], by="A", reason="b")
    panel.second.value = ("state", "Morning")

    panel.compare.click()
    drawn = panel.picture.value
    credit(panel)
    panel.adopt.click()

    assert "Morning" in drawn
    assert room.decided.client.reps.set_index("rep").at["R01", "selling_hours_per_year"] != 500
    assert read_kinds(folder) == ["name_state", "set_selling_hours", "withdraw"]
    assert panel.picture.value == ""


def test_a_scenario_that_no_decision_can_say_is_refused_with_the_part(folder):
    (folder / "scenarios" / "cheaper.yaml").write_text(
        "label:\n  en: Cheaper\nchange_reps:\n  R01:\n    cost_per_year: 1\n", encoding="utf-8")
    panel = ScenariosPanel(open_room(build_model(open_client(folder, language="en"))))
    panel.second.value = ("scenario", "cheaper")
    credit(panel)

    panel.adopt.click()

    assert "No decision of the workshop can change the reps as this scenario does" in panel.message.value
    assert not (folder / "decisions.jsonl").exists()


def test_taking_a_step_back_keeps_what_was_decided_after_it(folder):
    room = open_room(build_model(open_client(folder, language="en")))
    panel = ScenariosPanel(room)
    panel.second.value = ("scenario", "two_hires")
    credit(panel)
    panel.adopt.click()
    room.try_out("set_selling_hours", "R01", 500.0)
    room.record([("set_selling_hours", "R01")], by="A", reason="b")

    credit(panel)
    panel.take_back.click()

    reps = room.decided.client.reps.set_index("rep")
    assert "N01" not in reps.index
    assert reps.at["R01", "selling_hours_per_year"] == 500.0


def test_a_hire_whom_a_scenario_names_is_not_taken_back(folder):
    room = open_room(build_model(open_client(folder, language="en")))
    panel = ScenariosPanel(room)
    panel.second.value = ("scenario", "two_hires")
    credit(panel)
    panel.adopt.click()
    (folder / "scenarios" / "without.yaml").write_text("label: {en: Without}\nremove_reps: [N01]\n", encoding="utf-8")
    room.load_again()

    credit(panel)
    panel.take_back.click()

    assert "take N01 out of its file" in panel.message.value
    assert read_kinds(folder) == ["add_rep", "add_rep"]


def test_nothing_is_recorded_where_the_client_could_not_be_opened_afterwards(folder):
    room = open_room(build_model(open_client(folder, language="en")))
    panel = ScenariosPanel(room)
    panel.second.value = ("scenario", "two_hires")
    reps = (folder / "reps.csv").read_bytes()
    (folder / "reps.csv").write_bytes(reps.replace(b"R02", b"R01"))
    credit(panel)

    panel.adopt.click()
    refused = panel.message.value
    (folder / "reps.csv").write_bytes(reps)
    panel.adopt.click()

    assert "Nothing was recorded." in refused
    assert "accounts.csv, row 6" in refused
    assert "Adopted" in panel.message.value
    assert read_kinds(folder) == ["add_rep", "add_rep"]


def test_a_decision_stays_recorded_where_another_session_broke_a_file_meanwhile(folder):
    room = open_room(build_model(open_client(folder, language="en")))
    other = open_room(build_model(open_client(folder, language="en")))
    panel, elsewhere = EffortPanel(room), EffortPanel(other)
    elsewhere.hours.value = "700"
    credit(elsewhere)
    elsewhere.record.click()
    panel.norms[0][1].value = "29"
    (folder / "reps.csv").write_bytes((folder / "reps.csv").read_bytes().replace(b"R02", b"R01"))
    credit(panel)

    panel.record.click()

    assert "Recorded." in panel.message.value
    assert "accounts.csv, row 6" in room.notice
    assert read_kinds(folder) == ["set_selling_hours", "set_call_norms"]
    assert not room.is_tried
    assert room.model is room.decided
    room.look_at_files(now=time.monotonic() + 60)
    assert f"{other.decided.client.decisions[-1].by} has decided something meanwhile" in room.notice
