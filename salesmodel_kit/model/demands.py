"""What accounts ask of their rep: skills, languages, a lock, a family that stays together.

A demand that nobody meets is not dropped: the account stays without a rep, and
the smallest set of conditions that would have to give way is named.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import numpy as np
import pandas as pd

#: Kinds of conditions, those that are easiest to give up first.
CONDITIONS: tuple[str, ...] = ("lock", "language", "skill")


def find_eligible(accounts: pd.DataFrame, reps: pd.DataFrame) -> dict[str, np.ndarray]:
    """Return for each kind of condition which rep meets it for which account.

    Parameters
    ----------
    accounts : DataFrame (n_accounts, ...)
        ``required_skill`` and ``required_language``, several separated by commas, all needed;
        ``locked_rep``. A missing cell asks for nothing.
    reps : DataFrame (n_reps, ...)
        ``rep``, ``skills``, ``languages``. Upper and lower case do not matter.

    Returns
    -------
    dict of str to ndarray of bool (n_accounts, n_reps)
        By the names of ``CONDITIONS``; a kind that no account asks for is left out.
    """
    eligible = {}
    if accounts["locked_rep"].notna().any():
        locked = accounts["locked_rep"].astype(object).to_numpy()
        is_locked = accounts["locked_rep"].notna().to_numpy()
        eligible["lock"] = ~is_locked[:, None] | (locked[:, None] == reps["rep"].to_numpy(dtype=object)[None, :])
    for kind, asked, offered in (("language", "required_language", "languages"), ("skill", "required_skill", "skills")):
        if accounts[asked].notna().any():
            eligible[kind] = _meet_words(accounts[asked], reps[offered])
    return eligible


def list_words(cell: object) -> frozenset[str]:
    """Return the words of a cell, separated by commas or semicolons, in lower case.

    Parameters
    ----------
    cell : object
        Text; anything else, as a missing cell, holds no word.

    Returns
    -------
    frozenset of str

    Examples
    --------
    >>> sorted(list_words("Cold chain, GMP"))
    ['cold chain', 'gmp']
    """
    if not isinstance(cell, str):
        return frozenset()
    parts = (word.strip().casefold() for word in cell.replace(";", ",").split(","))
    return frozenset(part for part in parts if part)


def _meet_words(asked: pd.Series, offered: pd.Series) -> np.ndarray:
    codes, cells = pd.factorize(asked.astype(object), use_na_sentinel=False)
    has = [list_words(cell) for cell in offered]
    met = np.array([[list_words(cell) <= words for words in has] for cell in cells], dtype=bool)
    return met.reshape(len(cells), len(has))[codes]


def find_units(families: pd.Series) -> np.ndarray:
    """Return the unit of each account, from 0: those of one family share one, every other is its own.

    Parameters
    ----------
    families : Series (n_accounts,)
        Name of the family; missing: alone.

    Returns
    -------
    ndarray of int (n_accounts,)
        Numbers without a hole.
    """
    is_alone = families.isna().to_numpy()
    codes = pd.factorize(families.astype(object))[0].astype(np.int64)
    codes[is_alone] = len(families) + np.arange(int(is_alone.sum()))
    return np.unique(codes, return_inverse=True)[1]


def combine_eligible(
    eligible: Mapping[str, np.ndarray], shape: tuple[int, int], *, without: tuple[str, ...] = ()
) -> np.ndarray:
    """Return who meets every condition, some kinds left aside.

    Parameters
    ----------
    eligible : mapping of str to ndarray of bool (n_accounts, n_reps)
        From :func:`find_eligible`.
    shape : tuple of int
        Accounts and reps, for where nobody asks for anything.
    without : tuple of str
        Kinds of conditions left aside.

    Returns
    -------
    ndarray of bool (n_accounts, n_reps)
    """
    met = np.ones(shape, dtype=bool)
    for kind, who in eligible.items():
        if kind not in without:
            met &= who
    return met


def find_way_out(eligible: Mapping[str, np.ndarray], is_open: np.ndarray, rows: np.ndarray) -> tuple[str, ...]:
    """Return the smallest set of kinds of conditions whose giving up leaves some rep for all of the rows together.

    Parameters
    ----------
    eligible : mapping of str to ndarray of bool (n_accounts, n_reps)
        From :func:`find_eligible`.
    is_open : ndarray of bool (n_reps,)
        Reps of the role who have hours.
    rows : ndarray of int
        Accounts that stay together, or one.

    Returns
    -------
    tuple of str
        Names of ``CONDITIONS``, ``family`` where it is enough to part the accounts; empty where nothing helps.
    """
    kinds = [kind for kind in CONDITIONS if kind in eligible]
    shape = (len(rows), len(is_open))
    parts = {kind: eligible[kind][rows] for kind in kinds}
    if len(rows) > 1 and (combine_eligible(parts, shape) & is_open).any(axis=1).all():
        return ("family",)
    for size in range(1, len(kinds) + 1):
        for chosen in combinations(kinds, size):
            if (combine_eligible(parts, shape, without=chosen).all(axis=0) & is_open).any():
                return chosen
    return ()
