"""Maps of the accounts of each rep, small and side by side.

No coastline is drawn, because none is known offline: a graticule of degrees,
the towns with most accounts, and all other accounts in grey give the place.
One map in many colours is hard to read beyond a few reps, so each rep has one
of its own on the same ground.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from salesmodel_kit.charts.labels import Label, draw_labels, text_boxes, to_points
from salesmodel_kit.charts.layout import WIDTH, add_axes, finish, hide_frame, known, make_figure, require_rows
from salesmodel_kit.charts.style import (
    ACCENT,
    BODY,
    GREY,
    INK,
    LIGHT_GREY,
    MID_GREY,
    PALE_GREY,
    SMALL,
    VECTOR_POINTS,
    chart_style,
)
from salesmodel_kit.charts.typeset import fit_text
from salesmodel_kit.language import Language

MOST_REPS = 29
#: Up to so many maps: columns, and how many of them the map of all accounts takes.
_LAYOUTS = ((3, 3, 1), (5, 4, 2), (6, 3, 1), (13, 4, 2), (99, 5, 2))
#: A view wider or higher than this, in degrees, is of the world: there each rep's map shows its own part.
_WORLD = (60.0, 40.0)
_N_OWN_TOWNS = 3
_N_TOWNS = 7
_Box = tuple[float, float, float, float]
_MARGIN, _GAP, _HEAD = 0.1, 0.2, 0.42


@dataclass(frozen=True)
class _View:
    """The part of the world that is drawn, in degrees, and how much taller than wide it is on paper."""

    west: float
    south: float
    east: float
    north: float

    @property
    def stretch(self) -> float:
        """Return how long a degree of latitude is, in degrees of longitude."""
        return 1 / float(np.cos(np.deg2rad((self.south + self.north) / 2)))

    @property
    def is_world(self) -> bool:
        """Return whether it shows so much of the world that towns run into one another."""
        return self.east - self.west > _WORLD[0] or self.north - self.south > _WORLD[1]

    @property
    def ratio(self) -> float:
        """Return height over width on paper."""
        return (self.north - self.south) * self.stretch / (self.east - self.west)


@chart_style()
def draw_territory_map(
    territories: pd.DataFrame, accounts: pd.DataFrame, rep_summary: pd.DataFrame, *, language: Language,
) -> Figure:
    """Draw one small map for each rep: the rep's accounts in the accent colour, all others in grey, home as a star.

    Parameters
    ----------
    territories : pandas.DataFrame
        Step table ``territories``; a row is an account and its rep.
    accounts : pandas.DataFrame
        Input table ``accounts``: latitude and longitude in degrees, WGS 84,
        and town. Accounts without a place, and those far from all others,
        are counted under the chart.
    rep_summary : pandas.DataFrame
        Step table ``rep_summary``: name, home, whether it is proposed, mean distance. Of more than 29
        reps, those with most accounts on the map are drawn.
    language : Language
        Words and numbers.

    Returns
    -------
    matplotlib.figure.Figure
        First the map of all accounts with towns and degrees, then one axes
        for each rep who has an account with a place.

    Raises
    ------
    SalesModelError
        No account has a place.
    """
    places = territories[["account", "rep"]].merge(
        accounts[["account", "latitude", "longitude", "city"]], on="account", how="left", validate="1:1")
    located = places[places["latitude"].notna() & places["longitude"].notna()]
    require_rows(located, "draw_territory_map")
    view, is_near = _choose_view(known(located["longitude"]), known(located["latitude"]))
    shown = located[is_near]
    reps, n_left_out = _choose_reps(shown, rep_summary)
    notes = [*_explain(reps, view, language),
             *_count_missing(len(places) - len(located), int((~is_near).sum()), n_left_out, language=language)]
    figure, boxes = _lay_out(len(reps) + 1, view, notes)
    for box, rep in zip(boxes, [None, *reps.itertuples()], strict=False):
        axes = add_axes(figure, box[0], box[1], right=box[2], top=box[3])
        if rep is None:
            _set_axes(axes, view)
            _draw_overview(axes, shown, view, language)
        else:
            own_view = _find_part(shown[shown["rep"] == rep.rep], rep, view)
            _set_axes(axes, own_view)
            _draw_rep(axes, shown, rep, view=own_view, language=language)
            if own_view != view:
                _name_towns(axes, shown[shown["rep"] == rep.rep], most=_N_OWN_TOWNS)
    return finish(figure)


def _choose_view(longitude: np.ndarray, latitude: np.ndarray) -> tuple[_View, np.ndarray]:
    """Return the view, and which accounts lie in it: those not further from the middle 90 % than its own width."""
    places = np.column_stack([longitude, latitude])
    low, high = np.quantile(places, [0.05, 0.95], axis=0)
    room = np.maximum(high - low, 0.3)
    is_near = ((places >= low - room) & (places <= high + room)).all(axis=1)
    low, high = places[is_near].min(axis=0), places[is_near].max(axis=0)
    margin = np.maximum(0.06 * (high - low), 0.12)
    (west, south), (east, north) = low - margin, high + margin
    view = _View(float(west), float(south), float(east), float(north))
    return _widen(view), is_near


def _find_part(own: pd.DataFrame, rep: tuple, view: _View) -> _View:
    """Return the part of a view of the world where a rep's home and accounts are, of the same shape; else the view."""
    if not view.is_world or own.empty:
        return view
    places = np.column_stack([known(own["longitude"]), known(own["latitude"])])
    if pd.notna(rep.longitude) and pd.notna(rep.latitude):
        places = np.vstack([places, [rep.longitude, rep.latitude]])
    low, high = places.min(axis=0), places.max(axis=0)
    wide, tall = np.maximum(1.3 * (high - low), 3.0)
    middle = (low + high) / 2
    stretch = 1 / float(np.cos(np.deg2rad(middle[1])))
    wide = max(wide, tall * stretch / view.ratio)
    tall = wide * view.ratio / stretch
    if wide > 0.7 * (view.east - view.west):
        return view
    return _View(*(float(side) for side in (middle[0] - wide / 2, middle[1] - tall / 2,
                                            middle[0] + wide / 2, middle[1] + tall / 2)))


def _widen(view: _View) -> _View:
    """Return the view with a shape between a wide and a tall page."""
    ratio = view.ratio
    if ratio < 0.7:
        more = (0.7 / ratio - 1) * (view.north - view.south) / 2
        return _View(view.west, view.south - more, view.east, view.north + more)
    more = max(ratio / 1.35 - 1, 0.0) * (view.east - view.west) / 2
    return _View(view.west - more, view.south, view.east + more, view.north)


def _choose_reps(shown: pd.DataFrame, rep_summary: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Return the reps with accounts on the map, in the order of the summary, and how many are left out."""
    counts = shown["rep"].value_counts()
    reps = rep_summary.assign(n_on_map=rep_summary["rep"].map(counts).fillna(0).astype(int))
    reps = reps[reps["n_on_map"] > 0]
    chosen = reps.nlargest(MOST_REPS, "n_on_map", keep="first").sort_index()
    return chosen.assign(is_new_home=_find_proposed(chosen)), len(reps) - len(chosen)


def _explain(reps: pd.DataFrame, view: _View, language: Language) -> list[str]:
    notes = [language.text("Blue: accounts of the rep; grey: all others; star: home or office of the rep.")]
    if reps["is_new_home"].any():
        notes.append(language.text("Filled star: a home that is proposed."))
    if reps["mean_distance_km"].notna().any():
        notes.append(language.text("Kilometres: mean distance from the rep's place to the accounts."))
    if view.is_world:
        notes.append(language.text("Each rep's map shows the part of the world where the rep's accounts are."))
    return notes


def _find_proposed(reps: pd.DataFrame) -> pd.Series:
    """Return whose home is only proposed."""
    if "is_proposed" not in reps:
        return pd.Series(False, index=reps.index)
    return reps["is_proposed"].fillna(False).astype(bool)


def _count_missing(n_without: int, n_far: int, n_left_out: int, *, language: Language) -> list[str]:
    notes = []
    for count, sentence in (
        (n_without, language.text("Accounts without a place, not drawn: {count}.", count=language.number(n_without))),
        (n_far, language.text("Accounts far from all others, not drawn: {count}.", count=language.number(n_far))),
        (n_left_out, language.text("Reps with fewer accounts, not drawn: {count}.", count=language.number(n_left_out))),
    ):
        if count:
            notes.append(sentence)
    return notes


def _lay_out(n_maps: int, view: _View, notes: list[str]) -> tuple[Figure, list[_Box]]:
    """Return the figure and a box for each map; the first is twice as wide where there are many."""
    columns, span = next((columns, span) for most, columns, span in _LAYOUTS if n_maps <= most)
    width = (WIDTH - 2 * _MARGIN - (columns - 1) * _GAP) / columns
    height = width * view.ratio
    rows = -(-(n_maps - 1 + span * span) // columns)
    figure, _ = make_figure(rows * (height + _HEAD) + 0.1, notes=notes)
    top = figure.get_size_inches()[1] - 0.05
    cells = [(row, column) for row in range(rows) for column in range(columns) if row >= span or column >= span]
    boxes = [_box(top, (0, 0), size=(width, height), span=span)]
    boxes += [_box(top, cell, size=(width, height), span=1) for cell in cells[: n_maps - 1]]
    return figure, boxes


def _box(top: float, cell: tuple[int, int], *, size: tuple[float, float], span: int) -> _Box:
    width, height = size
    left = _MARGIN + cell[1] * (width + _GAP)
    bottom = top - (cell[0] + span) * (height + _HEAD)
    return left, bottom, left + span * width + (span - 1) * _GAP, top - cell[0] * (height + _HEAD) - _HEAD


def _set_axes(axes: Axes, view: _View) -> None:
    hide_frame(axes)
    axes.set_xlim(view.west, view.east)
    axes.set_ylim(view.south, view.north)
    axes.set_aspect(view.stretch, adjustable="box", anchor="NW")
    axes.apply_aspect()
    for spine in axes.spines.values():
        spine.set(visible=True, color=PALE_GREY)
    axes.vlines(_degrees(view.west, view.east), view.south, view.north, color=PALE_GREY, linewidth=0.6, zorder=1)
    axes.hlines(_degrees(view.south, view.north), view.west, view.east, color=PALE_GREY, linewidth=0.6, zorder=1)


def _degrees(low: float, high: float) -> np.ndarray:
    """Return round degrees between two, about four."""
    steps = np.array([0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 45])
    step = float(steps[np.argmin(np.abs((high - low) / steps - 4))])
    return np.arange(np.ceil(low / step) * step, high, step)


def _dot_size(n_accounts: int) -> float:
    """Return the area of a dot in square points, smaller where there are many."""
    return float(np.clip(150 / np.sqrt(n_accounts), 3.0, 20.0))


def _draw_ground(axes: Axes, shown: pd.DataFrame, *, size: float, color: str) -> None:
    axes.scatter(known(shown["longitude"]), known(shown["latitude"]), s=size, c=color, linewidths=0, zorder=2,
                 rasterized=len(shown) > VECTOR_POINTS, gid="accounts")


def _draw_overview(axes: Axes, shown: pd.DataFrame, view: _View, language: Language) -> None:
    head = language.text("All accounts on the map: {count}", count=language.number(len(shown)))
    _write_head(axes, head, language.text("Squares: towns with most accounts"))
    _draw_ground(axes, shown, size=_dot_size(len(shown)), color=MID_GREY)
    east, north = view.west + 0.92 * (view.east - view.west), view.south + 0.95 * (view.north - view.south)
    degrees = [_write_degree(axes, float(degree), "x", language) for degree in _degrees(view.west, east)]
    degrees += [_write_degree(axes, float(degree), "y", language) for degree in _degrees(view.south, north)]
    _name_towns(axes, shown, most=_N_TOWNS, taken=degrees)


def _name_towns(axes: Axes, shown: pd.DataFrame, *, most: int, taken: Sequence[Text] = ()) -> None:
    """Name the towns with most accounts."""
    towns = shown.dropna(subset=["city"]).groupby("city", sort=True).agg(
        count=("account", "size"), longitude=("longitude", "median"), latitude=("latitude", "median"))
    labels = [Label((fit_text(town, 90),), (row.longitude, row.latitude), 2.5)
              for town, row in towns.nlargest(most, "count").iterrows()]
    points = to_points(axes, shown[["longitude", "latitude"]].to_numpy(float))
    axes.scatter([label.anchor[0] for label in labels], [label.anchor[1] for label in labels], s=14, marker="s", c=INK,
                 linewidths=0, zorder=4, gid="towns")
    draw_labels(axes, labels, obstacles=np.column_stack([points, np.full(len(points), 1.5)]),
                taken=text_boxes(axes, taken), halo=0.75)


def _write_degree(axes: Axes, degree: float, which: str, language: Language) -> Text:
    word = language.number(abs(degree), 0 if degree == round(degree) else 2)
    side = ("E" if degree >= 0 else "W") if which == "x" else ("N" if degree >= 0 else "S")
    names = {"E": language.text("E"), "W": language.text("W"), "N": language.text("N"), "S": language.text("S")}
    place = (degree, 0) if which == "x" else (0, degree)
    transform = axes.get_xaxis_transform() if which == "x" else axes.get_yaxis_transform()
    return axes.annotate(f"{word}°\u00a0{names[side]}", place, xycoords=transform, xytext=(2, 2), zorder=3,
                         textcoords="offset points", fontsize=SMALL - 2, color=GREY)


def _draw_rep(axes: Axes, shown: pd.DataFrame, rep: tuple, *, view: _View, language: Language) -> None:
    own = shown[shown["rep"] == rep.rep]
    _draw_ground(axes, shown, size=_dot_size(len(shown)) / 3, color=LIGHT_GREY)
    axes.scatter(known(own["longitude"]), known(own["latitude"]), s=_dot_size(len(shown)), c=ACCENT, linewidths=0,
                 zorder=3, rasterized=len(own) > VECTOR_POINTS, gid="own")
    has_home = pd.notna(rep.latitude) and pd.notna(rep.longitude)
    if has_home and view.west <= rep.longitude <= view.east and view.south <= rep.latitude <= view.north:
        axes.scatter([rep.longitude], [rep.latitude], s=90, marker="*", edgecolors=INK,
                     facecolors=INK if getattr(rep, "is_new_home", False) else "none",
                     linewidths=1.0, zorder=5, gid="home")
    _write_head(axes, str(rep.name), _facts(len(own), rep.mean_distance_km, language))


def _facts(n_accounts: int, distance: float, language: Language) -> str:
    count = language.number(n_accounts)
    if pd.isna(distance):
        return language.plural(n_accounts, language.text("{count} account"), language.text("{count} accounts")).format(
            count=count)
    one, many = language.text("{count} account, {distance} km"), language.text("{count} accounts, {distance} km")
    return language.plural(n_accounts, one, many).format(count=count, distance=language.number(distance))


def _write_head(axes: Axes, name: str, facts: str) -> None:
    width = axes.get_position().width * WIDTH * 72
    place = {"xycoords": "axes fraction", "textcoords": "offset points", "va": "center_baseline"}
    axes.annotate(fit_text(name, width, weight="bold"), (0, 1), xytext=(0, 19), fontsize=BODY,
                  fontweight="bold", **place)
    axes.annotate(fit_text(facts, width, size=SMALL), (0, 1), xytext=(0, 7), fontsize=SMALL, color=GREY, **place)
