"""The web app of a vote: a page for the consultant, a page for each participant, nothing from outside."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.language import N_
from salesmodel_kit.workshop.vote.ballot_pages import BallotPages
from salesmodel_kit.workshop.vote.guards import StrictHeaders
from salesmodel_kit.workshop.vote.pages import read_asset, render, say_words
from salesmodel_kit.workshop.vote.room import Room
from salesmodel_kit.workshop.vote.room_pages import RoomPages
from salesmodel_kit.workshop.vote.tokens import TooManyGuesses

_ASSETS = {"style.css": "text/css", "vote.js": "text/javascript", "room.js": "text/javascript"}
_REFUSALS = {
    400: N_("What was sent cannot be read; nothing was saved."),
    403: N_("This page is the consultant's, or was sent from elsewhere; open it from the address in the terminal."),
    404: N_("There is nothing here. Type the code of your slip."),
    413: N_("That is too much to be a vote; nothing was saved."),
    429: N_("Too many wrong codes came from here; wait a minute."),
}


def make_app(room: Room, *, address: str, hosts: Sequence[str], is_local: bool) -> Starlette:
    """Return the web app of a vote.

    Parameters
    ----------
    room : Room
        The vote.
    address : str
        Where phones find it, ``http://192.168.1.20:8765``.
    hosts : sequence of str
        Names by which a browser may call it; any other is refused (DNS rebinding).
    is_local : bool
        It answers on this machine only.

    Returns
    -------
    Starlette
        The app.
    """
    ballots, consultant = BallotPages(room), RoomPages(room, address=address, is_local=is_local)
    routes = [*ballots.routes, *consultant.routes,
              *(Route(f"/{name}", _serve(name, kind)) for name, kind in _ASSETS.items())]

    def refuse(request: Request, status: int, sentence: str) -> Response:
        language = room.model.language
        page = render("enter.html.j2", language, title=say_words(language)["vote"], kind="phone", message=sentence)
        return HTMLResponse(page, status)

    async def refuse_http(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        known = _REFUSALS.get(status)
        sentence = room.model.language.text(known) if known else HTTPStatus(status).phrase
        response = refuse(request, status, sentence)
        response.headers.update(getattr(error, "headers", None) or {})
        return response

    async def refuse_guess(request: Request, error: Exception) -> Response:
        return refuse(request, 429, room.model.language.text(_REFUSALS[429]))

    async def refuse_user(request: Request, error: Exception) -> Response:
        sentence = room.model.language.say(error.message) if isinstance(error, SalesModelError) else str(error)
        return refuse(request, 503, sentence)

    return Starlette(
        routes=routes,
        middleware=[Middleware(StrictHeaders),
                    Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False)],
        exception_handlers={HTTPException: refuse_http, TooManyGuesses: refuse_guess, SalesModelError: refuse_user})


def _serve(name: str, kind: str):  # noqa: ANN202
    content = read_asset(name)

    async def serve(request: Request) -> Response:
        return Response(content, media_type=kind)

    return serve


