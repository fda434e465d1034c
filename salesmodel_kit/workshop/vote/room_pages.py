"""The pages of the consultant: the projector's page, the slips, the dispersion; behind a key of their own."""

from __future__ import annotations

import asyncio

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from salesmodel_kit.client.ballot_forms import FORM_METHODS, METHOD_NAMES
from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.workshop.vote.ballot_pages import find_address
from salesmodel_kit.workshop.vote.guards import PICTURE_POLICY, read_form
from salesmodel_kit.workshop.vote.outcome import Outcome, find_outcome
from salesmodel_kit.workshop.vote.pages import draw_code, name_methods, render, say_words
from salesmodel_kit.workshop.vote.room import Progress, Room

_COOKIE = "room"


class RoomPages:
    """The pages of the consultant.

    The key comes once in the address and moves into a cookie, so that the
    projector shows an address without it.

    Parameters
    ----------
    room : Room
        The vote.
    address : str
        Where phones find it.
    is_local : bool
        It answers on this machine only.
    """

    def __init__(self, room: Room, *, address: str, is_local: bool) -> None:
        self.room, self.address, self.is_local = room, address, is_local
        self._drawn: tuple[tuple, Outcome | None] | None = None
        post = ["POST"]
        self.routes = [
            Route("/room", self.show), Route("/room/state", self.tell_state), Route("/room/slips", self.show_slips),
            Route("/room/open", self.open, methods=post), Route("/room/close", self.close, methods=post),
            Route("/room/reopen", self.reopen, methods=post), Route("/room/dispersion", self.show_dispersion),
            Route("/room/dispersion.svg", self.draw_dispersion)]

    def _let_in(self, request: Request) -> None:
        if not self.room.doors.is_key(request.cookies.get(_COOKIE, ""), find_address(request)):
            raise HTTPException(403)

    async def show(self, request: Request) -> Response:
        """Show the projector's page."""
        key = request.query_params.get("key")
        if key is not None:
            if not self.room.doors.is_key(key, find_address(request)):
                raise HTTPException(403)
            response = RedirectResponse("/room", 303)
            response.set_cookie(_COOKIE, key, httponly=True, samesite="strict", path="/room")
            return response
        self._let_in(request)
        return HTMLResponse(self._render())

    def _render(self, message: str = "") -> str:
        room, state, language = self.room, self.room.state, self.room.model.language
        progress = room.list_progress()
        votes = room.model.client.votes
        sets = [] if votes is None else sorted(votes["weight_set"].dropna().unique())
        return render(
            "room.html.j2", language, title=say_words(language)["vote"], kind="room",
            client=room.model.client.profile.name, stamp=state.stamp, is_open=state.is_open, is_local=self.is_local,
            qr=draw_code(self.address), address=self.address, round=state.round, weight_set=state.weight_set,
            round_words=language.text("Round {n}", n=state.round), method=state.method,
            method_name=language.text(METHOD_NAMES[state.method]), methods=name_methods(language), sets=sets,
            people=[self._describe(each) for each in progress], n_done=_count(progress), message=message)

    def _describe(self, person: Progress) -> dict[str, str]:
        words, language = say_words(self.room.model.language), self.room.model.language
        if person.is_done:
            return {"name": person.name, "phase": "done", "words": words["voted"]}
        if person.n_saved:
            said = language.text("{n} of {total}", n=person.n_saved, total=person.n_asked)
            return {"name": person.name, "phase": "begun", "words": said}
        return {"name": person.name, "phase": "waiting", "words": words["waiting"]}

    async def tell_state(self, request: Request) -> Response:
        """Tell the page how far everybody is."""
        self._let_in(request)
        progress, state = self.room.list_progress(), self.room.state
        return JSONResponse({"stamp": state.stamp, "open": state.is_open, "done": _count(progress),
                             "people": [self._describe(each) for each in progress]})

    async def open(self, request: Request) -> Response:
        """Open the next round."""
        self._let_in(request)
        given = await read_form(request)
        method, weight_set = given.get("method", ""), given.get("weight_set", "").strip()
        if method not in FORM_METHODS or len(weight_set) > 60 or not weight_set.isprintable():
            raise HTTPException(400)
        try:
            self.room.open_round(method, weight_set)
        except SalesModelError as error:
            return HTMLResponse(self._render(self.room.model.language.say(error.message)), 422)
        return RedirectResponse("/room", 303)

    async def close(self, request: Request) -> Response:
        """Close the round."""
        self._let_in(request)
        await read_form(request)
        self.room.close_round()
        return RedirectResponse("/room", 303)

    async def reopen(self, request: Request) -> Response:
        """Take votes of the same round again."""
        self._let_in(request)
        await read_form(request)
        self.room.reopen_round()
        return RedirectResponse("/room", 303)

    async def show_slips(self, request: Request) -> Response:
        """Show the participants' codes, to print."""
        self._let_in(request)
        language, codes = self.room.model.language, self.room.doors.codes
        slips = [{"name": name, "code": codes[code], "qr": draw_code(f"{self.address}/v/{codes[code]}")}
                 for code, name in self.room.people.items()]
        return HTMLResponse(render(
            "slips.html.j2", language, title=say_words(language)["slips"], kind="print", slips=slips,
            is_local=self.is_local, or_type=language.text("or open {address} and type", address=self.address)))

    async def show_dispersion(self, request: Request) -> Response:
        """Show how far the votes of the closed round lie apart."""
        self._let_in(request)
        words, is_open = say_words(self.room.model.language), self.room.state.is_open
        outcome = None if is_open else await self._find_outcome()
        return HTMLResponse(render(
            "dispersion.html.j2", self.room.model.language, title=words["show"], kind="room", outcome=outcome,
            message=words["still_open"] if is_open else words["few"], stamp=self.room.state.stamp,
            weights=self._say_weights()))

    def _say_weights(self) -> str:
        """Return whose weights the model uses, and what changes that."""
        line, text = "weights_from: votes", self.room.model.language.text
        if self.room.model.profile.weights_from == "votes":
            return text("The model uses the group's weights ({line} in client.yaml).", line=line)
        return text("The model uses the declared weights; with {line} in client.yaml the group's count.", line=line)

    async def draw_dispersion(self, request: Request) -> Response:
        """Draw how far the votes of the closed round lie apart."""
        self._let_in(request)
        outcome = None if self.room.state.is_open else await self._find_outcome()
        if outcome is None:
            raise HTTPException(404)
        return Response(outcome.picture, media_type="image/svg+xml",
                        headers={"Content-Security-Policy": PICTURE_POLICY})

    async def _find_outcome(self) -> Outcome | None:
        """Return what the round shows, drawn once for the page and its picture."""
        known = (self.room.state, id(self.room.store.file))
        if self._drawn is None or self._drawn[0] != known:
            self._drawn = known, await asyncio.to_thread(find_outcome, self.room)
        return self._drawn[1]


def _count(progress: list[Progress]) -> int:
    return sum(each.is_done for each in progress)
