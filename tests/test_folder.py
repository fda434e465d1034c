import dataclasses

import pandas as pd
import pytest
from client_files import ACCOUNTS, CRITERIA, PROFILE, check_client, make_sheets, show, write_book, write_client
from small_client import read_strategy

from salesmodel_kit.chain import build_model
from salesmodel_kit.client.folder import open_client
from salesmodel_kit.errors import InputProblems, SalesModelError
from salesmodel_kit.tables import INPUT_TABLES, REPS, dtype_of

OVERRIDE = ('{"at": "2026-11-03T14:30:00", "by": "Ann", "kind": "override_tier", "subject": "007", "new": "gold", '
            '"reason": "new site"}\n')
CHOOSE = ('{"at": "2026-11-03T14:40:00", "by": "Ann", "kind": "choose_strategy", "subject": "strategy", '
          '"new": "NAME", "reason": "growth"}\n')
RULE = ('{"at": "2026-11-03T14:50:00", "by": "Ann", "kind": "set_tier_rule", "subject": "tiers", '
        '"new": {"rule": "cutoff", "gold": 0.7, "silver": SILVER}, "reason": "fewer gold"}\n')


def read_folder(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_open_client_reads_a_folder(tmp_path):
    client = open_client(write_client(tmp_path))

    assert client.profile.name == "Acme"
    assert client.strategy == read_strategy("balanced")
    assert client.accounts["account"].tolist() == ["007", "008"]
    assert client.accounts["sales_per_year"].fillna(-1).tolist() == [0, -1]
    assert client.accounts["projects"].fillna(-1).tolist() == [5, -1]
    assert client.accounts["distance"].dtype == "float64"
    assert client.segments["know_how"].tolist() == [4, 3]
    assert client.opportunities is None
    assert client.overrides.empty
    assert client.source == tmp_path
    assert client.decisions == ()
    assert show(client.notes) == [("client.yaml", None, f"data_basis.{name}", None)
                                  for name in ("size_per_year", "potential_per_year")]


def test_open_client_declares_every_column(tmp_path):
    client = open_client(write_client(tmp_path))

    for table in INPUT_TABLES[:4]:
        frame = getattr(client, table.name)
        assert {name: str(frame[name].dtype) for name in table.names} == {
            column.name: dtype_of(column) for column in table.columns}
        assert frame.index.tolist() == list(range(len(frame)))


def test_open_client_leaves_the_folder_as_it_was(tmp_path):
    before = read_folder(write_client(tmp_path, decisions_jsonl=OVERRIDE))

    open_client(tmp_path)

    assert read_folder(tmp_path) == before


def test_open_client_gives_the_same_from_a_folder_a_workbook_and_a_folder_with_a_workbook(tmp_path):
    folder = open_client(write_client(tmp_path / "folder"))
    (tmp_path / "within").mkdir()
    write_book(tmp_path / "within" / "client.xlsx", make_sheets())
    within = open_client(tmp_path / "within")
    alone = open_client(write_book(tmp_path / "acme.xlsx", make_sheets()))

    for other in (within, alone):
        assert other.profile == folder.profile
        for name in ("criteria", "segments", "accounts", "reps"):
            pd.testing.assert_frame_equal(getattr(other, name), getattr(folder, name))


def test_open_client_reads_a_french_windows_file_like_an_english_one(tmp_path):
    accounts = "Code client;Raison sociale;Segment;CA 12 mois;Potentiel;Commercial;Projets en vue;distance\r\n" \
               "007;Érable;S1;0;5 000,00;R1;5;12,5\r\n008;Bouleau;S2;n.c.;2.500,5;;;\r\n"
    criteria = CRITERIA.replace("Projects in sight", "Projets en vue")

    client = open_client(write_client(tmp_path, accounts_csv=None, criteria_csv=criteria,
                                      comptes_csv=accounts.encode("cp1252")))

    english = open_client(write_client(tmp_path / "english"))
    pd.testing.assert_frame_equal(client.accounts.drop(columns="name"), english.accounts.drop(columns="name"))
    assert client.accounts["name"].tolist() == ["Érable", "Bouleau"]
    assert client.files == (("accounts.csv", "comptes.csv"),)


def test_open_client_takes_another_language(tmp_path):
    assert open_client(write_client(tmp_path), language="fr").profile.language == "fr"

    with pytest.raises(SalesModelError, match="'de' is not available"):
        open_client(tmp_path, language="de")


@pytest.mark.parametrize("name", ["software-publisher", "laboratory-distributor", "industrial-services"])
def test_open_client_reads_the_demo_clients(name):
    assert open_client(f"demo:{name}").profile.id == name


def test_open_client_names_everything_at_once(tmp_path):
    write_client(
        tmp_path,
        client_yaml=PROFILE.replace("strategy: balanced", "strategy: conqest"),
        criteria_csv=CRITERIA + "speed,Speed,potential,benefit,5,1,10,,\n",
        segments_csv="segment,label,growt\nS1,Industry,0.1\n",
        accounts_csv="account;name;segment;sales;lat\n007;A;S1;-1;\n007;B;S9;x;1\n;C;S1;0;\n",
        reps_csv=None, decisions_jsonl=OVERRIDE.replace("007", "009"))
    (tmp_path / "acounts_old.csv").write_text("x")

    with pytest.raises(InputProblems, match=r"problems to mend: 11\.") as caught:
        open_client(tmp_path)

    assert show(caught.value.problems) == [
        ("client.yaml", 7, "strategy", "conqest"),
        ("criteria.csv", 6, "best", "1"),
        ("segments.csv", 1, "growt", None),
        ("accounts.csv", 1, "longitude", None),
        ("accounts.csv", 2, "sales", "-1"),
        ("accounts.csv", 3, "sales", "x"),
        ("accounts.csv", 3, "account", "007"),
        ("accounts.csv", 3, "segment", "S9"),
        ("accounts.csv", 4, "account", None),
        ("acounts_old.csv", None, None, None),
        ("decisions.jsonl", 1, "subject", "009"),
    ]
    assert check_client(tmp_path) == caught.value.problems


@pytest.mark.parametrize("reps", [None, "rep,name,role\n"])
def test_open_client_takes_a_client_without_reps_and_notes_it(reps, tmp_path):
    client = open_client(write_client(tmp_path, reps_csv=reps))

    assert len(client.reps) == 0
    assert set(REPS.names) <= set(client.reps)
    assert [(note.file, "no hours are planned" in str(note.message))
            for note in client.notes if note.file != "client.yaml"] == [("reps.csv", True)]
    assert build_model(client).rep_summary.empty


@pytest.mark.parametrize(("before", "after", "sentence"), [
    (",R1,5", ",ann,5", "did you mean R1 (Ann)?"), ("Alder,S1", "Alder,industry", "did you mean S1 (Industry)?"),
    (",R1,5", ",Zoe,5", "There is no such rep in commerciaux.csv")])
def test_open_client_says_which_id_a_name_may_stand_for(before, after, sentence, tmp_path):
    client = write_client(tmp_path, accounts_csv=ACCOUNTS.replace(before, after))
    (client / "reps.csv").rename(client / "commerciaux.csv")

    with pytest.raises(InputProblems) as caught:
        open_client(client)

    assert sentence in str(caught.value.problems[0].message)


def test_open_client_names_files_and_choices_as_the_folder_does(tmp_path):
    client = write_client(tmp_path, accounts_csv=None, reps_csv="commercial;nom;fonction\nR1;Ann;chef\n")
    (client / "reps.csv").rename(client / "commerciaux.csv")

    with pytest.raises(InputProblems) as caught:
        open_client(client)

    assert {problem.file for problem in caught.value.problems} == {"comptes.csv", "commerciaux.csv"}
    assert "terrain" in " ".join(str(problem.message) for problem in caught.value.problems)


def test_check_client_names_sheet_and_row_of_a_workbook(tmp_path):
    sheets = make_sheets()
    sheets["accounts"][1][2] = "S9"
    sheets["client"][3][1] = "de"
    del sheets["reps"]

    problems = check_client(write_book(tmp_path / "acme.xlsx", sheets))

    assert [(problem.sheet, problem.row, problem.column, problem.value) for problem in problems] == [
        ("client", 4, "language", "de"), ("accounts", 2, "segment", "S9")]


@pytest.mark.parametrize(("changes", "sentence"), [
    ({"client_yaml": None}, "The client's profile is missing"), ({"segments_csv": None}, "The file is missing"),
    ({"accounts_csv": b"\x00"}, "not text that can be read"), ({"accounts_csv": ""}, "is empty"),
    ({"client_yaml": b"\xff\xfe\x00"}, "not a text"),
])
def test_check_client_names_a_file_that_is_missing_or_unreadable(tmp_path, changes, sentence):
    (problem, *others) = check_client(write_client(tmp_path, **changes))

    assert others == []
    assert sentence in str(problem.message)


def test_check_client_names_a_profile_that_is_there_twice(tmp_path):
    (tmp_path / "client.yaml").write_text(PROFILE)
    write_book(tmp_path / "client.xlsx", make_sheets())

    assert "The profile is there twice" in str(check_client(tmp_path)[0].message)


def test_check_client_does_not_flood(tmp_path):
    rows = "".join(f"{number},,Z{number},x,-1\n" for number in range(5000))

    problems = check_client(write_client(tmp_path, accounts_csv="account,name,segment,sales,potential\n" + rows))

    assert len(problems) == 4 * 21


def test_open_client_replays_the_journal(tmp_path):
    journal = OVERRIDE + CHOOSE.replace("NAME", "conquest") + RULE.replace("SILVER", "0.5") + OVERRIDE[:30]

    client = open_client(write_client(tmp_path, decisions_jsonl=journal))

    assert client.strategy.name == "conquest"
    assert (client.strategy.tiers.rule, client.strategy.tiers.gold) == ("cutoff", 0.7)
    assert client.overrides["account"].tolist() == ["007"]
    assert len(client.decisions) == 3
    assert [note.row for note in client.notes if note.file == "decisions.jsonl"] == [4]


@pytest.mark.parametrize(("journal", "column", "sentence"), [
    (CHOOSE.replace("NAME", "conqest"), "new", "did you mean conquest?"),
    (RULE.replace("SILVER", "0.8"), "new", "must be below that of gold"),
    (OVERRIDE.replace("007", "7"), "subject", "did you mean 007?"),
    ("nonsense\n", None, "not a decision that can be read"),
])
def test_check_client_names_the_line_of_a_decision_that_cannot_hold(tmp_path, journal, column, sentence):
    (problem,) = check_client(write_client(tmp_path, decisions_jsonl="\n" + journal))

    assert (problem.file, problem.row, problem.column) == ("decisions.jsonl", 2, column)
    assert sentence in str(problem.message)


def test_open_client_merges_the_clients_changes_into_its_own_strategy(tmp_path):
    own = read_strategy("retention").model_copy(update={"name": "own"})
    changes = "strategy_changes: {potential_weight: 0.4}\n"
    write_client(tmp_path, client_yaml=PROFILE.replace("balanced", "own") + changes)
    (tmp_path / "strategies").mkdir()
    (tmp_path / "strategies" / "own.yaml").write_text(own.model_dump_json())

    client = open_client(tmp_path)

    assert client.strategy == own.model_copy(update={"potential_weight": 0.4})


def test_check_client_names_what_the_changes_leave_uncovered(tmp_path):
    changes = "strategy_changes:\n  call_norms:\n  - {tier: gold, channel: field, calls_per_year: 1}\n"

    problems = check_client(write_client(tmp_path, client_yaml=PROFILE + changes))

    assert show(problems) == [("client.yaml", 9, "strategy_changes.call_norms", None)] * 2


def test_client_is_frozen(tmp_path):
    client = open_client(write_client(tmp_path))

    with pytest.raises(dataclasses.FrozenInstanceError):
        client.accounts = None


def test_open_client_takes_an_empty_optional_table_for_none(tmp_path):
    client = open_client(write_client(tmp_path, opportunities_csv="opportunity,account,status\n"))

    assert client.opportunities is None


def test_open_client_reads_opportunities(tmp_path):
    client = open_client(write_client(tmp_path, opportunities_csv="Affaire;Compte;Statut;Montant;Créée le\n"
                                                                  "D1;007;gagnée;1 000,50;01/02/2026\n"))

    deal = client.opportunities.iloc[0]
    assert (deal["status"], deal["amount"], deal["created_on"]) == ("won", 1000.5, pd.Timestamp("2026-02-01"))


@pytest.mark.parametrize(("separator", "encoding"), [(";", "utf-8-sig"), ("\t", "utf-16"), (",", "cp1252"),
                                                     (";", "utf-8")])
def test_open_client_reads_what_was_written_in_any_dialect(tmp_path, separator, encoding):
    content = ACCOUNTS.replace(",", separator).encode(encoding)

    client = open_client(write_client(tmp_path / "other", accounts_csv=content))

    pd.testing.assert_frame_equal(client.accounts, open_client(write_client(tmp_path / "plain")).accounts)
