"""Scenarios: read and checked at once, applied without touching the client, set side by side."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from client_files import check_client, make_sheets, show, write_book, write_client
from demo_models import demo_model
from small_client import make_client

from salesmodel_kit.chain import build_model
from salesmodel_kit.chain.futures import compare_scenarios
from salesmodel_kit.client.folder import open_client
from salesmodel_kit.client.scenarios import Scenario, ScenarioFile, apply_scenario
from salesmodel_kit.client.sources import read_fingerprint
from salesmodel_kit.errors import InputProblems
from salesmodel_kit.tables import SCENARIO_ROLES, SCENARIO_TIERS, SCENARIOS, make_schema

LABEL = "label: {en: What if}\n"


def write_scenario(folder, text, name="other"):
    (folder / "scenarios").mkdir(exist_ok=True)
    own = text.replace("What if", "What if" if name == "other" else f"What if {name}")
    (folder / "scenarios" / f"{name}.yaml").write_text(own, encoding="utf-8")
    return folder


def make_scenario(name="other", *, added=None, **keys):
    return Scenario(name, ScenarioFile(label={"en": "What if"}, **keys), added or {})


def make_model(*scenarios, **changes):
    return build_model(replace(make_client(**changes), scenarios=scenarios))


def test_open_client_reads_scenarios_by_name_and_counts_them_among_its_input(tmp_path):
    folder = write_client(tmp_path / "acme")
    before = open_client(folder).fingerprint

    write_scenario(folder, LABEL, "second")
    write_scenario(folder, LABEL, "first")
    client = open_client(folder)

    assert [one.name for one in client.scenarios] == ["first", "second"]
    assert client.fingerprint != before
    assert read_fingerprint(folder) == client.fingerprint


def test_open_client_refuses_two_scenarios_with_one_label(tmp_path):
    folder = write_scenario(write_client(tmp_path / "acme"), "label: {en: Fewer, fr: Moins}\n", "a")
    write_scenario(folder, "label: {en: ' fewer', fr: Autre}\n", "b")

    problems = check_client(folder)

    assert [(problem.file, problem.column) for problem in problems] == [("scenarios/b.yaml", "label.en")]
    assert "a has the same label" in str(problems[0].message)


def test_open_client_reads_scenarios_beside_a_workbook_in_its_folder(tmp_path):
    (tmp_path / "acme").mkdir()
    book = write_book(tmp_path / "acme" / "client.xlsx", make_sheets())
    write_scenario(tmp_path / "acme", LABEL)

    assert [one.name for one in open_client(tmp_path / "acme").scenarios] == ["other"]
    assert open_client(book).scenarios == ()


def test_open_client_refuses_in_a_scenario_a_home_to_be_placed_that_nobody_needs(tmp_path):
    accounts = ("account,name,segment,latitude,longitude,city\n1,Alder,S1,48.8,2.3,Paris\n2,Birch,S2,45.7,4.8,Lyon\n")
    folder = write_scenario(write_client(tmp_path / "acme", accounts_csv=accounts), LABEL + (
        "add_reps:\n- {rep: N1, name: New, role: inside, place_home: true}\n"
        "- {rep: N2, name: New, role: field, place_home: true, latitude: 48.8, longitude: 2.3}\n"))

    problems = check_client(folder)

    assert [problem.column for problem in problems] == ["place_home", "place_home"]


@pytest.mark.parametrize(
    ("text", "column", "says"),
    [
        ("remove_reps: [R11]", "remove_reps.1", "did you mean R1?"),
        ("change_reps: {R1: {cost_per_year: 5}}\nremove_reps: [R1]", "change_reps.R1", "take the name out"),
        ("remove_rep: [R1]", "remove_rep", "did you mean remove_reps?"),
        ("change_reps: {R9x: {cost_per_year: 5}}", "change_reps.R9x", "leave it out"),
        ("change_reps: {R1: {cost_per_year: -5}}", "change_reps.R1.cost_per_year", "at least 0"),
        ("weights: {projets: 2}", "weights.projets", "did you mean projects?"),
        ("assumptions: {selling_time_share: 4}", "assumptions.selling_time_share.value", "from 0 to 1"),
        ("assumptions: {seling_time_share: 0.4}", "assumptions.seling_time_share", "did you mean selling_time_share?"),
        ("strategy: conquet", "strategy", "did you mean conquest?"),
        ("channel_by_tier: {platinum: inside}", "channel_by_tier.platinum", "leave it out"),
        ("channel_by_tier: {silver: insde}", "channel_by_tier.silver", "One of these is expected"),
        ("strategy_changes: {tiers: {rule: account_share, gold: 0.7, silver: 0.7}}", "strategy_changes.tiers",
         "add up"),
        ("add_reps: [{rep: R1, name: Bob, role: field}]", "rep", "another id"),
        ("add_reps: [{rep: R7, name: Bob, role: fild}]", "role", "One of these is expected"),
        ("add_reps: [{rep: R7, name: Bob, role: field, selling_hours_per_year: many}]", "selling_hours_per_year",
         "A number is expected"),
        ("add_accounts: [{account: N1, name: New, segment: S9}]", "segment", "no such name in this scenario"),
        ("add_accounts: [{account: N1, name: New, segment: S1, owner: R5}]", "owner", "no such name in this scenario"),
        ("add_accounts: [{account: N1, name: New, segment: S1, projets: 2}]", "projets", "did you mean projects?"),
        ("add_accounts: [{account: N1, name: New}]", "segment", "needs this column"),
    ],
)
def test_open_client_names_what_is_wrong_in_a_scenario(tmp_path, text, column, says):
    folder = write_scenario(write_client(tmp_path / "acme"), f"{LABEL}{text}\n")

    problems = check_client(folder)

    assert [(file, row, place) for file, row, place, _ in show(problems)] == [
        ("scenarios/other.yaml", 2, column)]
    assert says in str(problems[0].message)


def test_open_client_names_every_problem_of_every_scenario_at_once(tmp_path):
    folder = write_client(tmp_path / "acme")
    write_scenario(folder, f"{LABEL}remove_reps: [R7]\nweights: {{nothing_near: 2}}\n", "one")
    write_scenario(folder, f"{LABEL}change_reps: {{R8: {{cost_per_year: 1}}}}\n", "two")

    assert {(file, row) for file, row, _, _ in show(check_client(folder))} == {
        ("scenarios/one.yaml", 2), ("scenarios/one.yaml", 3), ("scenarios/two.yaml", 2)}


@pytest.mark.parametrize(("name", "says"), [("present", "stands for the client"), ("two fewer", "letters, digits")])
def test_open_client_refuses_a_name_that_cannot_be(tmp_path, name, says):
    folder = write_scenario(write_client(tmp_path / "acme"), LABEL, name)

    with pytest.raises(InputProblems) as caught:
        open_client(folder)

    assert says in str(caught.value.problems[0].message)


def test_apply_scenario_leaves_the_client_as_it_is_and_shares_what_does_not_change():
    client = make_client()
    reps = client.reps.copy(deep=True)

    changed = apply_scenario(client, make_scenario(remove_reps=("bruno",), channel_by_tier={"silver": "inside"}))

    pd.testing.assert_frame_equal(client.reps, reps)
    assert changed.accounts is client.accounts
    assert changed.reps.set_index("rep")["leaving"].to_dict() == {"anna": False, "bruno": True, "carla": False}
    assert {norm.channel for norm in changed.strategy.call_norms if norm.tier == "silver"} == {"inside"}


def test_apply_scenario_lifts_the_locks_to_a_rep_who_is_gone():
    client = make_client()
    client = replace(client, accounts=client.accounts.assign(
        locked_rep=pd.Series(["bruno", "anna", None, None, None, None], dtype="str")))

    changed = apply_scenario(client, make_scenario(remove_reps=("bruno",)))

    assert changed.accounts["locked_rep"].fillna("").tolist() == ["", "anna", "", "", "", ""]


def test_scenario_comparison_counts_people_hours_and_cost_by_hand():
    reps = make_client().reps.assign(cost_per_year=[90_000.0, 80_000.0, 50_000.0])
    more = reps.head(1).assign(rep="dora", name="Dora", cost_per_year=70_000.0)
    model = make_model(make_scenario("fewer", remove_reps=("bruno",)), make_scenario("more", added={"reps": more}),
                       make_scenario("longer", change_reps={"carla": {"selling_hours_per_year": 800}}), reps=reps)

    table = model.scenario_comparison.table.set_index("scenario")

    assert table["n_reps"].to_dict() == {"present": 3, "fewer": 2, "more": 4, "longer": 3}
    assert table["selling_hours_per_year"].to_dict() == {"present": 2500, "fewer": 1600, "more": 3400, "longer": 2600}
    assert table["cost_per_year"].to_dict() == {"present": 220_000, "fewer": 140_000, "more": 290_000,
                                                "longer": 220_000}
    assert table["expected_sales_per_year"].isna().all()


def test_scenario_comparison_counts_accounts_that_a_scenario_sends_to_a_team_that_is_not_there():
    team = make_client().reps.iloc[:2]  # the two field reps
    model = make_model(make_scenario(channel_by_tier={"silver": "inside"}), reps=team)

    table = model.scenario_comparison.table.set_index("scenario")

    n_silver = int((model.account_tiers["tier"] == "silver").sum())
    assert n_silver
    assert table["n_nobody"].tolist() == [0, n_silver]


@pytest.mark.parametrize("scenario", [
    {"remove_reps": ("bruno",)}, {"channel_by_tier": {"gold": "inside"}}, {"weights": {"fit": 5}},
    {"assumptions": {"tier_margin": 0.05}}, {"remove_reps": ("anna", "bruno", "carla")},
    {"strategy_changes": {"potential_weight": 0.9}},
    {"strategy_changes": {"tiers": {"rule": "account_share", "gold": 0.5, "silver": 0.3}}}])  # fmt: skip
def test_scenario_models_are_those_of_the_changed_client_computed_alone(scenario):
    one = make_scenario(**scenario)
    model = make_model(one)

    shared = model.scenario_models["other"]
    alone = build_model(apply_scenario(model.client, one))

    for name in ("account_scores", "account_tiers", "account_effort", "role_summary", "territories"):
        pd.testing.assert_frame_equal(getattr(shared, name), getattr(alone, name))


def test_scenario_tables_keep_to_their_declaration():
    compared = make_model(make_scenario(remove_reps=("bruno",))).scenario_comparison

    for declared, table in ((SCENARIOS, compared.table), (SCENARIO_ROLES, compared.roles),
                            (SCENARIO_TIERS, compared.tiers)):
        make_schema(declared).validate(table)


def test_compare_scenarios_tells_a_model_from_itself_by_nothing():
    model = make_model()

    table = compare_scenarios({"present": model, "same": model}).table

    assert table.drop(columns=["scenario", "label"]).drop_duplicates().shape[0] == 1


def test_expected_sales_fall_with_a_rep_and_a_new_account_sells_nothing_yet():
    model = demo_model("software-publisher")

    sales = model.scenario_comparison.table.set_index("scenario")["expected_sales_per_year"]

    assert sales["one_fewer"] < sales["present"] < sales["two_hires"]
    assert sales["present"] == pytest.approx(model.plan_returns["expected_sales_per_year"].sum())


def test_a_client_without_scenarios_has_no_comparison():
    model = make_model()

    assert model.scenario_comparison is None
    assert "scenarios" not in model.tables()


def test_a_scenario_that_opens_a_segment_and_one_without_anybody_are_told_too(tmp_path):
    folder = write_client(tmp_path / "acme")
    write_scenario(folder, f"{LABEL}remove_reps: [R1]\n", "nobody")
    write_scenario(folder, LABEL + """\
add_segments:
- {segment: S3, label: Care, size_per_year: 500000, growth: 0.12, know_how: 2}
add_reps:
- {rep: R2, name: Bea, role: inside, selling_hours_per_year: 700}
add_accounts:
- {account: N1, name: New, segment: S3, potential_per_year: 9000, projects: 5, distance: 40, owner: R2}
""", "open")

    table = build_model(open_client(folder)).scenario_comparison.table.set_index("scenario")

    assert table["n_accounts"].tolist()[0] + 1 == table.at["open", "n_accounts"]
    assert table["n_reps"].to_dict() == {"present": 1, "nobody": 0, "open": 2}
    assert table["cost_per_year"].isna().to_dict() == {"present": True, "nobody": False, "open": True}
