"""The dated call plan: who calls on whom in which week of the year."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from salesmodel_kit.model.areas import name_areas
from salesmodel_kit.model.calendar import WorkRules, count_working_days, find_working_days, list_weeks
from salesmodel_kit.model.call_board import Due, Week
from salesmodel_kit.model.call_days import set_days
from salesmodel_kit.model.call_measures import measure_reps, measure_weeks
from salesmodel_kit.model.call_weeks import lay_out
from salesmodel_kit.model.former_plan import hold_weeks
from salesmodel_kit.model.seasons import fit_pace, pace_weeks
from salesmodel_kit.model.territories import count_visits
from salesmodel_kit.tables import CALL_PLAN, TIERS, dtype_of

_WEEK = pd.Timedelta(days=7)
_TINY = 1e-6


@dataclass(frozen=True)
class CallRules:
    """When the plan begins, and what it keeps to.

    Parameters
    ----------
    year_from : datetime.date
        First day of the year in which calls are counted.
    plan_from : datetime.date
        First day that is planned.
    work : WorkRules
        Days on which nobody works.
    week_tolerance : float
        Share of a week's selling hours that a week may take more, 0-1.
    spacing_tolerance : float
        Share of its spacing that a call may be off for the sake of a journey, 0-1.
    visits_a_journey : float
        Visits that share a journey to an area at most.
    season : tuple of float (12,), optional
        Share of the year's work that falls into each month, January first; None: all working days alike.
    """

    year_from: dt.date
    plan_from: dt.date
    work: WorkRules
    week_tolerance: float
    spacing_tolerance: float
    visits_a_journey: float
    season: tuple[float, ...] | None = None


@dataclass(frozen=True)
class CallPlan:
    """Every call of the year with its week, the weeks, and how good the plan is.

    Parameters
    ----------
    table : DataFrame
        Table ``call_plan``.
    weeks : DataFrame
        Table ``call_weeks``.
    summary : DataFrame
        Table ``call_summary``.
    """

    table: pd.DataFrame
    weeks: pd.DataFrame
    summary: pd.DataFrame


def plan_call_weeks(
    needs: pd.DataFrame, reps: pd.DataFrame, leave: pd.DataFrame | None, *, rules: CallRules,
    previous: pd.DataFrame | None = None,
) -> CallPlan:
    """Return the week of every call that is still to make this year.

    Calls of an account are as many working days apart as they can be, by the pace of declared seasons as far as
    hours can follow (:func:`pace_weeks`, :func:`fit_pace`); accounts of one area go into the same weeks; a week
    holds at most ``(1 + week_tolerance) x`` its share of the rep's selling hours, which is in proportion to its
    working days. Best tiers are served first. What finds no week stays in the table without one.

    Parameters
    ----------
    needs : DataFrame (n_accounts, ...)
        As :func:`list_call_needs` returns it.
    reps : DataFrame (n_reps, ...)
        Table ``reps`` with ``selling_hours_per_year`` filled.
    leave : DataFrame or None
        Table ``leave``.
    rules : CallRules
        When the plan begins, and what it keeps to.
    previous : DataFrame, optional
        Table ``call_plan`` of a former plan: its calls stay where they are as long as rep, number of calls and
        the hours of the week allow.

    Returns
    -------
    CallPlan
        The same for the same input.
    """
    time = _measure_time(reps, leave, rules)
    weeks = time.days.columns
    since = (needs["last_call"] - weeks[0]) / _WEEK
    rows = needs[needs["rep"].isin(time.days.index) & (needs["n_calls"] > 0)].assign(since=since)
    held = hold_weeks(rows, previous, weeks)
    pace = time.pace if rules.season is None else fit_pace(
        time.pace, time.hours, (rows["n_calls"] * rows["hours"]).groupby(rows["rep"]).sum())
    placed = pd.concat([_lay_out_rep(own, time.weeks_of(rep, rules, pace), tolerance=rules.spacing_tolerance, held=held)
                        for rep, own in rows.groupby("rep", sort=False)] or [_EMPTY])
    calls = _describe_calls(needs, placed, weeks, previous=previous, held=held)
    calls["day"] = _find_days(calls, time, previous, visits_a_journey=rules.visits_a_journey)
    measured = measure_weeks(calls, needs, time.days, time.hours, rules.work, visits_a_journey=rules.visits_a_journey)
    summary = measure_reps(calls, needs, measured, time.pace, visits_a_journey=rules.visits_a_journey, held=held)
    return CallPlan(_count_calls(calls, needs), measured, summary)


@dataclass(frozen=True)
class _Time:
    """What each rep has: days at work (reps x weeks x 7), and by week working days, selling hours and pace."""

    works: np.ndarray
    days: pd.DataFrame
    hours: pd.DataFrame
    pace: pd.DataFrame

    def weeks_of(self, rep: str, rules: CallRules, followed: pd.DataFrame) -> Week:
        days, hours, pace = (table.loc[rep].to_numpy(float) for table in (self.days, self.hours, followed))
        return Week(days, hours * (1 + rules.week_tolerance), rules.visits_a_journey, pace)


def _measure_time(reps: pd.DataFrame, leave: pd.DataFrame | None, rules: CallRules) -> _Time:
    """Return the time of each rep in the weeks planned; hours are shared out over the working days of the year."""
    weeks, names = list_weeks(rules.year_from), reps["rep"].tolist()
    left = weeks[weeks + _WEEK > pd.Timestamp(rules.plan_from)]
    year = count_working_days(leave, reps=names, weeks=weeks, rules=rules.work, from_day=rules.year_from)
    days = count_working_days(leave, reps=names, weeks=left, rules=rules.work, from_day=rules.plan_from)
    works = find_working_days(leave, reps=names, weeks=left, rules=rules.work, from_day=rules.plan_from)
    total = year.sum(axis=1)
    per_day = (reps.set_index("rep")["selling_hours_per_year"] / total.where(total > 0)).fillna(0.0)
    return _Time(works, days, days.mul(per_day, axis=0), _pace(leave, days, rules, from_day=rules.plan_from))


def _pace(leave: pd.DataFrame | None, days: pd.DataFrame, rules: CallRules, *, from_day: dt.date) -> pd.DataFrame:
    if rules.season is None:
        return days
    return pace_weeks(leave, days, rules=rules.work, shares=rules.season, year_from=rules.year_from,
                      plan_from=from_day)


def _find_days(
    calls: pd.DataFrame, time: _Time, previous: pd.DataFrame | None, *, visits_a_journey: float
) -> np.ndarray:
    """Return the date of every call; a former plan's day stays where week and rep do."""
    held = np.full(len(calls), -1)
    if previous is not None:
        keys = ["account", "rep", "week"]
        was = previous.dropna(subset=["day", "rep", "week"]).sort_values("number", kind="stable")
        was = was.loc[was.index.repeat(was["calls"].astype(int)), [*keys, "day"]]
        was["order"] = was.groupby(keys).cumcount()
        now = calls[keys].assign(order=calls.groupby(keys, dropna=False).cumcount())
        day = now.merge(was, how="left", on=[*keys, "order"])["day"].to_numpy()
        held = np.where(pd.isna(day), -1, (day - now["week"].to_numpy()) / np.timedelta64(1, "D")).astype(int)
    places = calls.assign(rep=time.days.index.get_indexer(calls["rep"]), held=held)
    at = set_days(places, time.works, visits_a_journey=visits_a_journey)
    return np.where(at >= 0, calls["week"].to_numpy() + at * np.timedelta64(1, "D"), np.datetime64("NaT"))


_EMPTY = pd.DataFrame({"account_row": [], "week": [], "even": []}, dtype=int)


def list_call_needs(
    accounts: pd.DataFrame, effort: pd.DataFrame, territories: pd.DataFrame, calls_made: pd.DataFrame | None, *,
    travel: pd.DataFrame, rules: CallRules,
) -> pd.DataFrame:
    """Return what is still to call this year: how often, through whom, since when.

    ``n_calls = calls_per_year - calls made in the year``, 0 or more; where no calls are recorded, the
    share of ``calls_per_year`` that the weeks left have in the year. What is not whole is spread over accounts
    and years (:func:`spread_calls`).

    Parameters
    ----------
    accounts, effort, territories : DataFrame (n_accounts, ...)
        Tables ``accounts``, ``account_effort`` and ``territories``, in the same order.
    calls_made : DataFrame or None
        Table ``calls_made``.
    travel : DataFrame (n_accounts, ...)
        Table ``account_travel``: areas and distances, in the same order.
    rules : CallRules
        When year and plan begin.

    Returns
    -------
    DataFrame (n_accounts, ...)
        ``account``, ``name``, ``tier``, ``rep``, ``kind`` (visit: with travel; remote), ``hours`` of a call,
        ``n_calls``, ``n_made`` in the year, ``last_call``, ``area`` (number), ``area_name``, ``km`` of a journey
        to the area and back: the mean over its visits, ``full_km`` of a visit when journeys are full; both
        missing where the rep's home is not known. A visit next door takes no way and is a visit.
    """
    visits = pd.Series(count_visits(effort), accounts.index)
    is_visit = (effort["travel_hours_per_call"].gt(0) | (effort["channel"].eq("field") & visits.gt(0))).to_numpy()
    areas = travel["area"].where(is_visit)
    is_own = travel["home_of"].eq(territories["rep"])
    way = (visits * travel["distance_km"]).groupby(areas).transform("sum") / visits.groupby(areas).transform("sum")
    table = pd.DataFrame({
        "account": accounts["account"], "name": accounts["name"], "tier": effort["tier"], "rep": territories["rep"],
        "kind": np.where(is_visit, "visit", "remote"), "channel": effort["channel"],
        "hours": (effort["hours_per_call"] + effort["travel_hours_per_call"]).fillna(0.0),
        "area": areas, "area_name": name_areas(areas, accounts),
        "km": 2 * way.where(is_own), "full_km": travel["travel_km_per_call"].where(areas.notna() & is_own),
    })
    return table.assign(**_count_needs(effort, calls_made, rules))


def _count_needs(
    effort: pd.DataFrame, calls_made: pd.DataFrame | None, rules: CallRules
) -> dict[str, pd.Series | int]:
    wanted = effort["calls_per_year"].where(effort["channel"].ne("marketing"), 0.0).fillna(0.0)
    if calls_made is None:
        wanted = wanted * _find_share_left(rules)
        return {"n_calls": spread_calls(effort, wanted, year=rules.year_from.year), "n_made": 0,
                "last_call": pd.Series(pd.NaT, index=effort.index, dtype="datetime64[s]")}
    in_year = calls_made[calls_made["made_on"] >= pd.Timestamp(rules.year_from)]
    made = effort["account"].map(in_year["account"].value_counts()).fillna(0).astype(int)
    last = effort["account"].map(calls_made.groupby("account")["made_on"].max())
    whole = spread_calls(effort, wanted, year=rules.year_from.year)
    return {"n_calls": (whole - made).clip(lower=0), "n_made": made, "last_call": last}


def _find_share_left(rules: CallRules) -> float:
    """Return the share of the year's calls that falls into the weeks planned."""
    weeks = list_weeks(rules.year_from)
    is_left = weeks + _WEEK > pd.Timestamp(rules.plan_from)
    if rules.season is None:
        return float(is_left.mean())
    days = count_working_days(None, reps=[""], weeks=weeks, rules=rules.work, from_day=rules.year_from)
    pace = _pace(None, days, rules, from_day=rules.year_from).to_numpy()[0]
    return float(pace[is_left].sum() / pace.sum()) if pace.sum() else 0.0


def spread_calls(effort: pd.DataFrame, wanted: pd.Series, *, year: int) -> pd.Series:
    """Return whole calls of a year: of accounts of a tier due equally often, each n-th gets one more, others later.

    The k-th account gets ``floor(wanted) + floor((k + 1 + year) x rest) - floor((k + year) x rest)``: the sum over the
    tier is the norm's within one call, and each account's turn comes round over the years.

    Parameters
    ----------
    effort : DataFrame (n_accounts, ...)
        ``account`` and ``tier``.
    wanted : Series (n_accounts,)
        Calls of the year, 0 or more.
    year : int
        Calendar year in which the plan's year begins.

    Returns
    -------
    Series of int (n_accounts,)

    Examples
    --------
    >>> effort = pd.DataFrame({"account": ["a", "b"], "tier": ["bronze", "bronze"]})
    >>> [spread_calls(effort, pd.Series([0.5, 0.5]), year=year).tolist() for year in (2026, 2027)]
    [[0, 1], [1, 0]]
    """
    whole = np.floor(wanted + _TINY)
    rest = (wanted - whole).clip(lower=0.0).round(9)
    turn = effort["account"].sort_values(kind="stable").groupby([effort["tier"].fillna(""), rest]).cumcount()
    turn = turn.reindex(effort.index) + year
    return (whole + np.floor((turn + 1) * rest + _TINY) - np.floor(turn * rest + _TINY)).astype(int)


def _lay_out_rep(
    own: pd.DataFrame, week: Week, *, tolerance: float, held: pd.DataFrame
) -> pd.DataFrame:
    """Return the calls of one rep: the row of the account, the week's place (-1: none) and the even week's."""
    rank = own["tier"].map({tier: place for place, tier in enumerate(TIERS)}).astype(float).fillna(len(TIERS))
    own = own.iloc[np.lexsort((-own["n_calls"], rank))]
    kept = {row: (part["at"].to_numpy(), part["is_added"].to_numpy(bool))
            for row, part in held[held["account_row"].isin(own.index)].groupby("account_row", sort=False)}
    due = Due(own["n_calls"].to_numpy(int), own["hours"].to_numpy(float), _find_first(own, week),
              pd.factorize(own["area"])[0], own["km"].fillna(0.0).to_numpy(float),
              tuple(kept.get(row, (None, None))[0] for row in own.index),
              tuple(kept.get(row, (None, None))[1] for row in own.index))
    placed, even = lay_out(due, week, tolerance=tolerance)
    rows = np.repeat(own.index.to_numpy(), due.n_calls)
    return pd.DataFrame({"account_row": rows, "week": np.concatenate(placed), "even": np.concatenate(even)})


def _find_first(own: pd.DataFrame, week: Week) -> np.ndarray:
    """Return the moment in working days at which the first call is due; missing where no call was made yet."""
    n_weeks = len(week.days)
    due = (own["since"] + n_weeks / own["n_calls"]).clip(lower=0.0)
    return np.where(due.isna(), np.nan, np.interp(due.fillna(0.0), np.arange(n_weeks + 1), week.elapsed))


def _describe_calls(
    needs: pd.DataFrame, placed: pd.DataFrame, weeks: pd.DatetimeIndex, *, previous: pd.DataFrame | None,
    held: pd.DataFrame,
) -> pd.DataFrame:
    """Return one row a call, those without a week and those without a rep included, and why it stands there."""
    nobody = needs[needs["rep"].isna() & (needs["n_calls"] > 0)]
    rows = np.concatenate([placed["account_row"], np.repeat(nobody.index.to_numpy(), nobody["n_calls"])]).astype(int)
    at = np.concatenate([placed["week"], np.full(len(rows) - len(placed), -1)]).astype(int)
    even = np.concatenate([placed["even"], np.full(len(rows) - len(placed), -1)]).astype(int)
    known = np.append(weeks.to_numpy(), np.datetime64("NaT"))
    calls = needs.loc[rows, ["account", "rep", "hours", "area", "km", "full_km"]].assign(
        account_row=rows, at=at, week=known[at], reason=np.where(at == even, "even", "shifted"))
    if previous is not None:
        was = pd.MultiIndex.from_frame(held.loc[~held["is_added"], ["account_row", "at"]])
        is_held = np.isin(rows, held["account_row"])
        is_kept = pd.MultiIndex.from_arrays([rows, at]).isin(was)
        calls["reason"] = np.where(is_kept, "kept", np.where(is_held, "moved", calls["reason"]))
    calls.loc[at < 0, "reason"] = np.where(calls["rep"].isna(), "nobody", "no_room")[at < 0]
    return calls.reset_index(drop=True)


def _count_calls(calls: pd.DataFrame, needs: pd.DataFrame) -> pd.DataFrame:
    """Return the table ``call_plan``: calls of an account on one day in one row."""
    ordered = calls.sort_values(["account_row", "day"], kind="stable", na_position="last")
    number = ordered.groupby("account_row").cumcount() + 1 + needs["n_made"].reindex(ordered["account_row"]).to_numpy()
    counted = ordered.assign(number=number).groupby(["account_row", "day"], sort=False, dropna=False).agg(
        week=("week", "first"), number=("number", "first"), calls=("hours", "size"), hours=("hours", "sum"),
        reason=("reason", "first"))
    counted = counted.reset_index().sort_values(["day", "account_row"], kind="stable", na_position="last")
    about = needs.loc[counted["account_row"], ["account", "name", "tier", "rep", "kind", "area_name"]]
    about = about.rename(columns={"area_name": "area"}).reset_index(drop=True)
    table = pd.concat([about, counted.drop(columns=["account_row"]).reset_index(drop=True)], axis="columns")
    kinds = {column.name: dtype_of(column) for column in CALL_PLAN.columns}
    return table[list(kinds)].astype(kinds)
