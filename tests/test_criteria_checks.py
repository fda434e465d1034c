"""Value functions, vetoes and sub-criteria as a client writes them: what is read, refused and noted."""

import pytest
from client_files import ACCOUNTS, CRITERIA, check_client, show, write_client

from salesmodel_kit.chain import build_model
from salesmodel_kit.client.folder import open_client

HEAD = "criterion,label,axis,direction,worst,best,weight,level_1,level_5,value_points,category_values,veto,parent\n"
OLD_ROWS = "".join(f"{line},,,,\n" for line in CRITERIA.splitlines()[1:])


def write_criteria(*rows):
    return HEAD + OLD_ROWS + "".join(f"{row}\n" for row in rows)


def test_open_client_reads_points_categories_vetoes_and_parents(tmp_path):
    criteria = write_criteria(
        "age,Age,potential,benefit,0,25,10,,,0:0; 8:0.1; 25:1,,,", "trust,Trust,chance,benefit,0,1,30,,,,,,",
        "purchase,Purchase,chance,benefit,0,1,10,,,,tender:0; free:1,0.2,trust",
        "access,Access,chance,benefit,1,5,30,none,direct,,,,trust")
    accounts = ("account,name,segment,projects,distance,age,purchase,access\n"
                "007,Alder,S1,5,12.5,8,Free,5\n008,Birch,S2,,,4,tender,3\n")

    model = build_model(open_client(write_client(tmp_path / "acme", criteria_csv=criteria, accounts_csv=accounts)))

    assert model.client.accounts["purchase"].tolist() == ["Free", "tender"]
    assert set(model.criteria["criterion"]) == {"growth", "know_how", "projects", "distance", "age", "purchase",
                                                "access"}
    weights = model.criteria.set_index("criterion")["effective_weight"]
    assert weights[["distance", "purchase", "access"]].tolist() == pytest.approx([0.25, 0.1875, 0.5625])
    assert model.vetoes[["account", "criterion"]].to_numpy().tolist() == [["008", "purchase"]]
    # Age 8 is worth 0.1 and projects 5 is worth 1, both of weight 1/2.
    assert model.account_scores["potential_score"].iloc[0] == pytest.approx(0.55)


def test_open_client_reads_french_headers_and_decimal_commas(tmp_path):
    criteria = ("critère;libellé;axe;sens;pire;meilleur;poids;points de valeur;seuil de veto;sous-critère de\n"
                "growth;Croissance;attrait;bénéfice;0;1;1;;;\nknow_how;Savoir;atouts;bénéfice;1;5;1;;;\n"
                'projects;Projets;potentiel;bénéfice;1;5;1;"1:0; 3:0,2; 5:1";1,5;\n'
                "distance;Distance;chances;coût;300;0;1;;;\n")

    client = open_client(write_client(tmp_path / "acme", criteria_csv=criteria))

    row = client.criteria.set_index("criterion").loc["projects"]
    assert (row["value_points"], row["veto"]) == ("1:0; 3:0,2; 5:1", 1.5)


def test_open_client_takes_a_declared_column_of_words_as_a_category(tmp_path):
    criteria = write_criteria("sector,Sector,potential,benefit,0,1,10,,,,hospital:1; *:0.5,,")
    accounts = ACCOUNTS.replace("name,segment", "name,segment,sector").replace("S1,", "S1,Hospital,").replace(
        "S2,", "S2,,")

    model = build_model(open_client(write_client(tmp_path / "acme", criteria_csv=criteria, accounts_csv=accounts)))

    assert model.account_scores["potential_score"].iloc[0] == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("row", "column", "sentence"),
    [
        ("age,Age,potential,benefit,0,25,10,,,0:0; 8:2; 25:1,,,", "value_points", "outside 0 to 1"),
        ("age,Age,potential,benefit,0,25,10,,,8:0; 0:1,,,", "value_points", "must increase"),
        ("age,Age,potential,benefit,0,25,10,,,0:0; 20:1,,,", "value_points", "must lead from the worst"),
        ("age,Age,potential,benefit,0,25,10,,,0:0; 8:0.9; 9:0.1; 25:1,,,", "value_points", "without turning back"),
        ("age,Age,potential,cost,25,0,10,,,0:0; 25:1,,,", "value_points", "must lead from the worst"),
        ("age,Age,potential,benefit,0,25,10,,,,old:0; new:1,,", "best", "worst 0 and best 1"),
        ("age,Age,potential,benefit,0,1,10,,,,old; new,,", "category_values", "cannot be read"),
        ("age,Age,potential,benefit,0,1,10,,,0:0; 1:1,old:0,,", "category_values", "not both"),
        ("age,Age,attractiveness,benefit,0,25,10,,,,,3,", "veto", "potential and chance"),
        ("age,Age,potential,benefit,0,25,10,,,,,,project", "parent", "did you mean projects"),
        ("age,Age,potential,benefit,0,25,10,,,,,,distance", "parent", "no such criterion on the axis potential"),
        ("age,Age,potential,benefit,0,25,10,,,,,,age", "parent", "break the circle"),
        ("age,Age,potential,benefit,0,25,10,,,,,,projects", "best", "their weighted sum"),
    ],
)
def test_check_client_refuses(tmp_path, row, column, sentence):
    problems = check_client(write_client(tmp_path / "acme", criteria_csv=write_criteria(row)))

    found = [problem for problem in problems if sentence in str(problem.message)]
    assert [(problem.file, problem.column) for problem in found] == [("criteria.csv", column)]
    assert found[0].row == (4 if "weighted sum" in sentence else 6)


def test_check_client_lists_the_rows_of_unknown_categories(tmp_path):
    criteria = write_criteria("purchase,Purchase,potential,benefit,0,1,10,,,,tender:0; free:1,,")
    accounts = ACCOUNTS.replace("projects", "purchase,projects").replace("R1,5", "R1,FREE,5")
    accounts = accounts.replace(",,,\n", ",,lease,,\n")

    problems = check_client(write_client(tmp_path / "acme", criteria_csv=criteria, accounts_csv=accounts))

    assert show(problems) == [("accounts.csv", 3, "purchase", "lease")]
    assert "tender, free" in str(problems[0].message)


def test_open_client_notes_a_criterion_nobody_has_data_for(tmp_path):
    criteria = write_criteria("age,Age,potential,benefit,0,25,10,,,,,,",
                              "wallet_share,Share,chance,benefit,0,1,10,,,,,,",
                              "n_won_opportunities,Won,chance,benefit,0,4,10,,,,,,")

    notes = open_client(write_client(tmp_path / "acme", criteria_csv=criteria)).notes

    assert show(notes)[:2] == [("criteria.csv", 6, "criterion", "age"),
                               ("criteria.csv", 8, "criterion", "n_won_opportunities")]
    assert "accounts.csv" in str(notes[0].message)
