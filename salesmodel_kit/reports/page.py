"""The shell that every page of the kit shares: style, policy, header and footer.

A page is one file: its style sheet stands in it, its pictures are data, it has
no script, and its Content-Security-Policy lets nothing else in.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import lru_cache

import jinja2
from markupsafe import Markup

from salesmodel_kit.language import Language
from salesmodel_kit.resources import find_resource


def render_page(
    template: str, *, title: str, language: Language, content: Mapping[str, object], pictures: str = "data:"
) -> str:
    """Return a finished page.

    Parameters
    ----------
    template : str
        File in ``templates/report`` that extends ``page.html.j2``.
    title : str
        What the browser's tab and the foot of a printed page say.
    language : Language
        The page's language.
    content : mapping of str to object
        What the template shows; text is escaped, ``Markup`` is not.
    pictures : str
        Where pictures may come from, as sources of the page's policy.

    Returns
    -------
    str
        HTML that needs no other file; the same input gives the same text.
    """
    style = _read_style() + _print_foot(title)
    return _environment().get_template(template).render(
        content, title=title, language=language.code, style=Markup(style), policy=_policy(style, pictures),
        skip=language.text("Skip to content"),
    ).rstrip() + "\n"


@lru_cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(find_resource("templates", "report")), autoescape=True,
        undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )


@lru_cache
def _read_style() -> str:
    return find_resource("templates", "report", "style.css").read_text(encoding="utf-8")


def _print_foot(text: str) -> str:
    """Return the rule that puts a text at the foot of printed pages; every odd character is escaped."""
    escaped = "".join(c if c.isascii() and c.isalnum() else f"\\{ord(c):x} " for c in text)
    return f'@page {{ @bottom-left {{ content: "{escaped}"; }} }}\n@page :first {{ @bottom-left {{ content: ""; }} }}\n'


def _policy(style: str, pictures: str) -> str:
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (f"default-src 'none'; img-src {pictures}; style-src 'sha256-{digest}'; "
            "base-uri 'none'; form-action 'none'")
