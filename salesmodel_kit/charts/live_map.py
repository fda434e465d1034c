"""Accounts on a map, those of one rep marked, fast enough to follow a lock."""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesmodel_kit.charts.live import SMALL, Picture, Scale
from salesmodel_kit.charts.style import ACCENT, GREY, INK, LIGHT_GREY
from salesmodel_kit.language import Language

_WIDTH, _TALLEST, _MARGIN = 720.0, 760.0, 16.0
#: More dots than these say no more and cost time: every so many is drawn.
_MOST_DOTS = 3000


def draw_live_map(places: pd.DataFrame, *, rep: str, account: str, language: Language) -> str:
    """Draw every account that has a place: those of one rep in the accent color, locked ones ringed.

    Parameters
    ----------
    places : pandas.DataFrame
        ``account``, ``rep``, ``latitude``, ``longitude`` in degrees, ``is_locked``; a row an account.
    rep : str
        Whose accounts are marked.
    account : str
        The chosen account; empty: none.
    language : Language
        Words.

    Returns
    -------
    str
        SVG; empty where no account has a place.
    """
    located = places.dropna(subset=["latitude", "longitude"])
    if located.empty:
        return ""
    x, y, height = _project(located)
    picture = Picture(_WIDTH, height + 30)
    located = located.assign(x=x, y=y)
    is_own, thin = located["rep"].eq(rep).to_numpy(), max(1, len(located) // _MOST_DOTS)
    others = located[~is_own].iloc[::thin]
    picture.dots(zip(others["x"], others["y"], strict=True), color=LIGHT_GREY, radius=3)
    own = located[is_own]
    picture.dots(zip(own["x"], own["y"], strict=True), color=ACCENT, radius=4.5)
    for row in located[located["is_locked"].to_numpy(bool)].itertuples():
        picture.circle((row.x, row.y), 9, fill="none", edge=INK, width=2)
    for row in located[located["account"] == account].itertuples():
        picture.circle((row.x, row.y), 16, fill="none", edge=ACCENT, width=4)
    picture.text((_MARGIN, height + 14), language.text("blue: this rep; ring: locked"), size=SMALL, color=GREY)
    return picture.render(language.text("Map of the accounts, those of one rep marked"))


def _project(located: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, float]:
    """Return places in the picture and its height: plate carrée, true at the middle latitude; far ones at the edge."""
    longitude, latitude = located["longitude"].to_numpy(float), located["latitude"].to_numpy(float)
    west, east = np.quantile(longitude, [0.005, 0.995])
    south, north = np.quantile(latitude, [0.005, 0.995])
    stretch = 1 / np.cos(np.deg2rad((south + north) / 2))
    wide, tall = max(east - west, 0.05), max((north - south) * stretch, 0.05)
    scale = min((_WIDTH - 2 * _MARGIN) / wide, (_TALLEST - 2 * _MARGIN) / tall)
    height = tall * scale + 2 * _MARGIN
    across = Scale(west, west + wide, _MARGIN, _MARGIN + wide * scale)
    up = Scale(south, south + tall / stretch, height - _MARGIN, _MARGIN)
    return (np.clip(across.at(longitude), 4, _WIDTH - 4), np.clip(up.at(latitude), 4, height - 4), float(height))
