"""Codes are steady, hard to guess, and guessing ends soon."""

import pytest

from salesmodel_kit.workshop.vote.tokens import MOST_GUESSES, Doors, TooManyGuesses, make_code, read_code

SECRET = bytes(range(32))


def test_make_code_is_the_same_after_a_restart_and_differs_by_person_and_secret():
    codes = {make_code(SECRET, "P1"), make_code(SECRET, "P2"), make_code(SECRET[::-1], "P1")}

    assert make_code(SECRET, "P1") in codes
    assert len(codes) == 3
    assert {len(code) for code in codes} == {10}


def test_read_code_forgives_how_it_is_typed():
    code = make_code(SECRET, "P1")

    assert read_code(f" {code[:5].lower()}-{code[5:]} ") == code


def test_find_knows_its_participants_only():
    doors = Doors(SECRET, ["P1", "P2"])

    assert doors.find(doors.codes["P2"], "a") == "P2"
    assert doors.find("P2", "a") is None
    assert doors.find("\udc80é", "a") is None


def test_find_ends_guessing_from_an_address_for_a_minute_and_from_there_only():
    now = [0.0]
    doors = Doors(SECRET, ["P1"], clock=lambda: now[0])
    for _ in range(MOST_GUESSES):
        doors.find("wrong", "bad")

    with pytest.raises(TooManyGuesses):
        doors.find(doors.codes["P1"], "bad")
    with pytest.raises(TooManyGuesses):
        doors.is_key(doors.key, "bad")
    assert doors.find(doors.codes["P1"], "good") == "P1"
    now[0] = 61.0
    assert doors.find(doors.codes["P1"], "bad") == "P1"


def test_is_key_takes_no_key_for_no_guess():
    doors = Doors(SECRET, ["P1"])
    for _ in range(2 * MOST_GUESSES):
        assert not doors.is_key("", "a")

    assert doors.is_key(doors.key, "a")


def test_find_remembers_a_bounded_number_of_addresses():
    doors = Doors(SECRET, ["P1"])
    for number in range(5000):
        doors.find("wrong", str(number))

    assert len(doors._guesses) <= 4096
