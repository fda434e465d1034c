"""How good a call plan is: hours, spacing and travel, beside a plan of each account for itself."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from salesmodel_kit.model.calendar import WorkRules
from salesmodel_kit.model.call_days import count_journeys
from salesmodel_kit.tables import CALL_SUMMARY, CALL_WEEKS, dtype_of

_WEEK, _WORKDAYS = 7, 7
#: Share of the golden section: phases that follow one another by it are spread evenly, however many there are.
_GOLDEN = 0.6180339887498949


def measure_weeks(
    calls: pd.DataFrame, needs: pd.DataFrame, days: pd.DataFrame, hours: pd.DataFrame, work: WorkRules, *,
    visits_a_journey: float,
) -> pd.DataFrame:
    """Return the table ``call_weeks``: what each week of each rep holds.

    Parameters
    ----------
    calls : DataFrame (n_calls, ...)
        ``account_row``, ``rep``, ``at`` (place of the week, -1: none), ``day``, ``hours``, ``area``, ``km`` of a
        journey, ``full_km`` of a visit when journeys are full.
    needs : DataFrame (n_accounts, ...)
        For ``kind``.
    days, hours : DataFrame (n_reps, n_weeks)
        Working days and selling hours.
    work : WorkRules
        For the public holidays of a week.
    visits_a_journey : float
        Visits that share a journey to an area at most.

    Returns
    -------
    DataFrame (n_reps x n_weeks, ...)
        Weeks without a call included.
    """
    grid = pd.MultiIndex.from_product([days.index, days.columns], names=["rep", "week"])
    dated = calls[calls["at"] >= 0]
    is_visit = needs["kind"].eq("visit").reindex(dated["account_row"]).to_numpy()
    groups = dated.assign(n_visits=is_visit).groupby(["rep", "week"])
    found = groups.agg(hours=("hours", "sum"), n_calls=("hours", "size"), n_visits=("n_visits", "sum"))
    table = found.reindex(grid, fill_value=0).assign(
        working_days=days.to_numpy().ravel(), selling_hours=hours.to_numpy().ravel(),
        n_holidays=np.tile(_count_holidays(days.columns, work), len(days)),
        travel_km=_measure_travel(dated, visits_a_journey, by="day").reindex(grid).fillna(0.0))
    kinds = {column.name: dtype_of(column) for column in CALL_WEEKS.columns}
    return table.reset_index()[list(kinds)].astype(kinds)


def _count_holidays(weeks: pd.DatetimeIndex, work: WorkRules) -> np.ndarray:
    days = {day for day in work.holidays if day.weekday() not in work.rest_days}
    return np.array([sum(week.date() + dt.timedelta(days=at) in days for at in range(_WEEK)) for week in weeks])


def _measure_travel(calls: pd.DataFrame, visits_a_journey: float, *, by: str) -> pd.Series:
    """Return the kilometers by rep and week: to each area and back as often as its visits of a day (week) take."""
    known = calls.dropna(subset=["area", "km"])
    keys = list(dict.fromkeys(["rep", "week", by, "area"]))
    visits = known.groupby([*keys, "account_row"]).agg(n_visits=("km", "size"), km=("km", "first"))
    areas = visits.groupby(keys).agg(n_visits=("n_visits", "sum"), most=("n_visits", "max"), km=("km", "first"))
    journeys = count_journeys(areas["n_visits"].to_numpy(), areas["most"].to_numpy(), visits_a_journey)
    return (journeys * areas["km"]).groupby(["rep", "week"]).sum()


def measure_reps(
    calls: pd.DataFrame, needs: pd.DataFrame, weeks: pd.DataFrame, days: pd.DataFrame, *, visits_a_journey: float,
    held: pd.DataFrame,
) -> pd.DataFrame:
    """Return the table ``call_summary``: by rep, how the plan fares beside one that plans each account for itself.

    ``spacing_deviation = mean |weeks between two calls - the account's even spacing|``, the last call made
    included; the even spacing is the weeks planned / calls planned. The plan for itself lets calls follow
    one another evenly in working time and heeds neither hours nor areas.

    Parameters
    ----------
    calls, needs : DataFrame
        As for :func:`measure_weeks`.
    weeks : DataFrame
        Table ``call_weeks``.
    days : DataFrame (n_reps, n_weeks)
        Working days.
    visits_a_journey : float
        Visits that share a journey to an area at most.
    held : DataFrame
        Calls of a former plan that are still needed.

    Returns
    -------
    DataFrame (n_reps, ...)
        One row a rep.
    """
    alone = _plan_alone(calls, needs, days)
    groups = calls.assign(is_placed=calls["at"] >= 0).groupby("rep")
    table = pd.DataFrame({
        "n_calls": groups.size(), "n_planned": groups["is_placed"].sum(),
        "n_kept": calls[calls["reason"].eq("kept")].groupby("rep").size(),
        "n_moved": calls[calls["reason"].eq("moved")].groupby("rep").size()}).reindex(days.index)
    counts = ["n_calls", "n_planned", "n_kept", "n_moved"]
    table[counts] = table[counts].fillna(0).astype("Int64")
    by_rep = weeks.assign(load=weeks["hours"] / weeks["selling_hours"].where(weeks["selling_hours"] > 0)).groupby("rep")
    table["n_unplanned"] = table["n_calls"] - table["n_planned"]
    table["mean_load"] = by_rep["hours"].sum() / by_rep["selling_hours"].sum().where(lambda total: total > 0)
    table["peak_load"] = by_rep["load"].max()
    table["spacing_deviation"] = _measure_spacing(calls, needs, days)
    table["spacing_deviation_alone"] = _measure_spacing(alone, needs, days)
    table["travel_km"] = by_rep["travel_km"].sum()
    table["travel_km_full"] = calls[calls["at"] >= 0].groupby("rep")["full_km"].sum()
    table["travel_km_full"] = table["travel_km_full"].fillna(0.0)
    table["travel_km_alone"] = _measure_travel(alone, visits_a_journey, by="week").groupby("rep").sum()
    table["peak_load_alone"] = _measure_peak(alone, weeks)
    table["travel_km_alone"] = table["travel_km_alone"].fillna(0.0)
    if held.empty:
        table[["n_kept", "n_moved"]] = pd.NA
    kinds = {column.name: dtype_of(column) for column in CALL_SUMMARY.columns}
    return table.reset_index()[list(kinds)].astype(kinds)


def _plan_alone(calls: pd.DataFrame, needs: pd.DataFrame, days: pd.DataFrame) -> pd.DataFrame:
    """Return the same calls, each account evenly in its rep's working time with a phase of its own."""
    table = calls[calls["rep"].isin(days.index)].sort_values("account_row", kind="stable").copy()
    order = table.groupby("account_row").cumcount().to_numpy()
    number = pd.factorize(table["account_row"])[0]
    phase = (0.5 + _GOLDEN * number) % 1
    elapsed = np.cumsum(days.to_numpy(), axis=1)
    rep = days.index.get_indexer(table["rep"])
    count = needs["n_calls"].reindex(table["account_row"]).to_numpy()
    at = (order + phase) / count * elapsed[rep, -1]
    table["at"] = (elapsed[rep] <= at[:, None]).sum(axis=1).clip(max=days.shape[1] - 1)
    return table.assign(week=days.columns.to_numpy()[table["at"]])


def _measure_peak(calls: pd.DataFrame, weeks: pd.DataFrame) -> pd.Series:
    hours = calls.groupby(["rep", "week"])["hours"].sum()
    capacity = weeks.set_index(["rep", "week"])["selling_hours"]
    return (hours / capacity.where(capacity > 0)).groupby("rep").max()


def _measure_spacing(calls: pd.DataFrame, needs: pd.DataFrame, days: pd.DataFrame) -> pd.Series:
    """Return the mean deviation from even spacing by rep, in weeks; missing where nobody is called twice."""
    dated = calls[calls["at"] >= 0].sort_values(["account_row", "at"], kind="stable")
    start = pd.Timestamp(days.columns[0])
    row = dated["account_row"].to_numpy()
    last = ((needs["last_call"] - start) / pd.Timedelta(days=_WEEK)).reindex(row).to_numpy(float)
    is_first = np.append(True, row[1:] != row[:-1])[:len(row)]
    before = np.where(is_first, np.floor(last), np.append(np.nan, dated["at"].to_numpy(float)[:-1])[:len(row)])
    even = days.shape[1] / needs["n_calls"].reindex(row).to_numpy(float)
    deviation = pd.Series(np.abs(dated["at"].to_numpy(float) - before - even), index=dated["rep"].to_numpy())
    return deviation.dropna().groupby(level=0).mean()
