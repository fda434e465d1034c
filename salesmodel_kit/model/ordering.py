"""The order of many numbers, faster than a sort of their places."""

from __future__ import annotations

import numpy as np

#: Runs of numbers alike in their leading bits that are put right one by one; beyond, everything is sorted anew.
_MOST_RUNS = 1_000


def order_numbers(numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the places of numbers from the smallest up, as ``numpy.argsort`` does, and the numbers in that order.

    Each number's leading bits are sorted together with its place in one word, which
    takes a third of the time of sorting places; the few numbers that agree in these
    bits and differ in the others are then put right.

    Parameters
    ----------
    numbers : ndarray (n,)
        Floats, none missing.

    Returns
    -------
    order : ndarray (n,)
        Integers; equal numbers in the order of their places, unless so many nearly
        agree that everything is sorted anew.
    ordered : ndarray (n,)
        ``numbers[order]``.

    Notes
    -----
    O(n log n) time, two arrays of n words.

    Examples
    --------
    >>> order_numbers(np.array([0.5, -1.0, 0.25]))
    (array([1, 2, 0]), array([-1.  ,  0.25,  0.5 ]))
    """
    bits = np.uint64(max(len(numbers) - 1, 0).bit_length())
    mask = (np.uint64(1) << bits) - np.uint64(1)
    words = _to_words(numbers)
    words &= ~mask
    words |= np.arange(len(numbers), dtype=np.uint64)
    words.sort()
    order = (words & mask).view(np.int64)
    ordered = numbers[order]
    wrong = words[:-1][ordered[1:] < ordered[:-1]]
    if not len(wrong):
        return order, ordered
    starts = np.unique(np.searchsorted(words, wrong & ~mask))
    if len(starts) > _MOST_RUNS:
        order = np.argsort(numbers)
        return order, numbers[order]
    stops = np.searchsorted(words, words[starts] | mask, side="right")
    for start, stop in zip(starts, stops, strict=True):
        order[start:stop] = order[start:stop][np.argsort(ordered[start:stop], kind="stable")]
    return order, numbers[order]


def _to_words(numbers: np.ndarray) -> np.ndarray:
    """Return unsigned words in the order of the floats; zero and minus zero are one."""
    words = (numbers + 0.0).view(np.uint64)
    sign = np.uint64(1 << 63)
    if len(numbers) and numbers.min() < 0:
        return np.where(words & sign, ~words, words | sign)
    return words
