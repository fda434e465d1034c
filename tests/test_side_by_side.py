"""Measures of two states as they are drawn: what stands on the screen adds up."""

from __future__ import annotations

import math
import re

import pytest
from chart_facts import ENGLISH, FRENCH
from hypothesis import given
from hypothesis import strategies as st

from salesmodel_kit.workshop.side_by_side import make_pair


@pytest.mark.parametrize(
    ("amounts", "style", "said", "difference"),
    [
        ((0.1249, 0.2251), "decimal", ("0.1", "0.2"), "+0.1"),
        ((11.54, 20.95), "decimal", ("11.5", "21.0"), "+9.5"),
        ((0.806, 1.404), "share", ("81%", "140%"), "+59\N{NO-BREAK SPACE}points"),
        ((136.0, 136.4), "number", ("136", "136"), "="),
        ((0.801, 0.812), "share", ("80%", "81%"), "+1\N{NO-BREAK SPACE}point"),
        ((11.04e6, 9.84e6), "money", ("£11M", "£9.8M"), "\N{MINUS SIGN}£1.2M"),
        ((11.04e6, 11.46e6), "money", ("£11.04M", "£11.46M"), "+£420k"),
        ((110_432.0, 9_812.0), "money", ("£110.4k", "£9,800"), "\N{MINUS SIGN}£100.6k"),
        ((0.0, 81_234.0), "money", ("£0", "£81k"), "+£81k"),
        ((1_266_400.0, 1_266_400.0), "money", ("£1.3M", "£1.3M"), "="),
        ((0.0, 0.0), "money", ("£0", "£0"), "="),
        ((5e6, 5e6 + 1), "money", ("£5M", "£5M"), "="),
        ((2.675, 1.0), "share", ("268%", "100%"), "\N{MINUS SIGN}168\N{NO-BREAK SPACE}points"),
    ],
)
def test_make_pair_says_the_difference_of_what_stands_on_the_screen(amounts, style, said, difference):
    pair = make_pair("Load", amounts, style, ENGLISH)

    assert pair.said == said
    assert pair.difference.replace(" ", "\N{NO-BREAK SPACE}") == difference


@given(st.floats(-1e10, 1e10), st.floats(-1e10, 1e10))
def test_make_pair_says_sums_of_money_that_add_up(first, second):
    pair = make_pair("Cost", (first, second), "money", ENGLISH)

    amounts = [read_money(said) for said in (*pair.said, "£0" if pair.difference == "=" else pair.difference)]
    assert amounts[1] - amounts[0] == pytest.approx(amounts[2], rel=1e-9, abs=1e-3)
    assert amounts[0] == pytest.approx(first, rel=0.05, abs=max(abs(first), abs(second)) / 1000 + 0.01)


def read_money(said):
    figure, unit = re.fullmatch(r"[+\N{MINUS SIGN}]?£([\d.,]+)(bn|M|k|)", said).groups()
    sign = -1 if said.startswith("\N{MINUS SIGN}") else 1
    return sign * float(figure.replace(",", "")) * {"bn": 1e9, "M": 1e6, "k": 1e3, "": 1}[unit]


def test_make_pair_leaves_out_what_nobody_knows_and_writes_french():
    pair = make_pair("Temps", (math.nan, 1.25), "decimal", FRENCH)

    assert pair.amounts == (None, 1.25)
    assert (pair.said, pair.difference) == (("–", "1,2"), "–")


@pytest.mark.parametrize(("second", "said"), [(0.51, "+1 point"), (0.514, "+1 point"), (0.52, "+2 points")])
def test_make_pair_says_points_in_french_as_french_counts(second, said):
    assert make_pair("Charge", (0.5, second), "share", FRENCH).difference.replace("\N{NO-BREAK SPACE}", " ") == said
