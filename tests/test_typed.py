"""Numbers as somebody types them before the room."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesmodel_kit.language import Language
from salesmodel_kit.workshop.typed import read_typed

FRENCH, ENGLISH = Language("fr"), Language("en")


@pytest.mark.parametrize(("words", "french", "english"), [
    ("4,5", 4.5, 4.5), ("4.5", 4.5, 4.5), ("1 234,5", 1234.5, 1234.5), ("1,234", 1.234, 1234.0),
    ("1.234", 1234.0, 1.234), (" -3 ", -3.0, -3.0), ("−3", -3.0, -3.0), ("12,5 %", 0.125, 0.125), ("50%", 0.5, 0.5),
])
def test_read_typed_takes_what_a_table_would_take(words, french, english):
    assert read_typed(words, language=FRENCH) == pytest.approx(french)
    assert read_typed(words, language=ENGLISH) == pytest.approx(english)


@pytest.mark.parametrize(
    "words", ["", "much", "nan", "inf", "-inf", "1_000", "1e999", "4,5,6", "%", "4 5", "0x10", "=1+1"])
def test_read_typed_takes_nothing_else(words):
    assert read_typed(words, language=FRENCH) is None
    assert read_typed(words, language=ENGLISH) is None


@given(st.text(max_size=12), st.sampled_from([FRENCH, ENGLISH]))
def test_read_typed_gives_a_finite_number_or_nothing(words, language):
    number = read_typed(words, language=language)

    assert number is None or math.isfinite(number)
