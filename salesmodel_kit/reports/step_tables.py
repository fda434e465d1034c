"""The tables of the chain as CSV files that open well in a spreadsheet."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from salesmodel_kit.chain import build_model
from salesmodel_kit.client.folder import Client

#: A cell that starts so would be taken for a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write_step_tables(client: Client, *, folder: Path) -> dict[str, float]:
    """Write every table of a client's chain and return what a list of clients says of each.

    Parameters
    ----------
    client : Client
        As ``open_client`` returns it.
    folder : pathlib.Path
        An existing folder; see :func:`write_tables`.

    Returns
    -------
    dict of str to float
        ``n_accounts``, ``n_gold`` (accounts of the best tier).
    """
    model = build_model(client)
    write_tables(model.tables(), folder=folder)
    tiers = model.account_tiers["tier"]
    return {"n_accounts": len(tiers), "n_gold": int((tiers == model.language.levels[0]).sum())}


def write_tables(tables: Mapping[str, pd.DataFrame], *, folder: Path) -> tuple[Path, ...]:
    """Write each table as ``<name>.csv``: UTF-8 with its mark, commas, decimal points.

    The mark at the start makes spreadsheets read accents right.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Name to table; they are left as they are. A missing cell stays empty.
    folder : pathlib.Path
        An existing folder.

    Returns
    -------
    tuple of pathlib.Path
        The files, in the order of the tables. Same tables, same bytes.
    """
    paths = []
    for name, table in tables.items():
        path = folder / f"{name}.csv"
        neutralise_formulas(table).to_csv(
            path, index=False, encoding="utf-8-sig", lineterminator="\n", date_format="%Y-%m-%d"
        )
        paths.append(path)
    return tuple(paths)


def neutralise_formulas(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table in which no text or header would run as a formula; numbers stay numbers.

    Parameters
    ----------
    table : DataFrame
        Any table.

    Returns
    -------
    DataFrame
        Text that starts like a formula has an apostrophe before it.

    Examples
    --------
    >>> neutralise_formulas(pd.DataFrame({"name": ["=1+1", "Dupont"], "gain": [-2, 3]})).values.tolist()
    [["'=1+1", -2], ['Dupont', 3]]
    """
    safe = {neutralise_text(name): column for name, column in table.items()}
    for name, column in safe.items():
        if not (pd.api.types.is_numeric_dtype(column) or pd.api.types.is_datetime64_any_dtype(column)):
            safe[name] = column.map(neutralise_text, na_action="ignore")
    return pd.DataFrame(safe, index=table.index)


def neutralise_text(cell: object) -> object:
    """Return a cell, with an apostrophe before it when it is text that starts like a formula and is no number."""
    if not isinstance(cell, str) or not cell.lstrip(" ").startswith(_FORMULA_STARTS) or _is_number(cell):
        return cell
    return f"'{cell}"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
