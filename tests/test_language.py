"""Numbers, money, dates and plurals in both languages."""

import datetime as dt

import pytest
from babel import numbers
from hypothesis import given
from hypothesis import strategies as st

from salesmodel_kit.errors import Message, SalesModelError
from salesmodel_kit.language import UNKNOWN, WORDS, Language, find_user_language, recognize_message, set_type

NBSP, THIN = "\u00a0", "\u202f"
ENGLISH, FRENCH = Language("en", "EUR"), Language("fr", "EUR")


@pytest.mark.parametrize(
    ("value", "digits", "english", "french"),
    [
        (1234.5, 1, "1,234.5", f"1{THIN}234,5"),
        (1234567, 0, "1,234,567", f"1{THIN}234{THIN}567"),
        (0, 0, "0", "0"),
        (-0.04, 1, "0.0", "0,0"),
        (-12, 0, "\N{MINUS SIGN}12", "\N{MINUS SIGN}12"),
        (float("nan"), 0, UNKNOWN, UNKNOWN),
        (None, 0, UNKNOWN, UNKNOWN),
    ],
)
def test_number_is_written_in_full(value, digits, english, french):
    said = ENGLISH.number(value, digits), FRENCH.number(value, digits)

    assert said == (english, french)


@pytest.mark.parametrize(
    ("value", "english", "french"),
    [
        (640, "640", "640"),
        (9_876, "9,880", f"9{THIN}880"),
        (12_345, "12.3k", f"12,3{NBSP}k"),
        (1_234_567, "1.23M", f"1,23{NBSP}M"),
        (float("nan"), UNKNOWN, UNKNOWN),
    ],
)
def test_brief_keeps_three_significant_digits(value, english, french):
    assert (ENGLISH.brief(value), FRENCH.brief(value)) == (english, french)


@pytest.mark.parametrize(
    ("value", "english", "french"),
    [
        (1_234_567, "€1.2M", f"1,2{NBSP}M€"),
        (999_999, "€1M", f"1{NBSP}M€"),
        (123_456, "€120k", f"120{NBSP}k€"),
        (640, "€640", f"640{NBSP}€"),
        (-1_500_000, "\N{MINUS SIGN}€1.5M", f"\N{MINUS SIGN}1,5{NBSP}M€"),
        (2_500_000_000, "€2.5bn", f"2,5{NBSP}Md€"),
        (None, UNKNOWN, UNKNOWN),
    ],
)
def test_brief_money_keeps_two_significant_digits(value, english, french):
    assert (ENGLISH.brief_money(value), FRENCH.brief_money(value)) == (english, french)


def test_money_is_written_in_full_with_its_symbol():
    assert ENGLISH.money(12_345) == "€12,345"
    assert FRENCH.money(12_345.5, 2) == f"12{THIN}345,50{NBSP}€"
    assert Language("en", "CHF").money(5) == f"CHF{NBSP}5"
    assert Language("en", "CHF").brief_money(1_200_000) == f"CHF{NBSP}1.2M"
    assert FRENCH.money(-0.2) == f"0{NBSP}€"


def test_share_is_percent_with_the_space_of_the_language():
    assert (ENGLISH.share(0.625), FRENCH.share(0.625)) == ("62%", f"62{NBSP}%")
    assert FRENCH.share(0.0625, 1) == f"6,2{NBSP}%"
    assert FRENCH.share(float("nan")) == UNKNOWN


def test_the_first_of_a_month_is_an_ordinal_in_french():
    first, last = dt.date(2026, 12, 1), dt.date(2026, 12, 11)

    assert [Language(code).date(first) for code in ("fr", "en")] == ["1er décembre 2026", "1 December 2026"]
    assert Language("fr").date(last) == "11 décembre 2026"


def test_hours_and_dates_are_said_in_words():
    day = dt.date(2026, 9, 30)

    assert (ENGLISH.hours(1250), FRENCH.hours(1250)) == (f"1,250{NBSP}h", f"1{THIN}250{NBSP}h")
    assert (ENGLISH.date(day), FRENCH.date(day)) == ("30 September 2026", "30 septembre 2026")
    assert FRENCH.date(None) == UNKNOWN


@pytest.mark.parametrize(("count", "english", "french"), [(0, "many", "one"), (1, "one", "one"), (2, "many", "many"),
                                                          (1.5, "many", "one")])
def test_plural_follows_the_language(count, english, french):
    assert (ENGLISH.plural(count, "one", "many"), FRENCH.plural(count, "one", "many")) == (english, french)


def test_enumerate_joins_with_the_word_of_the_language():
    assert ENGLISH.enumerate(["a", "b", "c"]) == "a, b and c"
    assert FRENCH.enumerate(["a", "b", "c"]) == "a, b et c"
    assert FRENCH.enumerate([]) == ""


def test_enumerate_quotes_names_of_which_one_could_be_read_as_two():
    assert ENGLISH.enumerate(["Water and energy", "Retail"]) == "“Water and energy” and “Retail”"
    assert FRENCH.enumerate(["Négoce et vente", "Or"]) == "«\u00a0Négoce et vente\u00a0» et «\u00a0Or\u00a0»"
    assert ENGLISH.enumerate(["“Water and energy”", "Retail"]) == "“Water and energy” and Retail"
    assert ENGLISH.enumerate(["Water and energy"]) == "Water and energy"


def test_quote_uses_the_marks_of_the_language():
    assert (ENGLISH.quote("Size"), FRENCH.quote("Taille")) == ("“Size”", f"«{NBSP}Taille{NBSP}»")


def test_word_says_every_value_in_both_languages():
    assert (ENGLISH.word("tier", "gold"), FRENCH.word("tier", "gold")) == ("gold", "or")
    assert FRENCH.word("posture", "harvest") == "récolter"
    assert FRENCH.word("tier", float("nan")) == UNKNOWN
    for kind, words in WORDS.items():
        for value in words:
            assert FRENCH.word(kind, value)


def test_set_type_keeps_a_unit_with_its_number_in_every_language():
    assert set_type("60 km apart, {hours} h a day", "en") == "60\u00a0km apart, {hours}\u00a0h a day"
    assert set_type(" h a year", "en") == "\u00a0h a year"
    assert set_type("3 hours, 5 kmh", "en") == "3 hours, 5 kmh"


def test_set_type_puts_french_spaces_and_apostrophes():
    assert set_type("L'or : 5 % ; « oui » ?", "fr") == f"L’or{NBSP}: 5{NBSP}%{THIN}; «{NBSP}oui{NBSP}»{THIN}?"
    assert set_type("It's 5 %", "en") == "It's 5 %"


@given(st.text())
def test_set_type_is_done_once_and_for_all(text):
    once = set_type(text, "fr")

    assert set_type(once, "fr") == once


def test_say_translates_the_template_and_leaves_the_facts():
    message = Message("{client}: there is no such folder or workbook.", {"client": "l'ours : a"})

    assert FRENCH.say(message) == f"l'ours : a{NBSP}: il n’y a pas de tel dossier ou classeur."
    assert ENGLISH.say(message) == "l'ours : a: there is no such folder or workbook."


def test_text_without_facts_leaves_braces_alone():
    assert FRENCH.text("a client's {word}") == "a client's {word}"


def test_language_refuses_one_it_does_not_speak():
    with pytest.raises(SalesModelError, match="choose one of: en, fr"):
        Language("de")


def test_recognize_message_finds_template_and_facts_of_a_sentence():
    sentence = "Channel field: next_channel inside must come later in this order: inside, field."

    message = recognize_message(sentence)

    assert str(message) == sentence
    assert message.facts == {"channel": "field", "following": "inside", "order": "inside, field"}
    assert Language("fr").say(message) != sentence


def test_recognize_message_knows_nothing_of_other_sentences():
    assert recognize_message("division by zero") is None


def test_say_translates_messages_among_the_facts():
    inner = Message("The disk is full.", {})

    said = Language("fr").say(Message("Unexpected error: {error}.", {"error": inner}))

    assert "The disk is full" not in said


def test_set_type_keeps_the_thousands_of_a_number_together():
    assert set_type("plus de 2 000 entreprises", "fr") == f"plus de 2{THIN}000 entreprises"
    assert set_type("7 000 000", "fr") == f"7{THIN}000{THIN}000"


AMOUNTS = st.floats(-1e15, 1e15) | st.integers(-(10**9), 10**9) | st.sampled_from([0.5, 2.5, -0.4, 1.005, 1e-9, 999.5])


@given(AMOUNTS, st.integers(0, 3), st.sampled_from(["en_GB", "fr_FR"]))
def test_number_is_what_babel_writes(value, digits, locale):
    shown = 0 if round(value, digits) == 0 else value  # no minus before a zero
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    expected = numbers.format_decimal(shown, pattern, locale=locale).replace("-", "\N{MINUS SIGN}")

    assert Language(locale[:2]).number(value, digits) == expected


@given(AMOUNTS, st.sampled_from(["EUR", "GBP", "USD", "CHF", "JPY"]))
def test_money_is_what_babel_writes(value, currency):
    shown = 0 if round(value) == 0 else value
    symbols = {code: numbers.get_currency_symbol(currency, locale=code) for code in ("en_GB", "fr_FR")}
    gap = NBSP if symbols["en_GB"].isalpha() else ""
    for locale, pattern in (("en_GB", f"¤{gap}#,##0"), ("fr_FR", f"#,##0{NBSP}¤")):
        expected = numbers.format_currency(shown, currency, pattern, locale=locale, currency_digits=False)

        assert Language(locale[:2], currency).money(value) == expected.replace("-", "\N{MINUS SIGN}")


@pytest.mark.parametrize(
    ("environment", "code"),
    [
        ({}, "en"),
        ({"LANG": "fr_CA.UTF-8"}, "fr"),
        ({"LANG": "fr_FR", "LC_ALL": "C"}, "en"),
        ({"LANG": "de_DE"}, "en"),
        ({"LANG": "fr_FR", "SALESMODEL_LANGUAGE": "en"}, "en"),
        ({"LC_ALL": "", "LC_MESSAGES": "fr_FR"}, "fr"),
    ],
)
def test_find_user_language_follows_the_environment(environment, code):
    assert find_user_language(environment).code == code
