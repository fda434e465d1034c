"""The call plan of a run as calendars: one iCalendar file a rep, for Outlook, Google Calendar or a telephone.

A call is an all-day event on the day that the plan proposes, calls on one area on one day; the rep moves it to the
hour, or the day, that suits. All-day events are days without a time zone, the same everywhere; they block no
time. Each event has an identifier of its own that stays the same from run to run (client, account, number of the
call in the year), so that importing a later plan updates what is there.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

import pandas as pd
from icalendar import Calendar, Event

from salesmodel_kit.client.publish import publish, stage_folder
from salesmodel_kit.client.runs import Run
from salesmodel_kit.client.starter import make_id
from salesmodel_kit.errors import SalesModelError, describe_os_error
from salesmodel_kit.language import Language

_EPOCH = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


def write_calendars(run: Run, folder: Path) -> tuple[Path, ...]:
    """Write a calendar for every rep who has a call in the run's plan.

    Parameters
    ----------
    run : Run
        A finished run.
    folder : Path
        Made where it is not there; calendars of the same names are replaced, everything else stays.

    Returns
    -------
    tuple of Path
        The files, in the order of the client's reps. Same run, same bytes.

    Raises
    ------
    SalesModelError
        The run is older than the days of the call plan, plans no call, or nothing can be written there.
    """
    plan = run.client.planned_calls
    if plan is None or plan["day"].isna().all():
        raise SalesModelError("{run} holds no dated call; run the client again with this version, and see that it has "
                              "reps and tiers.", run=run.folder)
    calendars = make_calendars(run)
    try:
        with stage_folder(folder.resolve(), calendars) as staged:
            publish(staged, folder.resolve(), calendars)
    except OSError as error:
        raise SalesModelError("{file} cannot be written ({detail}).", file=folder,
                              detail=describe_os_error(error)) from error
    return tuple(folder / name for name in calendars)


def make_calendars(run: Run) -> dict[str, bytes]:
    """Return the calendars of a run, by file name.

    Parameters
    ----------
    run : Run
        A finished run whose plan holds dated calls.

    Returns
    -------
    dict of str to bytes
        RFC 5545: UTF-8, lines of at most 75 octets that end in CRLF, text escaped.
    """
    client = run.client
    plan = client.planned_calls.dropna(subset=["day", "rep"])
    language = Language(client.profile.language, client.profile.currency)
    reps = client.reps[client.reps["rep"].isin(plan["rep"])]
    made: dict[str, bytes] = {}
    for rep, name in reps[["rep", "name"]].itertuples(index=False, name=None):
        calendar = _start_calendar(f"{client.profile.name}: {name}")
        for row in plan[plan["rep"] == rep].sort_values(["day", "account"], kind="stable").itertuples():
            calendar.add_component(_make_event(row, run, language))
        made[_name_file(rep, made)] = calendar.to_ical()
    return made


def _start_calendar(name: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Sales model workshop kit//Call plan//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", name)
    return calendar


def _make_event(row: object, run: Run, language: Language) -> Event:
    stamp = _find_stamp(run)
    event = Event()
    event.add("uid", _make_uid(run, row.account, row.number))
    event.add("dtstamp", stamp)
    event.add("sequence", max(int((stamp - _EPOCH).total_seconds() // 60), 0))
    event.add("dtstart", row.day.date())
    event.add("dtend", row.day.date() + dt.timedelta(days=1))
    event.add("summary", f"{language.word('call', row.kind).capitalize()}: {row.name}")
    event.add("description", _describe(row, language))
    if pd.notna(row.area):
        event.add("location", row.area)
    event.add("transp", "TRANSPARENT")
    return event


def _describe(row: object, language: Language) -> str:
    tier = language.word("tier", row.tier)
    told = language.text("Account {account}, tier {tier}. The day is proposed; {hours} h, the way included.",
                         account=row.account, tier=tier, hours=language.number(row.hours, 2 if row.hours % 0.5 else 1))
    if row.calls > 1:
        told += " " + language.text("Calls this day: {n_calls}.", n_calls=language.number(row.calls))
    return told


def _find_stamp(run: Run) -> dt.datetime:
    """Return when the plan was made, in UTC; where the run does not say, the day before the plan."""
    try:
        return dt.datetime.fromisoformat(run.ended).astimezone(dt.UTC).replace(microsecond=0)
    except ValueError:
        return dt.datetime.combine(run.client.profile.data_until, dt.time(), tzinfo=dt.UTC)


def _make_uid(run: Run, account: str, number: int) -> str:
    """Return the identifier of a call, the same in every run of the declared year."""
    profile = run.client.profile
    year = "" if profile.plan_year_from is None else profile.plan_year_from.isoformat()
    words = "\n".join((profile.id, year, account, str(int(number))))
    return f"{hashlib.sha256(words.encode()).hexdigest()[:32]}@{profile.id.lower()}.salesmodel"


def _name_file(rep: str, taken: dict[str, bytes]) -> str:
    """Return a file name that every system takes; two reps never share one."""
    stem = f"calls-{make_id(rep)}"
    name, number = f"{stem}.ics", 2
    while name in taken:
        name, number = f"{stem}-{number}.ics", number + 1
    return name
