"""What the working time of the team is checked for: parts of the country with holidays of their own, seasons."""

from __future__ import annotations

from collections.abc import Mapping

from salesmodel_kit.client.calendar import list_subdivisions
from salesmodel_kit.client.checks import CheckedTable
from salesmodel_kit.client.profile import Profile
from salesmodel_kit.client.settings import Settings
from salesmodel_kit.errors import Message, Problem

#: Shares of the months may miss 1 by so much: they are typed with few digits.
_ROUNDING = 0.0051


def check_holiday_parts(tables: Mapping[str, CheckedTable], profile: Profile) -> list[Problem]:
    """Return a problem for each rep whose part of the country has no public holidays that are known.

    Parameters
    ----------
    tables : mapping of str to CheckedTable
        By table name.
    profile : Profile
        The client's profile, with its country.
    """
    checked = tables.get("reps")
    if checked is None or "holiday_part" not in checked.place.headers:
        return []
    known, named = list_subdivisions(profile.country) or [], checked.frame["holiday_part"]
    message = Message("The public holidays of {country} know no such part; leave it empty, or take one of: {known}.",
                      {"country": profile.country, "known": ", ".join(known[:40]) or "–"})
    return checked.blame(message, "holiday_part", named.index[named.notna() & ~named.isin(known)])


def find_season_problems(profile: Profile, settings: Settings) -> list[Problem]:
    """Return what is wrong with the seasons: not twelve months, or shares that do not make a year.

    Parameters
    ----------
    profile : Profile
        The client's profile.
    settings : Settings
        Where its keys were written.
    """
    shares = profile.seasonality
    if shares is None:
        return []
    if len(shares) != 12:
        message = Message("Twelve shares are expected, January first; there are {count}.", {"count": len(shares)})
        return [settings.problem(message, "seasonality")]
    total = sum(shares)
    if abs(total - 1) > _ROUNDING:
        message = Message("The shares of the months add up to {total}; they must make 1.", {"total": f"{total:g}"})
        return [settings.problem(message, "seasonality")]
    return []
