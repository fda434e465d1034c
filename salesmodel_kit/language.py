"""Words, numbers, money and dates in the client's language.

English sentences in the code are the keys of the catalogues
``templates/locale/<language>/LC_MESSAGES/salesmodel.po``; sentences that hold
numbers are in ``templates/narrative`` (see :mod:`salesmodel_kit.narrative`).
Translators type ordinary spaces: :func:`set_type` puts the no-break spaces of
French typography in, before facts are inserted, so that clients' words stay as
they were written.
"""

from __future__ import annotations

import datetime as dt
import math
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from babel import Locale, dates, lists, numbers
from babel.messages.pofile import read_po

from salesmodel_kit.errors import Message, SalesModelError
from salesmodel_kit.resources import find_resource

LANGUAGES: tuple[str, ...] = ("en", "fr")
#: What stands where a number is not known.
UNKNOWN = "–"

_NBSP, _THIN = "\u00a0", "\u202f"
_MINUS = "\N{MINUS SIGN}"
_LOCALES = {"en": "en_GB", "fr": "fr_FR"}
#: Marks between thousands and before decimals, in place of Python's.
_MARKS = {"en": {}, "fr": str.maketrans({",": _THIN, ".": ","})}
#: A place for a fact in a template.
_PLACE = re.compile(r"\{([a-z_]+)(?:!r)?\}")
_FRENCH_SPACES = (
    (re.compile(r" (?=[:»%€])"), _NBSP),
    (re.compile(r"(?<=«) "), _NBSP),
    (re.compile(r" (?=[;!?])"), _THIN),
    (re.compile(r"(?<=[0-9]) (?=[0-9]{3}(?![0-9]))"), _THIN),
)
#: Before a unit; a text that begins with it goes on from a number that is inserted.
_UNIT_SPACE = re.compile(r"(?:^|(?<=[0-9}])) (?=(?:h|km)\b)")
#: A name that holds one of these reads as two in a list.
_JOINS = {"en": re.compile(r",|;|\b(?:and|or)\b"), "fr": re.compile(r",|;|\b(?:et|ou)\b")}


def N_(sentence: str) -> str:  # noqa: N802
    """Mark a sentence for the catalogue and return it as it is; ``Language.text`` says it later."""
    return sentence


#: Kind of word -> value in a table -> English word, the catalogue's key.
WORDS: Mapping[str, Mapping[str, str]] = {
    "tier": {
        "platinum": N_("platinum"),
        "gold": N_("gold"),
        "silver": N_("silver"),
        "bronze": N_("bronze"),
        "iron": N_("iron"),
        "unknown": N_("not enough known"),
    },
    "cause": {
        "data": N_("data"),
        "weights": N_("criteria and weights"),
        "rule": N_("tier rule"),
        "margin": N_("margin"),
        "override": N_("override"),
        "several": N_("several"),
        "unknown": N_("not known"),
        "new": N_("new account"),
        "gone": N_("no longer there"),
    },
    "tier_source": {"rule": N_("rule"), "held": N_("held by the margin"), "override": N_("override")},
    "standing": {"customer": N_("customers"), "prospect": N_("prospects")},
    "posture": {"invest": N_("invest"), "select": N_("select"), "harvest": N_("harvest")},
    "role": {
        "field": N_("field reps"),
        "inside": N_("inside reps"),
        "partner": N_("partners"),
        "customer_success": N_("customer success"),
    },
    "person": {
        "field": N_("field rep"),
        "inside": N_("inside rep"),
        "partner": N_("partner"),
        "customer_success": N_("customer success manager"),
    },
    "people": {
        "field": N_("field reps"),
        "inside": N_("inside reps"),
        "partner": N_("partners"),
        "customer_success": N_("customer success managers"),
    },
    "channel": {
        "field": N_("field visits"),
        "inside": N_("inside sales"),
        "partner": N_("partners"),
        "customer_success": N_("customer success"),
        "marketing": N_("marketing"),
    },
    "axis": {
        "attractiveness": N_("attractiveness"),
        "competitive_strength": N_("competitive strength"),
        "potential": N_("development potential"),
        "chance": N_("chance to win"),
    },
    "direction": {"benefit": N_("more is better"), "cost": N_("less is better")},
    "basis": {"measured": N_("measured"), "judged": N_("judged"), "assumed": N_("assumed"),
              "undeclared": N_("not declared (measured or judged?)")},
    "stability": {"stable": N_("stable"), "doubtful": N_("doubtful"), "not_stable": N_("not stable")},
    "serves": {"conquest": N_("conquest"), "retention": N_("retention")},
    "call": {"visit": N_("visit"), "remote": N_("remote contact")},
    "plan": {"present": N_("today"), "proposed": N_("proposed"), "wished": N_("edited by hand")},
}


def set_type(text: str, language: str) -> str:
    """Return a sentence with the no-break spaces its language asks for; a unit stays with its number in each."""
    text = _UNIT_SPACE.sub(_NBSP, text)
    if language != "fr":
        return text
    for pattern, space in _FRENCH_SPACES:
        text = pattern.sub(space, text)
    return text.replace("'", "’")


@lru_cache
def read_catalogue(language: str) -> Mapping[str, str]:
    """Return English sentence -> sentence in ``language``, typographically set."""
    path = find_resource("templates", "locale", language, "LC_MESSAGES", "salesmodel.po")
    if not path.is_file():
        return {}
    with path.open("rb") as stream:
        catalogue = read_po(stream, locale=language)
    return {entry.id: set_type(entry.string, language) for entry in catalogue if entry.id and entry.string}


def recognize_message(sentence: str) -> Message | None:
    """Return the message that an English sentence was made from; None where the catalogue has no such sentence.

    A kernel hands over an error as a sentence only; this is how a batch says it in
    another language.

    Examples
    --------
    >>> recognize_message("Language 'de' is not available; choose one of: en, fr.").facts
    {'code': 'de', 'known': 'en, fr'}
    """
    found = [(len(template), template, facts) for template, pattern in _compile_templates()
             if (facts := pattern.fullmatch(sentence))]
    if not found:
        return None
    _, template, facts = max(found, key=lambda each: each[:2])
    quoted = {name for name in facts.groupdict() if f"{{{name}!r}}" in template}
    return Message(template, {name: fact.strip("'") if name in quoted else fact
                              for name, fact in facts.groupdict().items()})


@lru_cache
def _compile_templates() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return English template -> pattern of the sentences it makes; templates of hardly any words are left out."""
    patterns = []
    for template in read_catalogue("fr"):
        seen: set[str] = set()
        parts = []
        for at, part in enumerate(_PLACE.split(template)):
            is_fact = at % 2 == 1
            parts.append((f"(?P={part})" if part in seen else f"(?P<{part}>.+?)") if is_fact else re.escape(part))
            seen |= {part} if is_fact else set()
        if any(len(word) > 2 for word in _PLACE.split(template)[::2]):
            patterns.append((template, re.compile("".join(parts), flags=re.S)))
    return tuple(patterns)


@dataclass(frozen=True)
class Language:
    """One language: translates sentences, formats numbers.

    Parameters
    ----------
    code : {"en", "fr"}
        The language.
    currency : str
        ISO 4217 code of the client's money.
    tiers : tuple of (str, str or None)
        The client's tiers, best first, each with the client's own name for it (None: the
        catalogue's word).
    files : tuple of (str, str)
        The kit's name of a table's file and the client's own where it is another.

    Raises
    ------
    SalesModelError
        The language is not one the kit speaks.
    """

    code: str = "en"
    currency: str = "EUR"
    tiers: tuple[tuple[str, str | None], ...] = (("gold", None), ("silver", None), ("bronze", None))
    files: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if self.code not in LANGUAGES:
            raise SalesModelError(
                "Language {code!r} is not available; choose one of: {known}.",
                code=self.code,
                known=", ".join(LANGUAGES),
            )

    @property
    def locale(self) -> Locale:
        """Return the Babel locale."""
        return Locale.parse(_LOCALES[self.code])

    def text(self, sentence: str, /, **facts: object) -> str:
        """Return a sentence of the catalogue with its facts inserted."""
        template = read_catalogue(self.code).get(sentence, set_type(sentence, "en"))
        return template.format(**facts) if facts else template

    def say(self, message: Message) -> str:
        """Return a message in this language, with the messages among its facts."""
        facts = {name: self.say(fact) if isinstance(fact, Message) else fact for name, fact in message.facts.items()}
        return read_catalogue(self.code).get(message.template, message.template).format(**facts)

    def word(self, kind: str, value: object) -> str:
        """Return the word for a value of a table, ``or`` for the tier ``gold``; unknown gives a dash."""
        if kind == "tier" and (own := dict(self.tiers).get(value)) is not None:  # type: ignore[call-overload]
            return own
        return self.text(WORDS[kind][value]) if isinstance(value, str) else UNKNOWN

    @property
    def levels(self) -> tuple[str, ...]:
        """Return the client's tiers, best first."""
        return tuple(name for name, _ in self.tiers)

    def number(self, value: float, digits: int = 0) -> str:
        """Return a number in full, ``1 234,5``; unknown gives a dash."""
        if not is_known(value):
            return UNKNOWN
        return self._write(value, digits)

    def _write(self, value: float, digits: int) -> str:
        """Return a number as Babel writes it, in a tenth of the time: reports hold thousands of them."""
        written = f"{Decimal(str(_no_minus_zero(value, digits))):,.{digits}f}"
        return _set_minus(written.translate(_MARKS[self.code]))

    def brief(self, value: float) -> str:
        """Return a number for prose with two or three significant digits, ``1,2 M`` or ``640``."""
        if not is_known(value):
            return UNKNOWN
        scaled, suffix = _scale(_round_significant(value, 3), self.code)
        return _set_minus(numbers.format_decimal(scaled, "#,##0.##", locale=self.locale)) + suffix

    def money(self, value: float, digits: int = 0) -> str:
        """Return an amount in full, ``12 345 €``."""
        if not is_known(value):
            return UNKNOWN
        symbol, figure = numbers.get_currency_symbol(self.currency, locale=self.locale), self._write(abs(value), digits)
        sign = _MINUS if _no_minus_zero(value, digits) < 0 else ""
        if self.code == "fr":
            return f"{sign}{figure}{_NBSP}{symbol}"
        return f"{sign}{symbol}{_NBSP if symbol.isalpha() else ''}{figure}"

    def brief_money(self, value: float, *, step: float | None = None) -> str:
        """Return an amount for prose, ``1,2 M€`` or ``€1.2M``; rounded to a step, or to two or three digits."""
        if not is_known(value):
            return UNKNOWN
        symbol = numbers.get_currency_symbol(self.currency, locale=self.locale)
        digits = 2 if abs(value) >= 1e3 else 3
        rounded = _round_significant(value, digits) if step is None else round(value / step) * step
        scaled, suffix = _scale(rounded, self.code)
        sign = _MINUS if scaled < 0 else ""
        amount = numbers.format_decimal(abs(scaled), "#,##0.##" if step is None else "#,##0.###", locale=self.locale)
        if self.code == "fr":
            return f"{sign}{amount}{suffix or _NBSP}{symbol}"
        gap = _NBSP if len(symbol) > 1 and symbol.isalpha() else ""
        return f"{sign}{symbol}{gap}{amount}{suffix}"

    def points(self, share: float) -> str:
        """Return a difference of two shares in points of percent, ``3 points``."""
        written = self.number(100 * share)
        count = 0.0 if not is_known(share) else abs(round(100 * share))
        return self.text(self.plural(count, N_("{points} point"), N_("{points} points")), points=written)

    def share(self, value: float, digits: int = 0) -> str:
        """Return a share of 1 in percent, ``62 %``."""
        if not is_known(value):
            return UNKNOWN
        return self.number(100 * value, digits) + (f"{_NBSP}%" if self.code == "fr" else "%")

    def hours(self, value: float) -> str:
        """Return hours, ``1 250 h``."""
        return UNKNOWN if not is_known(value) else f"{self.number(value)}{_NBSP}h"

    def date(self, value: dt.date | None) -> str:
        """Return a date in words, ``30 septembre 2026``."""
        if value is None:
            return UNKNOWN
        words = dates.format_date(value, "long", locale=self.locale)
        return f"1er{words[1:]}" if self.code == "fr" and value.day == 1 else words

    def month(self, number: int) -> str:
        """Return a month in words, 1: January."""
        return dates.get_month_names("wide", context="format", locale=self.locale)[number]

    def enumerate(self, words: Iterable[str]) -> str:
        """Return words as a list in a sentence, ``a, b et c``; each is quoted where one could be read as two.

        Examples
        --------
        >>> Language("en").enumerate(["Water and energy", "Retail"])
        '“Water and energy” and “Retail”'
        """
        told = list(words)
        return lists.format_list(self.set_apart(told) if len(told) > 1 else told, locale=self.locale)

    def set_apart(self, words: Iterable[str]) -> list[str]:
        """Return words for a list with others, all of them quoted where one holds what joins a list."""
        told = [str(word) for word in words]
        bare = [word for word in told if not word.startswith(("«", "“"))]
        if not any(_JOINS[self.code].search(word) for word in bare):
            return told
        return [self.quote(word) if word in bare else word for word in told]

    def quote(self, words: str) -> str:
        """Return the client's words between quotation marks."""
        return f"«{_NBSP}{words}{_NBSP}»" if self.code == "fr" else f"“{words}”"

    def plural(self, count: float, one: str, many: str) -> str:
        """Return the form that goes with a count; zero is singular in French."""
        is_one = abs(count) < 2 if self.code == "fr" else count == 1
        return one if is_one else many


def find_user_language(environment: Mapping[str, str] = os.environ) -> Language:
    """Return the language to speak with the user.

    Parameters
    ----------
    environment : mapping of str to str
        ``SALESMODEL_LANGUAGE`` wins, then the first of LC_ALL, LC_MESSAGES and
        LANG that is set; what the kit does not speak gives English.

    Returns
    -------
    Language
        French or English.

    Examples
    --------
    >>> find_user_language({"LANG": "fr_FR.UTF-8"}).code, find_user_language({"LANG": "C"}).code
    ('fr', 'en')
    """
    names = ("SALESMODEL_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
    wanted = next((environment[name] for name in names if environment.get(name)), "")
    code = wanted[:2].lower()
    return Language(code if code in LANGUAGES else "en")


def is_known(value: object) -> bool:
    """Return whether a cell holds a finite number."""
    try:
        return value is not None and math.isfinite(float(value))  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return False


def _no_minus_zero(value: float, digits: int) -> float:
    rounded = round(float(value), digits)
    return 0.0 if rounded == 0 else float(value)


def _set_minus(written: str) -> str:
    """Return a number with the minus sign that is as wide as a plus."""
    return written.replace("-", _MINUS)


def _round_significant(value: float, digits: int) -> float:
    if value == 0:
        return 0.0
    return round(float(value), digits - 1 - math.floor(math.log10(abs(value))))


def _scale(value: float, code: str) -> tuple[float, str]:
    gap = _NBSP if code == "fr" else ""
    billion, million, thousand = ("Md", "M", "k") if code == "fr" else ("bn", "M", "k")
    for bound, suffix in ((1e9, billion), (1e6, million), (1e4, thousand)):
        if abs(value) >= bound:
            return value / bound if bound != 1e4 else value / 1e3, f"{gap}{suffix}"
    return value, ""
