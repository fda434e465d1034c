"""Workload: the hours that tiers ask for, and what the team can give.

Effort follows value: gold first, then silver, then bronze. What does not fit
into a channel goes to the next one (field to inside, inside to remote contact).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.tables import CHANNELS, ROLES, TIERS

_COLUMNS = [
    "account",
    "tier",
    "posture",
    "wanted_channel",
    "wanted_calls_per_year",
    "workload_hours_per_year",
    "channel",
    "calls_per_year",
    "hours_per_call",
    "travel_hours_per_call",
    "hours_per_year",
    "present_hours_per_year",
]


def plan_effort(
    tiers: pd.DataFrame,
    *,
    norms: pd.DataFrame,
    channels: pd.DataFrame,
    capacity: Mapping[str, float],
    present_hours: pd.Series,
) -> pd.DataFrame:
    """Return what each account asks for by the call norms, and what the team can give it.

    ``hours_per_year = calls_per_year x (hours_per_call + travel_hours_per_call)``.
    Within a channel accounts are served by tier, then by score, as long as the
    hours of the role last; the rest moves to the channel's next one with the same
    number of calls. Marketing takes no selling hours.

    Parameters
    ----------
    tiers : DataFrame (n_accounts, ...)
        Table ``account_tiers`` with the column ``posture`` of the account's segment.
        Without a tier (not enough known) nothing is planned: no channel, 0 calls.
    norms : DataFrame (n_norms, 4)
        ``tier``, ``posture`` (``any`` for all that are not named), ``channel``, ``calls_per_year``.
    channels : DataFrame (n_channels, 4)
        ``channel``, ``hours_per_call``, ``travel_hours_per_call``, ``next_channel`` (missing: none).
    capacity : mapping of str to float
        Role -> selling hours per year.
    present_hours : Series (n_accounts,)
        Hours spent in the last 12 months, in the order of ``tiers``; missing: not recorded.

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
    hours = _check_channels(channels, norms)
    key = tiers["tier"].astype(object)
    wanted = _look_up_norms(key, tiers["posture"].astype(object), norms)
    calls = wanted["calls_per_year"].to_numpy(float)
    per_call = (hours["hours_per_call"] + hours["travel_hours_per_call"]).to_dict()
    channel = _fit_channels(
        tiers,
        wanted["channel"],
        calls,
        per_call=per_call,
        next_channel=hours["next_channel"].to_dict(),
        capacity=capacity,
    )
    table = pd.DataFrame(
        {
            "account": tiers["account"],
            "tier": tiers["tier"],
            "posture": tiers["posture"],
            "wanted_channel": wanted["channel"].astype("str"),
            "wanted_calls_per_year": calls,
            "workload_hours_per_year": calls * wanted["channel"].map(per_call).astype(float).to_numpy(),
            "channel": channel.astype("str"),
            "calls_per_year": np.where(channel.notna(), calls, 0.0),
            "hours_per_call": channel.map(hours["hours_per_call"]).astype(float),
            "travel_hours_per_call": channel.map(hours["travel_hours_per_call"]).astype(float),
            "present_hours_per_year": present_hours.to_numpy(float),
        }
    )
    per_call_planned = (table["hours_per_call"] + table["travel_hours_per_call"]).fillna(0.0)
    return table.assign(hours_per_year=table["calls_per_year"] * per_call_planned)[_COLUMNS]


def _check_channels(channels: pd.DataFrame, norms: pd.DataFrame) -> pd.DataFrame:
    known = channels.set_index("channel")
    for name in norms["channel"]:
        if name not in known.index:
            raise SalesModelError(
                "Channel {channel} is used by a call norm but has no hours per call; add it under channels.",
                channel=name,
            )
    for name, following in known["next_channel"].dropna().items():
        if CHANNELS.index(following) <= CHANNELS.index(name):
            raise SalesModelError(
                "Channel {channel}: next_channel {following} must come later in this order: {order}.",
                channel=name,
                following=following,
                order=", ".join(CHANNELS),
            )
        if following not in known.index:
            raise SalesModelError(
                "Channel {channel}: next_channel {following} has no hours per call; add it under channels.",
                channel=name,
                following=following,
            )
    return known


def _look_up_norms(tier: pd.Series, posture: pd.Series, norms: pd.DataFrame) -> pd.DataFrame:
    rows = norms.drop_duplicates(["tier", "posture"]).set_index(["tier", "posture"])
    for name in tier.dropna().unique():
        if (name, "any") not in rows.index and not {(name, p) for p in posture[tier == name].fillna("any")} <= set(
            rows.index
        ):
            raise SalesModelError(
                "Tier {tier} has no call norm for posture 'any'; add one under call_norms.", tier=name
            )
    exact = rows.reindex(pd.MultiIndex.from_arrays([tier, posture.fillna("any")])).set_axis(tier.index)
    general = rows.reindex(pd.MultiIndex.from_arrays([tier, ["any"] * len(tier)])).set_axis(tier.index)
    return exact[["channel", "calls_per_year"]].fillna(general[["channel", "calls_per_year"]])


def _fit_channels(
    tiers: pd.DataFrame,
    wanted: pd.Series,
    calls: np.ndarray,
    *,
    per_call: Mapping[str, float],
    next_channel: Mapping[str, str],
    capacity: Mapping[str, float],
) -> pd.Series:
    rank = tiers["tier"].map({name: place for place, name in enumerate(TIERS)}).astype(float)
    order = np.lexsort((-tiers["score"].fillna(-1).to_numpy(float), rank.fillna(len(TIERS)).to_numpy()))
    channel = wanted.astype(object).to_numpy(copy=True)
    for name in CHANNELS:
        if name not in per_call or name == "marketing":
            continue
        members = order[channel[order] == name]
        used = np.cumsum(calls[members] * per_call[name])
        following = next_channel.get(name)
        channel[members[used > capacity.get(name, 0.0) + 1e-9]] = following if isinstance(following, str) else None
    return pd.Series(channel, index=tiers.index, dtype="object")


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
    per_call = channels.set_index("channel")[["hours_per_call", "travel_hours_per_call"]].sum(axis=1)
    largest = (norms["calls_per_year"] * norms["channel"].map(per_call)).groupby(norms["channel"]).max()
    team = _list_sellers(reps).groupby("role")["selling_hours_per_year"].agg(["sum", "size"])
    loss = (team["size"] - 1) * largest.reindex(team.index).fillna(0.0) / 2
    return (team["sum"] - loss).clip(lower=0.0).to_dict()


def _list_sellers(reps: pd.DataFrame) -> pd.DataFrame:
    """Return the reps who have selling hours; 0 is somebody who does not sell."""
    return reps[reps["selling_hours_per_year"].ne(0)]


def estimate_present_hours(accounts: pd.DataFrame, reps: pd.DataFrame, channels: pd.DataFrame) -> pd.Series:
    """Return the hours spent on each account in the last 12 months.

    Recorded hours where there are any; else the recorded calls x the hours of a
    call through the channel of the account's owner; else missing.

    Parameters
    ----------
    accounts, reps : DataFrame
        Tables ``accounts`` and ``reps``.
    channels : DataFrame (n_channels, 4)
        As for :func:`plan_effort`.

    Returns
    -------
    Series (n_accounts,)
        Hours per year.
    """
    per_call = channels.set_index("channel")[["hours_per_call", "travel_hours_per_call"]].sum(axis=1)
    role = accounts["owner"].map(reps.set_index("rep")["role"])
    from_calls = accounts["present_calls_per_year"] * role.map(per_call).astype(float)
    no_calls = accounts["present_calls_per_year"] == 0
    return accounts["present_hours_per_year"].fillna(from_calls.mask(no_calls, 0.0))


def measure_norms(norms: pd.DataFrame, channels: pd.DataFrame, *, capacity: Mapping[str, float]) -> pd.DataFrame:
    """Return the hours that one account of each tier and posture asks for, and the hours its channel has.

    Parameters
    ----------
    norms, channels : DataFrame
        As for :func:`plan_effort`.
    capacity : mapping of str to float
        Role -> hours per year, as :func:`limit_capacity` returns them.

    Returns
    -------
    DataFrame (n_norms, 5)
        ``tier``, ``posture``, ``channel``, ``hours_per_year``, ``capacity``; marketing takes no
        selling hours and has no end.
    """
    per_call = channels.set_index("channel")[["hours_per_call", "travel_hours_per_call"]].sum(axis=1)
    limit = norms["channel"].map(dict(capacity)).fillna(0.0).mask(norms["channel"] == "marketing", np.inf)
    return norms[["tier", "posture", "channel"]].assign(
        hours_per_year=norms["calls_per_year"] * norms["channel"].map(per_call).fillna(0.0), capacity=limit
    )


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
