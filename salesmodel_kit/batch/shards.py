"""One part of a batch: clients are dealt to parts by their ids, so that any program can run the parts anywhere."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from salesmodel_kit.errors import SalesModelError

_WRITTEN = re.compile(r"([0-9]{1,6})/([0-9]{1,6})")


@dataclass(frozen=True)
class Shard:
    """Part ``number`` of ``n_shards``.

    Parameters
    ----------
    number : int
        From 1.
    n_shards : int
        How many parts there are.
    """

    number: int
    n_shards: int

    @property
    def label(self) -> str:
        """Return its name in file names, ``2-of-8``."""
        return f"{self.number}-of-{self.n_shards}"

    def takes(self, client: str) -> bool:
        """Return whether a client falls to this part; that hangs on its id alone, not on the other clients.

        Parameters
        ----------
        client : str
            Its id, in any case.

        Examples
        --------
        >>> sum(Shard(number, 3).takes("acme") for number in (1, 2, 3))
        1
        """
        digest = hashlib.sha256(client.casefold().encode("utf-8", "replace")).digest()
        return int.from_bytes(digest[:8], "big") % self.n_shards == self.number - 1


def parse_shard(text: str) -> Shard:
    """Return the part of a batch that is written ``i/n``.

    Parameters
    ----------
    text : str
        As ``2/8``.

    Raises
    ------
    SalesModelError
        It is not written so, or ``i`` is not from 1 to ``n``.

    Examples
    --------
    >>> parse_shard("2/8").label
    '2-of-8'
    """
    match = _WRITTEN.fullmatch(text.strip())
    if match is None or not 1 <= int(match[1]) <= int(match[2]):
        raise SalesModelError(
            "--shard {value}: write which part of how many, from 1/4 to 4/4 where there are four.", value=text
        )
    return Shard(int(match[1]), int(match[2]))
