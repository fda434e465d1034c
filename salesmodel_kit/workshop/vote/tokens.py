"""Who is at the door: personal codes, the key of the consultant's pages, and a limit to guessing.

Codes are made from one secret of the client's vote, so that a slip printed
yesterday still opens the page after the machine was restarted.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections import deque
from collections.abc import Callable, Iterable

#: Ten letters of 32 are 50 bits; none of them looks like another.
CODE_LENGTH = 10
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ALIKE = str.maketrans("OIL", "011", " -")
#: Wrong codes that an address may try within the window, and how many addresses are remembered.
MOST_GUESSES, WINDOW_SECONDS, _MOST_ADDRESSES = 12, 60.0, 4096


class TooManyGuesses(Exception):
    """An address has tried too many wrong codes."""


def make_code(secret: bytes, purpose: str) -> str:
    """Return the code for a purpose.

    Parameters
    ----------
    secret : bytes
        Of the client's vote.
    purpose : str
        Whose code it is.

    Returns
    -------
    str
        ``CODE_LENGTH`` letters and digits.
    """
    number = int.from_bytes(hmac.digest(secret, purpose.encode(), hashlib.sha256), "big")
    return "".join(_LETTERS[number >> 5 * place & 31] for place in range(CODE_LENGTH))


def read_code(typed: str) -> str:
    """Return a code as it was meant: without spaces and dashes, letters that look like digits as digits.

    Examples
    --------
    >>> read_code("k7qf2-m9xpo")
    'K7QF2M9XP0'
    """
    return typed[:64].upper().translate(_ALIKE)


class Doors:
    """The codes that open something, and who guesses.

    Parameters
    ----------
    secret : bytes
        Of the client's vote.
    participants : iterable of str
        Their ids.
    clock : callable, optional
        Seconds that never go back.
    """

    def __init__(self, secret: bytes, participants: Iterable[str], *,
                 clock: Callable[[], float] = time.monotonic) -> None:
        self.codes = {name: make_code(secret, f"participant {name}") for name in participants}
        self.key = make_code(secret, "room, first half") + make_code(secret, "room, second half")
        self._clock = clock
        self._guesses: dict[str, deque[float]] = {}

    def find(self, code: str, address: str) -> str | None:
        """Return whose code it is; None where it is nobody's.

        Every code is compared, in a time that does not tell how near a guess was.

        Parameters
        ----------
        code : str
            As it came.
        address : str
            Where from.

        Raises
        ------
        TooManyGuesses
            Too many wrong codes came from there within a minute.
        """
        self._let_in(address)
        wanted, found = code.encode(errors="replace"), None
        for name, known in self.codes.items():
            if hmac.compare_digest(wanted, known.encode()):
                found = name
        if found is None:
            self._note(address)
        return found

    def is_key(self, key: str, address: str) -> bool:
        """Return whether a key opens the consultant's pages; no key at all is no guess.

        Parameters
        ----------
        key : str
            As it came.
        address : str
            Where from.

        Raises
        ------
        TooManyGuesses
            Too many wrong codes came from there within a minute.
        """
        self._let_in(address)
        is_right = hmac.compare_digest(key.encode(errors="replace"), self.key.encode())
        if key and not is_right:
            self._note(address)
        return is_right

    def _let_in(self, address: str) -> None:
        """Refuse an address that has guessed too often; forget what is older than the window."""
        guesses = self._guesses.get(address)
        if guesses is None:
            return
        while guesses and guesses[0] < self._clock() - WINDOW_SECONDS:
            guesses.popleft()
        if len(guesses) >= MOST_GUESSES:
            raise TooManyGuesses
        if not guesses:
            del self._guesses[address]

    def _note(self, address: str) -> None:
        if len(self._guesses) >= _MOST_ADDRESSES and address not in self._guesses:
            del self._guesses[next(iter(self._guesses))]
        self._guesses.setdefault(address, deque()).append(self._clock())
