"""What is wrong with votes is said with place, value and remedy."""

import pytest
from client_files import PROFILE, check_client, show, write_client
from hypothesis import given, settings
from hypothesis import strategies as st

from salesmodel_kit.chain import build_model
from salesmodel_kit.client.folder import open_client
from salesmodel_kit.errors import InputProblems

CRITERIA = """\
criterion,label,axis,direction,worst,best,weight,level_1,level_5
growth,Growth,attractiveness,benefit,-0.05,0.15,10,,
know_how,Know-how,competitive_strength,benefit,1,5,10,none,reference
projects,Projects in sight,potential,benefit,1,5,10,none,decided
distance,Distance,chance,cost,300,0,10,,
trust,Trust,chance,benefit,1,5,10,none,full
price,Price,chance,benefit,1,5,10,none,full
"""
ACCOUNTS = """\
account,name,segment,sales_per_year,potential_per_year,projects,distance,trust,price
007,Alder,S1,0,5000,5,12.5,3,4
"""
PEOPLE = "participant,name,department,voting_power\nP1,Ann,Sales,\nP2,Bo,Marketing,2\n"
HEADER = "round,participant,weight_set,kind,axis,criterion,against,segment,vote\n"
POINTS = "1,P1,,points,chance,distance,,,50\n1,P1,,points,chance,trust,,,30\n1,P1,,points,chance,price,,,20\n"


def write(folder, votes, **changes):
    files = {"criteria_csv": CRITERIA, "accounts_csv": ACCOUNTS, "participants_csv": PEOPLE,
             "votes_csv": HEADER + votes} | changes
    return write_client(folder, **files)


def find(folder, votes, **changes):
    return check_client(write(folder, votes, **changes))


def test_open_client_reads_votes_and_participants(tmp_path):
    client = open_client(write(tmp_path, POINTS))

    assert client.votes["vote"].tolist() == [50, 30, 20]
    assert str(client.votes["round"].dtype) == "Int64"
    assert client.participants["voting_power"].fillna(-1).tolist() == [-1, 2]


def test_open_client_without_votes_has_none(tmp_path):
    client = open_client(write_client(tmp_path))

    assert client.votes is client.participants is None
    assert build_model(client).weight_votes is build_model(client).segment_votes is None


def test_votes_are_read_in_french(tmp_path):
    french = ("Tour;Code participant;Jeu de poids;Méthode;Axe;Critère;Face à;Code segment;Jugement\n"
              "1;P1;;comparaison;chances;distance;trust;;2,5\n1;P1;;comparaison;chances;trust;price;;3\n"
              "1;P1;;note;atouts;know_how;;S1;4\n")

    client = open_client(write(tmp_path, "", votes_csv=french))

    assert client.votes["kind"].tolist() == ["comparison", "comparison", "rating"]
    assert client.votes["axis"].tolist() == ["chance", "chance", "competitive_strength"]
    assert client.votes["vote"].tolist() == [2.5, 3, 4]


@pytest.mark.parametrize(("votes", "place", "sentence"), [
    (POINTS.replace("P1", "P3", 1), (2, "participant", "P3"), "add them there, or correct it here"),
    (POINTS.replace("trust", "thrust"), (3, "criterion", "thrust"), "it has: distance, trust, price"),
    (POINTS.replace("1,P1,,points,chance,trust", "1,P1,,points,potential,trust"), (3, "criterion", "trust"),
     "no such criterion on the axis potential; it has: projects"),
    (POINTS + "1,P1,,rating,competitive_strength,know_how,,S9,3\n", (5, "segment", "S9"), "no such segment"),
    (POINTS.replace(",30", ",-1"), (3, "vote", "-1"), "Points of 0 or more"),
    (POINTS.replace("points", "rank").replace(",50", ",1.5"), (2, "vote", "1.5"), "whole number, 1 for"),
    ("1.5,P1,,points,chance,distance,,,1\n", (2, "round", "1.5"), "A whole number is expected"),
    (POINTS.replace("1,P1,,points,chance,distance", "0,P1,,rank,chance,distance"), (2, "round", "0"), "at least 1"),
    ("1,P1,,comparison,chance,distance,trust,,10\n", (2, "vote", "10"), "between 1/9"),
    ("1,P1,,comparison,chance,distance,trust,,0\n", (2, "vote", "0"), "between 1/9"),
    ("1,P1,,comparison,chance,distance,,,3\n", (2, "against", None), "criterion that it is made with"),
    ("1,P1,,comparison,chance,distance,distance,,3\n", (2, "vote", "3"), "as much as itself"),
    ("1,P1,,best_to,chance,distance,trust,,0.5\n", (2, "vote", "0.5"), "from 1 to 9"),
    ("1,P1,,points,chance,distance,trust,,3\n", (2, "against", "trust"), "leave the cell empty"),
    ("1,P1,,points,chance,distance,,S1,3\n", (2, "segment", "S1"), "Only a rating names a segment"),
    ("1,P1,,rating,competitive_strength,know_how,,,3\n", (2, "segment", None), "needs the market segment"),
    ("1,P1,,rating,chance,trust,,S1,3\n", (2, "axis", "chance"), "choose one of these axes"),
    ("1,P1,long,rating,competitive_strength,know_how,,S1,3\n", (2, "weight_set", "long"), "no set of weights"),
    ("1,P1,,rating,competitive_strength,know_how,,S1,6\n", (2, "vote", "6"), "between 1 and 5"),
    ("1,P1,,rating,attractiveness,growth,,S1,0.2\n", (2, "vote", "0.2"), "between -0.05 and 0.15"),
    (POINTS + "1,P1,,points,chance,price,,,20\n", (5, "criterion", "price"), "already in row 4"),
    ("1,P1,,comparison,chance,distance,trust,,3\n1,P1,,comparison,chance,trust,distance,,3\n", (3, "vote", "3"),
     "row 2 with 3; this one must be 0.333"),
    (POINTS.replace("1,P1,,points,chance,price,,,20\n", ""), (2, "participant", "P1"), "lack price"),
    (POINTS.replace(",50", ",0").replace(",30", ",0").replace(",20", ",0"), (2, "participant", "P1"), "gives 0 to"),
    (POINTS.replace("points", "rank").replace(",50", ",1").replace(",30", ",2").replace(",20", ",4"),
     (2, "participant", "P1"), "have a hole"),
    (POINTS.replace("points,chance,price", "swing,chance,price"), (2, "participant", "P1"), "several methods"),
    ("1,P1,,comparison,chance,distance,trust,,3\n", (2, "participant", "P1"), "do not connect price with distance"),
    ("1,P1,,best_to,chance,distance,trust,,3\n1,P1,,to_worst,chance,trust,price,,3\n", (2, "participant", "P1"),
     "lack"),
    ("1,P1,,best_to,chance,distance,trust,,3\n1,P1,,best_to,chance,price,trust,,3\n", (2, "participant", "P1"),
     "one best criterion"),
])
def test_check_client_says_what_is_wrong_with_a_vote(tmp_path, votes, place, sentence):
    problems = find(tmp_path, votes)

    assert show(problems) == [("votes.csv", *place)]
    assert sentence in str(problems[0].message)


@pytest.mark.parametrize("votes", [
    POINTS.replace("points", "rank").replace(",50", ",1").replace(",30", ",2").replace(",20", ",2"),
    POINTS.replace("points", "rank").replace(",50", ",1").replace(",30", ",3").replace(",20", ",3"),
    "1,P1,,comparison,chance,distance,trust,,3\n1,P1,,comparison,chance,trust,distance,,0.33\n"
    "1,P1,,comparison,chance,trust,price,,0.111\n",
    "1,P1,,rating,competitive_strength,know_how,,S1,1\n",
    POINTS + POINTS.replace("1,P1,,", "2,P1,,") + POINTS.replace("1,P1,,", "1,P1,long,") + POINTS.replace("P1", "P2"),
])
def test_check_client_accepts_sound_votes(tmp_path, votes):
    assert find(tmp_path, votes) == ()


def test_check_client_refuses_a_voting_power_of_nothing(tmp_path):
    problems = find(tmp_path, POINTS, participants_csv="participant,name,voting_power\nP1,Ann,0\n")

    assert show(problems) == [("participants.csv", 2, "voting_power", "0")]


def test_votes_without_participants_count_one_each(tmp_path):
    model = build_model(open_client(write(tmp_path, POINTS, participants_csv=None)))

    assert model.weight_votes["voting_power"].unique().tolist() == [1.0]


def read_profile(**keys):
    return PROFILE + "".join(f"{name}: {value}\n" for name, value in keys.items())


@pytest.mark.parametrize(("keys", "votes", "column", "sentence"), [
    ({"weights_from": "votes"}, None, "weights_from", "Nobody has voted on weights"),
    ({"weights_from": "vote"}, POINTS, "weights_from", "declared, votes"),
    ({"weights_from": "votes", "weight_set": "long"}, POINTS, "weight_set", "these are there: –"),
    ({"weights_from": "votes"}, POINTS + POINTS.replace("P1,,", "P1,long,").replace("chance", "chance"), None, None),
    ({"weights_from": "votes"}, POINTS.replace("P1,,", "P1,long,") + POINTS.replace("P1,,", "P1,short,"), "weight_set",
     "say which one counts with weight_set: long, short"),
    ({"weight_set": "long"}, POINTS, "weight_set", "only where weights_from is votes"),
])
def test_check_client_says_which_weights_can_count(tmp_path, keys, votes, column, sentence):
    changes = {"client_yaml": read_profile(**keys)} | ({"votes_csv": None} if votes is None else {})

    problems = find(tmp_path, votes or "", **changes)

    if column is None:
        assert problems == ()
    else:
        assert [(problem.file, problem.column) for problem in problems] == [("client.yaml", column)]
        assert sentence in str(problems[0].message)


def test_weights_from_votes_replace_the_declared_ones_and_say_so(tmp_path):
    profile = read_profile(weights_from="votes")

    model = build_model(open_client(write(tmp_path, POINTS, client_yaml=profile)))

    chance = model.criteria[model.criteria["axis"] == "chance"]
    assert chance["effective_weight"].tolist() == pytest.approx([0.5, 0.3, 0.2])
    assert model.data_basis["weight"].basis == "judged"
    assert model.data_basis["weight"].source == "votes of 1 participant"
    assert "votes of 1 participant" in model.assumptions["source"].tolist()
    assert model.weight_sets.table["set_name"].tolist() == ["Votes of the group", "Declared weights"]


def test_declared_weights_stay_in_force_beside_votes(tmp_path):
    model = build_model(open_client(write(tmp_path, POINTS)))

    chance = model.criteria[model.criteria["axis"] == "chance"]
    assert chance["effective_weight"].tolist() == pytest.approx([1 / 3] * 3)
    assert "weight" not in model.data_basis
    assert {"group_weights", "agreement", "weight_sets", "tier_changes"} <= set(model.tables())
    assert not {"weight_votes", "segment_votes", "vote_consistency"} & set(model.tables())


_CELL = st.sampled_from([
    "", "1", "P1", "P9", "points", "rank", "comparison", "best_to", "to_worst", "rating", "chance", "attractiveness",
    "trust", "price", "distance", "growth", "S1", "0", "9", "-1", "nan", "1e308"])


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(_CELL, min_size=9, max_size=9), min_size=1, max_size=6))
def test_any_votes_are_weighed_or_refused_in_sentences(tmp_path_factory, rows):
    folder = write(tmp_path_factory.mktemp("client"), "".join(",".join(row) + "\n" for row in rows))

    if check_client(folder):
        with pytest.raises(InputProblems, match="problems to mend"):
            open_client(folder)
        return
    client = open_client(folder)
    weights = build_model(client).weight_votes
    assert weights is None or weights["weight"].between(0, 1).all()


def test_a_set_named_like_the_kits_own_stands_beside_it(tmp_path):
    votes = POINTS.replace(",,points", ",Declared weights,points")
    profile = read_profile(weights_from="votes", weight_set="Declared weights")

    model = build_model(open_client(write(tmp_path, votes, client_yaml=profile)))

    assert model.weight_sets.table["set_name"].tolist() == ["“Declared weights”", "Declared weights"]
