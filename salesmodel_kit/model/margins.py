"""The margin that keeps accounts from flapping, as cuts of each account's own.

An account rises over a cut only by the margin, and falls only by the margin: for
those below it the cut lies higher, for those above it lower. Said so, whatever
asks "is the score at the cut?" asks it of an account with a previous tier too.
"""

from __future__ import annotations

import numpy as np


def find_shifts(previous: np.ndarray, *, n_cuts: int, margin: float) -> np.ndarray:
    """Return by how much each cut lies higher or lower for an account.

    Parameters
    ----------
    previous : ndarray of int (n_accounts,)
        Place of the tier of the last model, 0 for the best; -1: none, then no cut is moved.
    n_cuts : int
        One less than there are tiers.
    margin : float
        Of the score, 0 or more.

    Returns
    -------
    ndarray (n_accounts, n_cuts)
        ``margin`` for the cuts above the account's tier, ``-margin`` for its own and those below.

    Examples
    --------
    >>> find_shifts(np.array([1, -1]), n_cuts=2, margin=0.03).tolist()
    [[0.03, -0.03], [0.0, 0.0]]
    """
    previous = np.asarray(previous)[:, None]
    return np.where(previous < 0, 0.0, np.where(np.arange(n_cuts) < previous, margin, -margin))


def shift_cuts(cuts: np.ndarray, shifts: np.ndarray) -> np.ndarray:
    """Return the cuts as they are for accounts with these shifts; arguments broadcast.

    A cut is moved up to 1 at most, so that the best score of all is always enough;
    where nobody is let in (infinite or missing), the margin lets nobody in.

    Parameters
    ----------
    cuts : ndarray (...)
        Lowest scores; infinite or NaN for a tier that nobody reaches.
    shifts : ndarray (...)
        As :func:`find_shifts` returns them.

    Returns
    -------
    ndarray (...)
        Lowest scores, those that rise 1 at most.

    Examples
    --------
    >>> shift_cuts(np.array([0.6, 0.99, np.inf]), np.array([0.03, 0.03, 0.03])).tolist()
    [0.63, 1.0, inf]
    """
    return np.where(shifts > 0, np.maximum(cuts, np.minimum(cuts + shifts, 1.0)), cuts + shifts)
