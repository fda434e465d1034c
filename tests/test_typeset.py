import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesmodel_kit.charts.layout import make_figure
from salesmodel_kit.charts.style import chart_style
from salesmodel_kit.charts.typeset import clean_text, fit_text, measure_width, wrap_text

LONG = "Établissements Lefèvre-Dubois international services"


@pytest.mark.parametrize("missing", [None, np.nan, float("nan")])
def test_clean_text_gives_nothing_for_what_is_missing(missing):
    assert clean_text(missing) == ""


def test_clean_text_keeps_signs_that_mean_something_elsewhere():
    assert clean_text(" R$D_2 <b> 100 % {x} \\n ") == "R$D_2 <b> 100 % {x} \\n"


def test_clean_text_puts_a_name_on_one_line():
    assert clean_text("Two\nlines\tand\x00 more") == "Two lines and more"


def test_clean_text_replaces_signs_that_no_font_has():
    assert clean_text("医 Ville") == "� Ville"


def test_clean_text_keeps_the_spaces_of_french_numbers():
    assert clean_text("1\u202f234\u00a0€") == "1\u202f234\u00a0€"


def test_measure_width_agrees_with_what_is_drawn():
    with chart_style():
        figure, _ = make_figure(1.0)
        text = figure.text(0, 0.5, f"{LONG} 1\u202f234\u00a0€")

    drawn = text.get_window_extent(figure.canvas.get_renderer()).width * 72 / figure.dpi
    assert measure_width(text.get_text()) == pytest.approx(drawn, rel=0.01)


def test_measure_width_knows_the_narrow_space_as_narrow():
    narrow, broad, none = (measure_width(f"1{space}2") for space in ("\u202f", "\u00a0", ""))

    assert none < narrow <= broad < none + 5


def test_fit_text_leaves_a_name_that_fits():
    assert fit_text("Lyon", 100) == "Lyon"


def test_fit_text_cuts_between_words_where_that_costs_little():
    room = measure_width("Établissements Lefèvre-Dubois international se…") + 0.5

    assert fit_text(LONG, room) == "Établissements Lefèvre-Dubois international…"


@given(st.text(max_size=80), st.floats(20, 400))
def test_fit_text_never_exceeds_the_room(name, room):
    assert measure_width(fit_text(name, room)) <= room + 1e-6


def test_wrap_text_breaks_at_spaces_and_cuts_the_last_line():
    lines = wrap_text(f"{LONG} et logistique", 120, lines=2)

    assert lines[0] == "Établissements"
    assert lines[1].startswith("Lefèvre-Dubois")
    assert lines[1].endswith("…")


def test_wrap_text_gives_one_line_where_it_fits():
    assert wrap_text("Lyon", 100) == ["Lyon"]


def wrap_word_by_word(text, width, lines):
    wrapped, rest = [], clean_text(text).split(" ")
    while rest and len(wrapped) < lines - 1:
        line, rest = [rest[0]], rest[1:]
        while rest and measure_width(" ".join([*line, rest[0]])) <= width:
            line, rest = [*line, rest[0]], rest[1:]
        wrapped.append(" ".join(line))
    return [fit_text(line, width) for line in ([*wrapped, " ".join(rest)] if rest else wrapped)]


@given(st.lists(st.sampled_from(["a", "i", "AV", "WWWW", "tier", "1\u202f234", "—", "international"]), min_size=1,
                max_size=40), st.floats(5, 700), st.integers(1, 4))
def test_wrap_text_puts_as_many_words_on_a_line_as_fit(words, width, lines):
    assert wrap_text(" ".join(words), width, lines=lines) == wrap_word_by_word(" ".join(words), width, lines)
