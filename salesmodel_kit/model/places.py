"""Places: what the norms ask for around each place where field reps live, against the people who are there."""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesmodel_kit.model.territories import measure_distances
from salesmodel_kit.model.travel import find_nearest_home, list_homes

#: Homes are one place as long as no two of them lie farther apart, by the straight line.
PLACE_KM = 60.0


def group_homes(homes: pd.DataFrame) -> pd.Series:
    """Return the place of each home: the town with most reps among homes at most 60 km apart.

    Parameters
    ----------
    homes : DataFrame (n_homes, ...)
        ``latitude``, ``longitude``, ``city`` (missing: the rep's name stands for it), ``name``.

    Returns
    -------
    Series (n_homes,)
        Name of the place.
    """
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform


    town = homes["city"].fillna(homes["name"]).astype(object) if "city" in homes else homes["name"].astype(object)
    if len(homes) < 2:
        return town
    apart = measure_distances(homes, homes, detour_factor=1.0)
    group = fcluster(linkage(squareform(apart, checks=False), "complete"), PLACE_KM, criterion="distance")
    counted = pd.DataFrame({"group": group, "town": town}).groupby(["group", "town"], sort=False).size()
    name = counted.reset_index(name="n").sort_values("n", ascending=False, kind="stable").drop_duplicates("group")
    named = name.set_index("group")["town"]
    return pd.Series(group, homes.index).map(named)


def summarize_places(
    accounts: pd.DataFrame, effort: pd.DataFrame, reps: pd.DataFrame, *, hours_per_rep: float
) -> pd.DataFrame:
    """Return the field reps that the accounts around each place take, and those who live there.

    Each account that the norms give to the field counts at the place nearest to it:
    ``n_reps_needed = workload_hours_per_year / mean selling hours of a field rep``.

    Parameters
    ----------
    accounts, effort : DataFrame (n_accounts, ...)
        Tables ``accounts`` and ``account_effort``, same order.
    reps : DataFrame (n_reps, ...)
        Table ``reps`` with ``selling_hours_per_year`` filled; who has 0 is not counted.
    hours_per_rep : float
        Mean selling hours of a field rep.

    Returns
    -------
    DataFrame (n_places, ...)
        Table ``place_summary``, the place that lacks most first; last, with an empty place, the
        accounts and reps whose place is not known. Empty without a field rep who has a place.
    """
    homes = list_homes(reps[reps["selling_hours_per_year"].ne(0)])
    field = reps[(reps["role"] == "field") & reps["selling_hours_per_year"].ne(0)]
    if homes.empty:
        return _make_table(pd.DataFrame({"place": pd.Series(dtype=object)}), hours_per_rep)
    homes = homes.assign(place=group_homes(homes))
    asked = effort[effort["wanted_channel"] == "field"]
    nearest, _ = find_nearest_home(accounts.loc[asked.index], homes)
    place = np.append(homes["place"].to_numpy(dtype=object), None)[nearest]
    need = asked.assign(place=place).groupby("place", dropna=False, sort=False).agg(
        n_accounts=("account", "size"), workload_hours_per_year=("workload_hours_per_year", "sum"))
    placed = homes.set_index("rep")["place"]
    people = field.assign(place=field["rep"].map(placed).astype(object)).groupby("place", dropna=False, sort=False).agg(
        n_reps=("rep", "size"), selling_hours_per_year=("selling_hours_per_year", "sum"))
    need.index, people.index = (_name_missing(table.index) for table in (need, people))
    table = need.join(people, how="outer").fillna(0.0).rename_axis("place").reset_index()
    return _make_table(table.assign(place=table["place"].mask(table["place"] == "")), hours_per_rep)


def _name_missing(index: pd.Index) -> pd.Index:
    """Return an index whose missing label is empty text, so that two can be joined."""
    return pd.Index(["" if pd.isna(label) else label for label in index], dtype=object)


def _make_table(table: pd.DataFrame, hours_per_rep: float) -> pd.DataFrame:
    """Return the table ``place_summary``."""
    numbers = ("n_accounts", "n_reps", "selling_hours_per_year", "workload_hours_per_year")
    table = table.reindex(columns=["place", *numbers])
    table = table.astype(dict.fromkeys(numbers, float))
    needed = table["workload_hours_per_year"] / hours_per_rep
    table = table.assign(role="field", n_reps_needed=needed, n_reps_gap=needed - table["n_reps"])
    table = table.astype({"n_accounts": "Int64", "place": "str", "role": "str"})
    ordered = table.sort_values("n_reps_gap", ascending=False, kind="stable")
    ordered = pd.concat([ordered[ordered["place"].notna()], ordered[ordered["place"].isna()]])
    return ordered[["role", "place", "n_accounts", "n_reps", "n_reps_needed", "n_reps_gap", "selling_hours_per_year",
                    "workload_hours_per_year"]].reset_index(drop=True)
