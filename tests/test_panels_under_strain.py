"""Every control of every panel, on clients that lack what others have: a refusal is a sentence, never a fault."""

from __future__ import annotations

from collections.abc import Iterator

import ipywidgets as widgets
import numpy as np
import pytest
from small_client import make_client, make_tables

from salesmodel_kit.chain import build_model
from salesmodel_kit.workshop.panels import PANELS, open_panel, open_room

NAMES = [name for names in PANELS.values() for name in names]
LONG = "Établissements «au très long nom» " * 4 + "<img src=x onerror=alert(1)>"
TYPED = ("", "abc", "1e308", "-1", "nan", "0,5", "1 234,5", "é" * 400)
NUMBERS = (0.0, -5.0, 1e308, 12.5)


def make_lacking(lack: str) -> dict:
    """Return the tables of a client that are others than those of the small one."""
    accounts, reps, segments = (make_tables()[name] for name in ("accounts", "reps", "segments"))
    return {
        "one account": {"accounts": accounts.head(1)},
        "no reps": {"reps": reps.head(0), "accounts": accounts.assign(owner=None)},
        "no potential": {"accounts": accounts.assign(potential_per_year=np.nan)},
        "no sales and no potential": {"accounts": accounts.assign(sales_per_year=0, potential_per_year=0)},
        "no places and no hours": {"accounts": accounts.assign(latitude=np.nan, longitude=np.nan),
                                   "reps": reps.assign(selling_hours_per_year=np.nan)},
        "one segment without ratings": {"segments": segments.head(1).assign(growth=np.nan, know_how=np.nan),
                                        "accounts": accounts.assign(segment="public")},
        "long names": {name: table.assign(**{"name" if name in ("accounts", "reps") else "label": LONG})
                       for name, table in make_tables().items()},
    }[lack]


def find_controls(widget: widgets.Widget) -> Iterator[widgets.Widget]:
    for child in getattr(widget, "children", ()):
        yield child
        yield from find_controls(child)


def list_values(control: widgets.Widget) -> tuple:
    if isinstance(control, widgets.Text):
        return TYPED
    if isinstance(control, widgets.FloatText):
        return NUMBERS
    if isinstance(control, widgets.FloatSlider):
        return control.min, control.max, (control.min + control.max) / 2
    if isinstance(control, widgets.Dropdown | widgets.Select | widgets.ToggleButtons):
        return tuple(option[1] if isinstance(option, tuple) else option for option in control.options[:4])
    return ()


@pytest.mark.parametrize("lack", ["one account", "no reps", "no potential", "no sales and no potential",
                                  "no places and no hours", "one segment without ratings", "long names"])
@pytest.mark.parametrize("name", [name for name in NAMES if name != "scenarios"])
def test_no_control_of_a_panel_ends_in_a_fault(name, lack):
    room = open_room(build_model(make_client(profile={"language": "fr"}, **make_lacking(lack))))
    panel = open_panel(name, room, interactive=True)

    for control in list(find_controls(panel)):
        for value in list_values(control):
            if control in find_controls(panel) and value in list_values(control):
                control.value = value
        if isinstance(control, widgets.Button) and not control.disabled:
            control.click()
    panel.undo.click()

    assert panel.shown_version == room.version
    assert "<img" not in "".join(part.value for part in find_controls(panel) if isinstance(part, widgets.HTML))
