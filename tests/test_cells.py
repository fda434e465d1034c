import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesmodel_kit.client.cells import fold, is_missing, read_choices, read_dates, read_numbers, sort_numbers
from salesmodel_kit.tables import ACCOUNTS, CRITERIA, OPPORTUNITIES


def cells_of(*texts):
    return pd.Series(list(texts), dtype="str")


def read(text, mark=None, **options):
    return read_numbers(sort_numbers(cells_of(text), **options), mark=mark).iloc[0]


@pytest.mark.parametrize(("text", "number"), [
    ("0", 0), ("007", 7), ("-3", -3), ("−3", -3), ("+4", 4), ("1 234", 1234), ("1\u00a0234", 1234),
    ("1\u202f234\u202f567", 1234567), ("1'234", 1234), ("1 234,5", 1234.5), ("1 234.5", 1234.5), ("1.234,5", 1234.5),
    ("1,234.5", 1234.5), ("1.234.567", 1234567), ("1,234,567", 1234567), ("0,125", 0.125), ("0.125", 0.125),
    (",5", 0.5), ("2.35", 2.35), ("2,3567", 2.3567), ("1234.567", 1234.567), ("1e3", 1000), ("1,5E+06", 1500000),
])
def test_read_numbers_reads_what_can_only_be_one_number(text, number):
    assert read(text) == number


@pytest.mark.parametrize("text", [
    "inf", "-Infinity", "nan", "∞", "1e999", "12 34", "1 2345", "1,23,45", "1.2.3", "twelve", "12 %", "5 km", "(5)",
    "--1", "1-2", "0x10", "1_000", "٣",
])
def test_read_numbers_gives_missing_for_what_is_no_number(text):
    assert math.isnan(read(text))


@pytest.mark.parametrize(("text", "mark", "number"), [
    ("1,234", ",", 1.234), ("1,234", ".", 1234), ("1.234", ".", 1.234), ("1.234", ",", 1234),
])
def test_read_numbers_reads_an_unclear_mark_as_it_is_told(text, mark, number):
    assert read(text, mark) == number
    assert math.isnan(read(text))


def test_sort_numbers_takes_a_workbooks_number_as_it_is():
    numbers = sort_numbers(cells_of("1.234", "1.234"), exact=pd.Series([True, False]))

    assert numbers.forms.tolist() == ["exact", "unclear"]


@pytest.mark.parametrize("text", ["12,5 €", "€12.5", "12.5 EUR", "12,5\u00a0€"])
def test_sort_numbers_leaves_the_clients_own_currency_aside(text):
    assert read(text, currency="EUR") == 12.5
    assert math.isnan(read(text, currency="USD"))
    assert math.isnan(read(text))


@settings(deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_read_numbers_gives_back_any_number_that_python_writes(number):
    assert read(repr(number), ".") == number


@settings(deadline=None)
@given(st.integers(min_value=-10**12, max_value=10**12), st.integers(min_value=0, max_value=99))
def test_read_numbers_reads_french_and_english_writing_alike(whole, hundredths):
    english = f"{whole:,}.{hundredths:02d}"
    french = english.replace(",", "\u202f").replace(".", ",")

    assert read(french) == read(english) == float(f"{whole}.{hundredths:02d}")


@pytest.mark.parametrize("text", ["", "-", "–", "n/a", "N/A", "n.c.", "N.D.", "n/d"])
def test_is_missing_knows_the_signs_for_not_known(text):
    assert is_missing(cells_of(text), is_word=False).all()
    assert is_missing(cells_of(text), is_word=True).all()


@pytest.mark.parametrize("text", ["NA", "nc", "ND", "null"])
def test_is_missing_keeps_what_can_be_a_word(text):
    assert is_missing(cells_of(text), is_word=False).all()
    assert not is_missing(cells_of(text), is_word=True).any()


def test_is_missing_never_takes_zero_for_missing():
    assert not is_missing(cells_of("0", "0,0", "00"), is_word=False).any()


@pytest.mark.parametrize(("text", "day"), [
    ("2026-02-01", "2026-02-01"), ("2026-02-01T10:30:00", "2026-02-01"), ("2026-02-01 00:00", "2026-02-01"),
    ("01/02/2026", "2026-02-01"), ("1/2/2026", "2026-02-01"), ("01.02.2026", "2026-02-01"),
    ("29-02-2024", "2024-02-29"),
])
def test_read_dates_puts_the_day_before_the_month(text, day):
    assert read_dates(cells_of(text)).iloc[0] == pd.Timestamp(day)


@pytest.mark.parametrize("text", [
    "02/25/2026", "30/02/2026", "2026-13-01", "29/02/2026", "45000", "01/02/26", "1899-12-31", "soon", "2026-02",
])
def test_read_dates_gives_missing_for_impossible_days(text):
    assert read_dates(cells_of(text)).isna().all()


@pytest.mark.parametrize(("text", "choice"), [
    ("ouverte", "open"), ("EN COURS", "open"), ("Gagnée", "won"), ("gagnee", "won"), ("Closed-Won", "won"),
    ("LOST", "lost"),
])
def test_read_choices_knows_both_languages_in_any_case(text, choice):
    assert read_choices(cells_of(text), OPPORTUNITIES.column("status")).tolist() == [choice]


def test_read_choices_knows_signs_and_codes_without_zeros():
    assert read_choices(cells_of("+", "-"), CRITERIA.column("direction")).tolist() == ["benefit", "cost"]
    bands = read_choices(cells_of("1", "0", "00", "11"), ACCOUNTS.column("size_band"))
    assert bands.tolist() == ["01", "00", "00", "11"]


def test_read_choices_gives_none_for_another_word():
    assert read_choices(cells_of("perhaps"), OPPORTUNITIES.column("status")).tolist() == [None]


def test_fold_meets_spellings_of_one_name():
    assert {fold(name) for name in ("Chiffre d'affaires", "CHIFFRE D’AFFAIRES", "chiffre_d_affaires")} == {
        "chiffre d affaires"}
