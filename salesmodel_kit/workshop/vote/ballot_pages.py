"""The pages of a participant: the door, the ballot, and what becomes of an answer."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cached_property

import pandas as pd
from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from salesmodel_kit.client.ballot_forms import METHOD_NAMES, Answers, BallotForm
from salesmodel_kit.client.votes import list_voted
from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.language import Language
from salesmodel_kit.workshop.vote.guards import read_form
from salesmodel_kit.workshop.vote.pages import ask, lay_out, render, say_words
from salesmodel_kit.workshop.vote.room import Room
from salesmodel_kit.workshop.vote.tokens import read_code

#: Rendered forms that are kept.
_MOST_FORMS = 1000


def find_address(request: Request) -> str:
    """Return where a request comes from."""
    return request.client.host if request.client else ""


class BallotPages:
    """The pages of the participants.

    Parameters
    ----------
    room : Room
        The vote.
    """

    def __init__(self, room: Room) -> None:
        self.room = room
        self._forms: dict[tuple, Markup] = {}
        self.routes = [Route("/", self.enter, methods=["GET", "POST"]), Route("/v/{code}", self.show),
                       Route("/v/{code}", self.save, methods=["POST"]), Route("/v/{code}/state", self.tell_state)]

    @property
    def _language(self) -> Language:
        return self.room.model.language

    @cached_property
    def _anchors(self) -> dict[str, str]:
        """Return the step from worst to best of each criterion, in words."""
        language = self._language
        return {row.criterion: f"{_say(row.worst, language)} → {_say(row.best, language)} "
                               f"{'' if pd.isna(row.unit) else row.unit}".rstrip()
                for row in list_voted(self.room.model.client.criteria).itertuples()}

    def _find(self, request: Request) -> str:
        found = self.room.doors.find(request.path_params["code"], find_address(request))
        if found is None:
            raise HTTPException(404)
        return found

    async def enter(self, request: Request) -> Response:
        """Ask for a personal code, and open the page that it belongs to."""
        message = ""
        if request.method == "POST":
            code = read_code((await read_form(request)).get("code", ""))
            if self.room.doors.find(code, find_address(request)) is not None:
                return RedirectResponse(f"/v/{code}", 303)
            message = self._language.text("This code is not known; look at your slip again.")
        page = render("enter.html.j2", self._language, title=say_words(self._language)["vote"], kind="phone",
                      message=message)
        return HTMLResponse(page, 404 if message else 200)

    async def show(self, request: Request) -> Response:
        """Show a participant's ballot."""
        return HTMLResponse(self._render(self._find(request), request.path_params["code"]))

    async def tell_state(self, request: Request) -> Response:
        """Tell the page which round it is."""
        self._find(request)
        state = self.room.state
        return JSONResponse({"stamp": state.stamp, "open": state.is_open})

    async def save(self, request: Request) -> Response:
        """Save the answers on an axis, and say what came of it once they are on the disk."""
        participant = self._find(request)
        given = await read_form(request)
        axis, is_script = given.get("axis", ""), request.headers.get("accept") == "application/json"
        try:
            found = await self.room.take(participant, given.get("stamp", ""), axis, given)
        except SalesModelError as error:
            found = Answers(problems=((None, error.message),))
        wrong = {key: self._language.say(message) for key, message in found.problems}
        if is_script:
            whole = wrong.pop(None, self._explain(wrong))
            return JSONResponse({"saved": bool(found.votes), "message": whole, "wrong": wrong},
                                200 if found.votes else 422)
        if found.votes:
            return RedirectResponse(f"/v/{request.path_params['code']}#axis-{axis}", 303)
        return HTMLResponse(self._render(participant, request.path_params["code"], axis=axis, given=given, wrong=wrong),
                            422)

    def _explain(self, wrong: Mapping[str | None, str]) -> str:
        return self._language.text("Not saved: look at what is marked.") if wrong else ""

    def _render(self, participant: str, code: str, *, axis: str = "", given: Mapping[str, str] | None = None,
                wrong: Mapping[str | None, str] | None = None) -> str:
        room, state, language = self.room, self.room.state, self._language
        saved, faults = room.find_saved(participant), dict(wrong or {})
        forms = []
        for form in room.forms:
            is_this = form.axis == axis and given is not None
            answers = given if is_this and given is not None else saved.get(form.axis, {})
            forms.append({"title": _raise(language.word("axis", form.axis)), "is_saved": form.axis in saved,
                          "html": self._render_form(form, answers, faults if is_this else {},
                                                    is_saved=form.axis in saved)})
        return render(
            "ballot.html.j2", language, title=say_words(language)["vote"], kind="phone", forms=forms,
            client=room.model.client.profile.name, name=room.people[participant], path=f"/v/{code}",
            round=state.round, round_words=language.text("Round {n}", n=state.round), weight_set=state.weight_set,
            method_name=language.text(METHOD_NAMES[state.method]), stamp=state.stamp, is_open=state.is_open,
            question=ask(state.method, language))

    def _render_form(self, form: BallotForm, answers: Mapping[str, str], wrong: Mapping[str | None, str], *,
                     is_saved: bool) -> Markup:
        """Return the form of an axis; what many ask for, or one asks for again, is made once."""
        known = (self.room.state.stamp, form.axis, is_saved, tuple(answers.items()), tuple(wrong.items()))
        if known not in self._forms:
            if len(self._forms) >= _MOST_FORMS:
                self._forms.clear()
            self._forms[known] = Markup(render(
                "form.html.j2", self._language, axis=form.axis, is_saved=is_saved, wrong=wrong,
                title=_raise(self._language.word("axis", form.axis)), stamp=self.room.state.stamp,
                groups=lay_out(form, answers, self._anchors, self._language), sum=_add(answers, self._language),
                message=wrong.get(None, self._explain(wrong)), has_sum=self.room.state.method == "points"))
        return self._forms[known]


def _say(number: float, language: Language) -> str:
    return language.number(number, 0 if float(number).is_integer() else 2)


def _raise(words: str) -> str:
    return words[:1].upper() + words[1:]


def _add(answers: Mapping[str, str], language: Language) -> str:
    """Return the sum of the numbers among answers, in words."""
    numbers = [float(text) for key, text in answers.items() if key.startswith("points-") and _is_number(text)]
    total = math.fsum(numbers)
    return language.number(total, 0 if total.is_integer() else 1)


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False
