"""The panels of a workshop by chapter, for notebooks and for a page of all of them.

``room = open_room(client, language)``, then ``open_panel("tiers", room, interactive=True)``
is a widget. All panels of one room show the same state; a page that shows one
chapter at a time sets ``awake`` to False on the panels that nobody sees.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING

from salesmodel_kit.workshop.room import Room, open_room

if TYPE_CHECKING:
    from salesmodel_kit.workshop.base import Panel

__all__ = ["PANELS", "open_panel", "open_room"]

#: Number of the notebook -> names of its panels, in order.
PANELS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "01": ("segments",), "02": ("weights", "strategy"), "03": ("tiers", "overrides"),
    "04": ("effort", "response", "territories", "scenarios"),
})
#: Name -> class, in the module NAME_panel: nothing of widgets is imported where nobody is there.
_CLASSES: Mapping[str, str] = MappingProxyType({
    "segments": "SegmentsPanel", "weights": "WeightsPanel", "tiers": "TierPanel", "overrides": "OverridesPanel",
    "effort": "EffortPanel", "response": "ResponsePanel", "territories": "TerritoriesPanel",
    "scenarios": "ScenariosPanel", "strategy": "StrategyPanel",
})


def open_panel(name: str, room: Room, *, interactive: bool) -> Panel | None:
    """Return a panel, or nothing where nobody is there to move it.

    Parameters
    ----------
    name : str
        One of those in ``PANELS``.
    room : Room
        What was decided and what is being tried.
    interactive : bool
        False in a batch: the exhibits around the panel show the present state.

    Returns
    -------
    Panel or None
        To be shown as the value of a cell.
    """
    if not interactive:
        return None
    return getattr(import_module(f"salesmodel_kit.workshop.{name}_panel"), _CLASSES[name])(room)
