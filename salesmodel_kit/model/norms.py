"""Call norms: how often, through which channel and for how long an account is called on.

A norm holds for a tier, and may name a posture, a market segment and whether the
account buys from us already. The norm that names most holds: the segment counts
before the standing, the standing before the posture.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.tables import CHANNELS

#: What a norm may name beside its tier -> how much naming it counts.
_KEYS: Mapping[str, int] = {"segment": 4, "standing": 2, "posture": 1}
_GIVEN = ("channel", "calls_per_year", "hours_per_call", "remote_share")
_DEFAULTS: Mapping[str, object] = {
    "posture": "any", "segment": "any", "standing": "any", "hours_per_call": np.nan, "remote_share": 0.0,
}


def complete_norms(norms: pd.DataFrame) -> pd.DataFrame:
    """Return norms with every column: ``any`` for what a norm does not name.

    Parameters
    ----------
    norms : DataFrame (n_norms, ...)
        ``tier``, ``channel``, ``calls_per_year`` and, where declared, ``posture``, ``segment``,
        ``standing``, ``hours_per_call`` (missing: the channel's), ``remote_share``.

    Returns
    -------
    DataFrame (n_norms, ...)
        The same rows; a new table.
    """
    absent = {name: np.full(len(norms), value) for name, value in _DEFAULTS.items() if name not in norms}
    columns = {**{name: norms[name] for name in norms}, **absent}
    words = {name: np.asarray(columns[name], dtype=object) for name in _KEYS}
    filled = {name: np.where(pd.isna(given), "any", given).astype(object) for name, given in words.items()}
    remote = np.nan_to_num(np.asarray(columns["remote_share"], dtype=float))
    hours = np.asarray(columns["hours_per_call"], dtype=float)
    return pd.DataFrame(columns | filled | {"hours_per_call": hours, "remote_share": remote}, index=norms.index)


def match_norms(accounts: pd.DataFrame, norms: pd.DataFrame) -> pd.DataFrame:
    """Return the norm of each account: of those that fit, the one that names most.

    Each combination of tier, posture, segment and standing is looked up once:
    time ``n_accounts + n_combinations x n_norms``.

    Parameters
    ----------
    accounts : DataFrame (n_accounts, ...)
        ``tier``, ``posture`` and, where known, ``segment`` and ``standing`` (``customer``,
        ``prospect``, missing: not known). Missing fits norms for any only.
    norms : DataFrame (n_norms, ...)
        As for :func:`complete_norms`; of two that name the same, the first holds.

    Returns
    -------
    DataFrame (n_accounts, 4)
        ``channel``, ``calls_per_year``, ``hours_per_call`` (missing: the channel's),
        ``remote_share``; all missing for an account without a tier.

    Raises
    ------
    SalesModelError
        No norm fits an account that has a tier.

    Examples
    --------
    >>> accounts = pd.DataFrame({"tier": ["gold", "gold"], "posture": ["invest", "select"],
    ...                          "segment": ["food", "metal"], "standing": ["customer", "prospect"]})
    >>> norms = pd.DataFrame({"tier": ["gold"] * 3, "segment": ["any", "food", "any"],
    ...                       "standing": ["any", "any", "prospect"], "channel": "field",
    ...                       "calls_per_year": [24.0, 12.0, 30.0]})
    >>> match_norms(accounts, norms)["calls_per_year"].tolist()
    [12.0, 30.0]
    """
    norms = complete_norms(norms)
    names = ["tier", *_KEYS]
    code = np.zeros(len(accounts), dtype=np.int64)
    for name in names:
        if name in accounts:
            part, words = pd.factorize(accounts[name], use_na_sentinel=True)
            code = code * (len(words) + 1) + part + 1
    _, first, number = np.unique(code, return_index=True, return_inverse=True)
    kinds = {name: _read_words(accounts[name].iloc[first]) if name in accounts else np.full(len(first), None)
             for name in names}
    rows = _choose_norms(kinds, norms)[number]
    return pd.DataFrame({name: pd.Series(norms[name].array.take(rows, allow_fill=True), index=accounts.index)
                         for name in _GIVEN})


def count_wanted_visits(wanted: pd.DataFrame) -> pd.Series:
    """Return the visits per year that the norms ask for: calls in the field that are not remote.

    Parameters
    ----------
    wanted : DataFrame (n_accounts, 4)
        From :func:`match_norms`.

    Returns
    -------
    Series (n_accounts,)
        0 where none is asked for.
    """
    visits = wanted["calls_per_year"].astype(float) * (1 - wanted["remote_share"].astype(float))
    return visits.where(wanted["channel"] == "field", 0.0).fillna(0.0)


def _read_words(words: pd.Series) -> np.ndarray:
    return words.to_numpy(dtype=object, na_value=None)


def _choose_norms(kinds: Mapping[str, np.ndarray], norms: pd.DataFrame) -> np.ndarray:
    """Return the row of the norm of each kind of account; -1 without a tier."""
    tier = kinds["tier"]
    fits = tier[:, None] == norms["tier"].to_numpy(dtype=object)[None, :]
    weight = np.ones(fits.shape)
    for name, counts in _KEYS.items():
        wanted = norms[name].to_numpy(dtype=object)
        is_any = wanted == "any"
        fits &= is_any[None, :] | (kinds[name][:, None] == wanted[None, :])
        weight += np.where(is_any, 0, counts)[None, :]
    has_tier = pd.notna(tier)
    lost = has_tier & ~fits.any(axis=1)
    if lost.any():
        raise SalesModelError("Tier {tier} has no call norm for posture 'any'; add one under call_norms.",
                              tier=tier[lost][0])
    return np.where(has_tier, np.where(fits, weight, 0.0).argmax(axis=1) if len(norms) else -1, -1)


def check_channels(channels: pd.DataFrame, norms: pd.DataFrame) -> pd.DataFrame:
    """Return the channels by name, once every one in use has hours and hands on forward.

    Parameters
    ----------
    channels : DataFrame (n_channels, 4)
        ``channel``, ``hours_per_call``, ``travel_hours_per_call``, ``next_channel`` (missing: none).
    norms : DataFrame (n_norms, ...)
        As for :func:`complete_norms`.

    Returns
    -------
    DataFrame (n_channels, 3)
        Index ``channel``.

    Raises
    ------
    SalesModelError
        A norm's channel or a next channel has no hours, or a next channel comes earlier in the order.
    """
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
                channel=name, following=following, order=", ".join(CHANNELS),
            )
        if following not in known.index:
            raise SalesModelError(
                "Channel {channel}: next_channel {following} has no hours per call; add it under channels.",
                channel=name, following=following,
            )
    return known


def measure_calls(norms: pd.DataFrame, channels: pd.DataFrame) -> pd.Series:
    """Return the hours of one call of each norm: with the account, and on the way where it is not remote.

    Parameters
    ----------
    norms, channels : DataFrame
        As for :func:`complete_norms` and :func:`check_channels`.

    Returns
    -------
    Series (n_norms,)
        Hours per call by the channel's usual way; geography is not in it.
    """
    norms, known = complete_norms(norms), channels.set_index("channel")
    contact = norms["hours_per_call"].fillna(norms["channel"].map(known["hours_per_call"]).astype(float))
    travel = norms["channel"].map(known["travel_hours_per_call"]).astype(float)
    return contact + travel * (1 - norms["remote_share"])


def measure_norms(
    norms: pd.DataFrame, channels: pd.DataFrame, *, capacity: Mapping[str, float], kinds: pd.DataFrame
) -> pd.DataFrame:
    """Return the hours that one account of each tier and kind asks for, and the hours its channel has.

    Parameters
    ----------
    norms, channels : DataFrame
        As for :func:`complete_norms` and :func:`check_channels`.
    capacity : mapping of str to float
        Role -> hours per year that whole accounts can fill.
    kinds : DataFrame (n_kinds, ...)
        ``kind`` (its name), ``posture``, ``segment`` and ``standing``: what norms may tell apart.

    Returns
    -------
    DataFrame (n_tiers x n_kinds, 5)
        ``tier``, ``posture`` (the kind's name), ``channel``, ``hours_per_year``, ``capacity``;
        marketing takes no selling hours and has no end.
    """
    tiers = norms["tier"].drop_duplicates()
    table = kinds.merge(tiers.rename("tier"), how="cross")
    numbered = complete_norms(norms).assign(hours_per_call=measure_calls(norms, channels).to_numpy())
    found = match_norms(table, numbered)
    limit = found["channel"].map(dict(capacity)).fillna(0.0).mask(found["channel"] == "marketing", np.inf)
    return pd.DataFrame({
        "tier": table["tier"], "posture": table["kind"], "channel": found["channel"],
        "hours_per_year": found["calls_per_year"] * found["hours_per_call"].fillna(0.0), "capacity": limit,
    })
