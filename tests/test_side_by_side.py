"""Measures of two states as they are drawn: what stands on the screen adds up."""

from __future__ import annotations

import math

import pytest
from chart_facts import ENGLISH, FRENCH

from salesmodel_kit.workshop.side_by_side import make_pair


@pytest.mark.parametrize(
    ("amounts", "style", "said", "difference"),
    [
        ((0.1249, 0.2251), "decimal", ("0.1", "0.2"), "+0.1"),
        ((11.54, 20.95), "decimal", ("11.5", "21.0"), "+9.5"),
        ((0.806, 1.404), "share", ("81%", "140%"), "+59\N{NO-BREAK SPACE}points"),
        ((136.0, 136.4), "number", ("136", "136"), "="),
        ((2.675, 1.0), "share", ("268%", "100%"), "\N{MINUS SIGN}168\N{NO-BREAK SPACE}points"),
    ],
)
def test_make_pair_says_the_difference_of_what_stands_on_the_screen(amounts, style, said, difference):
    pair = make_pair("Load", amounts, style, ENGLISH)

    assert pair.said == said
    assert pair.difference.replace(" ", "\N{NO-BREAK SPACE}") == difference


def test_make_pair_leaves_out_what_nobody_knows_and_writes_french():
    pair = make_pair("Temps", (math.nan, 1.25), "decimal", FRENCH)

    assert pair.amounts == (None, 1.25)
    assert (pair.said, pair.difference) == (("–", "1,2"), "–")
