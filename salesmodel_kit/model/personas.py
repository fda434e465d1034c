"""The typical account of a tier in a segment: what its accounts say, and what the workshop typed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesmodel_kit.tables import SIZE_BANDS, TIERS

#: Most cards that are shown for their potential, and names in a list.
MOST_CARDS, MOST_NAMES = 6, 3
TYPED: tuple[str, ...] = ("who_decides", "how_to_reach", "notes")
_CELL = ["tier", "segment"]


def draw_personas(
    account_tiers: pd.DataFrame,
    accounts: pd.DataFrame,
    account_effort: pd.DataFrame,
    *,
    opportunities: pd.DataFrame | None,
    personas: pd.DataFrame | None,
) -> pd.DataFrame:
    """Return the typical account of each tier and segment.

    Parameters
    ----------
    account_tiers : DataFrame (n_accounts, ...)
        Table ``account_tiers``; accounts without a tier are left out.
    accounts : DataFrame (n_accounts, ...)
        Table ``accounts``.
    account_effort : DataFrame (n_accounts, ...)
        Table ``account_effort``, for channel and calls.
    opportunities : DataFrame or None
        Table ``opportunities``; what won deals are about is what the accounts buy.
    personas : DataFrame or None
        Table ``personas``. Of several rows that fit a cell, the most particular speaks, field by field:
        tier and segment before segment before tier before neither.

    Returns
    -------
    DataFrame (n_cells, ...)
        Table ``persona_cards`` without ``label``: cells with an account, the largest potential first; what is
        not known is missing.
    """
    known = account_tiers[account_tiers["tier"].notna()][["account", *_CELL, "potential_per_year", "sales_per_year"]]
    kept = accounts.set_index("account").reindex(known["account"])
    effort = account_effort.set_index("account").reindex(known["account"])
    rows = known.assign(
        employees=_count_employees(kept), sector=kept["sector"].to_numpy(), city=kept["city"].to_numpy(),
        channel=effort["channel"].to_numpy(), calls_per_year=effort["calls_per_year"].to_numpy(float))
    table = rows.groupby(_CELL).agg(
        n_accounts=("account", "size"), potential_per_year=("potential_per_year", _sum),
        sales_per_year=("sales_per_year", _sum), employees_low=("employees", lambda count: count.quantile(0.25)),
        employees_high=("employees", lambda count: count.quantile(0.75)), calls_per_year=("calls_per_year", "median"))
    for name, plural in (("sector", "sectors"), ("city", "places")):
        frequent = _list_frequent(rows, name)
        table[plural], table[f"{'place' if name == 'city' else name}_share"] = frequent["names"], frequent["share"]
    table["channel"] = _list_frequent(rows, "channel", most=1)["names"]
    table = table.join(_list_purchases(rows, opportunities)).reset_index()
    table = table.join(_find_typed(table, personas))
    order = table["tier"].astype(object).map(TIERS.index).astype(float)
    table = table.assign(order=order).sort_values(
        ["potential_per_year", "n_accounts", "order", "segment"], ascending=[False, False, True, True], kind="stable")
    texts = dict.fromkeys(("sectors", "places", "purchases", "channel", *TYPED), "str")
    return table.drop(columns="order").astype({**texts, "n_accounts": "Int64", "n_won": "Int64"}).reset_index(drop=True)


def choose_cards(persona_cards: pd.DataFrame, personas: pd.DataFrame | None) -> pd.DataFrame:
    """Return the cards that are shown: the largest potentials, and every cell that the workshop typed for itself.

    Parameters
    ----------
    persona_cards : DataFrame (n_cells, ...)
        As :func:`draw_personas` returns it.
    personas : DataFrame or None
        Table ``personas``.

    Returns
    -------
    DataFrame (n_shown, ...)
        In the same order; twice ``MOST_CARDS`` at most.
    """
    is_shown = pd.Series(np.arange(len(persona_cards)) < MOST_CARDS, index=persona_cards.index)
    if personas is not None:
        typed = set(zip(personas["tier"].dropna(), personas["segment"].dropna(), strict=False))
        cells = zip(persona_cards["tier"], persona_cards["segment"], strict=True)
        is_shown |= pd.Series([cell in typed for cell in cells], index=persona_cards.index, dtype=bool)
    return persona_cards[is_shown].head(2 * MOST_CARDS)


def _sum(amounts: pd.Series) -> float:
    return amounts.sum(min_count=1)


def _count_employees(accounts: pd.DataFrame) -> np.ndarray:
    at_least = accounts["size_band"].map(dict(SIZE_BANDS)).astype(float)
    return accounts["employees"].fillna(at_least).to_numpy(float)


def _list_frequent(rows: pd.DataFrame, column: str, *, most: int = MOST_NAMES) -> pd.DataFrame:
    """Return by cell the most frequent texts of a column, and the share of the first among what is known."""
    counts = rows.dropna(subset=[column]).groupby([*_CELL, column]).size().rename("n").reset_index()
    counts = counts.sort_values([*_CELL, "n", column], ascending=[True, True, False, True], kind="stable")
    total = counts.groupby(_CELL)["n"].sum()
    first = counts.groupby(_CELL)["n"].first()
    names = counts.groupby(_CELL)[column].agg(lambda texts: "; ".join(texts.head(most).str.replace(";", ",")))
    return pd.DataFrame({"names": names, "share": first / total})


def _list_purchases(rows: pd.DataFrame, opportunities: pd.DataFrame | None) -> pd.DataFrame:
    """Return by cell what won deals are about most often, and how many deals were won."""
    if opportunities is None:
        cells = pd.MultiIndex.from_frame(rows[_CELL].drop_duplicates())
        return pd.DataFrame({"purchases": None, "n_won": pd.NA}, index=cells)
    won = opportunities[opportunities["status"] == "won"][["account", "name"]].merge(rows[["account", *_CELL]])
    n_won = won.groupby(_CELL).size().reindex(pd.MultiIndex.from_frame(rows[_CELL].drop_duplicates()), fill_value=0)
    return pd.DataFrame({"n_won": n_won, "purchases": _list_frequent(won, "name")["names"].reindex(n_won.index)})


def _find_typed(cells: pd.DataFrame, personas: pd.DataFrame | None) -> pd.DataFrame:
    """Return what the workshop typed for each cell, the most particular row first."""
    found = {name: [None] * len(cells) for name in TYPED}
    if personas is not None:
        for at, cell in enumerate(cells[_CELL].itertuples(index=False)):
            fits = personas[(personas["tier"].isna() | personas["tier"].eq(cell.tier).fillna(False))
                            & (personas["segment"].isna() | personas["segment"].eq(cell.segment).fillna(False))]
            weight = fits["segment"].notna() * 2 + fits["tier"].notna()
            ordered = fits.loc[weight.sort_values(ascending=False, kind="stable").index]
            for name in TYPED:
                found[name][at] = next(iter(ordered[name].dropna()), None)
    return pd.DataFrame(found, index=cells.index)
