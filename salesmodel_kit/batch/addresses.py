"""Folders and workbooks that lie elsewhere: addresses like ``s3://bucket/clients/acme``, opened by fsspec.

Who may read and write there, and at which endpoint, is fsspec's own configuration; an
address never carries a name or a password.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from salesmodel_kit.errors import SalesModelError, describe_os_error

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

#: Gone with the process that wrote them.
_FLEETING = ("memory",)
_SHOWN = 300


def is_address(place: str | Path) -> bool:
    """Return whether a place is an address of another file system; ``file://`` is this one's.

    Examples
    --------
    >>> [is_address(place) for place in ("s3://bucket/acme", "file:///clients/acme", "clients/acme", Path("acme"))]
    [True, False, False, False]
    """
    return isinstance(place, str) and "://" in place and not place.startswith("file://")


def find_local(place: str | Path) -> str | Path:
    """Return a place of this file system without its ``file://``; any other as it is.

    Examples
    --------
    >>> find_local("file:///clients/a%20b"), find_local("demo:acme")
    ('/clients/a b', 'demo:acme')
    """
    if not isinstance(place, str) or not place.startswith("file://"):
        return place
    return unquote(place.removeprefix("file://"))


def open_address(address: str) -> tuple[AbstractFileSystem, str]:
    """Return the file system of an address and the path in it.

    Parameters
    ----------
    address : str
        As ``s3://bucket/clients/acme``.

    Raises
    ------
    SalesModelError
        Its kind is not known, its package is not installed, it holds a name or password,
        or what is written there would be gone with the process.
    """
    import fsspec

    kind, _, rest = address.partition("://")
    if "::" in address or kind in _FLEETING or not rest.strip("/"):
        raise SalesModelError("{address} is no place for clients or reports; name a folder, or one like "
                              "s3://bucket/folder.", address=address)
    if "@" in urlsplit(address).netloc:
        raise SalesModelError("An address holds no name and no password, as in {example}: put them into "
                              "fsspec's own configuration.", example=f"{kind}://bucket/folder")
    try:
        system, path = fsspec.core.url_to_fs(address.rstrip("/"), use_listings_cache=False)  # others write too
    except ImportError as error:
        raise SalesModelError("{address} needs a package that is not installed: pip install "
                              "'salesmodel-kit[cluster]' for s3://.", address=address) from error
    except ValueError as error:
        raise SalesModelError("{address}: there is no such kind of address.", address=address) from error
    return system, path.rstrip("/")


@contextmanager
def say_unreachable(address: str) -> Iterator[None]:
    """Turn what a file system elsewhere answers into one sentence.

    Raises
    ------
    SalesModelError
        It cannot be reached, or does not let us.
    """
    try:
        yield
    except SalesModelError:
        raise
    except Exception as error:  # each file system has errors of its own
        reason = describe_os_error(error) if isinstance(error, OSError) and error.errno else " ".join(
            f"{type(error).__name__}: {error}".split())[:_SHOWN]
        raise SalesModelError("{address} cannot be read or written: {reason}. Look at the address, the connection and "
                              "the access.", address=address, reason=reason) from error
