"""A list that is put in order by dragging its rows, or by the keyboard."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import anywidget
from traitlets import Dict, List, TraitError, Unicode, validate

from salesmodel_kit.charts.style import ACCENT, INK, LIGHT_GREY, PALE_ACCENT
from salesmodel_kit.language import N_, Language


class OrderList(anywidget.AnyWidget):
    """Rows that are dragged to their place with mouse or finger; arrows, Home, End and digits move the focused one.

    Parameters
    ----------
    labels : mapping of str to str
        Name -> what the room reads, in the order of the beginning; shown as text, whatever it holds.
    question : str
        What the order answers, for who hears the page.
    language : Language
        The client's.

    Attributes
    ----------
    order : list of str
        Every name once, the first on top; anything else is not taken.
    """

    _esm = Path(__file__).with_name("order_list.js")
    _css = f"""
    .smk-order {{ list-style: none; margin: 0; padding: 0; width: 34em; max-width: 100%; font-size: 22px; }}
    .smk-order li {{ padding: 0.12em 0; }}
    .smk-order li button, .smk-panel .smk-order li button {{ display: flex; gap: 0.6em; width: 100%; text-align: left;
      align-items: baseline; font: inherit; font-size: 22px !important; color: {INK}; background: {PALE_ACCENT};
      border: 1px solid {LIGHT_GREY}; border-left: 6px solid {ACCENT}; border-radius: 4px; padding: 0.3em 0.7em;
      cursor: grab; touch-action: none; user-select: none; overflow-wrap: anywhere; }}
    .smk-order li button:hover {{ border-color: {ACCENT}; }}
    .smk-order .smk-dragged {{ cursor: grabbing !important; position: relative; z-index: 2;
      box-shadow: 0 4px 14px rgba(0, 0, 0, 0.35); }}
    .smk-hint {{ margin: 0 0 0.3em; }}
    .smk-place {{ min-width: 1.6em; font-weight: 600; font-variant-numeric: tabular-nums; }}
    .smk-order-said {{ position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }}
    """
    order = List(Unicode()).tag(sync=True)
    labels = Dict(value_trait=Unicode()).tag(sync=True)
    question, hint, place_words = Unicode().tag(sync=True), Unicode().tag(sync=True), Unicode().tag(sync=True)

    def __init__(self, labels: Mapping[str, str], *, question: str, language: Language) -> None:
        text = language.text
        super().__init__(
            labels=dict(labels), order=list(labels), question=question,
            hint=text(N_("Drag a criterion to its place; or choose it and press the arrow keys, or the digit of its "
                         "place.")),
            place_words=text(N_("{criterion}: place {n}"), criterion="{criterion}", n="{n}"))

    @validate("order")
    def _check_order(self, proposal: dict[str, list[str]]) -> list[str]:
        if sorted(proposal["value"]) != sorted(self.labels):
            raise TraitError("an order holds every name once")
        return proposal["value"]
