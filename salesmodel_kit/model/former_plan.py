"""What of a former call plan still holds: its calls stay where they are as far as they can."""

from __future__ import annotations

import numpy as np
import pandas as pd

_COLUMNS = {"account_row": int, "at": int, "is_added": bool}


def hold_weeks(needs: pd.DataFrame, previous: pd.DataFrame | None, weeks: pd.DatetimeIndex) -> pd.DataFrame:
    """Return the weeks that calls had in a former plan, one row for each call that is needed now.

    With fewer calls than before those go that stand nearest to another; with more, each new one goes into
    the middle of the widest gap.

    Parameters
    ----------
    needs : DataFrame (n_accounts, ...)
        ``account``, ``rep``, ``n_calls``, indexed as the plan refers to them.
    previous : DataFrame or None
        Table ``call_plan`` of the former plan.
    weeks : DatetimeIndex (n_weeks,)
        The weeks that are planned now.

    Returns
    -------
    DataFrame
        ``account_row``, ``at`` (place of the week) and ``is_added`` (the former plan had no such call). An account
        with another rep, or without a call in these weeks, has no row.
    """
    if previous is None or previous.empty:
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in _COLUMNS.items()})
    dated = previous[previous["week"].isin(weeks)]
    row = pd.Series(needs.index, index=pd.MultiIndex.from_frame(needs[["account", "rep"]]))
    found = row.reindex(pd.MultiIndex.from_frame(dated[["account", "rep"]])).to_numpy(dtype=float)
    at = np.repeat(weeks.get_indexer(dated["week"]), dated["calls"].to_numpy(int))
    found = np.repeat(found, dated["calls"].to_numpy(int))
    table = pd.DataFrame({"account_row": found, "at": at}).dropna().sort_values(["account_row", "at"])
    parts = []
    for account_row, own in table.groupby("account_row"):
        kept, added = _fit(own["at"].tolist(), int(needs.at[int(account_row), "n_calls"]), len(weeks))
        parts.append(pd.DataFrame({"account_row": int(account_row), "at": kept, "is_added": added}))
    return pd.concat(parts, ignore_index=True) if parts else hold_weeks(needs, None, weeks)


def _fit(at: list[int], n_calls: int, n_weeks: int) -> tuple[list[int], list[bool]]:
    """Return as many weeks as there are calls, in order, and which of them are new."""
    weeks = sorted(at)
    while len(weeks) > max(n_calls, 1):
        bounds = [2 * weeks[0] - weeks[1], *weeks, 2 * weeks[-1] - weeks[-2]]
        widths = [after - before for before, after in zip(bounds, bounds[2:], strict=False)]
        weeks.pop(int(np.argmin(widths)))
    added = [False] * len(weeks)
    while len(weeks) < n_calls:
        half = n_weeks / n_calls / 2
        bounds = [-half, *weeks, n_weeks - 1 + half]
        gap = int(np.argmax(np.diff(bounds)))
        middle = int(np.clip(round((bounds[gap] + bounds[gap + 1]) / 2), 0, n_weeks - 1))
        weeks.insert(gap, middle)
        added.insert(gap, True)
    return weeks, added
