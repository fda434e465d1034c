"""The pages of a vote, from templates/vote: every text that comes from data is escaped."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

import jinja2
import segno
from markupsafe import Markup

from salesmodel_kit.client.ballot_forms import FORM_METHODS, METHOD_NAMES, METHOD_QUESTIONS, BallotForm, Field
from salesmodel_kit.language import N_, Language
from salesmodel_kit.resources import find_resource
from salesmodel_kit.tables import LEVELS

_WORDS: Mapping[str, str] = MappingProxyType({
    "skip": N_("Skip to content"), "vote": N_("Vote"), "enter_code": N_("Your personal code"),
    "enter_hint": N_("Ten letters and digits; they stand on your slip."), "go_on": N_("Go on"),
    "save": N_("Save"), "saved": N_("Saved. You may change it until the round is closed."),
    "not_saved_yet": N_("Changed, not saved yet"), "sum": N_("Sum"), "private": N_(
        "Only you see what you vote. The room sees who has voted, and later how far the votes lie apart."),
    "not_open": N_("The vote has not begun. This page opens by itself."),
    "closed": N_("The round is closed. Thank you; what you saved counts."), "reload": N_("Look again"),
    "choose": N_("– choose –"), "best": N_("Counts most"), "worst": N_("Counts least"),
    "best_to": N_("How many times what counts most counts against each"),
    "to_worst": N_("How many times each counts against what counts least"),
    "lost": N_("No connection. Your entries are kept on this device; save again in a moment."),
    "less": N_("less"), "more": N_("more"), "have_voted": N_("have voted"), "who": N_("Who has voted"),
    "voted": N_("voted"), "waiting": N_("not yet"), "is_open": N_("open"),
    "is_closed": N_("closed"), "open_first": N_("Open the first round"), "open_next": N_("Open the next round"),
    "reopen": N_("Take votes again"), "close": N_("Close the round"), "show": N_("Show the dispersion"),
    "how": N_("How it is judged"), "weight_set": N_("Set of weights (leave empty for the one set)"),
    "scan": N_("Scan, then type the code of your slip"), "slips": N_("Slips with personal codes, to print"),
    "only_here": N_("Phones cannot reach this page yet: it answers on this machine only. Start it with --host 0.0.0.0 "
                    "to open it to the room's network."),
    "back": N_("Back to the vote"), "criterion": N_("Criterion"), "axis": N_("Axis"),
    "group_weight": N_("Weight of the group"), "spread": N_("Middle half spreads over (points)"),
    "talk": N_("To be talked about"), "agreed": N_("The room agrees"), "changed": N_("What talking changed"),
    "few": N_("Fewer than three have voted on each axis: the picture would say who voted what, so it is not shown."),
    "still_open": N_("The round is still open: the dispersion is shown once it is closed, so that nobody votes after "
                     "it."),
    "slip_hint": N_("This code is yours alone: whoever has it votes in your name. Do not project this page."),
    "print": N_("Print")})


@lru_cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(find_resource("templates", "vote")), autoescape=True,
        undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)


@lru_cache
def say_words(language: Language) -> Mapping[str, str]:
    """Return every fixed text of the pages in a language."""
    return {name: language.text(sentence) for name, sentence in _WORDS.items()}


def render(template: str, language: Language, **content: object) -> str:
    """Return a page.

    Parameters
    ----------
    template : str
        File in ``templates/vote``.
    language : Language
        The client's.
    **content : object
        What the page shows; text is escaped, ``Markup`` is not.
    """
    return _environment().get_template(template).render(content, w=say_words(language), language=language.code)


def read_asset(name: str) -> bytes:
    """Return a style sheet or script of the pages."""
    return find_resource("templates", "vote", name).read_bytes()


def name_methods(language: Language) -> list[tuple[str, str]]:
    """Return the ways to judge, each with its name."""
    return [(method, language.text(METHOD_NAMES[method])) for method in FORM_METHODS]


def ask(method: str, language: Language) -> str:
    """Return what a way to judge asks."""
    return language.text(METHOD_QUESTIONS[method])


def draw_code(address: str) -> Markup:
    """Return an address as a QR code, an SVG within the page."""
    stream = io.BytesIO()
    segno.make(address, error="m", micro=False).save(stream, kind="svg", xmldecl=False, svgns=True, omitsize=True,
                                                     border=2, svgclass="qr", lineclass=None, nl=False)
    return Markup(stream.getvalue().decode("ascii"))


def lay_out(form: BallotForm, saved: Mapping[str, str], anchors: Mapping[str, str],
            language: Language) -> list[dict[str, object]]:
    """Return the groups of fields of a form as the page shows them.

    Parameters
    ----------
    form : BallotForm
        What is asked.
    saved : mapping of str to str
        Key of a field -> the answer that is saved or was just given.
    anchors : mapping of str to str
        Criterion -> its step from worst to best in words.
    language : Language
        The client's.

    Returns
    -------
    list of dict
        ``title`` (may be empty) and ``fields``, each a dict for the template.
    """
    groups: dict[str, list[dict[str, object]]] = {}
    words = say_words(language)
    for each in form.fields:
        title = form.segments[each.segment] if each.segment else words.get(each.kind, "") if (
            each.kind in ("best_to", "to_worst")) else ""
        choices = _list_choices(form, each, language)
        value = saved.get(each.key, "")
        groups.setdefault(title, []).append({
            "key": each.key, "label": _label(form, each, words), "value": value, "choices": choices,
            "hint": anchors.get(each.criterion or "", "") if each.kind in ("swing", "rating") and not choices else "",
            "low": f"{each.low:g}", "high": "" if math.isinf(each.high) else f"{each.high:g}",
            "step": {"points": 5, "swing": 10}.get(each.kind, 1), "is_stepped": each.kind != "rating"})
    return [{"title": title, "fields": fields} for title, fields in groups.items()]


def _label(form: BallotForm, asked: Field, words: Mapping[str, str]) -> str:
    if asked.kind in ("best", "worst"):
        return words[asked.kind]
    if asked.kind == "comparison":
        return f"{form.labels[str(asked.criterion)]} – {form.labels[str(asked.against)]}"
    return form.labels[str(asked.criterion or asked.against)]


def _list_choices(form: BallotForm, asked: Field, language: Language) -> list[tuple[str, str]]:
    """Return value and text of each choice; none where a number is typed."""
    if asked.kind in ("best", "worst"):
        return list(form.labels.items())
    if asked.kind == "comparison":
        first, second = form.labels[str(asked.criterion)], form.labels[str(asked.against)]
        said = N_("{criterion} counts {n} times")
        more = [(str(n), language.text(said, criterion=first, n=n)) for n in range(9, 1, -1)]
        less = [(f"1/{n}", language.text(said, criterion=second, n=n)) for n in range(2, 10)]
        return [*more, ("1", language.text("Both count alike")), *less]
    levels = form.levels.get(str(asked.criterion)) if asked.kind == "rating" else None
    if levels is None:
        return []
    return [(str(level), f"{level} – {meaning}" if meaning else str(level))
            for level, meaning in zip(LEVELS, levels, strict=True)]
