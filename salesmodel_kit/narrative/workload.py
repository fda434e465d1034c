"""Sentences of chapter 4 on the need for people by place and on what serving an account costs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import pandas as pd

from salesmodel_kit.language import Language
from salesmodel_kit.narrative.allocation import RIGHT_SIZE
from salesmodel_kit.narrative.telling import Caption, tell_caption


class Prices(Protocol):
    """What an hour and a kilometer cost, as the model gives it."""

    cost_per_hour: Mapping[str, float]
    cost_per_km: float | None
    visit_gain_share: float | None


class Line(Protocol):
    """The break-even of visits, as the model gives it."""

    at_door: float
    per_km: float


def tell_places(
    places: pd.DataFrame, *, place_km: float, n_travel: int, n_usual: int, language: Language
) -> Caption:
    """Return where the norms ask for more field reps than live there, and where for fewer.

    Parameters
    ----------
    places : DataFrame
        Table ``place_summary`` with at least one place.
    place_km : float
        Homes up to so far apart are one place.
    n_travel, n_usual : int
        Accounts in the field whose hours on the way come from the distance, and from the norm.
    language : Language
        The reader's language.
    """
    rows = places[places["place"].notna()].to_dict(orient="records")
    first, last = rows[0], rows[-1]
    return tell_caption(
        "workload", "places", language=language, first=first, last=last, n_places=len(rows), place_km=place_km,
        is_short=first["n_reps_gap"] >= RIGHT_SIZE, has_spare=last["n_reps_gap"] <= -RIGHT_SIZE,
        n_accounts=int(places["n_accounts"].sum()), n_travel=n_travel, n_usual=n_usual,
        n_unplaced=int(places.loc[places["place"].isna(), "n_accounts"].sum()))


def tell_costs(tier_costs: pd.DataFrame, *, prices: Prices, language: Language) -> Caption:
    """Return the tier whose service takes most of what it brings, and what an hour costs.

    Parameters
    ----------
    tier_costs : DataFrame
        Table ``tier_costs``, at least one row with a known cost.
    prices : CostRules
        What an hour and a kilometer cost.
    language : Language
        The reader's language.
    """
    known = tier_costs[tier_costs["cost_per_account"].notna()]
    by = next((name for name in ("contribution", "sales") if known[f"cost_share_of_{name}"].notna().any()), "")
    weight = known[f"cost_share_of_{by}"] if by else known["cost_per_account"]
    return tell_caption(
        "workload", "costs", language=language, heavy=known.loc[weight.idxmax()].to_dict(), by=by,
        prices=sorted(prices.cost_per_hour.items()), cost_per_km=prices.cost_per_km, n_tiers=len(tier_costs),
        total=tier_costs["cost_to_serve_per_year"].sum(), n_unprofitable=int(tier_costs["n_unprofitable"].sum()))


def tell_break_even(
    choice: pd.DataFrame, *, line: Line | None, prices: Prices, language: Language
) -> Caption:
    """Return how many accounts that the norms visit do not repay it, and how many on the phone would.

    Parameters
    ----------
    choice : DataFrame
        Table ``channel_choice``, at least one row.
    line : BreakEven or None
        The break-even by distance; None: no account has a place.
    prices : CostRules
        What visits gain.
    language : Language
        The reader's language.
    """
    known = choice[choice["advised_channel"].notna()]
    pays, is_visited = known["advised_channel"] == "field", known["wanted_channel"] == "field"
    return tell_caption(
        "workload", "break_even", language=language, n_known=len(known), n_unknown=len(choice) - len(known),
        n_field=int(is_visited.sum()), n_inside=int((~is_visited).sum()), n_over=int((is_visited & ~pays).sum()),
        n_under=int((~is_visited & pays).sum()), n_pays=int(pays.sum()), n_not=int((~pays).sum()),
        has_line=line is not None, at_door=max(line.at_door, 0.0) if line else 0.0,
        per_100_km=100 * line.per_km if line else 0.0, gain=prices.visit_gain_share)
