"""Costs: what serving an account takes in money, and from which value on a visit pays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from salesmodel_kit.model.norms import check_channels, match_norms


@dataclass(frozen=True)
class CostRules:
    """What an hour and a kilometer cost, and what visits bring.

    Parameters
    ----------
    cost_per_hour : mapping of str to float
        Role -> cost of a selling hour.
    cost_per_km : float, optional
        Cost of a kilometer; None: not declared, the way costs its hours only.
    margin_rate : float, optional
        Contribution / sales, 0-1; None: not declared.
    visit_gain_share : float, optional
        Share of an account's contribution that would be lost or not won without visits, 0-1.
    """

    cost_per_hour: Mapping[str, float]
    cost_per_km: float | None = None
    margin_rate: float | None = None
    visit_gain_share: float | None = None


def measure_hour_costs(reps: pd.DataFrame) -> dict[str, float]:
    """Return what a selling hour costs, by role: ``sum of cost / sum of selling hours``.

    Parameters
    ----------
    reps : DataFrame (n_reps, ...)
        Table ``reps`` with ``selling_hours_per_year`` filled; who has no hours or no known cost is left out.

    Returns
    -------
    dict of str to float
        Roles of which at least one rep's cost is known.

    Examples
    --------
    >>> reps = pd.DataFrame({"role": ["field", "field", "inside"], "cost_per_year": [90_000.0, 94_000.0, None],
    ...                      "selling_hours_per_year": [900.0, 940.0, 1_100.0]})
    >>> measure_hour_costs(reps)
    {'field': 100.0}
    """
    known = reps[reps["cost_per_year"].notna() & (reps["selling_hours_per_year"] > 0)]
    sums = known.groupby("role")[["cost_per_year", "selling_hours_per_year"]].sum()
    return (sums["cost_per_year"] / sums["selling_hours_per_year"]).to_dict()


def cost_accounts(
    tiers: pd.DataFrame, effort: pd.DataFrame, travel: pd.DataFrame, *, rules: CostRules
) -> pd.DataFrame:
    """Return what the plan costs for each account, and what the account leaves after it.

    ``cost_to_serve_per_year = hours_per_year x cost_per_hour + travel_km_per_year x cost_per_km``.

    Parameters
    ----------
    tiers, effort, travel : DataFrame (n_accounts, ...)
        Tables ``account_tiers``, ``account_effort`` and ``account_travel``, same order.
    rules : CostRules
        Prices and margin.

    Returns
    -------
    DataFrame (n_accounts, ...)
        Table ``account_costs``: 0 where nothing is planned or the channel takes no hours; missing
        where the cost of the role is not known. Kilometers of an account without a place count 0.
    """
    hours = effort["hours_per_year"].to_numpy(float)
    price = effort["channel"].map(dict(rules.cost_per_hour)).astype(float).to_numpy()
    on_hours = np.where(hours > 0, hours * price, 0.0)
    km = effort["visits_per_year"].to_numpy(float) * travel["travel_km_per_call"].to_numpy(float)
    on_way = np.nan_to_num(km) * (rules.cost_per_km or 0.0)
    cost, sales = on_hours + on_way, tiers["sales_per_year"].to_numpy(float)
    contribution = sales * (np.nan if rules.margin_rate is None else rules.margin_rate)
    return pd.DataFrame({
        "account": tiers["account"], "tier": tiers["tier"], "channel": effort["channel"], "hours_per_year": hours,
        "travel_km_per_year": km, "hours_cost_per_year": on_hours, "travel_cost_per_year": on_way,
        "cost_to_serve_per_year": cost, "sales_per_year": sales, "contribution_per_year": contribution,
        "contribution_after_cost_per_year": contribution - cost,
    })


def summarize_costs(costs: pd.DataFrame, *, levels: tuple[str, ...]) -> pd.DataFrame:
    """Return the cost to serve by tier, and what share of sales and of contribution it takes.

    Parameters
    ----------
    costs : DataFrame (n_accounts, ...)
        Table ``account_costs``.
    levels : tuple of str
        The client's tiers, best first.

    Returns
    -------
    DataFrame (n_tiers, ...)
        Table ``tier_costs``; tiers without an account are left out. Sums are over known costs only,
        and missing where none is known; shares compare accounts of which both numbers are known.
    """
    rows = []
    for tier in levels:
        part = costs[costs["tier"] == tier]
        if part.empty:
            continue
        cost, row = part["cost_to_serve_per_year"], {"tier": tier, "n_accounts": len(part)}
        after = part["contribution_after_cost_per_year"]
        row["n_unprofitable"] = int((after < 0).sum()) if after.notna().any() else pd.NA
        for name in ("hours_per_year", "travel_km_per_year", "cost_to_serve_per_year", "sales_per_year",
                     "contribution_per_year"):
            row[name] = part[name].sum(min_count=1)
        row["cost_per_account"] = cost.mean()
        for name in ("sales", "contribution"):
            both = part[f"{name}_per_year"].notna() & cost.notna()
            base = part.loc[both, f"{name}_per_year"].sum()
            row[f"cost_share_of_{name}"] = cost[both].sum() / base if base > 0 else np.nan
        rows.append(row)
    table = pd.DataFrame(rows, columns=[
        "tier", "n_accounts", "hours_per_year", "travel_km_per_year", "cost_to_serve_per_year", "cost_per_account",
        "sales_per_year", "cost_share_of_sales", "contribution_per_year", "cost_share_of_contribution",
        "n_unprofitable"])
    return table.astype({"n_accounts": "Int64", "n_unprofitable": "Int64", "tier": "str"})


def choose_channels(
    accounts: pd.DataFrame, effort: pd.DataFrame, *, norms: pd.DataFrame, channels: pd.DataFrame, rules: CostRules
) -> pd.DataFrame:
    """Return for each account whether its contacts pay as visits or by phone, and from which contribution on.

    As many contacts as the norm asks for, once in the field and once inside:
    ``break_even_per_year = (field_cost_per_year - inside_cost_per_year) / visit_gain_share``;
    an account whose contribution is at least that much is worth its visits. The contribution is
    ``margin_rate x (sales + win_probability x what it could buy beside)``.

    Parameters
    ----------
    accounts : DataFrame (n_accounts, ...)
        ``account``, ``tier``, ``posture``, ``segment``, ``standing``, ``sales_per_year``,
        ``potential_per_year``, ``win_probability``, ``distance_km``, ``travel_km_per_call`` and
        ``travel_hours_per_call`` (missing: the channel's hours, no kilometers).
    effort : DataFrame (n_accounts, ...)
        Table ``account_effort``, same order.
    norms, channels : DataFrame
        As for :func:`plan_effort`; ``channels`` holds field and inside.
    rules : CostRules
        All prices of field and inside, margin and gain.

    Returns
    -------
    DataFrame (n_chosen, ...)
        Table ``channel_choice``: accounts whose norm asks for calls in the field or inside.
        ``advised_channel`` is missing where the potential is not known and nothing is sold.
    """
    wanted, known = match_norms(accounts, norms), check_channels(channels, norms)
    rows = (wanted["channel"].isin(["field", "inside"]) & (wanted["calls_per_year"] > 0)).to_numpy(bool, na_value=False)
    part, norm, plan = (table[rows] for table in (accounts, wanted, effort))
    calls = norm["calls_per_year"].to_numpy(float)
    own = norm["hours_per_call"].where(norm["channel"] == "field").fillna(known.at["field", "hours_per_call"])
    in_person = 1 - norm["remote_share"].where(norm["channel"] == "field").fillna(0.0).to_numpy(float)
    way = part["travel_hours_per_call"].fillna(known.at["field", "travel_hours_per_call"]).to_numpy(float)
    km = np.nan_to_num(part["travel_km_per_call"].to_numpy(float)) * (rules.cost_per_km or 0.0)
    by_phone = norm["hours_per_call"].where(norm["channel"] == "inside").fillna(known.at["inside", "hours_per_call"])
    field = calls * ((own.to_numpy(float) + way * in_person) * rules.cost_per_hour["field"] + km * in_person)
    inside = calls * by_phone.to_numpy(float) * rules.cost_per_hour["inside"]
    break_even = np.maximum(field - inside, 0.0) / rules.visit_gain_share
    contribution = rules.margin_rate * _value_accounts(part)
    advised = np.where(contribution >= break_even, "field", "inside").astype(object)
    return pd.DataFrame({
        "account": part["account"], "tier": part["tier"], "wanted_channel": norm["channel"].astype("str"),
        "channel": plan["channel"], "wanted_calls_per_year": calls, "distance_km": part["distance_km"],
        "field_cost_per_year": field, "inside_cost_per_year": inside, "break_even_per_year": break_even,
        "contribution_per_year": contribution,
        "advised_channel": pd.Series(np.where(np.isnan(contribution), None, advised), part.index).astype("str"),
    }).reset_index(drop=True)


def _value_accounts(accounts: pd.DataFrame) -> np.ndarray:
    """Return the sales that can be expected: those of today, and the chance to win the rest, if known."""
    sales, potential, chance = (
        accounts[name].to_numpy(float) for name in ("sales_per_year", "potential_per_year", "win_probability"))
    more = np.maximum(potential - np.nan_to_num(sales), 0.0) * chance
    return np.where(sales > 0, sales + np.nan_to_num(more), more)


@dataclass(frozen=True)
class BreakEven:
    """The contribution per contact from which a visit pays: ``at_door + per_km x distance_km``.

    Parameters
    ----------
    at_door : float
        Without any way, currency per contact.
    per_km : float
        More for each kilometer by road, currency.
    """

    at_door: float
    per_km: float


def find_break_even(choice: pd.DataFrame) -> BreakEven | None:
    """Return the break-even of visits by distance, the least-squares line through the accounts with a place.

    Where all norms take the same hours, every account lies on it.

    Parameters
    ----------
    choice : DataFrame (n_chosen, ...)
        Table ``channel_choice``.

    Returns
    -------
    BreakEven or None
        None where no account has a place.

    Examples
    --------
    >>> find_break_even(pd.DataFrame({"distance_km": [0.0, 50.0], "break_even_per_year": [1_000.0, 4_000.0],
    ...                               "wanted_calls_per_year": [10.0, 20.0]}))
    BreakEven(at_door=100.0, per_km=2.0)
    """
    placed = choice[choice["distance_km"].notna()]
    if placed.empty:
        return None
    km = placed["distance_km"].to_numpy(float)
    value = (placed["break_even_per_year"] / placed["wanted_calls_per_year"]).to_numpy(float)
    middle, height = km.mean(), value.mean()
    spread = float(((km - middle) ** 2).sum())
    slope = float(((km - middle) * (value - height)).sum()) / spread if spread > 0 else 0.0
    return BreakEven(round(float(height - slope * middle), 6), round(slope, 6))
