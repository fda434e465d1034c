"""What a director skips at first reading: exhibits that open under their title, and those that say one line."""

from __future__ import annotations

from bs4 import BeautifulSoup, Tag

#: Exhibits whose title is enough at first reading.
FOLDED = (
    "account_groups",
    "best_ten",
    "calibration",
    "call_plan",
    "criterion_influence",
    "decided",
    "months",
    "move_list",
    "response_history",
    "round_changes",
    "size_return",
    "selling_days",
    "top_accounts",
    "weight_sets",
)


def fold_exhibits(soup: BeautifulSoup) -> None:
    """Put the exhibits named in ``FOLDED`` under their title; those without table or picture become one line.

    Parameters
    ----------
    soup : BeautifulSoup
        A chapter; changed in place.

    Examples
    --------
    >>> page = BeautifulSoup('<figure class="exhibit" id="best_ten"><figcaption><p class="exhibit-title">Ten</p>'
    ...                      '</figcaption><table></table></figure>', "html.parser")
    >>> fold_exhibits(page)
    >>> print(page.details.summary)
    <summary><span class="exhibit-title">Ten</span></summary>
    """
    for figure in soup.select("figure.exhibit"):
        if figure.find(["table", "img"]) is None:
            figure["class"] = [*figure["class"], "exhibit-line"]
        elif figure.get("id") in FOLDED:
            _fold(figure, soup)


def _fold(figure: Tag, soup: BeautifulSoup) -> None:
    """Move the title of a figure to the line under which it opens."""
    title = figure.find(class_="exhibit-title")
    if title is None:
        return
    fold = figure.wrap(soup.new_tag("details", attrs={"class": "exhibit-fold"}))
    summary = soup.new_tag("summary")
    fold.insert(0, summary)
    summary.append(title.extract())
    title.name = "span"
