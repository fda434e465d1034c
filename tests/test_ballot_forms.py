"""Answers become votes that the checks accept, or are refused field by field."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from voting_room import write_room

from salesmodel_kit.client.ballot_forms import FORM_METHODS, list_forms, read_answers, recall_answers
from salesmodel_kit.client.folder import open_client


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    return open_client(write_room(tmp_path_factory.mktemp("forms")))


def find_form(client, method, axis="chance"):
    return next(form for form in list_forms(client.criteria, client.segments, method) if form.axis == axis)


def refuse(client, method, answers):
    return [(key, str(message)) for key, message in read_answers(find_form(client, method), answers, "Ann").problems]


@pytest.mark.parametrize("method", [method for method in FORM_METHODS if method != "rating"])
def test_list_forms_asks_only_where_there_is_something_to_weigh(client, method):
    assert [form.axis for form in list_forms(client.criteria, client.segments, method)] == ["chance"]


def test_list_forms_rates_each_segment_on_the_axes_of_the_matrix(client):
    forms = list_forms(client.criteria, client.segments, "rating")

    assert [(form.axis, [(each.segment, each.low, each.high) for each in form.fields]) for form in forms] == [
        ("attractiveness", [("S1", -0.05, 0.15), ("S2", -0.05, 0.15)]),
        ("competitive_strength", [("S1", 1.0, 5.0), ("S2", 1.0, 5.0)])]


def test_list_forms_leaves_out_wholes_and_what_is_measured_in_words(client):
    criteria = client.criteria.copy()
    criteria.loc[criteria["criterion"] == "trust", "parent"] = "price"
    criteria.loc[criteria["criterion"] == "know_how", "category_values"] = "none:0; full:1"

    assert list(list_forms(criteria, client.segments, "points")[0].labels) == ["distance", "trust"]
    assert [form.axis for form in list_forms(criteria, client.segments, "rating")] == ["attractiveness"]


@pytest.mark.parametrize(
    ("method", "answers", "votes"),
    [
        ("points", {"points-0": "50", "points-1": " 12,5 ", "points-2": "0"},
         [("points", "distance", None, 50), ("points", "trust", None, 12.5), ("points", "price", None, 0)]),
        ("rank", {"rank-0": "2", "rank-1": "1", "rank-2": "2"},
         [("rank", "distance", None, 2), ("rank", "trust", None, 1), ("rank", "price", None, 2)]),
        ("comparison", {"comparison-0-1": "1/3", "comparison-0-2": "9"},
         [("comparison", "trust", "distance", 3), ("comparison", "distance", "price", 9)]),
        ("best_worst", {"best": "trust", "worst": "price", "best_to-0": "2", "best_to-2": "8", "to_worst-0": "4",
                        "to_worst-1": "8"},
         [("best_to", "trust", "distance", 2), ("best_to", "trust", "price", 8), ("to_worst", "distance", "price", 4),
          ("to_worst", "trust", "price", 8)]),
    ],
)
def test_read_answers_composes_votes(client, method, answers, votes):
    form = find_form(client, method)

    found = read_answers(form, answers, "Ann")

    assert found.problems == ()
    assert [(each.kind, each.criterion, each.against, each.vote) for each in found.votes] == votes
    assert read_answers(form, recall_answers(form, found.votes), "Ann") == found


@pytest.mark.parametrize(
    ("method", "answers", "key", "word"),
    [
        ("points", {"points-0": "-5", "points-1": "1", "points-2": "1"}, "points-0", "0 to 1000"),
        ("points", {"points-0": "1e9", "points-1": "1", "points-2": "1"}, "points-0", "0 to 1000"),
        ("points", {"points-0": "nan", "points-1": "1", "points-2": "1"}, "points-0", "0 to 1000"),
        ("points", {"points-0": "5", "points-2": "1"}, "points-1", "missing"),
        ("points", {"points-0": "0", "points-1": "0", "points-2": "0"}, None, "gives 0 to every criterion"),
        ("rank", {"rank-0": "1.5", "rank-1": "1", "rank-2": "2"}, "rank-0", "whole number from 1 to 3"),
        ("rank", {"rank-0": "3", "rank-1": "3", "rank-2": "1"}, None, None),
        ("rank", {"rank-0": "3", "rank-1": "3", "rank-2": "3"}, None, None),
        ("rank", {"rank-0": "2", "rank-1": "3", "rank-2": "3"}, None, "hole"),
        ("comparison", {"comparison-0-1": "1/12"}, "comparison-0-1", "1/2 to 1/9"),
        ("comparison", {"comparison-0-1": "3"}, None, "do not connect Price"),
        ("best_worst", {"best": "nobody", "worst": "price"}, "best", "distance, trust, price"),
        ("best_worst", {"best": "trust", "worst": "trust", "best_to-0": "2", "best_to-2": "2", "to_worst-0": "2",
                        "to_worst-2": "2"}, None, "choose two"),
    ],
)
def test_read_answers_says_what_is_wrong_where(client, method, answers, key, word):
    found = refuse(client, method, answers)

    if word is None:
        assert found == []
    else:
        assert [(at, word in sentence) for at, sentence in found] == [(key, True)]


def test_read_answers_takes_ratings_as_far_as_they_are_given(client):
    form = find_form(client, "rating", "attractiveness")

    found = read_answers(form, {"rating-1-0": "-0.02"}, "Ann")

    assert [(each.segment, each.criterion, each.vote) for each in found.votes] == [("S2", "growth", -0.02)]


def test_read_answers_says_nothing_of_an_empty_form(client):
    found = read_answers(find_form(client, "points"), {"points-0": " ", "other": "5"}, "Ann")

    assert (found.votes, found.problems) == ((), ())


@given(texts=st.dictionaries(st.sampled_from(["points-0", "points-1", "points-2", "x"]), st.text(max_size=12)))
def test_read_answers_refuses_any_text_without_stumbling(client, texts):
    found = read_answers(find_form(client, "points"), texts, "Ann")

    assert not (found.votes and found.problems)
    assert all(0 <= each.vote <= 1000 for each in found.votes)
