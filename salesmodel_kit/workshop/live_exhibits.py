"""Exhibits around the panels of a notebook: dimmed from the first change that they do not show, drawn again on demand.

A notebook's cell draws its exhibit once. Where a room is open, what such a cell
shows is a widget that watches the room, so that no picture stays on the screen
as if it still held.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any

import ipywidgets as widgets
from markupsafe import Markup

from salesmodel_kit.chain import SalesModel
from salesmodel_kit.errors import SalesModelError
from salesmodel_kit.language import N_
from salesmodel_kit.reports.exhibits.page import Exhibit
from salesmodel_kit.workshop.room import Room

_STYLE = ("<style>.smk-before {opacity: .25} .smk-before-note p {margin: 0; padding: .3em .7em; font-size: 17px; "
          "background: #fdf3d6; border: 1px solid #7a5a00}</style>")
Show = Callable[[SalesModel], Exhibit]


class LiveExhibit(widgets.VBox):
    """An exhibit that says when it no longer shows the room's state.

    Parameters
    ----------
    room : Room
        What was decided and what is being tried.
    exhibit : Exhibit
        As it was drawn.
    drawn : SalesModel
        What it was drawn of.
    show : callable, optional
        Draws it again of another model; without it the sentence says to run the notebook again.
    """

    def __init__(self, room: Room, exhibit: Exhibit, *, drawn: SalesModel, show: Show | None = None) -> None:
        self.room, self.drawn, self.show = room, drawn, show
        text = room.language.text
        self.note, self.picture = widgets.HTML(_STYLE), widgets.HTML(str(exhibit.html))
        self.again = widgets.Button(description=text(N_("Draw again")), icon="refresh", layout={"width": "auto"})
        self.again.on_click(lambda _: self.draw_again())
        self.row = widgets.HBox([self.note, self.again])
        self.row.add_class("smk-before-note")
        super().__init__([self.row, self.picture])
        room.observe(lambda _: self.look(), names="version")
        self.look()

    @property
    def is_stale(self) -> bool:
        """Return whether the room has another state than the one that is drawn."""
        return self.drawn is not self.room.model

    def look(self) -> None:
        """Dim the picture where it no longer holds, and clear it where it holds again."""
        sentence = N_("This is how it was before the last change.") if self.show is not None else N_(
            "This is how it was before the last change; run the notebook again to see how it is.")
        said = Markup("<p role='status'>{}</p>").format(self.room.language.text(sentence)) if self.is_stale else ""
        self.note.value = _STYLE + str(said)
        self.again.layout.display = "inline-flex" if self.is_stale and self.show is not None else "none"
        (self.picture.add_class if self.is_stale else self.picture.remove_class)("smk-before")

    def draw_again(self) -> None:
        """Draw the room's present state."""
        if self.show is None:
            return
        try:
            self.picture.value = str(self.show(self.room.model).html)
        except SalesModelError as error:
            self.picture.value = str(Markup("<p>{}</p>").format(self.room.language.say(error.message)))
        self.drawn = self.room.model
        self.look()


def follow_exhibits(room: Room) -> None:
    """Let every exhibit that this notebook shows from now on watch a room; nothing outside of a notebook.

    Parameters
    ----------
    room : Room
        The notebook's.
    """
    from IPython import get_ipython

    shell = get_ipython()
    if shell is None:
        return

    def describe(exhibit: Exhibit) -> dict[str, object]:
        show, drawn = find_call(shell.user_ns)
        live = LiveExhibit(room, exhibit, drawn=room.decided if drawn is None else drawn, show=show)
        return {**live._repr_mimebundle_(), "text/html": exhibit._repr_html_(), "text/plain": repr(exhibit)}

    shell.display_formatter.mimebundle_formatter.for_type(Exhibit, describe)


def find_call(names: Mapping[str, Any]) -> tuple[Show | None, SalesModel | None]:
    """Return the function and the model of the cell that runs, where its last line is one call on a model.

    Parameters
    ----------
    names : mapping
        Of the notebook; ``In`` holds its cells.

    Returns
    -------
    callable or None
        ``show_tier_table`` of ``show_tier_table(model)``.
    SalesModel or None
        What it was called on.
    """
    try:
        last = ast.parse(names["In"][-1]).body[-1]
    except (KeyError, IndexError, SyntaxError):
        return None, None
    call = last.value if isinstance(last, ast.Expr) else None
    if not isinstance(call, ast.Call) or call.keywords or len(call.args) != 1:
        return None, None
    function, model = (names.get(part.id) if isinstance(part, ast.Name) else None for part in (call.func, call.args[0]))
    return (function, model) if callable(function) and isinstance(model, SalesModel) else (None, None)
