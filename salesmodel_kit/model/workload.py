"""Workload: the hours that tiers ask for, and what the team can give.

Effort follows value: gold first, then silver, then bronze. What does not fit
into a channel goes to the next one (field to inside, inside to remote contact).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from salesmodel_kit.model.norms import check_channels, match_norms, measure_calls
from salesmodel_kit.tables import CHANNELS, ROLES, TIERS


def plan_effort(
    tiers: pd.DataFrame,
    *,
    norms: pd.DataFrame,
    channels: pd.DataFrame,
    capacity: Mapping[str, float],
    present_hours: pd.Series,
    wanted: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return what each account asks for by the call norms, and what the team can give it.

    ``hours_per_year = calls_per_year x (hours_per_call + travel_hours_per_call)``.
    Within a channel accounts are served by tier, then by score, as long as the
    hours of the role last; the rest moves to the channel's next one with the same
    number of calls. Marketing takes no selling hours.

    Parameters
    ----------
    tiers : DataFrame (n_accounts, ...)
        Table ``account_tiers`` with the column ``posture`` of the account's segment and, where
        known, ``standing`` (see :func:`match_norms`) and ``travel_hours_per_call`` of a visit by
        geography (missing: the channel's). Without a tier (not enough known) nothing is planned:
        no channel, 0 calls. An account of which ``is_left`` holds (optional) is not visited: it goes to the
        next channel of the field.
    norms : DataFrame (n_norms, ...)
        As for :func:`match_norms`. A remote call takes no hours on the way.
    channels : DataFrame (n_channels, 4)
        ``channel``, ``hours_per_call``, ``travel_hours_per_call``, ``next_channel`` (missing: none).
    capacity : mapping of str to float
        Role -> selling hours per year.
    present_hours : Series (n_accounts,)
        Hours spent in the last 12 months, in the order of ``tiers``; missing: not recorded.
    wanted : DataFrame (n_accounts, 4), optional
        From :func:`match_norms`, where they were matched already.

    Returns
    -------
    DataFrame (n_accounts, ...)
        Table ``account_effort``.

    Raises
    ------
    SalesModelError
        A tier or a channel has no norm, or a next channel comes earlier in the order
        field, customer success, partner, inside, marketing.

    Notes
    -----
    Source: Talley (1961), workload by class of accounts; the order of service is
    the method's own (gold first).
    """
    known = check_channels(channels, norms)
    wanted = match_norms(tiers, norms) if wanted is None else wanted
    asked_for, calls = wanted["channel"].to_numpy(object), np.nan_to_num(wanted["calls_per_year"].to_numpy(float))
    remote = np.nan_to_num(wanted["remote_share"].to_numpy(float))
    hours = _measure_call_hours(tiers, wanted["hours_per_call"].to_numpy(float), known, asked_for=asked_for,
                                remote=remote)
    next_channel = known["next_channel"].to_dict()
    channel = _fit_channels(
        tiers, asked_for, calls, per_call=hours.total, next_channel=next_channel, capacity=capacity
    )
    planned = np.where(pd.notna(channel), calls, 0.0)
    in_person = np.where(channel == "field", 1 - np.where(asked_for == "field", remote, 0.0), 0.0)
    contact, travel = hours.pick(hours.contact, channel), hours.pick(hours.travel, channel)
    asked = wanted["calls_per_year"].to_numpy(float) * hours.pick(hours.total, asked_for)
    return pd.DataFrame(
        {
            "account": tiers["account"],
            "tier": tiers["tier"],
            "posture": tiers["posture"],
            "wanted_channel": wanted["channel"].astype("str"),
            "wanted_calls_per_year": wanted["calls_per_year"].astype(float),
            "workload_hours_per_year": asked,
            "channel": pd.Series(channel, index=tiers.index, dtype="object").astype("str"),
            "calls_per_year": planned,
            "visits_per_year": planned * in_person,
            "hours_per_call": contact,
            "travel_hours_per_call": travel,
            "hours_per_year": planned * np.nan_to_num(contact + travel),
            "present_hours_per_year": present_hours.to_numpy(float),
        }
    )


def _fit_channels(
    tiers: pd.DataFrame,
    wanted: np.ndarray,
    calls: np.ndarray,
    *,
    per_call: Mapping[str, np.ndarray],
    next_channel: Mapping[str, str],
    capacity: Mapping[str, float],
) -> np.ndarray:
    code, words = pd.factorize(tiers["tier"])
    rank = np.array([*(TIERS.index(word) if word in TIERS else len(TIERS) for word in words), len(TIERS)])[code]
    order = np.lexsort((-np.nan_to_num(tiers["score"].to_numpy(float), nan=-1.0), rank))
    channel = wanted.copy()
    is_left = tiers["is_left"].to_numpy(bool) if "is_left" in tiers else None
    for name in CHANNELS:
        if name not in per_call or name == "marketing":
            continue
        members = order[channel[order] == name]
        following = next_channel.get(name)
        if name == "field" and is_left is not None:
            channel[members[is_left[members]]] = following if isinstance(following, str) else None
            members = members[~is_left[members]]
        used = np.cumsum(calls[members] * per_call[name][members])
        channel[members[used > capacity.get(name, 0.0) + 1e-9]] = following if isinstance(following, str) else None
    return channel


@dataclass(frozen=True)
class _CallHours:
    """Hours of a call: by channel, by account where its norm or its distance says otherwise."""

    contact: dict[str, np.ndarray]
    travel: dict[str, np.ndarray]

    @cached_property
    def total(self) -> dict[str, np.ndarray]:
        return {name: self.contact[name] + self.travel[name] for name in self.contact}

    def pick(self, which: dict[str, np.ndarray], channel: np.ndarray) -> np.ndarray:
        """Return one number an account: that of its channel, missing without one."""
        found = np.full(len(channel), np.nan)
        for name, values in which.items():
            rows = channel == name
            found[rows] = values[rows]
        return found


def _measure_call_hours(
    tiers: pd.DataFrame, own: np.ndarray, known: pd.DataFrame, *, asked_for: np.ndarray, remote: np.ndarray
) -> _CallHours:
    """Return the hours of a call to each account through each channel, wanted or not.

    ``own`` are the hours that a norm names; calls are remote by the share ``remote`` where a norm asks for the channel.
    """
    contact, travel, is_named = {}, {}, ~np.isnan(own)
    for name, usual, way in zip(known.index, known["hours_per_call"].astype(float),
                                known["travel_hours_per_call"].astype(float), strict=True):
        is_asked = asked_for == name
        contact[name] = np.where(is_asked & is_named, own, usual)
        hours = np.full(len(tiers), way)
        if name == "field" and "travel_hours_per_call" in tiers:
            hours = tiers["travel_hours_per_call"].fillna(way).to_numpy(float)
        travel[name] = hours * (1 - np.where(is_asked, remote, 0.0))
    return _CallHours(contact, travel)


def limit_capacity(reps: pd.DataFrame, norms: pd.DataFrame, channels: pd.DataFrame) -> dict[str, float]:
    """Return the hours of each role that whole accounts can fill.

    ``sum of selling hours - (n_reps - 1) x half of the largest account's hours``: an
    account goes to one rep, so diaries cannot be filled to the last hour.

    Parameters
    ----------
    reps : DataFrame (n_reps, ...)
        Table ``reps`` with ``selling_hours_per_year`` filled.
    norms, channels : DataFrame
        As for :func:`plan_effort`.

    Returns
    -------
    dict of str to float
        Role -> hours per year, 0 or more.

    Examples
    --------
    >>> reps = pd.DataFrame({"role": ["field"] * 3, "selling_hours_per_year": [900.0] * 3})
    >>> norms = pd.DataFrame({"channel": ["field"], "calls_per_year": [24.0]})
    >>> channels = pd.DataFrame({"channel": ["field"], "hours_per_call": [1.5], "travel_hours_per_call": [0.5]})
    >>> limit_capacity(reps, norms, channels)
    {'field': 2652.0}
    """
    largest = (norms["calls_per_year"] * measure_calls(norms, channels)).groupby(norms["channel"]).max()
    team = _list_sellers(reps).groupby("role")["selling_hours_per_year"].agg(["sum", "size"])
    loss = (team["size"] - 1) * largest.reindex(team.index).fillna(0.0) / 2
    return (team["sum"] - loss).clip(lower=0.0).to_dict()


def _list_sellers(reps: pd.DataFrame) -> pd.DataFrame:
    """Return the reps who have selling hours; 0 is somebody who does not sell."""
    return reps[reps["selling_hours_per_year"].ne(0)]


def estimate_present_hours(
    accounts: pd.DataFrame, reps: pd.DataFrame, channels: pd.DataFrame, *, travel: pd.Series | None = None
) -> pd.Series:
    """Return the hours spent on each account in the last 12 months.

    Recorded hours where there are any; else the recorded calls x the hours of a
    call through the channel of the account's owner; else missing.

    Parameters
    ----------
    accounts, reps : DataFrame
        Tables ``accounts`` and ``reps``.
    channels : DataFrame (n_channels, 4)
        As for :func:`plan_effort`.
    travel : Series (n_accounts,), optional
        Hours on the way of a visit by geography; missing: the channel's.

    Returns
    -------
    Series (n_accounts,)
        Hours per year.
    """
    known = channels.set_index("channel")
    role = accounts["owner"].map(reps.set_index("rep")["role"])
    on_the_way = role.map(known["travel_hours_per_call"]).astype(float)
    if travel is not None:
        on_the_way = travel.where(role == "field").fillna(on_the_way)
    from_calls = accounts["present_calls_per_year"] * (role.map(known["hours_per_call"]).astype(float) + on_the_way)
    no_calls = accounts["present_calls_per_year"] == 0
    return accounts["present_hours_per_year"].fillna(from_calls.mask(no_calls, 0.0))


def summarize_roles(effort: pd.DataFrame, reps: pd.DataFrame, *, default_hours: Mapping[str, float]) -> pd.DataFrame:
    """Return, for each role, the reps that the workload takes and the reps there are.

    ``n_reps_needed = workload_hours_per_year / mean selling hours of a rep``. A rep
    with 0 selling hours (away for the year, a manager who does not sell) counts
    neither among ``n_reps`` nor in the mean.

    Parameters
    ----------
    effort : DataFrame (n_accounts, ...)
        Table ``account_effort``.
    reps : DataFrame (n_reps, ...)
        Table ``reps`` with ``selling_hours_per_year`` filled.
    default_hours : mapping of str to float
        Role -> selling hours of a rep where the role has nobody yet.

    Returns
    -------
    DataFrame (n_roles, ...)
        Table ``role_summary``; roles with neither people nor workload are left out.

    Notes
    -----
    Source: Talley (1961): 1,000 accounts x 36 calls + 2,000 x 12 = 60,000 calls,
    at 1,000 calls a rep 60 reps.
    """
    reps = _list_sellers(reps)
    asked = effort.groupby("wanted_channel")["workload_hours_per_year"].sum()
    planned = effort.groupby("channel")["hours_per_year"].sum()
    capacity, count = reps.groupby("role")["selling_hours_per_year"].sum(), reps["role"].value_counts()
    table = pd.DataFrame({"role": list(ROLES)})
    table["n_reps"] = table["role"].map(count).fillna(0.0).astype(float)
    table["selling_hours_per_year"] = table["role"].map(capacity).fillna(0.0).astype(float)
    table["workload_hours_per_year"] = table["role"].map(asked).fillna(0.0).astype(float)
    table["hours_per_year"] = table["role"].map(planned).fillna(0.0).astype(float)
    mean = (table["selling_hours_per_year"] / table["n_reps"].where(table["n_reps"] > 0)).where(lambda hours: hours > 0)
    mean = mean.fillna(table["role"].map(dict(default_hours)).astype(float))
    table["n_reps_needed"] = table["workload_hours_per_year"] / mean
    table["n_reps_gap"] = table["n_reps_needed"] - table["n_reps"]
    return table[(table["n_reps"] > 0) | (table["workload_hours_per_year"] > 0)].reset_index(drop=True)
