"""From exports to a client's folder: what is taken, what is said, what is refused."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from salesmodel_kit.client.folder import new_client, open_client
from salesmodel_kit.client.imports import import_files, refresh_files
from salesmodel_kit.errors import InputProblems, SalesModelError

SALESFORCE_ACCOUNTS = """\
Id,Name,Industry,AnnualRevenue,NumberOfEmployees,BillingCity,BillingCountry,OwnerId,Website
001M000000qfPySIAU,Acme,Energy,2500000,120,Lyon,France,005M000000000a1IAA,acme.example
001M000000qfPyTIAU,=Cmd|' /C calc'!A0,,,,Brest,France,005M000000000a2IAA,
"""
SALESFORCE_OPPORTUNITIES = """\
Id,AccountId,Name,StageName,Amount,CloseDate,CreatedDate,IsClosed,IsWon,OwnerId,CurrencyIsoCode
006M000000000001,001M000000qfPyS,Lot 1,Signed,1200.5,2024-03-15,2024-02-01T10:00:00.000Z,true,true,005M000000000a1,EUR
006M000000000002,001M000000qfPyS,Lot 2,Signed,800,2023-03-20,2023-02-01T10:00:00.000Z,true,true,005M000000000a1,EUR
006M000000000003,001M000000qfPyT,Lot 3,Talks,50,2024-09-30,2024-03-20T10:00:00.000Z,false,false,005M000000000a3,EUR
006M000000000004,001M000000other,Lot 4,Dropped,70,2024-01-10,2024-02-01T10:00:00.000Z,true,false,005M000000000a1,EUR
"""
SALESFORCE_FRENCH_ACCOUNTS = """\
Nom du compte;ID du compte;Secteur d'activité;Employés;Chiffre d'affaires annuel;Ville (facturation);\
Propriétaire du compte
Échelles Dupont;001M000000qfPyS;Énergie;120;2 500 000,50;Lyon;Zoé Martin
Mairie de Brest;001M000000qfPyT;;;;Brest;Luc Petit
"""
SALESFORCE_FRENCH_OPPORTUNITIES = """\
Nom de l'opportunité;ID de l'opportunité;Nom du compte;Étape;Montant;Date de clôture;Date de création;\
Propriétaire de l'opportunité
Lot 1;006M00000000001;Échelles Dupont;Fermée gagnée;1 200,50;15/03/2024;01/02/2024;Zoé Martin
Lot 2;006M00000000002;Mairie de Brest;Négociation;800;30/06/2024;20/03/2024;Anne Roy
"""
HUBSPOT_COMPANIES = """\
Record ID,Company name,Industry,Annual Revenue,Number of Employees,City,Postal Code,Country/Region,Company owner
101,Acme,ENERGY,2500000,120,Lyon,69003,France,Zoe Martin
102,Beta,,,,Brest,29200,France,
"""
HUBSPOT_DEALS = """\
Record ID,Deal Name,Deal Stage,Pipeline,Amount,Close Date,Create Date,Deal owner,Associated Company IDs,\
Associated Company
9001,Lot 1,Closed won,Sales,1200.5,2024-03-15 09:30,2024-02-01 08:00,Zoe Martin,101;102,Acme;Beta
9002,Lot 2,Appointment scheduled,Sales,800,2024-06-30 09:30,2024-03-20 08:00,Anne Roy,102,Beta
9003,Lot 3,closedlost,Sales,,2024-03-01 09:30,2024-02-20 08:00,Anne Roy,,Acme
"""
HUBSPOT_FRENCH_COMPANIES = """\
ID de fiche d'informations;Nom de l'entreprise;Secteur d'activité;Chiffre d'affaires annuel;Nombre d'employés;Ville
101;Échelles Dupont;Énergie;2500000,5;120;Lyon
"""
HUBSPOT_FRENCH_DEALS = """\
ID de fiche d'informations;Nom de la transaction;Phase de la transaction;Montant;Date de fermeture;Entreprise associée
9001;Lot 1;Fermé gagné;1200,5;15/03/2024;Échelles Dupont
9002;Lot 2;Fermé perdu;70,25;20/03/2024;Échelles Dupont
"""


def write_files(folder: Path, *texts: str, encoding: str = "utf-8") -> list[Path]:
    folder.mkdir(exist_ok=True)
    paths = [folder / f"export{number}.csv" for number in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_bytes(text.encode(encoding))
    return paths


def tell(found: object) -> str:
    return "\n".join(str(message) for message in found.sentences)


def list_problems(caught: pytest.ExceptionInfo[InputProblems]) -> list[tuple[object, ...]]:
    return [(problem.file, problem.row, problem.column, problem.value) for problem in caught.value.problems]


@pytest.fixture
def salesforce(tmp_path):
    return write_files(tmp_path / "exports", SALESFORCE_OPPORTUNITIES, SALESFORCE_ACCOUNTS)


def test_import_files_joins_short_and_long_salesforce_identifiers(tmp_path, salesforce):
    import_files("salesforce", salesforce, tmp_path / "client")

    client = open_client(tmp_path / "client")
    assert client.accounts["account"].tolist() == ["001M000000qfPySIAU", "001M000000qfPyTIAU"]
    assert client.opportunities["account"].fillna("?").tolist() == [
        "001M000000qfPySIAU", "001M000000qfPySIAU", "001M000000qfPyTIAU", "?"]
    assert client.reps["rep"].tolist() == ["005M000000000a1IAA", "005M000000000a2IAA", "005M000000000a3IAA"]


def test_import_files_reads_won_lost_and_open_from_salesforce_flags_not_from_own_stage_names(tmp_path, salesforce):
    import_files("salesforce", salesforce, tmp_path / "client")

    assert open_client(tmp_path / "client").opportunities["status"].tolist() == ["won", "won", "open", "lost"]


def test_import_files_sums_won_deals_of_the_twelve_months_before_the_last_event(tmp_path, salesforce):
    import_files("salesforce", salesforce, tmp_path / "client")

    client = open_client(tmp_path / "client")
    # The last event is the deal created on 20 March 2024; a deal won on 20 March 2023 is a day too old.
    assert client.profile.data_until.isoformat() == "2024-03-20"
    assert client.accounts["sales_per_year"].tolist() == [1200.5, 0.0]


def test_import_files_says_what_it_changed_and_leaves_no_row_out_in_silence(tmp_path, salesforce):
    summary = import_files("salesforce", salesforce, tmp_path / "client")

    said = tell(summary)
    assert summary.n_rows == {"criteria.csv": 9, "segments.csv": 2, "accounts.csv": 2, "reps.csv": 3,
                              "opportunities.csv": 4}
    assert "export1.csv: columns not used: Website." in said
    assert "deals that name an account that is not there (001M000000otherIAA), kept without it: 1." in said
    assert "deals entered after they were closed, whose opening day is taken as unknown: 1." in said
    assert "To confirm: role of every salesperson in reps.csv." in said
    assert "no potential_per_year" in said
    assert "accounts.csv: rows in which employees is not known: 1 of 2." in said


def test_import_files_neutralizes_formulas_and_leaves_the_input_alone(tmp_path, salesforce):
    before = [path.read_bytes() for path in salesforce]

    import_files("salesforce", salesforce, tmp_path / "client")

    assert open_client(tmp_path / "client").accounts["name"].tolist() == ["Acme", "'=Cmd|' /C calc'!A0"]
    assert [path.read_bytes() for path in salesforce] == before


def test_import_files_states_what_is_assumed_and_cuts_tiers_without_potential(tmp_path, salesforce):
    import_files("salesforce", salesforce, tmp_path / "client")

    client = open_client(tmp_path / "client")
    assert client.strategy.tiers.rule == "account_share"
    assert client.profile.data_basis["role"].basis == "assumed"
    assert client.reps["role"].unique().tolist() == ["field"]
    assert client.accounts["potential_per_year"].isna().all()
    assert "market_growth" not in client.segments.columns


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_import_files_reads_french_salesforce_reports(tmp_path, encoding):
    files = write_files(tmp_path / "exports", SALESFORCE_FRENCH_ACCOUNTS, SALESFORCE_FRENCH_OPPORTUNITIES,
                        encoding=encoding)

    import_files("salesforce", files, tmp_path / "client", language="fr")

    client = open_client(tmp_path / "client")
    assert client.profile.language == "fr"
    assert client.accounts["name"].tolist() == ["Échelles Dupont", "Mairie de Brest"]
    assert client.accounts["company_revenue"].tolist()[0] == 2500000.5
    assert client.accounts["segment"].tolist() == ["Énergie", "Non renseigné"]
    assert client.accounts["sales_per_year"].tolist() == [1200.5, 0.0]
    assert client.opportunities["account"].tolist() == ["001M000000qfPySIAU", "001M000000qfPyTIAU"]
    assert client.opportunities["status"].tolist() == ["won", "open"]
    assert client.criteria["label"].tolist()[0] == "Nombre de salariés"


def test_import_files_reads_a_hubspot_export(tmp_path):
    files = write_files(tmp_path / "exports", HUBSPOT_DEALS, HUBSPOT_COMPANIES)

    summary = import_files("hubspot", files, tmp_path / "client")

    client = open_client(tmp_path / "client")
    assert client.accounts["account"].tolist() == ["101", "102"]
    assert client.accounts["postal_code"].tolist() == ["69003", "29200"]
    assert client.opportunities["account"].tolist() == ["101", "102", "101"]
    assert client.opportunities["status"].tolist() == ["won", "open", "lost"]
    assert client.accounts["sales_per_year"].tolist() == [1200.5, 0.0]
    assert "rows with several values, of which the first is taken: 1" in tell(summary)


def test_import_files_reads_french_hubspot_labels(tmp_path):
    files = write_files(tmp_path / "exports", HUBSPOT_FRENCH_COMPANIES, HUBSPOT_FRENCH_DEALS)
    owners = HUBSPOT_FRENCH_COMPANIES.replace(";Ville\n", ";Ville;Propriétaire de l'entreprise\n").replace(
        ";Lyon\n", ";Lyon;Zoé Martin\n")
    files[0].write_text(owners, encoding="utf-8")

    import_files("hubspot", files, tmp_path / "client", language="fr")

    client = open_client(tmp_path / "client")
    assert client.opportunities["status"].tolist() == ["won", "lost"]
    assert client.opportunities["amount"].tolist() == [1200.5, 70.25]
    assert client.accounts["sales_per_year"].tolist() == [1200.5]


def test_import_files_reads_internal_hubspot_names(tmp_path):
    companies = "hs_object_id,name,industry,annualrevenue,hubspot_owner_id\n101,Acme,ENERGY,2500000,77\n"
    deals = ("hs_object_id,dealname,dealstage,amount,closedate,createdate,hubspot_owner_id,associatedcompanyid\n"
             "9001,Lot 1,closedwon,1200.5,2024-03-15T09:30:00Z,2024-02-01T08:00:00Z,77,101\n")

    import_files("hubspot", write_files(tmp_path / "exports", companies, deals), tmp_path / "client")

    client = open_client(tmp_path / "client")
    assert client.opportunities["status"].tolist() == ["won"]
    assert client.opportunities["closed_on"].dt.strftime("%Y-%m-%d").tolist() == ["2024-03-15"]
    assert client.accounts["owner"].tolist() == ["77"]


def test_import_files_takes_nothing_from_contacts(tmp_path):
    contacts = "Record ID,First Name,Last Name,Email,Company Name\n1,Ann,Roy,ann@acme.example,Acme\n"
    files = write_files(tmp_path / "exports", contacts, HUBSPOT_COMPANIES)

    summary = import_files("hubspot", files, tmp_path / "client")

    assert len(open_client(tmp_path / "client").accounts) == 2
    assert "export0.csv: nothing is taken from it: contacts are persons" in tell(summary)


def test_import_files_reads_the_sheets_of_a_workbook(tmp_path):
    book = openpyxl.Workbook()
    for sheet, text in ((book.active, SALESFORCE_ACCOUNTS), (book.create_sheet("deals"), SALESFORCE_OPPORTUNITIES)):
        for line in text.splitlines():
            sheet.append([float(cell) if cell.replace(".", "").isdigit() and len(cell) < 9 else cell
                          for cell in line.split(",")])
            for cell in sheet[sheet.max_row]:
                cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
    book.save(tmp_path / "export.xlsx")

    import_files("salesforce", [tmp_path / "export.xlsx"], tmp_path / "client")

    client = open_client(tmp_path / "client")
    assert client.accounts["sales_per_year"].tolist() == [1200.5, 0.0]
    assert client.accounts["employees"].tolist()[0] == 120


def test_import_files_leaves_the_remarks_below_a_printed_report_out(tmp_path):
    text = SALESFORCE_ACCOUNTS + "\nAccounts with deals\nConfidential information\n"

    summary = import_files("salesforce", write_files(tmp_path / "exports", text), tmp_path / "client")

    assert len(open_client(tmp_path / "client").accounts) == 2
    assert "export0.csv: rows below the table with one cell only, taken as remarks: 2." in tell(summary)


def test_import_files_drops_criteria_that_nothing_measures(tmp_path):
    summary = import_files("salesforce", write_files(tmp_path / "exports", SALESFORCE_ACCOUNTS), tmp_path / "client")

    criteria = open_client(tmp_path / "client").criteria["criterion"].tolist()
    assert criteria[:2] == ["employees_at_least", "company_revenue"]
    assert "n_won_opportunities" not in criteria
    assert "criteria.csv: Deals won is left out: the export holds nothing to measure it by." in tell(summary)


@pytest.mark.parametrize(("dates", "expected"), [
    (("3/14/2024", "2/1/2024"), ["2024-02-01", "2024-03-14"]),
    (("14/3/2024", "1/2/2024"), ["2024-02-01", "2024-03-14"]),
])
def test_import_files_finds_the_order_of_day_and_month_in_the_column(tmp_path, dates, expected):
    header = "Opportunity Name,Stage,Close Date,Account Name"
    deals = f"{header}\nA,Closed Won,{dates[1]},Acme\nB,Closed Won,{dates[0]},Acme\n"

    import_files("salesforce", write_files(tmp_path / "exports", SALESFORCE_ACCOUNTS, deals), tmp_path / "client")

    assert open_client(tmp_path / "client").opportunities["closed_on"].dt.strftime("%Y-%m-%d").tolist() == expected


def test_import_files_refuses_dates_that_can_be_read_both_ways(tmp_path):
    deals = "Opportunity Name,Stage,Close Date,Account Name\nA,Closed Won,3/4/2024,Acme\n"
    files = write_files(tmp_path / "exports", SALESFORCE_ACCOUNTS, deals)

    with pytest.raises(InputProblems, match=r"problems to mend: 1\.") as caught:
        import_files("salesforce", files, tmp_path / "client")

    assert "dates: day_first" in str(caught.value.problems[0].message)
    assert list_problems(caught) == [("export1.csv", 2, "closed_on", "3/4/2024")]
    assert not (tmp_path / "client").exists()


def test_import_files_refuses_a_file_it_does_not_know_and_names_the_nearest(tmp_path):
    deals = "Opportunity Name,Stge,Close Date\nA,Won,2024-03-04\n"
    files = write_files(tmp_path / "exports", SALESFORCE_ACCOUNTS, deals)

    with pytest.raises(InputProblems, match=r"problems to mend: 1\.") as caught:
        import_files("salesforce", files, tmp_path / "client")

    said = str(caught.value.problems[0].message)
    assert "none of: accounts, opportunities, contacts" in said
    assert "Nearest is opportunities" in said
    assert "StageName (~ Stge?)" in said


def test_import_files_tells_every_problem_at_the_row_of_the_export(tmp_path):
    accounts = SALESFORCE_ACCOUNTS.replace(",2500000,120,", ",much,120,")
    deals = SALESFORCE_OPPORTUNITIES.replace(",50,2024-09-30", ",50,soon")

    with pytest.raises(InputProblems, match=r"problems to mend: 2\.") as caught:
        import_files("salesforce", write_files(tmp_path / "exports", accounts, deals), tmp_path / "client")

    assert list_problems(caught) == [
        ("export0.csv", 2, "company_revenue", "much"), ("export1.csv", 4, "closed_on", "soon")]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["exports"]


def test_import_files_traces_what_the_folders_check_finds_to_the_export(tmp_path):
    accounts = SALESFORCE_ACCOUNTS + "001M000000qfPyS,Acme again,Energy,,,,,,\n"

    with pytest.raises(InputProblems, match=r"problems to mend: 1\.") as caught:
        import_files("salesforce", write_files(tmp_path / "exports", accounts), tmp_path / "client")

    assert list_problems(caught) == [("export0.csv", 4, "account", "001M000000qfPySIAU")]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["exports"]


def test_import_files_refuses_amounts_in_several_currencies(tmp_path):
    deals = SALESFORCE_OPPORTUNITIES.replace("a3,EUR", "a3,USD")

    with pytest.raises(InputProblems) as caught:
        import_files("salesforce", write_files(tmp_path / "exports", SALESFORCE_ACCOUNTS, deals), tmp_path / "client")

    assert "EUR, USD" in str(caught.value.problems[0].message)


@pytest.mark.parametrize(("kind", "says"), [
    ("excel", "excel is not a kind of import"), ("table", "need a mapping file")])
def test_import_files_refuses_a_wrong_use(tmp_path, salesforce, kind, says):
    with pytest.raises(SalesModelError, match=says):
        import_files(kind, salesforce, tmp_path / "client")


def test_import_files_refuses_deals_without_accounts(tmp_path):
    with pytest.raises(SalesModelError, match="needs accounts"):
        import_files("salesforce", write_files(tmp_path / "exports", SALESFORCE_OPPORTUNITIES), tmp_path / "client")


def test_import_files_leaves_reps_empty_without_owners_and_takes_the_folders_own(tmp_path):
    accounts = "Name,Industry\nAcme,Energy\n"
    files = write_files(tmp_path / "exports", accounts)
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "reps.csv").write_text("rep,name,role\nzm,Zoé Martin,field\n", encoding="utf-8")

    import_files("salesforce", files, tmp_path / "client")
    import_files("salesforce", files, tmp_path / "own")

    without = open_client(tmp_path / "client")
    assert without.reps.empty
    assert without.notes[0].file == "reps.csv"
    assert open_client(tmp_path / "own").reps["rep"].tolist() == ["zm"]


def test_import_files_takes_a_file_that_is_named_twice_once(tmp_path, salesforce):
    import_files("salesforce", [*salesforce, *salesforce], tmp_path / "client")

    assert len(open_client(tmp_path / "client").accounts) == 2


def test_import_files_refuses_a_folder_of_other_files(tmp_path, salesforce):
    with pytest.raises(SalesModelError, match="not a client's folder"):
        import_files("salesforce", salesforce, tmp_path / "exports" / "..")


def test_import_files_adds_deals_to_a_folder_without_and_keeps_the_rest(tmp_path, salesforce):
    import_files("salesforce", salesforce[1:], tmp_path / "client")
    before = {path.name: path.read_bytes() for path in (tmp_path / "client").iterdir()}
    known = SALESFORCE_OPPORTUNITIES.replace("a3,EUR", "a1,EUR")

    summary = import_files("salesforce", write_files(tmp_path / "more", known), tmp_path / "client")

    assert {name: (tmp_path / "client" / name).read_bytes() for name in before} == before
    assert open_client(tmp_path / "client").opportunities["account"].notna().sum() == 3
    assert "reps.csv: kept as it is." in tell(summary)


def test_import_files_never_overwrites_what_is_there(tmp_path, salesforce):
    import_files("salesforce", salesforce, tmp_path / "client")
    before = {path.name: path.read_bytes() for path in (tmp_path / "client").iterdir()}

    with pytest.raises(SalesModelError, match=r"already has accounts\.csv, opportunities\.csv"):
        import_files("salesforce", salesforce, tmp_path / "client")

    assert {path.name: path.read_bytes() for path in (tmp_path / "client").iterdir()} == before


@pytest.mark.parametrize("language", ["en", "fr"])
def test_import_files_fills_a_new_clients_folder_under_its_own_names(tmp_path, salesforce, language):
    new_client(tmp_path / "client", language=language)
    names = {path.name for path in (tmp_path / "client").iterdir()}

    summary = import_files("salesforce", salesforce, tmp_path / "client")

    client = open_client(tmp_path / "client")
    assert {path.name for path in (tmp_path / "client").iterdir()} == names
    assert client.accounts["sales_per_year"].tolist() == [1200.5, 0.0]
    assert client.profile.data_until.isoformat() == "2024-03-20"
    assert "client.yaml: data_until was empty and is now 2024-03-20." in tell(summary)


def test_refresh_files_keeps_the_columns_of_the_folder_and_a_copy_of_the_former_file(tmp_path, salesforce):
    import_files("salesforce", salesforce, tmp_path / "client", language="fr")
    path = tmp_path / "client" / "accounts.csv"
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    path.write_text("\n".join([f"{lines[0]};Potentiel annuel", f"{lines[1]};9000,5", f"{lines[2]};"]), encoding="utf-8")
    former = path.read_bytes()
    newer = (text.replace(",Acme,", ",Acme Europe,").replace("qfPyT", "qfPyU")
             for text in (SALESFORCE_ACCOUNTS, SALESFORCE_OPPORTUNITIES))

    summary = refresh_files("salesforce", write_files(tmp_path / "newer", *newer), tmp_path / "client")

    accounts = open_client(tmp_path / "client").accounts
    assert accounts["account"].tolist() == ["001M000000qfPySIAU", "001M000000qfPyUIAU"]
    assert accounts["name"].tolist()[0] == "Acme Europe"
    assert accounts["potential_per_year"].fillna(-1).tolist() == [9000.5, -1]
    assert "accounts.csv: new rows: 1, rows gone: 1; columns kept from the folder:" in tell(summary)
    assert former in [copy.read_bytes() for copy in (tmp_path / "client" / "former").iterdir()]


def test_refresh_files_names_a_rep_that_the_folder_does_not_have(tmp_path, salesforce):
    import_files("salesforce", salesforce, tmp_path / "client")
    before = {path.name: path.read_bytes() for path in (tmp_path / "client").iterdir()}
    newer = SALESFORCE_ACCOUNTS.replace("005M000000000a2IAA", "005M000000000a9IAA")

    with pytest.raises(InputProblems) as caught:
        refresh_files("salesforce", write_files(tmp_path / "newer", newer), tmp_path / "client")

    assert ("export0.csv", 3, "owner", "005M000000000a9IAA") in list_problems(caught)
    assert {path.name: path.read_bytes() for path in (tmp_path / "client").iterdir()} == before
