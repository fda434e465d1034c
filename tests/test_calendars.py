"""The call plan as iCalendar files."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from pathlib import Path

import icalendar
import pandas as pd
import pytest
from client_files import PROFILE, write_client
from small_client import fill_table, make_client

from salesmodel_kit import tables
from salesmodel_kit.chain import build_model
from salesmodel_kit.cli.program import main
from salesmodel_kit.client.folder import open_client
from salesmodel_kit.client.runs import Run, open_run
from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.reports.calendars import make_calendars, write_calendars
from salesmodel_kit.reports.step_tables import write_step_tables

MONDAY = pd.Timestamp("2026-11-09")  # Wednesday 11 November is a public holiday in France


def make_run(plan: pd.DataFrame, *, ended: str = "2026-11-01T10:00:00+01:00", **changes: object) -> Run:
    client = dataclasses.replace(make_client(), planned_calls=plan, **changes)
    return Run(Path("run"), client, "1.0", ended)


def make_plan(**columns: list) -> pd.DataFrame:
    rows = {"account": ["001", "001", "002"], "name": ["Alvane; Fils, \\ & Cie", "Alvane", "Brisso"],
            "tier": ["gold"] * 3, "rep": ["anna", "anna", "carla"],
            "week": [MONDAY, MONDAY + pd.Timedelta(days=28), MONDAY],
            "number": [1, 2, 1], "calls": [1, 1, 3], "hours": [2.25, 2.25, 1.5], "kind": ["visit", "visit", "remote"],
            "area": ["Saint-Étienne", None, None], "reason": ["even"] * 3} | columns
    rows.setdefault("day", rows["week"])
    return fill_table(tables.CALL_PLAN, rows)


def read_events(content: bytes) -> list[icalendar.Event]:
    return list(icalendar.Calendar.from_ical(content).walk("VEVENT"))


def test_make_calendars_gives_one_file_a_rep() -> None:
    calendars = make_calendars(make_run(make_plan()))

    assert list(calendars) == ["calls-anna.ics", "calls-carla.ics"]
    assert [len(read_events(content)) for content in calendars.values()] == [2, 1]


def test_make_calendars_can_be_read_back() -> None:
    first, second = read_events(make_calendars(make_run(make_plan()))["calls-anna.ics"])

    assert (str(first["summary"]), str(first["location"])) == ("Visit: Alvane; Fils, \\ & Cie", "Saint-Étienne")
    assert first.decoded("dtstart") == dt.date(2026, 11, 9)
    assert first.decoded("dtend") == dt.date(2026, 11, 10)
    assert first.decoded("dtstamp") == dt.datetime(2026, 11, 1, 9, tzinfo=dt.UTC)
    assert str(first["transp"]) == "TRANSPARENT"
    assert "2.25\xa0h, the way included" in str(first["description"])
    assert "location" not in second


def test_make_calendars_keeps_to_the_lines_of_rfc_5545() -> None:
    plan = make_plan(name=["Établissements " * 20, "Bad\r\nBEGIN:VEVENT", "Brisso"])

    content = make_calendars(make_run(plan))["calls-anna.ics"]

    lines = content.split(b"\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(len(line) for line in lines) <= 75
    assert lines.count(b"BEGIN:VEVENT") == 2
    assert [str(event["summary"]).count("Établissements") for event in read_events(content)] == [20, 0]


def test_make_calendars_agree_with_a_reading_by_hand() -> None:
    """RFC 5545 without a library: unfold, split at the first colon, undo the escapes."""
    content = make_calendars(make_run(make_plan()))["calls-anna.ics"].decode()

    lines = content.replace("\r\n ", "").split("\r\n")
    pairs = [line.split(":", 1) for line in lines if ":" in line]
    names = [value for key, value in pairs if key == "SUMMARY"]
    assert names[0].replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\") == "Visit: Alvane; Fils, \\ & Cie"
    assert [value for key, value in pairs if key == "DTSTART;VALUE=DATE"] == ["20261109", "20261207"]
    assert (lines[0], lines[-2], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR", "")


def test_make_calendars_takes_the_day_of_the_plan() -> None:
    days = [MONDAY + pd.Timedelta(days=3), MONDAY + pd.Timedelta(days=29), MONDAY + pd.Timedelta(days=1)]

    calendars = make_calendars(make_run(make_plan(day=days)))

    found = [event.decoded("dtstart") for content in calendars.values() for event in read_events(content)]
    assert found == [dt.date(2026, 11, 12), dt.date(2026, 12, 8), dt.date(2026, 11, 10)]


def test_make_calendars_keeps_identifiers_when_a_call_moves_so_that_an_import_updates() -> None:
    before = read_events(make_calendars(make_run(make_plan()))["calls-anna.ics"])
    later = make_plan(week=[MONDAY + pd.Timedelta(days=7), MONDAY + pd.Timedelta(days=35), MONDAY])
    after = read_events(make_calendars(make_run(later, ended="2026-11-02T10:00:00+01:00"))["calls-anna.ics"])

    assert [event["uid"] for event in before] == [event["uid"] for event in after]
    assert len({event["uid"] for event in before}) == 2
    assert all(old["sequence"] < new["sequence"] for old, new in zip(before, after, strict=True))
    assert [event.decoded("dtstart").isoformat() for event in after] == ["2026-11-16", "2026-12-14"]


def test_make_calendars_gives_the_same_bytes_for_the_same_run() -> None:
    run = make_run(make_plan())

    assert make_calendars(run) == make_calendars(run)


def test_make_calendars_leaves_out_what_has_no_week_or_no_rep() -> None:
    plan = make_plan(week=[MONDAY, None, MONDAY], rep=["anna", "anna", None])

    calendars = make_calendars(make_run(plan))

    assert {name: len(read_events(content)) for name, content in calendars.items()} == {"calls-anna.ics": 1}


def test_make_calendars_gives_reps_of_like_names_files_of_their_own() -> None:
    reps = make_client().reps.assign(rep=["A/1", "a 1", "carla"])

    calendars = make_calendars(make_run(make_plan(rep=["A/1", "A/1", "a 1"]), reps=reps))

    assert list(calendars) == ["calls-a-1.ics", "calls-a-1-2.ics"]


def test_write_calendars_replaces_its_files_and_leaves_others(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "calls-anna.ics").write_text("old", encoding="utf-8")

    written = write_calendars(make_run(make_plan()), tmp_path)

    assert [path.name for path in written] == ["calls-anna.ics", "calls-carla.ics"]
    assert len(read_events((tmp_path / "calls-anna.ics").read_bytes())) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["calls-anna.ics", "calls-carla.ics", "notes.txt"]


@pytest.mark.parametrize("plan", [None, make_plan(day=[None] * 3), make_plan(week=[None] * 3)],
                         ids=["older run", "a run of weeks alone", "no dated call"])
def test_write_calendars_refuses_a_run_without_dated_calls(tmp_path: Path, plan: pd.DataFrame | None) -> None:
    with pytest.raises(SalesModelError, match="holds no dated call"):
        write_calendars(make_run(plan), tmp_path / "out")

    assert not (tmp_path / "out").exists()


def write_run(folder: Path, *, language: str = "en", status: str = "done") -> Path:
    """Write what a run of a small client leaves behind."""
    write_client(folder / "input", client_yaml=PROFILE.replace("language: en", f"language: {language}"))
    (folder / "run.json").write_text(json.dumps({"status": status, "kit_version": "1", "ended": "2026-11-01T10:00:00"}),
                                     encoding="utf-8")
    (folder / "tables").mkdir()
    client = dataclasses.replace(make_client(profile={"language": language}))
    write_step_tables(build_model(client), folder=folder / "tables")
    return folder


@pytest.mark.parametrize("language", ["en", "fr"])
def test_open_run_reads_its_call_plan_back(tmp_path: Path, language: str) -> None:
    plan = open_run(write_run(tmp_path / "run", language=language)).client.planned_calls

    made = build_model(make_client()).call_plan
    pd.testing.assert_frame_equal(plan, made, check_dtype=False)


def test_open_client_goes_on_from_the_plan_of_its_previous_run(tmp_path: Path) -> None:
    folder = write_client(tmp_path / "acme")
    before = open_client(folder).fingerprint
    write_run(folder / "previous_run")

    client = open_client(folder)
    (folder / "previous_run" / "tables" / "call_plan.csv").unlink()

    assert client.previous.planned_calls["week"].notna().any()
    assert open_client(folder).previous.planned_calls is None
    assert len({before, client.fingerprint, open_client(folder).fingerprint}) == 3


def test_open_run_refuses_a_call_plan_that_was_changed(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run")
    (run / "tables" / "call_plan.csv").write_text("account,week\n001,tomorrow\n", encoding="utf-8")

    with pytest.raises(SalesModelError, match="cannot be read as a call plan"):
        open_run(run)


def test_export_refuses_what_is_no_finished_run(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    unfinished = write_run(tmp_path / "run", status="failed")

    assert main(["export", str(unfinished), "--out", str(tmp_path / "out")]) == 2
    assert main(["export", str(tmp_path / "nowhere"), "--out", str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err.count("is not a finished run") == 2
    assert not (tmp_path / "out").exists()
