"""Templates of sentences, rendered in the client's language.

``templates/narrative/<language>/<chapter>.j2`` holds one ``{% block %}`` per
sentence; a block named ``<exhibit>_title`` is the title of that exhibit, and so
on. French typography is put into the template's own words when it is loaded;
facts are inserted later and stay as the client wrote them. The environment is
sandboxed, escapes every fact and refuses an unknown one.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType, MappingProxyType

from jinja2 import BytecodeCache, FileSystemLoader, StrictUndefined, Template
from jinja2.bccache import Bucket
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup, escape

from salesmodel_kit.language import LANGUAGES, N_, WORDS, Language, is_known, set_type
from salesmodel_kit.narrative.tier_words import name_tier, raise_first
from salesmodel_kit.resources import find_resource

#: One file of templates per chapter, in the order of the notebooks.
CHAPTERS: tuple[str, ...] = (
    "common",
    "segments",
    "segmentation",
    "scores",
    "votes",
    "reasons",
    "outcomes",
    "tiers",
    "robustness",
    "allocation",
    "workload",
    "sizes",
    "response_history",
    "territories",
    "call_plan",
    "scenarios",
    "board",
)

#: Column or judgement -> its word, and what it rests on unless the client says otherwise.
QUANTITIES: Mapping[str, tuple[str, str]] = {
    "size_per_year": (N_("size of the markets"), "undeclared"),
    "sales_per_year": (N_("sales"), "measured"),
    "potential_per_year": (N_("potential"), "undeclared"),
    "present_hours_per_year": (N_("hours today"), "undeclared"),
    "estimated_hours": (N_("hours today, from recorded calls and the length of a call"), "assumed"),
    "employees": (N_("employees"), "measured"),
    "size_band": (N_("size band"), "measured"),
    "selling_hours_per_year": (N_("selling hours of the team"), "measured"),
    "estimated_selling_hours": (N_("selling hours of the team, from working time"), "assumed"),
    "opportunities": (N_("deals won and lost"), "measured"),
    "owner": (N_("present reps"), "measured"),
    "places": (N_("places"), "measured"),
    "previous_tier": (N_("tiers of the last model"), "measured"),
    "ratings": (N_("ratings"), "judged"),
    "weights": (N_("weights and anchors of the criteria"), "judged"),
    "votes": (N_("weights of the group"), "judged"),
    "cutoffs": (N_("cutoffs of the tiers"), "judged"),
    "tier_margin": (N_("margin of the tiers"), "assumed"),
    "overrides": (N_("overrides"), "judged"),
    "positions": (N_("past and target positions"), "judged"),
    "raters": (N_("dispersion of the raters, from their votes"), "judged"),
    "personas": (N_("what the workshop wrote on people"), "judged"),
    "win_probability": (N_("probability to win"), "assumed"),
    "call_norms": (N_("call norms of the strategy"), "assumed"),
    "public_holidays": (N_("public holidays of the country"), "measured"),
    "leave": (N_("leave"), "measured"),
    "calls_made": (N_("calls already made"), "measured"),
    "call_rules": (N_("tolerances and areas of the call plan"), "assumed"),
    "responses": (N_("answers on what effort brings"), "judged"),
    "cost_per_year": (N_("cost of the reps"), "measured"),
    "contribution_margin_rate": (N_("margin on sales"), "assumed"),
    "travel_speed_kmh": (N_("speed on the road, km/h"), "assumed"),
    "calls_per_tour_day": (N_("visits that share one way from home and back"), "assumed"),
    "travel_cost_per_km": (N_("cost of a kilometre"), "assumed"),
    "visit_gain_share": (N_("part of the margin that only visits win or keep"), "judged"),
    "seasonality": (N_("seasons of the work"), "judged"),
    "leave_days_per_year": (N_("days of leave a year"), "assumed"),
    "training_days_per_year": (N_("days of training a year"), "assumed"),
    "carry_over_year_2": (N_("sales that come again in the second year"), "assumed"),
    "carry_over_year_3": (N_("sales that come again in the third year"), "assumed"),
    "week_tolerance": (N_("hours that a week of the call plan may take beyond its own"), "assumed"),
    "spacing_tolerance": (N_("share of its spacing by which a call may be moved"), "assumed"),
    "area_km": (N_("width of an area that is called on in one week, km"), "assumed"),
    "ramp_up_months": (N_("months to full output"), "assumed"),
    "hiring_cost": (N_("cost of hiring"), "assumed"),
}

#: Quantity -> the column under which a client's tables and declarations know it, where the names differ.
COLUMN_OF: Mapping[str, str] = {"weights": "weight", "places": "latitude"}

#: Brackets within brackets.
_INNER = str.maketrans("()", "[]")
_SPACES = re.compile(r"[ \t\r\n]+")
_TAGS = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Caption:
    """The sentences around a picture or table.

    Parameters
    ----------
    title : Markup
        The message, with its number.
    subtitle : Markup
        What is drawn, unit, period, number of accounts.
    alt : str
        Plain text for who does not see the picture: its main numbers.
    """

    title: Markup
    subtitle: Markup
    alt: str


class _Typography(Extension):
    """Sets the template's own words; what is inserted is not touched."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        code = self.environment.language_code  # type: ignore[attr-defined]
        for token in stream:
            if token.type in ("data", "string"):
                yield Token(token.lineno, token.type, set_type(_SPACES.sub(" ", token.value), code))
            else:
                yield token


class _CompiledChapters(BytecodeCache):
    """Chapters as they were compiled, shared by the environments of all clients: they differ in filters only."""

    def __init__(self) -> None:
        self._compiled: dict[str, tuple[str, CodeType]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        checksum, code = self._compiled.get(bucket.key, ("", None))
        bucket.code = code if checksum == bucket.checksum else None

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._compiled[bucket.key] = bucket.checksum, bucket.code


_COMPILED = _CompiledChapters()


def compile_chapters() -> None:
    """Compile every chapter in every language, for the processes that are forked from this one."""
    for code in LANGUAGES:
        for chapter in CHAPTERS:
            load_chapter(chapter, Language(code))


@lru_cache
def make_environment(language: Language) -> SandboxedEnvironment:
    """Return the template environment of a language, with filters that format in it."""
    environment = SandboxedEnvironment(
        loader=FileSystemLoader(find_resource("templates", "narrative", language.code)),
        autoescape=True, undefined=StrictUndefined, extensions=[_Typography],
        bytecode_cache=_COMPILED)
    environment.extend(language_code=language.code)
    formats = ("number", "brief", "money", "brief_money", "share", "hours", "date", "enumerate", "plural")
    environment.filters.update({name: getattr(language, name) for name in formats})
    environment.filters["count"] = lambda count, one, many: (
        f"{language.number(count)}\u00a0{language.plural(count, one, many)}")
    environment.filters["some"] = lambda words, limit=3: name_some(words, limit=limit, language=language)
    environment.filters["quoted"] = lambda words: (
        language.quote(words) if isinstance(words, str) else [language.quote(word) for word in words])
    environment.filters["tenths"] = lambda value: say_tenths(value, language=language)
    environment.filters["fine_share"] = lambda value: language.share(value, 1 if value < 0.1 else 0)
    environment.filters["decimal"] = lambda value, digits=1: language.number(value, digits)
    for form, name in enumerate(("the_tier", "of_tier", "to_tier")):
        environment.filters[name] = lambda tier, form=form: name_tier(tier, language, form=form)
    environment.filters["upper_first"] = raise_first
    best, next_best = language.levels[:2]
    environment.globals.update(best=best, next_best=next_best, tier_ids=language.levels,
                               own_names=any(own is not None for _, own in language.tiers))
    environment.tests["known"] = is_known
    for kind in WORDS:
        environment.filters[kind] = lambda value, kind=kind: language.word(kind, value)
    environment.filters["people"] = lambda role, count: language.word(
        language.plural(round(count, 1), "person", "people"), role)
    return environment


def say_tenths(value: float, *, language: Language) -> str:
    """Return a number with one digit, none where it is whole; what would round to 0 is ``less than 0.1``.

    Examples
    --------
    >>> [say_tenths(value, language=Language("en")) for value in (2.0, 0.4, 0.04, 0.0)]
    ['2', '0.4', 'less than 0.1', '0']
    """
    if 0 < abs(value) < 0.05:
        return language.text("less than {number}", number=language.number(0.1, 1))
    return language.number(value, 0 if round(value, 1) == round(value) else 1)


def name_some(words: Sequence[str], *, limit: int, language: Language) -> str:
    """Return the first words as a list and how many more there are, ``A, B and 4 others``."""
    n_more = len(words) - limit
    if n_more <= 1:
        return language.enumerate(words)
    others = language.text("{n_more} others", n_more=language.number(n_more))
    return language.enumerate([*language.set_apart(words[:limit]), others])


def load_chapter(chapter: str, language: Language) -> Template:
    """Return the template of one chapter."""
    return make_environment(language).get_template(f"{chapter}.j2")


def tell(chapter: str, block: str, *, language: Language, **facts: object) -> Markup:
    """Return one sentence, or several, as HTML.

    Parameters
    ----------
    chapter : str
        One of ``CHAPTERS``.
    block : str
        Name of the block in the chapter's template.
    language : Language
        The reader's language.
    **facts : object
        What the block speaks of; inserted escaped.

    Returns
    -------
    Markup
        Trimmed, one ordinary space between words, no-break spaces kept; a file has the client's own name.

    Raises
    ------
    KeyError
        The chapter has no such block.
    jinja2.UndefinedError
        The block speaks of a fact that is not given.
    """
    template = load_chapter(chapter, language)
    rendered = "".join(template.blocks[block](template.new_context(dict(facts))))
    said = _SPACES.sub(" ", rendered).strip(" ")
    for ours, own in language.files:
        said = said.replace(f"<code>{ours}</code>", f"<code>{escape(own)}</code>")
    return Markup(said)


def strip_markup(sentence: Markup) -> str:
    r"""Return a sentence as plain text; no-break spaces stay.

    Examples
    --------
    >>> strip_markup(Markup("<strong>62&nbsp;%</strong> of R&amp;D"))
    '62\xa0% of R&D'
    """
    return html.unescape(_TAGS.sub("", str(sentence)))


def tell_caption(chapter: str, exhibit: str, *, language: Language, **facts: object) -> Caption:
    """Return the title, subtitle and alternative text of one exhibit."""
    def part(name: str) -> Markup:
        return tell(chapter, f"{exhibit}_{name}", language=language, **facts)

    return Caption(title=part("title"), subtitle=part("subtitle"), alt=strip_markup(part("alt")))


def tell_basis(
    quantities: Sequence[str], *, data_basis: Mapping[str, object], language: Language,
    details: Mapping[str, tuple[str, str]] = MappingProxyType({}),
) -> Markup:
    """Return the line that says what a picture rests on: measured, judged, assumed, or not declared.

    Parameters
    ----------
    quantities : sequence of str
        Keys of ``QUANTITIES``.
    data_basis : mapping of str to object with ``basis`` and ``source``
        What the client declared about its columns.
    language : Language
        The reader's language.
    details : mapping of str to (basis, note), optional
        What is known of a quantity beside its own declaration; an empty note says nothing.
    """
    groups: dict[str, list[str]] = {"measured": [], "judged": [], "assumed": [], "undeclared": []}
    for quantity in quantities:
        word, basis = QUANTITIES[quantity]
        declared = data_basis.get(COLUMN_OF.get(quantity, quantity))
        basis, note = details.get(quantity, (basis, ""))
        if declared is not None:
            basis, note = declared.basis, "; ".join(part for part in (declared.source, note) if part)
        said = language.text(word)
        groups[basis].append(f"{said} ({note.translate(_INNER)})" if note else said)
    return tell("common", "basis", language=language, groups={name: said for name, said in groups.items() if said})
