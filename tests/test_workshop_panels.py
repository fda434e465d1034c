import json
import shutil
import time

import ipywidgets as widgets
import pytest
from small_client import make_client, make_tables
from small_files import write_small_client
from traitlets import TraitError

from salesmodel_kit.chain import build_model
from salesmodel_kit.client.decisions import Conflict
from salesmodel_kit.client.folder import open_client
from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.language import Language
from salesmodel_kit.resources import find_resource
from salesmodel_kit.workshop.base import align_sliders
from salesmodel_kit.workshop.effort_panel import EffortPanel
from salesmodel_kit.workshop.overrides_panel import OverridesPanel
from salesmodel_kit.workshop.panels import PANELS, open_panel, open_room
from salesmodel_kit.workshop.response_panel import ResponsePanel
from salesmodel_kit.workshop.segments_panel import SegmentsPanel
from salesmodel_kit.workshop.territories_panel import TerritoriesPanel
from salesmodel_kit.workshop.tiers_panel import TierPanel
from salesmodel_kit.workshop.weights_panel import WeightsPanel

NAMES = [name for names in PANELS.values() for name in names]


@pytest.fixture
def room():
    return open_room(build_model(make_client()))


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(find_resource("data", "software-publisher"), tmp_path / "client")


def record(panel):
    panel.author.value, panel.reason.value = "C. Roy", "la salle en a convenu"
    panel.record.click()


def read_lines(folder):
    return [json.loads(line) for line in (folder / "decisions.jsonl").read_text(encoding="utf-8").splitlines()]


def test_a_rating_moves_its_segment_on_the_matrix(room):
    panel = SegmentsPanel(room)
    before = panel.picture.value

    panel.ratings["growth"].value = "1"

    assert room.model.segment_scores["attractiveness"].tolist() == [0.0, 0.25]
    assert panel.picture.value != before
    assert "0.00" in panel.table.value


def test_a_rating_that_is_no_number_is_refused_with_a_sentence_and_no_picture(room):
    panel = SegmentsPanel(room)

    panel.ratings["growth"].value = "much"

    assert "“much” is no number" in panel.message.value
    assert panel.picture.value == ""
    assert room.model is room.decided


def test_points_for_a_criterion_change_the_ten_best(room):
    panel = WeightsPanel(room)
    before = panel.best.value

    panel.weighing.sliders["employees"].value = 0

    weights = room.model.criteria.set_index("criterion")["effective_weight"]
    assert weights[["untapped_potential_per_year", "employees"]].tolist() == [1.0, 0.0]
    assert panel.best.value != before


def test_criteria_put_in_order_weigh_by_their_rank(room):
    panel = WeightsPanel(room)
    panel.method.value = "order"

    before = panel.weighing.list.order

    panel.weighing.list.order = ["employees", "untapped_potential_per_year"]
    weights = room.model.criteria.set_index("criterion")["effective_weight"]
    room.undo()

    assert weights[["untapped_potential_per_year", "employees"]].tolist() == [0.25, 0.75]
    assert panel.weighing.list.order == before == ["untapped_potential_per_year", "employees"]
    assert not room.is_tried


@pytest.mark.parametrize("order", [[], ["employees"], ["employees", "employees"], ["employees", "<b>"]])
def test_an_order_that_is_not_of_these_criteria_is_not_taken(room, order):
    panel = WeightsPanel(room)
    panel.method.value = "order"

    with pytest.raises(TraitError):
        panel.weighing.list.order = order
    assert not room.is_tried


def test_a_control_that_is_back_where_it_was_decided_tries_nothing(room):
    panel = EffortPanel(room)
    calls = panel.norms[0][1]
    before = calls.value

    calls.value = str(float(before) + 5)
    is_tried = room.is_tried
    calls.value = before

    assert is_tried
    assert not room.is_tried


def test_numbers_beside_sliders_are_written_in_french():
    room = open_room(build_model(make_client(profile={"language": "fr"})))
    panel = TierPanel(room)
    panel.cuts["gold"].value = 0.38

    row = next(row for row in panel.children if panel.cuts["gold"] in getattr(row, "children", ()))

    assert row.children[1].value == "0,38"
    assert not panel.cuts["gold"].readout


def test_an_impossible_value_is_refused_with_place_value_and_remedy(room):
    with pytest.raises(SalesModelError, match=r"Weights, development potential: -1 cannot be\. A number of at least 0"):
        room.try_out("set_weights", "potential", {"employees": -1.0})


def test_a_comparison_in_pairs_weighs_both(room):
    panel = WeightsPanel(room)
    panel.method.value = "pairs"

    panel.weighing.pairs["untapped_potential_per_year", "employees"].value = 3.0

    weights = room.model.criteria.set_index("criterion")["effective_weight"]
    assert weights[["untapped_potential_per_year", "employees"]].tolist() == pytest.approx([0.75, 0.25])


def test_answers_in_pairs_are_forgotten_when_their_weights_are_undone(room):
    panel = WeightsPanel(room)
    panel.method.value = "pairs"
    question = panel.weighing.pairs["untapped_potential_per_year", "employees"]
    question.value = 3.0

    panel.undo.click()

    assert question.value is None
    assert room.model is room.decided


def test_swings_weigh_by_what_each_step_is_worth(room):
    panel = WeightsPanel(room)
    panel.method.value = "swings"

    panel.weighing.sliders["employees"].value = 25

    weights = room.model.criteria.set_index("criterion")["effective_weight"]
    assert weights[["untapped_potential_per_year", "employees"]].tolist() == pytest.approx([0.8, 0.2])


def test_no_weight_at_all_is_refused(room):
    panel = WeightsPanel(room)
    panel.weighing.sliders["employees"].value = 0

    panel.weighing.sliders["untapped_potential_per_year"].value = 0

    assert "All weights of the axis potential are 0" in panel.message.value
    assert panel.best.value == ""


def test_an_override_puts_an_account_elsewhere_and_as_the_rule_says_takes_it_back(room):
    panel = OverridesPanel(room)
    panel.picker.search.value = "fennec"

    panel.tier.value = "gold"
    tier = room.model.account_tiers.set_index("account").loc["006", "tier"]
    panel.tier.value = ""

    assert panel.picker.account == "006"
    assert tier == "gold"
    assert room.model is room.decided


def test_call_norms_and_hours_change_load_and_capacity(room):
    panel = EffortPanel(room)
    before = room.model.role_summary.set_index("role")
    tier, calls, _ = panel.norms[0]

    calls.value = str(2 * float(calls.value))
    panel.rep.value, panel.hours.value = "anna", "500"

    after = room.model.role_summary.set_index("role")
    assert tier.value.startswith("Gold")
    assert after.loc["field", "selling_hours_per_year"] == before.loc["field", "selling_hours_per_year"] - 400
    assert after["workload_hours_per_year"].sum() > before["workload_hours_per_year"].sum()


def test_a_rep_joins_and_another_leaves(room):
    panel = EffortPanel(room)

    panel.name.value, panel.role.value = "Zoé", "inside"
    panel.joins.click()
    panel.rep.value = "bruno"
    panel.leaves.click()

    reps = room.model.client.reps.set_index("rep")
    assert reps.loc["new-1", ["name", "role"]].tolist() == ["Zoé", "inside"]
    assert reps.loc["bruno", "leaving"]
    assert [value for _, value in panel.rep.options] == ["anna", "carla", "new-1"]


def test_a_rep_without_a_name_does_not_join(room):
    panel = EffortPanel(room)

    panel.joins.click()

    assert "needs a name" in panel.message.value
    assert not room.is_tried


def test_answers_draw_a_curve_and_answers_that_fall_are_refused(room):
    panel = ResponsePanel(room)
    empty = panel.picture.value

    panel.answers["nothing"].value = 0.4
    drawn = panel.picture.value
    panel.answers["half"].value = 0.3

    assert empty == panel.picture.value == ""
    assert drawn.startswith("<svg ")
    assert "must rise from nothing" in panel.message.value
    assert room.model.client.response["nothing"].tolist() == [0.4]


def test_a_locked_account_goes_to_its_rep(room):
    panel = TerritoriesPanel(room)
    panel.picker.search.value = "001"

    panel.lock.value = "bruno"
    rep = room.model.territories.set_index("account").loc["001", "rep"]
    panel.lock.value = ""

    assert rep == "bruno"
    assert room.model is room.decided


def test_panels_of_one_room_follow_one_another(room):
    effort, territories, overrides = EffortPanel(room), TerritoriesPanel(room), OverridesPanel(room)

    overrides.tier.value = "bronze"
    effort.rep.value = "anna"
    effort.leaves.click()

    assert effort.shown_version == territories.shown_version == overrides.shown_version == room.version
    assert [value for _, value in territories.lock.options] == ["", "bruno", "carla"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_panel_opens_on_a_client_of_one_account_with_long_names_and_no_reps(name, language):
    tables = make_tables()
    long = "Communauté d'agglomération de Saint-Quentin-en-Yvelines et de <b>Vallée</b> & Associés"
    lone = open_room(build_model(make_client(
        accounts=tables["accounts"].head(1).assign(name=long), reps=tables["reps"].head(0),
        segments=tables["segments"].head(1).assign(label=long), profile={"language": language},
    )))

    panel = open_panel(name, lone, interactive=True)

    assert panel.shown_version == lone.version
    assert not any("<b>Vallée" in part.value for part in vars(panel).values() if hasattr(part, "value")
                   and isinstance(part.value, str) and part.value.lstrip().startswith(("<table", "<svg", "<p", "<h3")))


def test_what_the_panels_record_is_in_force_when_the_client_is_opened_again(folder):
    room = open_room(build_model(open_client(folder)))
    weights, overrides, effort = WeightsPanel(room), OverridesPanel(room), EffortPanel(room)
    weights.weighing.sliders["n_sites"].value = 40
    overrides.tier.value = "bronze"
    effort.norms[0][1].value = "30"

    for panel in (weights, overrides, effort):
        record(panel)

    again = build_model(open_client(folder))
    assert [line["kind"] for line in read_lines(folder)] == ["set_weights", "override_tier", "set_call_norms"]
    assert read_lines(folder)[0]["old"] == {"n_sites": 10.0}
    assert not room.is_tried
    for name in ("account_tiers", "account_effort", "tier_summary", "assumptions"):
        assert getattr(again, name).equals(getattr(room.model, name)), name


def test_a_decision_of_another_session_is_shown_and_not_overwritten(folder):
    room, other = (open_room(build_model(open_client(folder))) for _ in range(2))
    panel, theirs = EffortPanel(room), EffortPanel(other)
    theirs.norms[0][1].value = "30"
    record(theirs)
    panel.norms[0][1].value = "12"

    record(panel)

    assert "autrement" in panel.message.value
    assert panel.notice_row.layout.display == "flex"
    assert len(read_lines(folder)) == 1
    panel.again.click()
    assert [norm.calls_per_year for norm in room.decided.strategy.call_norms if norm.tier == "gold"] == [30]
    assert room.notice == ""


def test_record_raises_a_conflict_when_another_session_decided_otherwise(folder):
    room, other = (open_room(build_model(open_client(folder))) for _ in range(2))
    topic = ("set_selling_hours", "R01")
    for session, hours in ((other, 700.0), (room, 800.0)):
        session.try_out(*topic, hours)
    other.record([topic], by="A", reason="first")

    with pytest.raises(Conflict):
        room.record([topic], by="B", reason="second")


def test_a_file_that_changed_on_disk_is_noticed_and_loaded_again(folder):
    room = open_room(build_model(open_client(folder)))
    panel = EffortPanel(room)
    path = folder / "reps.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("Vincent Blanc", "Violette Blanc"), encoding="utf-8")

    room.look_at_files(now=time.monotonic() + 60)

    assert "reps.csv" in room.notice
    assert "reps.csv" in panel.news.value
    panel.again.click()
    assert "Violette Blanc" in panel.rep.options[0][0]
    assert room.notice == ""


def test_the_rule_by_hours_starts_from_the_hours_that_the_tiers_hold(room):
    panel = TierPanel(room)
    summary = room.model.first_tier_summary.set_index("tier")["workload_hours_per_year"]

    panel.rule.value = "capacity"

    assert panel.cuts["gold"].value == pytest.approx(summary["gold"] / summary.sum(), abs=0.006)
    assert panel.counts.value


@pytest.mark.parametrize(("typed", "shown"), [
    ("1e308", "“1e308”"), ("-5", "“-5”"), ("4000.5", "“4000.5”"), ("much", "“much”"), ("", "“”"), ("50%", "“50%”"),
])
def test_hours_that_no_year_holds_are_refused_with_the_range(room, typed, shown):
    panel = EffortPanel(room)

    panel.hours.value = typed
    refused = (panel.message.value, panel.picture.value, room.is_tried)
    panel.undo.click()

    assert f"Selling hours per year: {shown} cannot be. A number from 0 to 4,000." in refused[0]
    assert refused[1:] == ("", False)
    assert panel.hours.value == "900"
    assert panel.picture.value


@pytest.mark.parametrize(("language", "typed"), [("fr", "2,5"), ("fr", " 2.5 "), ("en", "2.5"), ("en", "2,5")])
def test_calls_are_typed_with_either_decimal_mark(folder, language, typed):
    room = open_room(build_model(open_client(folder, language=language)))
    panel = EffortPanel(room)

    panel.norms[0][1].value = typed

    assert room.model.strategy.call_norms[0].calls_per_year == 2.5
    assert panel.norms[0][1].value == ("2,5" if language == "fr" else "2.5")


def test_a_lock_to_a_rep_who_is_only_tried_is_not_recorded_alone(folder):
    room = open_room(build_model(open_client(folder, language="en")))
    effort, territories = EffortPanel(room), TerritoriesPanel(room)
    effort.name.value = "Diane Obry"
    effort.joins.click()
    territories.lock.value = "new-1"

    record(territories)
    refused = territories.message.value
    recorded_early = (folder / "decisions.jsonl").exists()
    record(effort)
    record(territories)

    assert "Nothing was recorded." in refused
    assert not recorded_early
    assert [line["kind"] for line in read_lines(folder)] == ["add_rep", "lock_account"]
    assert open_client(folder).accounts["locked_rep"].eq("new-1").sum() == 1


def test_back_to_what_was_decided_says_why_where_another_trial_rests_on_it(room):
    effort, territories = EffortPanel(room), TerritoriesPanel(room)
    effort.name.value = "Diane Obry"
    effort.joins.click()
    territories.lock.value = "new-1"

    effort.back.click()

    assert "new-1" in effort.message.value
    assert set(room.tried) == {("add_rep", "new-1"), ("lock_account", territories.picker.account)}
    territories.back.click()
    effort.back.click()
    assert not room.is_tried


def test_panels_name_the_segments_and_criteria_of_files_that_changed_once_they_are_loaded_again(tmp_path):
    folder = write_small_client(tmp_path / "client")
    room = open_room(build_model(open_client(folder, language="en")))
    panels = [open_panel(name, room, interactive=True) for name in NAMES]
    segments, weights = panels[NAMES.index("segments")], panels[NAMES.index("weights")]
    first = weights.weighing
    for name, before, after in (("segments", "Industry", "Works"), ("criteria", "Employees", "Staff"),
                                ("accounts", "Alvane", "Ravane")):
        text = (folder / f"{name}.csv").read_text(encoding="utf-8")
        (folder / f"{name}.csv").write_text(text.replace(before, after), encoding="utf-8")

    segments.again.click()

    assert [label for label, _ in segments.segment.options] == ["Public bodies", "Works"]
    assert weights.weighing is not first
    assert weights.weighing.labels["employees"] == "Staff"
    assert any("Ravane" in label for label, _ in panels[NAMES.index("overrides")].picker.matches.options)
    assert all(panel.shown_version == room.version for panel in panels)
    controls = weights.weighing
    weights.weighing.sliders["employees"].value = 3
    record(weights)
    assert weights.weighing is controls


def test_a_folder_that_is_gone_is_told_and_what_is_tried_stays(tmp_path):
    folder = write_small_client(tmp_path / "client")
    room = open_room(build_model(open_client(folder, language="en")))
    panel = EffortPanel(room)
    folder.rename(tmp_path / "elsewhere")

    panel.hours.value = "700"
    room.look_at_files(now=time.monotonic() + 60)
    record(panel)

    assert room.notice
    assert "is not there; the decision was not recorded" in panel.message.value
    assert room.is_tried
    assert [path.name for path in tmp_path.iterdir()] == ["elsewhere"]


@pytest.mark.parametrize(("letters", "width"), [(10, "25.4em"), (400, "52.0em")])
def test_align_sliders_keeps_the_tracks_on_the_page_beside_a_long_label(letters, width):
    sliders = [widgets.FloatSlider(description=words) for words in ("Size", "x" * letters)]

    align_sliders(sliders, Language("en"))

    assert [slider.layout.width for slider in sliders] == [width, width]
