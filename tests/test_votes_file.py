"""What was typed into the file of votes stays; a ballot replaces its own rows only."""

import pytest
from voting_room import HEADER

from salesmodel_kit.client.ballot_forms import Vote
from salesmodel_kit.client.votes_file import BallotKey, VotesFile
from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.resources import find_resource

DEMOS = ("software-publisher", "industrial-services", "laboratory-distributor")
ANN = BallotKey(1, "P1", "", "chance", False)
NEW = [Vote("points", "chance", "distance", None, None, 12.5), Vote("points", "chance", "trust", None, None, 3)]


def cast(text, key=ANN, votes=NEW):
    return VotesFile.parse(text.encode(), "votes.csv").cast({key: votes}).encode().decode("utf-8-sig")


@pytest.mark.parametrize("name", DEMOS)
def test_parse_keeps_every_line_as_typed(name):
    content = find_resource("data", name, "votes.csv").read_bytes()

    written = VotesFile.parse(content, "votes.csv").encode()

    before, after = (text.decode("utf-8-sig").splitlines() for text in (content, written))
    assert after[0] == before[0]
    assert sorted(after) == sorted(before)


def test_cast_puts_a_ballot_in_the_place_of_the_one_before():
    text = HEADER + "1,P1,,points,chance,distance,,,50\n1,P1,,points,chance,trust,,,30\n2,P1,,rank,chance,trust,,,1\n"

    assert cast(text).splitlines()[1:] == ["1,P1,,points,chance,distance,,,12.5", "1,P1,,points,chance,trust,,,3",
                                           "2,P1,,rank,chance,trust,,,1"]


@pytest.mark.parametrize("key", [ANN._replace(round=2), ANN._replace(participant="P2"),
                                 ANN._replace(weight_set="short"), ANN._replace(axis="potential")])
def test_cast_leaves_every_other_ballot_alone(key):
    line = "1,P1,,points,chance,distance,,,50"

    assert cast(f"{HEADER}{line}\n", key).splitlines()[1] == line


def test_cast_keeps_ratings_and_weights_of_the_same_axis_apart():
    text = HEADER + "1,P1,,rating,attractiveness,growth,,S1,0.1\n"

    written = cast(text, BallotKey(1, "P1", "", "attractiveness", False), [NEW[0]._replace(axis="attractiveness")])

    assert len(written.splitlines()) == 3


def test_cast_writes_the_words_and_the_decimal_mark_of_the_file():
    text = ("Tour;Code participant;Méthode;Axe;Critère;Jugement;# remarque\r\n"
            "1;P2;bascule;chances;distance;1,5;dit à voix basse\r\n")

    lines = cast(text).splitlines()

    assert lines[0] == "Tour;Code participant;Méthode;Axe;Critère;Jugement;# remarque;jeu de poids;face à;code segment"
    assert lines[1] == "1;P2;bascule;chances;distance;1,5;dit à voix basse;;;"
    assert lines[2] == "1;P1;points;chances;distance;12,5;;;;"


def test_cast_takes_the_name_of_a_set_for_no_formula():
    line = cast(HEADER, ANN._replace(weight_set="=1+1")).splitlines()[1]

    assert line.split(",")[2] == "'=1+1"


def test_parse_reads_a_declared_separator_and_keeps_it():
    text = "sep=;\n" + (HEADER + "1,P1,,points,chance,distance,,,50\n").replace(",", ";")

    assert cast(text).startswith("sep=;\n")


@pytest.mark.parametrize("text", ["", "account,name\n1,2\n", HEADER + "one,P1,,points,chance,distance,,,50\n",
                                  HEADER + "1,P1,,points,chance,,,,50\n"])
def test_parse_refuses_what_are_no_votes(text):
    with pytest.raises(SalesModelError, match=r"votes\.csv cannot be read"):
        VotesFile.parse(text.encode(), "votes.csv")


def test_find_last_round_counts_each_set_and_ratings_apart():
    text = HEADER + "2,P1,,points,chance,distance,,,5\n4,P1,short,points,chance,distance,,,5\n" \
                    "7,P1,,rating,attractiveness,growth,,S1,0.1\n"
    file = VotesFile.parse(text.encode(), "votes.csv")

    assert [file.find_last_round("", is_rating=False), file.find_last_round("short", is_rating=False),
            file.find_last_round("", is_rating=True), file.find_last_round("long", is_rating=False)] == [2, 4, 7, 0]
