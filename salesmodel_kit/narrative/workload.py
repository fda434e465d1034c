"""Sentences of chapter 4 on the need for people by place and on what serving an account costs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Protocol

import pandas as pd

from salesmodel_kit.language import Language
from salesmodel_kit.narrative.allocation import RIGHT_SIZE
from salesmodel_kit.narrative.telling import Caption, tell_caption

#: Hours given agree with the calendar up to this share of it.
AGREES = 0.05


class Prices(Protocol):
    """What an hour and a kilometer cost, as the model gives it."""

    cost_per_hour: Mapping[str, float]
    cost_per_km: float | None
    visit_gain_share: float | None


class Line(Protocol):
    """The break-even of visits, as the model gives it."""

    at_door: float
    per_km: float


def tell_places(
    places: pd.DataFrame, *, place_km: float, n_travel: int, n_usual: int, language: Language
) -> Caption:
    """Return where the norms ask for more field reps than live there, and where for fewer.

    Parameters
    ----------
    places : DataFrame
        Table ``place_summary`` with at least one place.
    place_km : float
        Homes up to so far apart are one place.
    n_travel, n_usual : int
        Accounts in the field whose hours on the way come from the distance, and from the norm.
    language : Language
        The reader's language.
    """
    rows = places[places["place"].notna()].to_dict(orient="records")
    first, last = rows[0], rows[-1]
    return tell_caption(
        "workload", "places", language=language, first=first, last=last, n_places=len(rows), place_km=place_km,
        is_short=first["n_reps_gap"] >= RIGHT_SIZE, has_spare=last["n_reps_gap"] <= -RIGHT_SIZE,
        n_accounts=int(places["n_accounts"].sum()), n_travel=n_travel, n_usual=n_usual,
        n_unplaced=int(places.loc[places["place"].isna(), "n_accounts"].sum()))


def tell_costs(
    tier_costs: pd.DataFrame, *, prices: Prices, language: Language, n_nearest: int = 0, n_proposed: int = 0
) -> Caption:
    """Return the tier whose service takes most of what it brings, and what an hour costs.

    Parameters
    ----------
    tier_costs : DataFrame
        Table ``tier_costs``, at least one row with a known cost.
    prices : CostRules
        What an hour and a kilometer cost.
    language : Language
        The reader's language.
    n_nearest, n_proposed : int
        Accounts whose way counts from another home than their rep's, which is not known; from one that is proposed.
    """
    known = tier_costs[tier_costs["cost_per_account"].notna()]
    by = next((name for name in ("contribution", "sales") if known[f"cost_share_of_{name}"].gt(0).any()), "")
    weight = known[f"cost_share_of_{by}"] if by else known["cost_per_account"]
    return tell_caption(
        "workload", "costs", language=language, heavy=known.loc[weight.idxmax()].to_dict(), by=by,
        prices=sorted(prices.cost_per_hour.items()), cost_per_km=prices.cost_per_km, n_tiers=len(tier_costs),
        n_nearest=n_nearest, n_proposed=n_proposed,
        total=tier_costs["cost_to_serve_per_year"].sum(),
        n_unprofitable=int(tier_costs["n_unprofitable"].fillna(0).sum()))


def tell_break_even(
    choice: pd.DataFrame, *, line: Line | None, prices: Prices, language: Language
) -> Caption:
    """Return how many accounts that the norms visit do not repay it, and how many on the phone would.

    Parameters
    ----------
    choice : DataFrame
        Table ``channel_choice``, at least one row.
    line : BreakEven or None
        The break-even by distance; None: no account has a place.
    prices : CostRules
        What visits gain.
    language : Language
        The reader's language.
    """
    known = choice[choice["advised_channel"].notna()]
    pays, is_visited = known["advised_channel"] == "field", known["wanted_channel"] == "field"
    return tell_caption(
        "workload", "break_even", language=language, n_known=len(known), n_unknown=len(choice) - len(known),
        n_field=int(is_visited.sum()), n_inside=int((~is_visited).sum()), n_over=int((is_visited & ~pays).sum()),
        n_under=int((~is_visited & pays).sum()), n_pays=int(pays.sum()), n_not=int((~pays).sum()),
        has_line=line is not None, at_door=max(line.at_door, 0.0) if line else 0.0,
        per_100_km=100 * line.per_km if line else 0.0, gain=prices.visit_gain_share)


def tell_selling_days(
    selling_days: pd.DataFrame, *, year: tuple[dt.date, dt.date], hours_per_day: float, language: Language
) -> Caption:
    """Return how the selling hours given agree with the calendar, or what it leaves where none are given.

    Parameters
    ----------
    selling_days : DataFrame
        Table ``selling_days``, at least one row.
    year : tuple of datetime.date
        First day, and the day after the last.
    hours_per_day : float
        Hours of a working day.
    language : Language
        The reader's language.
    """
    both = selling_days[selling_days["given_hours_per_year"].gt(0) & selling_days["calendar_hours_per_year"].gt(0)]
    sums = both.groupby("role")[["given_hours_per_year", "calendar_hours_per_year"]].sum()
    gap = sums["given_hours_per_year"] / sums["calendar_hours_per_year"] - 1
    worst = gap.abs().idxmax() if len(gap) and gap.abs().max() > AGREES else None
    apart = None if worst is None else {
        "role": worst, "gap": gap[worst], "given": sums.loc[worst, "given_hours_per_year"],
        "calendar": sums.loc[worst, "calendar_hours_per_year"]}
    source = selling_days["hours_from"].value_counts()
    by_calendar = selling_days[selling_days["hours_from"] == "calendar"]
    return tell_caption(
        "workload", "selling_days", language=language, compared=len(both) > 0, apart=apart,
        given=sums["given_hours_per_year"].sum(), n_reps=len(selling_days),
        calendar=(both if len(both) else by_calendar)["calendar_hours_per_year"].sum(),
        days=by_calendar["working_days"].mean(), weekdays=selling_days["weekdays"].max(),
        open_days=(selling_days["weekdays"] - selling_days["public_holidays"]).mean(),
        holidays=bool((selling_days["public_holidays"] > 0).any()), first=year[0], last=year[1] - dt.timedelta(days=1),
        hours_per_day=hours_per_day, n_given=int(source.get("given", 0)), n_calendar=int(source.get("calendar", 0)),
        n_assumed=int(source.get("assumption", 0)))


def tell_months(month_loads: pd.DataFrame, *, language: Language) -> Caption:
    """Return the month and the role of which it asks most of the hours.

    Parameters
    ----------
    month_loads : DataFrame
        Table ``month_loads`` with a known load.
    language : Language
        The reader's language.
    """
    peak = month_loads.loc[month_loads["load"].idxmax()]
    own = month_loads[month_loads["role"] == peak["role"]]
    return tell_caption(
        "workload", "months", language=language, peak=language.month(int(peak["month"])), peak_load=peak["load"],
        role=peak["role"], n_over=int((own["load"] > 1).sum()), n_roles=month_loads["role"].nunique(),
        year_load=own["hours"].sum() / own["selling_hours"].sum())
