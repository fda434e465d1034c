"""Cumulated potential with the cuts between tiers, fast enough to follow a slider."""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesmodel_kit.charts.labels import spread
from salesmodel_kit.charts.layout import nice_ticks, require_rows
from salesmodel_kit.charts.live import SMALL, STRONG, Picture, Scale, draw_frame, find_look
from salesmodel_kit.charts.potential import Curve, find_cuts, make_curve, tell_holdings
from salesmodel_kit.charts.style import ACCENT, GREY, MID_GREY
from salesmodel_kit.charts.words import tier_word
from salesmodel_kit.language import Language

_WIDTH, _HEIGHT = 1200.0, 560.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 90.0, 790.0, 16.0, 476.0
_POINTS = 200


def draw_live_potential(account_tiers: pd.DataFrame, tier_summary: pd.DataFrame, *, language: Language) -> str:
    """Draw the share of potential that the best accounts hold, with the cuts: the report's chart, for live use.

    Parameters
    ----------
    account_tiers, tier_summary : pandas.DataFrame
        As for ``draw_cumulated_potential``.
    language : Language
        Words and numbers.

    Returns
    -------
    str
        SVG.

    Raises
    ------
    SalesModelError
        No account with a potential above zero.
    """
    require_rows(account_tiers[account_tiers["potential_per_year"] > 0], "draw_live_potential")
    picture = Picture(_WIDTH, _HEIGHT)
    across, up = Scale(0, len(account_tiers), _LEFT, _RIGHT), Scale(0, 1, _BOTTOM, _TOP)
    by_value, cuts = make_curve(account_tiers, "score"), find_cuts(account_tiers, tier_summary)
    _draw_spans(picture, cuts, across=across, up=up)
    ticks = [(tick, language.number(tick)) for tick in nice_ticks(len(account_tiers)) if tick == round(tick)]
    levels = [(level, language.share(level)) for level in np.linspace(0, 1, 6)]
    draw_frame(picture, across, up, ticks=ticks, levels=levels)
    picture.text(((_LEFT + _RIGHT) / 2, _BOTTOM + 58), language.text("Number of accounts, best first"), size=SMALL,
                 anchor="middle", color=GREY)
    if account_tiers["sales_per_year"].gt(0).any():
        by_sales = make_curve(account_tiers, "sales_per_year")
        _draw_curve(picture, by_sales, across=across, up=up, is_main=False)
        picture.text((_RIGHT - 14, _BOTTOM - 24), language.text("ranked by past sales"), size=SMALL, anchor="end",
                     color=GREY)
        picture.text((_RIGHT - 14, _BOTTOM - 54), language.text("ranked by value"), size=SMALL, anchor="end",
                     color=ACCENT)
    _draw_curve(picture, by_value, across=across, up=up, is_main=True)
    _draw_tiers(picture, cuts, tier_summary, by_value=by_value, language=language)
    return picture.render(language.text("Cumulated potential of the accounts, best first, with the cuts between tiers"))


def _draw_spans(picture: Picture, cuts: dict[str, float], *, across: Scale, up: Scale) -> None:
    start = 0.0
    for tier, end in cuts.items():
        picture.box((across.at(start), up.end), (across.at(end) - across.at(start), up.start - up.end),
                    color=find_look(tier).fill, opacity=0.16)
        start = end


def _draw_curve(picture: Picture, curve: Curve, *, across: Scale, up: Scale, is_main: bool) -> None:
    places = np.unique(np.linspace(0, len(curve.shares) - 1, _POINTS).round().astype(int))
    points = zip(across.at(places), up.at(curve.shares[places]), strict=True)
    look = {"color": ACCENT, "width": 4} if is_main else {"color": MID_GREY, "width": 2.5, "dash": "9 6"}
    picture.line(points, **look)


def _draw_tiers(
    picture: Picture, cuts: dict[str, float], tier_summary: pd.DataFrame, *, by_value: Curve,
    language: Language,
) -> None:
    """Mark the cuts on the curve, and say beside it what each tier holds."""
    across, up = Scale(0, len(by_value.shares) - 1, _LEFT, _RIGHT), Scale(0, 1, _BOTTOM, _TOP)
    rows = tier_summary[tier_summary["tier"].isin(list(cuts))]
    ends = np.array([by_value.at(cuts[tier]) for tier in rows["tier"]])
    starts = np.concatenate([[0.0], ends[:-1]])
    height = 78 / (_BOTTOM - _TOP)
    places = spread((starts + ends) / 2, height, low=height / 2, high=1 - height / 2)
    for row, high, place in zip(rows.itertuples(), ends, places, strict=True):
        look, x, y = find_look(row.tier), across.at(cuts[row.tier]), up.at(place)
        if row.tier != list(cuts)[-1]:
            picture.line([(x, _BOTTOM), (x, up.at(high))], color=look.edge, width=2)
            picture.mark((x, up.at(high)), look)
        picture.mark((_RIGHT + 32, y - 14), look)
        picture.text((_RIGHT + 54, y - 14), tier_word(row.tier, language), size=STRONG)
        picture.text((_RIGHT + 54, y + 17), tell_holdings(row, language), size=SMALL, color=GREY)
