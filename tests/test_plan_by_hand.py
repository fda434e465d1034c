"""A plan of territories edited by hand: read, refused, merged, compared, and one to begin from."""

import json

import pandas as pd
import pytest
from client_files import check_client, list_rows, make_sheets, show, write_book, write_client
from small_client import make_client

from salesmodel_kit.chain import build_model
from salesmodel_kit.cli import main
from salesmodel_kit.client.folder import open_client
from salesmodel_kit.client.plan import merge_plan
from salesmodel_kit.client.runs import keep_input
from salesmodel_kit.model.plans import list_differences
from salesmodel_kit.reports.exhibits.territories import show_plan_comparison
from salesmodel_kit.tables import PLAN_COMPARISON, PLAN_DIFFERENCES, make_schema

ACCOUNTS = ("account,name,segment,sales_per_year,owner,projects,distance,required_skill,locked_rep,wished_rep\n"
            "007,Alder,S1,0,R1,5,12.5,cold chain,,\n008,Birch,S2,,,,,,R1,\n009,Cedar,S2,,,,,,,R1\n")
REPS = "rep,name,role,skills,leaving\nR1,Ann,field,Cold chain,\nR2,Bob,field,,\nR3,Cid,field,,true\n"


@pytest.mark.parametrize("text", ["account,rep\n007,R1\n008,\n", "\ufeffCompte;Nom;Commercial\n007;Alder;R1\n"])
def test_open_client_takes_a_plan_as_the_reps_wished_for(tmp_path, text):
    client = open_client(write_client(tmp_path / "acme", plan_csv=text))

    assert client.accounts["wished_rep"].fillna("").tolist() == ["R1", ""]


def test_open_client_takes_a_plan_from_a_sheet(tmp_path):
    book = write_book(tmp_path / "client.xlsx", make_sheets() | {"plan": list_rows("account,rep\n007,R1\n")})

    assert open_client(book).accounts["wished_rep"].fillna("").tolist() == ["R1", ""]


@pytest.mark.parametrize(("row", "column", "value", "says"), [
    ("07,R1", "account", "07", "did you mean 007"),
    ("xyz,R1", "account", "xyz", "delete the row"),
    ("007,Ann", "rep", "Ann", "did you mean R1"),
    ("007,Anna", "rep", "Anna", "did you mean R1 (Ann)"),
    ("007,r01", "rep", "r01", "did you mean R1"),
    ("007,R3", "rep", "R3", "leaves"),
    ("007,R2", "rep", "R2", "lacks cold chain"),
    ("008,R2", "rep", "R2", "locked to R1"),
    ("009,R2", "rep", "R2", "wished"),
])
def test_open_client_refuses_in_a_plan_what_cannot_be(tmp_path, row, column, value, says):
    folder = write_client(tmp_path / "acme", accounts_csv=ACCOUNTS, reps_csv=REPS, plan_csv=f"account,rep\n{row}\n")

    problems = check_client(folder)

    assert show(problems) == [("plan.csv", 2, column, value)]
    assert says in str(problems[0].message)


def test_open_client_refuses_an_account_that_stands_in_a_plan_twice(tmp_path):
    folder = write_client(tmp_path / "acme", plan_csv="account,rep\n007,R1\n007,R1\n")

    assert show(check_client(folder)) == [("plan.csv", 3, "account", "007")]


def test_open_client_refuses_a_plan_without_reps_to_name(tmp_path):
    folder = write_client(tmp_path / "acme", plan_csv="account\n007\n")

    assert [problem.file for problem in check_client(folder)] == ["plan.csv"]


def test_open_client_refuses_a_plan_where_there_are_no_reps(tmp_path):
    folder = write_client(tmp_path / "acme", reps_csv=None, plan_csv="account,rep\n007,R1\n",
                          accounts_csv="account,name,segment\n007,Alder,S1\n")

    assert [problem.file for problem in check_client(folder)] == ["plan.csv"]


def test_merge_plan_leaves_the_tables_that_it_was_given_as_they_are():
    accounts = make_client().accounts
    frames = {"accounts": accounts, "plan": pd.DataFrame({"account": ["001"], "rep": ["bruno"]}, dtype="str")}

    merged = merge_plan(frames)

    assert "plan" not in merged
    assert merged["accounts"]["wished_rep"].fillna("").tolist() == ["bruno", "", "", "", "", ""]
    assert frames["accounts"]["wished_rep"].isna().all()


def make_wishing(**wished):
    accounts = make_client().accounts
    return make_client(accounts=accounts.assign(wished_rep=accounts["account"].map(wished).astype("str")))


def test_list_differences_puts_accounts_edited_by_hand_first_with_their_kilometers():
    model = build_model(make_wishing(**{"001": "bruno"}))

    table = model.plan_differences

    make_schema(PLAN_DIFFERENCES).validate(table)
    first = table.iloc[0]
    assert (first["account"], first["proposed_rep"], first["wished_rep"]) == ("001", "anna", "bruno")
    assert first["wished_km_per_year"] > first["proposed_km_per_year"]
    assert table["wished_rep"].notna().sum() == 1


def test_list_differences_is_empty_where_all_plans_agree():
    model = build_model(make_client())
    kept = model.client.accounts.assign(owner=model.territories["rep"])

    table = list_differences(kept, model.account_effort, model.team, proposed=model.territory_plan,
                             way=model.travel_rules)

    assert table.empty
    make_schema(PLAN_DIFFERENCES).validate(table)


def test_compare_plans_counts_who_is_beyond_the_hours_and_who_has_another_rep():
    client = make_wishing(**{"001": "bruno", "002": "bruno"})
    model = build_model(make_client(accounts=client.accounts, reps=client.reps.assign(
        selling_hours_per_year=[110.0, 110.0, 700.0])))

    comparison = model.plan_comparison.set_index("plan")

    make_schema(PLAN_COMPARISON).validate(comparison.reset_index())
    # 54 + 54 hours near anna and 22.5 + 22.5 near bruno: within 10 % of 76.5 each has one of both kinds.
    assert comparison.loc["wished", "n_other_rep"] == 1
    assert comparison.loc["wished", "n_over"] == 1
    assert comparison.loc["proposed", ["n_other_rep", "n_over"]].tolist() == [0, 0]


@pytest.mark.parametrize(("code", "says"), [("en", "differs from the proposed one on 1"), ("fr", "diffère du plan")])
def test_show_plan_comparison_names_the_accounts_that_differ(code, says):
    client = make_wishing(**{"001": "bruno"})

    html = show_plan_comparison(build_model(make_client(accounts=client.accounts, profile={"language": code}))).html

    assert says in html.replace("\u00a0", " ")
    assert "Alvane" in html


def make_run(folder, tmp_path, *, language="en"):
    text = (folder / "client.yaml").read_text(encoding="utf-8").replace("language: en", f"language: {language}")
    (folder / "client.yaml").write_text(text, encoding="utf-8")
    run = tmp_path / "run"
    (run / "tables").mkdir(parents=True)
    keep_input(folder, run)
    (run / "run.json").write_text(json.dumps({"status": "done"}), encoding="utf-8")
    (run / "tables" / "territories.csv").write_text("account,rep,channel\n007,R1,field\n008,,marketing\n",
                                                    encoding="utf-8")
    return run


@pytest.mark.parametrize(("language", "head"), [("en", "account,name,rep"), ("fr", "compte;nom;commercial")])
def test_export_writes_a_plan_that_the_client_takes_back(tmp_path, capsys, language, head):
    folder = write_client(tmp_path / "acme")
    run = make_run(folder, tmp_path, language=language)

    assert main(["export", str(run), "--to", "plan", "--out", str(folder)]) == 0

    assert str(folder / "plan.csv") in capsys.readouterr().out
    assert (folder / "plan.csv").read_text(encoding="utf-8-sig").splitlines()[0] == head
    assert open_client(folder).accounts["wished_rep"].fillna("").tolist() == ["R1", ""]


def test_export_never_replaces_a_plan_that_is_there(tmp_path, capsys):
    folder = write_client(tmp_path / "acme", plan_csv="account,rep\n007,\n")
    run = make_run(folder, tmp_path)

    assert main(["export", str(run), "--to", "plan", "--out", str(folder)]) == 2

    assert "already" in capsys.readouterr().err
    assert (folder / "plan.csv").read_text(encoding="utf-8") == "account,rep\n007,\n"


def test_export_says_so_where_nobody_has_an_account(tmp_path, capsys):
    run = make_run(write_client(tmp_path / "acme"), tmp_path)
    (run / "tables" / "territories.csv").write_text("account,rep\n007,\n", encoding="utf-8")

    assert main(["export", str(run), "--to", "plan", "--out", str(tmp_path / "out")]) == 2

    assert "gives no account" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
