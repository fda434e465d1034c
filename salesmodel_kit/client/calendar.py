"""What the calendar rests on: public holidays of the client's country, leave, and calls already made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping

import pandas as pd

from salesmodel_kit.client.checks import CheckedTable, check_reference, list_names, name_place
from salesmodel_kit.client.profile import Profile
from salesmodel_kit.client.settings import Settings
from salesmodel_kit.errors import Message, Problem

_THURSDAY = 3


def read_public_holidays(country: str, subdivision: str | None, years: Collection[int]) -> frozenset[dt.date]:
    """Return the public holidays of a country in some years; none where the country is not known.

    Parameters
    ----------
    country : str
        Two capital letters, ISO 3166-1.
    subdivision : str, optional
        A part of the country with holidays of its own, by its code.
    years : collection of int
        Calendar years.

    Returns
    -------
    frozenset of datetime.date
        Whatever the day of the week.

    Notes
    -----
    Source: the package ``holidays``, which needs no network.

    Examples
    --------
    >>> sorted(read_public_holidays("FR", None, [2026]))[1].isoformat()
    '2026-04-06'
    """
    if list_subdivisions(country) is None:
        return frozenset()
    import holidays

    return frozenset(holidays.country_holidays(country, subdiv=subdivision, years=list(years)))


def read_holidays_by_part(
    profile: Profile, parts: Iterable[str], years: Collection[int]
) -> dict[str, frozenset[dt.date]]:
    """Return the public holidays in some years by part of the country.

    Parameters
    ----------
    profile : Profile
        The client's profile, with its country and, where declared, its own part.
    parts : iterable of str
        Where reps have holidays of their own.
    years : collection of int
        Calendar years.

    Returns
    -------
    dict of str to frozenset of datetime.date
        ``""``: the profile's own.
    """
    return {"": read_public_holidays(profile.country, profile.subdivision, years)} | {
        part: read_public_holidays(profile.country, part, years) for part in parts}


def list_subdivisions(country: str) -> list[str] | None:
    """Return the parts of a country that may have holidays of their own; None: no such country is known.

    Parameters
    ----------
    country : str
        Two capital letters, ISO 3166-1.

    Returns
    -------
    list of str or None
        Their codes.
    """
    import holidays

    try:  # one country; the library's list of all would load two hundred
        return list(holidays.country_holidays(country).subdivisions)
    except NotImplementedError:
        return None


def check_subdivision(profile: Profile, settings: Settings) -> list[Problem]:
    """Return a problem where the profile's subdivision is not one of its country.

    Parameters
    ----------
    profile : Profile
        The client's profile.
    settings : Settings
        Where its keys were written.
    """
    if profile.subdivision is None:
        return []
    known = list_subdivisions(profile.country) or []
    if profile.subdivision in known:
        return []
    message = Message("The public holidays of {country} know no such part; leave it out, or take one of: {known}.",
                      {"country": profile.country, "known": ", ".join(known) or "–"})
    return [settings.problem(message, "subdivision", profile.subdivision)]


def check_plan_days(profile: Profile, settings: Settings) -> list[Problem]:
    """Return what is wrong with the days of the plan: before the data's last day, or outside the weeks of its year.

    Parameters
    ----------
    profile : Profile
        The client's profile.
    settings : Settings
        Where its keys were written.
    """
    start, year = profile.plan_start, profile.plan_year_start
    if start <= profile.data_until:
        message = Message("The plan would begin in the past: a day after {day}, data_until, is expected.",
                          {"day": profile.data_until.isoformat()})
        return [settings.problem(message, "plan_from", start)]
    if not 0 <= (start - year).days <= 365:
        message = Message("The plan begins on {day}; a day at most 365 days before is expected for the first of its "
                          "year.", {"day": start.isoformat()})
        return [settings.problem(message, "plan_year_from", year)]
    thursday = start + dt.timedelta(days=_THURSDAY - start.weekday())  # a week belongs to the year of its Thursday
    if (pd.Timestamp(year) + pd.DateOffset(years=1)).date() <= thursday:
        message = Message("The plan begins on {day}, in a week that belongs to the year after; a later first day of "
                          "its year is expected.", {"day": start.isoformat()})
        return [settings.problem(message, "plan_year_from", year)]
    return []


def note_holidays(profile: Profile, settings: Settings) -> tuple[Problem, ...]:
    """Return a note where no public holidays are known for the client's country.

    Parameters
    ----------
    profile : Profile
        The client's profile.
    settings : Settings
        Where its keys were written.
    """
    if list_subdivisions(profile.country) is not None:
        return ()
    message = Message("No public holidays are known for this country, so calls may fall on them; enter them in "
                      "leave.csv, with rep left empty: everyone.")
    return (settings.problem(message, "country", profile.country),)


def check_leave(tables: Mapping[str, CheckedTable]) -> list[Problem]:
    """Return what is wrong with the leave: unknown reps, a leave that ends before it begins.

    Parameters
    ----------
    tables : mapping of str to CheckedTable
        By table name.
    """
    checked = tables.get("leave")
    if checked is None:
        return []
    frame = checked.frame
    message = Message("The leave ends before its first day; exchange the two days.")
    problems = checked.blame(message, "last_day", frame.index[frame["last_day"] < frame["first_day"]])
    if "reps" in tables and "rep" in checked.place.headers:
        message = Message("There is no such rep in {file}; correct it, or leave the cell empty for everyone.",
                          {"file": name_place(tables["reps"])})
        problems += check_reference(checked, "rep", list_names(tables["reps"], "name"), message=message)
    return problems


def check_calls_made(tables: Mapping[str, CheckedTable], *, profile: Profile | None) -> list[Problem]:
    """Return what is wrong with the calls already made: unknown accounts or reps, calls that the plan still plans.

    Parameters
    ----------
    tables : mapping of str to CheckedTable
        By table name.
    profile : Profile or None
        Says where the plan begins; None where it is not sound.
    """
    checked = tables.get("calls_made")
    if checked is None:
        return []
    problems: list[Problem] = []
    for column, table, label in (("account", "accounts", "name"), ("rep", "reps", "name")):
        if table in tables and column in checked.place.headers:
            message = Message("There is none such in {file}; correct it, or delete the row.",
                              {"file": name_place(tables[table])})
            problems += check_reference(checked, column, list_names(tables[table], label), message=message)
    if profile is not None:
        message = Message("The plan begins on {day}, and a call made lies before that; correct the date, or data_until "
                          "and plan_from in the profile.", {"day": profile.plan_start.isoformat()})
        late = checked.frame.index[checked.frame["made_on"] >= pd.Timestamp(profile.plan_start)]
        problems += checked.blame(message, "made_on", late)
    return problems
