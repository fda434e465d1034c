"""Runs a vote: binds to this machine alone unless told otherwise, and logs no address."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from pathlib import Path

from salesmodel_kit.chain import build_model
from salesmodel_kit.client.folder import open_client
from salesmodel_kit.client.votes_store import open_votes
from salesmodel_kit.errors import Message, SalesModelError, describe_os_error
from salesmodel_kit.workshop.vote.app import make_app
from salesmodel_kit.workshop.vote.room import Room

LOOPBACK, PORT = "127.0.0.1", 8765


def run_vote(folder: Path, *, host: str = LOOPBACK, port: int = PORT, say: Callable[[Message], None]) -> None:
    """Run a client's vote until it is interrupted.

    Parameters
    ----------
    folder : Path
        The client's folder.
    host : str
        Address to bind to; ``0.0.0.0`` for every network of this machine.
    port : int
        Port to bind to; 0 for any free one.
    say : callable
        Takes each sentence for the consultant.

    Raises
    ------
    SalesModelError
        The client cannot be voted on, or the port is taken.
    """
    import uvicorn

    model = build_model(open_client(folder))
    with open_votes(folder, model.language.code) as store, _bind(host, port) as listener:
        room = Room(model, store)
        bound, own = listener.getsockname()[1], find_own_address(host)
        address = f"http://{own}:{bound}"
        app = make_app(room, address=address, hosts=list_hosts(own), is_local=is_loopback(own))
        for sentence in _announce(address, f"http://{LOOPBACK}:{bound}" if host == "0.0.0.0" else address, room,
                                  is_local=is_loopback(own)):
            say(sentence)
        config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False, ws="none",
                                lifespan="off", limit_concurrency=512, timeout_keep_alive=30,
                                timeout_graceful_shutdown=2)
        uvicorn.Server(config).run(sockets=[listener])


def _announce(address: str, near: str, room: Room, *, is_local: bool) -> list[Message]:
    """Return what the consultant is told: where the pages are, and who can reach them."""
    sentences = [Message("Your page, for you alone until it is open (it holds your key): {address}",
                         {"address": f"{near}/room?key={room.doors.key}"})]
    if is_local:
        sentences.append(Message("The vote answers on this machine only; --host 0.0.0.0 opens it to the room's "
                                 "network."))
    else:
        sentences.append(Message("The vote is open to everybody on this network at {address}; only a personal code "
                                 "lets them vote, and nothing is encrypted on the way.", {"address": address}))
    return [*sentences, Message("Ctrl-C ends it; every vote that was shown as saved is in {file}.",
                                {"file": room.store.path.name})]


def _bind(host: str, port: int) -> socket.socket:
    """Return a socket that listens there."""
    try:
        return socket.create_server((host, port), backlog=256)
    except (OSError, OverflowError) as error:
        detail = describe_os_error(error) if isinstance(error, OSError) else str(error)
        raise SalesModelError("The vote cannot listen on {host}, port {port} ({detail}); choose another with --host or "
                              "--port.", host=host, port=port, detail=detail) from error


def find_own_address(host: str) -> str:
    """Return by which address phones find a server that is bound to ``host``; nothing is sent to find out."""
    if host not in ("0.0.0.0", ""):
        return host
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return LOOPBACK


def is_loopback(address: str) -> bool:
    """Return whether an address is reached from this machine only.

    Examples
    --------
    >>> is_loopback("localhost"), is_loopback("127.0.0.1"), is_loopback("192.168.1.20")
    (True, True, False)
    """
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"


def list_hosts(address: str) -> list[str]:
    """Return the names by which a browser may call the server."""
    name = socket.gethostname().lower()
    return list(dict.fromkeys([address, LOOPBACK, "localhost", name, f"{name}.local"]))
