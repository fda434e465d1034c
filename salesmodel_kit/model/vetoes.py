"""Vetoes: a performance so bad that no strength makes up for it.

Scores are compensatory and stay what they are; a veto keeps the account out of
the best tier. The room may still override it, with its reason.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from salesmodel_kit.model.value_functions import CURVES, measure_performances

#: What a veto is found by.
_MEASURES = ("axis", "criterion", "worst", "best", "veto", "effective_weight", *CURVES)


def find_vetoes(performances: pd.DataFrame, criteria: pd.DataFrame) -> pd.DataFrame:
    """Return the accounts with a performance beyond a veto.

    Beyond: below ``veto`` where more is better, above it where less is better
    (``best < worst``). A performance that is not known has no veto.

    Parameters
    ----------
    performances : DataFrame (n_accounts, ...)
        With ``account``, and the performances as ``compute_values`` takes them.
    criteria : DataFrame (n_criteria, ...)
        With ``axis``, ``criterion``, ``worst``, ``best`` and, where there are any,
        ``veto`` in the criterion's own unit (for categories: their value).

    Returns
    -------
    DataFrame (n_vetoes, ...)
        Table ``vetoes``, heaviest criterion first where weights are there, accounts in their order.

    Notes
    -----
    Source: Roy (1990), discordance: a large enough handicap on one criterion
    stops an option whatever the others say.

    Examples
    --------
    >>> accounts = pd.DataFrame({"account": ["1", "2"], "competitor": [5.0, 3.0]})
    >>> criteria = pd.DataFrame({"axis": ["chance"], "criterion": ["competitor"], "worst": [5.0], "best": [1.0],
    ...                          "veto": [4.0]})
    >>> find_vetoes(accounts, criteria)["account"].tolist()
    ['1']
    """
    rows = criteria.reindex(columns=[name for name in _MEASURES if name in criteria])
    rows = rows[rows["veto"].notna()] if "veto" in rows else rows.head(0)
    if "effective_weight" in rows:
        rows = rows.sort_values("effective_weight", ascending=False, kind="stable")
    levels = measure_performances(performances, rows)
    limit = rows["veto"].to_numpy(dtype=float) if "veto" in rows else np.empty(0)
    sign = np.where(rows["best"].to_numpy(dtype=float) > rows["worst"].to_numpy(dtype=float), 1.0, -1.0)
    at, record = np.nonzero((sign * levels < sign * limit).T)
    return pd.DataFrame({
        "account": performances["account"].array.take(record),
        "axis": rows["axis"].array.take(at), "criterion": rows["criterion"].array.take(at),
        "performance": levels[record, at], "veto": limit[at],
    })


def apply_vetoes(tiers: pd.DataFrame, vetoes: pd.DataFrame, *, levels: Sequence[str]) -> pd.DataFrame:
    """Return the tiers with vetoed accounts out of the best tier, unless the room decided otherwise.

    Parameters
    ----------
    tiers : DataFrame (n_accounts, ...)
        Table ``account_tiers`` as ``assign_tiers`` returns it.
    vetoes : DataFrame (n_vetoes, ...)
        As :func:`find_vetoes` returns it.
    levels : sequence of str
        The client's tiers, best first.

    Returns
    -------
    DataFrame (n_accounts, ...)
        The same with ``veto``, the heaviest criterion that keeps an account out of
        the best tier; missing where neither rule nor margin would have it there. Cutoffs
        are those of all scores: nobody moves up into the place of a vetoed account, and
        one that the margin holds lower stays there.
    """
    first = vetoes.drop_duplicates("account")
    rows = np.flatnonzero(tiers["account"].isin(first["account"]))
    reason, by, rule, tier = (tiers[name].array.take(rows) for name in
                              ("override_reason", "override_by", "tier_by_rule", "tier"))
    by_rule = np.asarray(rule == levels[0], dtype=bool)
    is_hit = np.asarray(tier == levels[0], dtype=bool) & reason.isna() & by.isna()
    kept_out = rows[by_rule | is_hit]
    heaviest = dict(zip(first["account"], first["criterion"], strict=True))
    veto = np.full(len(tiers), None, dtype=object)
    veto[kept_out] = [heaviest[account] for account in tiers["account"].array[kept_out]]
    changed = {"tier_by_rule": (rows[by_rule], levels[1]), "tier": (rows[is_hit], levels[1]),
               "tier_source": (rows[is_hit], "rule")}
    return tiers.assign(
        **{name: _replace(tiers[name], places, word) for name, (places, word) in changed.items()
           if name in tiers and len(places)},
        veto=pd.array(veto, dtype="str"),
    )


def _replace(words: pd.Series, places: np.ndarray, word: str) -> pd.Series:
    """Return the words with another one at some places."""
    changed = words.array.copy()
    changed[places] = word
    return pd.Series(changed, index=words.index)
