import pytest
from client_files import check_client, show

from salesmodel_kit.client.folder import new_client, open_client
from salesmodel_kit.client.reading import match_headers, parse_table, read_text_table
from salesmodel_kit.client.sources import find_client, read_sources
from salesmodel_kit.client.starter import make_folder, make_id
from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.resources import find_resource
from salesmodel_kit.tables import AXES, CRITERIA, INPUT_TABLES, LEVELS

FILES = {"en": ["accounts.csv", "calls_made.csv", "client.yaml", "criteria.csv", "leave.csv", "opportunities.csv",
                "participants.csv", "personas.csv", "plan.csv", "reps.csv", "response.csv", "segments.csv",
                "votes.csv"],
         "fr": ["client.yaml", "commerciaux.csv", "comptes.csv", "conges.csv", "criteres.csv", "opportunites.csv",
                "participants.csv", "personas.csv", "plan.csv", "response.csv", "segments.csv", "visites_faites.csv",
                "votes.csv"]}


def fill(folder, language):
    """Fill a new client in by hand: two segments, two accounts, one rep."""
    mark = ";" if language == "fr" else ","
    accounts, reps = ("comptes.csv", "commerciaux.csv") if language == "fr" else ("accounts.csv", "reps.csv")
    rows = {accounts: (("007", "Alder", "S1"), ("008", "Birch", "S2")), "segments.csv": (("S1", "One"), ("S2", "Two")),
            reps: (("R1", "Ann", "terrain" if language == "fr" else "field"),)}
    for name, lines in rows.items():
        with (folder / name).open("a", encoding="utf-8") as stream:
            stream.writelines(f"{mark.join(line)}\n" for line in lines)
    profile = folder / "client.yaml"
    profile.write_text(profile.read_text(encoding="utf-8").replace("data_until:", "data_until: 2026-09-30"),
                       encoding="utf-8")
    return folder


@pytest.mark.parametrize("language", ["en", "fr"])
def test_new_client_says_what_is_still_to_fill_in(tmp_path, language):
    folder = new_client(tmp_path / "acme", language=language)

    assert sorted(path.name for path in folder.iterdir()) == FILES[language]
    accounts = FILES[language][2 if language == "fr" else 0]
    assert show(check_client(folder)) == [
        ("client.yaml", 14, "data_until", None), ("segments.csv", None, None, None), (accounts, None, None, None)]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_new_client_opens_once_it_is_filled_in(tmp_path, language):
    folder = fill(new_client(tmp_path / "Société d'Échelles", language=language), language)

    client = open_client(folder)

    assert (client.profile.id, client.profile.name) == ("societe-d-echelles", "Société d'Échelles")
    assert client.profile.language == language
    assert client.accounts["account"].tolist() == ["007", "008"]
    assert client.opportunities is None
    assert client.response is None
    assert set(client.criteria["axis"]) == set(AXES)
    assert client.criteria.groupby("axis")["weight"].sum().tolist() == [100] * 4
    assert "win_probability_at_worst" not in client.profile.assumptions


@pytest.mark.parametrize("language", ["en", "fr"])
def test_new_client_proposes_criteria_with_every_meaning(tmp_path, language):
    folder = new_client(tmp_path / "acme", language=language)
    name = "criteres.csv" if language == "fr" else "criteria.csv"

    criteria, problems = parse_table(read_text_table(folder / name), CRITERIA)

    assert problems == ()
    rated = criteria[["worst", "best"]].isin([1, 5]).all(axis="columns")
    meanings = criteria[[f"level_{level}" for level in LEVELS]]
    assert rated.sum() == 13
    assert meanings[rated].notna().all(axis=None)
    assert meanings[~rated].isna().all(axis=None)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_templates_have_every_declared_column_and_criterion(language):
    sources = read_sources(find_resource("templates", "client", language))
    criteria, _ = parse_table(sources.tables["criteria"], CRITERIA)

    for table in INPUT_TABLES:
        place, problems = match_headers(sources.tables[table.name], table, criteria=criteria)
        own = criteria.loc[criteria["axis"].isin(table.axes), "criterion"]
        derived = {"untapped_potential_per_year", "employees_at_least"}
        assert problems == []
        assert set(place.headers) == {*table.names, *(set(own) - derived)}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_new_client_writes_the_same_as_one_workbook(tmp_path, language):
    book = new_client(tmp_path / "acme.xlsx", language=language, name="=1+1 & Cie")
    folder = new_client(tmp_path / "book", language=language, workbook=True)

    problems = check_client(book)

    assert [path.name for path in folder.iterdir()] == ["client.xlsx"]
    assert [problem.sheet for problem in problems] == [
        "client", "segments", "comptes" if language == "fr" else "accounts"]
    assert problems[0].column == "data_until"
    sources = read_sources(book)
    assert sources.tables["client"].frame.iloc[1].tolist() == ["name", "=1+1 & Cie"]
    plain = read_sources(new_client(tmp_path / "plain", language=language))
    for name in ("criteria", "accounts"):
        table = next(table for table in INPUT_TABLES if table.name == name)
        frames = [parse_table(source.tables[name], table)[0] for source in (sources, plain)]
        assert frames[0].equals(frames[1])


def test_new_client_copies_a_demo_client(tmp_path):
    folder = new_client(tmp_path / "copy", example="industrial-services")

    copied, original = read_sources(folder).files, read_sources(find_client("demo:industrial-services")).files
    assert open_client(folder).profile.id == "copy"
    changed = {name for name in original if copied[name] != original[name]}
    assert copied.keys() == original.keys()
    assert changed == {"client.yaml"}


def test_new_client_refuses_to_write_over_anything(tmp_path):
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "mine.txt").write_text("x")
    (tmp_path / "acme.xlsx").write_text("x")

    for name in ("acme", "acme.xlsx"):
        with pytest.raises(SalesModelError, match="nothing was written"):
            new_client(tmp_path / name)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["acme", "acme.xlsx"]
    assert [path.name for path in (tmp_path / "acme").iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(("options", "sentence"), [
    ({"language": "de"}, "choose one of: en, fr"),
    ({"example": "industrial-service"}, "did you mean industrial-services"),
    ({"example": "industrial-services", "workbook": True}, "copied as a folder"),
])
def test_new_client_refuses_what_there_is_not(tmp_path, options, sentence):
    with pytest.raises(SalesModelError, match=sentence):
        new_client(tmp_path / "acme", **options)

    assert list(tmp_path.iterdir()) == []


def test_make_folder_leaves_nothing_half_written(tmp_path):
    with pytest.raises(SalesModelError, match="cannot be written"):
        make_folder(tmp_path / "acme", {"good.csv": b"x", "good.csv/inside.csv": b"x"})

    assert list(tmp_path.iterdir()) == []


def test_make_folder_fills_an_empty_folder(tmp_path):
    (tmp_path / "acme").mkdir()

    make_folder(tmp_path / "acme", {"a.csv": b"x", "strategies/own.yaml": b"y"})

    assert (tmp_path / "acme" / "strategies" / "own.yaml").read_bytes() == b"y"


@pytest.mark.parametrize(("name", "client_id"), [
    ("Ordavel & Fils", "ordavel-fils"), ("  ", "client"), ("\u65e5\u672c", "client"), ("x" * 80, "x" * 64),
])
def test_make_id_gives_an_id_that_a_file_can_carry(name, client_id):
    assert make_id(name) == client_id
