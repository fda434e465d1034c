"""What a mapping file may do to a column."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesmodel_kit.client.operations import (
    as_text,
    join_words,
    lengthen_salesforce_id,
    say,
    take_first_known,
    translate,
)

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def make_text(*cells: str | None) -> pd.Series:
    return pd.Series(cells, dtype="str")


@pytest.mark.parametrize(("short", "long"), [
    # Known pairs: identifiers published with the algorithm.
    ("a01M00000062mPg", "a01M00000062mPgIAI"),
    ("001M000000qfPyS", "001M000000qfPySIAU"),
    ("a0FE000000D6r3F", "a0FE000000D6r3FMAR"),
    ("0F9E000000092w2", "0F9E000000092w2KAA"),
    ("aaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaAAA"),
    ("AbCdEfGhIjKlMnO", "AbCdEfGhIjKlMnOVKV"),
    ("aBcDEfgHIJKLMNO", "aBcDEfgHIJKLMNO025"),
])
def test_lengthen_salesforce_id_gives_the_published_form(short, long):
    assert lengthen_salesforce_id(short) == long
    assert lengthen_salesforce_id(long) == long


def test_lengthen_salesforce_id_restores_letters_that_a_spreadsheet_put_in_capitals():
    assert lengthen_salesforce_id("001M000000QFPYSIAU") == "001M000000qfPySIAU"


@pytest.mark.parametrize("text", ["", "Zoé Martin", "007", "001M000000qfPy!", "001M000000qfPySIA"])
def test_lengthen_salesforce_id_leaves_other_texts_alone(text):
    assert lengthen_salesforce_id(text) == text


@given(st.text(LETTERS, min_size=15, max_size=15))
def test_lengthen_salesforce_id_tells_apart_what_differs_by_case(short):
    long = lengthen_salesforce_id(short)

    assert len(long) == 18
    assert long[:15] == short
    assert lengthen_salesforce_id(long.upper()) == long
    assert lengthen_salesforce_id(short.swapcase()).upper() != long.upper() or short.swapcase() == short


def test_translate_meets_spellings_and_keeps_what_is_not_listed():
    cells = make_text("technolgy", "TECHNOLGY", "retail", None)

    found = translate(cells, {"technolgy": "technology"}, None)

    assert found.fillna("?").tolist() == ["technology", "technology", "retail", "?"]


def test_translate_gives_the_rest_one_word_or_nothing():
    cells = make_text("Won", "Engaging", None)

    assert translate(cells, {"won": "won"}, "open").fillna("?").tolist() == ["won", "open", "?"]
    assert translate(cells, {"won": "won"}, "").fillna("?").tolist() == ["won", "?", "?"]


def test_translate_makes_a_word_missing():
    assert translate(pd.Series([0.0, 3.0]), {"0": ""}, None).fillna("?").tolist() == ["?", "3"]


def test_take_first_known_skips_what_is_missing():
    found = take_first_known([make_text("a", None, None), make_text("b", "c", None)])

    assert found.fillna("?").tolist() == ["a", "c", "?"]


def test_take_first_known_keeps_zero_of_numbers():
    found = take_first_known([pd.Series([0.0, float("nan")]), pd.Series([5.0, 6.0])])

    assert found.tolist() == [0.0, 6.0]


def test_join_words_leaves_no_gap_where_a_part_is_missing():
    found = join_words([make_text("Nancy", None, None), make_text("Davolio", "King", None)])

    assert found.fillna("?").tolist() == ["Nancy Davolio", "King", "?"]


def test_as_text_writes_whole_numbers_without_decimals():
    assert as_text(pd.Series([7.0, 2.5, float("nan")])).fillna("?").tolist() == ["7", "2.5", "?"]


def test_say_takes_the_language_or_the_only_words_there_are():
    assert say({"en": "Not given", "fr": "Non renseigné"}, "fr") == "Non renseigné"
    assert say({"en": "Not given"}, "fr") == "Not given"
    assert say("retail", "fr") == "retail"
