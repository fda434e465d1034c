"""Who went from which tier to which: a matrix with counts, rises and falls told apart."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.transforms import ScaledTranslation

from salesmodel_kit.charts.layout import add_axes, finish, hide_frame, make_figure, require_rows
from salesmodel_kit.charts.style import (
    ACCENT,
    BODY,
    GREY,
    INK,
    MID_GREY,
    PALE_GREY,
    SMALL,
    STRONG,
    TIER_LOOKS,
    WHITE,
    chart_style,
)
from salesmodel_kit.charts.typeset import fit_text, measure_width
from salesmodel_kit.charts.words import tier_word
from salesmodel_kit.language import Language
from salesmodel_kit.tables import TIERS

_LEFT, _RIGHT, _TOP, _ROW = 1.95, 8.9, 0.62, 0.56
#: The strongest cell is as opaque as this, the weakest as that.
_STRONG, _WEAK = 1.0, 0.35
_LADDER = (*TIERS, "unknown")


@chart_style()
def draw_tier_moves(tier_flows: pd.DataFrame, *, language: Language) -> Figure:
    """Draw a matrix: a row for each tier of the earlier model, a column for each tier now.

    Parameters
    ----------
    tier_flows : pandas.DataFrame
        Table ``tier_flows``; a row is a pair of tiers with its number of accounts.
    language : Language
        The reader's language, with the client's names of its tiers.

    Returns
    -------
    matplotlib.figure.Figure
        One axes with one patch for each pair: ``rise``, ``fall`` or ``stay``.

    Raises
    ------
    SalesModelError
        No account has a tier in both models.
    """
    flows = tier_flows[tier_flows["n_accounts"] > 0]
    require_rows(flows, "draw_tier_moves")
    rows, columns = (_list_tiers(flows, name, language) for name in ("tier_before", "tier_after"))
    figure, foot = make_figure(_TOP + 0.42 + _ROW * len(rows))
    axes = add_axes(figure, _LEFT, foot + 0.42, right=_RIGHT, top=foot + 0.42 + _ROW * len(rows))
    axes.set_xlim(-0.5, len(columns) - 0.5)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    hide_frame(axes)
    _draw_cells(axes, flows, rows, columns, language=language)
    _name_rows(axes, rows, flows.groupby("tier_before")["n_accounts"].sum(), language)
    _name_columns(axes, columns, flows.groupby("tier_after")["n_accounts"].sum(), language)
    _draw_key(axes, language)
    return finish(figure)


def _list_tiers(flows: pd.DataFrame, column: str, language: Language) -> list[str]:
    """Return the client's tiers and any other that occurs, best first."""
    present = {*flows[column], *language.levels}
    return [name for name in _LADDER if name in present]


def _draw_cells(axes: Axes, flows: pd.DataFrame, rows: list[str], columns: list[str], *, language: Language) -> None:
    moved = flows.loc[flows["tier_before"] != flows["tier_after"], "n_accounts"]
    most = float(moved.max()) if len(moved) else 1.0
    for flow in flows.itertuples():
        before, after = _LADDER.index(flow.tier_before), _LADDER.index(flow.tier_after)
        kind = "stay" if before == after else "rise" if after < before else "fall"
        color = {"stay": PALE_GREY, "rise": ACCENT, "fall": GREY}[kind]
        opacity = 1.0 if kind == "stay" else _WEAK + (_STRONG - _WEAK) * flow.n_accounts / most
        across, down = columns.index(flow.tier_after), rows.index(flow.tier_before)
        axes.add_patch(Rectangle((across - 0.47, down - 0.42), 0.94, 0.84, facecolor=color, alpha=opacity,
                                 linewidth=0, gid=kind))
        sign = {"stay": "", "rise": "▲ ", "fall": "▼ "}[kind]
        ink = INK if kind == "stay" or opacity < 0.62 else WHITE
        axes.text(across, down, f"{sign}{language.number(flow.n_accounts)}", ha="center", va="center_baseline",
                  fontsize=STRONG, color=ink, fontweight="normal" if kind == "stay" else "bold")


def _name_rows(axes: Axes, rows: list[str], totals: pd.Series, language: Language) -> None:
    axes.annotate(language.text("Before"), (-0.5, -0.5), xytext=(-124, 12), textcoords="offset points",
                  va="center_baseline", fontsize=SMALL, color=GREY, annotation_clip=False)
    for down, tier in enumerate(rows):
        _name_tier(axes, tier, (-0.5, down), (-120, 0), room=96, total=totals.get(tier, 0), language=language)


def _name_columns(axes: Axes, columns: list[str], totals: pd.Series, language: Language) -> None:
    room = (_RIGHT - _LEFT) * 72 / len(columns) - 26
    for across, tier in enumerate(columns):
        _name_tier(axes, tier, (across - 0.47, -0.5), (8, 22), room=room, total=totals.get(tier, 0), language=language)


def _name_tier(axes: Axes, tier: str, place: tuple[float, float], offset: tuple[float, float], *, room: float,
               total: int, language: Language) -> None:
    look = TIER_LOOKS[tier]
    shift = ScaledTranslation(offset[0] / 72, offset[1] / 72, axes.figure.dpi_scale_trans)
    axes.plot(*place, marker=look.marker, color=look.fill, markersize=8, markeredgecolor=look.edge,
              transform=axes.transData + shift, clip_on=False, linestyle="none")
    word = fit_text(tier_word(tier, language), room, size=BODY, weight="bold")
    style = {"textcoords": "offset points", "va": "center_baseline", "annotation_clip": False}
    axes.annotate(word, place, xytext=(offset[0] + 10, offset[1] + 5), fontsize=BODY, fontweight="bold", **style)
    one, many = language.text("{accounts} account"), language.text("{accounts} accounts")
    count = language.plural(total, one, many).format(accounts=language.number(total))
    axes.annotate(count, place, xytext=(offset[0] + 10, offset[1] - 7), fontsize=SMALL, color=GREY, **style)


def _draw_key(axes: Axes, language: Language) -> None:
    """Draw the key in one line under the matrix."""
    left = 0.0
    entries = (("▲", ACCENT, language.text("rises")), ("▼", GREY, language.text("falls")),
               ("■", MID_GREY, language.text("stays")))
    for sign, color, word in entries:
        style = {"xycoords": "axes fraction", "textcoords": "offset points", "va": "center_baseline"}
        axes.annotate(sign, (0, 0), xytext=(left, -16), color=color, fontsize=BODY, **style)
        axes.annotate(word, (0, 0), xytext=(left + 13, -16), fontsize=BODY, **style)
        left += 13 + measure_width(word) + 20
