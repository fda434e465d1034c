"""HTML that may stand in a report: an allow-list, whatever its origin.

What notebooks show holds clients' words. They are escaped where they are
written; this is the second lock: tags and attributes that are not named here
are dropped, so that nothing from a client's data can run, load or link out.
"""

from __future__ import annotations

import nh3

_BLOCKS = "section aside div p blockquote pre figure figcaption details summary hr br h1 h2 h3 h4 h5 h6"
_LISTS = "ul ol li dl dt dd"
_WORDS = "a span strong em b i small sub sup abbr code mark time wbr"
_TABLES = "table caption colgroup col thead tbody tfoot tr th td"
_ROLES = frozenset({"region", "group", "img", "note", "list", "listitem", "presentation"})
_IMAGES = ("data:image/svg+xml;base64,", "data:image/png;base64,")
_LINKS = ("#", "https://")


def clean_html(html: str) -> str:
    """Return the fragment with only what a report may hold.

    Parameters
    ----------
    html : str
        Fragment of HTML, from a notebook's text or output.

    Returns
    -------
    str
        Well-formed fragment: no script, style, form, frame or event handler;
        pictures are SVG or PNG data, links lead inside the page or to https.

    Examples
    --------
    >>> clean_html('<p onclick="x()">Ten <script>y()</script>accounts</p>')
    '<p>Ten accounts</p>'
    >>> clean_html('<img src="https://example.org/x.png" alt="map">')
    '<img alt="map">'
    """
    return _CLEANER.clean(html)


def _keep_attribute(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "src":
        return value if value.startswith(_IMAGES) else None
    if attribute == "href":
        return value if value.startswith(_LINKS) else None
    if attribute == "role":
        return value if value in _ROLES else None
    if attribute == "tabindex":
        return value if value in {"0", "-1"} else None
    return value


_CLEANER = nh3.Cleaner(
    tags=set(f"{_BLOCKS} {_LISTS} {_WORDS} {_TABLES} img".split()),
    clean_content_tags={"script", "style"},
    attributes={
        "*": {"class", "id", "role", "tabindex", "title", "lang",
              "aria-label", "aria-labelledby", "aria-describedby", "aria-hidden"},
        "a": {"href"},
        "img": {"src", "alt", "width", "height"},
        "details": {"open"},
        "ol": {"start"},
        "time": {"datetime"},
        "col": {"span"},
        "colgroup": {"span"},
        "th": {"scope", "colspan", "rowspan", "headers", "abbr"},
        "td": {"colspan", "rowspan", "headers"},
    },
    attribute_filter=_keep_attribute,
    url_schemes={"data", "https"},
    link_rel="noopener noreferrer",
)
