"""Public holidays, leave, calls made and the days of the plan, as a client writes them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import holidays
import pandas as pd
import pytest
from client_files import PROFILE, check_client, show, write_client

from salesmodel_kit.client.calendar import list_subdivisions, read_public_holidays
from salesmodel_kit.client.folder import open_client

LEAVE = "rep,first_day,last_day,reason\nR1,2026-12-24,2026-12-31,leave\n,2026-05-15,2026-05-15,bridge\n"
CALLS_MADE = "account,made_on,rep\n007,2026-09-15,R1\n008,2026-09-30,\n"


def test_read_public_holidays_gives_those_of_france() -> None:
    days = read_public_holidays("FR", None, [2026])

    assert {dt.date(2026, 4, 6), dt.date(2026, 7, 14), dt.date(2026, 12, 25)} <= days
    assert len(days) == 11


def test_read_public_holidays_adds_those_of_a_part_of_the_country() -> None:
    more = read_public_holidays("FR", "57", [2026]) - read_public_holidays("FR", None, [2026])

    assert more == {dt.date(2026, 4, 3), dt.date(2026, 12, 26)}  # Good Friday and 26 December, in Moselle


def test_read_public_holidays_knows_none_of_an_unknown_country() -> None:
    assert read_public_holidays("XX", None, [2026]) == frozenset()


def test_open_client_reads_leave_and_calls_made(tmp_path: Path) -> None:
    client = open_client(write_client(tmp_path, leave_csv=LEAVE))

    assert client.leave["first_day"].tolist() == [pd.Timestamp("2026-12-24"), pd.Timestamp("2026-05-15")]
    assert client.leave["rep"].isna().tolist() == [False, True]
    assert client.calls_made is None


def test_open_client_reads_french_names(tmp_path: Path) -> None:
    folder = write_client(tmp_path)
    (folder / "congés.csv").write_text("commercial;du;au;motif\nR1;24/12/2026;31/12/2026;congés\n", encoding="utf-8")
    (folder / "visites.csv").write_text("compte;date;commercial\n007;15/09/2026;R1\n", encoding="utf-8")

    client = open_client(folder)

    assert client.leave["last_day"].tolist() == [pd.Timestamp("2026-12-31")]
    assert client.calls_made["made_on"].tolist() == [pd.Timestamp("2026-09-15")]


@pytest.mark.parametrize(("name", "content", "expected"), [
    ("leave", LEAVE.replace("2026-12-31", "2026-12-20"), ("leave.csv", 2, "last_day", "2026-12-20")),
    ("leave", LEAVE.replace("R1", "R9"), ("leave.csv", 2, "rep", "R9")),
    ("leave", LEAVE.replace("2026-12-31", "12/31/2026"), ("leave.csv", 2, "last_day", "12/31/2026")),
    ("calls_made", CALLS_MADE.replace("008", "009"), ("calls_made.csv", 3, "account", "009")),
    ("calls_made", CALLS_MADE.replace("R1", "R7"), ("calls_made.csv", 2, "rep", "R7")),
    ("calls_made", CALLS_MADE.replace("2026-09-30", "2026-10-01"), ("calls_made.csv", 3, "made_on", "2026-10-01")),
])
def test_open_client_refuses_what_cannot_be(tmp_path: Path, name: str, content: str, expected: tuple) -> None:
    (write_client(tmp_path) / f"{name}.csv").write_text(content, encoding="utf-8")

    assert show(check_client(tmp_path)) == [expected]


@pytest.mark.parametrize(("line", "column", "said"), [
    ("subdivision: Mosele", "subdivision", "know no such part"),
    ("subdivision: 58", "subdivision", "take one of: 57, 6AE"),
    ("plan_from: 2026-09-30", "plan_from", "in the past"),
    ("plan_from: 09/30/2026", "plan_from", "never MM/DD"),
    ("plan_year_from: 2025-01-01", "plan_year_from", "at most 365 days"),
    ("plan_year_from: 2025-10-01", "plan_year_from", "belongs to the year after"),  # 365 days, and no week left
])
def test_open_client_refuses_a_profile_whose_plan_cannot_be(
        tmp_path: Path, line: str, column: str, said: str) -> None:
    problems = check_client(write_client(tmp_path, client_yaml=f"{PROFILE}{line}\n"))

    assert [problem.column for problem in problems] == [column]
    assert said in str(problems[0].message)


def test_open_client_takes_the_day_after_the_data_where_no_plan_is_declared(tmp_path: Path) -> None:
    profile = open_client(write_client(tmp_path)).profile

    assert profile.plan_start == profile.plan_year_start == dt.date(2026, 10, 1)


def test_open_client_notes_a_country_without_known_holidays(tmp_path: Path) -> None:
    client = open_client(write_client(tmp_path, client_yaml=PROFILE.replace("country: FR", "country: XX")))

    assert [note.column for note in client.notes if "public holidays" in str(note.message)] == ["country"]


@pytest.mark.parametrize("country", ["FR", "GB", "DE", "US", "XX", "fr"])
def test_list_subdivisions_names_what_the_library_lists(country: str) -> None:
    assert list_subdivisions(country) == holidays.list_supported_countries().get(country)
